//! (x, t_x, T) of each customer -> BG/NBD or MBG/NBD: P(alive), orders and discounted orders.
//!
//! Customers buy at random at a rate lambda ~ Gamma(r, alpha) and after each purchase stop with
//! chance p ~ Beta(a, b). BG/NBD: Fader, Hardie and Lee (2005), "Counting Your Customers the Easy
//! Way: An Alternative to the Pareto/NBD Model", doi:10.1287/mksc.1040.0098; the coin is tossed
//! after repeat purchases only, so that a customer without one is alive for sure. MBG/NBD:
//! Batislam, Denizel and Filiztekin (2007), doi:10.1016/j.ijresmar.2006.12.005, and Wagner and
//! Hoppe (2008); it is tossed after the first purchase too. One code for both: they differ in the
//! number of tosses that x repeat purchases have survived.
//!
//! Covariates and seasons are not modelled.

mod likelihood;
mod posterior;

use super::interval::quantiles;
use super::{BtydError, Fit, Model, Pattern, Patterns, fit};
use crate::math::ln_rising;
use crate::types::TimeUnit;
use likelihood::{Likelihood, log_odds};
use posterior::Posterior;

/// After which purchases a customer may stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dropout {
    /// After repeat purchases: BG/NBD.
    AfterRepeat,
    /// After the first purchase too: MBG/NBD.
    AlsoAtFirst,
}

impl Dropout {
    /// `BG/NBD` or `MBG/NBD`.
    pub const fn model(self) -> &'static str {
        match self {
            Dropout::AfterRepeat => "BG/NBD",
            Dropout::AlsoAtFirst => "MBG/NBD",
        }
    }

    /// Tosses of the coin after `x` repeat purchases.
    fn tosses(self, x: f64) -> f64 {
        match self {
            Dropout::AfterRepeat => x,
            Dropout::AlsoAtFirst => x + 1.0,
        }
    }
}

/// A BG/NBD or MBG/NBD with its parameters, which are positive and finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BetaGeometric {
    parameters: [f64; 4],
    dropout: Dropout,
    unit: TimeUnit,
}

/// Names of the parameters, in their order.
const NAMES: [&str; 4] = ["r", "alpha", "a", "b"];

/// Fewer distinct patterns than this cannot determine four parameters.
const FEWEST_PATTERNS: usize = 5;

/// Patterns on which starting points are tried.
const PILOT: usize = 4096;

impl BetaGeometric {
    /// The model with parameters r, alpha (in `unit`), a, b.
    ///
    /// # Errors
    /// `Parameter` unless each is positive and finite.
    pub fn new(parameters: [f64; 4], dropout: Dropout, unit: TimeUnit) -> Result<Self, BtydError> {
        for (parameter, value) in NAMES.into_iter().zip(parameters) {
            if !(value > 0.0 && value.is_finite()) {
                let (model, range) = (dropout.model(), "positive and finite");
                return Err(BtydError::Parameter { model, parameter, value, range });
            }
        }
        Ok(Self { parameters, dropout, unit })
    }

    /// Maximum likelihood from several starting points; times of `data` are in `unit`. Whether
    /// the data determine the estimates is told by [`Fit::sound`]. Where there are many patterns,
    /// the starting points are tried on some of them first, and the best place found there is
    /// where the one descent on all of them begins.
    ///
    /// # Errors
    /// `TooLittle` where four parameters cannot be had from the data; `NotFinite`; `Parameter`
    /// where the likelihood grows without bound until a parameter leaves the range of numbers.
    pub fn fit(
        data: &Patterns,
        unit: TimeUnit,
        dropout: Dropout,
    ) -> Result<(Self, Fit), BtydError> {
        let model = dropout.model();
        let too_little = |reason: &str| BtydError::TooLittle { model, reason: reason.into() };
        let patterns = data.patterns.len();
        if patterns == 0 {
            return Err(too_little("there is no customer; widen the period or the filter"));
        }
        let starts = starts(data).ok_or_else(|| {
            too_little(
                "no customer has bought again and been observed for any time after the first \
                 purchase; observe for longer",
            )
        })?;
        if patterns < FEWEST_PATTERNS {
            return Err(too_little(&format!(
                "the customers show {patterns} distinct histories of purchases, and four \
                 parameters need at least {FEWEST_PATTERNS}; add customers or observe for longer"
            )));
        }
        let search = |data: &Patterns, starts: &[Vec<f64>]| {
            let likelihood = Likelihood::new(data, dropout);
            let size = (data.customers(), data.patterns.len());
            fit(model, &NAMES, size, starts, &|theta| likelihood.at(theta))
        };
        let near = match pilot(data) {
            Some(few) => search(&few, &starts).ok().filter(Fit::sound).map(|fit| fit.values()),
            None => None,
        };
        let found = match near {
            Some(near) => search(data, &[near])?,
            None => search(data, &starts)?,
        };
        let mut parameters = [0.0; 4];
        parameters.iter_mut().zip(&found.parameters).for_each(|(to, from)| *to = from.value);
        Ok((Self::new(parameters, dropout, unit)?, found))
    }

    /// r, alpha, a, b.
    pub fn parameters(&self) -> [f64; 4] {
        self.parameters
    }

    /// After which purchases a customer may stop.
    pub fn dropout(&self) -> Dropout {
        self.dropout
    }

