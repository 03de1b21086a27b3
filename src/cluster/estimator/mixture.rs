//! The Gaussian mixture as a linfa estimator.

use linfa::prelude::*;
use ndarray::{Array1, Array3};

use super::*;
use crate::cluster::Noise;
use crate::cluster::criteria::{Information, information};
use crate::cluster::mixture::{Density, Mixture};

/// Gaussian mixture by EM: full, tied, diagonal or spherical covariances, weights of rows, an
/// optional uniform component for outliers, k-means starts or a given one.
///
/// ```
/// use linfa::prelude::*;
/// use ndarray::array;
/// use segtrail::cluster::{Covariance, GaussianMixture};
///
/// let dataset = DatasetBase::from(array![[0.0], [0.1], [9.0], [9.1], [9.2]]);
/// let model = GaussianMixture::params(2).fit(&dataset)?;
/// assert_eq!(model.predict(&dataset), array![1, 1, 0, 0, 0]);
/// assert!((model.weights().sum() - 1.0).abs() < 1e-12);
/// let tied = GaussianMixture::params(2).covariance(Covariance::Tied).fit(&dataset)?;
/// assert!(tied.bic() < model.bic());
/// # Ok::<(), segtrail::cluster::ClusterError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct GaussianMixture {
    clusters: Clusters,
    weights: Array1<f64>,
    means: Array2<f64>,
    covariances: Array3<f64>,
    log_likelihood: f64,
    information: Information,
    iterations: usize,
    converged: bool,
}

/// A mixture to start from: what another fit, or another program, arrived at.
#[derive(Clone, Debug, PartialEq)]
pub struct StartMixture {
    /// k weights, above 0; made to sum to 1.
    pub weights: Array1<f64>,
    /// k x p.
    pub means: Array2<f64>,
    /// k x p x p, positive definite; of the shape asked for, as far as it is not full: the first
    /// matrix counts for tied covariances, the diagonals for diagonal ones, and of these the first
    /// entry for spherical ones.
    pub covariances: Array3<f64>,
}

impl StartMixture {
    /// As the kernel wants it, for k components over p features.
    pub(super) fn checked(
        &self,
        k: usize,
        p: usize,
        covariance: Covariance,
    ) -> Result<Mixture, ClusterError> {
        let shapes = (self.weights.len(), self.means.dim(), self.covariances.dim());
        if shapes != (k, (k, p), (k, p, p)) {
            return Err(ClusterError::StartSizes { k, p });
        }
        let mut mixture = Mixture {
            p,
            weights: self.weights.to_vec(),
            means: self.means.iter().copied().collect(),
            covariances: self.covariances.iter().copied().collect(),
            covariance,
            noise: None,
        };
        let weight = |weight: &f64| *weight > 0.0 && weight.is_finite();
        if let Some(component) = mixture.weights.iter().position(|value| !weight(value)) {
            return Err(ClusterError::StartComponent { component });
        }
        if let Some(at) = mixture.means.iter().position(|value| !value.is_finite()) {
            return Err(ClusterError::StartComponent { component: at / p });
        }
        mixture.normalise_weights();
        if covariance == Covariance::Tied {
            mixture.covariances = mixture.covariances[..p * p].repeat(k);
        }
        match Density::new(&mixture) {
            Ok(_) => Ok(mixture),
            Err(component) => Err(ClusterError::StartComponent { component }),
        }
    }
}

parameters!(GaussianMixture, GaussianMixtureParams, GaussianMixtureValidParams, 3, 1e-3);

impl GaussianMixtureParams {
    /// Added to the diagonal of each covariance, above 0; by default 1e-6.
    pub fn covariance_floor(mut self, covariance_floor: f64) -> Self {
        self.0.covariance_floor = covariance_floor;
        self
    }

    /// Shape of the covariances; by default full. Tied ones, where no start is given, also start from
    /// the partition of least determinant of the pooled covariance (Friedman and Rubin, 1967) that
    /// rounds from the k-means start lead to; of the fits the likelier is kept.
    pub fn covariance(mut self, covariance: Covariance) -> Self {
        self.0.covariance = covariance;
        self
    }

    /// Whether a uniform component takes up outliers; by default not.
    pub fn noise(mut self, noise: bool) -> Self {
        self.0.noise = noise;
        self
    }

    /// Starts from a given mixture, in a single run, instead of from k-means.
    pub fn start(mut self, start: StartMixture) -> Self {
        self.0.mixture = Some(start);
        self
    }
}

impl GaussianMixture {
    fn fitted(points: Points, k: usize, by: &Settings, seed: Seed) -> Result<Self, ClusterError> {
        let p = points.p;
        let (raw, clusters, assigned) = fitted(points, Method::Gmm, k, by, seed)?;
        let information = information(&clusters, &assigned, points.total_weight());
        let (Clusters::Gmm { weights, means, covariances, log_likelihood, .. }, Some(information)) =
            (&clusters, information)
        else {
            return Err(ClusterError::UnusableModel);
        };
        let log_likelihood = *log_likelihood;
        let at = |(c, i, j): (usize, usize, usize)| covariances[c][i][j];
        Ok(Self {
            weights: Array1::from(weights.clone()),
            covariances: Array3::from_shape_fn((weights.len(), p, p), at),
            means: matrix(means, p),
            log_likelihood,
            information,
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

    /// Bayesian information criterion on the records, lower is better.
    pub fn bic(&self) -> f64 {
        self.information.bic
    }

    /// Akaike's information criterion on the records, lower is better.
    pub fn aic(&self) -> f64 {
        self.information.aic
    }

    /// Integrated completed likelihood on the records, lower is better.
    pub fn icl(&self) -> f64 {
        self.information.icl
    }

    /// The uniform component; none where it was not asked for.
    pub fn noise(&self) -> Option<Noise> {
        match &self.clusters {
            Clusters::Gmm { noise, .. } => *noise,
            Clusters::Kmeans { .. } => None,
        }
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
