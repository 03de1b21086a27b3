//! FeatureTable (n buyers x p features) -> Model (k clusters) -> Assignments (n).
//!
//! Own k-means and Gaussian-mixture kernels behind linfa's `Fit` and `Predict`, or
//! linfa-clustering itself (`engine = "linfa"`). Clusters are numbered from 0 in a canonical
//! order (largest first, ties by the smallest customer); lineage ids are given by `track`.

mod assign;
mod blocks;
mod bootstrap;
mod canonical;
mod cholesky;
mod density;
mod engine;
mod error;
mod estimator;
mod fit;
mod gmm;
mod kmeans;
mod levels;
mod linfa_bridge;
mod matrix;
mod points;
mod scaler;
mod seeding;
mod select;
mod silhouette;
mod yeo_johnson;

use serde::{Deserialize, Serialize};

pub use bootstrap::{BOOTSTRAP_CUSTOMERS, BOOTSTRAP_RESTARTS};
pub use engine::MIXTURE_RESTARTS;
pub use error::ClusterError;
pub use estimator::{
    GaussianMixture, GaussianMixtureParams, GaussianMixtureValidParams, KMeans, KMeansParams,
    KMeansValidParams, mean_silhouette,
};
pub use fit::fit_with_progress;
pub use levels::{ColumnKind, FittedCategory, MatrixColumn};
pub use matrix::{FeatureMatrix, Gaps};
pub use silhouette::{EXACT_CUSTOMERS, SAMPLED_CUSTOMERS};

use crate::features::FeatureTable;
use crate::types::{Seed, Warning};

/// Finds clusters of the customers of `table`: fits every candidate, keeps the one that the rule
/// of [`Selection`] chooses, and measures its stability. The same table, parameters and seed give
/// the same bits, whatever the number of threads.
///
/// # Errors
///
/// [`ClusterError`] when a parameter is out of its range, a feature is unknown, named twice,
/// nowhere defined or too large to square, there is no customer, k (or the lower end of its
/// range) exceeds the number of customers, or linfa-clustering gave no model at all. Too few
/// distinct customers and a fit that does not converge are warnings.
pub fn fit(
    table: &FeatureTable,
    params: &ClusterParams,
    seed: Seed,
) -> Result<Fitted, ClusterError> {
    fit_with_progress(table, params, seed, &|_, _| ())
}

/// Where the customers of `table`, be it a new month's, belong under `model`; empty for a table
/// without customers. On the table that the model was fitted to, what the fit gave.
///
/// # Errors
///
/// [`ClusterError`] when the table lacks a feature of the model or a value is too large.
pub fn assign(model: &Model, table: &FeatureTable) -> Result<Assignments, ClusterError> {
    let matrix = standardise(model, table)?;
    assign::assign_points(matrix.points(), &model.clusters)
        .map(|assigned| assigned.assignments)
        .ok_or(ClusterError::UnusableModel)
}

/// The customers of `table` in the space that `model` was fitted in: filled, transformed and
/// scaled by the model's figures, n x p.
///
/// # Errors
///
/// [`ClusterError`] when the table lacks a feature of the model or a value is too large.
pub fn standardise(model: &Model, table: &FeatureTable) -> Result<FeatureMatrix, ClusterError> {
    matrix::map_matrix(table, &model.features)
}

/// What [`assign`] has to do without in `table`: undefined numbers, attributes without a value,
/// and levels that `model` was not fitted with.
///
/// # Errors
///
/// [`ClusterError`] when the table lacks a feature of the model.
pub fn gaps(model: &Model, table: &FeatureTable) -> Result<Gaps, ClusterError> {
    matrix::gaps(table, &model.features)
}

