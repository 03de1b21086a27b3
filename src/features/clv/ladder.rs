//! Patterns -> the first model whose fit can be trusted, and why the ones before it cannot.
//!
//! A model is taken when its likelihood has a maximum that the data determine (gradient,
//! curvature) and when it gives back the repeat purchases it was fitted to. Below the models
//! stand cohort means, which need a single repeat purchase, and the hiatus rule, which needs
//! nothing.

use super::baseline::{CohortMeans, Hiatus};
use super::params::ModelChoice;
use super::record::{Attempt, Method};
use crate::features::btyd::{BetaGeometric, BtydError, Dropout, Fit, Model, ParetoNbd, Patterns};
use crate::types::TimeUnit;

/// Customers and repeat buyers below whom no model is fitted.
const LEAST_CUSTOMERS: f64 = 50.0;
const LEAST_REPEAT_BUYERS: f64 = 20.0;
/// Furthest that a model may be off, in total, on what it was fitted to.
const MOST_BIAS: f64 = 0.25;

/// The model taken and the way to it.
pub struct Chosen {
    /// The model.
    pub model: Box<dyn Model>,
    /// What it is.
    pub method: Method,
    /// Every rung that was tried, in order; the last one was taken.
    pub attempts: Vec<Attempt>,
}

/// The rungs of a choice, from the top.
fn rungs(choice: ModelChoice) -> &'static [Method] {
    use Method::{BgNbd, Cohort, Hiatus, MbgNbd, ParetoNbd};
    match choice {
        ModelChoice::Auto | ModelChoice::ParetoNbd => &[ParetoNbd, MbgNbd, Cohort, Hiatus],
        ModelChoice::BgNbd => &[BgNbd, MbgNbd, Cohort, Hiatus],
        ModelChoice::MbgNbd => &[MbgNbd, Cohort, Hiatus],
        ModelChoice::Cohort => &[Cohort, Hiatus],
        ModelChoice::Hiatus | ModelChoice::None => &[Hiatus],
    }
}

fn dropout(method: Method) -> Dropout {
    if method == Method::MbgNbd { Dropout::AlsoAtFirst } else { Dropout::AfterRepeat }
}

/// A model of `method` with its fit; for the two baselines no fit.
///
/// # Errors
/// What the fit says.
pub fn fit_model(
    method: Method,
    patterns: &Patterns,
    hiatus: &Hiatus,
) -> Result<(Box<dyn Model>, Option<Fit>), BtydError> {
    let unit = hiatus.unit;
    Ok(match method {
        Method::ParetoNbd => {
            let (model, fit) = ParetoNbd::fit(patterns, unit)?;
            (Box::new(model), Some(fit))
        }
        Method::BgNbd | Method::MbgNbd => {
            let (model, fit) = BetaGeometric::fit(patterns, unit, dropout(method))?;
            (Box::new(model), Some(fit))
        }
        Method::Cohort => match CohortMeans::of(patterns, hiatus) {
            Some(model) => (Box::new(model), None),
            None => {
                return Err(BtydError::TooLittle {
                    model: "cohort means",
                    reason: "no customer has bought on two days".into(),
                });
            }
        },
        Method::Hiatus => (Box::new(*hiatus), None),
    })
}

/// A model of `method` with other parameters, for the spread that estimates leave.
pub(super) fn with_parameters(
    method: Method,
    values: &[f64],
    unit: TimeUnit,
) -> Option<Box<dyn Model>> {
    let &[a, b, c, d] = values else { return None };
    match method {
        Method::ParetoNbd => Some(Box::new(ParetoNbd::new([a, b, c, d], unit).ok()?)),
        Method::BgNbd | Method::MbgNbd => {
            Some(Box::new(BetaGeometric::new([a, b, c, d], dropout(method), unit).ok()?))
        }
        Method::Cohort | Method::Hiatus => None,
    }
}

