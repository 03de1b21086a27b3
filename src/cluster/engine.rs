//! n x p rows, a method and k -> clusters, by whichever engine is asked for.
//!
//! The unit of work is one candidate with all its restarts, each with a seed of its own. Candidates
//! and restarts run in parallel; the best is chosen afterwards, in their order.

use super::canonical::ordered;
use super::kernel::Points;
use super::kmeans::{self, Plan, Prepared, Stop};
use super::mixture::{self, EmParams, GmmRun, Mixture};
use super::{ClusterParams, Clusters, Covariance, Engine, KmeansOptions, Method, linfa_bridge};
use crate::types::Seed;

/// Restarts of the mixture at most: each starts from its own k-means run and costs many times
/// as much as one.
pub const MIXTURE_RESTARTS: usize = 3;

/// Purpose of [`Seed::derive`] for restarts.
const RESTART: u64 = 0;

/// The mixture's tolerance over that of k-means: 1e-4 then stands for 1e-3, the customary pair.
const MIXTURE_TOLERANCE: f64 = 10.0;

/// What every fit on the same rows shares.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub engine: Engine,
    /// Restarts of k-means and of the mixture.
    pub restarts: usize,
    pub mixture_restarts: usize,
    pub max_iterations: usize,
    /// Gain of the mean log-likelihood at which the mixture stops.
    pub tolerance: f64,
    /// Sum of squared moves at which centroids are at rest.
    pub squared_move: f64,
    pub covariance_floor: f64,
    /// How k-means goes about it.
    pub kmeans: KmeansOptions,
    /// k x p values to start from instead, once: k-means takes them as centroids and makes no
    /// swaps, the mixture starts from the rows nearest to each.
    pub start: Option<Vec<f64>>,
    pub covariance: Covariance,
    pub noise: bool,
    /// A whole mixture that the mixture starts from, once, instead.
    pub mixture: Option<Mixture>,
}

impl Settings {
    /// Those of `params` on `points`: the k-means tolerance is relative to their mean variance.
    pub fn new(params: &ClusterParams, points: Points) -> Self {
        Self {
            engine: params.engine,
            restarts: params.restarts,
            mixture_restarts: params.restarts.min(MIXTURE_RESTARTS),
            max_iterations: params.max_iterations,
            tolerance: MIXTURE_TOLERANCE * params.tolerance,
            squared_move: params.tolerance * points.mean_variance(),
            covariance_floor: params.covariance_floor,
            kmeans: params.kmeans,
            start: None,
            covariance: params.covariances.first().copied().unwrap_or_default(),
            noise: params.noise,
            mixture: None,
        }
    }

    /// The same without a given start: for other rows than it was given for.
    pub fn afresh(&self) -> Self {
        Self { start: None, mixture: None, ..self.clone() }
    }

    /// How the mixture's EM runs.
    pub fn em(&self) -> EmParams {
        EmParams {
            max_iterations: self.max_iterations,
            tolerance: self.tolerance,
            covariance_floor: self.covariance_floor,
            covariance: self.covariance,
            noise: self.noise,
        }
    }

    /// `points` with what fits of `methods` share. Those of a mixture with a given start make no
    /// assignments of k-means, for which alone rows are placed on a grid.
    pub fn prepared<'a>(
        &self,
        points: Points<'a>,
        mut methods: impl Iterator<Item = Method>,
    ) -> Prepared<'a> {
        let given = self.start.is_some() || self.mixture.is_some();
        match methods.all(|method| method == Method::Gmm && given) {
            true => Prepared::once(points),
            false => Prepared::new(points),
        }
    }

    /// Restarts of one fit by `method`.
    pub fn restarts(&self, method: Method) -> usize {
        match method {
            _ if self.start.is_some() => 1,
            Method::Gmm if self.mixture.is_some() => 1,
            Method::Gmm => self.mixture_restarts,
            Method::Kmeans | Method::Auto => self.restarts,
        }
    }

    /// Whether fits count rows by their weights; where they do not, a row that counts twice has
    /// to be there twice.
    pub fn weighs(&self) -> bool {
        self.engine == Engine::Segtrail
    }
}

