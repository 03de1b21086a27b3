//! n x p rows -> k rows of them to start from: k-means++ with several trials a step.
//!
//! Arthur and Vassilvitskii (SODA 2007), section 2: each next centre is drawn with probability
//! proportional to the squared distance to the nearest centre so far. As in their section 8 and
//! in scikit-learn, 2 + floor(ln k) candidates are drawn each time and the one that lowers the
//! sum most is kept (ties: the first drawn). Does not deduplicate: when fewer than k rows are
//! distinct, centres repeat.

use std::ops::Range;

use fearless_simd::dispatch;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::cluster::kernel::{
    BLOCK, Grouped, Points, ROWS, each_block, level, map_blocks, squared_distances, sum,
};
use crate::types::Seed;

/// k starting centroids, k x p values; k at least 1 and at most n.
pub(crate) fn kmeans_plus_plus(points: Points, k: usize, seed: Seed) -> Vec<f64> {
    plus_plus(&Grouped::new(points), k, seed)
}

/// [`kmeans_plus_plus`] for rows that several starts are drawn from.
pub(super) fn plus_plus(grouped: &Grouped, k: usize, seed: Seed) -> Vec<f64> {
    let points = grouped.points;
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed.0);
    let trials = 2 + (k as f64).ln() as usize;
    let mut centroids = Vec::with_capacity(k * points.p);
    centroids.extend_from_slice(points.row(first(points, &mut rng)));
    let mut nearest = Nearest::new(grouped, &centroids);
    while centroids.len() < k * points.p {
        let total: f64 = nearest.sums.iter().sum();
        let drawn: Vec<usize> =
            (0..trials).map(|_| nearest.locate(points, rng.r#gen::<f64>() * total)).collect();
        let candidates = points.gather(&drawn);
        let squares = &nearest.squares;
        let potentials = map_blocks(
            points.n,
            |range| dispatch!(level(), _simd => potentials(grouped, range, &candidates, squares)),
        );
        let best = (0..trials)
            .map(|trial| (potentials.iter().map(|sums| sums[trial]).sum::<f64>(), trial))
            .fold((f64::INFINITY, 0), |best, next| if next.0 < best.0 { next } else { best })
            .1;
        let row = points.row(drawn[best]);
        centroids.extend_from_slice(row);
        nearest.lower(grouped, row);
    }
    centroids
}

/// For each of several candidate centres, the weighted sum over the rows of `range` of the squared
/// distance to the nearest centre, were it one.
#[inline(always)]
fn potentials(
    grouped: &Grouped,
    range: Range<usize>,
    candidates: &[f64],
    nearest: &[f64],
) -> Vec<f64> {
    let points = grouped.points;
    let p = points.p;
    let mut sums = vec![[0.0; ROWS]; candidates.len() / p];
    grouped.each(
        range,
        #[inline(always)]
        |start, count, values| {
            let mut weights = [0.0; ROWS];
            let mut before = [0.0; ROWS];
            for at in 0..count {
                weights[at] = points.weight(start + at);
                before[at] = nearest[start + at];
            }
            for (sums, candidate) in sums.iter_mut().zip(candidates.chunks_exact(p)) {
                let squared = squared_distances(values, candidate);
                for at in 0..ROWS {
                    let least = if squared[at] < before[at] { squared[at] } else { before[at] };
                    sums[at] += weights[at] * least;
                }
            }
        },
    );
    sums.iter().map(sum).collect()
}

/// Lowers `nearest`, the squared distances of rows from `start` on, by `centre`; their weighted sum.
#[inline(always)]
fn lowered(grouped: &Grouped, start: usize, nearest: &mut [f64], centre: &[f64]) -> f64 {
    let points = grouped.points;
    let mut sums = [0.0; ROWS];
    let range = start..start + nearest.len();
    grouped.each(
        range,
        #[inline(always)]
        |first, count, values| {
            let squared = squared_distances(values, centre);
            for at in 0..count {
                let nearest = &mut nearest[first - start + at];
                *nearest = if squared[at] < *nearest { squared[at] } else { *nearest };
                sums[at] += points.weight(first + at) * *nearest;
            }
        },
    );
    sum(&sums)
}

/// A row drawn with probability proportional to its weight.
fn first(points: Points, rng: &mut Xoshiro256PlusPlus) -> usize {
    let Some(weights) = points.weights else { return rng.gen_range(0..points.n) };
    let target = rng.r#gen::<f64>() * points.total_weight();
    let mut running = 0.0;
    let passed = |weight: &f64| {
        running += weight;
        running > target
    };
    weights.iter().position(passed).unwrap_or(points.n - 1)
}

/// The squared distance of each row to the nearest centre so far.
struct Nearest {
    squares: Vec<f64>,
    /// Weighted sums by block.
    sums: Vec<f64>,
}

impl Nearest {
    fn new(grouped: &Grouped, centre: &[f64]) -> Self {
        let points = grouped.points;
        let blocks = points.n.div_ceil(BLOCK);
        let mut new = Self { squares: vec![f64::INFINITY; points.n], sums: vec![0.0; blocks] };
        new.lower(grouped, centre);
        new
    }

    /// Lowers the distances by the new `centre`.
    fn lower(&mut self, grouped: &Grouped, centre: &[f64]) {
        let points = grouped.points;
        let mut blocks: Vec<(&mut [f64], &mut f64, usize)> = self
            .squares
            .chunks_mut(BLOCK)
            .zip(&mut self.sums)
            .zip((0..).step_by(BLOCK))
            .map(|((squares, sum), start)| (squares, sum, start))
            .collect();
        each_block(points.n, &mut blocks, |(squares, sum, start)| {
            **sum = dispatch!(level(), _simd => lowered(grouped, *start, squares, centre));
        });
    }

    /// The row in which the running weighted sum of squares passes `target`; when rounding lets it
    /// pass none, the last row that is not a centre itself.
    fn locate(&self, points: Points, target: f64) -> usize {
        let mut passed = 0.0;
        for (block, &sum) in self.sums.iter().enumerate() {
            if passed + sum <= target {
                passed += sum;
                continue;
            }
            let mut running = passed;
            let start = block * BLOCK;
            for (row, &squared) in (start..).zip(self.squares[start..].iter().take(BLOCK)) {
                running += points.weight(row) * squared;
                if running > target {
                    return row;
                }
            }
            passed += sum;
        }
        self.squares.iter().rposition(|&squared| squared > 0.0).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn centres_are_distinct_rows_while_rows_are() {
        let values: Vec<f64> = (0..40).map(|i| f64::from(i % 8)).collect();
        let points = Points::new(&values, 1);
        for seed in 0..50 {
            let mut centroids = kmeans_plus_plus(points, 8, Seed(seed));
            centroids.sort_unstable_by(f64::total_cmp);
            assert_eq!(centroids, (0..8).map(f64::from).collect::<Vec<_>>());
        }
    }

    #[test]
    fn more_centres_than_distinct_rows_repeat_rather_than_fail() {
        let centroids = kmeans_plus_plus(Points::new(&[1.0, 1.0, 1.0], 1), 3, Seed(0));
        assert_eq!(centroids, [1.0, 1.0, 1.0]);
    }

    #[test]
    fn rows_are_located_by_their_share() {
        let nearest = Nearest { squares: vec![0.0, 1.0, 0.0, 3.0], sums: vec![4.0] };
        let points = Points::new(&[0.0; 4], 1);
        for (target, expected) in [(0.0, 1), (0.99, 1), (1.0, 3), (3.9, 3), (4.0, 3)] {
            assert_eq!(nearest.locate(points, target), expected, "{target}");
        }
    }
}
