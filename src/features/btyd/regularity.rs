//! Gaps between a customer's purchases -> how regularly customers buy: the shape k of gamma laws
//! of the gaps, the same for all, at whatever pace each buys. k = 1 is the Poisson process that
//! buy-till-you-die models assume; above it customers buy like clockwork, below it in bursts.
//!
//! Both estimates use only the proportions of a customer's gaps, whose law does not know the
//! customer's pace (a Dirichlet law with all parameters k). Nor does it know when observation
//! ended or whether the customer stopped, which bear on the gaps only through their sum.
//!
//! Gaps in whole days lose what happens within a day: purchases of one day are one, and no gap is
//! below 1. As they stand they make frequent buyers look regular: Poisson buyers read 2.3 at a
//! mean gap of 2 days, 1.5 at 5, 1.3 at 10 and 1.1 at 30. With half a day taken from each gap they
//! read 1.4, 1.13, 1.07 and 1.02, and buyers of shape 2 read 1.8, 1.7, 1.8 and 1.9 (simulated; the
//! tests hold it).

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{BtydError, fit};
use crate::math::{digamma_rising, ln_gamma, ln_rising};

/// Shapes with which a model of Poisson purchases still serves. In the long run a customer's
/// count has variance mean / k, so that within these bounds a Poisson law states the standard
/// deviation of a customer's purchases wrongly by at most about a fifth: 1 / sqrt(0.7) = 1.20,
/// 1 / sqrt(1.5) = 0.82.
pub const POISSON_SHAPES: RangeInclusive<f64> = 0.7..=1.5;

/// The fewest customers with two gaps from which a shape is estimated: its standard error is then
/// still about 0.4 of it (by the first two gaps, at k = 1).
pub const FEWEST_CUSTOMERS: usize = 10;

/// The standard normal's 97.5 % point.
const NORMAL_975: f64 = 1.959_963_984_540_054;

/// How the shape is estimated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegularityMethod {
    /// Maximum likelihood of all customers' proportions of gaps, given their sums. (BTYDplus'
    /// `mle` is another: the median of estimates customer by customer, which needs ten gaps of
    /// each and is biased upwards.)
    #[default]
    Pooled,
    /// From the first two gaps of each customer: M = T1 / (T1 + T2) has a beta(k, k) law, so k =
    /// (1 - 4 Var M) / (8 Var M) (Wheat and Morrison 1990, "Estimating Purchase Regularity with
    /// Two Interpurchase Times", Journal of Marketing Research 27(1), 87-93; BTYDplus' `wheat`
    /// takes the last two).
    WheatMorrison,
}

/// How regularly customers buy.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Regularity {
    /// Gamma shape of the gaps.
    pub shape: f64,
    /// 95 % confidence interval of the shape.
    pub interval: (f64, f64),
    /// Customers with two gaps or more.
    pub customers_used: usize,
    /// Customers with fewer.
    pub customers_left_out: usize,
}

impl Regularity {
    /// Whether the assumption of Poisson purchases is badly off: no shape of the interval is in
    /// [`POISSON_SHAPES`].
    pub fn is_far_from_poisson(&self) -> bool {
        self.interval.1 < *POISSON_SHAPES.start() || self.interval.0 > *POISSON_SHAPES.end()
    }
}

/// Why there is no estimate.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum RegularityError {
    /// A gap that is none.
    #[error(
        "customer {customer}, gap {gap}: {value}. A gap must be finite, above 0 and no less than the resolution, {resolution}: join purchases of the same time, and give the resolution of the times"
    )]
    Gap {
        /// Customer, from 1.
        customer: usize,
        /// Gap, from 1.
        gap: usize,
        /// Its length.
        value: f64,
        /// The resolution of the times.
        resolution: f64,
    },
    /// A resolution that is none.
    #[error("resolution {value}: it must be 0 (exact times) or more, 1 for days from dates")]
    Resolution {
        /// Its value.
        value: f64,
    },
    /// Too few customers with two gaps.
    #[error(
        "{customers} customers bought three times or more; {FEWEST_CUSTOMERS} are needed to tell how regularly customers buy"
    )]
    TooFew {
        /// Customers with two gaps or more.
        customers: usize,
    },
    /// No maximum: the gaps of each customer are equal, so that the shape is without bound.
    #[error(
        "the gaps of each customer are all but equal, so that the shape of their law has no bound: customers buy to a timetable, and no model of random purchases fits"
    )]
    NoVariation,
}

