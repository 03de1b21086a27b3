//! A count of a part of the population -> how likely chance alone is to give one as far out; many
//! such figures -> those that stand out at a false discovery rate.
//!
//! Under chance a part of n customers drawn from N, of whom K have the value, holds a
//! hypergeometric number of them: the two-sided p-value is twice the smaller tail, at most 1
//! (Fisher's exact test, two-sided after Rosner 2015, section 10.3). Over all figures of a family
//! the step-up rule of Benjamini and Hochberg (1995, doi:10.1111/j.2517-6161.1995.tb02031.x).

use crate::math::ln_gamma;

/// The two-sided p-value of `part.0` of `part.1` customers with a value that `whole.0` of
/// `whole.1` have; none where these cannot be part and whole. O(standard deviations).
pub(super) fn p_value(part: (usize, usize), whole: (usize, usize)) -> Option<f64> {
    let ((x, n), (k, all)) = (part, whole);
    if x > n || x > k || n > all || k > all || n - x > all - k {
        return None;
    }
    let (low, high) = ((n + k).saturating_sub(all), n.min(k));
    let real = |count: usize| count as f64;
    let choose = |n: usize, k: usize| {
        ln_gamma(real(n) + 1.0) - ln_gamma(real(k) + 1.0) - ln_gamma(real(n - k) + 1.0)
    };
    let here = (choose(k, x) + choose(all - k, n - x) - choose(all, n)).exp();
    // The tail away from the mean is the smaller one.
    let above = real(x) * real(all) >= real(n) * real(k);
    let (mut tail, mut term, mut at) = (here, here, x);
    while (if above { at < high } else { at > low }) && term > tail * 1e-17 {
        // P(i + 1) / P(i) = (K - i)(n - i) / ((i + 1)(N - K - n + i + 1)).
        let ratio =
            |i: usize| real(k - i) * real(n - i) / (real(i + 1) * real(all - k + i + 1 - n));
        term = if above { term * ratio(at) } else { term / ratio(at - 1) };
        at = if above { at + 1 } else { at - 1 };
        tail += term;
    }
    Some((2.0 * tail).min(1.0))
}

/// Which of `p_values` stand out at the false discovery rate `rate`. O(m log m).
pub(super) fn discoveries(p_values: &[f64], rate: f64) -> Vec<bool> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    // The last place i, from 1, with p(i) <= i q / m.
    let m = p_values.len() as f64;
    let kept = (order.iter().enumerate())
        .rposition(|(place, at)| p_values[*at] <= (place + 1) as f64 * rate / m)
        .map_or(0, |last| last + 1);
    let mut found = vec![false; p_values.len()];
    for at in &order[..kept] {
        found[*at] = true;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Fisher's tea (The Design of Experiments, 1935): 4 of 4 right of 8 cups with 4 of a kind has
    /// chance 1/70; 3 of 4 or more has 17/70. By hand.
    #[test]
    fn the_lady_tasting_tea() {
        let near = |p: Option<f64>, expected: f64| (p.unwrap() - expected).abs() < 1e-12;
        assert!(near(p_value((4, 4), (4, 8)), 2.0 / 70.0));
        assert!(near(p_value((3, 4), (4, 8)), 34.0 / 70.0));
        assert!(near(p_value((0, 4), (4, 8)), 2.0 / 70.0));
        assert!(near(p_value((2, 4), (4, 8)), 1.0));
        assert!(near(p_value((8, 8), (8, 8)), 1.0));
        assert_eq!(p_value((5, 4), (4, 8)), None);
        assert_eq!(p_value((1, 5), (5, 8)), None, "four others of three");
    }

    /// The example of Benjamini and Hochberg (1995, section 4.1, myocardial infarction): of 15
    /// p-values the first four are found at 0.05.
    #[test]
    fn the_example_of_the_paper() {
        let p = [
            0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
            0.5719, 0.6528, 0.7590, 1.0,
        ];
        let found = discoveries(&p, 0.05);
        assert_eq!(found.iter().filter(|found| **found).count(), 4);
        assert!(found[..4].iter().all(|found| *found));
        assert!(discoveries(&[], 0.05).is_empty());
        assert_eq!(discoveries(&[0.9, 0.01], 0.05), [false, true]);
    }

    proptest! {
        /// The naive sum over all possible counts.
        #[test]
        fn tails_equal_the_naive_sum(all in 1_usize..60, k in 0_usize..60, n in 0_usize..60, x in 0_usize..60) {
            let (k, n) = (k % (all + 1), n % (all + 1));
            let x = x % (n + 1);
            let choose = |n: usize, k: usize| -> f64 {
                if k > n { return 0.0; }
                (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product()
            };
            let mass = |i: usize| choose(k, i) * choose(all - k, n - i) / choose(all, n);
            let naive = (2.0 * (x..=n).map(mass).sum::<f64>())
                .min(2.0 * (0..=x).map(mass).sum::<f64>())
                .min(1.0);
            match p_value((x, n), (k, all)) {
                Some(p) => prop_assert!((p - naive).abs() < 1e-9, "{p} {naive}"),
                None => prop_assert!(mass(x) == 0.0),
            }
        }
    }
}
