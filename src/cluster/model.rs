//! What a clustering gives: the model of `model.json` and where each customer belongs.

use serde::{Deserialize, Serialize};

use super::{Engine, FittedCategory, Method};
use crate::types::Seed;

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

/// A [`super::Transform`] with its fitted figures.
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

/// A [`super::Scale`] with its fitted figures.
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
