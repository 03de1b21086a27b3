//! n x p rows -> k rows of them to start from: k-means++ with several trials a step.
//!
//! Arthur and Vassilvitskii (SODA 2007), section 2: each next centre is drawn with probability
//! proportional to the squared distance to the nearest centre so far. As in their section 8 and
//! in scikit-learn, 2 + floor(ln k) candidates are drawn each time and the one that lowers the
//! sum most is kept (ties: the first drawn). Does not deduplicate: when fewer than k rows are
//! distinct, centres repeat.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::cluster::kernel::{BLOCK, Packed, Points, each_block, map_blocks, squared_distance};
use crate::types::Seed;

/// k starting centroids, k x p values; k at least 1 and at most n.
pub(crate) fn kmeans_plus_plus(points: Points, k: usize, seed: Seed) -> Vec<f64> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed.0);
    let trials = 2 + (k as f64).ln() as usize;
    let mut centroids = Vec::with_capacity(k * points.p);
    centroids.extend_from_slice(points.row(first(points, &mut rng)));
    let mut nearest = Nearest::new(points, &centroids);
    while centroids.len() < k * points.p {
        let total: f64 = nearest.sums.iter().sum();
        let drawn: Vec<usize> =
            (0..trials).map(|_| nearest.locate(points, rng.r#gen::<f64>() * total)).collect();
        let packed = Packed::new(&points.gather(&drawn), points.p);
        let potentials = map_blocks(points.n, |range| {
            let mut sums = packed.buffer();
            let mut distances = packed.buffer();
            let rows = points.rows(range.clone()).zip(&nearest.squares[range.clone()]);
            for ((row, &nearest), index) in rows.zip(range) {
                packed.distances(row, &mut distances);
                let weight = points.weight(index);
                for (sum, distance) in sums.iter_mut().zip(&distances) {
                    *sum += weight * if *distance < nearest { *distance } else { nearest };
                }
            }
            sums
        });
        let best = (0..trials)
            .map(|trial| (potentials.iter().map(|sums| sums[trial]).sum::<f64>(), trial))
            .fold((f64::INFINITY, 0), |best, next| if next.0 < best.0 { next } else { best })
            .1;
        let row = points.row(drawn[best]);
        centroids.extend_from_slice(row);
        nearest.lower(points, row);
    }
    centroids
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
    fn new(points: Points, centre: &[f64]) -> Self {
        let blocks = points.n.div_ceil(BLOCK);
        let mut new = Self { squares: vec![f64::INFINITY; points.n], sums: vec![0.0; blocks] };
        new.lower(points, centre);
        new
    }

    /// Lowers the distances by the new `centre`.
    fn lower(&mut self, points: Points, centre: &[f64]) {
        let mut blocks: Vec<(&mut [f64], &mut f64, usize)> = self
            .squares
            .chunks_mut(BLOCK)
            .zip(&mut self.sums)
            .zip((0..).step_by(BLOCK))
            .map(|((squares, sum), start)| (squares, sum, start))
            .collect();
        each_block(points.n, &mut blocks, |(squares, sum, start)| {
            **sum = 0.0;
            let rows = points.rows(*start..*start + squares.len());
            for ((row, nearest), index) in rows.zip(squares.iter_mut()).zip(*start..) {
                let squared = squared_distance(row, centre);
                if squared < *nearest {
                    *nearest = squared;
                }
                **sum += points.weight(index) * *nearest;
            }
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
