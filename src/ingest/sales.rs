//! The rows of sales that count, column by column: grouped by customer, cut by day.

use std::ops::{Range, RangeInclusive};

/// Rows of sales, each a place in every column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sales {
    /// Index of the customer among the ids.
    pub customer: Vec<u32>,
    /// Identity of the order within the customer.
    pub order: Vec<u64>,
    /// Days since 1970-01-01 on the business's calendar.
    pub day: Vec<i32>,
    /// Ticks, negative for returns.
    pub amount: Vec<i64>,
    /// Ticks, what the row's goods cost, with the sign of the amount; empty without a column of
    /// costs.
    pub cost: Vec<i64>,
    /// Whether the row takes something back.
    pub is_return: Vec<bool>,
}

impl Sales {
    /// Rows.
    pub fn len(&self) -> usize {
        self.day.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.day.is_empty()
    }

    /// The customers that have rows, with the places of these, where rows are grouped.
    pub fn customers(&self) -> impl Iterator<Item = (u32, Range<usize>)> {
        let mut end = 0;
        self.customer.chunk_by(|a, b| a == b).map(move |rows| {
            let start = end;
            end += rows.len();
            (rows[0], start..end)
        })
    }

    /// No rows, with room for `rows`.
    pub(super) fn with_capacity(rows: usize, has_cost: bool) -> Self {
        Self {
            customer: Vec::with_capacity(rows),
            order: Vec::with_capacity(rows),
            day: Vec::with_capacity(rows),
            amount: Vec::with_capacity(rows),
            cost: Vec::with_capacity(if has_cost { rows } else { 0 }),
            is_return: Vec::with_capacity(rows),
        }
    }

    /// Adds rows whose customers stand among other ids; `codes` has the place of each.
    pub(super) fn append(&mut self, rows: Sales, codes: &[u32]) {
        self.customer.extend(rows.customer.iter().map(|&own| codes[own as usize]));
        self.order.extend(rows.order);
        self.day.extend(rows.day);
        self.amount.extend(rows.amount);
        self.cost.extend(rows.cost);
        self.is_return.extend(rows.is_return);
    }

    /// The same rows with new numbers for their customers, `rank` by old number, grouped by them
    /// in their order; rows of one customer keep theirs.
    pub(super) fn grouped(mut self, rank: &[u32]) -> Self {
        let mut next = vec![0; rank.len()];
        for code in &mut self.customer {
            *code = rank[*code as usize];
            next[*code as usize] += 1;
        }
        let mut sum = 0;
        for count in &mut next {
            (sum, *count) = (sum + *count, sum);
        }
        let places: Vec<usize> = (self.customer.iter())
            .map(|&code| {
                let place = next[code as usize];
                next[code as usize] += 1;
                place
            })
            .collect();
        let (whole, rest) = rayon::join(
            || (moved(self.customer, &places), moved(self.day, &places), moved(self.cost, &places)),
            || {
                let is_return = moved(self.is_return, &places);
                (moved(self.order, &places), moved(self.amount, &places), is_return)
            },
        );
        let (customer, day, cost) = whole;
        let (order, amount, is_return) = rest;
        Self { customer, order, day, amount, cost, is_return }
    }

    /// The rows of `days`, in their order.
    pub(super) fn within(&self, days: &RangeInclusive<i32>) -> Self {
        Self {
            customer: self.kept(&self.customer, days),
            order: self.kept(&self.order, days),
            day: self.kept(&self.day, days),
            amount: self.kept(&self.amount, days),
            cost: self.kept(&self.cost, days),
            is_return: self.kept(&self.is_return, days),
        }
    }

    fn kept<T: Copy>(&self, column: &[T], days: &RangeInclusive<i32>) -> Vec<T> {
        let both = column.iter().zip(&self.day);
        both.filter(|(_, day)| days.contains(*day)).map(|(value, _)| *value).collect()
    }
}

/// Each value at its new place; `values` may be empty.
fn moved<T: Copy + Default>(values: Vec<T>, places: &[usize]) -> Vec<T> {
    let mut out = vec![T::default(); values.len()];
    for (value, &place) in values.into_iter().zip(places) {
        out[place] = value;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sales() -> Sales {
        Sales {
            customer: vec![0, 1, 0, 2, 1],
            order: vec![10, 11, 12, 13, 14],
            day: vec![5, 4, 3, 2, 1],
            amount: vec![50, 40, 30, -20, 10],
            cost: Vec::new(),
            is_return: vec![false, false, false, true, false],
        }
    }

    #[test]
    fn rows_are_grouped_by_customer_and_keep_their_order() {
        let grouped = sales().grouped(&[2, 0, 1]);
        assert_eq!(grouped.customer, [0, 0, 1, 2, 2]);
        assert_eq!(grouped.order, [11, 14, 13, 10, 12]);
        assert_eq!(grouped.day, [4, 1, 2, 5, 3]);
        assert_eq!(grouped.amount, [40, 10, -20, 50, 30]);
        assert_eq!(grouped.is_return, [false, false, true, false, false]);
        assert!(grouped.cost.is_empty());
        let customers: Vec<_> = grouped.customers().collect();
        assert_eq!(customers, [(0, 0..2), (1, 2..3), (2, 3..5)]);
    }

    #[test]
    fn a_cut_keeps_the_rows_of_its_days() {
        let cut = Sales { cost: vec![5, 4, 3, -2, 1], ..sales() }.within(&(2..=4));
        assert_eq!((&cut.order[..], &cut.day[..]), (&[11, 12, 13][..], &[4, 3, 2][..]));
        assert_eq!((&cut.amount[..], &cut.cost[..]), (&[40, 30, -20][..], &[4, 3, -2][..]));
        assert_eq!((cut.customer, cut.is_return), (vec![1, 0, 2], vec![false, false, true]));
        assert!(sales().within(&(6..=9)).is_empty());
    }
}
