//! n x p rows -> k rows of them to start from: k-means++ with several trials a step.
//!
//! Arthur and Vassilvitskii (SODA 2007), section 2: each next centre is drawn with probability
//! proportional to the squared distance to the nearest centre so far. As in their section 8 and
//! in scikit-learn, 2 + floor(ln k) candidates are drawn each time and the one that lowers the
//! sum most is kept (ties: the first drawn). Does not deduplicate: when fewer than k rows are
//! distinct, centres repeat.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::cluster::kernel::{BLOCK, Packed, Points, map_blocks, squared_distance};
use crate::types::Seed;

/// k starting centroids, k x p values; k at least 1 and at most n.
pub(crate) fn kmeans_plus_plus(points: Points, k: usize, seed: Seed) -> Vec<f64> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed.0);
    let trials = 2 + (k as f64).ln() as usize;
    let mut centroids = Vec::with_capacity(k * points.p);
    centroids.extend_from_slice(points.row(rng.gen_range(0..points.n)));
    let mut nearest = vec![f64::INFINITY; points.n];
    let mut block_sums = lower(points, &mut nearest, &centroids);
    while centroids.len() < k * points.p {
        let total: f64 = block_sums.iter().sum();
        let drawn: Vec<usize> = (0..trials)
            .map(|_| locate(rng.r#gen::<f64>() * total, &block_sums, &nearest))
            .collect();
        let packed = Packed::new(&points.gather(&drawn), points.p);
        let potentials = map_blocks(points.n, |range| {
            let mut sums = packed.buffer();
            let mut distances = packed.buffer();
            for (row, &nearest) in points.rows(range.clone()).zip(&nearest[range]) {
                packed.distances(row, &mut distances);
                for (sum, distance) in sums.iter_mut().zip(&distances) {
                    *sum += if *distance < nearest { *distance } else { nearest };
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
        block_sums = lower(points, &mut nearest, row);
    }
    centroids
}

/// Lowers each row's distance to its nearest centre by the new `centre`; sums by block.
fn lower(points: Points, nearest: &mut [f64], centre: &[f64]) -> Vec<f64> {
    let mut sums = Vec::with_capacity(points.n.div_ceil(BLOCK));
    for (rows, nearest) in points.values.chunks(BLOCK * points.p).zip(nearest.chunks_mut(BLOCK)) {
        let mut sum = 0.0;
        for (row, nearest) in rows.chunks_exact(points.p).zip(nearest) {
            let squared = squared_distance(row, centre);
            if squared < *nearest {
                *nearest = squared;
            }
            sum += *nearest;
        }
        sums.push(sum);
    }
    sums
}

/// The row in which the running sum of `nearest` passes `target`; when rounding lets it pass
/// none, the last row that is not a centre itself.
fn locate(target: f64, block_sums: &[f64], nearest: &[f64]) -> usize {
    let mut passed = 0.0;
    for (block, &sum) in block_sums.iter().enumerate() {
        if passed + sum <= target {
            passed += sum;
            continue;
        }
        let mut running = passed;
        let start = block * BLOCK;
        for (index, &squared) in nearest[start..].iter().take(BLOCK).enumerate() {
            running += squared;
            if running > target {
                return start + index;
            }
        }
        passed += sum;
    }
    nearest.iter().rposition(|&squared| squared > 0.0).unwrap_or(0)
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
        let nearest = [0.0, 1.0, 0.0, 3.0];
        let sums = [4.0];
        for (target, expected) in [(0.0, 1), (0.99, 1), (1.0, 3), (3.9, 3), (4.0, 3)] {
            assert_eq!(locate(target, &sums, &nearest), expected, "{target}");
        }
    }
}
