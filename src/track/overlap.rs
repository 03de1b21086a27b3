//! Counts of customers, or flows with what their customers are worth -> the weights by which
//! transitions measure overlaps.
//!
//! By customers each counts 1. By revenue each counts what they had spent in the window of the earlier
//! run, an entrant in that of the later; a flow that came to less than nothing counts 0. Where a segment's
//! stayers had spent nothing, they are followed by customers.

use serde::{Deserialize, Serialize};

use super::Flow;
use super::contingency::Contingency;
use crate::types::SegmentId;

/// What a customer counts in overlaps of segments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// 1.
    #[default]
    Customers,
    /// What they had spent.
    Revenue,
}

/// Weights by segment; shapes as in [`Contingency`].
pub(super) struct Overlaps {
    stayers: Vec<Vec<f64>>,
    after: Vec<f64>,
    leavers: Vec<f64>,
    entrants: Vec<f64>,
    /// Stayers by which a segment before is followed.
    followed: Vec<Vec<f64>>,
}

impl Overlaps {
    pub(super) fn of_customers(counts: &Contingency<SegmentId>) -> Self {
        let numbers = |row: &Vec<usize>| row.iter().map(|&count| count as f64).collect();
        Self::new(
            counts,
            counts.stayers.iter().map(numbers).collect(),
            numbers(&counts.leavers),
            numbers(&counts.entrants),
        )
    }

    /// None where the flows do not tell what their customers are worth.
    pub(super) fn of_revenue(
        counts: &Contingency<SegmentId>,
        flows: &[Flow<SegmentId>],
    ) -> Option<Self> {
        let (rows, columns) = (counts.before.len(), counts.after.len());
        let mut stayers = vec![vec![0.0; columns]; rows];
        let (mut leavers, mut entrants) = (vec![0.0; rows], vec![0.0; columns]);
        for flow in flows {
            let value = flow.value?;
            let from = flow.from.and_then(|segment| counts.before.binary_search(&segment).ok());
            let to = flow.to.and_then(|segment| counts.after.binary_search(&segment).ok());
            match (from, to) {
                (Some(i), Some(j)) => stayers[i][j] = value.revenue_before?.max(0.0),
                (Some(i), None) => leavers[i] = value.revenue_before?.max(0.0),
                (None, Some(j)) => entrants[j] = value.revenue_after?.max(0.0),
                (None, None) => {}
            }
        }
        Some(Self::new(counts, stayers, leavers, entrants))
    }

    fn new(
        counts: &Contingency<SegmentId>,
        stayers: Vec<Vec<f64>>,
        leavers: Vec<f64>,
        entrants: Vec<f64>,
    ) -> Self {
        let column = |j: usize| stayers.iter().map(|row| row[j]).sum();
        let after = (0..entrants.len()).map(column).collect();
        let followed = (stayers.iter().zip(&counts.stayers))
            .map(|(row, counted)| match row.iter().sum::<f64>() > 0.0 {
                true => row.clone(),
                false => counted.iter().map(|&count| count as f64).collect(),
            })
            .collect();
        Self { stayers, after, leavers, entrants, followed }
    }

    /// Of an earlier segment's stayers, those who are now in a later one.
    pub(super) fn followed(&self, i: usize, j: usize) -> f64 {
        self.followed[i][j]
    }

    /// Share of an earlier segment's stayers who are now in a later one.
    pub(super) fn overlap(&self, i: usize, j: usize) -> f64 {
        share(self.followed[i][j], self.followed[i].iter().sum())
    }

    /// Share of a later segment's stayers who were in an earlier one.
    pub(super) fn origin(&self, i: usize, j: usize) -> f64 {
        share(self.stayers[i][j], self.after[j])
    }

    /// Share of an earlier segment that left.
    pub(super) fn left(&self, i: usize) -> f64 {
        share(self.leavers[i], self.leavers[i] + self.stayers[i].iter().sum::<f64>())
    }

    /// Share of a later segment that entered.
    pub(super) fn entered(&self, j: usize) -> f64 {
        share(self.entrants[j], self.entrants[j] + self.after[j])
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::track::{CompareParams, Comparison, SplitNoise, Transition, View, Worth, compare};
    use crate::types::{CustomerId, GroupKey};

    /// Customers by (segment before, segment after), with what each had spent before.
    fn compared(rows: &[(u32, u32, f64)], weight: Weight) -> Comparison {
        let customers: Vec<CustomerId> =
            (0..rows.len()).map(|row| CustomerId::from(format!("c{row:02}").as_str())).collect();
        let before: Vec<SegmentId> = rows.iter().map(|row| SegmentId(row.0)).collect();
        let after: Vec<SegmentId> = rows.iter().map(|row| SegmentId(row.1)).collect();
        let groups = vec![GroupKey("g".into()); rows.len()];
        let revenue: Vec<f64> = rows.iter().map(|row| row.2).collect();
        let worth = Worth { revenue: &revenue, clv: &[] };
        let view = |run, segments| View::new(run, &customers, segments, &groups).unwrap();
        let earlier = view("a", &before).worth(worth).unwrap();
        let later = view("b", &after).worth(worth).unwrap();
        let params = CompareParams { weight, ..CompareParams::default() };
        compare(&earlier, &later, &params).unwrap()
    }

    /// Three of four customers stay in segment 1, but the one who spent 70 of its 100 goes to 2.
    #[test]
    fn an_overlap_by_revenue_follows_the_money() {
        let rows =
            [(1, 1, 10.0), (1, 1, 10.0), (1, 1, 10.0), (1, 2, 70.0), (2, 2, 80.0), (2, 2, 80.0)];
        let survived = |overlap| Transition::Survived { segment: SegmentId(1), overlap };
        let by_customers = compared(&rows, Weight::Customers);
        assert_eq!(
            (by_customers.transitions[0].clone(), by_customers.weight),
            (survived(0.75), Weight::Customers)
        );
        let by_revenue = compared(&rows, Weight::Revenue);
        assert_eq!(
            (by_revenue.transitions[0].clone(), by_revenue.weight),
            (survived(0.3), Weight::Revenue)
        );
        assert_eq!(by_revenue.segment_flows, by_customers.segment_flows);
    }

    /// A fifth of the customers, who spent three tenths of the money, become a segment of their own.
    #[test]
    fn a_split_by_revenue_is_none_by_customers() {
        let rows: Vec<(u32, u32, f64)> =
            (0..10).map(|row| if row < 2 { (1, 5, 15.0) } else { (1, 1, 8.75) }).collect();
        let split = |found: &Comparison| {
            found.splits.iter().map(|SplitNoise { into, .. }| into.clone()).next()
        };
        assert_eq!(split(&compared(&rows, Weight::Customers)), None);
        assert_eq!(
            split(&compared(&rows, Weight::Revenue)),
            Some(vec![(SegmentId(1), 0.7), (SegmentId(5), 0.3)])
        );
    }

    #[test]
    fn who_spent_nothing_is_followed_by_customers() {
        let rows = [(1, 1, 0.0), (1, 1, -5.0), (1, 2, 0.0), (2, 2, 9.0)];
        let found = compared(&rows, Weight::Revenue);
        let overlap = 2.0 / 3.0;
        assert_eq!(found.transitions[0], Transition::Survived { segment: SegmentId(1), overlap });
    }
}
