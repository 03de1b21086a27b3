//! Renewals of contracts by age -> retention r_t, survivor S(t), discounted residual lifetime, by
//! the shifted beta-geometric (Fader and Hardie 2007, "How to Project Customer Retention",
//! Journal of Interactive Marketing 21(1); sBG) and the beta-discrete-Weibull model (Fader,
//! Hardie, Liu, Davin and Steenburgh 2018, "How to Project Customer Retention Revisited", Journal
//! of Interactive Marketing 43; BdW).
//!
//! A contract runs for whole periods and at the end of each is renewed or lost, which is
//! observed. Both models are fitted to how many faced their t-th renewal and how many of them
//! renewed, which is all that the data say; a contract that still runs is censored there.

use super::renewals::Renewals;
use super::{BtydError, Fit, fit};
use crate::math::{Evaluated, digamma_rising, gauss_legendre, ln_rising};

const SBG: &str = "sBG";
const BDW: &str = "BdW";

/// A model of how long contracts last. Time is counted in periods of the contract.
pub trait ContractModel {
    /// ln S(t), t from 0 on, not only whole.
    fn ln_survivor(&self, t: f64) -> f64;

    /// The chance that a contract is renewed `t` times at least: S(t).
    fn survivor(&self, t: u32) -> f64 {
        self.ln_survivor(f64::from(t)).exp()
    }

    /// The chance that one who faces the `t`-th renewal renews: r_t = S(t) / S(t - 1), t from 1;
    /// 1 at t = 0.
    fn retention(&self, t: u32) -> f64 {
        if t == 0 {
            return 1.0;
        }
        (self.ln_survivor(f64::from(t)) - self.ln_survivor(f64::from(t) - 1.0)).exp()
    }

    /// Periods still to be paid by a customer who has renewed `renewals` times and is about to
    /// decide again; the period that starts now counts in full if it comes, the k-th after it
    /// divided by (1 + `rate`)^k: equation (6) of Fader and Hardie 2010, "Customer-Base Valuation
    /// in a Contractual Setting", Marketing Science 29(1), DERL, where n - 1 is `renewals`. None
    /// unless `rate`, of one period, is above 0 and finite.
    fn residual_lifetime(&self, renewals: u32, rate: f64) -> Option<f64> {
        let now = f64::from(renewals);
        let ln_now = self.ln_survivor(now);
        let ln_next = |t: f64| self.ln_survivor(now + 1.0 + t) - ln_now;
        (rate > 0.0 && rate.is_finite()).then(|| discounted_sum(&ln_next, rate.ln_1p()))
    }

    /// Periods expected of a new customer, whose first is certain and paid now, the k-th after
    /// it divided by (1 + `rate`)^k: DEL. None unless `rate` is above 0 and finite.
    fn lifetime(&self, rate: f64) -> Option<f64> {
        Some(1.0 + self.residual_lifetime(0, rate)? / (1.0 + rate))
    }
}

/// Sum over t = 0, 1, ... of exp(ln_f(t) - s t), s > 0, for an f that falls as smoothly as a
/// power: term by term at first, then as the integral from half a step before, with the first
/// correction of Euler and Maclaurin at the middle of steps (Abramowitz and Stegun 23.1.30), so
/// that a low rate costs no more than a high one.
fn discounted_sum(ln_f: &dyn Fn(f64) -> f64, s: f64) -> f64 {
    const TERMS: u32 = 512;
    let ln_term = |t: f64| ln_f(t) - s * t;
    let mut sum: f64 = (0..TERMS).map(|t| ln_term(f64::from(t)).exp()).sum();
    let mut from = f64::from(TERMS) - 0.5;
    let slope = 0.5 * (ln_term(from + 1.0) - ln_term(from - 1.0));
    sum += ln_term(from).exp() * slope / 24.0;
    let nodes = gauss_legendre(20);
    // The intervals grow with t up to 8 / s, so that in 500 the discount alone ends the sum.
    for _ in 0..500 {
        let half = 0.5 * (0.5 * from).min(8.0 / s);
        let part: f64 =
            nodes.iter().map(|(x, w)| half * w * ln_term(from + half * (1.0 + x)).exp()).sum();
        sum += part;
        from += 2.0 * half;
        if part.is_nan() || part <= 1e-17 * sum {
            break;
        }
    }
    sum
}

