//! Repeat purchases and their mean amount, for each customer -> the gamma-gamma model of spend
//! and the mean amount that each customer is expected to spend by order.
//!
//! The amounts of a customer vary by a gamma law of shape p and rate nu; nu varies over customers
//! by a gamma law of shape q and rate v (the literature's gamma). Fader and Hardie (2013), "The
//! gamma-gamma model of monetary value"; Colombo and Jiang (1999). It assumes that how much is
//! spent does not depend on how often: [`GammaGammaFit::correlation`] is the check.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{BtydError, Fit, fit_above};
use crate::math::{Evaluated, digamma_rising, ln_beta};

const NAME: &str = "gamma-gamma";

/// Correlation of frequency and mean spend, in absolute value, above which the model's
/// assumption of independence should be doubted. 0.3 is where Cohen (1988, "Statistical power
/// analysis for the behavioral sciences", section 3.2.1) has a correlation of medium size begin:
/// 9 % of the variance of the one is explained by the other. The data on which Fader, Hardie and
/// Lee (2005, "RFM and CLV") found the assumption acceptable, CDNOW, have 0.11.
pub const DEPENDENT: f64 = 0.3;

/// What a customer has spent on repeat purchases, in one currency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spend {
    /// Repeat purchases: a whole number from 0 on.
    pub x: f64,
    /// Their mean amount; not read when `x` is 0.
    pub m_x: f64,
}

/// The gamma-gamma model with its parameters: p above 0, q above 1 (with q up to 1 the mean of the
/// population is infinite), v above 0 in units of the currency; all finite.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct GammaGamma {
    p: f64,
    q: f64,
    v: f64,
}

/// As it is read, before the parameters are checked.
#[derive(Deserialize)]
struct Unchecked {
    p: f64,
    q: f64,
    v: f64,
}

impl TryFrom<Unchecked> for GammaGamma {
    type Error = BtydError;

    fn try_from(raw: Unchecked) -> Result<Self, BtydError> {
        Self::new([raw.p, raw.q, raw.v])
    }
}

/// Customers that a fit could not use, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Without a repeat purchase.
    pub no_repeat: f64,
    /// Mean amount 0 or negative.
    pub not_positive: f64,
    /// Purchases or mean amount missing or not finite.
    pub not_finite: f64,
}

/// A fitted model and what it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GammaGammaFit {
    /// The model.
    pub model: GammaGamma,
    /// How it was found; not sound where q went to 1, the mean of the population to infinity.
    pub fit: Fit,
    /// Customers not used.
    pub left_out: LeftOut,
    /// Pearson correlation of x and mean spend over the customers used; none where one of them
    /// does not vary. To be compared with [`DEPENDENT`].
    pub correlation: Option<f64>,
}

impl GammaGamma {
    /// Names of the parameters, in their order.
    pub const PARAMETERS: [&str; 3] = ["p", "q", "v"];

    /// From p, q, v.
    ///
    /// # Errors
    /// `Parameter`, unless p > 0, q > 1, v > 0 and all are finite.
    pub fn new(parameters: [f64; 3]) -> Result<Self, BtydError> {
        for ((&value, parameter), above) in
            parameters.iter().zip(Self::PARAMETERS).zip([0.0, 1.0, 0.0])
        {
            if !(value > above && value.is_finite()) {
                let range = if above > 0.0 { "above 1 and finite" } else { "above 0 and finite" };
                return Err(BtydError::Parameter { model: NAME, parameter, value, range });
            }
        }
        let [p, q, v] = parameters;
        Ok(Self { p, q, v })
    }

