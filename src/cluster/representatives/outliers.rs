//! Squared distances of the m members of a cluster to its centre -> how far out each is, on a
//! scale on which members of a Gaussian cluster are about normal.
//!
//! The squared distance of a Gaussian to its mean is a weighted sum of chi-squares whatever the
//! covariance; its cube root is close to normal (Wilson and Hilferty, PNAS 17, 1931). The score is
//! the robust z-score of the cube root: less the median, over the upper spread
//! (q(0.9) - median) / 1.2816. Above 3.5 (Iglewicz and Hoaglin, How to Detect and Handle Outliers,
//! 1993) a member counts as an outlier. Median and q(0.9) are those of the cluster, so that up to
//! a tenth of it may be outliers without hiding them, and the spread is taken upwards alone
//! (Kimber, Appl. Stat. 39, 1990), where it matters and where customers are skewed.
//!
//! Quantiles of few members are uncertain: the spread is widened by 1 + 10 / m, which keeps the
//! rate of false alarms for all m. Under a Gaussian cluster that rate is about 1 to 2 in 10,000
//! members where all directions vary alike, and up to 13 in 10,000 where one varies as much as
//! many others together: see the tests. A member of weight 2 counts as two equal ones.

use crate::math::weighted_quantiles;

/// Score above which a customer counts as an outlier of the segment.
pub const OUTLIER_ABOVE: f64 = 3.5;

/// Members from which a cluster's members have a score: the quantiles of fewer say too little.
pub const SCORED_FROM: usize = 20;

/// Share of the members below the upper quantile.
const UPPER: f64 = 0.9;
/// The normal quantile at [`UPPER`] (scipy.stats.norm.ppf(0.9)).
const NORMAL_AT_UPPER: f64 = 1.281_551_565_544_600_4;
/// What the spread is widened by for m members: 1 + this / m.
const WIDENING: f64 = 10.0;
/// The spread is at least this part of the cube root of the scale: no cluster counts as tighter
/// than a thousandth of the whole, and customers all alike but for rounding have no outliers.
const SMALLEST_SPREAD: f64 = 0.01;

/// Scores of the members in the order of `squared`, their squared distances, of which each counts
/// as `weights` say, once where there are none; none for fewer than [`SCORED_FROM`], and where all rows of the fit coincide. `scale` is what squared distances are
/// like when clusters are not told apart: the mean square of all rows about their mean, or p where
/// distances are Mahalanobis'.
pub(super) fn scores(squared: &[f64], weights: Option<&[f64]>, scale: f64) -> Option<Vec<f64>> {
    let m = weights.map_or(squared.len() as f64, |weights| weights.iter().sum());
    if m < SCORED_FROM as f64 || scale <= 0.0 {
        return None;
    }
    let roots: Vec<f64> = squared.iter().map(|&squared| cube_root(squared)).collect();
    let quantiles = weighted_quantiles(&roots, weights, &[0.5, UPPER]);
    let &[median, upper] = &quantiles[..] else { return None };
    let spread = (upper - median) / NORMAL_AT_UPPER * (1.0 + WIDENING / m);
    let spread = spread.max(SMALLEST_SPREAD * cube_root(scale));
    Some(roots.iter().map(|root| (root - median) / spread).collect())
}