/// Goes down the rungs of `choice` to the first that can be trusted.
pub fn choose(choice: ModelChoice, patterns: &Patterns, hiatus: &Hiatus) -> Chosen {
    let mut attempts = Vec::new();
    for &method in rungs(choice) {
        let refused = |reason: String, fit| Attempt { method, accepted: false, reason, fit };
        if method <= Method::MbgNbd
            && let Some(reason) = too_few(patterns)
        {
            attempts.push(refused(reason, None));
            continue;
        }
        match fit_model(method, patterns, hiatus) {
            Err(error) => attempts.push(refused(error.to_string(), None)),
            Ok((model, fit)) => match fit.as_ref().and_then(|fit| doubt(&*model, fit, patterns)) {
                Some(doubt) => attempts.push(refused(doubt, fit)),
                None => {
                    let reason = accepted(method, &attempts);
                    attempts.push(Attempt { method, accepted: true, reason, fit });
                    return Chosen { model, method, attempts };
                }
            },
        }
    }
    // The hiatus rule refuses nothing, so the loop ends with it.
    let reason = accepted(Method::Hiatus, &attempts);
    attempts.push(Attempt { method: Method::Hiatus, accepted: true, reason, fit: None });
    Chosen { model: Box::new(*hiatus), method: Method::Hiatus, attempts }
}

fn accepted(method: Method, before: &[Attempt]) -> String {
    let how = match method {
        Method::ParetoNbd | Method::BgNbd | Method::MbgNbd => "the fit is sound",
        Method::Cohort => "cohorts have repeat purchases",
        Method::Hiatus => "it needs no fit",
    };
    match before.last() {
        None => how.into(),
        Some(last) => format!("{how}; {} was not used: {}", last.method.name(), last.reason),
    }
}

fn too_few(patterns: &Patterns) -> Option<String> {
    let customers = patterns.customers();
    let repeat: f64 = (patterns.patterns.iter().zip(&patterns.counts))
        .filter(|(pattern, _)| pattern.x > 0.0)
        .map(|(_, count)| count)
        .sum();
    if customers < LEAST_CUSTOMERS {
        return Some(format!("{customers} customers, fewer than {LEAST_CUSTOMERS}"));
    }
    (repeat < LEAST_REPEAT_BUYERS).then(|| {
        format!("{repeat} customers with a repeat purchase, fewer than {LEAST_REPEAT_BUYERS}")
    })
}

/// What speaks against a fit.
fn doubt(model: &dyn Model, fit: &Fit, patterns: &Patterns) -> Option<String> {
    if !fit.converged {
        return Some(format!(
            "the likelihood did not converge (gradient {:.1e})",
            fit.gradient_norm
        ));
    }
    if !fit.sound() {
        return Some(match fit.hessian_condition {
            Some(condition) => format!(
                "the data do not determine the parameters (condition of the Hessian {condition:.1e})"
            ),
            None => "the likelihood has no maximum in the inside of its range".into(),
        });
    }
    let bias = in_sample_ratio(model, patterns) - 1.0;
    (bias.is_nan() || bias.abs() > MOST_BIAS).then(|| {
        format!("it expects {:+.0} % of the repeat purchases that it was fitted to", 100.0 * bias)
    })
}

/// Repeat purchases that the model expects of its own customers over those that there are.
pub(super) fn in_sample_ratio(model: &dyn Model, patterns: &Patterns) -> f64 {
    let mut ages: Vec<(f64, f64)> =
        patterns.patterns.iter().zip(&patterns.counts).map(|(p, count)| (p.T, *count)).collect();
    ages.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut expected = 0.0;
    let mut rest = ages.as_slice();
    while let [(age, _), ..] = *rest {
        let same = rest.iter().take_while(|(other, _)| *other == age).count();
        let count: f64 = rest[..same].iter().map(|(_, count)| count).sum();
        expected += count * model.expected_orders_new(age);
        rest = &rest[same..];
    }
    expected / patterns.repeat_purchases()
}
