//! The nodes of one integral against very many, and what overflows elsewhere.

use super::*;
use crate::types::Seed;

/// `low` to `high`, evenly in the logarithm; the n-th number drawn for `case`.
pub(in super::super) fn drawn(case: u64, n: u64, low: f64, high: f64) -> f64 {
    let share = Seed(19).derive(case, n).0 as f64 / 2f64.powi(64);
    low * (high / low).powf(share)
}

/// A shape and a history from wide ranges; every third case with alpha near beta, or s near 1.
pub(in super::super) fn case(i: u64) -> (Shape, Pattern) {
    let alpha = drawn(i, 2, 1e-3, 1e3);
    let shape = Shape {
        r: drawn(i, 0, 0.05, 20.0),
        alpha,
        s: if i % 3 == 1 { drawn(i, 1, 0.999, 1.001) } else { drawn(i, 1, 0.05, 20.0) },
        beta: match i % 3 {
            0 => alpha * drawn(i, 3, 0.99, 1.01),
            _ => drawn(i, 3, 1e-3, 1e3),
        },
    };
    let x = [0.0, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 100.0, 500.0][i as usize % 9];
    let T = drawn(i, 4, 0.1, 500.0);
    let t_x = if x == 0.0 { 0.0 } else { T * drawn(i, 5, 1e-2, 1.0) };
    (shape, Pattern { x, t_x, T })
}

/// The dead part and its slope with 48 nodes on each of 200 panels, and no cut.
fn finely(shape: &Shape, pattern: &Pattern, rule: &[(f64, f64)]) -> [f64; 5] {
    let Shape { r, alpha, s, beta } = *shape;
    let (R, span) = (r + pattern.x, pattern.T - pattern.t_x);
    let (a, b) = (alpha + pattern.t_x, beta + pattern.t_x);
    let low = a.min(b);
    let length = (span / low).ln_1p();
    let mut sums = [0.0; 5];
    for panel in 0..200 {
        for &(x, weight) in rule {
            let u = low * ((f64::from(panel) + 0.5 * (1.0 + x)) * length / 200.0).exp_m1();
            let (ln_a, ln_b) = ((u / a).ln_1p(), (u / b).ln_1p());
            let g = weight * length / 400.0 * (-R * ln_a - s * ln_b).exp() * (low + u) / (b + u);
            sums[0] += s * g;
            sums[1] -= s * g * ln_a;
            sums[2] += s * g * R * u / (a * (a + u));
            sums[3] += g - s * g * ln_b;
            sums[4] += s * g * (s * u / (b * (b + u)) - 1.0 / (b + u));
        }
    }
    sums
}

#[test]
fn the_nodes_suffice() {
    let mut worst: f64 = 0.0;
    let rule = gauss_legendre(48);
    for i in 0..400 {
        let (shape, pattern) = case(i);
        let found = Bracket::new(&shape, &pattern);
        let alive = Bracket { dead: 0.0, ..found };
        let [dead, by_r, by_alpha, by_s, by_beta] = finely(&shape, &pattern, &rule);
        let whole = alive.alive + dead;
        worst = worst.max((found.dead - dead).abs() / whole);
        let (a, b) = (shape.alpha + pattern.t_x, shape.beta + pattern.t_x);
        let span = pattern.T - pattern.t_x;
        let (R, s, A) = (shape.r + pattern.x, shape.s, found.alive);
        // By the logarithm of each parameter, as the fit takes them.
        let expected = [
            shape.r * (by_r - A * (span / a).ln_1p()),
            shape.alpha * (by_alpha + A * R * span / (a * (a + span))),
            s * (by_s - A * (span / b).ln_1p()),
            shape.beta * (by_beta + A * s * span / (b * (b + span))),
        ];
        let scales = [shape.r, shape.alpha, s, shape.beta];
        for k in 0..4 {
            let off = (found.slope[k] * scales[k] - expected[k]).abs();
            worst = worst.max(off / (whole + expected[k].abs()));
        }
        assert!(worst < 4e-13, "{shape:?} {pattern:?}: {worst:e}");
    }
}

#[test]
fn what_overflows_elsewhere_is_finite() {
    // formulas.md 3.2, from an issue of lifetimes.
    let shape = Shape { r: 10.465, alpha: 7.98565181e-3, s: 3.0516, beta: 2.820 };
    for (x, t_x, T) in [(400.0, 5.0, 6.0), (500.0, 1.0, 37.0), (500.0, 4.0, 37.0)] {
        let bracket = Bracket::new(&shape, &Pattern { x, t_x, T });
        assert!((bracket.alive + bracket.dead).ln().is_finite(), "{bracket:?}");
        assert!(bracket.slope.iter().all(|slope| slope.is_finite()), "{bracket:?}");
        assert!((0.0..=1.0).contains(&bracket.p_alive()));
    }
    // No time since the last purchase: alive for sure.
    let bracket = Bracket::new(&shape, &Pattern { x: 3.0, t_x: 6.0, T: 6.0 });
    assert_eq!((bracket.alive, bracket.dead, bracket.p_alive()), (1.0, 0.0, 1.0));
}

#[test]
fn short_panels_keep_the_bound() {
    // Integral of e^(-fall y) over [0, 1] is (1 - e^-fall) / fall.
    for i in 0..60 {
        let fall = drawn(i, 0, 1e-6, 45.0);
        let (panels, rule) = panels(1e-9, fall);
        assert_eq!(panels, 1);
        let sum: f64 = rule.iter().map(|(y, weight)| weight * (-fall * y).exp()).sum();
        let expected = -(-fall).exp_m1() / fall;
        assert!((sum - expected).abs() < 2e-13 * expected, "{fall}");
    }
}
