//! Numeric helpers of several rooms: log-sum-exp, quantiles, minimisers, symmetric matrices,
//! agreement of partitions.

mod agreement;
mod drift;
mod eigen;
mod information;
mod inverse;
mod minimise;
mod optimise;
mod quadrature;
mod quantile;
mod special;

pub use agreement::adjusted_rand_index;
pub use drift::{
    Distance, kolmogorov_smirnov, ordered_distances, population_stability, stability_of_values,
    total_variation, wasserstein,
};
pub use eigen::{Eigen, symmetric_eigen};
pub use information::{AgreementMeasures, Measured, agreement_measures};
pub use inverse::inverse;
pub use minimise::{Minimum, minimise_bounded};
pub use optimise::{Evaluated, Optimum, Search, Stop, minimise};
pub use quadrature::gauss_legendre;
pub use quantile::{median, quantile_of_sorted, sorted_defined, weighted_quantiles};
pub use special::{digamma, digamma_rising, ln_beta, ln_gamma, ln_rising, scaled_exp_integral};

/// ln(sum of e^v) over `values`, without overflow or underflow; negative infinity for an empty
/// slice or when every value is negative infinity.
pub fn log_sum_exp(values: &[f64]) -> f64 {
    let highest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if highest == f64::NEG_INFINITY {
        return highest;
    }
    highest + values.iter().map(|value| (value - highest).exp()).sum::<f64>().ln()
}

#[cfg(test)]
mod tests {
    use super::log_sum_exp;

    #[test]
    fn log_sum_exp_survives_what_exp_does_not() {
        assert_eq!(log_sum_exp(&[]), f64::NEG_INFINITY);
        assert_eq!(log_sum_exp(&[f64::NEG_INFINITY; 3]), f64::NEG_INFINITY);
        assert!((log_sum_exp(&[0.0, 0.0]) - 2f64.ln()).abs() < 1e-15);
        assert!((log_sum_exp(&[-1e5, -1e5]) - (2f64.ln() - 1e5)).abs() < 1e-9);
        assert!((log_sum_exp(&[1e5, 0.0]) - 1e5).abs() < 1e-9);
    }
}
