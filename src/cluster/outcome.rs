//! How a clustering came about: the candidates, the choice among them, stability and warnings.

use serde::{Deserialize, Serialize};

use super::{Assignments, Covariance, Method, Model, Separation, Stability};
use crate::types::Warning;

/// One fit that was weighed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// `kmeans` or `gmm`.
    pub method: Method,
    /// The shape of covariances; mixture alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covariance: Option<Covariance>,
    /// Number of clusters asked for; a cluster left without a customer is taken out of the fit.
    pub k: usize,
    /// Mean silhouette over all customers, or over a sample beyond [`super::EXACT_CUSTOMERS`]; none for
    /// k = 1 and where a cluster has no sampled member.
    pub silhouette: Option<f64>,
    /// Customers the silhouette was computed on: all of them up to [`super::EXACT_CUSTOMERS`].
    pub silhouette_customers: usize,
    /// Bayesian information criterion, lower is better; mixture alone.
    pub bic: Option<f64>,
    /// Sum of squared distances; k-means alone.
    pub inertia: Option<f64>,
    /// Total log-likelihood; mixture alone.
    pub log_likelihood: Option<f64>,
    /// Whether the best restart met its tolerance.
    pub converged: bool,
    /// Iterations of the best restart; 0 under linfa, which does not tell.
    pub iterations: usize,
    /// Whether this is the fit that was kept.
    pub chosen: bool,
}

/// The curve over k and the rule that chose from it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Selection {
    /// The rule in a sentence.
    pub rule: String,
    /// Every fit, k-means before mixture, k ascending.
    pub candidates: Vec<Candidate>,
}

/// What a fit gives: model, assignment and how they came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Fitted {
    /// The model kept.
    pub model: Model,
    /// Where each customer belongs.
    pub assignments: Assignments,
    /// The curve over k.
    pub selection: Selection,
    /// How well clusters and customers are found again in resamples.
    pub stability: Stability,
    /// Per cluster, mean silhouette of its customers, of those sampled beyond
    /// [`super::EXACT_CUSTOMERS`]; none for a single cluster and for one without a sampled customer.
    pub silhouettes: Vec<Option<f64>>,
    /// Per cluster, its nearest neighbour and how far the two lie apart.
    pub separations: Vec<Option<Separation>>,
    /// Customers whose value of a feature was filled with the median, by feature, where any.
    pub filled: Vec<(String, usize)>,
    /// Customers without a value of a categorical attribute, by attribute, where any.
    pub missing: Vec<(String, usize)>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
}
