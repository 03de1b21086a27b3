//! Rows for the tests of criteria: with clusters, and without.

use rand::{Rng, SeedableRng};
use rand_distr::StandardNormal;
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::cluster::engine::Settings;

/// `n` rows of p in k unit normal blobs whose centres are `apart` on the first axis.
pub(super) fn blobs(n: usize, k: usize, p: usize, apart: f64, seed: u64) -> Vec<f64> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let centre = |row: usize, feature: usize| match feature {
        0 => (row % k) as f64 * apart,
        _ => 0.0,
    };
    (0..n * p).map(|at| centre(at / p, at % p) + rng.sample::<f64, _>(StandardNormal)).collect()
}

/// `n` rows uniform over the unit cube of p dimensions.
pub(super) fn cube(n: usize, p: usize, seed: u64) -> Vec<f64> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    (0..n * p).map(|_| rng.r#gen()).collect()
}

/// Five restarts of segtrail's kernels.
pub(super) fn settings() -> Settings {
    Settings { restarts: 5, tolerance: 1e-3, ..crate::cluster::testing::settings() }
}

/// `n` rows of p independent standard normal values.
pub(super) fn normals(n: usize, p: usize, seed: u64) -> Vec<f64> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    (0..n * p).map(|_| rng.sample(StandardNormal)).collect()
}
