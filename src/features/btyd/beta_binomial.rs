//! (x, t_x, n) over opportunities to buy -> P(alive) and transactions to come, where buying is
//! possible only at given occasions, such as once a year: the beta-geometric/beta-binomial model
//! (Fader, Hardie and Shang 2010, "Customer-Base Analysis in a Discrete-Time Noncontractual
//! Setting", Marketing Science 29(6), 1086-1108; BG/BB).
//!
//! Alive, a customer buys at an opportunity with a chance p from a beta(alpha, beta) law; before
//! each opportunity the customer stops for good with a chance from a beta(gamma, delta) law.
//! Opportunities count from the one after the first purchase. All beta functions that occur have
//! whole steps and are multiplied out, so that nothing is lost however large the parameters.

use super::contractual::{ContractModel, ShiftedBetaGeometric};
use super::{BtydError, Fit, fit};
use crate::math::{Evaluated, log_sum_exp};

const MODEL: &str = "BG/BB";

/// The most opportunities of one customer; beyond, buying is as good as continuous, and a model
/// of continuous time fits.
pub const MOST_OPPORTUNITIES: u32 = 10_000;

/// One history over opportunities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DiscretePattern {
    /// Repeat transactions, at most one an opportunity.
    pub x: u32,
    /// Number of the last opportunity with a transaction, from 1; 0 when `x` is 0.
    pub t_x: u32,
    /// Opportunities, from 1 to [`MOST_OPPORTUNITIES`].
    pub n: u32,
}

impl DiscretePattern {
    /// Whether a customer can have it: x <= t_x <= n, and t_x = 0 only with x = 0.
    pub fn is_possible(&self) -> bool {
        self.x <= self.t_x
            && (self.x > 0 || self.t_x == 0)
            && self.t_x <= self.n
            && (1..=MOST_OPPORTUNITIES).contains(&self.n)
    }
}

/// Distinct histories and how many customers have each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DiscretePatterns {
    /// Sorted by (x, t_x, n), each once.
    pub patterns: Vec<DiscretePattern>,
    /// Customers by pattern; above 0.
    pub counts: Vec<f64>,
    /// For each row given to [`DiscretePatterns::new`], its place in `patterns`.
    pub of_row: Vec<u32>,
}

impl DiscretePatterns {
    /// Checks the rows and joins equal ones; `counts` are whole numbers from 1 on, one a row, or
    /// empty for one customer a row.
    ///
    /// # Errors
    /// `Row`.
    pub fn new(rows: &[DiscretePattern], counts: &[f64]) -> Result<Self, BtydError> {
        for (i, row) in rows.iter().enumerate() {
            let fault = |what: String| Err(BtydError::Row { row: i + 1, what });
            if !row.is_possible() {
                let DiscretePattern { x, t_x, n } = row;
                return fault(format!(
                    "x = {x}, t_x = {t_x}, n = {n} opportunities (x is at most t_x, n from 1 to \
                     {MOST_OPPORTUNITIES})"
                ));
            }
            match counts.get(i) {
                Some(&count) if count >= 1.0 && count.fract() == 0.0 && count.is_finite() => {}
                Some(&count) => return fault(format!("count = {count}")),
                None if counts.is_empty() => {}
                None => return fault("it has no count".into()),
            }
        }
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_unstable_by_key(|&i| (rows[i], i));
        let mut result =
            Self { patterns: Vec::new(), counts: Vec::new(), of_row: vec![0; rows.len()] };
        for i in order {
            if result.patterns.last() != Some(&rows[i]) {
                result.patterns.push(rows[i]);
                result.counts.push(0.0);
            }
            let place = result.patterns.len() - 1;
            result.counts[place] += counts.get(i).copied().unwrap_or(1.0);
            result.of_row[i] = place as u32;
        }
        Ok(result)
    }

    /// Customers.
    pub fn customers(&self) -> f64 {
        self.counts.iter().sum()
    }
}

/// The model with its parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BetaBinomial {
    alpha: f64,
    beta: f64,
    gamma: f64,
    delta: f64,
}

/// Rising factorials (a)_m for m = 0, 1, ...: logarithm, and its derivative by a.
struct Rising {
    ln: Vec<f64>,
    slope: Vec<f64>,
}

impl Rising {
    fn new(a: f64, most: u32) -> Self {
        let (mut ln, mut slope) = (vec![0.0], vec![0.0]);
        let (mut sum, mut slopes) = (0.0, 0.0);
        for j in 0..most {
            let factor = a + f64::from(j);
            sum += factor.ln();
            slopes += factor.recip();
            ln.push(sum);
            slope.push(slopes);
        }
        Self { ln, slope }
    }
}

/// The rising factorials of one set of parameters, up to a number of opportunities.
struct Tables {
    alpha: Rising,
    beta: Rising,
    alpha_beta: Rising,
    delta: Rising,
    gamma_delta: Rising,
    gamma: f64,
}

