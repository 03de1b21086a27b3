//! Purchase days of each buyer -> chance of being a customer still, orders, spend and value to
//! come, each with the method that it was forecast by and the reason.
//!
//! Times are fitted in weeks, as the literature has them. Purchases of one day are one.

mod baseline;
mod forecast;
mod ladder;
mod params;
mod record;
mod spend;
pub mod table;
pub mod validate;

use std::sync::Arc;

use thiserror::Error;

pub use baseline::{CohortMeans, Hiatus};
pub use forecast::{Forecast, forecast};
pub use ladder::{Chosen, choose, fit_model};
pub use params::{ClvParams, ModelChoice};
pub use record::{Attempt, ClvRecord, MarginRecord, Method, SpendMethod, SpendRecord, ValueTotals};
pub use spend::{Spend, dependence, order_values};

use super::btyd::{
    BtydError, Model, POISSON_SHAPES, Pattern, Patterns, Regularity, RegularityMethod, regularity,
};
use super::table::AttributeColumn;
use super::{FeatureColumn, Unit};
use crate::types::{DiscountRate, TimeUnit, Warning};

/// Unit of the fitted times.
pub const UNIT: TimeUnit = TimeUnit::Weeks;
/// Share of the gaps between purchases that the hiatus rule's threshold holds.
const HIATUS_SHARE: f64 = 0.95;

/// Why value cannot be forecast as configured.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum ClvError {
    /// A figure of `[features.clv]` outside its range.
    #[error("[features.clv] {key} = {value}: it must be {range}. Correct it")]
    Range {
        /// The key.
        key: &'static str,
        /// Its value.
        value: String,
        /// What is allowed.
        range: &'static str,
    },
    /// Histories that no customer can have.
    #[error(transparent)]
    Btyd(#[from] BtydError),
}

/// What is known of each buyer, in the order of the table; days are whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histories {
    /// Repeat purchases: purchase days after the first.
    pub x: Vec<f64>,
    /// Days from the first purchase to the last.
    pub t_x_days: Vec<f64>,
    /// Days from the first purchase to the end of observation.
    pub age_days: Vec<f64>,
    /// Mean spend of the repeat purchases; NaN without any.
    pub m_x: Vec<f64>,
    /// Mean spend of all purchase days.
    pub mean: Vec<f64>,
}

impl Histories {
    /// Distinct patterns in [`UNIT`].
    ///
    /// # Errors
    /// `Row`.
    pub fn patterns(&self) -> Result<Patterns, BtydError> {
        let unit = UNIT.in_days();
        let rows: Vec<Pattern> = (0..self.x.len())
            .map(|i| Pattern {
                x: self.x[i],
                t_x: self.t_x_days[i] / unit,
                T: self.age_days[i] / unit,
            })
            .collect();
        Patterns::new(&rows, &[])
    }

    /// The hiatus rule of a configuration, or of the gaps seen.
    pub fn hiatus(patterns: &Patterns, params: &ClvParams) -> Hiatus {
        match params.hiatus {
            Some(silence) => Hiatus { threshold: silence.in_unit(UNIT), unit: UNIT },
            None => Hiatus::of_gaps(patterns, HIATUS_SHARE, UNIT),
        }
    }
}

/// Columns of the feature table and how they were made.
pub(super) struct Valued {
    pub columns: Vec<FeatureColumn>,
    pub methods: Vec<AttributeColumn>,
    pub record: ClvRecord,
}

/// Forecasts of all buyers. `gaps` are the gaps in days between the purchase days of each buyer.
pub(super) fn value(
    histories: &Histories,
    gaps: &[Vec<f64>],
    margin: MarginRecord,
    params: &ClvParams,
    rate: DiscountRate,
    warnings: &mut Vec<Warning>,
) -> Result<Valued, ClvError> {
    let patterns = histories.patterns()?;
    let hiatus = Histories::hiatus(&patterns, params);
    let chosen = choose(params.model, &patterns, &hiatus);
    let expected = forecast(&*chosen.model, &patterns.patterns, params.horizon, rate);
    let spend = Spend { x: &histories.x, m_x: &histories.m_x, mean: &histories.mean, counts: &[] };
    let (order_value, spend_record) = order_values(&spend, warnings);
    let regularity = regularity(gaps, 1.0, RegularityMethod::Pooled).ok();
    tell(&chosen, params.model, regularity.as_ref(), warnings);

    let n = histories.x.len();
    let place = |i: usize| patterns.of_row[i] as usize;
    let by = |values: &[f64]| (0..n).map(|i| values[place(i)]).collect::<Vec<f64>>();
    let money = |values: &[f64], part: f64| {
        (0..n).map(|i| part * order_value[i] * values[place(i)]).collect::<Vec<f64>>()
    };
    let column = |name: &str, unit, values| FeatureColumn { name: name.into(), unit, values };
    let mut columns = vec![
        column("p_alive", Unit::Share, by(&expected.p_alive)),
        column("expected_orders", Unit::Count, by(&expected.orders)),
        column("expected_orders_low", Unit::Count, by(&expected.low)),
        column("expected_orders_high", Unit::Count, by(&expected.high)),
        column("expected_order_value", Unit::Money, order_value.clone()),
        column("expected_spend", Unit::Money, money(&expected.orders, 1.0)),
        column("clv", Unit::Money, money(&expected.discounted, margin.rate)),
        column("residual_value", Unit::Money, money(&expected.residual, margin.rate)),
    ];
    // Past what a number can hold nothing is known.
    for column in &mut columns {
        column.values.iter_mut().filter(|value| !value.is_finite()).for_each(|v| *v = f64::NAN);
    }
    let sum = |name: &str| {
        let column = columns.iter().find(|column| column.name == name);
        column.map_or(0.0, |column| column.values.iter().filter(|v| !v.is_nan()).sum())
    };
    let defined = |name: &str| {
        columns.iter().any(|c| c.name == name && c.values.iter().any(|value| !value.is_nan()))
    };
    let horizon = params.horizon.in_unit(UNIT);
    let weighted = |model: &dyn Model| -> f64 {
        (patterns.patterns.iter().zip(&patterns.counts))
            .map(|(pattern, count)| count * model.expected_orders(pattern, horizon))
            .sum()
    };
    let totals = ValueTotals {
        expected_orders: sum("expected_orders"),
        expected_orders_error: spread(&chosen, &weighted),
        expected_spend: sum("expected_spend"),
        clv: sum("clv"),
        residual_value: defined("residual_value").then(|| sum("residual_value")),
        hiatus_orders: weighted(&hiatus),
    };
    let record = ClvRecord {
        method: chosen.method,
        unit: UNIT,
        horizon: params.horizon.to_string(),
        discount_rate: rate.yearly(),
        discount_rate_monthly: rate.monthly(),
        margin,
        hiatus_days: Some(hiatus.threshold * UNIT.in_days()).filter(|days| days.is_finite()),
        regularity,
        totals,
        attempts: chosen.attempts.clone(),
        spend: spend_record,
    };
    let methods = methods(histories, &chosen, &record);
    Ok(Valued { columns, methods, record })
}

