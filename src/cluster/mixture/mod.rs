//! n x p rows -> a Gaussian mixture of k components, by EM.
//!
//! Dempster, Laird and Rubin (J. R. Stat. Soc. B 39, 1977); equations of Bishop, Pattern
//! Recognition and Machine Learning (2006), section 9.2.2. Covariances are full, tied, diagonal or
//! spherical; rows may have weights; a uniform component may take up outliers (Banfield and
//! Raftery, Biometrics 49, 1993). Starts from one k-means run, for tied covariances also from what
//! rounds under the determinant criterion make of it, or from a given mixture. A component
//! left with less than half a customer starts anew at the row that the mixture explains worst, at
//! most k times a run. Running out of iterations is not an error. Does not choose k or the shape.

mod cholesky;
mod density;
mod elementary;
mod expect;
mod maximise;
mod posterior;
mod start;
mod tied_start;
mod tile;

use rayon::prelude::*;

pub(crate) use self::cholesky::{inverse_factor, packed_row};
pub(crate) use self::density::{Density, Mixture};
use self::expect::{About, expect};
use self::maximise::maximise;
pub(crate) use self::posterior::posteriors;
use self::start::{Kept, Whole, start, without_the_few};
use self::tied_start::tied_start;
use super::kernel::Points;
use super::kmeans::{Plan, Prepared, Stop, fit};
use super::{Algorithm, Covariance, Seeding};
use crate::types::Seed;

/// Iterations of the k-means run that a mixture starts from.
const START_ITERATIONS: usize = 100;

/// Times that outliers are set aside before the start of a mixture with noise.
const ROUNDS_ASIDE: usize = 10;

/// When and how EM runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EmParams {
    /// Iterations at most.
    pub max_iterations: usize,
    /// Gain of the mean log-likelihood below which it stops.
    pub tolerance: f64,
    /// Added to the diagonal of every covariance.
    pub covariance_floor: f64,
    /// The shape of covariances.
    pub covariance: Covariance,
    /// Whether a uniform component takes up outliers.
    pub noise: bool,
}

/// One run from one start.
#[derive(Clone, Debug)]
pub(crate) struct GmmRun {
    /// The mixture last evaluated.
    pub mixture: Mixture,
    /// Its total log-likelihood.
    pub log_likelihood: f64,
    /// Updates made.
    pub iterations: usize,
    /// Whether the gain fell below the tolerance.
    pub converged: bool,
    /// Log-likelihood before each update, for the tests of its growth.
    #[cfg(test)]
    pub trace: Vec<f64>,
    /// Components that started anew.
    #[cfg(test)]
    pub resets: usize,
}

/// The likeliest of the runs from the k-means starts of `seeds`, the first of equals; `squared_move`
/// is the tolerance of these starts. Where one covariance is common to all, EM also goes from what
/// [`tied_start`] makes of each; the likeliest of these is kept where it ends higher by more than
/// the tolerance, below which neither is known to be the better.
pub(crate) fn best_of(
    prepared: &Prepared,
    k: usize,
    params: EmParams,
    squared_move: f64,
    seeds: Vec<Seed>,
) -> Option<GmmRun> {
    let run = |seed| run(prepared, k, params, squared_move, seed);
    let runs: Vec<(GmmRun, Option<GmmRun>)> = seeds.into_par_iter().map(run).collect();
    let (plain, tied): (Vec<GmmRun>, Vec<Option<GmmRun>>) = runs.into_iter().unzip();
    let likeliest = |best: GmmRun, next: GmmRun| {
        if next.log_likelihood > best.log_likelihood { next } else { best }
    };
    let plain = plain.into_iter().reduce(likeliest)?;
    let Some(tied) = tied.into_iter().flatten().reduce(likeliest) else { return Some(plain) };
    let gain = (tied.log_likelihood - plain.log_likelihood) / prepared.points.total_weight();
    Some(if gain > params.tolerance { tied } else { plain })
}

