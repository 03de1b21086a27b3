//! Quantiles of a sample by linear interpolation between order statistics (type 7 of Hyndman
//! and Fan, The American Statistician 50, 1996; the default of numpy and R).

/// The values that are defined (not NaN), ascending.
pub fn sorted_defined(values: &[f64]) -> Vec<f64> {
    let mut defined: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    defined.sort_unstable_by(f64::total_cmp);
    defined
}

/// The quantile at `share` in [0, 1] of ascending values; `None` when there are none.
pub fn quantile_of_sorted(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let position = share.clamp(0.0, 1.0) * last as f64;
    let below = (position.floor() as usize).min(last);
    let above = (below + 1).min(last);
    let fraction = position - below as f64;
    if fraction == 0.0 || sorted[below] == sorted[above] {
        return Some(sorted[below]);
    }
    Some(sorted[below] + fraction * (sorted[above] - sorted[below]))
}

/// The median of the values that are defined (not NaN); `None` when there are none.
pub fn median(values: &[f64]) -> Option<f64> {
    quantile_of_sorted(&sorted_defined(values), 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_interpolate_between_order_statistics() {
        // R: quantile(c(1, 2, 4, 8), c(0, .25, .5, .9, 1)) is 1.0 1.75 3.0 6.8 8.0
        let sorted = [1.0, 2.0, 4.0, 8.0];
        for (share, expected) in [(0.0, 1.0), (0.25, 1.75), (0.5, 3.0), (0.9, 6.8), (1.0, 8.0)] {
            let found = quantile_of_sorted(&sorted, share).expect("not empty");
            assert!((found - expected).abs() < 1e-12, "{share}: {found}");
        }
    }

    #[test]
    fn what_is_not_defined_does_not_count() {
        assert_eq!(median(&[f64::NAN, 3.0, 1.0, f64::NAN, 2.0]), Some(2.0));
        assert_eq!(median(&[f64::NAN]), None);
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[7.0]), Some(7.0));
    }
}