/// Standard error of a total that the estimates leave, by the delta method in log parameters.
fn spread(chosen: &Chosen, total: &dyn Fn(&dyn Model) -> f64) -> Option<f64> {
    const STEP: f64 = 1e-4;
    let fit = chosen.attempts.last()?.fit.as_ref()?;
    let covariance = fit.log_covariance.as_ref()?;
    let values = fit.values();
    let gradient: Option<Vec<f64>> = (0..values.len())
        .map(|i| {
            let at = |step: f64| {
                let mut values = values.clone();
                values[i] *= step.exp();
                let model = ladder::with_parameters(chosen.method, &values, UNIT)?;
                Some(total(&*model))
            };
            Some((at(STEP)? - at(-STEP)?) / (2.0 * STEP))
        })
        .collect();
    let gradient = gradient?;
    let variance: f64 = (0..gradient.len())
        .flat_map(|i| (0..gradient.len()).map(move |j| (i, j)))
        .map(|(i, j)| gradient[i] * covariance[i][j] * gradient[j])
        .sum();
    (variance >= 0.0 && variance.is_finite()).then(|| variance.sqrt())
}

/// Warnings about the model.
fn tell(
    chosen: &Chosen,
    choice: ModelChoice,
    regularity: Option<&Regularity>,
    warnings: &mut Vec<Warning>,
) {
    // From one model to the next is the ladder's work; below the models, or off a model that was
    // asked for, is news.
    let below = chosen.method > Method::MbgNbd && choice != ModelChoice::Hiatus;
    let asked = matches!(choice, ModelChoice::ParetoNbd | ModelChoice::BgNbd | ModelChoice::MbgNbd);
    let fell = chosen.attempts.len() > 1 && (below || asked);
    if fell && let Some(last) = chosen.attempts.last() {
        warnings.push(Warning::new(
            "clv_fallback",
            format!("orders are forecast by {}: {}", chosen.method.name(), last.reason),
        ));
    }
    let probabilistic = chosen.method <= Method::MbgNbd;
    if probabilistic
        && choice != ModelChoice::None
        && let Some(found) = regularity.filter(|found| found.is_far_from_poisson())
    {
        warnings.push(Warning::new(
            "purchases_not_poisson",
            format!(
                "purchases come more {} than at random: the shape of the gaps is {:.2} ({:.2} to \
                 {:.2}), a Poisson process has 1 and {} serves from {} to {}. Read p_alive with \
                 care; compare with `segtrail clv validate`",
                if found.shape > 1.0 { "regularly" } else { "in bursts" },
                found.shape,
                found.interval.0,
                found.interval.1,
                chosen.method.name(),
                POISSON_SHAPES.start(),
                POISSON_SHAPES.end(),
            ),
        ));
    }
}

/// `clv_method` and `clv_reason` of every buyer.
fn methods(histories: &Histories, chosen: &Chosen, record: &ClvRecord) -> Vec<AttributeColumn> {
    let method: Arc<str> = format!("{}+{}", chosen.method.key(), record.spend.method.key()).into();
    let run = chosen.attempts.last().map_or("", |attempt| attempt.reason.as_str());
    let with = |customer: &str| -> Arc<str> {
        let spend = &record.spend.reason;
        match customer {
            "" => format!("orders: {run}; order value: {spend}"),
            customer => format!("orders: {run}; order value: {spend}; {customer}"),
        }
        .into()
    };
    let plain = with("");
    let once = with("bought on one day: the order value is everybody's mean");
    let negative = with(match record.spend.method {
        SpendMethod::GammaGamma => {
            "repeat spend is not positive: the order value is everybody's mean"
        }
        SpendMethod::ShrunkenMean => "repeat spend is not positive",
    });
    let reason = (0..histories.x.len()).map(|i| {
        Some(Arc::clone(match histories.x[i] {
            0.0 => &once,
            _ if histories.m_x[i] > 0.0 => &plain,
            _ => &negative,
        }))
    });
    vec![
        AttributeColumn {
            name: "clv_method".into(),
            values: vec![Some(method); histories.x.len()],
        },
        AttributeColumn { name: "clv_reason".into(), values: reason.collect() },
    ]
}

#[cfg(test)]
#[path = "value_tests.rs"]
mod tests;
