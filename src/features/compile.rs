//! The declaration of aggregates -> one whole number a customer; spend by month and by day.
//!
//! Transactions lie grouped by customer, so each customer is one stretch of every column: figures
//! are folds over it, customers shared out among threads.

use std::collections::BTreeMap;
use std::ops::Range;

use rayon::prelude::*;

use super::aggregates::{AGGREGATES, Aggregate, Column, Measure, RowSet};
use crate::ingest::{Sales, Transactions};
use crate::types::date_of_days;

/// Results by name; each vector has one value for every id of the transactions, 0 where the
/// customer has no such row.
pub(super) struct Base(BTreeMap<&'static str, Vec<i64>>);

impl Base {
    pub(super) fn get(&self, name: &str) -> &[i64] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}

/// The rows of one customer.
type Customer = (u32, Range<usize>);

/// Customers that a thread takes at a time.
const SHARE: usize = 256;

/// What `of` makes of each customer, in their order.
fn each_customer<T: Send>(sales: &Sales, of: impl Fn(&Customer, &mut Vec<T>) + Sync) -> Vec<T> {
    let customers: Vec<Customer> = sales.customers().collect();
    let share = |customers: &[Customer]| {
        let mut found = Vec::new();
        customers.iter().for_each(|customer| of(customer, &mut found));
        found
    };
    customers.par_chunks(SHARE).map(share).collect::<Vec<_>>().into_iter().flatten().collect()
}

pub(super) fn aggregate(transactions: &Transactions) -> Base {
    let sales = &*transactions.sales;
    let found = each_customer(sales, |(customer, rows), found| {
        let mut values = Vec::with_capacity(rows.len());
        let figures = AGGREGATES.map(|aggregate| figure(&aggregate, sales, rows, &mut values));
        found.push((*customer, figures));
    });
    let mut base = BTreeMap::new();
    for (place, aggregate) in AGGREGATES.iter().enumerate() {
        let mut values = vec![0; transactions.ids.len()];
        for (customer, figures) in &found {
            values[*customer as usize] = figures[place];
        }
        base.insert(aggregate.name, values);
    }
    Base(base)
}

/// One figure of one customer; 0 without a row that counts. `values` is room to work in.
fn figure(aggregate: &Aggregate, sales: &Sales, rows: &Range<usize>, values: &mut Vec<i64>) -> i64 {
    let returns = aggregate.rows == RowSet::Returns;
    let own = rows.clone().filter(|&row| sales.is_return[row] == returns);
    values.clear();
    match aggregate.of {
        // Distinct orders stay distinct.
        Column::Order => values.extend(own.map(|row| sales.order[row] as i64)),
        Column::Day => values.extend(own.map(|row| i64::from(sales.day[row]))),
        Column::Amount => values.extend(own.map(|row| sales.amount[row])),
    }
    match aggregate.measure {
        Measure::Min => values.iter().min().copied().unwrap_or(0),
        Measure::Max => values.iter().max().copied().unwrap_or(0),
        Measure::Sum => values.iter().sum(),
        Measure::Count => values.len() as i64,
        Measure::CountDistinct => distinct(values).len() as i64,
        Measure::SquaredGaps => {
            distinct(values).windows(2).map(|pair| (pair[1] - pair[0]).pow(2)).sum()
        }
        Measure::LastGap => match distinct(values) {
            [.., before, last] => last - before,
            _ => 0,
        },
    }
}

/// The distinct values, sorted.
fn distinct(values: &mut Vec<i64>) -> &[i64] {
    // Rows of one order, and of one day, mostly follow each other.
    values.dedup();
    values.sort_unstable();
    values.dedup();
    values
}

/// One customer's month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Monthly {
    /// Index among the ids.
    pub customer: u32,
    /// Months since January 1970.
    pub month: i32,
    /// Ticks.
    pub amount: i64,
    /// Ticks less costs; the same as `amount` where costs are not known.
    pub margin: i64,
    /// Whether there is a purchase, not returns alone.
    pub bought: bool,
}

/// Spend by customer and calendar month, sorted by both; returns included or not.
pub(super) fn monthly(transactions: &Transactions, with_returns: bool) -> Vec<Monthly> {
    let sales = &*transactions.sales;
    let days = sales.day.iter();
    let (first, last) =
        days.fold((i32::MAX, i32::MIN), |(low, high), &day| (low.min(day), high.max(day)));
    let months: Vec<i32> = (first..=last).map(month_of).collect();
    each_customer(sales, |(customer, rows), found| {
        let own = rows.clone().filter(|&row| with_returns || !sales.is_return[row]);
        let start = found.len();
        found.extend(own.map(|row| {
            let amount = sales.amount[row];
            Monthly {
                customer: *customer,
                month: months[(sales.day[row] - first) as usize],
                amount,
                margin: amount - sales.cost.get(row).copied().unwrap_or(0),
                bought: !sales.is_return[row],
            }
        }));
        merge(
            found,
            start,
            |row| row.month,
            |sum, row| {
                sum.amount += row.amount;
                sum.margin += row.margin;
                sum.bought |= row.bought;
            },
        );
    })
}

/// One customer's purchases of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PurchaseDay {
    /// Index among the ids.
    pub customer: u32,
    /// Days since 1970-01-01.
    pub day: i32,
    /// Ticks.
    pub amount: i64,
}

