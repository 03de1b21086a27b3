//! A share and its effective number of draws -> Wilson's interval; a sample size and a quantile
//! -> the order statistics that bound the quantile.

use statrs::distribution::{Binomial, DiscreteCDF};

/// Confidence of every interval of this room.
pub const CONFIDENCE: f64 = 0.95;

/// The standard normal quantile at 1 - (1 - [`CONFIDENCE`]) / 2 (mpmath, 30 digits).
pub(super) const Z: f64 = 1.959_963_984_540_054;

/// Wilson's score interval (J. Am. Stat. Assoc. 22, 1927) for a share of `n` draws, `n` above 0
/// and not always whole; [0, 1] where there is nothing to go by.
pub(super) fn wilson(share: f64, n: f64) -> (f64, f64) {
    if !(n > 0.0 && (0.0..=1.0).contains(&share)) {
        return (0.0, 1.0);
    }
    let z2 = Z * Z;
    let centre = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z / (1.0 + z2 / n) * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt();
    // At 0 and at 1 the limit is the share itself, which rounding must not cross.
    ((centre - half).clamp(0.0, share), (centre + half).clamp(share, 1.0))
}

/// Places in a sample of `n` sorted ascending, from 0: of the `p`-quantile and of its limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct QuantilePlaces {
    /// The smallest value at which the sample's distribution function reaches `p`.
    pub quantile: usize,
    /// Lower limit.
    pub low: usize,
    /// Upper limit; none where no value of the sample bounds the quantile from above.
    pub high: Option<usize>,
}

/// Place of the `p`-quantile in a sample of `n`, sorted ascending: the first value at which the
/// sample's distribution function reaches `p`; 0 for an empty one.
pub(super) fn quantile_place(n: usize, p: f64) -> usize {
    // A hair below n p, so that 0.9 of 10 is the ninth value, not the tenth.
    ((n as f64 * p - 1e-9).ceil() as usize).clamp(1, n.max(1)) - 1
}

/// The distribution-free interval of a quantile: the number of values at or below it is
/// Binomial(n, p), so that the chance of the quantile lying below the lower limit, and above the
/// upper one, is at most (1 - [`CONFIDENCE`]) / 2 each (David and Nagaraja, Order Statistics,
/// 2003, section 7.1). `n` is above 0, `p` in (0, 1); where no lower limit exists, the smallest
/// value stands for it.
pub(super) fn quantile_places(n: usize, p: f64) -> QuantilePlaces {
    let tail = (1.0 - CONFIDENCE) / 2.0;
    let quantile = quantile_place(n, p);
    let Ok(below) = Binomial::new(p, n as u64) else {
        return QuantilePlaces { quantile, low: 0, high: None };
    };
    // P(X_(l) > Q) = P(B < l), the largest l with at most the tail; places count from 0.
    let first_beyond = |level: f64| {
        let (mut low, mut high) = (0, n);
        while low < high {
            let middle = (low + high) / 2;
            if below.cdf(middle as u64) > level { high = middle } else { low = middle + 1 }
        }
        low
    };
    // The largest l with P(B <= l - 1) <= tail is the first m with P(B <= m) > tail.
    let low = first_beyond(tail).saturating_sub(1).min(quantile);
    // P(X_(u) < Q) <= P(B >= u) = 1 - P(B <= u - 1): the smallest u with at most the tail.
    let upper = first_beyond((1.0 - tail).next_down()) + 1;
    QuantilePlaces { quantile, low, high: (upper <= n).then(|| (upper - 1).max(quantile)) }
}

/// The smallest sample of which the largest value bounds its `p`-quantile from above: p^n at
/// most (1 - [`CONFIDENCE`]) / 2.
pub(super) fn smallest_bounding_sample(p: f64) -> usize {
    (((1.0 - CONFIDENCE) / 2.0).ln() / p.ln()).ceil() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Python: scipy.stats.binomtest(8, 10).proportion_ci(method="wilson") and (0, 1), (1, 1).
    #[test]
    fn wilson_as_scipy() {
        for (share, n, low, high) in [
            (0.8, 10.0, 0.490_162_471_536_641_8, 0.943_317_848_545_624_8),
            (0.0, 1.0, 0.0, 0.793_450_685_622_762_7),
            (1.0, 1.0, 0.206_549_314_377_237_45, 1.0),
        ] {
            let (found_low, found_high) = wilson(share, n);
            assert!((found_low - low).abs() < 1e-12, "{share} of {n}: {found_low}");
            assert!((found_high - high).abs() < 1e-12, "{share} of {n}: {found_high}");
        }
        assert_eq!(wilson(0.5, 0.0), (0.0, 1.0));
        assert_eq!(wilson(f64::NAN, 3.0), (0.0, 1.0));
    }

    /// Against the definition, summed term by term.
    #[test]
    fn limits_leave_a_tail_of_at_most_two_and_a_half_percent() {
        for n in [1_usize, 2, 10, 35, 36, 72, 100, 200] {
            for p in [0.5_f64, 0.8, 0.9, 0.95] {
                let mut cumulated = Vec::with_capacity(n + 1);
                let mut term = (1.0 - p).powi(n as i32);
                let mut sum = term;
                cumulated.push(sum);
                for m in 0..n {
                    term *= (n - m) as f64 / (m + 1) as f64 * p / (1.0 - p);
                    sum += term;
                    cumulated.push(sum);
                }
                let places = quantile_places(n, p);
                let (l, tail) = (places.low + 1, 0.025);
                if l > 1 {
                    assert!(cumulated[l - 1] <= tail, "{n} {p} {places:?}");
                }
                if places.low < places.quantile {
                    assert!(cumulated[l] > tail, "{n} {p} {places:?}");
                }
                match places.high.map(|high| high + 1) {
                    Some(u) => {
                        assert!(1.0 - cumulated[u - 1] <= tail + 1e-12, "{n} {p} {places:?}");
                        assert!(
                            u == 1 || u - 1 == places.quantile || 1.0 - cumulated[u - 2] > tail
                        );
                    }
                    None => assert!(1.0 - cumulated[n - 1] > tail, "{n} {p} {places:?}"),
                }
                assert_eq!(places.high.is_some(), n >= smallest_bounding_sample(p), "{n} {p}");
            }
        }
        assert_eq!(quantile_places(10, 0.9).quantile, 8);
        assert_eq!(smallest_bounding_sample(0.9), 36);
    }
}
