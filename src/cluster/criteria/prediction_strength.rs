//! n x p rows and numbers of clusters -> how well a clustering of one half of the rows predicts
//! which rows of the other half belong together.
//!
//! Tibshirani and Walther (J. Comput. Graph. Statist. 14, 2005, equation (2.1)): cluster both
//! halves of a random split; for each cluster of the one, the share of its pairs of rows that the
//! clustering of the other puts together too; the smallest of these shares, averaged over splits,
//! each used in both directions as by fpc's `prediction.strength`. A cluster of one row counts 1.
//! Each split is made once for all numbers of clusters. The rows count once: those with weights are
//! repeated first.

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use crate::cluster::assign::labels;
use crate::cluster::kernel::Points;
use crate::cluster::way::Way;
use crate::types::Seed;

/// From this value on a number of clusters is taken to be supported: 0.8 to 0.9 in their section 4.
pub(crate) const SUPPORTED: f64 = 0.8;

/// The prediction strength of each method and number of clusters `asked`, over `splits`; none
/// where half of the rows cannot be clustered so. `step` is called after each split.
pub(crate) fn prediction_strengths(
    points: Points,
    asked: &[(Way, usize)],
    splits: usize,
    seed: Seed,
    step: &(dyn Fn() + Sync),
) -> Vec<Option<f64>> {
    let drawn: Vec<Vec<Option<f64>>> = (0..splits)
        .into_par_iter()
        .with_max_len(1)
        .map(|split| {
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed.derive(0, split as u64).0);
            let mut order: Vec<usize> = (0..points.n).collect();
            order.shuffle(&mut rng);
            let halves = order.split_at(points.n / 2);
            let values = [points.gather(halves.0), points.gather(halves.1)];
            let halves = values.each_ref().map(|values| Points::new(values, points.p));
            let strengths = asked
                .iter()
                .enumerate()
                .map(|(at, &(way, k))| {
                    one_split(halves, way, k, seed.derive(1 + at as u64, split as u64))
                })
                .collect();
            step();
            strengths
        })
        .collect();
    (0..asked.len())
        .map(|at| {
            let strengths: Option<Vec<f64>> = drawn.iter().map(|of| of[at]).collect();
            strengths.map(|of| of.iter().sum::<f64>() / of.len() as f64)
        })
        .collect()
}

/// The mean over both directions of one split.
fn one_split(halves: [Points; 2], way: Way, k: usize, seed: Seed) -> Option<f64> {
    if halves.iter().any(|half| half.distinct_up_to(k) < k) {
        return None;
    }
    let models =
        [way.fit(halves[0], k, seed.derive(0, 0))?, way.fit(halves[1], k, seed.derive(0, 1))?];
    let mut sum = 0.0;
    for (half, [own, other]) in halves.iter().zip([[0, 1], [1, 0]]) {
        let of = |model: usize| labels(*half, &models[model]);
        sum += strength(&of(own)?, &of(other)?, k);
    }
    Some(sum / 2.0)
}

/// The smallest share, over the clusters of `own`, of pairs that `other` has together; labels
/// below k.
fn strength(own: &[u32], other: &[u32], k: usize) -> f64 {
    let mut shared = vec![0u64; k * k];
    own.iter().zip(other).for_each(|(&a, &b)| shared[a as usize * k + b as usize] += 1);
    let ordered_pairs = |count: u64| count * count.saturating_sub(1);
    shared
        .chunks_exact(k)
        .map(|row| (row.iter().sum(), row.iter().map(|&count| ordered_pairs(count)).sum::<u64>()))
        .filter(|&(size, _): &(u64, u64)| size > 1)
        .map(|(size, together)| together as f64 / ordered_pairs(size) as f64)
        .fold(1.0, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Method;
    use crate::cluster::criteria::fixtures::{blobs, cube, settings};

    #[test]
    fn pairs_by_hand() {
        // Cluster 0 of four: three together and one apart, 3 of 6 pairs. Cluster 1 of two: 1 of 1.
        assert_eq!(strength(&[0, 0, 0, 0, 1, 1], &[1, 1, 1, 0, 0, 0], 2), 0.5);
        assert_eq!(strength(&[0, 0, 1], &[1, 1, 1], 2), 1.0, "a cluster of one counts 1");
        assert_eq!(strength(&[0, 0, 1, 1], &[0, 1, 0, 1], 2), 0.0);
    }

    fn curve(values: &[f64], p: usize) -> Vec<Option<f64>> {
        let settings = settings();
        let way = Way { method: Method::Kmeans, settings: &settings };
        let asked: Vec<(Way, usize)> = (2..=5).map(|k| (way, k)).collect();
        prediction_strengths(Points::new(values, p), &asked, 10, Seed(2), &|| ())
    }

    #[test]
    fn the_number_of_blobs_is_supported_and_no_more_and_none_of_a_cube() {
        for seed in 0..5 {
            let found = curve(&blobs(300, 3, 2, 12.0, seed), 2);
            let supported = |index: usize| found[index].expect("150 rows") >= SUPPORTED;
            assert!(supported(1) && !supported(2) && !supported(3), "{found:?}");
            let found = curve(&cube(300, 3, seed), 3);
            assert!(found.iter().all(|value| value.expect("150 rows") < SUPPORTED), "{found:?}");
        }
    }

    #[test]
    fn too_few_rows_for_two_halves_have_none() {
        assert_eq!(curve(&[0.0, 1.0, 2.0, 3.0, 9.0], 1)[1..], [None, None, None]);
    }
}