/// The cube root of `value`, 0 for what is not above 0. By Halley's method in plain arithmetic:
/// that of the system's library differs in the last bit from one system to another.
fn cube_root(value: f64) -> f64 {
    if value < f64::MIN_POSITIVE {
        return 0.0;
    }
    // A third of the exponent: within 6 % (Kahan's first guess).
    let mut root = f64::from_bits(value.to_bits() / 3 + 0x2A9F_7893_0000_0000);
    for _ in 0..4 {
        let cube = root * root * root;
        root *= (cube + value + value) / (cube + cube + value);
    }
    root
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_distr::{Distribution, StandardNormal};
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;

    #[test]
    fn cube_roots() {
        for value in [1e-300, 1e-12, 0.5, 1.0, 8.0, 27.0, 1e6, 1e200] {
            let root = cube_root(value);
            assert!((root / value.cbrt() - 1.0).abs() < 4e-16, "{value}: {root}");
        }
        assert_eq!((cube_root(0.0), cube_root(-1.0), cube_root(1e-310)), (0.0, 0.0, 0.0));
    }

    #[test]
    fn scores_by_hand() {
        // 21 members with cube roots 0, 1, ..., 20: median 10, upper quantile 18.
        let squared: Vec<f64> = (0..21).map(|i| f64::from(i).powi(3)).collect();
        let found = scores(&squared, None, 1.0).expect("enough members");
        let spread = 8.0 / 1.281_551_565_544_600_4 * (1.0 + 10.0 / 21.0);
        for (i, score) in found.iter().enumerate() {
            assert!((score - (i as f64 - 10.0) / spread).abs() < 1e-12, "{i}: {score}");
        }
        assert_eq!(scores(&squared[..19], None, 1.0), None);
    }

    #[test]
    fn a_weight_of_two_is_the_member_repeated() {
        let squared: Vec<f64> = (0..17).map(|i| f64::from(i).powi(2)).collect();
        let weights: Vec<f64> = (0..17).map(|i| f64::from(1 + i % 3)).collect();
        let each = squared.iter().zip(&weights);
        let repeated: Vec<f64> = each
            .flat_map(|(&value, &weight)| std::iter::repeat_n(value, weight as usize))
            .collect();
        let found = scores(&squared, Some(&weights), 1.0).expect("32 of them");
        let expected = scores(&repeated, None, 1.0).expect("32 members");
        let first = |i: usize| weights[..i].iter().sum::<f64>() as usize;
        assert!((0..17).all(|i| (found[i] - expected[first(i)]).abs() < 1e-12));
        assert_eq!(scores(&squared, None, 1.0), None, "17 members");
    }

    #[test]
    fn a_spread_of_nothing_is_widened_to_a_part_of_the_whole() {
        let mut squared = vec![1e-30; 30];
        assert_eq!(scores(&squared, None, 0.0), None, "all rows of the fit coincide");
        let found = scores(&squared, None, 8.0).expect("enough members");
        assert!(found.iter().all(|score| score.abs() < 1e-6));
        // The whole has cube root 2, so the spread is 0.02: a root of 0.1 scores 5.
        squared[7] = 1e-3;
        let found = scores(&squared, None, 8.0).expect("enough members");
        assert!((found[7] - 5.0).abs() < 1e-6);
    }

    /// Share of the members of Gaussian clusters of `m` with these standard deviations that are
    /// flagged, over `clusters` of them; the centre is their mean, as k-means has it.
    fn false_alarms(m: usize, deviations: &[f64], clusters: usize) -> f64 {
        let p = deviations.len();
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(m as u64 + 31 * p as u64);
        let mut flagged = 0;
        for _ in 0..clusters {
            let rows: Vec<f64> = (0..m * p)
                .map(|at| {
                    let normal: f64 = StandardNormal.sample(&mut rng);
                    deviations[at % p] * normal
                })
                .collect();
            let mean = |j: usize| rows.iter().skip(j).step_by(p).sum::<f64>() / m as f64;
            let means: Vec<f64> = (0..p).map(mean).collect();
            let square = |row: &[f64]| row.iter().zip(&means).map(|(a, b)| (a - b).powi(2)).sum();
            let squared: Vec<f64> = rows.chunks_exact(p).map(square).collect();
            let found = scores(&squared, None, 1.0).expect("enough members");
            flagged += found.iter().filter(|&&score| score > OUTLIER_ABOVE).count();
        }
        flagged as f64 / (m * clusters) as f64
    }

    #[test]
    fn false_alarms_are_as_rare_as_documented() {
        for (m, clusters) in [(20, 10_000), (100, 2_000), (1_000, 300), (20_000, 20)] {
            for p in [1, 2, 4, 8, 16] {
                let rate = false_alarms(m, &vec![1.0; p], clusters);
                assert!((0.3e-4..3.5e-4).contains(&rate), "{m} members, {p} features: {rate}");
            }
            // One of variance 10 among less; one of variance 6 beside seven of 1.
            let long = [3.16, 1.73, 1.0, 0.55, 0.1];
            let rate = false_alarms(m, &long, clusters);
            assert!((1e-4..7e-4).contains(&rate), "{m} members, elongated: {rate}");
            let worst = [2.45, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
            let rate = false_alarms(m, &worst, clusters);
            assert!((5e-4..16e-4).contains(&rate), "{m} members, the worst: {rate}");
        }
    }

    #[test]
    fn planted_outliers_are_found() {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(5);
        for (m, planted) in [(40, 1), (500, 20), (5_000, 300)] {
            for p in [2, 8] {
                // 8 and more standard deviations out in a single feature.
                let mut squared: Vec<f64> = (0..m)
                    .map(|_| {
                        (0..p)
                            .map(|_| {
                                let normal: f64 = StandardNormal.sample(&mut rng);
                                normal * normal
                            })
                            .sum()
                    })
                    .collect();
                for (at, squared) in squared.iter_mut().take(planted).enumerate() {
                    *squared += (9.0 + at as f64 * 0.1).powi(2);
                }
                let found = scores(&squared, None, p as f64).expect("enough members");
                let missed = found[..planted].iter().filter(|&&s| s <= OUTLIER_ABOVE).count();
                assert_eq!(missed, 0, "{planted} of {m}, {p} features");
            }
        }
    }
}
