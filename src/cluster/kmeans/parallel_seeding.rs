//! n x p rows -> k of them to start from, many drawn at once: k-means||.
//!
//! Bahmani, Moseley, Vattani, Kumar and Vassilvitskii (Scalable k-means++, PVLDB 5, 2012),
//! algorithm 2: from one row, five rounds in each of which every row is drawn with probability l
//! d² / φ (l = 2 k, d its distance to the nearest drawn so far, φ the sum of d²); the rows drawn,
//! each with the weight of the rows nearest to it, are clustered by weighted k-means++ and Lloyd's
//! iteration. Takes few passes over the rows where k-means++ takes k.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::lloyd::{Prepared, lloyd};
use super::seeding::kmeans_plus_plus;
use super::{Stop, nearest_labels};
use crate::cluster::kernel::{BLOCK, Packed, Points, map_blocks};
use crate::types::Seed;

/// Rounds of drawing (section 4.1 of the paper: five suffice).
const ROUNDS: u64 = 5;
/// Rows drawn in a round, by k.
const OVERSAMPLING: f64 = 2.0;
/// Iterations on the rows drawn.
const ITERATIONS: usize = 20;

/// k starting centroids, k x p values; k at least 1 and at most n.
pub(super) fn kmeans_parallel(points: Points, k: usize, seed: Seed) -> Vec<f64> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed.0);
    let mut drawn = vec![rng.gen_range(0..points.n)];
    let mut fresh = drawn.clone();
    let mut nearest = vec![f64::INFINITY; points.n];
    for round in 0..ROUNDS {
        let potential = lower(points, &mut nearest, &points.gather(&fresh));
        if potential <= 0.0 {
            break;
        }
        let scale = OVERSAMPLING * k as f64 / potential;
        let blocks = map_blocks(points.n, |range| {
            // Each block draws from a generator of its own: no draw depends on the threads.
            let block = seed.derive(1 + round, (range.start / BLOCK) as u64);
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(block.0);
            let chosen =
                |&row: &usize| rng.r#gen::<f64>() < scale * points.weight(row) * nearest[row];
            range.filter(chosen).collect::<Vec<usize>>()
        });
        fresh = blocks.concat();
        drawn.extend_from_slice(&fresh);
    }
    let rows = points.gather(&drawn);
    if drawn.len() <= k {
        // Too few: the drawing has stopped, or k is close to n.
        return kmeans_plus_plus(points, k, seed);
    }
    let prepared = Prepared::once(points);
    let mut weights = vec![0.0; drawn.len()];
    for (row, &label) in nearest_labels(&prepared, &rows).0.iter().enumerate() {
        weights[label as usize] += points.weight(row);
    }
    // A row drawn beside an equal one has no row nearer to it than to that.
    let kept: Vec<usize> = (0..drawn.len()).filter(|&index| weights[index] > 0.0).collect();
    if kept.len() <= k {
        return kmeans_plus_plus(points, k, seed);
    }
    let candidates = Points::new(&rows, points.p);
    let rows = candidates.gather(&kept);
    let weights: Vec<f64> = kept.iter().map(|&index| weights[index]).collect();
    let candidates = Points::new(&rows, points.p).weighted(Some(&weights));
    let start = kmeans_plus_plus(candidates, k, seed.derive(0, 0));
    let stop = Stop { max_iterations: ITERATIONS, squared_move: 0.0 };
    lloyd(&Prepared::new(candidates), start, stop).centroids
}

/// Lowers each row's squared distance to the nearest centre by the new `centres`; their weighted
/// sum.
fn lower(points: Points, nearest: &mut Vec<f64>, centres: &[f64]) -> f64 {
    let packed = Packed::new(centres, points.p);
    let parts = map_blocks(points.n, |range| {
        let mut buffer = packed.buffer();
        let mut sum = 0.0;
        let squares: Vec<f64> = points
            .rows(range.clone())
            .zip(range)
            .map(|(row, index)| {
                let squared = packed.nearest(row, &mut buffer).squared.min(nearest[index]);
                sum += points.weight(index) * squared;
                squared
            })
            .collect();
        (squares, sum)
    });
    let potential = parts.iter().map(|(_, sum)| sum).sum();
    nearest.clear();
    parts.iter().for_each(|(squares, _)| nearest.extend_from_slice(squares));
    potential
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten groups of a hundred rows, far apart.
    fn groups() -> Vec<f64> {
        (0..1000).map(|row| f64::from(row % 10) * 100.0 + f64::from(row / 10) * 0.01).collect()
    }

    #[test]
    fn every_group_far_apart_gets_a_centre() {
        let values = groups();
        for seed in 0..20 {
            let mut centres = kmeans_parallel(Points::new(&values, 1), 10, Seed(seed));
            centres.sort_unstable_by(f64::total_cmp);
            for (group, centre) in centres.iter().enumerate() {
                // A mean of rows of the group, which spans 0.99.
                assert!((0.0..0.995).contains(&(centre - group as f64 * 100.0)), "{centres:?}");
            }
        }
    }

    #[test]
    fn few_distinct_rows_and_k_of_n_do_not_fail() {
        for values in [vec![1.0; 50], (0..50).map(f64::from).collect::<Vec<_>>()] {
            for k in [1, 2, 50] {
                assert_eq!(kmeans_parallel(Points::new(&values, 1), k, Seed(3)).len(), k);
            }
        }
    }
}
