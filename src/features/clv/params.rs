//! `[features.clv]`: how value to come is forecast and how money over time is valued.

use serde::{Deserialize, Serialize};

use super::super::value::Anchor;
use super::ClvError;
use crate::types::{DiscountRate, Duration};

/// Which model forecasts orders. The ladder goes on below a model whose fit is not sound, so
/// that a run never fails because a model does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelChoice {
    /// Pareto/NBD, then MBG/NBD, then shrunken cohort means, then the hiatus rule.
    #[default]
    Auto,
    /// Pareto/NBD first.
    ParetoNbd,
    /// BG/NBD first.
    BgNbd,
    /// MBG/NBD first.
    MbgNbd,
    /// Shrunken cohort means first.
    Cohort,
    /// The hiatus rule alone.
    Hiatus,
    /// No forecast: the run has none of its columns.
    None,
}

/// `[features.clv]`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClvParams {
    /// `auto` (default), `pareto_nbd`, `bg_nbd`, `mbg_nbd`, `cohort`, `hiatus` or `none`.
    pub model: ModelChoice,
    /// How far the forecast goes, above 0 and at most 10 years; default `12 months`.
    pub horizon: Duration,
    /// Part of the spend that is margin, above 0 and at most 1; default 1, which values spend
    /// itself. With a column of costs the margin is taken from it.
    pub margin: f64,
    /// Per year, compounded monthly as (1 + rate)^(1/12) - 1; from 0 to 10, default 0.10.
    pub discount_rate: f64,
    /// `start` (default): spend of the month of `as_of` is not compounded; `end`: by one month.
    pub anchor: Anchor,
    /// Silence after which the hiatus rule takes a customer for gone; without it, the mean gap
    /// that the customers behind 95 of 100 repeat purchases keep within.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hiatus: Option<Duration>,
    /// Cost of winning a customer, taken off the lifetime value by retention; default 0.
    pub acquisition_cost: f64,
}

impl Default for ClvParams {
    fn default() -> Self {
        Self {
            model: ModelChoice::Auto,
            horizon: Duration::months(12),
            margin: 1.0,
            discount_rate: 0.10,
            anchor: Anchor::Start,
            hiatus: None,
            acquisition_cost: 0.0,
        }
    }
}

impl ClvParams {
    /// The rate of discount, checked.
    ///
    /// # Errors
    /// `Range` for this or any other figure of the section.
    pub fn checked(&self) -> Result<DiscountRate, ClvError> {
        let range = |key, value: String, range| Err(ClvError::Range { key, value, range });
        if !(self.margin > 0.0 && self.margin <= 1.0) {
            return range("margin", self.margin.to_string(), "above 0 and at most 1");
        }
        let days = |duration: Duration| duration.in_unit(crate::types::TimeUnit::Days);
        if !(days(self.horizon) > 0.0 && days(self.horizon) <= 3650.0) {
            return range(
                "horizon",
                self.horizon.to_string(),
                "above 0 and at most 10 years, such as \"12 months\"",
            );
        }
        if let Some(hiatus) = self.hiatus
            && !(1.0..=3650.0).contains(&days(hiatus))
        {
            return range("hiatus", hiatus.to_string(), "from 1 day to 10 years");
        }
        if !(self.acquisition_cost >= 0.0 && self.acquisition_cost <= 1e12) {
            return range("acquisition_cost", self.acquisition_cost.to_string(), "from 0 on");
        }
        match DiscountRate::per_year(self.discount_rate) {
            Some(rate) if self.discount_rate <= 10.0 => Ok(rate),
            _ => range(
                "discount_rate",
                self.discount_rate.to_string(),
                "a yearly rate from 0 to 10 (0.10 is ten percent)",
            ),
        }
    }
}
