//! What a clustering gives: the model of `model.json` and where each customer belongs.

use serde::{Deserialize, Serialize};

use super::{Covariance, Engine, FittedCategory, LayeredModel, Method};
use crate::types::Seed;

/// Everything needed to assign a new month unchanged; the content of `model.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Features in the order of the vector, with fitted transforms and scales; with layers those of
    /// the common space, in which micro-segments of different stages are shown side by side.
    pub features: Vec<FittedFeature>,
    /// Centroids or mixture, in the transformed and scaled space; with layers the means of the
    /// micro-segments, which assign nobody.
    pub clusters: Clusters,
    /// Whose kernels fitted it.
    pub engine: Engine,
    /// The seed it was fitted from.
    pub seed: Seed,
    /// Whether the best restart met its tolerance.
    pub converged: bool,
    /// Iterations of the best restart; 0 under linfa, which does not tell.
    pub iterations: usize,
    /// What assigns where there are layers; none for a flat clustering.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layers: Option<LayeredModel>,
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
        /// k mixing weights, summing to 1 with that of the noise.
        weights: Vec<f64>,
        /// k rows of p.
        means: Vec<Vec<f64>>,
        /// k symmetric positive definite p x p matrices, written out whatever their shape.
        covariances: Vec<Vec<Vec<f64>>>,
        /// The shape the covariances were fitted with; full in files of before there were others.
        #[serde(default)]
        covariance: Covariance,
        /// The uniform component beside the k; none where none was asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        noise: Option<Noise>,
        /// Total log-likelihood.
        log_likelihood: f64,
    },
}

/// The component of a mixture that takes up outliers: a constant density over the smallest box
/// with sides along the features that holds all customers of the fit (Banfield and Raftery,
/// Biometrics 49, 1993; Fraley and Raftery, The Computer Journal 41, 1998). Beyond the box, where
/// a later month may have customers, its density is taken to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Noise {
    /// Its mixing weight, in [0, 1).
    pub weight: f64,
    /// Logarithm of its density: less the logarithm of the volume of the box.
    pub log_density: f64,
}

/// Where each of n customers belongs, by one final pass over the fitted model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Assignments {
    /// Cluster index, below k.
    pub cluster: Vec<u32>,
    /// In (0, 1]: the responsibility of the mixture; for k-means the share of the inverse
    /// squared distance (fuzzy c-means with m = 2). 0 for a customer who is wholly noise. With layers
    /// the product of those of the customer's classes: of the string that the customer has, before
    /// small micro-segments are merged; 1 where the stage is one micro-segment.
    pub membership: Vec<f64>,
    /// In [0, 1]: membership less that of the runner-up, the noise not counted; with layers of the
    /// most likely other string, which differs in one class.
    pub margin: Vec<f64>,
    /// In [0, 1]: the responsibility of the noise, which a customer's segment, the best of the
    /// k components, takes no account of; empty for a model without noise. With layers the chance
    /// to be noise in any of them, taken as independent.
    pub noise: Vec<f64>,
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

    /// Free parameters of a mixture of k components over p features: k - 1 mixing weights, k p
    /// means, the covariances (full: k p (p + 1) / 2, tied: p (p + 1) / 2, diagonal: k p,
    /// spherical: k) and, as mclust counts them, 2 for noise, its weight and its volume. None for
    /// k-means, which has no likelihood.
    pub(crate) fn free_parameters(&self) -> Option<usize> {
        let Clusters::Gmm { means, covariance, noise, .. } = self else { return None };
        let (k, p) = (means.len(), means.first().map_or(0, Vec::len));
        let of_covariances = match covariance {
            Covariance::Full => k * p * (p + 1) / 2,
            Covariance::Tied => p * (p + 1) / 2,
            Covariance::Diagonal => k * p,
            Covariance::Spherical => k,
        };
        Some(k - 1 + k * p + of_covariances + if noise.is_some() { 2 } else { 0 })
    }

    /// k-means or mixture.
    pub fn method(&self) -> Method {
        match self {
            Clusters::Kmeans { .. } => Method::Kmeans,
            Clusters::Gmm { .. } => Method::Gmm,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mixture(covariance: Covariance, noise: Option<Noise>) -> Clusters {
        let unit = vec![vec![1.0, 0.0, 0.0], vec![0.0, 1.0, 0.0], vec![0.0, 0.0, 1.0]];
        Clusters::Gmm {
            weights: vec![0.25; 4],
            means: vec![vec![0.0; 3]; 4],
            covariances: vec![unit; 4],
            covariance,
            noise,
            log_likelihood: -1.0,
        }
    }

    #[test]
    fn free_parameters_by_hand() {
        // k = 4, p = 3: 3 weights and 12 means, then 24, 6, 12 and 4 of covariances.
        for (covariance, count) in [
            (Covariance::Full, 39),
            (Covariance::Tied, 21),
            (Covariance::Diagonal, 27),
            (Covariance::Spherical, 19),
        ] {
            assert_eq!(mixture(covariance, None).free_parameters(), Some(count));
            let noise = Some(Noise { weight: 0.1, log_density: -3.0 });
            assert_eq!(mixture(covariance, noise).free_parameters(), Some(count + 2));
        }
        let kmeans = Clusters::Kmeans { centroids: vec![vec![0.0]], inertia: 0.0 };
        assert_eq!(kmeans.free_parameters(), None);
    }

    #[test]
    fn a_mixture_of_before_there_were_shapes_is_full_and_without_noise() {
        let old = r#"{"method": "gmm", "weights": [1.0], "means": [[0.0]],
                      "covariances": [[[1.0]]], "log_likelihood": -2.0}"#;
        let clusters: Clusters = serde_json::from_str(old).expect("an older model");
        let Clusters::Gmm { covariance, noise, .. } = &clusters else { panic!("mixture") };
        assert_eq!((*covariance, *noise), (Covariance::Full, None));
        let tied = mixture(Covariance::Tied, Some(Noise { weight: 0.5, log_density: -0.1 }));
        let text = serde_json::to_string(&tied).expect("finite");
        assert!(text.contains(r#""covariance":"tied""#));
        assert_eq!(serde_json::from_str::<Clusters>(&text).expect("its own text"), tied);
    }
}
