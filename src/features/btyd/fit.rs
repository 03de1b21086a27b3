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
    /// From the observed information, by the delta method on the logarithm; none where the
    /// curvature is not that of a maximum.
    pub standard_error: Option<f64>,
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
    /// Every descent.
    pub descents: Vec<Descent>,
}

impl Fit {
    /// The estimates alone.
    pub fn values(&self) -> Vec<f64> {
        self.parameters.iter().map(|parameter| parameter.value).collect()
    }

    /// A maximum that is determined by the data: the gradient vanishes, and the curvature is
    /// positive with a condition number of at most 1e8.
    pub fn sound(&self) -> bool {
        self.converged && self.hessian_condition.is_some_and(|condition| condition <= 1e8)
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
    let (customers, patterns) = size;
    let mean = |theta: &[f64]| {
        let (value, gradient) = log_likelihood(theta);
        (-value / customers, gradient.iter().map(|g| -g / customers).collect())
    };
    let logs: Vec<Vec<f64>> =
        starts.iter().map(|start| start.iter().map(|value| value.ln()).collect()).collect();
    let search = minimise(&mean, &logs, &Stop::default())
        .ok_or(BtydError::NotFinite { model, starts: starts.len() })?;
    let inverse = search.curvature.as_ref().and_then(|curvature| curvature.inverse());
    let parameters = (names.iter().enumerate())
        .map(|(i, name)| {
            let value = search.best.x[i].exp();
            let standard_error =
                inverse.as_ref().map(|inverse| value * (inverse[i][i] / customers).sqrt());
            Parameter { name: (*name).into(), value, standard_error }
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
        descents: (search.descents.iter())
            .map(|descent| Descent {
                log_likelihood: -descent.value * customers,
                converged: descent.converged,
                iterations: descent.iterations,
            })
            .collect(),
    })
}
