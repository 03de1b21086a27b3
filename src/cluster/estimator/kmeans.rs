//! Records of n x p -> k-means as a linfa estimator, fitted at once or batch by batch.

use linfa::prelude::*;
use ndarray::Array1;

use super::*;
use crate::cluster::kmeans::{MiniBatch, Prepared, nearest_labels};
use crate::cluster::{Algorithm, Seeding};

/// k-means, exact: k-means++ starts, Lloyd's iteration, swaps of centroids.
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
///
/// Data that do not fit into memory, a batch at a time:
///
/// ```
/// use linfa::prelude::*;
/// use ndarray::array;
/// use segtrail::cluster::KMeans;
///
/// let params = KMeans::params(2).check()?;
/// let first = DatasetBase::from(array![[0.0], [1.0], [8.0], [9.0]]);
/// let second = DatasetBase::from(array![[0.5], [8.5], [8.5]]);
/// let model = params.fit_with(None, &first)?;
/// let model = params.fit_with(Some(model), &second)?;
/// assert_eq!(model.predict(&array![[0.2], [0.4], [9.9]]), array![0, 0, 1]);
/// # Ok::<(), segtrail::cluster::ClusterError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct KMeans {
    clusters: Clusters,
    /// k x p.
    centroids: Array2<f64>,
    /// What the rows count together that each centroid is the mean of, in incremental fits.
    weights: Vec<f64>,
    inertia: f64,
    iterations: usize,
    converged: bool,
}

parameters!(KMeans, KMeansParams, KMeansValidParams, 10, 1e-4);

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
        (self.0.kmeans.seeding, self.0.centroids) = match init {
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
    /// so that data need not fit into memory; without a model, begins with a fit of the batch,
    /// which must have at least k rows. The inertia is that of the batch alone; the order of
    /// clusters is that of the first batch.
    fn fit_with(
        &self,
        model: Option<KMeans>,
        dataset: &DatasetBase<ArrayBase<D, Ix2>, T>,
    ) -> Result<KMeans, ClusterError> {
        let mut model = match model {
            Some(model) => model,
            None => self.fit(dataset)?,
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
        model.inertia = nearest_labels(&Prepared::once(batch), &state.centroids).1;
        model.clusters = Clusters::Kmeans { centroids: rows, inertia: model.inertia };
        model.weights = state.weights;
        model.iterations += 1;
        Ok(model)
    }
}

impl KMeans {
    fn fitted(points: Points, k: usize, by: &Settings, seed: Seed) -> Result<Self, ClusterError> {
        // In canonical order as it comes: no assignment is needed to put it there.
        let raw = best(points, Method::Kmeans, k, by, seed)?;
        let clusters = raw.clusters;
        let Clusters::Kmeans { centroids: rows, inertia } = &clusters else {
            return Err(ClusterError::UnusableModel);
        };
        let inertia = *inertia;
        let centroids = matrix(rows, points.p);
        // A batch after this fit begins anew: the fit was its start, as a seeding is.
        let weights = vec![0.0; centroids.nrows()];
        let (iterations, converged) = (raw.iterations, raw.converged);
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

    /// Iterations of the best restart, with those after swaps; batches of incremental fits.
    pub fn iterations(&self) -> usize {
        self.iterations
    }

    /// Whether the best restart came to rest.
    pub fn converged(&self) -> bool {
        self.converged
    }
}

/// The values of given centroids, k x p.
pub(super) fn start(start: &Array2<f64>, k: usize, p: usize) -> Result<Vec<f64>, ClusterError> {
    let (rows, columns) = start.dim();
    if (rows, columns) != (k, p) {
        return Err(ClusterError::StartShape { rows, columns, k, p });
    }
    Ok(records(start)?.into_owned())
}
