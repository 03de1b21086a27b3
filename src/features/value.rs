//! Spend by month -> past customer value.

use serde::{Deserialize, Serialize};

use super::compile::Monthly;
use super::rfm::Buyers;
use super::{ClvParams, FeatureColumn, FeatureError, Unit};
use crate::ingest::Transactions;
use crate::types::{Currency, Money};

/// From where the months of past spend are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Anchor {
    /// The month of the date is month 0.
    #[default]
    Start,
    /// The month of the date is month 1.
    End,
}

/// Past customer value: the sum over months of margin x spend x (1 + rate)^t, t months before
/// the date (Kumar and Reinartz); `spend` is (months before the date, amount), `rate` per month.
pub fn past_customer_value(spend: &[(u32, f64)], margin: f64, rate: f64, anchor: Anchor) -> f64 {
    let first = match anchor {
        Anchor::Start => 0,
        Anchor::End => 1,
    };
    spend
        .iter()
        .map(|&(ago, amount)| {
            let periods = i32::try_from(ago).unwrap_or(i32::MAX).saturating_add(first);
            margin * amount * (1.0 + rate).powi(periods)
        })
        .sum()
}

pub(super) fn column(
    transactions: &Transactions,
    buyers: &Buyers,
    monthly: &[Monthly],
    params: &ClvParams,
    currency: &Currency,
) -> Result<FeatureColumn, FeatureError> {
    let rate = (1.0 + params.discount_rate).powf(1.0 / 12.0) - 1.0;
    let as_of = transactions.as_of.0;
    let month = i32::from(as_of.year()) * 12 + i32::from(as_of.month()) - 1 - 1970 * 12;
    // Costs leave the margin itself; without them it is a part of the spend.
    let part = if transactions.has_cost { 1.0 } else { params.margin };
    let mut rows = monthly;
    let mut spend = Vec::new();
    let values: Vec<f64> = buyers
        .index
        .iter()
        .map(|&id| {
            spend.clear();
            while let [row, rest @ ..] = rows {
                if row.customer as usize > id {
                    break;
                }
                if row.customer as usize == id {
                    let ago = (month - row.month).unsigned_abs();
                    spend.push((ago, Money(row.margin).units(currency)));
                }
                rows = rest;
            }
            past_customer_value(&spend, part, rate, params.anchor)
        })
        .collect();
    if let Some(place) = values.iter().position(|value| !value.is_finite()) {
        let customer = buyers.customers[place].clone();
        return Err(FeatureError::TooLarge { rate: params.discount_rate, customer });
    }
    Ok(FeatureColumn { name: "past_customer_value".into(), unit: Unit::Money, values })
}

/// What each buyer has brought in by `as_of`: spend less costs, in units of the currency.
pub(super) fn margin_column(
    buyers: &Buyers,
    monthly: &[Monthly],
    currency: &Currency,
) -> FeatureColumn {
    let mut ticks = vec![0_i64; buyers.customers.len()];
    for row in monthly {
        if let Ok(buyer) = buyers.index.binary_search(&(row.customer as usize)) {
            ticks[buyer] += row.margin;
        }
    }
    let values = ticks.into_iter().map(|sum| Money(sum).units(currency)).collect();
    FeatureColumn { name: "margin_total".into(), unit: Unit::Money, values }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Kumar and Reinartz: purchases 800, 50, 50, 30, 20 from January to May, margin 0.3, 1.25 %
    /// a month, by both conventions of the period.
    #[test]
    fn worked_example() {
        let spend = [(4, 800.0), (3, 50.0), (2, 50.0), (1, 30.0), (0, 20.0)];
        let value = |anchor| past_customer_value(&spend, 0.3, 0.0125, anchor);
        assert!((value(Anchor::End) - 302.014_863_7).abs() < 1e-7);
        assert!((value(Anchor::Start) - 298.286_285_2).abs() < 1e-7);
    }
}
