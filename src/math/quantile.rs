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

/// The quantiles at `shares`, each in [0, 1], of the values that are defined (not NaN); empty when
/// there are none. With `weights` (finite, above 0, one a value) a value of weight 2 counts like
/// two equal ones; weights that are all alike change nothing.
pub fn weighted_quantiles(values: &[f64], weights: Option<&[f64]>, shares: &[f64]) -> Vec<f64> {
    let Some(weights) = weights else {
        let sorted = sorted_defined(values);
        return shares.iter().filter_map(|&share| quantile_of_sorted(&sorted, share)).collect();
    };
    let mut pairs: Vec<(f64, f64)> = values.iter().copied().zip(weights.iter().copied()).collect();
    pairs.retain(|(value, _)| !value.is_nan());
    // Weights too: sums of equal values in another order would be rounded otherwise.
    pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let Some(&(highest, last)) = pairs.last() else { return Vec::new() };
    // A value fills the places from the sum of the weights before it to a place short of the sum
    // with its own; between two values the quantile is linear, as between order statistics.
    let mut starts = Vec::with_capacity(pairs.len() + 1);
    starts.push(0.0);
    for (_, weight) in &pairs {
        starts.push(starts[starts.len() - 1] + weight);
    }
    let end = |index: usize| f64::max(starts[index], starts[index + 1] - 1.0);
    let end_of_last = f64::max(starts[pairs.len() - 1], starts[pairs.len() - 1] + last - 1.0);
    let quantile = |share: f64| {
        let place = share.clamp(0.0, 1.0) * end_of_last;
        let index = starts[..pairs.len()].partition_point(|&start| start <= place) - 1;
        let low = pairs[index].0;
        if index + 1 == pairs.len() {
            return highest;
        }
        let (from, high) = (end(index), pairs[index + 1].0);
        if place <= from || low == high {
            return low;
        }
        low + (place - from) / (starts[index + 1] - from) * (high - low)
    };
    shares.iter().map(|&share| quantile(share)).collect()
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
    fn a_weight_is_a_repetition() {
        let values = [4.0, 1.0, f64::NAN, 2.0, 9.0];
        let weights = [2.0, 3.0, 7.0, 1.0, 4.0];
        let mut repeated = Vec::new();
        for (value, weight) in values.iter().zip(weights) {
            repeated.extend(std::iter::repeat_n(*value, weight as usize));
        }
        let shares: Vec<f64> = (0..=100).map(|i| f64::from(i) / 100.0).collect();
        let expected = weighted_quantiles(&repeated, None, &shares);
        assert_eq!(weighted_quantiles(&values, Some(&weights), &shares), expected);
        // One third each is one each.
        let thirds = weighted_quantiles(&values, Some(&[1.0 / 3.0; 5]), &shares);
        for (found, expected) in thirds.iter().zip(weighted_quantiles(&values, None, &shares)) {
            assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
        }
        assert!(weighted_quantiles(&[f64::NAN], Some(&[1.0]), &[0.5]).is_empty());
        assert_eq!(weighted_quantiles(&[7.0], Some(&[0.2]), &[0.0, 0.5, 1.0]), [7.0; 3]);
    }

    #[test]
    fn what_is_not_defined_does_not_count() {
        assert_eq!(median(&[f64::NAN, 3.0, 1.0, f64::NAN, 2.0]), Some(2.0));
        assert_eq!(median(&[f64::NAN]), None);
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[7.0]), Some(7.0));
    }
}