/// Days with a purchase, sorted by customer and day; returns do not count.
pub(super) fn purchase_days(transactions: &Transactions) -> Vec<PurchaseDay> {
    let sales = &*transactions.sales;
    each_customer(sales, |(customer, rows), found| {
        let own = rows.clone().filter(|&row| !sales.is_return[row]);
        let start = found.len();
        found.extend(own.map(|row| PurchaseDay {
            customer: *customer,
            day: sales.day[row],
            amount: sales.amount[row],
        }));
        merge(found, start, |row| row.day, |sum, row| sum.amount += row.amount);
    })
}

/// Sorts the rows from `start` on by `key`, those of one key made one by `add`.
fn merge<T: Copy>(
    rows: &mut Vec<T>,
    start: usize,
    key: impl Fn(&T) -> i32,
    add: impl Fn(&mut T, &T),
) {
    rows[start..].sort_unstable_by_key(&key);
    let mut kept = start;
    for next in start..rows.len() {
        let row = rows[next];
        if kept > start && key(&rows[kept - 1]) == key(&row) {
            add(&mut rows[kept - 1], &row);
        } else {
            rows[kept] = row;
            kept += 1;
        }
    }
    rows.truncate(kept);
}

/// Calendar months from January 1970 to the month of `day`.
fn month_of(day: i32) -> i32 {
    date_of_days(day)
        .map_or(0, |date| (i32::from(date.year()) - 1970) * 12 + i32::from(date.month()) - 1)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::ingest::Returns;
    use crate::types::{AsOf, CustomerId};

    /// Order, day, amount, cost, whether it is a return: of three customers, the second of whom
    /// has no row.
    type Rows = Vec<(u64, i32, i64, i64, bool)>;

    fn transactions(first: &Rows, third: &Rows) -> Transactions {
        let mut sales = Sales::default();
        for (customer, rows) in [(0, first), (2, third)] {
            for &(order, day, amount, cost, is_return) in rows {
                sales.customer.push(customer);
                sales.order.push(order);
                sales.day.push(day);
                sales.amount.push(amount);
                sales.cost.push(cost);
                sales.is_return.push(is_return);
            }
        }
        Transactions {
            sales: Arc::new(sales),
            ids: ["a", "b", "c"].map(CustomerId::from).into(),
            returns: Returns::Net,
            has_cost: true,
            as_of: AsOf(jiff::civil::date(1970, 12, 31)),
        }
    }

    fn rows() -> impl Strategy<Value = Rows> {
        let row = (0..6u64, 0..90i32, -50..50i64, -9..9i64, any::<bool>());
        prop::collection::vec(row, 0..40)
    }

    /// Each figure by its name, in words as plain as can be.
    fn plainly(name: &str, rows: &Rows) -> i64 {
        let returns = matches!(name, "returns" | "returned");
        let own = || rows.iter().filter(|row| row.4 == returns);
        let days: Vec<i64> =
            own().map(|row| i64::from(row.1)).collect::<BTreeSet<_>>().into_iter().collect();
        match name {
            "first_day" => days.first().copied().unwrap_or(0),
            "last_day" => days.last().copied().unwrap_or(0),
            "orders" => own().map(|row| row.0).collect::<BTreeSet<_>>().len() as i64,
            "days" => days.len() as i64,
            "spend" | "returned" => own().map(|row| row.2).sum(),
            "squared_gaps" => {
                days.windows(2).map(|gap| (gap[1] - gap[0]) * (gap[1] - gap[0])).sum()
            }
            "last_gap" => match days[..] {
                [.., before, last] => last - before,
                _ => 0,
            },
            "returns" | "rows" => own().count() as i64,
            other => panic!("{other} has no plain version here"),
        }
    }

    proptest! {
        #[test]
        fn figures_are_those_of_the_plain_version(first in rows(), third in rows()) {
            let transactions = transactions(&first, &third);
            let base = aggregate(&transactions);
            for aggregate in AGGREGATES {
                let expected = [&first, &Rows::new(), &third].map(|rows| plainly(aggregate.name, rows));
                prop_assert_eq!(base.get(aggregate.name), expected, "{}", aggregate.name);
            }

            let mut by_day = BTreeMap::<(u32, i32), i64>::new();
            let mut by_month = BTreeMap::<(u32, i32), (i64, i64, bool)>::new();
            for (customer, rows) in [(0, &first), (2, &third)] {
                for &(_, day, amount, cost, is_return) in rows {
                    if !is_return {
                        *by_day.entry((customer, day)).or_default() += amount;
                    }
                    // January has 31 days, February of 1970 has 28.
                    let month = i32::from(day >= 31) + i32::from(day >= 59);
                    let sum = by_month.entry((customer, month)).or_default();
                    *sum = (sum.0 + amount, sum.1 + amount - cost, sum.2 | !is_return);
                }
            }
            let days = purchase_days(&transactions);
            let found = days.iter().map(|day| ((day.customer, day.day), day.amount));
            prop_assert!(found.eq(by_day));
            let months = monthly(&transactions, true);
            let found = months.iter().map(|row| {
                ((row.customer, row.month), (row.amount, row.margin, row.bought))
            });
            prop_assert!(found.eq(by_month));
            let bought = monthly(&transactions, false);
            prop_assert!(bought.iter().all(|row| row.bought));
            let days: i64 = purchase_days(&transactions).iter().map(|day| day.amount).sum();
            prop_assert_eq!(bought.iter().map(|row| row.amount).sum::<i64>(), days);
        }
    }
}
