//! The kernels as linfa estimators: records of n x p -> a fitted model -> n cluster indices.
//!
//! Unchecked parameters become checked ones by [`ParamGuard`], `fit` takes a `Dataset`, `predict`
//! an array or a dataset, as in linfa-clustering. Indices are canonical: 0 is the largest cluster.

use std::borrow::Cow;

use linfa::prelude::*;
use ndarray::{Array1, Array2, Array3, ArrayBase, Data, Ix2};

use super::assign::assign_points;
use super::canonical::settle;
use super::criteria::{Labelling, mean_silhouettes};
use super::engine::{Raw, Settings, fit};
use super::kernel::Points;
use super::kmeans::{MiniBatch, Prepared, nearest_labels};
use super::{Algorithm, ClusterError, Clusters, Engine, KmeansOptions, Method, Seeding};
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
            kmeans: KmeansOptions,
            start: Option<Array2<f64>>,
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
                    kmeans: KmeansOptions::default(),
                    start: None,
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

            #[doc = concat!("As [`super::ClusterParams::tolerance`], above 0; by default ",
                                                                                $tolerance, ".")]
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

            /// Fits records of n x p finite values; a weight of the dataset counts a row so many
            /// times.
            fn fit(
                &self,
                dataset: &DatasetBase<ArrayBase<D, Ix2>, T>,
            ) -> Result<$model, ClusterError> {
                let values = records(dataset.records())?;
                let weights = weights(dataset.weights())?;
                let points = Points::new(&values, dataset.records().ncols())
                    .weighted(weights.as_deref());
                let start = self.start.as_ref();
                let start = start.map(|start| start_values(start, self.n_clusters, points.p));
                let settings = Settings {
                    engine: Engine::Segtrail,
                    restarts: self.n_runs,
                    mixture_restarts: self.n_runs,
                    max_iterations: self.max_n_iterations,
                    tolerance: self.tolerance,
                    squared_move: self.tolerance * points.mean_variance(),
                    covariance_floor: self.covariance_floor,
                    kmeans: self.kmeans,
                    start: start.transpose()?,
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
                let values = match records.as_slice() {
                    Some(values) => Cow::Borrowed(values),
                    None => Cow::Owned(records.iter().copied().collect::<Vec<f64>>()),
                };
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

/// k-means with k-means++ seeding, restarts and Hamerly's bounds.
///
/// ```
/// use linfa::prelude::*;
/// use ndarray::array;
/// use segtrail::cluster::KMeans;
///
/// let dataset = DatasetBase::from(array![[0.0, 0.1], [0.1, 0.0], [9.0, 9.1], [9.1, 9.0], [9.0, 9.0]]);
/// let model = KMeans::params(2).n_runs(3).fit(&dataset)?;
/// assert_eq!(model.predict(&array![[0.0, 0.0], [8.0, 8.0]]), array![1, 0]);
/// assert_eq!(model.predict(dataset).targets(), array![1, 1, 0, 0, 0]);
/// # Ok::<(), segtrail::cluster::ClusterError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct KMeans {
    clusters: Clusters,
    /// k x p.
    centroids: Array2<f64>,
    /// What rows each centroid is the mean of count together.
    weights: Vec<f64>,
    inertia: f64,
    iterations: usize,
    converged: bool,
}

/// Gaussian mixture with full covariances, by EM from k-means starts.
///
/// ```
/// use linfa::prelude::*;
/// use ndarray::array;
/// use segtrail::cluster::GaussianMixture;
///
/// let dataset = DatasetBase::from(array![[0.0], [0.1], [9.0], [9.1], [9.2]]);
/// let model = GaussianMixture::params(2).fit(&dataset)?;
/// assert_eq!(model.predict(&dataset), array![1, 1, 0, 0, 0]);
/// assert!((model.weights().sum() - 1.0).abs() < 1e-12);
/// # Ok::<(), segtrail::cluster::ClusterError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct GaussianMixture {
    clusters: Clusters,
    weights: Array1<f64>,
    means: Array2<f64>,
    covariances: Array3<f64>,
    log_likelihood: f64,
    iterations: usize,
    converged: bool,
}

parameters!(KMeans, KMeansParams, KMeansValidParams, 10, 1e-4);
parameters!(GaussianMixture, GaussianMixtureParams, GaussianMixtureValidParams, 3, 1e-3);

