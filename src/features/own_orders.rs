//! Orders of many customers, one entry an order -> the features that need nothing but a
//! customer's own orders: the columns of `rfm` and `activity`, by the same code, without a table of
//! transactions.

use rayon::prelude::*;

use super::rfm::{self, Buyers};
use super::{FeatureColumn, activity};
use crate::types::{AsOf, Currency, CustomerId, Money};

/// One order of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OwnOrder {
    /// Days since 1970-01-01, no later than the date that features are of.
    pub day: i32,
    /// What it was worth.
    pub amount: Money,
}

/// What [`order_features`] gives.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderFeatures {
    /// The customers, in the order asked for.
    pub customers: Vec<CustomerId>,
    /// Orders of all of them.
    pub orders: u64,
    /// One value a customer: `recency_days`, `n_orders`, `n_purchase_days`, `monetary_total`,
    /// `monetary_mean`, `tenure_days`, `gap_mean_days`, `p_active` and the others that a customer's
    /// own orders give; an order counts as one row.
    pub columns: Vec<FeatureColumn>,
}

/// What is counted of one customer.
struct Counted {
    customer: CustomerId,
    recency: i64,
    tenure: i64,
    orders: i64,
    days: i64,
    spend: i64,
    squared_gaps: i64,
    last_gap: i64,
}

/// Features of `n` customers at the end of `as_of`. `customer` gives each by its number, below n,
/// with its orders, at least one, in any order; it is called from several threads.
///
/// # Panics
///
/// For a customer without an order.
pub fn order_features(
    n: usize,
    customer: &(dyn Fn(usize) -> (CustomerId, Vec<OwnOrder>) + Sync),
    as_of: AsOf,
    currency: &Currency,
) -> OrderFeatures {
    let counted: Vec<Counted> =
        (0..n).into_par_iter().map(|number| count(customer(number), as_of)).collect();
    let pick = |of: fn(&Counted) -> i64| counted.iter().map(of).collect::<Vec<i64>>();
    let buyers = Buyers {
        index: (0..n).collect(),
        recency: pick(|customer| customer.recency),
        tenure: pick(|customer| customer.tenure),
        orders: pick(|customer| customer.orders),
        days: pick(|customer| customer.days),
        spend: pick(|customer| customer.spend),
        squared_gaps: pick(|customer| customer.squared_gaps),
        last_gap: pick(|customer| customer.last_gap),
        rows: pick(|customer| customer.orders),
        customers: counted.into_iter().map(|customer| customer.customer).collect(),
    };
    let mut columns = rfm::columns(&buyers, currency);
    columns.push(activity::column(&buyers));
    let orders = buyers.orders.iter().map(|&orders| orders as u64).sum();
    OrderFeatures { customers: buyers.customers, orders, columns }
}

fn count((customer, mut orders): (CustomerId, Vec<OwnOrder>), as_of: AsOf) -> Counted {
    assert!(!orders.is_empty(), "a buyer has an order");
    orders.sort_unstable();
    let ago = |order: &OwnOrder| i64::from(as_of.days() - order.day);
    let gaps = orders.windows(2).map(|pair| i64::from(pair[1].day - pair[0].day));
    Counted {
        recency: ago(&orders[orders.len() - 1]),
        tenure: ago(&orders[0]),
        orders: orders.len() as i64,
        days: 1 + gaps.clone().filter(|gap| *gap > 0).count() as i64,
        spend: orders.iter().map(|order| order.amount.0).sum(),
        squared_gaps: gaps.clone().map(|gap| gap * gap).sum(),
        last_gap: gaps.rev().find(|gap| *gap > 0).unwrap_or(0),
        customer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_by_hand() {
        let currency = Currency("USD".into());
        let order = |day, units| OwnOrder {
            day,
            amount: Money::from_units(units, &currency).expect("an amount"),
        };
        let orders = vec![order(106, 3.0), order(100, 1.0), order(102, 5.0), order(102, 7.0)];
        let as_of = AsOf(crate::types::date_of_days(110).expect("a date"));
        let customer = |number: usize| match number {
            0 => ("a".into(), orders.clone()),
            _ => ("b".into(), vec![order(110, 2.5)]),
        };
        let found = order_features(2, &customer, as_of, &currency);
        assert_eq!((found.orders, found.customers[1].as_str()), (5, "b"));
        let columns = found.columns;
        let values = |name: &str| {
            &columns.iter().find(|column| column.name == name).expect("a feature").values
        };
        assert_eq!(values("recency_days"), &[4.0, 0.0]);
        assert_eq!(values("tenure_days"), &[10.0, 0.0]);
        assert_eq!(
            (values("n_orders"), values("n_purchase_days")),
            (&vec![4.0, 1.0], &vec![3.0, 1.0])
        );
        assert_eq!(
            (values("monetary_total"), values("monetary_mean")),
            (&vec![16.0, 2.5], &vec![4.0, 2.5])
        );
        // Gaps of 2 and 4 days.
        assert_eq!(values("gap_mean_days")[0], 3.0);
        assert!((values("gap_cv")[0] - 2f64.sqrt() / 3.0).abs() < 1e-15);
        assert!(values("gap_mean_days")[1].is_nan());
        // (6 / 10)^4.
        assert!((values("p_active")[0] - 0.1296).abs() < 1e-15);
    }
}
