//! Buy-till-you-die models: (x, t_x, T) of each customer -> P(alive), orders and value to come.
//!
//! `x` repeat purchases, the last of them at `t_x`, seen for `T` since the first purchase, which
//! is not counted in `x` (Schmittlein, Morrison and Colombo 1987). Likelihoods go over distinct
//! patterns with their counts, so that customers who are alike cost nothing extra.

#![allow(non_snake_case, reason = "T is the literature's name")]

mod beta_binomial;
mod beta_geometric;
#[cfg(test)]
mod cdnow;
mod contractual;
mod fit;
mod gamma_gamma;
mod interval;
mod pareto;
mod regularity;
mod renewals;

use rayon::prelude::*;
use thiserror::Error;

pub use beta_binomial::{BetaBinomial, DiscretePattern, DiscretePatterns, MOST_OPPORTUNITIES};
pub use beta_geometric::{BetaGeometric, Dropout};
pub use contractual::{BetaDiscreteWeibull, ContractModel, ShiftedBetaGeometric};
pub use fit::{Descent, Fit, Parameter, fit, fit_above};
pub use gamma_gamma::{DEPENDENT, GammaGamma, GammaGammaFit, LeftOut, Spend};
pub use pareto::ParetoNbd;
pub use regularity::{
    FEWEST_CUSTOMERS, POISSON_SHAPES, Regularity, RegularityError, RegularityMethod, regularity,
};
pub use renewals::{Contract, MOST_RENEWALS, Period, RenewalError, Renewals};

use crate::types::TimeUnit;

/// One history of repeat purchases; times in a unit that the context states.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pattern {
    /// Repeat purchases: a whole number from 0 on.
    pub x: f64,
    /// Time from the first purchase to the last; 0 when `x` is 0.
    pub t_x: f64,
    /// Time from the first purchase to the end of observation, not before `t_x`.
    pub T: f64,
}

/// Distinct patterns and how many customers have each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patterns {
    /// Sorted by (x, t_x, T), each once.
    pub patterns: Vec<Pattern>,
    /// Customers by pattern; above 0.
    pub counts: Vec<f64>,
    /// For each row given to [`Patterns::new`], its place in `patterns`.
    pub of_row: Vec<u32>,
}

/// Why a table of patterns or a fit cannot be.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum BtydError {
    /// A row that no customer can have.
    #[error(
        "row {row}: {what}. x must be a whole number from 0 on, 0 <= t_x <= T, t_x = 0 where x = 0, and the count above 0; correct or remove the row"
    )]
    Row {
        /// Row, from 1.
        row: usize,
        /// What is wrong with it, with the values.
        what: String,
    },
    /// Too little to fit.
    #[error("{model} cannot be fitted: {reason}")]
    TooLittle {
        /// The model.
        model: &'static str,
        /// What is missing, and what to do.
        reason: String,
    },
    /// The likelihood is nowhere finite.
    #[error(
        "{model} cannot be fitted: its likelihood is not finite at any of {starts} starting points; look for outliers in the data"
    )]
    NotFinite {
        /// The model.
        model: &'static str,
        /// How many were tried.
        starts: usize,
    },
    /// A parameter outside its range.
    #[error("{model}: {parameter} = {value}: it must be {range}")]
    Parameter {
        /// The model.
        model: &'static str,
        /// The parameter.
        parameter: &'static str,
        /// Its value.
        value: f64,
        /// What is allowed.
        range: &'static str,
    },
}

impl Patterns {
    /// Checks the rows and joins equal ones; `counts` is empty for one customer a row.
    ///
    /// # Errors
    /// `Row`.
    pub fn new(rows: &[Pattern], counts: &[f64]) -> Result<Self, BtydError> {
        for (i, row) in rows.iter().enumerate() {
            let fault = |what: String| Err(BtydError::Row { row: i + 1, what });
            if !(row.x >= 0.0 && row.x.is_finite() && row.x.fract() == 0.0) {
                return fault(format!("x = {}", row.x));
            }
            if !(row.t_x >= 0.0 && row.t_x <= row.T && row.T.is_finite()) {
                return fault(format!("t_x = {}, T = {}", row.t_x, row.T));
            }
            if row.x == 0.0 && row.t_x != 0.0 {
                return fault(format!("x = 0 and t_x = {}", row.t_x));
            }
            if let Some(&count) = counts.get(i)
                && !(count > 0.0 && count.is_finite())
            {
                return fault(format!("count = {count}"));
            }
        }
        // Numbers from 0 on are in the order of their bits; 0 added makes the two zeros one.
        let key = |row: &Pattern| [row.x, row.t_x, row.T].map(|value| (value + 0.0).to_bits());
        let mut order: Vec<([u64; 3], u32)> =
            rows.iter().zip(0..).map(|(row, place)| (key(row), place)).collect();
        order.par_sort_unstable();
        let mut result =
            Self { patterns: Vec::new(), counts: Vec::new(), of_row: vec![0; rows.len()] };
        let mut last = None;
        for (key, place) in order {
            if last != Some(key) {
                let [x, t_x, T] = key.map(f64::from_bits);
                result.patterns.push(Pattern { x, t_x, T });
                result.counts.push(0.0);
                last = Some(key);
            }
            let pattern = result.patterns.len() - 1;
            result.counts[pattern] += counts.get(place as usize).copied().unwrap_or(1.0);
            result.of_row[place as usize] = pattern as u32;
        }
        Ok(result)
    }

    /// Customers.
    pub fn customers(&self) -> f64 {
        self.counts.iter().sum()
    }

    /// Repeat purchases of all customers.
    pub fn repeat_purchases(&self) -> f64 {
        self.patterns.iter().zip(&self.counts).map(|(pattern, count)| pattern.x * count).sum()
    }
}

/// A fitted model of when customers buy and when they stop. Times are in [`Model::unit`]; the
/// caller turns a [`crate::types::Duration`] into it with `in_unit`.
///
/// What is expected of a customer is the chance of being alive times what is expected of a living
/// one, which depends on `x` and `T` alone, not on `t_x`.
pub trait Model: Sync {
    /// Unit of the model's times.
    fn unit(&self) -> TimeUnit;
    /// The chance that the customer has not stopped by T.
    fn p_alive(&self, pattern: &Pattern) -> f64;
    /// Orders expected in (T, T + t].
    fn expected_orders(&self, pattern: &Pattern, t: f64) -> f64;
    /// [`Model::expected_orders`] for each of `ts`, into `out` of the same length; models that
    /// can share work between horizons do.
    fn expected_orders_at(&self, pattern: &Pattern, ts: &[f64], out: &mut [f64]) {
        ts.iter().zip(out).for_each(|(&t, out)| *out = self.expected_orders(pattern, t));
    }
    /// Orders in (T, T + t] that the shares `low` and `high` of such customers do not pass;
    /// `None` where the model has no law of them.
    fn order_interval(
        &self,
        _pattern: &Pattern,
        _t: f64,
        (_low, _high): (f64, f64),
    ) -> Option<(f64, f64)> {
        None
    }
    /// Orders expected from T on without end, each discounted continuously at `delta` per unit
    /// of time, above 0 (Fader, Hardie and Lee 2005, "RFM and CLV"; DERT).
    fn discounted_orders(&self, pattern: &Pattern, delta: f64) -> f64;
    /// Repeat orders expected of a new customer in (0, t].
    fn expected_orders_new(&self, t: f64) -> f64;
    /// The chance that a new customer makes exactly `n` repeat orders in (0, t].
    fn probability(&self, n: u32, t: f64) -> f64;
}
