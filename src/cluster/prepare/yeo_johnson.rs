//! n values -> the Yeo-Johnson exponent of greatest likelihood, and the transform itself.
//!
//! Yeo and Johnson, Biometrika 87 (2000): equation 2.1 for the transform, section 3 for the
//! profile log-likelihood -n/2 ln var + (λ - 1) Σ sign(x) ln(1 + |x|), maximised by Brent's
//! method over λ in [-5, 5].

use crate::math::minimise_bounded;

/// Bounds of the exponent.
const BOUND: f64 = 5.0;
/// Variance, relative to the squared mean, below which a power has lost the sample's digits.
const DIGITS: f64 = 1e-22;

/// The transform of `x` with exponent `lambda`; increasing in `x`.
pub(crate) fn yeo_johnson(x: f64, lambda: f64) -> f64 {
    from_log(x.abs().ln_1p(), x >= 0.0, lambda)
}

/// The transform from ln(1 + |x|) and the sign.
fn from_log(log: f64, positive: bool, lambda: f64) -> f64 {
    // For negative x the transform is that of -x with exponent 2 - λ, negated.
    let exponent = if positive { lambda } else { 2.0 - lambda };
    let size = if exponent == 0.0 { log } else { (exponent * log).exp_m1() / exponent };
    if positive { size } else { -size }
}

/// The exponent of greatest likelihood; 1, the identity, for a constant sample. No value is NaN; a
/// value counts as often as its weight says, where there are weights.
pub(crate) fn best_lambda(values: &[f64], weights: Option<&[f64]>) -> f64 {
    let logs: Vec<(f64, bool)> = values.iter().map(|&x| (x.abs().ln_1p(), x >= 0.0)).collect();
    if values.windows(2).all(|pair| pair[0] == pair[1]) {
        return 1.0;
    }
    let weight = |index: usize| weights.map_or(1.0, |weights| weights[index]);
    let n = weights.map_or(values.len() as f64, |weights| weights.iter().sum());
    let signed = |(index, &(log, up)): (usize, &(f64, bool))| {
        if up { weight(index) * log } else { -weight(index) * log }
    };
    let jacobian: f64 = logs.iter().enumerate().map(signed).sum();
    let mut transformed = vec![0.0; values.len()];
    let negative_log_likelihood = |lambda: f64| {
        for (value, &(log, positive)) in transformed.iter_mut().zip(&logs) {
            *value = from_log(log, positive, lambda);
        }
        let weighted = || transformed.iter().enumerate().map(|(index, y)| (weight(index), y));
        let mean = weighted().map(|(weight, y)| weight * y).sum::<f64>() / n;
        let squares = weighted().map(|(weight, y)| weight * ((y - mean) * (y - mean)));
        let variance = squares.sum::<f64>() / n;
        if !variance.is_finite() || variance <= DIGITS * mean * mean {
            return f64::INFINITY;
        }
        0.5 * n * variance.ln() - (lambda - 1.0) * jacobian
    };
    let best = minimise_bounded(negative_log_likelihood, -BOUND, BOUND, 1e-8, 200);
    if best.value.is_finite() { best.x } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;

    #[test]
    fn exponents_one_zero_and_two_by_hand() {
        for x in [-3.5, -1.0, 0.0, 0.25, 2.0, 1e6] {
            assert!((yeo_johnson(x, 1.0) - x).abs() <= 1e-9 * x.abs(), "identity at {x}");
        }
        // ((x + 1)^λ - 1) / λ for x >= 0: λ = 2, x = 2 gives 4; λ = 0 gives ln 3.
        assert!((yeo_johnson(2.0, 2.0) - 4.0).abs() < 1e-12);
        assert!((yeo_johnson(2.0, 0.0) - 3f64.ln()).abs() < 1e-15);
        // -((1 - x)^(2 - λ) - 1) / (2 - λ) for x < 0: λ = 0, x = -2 gives -4; λ = 2, -ln 3.
        assert!((yeo_johnson(-2.0, 0.0) + 4.0).abs() < 1e-12);
        assert!((yeo_johnson(-2.0, 2.0) + 3f64.ln()).abs() < 1e-15);
    }

    #[test]
    fn lognormal_less_one_wants_the_logarithm() {
        // Sums of twelve uniforms are close to a normal law.
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
        let mut normal = || (0..12).map(|_| rng.r#gen::<f64>()).sum::<f64>() - 6.0;
        let values: Vec<f64> = (0..4000).map(|_| (4.0 + 0.5 * normal()).exp() - 1.0).collect();
        let lambda = best_lambda(&values, None);
        assert!(lambda.abs() < 0.1, "{lambda}");
    }

    #[test]
    fn constant_and_extreme_samples_stay_finite() {
        assert_eq!(best_lambda(&[4.0; 9], None), 1.0);
        assert_eq!(best_lambda(&[4.0], None), 1.0);
        for values in [vec![1e9, 1e9 + 1.0, 2e9], vec![-1e6, 0.0, 1e6], vec![1e-12, 2e-12, 0.0]] {
            let lambda = best_lambda(&values, None);
            assert!(lambda.is_finite() && lambda.abs() <= BOUND);
            assert!(values.iter().all(|&x| yeo_johnson(x, lambda).is_finite()));
        }
    }

    #[test]
    fn likelihood_is_greatest_at_the_exponent_found() {
        let values = [0.5, 1.0, 1.5, 2.0, 4.0, 9.0, 30.0, -0.5, -1.5];
        let likelihood = |lambda: f64| {
            let y: Vec<f64> = values.iter().map(|&x| yeo_johnson(x, lambda)).collect();
            let mean = y.iter().sum::<f64>() / 9.0;
            let variance = y.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / 9.0;
            let jacobian: f64 = values.iter().map(|x: &f64| x.signum() * x.abs().ln_1p()).sum();
            -4.5 * variance.ln() + (lambda - 1.0) * jacobian
        };
        let best = best_lambda(&values, None);
        for step in 0..=1000 {
            let lambda = -5.0 + 0.01 * f64::from(step);
            assert!(likelihood(lambda) <= likelihood(best) + 1e-9, "{lambda} beats {best}");
        }
    }
}