/// How features are prepared, clusters found and their number chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterParams {
    /// The features of the vector, in order; at least one.
    pub features: Vec<FeatureSpec>,
    /// k-means, mixture, or both with the better taken.
    pub method: Method,
    /// Own kernels or linfa-clustering.
    pub engine: Engine,
    /// Number of clusters, fixed or chosen within a range.
    pub k: KChoice,
    /// Restarts from different seedings, at least 1; the best is kept. The mixture, each of whose
    /// restarts begins with a k-means run, makes at most [`MIXTURE_RESTARTS`].
    pub restarts: usize,
    /// Iterations of one restart at most, at least 1.
    pub max_iterations: usize,
    /// k-means stops when the squared moves of its centroids sum to no more than this times the
    /// mean variance of the features; the mixture when the mean log-likelihood gains less than
    /// ten times this. Above 0; 1e-4 gives the customary 1e-4 and 1e-3.
    pub tolerance: f64,
    /// Added to the diagonal of each covariance of the mixture, above 0.
    pub covariance_floor: f64,
    /// Bootstrap refits from which each segment's mean Jaccard is measured; 0 switches it off.
    /// A refit makes at most [`BOOTSTRAP_RESTARTS`] restarts, the mixture one.
    pub bootstrap: usize,
}

/// Largest weight of a feature: a thousand times another decides alone.
pub const LARGEST_WEIGHT: f64 = 1000.0;

/// One feature of the clustered vector: a number, or a categorical attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureSpec {
    /// Name of a column or an attribute of the feature table.
    pub name: String,
    /// Change of shape, before scaling; of a number.
    pub transform: Transform,
    /// Change of location and scale. A categorical attribute is not scaled: its columns are made
    /// as large as a number under this scale would be.
    pub scale: Scale,
    /// What the scaled feature is multiplied by: from 0, which leaves it out of account, to
    /// [`LARGEST_WEIGHT`]; 1 for most. At 1, two customers of different levels are as far apart
    /// as two customers are on average in a number.
    pub weight: f64,
    /// What becomes of customers without a value.
    pub missing: Missing,
    /// Refuse it where it is no number: a transform or scale was asked for by its name.
    pub numeric: bool,
}

impl FeatureSpec {
    /// A feature prepared as most are: log1p, standard scale, weight 1.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            transform: Transform::default(),
            scale: Scale::default(),
            weight: 1.0,
            missing: Missing::default(),
            numeric: false,
        }
    }
}

/// What becomes of a customer for whom a feature has no value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Missing {
    /// Put in the middle: the median of a number; no level of an attribute, which is as near to
    /// any level as to any other.
    #[default]
    Fill,
    /// Told apart: a column of its own, where anybody lacks a value.
    Indicator,
}

/// Change of shape of one feature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transform {
    /// As it stands.
    None,
    /// sign(x) ln(1 + |x|): log1p, continued symmetrically for negative values.
    #[default]
    Log1p,
    /// Yeo and Johnson (2000), exponent by maximum likelihood.
    YeoJohnson,
}

/// Change of location and scale of one feature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scale {
    /// As it stands.
    None,
    /// Mean 0, standard deviation 1 (divisor n).
    #[default]
    Standard,
    /// Median 0, interquartile range 1.
    Robust,
    /// Rank to a uniform quantile in [0, 1].
    Quantile,
}

/// The clustering method asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// k-means.
    #[default]
    Kmeans,
    /// Gaussian mixture with full covariances.
    Gmm,
    /// Both; the better by the documented rule.
    Auto,
}

/// Whose kernels run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Engine {
    /// segtrail's own.
    #[default]
    Segtrail,
    /// linfa-clustering.
    Linfa,
}

/// Number of clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KChoice {
    /// Exactly this many, at least 1.
    Fixed(usize),
    /// The best within these bounds, both included, the lower at least 2.
    Range(usize, usize),
}

/// Everything needed to assign a new month unchanged; the content of `model.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Features in the order of the vector, with fitted transforms and scales.
    pub features: Vec<FittedFeature>,
    /// Centroids or mixture, in the transformed and scaled space.
    pub clusters: Clusters,
    /// Whose kernels fitted it.
    pub engine: Engine,
    /// The seed it was fitted from.
    pub seed: Seed,
    /// Whether the best restart met its tolerance.
    pub converged: bool,
    /// Iterations of the best restart; 0 under linfa, which does not tell.
    pub iterations: usize,
}

/// One feature with all that maps its values into the clustered space.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum FittedFeature {
    /// A number.
    Numeric(FittedNumber),
    /// A categorical attribute.
    Categorical(FittedCategory),
}

