//! One feature of n customers -> the fitted figures that map a business value into the
//! clustered space, and the map itself.
//!
//! First the transform (shape), then the scale (location and spread), then the weight. The map
//! is a pure function of the fitted figures: a new month's customer gets the value that the
//! model's month would have given. A constant feature maps to 0 under every scale but `none`.

use super::yeo_johnson::{best_lambda, yeo_johnson};
use crate::cluster::{
    FeatureSpec, FittedNumber, FittedScale, FittedTransform, Missing, Scale, Transform,
};
use crate::math::weighted_quantiles;

/// Intervals of the quantile scale: its knots are the 0th to the 100th percentile.
const QUANTILE_INTERVALS: usize = 100;
/// Spread, relative to the largest value, at or below which a feature counts as constant.
const CONSTANT: f64 = 1e-13;

/// Fits `spec` to `values` (n, NaN where not defined), which count by their `weights` where there
/// are any, and maps them: the fitted figures, the n values in the clustered space, and how many
/// were filled. `None` when no value is defined.
pub(crate) fn fit_feature(
    spec: &FeatureSpec,
    values: &[f64],
    weights: Option<&[f64]>,
) -> Option<(FittedNumber, Vec<f64>, usize)> {
    let fill = *weighted_quantiles(values, weights, &[0.5]).first()?;
    let filled = values.iter().filter(|value| value.is_nan()).count();
    let mut mapped: Vec<f64> =
        values.iter().map(|&value| if value.is_nan() { fill } else { value }).collect();
    let transform = match spec.transform {
        Transform::None => FittedTransform::None,
        Transform::Log1p => FittedTransform::Log1p,
        Transform::YeoJohnson => {
            FittedTransform::YeoJohnson { lambda: best_lambda(&mapped, weights) }
        }
    };
    mapped.iter_mut().for_each(|value| *value = transformed(&transform, *value));
    let scale = fit_scale(spec.scale, &mapped, weights);
    let weight = spec.weight;
    mapped.iter_mut().for_each(|value| *value = weighted(weight, scaled(&scale, *value)));
    let told_apart = spec.missing == Missing::Indicator && filled > 0;
    let indicator = told_apart.then(|| weight * spread(spec.scale));
    let name = spec.name.clone();
    Some((FittedNumber { name, transform, scale, fill, weight, indicator }, mapped, filled))
}

/// `value` in business units (NaN where not defined) in the clustered space.
pub(crate) fn map_value(feature: &FittedNumber, value: f64) -> f64 {
    let value = if value.is_nan() { feature.fill } else { value };
    weighted(feature.weight, scaled(&feature.scale, transformed(&feature.transform, value)))
}

/// Standard deviation of a number under `scale`, which indicator columns are made comparable by:
/// 1 by definition under `standard`, that of the uniform law under `quantile` (1 / √12), that of
/// the normal law under `robust` (1 / its interquartile range). Unknown without a scale: 1.
pub(crate) fn spread(scale: Scale) -> f64 {
    /// 2 Φ⁻¹(3/4).
    const NORMAL_RANGE: f64 = 1.348_979_500_392_163_6;
    match scale {
        Scale::None | Scale::Standard => 1.0,
        Scale::Robust => 1.0 / NORMAL_RANGE,
        Scale::Quantile => (1.0_f64 / 12.0).sqrt(),
    }
}

/// Nothing of a feature is left at weight 0, not even its sign.
fn weighted(weight: f64, value: f64) -> f64 {
    if weight == 0.0 { 0.0 } else { weight * value }
}

fn transformed(transform: &FittedTransform, value: f64) -> f64 {
    match *transform {
        FittedTransform::None => value,
        FittedTransform::Log1p => value.abs().ln_1p().copysign(value),
        FittedTransform::YeoJohnson { lambda } => yeo_johnson(value, lambda),
    }
}

fn scaled(scale: &FittedScale, value: f64) -> f64 {
    match scale {
        FittedScale::None => value,
        FittedScale::Standard { mean, deviation } => (value - mean) / deviation,
        FittedScale::Robust { median, range } => (value - median) / range,
        FittedScale::Quantile { knots } => quantile_position(knots, value),
    }
}

