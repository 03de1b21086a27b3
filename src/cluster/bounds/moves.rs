//! The rows of k clusters and k centroids -> for each pair of clusters the rows cheapest to move.
//!
//! Moving a row costs what it is farther from the new centroid, as squared distance times its
//! weight. Of each pair of clusters only the cheapest moves are kept; the others are looked up
//! when these are used up, so that n x k costs never stand in memory.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use crate::cluster::kernel::{Packed, Points, squared_distance};

/// Moves kept for each pair of clusters at most, at least, and of all pairs.
const MOST_READY: usize = 256;
const LEAST_READY: usize = 8;
const ALL_READY: usize = 1 << 22;

/// What a row costs more in another cluster, and the row: the cheapest first, then the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Move {
    pub cost: f64,
    pub row: u32,
}

impl Eq for Move {}

impl Ord for Move {
    fn cmp(&self, other: &Self) -> Ordering {
        self.cost.total_cmp(&other.cost).then(self.row.cmp(&other.row))
    }
}

impl PartialOrd for Move {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The moves from one cluster to another: all up to the costliest that was kept.
#[derive(Clone, Debug, Default)]
pub(super) struct Arc {
    ready: BinaryHeap<Reverse<Move>>,
    /// The costliest that was kept; none where all were.
    up_to: Option<Move>,
}

impl Arc {
    /// Adds a move, unless it waits among those not kept.
    pub fn add(&mut self, step: Move) {
        if self.up_to.is_none_or(|up_to| step <= up_to) {
            self.ready.push(Reverse(step));
        }
    }

    /// The cheapest of the moves whose row is still `there`; none when they are used up.
    pub fn cheapest(&mut self, there: impl Fn(u32) -> bool) -> Option<Move> {
        while let Some(&Reverse(first)) = self.ready.peek() {
            if there(first.row) {
                return Some(first);
            }
            self.ready.pop();
        }
        None
    }

    /// Whether there may be moves that were not kept.
    pub fn more(&self) -> bool {
        self.up_to.is_some()
    }
}

/// The cheapest of the moves offered: all where they are few.
struct Cheapest {
    moves: Vec<Move>,
    kept: usize,
    up_to: Option<Move>,
}

impl Cheapest {
    fn new(kept: usize) -> Self {
        Self { moves: Vec::new(), kept, up_to: None }
    }

    #[inline]
    fn offer(&mut self, step: Move) {
        if self.up_to.is_none_or(|up_to| step < up_to) {
            self.moves.push(step);
            if self.moves.len() == 2 * self.kept {
                self.cut();
            }
        }
    }

    fn cut(&mut self) {
        let (_, &mut last, _) = self.moves.select_nth_unstable(self.kept - 1);
        self.moves.truncate(self.kept);
        self.up_to = Some(last);
    }

    fn arc(mut self) -> Arc {
        if self.moves.len() > self.kept {
            self.cut();
        }
        Arc { ready: self.moves.into_iter().map(Reverse).collect(), up_to: self.up_to }
    }
}

/// What rows cost in clusters.
#[derive(Clone, Copy)]
pub(super) struct Costs<'a> {
    pub points: Points<'a>,
    /// k x p values.
    pub centroids: &'a [f64],
    /// Moves kept of each pair.
    ready: usize,
}

impl<'a> Costs<'a> {
    pub fn new(points: Points<'a>, centroids: &'a [f64]) -> Self {
        let k = centroids.len() / points.p;
        let ready = (ALL_READY / (k * k)).clamp(LEAST_READY, MOST_READY);
        Self { points, centroids, ready }
    }

    /// What moving `row` from one cluster to another costs.
    pub fn step(&self, row: u32, from: usize, to: usize) -> Move {
        let (points, p) = (self.points, self.points.p);
        let values = points.row(row as usize);
        let squared =
            |cluster: usize| squared_distance(values, &self.centroids[cluster * p..][..p]);
        Move { cost: points.weight(row as usize) * (squared(to) - squared(from)), row }
    }

    /// The moves of `members` from their cluster to another.
    pub fn arc(&self, members: &[u32], from: usize, to: usize) -> Arc {
        let mut cheapest = Cheapest::new(self.ready);
        members.iter().for_each(|&row| cheapest.offer(self.step(row, from, to)));
        cheapest.arc()
    }

    /// The same to each cluster; none to their own.
    pub fn arcs(&self, members: &[u32], from: usize) -> Vec<Arc> {
        let packed = Packed::new(self.centroids, self.points.p);
        let mut buffer = packed.buffer();
        let k = self.centroids.len() / self.points.p;
        let mut cheapest: Vec<Cheapest> = (0..k).map(|_| Cheapest::new(self.ready)).collect();
        for &row in members {
            packed.distances(self.points.row(row as usize), &mut buffer);
            let (weight, own) = (self.points.weight(row as usize), buffer[from]);
            for (to, cheapest) in cheapest.iter_mut().enumerate() {
                if to != from {
                    cheapest.offer(Move { cost: weight * (buffer[to] - own), row });
                }
            }
        }
        cheapest.into_iter().map(Cheapest::arc).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cheapest_are_kept_and_the_rest_is_known_to_be_there() {
        let values: Vec<f64> = (0..2_000).map(|row| f64::from(row * 7 % 2_000)).collect();
        let costs = Costs::new(Points::new(&values, 1), &[0.0, 1_000.0]);
        let members: Vec<u32> = (0..2_000).collect();
        let steps = |arc: Arc| -> Vec<Move> {
            arc.ready.into_sorted_vec().into_iter().rev().map(|Reverse(step)| step).collect()
        };
        let mut all: Vec<Move> = members.iter().map(|&row| costs.step(row, 0, 1)).collect();
        all.sort();
        for arc in [costs.arc(&members, 0, 1), costs.arcs(&members, 0).remove(1)] {
            assert!(arc.more());
            let found = steps(arc);
            assert!((MOST_READY..2 * MOST_READY).contains(&found.len()));
            assert_eq!(found, all[..found.len()]);
        }
        let few = costs.arc(&members[..9], 0, 1);
        assert!(!few.more() && steps(few).len() == 9);
    }

    #[test]
    fn who_has_gone_is_passed_over_and_who_comes_is_found() {
        let values = [0.0, 1.0, 2.0, 3.0];
        let costs = Costs::new(Points::new(&values, 1), &[0.0, 4.0]);
        let mut arc = costs.arc(&[0, 1, 2], 0, 1);
        assert_eq!(arc.cheapest(|_| true), Some(Move { cost: 0.0, row: 2 }));
        assert_eq!(arc.cheapest(|row| row < 2), Some(Move { cost: 8.0, row: 1 }));
        arc.add(costs.step(3, 0, 1));
        assert_eq!(arc.cheapest(|row| row != 2), Some(Move { cost: -8.0, row: 3 }));
        assert_eq!(arc.cheapest(|_| false), None);
    }
}
