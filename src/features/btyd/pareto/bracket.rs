//! One history and the parameters of the Pareto/NBD -> the part of its likelihood that is left
//! when its value at t_x is taken out, alive and dead, with derivatives.
//!
//! The likelihood (Schmittlein, Morrison and Colombo 1987; Fader and Hardie 2005, "A note on
//! deriving the Pareto/NBD model", section 3, before the integration) is
//!
//! G(r+x) alpha^r beta^s / G(r) [ (alpha+T)^-(r+x) (beta+T)^-s + s I ],
//! I = integral over u from t_x to T of (alpha+u)^-(r+x) (beta+u)^-(s+1).
//!
//! The published closed form has I as a difference of two hypergeometric functions, whose digits
//! cancel. Here I stays an integral: its terms are all positive, nothing cancels, nothing
//! overflows, and the derivatives come from the same nodes.

use std::sync::OnceLock;

use crate::features::btyd::Pattern;
use crate::math::gauss_legendre;

/// r, alpha, s, beta: all above 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub r: f64,
    pub alpha: f64,
    pub s: f64,
    pub beta: f64,
}

/// The bracket, divided by (alpha+t_x)^-(r+x) (beta+t_x)^-s.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bracket {
    /// The customer is alive at T.
    pub alive: f64,
    /// The customer died in (t_x, T): s I.
    pub dead: f64,
    /// Derivatives of `alive + dead` by r, alpha, s, beta.
    pub slope: [f64; 4],
}

/// What falls below e^-45 (3e-20) of the integrand's start is not integrated.
pub(super) const NEGLIGIBLE: f64 = 45.0;
/// Longest panel in the logarithmic variable.
const PANEL: f64 = 4.0;
/// Most nodes of a panel.
const NODES: usize = 48;
/// Above this, ln(1 + small) taken as ln of a rounded number would cost digits.
pub(super) const STEEP: f64 = 200.0;

impl Bracket {
    pub(super) fn new(shape: &Shape, pattern: &Pattern) -> Self {
        let Shape { r, alpha, s, beta } = *shape;
        let Pattern { x, t_x, T } = *pattern;
        let R = r + x;
        let span = T - t_x;
        let (a, b) = (alpha + t_x, beta + t_x);
        let (ln_a, ln_b) = ((span / a).ln_1p(), (span / b).ln_1p());
        let alive = (-R * ln_a - s * ln_b).exp();
        let mut bracket = Self {
            alive,
            dead: 0.0,
            slope: [
                -ln_a * alive,
                R * span / ((a + span) * a) * alive,
                -ln_b * alive,
                s * span / ((b + span) * b) * alive,
            ],
        };
        if span > 0.0 {
            bracket.add_dead(R, s, (a, b), (span, ln_a, ln_b));
        }
        bracket
    }

    /// Gauss-Legendre panels in y = ln((m + u) / (m + t_x)), m the lesser of alpha and beta:
    /// in y the integrand is a product of nearly exponential functions, whatever the ratio of T
    /// to alpha and beta, and its singularities are pi away from the real axis.
    fn add_dead(&mut self, R: f64, s: f64, (a, b): (f64, f64), end: (f64, f64, f64)) {
        let (mut span, mut ln_a, mut ln_b) = end;
        let cut = (a * (NEGLIGIBLE / R).exp_m1()).min(b * (NEGLIGIBLE / (s + 1.0)).exp_m1());
        if cut < span {
            (span, ln_a, ln_b) = (cut, (cut / a).ln_1p(), (cut / b).ln_1p());
        }
        let length = ln_a.max(ln_b);
        let fall = R * ln_a + s * ln_b;
        let (panels, rule) = panels(length, fall);
        let (low, high) = if a <= b { (a, b) } else { (b, a) };
        let steep = R + s > STEEP;
        let width = length / panels as f64;
        // Sums over the nodes of g by 1, ln a_u/a, (u-t_x)/a_u, ln b_u/b, (u-t_x)/b_u, 1/b_u.
        let mut sums = [0.0; 6];
        for panel in 0..panels {
            for &(place, weight) in rule {
                let y = (panel as f64 + place) * width;
                let (u, ln_high) = if steep {
                    let u = (low * y.exp_m1()).min(span);
                    (u, (u / high).ln_1p())
                } else {
                    let u = low * (y.exp() - 1.0);
                    (u, (1.0 + u / high).ln())
                };
                let (ln_a_u, ln_b_u) = if a <= b { (y, ln_high) } else { (ln_high, y) };
                let per_a = 1.0 / (a + u);
                let per_b = 1.0 / (b + u);
                let g = weight * (-R * ln_a_u - s * ln_b_u).exp() * ((low + u) * per_b);
                sums[0] += g;
                sums[1] += g * ln_a_u;
                sums[2] += g * u * per_a;
                sums[3] += g * ln_b_u;
                sums[4] += g * u * per_b;
                sums[5] += g * per_b;
            }
        }
        let [all, by_ln_a, by_a, by_ln_b, by_b, per_b] = sums.map(|sum| sum * width);
        self.dead = s * all;
        self.slope[0] -= s * by_ln_a;
        self.slope[1] += s * R / a * by_a;
        self.slope[2] += all - s * by_ln_b;
        self.slope[3] += s * (s / b * by_b - per_b);
    }

    /// The chance of being alive at T.
    pub(super) fn p_alive(&self) -> f64 {
        self.alive / (self.alive + self.dead)
    }
}

/// How many panels of equal length, and the rule of each on [0, 1], for an integrand that falls
/// by `fall` in its exponent over `length` of the logarithmic variable.
///
/// The count is the envelope of what 60,000 random integrals (r, s 0.05 to 20, alpha, beta 1e-3
/// to 1e3, x to 500, T to 500) needed for 5e-14 of the likelihood and of its derivatives; for
/// short ones it is the rule's own bound (Abramowitz and Stegun 25.4.30) for an exponential
/// function, to 1e-13. A test checks both against finer panels.
pub(super) fn panels(length: f64, fall: f64) -> (usize, &'static [(f64, f64)]) {
    static RULES: OnceLock<Vec<Vec<(f64, f64)>>> = OnceLock::new();
    let rules = RULES.get_or_init(|| {
        let on_unit = |(x, weight): (f64, f64)| (0.5 * (1.0 + x), 0.5 * weight);
        (1..=NODES).map(|n| gauss_legendre(n).into_iter().map(on_unit).collect()).collect()
    });
    // (n!)^4 / ((2n + 1) ((2n)!)^3) for n = 2, 3, 4.
    const BOUNDS: [f64; 3] = [1.0 / 4320.0, 1.0 / 2_016_000.0, 1.0 / 1_778_112_000.0];
    for (n, bound) in (2..).zip(BOUNDS) {
        if bound * (fall + f64::from(n) * length).powi(2 * n) <= 1e-13 {
            return (1, &rules[n as usize - 1]);
        }
    }
    let panels = (length / PANEL).ceil().clamp(1.0, 1e3);
    let nodes = (4.2 + 2.75 * fall.sqrt() + 1.9 * length / panels).ceil();
    (panels as usize, &rules[(nodes as usize).clamp(1, NODES) - 1])
}

#[cfg(test)]
#[path = "bracket_tests.rs"]
pub(super) mod tests;
