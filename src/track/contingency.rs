//! Two labelled lists of customers -> counts of customers by (label before, label after), with
//! entrants and leavers: the one table that matching, transitions, flows and agreement share.

use std::collections::HashMap;
use std::hash::Hash;

use super::Flow;
use super::view::{Joined, join};
use crate::types::CustomerId;

/// Counts of customers; labels are in ascending order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Contingency<T> {
    /// Labels of the earlier list.
    pub(super) before: Vec<T>,
    /// Labels of the later list.
    pub(super) after: Vec<T>,
    /// Stayers: one row a label before, one column a label after.
    pub(super) stayers: Vec<Vec<usize>>,
    /// Leavers by label before.
    pub(super) leavers: Vec<usize>,
    /// Entrants by label after.
    pub(super) entrants: Vec<usize>,
    /// Of each row of the earlier list, the place of its label in `before`.
    pub(super) code_before: Vec<u32>,
    /// Of each row of the later list, the place of its label in `after`.
    pub(super) code_after: Vec<u32>,
}

impl<T: Ord + Hash + Clone> Contingency<T> {
    /// Counts n customers before and m after, each list strictly ascending, with one label a
    /// customer. O(n + m + k log k + k k') for k labels before and k' after.
    pub(super) fn count(earlier: (&[CustomerId], &[T]), later: (&[CustomerId], &[T])) -> Self {
        Self::of(join(earlier.0, later.0), earlier.1, later.1)
    }

    /// As [`Self::count`], of customers joined already.
    pub(super) fn of(joined: impl IntoIterator<Item = Joined>, earlier: &[T], later: &[T]) -> Self {
        let (before, code_before) = intern(earlier);
        let (after, code_after) = intern(later);
        let mut counts = Self {
            stayers: vec![vec![0; after.len()]; before.len()],
            leavers: vec![0; before.len()],
            entrants: vec![0; after.len()],
            before,
            after,
            code_before,
            code_after,
        };
        for joined in joined {
            match joined {
                Joined::Leaver(i) => counts.leavers[counts.code_before[i] as usize] += 1,
                Joined::Entrant(j) => counts.entrants[counts.code_after[j] as usize] += 1,
                Joined::Stayer(i, j) => {
                    let (from, to) = (counts.code_before[i], counts.code_after[j]);
                    counts.stayers[from as usize][to as usize] += 1;
                }
            }
        }
        counts
    }

    /// Stayers by label before.
    pub(super) fn stayers_before(&self) -> Vec<usize> {
        self.stayers.iter().map(|row| row.iter().sum()).collect()
    }

    /// Stayers by label after.
    pub(super) fn stayers_after(&self) -> Vec<usize> {
        let column = |j| self.stayers.iter().map(|row: &Vec<usize>| row[j]).sum();
        (0..self.after.len()).map(column).collect()
    }

    /// Stayers whose label differs.
    pub(super) fn moved(&self) -> usize {
        let mut moved = 0;
        for (before, row) in self.before.iter().zip(&self.stayers) {
            let apart = self.after.iter().zip(row).filter(|(after, _)| *after != before);
            moved += apart.map(|(_, count)| count).sum::<usize>();
        }
        moved
    }

    /// The counts above 0, sorted by label before and label after, none first in each.
    pub(super) fn flows(&self) -> Vec<Flow<T>> {
        let some = |label: &T| Some(label.clone());
        let mut flows = Vec::new();
        for (after, &customers) in self.after.iter().zip(&self.entrants) {
            flows.push(Flow { from: None, to: some(after), customers, value: None });
        }
        for ((before, row), &left) in self.before.iter().zip(&self.stayers).zip(&self.leavers) {
            flows.push(Flow { from: some(before), to: None, customers: left, value: None });
            for (after, &customers) in self.after.iter().zip(row) {
                flows.push(Flow { from: some(before), to: some(after), customers, value: None });
            }
        }
        flows.retain(|flow| flow.customers > 0);
        flows
    }
}

/// The distinct labels in ascending order, and the index of each row's label among them.
fn intern<T: Ord + Hash + Clone>(labels: &[T]) -> (Vec<T>, Vec<u32>) {
    let mut code_of: HashMap<&T, u32> = HashMap::new();
    let mut codes = Vec::with_capacity(labels.len());
    for label in labels {
        let fresh = code_of.len() as u32;
        codes.push(*code_of.entry(label).or_insert(fresh));
    }
    // Sorted at once, so the order of the map does not show.
    let mut distinct: Vec<(&T, u32)> = code_of.into_iter().collect();
    distinct.sort();
    let mut rank = vec![0; distinct.len()];
    for (position, (_, code)) in distinct.iter().enumerate() {
        rank[*code as usize] = position as u32;
    }
    for code in &mut codes {
        *code = rank[*code as usize];
    }
    (distinct.into_iter().map(|(label, _)| label.clone()).collect(), codes)
}
