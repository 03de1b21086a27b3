//! `[cluster]`: how segments are found.

use serde::{Deserialize, Serialize};

use super::select::{Covariances, SelectSection};
use super::{K, LayersSection, MinCustomers, StabilitySection};
use crate::cluster::{
    Bounding, BoundsParams, ClusterParams, Engine, FeatureSpec, KChoice, KmeansOptions, Method,
};

/// `[cluster]`: see [`ClusterParams`].
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClusterSection {
    /// `kmeans` (default), `gmm`, or `auto`: both, the better by the choice rule.
    pub method: Method,
    /// `segtrail` (default) or `linfa`.
    pub engine: Engine,
    /// A number, or a range such as `"2..10"` (default).
    pub k: K,
    /// Restarts of k-means; the mixture makes at most 3. Default 10.
    pub restarts: usize,
    /// `[cluster.kmeans]`.
    pub kmeans: KmeansOptions,
    /// Iterations of one restart at most; default 300.
    pub max_iterations: usize,
    /// When a restart has converged; default 1e-4.
    pub tolerance: f64,
    /// Added to the diagonal of the mixture's covariances; default 1e-6.
    pub covariance_floor: f64,
    /// Shape of the mixture's covariances: `full` (default), `tied`, `diagonal` or `spherical`, a
    /// list of them, or `all`: the best by the choice rule.
    pub covariance: Covariances,
    /// Whether the mixture has a uniform component for outliers; default false.
    pub noise: bool,
    /// Fewest customers of a segment: a number, or a share such as `"2 %"`; none by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_customers: Option<MinCustomers>,
    /// Largest share of the customers in one segment; none by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_share: Option<f64>,
    /// How these are brought about: `merge` (default) or `assign`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounds: Option<Bounding>,
    /// Refits to resamples for the stability of each segment; default 100, 0 for none.
    pub bootstrap: usize,
    /// `[cluster.stability]`.
    pub stability: StabilitySection,
    /// `[cluster.select]`.
    pub select: SelectSection,
    /// `[cluster.layers]`: micro-segments by stages and layers; none (default) for flat segments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layers: Option<LayersSection>,
}

impl Default for ClusterSection {
    fn default() -> Self {
        Self {
            method: Method::default(),
            engine: Engine::default(),
            k: K(KChoice::Range(2, 10)),
            restarts: 10,
            kmeans: KmeansOptions::default(),
            max_iterations: 300,
            tolerance: 1e-4,
            covariance_floor: 1e-6,
            covariance: Covariances::default(),
            noise: false,
            min_customers: None,
            max_share: None,
            bounds: None,
            bootstrap: 100,
            stability: StabilitySection::default(),
            select: SelectSection::default(),
            layers: None,
        }
    }
}

impl ClusterSection {
    /// What the clustering room needs to cluster on `features`.
    pub fn params(&self, features: Vec<FeatureSpec>) -> ClusterParams {
        ClusterParams {
            features,
            method: self.method,
            engine: self.engine,
            k: self.k.0,
            restarts: self.restarts,
            kmeans: self.kmeans,
            max_iterations: self.max_iterations,
            tolerance: self.tolerance,
            covariance_floor: self.covariance_floor,
            covariances: self.covariance.0.clone(),
            noise: self.noise,
            bounds: BoundsParams {
                minimum: self.min_customers.map(|least| least.0),
                max_share: self.max_share,
                by: self.bounds.unwrap_or_default(),
            },
            bootstrap: self.bootstrap,
            stability: self.stability.params(),
            select: self.select.params(),
        }
    }
}