impl Tables {
    fn new(model: &BetaBinomial, most: u32) -> Self {
        Self {
            alpha: Rising::new(model.alpha, most),
            beta: Rising::new(model.beta, most),
            alpha_beta: Rising::new(model.alpha + model.beta, most),
            delta: Rising::new(model.delta, most),
            gamma_delta: Rising::new(model.gamma + model.delta, most),
            gamma: model.gamma,
        }
    }

    /// ln of the chance of this very sequence of purchases and of being alive at its end.
    fn ln_alive(&self, pattern: &DiscretePattern) -> f64 {
        let (x, n) = (pattern.x as usize, pattern.n as usize);
        self.alpha.ln[x] + self.beta.ln[n - x] - self.alpha_beta.ln[n] + self.delta.ln[n]
            - self.gamma_delta.ln[n]
    }

    /// The terms whose sum is the likelihood of the history (the paper's likelihood for a random
    /// customer): having stopped right after opportunity t_x, ..., n - 1, and last being alive.
    fn terms(&self, pattern: &DiscretePattern, terms: &mut Vec<f64>) {
        let x = pattern.x as usize;
        terms.clear();
        terms.extend((pattern.t_x as usize..pattern.n as usize).map(|m| {
            self.alpha.ln[x] + self.beta.ln[m - x] - self.alpha_beta.ln[m]
                + self.gamma.ln()
                + self.delta.ln[m]
                - self.gamma_delta.ln[m + 1]
        }));
        terms.push(self.ln_alive(pattern));
    }
}

impl BetaBinomial {
    /// With the parameters alpha, beta, gamma, delta, each above 0.
    ///
    /// # Errors
    /// `Parameter`.
    pub fn new(parameters: [f64; 4]) -> Result<Self, BtydError> {
        let [alpha, beta, gamma, delta] = parameters;
        let named = [("alpha", alpha), ("beta", beta), ("gamma", gamma), ("delta", delta)];
        for (parameter, value) in named {
            if !(value > 0.0 && value.is_finite()) {
                let range = "finite and above 0";
                return Err(BtydError::Parameter { model: MODEL, parameter, value, range });
            }
        }
        Ok(Self { alpha, beta, gamma, delta })
    }

    /// alpha, beta, gamma, delta.
    pub fn parameters(&self) -> [f64; 4] {
        [self.alpha, self.beta, self.gamma, self.delta]
    }

    /// Maximum likelihood.
    ///
    /// # Errors
    /// `TooLittle` without repeat transactions, or where nobody had three opportunities (two
    /// give four histories, which cannot tell four parameters); `NotFinite`.
    pub fn fit(patterns: &DiscretePatterns) -> Result<(Self, Fit), BtydError> {
        let too_little =
            |reason: &str| Err(BtydError::TooLittle { model: MODEL, reason: reason.into() });
        if patterns.patterns.iter().all(|pattern| pattern.n < 3) {
            return too_little(
                "no customer had three opportunities; take shorter or more opportunities",
            );
        }
        if patterns.patterns.iter().all(|pattern| pattern.x == 0) {
            return too_little("no customer bought again; take a longer time");
        }
        let starts = [[1.0, 1.0, 0.5, 3.0], [1.0, 1.0, 1.0, 1.0], [0.5, 2.0, 0.5, 5.0]];
        let starts: Vec<Vec<f64>> = starts.iter().map(|start| start.to_vec()).collect();
        let size = (patterns.customers(), patterns.patterns.len());
        let names = ["alpha", "beta", "gamma", "delta"];
        let found = fit(MODEL, &names, size, &starts, &|theta| evaluate(theta, patterns))?;
        let values = found.values();
        Ok((Self::new([values[0], values[1], values[2], values[3]])?, found))
    }

    /// Log-likelihood of all customers.
    pub fn log_likelihood(&self, patterns: &DiscretePatterns) -> f64 {
        evaluate(&self.parameters().map(f64::ln), patterns).0
    }

    /// The chance of being alive at opportunity n + 1, that is, of not having stopped before it
    /// (equation A10 with one opportunity ahead). NaN for an impossible pattern, here and below.
    pub fn p_alive(&self, pattern: &DiscretePattern) -> f64 {
        let n = f64::from(pattern.n);
        self.alive_at_last(pattern) * (self.delta + n) / (self.gamma + self.delta + n)
    }

    /// Transactions expected at opportunities n + 1 to n + `ahead`: equation (13) as the sum that
    /// it is the closed form of, which stays sound at gamma = 1. Time grows with `ahead`.
    pub fn expected_transactions(&self, pattern: &DiscretePattern, ahead: u32) -> f64 {
        self.alive_at_last(pattern) * self.rate(pattern) * self.survivors(pattern.n, ahead)
    }

    /// Transactions expected from opportunity n + 1 on without end, the k-th opportunity from
    /// now divided by (1 + `rate`)^k: equation (14), DERT. None unless `rate`, of one
    /// opportunity, is above 0 and finite.
    pub fn discounted_transactions(&self, pattern: &DiscretePattern, rate: f64) -> Option<f64> {
        // Stopping is a shifted beta-geometric law; there the first term is not discounted.
        let lifetime = ShiftedBetaGeometric::new([self.gamma, self.delta]).ok()?;
        let residual = lifetime.residual_lifetime(pattern.n, rate)? / (1.0 + rate);
        Some(self.alive_at_last(pattern) * self.rate(pattern) * residual)
    }