/// Fits the scale to transformed values (n, at least one, none NaN).
fn fit_scale(scale: Scale, values: &[f64], weights: Option<&[f64]>) -> FittedScale {
    match scale {
        Scale::None => FittedScale::None,
        Scale::Standard => {
            let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
            if values.iter().all(|value| *value == values[0]) {
                return FittedScale::Standard { mean: values[0], deviation: 1.0 };
            }
            let n = weights.map_or(values.len() as f64, |weights| weights.iter().sum());
            let weighted = |of: &dyn Fn(f64) -> f64| match weights {
                None => values.iter().map(|&value| of(value)).sum::<f64>() / n,
                Some(weights) => {
                    values.iter().zip(weights).map(|(&value, w)| w * of(value)).sum::<f64>() / n
                }
            };
            let mean = weighted(&|value| value);
            let variance = weighted(&|value| (value - mean).powi(2));
            let deviation = variance.sqrt();
            let constant = deviation <= CONSTANT * largest;
            FittedScale::Standard { mean, deviation: if constant { 1.0 } else { deviation } }
        }
        Scale::Robust => {
            let quartiles = weighted_quantiles(values, weights, &[0.25, 0.5, 0.75]);
            let at = |quartile: usize| quartiles.get(quartile).copied().unwrap_or(0.0);
            let range = at(2) - at(0);
            let range = if range > 0.0 { range } else { 1.0 };
            FittedScale::Robust { median: at(1), range }
        }
        Scale::Quantile => {
            let shares: Vec<f64> =
                (0..=QUANTILE_INTERVALS).map(|i| i as f64 / QUANTILE_INTERVALS as f64).collect();
            FittedScale::Quantile { knots: weighted_quantiles(values, weights, &shares) }
        }
    }
}