    /// The parameters that are most likely given `spends`; `counts` are the customers of each
    /// row, above 0, or empty for one a row. Rows that the model cannot have are left out and
    /// counted.
    ///
    /// # Errors
    /// `Row` for a count that is not above 0 or an x that is negative or no whole number;
    /// `TooLittle` where fewer than three different rows are left; `NotFinite`; `Parameter`
    /// where a parameter grows beyond all numbers.
    pub fn fit(spends: &[Spend], counts: &[f64]) -> Result<GammaGammaFit, BtydError> {
        let (used, left_out) = usable(spends, counts)?;
        if used.len() < 3 {
            return Err(BtydError::TooLittle {
                model: NAME,
                reason: format!(
                    "{} different pairs of repeat purchases and positive mean spend are left \
                     ({} customers without a repeat purchase, {} whose mean spend is not \
                     positive); three parameters need more customers who bought again",
                    used.len(),
                    left_out.no_repeat,
                    left_out.not_positive
                ),
            });
        }
        let customers: f64 = used.iter().map(|row| row.1).sum();
        let mean = used.iter().map(|(spend, count)| spend.m_x * count).sum::<f64>() / customers;
        // Population mean v p / (q - 1) as observed, for p of 1 and 6 and q of 1.5, 3 and 8.
        let start = |p: f64, q: f64| vec![p, q, mean * (q - 1.0) / p];
        let starts: Vec<Vec<f64>> =
            [1.0, 6.0].iter().flat_map(|&p| [1.5, 3.0, 8.0].map(|q| start(p, q))).collect();
        let log_likelihood = |theta: &[f64]| in_logarithms(&used, theta);
        let size = (customers, used.len());
        let bounds = [0.0, 1.0, 0.0];
        let fit = fit_above(NAME, &Self::PARAMETERS, &bounds, size, &starts, &log_likelihood)?;
        let values: [f64; 3] = std::array::from_fn(|i| fit.parameters[i].value);
        // q = 1 + e^theta is 1 in an f64 where theta is below -37.
        let q = values[1].max(1.0 + f64::EPSILON);
        let model = Self::new([values[0], q, values[2]])?;
        Ok(GammaGammaFit { model, fit, left_out, correlation: correlation(&used) })
    }

    /// p, q, v.
    pub fn parameters(&self) -> [f64; 3] {
        [self.p, self.q, self.v]
    }

    /// Total log-likelihood of those of `spends` that the model can have.
    ///
    /// # Errors
    /// `Row`, as [`GammaGamma::fit`].
    pub fn log_likelihood(&self, spends: &[Spend], counts: &[f64]) -> Result<f64, BtydError> {
        Ok(evaluate(&usable(spends, counts)?.0, &[self.p, self.q, self.v]).0)
    }

    /// The mean spend by order over all customers: v p / (q - 1).
    pub fn population_mean(&self) -> f64 {
        self.v * self.p / (self.q - 1.0)
    }

    /// The mean amount expected of the customer's future orders (Fader and Hardie 2013, the
    /// conditional expectation; Fader, Hardie and Lee 2005): between the observed mean and that
    /// of the population, nearer to the first the more orders there are. The population's mean
    /// without a repeat purchase; `None` where the model cannot have the row (mean spend not
    /// positive or not finite).
    pub fn mean_spend(&self, spend: &Spend) -> Option<f64> {
        let (shape, rate) = self.posterior(spend)?;
        Some(self.p * rate / (shape - 1.0))
    }

    /// The standard deviation of what the customer's mean amount may truly be, around
    /// [`GammaGamma::mean_spend`]: nu has a gamma law given the data, so that p / nu has an
    /// inverse gamma law. `None` where it is infinite (p x + q up to 2) and where `mean_spend` is.
    pub fn spend_deviation(&self, spend: &Spend) -> Option<f64> {
        let (shape, rate) = self.posterior(spend)?;
        (shape > 2.0).then(|| self.p * rate / ((shape - 1.0) * (shape - 2.0).sqrt()))
    }

    /// Shape and rate of nu given the customer's spend.
    fn posterior(&self, spend: &Spend) -> Option<(f64, f64)> {
        if spend.x == 0.0 {
            return Some((self.q, self.v));
        }
        let legal = spend.x > 0.0 && spend.m_x > 0.0 && (spend.x * spend.m_x).is_finite();
        legal.then_some((self.p * spend.x + self.q, self.v + spend.x * spend.m_x))
    }
}

