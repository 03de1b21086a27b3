//! How a clustering came about: the candidates, the choice among them, stability and warnings.

use serde::{Deserialize, Serialize};

use super::{
    Assignments, BoundsRecord, Covariance, Criterion, LayersRecord, Method, Model, Separation,
    Stability, Structure,
};
use crate::types::Warning;

/// One fit that was weighed. A figure is null where it was not computed or is not defined.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// `kmeans` or `gmm`.
    pub method: Method,
    /// The shape of covariances; mixture alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covariance: Option<Covariance>,
    /// Number of clusters asked for; a cluster left without a customer is taken out of the fit.
    pub k: usize,
    /// Mean silhouette, in [-1, 1], higher is better; none for k = 1.
    pub silhouette: Option<f64>,
    /// Its 95 % confidence interval; none where it is over all customers.
    #[serde(default)]
    pub silhouette_interval: Option<[f64; 2]>,
    /// Customers whose silhouettes were averaged: all of them up to [`super::EXACT_CUSTOMERS`] unless
    /// another number was asked for.
    pub silhouette_customers: usize,
    /// Calinski-Harabasz index, higher is better.
    #[serde(default)]
    pub calinski_harabasz: Option<f64>,
    /// Davies-Bouldin index, lower is better.
    #[serde(default)]
    pub davies_bouldin: Option<f64>,
    /// Bayesian information criterion, lower is better; mixture alone.
    pub bic: Option<f64>,
    /// Akaike's information criterion, lower is better; mixture alone.
    #[serde(default)]
    pub aic: Option<f64>,
    /// Integrated completed likelihood, lower is better; mixture alone.
    #[serde(default)]
    pub icl: Option<f64>,
    /// Gap statistic.
    #[serde(default)]
    pub gap: Option<f64>,
    /// Its standard error s_k.
    #[serde(default)]
    pub gap_error: Option<f64>,
    /// Prediction strength, in [0, 1], higher is better.
    #[serde(default)]
    pub prediction_strength: Option<f64>,
    /// Mean over the clusters of the bootstrap Jaccard similarity, in [0, 1], higher is better.
    #[serde(default)]
    pub bootstrap_jaccard: Option<f64>,
    /// Adjusted Rand index with the earlier run's model on the customers of both, higher is
    /// better.
    #[serde(default)]
    pub out_of_time: Option<f64>,
    /// Mean weighted rank, lower is better, where the rule is by ranks.
    #[serde(default)]
    pub mean_rank: Option<f64>,
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

/// The candidates and the rule that chose among them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Selection {
    /// The rule in a sentence.
    pub rule: String,
    /// The criteria that it decides by.
    #[serde(default)]
    pub decided_by: Vec<Criterion>,
    /// Whether there is anything to be found; none where it cannot be asked: a single cluster, or
    /// fewer than 100 customers.
    #[serde(default)]
    pub structure: Option<Structure>,
    /// Customers that gap statistic and prediction strength were computed on, where they were.
    #[serde(default)]
    pub criteria_customers: Option<usize>,
    /// Every fit, k-means before mixture, the mixture's covariances in the order asked for, k
    /// ascending.
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
    /// What bounds on the size of clusters changed; none where there are no bounds.
    pub bounds: Option<BoundsRecord>,
    /// How well clusters and customers are found again in resamples.
    pub stability: Stability,
    /// Per cluster, mean silhouette of its customers, or its estimate from a sample; none for a
    /// single cluster.
    pub silhouettes: Vec<Option<f64>>,
    /// Silhouette of each row, in [-1, 1]; empty for a single cluster, for layers, and where
    /// silhouettes were averaged over a sample.
    pub row_silhouettes: Vec<f64>,
    /// Per cluster, its nearest neighbour and how far the two lie apart.
    pub separations: Vec<Option<Separation>>,
    /// Customers whose value of a feature was filled with the median, by feature, where any.
    pub filled: Vec<(String, usize)>,
    /// Customers without a value of a categorical attribute, by attribute, where any.
    pub missing: Vec<(String, usize)>,
    /// How micro-segments came about; none for a flat clustering.
    pub layers: Option<LayersRecord>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
}
