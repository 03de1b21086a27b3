//! A fitted assignment of n rows -> per cluster, how well it is found again in resamples.
//!
//! Hennig (Comput. Stat. Data Anal. 52, 2007), the scheme of fpc's `clusterboot`: resample the
//! customers with replacement, cluster the resample with the same method and k from fresh
//! starts, and take for each original cluster the highest Jaccard similarity with a cluster of
//! the resample, both restricted to the distinct customers drawn; a cluster of which no customer
//! was drawn scores 0. The mean over resamples is returned: 0.75 and above counts as stable,
//! below 0.6 as not to be trusted.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::Method;
use super::assign::assign_points;
use super::criteria::systematic;
use super::engine::{Settings, fit};
use super::kernel::Points;
use super::kmeans::Prepared;
use crate::types::Seed;

/// Customers up to which resamples are drawn from all; beyond, from a systematic sample of as
/// many.
pub const BOOTSTRAP_CUSTOMERS: usize = 20_000;
/// Restarts of k-means on a resample at most; the mixture makes one.
pub const BOOTSTRAP_RESTARTS: usize = 3;

/// Stability of the clusters of one fit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Stability {
    /// Mean Jaccard by cluster, in [0, 1]; empty when no resample could be fitted.
    pub jaccard: Vec<f64>,
    /// Rows that resamples were drawn from.
    pub rows: usize,
    /// Resamples that the engine gave no model for.
    pub failed: usize,
}

/// What was fitted and is to be found again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Original<'a> {
    pub method: Method,
    pub k: usize,
    pub labels: &'a [u32],
}

/// Stability over `resamples`; `step` is called once after each.
pub(crate) fn stability(
    points: Points,
    original: Original,
    resamples: usize,
    settings: &Settings,
    seed: Seed,
    step: &(dyn Fn() + Sync),
) -> Stability {
    let rows = systematic(points.n, BOOTSTRAP_CUSTOMERS, seed.derive(0, 0));
    let values = points.gather(&rows);
    let points = Points::new(&values, points.p);
    let labels: Vec<u32> = rows.iter().map(|&row| original.labels[row]).collect();
    let original = Original { labels: &labels, ..original };
    let scores: Vec<Option<Vec<f64>>> = (0..resamples)
        .into_par_iter()
        .with_max_len(1)
        .map(|index| {
            let score = resample(points, original, settings, seed.derive(1, index as u64));
            step();
            score
        })
        .collect();
    let fitted: Vec<&Vec<f64>> = scores.iter().flatten().collect();
    let mean = |cluster: usize| {
        fitted.iter().map(|score| score[cluster]).sum::<f64>() / fitted.len() as f64
    };
    let clusters = if fitted.is_empty() { 0 } else { original.k };
    Stability {
        jaccard: (0..clusters).map(mean).collect(),
        rows: points.n,
        failed: resamples - fitted.len(),
    }
}

/// The best Jaccard of each original cluster in one resample.
fn resample(
    points: Points,
    original: Original,
    settings: &Settings,
    seed: Seed,
) -> Option<Vec<f64>> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed.0);
    let mut drawn: Vec<usize> = (0..points.n).map(|_| rng.gen_range(0..points.n)).collect();
    drawn.sort_unstable();
    let values = points.gather(&drawn);
    let sample = Points::new(&values, points.p);
    let settings = Settings {
        restarts: settings.restarts.min(BOOTSTRAP_RESTARTS),
        mixture_restarts: 1,
        ..settings.clone()
    };
    let prepared = Prepared::new(sample);
    let found = fit(&prepared, original.method, original.k, &settings, seed.derive(2, 0));
    let clusters = found.ok()?.clusters;
    let found = assign_points(sample, &clusters)?.assignments.cluster;
    let k_found = clusters.k();
    let mut shared = vec![0usize; original.k * k_found];
    let mut previous = None;
    for (&row, &label) in drawn.iter().zip(&found) {
        if previous != Some(row) {
            shared[original.labels[row] as usize * k_found + label as usize] += 1;
        }
        previous = Some(row);
    }
    Some(best_jaccard(&shared, original.k, k_found))
}

/// For each of k rows of a k x `k_found` table of shared counts, the highest Jaccard with a column.
fn best_jaccard(shared: &[usize], k: usize, k_found: usize) -> Vec<f64> {
    let row = |a: usize| &shared[a * k_found..(a + 1) * k_found];
    let columns: Vec<usize> = (0..k_found).map(|b| (0..k).map(|a| row(a)[b]).sum()).collect();
    (0..k)
        .map(|a| {
            let size: usize = row(a).iter().sum();
            row(a)
                .iter()
                .zip(&columns)
                .filter(|&(&both, _)| both > 0)
                .map(|(&both, &column)| both as f64 / (size + column - both) as f64)
                .fold(0.0, f64::max)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{Covariance, Engine, KmeansOptions};

    #[test]
    fn jaccard_by_hand() {
        // Cluster 0: 3 with column 0 (of 4), 1 with column 1 (of 3): 3 / (4 + 4 - 3).
        let found = best_jaccard(&[3, 1, 1, 2, 0, 0], 3, 2);
        assert_eq!(found, [0.6, 0.5, 0.0]);
    }

    fn settings() -> Settings {
        Settings {
            engine: Engine::Segtrail,
            restarts: 3,
            mixture_restarts: 3,
            max_iterations: 50,
            tolerance: 1e-4,
            squared_move: 1e-6,
            covariance_floor: 1e-6,
            kmeans: KmeansOptions::default(),
            start: None,
            covariance: Covariance::Full,
            noise: false,
            mixture: None,
        }
    }

    #[test]
    fn clusters_far_apart_are_found_again_and_arbitrary_ones_are_not() {
        let apart: Vec<f64> =
            (0..90).map(|i| f64::from(i % 3 * 100) + f64::from(i) * 0.01).collect();
        let labels: Vec<u32> = (0..90).map(|i| i % 3).collect();
        for method in [Method::Kmeans, Method::Gmm] {
            let original = Original { method, k: 3, labels: &labels };
            let points = Points::new(&apart, 1);
            let found = stability(points, original, 10, &settings(), Seed(1), &|| ());
            assert_eq!((found.rows, found.failed), (90, 0));
            assert!(found.jaccard.iter().all(|value| *value > 0.95), "{found:?}");
        }
        let line: Vec<f64> = (0..90).map(f64::from).collect();
        let original = Original { method: Method::Kmeans, k: 3, labels: &labels };
        let found = stability(Points::new(&line, 1), original, 10, &settings(), Seed(1), &|| ());
        assert!(found.jaccard.iter().all(|value| *value < 0.5), "{found:?}");
    }
}