/// Sorted by (x, m_x), equal rows joined, each with its customers.
fn usable(spends: &[Spend], counts: &[f64]) -> Result<(Vec<(Spend, f64)>, LeftOut), BtydError> {
    let (mut used, mut left_out) = (Vec::with_capacity(spends.len()), LeftOut::default());
    for (i, spend) in spends.iter().enumerate() {
        let count = counts.get(i).copied().unwrap_or(1.0);
        let fault = |what: String| Err(BtydError::Row { row: i + 1, what });
        if !(count > 0.0 && count.is_finite()) {
            return fault(format!("count = {count}"));
        }
        if spend.x < 0.0 || spend.x.is_finite() && spend.x.fract() != 0.0 {
            return fault(format!("x = {}", spend.x));
        }
        if spend.x == 0.0 {
            left_out.no_repeat += count;
        } else if !(spend.x * spend.m_x).is_finite() {
            left_out.not_finite += count;
        } else if spend.m_x <= 0.0 {
            left_out.not_positive += count;
        } else {
            used.push((*spend, count));
        }
    }
    used.par_sort_by(|(a, _), (b, _)| a.x.total_cmp(&b.x).then(a.m_x.total_cmp(&b.m_x)));
    used.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
    Ok((used, left_out))
}

/// Rows of one task; the sums of the tasks are added in their order.
const CHUNK: usize = 2048;

/// Total log-likelihood and its derivatives by p, q, v: Fader and Hardie (2013), the marginal law
/// of the mean spend,
///
/// G(px+q) / (G(px) G(q)) v^q m^(px-1) x^(px) / (v + m x)^(px+q).
fn evaluate(used: &[(Spend, f64)], &[p, q, v]: &[f64; 3]) -> (f64, [f64; 3]) {
    let of_chunk = |rows: &[(Spend, f64)]| {
        let mut sums = [0.0; 4];
        // What depends on x alone, of the last x.
        let (mut last, mut gammas) = (f64::NAN, [0.0; 3]);
        for &(Spend { x, m_x: m }, count) in rows {
            if x != last {
                let a = p * x;
                gammas = [-ln_beta(a, q), digamma_rising(a, q), digamma_rising(q, a)];
                last = x;
            }
            let total = x * m;
            let (ln_v, ln_total) = ((total / v).ln_1p(), (v / total).ln_1p());
            sums[0] += count * (gammas[0] - q * ln_v - p * x * ln_total - m.ln());
            sums[1] += count * x * (gammas[1] - ln_total);
            sums[2] += count * (gammas[2] - ln_v);
            sums[3] += count * x * (q * m / v - p) / (v + total);
        }
        sums
    };
    let parts: Vec<[f64; 4]> = if used.len() > CHUNK {
        used.par_chunks(CHUNK).map(of_chunk).collect()
    } else {
        vec![of_chunk(used)]
    };
    let mut total = [0.0; 4];
    for part in parts {
        total.iter_mut().zip(part).for_each(|(sum, term)| *sum += term);
    }
    let [value, by_p, by_q, by_v] = total;
    (value, [by_p, by_q, by_v])
}

/// As [`fit_above`] wants it: by the logarithms of p, q - 1 and v.
fn in_logarithms(used: &[(Spend, f64)], theta: &[f64]) -> Evaluated {
    let above: Vec<f64> = theta.iter().map(|theta| theta.exp()).collect();
    let &[p, above_one, v] = above.as_slice() else { return (f64::NAN, Vec::new()) };
    let (value, slope) = evaluate(used, &[p, 1.0 + above_one, v]);
    (value, slope.iter().zip(&above).map(|(slope, above)| slope * above).collect())
}

/// Pearson's, of x and mean spend, by customers.
fn correlation(used: &[(Spend, f64)]) -> Option<f64> {
    let customers: f64 = used.iter().map(|row| row.1).sum();
    let mean = |of: &dyn Fn(&Spend) -> f64| {
        used.iter().map(|(spend, count)| of(spend) * count).sum::<f64>() / customers
    };
    let (x, m) = (mean(&|spend| spend.x), mean(&|spend| spend.m_x));
    let both = mean(&|spend| (spend.x - x) * (spend.m_x - m));
    let deviations =
        mean(&|spend| (spend.x - x).powi(2)).sqrt() * mean(&|spend| (spend.m_x - m).powi(2)).sqrt();
    // Rounding leaves some 1e-16 of the means where nothing varies.
    (deviations > 1e-12 * x * m).then(|| (both / deviations).clamp(-1.0, 1.0))
}

#[cfg(test)]
#[path = "gamma_gamma_tests.rs"]
mod tests;