/// How k-means starts, in the words of linfa-clustering.
#[derive(Clone, Debug, PartialEq)]
pub enum KMeansInit {
    /// [`Seeding::PlusPlus`], the default.
    KMeansPlusPlus,
    /// [`Seeding::Parallel`].
    KMeansPara,
    /// From these centroids, k x p, in one run without swaps: a warm start.
    Precomputed(Array2<f64>),
}

impl KMeansParams {
    /// How each run starts; by default k-means++.
    pub fn init_method(mut self, init: KMeansInit) -> Self {
        (self.0.kmeans.seeding, self.0.start) = match init {
            KMeansInit::KMeansPlusPlus => (Seeding::PlusPlus, None),
            KMeansInit::KMeansPara => (Seeding::Parallel, None),
            KMeansInit::Precomputed(centroids) => (Seeding::PlusPlus, Some(centroids)),
        };
        self
    }

    /// See [`KmeansOptions::swaps`]; by default true.
    pub fn swaps(mut self, swaps: bool) -> Self {
        self.0.kmeans.swaps = swaps;
        self
    }

    /// Over which rows k-means goes; by default all in every iteration.
    pub fn algorithm(mut self, algorithm: Algorithm) -> Self {
        self.0.kmeans.algorithm = algorithm;
        self
    }
}

impl<D: Data<Elem = f64>, T> FitWith<'_, ArrayBase<D, Ix2>, T, ClusterError> for KMeansValidParams {
    type ObjectIn = Option<KMeans>;
    type ObjectOut = KMeans;

    /// Moves the centroids of `model` by one batch of records (mini-batch k-means, Sculley 2010),
    /// so that data need not fit into memory; without a model, starts from the batch, which must
    /// have at least k rows. Inertia and convergence are those of the batch alone; the order of
    /// clusters is not touched.
    fn fit_with(
        &self,
        model: Option<KMeans>,
        dataset: &DatasetBase<ArrayBase<D, Ix2>, T>,
    ) -> Result<KMeans, ClusterError> {
        let mut model = match model {
            Some(model) => model,
            None => {
                let first = self.fit(dataset)?;
                KMeans { weights: vec![0.0; first.clusters.k()], ..first }
            }
        };
        let values = records(dataset.records())?;
        let weights = weights(dataset.weights())?;
        let p = dataset.records().ncols();
        let (k, columns) = model.centroids.dim();
        if columns != p {
            return Err(ClusterError::StartShape { rows: k, columns, k, p });
        }
        let batch = Points::new(&values, p).weighted(weights.as_deref());
        let centroids = model.centroids.iter().copied().collect();
        let mut state = MiniBatch { centroids, weights: model.weights };
        state.update(batch);
        let rows: Vec<Vec<f64>> = state.centroids.chunks_exact(p).map(<[f64]>::to_vec).collect();
        model.centroids = matrix(&rows, p);
        model.inertia = nearest_labels(&Prepared::new(batch), &state.centroids).1;
        model.clusters = Clusters::Kmeans { centroids: rows, inertia: model.inertia };
        model.weights = state.weights;
        model.iterations += 1;
        Ok(model)
    }
}

impl GaussianMixtureParams {
    /// Added to the diagonal of each covariance, above 0; by default 1e-6.
    pub fn covariance_floor(mut self, covariance_floor: f64) -> Self {
        self.0.covariance_floor = covariance_floor;
        self
    }
}

impl KMeans {
    fn fitted(points: Points, k: usize, by: &Settings, seed: Seed) -> Result<Self, ClusterError> {
        let (raw, clusters) = fitted(points, Method::Kmeans, k, by, seed)?;
        let Clusters::Kmeans { centroids: rows, inertia } = &clusters else {
            return Err(ClusterError::UnusableModel);
        };
        let inertia = *inertia;
        let centroids = matrix(rows, points.p);
        let (iterations, converged) = (raw.iterations, raw.converged);
        let centres = centroids.iter().copied().collect::<Vec<f64>>();
        let mut weights = vec![0.0; centroids.nrows()];
        let (labels, _) = nearest_labels(&Prepared::new(points), &centres);
        for (row, &label) in labels.iter().enumerate() {
            weights[label as usize] += points.weight(row);
        }
        Ok(Self { clusters, centroids, weights, inertia, iterations, converged })
    }

    /// k x p; k is smaller than asked for when fewer rows are distinct.
    pub fn centroids(&self) -> &Array2<f64> {
        &self.centroids
    }