/// Estimates the shape from each customer's gaps, in order, and the `resolution` of the times in
/// the same unit: 1 for gaps in days between dates, 0 for exact times. Half of it is taken from
/// each gap, which was somewhere between the whole number before it and the one after.
///
/// # Errors
/// `Resolution`, `Gap`, `TooFew`, `NoVariation`.
pub fn regularity<G: AsRef<[f64]>>(
    customers: impl IntoIterator<Item = G>,
    resolution: f64,
    method: RegularityMethod,
) -> Result<Regularity, RegularityError> {
    if !(resolution >= 0.0 && resolution.is_finite()) {
        return Err(RegularityError::Resolution { value: resolution });
    }
    let possible = |gap: f64| gap > 0.0 && gap >= resolution && gap.is_finite();
    let mut shares = Shares::default();
    let mut left_out = 0;
    for (i, gaps) in customers.into_iter().enumerate() {
        let gaps = gaps.as_ref();
        if let Some(place) = gaps.iter().position(|&gap| !possible(gap)) {
            let (customer, gap, value) = (i + 1, place + 1, gaps[place]);
            return Err(RegularityError::Gap { customer, gap, value, resolution });
        }
        if gaps.len() < 2 {
            left_out += 1;
        } else {
            shares.add(gaps, 0.5 * resolution);
        }
    }
    let used = shares.first_of_two.len();
    if used < FEWEST_CUSTOMERS {
        return Err(RegularityError::TooFew { customers: used });
    }
    let (shape, interval) = match method {
        RegularityMethod::Pooled => shares.pooled(),
        RegularityMethod::WheatMorrison => shares.wheat_morrison(),
    }
    .ok_or(RegularityError::NoVariation)?;
    Ok(Regularity { shape, interval, customers_used: used, customers_left_out: left_out })
}

/// What the estimates need of the gaps.
#[derive(Default)]
struct Shares {
    /// First over first two, by customer.
    first_of_two: Vec<f64>,
    /// Customers by number of gaps.
    by_gaps: Vec<f64>,
    /// Sum of the logarithms of all gaps as parts of their customer's sum.
    ln_parts: f64,
}

impl Shares {
    /// Two gaps or more of one customer, each less `half`.
    fn add(&mut self, gaps: &[f64], half: f64) {
        // By the largest gap first: sums may pass what a number can hold.
        let most = gaps.iter().copied().fold(0.0, f64::max) - half;
        let scaled = || gaps.iter().map(|gap| (gap - half) / most);
        self.first_of_two.push(scaled().take(1).sum::<f64>() / scaled().take(2).sum::<f64>());
        if self.by_gaps.len() <= gaps.len() {
            self.by_gaps.resize(gaps.len() + 1, 0.0);
        }
        self.by_gaps[gaps.len()] += 1.0;
        let ln_sum = scaled().sum::<f64>().ln();
        self.ln_parts += scaled().map(|gap| gap.ln() - ln_sum).sum::<f64>();
    }

    /// Maximum of the sum over customers of ln G(n k) - n ln G(k) + (k - 1) sum ln p_j, the
    /// Dirichlet density of the n parts p_j.
    fn pooled(&self) -> Option<(f64, (f64, f64))> {
        let gaps: f64 = self.by_gaps.iter().zip(0u32..).map(|(by, n)| by * f64::from(n)).sum();
        let log_likelihood = |theta: &[f64]| {
            let k = theta[0].exp();
            let (mut value, mut slope) = ((k - 1.0) * self.ln_parts, self.ln_parts);
            for (customers, n) in self.by_gaps.iter().zip(0u32..) {
                if *customers > 0.0 {
                    let (n, more) = (f64::from(n), (f64::from(n) - 1.0) * k);
                    // ln G(n k) - n ln G(k) and its derivative, by the steps from k to n k.
                    value += customers * (ln_rising(k, more) - (n - 1.0) * ln_gamma(k));
                    slope += customers * n * digamma_rising(k, more);
                }
            }
            (value, vec![slope * k])
        };
        let starts = [vec![1.0], vec![4.0]];
        let size = (gaps, self.by_gaps.len());
        let found: Result<_, BtydError> = fit("regularity", &["k"], size, &starts, &log_likelihood);
        let found = found.ok()?;
        let shape = found.parameters[0].value;
        let error = found.parameters[0].standard_error.filter(|_| found.converged)?;
        // Equal gaps leave a likelihood that only rises, ever more slowly.
        (shape < 1e6).then(|| {
            let by = (NORMAL_975 * error / shape).exp();
            (shape, (shape / by, shape * by))
        })
    }

    /// k of the sample variance of M; its interval from that of the variance, on the logarithm,
    /// by the fourth moment.
    fn wheat_morrison(&self) -> Option<(f64, (f64, f64))> {
        let n = self.first_of_two.len() as f64;
        let moment = |centre: f64, power: i32| {
            self.first_of_two.iter().map(|m| (m - centre).powi(power)).sum::<f64>()
        };
        let mean = moment(0.0, 1) / n;
        let variance = moment(mean, 2) / (n - 1.0);
        let error = ((moment(mean, 4) / n - variance * variance).max(0.0) / n).sqrt();
        let shape = |variance: f64| ((1.0 - 4.0 * variance) / (8.0 * variance)).max(0.0);
        (variance > 1e-12).then(|| {
            let by = (NORMAL_975 * error / variance).exp();
            (shape(variance), (shape(variance * by), shape(variance / by)))
        })
    }
}

#[cfg(test)]
#[path = "regularity_tests.rs"]
mod tests;
