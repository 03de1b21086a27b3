//! n rows -> the indices of a systematic sample of them, ascending.
//!
//! Positions at even steps from a random start (Cochran, Sampling Techniques, 3rd edition 1977,
//! chapter 8), in the order in which the rows are given.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::cluster::kernel::Points;
use crate::types::Seed;

/// `size` of the positions 0..n, ascending, or all of them when n is no larger.
pub(crate) fn systematic(n: usize, size: usize, seed: Seed) -> Vec<usize> {
    steps(n, size, start(seed)).collect()
}

/// At most `size` rows of `points`, each as often as it counts: the sample that repeating every
/// row by its weight and drawing without weights would give. What needs rows that count once can
/// so be computed on rows with weights.
pub(crate) fn repeated(points: Points, size: usize, seed: Seed) -> Vec<usize> {
    let all: Vec<u32> = (0..points.n as u32).collect();
    spread(points, &all, size, start(seed)).into_iter().map(|row| row as usize).collect()
}

/// At most `size` of `rows` at even steps of their summed weights from `start` steps on, in order;
/// all of them, as often as they count, when they count no more than that.
pub(super) fn spread(points: Points, rows: &[u32], size: usize, start: f64) -> Vec<u32> {
    let Some(weights) = points.weights else {
        return steps(rows.len(), size, start).map(|at| rows[at]).collect();
    };
    let total: f64 = rows.iter().map(|&row| weights[row as usize]).sum();
    let count = (total.round() as usize).clamp(1, size.max(1));
    // Where each counts once, in the middle of its step: rounding cannot skip one.
    let start = if total.round() as usize <= size { 0.5 } else { start };
    let step = total / count as f64;
    let mut drawn = Vec::with_capacity(count);
    let mut passed = 0.0;
    for &row in rows {
        passed += weights[row as usize];
        while drawn.len() < count && (drawn.len() as f64 + start) * step < passed {
            drawn.push(row);
        }
    }
    drawn
}

fn steps(n: usize, size: usize, start: f64) -> impl Iterator<Item = usize> {
    let size = size.min(n);
    let (step, start) = if size == n { (1.0, 0.0) } else { (n as f64 / size as f64, start) };
    (0..size).map(move |i| (((i as f64 + start) * step) as usize).min(n - 1))
}

/// A random start in [0, 1).
pub(super) fn start(seed: Seed) -> f64 {
    Xoshiro256PlusPlus::seed_from_u64(seed.0).r#gen()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_has_its_size_and_steps_evenly() {
        assert_eq!(systematic(3, 5, Seed(1)), [0, 1, 2]);
        for seed in 0..50 {
            let drawn = systematic(1_000, 300, Seed(seed));
            assert_eq!(drawn.len(), 300);
            assert!(drawn.windows(2).all(|pair| (3..=4).contains(&(pair[1] - pair[0]))));
            assert!(drawn[0] < 4 && drawn[299] >= 996);
        }
    }

    #[test]
    fn weights_are_repetitions() {
        let values = [0.0, 1.0, 2.0, 3.0];
        let weighted = Points::new(&values, 1).weighted(Some(&[2.0, 1.0, 3.0, 1.0]));
        assert_eq!(repeated(weighted, 99, Seed(1)), [0, 0, 1, 2, 2, 2, 3]);
        let repeats = [0.0, 0.0, 1.0, 2.0, 2.0, 2.0, 3.0];
        for seed in 0..50 {
            let from_weights = repeated(weighted, 3, Seed(seed));
            let from_rows: Vec<f64> = repeated(Points::new(&repeats, 1), 3, Seed(seed))
                .into_iter()
                .map(|row| repeats[row])
                .collect();
            assert_eq!(from_weights.iter().map(|&row| values[row]).collect::<Vec<_>>(), from_rows);
        }
    }
}
