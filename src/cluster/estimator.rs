//! The kernels as linfa estimators: records of n x p -> a fitted model -> n cluster indices.
//!
//! Unchecked parameters become checked ones by [`linfa::ParamGuard`], `fit` takes a `Dataset`, `predict`
//! an array or a dataset, as in linfa-clustering. Indices are canonical: 0 is the largest cluster.

use std::borrow::Cow;

use ndarray::{Array2, ArrayBase, Data, Ix2};

use super::assign::{Assigned, assign_points};
use super::canonical::settle;
use super::criteria::{Labelling, mean_silhouettes};
use super::engine::{Raw, Settings, fit};
use super::kernel::{Points, map_blocks};
use super::select::SilhouetteRows;
use super::{ClusterError, Clusters, Covariance, Engine, KmeansOptions, Method};
use crate::types::Seed;

/// Defines unchecked and checked parameters of one estimator.
macro_rules! parameters {
    ($model:ident, $params:ident, $valid:ident, $restarts:literal, $tolerance:literal) => {
        #[doc = concat!("Unchecked parameters of [`", stringify!($model), "`].")]
        #[derive(Clone, Debug, PartialEq)]
        pub struct $params($valid);

        #[doc = concat!("Checked parameters of [`", stringify!($model), "`].")]
        #[derive(Clone, Debug, PartialEq)]
        pub struct $valid {
            n_clusters: usize,
            n_runs: usize,
            tolerance: f64,
            max_n_iterations: usize,
            covariance_floor: f64,
            covariance: Covariance,
            noise: bool,
            mixture: Option<StartMixture>,
            kmeans: KmeansOptions,
            centroids: Option<Array2<f64>>,
            seed: Seed,
        }

        impl $model {
            /// Parameters for `n_clusters` clusters, at least 1.
            pub fn params(n_clusters: usize) -> $params {
                $params($valid {
                    n_clusters,
                    n_runs: $restarts,
                    tolerance: $tolerance,
                    max_n_iterations: 300,
                    covariance_floor: 1e-6,
                    covariance: Covariance::Full,
                    noise: false,
                    mixture: None,
                    kmeans: KmeansOptions::default(),
                    centroids: None,
                    seed: Seed(0),
                })
            }
        }

        impl $params {
            #[doc = concat!("Restarts, at least 1; by default ", $restarts, ".")]
            pub fn n_runs(mut self, n_runs: usize) -> Self {
                self.0.n_runs = n_runs;
                self
            }

            /// As [`crate::cluster::ClusterParams::tolerance`], above 0.
            #[doc = concat!("By default ", $tolerance, ".")]
            pub fn tolerance(mut self, tolerance: f64) -> Self {
                self.0.tolerance = tolerance;
                self
            }

            /// Iterations of one restart at most, at least 1; by default 300.
            pub fn max_n_iterations(mut self, max_n_iterations: usize) -> Self {
                self.0.max_n_iterations = max_n_iterations;
                self
            }

            /// Seed of every random choice; by default 0.
            pub fn seed(mut self, seed: Seed) -> Self {
                self.0.seed = seed;
                self
            }
        }

        impl ParamGuard for $params {
            type Checked = $valid;
            type Error = ClusterError;

            fn check_ref(&self) -> Result<&Self::Checked, Self::Error> {
                let positive = |value: f64| value > 0.0 && value.is_finite();
                if self.0.n_clusters == 0 {
                    Err(ClusterError::KZero)
                } else if self.0.n_runs == 0 {
                    Err(ClusterError::Restarts)
                } else if self.0.max_n_iterations == 0 {
                    Err(ClusterError::MaxIterations)
                } else if !positive(self.0.tolerance) {
                    Err(ClusterError::Tolerance(self.0.tolerance))
                } else if !positive(self.0.covariance_floor) {
                    Err(ClusterError::CovarianceFloor(self.0.covariance_floor))
                } else {
                    Ok(&self.0)
                }
            }

            fn check(self) -> Result<Self::Checked, Self::Error> {
                self.check_ref()?;
                Ok(self.0)
            }
        }

        impl<D: Data<Elem = f64>, T> Fit<ArrayBase<D, Ix2>, T, ClusterError> for $valid {
            type Object = $model;

            /// Fits records of n x p finite values; a weight of the dataset counts its row so
            /// many times.
            fn fit(
                &self,
                dataset: &DatasetBase<ArrayBase<D, Ix2>, T>,
            ) -> Result<$model, ClusterError> {
                let values = records(dataset.records())?;
                let weights = weights(dataset.weights())?;
                let points =
                    Points::new(&values, dataset.records().ncols()).weighted(weights.as_deref());
                let mixture = self.mixture.as_ref();
                let centroids = self.centroids.as_ref();
                let settings = Settings {
                    engine: Engine::Segtrail,
                    restarts: self.n_runs,
                    mixture_restarts: self.n_runs,
                    max_iterations: self.max_n_iterations,
                    tolerance: self.tolerance,
                    squared_move: self.tolerance * points.mean_variance(),
                    covariance_floor: self.covariance_floor,
                    covariance: self.covariance,
                    noise: self.noise,
                    mixture: mixture
                        .map(|start| start.checked(self.n_clusters, points.p, self.covariance))
                        .transpose()?,
                    kmeans: self.kmeans,
                    start: centroids
                        .map(|centroids| super::kmeans::start(centroids, self.n_clusters, points.p))
                        .transpose()?,
                };
                $model::fitted(points, self.n_clusters, &settings, self.seed)
            }
        }

        impl<D: Data<Elem = f64>> PredictInplace<ArrayBase<D, Ix2>, Array1<usize>> for $model {
            /// The cluster of each row.
            ///
            /// # Panics
            ///
            /// As linfa's own estimators, when the records have another number of columns than
            /// those of the fit or another number of rows than the targets.
            fn predict_inplace(&self, records: &ArrayBase<D, Ix2>, targets: &mut Array1<usize>) {
                assert_eq!(records.nrows(), targets.len(), "one target for each row of records");
                let p = self.clusters.centres()[0].len();
                assert_eq!(records.ncols(), p, "as many columns as the model was fitted on");
                let values = in_rows(records);
                let assigned = assign_points(Points::new(&values, p), &self.clusters)
                    .expect("a fitted model assigns");
                for (target, &cluster) in targets.iter_mut().zip(&assigned.assignments.cluster) {
                    *target = cluster as usize;
                }
            }

            fn default_target(&self, records: &ArrayBase<D, Ix2>) -> Array1<usize> {
                Array1::zeros(records.nrows())
            }
        }
    };
}