/// The shifted beta-geometric model: each customer has a constant chance of not renewing, which
/// differs between customers by a beta(alpha, beta) law.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShiftedBetaGeometric {
    alpha: f64,
    beta: f64,
}

impl ShiftedBetaGeometric {
    /// With the parameters alpha and beta, each above 0.
    ///
    /// # Errors
    /// `Parameter`.
    pub fn new(parameters: [f64; 2]) -> Result<Self, BtydError> {
        let [alpha, beta] = parameters;
        check(SBG, &[("alpha", alpha), ("beta", beta)])?;
        Ok(Self { alpha, beta })
    }

    /// alpha, beta.
    pub fn parameters(&self) -> [f64; 2] {
        [self.alpha, self.beta]
    }

    /// Maximum likelihood.
    ///
    /// # Errors
    /// `TooLittle` unless two ages of renewal were seen, with losses and renewals; `NotFinite`.
    pub fn fit(renewals: &Renewals) -> Result<(Self, Fit), BtydError> {
        let starts = [[1.0, 1.0], [0.5, 2.0], [1.0, 8.0], [0.2, 0.5]];
        let starts: Vec<Vec<f64>> = starts.iter().map(|start| start.to_vec()).collect();
        let size = enough(SBG, renewals, 2)?;
        let evaluate = |theta: &[f64]| shifted_beta_geometric(theta, renewals);
        let found = fit(SBG, &["alpha", "beta"], size, &starts, &evaluate)?;
        let values = found.values();
        Ok((Self::new([values[0], values[1]])?, found))
    }

    /// Log-likelihood of all contracts.
    pub fn log_likelihood(&self, renewals: &Renewals) -> f64 {
        shifted_beta_geometric(&self.parameters().map(f64::ln), renewals).0
    }
}

impl ContractModel for ShiftedBetaGeometric {
    /// S(t) = B(alpha, beta + t) / B(alpha, beta) (Fader and Hardie 2007).
    fn ln_survivor(&self, t: f64) -> f64 {
        ln_rising(self.beta, self.alpha) - ln_rising(self.beta + t, self.alpha)
    }

    /// r_t = (beta + t - 1) / (alpha + beta + t - 1) (Fader and Hardie 2007).
    fn retention(&self, t: u32) -> f64 {
        if t == 0 {
            return 1.0;
        }
        let kept = self.beta + f64::from(t) - 1.0;
        kept / (self.alpha + kept)
    }
}

/// The beta-discrete-Weibull model: as the shifted beta-geometric one, while each customer's own
/// chance of not renewing rises (c > 1) or falls (c < 1) with the age of the contract.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BetaDiscreteWeibull {
    alpha: f64,
    beta: f64,
    c: f64,
}

impl BetaDiscreteWeibull {
    /// With the parameters alpha, beta and c, each above 0.
    ///
    /// # Errors
    /// `Parameter`.
    pub fn new(parameters: [f64; 3]) -> Result<Self, BtydError> {
        let [alpha, beta, c] = parameters;
        check(BDW, &[("alpha", alpha), ("beta", beta), ("c", c)])?;
        Ok(Self { alpha, beta, c })
    }

    /// alpha, beta, c.
    pub fn parameters(&self) -> [f64; 3] {
        [self.alpha, self.beta, self.c]
    }

    /// Maximum likelihood.
    ///
    /// # Errors
    /// `TooLittle` unless three ages of renewal were seen, with losses and renewals; `NotFinite`.
    pub fn fit(renewals: &Renewals) -> Result<(Self, Fit), BtydError> {
        let starts = [[1.0, 1.0, 1.0], [0.3, 1.5, 1.5], [1.0, 8.0, 1.0], [0.5, 0.5, 0.7]];
        let starts: Vec<Vec<f64>> = starts.iter().map(|start| start.to_vec()).collect();
        let size = enough(BDW, renewals, 3)?;
        let evaluate = |theta: &[f64]| beta_discrete_weibull(theta, renewals);
        let found = fit(BDW, &["alpha", "beta", "c"], size, &starts, &evaluate)?;
        let values = found.values();
        Ok((Self::new([values[0], values[1], values[2]])?, found))
    }