    /// The log-likelihood of `data` and its gradient in ln r, ln alpha, ln a, ln b.
    pub fn log_likelihood(&self, data: &Patterns) -> (f64, Vec<f64>) {
        Likelihood::new(data, self.dropout).at(&self.parameters.map(f64::ln))
    }

    fn posterior(&self, pattern: &Pattern) -> Posterior {
        let [r, alpha, a, b] = self.parameters;
        let survived = self.dropout.tosses(pattern.x);
        Posterior { n: r + pattern.x, beta: alpha + pattern.T, a, b: b + survived }
    }
}

impl Model for BetaGeometric {
    fn unit(&self) -> TimeUnit {
        self.unit
    }

    fn p_alive(&self, pattern: &Pattern) -> f64 {
        let odds = log_odds(&self.parameters, self.dropout, pattern);
        // The same in both branches; each avoids the overflow of the other.
        if odds > 0.0 { (-odds).exp() / (1.0 + (-odds).exp()) } else { 1.0 / (1.0 + odds.exp()) }
    }

    fn expected_orders(&self, pattern: &Pattern, t: f64) -> f64 {
        self.p_alive(pattern) * self.posterior(pattern).orders(t)
    }

    fn expected_orders_at(&self, pattern: &Pattern, ts: &[f64], out: &mut [f64]) {
        self.posterior(pattern).orders_at(ts, out);
        let alive = self.p_alive(pattern);
        out.iter_mut().for_each(|orders| *orders *= alive);
    }

    /// At least m orders come when an unending customer would make m and the coin let all
    /// but the last pass.
    fn order_interval(&self, pattern: &Pattern, t: f64, shares: (f64, f64)) -> Option<(f64, f64)> {
        let Posterior { n, beta, a, b } = self.posterior(pattern);
        let mut kept = 1.0;
        let keep = |m: u32| {
            if m > 1 {
                let tosses = f64::from(m - 2);
                kept *= (b + tosses) / (a + b + tosses);
            }
            kept
        };
        let parts = std::iter::once((1.0, t / beta));
        quantiles(n, parts, self.p_alive(pattern), keep, shares)
    }

    fn discounted_orders(&self, pattern: &Pattern, delta: f64) -> f64 {
        self.p_alive(pattern) * self.posterior(pattern).discounted(delta)
    }

    fn expected_orders_new(&self, t: f64) -> f64 {
        self.expected_orders(&NEW, t)
    }

    /// Equation 8 of Fader, Hardie and Lee (2005): either all tosses were survived, or the last
    /// of them was not, though at least `n` orders were to be.
    fn probability(&self, n: u32, t: f64) -> f64 {
        let [r, alpha, a, b] = self.parameters;
        let n_f64 = f64::from(n);
        let tosses = self.dropout.tosses(n_f64);
        let survived = |m: f64| (ln_rising(b, m) - ln_rising(a + b, m)).exp();
        let (exactly, at_least) = posterior::negative_binomial(r, t / alpha, n);
        let alive = survived(tosses) * exactly;
        if tosses == 0.0 {
            return alive;
        }
        alive + survived(tosses - 1.0) * a / (a + b + (tosses - 1.0)) * at_least
    }
}

/// A customer at the moment of the first purchase.
const NEW: Pattern = Pattern { x: 0.0, t_x: 0.0, T: 0.0 };

/// Starting points in the scale of the data: NBD without stopping by its first two moments given T
/// (E x = r T / alpha, E x (x - 1) = r (r + 1) T^2 / alpha^2) with few who stop, and a grid of r by
/// a and b around the rate of those who go on. `None` without repeat purchases or time.
fn starts(data: &Patterns) -> Option<Vec<Vec<f64>>> {
    let (mut x, mut pairs, mut T, mut squares) = (0.0, 0.0, 0.0, 0.0);
    for (pattern, count) in data.patterns.iter().zip(&data.counts) {
        x += count * pattern.x;
        pairs += count * pattern.x * (pattern.x - 1.0);
        T += count * pattern.T;
        squares += count * pattern.T * pattern.T;
    }
    let rate = x / T;
    if !(rate > 0.0 && rate.is_finite()) {
        return None;
    }
    let shape = 1.0 / (pairs / squares / (rate * rate) - 1.0);
    let shape = if shape > 0.0 { shape.clamp(0.05, 20.0) } else { 20.0 };
    let mut starts = vec![vec![shape, shape / rate, 0.2, 1.8]];
    for r in [0.25, 1.0, 4.0] {
        for [a, b] in [[0.3, 2.7], [0.8, 2.4], [1.0, 1.0]] {
            // With many who stop, those who go on buy at twice the mean rate.
            starts.push(vec![r, 0.5 * r / rate, a, b]);
        }
    }
    Some(starts)
}

/// About [`PILOT`] patterns at even distances, where there are many times more: they are sorted, so
/// that each x has its part. `None` where there are not.
fn pilot(data: &Patterns) -> Option<Patterns> {
    let stride = data.patterns.len() / PILOT;
    (stride > 3).then(|| Patterns {
        patterns: data.patterns.iter().step_by(stride).copied().collect(),
        counts: data.counts.iter().step_by(stride).copied().collect(),
        of_row: Vec::new(),
    })
}

#[cfg(test)]
#[path = "beta_geometric_consistency_tests.rs"]
mod consistency_tests;
#[cfg(test)]
#[path = "beta_geometric_tests.rs"]
mod tests;
