//! Seed and place -> draws for the tests of this room: uniform, normal.

use statrs::function::erf::erfc_inv;

use crate::types::Seed;

/// In (0, 1).
pub fn uniform(seed: u64, i: usize) -> f64 {
    ((Seed(seed).derive(42, i as u64).0 >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

/// Standard normal.
pub fn normal(seed: u64, i: usize) -> f64 {
    normal_quantile(uniform(seed, i))
}

/// The standard normal quantile.
pub fn normal_quantile(share: f64) -> f64 {
    -std::f64::consts::SQRT_2 * erfc_inv(2.0 * share)
}
