//! A table of x, t_x, T (and m_x) by itself -> the estimates of one named model, and forecasts of
//! its rows: what `segtrail clv fit` shows.

#![allow(non_snake_case, reason = "T is the literature's name")]

use std::collections::BTreeMap;

use serde::Serialize;

use super::ladder::{fit_model, in_sample_ratio};
use super::{Forecast, Hiatus, Method, Spend, SpendMethod, SpendRecord, forecast, order_values};
use crate::features::btyd::{BtydError, Fit, Pattern, Patterns};
use crate::ingest::Summary;
use crate::types::{DiscountRate, Duration, TimeUnit, Warning};

/// How far to forecast, and in what.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ahead {
    /// The horizon.
    pub horizon: Duration,
    /// Unit of the table's times.
    pub unit: TimeUnit,
    /// Discount.
    pub rate: DiscountRate,
    /// Part of spend that is margin.
    pub margin: f64,
}

/// Estimates of one model from one table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TableFit {
    /// The model.
    pub model: String,
    /// Estimates by name.
    pub parameters: BTreeMap<String, f64>,
    /// Their standard errors; null where the data do not determine them.
    pub standard_errors: BTreeMap<String, Option<f64>>,
    /// At the estimates.
    pub log_likelihood: f64,
    /// Whether the estimates can be trusted: the likelihood has a maximum that the data
    /// determine.
    pub sound: bool,
    /// Everything about the fit.
    pub fit: Fit,
    /// Repeat purchases that the model expects over those that there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_sample_ratio: Option<f64>,
    /// Spend, where the table has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spend: Option<SpendRecord>,
    /// Sums over all customers, where a horizon was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub totals: Option<Totals>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
    /// Forecasts by row, where a horizon was given.
    #[serde(skip)]
    pub scores: Vec<(&'static str, Vec<f64>)>,
}

/// Sums over all customers of a table.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Totals {
    /// Orders within the horizon.
    pub expected_orders: f64,
    /// Spend within the horizon; null without spend.
    pub expected_spend: Option<f64>,
    /// Discounted margin within the horizon; null without spend.
    pub clv: Option<f64>,
}

impl TableFit {
    /// A record of estimates alone.
    pub fn of(model: &str, fit: Fit) -> Self {
        let sound = fit.sound();
        let mut warnings = Vec::new();
        if !sound {
            warnings.push(Warning::new(
                "fit_not_sound",
                format!(
                    "the likelihood of {model} has no maximum that these data determine \
                     (gradient {:.1e}, condition of the Hessian {}): do not use the parameters",
                    fit.gradient_norm,
                    fit.hessian_condition.map_or("not defined".into(), |c| format!("{c:.1e}")),
                ),
            ));
        }
        let by_name = fit.parameters.iter();
        Self {
            model: model.into(),
            parameters: by_name.clone().map(|p| (p.name.clone(), p.value)).collect(),
            standard_errors: by_name.map(|p| (p.name.clone(), p.standard_error)).collect(),
            log_likelihood: fit.log_likelihood,
            sound,
            fit,
            in_sample_ratio: None,
            spend: None,
            totals: None,
            warnings,
            scores: Vec::new(),
        }
    }
}

/// Fits `method`, one of the three continuous-time models, to a table, whose times are in a unit
/// that only the caller knows.
///
/// # Errors
/// `Row` for a row that no customer can have, or what the fit says.
pub fn fit_table(
    table: &Summary,
    method: Method,
    ahead: Option<&Ahead>,
) -> Result<TableFit, BtydError> {
    let counts = table.count.as_deref().unwrap_or(&[]);
    let rows: Vec<Pattern> = (0..table.x.len())
        .map(|i| Pattern { x: table.x[i], t_x: table.t_x[i], T: table.T[i] })
        .collect();
    let patterns = Patterns::new(&rows, counts)?;
    // Without a horizon the unit does not matter: estimates are in that of the table.
    let unit = ahead.map_or(TimeUnit::Days, |ahead| ahead.unit);
    let hiatus = Hiatus { threshold: f64::INFINITY, unit };
    let (model, fit) = fit_model(method, &patterns, &hiatus)?;
    let Some(fit) = fit else {
        return Err(BtydError::TooLittle {
            model: method.name(),
            reason: "it has no likelihood to fit".into(),
        });
    };
    let mut found = TableFit::of(method.key(), fit);
    found.in_sample_ratio =
        Some(in_sample_ratio(&*model, &patterns)).filter(|ratio| ratio.is_finite());
    let spend = table.m_x.as_ref().map(|m_x| {
        let known = table.x.iter().zip(m_x).map(|(x, m_x)| if *x > 0.0 { *m_x } else { f64::NAN });
        let mean: Vec<f64> = known.collect();
        let spend = Spend { x: &table.x, m_x, mean: &mean, counts };
        order_values(&spend, &mut found.warnings)
    });
    if let Some(ahead) = ahead {
        let expected = forecast(&*model, &patterns.patterns, ahead.horizon, ahead.rate);
        score(&mut found, &patterns, &expected, spend.as_ref(), counts, ahead);
    }
    if let Some((_, record)) = spend {
        if record.method != SpendMethod::GammaGamma {
            found.warnings.push(Warning::new(
                "gamma_gamma_not_used",
                format!("order values are shrunken means: {}", record.reason),
            ));
        }
        found.spend = Some(record);
    }
    Ok(found)
}

fn score(
    found: &mut TableFit,
    patterns: &Patterns,
    expected: &Forecast,
    spend: Option<&(Vec<f64>, SpendRecord)>,
    counts: &[f64],
    ahead: &Ahead,
) {
    let n = patterns.of_row.len();
    let by = |values: &[f64]| -> Vec<f64> {
        patterns.of_row.iter().map(|&place| values[place as usize]).collect()
    };
    let sum = |values: &[f64]| -> f64 {
        (0..n).map(|i| values[i] * counts.get(i).copied().unwrap_or(1.0)).sum()
    };
    let mut scores = vec![
        ("p_alive", by(&expected.p_alive)),
        ("expected_orders", by(&expected.orders)),
        ("expected_orders_low", by(&expected.low)),
        ("expected_orders_high", by(&expected.high)),
    ];
    let mut totals = Totals { expected_orders: sum(&scores[1].1), expected_spend: None, clv: None };
    if let Some((worth, _)) = spend {
        let money = |values: &[f64], part: f64| -> Vec<f64> {
            by(values).iter().zip(worth).map(|(orders, worth)| part * orders * worth).collect()
        };
        let expected_spend = money(&expected.orders, 1.0);
        let clv = money(&expected.discounted, ahead.margin);
        totals.expected_spend = Some(sum(&expected_spend));
        totals.clv = Some(sum(&clv));
        scores.push(("expected_order_value", worth.clone()));
        scores.push(("expected_spend", expected_spend));
        scores.push(("clv", clv));
        scores.push(("residual_value", money(&expected.residual, ahead.margin)));
    }
    found.scores = scores;
    found.totals = Some(totals);
}