    /// Log-likelihood of all contracts.
    pub fn log_likelihood(&self, renewals: &Renewals) -> f64 {
        beta_discrete_weibull(&self.parameters().map(f64::ln), renewals).0
    }
}

impl ContractModel for BetaDiscreteWeibull {
    /// S(t) = B(alpha, beta + t^c) / B(alpha, beta) (Fader et al. 2018).
    fn ln_survivor(&self, t: f64) -> f64 {
        ln_rising(self.beta, self.alpha) - ln_rising(self.beta + power(t, self.c), self.alpha)
    }
}

/// t^c, kept within what can be added to.
fn power(t: f64, c: f64) -> f64 {
    t.powf(c).min(1e300)
}

/// Log-likelihood and gradient in log parameters, by r_t of [`ShiftedBetaGeometric`].
fn shifted_beta_geometric(theta: &[f64], renewals: &Renewals) -> Evaluated {
    let (alpha, beta) = (theta[0].exp(), theta[1].exp());
    let (mut value, mut by_alpha, mut by_beta) = (0.0, 0.0, 0.0);
    for (t, (&kept, &lost)) in renewals.kept().iter().zip(renewals.lost()).enumerate() {
        let stays = beta + t as f64;
        let all = alpha + stays;
        value += kept * (stays / all).ln() + lost * (alpha / all).ln();
        by_alpha += lost / alpha - (kept + lost) / all;
        by_beta += kept / stays - (kept + lost) / all;
    }
    (value, vec![alpha * by_alpha, beta * by_beta])
}

/// Log-likelihood and gradient in log parameters, by r_t = exp(ln S(t) - ln S(t - 1)).
fn beta_discrete_weibull(theta: &[f64], renewals: &Renewals) -> Evaluated {
    let (alpha, beta, c) = (theta[0].exp(), theta[1].exp(), theta[2].exp());
    // t^c, its derivative by c, and those of the rising factorial (beta + t^c)_alpha.
    let at = |t: f64| {
        let y = power(t, c);
        let by_c = if t > 0.0 { y * t.ln() } else { 0.0 };
        (y, by_c, ln_rising(beta + y, alpha), digamma_rising(beta + y, alpha))
    };
    let (mut value, mut gradient) = (0.0, [0.0; 3]);
    let mut before = at(0.0);
    for (t, (&kept, &lost)) in renewals.kept().iter().zip(renewals.lost()).enumerate() {
        let next = at((t + 1) as f64);
        let ln_r = before.2 - next.2;
        value += kept * ln_r;
        let mut slope = kept;
        if lost > 0.0 {
            value += lost * (-ln_r.exp_m1()).ln();
            slope -= lost / (-ln_r).exp_m1();
        }
        gradient[0] -= slope * digamma_rising(alpha + beta + before.0, next.0 - before.0);
        gradient[1] += slope * (before.3 - next.3);
        gradient[2] += slope * (before.3 * before.1 - next.3 * next.1);
        before = next;
    }
    (value, gradient.iter().zip([alpha, beta, c]).map(|(slope, by)| slope * by).collect())
}

fn check(model: &'static str, named: &[(&'static str, f64)]) -> Result<(), BtydError> {
    for &(parameter, value) in named {
        if !(value > 0.0 && value.is_finite()) {
            let range = "finite and above 0";
            return Err(BtydError::Parameter { model, parameter, value, range });
        }
    }
    Ok(())
}

/// Customers and ages, where there are enough of both.
fn enough(
    model: &'static str,
    renewals: &Renewals,
    ages: usize,
) -> Result<(f64, usize), BtydError> {
    let fault = |reason: String| Err(BtydError::TooLittle { model, reason });
    let seen = renewals.kept().len();
    if seen < ages {
        return fault(format!(
            "renewals of {seen} ages were seen, and {ages} are needed; wait, or take shorter \
             periods"
        ));
    }
    let (kept, lost): (f64, f64) = (renewals.kept().iter().sum(), renewals.lost().iter().sum());
    if kept == 0.0 || lost == 0.0 {
        return fault(format!(
            "{kept} renewals and {lost} losses were seen; both are needed to tell customers apart"
        ));
    }
    Ok((renewals.customers(), seen))
}

#[cfg(test)]
#[path = "contractual_tests.rs"]
mod tests;
