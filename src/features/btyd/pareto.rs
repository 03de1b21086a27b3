//! Histories (x, t_x, T) -> the Pareto/NBD: purchases at a rate that varies over customers by a
//! gamma law (r, alpha) until a death at a rate that varies by another (s, beta).
//!
//! Schmittlein, Morrison and Colombo (1987), "Counting your customers"; equations as in Fader
//! and Hardie (2005), "A note on deriving the Pareto/NBD model and related expressions". The
//! likelihood is integrated where the literature has hypergeometric functions: see
//! `bracket`.

mod bracket;
mod likelihood;
mod table;

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::interval::quantiles;
use super::{BtydError, Fit, Model, Pattern, Patterns};
use crate::math::{gauss_legendre, ln_gamma, ln_rising, scaled_exp_integral};
use crate::types::TimeUnit;
use bracket::{Bracket, Shape};

pub(super) const NAME: &str = "Pareto/NBD";

/// The Pareto/NBD with its parameters, all above 0 and finite.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct ParetoNbd {
    r: f64,
    alpha: f64,
    s: f64,
    beta: f64,
    unit: TimeUnit,
}

/// As it is read, before the parameters are checked.
#[derive(Deserialize)]
struct Unchecked {
    r: f64,
    alpha: f64,
    s: f64,
    beta: f64,
    unit: TimeUnit,
}

impl TryFrom<Unchecked> for ParetoNbd {
    type Error = BtydError;

    fn try_from(raw: Unchecked) -> Result<Self, BtydError> {
        Self::new([raw.r, raw.alpha, raw.s, raw.beta], raw.unit)
    }
}

impl ParetoNbd {
    /// Names of the parameters, in their order.
    pub const PARAMETERS: [&str; 4] = ["r", "alpha", "s", "beta"];

    /// From r, alpha, s, beta: `r` and `s` without a unit, `alpha` and `beta` in `unit`.
    ///
    /// # Errors
    /// `Parameter`, unless all are above 0 and finite.
    pub fn new(parameters: [f64; 4], unit: TimeUnit) -> Result<Self, BtydError> {
        for (&value, parameter) in parameters.iter().zip(Self::PARAMETERS) {
            if !(value > 0.0 && value.is_finite()) {
                let range = "above 0 and finite";
                return Err(BtydError::Parameter { model: NAME, parameter, value, range });
            }
        }
        let [r, alpha, s, beta] = parameters;
        Ok(Self { r, alpha, s, beta, unit })
    }

    /// The parameters that are most likely given `patterns`, whose times are in `unit`, with
    /// how they were found.
    ///
    /// The estimates are to be trusted where [`Fit::sound`] says so: customers who are all alike,
    /// or who never stop, leave parameters without a limit.
    ///
    /// # Errors
    /// `TooLittle` without a repeat purchase or without time after the first ones; `NotFinite`.
    pub fn fit(patterns: &Patterns, unit: TimeUnit) -> Result<(Self, Fit), BtydError> {
        likelihood::fit(patterns, unit)
    }

    /// r, alpha, s, beta.
    pub fn parameters(&self) -> [f64; 4] {
        [self.r, self.alpha, self.s, self.beta]
    }

    /// Total log-likelihood of `patterns`, whose times are in the model's unit. Constants that
    /// depend on the data alone are left out, as in the literature.
    pub fn log_likelihood(&self, patterns: &Patterns) -> f64 {
        likelihood::Likelihood::new(patterns).evaluate(&self.shape()).0
    }

    fn shape(&self) -> Shape {
        Shape { r: self.r, alpha: self.alpha, s: self.s, beta: self.beta }
    }
}

impl Model for ParetoNbd {
    fn unit(&self) -> TimeUnit {
        self.unit
    }

    /// Fader and Hardie (2005), section 5.
    fn p_alive(&self, pattern: &Pattern) -> f64 {
        Bracket::new(&self.shape(), pattern).p_alive()
    }

    /// Fader and Hardie (2005), section 6.
    fn expected_orders(&self, pattern: &Pattern, t: f64) -> f64 {
        let rate = (self.r + pattern.x) / (self.alpha + pattern.T);
        self.p_alive(pattern) * rate * expected_life(self.s, self.beta + pattern.T, t)
    }

    /// Given the age at death, orders up to it are negative binomial with the posterior's shape;
    /// given that the customer is alive at T, that age beyond T has a Pareto law.
    fn order_interval(&self, pattern: &Pattern, t: f64, shares: (f64, f64)) -> Option<(f64, f64)> {
        static RULE: OnceLock<Vec<(f64, f64)>> = OnceLock::new();
        let rule = RULE.get_or_init(|| gauss_legendre(16));
        let (alpha, beta) = (self.alpha + pattern.T, self.beta + pattern.T);
        let low = alpha.min(beta);
        let length = (t / low).ln_1p();
        let dead = rule.iter().map(|&(x, weight)| {
            let u = low * (0.5 * length * (1.0 + x)).exp_m1();
            let density = self.s / (beta + u) * (-self.s * (u / beta).ln_1p()).exp();
            (0.5 * length * weight * density * (low + u), u / alpha)
        });
        let living = ((-self.s * (t / beta).ln_1p()).exp(), t / alpha);
        let parts = dead.chain(std::iter::once(living));
        quantiles(self.r + pattern.x, parts, self.p_alive(pattern), |_| 1.0, shares)
    }