/// One run from a k-means start and, where covariances are tied and it leads to another, one from
/// the start of these.
fn run(
    prepared: &Prepared,
    k: usize,
    params: EmParams,
    squared_move: f64,
    seed: Seed,
) -> (GmmRun, Option<GmmRun>) {
    let stop = Stop { max_iterations: START_ITERATIONS, squared_move };
    let plan = Plan {
        algorithm: Algorithm::Lloyd,
        restarts: 1,
        seeding: Seeding::PlusPlus,
        refine: false,
        stop,
    };
    let points = prepared.points;
    let clusters = |prepared: &Prepared| fit(prepared, k, &plan, seed);
    let mut found = clusters(prepared);
    let mut kept = None;
    if params.noise {
        // k-means gives outliers a cluster of their own, which no update would leave: they are set
        // aside until every cluster has rows enough for a covariance.
        for _ in 0..ROUNDS_ASIDE {
            let now = kept.as_ref().map(|kept: &Kept| kept.rows.as_slice());
            let Some(fewer) = without_the_few(points, now, &found.centroids) else { break };
            let fewer = Kept::new(points, fewer);
            found = clusters(&Prepared::new(fewer.points(points.p)));
            kept = Some(fewer);
        }
    }
    let plain = from_centroids(points, &found.centroids, params);
    if params.covariance != Covariance::Tied {
        return (plain, None);
    }
    let clustered = kept.as_ref().map_or(points, |kept| kept.points(points.p));
    let start = tied_start(clustered, &found, params, stop);
    (plain, start.map(|start| em(points, start, params)))
}

/// One run from the clusters of `centroids` (k x p values).
pub(crate) fn from_centroids(points: Points, centroids: &[f64], params: EmParams) -> GmmRun {
    let whole = Whole::new(points);
    let EmParams { covariance_floor, covariance, noise, .. } = params;
    let mixture = start(points, centroids, &whole, covariance, noise, covariance_floor);
    iterate(points, mixture, &whole, params)
}

/// One run from `mixture`, whose shape of covariances and noise are kept; where `params` ask for
/// noise and it has none, it gets what a k-means start has.
pub(crate) fn em(points: Points, mut mixture: Mixture, params: EmParams) -> GmmRun {
    let whole = Whole::new(points);
    if params.noise && mixture.noise.is_none() {
        let noise = whole.noise(params.covariance_floor);
        mixture.weights.iter_mut().for_each(|weight| *weight *= 1.0 - noise.weight);
        mixture.noise = Some(noise);
    }
    iterate(points, mixture, &whole, params)
}

fn iterate(points: Points, mut mixture: Mixture, whole: &Whole, params: EmParams) -> GmmRun {
    let k = mixture.k();
    let floor = params.covariance_floor;
    let mut previous = f64::NEG_INFINITY;
    let mut resets = 0;
    let mut iterations = 0;
    #[cfg(test)]
    let mut trace = Vec::new();
    loop {
        let density = factored(&mut mixture, whole, floor);
        let about =
            About { means: &mixture.means, origin: &whole.means, covariance: mixture.covariance };
        let last = iterations == params.max_iterations;
        let expected = expect(points, &density, about, !last);
        let log_likelihood = expected.log_likelihood;
        #[cfg(test)]
        trace.push(log_likelihood);
        let converged = (log_likelihood - previous) / whole.weight < params.tolerance;
        let moments = match expected.moments {
            Some(moments) if !converged => moments,
            _ => {
                return GmmRun {
                    mixture,
                    log_likelihood,
                    iterations,
                    converged,
                    #[cfg(test)]
                    trace,
                    #[cfg(test)]
                    resets,
                };
            }
        };
        previous = log_likelihood;
        iterations += 1;
        let collapsed = maximise(&mut mixture, &moments, &whole.means, whole.unit, floor);
        if let Some(index) = collapsed.filter(|_| resets < k) {
            resets += 1;
            whole.reset(&mut mixture, index, points.row(expected.worst), floor);
            previous = f64::NEG_INFINITY;
        }
    }
}

/// The factored densities; a covariance that cannot be factored gives way to that of all rows.
fn factored(mixture: &mut Mixture, whole: &Whole, floor: f64) -> Density {
    loop {
        match Density::new(mixture) {
            Ok(density) => return density,
            Err(index) => {
                let p = mixture.p;
                // With its floor it is positive definite unless features repeat each other
                // beyond the floor's digits; its diagonal always is.
                let mut covariance = whole.covariance(mixture.covariance, floor);
                if cholesky::inverse_factor(&covariance, p).is_none() {
                    for (at, value) in covariance.iter_mut().enumerate() {
                        *value = if at / p == at % p { value.max(f64::MIN_POSITIVE) } else { 0.0 };
                    }
                }
                if mixture.covariance == Covariance::Tied {
                    mixture.covariances = covariance.repeat(mixture.k());
                } else {
                    mixture.covariances[index * p * p..(index + 1) * p * p]
                        .copy_from_slice(&covariance);
                }
            }
        }
    }
}

#[cfg(test)]
mod reference_tests;
#[cfg(test)]
mod slow_tests;
#[cfg(test)]
mod tests;
