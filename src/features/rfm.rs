//! Base aggregates -> recency, frequency, money, tenure and the customer's own rhythm.

use super::compile::{Base, PurchaseDay};
use super::weighted_rfm::{Purchase, WeightedRfm};
use super::{FeatureColumn, Unit};
use crate::ingest::{Returns, Transactions};
use crate::types::{Currency, CustomerId, Duration, Money};

/// The buyers and their whole-number aggregates, in the order of their ids.
pub(super) struct Buyers {
    /// Their ids.
    pub customers: Vec<CustomerId>,
    /// Index of each among the ids of the transactions.
    pub index: Vec<usize>,
    /// Days from the last purchase to the date.
    pub recency: Vec<i64>,
    /// Days from the first purchase to the date.
    pub tenure: Vec<i64>,
    /// Distinct orders.
    pub orders: Vec<i64>,
    /// Distinct purchase days.
    pub days: Vec<i64>,
    /// Ticks, net of returns where these are netted.
    pub spend: Vec<i64>,
    /// Sum of squared gaps between purchase days.
    pub squared_gaps: Vec<i64>,
    /// Days between the last two purchase days; 0 with one.
    pub last_gap: Vec<i64>,
    /// Purchase rows.
    pub rows: Vec<i64>,
}

impl Buyers {
    pub(super) fn new(base: &Base, transactions: &Transactions) -> Self {
        let as_of = i64::from(transactions.as_of.days());
        let orders = base.get("orders");
        let index: Vec<usize> = (0..orders.len()).filter(|&id| orders[id] > 0).collect();
        let pick = |name: &str| index.iter().map(|&id| base.get(name)[id]).collect::<Vec<_>>();
        let net = transactions.returns == Returns::Net;
        let returned = base.get("returned");
        Self {
            customers: index.iter().map(|&id| transactions.ids[id].clone()).collect(),
            recency: pick("last_day").iter().map(|day| as_of - day).collect(),
            tenure: pick("first_day").iter().map(|day| as_of - day).collect(),
            orders: pick("orders"),
            days: pick("days"),
            spend: index
                .iter()
                .map(|&id| base.get("spend")[id] + if net { returned[id] } else { 0 })
                .collect(),
            squared_gaps: pick("squared_gaps"),
            last_gap: pick("last_gap"),
            rows: pick("rows"),
            index,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.customers.len()
    }
}

/// The columns that need nothing but the aggregates.
pub(super) fn columns(buyers: &Buyers, currency: &Currency) -> Vec<FeatureColumn> {
    let n = buyers.len();
    let column = |name: &str, unit, value: &dyn Fn(usize) -> f64| FeatureColumn {
        name: name.into(),
        unit,
        values: (0..n).map(value).collect(),
    };
    let spend = |i: usize| Money(buyers.spend[i]).units(currency);
    let gap = |i: usize| mean_gap(buyers.tenure[i] - buyers.recency[i], buyers.days[i]);
    vec![
        column("recency_days", Unit::Days, &|i| buyers.recency[i] as f64),
        column("n_orders", Unit::Count, &|i| buyers.orders[i] as f64),
        column("n_purchase_days", Unit::Count, &|i| buyers.days[i] as f64),
        column("monetary_total", Unit::Money, &spend),
        column("monetary_mean", Unit::Money, &|i| spend(i) / buyers.orders[i] as f64),
        column("rows_per_order", Unit::Ratio, &|i| buyers.rows[i] as f64 / buyers.orders[i] as f64),
        column("tenure_days", Unit::Days, &|i| buyers.tenure[i] as f64),
        column("gap_mean_days", Unit::Days, &gap),
        column("gap_cv", Unit::Ratio, &|i| {
            gap_cv(buyers.tenure[i] - buyers.recency[i], buyers.days[i], buyers.squared_gaps[i])
        }),
        column("last_gap_days", Unit::Days, &|i| {
            if buyers.days[i] < 2 { f64::NAN } else { buyers.last_gap[i] as f64 }
        }),
        column("recency_ratio", Unit::Ratio, &|i| buyers.recency[i] as f64 / gap(i)),
    ]
}

/// Features of returns, where they are kept apart.
pub(super) fn return_columns(
    base: &Base,
    buyers: &Buyers,
    currency: &Currency,
) -> Vec<FeatureColumn> {
    let (returns, returned) = (base.get("returns"), base.get("returned"));
    vec![
        FeatureColumn {
            name: "n_returns".into(),
            unit: Unit::Count,
            values: buyers.index.iter().map(|&id| returns[id] as f64).collect(),
        },
        FeatureColumn {
            name: "returns_total".into(),
            unit: Unit::Money,
            values: buyers.index.iter().map(|&id| Money(-returned[id]).units(currency)).collect(),
        },
    ]
}

/// The weighted score of every buyer.
pub(super) fn weighted_column(
    scheme: &WeightedRfm,
    buyers: &Buyers,
    days: &[PurchaseDay],
    columns: &[FeatureColumn],
    transactions: &Transactions,
    currency: &Currency,
) -> FeatureColumn {
    let as_of = transactions.as_of.days();
    let scores = ["r_score", "f_score", "m_score"].map(|name| {
        columns.iter().find(|column| column.name == name).map_or(&[][..], |column| &column.values)
    });
    let score = |which: usize, i: usize| scores[which].get(i).copied().unwrap_or(f64::NAN);
    let values = (buyers.index.iter().enumerate())
        .map(|(i, &id)| match scheme {
            WeightedRfm::Scores(weights) => weights.apply(score(0, i), score(1, i), score(2, i)),
            WeightedRfm::Points(points) => {
                let from = days.partition_point(|day| (day.customer as usize) < id);
                let to = days.partition_point(|day| (day.customer as usize) <= id);
                let purchases: Vec<Purchase> = days[from..to]
                    .iter()
                    .map(|day| Purchase {
                        ago: Duration::days(as_of.abs_diff(day.day)),
                        amount: Money(day.amount).units(currency),
                    })
                    .collect();
                points.score(&purchases)
            }
        })
        .collect();
    FeatureColumn { name: "weighted_rfm".into(), unit: Unit::Ratio, values }
}

/// Mean days between neighbouring purchase days; NaN for a single day.
fn mean_gap(span: i64, days: i64) -> f64 {
    if days < 2 { f64::NAN } else { span as f64 / (days - 1) as f64 }
}

/// Sample standard deviation of the gaps over their mean; NaN below two gaps. 1 is what a
/// Poisson process gives, 0 a clock.
fn gap_cv(span: i64, days: i64, squares: i64) -> f64 {
    let gaps = i128::from(days - 1);
    if gaps < 2 {
        return f64::NAN;
    }
    let scatter = gaps * i128::from(squares) - i128::from(span) * i128::from(span);
    let variance = scatter as f64 / (gaps * (gaps - 1)) as f64;
    variance.sqrt() / mean_gap(span, days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_by_hand() {
        // Days 0, 2, 6: gaps 2 and 4, mean 3, sample deviation sqrt(2).
        assert_eq!(mean_gap(6, 3), 3.0);
        assert!((gap_cv(6, 3, 4 + 16) - 2f64.sqrt() / 3.0).abs() < 1e-15);
        assert_eq!(gap_cv(10, 3, 50), 0.0, "equal gaps");
        assert!(mean_gap(0, 1).is_nan() && gap_cv(5, 2, 25).is_nan());
    }
}
