//! Parameters that tests of several files begin from.

use super::engine::Settings;
use super::{
    BoundsParams, ClusterParams, Covariance, Engine, FeatureSpec, KChoice, KmeansOptions, Method,
    SelectParams, StabilityParams,
};

/// Two clusters of the feature `a` by k-means, without bootstrap.
pub(crate) fn params() -> ClusterParams {
    ClusterParams {
        features: vec![FeatureSpec::new("a")],
        method: Method::Kmeans,
        engine: Engine::Segtrail,
        k: KChoice::Fixed(2),
        kmeans: KmeansOptions::default(),
        restarts: 5,
        max_iterations: 200,
        tolerance: 1e-5,
        covariance_floor: 1e-6,
        covariances: vec![Covariance::Full],
        noise: false,
        bootstrap: 0,
        select: SelectParams::default(),
        bounds: BoundsParams::default(),
        stability: StabilityParams::default(),
    }
}

/// Three restarts of segtrail's k-means and one of its mixture, full covariances.
pub(crate) fn settings() -> Settings {
    Settings {
        engine: Engine::Segtrail,
        restarts: 3,
        mixture_restarts: 1,
        max_iterations: 100,
        tolerance: 1e-4,
        squared_move: 1e-6,
        covariance_floor: 1e-6,
        kmeans: KmeansOptions::default(),
        start: None,
        covariance: Covariance::Full,
        noise: false,
        mixture: None,
    }
}