/// Clusters as an engine gave them: any order, some perhaps empty.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    pub clusters: Clusters,
    pub iterations: usize,
    pub converged: bool,
}

/// The fit of one candidate: the best of all restarts, or linfa-clustering's refusal.
pub(crate) fn fit(
    prepared: &Prepared,
    method: Method,
    k: usize,
    settings: &Settings,
    seed: Seed,
) -> Result<Raw, String> {
    let points = prepared.points;
    if settings.engine == Engine::Linfa {
        return linfa_bridge::fit(points, method, k, settings, seed);
    }
    let stop =
        Stop { max_iterations: settings.max_iterations, squared_move: settings.squared_move };
    match method {
        Method::Gmm => {
            if let Some(start) = &settings.start {
                return Ok(of_mixture(mixture::from_centroids(points, start, settings.em())));
            }
            let Some(start) = &settings.mixture else {
                let seeds = (0..settings.mixture_restarts as u64)
                    .map(|restart| seed.derive(RESTART, restart))
                    .collect();
                let (em, at_rest) = (settings.em(), settings.squared_move);
                let run = mixture::best_of(prepared, k, em, at_rest, seeds);
                return run.map(of_mixture).ok_or_else(|| String::from("no restart"));
            };
            Ok(of_mixture(mixture::em(points, start.clone(), settings.em())))
        }
        Method::Kmeans | Method::Auto => {
            let run = match &settings.start {
                Some(start) => kmeans::lloyd(prepared, start.clone(), stop),
                None => {
                    let plan = Plan {
                        algorithm: settings.kmeans.algorithm,
                        restarts: settings.restarts,
                        seeding: settings.kmeans.seeding,
                        refine: settings.kmeans.swaps,
                        stop,
                    };
                    kmeans::fit(prepared, k, &plan, seed.derive(RESTART, 0))
                }
            };
            let run = ordered(prepared, run);
            let centroids = run.centroids.chunks_exact(points.p).map(<[f64]>::to_vec).collect();
            Ok(Raw {
                clusters: Clusters::Kmeans { centroids, inertia: run.inertia },
                iterations: run.iterations,
                converged: run.converged,
            })
        }
    }
}

/// The fit that `clusters` lead to: one run of segtrail's kernels from there.
///
/// # Errors
///
/// As [`fit`].
pub(crate) fn refit(
    points: Points,
    clusters: &Clusters,
    settings: &Settings,
) -> Result<Raw, String> {
    let mut settings = Settings { engine: Engine::Segtrail, ..settings.afresh() };
    match clusters {
        Clusters::Kmeans { centroids, .. } => settings.start = Some(centroids.concat()),
        Clusters::Gmm { weights, means, covariances, covariance, noise, .. } => {
            settings.mixture = Some(Mixture {
                p: points.p,
                weights: weights.clone(),
                means: means.concat(),
                covariances: covariances.iter().flatten().flatten().copied().collect(),
                covariance: *covariance,
                noise: *noise,
            });
        }
    }
    let (method, k) = (clusters.method(), clusters.k());
    let prepared = settings.prepared(points, [method].into_iter());
    fit(&prepared, method, k, &settings, Seed(0))
}

/// A run of the mixture as it is stored.
pub(crate) fn of_mixture(run: GmmRun) -> Raw {
    let mixture = run.mixture;
    let p = mixture.p;
    let clusters = Clusters::Gmm {
        means: mixture.means.chunks_exact(p).map(<[f64]>::to_vec).collect(),
        covariances: mixture
            .covariances
            .chunks_exact(p * p)
            .map(|matrix| matrix.chunks_exact(p).map(<[f64]>::to_vec).collect())
            .collect(),
        weights: mixture.weights,
        covariance: mixture.covariance,
        noise: mixture.noise,
        log_likelihood: run.log_likelihood,
    };
    let (iterations, converged) = (run.iterations, run.converged);
    Raw { clusters, iterations, converged }
}
