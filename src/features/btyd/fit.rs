//! A log-likelihood in log parameters -> estimates, standard errors, diagnostics.

use serde::{Deserialize, Serialize};

use super::BtydError;
use crate::math::{Evaluated, Stop, minimise};

/// One estimate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name in the literature.
    pub name: String,
    /// The estimate.
    pub value: f64,
    /// From the observed information, by the delta method on the logarithm (of the parameter less
    /// its lower bound); none where the curvature is not that of a maximum.
    pub standard_error: Option<f64>,
    /// Whether it lies at the lower bound that it was held above ([`fit_above`]).
    pub at_bound: bool,
}

/// One descent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Descent {
    /// Log-likelihood reached.
    pub log_likelihood: f64,
    /// Whether the gradient met the tolerance.
    pub converged: bool,
    /// Newton steps.
    pub iterations: usize,
}

/// Estimates and how they were found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// In the order of the model.
    pub parameters: Vec<Parameter>,
    /// At the estimates.
    pub log_likelihood: f64,
    /// Customers.
    pub customers: f64,
    /// Distinct patterns.
    pub patterns: usize,
    /// Gradient met the tolerance, in log parameters.
    pub converged: bool,
    /// Largest absolute element of the gradient of the mean log-likelihood in log parameters.
    pub gradient_norm: f64,
    /// Condition number of the Hessian in log parameters; none where it is not positive definite.
    pub hessian_condition: Option<f64>,
    /// Covariance of the log parameters (less their bounds); none where the curvature is not that of a maximum.
    pub log_covariance: Option<Vec<Vec<f64>>>,
    /// Every descent.
    pub descents: Vec<Descent>,
}

impl Fit {
    /// The estimates alone.
    pub fn values(&self) -> Vec<f64> {
        self.parameters.iter().map(|parameter| parameter.value).collect()
    }

    /// A maximum that is determined by the data: the gradient vanishes, the curvature is
    /// positive with a condition number of at most 1e8, and no parameter is at its bound.
    pub fn sound(&self) -> bool {
        self.converged
            && self.hessian_condition.is_some_and(|condition| condition <= 1e8)
            && !self.parameters.iter().any(|parameter| parameter.at_bound)
    }
}

/// Maximises a log-likelihood over positive parameters.
///
/// `log_likelihood` takes the logarithms of the parameters and gives the total log-likelihood
/// and its gradient in these logarithms; `starts` are parameters (not logarithms). The mean by
/// customer is what is minimised, so that tolerances do not depend on the number of customers.
///
/// # Errors
/// `NotFinite`.
pub fn fit(
    model: &'static str,
    names: &[&str],
    size: (f64, usize),
    starts: &[Vec<f64>],
    log_likelihood: &dyn Fn(&[f64]) -> Evaluated,
) -> Result<Fit, BtydError> {
    fit_above(model, names, &vec![0.0; names.len()], size, starts, log_likelihood)
}

/// How near, relative to it, a parameter is to a bound that it is taken to lie at.
const AT_BOUND: f64 = 1e-4;

/// [`fit`] with each parameter held above its own bound, 0 or more: `log_likelihood` takes
/// the logarithms of the parameters less their bounds. A parameter that ends within 1e-4 of a
/// bound above 0, relative to it, is marked as lying there.
///
/// # Errors
/// `NotFinite`.
pub fn fit_above(
    model: &'static str,
    names: &[&str],
    bounds: &[f64],
    size: (f64, usize),
    starts: &[Vec<f64>],
    log_likelihood: &dyn Fn(&[f64]) -> Evaluated,
) -> Result<Fit, BtydError> {
    let (customers, patterns) = size;
    let mean = |theta: &[f64]| {
        let (value, gradient) = log_likelihood(theta);
        (-value / customers, gradient.iter().map(|g| -g / customers).collect())
    };
    let logarithms = |start: &Vec<f64>| {
        start.iter().zip(bounds).map(|(value, bound)| (value - bound).ln()).collect()
    };
    let logs: Vec<Vec<f64>> = starts.iter().map(logarithms).collect();
    let search = minimise(&mean, &logs, &Stop::default())
        .ok_or(BtydError::NotFinite { model, starts: starts.len() })?;
    let inverse = search.curvature.as_ref().and_then(|curvature| curvature.inverse());
    let parameters = (names.iter().zip(bounds).enumerate())
        .map(|(i, (name, bound))| {
            let above = search.best.x[i].exp();
            let standard_error =
                inverse.as_ref().map(|inverse| above * (inverse[i][i] / customers).sqrt());
            let at_bound = *bound > 0.0 && above <= AT_BOUND * bound;
            Parameter { name: (*name).into(), value: bound + above, standard_error, at_bound }
        })
        .collect();
    let condition = search.curvature.as_ref().map(|curvature| curvature.condition());
    Ok(Fit {
        parameters,
        log_likelihood: -search.best.value * customers,
        customers,
        patterns,
        converged: search.best.converged,
        gradient_norm: search.best.gradient_norm,
        hessian_condition: condition.filter(|condition| condition.is_finite()),
        log_covariance: inverse.map(|inverse| {
            inverse.iter().map(|row| row.iter().map(|v| v / customers).collect()).collect()
        }),
        descents: (search.descents.iter())
            .map(|descent| Descent {
                log_likelihood: -descent.value * customers,
                converged: descent.converged,
                iterations: descent.iterations,
            })
            .collect(),
    })
}