    /// Repeat transactions expected of a new customer at the first `n` opportunities: the mean of
    /// [`BetaBinomial::probability`]. Time grows with `n`.
    pub fn expected_transactions_new(&self, n: u32) -> f64 {
        self.alpha / (self.alpha + self.beta) * self.survivors(0, n)
    }

    /// The chance that a new customer makes exactly `x` repeat transactions at the first `n`
    /// opportunities: equation (7). Time grows with `n`.
    pub fn probability(&self, x: u32, n: u32) -> f64 {
        if x > n {
            return 0.0;
        }
        let Self { alpha, beta, gamma, delta } = *self;
        // C(m, x) B(alpha + x, beta + m - x) / B(alpha, beta) and B(gamma, delta + m) /
        // B(gamma, delta), from m = x on.
        let (mut ln_bought, mut ln_alive) = (0.0, 0.0);
        for j in 0..x {
            let j = f64::from(j);
            ln_bought += ((alpha + j) / (alpha + beta + j)).ln();
            ln_alive += ((delta + j) / (gamma + delta + j)).ln();
        }
        let mut sum = 0.0;
        for m in x..n {
            let (at, missed) = (f64::from(m), f64::from(m - x));
            sum += (ln_bought + ln_alive).exp() * gamma / (gamma + delta + at);
            ln_bought += ((at + 1.0) / (missed + 1.0) * (beta + missed) / (alpha + beta + at)).ln();
            ln_alive += ((delta + at) / (gamma + delta + at)).ln();
        }
        sum + (ln_bought + ln_alive).exp()
    }

    /// The chance of being alive at opportunity n, where it ended, given the history.
    fn alive_at_last(&self, pattern: &DiscretePattern) -> f64 {
        if !pattern.is_possible() {
            return f64::NAN;
        }
        let tables = Tables::new(self, pattern.n);
        let mut terms = Vec::new();
        tables.terms(pattern, &mut terms);
        (tables.ln_alive(pattern) - log_sum_exp(&terms)).exp()
    }

    /// The chance of buying at an opportunity, for one with this history who is alive.
    fn rate(&self, pattern: &DiscretePattern) -> f64 {
        (self.alpha + f64::from(pattern.x)) / (self.alpha + self.beta + f64::from(pattern.n))
    }

    /// Sum over k = 1..=ahead of the chance of being alive at opportunity n + k for one who is
    /// at n.
    fn survivors(&self, n: u32, ahead: u32) -> f64 {
        let (mut alive, mut sum) = (1.0, 0.0);
        for k in 0..ahead {
            let at = self.delta + f64::from(n) + f64::from(k);
            alive *= at / (self.gamma + at);
            sum += alive;
        }
        sum
    }
}

/// Log-likelihood and its gradient in the logarithms of the parameters.
fn evaluate(theta: &[f64], patterns: &DiscretePatterns) -> Evaluated {
    let [alpha, beta, gamma, delta] = [0, 1, 2, 3].map(|i| theta[i].exp());
    let model = BetaBinomial { alpha, beta, gamma, delta };
    let most = patterns.patterns.iter().map(|pattern| pattern.n).max().unwrap_or(0);
    let tables = Tables::new(&model, most);
    let (mut value, mut gradient) = (0.0, [0.0; 4]);
    let mut terms = Vec::new();
    for (pattern, count) in patterns.patterns.iter().zip(&patterns.counts) {
        let (x, n) = (pattern.x as usize, pattern.n as usize);
        tables.terms(pattern, &mut terms);
        // Terms become parts of their sum.
        let most = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        terms.iter_mut().for_each(|term| *term = (*term - most).exp());
        let sum: f64 = terms.iter().sum();
        value += count * (most + sum.ln());
        let mut slopes = [tables.alpha.slope[x], 0.0, 0.0, 0.0];
        for (term, m) in terms.iter().zip(pattern.t_x as usize..) {
            // The last term, m = n, is of those alive.
            let stopped = m < n;
            let weight = term / sum;
            let rate = tables.alpha_beta.slope[m];
            let lifetime = tables.gamma_delta.slope[m + usize::from(stopped)];
            slopes[0] -= weight * rate;
            slopes[1] += weight * (tables.beta.slope[m - x] - rate);
            slopes[2] += weight * (if stopped { gamma.recip() } else { 0.0 } - lifetime);
            slopes[3] += weight * (tables.delta.slope[m] - lifetime);
        }
        gradient.iter_mut().zip(slopes).for_each(|(sum, slope)| *sum += count * slope);
    }
    let by_log = gradient.iter().zip([alpha, beta, gamma, delta]).map(|(slope, by)| slope * by);
    (value, by_log.collect())
}

#[cfg(test)]
#[path = "beta_binomial_tests.rs"]
mod tests;