/// Where `value` lies among the knots, in [0, 1]: linear between two, the middle of a run of
/// equal ones, 0 everywhere when all are equal.
fn quantile_position(knots: &[f64], value: f64) -> f64 {
    let last = knots.len().saturating_sub(1);
    if last == 0 || knots[0] == knots[last] {
        return 0.0;
    }
    let below = knots.partition_point(|&knot| knot < value);
    let through = knots.partition_point(|&knot| knot <= value);
    let position = if below < through {
        // On a knot or a run of equal knots, the outermost of which stay at 0 and 1.
        if below == 0 {
            0.0
        } else if through == knots.len() {
            last as f64
        } else {
            0.5 * (below + through - 1) as f64
        }
    } else if below == 0 {
        0.0
    } else if below > last {
        last as f64
    } else {
        let (low, high) = (knots[below - 1], knots[below]);
        (below - 1) as f64 + (value - low) / (high - low)
    };
    position / last as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(transform: Transform, scale: Scale) -> FeatureSpec {
        FeatureSpec { transform, scale, ..FeatureSpec::new("x") }
    }

    fn fit(transform: Transform, scale: Scale, values: &[f64]) -> (FittedNumber, Vec<f64>) {
        let (feature, mapped, _) =
            fit_feature(&spec(transform, scale), values, None).expect("defined");
        (feature, mapped)
    }

    #[test]
    fn standard_and_robust_by_hand() {
        let (_, mapped) = fit(Transform::None, Scale::Standard, &[1.0, 3.0]);
        assert_eq!(mapped, [-1.0, 1.0]);
        // Quartiles 1.75 and 5, median 3.
        let (_, mapped) = fit(Transform::None, Scale::Robust, &[1.0, 2.0, 4.0, 8.0]);
        assert!((mapped[0] + 2.0 / 3.25).abs() < 1e-15 && (mapped[3] - 5.0 / 3.25).abs() < 1e-15);
        let (_, mapped) = fit(Transform::Log1p, Scale::None, &[0.0, 1.0, -1.0]);
        assert_eq!(mapped, [0.0, 2f64.ln(), -(2f64.ln())]);
    }

    #[test]
    fn quantiles_run_from_zero_to_one_and_ties_share_the_middle() {
        let values: Vec<f64> = (0..=200).map(f64::from).collect();
        let (feature, mapped) = fit(Transform::None, Scale::Quantile, &values);
        assert_eq!((mapped[0], mapped[100], mapped[200]), (0.0, 0.5, 1.0));
        assert_eq!((map_value(&feature, -9.0), map_value(&feature, 900.0)), (0.0, 1.0));
        assert!((map_value(&feature, 50.5) - 0.2525).abs() < 1e-12);
        assert!((quantile_position(&[0.0, 1.0, 1.0, 1.0, 2.0], 1.0) - 0.5).abs() < 1e-15);
        assert_eq!(quantile_position(&[0.0, 0.0, 1.0, 2.0, 2.0], 0.0), 0.0);
        assert_eq!(quantile_position(&[0.0, 0.0, 1.0, 2.0, 2.0], 2.0), 1.0);
    }

    #[test]
    fn a_constant_feature_maps_to_zero() {
        for transform in [Transform::None, Transform::Log1p, Transform::YeoJohnson] {
            for scale in [Scale::Standard, Scale::Robust, Scale::Quantile] {
                for value in [0.1, 0.0, -7.3, 1e9] {
                    let (_, mapped) = fit(transform, scale, &[value; 7]);
                    assert_eq!(mapped, [0.0; 7], "{transform:?} {scale:?} {value}");
                }
            }
        }
    }

    #[test]
    fn what_is_not_defined_takes_the_median_and_is_counted() {
        let values = [1.0, f64::NAN, 2.0, 9.0, f64::NAN];
        let (feature, mapped, filled) =
            fit_feature(&spec(Transform::None, Scale::None), &values, None).expect("defined");
        assert_eq!((feature.fill, filled), (2.0, 2));
        assert_eq!(mapped, [1.0, 2.0, 2.0, 9.0, 2.0]);
        assert_eq!(map_value(&feature, f64::NAN), 2.0);
        assert!(fit_feature(&spec(Transform::None, Scale::None), &[f64::NAN], None).is_none());
    }

    #[test]
    fn a_weight_is_a_repetition() {
        let values = [3.0, -1.0, f64::NAN, 0.5, 8.0, 0.5];
        let weights = [1.0, 3.0, 2.0, 4.0, 2.0, 1.0];
        let mut repeated = Vec::new();
        for (value, weight) in values.iter().zip(weights) {
            repeated.extend(std::iter::repeat_n(*value, weight as usize));
        }
        for transform in [Transform::None, Transform::Log1p, Transform::YeoJohnson] {
            for scale in [Scale::None, Scale::Standard, Scale::Robust, Scale::Quantile] {
                let spec = spec(transform, scale);
                let (weighted, ..) = fit_feature(&spec, &values, Some(&weights)).expect("defined");
                let (plain, ..) = fit_feature(&spec, &repeated, None).expect("defined");
                assert_eq!(weighted.fill, plain.fill);
                for value in [-2.0, -1.0, 0.0, 0.5, 3.0, 7.0, 9.0] {
                    let (found, expected) = (map_value(&weighted, value), map_value(&plain, value));
                    assert!((found - expected).abs() < 1e-7, "{transform:?} {scale:?} {value}");
                }
            }
        }
    }

    #[test]
    fn a_new_month_maps_as_the_fitted_one() {
        let values: Vec<f64> = (0..50).map(|i| f64::from(i * i % 37) - 5.0).collect();
        for transform in [Transform::None, Transform::Log1p, Transform::YeoJohnson] {
            for scale in [Scale::None, Scale::Standard, Scale::Robust, Scale::Quantile] {
                let (feature, mapped) = fit(transform, scale, &values);
                let again: Vec<f64> = values.iter().map(|&x| map_value(&feature, x)).collect();
                assert_eq!(mapped, again);
                assert!(mapped.iter().all(|value| value.is_finite()));
            }
        }
    }
}
