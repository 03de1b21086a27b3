//! How the value of a run was forecast: what the manifest and the report show.

use serde::{Deserialize, Serialize};

use crate::features::btyd::{Fit, LeftOut, Regularity};
use crate::types::TimeUnit;

/// What forecasts orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Pareto/NBD (Schmittlein, Morrison and Colombo 1987).
    ParetoNbd,
    /// BG/NBD (Fader, Hardie and Lee 2005).
    BgNbd,
    /// MBG/NBD (Batislam, Denizel and Filiztekin 2007).
    MbgNbd,
    /// Shrunken cohort means.
    Cohort,
    /// The hiatus rule.
    Hiatus,
}

impl Method {
    /// As it stands in configurations and files.
    pub fn key(self) -> &'static str {
        match self {
            Method::ParetoNbd => "pareto_nbd",
            Method::BgNbd => "bg_nbd",
            Method::MbgNbd => "mbg_nbd",
            Method::Cohort => "cohort",
            Method::Hiatus => "hiatus",
        }
    }

    /// As people call it.
    pub fn name(self) -> &'static str {
        match self {
            Method::ParetoNbd => "Pareto/NBD",
            Method::BgNbd => "BG/NBD",
            Method::MbgNbd => "MBG/NBD",
            Method::Cohort => "shrunken cohort means",
            Method::Hiatus => "hiatus rule",
        }
    }
}

/// One rung of the ladder that was tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// The rung.
    pub method: Method,
    /// Whether it was taken.
    pub accepted: bool,
    /// Why, or why not.
    pub reason: String,
    /// Its estimates, where something was fitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fit: Option<Fit>,
}

/// What gives the value of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SpendMethod {
    /// Gamma-Gamma (Fader and Hardie 2013).
    GammaGamma,
    /// The customer's mean, shrunken towards everybody's.
    ShrunkenMean,
}

impl SpendMethod {
    /// As it stands in files.
    pub fn key(self) -> &'static str {
        match self {
            SpendMethod::GammaGamma => "gamma_gamma",
            SpendMethod::ShrunkenMean => "shrunken_mean",
        }
    }
}

/// How the value of orders was forecast.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpendRecord {
    /// What was used.
    pub method: SpendMethod,
    /// Why.
    pub reason: String,
    /// Estimates of Gamma-Gamma, where it could be fitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fit: Option<Fit>,
    /// Customers with positive repeat spend, whom it is fitted to.
    pub customers: f64,
    /// Customers left out of the fit, by reason; none where nothing was fitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<LeftOut>,
    /// Correlation of repeat purchases and their mean spend among those used: the model takes
    /// them for independent.
    pub correlation: Option<f64>,
    /// Expected value of an order of a customer of whom nothing is known.
    pub population_mean: f64,
    /// Orders that everybody's mean is worth beside a customer's own (`shrunken_mean`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prior_orders: Option<f64>,
}

/// Part of spend that is margin, and where it is from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MarginRecord {
    /// Above 0 and at most 1 where it is configured; what the costs give otherwise.
    pub rate: f64,
    /// Whether it was taken from a column of costs.
    pub from_costs: bool,
}

/// Sums over all customers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ValueTotals {
    /// Orders (purchase days) within the horizon.
    pub expected_orders: f64,
    /// Standard error that the estimates leave in it (delta method); none below the models.
    pub expected_orders_error: Option<f64>,
    /// Spend within the horizon.
    pub expected_spend: f64,
    /// Discounted margin within the horizon.
    pub clv: f64,
    /// Discounted margin without end; none where it is not defined.
    pub residual_value: Option<f64>,
    /// Orders that the hiatus rule expects, beside it.
    pub hiatus_orders: f64,
}

/// How the value of a run was forecast.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClvRecord {
    /// The rung that was taken.
    pub method: Method,
    /// Every rung that was tried, in order.
    pub attempts: Vec<Attempt>,
    /// Unit of the parameters' times.
    pub unit: TimeUnit,
    /// How far the forecast goes.
    pub horizon: String,
    /// Yearly rate of discount.
    pub discount_rate: f64,
    /// The monthly rate that compounds to it.
    pub discount_rate_monthly: f64,
    /// Margin of spend.
    pub margin: MarginRecord,
    /// Longest silence of an active customer by the hiatus rule, in days; none when nobody has
    /// bought twice.
    pub hiatus_days: Option<f64>,
    /// Regularity of purchasing; none where too few gaps are known.
    pub regularity: Option<Regularity>,
    /// Value of orders.
    pub spend: SpendRecord,
    /// Sums.
    pub totals: ValueTotals,
}