    /// Fader, Hardie and Lee (2005), "RFM and CLV": given that the customer is alive,
    /// the rate of purchases has the mean (r+x)/(alpha+T), and life beyond T survives t with the
    /// chance ((beta+T)/(beta+T+t))^s, whose discounted integral is an exponential integral
    /// (they write it with Tricomi's function).
    fn discounted_orders(&self, pattern: &Pattern, delta: f64) -> f64 {
        let rate = (self.r + pattern.x) / (self.alpha + pattern.T);
        let scale = self.beta + pattern.T;
        self.p_alive(pattern) * rate * scale * scaled_exp_integral(self.s, delta * scale)
    }

    /// Fader and Hardie (2005), section 4.
    fn expected_orders_new(&self, t: f64) -> f64 {
        self.r / self.alpha * expected_life(self.s, self.beta, t)
    }

    /// Given the age at death, orders up to it are negative binomial; the law of that age is
    /// Pareto. The published closed form (Fader and Hardie, "Deriving an
    /// expression for P(X(t) = x) under the Pareto/NBD model") is a sum of differences.
    fn probability(&self, n: u32, t: f64) -> f64 {
        let Self { r, alpha, s, beta, .. } = *self;
        let n = f64::from(n);
        let constant = ln_rising(r, n) - ln_gamma(n + 1.0);
        // ln P(n orders in an alive time of u): no orders without time.
        let orders = |u: f64| {
            let some = if n > 0.0 { -n * (alpha / u).ln_1p() } else { 0.0 };
            constant - r * (u / alpha).ln_1p() + some
        };
        if t.is_nan() || t <= 0.0 {
            return f64::from(u8::from(n == 0.0 && t == 0.0));
        }
        let alive = (orders(t) - s * (t / beta).ln_1p()).exp();
        let low = alpha.min(beta);
        let dead = |y: f64| {
            let u = low * y.exp_m1();
            s * (low + u) / (beta + u) * (orders(u) - s * (u / beta).ln_1p()).exp()
        };
        (alive + integrate(&dead, (t / low).ln_1p())).min(1.0)
    }
}

/// The time that a customer who is alive now is expected to live out of the next `t`, `scale`
/// being beta and the age: scale/(s-1) (1 - (scale/(scale+t))^(s-1)), also at and near s = 1.
fn expected_life(s: f64, scale: f64, t: f64) -> f64 {
    let logarithm = (t / scale).ln_1p();
    let exponent = (s - 1.0) * logarithm;
    let mean = if exponent == 0.0 { 1.0 } else { -(-exponent).exp_m1() / exponent };
    scale * logarithm * mean
}

/// The integral of a function that is positive and smooth from 0 to `length`, in panels that are
/// halved until both halves agree with the whole to 1e-13 of the integral.
fn integrate(function: &dyn Fn(f64) -> f64, length: f64) -> f64 {
    const DEPTH: u32 = 40;
    static RULE: OnceLock<Vec<(f64, f64)>> = OnceLock::new();
    let rule = RULE.get_or_init(|| gauss_legendre(16));
    let over = |from: f64, width: f64| -> f64 {
        let at = |x: f64| function(from + 0.5 * width * (1.0 + x));
        0.5 * width * rule.iter().map(|&(x, weight)| weight * at(x)).sum::<f64>()
    };
    let panels = (2.0 * length).ceil().clamp(1.0, 1e4);
    let width = length / panels;
    let mut open: Vec<(f64, f64, f64, u32)> = (0..panels as u32)
        .map(|i| (f64::from(i) * width, width, over(f64::from(i) * width, width), 0))
        .collect();
    let rough: f64 = open.iter().map(|panel| panel.2).sum();
    let mut total = 0.0;
    while let Some((from, width, whole, depth)) = open.pop() {
        let half = 0.5 * width;
        let (left, right) = (over(from, half), over(from + half, half));
        let apart = (left + right - whole).abs();
        if depth == DEPTH || apart.is_nan() || apart <= 1e-13 * rough.max(left + right) {
            total += left + right;
        } else {
            open.push((from, half, left, depth + 1));
            open.push((from + half, half, right, depth + 1));
        }
    }
    total
}

#[cfg(test)]
#[path = "pareto/tests.rs"]
mod tests;
