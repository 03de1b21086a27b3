//! n x p rows and k -> clusters found by linfa-clustering (`engine = "linfa"`).
//!
//! Only its centroids and mixture are taken: sizes, inertia, likelihood and assignments are
//! recomputed by segtrail, since release 0.8.1 takes its counts from the last restart and has no
//! log-sum-exp. Its mixture fails where segtrail's would flag that it has not converged. It knows
//! neither weights of rows nor any covariances but full ones, nor noise: these are refused where
//! parameters are checked.

use linfa::prelude::*;
use linfa_clustering::{GaussianMixtureModel, KMeans};
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::engine::{Raw, Settings};
use super::kernel::Points;
use super::kmeans::{Prepared, squared_move};
use super::{Clusters, Covariance, Method};
use crate::types::Seed;

/// The best of the restarts of `settings`; what linfa-clustering said where it gave no model.
/// linfa does not tell its iterations: 0 stands for that.
pub(crate) fn fit(
    points: Points,
    method: Method,
    k: usize,
    settings: &Settings,
    seed: Seed,
) -> Result<Raw, String> {
    let rng = Xoshiro256PlusPlus::seed_from_u64(seed.0);
    let dataset = DatasetBase::from(points.view());
    match method {
        Method::Gmm => {
            let model = GaussianMixtureModel::params_with_rng(k, rng)
                .n_runs(settings.restarts(method) as u64)
                .max_n_iterations(settings.max_iterations as u64)
                .tolerance(settings.tolerance)
                .reg_covariance(settings.covariance_floor)
                .fit(&dataset)
                .map_err(|error| error.to_string())?;
            let covariances: Vec<Vec<Vec<f64>>> = model
                .covariances()
                .outer_iter()
                .map(|matrix| matrix.outer_iter().map(|row| row.to_vec()).collect())
                .collect();
            let means: Vec<Vec<f64>> = model.means().outer_iter().map(|row| row.to_vec()).collect();
            let finite = means.iter().flatten().all(|value| value.is_finite())
                && covariances.iter().flatten().flatten().all(|value| value.is_finite());
            if !finite {
                return Err("its mixture is not finite".into());
            }
            let weights = model.weights().to_vec();
            // It returns no model when it has not converged.
            let clusters = Clusters::Gmm {
                weights,
                means,
                covariances,
                covariance: Covariance::Full,
                noise: None,
                log_likelihood: 0.0,
            };
            Ok(Raw { clusters, iterations: 0, converged: true })
        }
        Method::Kmeans | Method::Auto => {
            let model = KMeans::params_with_rng(k, rng)
                .n_runs(settings.restarts(Method::Kmeans))
                .max_n_iterations(settings.max_iterations as u64)
                .tolerance(settings.squared_move.sqrt().max(f64::MIN_POSITIVE))
                .fit(&dataset)
                .map_err(|error| error.to_string())?;
            let flat: Vec<f64> = model.centroids().iter().copied().collect();
            if flat.iter().any(|value| !value.is_finite()) {
                return Err("its centroids are not finite".into());
            }
            let converged = squared_move(&Prepared::once(points), &flat) <= settings.squared_move;
            let centroids = flat.chunks_exact(points.p).map(<[f64]>::to_vec).collect();
            let clusters = Clusters::Kmeans { centroids, inertia: 0.0 };
            Ok(Raw { clusters, iterations: 0, converged })
        }
    }
}