/// The best restart.
fn best(
    points: Points,
    method: Method,
    k: usize,
    settings: &Settings,
    seed: Seed,
) -> Result<Raw, ClusterError> {
    if k > points.n {
        return Err(ClusterError::KAboveCustomers { k, customers: points.n });
    }
    let k = points.distinct_up_to(k);
    fit(&settings.prepared(points, [method].into_iter()), method, k, settings, seed)
        .map_err(|reason| ClusterError::EngineFailed { method, reason })
}

/// The best restart in canonical order, with its final assignment.
fn fitted(
    points: Points,
    method: Method,
    k: usize,
    settings: &Settings,
    seed: Seed,
) -> Result<(Raw, Clusters, Assigned), ClusterError> {
    let raw = best(points, method, k, settings, seed)?;
    let (clusters, assigned) =
        settle(points, raw.clusters.clone()).ok_or(ClusterError::UnusableModel)?;
    Ok((raw, clusters, assigned))
}

/// The weights of a dataset, all finite and above 0.
fn weights(weights: Option<&[f32]>) -> Result<Option<Vec<f64>>, ClusterError> {
    let Some(weights) = weights else { return Ok(None) };
    let usable = |weight: &f32| *weight > 0.0 && weight.is_finite();
    if let Some(row) = weights.iter().position(|weight| !usable(weight)) {
        let weight = weights[row].into();
        return Err(ClusterError::RowWeight { row: row.to_string(), weight });
    }
    Ok(Some(weights.iter().copied().map(f64::from).collect()))
}

/// The values row after row; not copied where they stand so.
fn in_rows<D: Data<Elem = f64>>(records: &ArrayBase<D, Ix2>) -> Cow<'_, [f64]> {
    match records.as_slice() {
        Some(values) => Cow::Borrowed(values),
        None => Cow::Owned(records.iter().copied().collect()),
    }
}

/// The records in row order, all finite, at least one row and one column.
fn records<D: Data<Elem = f64>>(
    records: &ArrayBase<D, Ix2>,
) -> Result<Cow<'_, [f64]>, ClusterError> {
    if records.ncols() == 0 {
        return Err(ClusterError::NoFeatures);
    }
    if records.nrows() == 0 {
        return Err(ClusterError::NoCustomers);
    }
    let (values, p) = (in_rows(records), records.ncols());
    let finite = |range: std::ops::Range<usize>| {
        let values = &values[range.start * p..range.end * p];
        // Every value is looked at: a loop that does not end early is the faster one.
        values.iter().fold(true, |all, value| all & value.is_finite())
    };
    if map_blocks(records.nrows(), finite).contains(&false) {
        let at = values.iter().position(|value| !value.is_finite()).unwrap_or(0);
        return Err(ClusterError::NotFinite { row: at / p, column: at % p });
    }
    Ok(values)
}

fn matrix(rows: &[Vec<f64>], p: usize) -> Array2<f64> {
    Array2::from_shape_fn((rows.len(), p), |(row, column)| rows[row][column])
}

/// Mean silhouette of a labelling (n cluster indices) of n x p records, computed as in
/// [`super::Selection`]: exact up to [`super::EXACT_CUSTOMERS`] rows. `None` with fewer than two
/// clusters, or when an index below the highest is not used.
///
/// # Errors
///
/// [`ClusterError`] when the records are empty or not finite.
///
/// # Panics
///
/// When there is not one label for each row.
pub fn mean_silhouette<D: Data<Elem = f64>>(
    data: &ArrayBase<D, Ix2>,
    labels: &[u32],
) -> Result<Option<f64>, ClusterError> {
    assert_eq!(data.nrows(), labels.len(), "one label for each row of records");
    let values = records(data)?;
    let k = labels.iter().max().map_or(0, |&highest| highest as usize + 1);
    let found = mean_silhouettes(
        Points::new(&values, data.ncols()),
        &[Labelling { labels, k }],
        SilhouetteRows::Auto,
        Seed(0),
    );
    Ok(found[0].as_ref().map(|silhouette| silhouette.mean))
}

mod kmeans;
mod mixture;

pub use kmeans::{KMeans, KMeansInit, KMeansParams, KMeansValidParams};
pub use mixture::{
    GaussianMixture, GaussianMixtureParams, GaussianMixtureValidParams, StartMixture,
};

#[cfg(test)]
#[path = "estimator_tests.rs"]
mod tests;