/// A number with all that maps a business value into the clustered space: one column, and a
/// second where those without a value are told apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FittedNumber {
    /// Name of the column.
    pub name: String,
    /// Change of shape.
    pub transform: FittedTransform,
    /// Change of location and scale.
    pub scale: FittedScale,
    /// Business value put where the feature is not defined: the median of the defined ones.
    pub fill: f64,
    /// What the scaled value is multiplied by.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub weight: f64,
    /// What the second column holds where the feature is not defined, 0 elsewhere; none where
    /// there is no such column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicator: Option<f64>,
}

fn one() -> f64 {
    1.0
}

fn is_one(weight: &f64) -> bool {
    *weight == 1.0
}

/// A [`Transform`] with its fitted figures.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FittedTransform {
    /// As it stands.
    None,
    /// sign(x) ln(1 + |x|).
    Log1p,
    /// Yeo-Johnson with its exponent.
    YeoJohnson {
        /// The exponent.
        lambda: f64,
    },
}

/// A [`Scale`] with its fitted figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FittedScale {
    /// As it stands.
    None,
    /// (x - mean) / deviation.
    Standard {
        /// Mean of the transformed values.
        mean: f64,
        /// Standard deviation; 1 for a constant feature.
        deviation: f64,
    },
    /// (x - median) / range.
    Robust {
        /// Median of the transformed values.
        median: f64,
        /// Interquartile range; 1 where it is 0.
        range: f64,
    },
    /// Piecewise linear through the quantiles 0, 1/m, ..., 1 of the transformed values.
    Quantile {
        /// The m + 1 quantiles, not decreasing.
        knots: Vec<f64>,
    },
}

/// The clusters of a model, in canonical order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "lowercase")]
pub enum Clusters {
    /// k centroids of p coordinates.
    Kmeans {
        /// k rows of p.
        centroids: Vec<Vec<f64>>,
        /// Sum of squared distances to the assigned centroid.
        inertia: f64,
    },
    /// k components.
    Gmm {
        /// k mixing weights, summing to 1.
        weights: Vec<f64>,
        /// k rows of p.
        means: Vec<Vec<f64>>,
        /// k symmetric positive definite p x p matrices.
        covariances: Vec<Vec<Vec<f64>>>,
        /// Total log-likelihood.
        log_likelihood: f64,
    },
}

/// Where each of n customers belongs, by one final pass over the fitted model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assignments {
    /// Cluster index, below k.
    pub cluster: Vec<u32>,
    /// In (0, 1]: the responsibility of the mixture; for k-means the share of the inverse
    /// squared distance (fuzzy c-means with m = 2).
    pub membership: Vec<f64>,
    /// In [0, 1]: membership less that of the runner-up.
    pub margin: Vec<f64>,
}

impl Clusters {
    /// Number of clusters.
    pub fn k(&self) -> usize {
        match self {
            Clusters::Kmeans { centroids, .. } => centroids.len(),
            Clusters::Gmm { weights, .. } => weights.len(),
        }
    }

    /// The centres: k rows of p, centroids or means of components.
    pub fn centres(&self) -> &[Vec<f64>] {
        match self {
            Clusters::Kmeans { centroids, .. } => centroids,
            Clusters::Gmm { means, .. } => means,
        }
    }

    /// k-means or mixture.
    pub fn method(&self) -> Method {
        match self {
            Clusters::Kmeans { .. } => Method::Kmeans,
            Clusters::Gmm { .. } => Method::Gmm,
        }
    }
}

/// One fit that was weighed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// `kmeans` or `gmm`.
    pub method: Method,
    /// Number of clusters asked for; a cluster left without a customer is taken out of the fit.
    pub k: usize,
    /// Mean silhouette over all customers, or over a sample beyond [`EXACT_CUSTOMERS`]; none for
    /// k = 1 and where a cluster has no sampled member.
    pub silhouette: Option<f64>,
    /// Customers the silhouette was computed on: all of them up to [`EXACT_CUSTOMERS`].
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
    /// Per cluster, mean Jaccard similarity over bootstrap refits; empty when switched off.
    pub jaccard: Vec<f64>,
    /// Customers whose value of a feature was filled with the median, by feature, where any.
    pub filled: Vec<(String, usize)>,
    /// Customers without a value of a categorical attribute, by attribute, where any.
    pub missing: Vec<(String, usize)>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
}