    /// Sum of squared distances to the nearest centroid.
    pub fn inertia(&self) -> f64 {
        self.inertia
    }

    /// Iterations of the best restart.
    pub fn iterations(&self) -> usize {
        self.iterations
    }

    /// Whether the best restart came to rest.
    pub fn converged(&self) -> bool {
        self.converged
    }
}

impl GaussianMixture {
    fn fitted(points: Points, k: usize, by: &Settings, seed: Seed) -> Result<Self, ClusterError> {
        let p = points.p;
        let (raw, clusters) = fitted(points, Method::Gmm, k, by, seed)?;
        let Clusters::Gmm { weights, means, covariances, log_likelihood } = &clusters else {
            return Err(ClusterError::UnusableModel);
        };
        let log_likelihood = *log_likelihood;
        let at = |(c, i, j): (usize, usize, usize)| covariances[c][i][j];
        Ok(Self {
            weights: Array1::from(weights.clone()),
            covariances: Array3::from_shape_fn((weights.len(), p, p), at),
            means: matrix(means, p),
            log_likelihood,
            iterations: raw.iterations,
            converged: raw.converged,
            clusters,
        })
    }

    /// k mixing weights.
    pub fn weights(&self) -> &Array1<f64> {
        &self.weights
    }

    /// k x p.
    pub fn means(&self) -> &Array2<f64> {
        &self.means
    }

    /// k x p x p.
    pub fn covariances(&self) -> &Array3<f64> {
        &self.covariances
    }

    /// Total log-likelihood of the records.
    pub fn log_likelihood(&self) -> f64 {
        self.log_likelihood
    }

    /// Iterations of the best restart.
    pub fn iterations(&self) -> usize {
        self.iterations
    }

    /// Whether the best restart met its tolerance.
    pub fn converged(&self) -> bool {
        self.converged
    }
}

/// The best restart in canonical order.
fn fitted(
    points: Points,
    method: Method,
    k: usize,
    settings: &Settings,
    seed: Seed,
) -> Result<(Raw, Clusters), ClusterError> {
    if k > points.n {
        return Err(ClusterError::KAboveCustomers { k, customers: points.n });
    }
    let k = points.distinct_up_to(k);
    let raw = fit(&Prepared::new(points), method, k, settings, seed)
        .map_err(|reason| ClusterError::EngineFailed { method, reason })?;
    let (clusters, _) = settle(points, raw.clusters.clone()).ok_or(ClusterError::UnusableModel)?;
    Ok((raw, clusters))
}

/// The weights of a dataset, all finite and above 0.
fn weights(weights: Option<&[f32]>) -> Result<Option<Vec<f64>>, ClusterError> {
    let Some(weights) = weights else { return Ok(None) };
    let usable = |weight: &f32| *weight > 0.0 && weight.is_finite();
    if let Some(row) = weights.iter().position(|weight| !usable(weight)) {
        return Err(ClusterError::RowWeight { row, weight: weights[row].into() });
    }
    Ok(Some(weights.iter().copied().map(f64::from).collect()))
}

/// The values of given centroids, k x p.
fn start_values(start: &Array2<f64>, k: usize, p: usize) -> Result<Vec<f64>, ClusterError> {
    let (rows, columns) = start.dim();
    if (rows, columns) != (k, p) {
        return Err(ClusterError::StartShape { rows, columns, k, p });
    }
    Ok(records(start)?.into_owned())
}

/// The records in row order, all finite, at least one row and one column; not copied where they
/// stand in that order.
fn records<D: Data<Elem = f64>>(
    records: &ArrayBase<D, Ix2>,
) -> Result<Cow<'_, [f64]>, ClusterError> {
    if records.ncols() == 0 {
        return Err(ClusterError::NoFeatures);
    }
    if records.nrows() == 0 {
        return Err(ClusterError::NoCustomers);
    }
    match records.indexed_iter().find(|(_, value)| !value.is_finite()) {
        Some(((row, column), _)) => Err(ClusterError::NotFinite { row, column }),
        None => Ok(match records.as_slice() {
            Some(values) => Cow::Borrowed(values),
            None => Cow::Owned(records.iter().copied().collect()),
        }),
    }
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
    let found =
        mean_silhouettes(Points::new(&values, data.ncols()), &[Labelling { labels, k }], Seed(0));
    Ok(found.means[0])
}

#[cfg(test)]
#[path = "estimator_tests.rs"]
mod tests;
