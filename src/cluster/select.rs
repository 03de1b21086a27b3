//! n x p rows and a range of k -> every candidate fitted, and the one that the rule chooses.
//!
//! k-means: the k of the highest mean silhouette. Mixture: the k of the lowest Bayesian
//! information criterion. Both: the better of these two by mean silhouette, which is
//! measured in the same space. Ties go to the smaller k and to k-means.

use std::ops::RangeInclusive;

use rayon::prelude::*;

use super::assign::Assigned;
use super::canonical::settle;
use super::criteria::{Labelling, information, mean_silhouettes};
use super::engine::{Raw, Settings, fit};
use super::kernel::Points;
use super::kmeans::Prepared;
use super::{Candidate, ClusterError, Clusters, Method, Selection};
use crate::types::{Seed, Warning};

/// Purposes of [`Seed::derive`], so that no part of the work shares draws with another.
const KMEANS: u64 = 1;
const MIXTURE: u64 = 2;
const SILHOUETTE: u64 = 3;

/// What is to be weighed.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    /// k-means, mixture or both.
    pub method: Method,
    /// Numbers of clusters, none above the number of distinct rows.
    pub k: RangeInclusive<usize>,
    /// Whether the configuration gives a single k.
    pub fixed: bool,
}

/// The fit that was chosen.
#[derive(Clone, Debug)]
pub(crate) struct Chosen {
    pub method: Method,
    pub k_asked: usize,
    pub clusters: Clusters,
    pub assigned: Assigned,
    pub converged: bool,
    pub iterations: usize,
    /// Mean silhouette by cluster.
    pub silhouettes: Vec<Option<f64>>,
    pub selection: Selection,
    pub warnings: Vec<Warning>,
}

/// One candidate after its final assignment.
struct Settled {
    method: Method,
    k: usize,
    clusters: Clusters,
    assigned: Assigned,
    converged: bool,
    iterations: usize,
}

impl Question {
    /// The methods to fit, k-means first.
    pub fn methods(&self) -> &'static [Method] {
        match self.method {
            Method::Kmeans => &[Method::Kmeans],
            Method::Gmm => &[Method::Gmm],
            Method::Auto => &[Method::Kmeans, Method::Gmm],
        }
    }

    /// Fits that answering takes.
    pub fn fits(&self) -> usize {
        self.methods().len() * self.k.clone().count()
    }

    /// The rule in a sentence.
    fn rule(&self) -> String {
        let (low, high) = (self.k.start(), self.k.end());
        let between = "the method with the higher mean silhouette, ties to k-means";
        match (self.method, self.fixed) {
            (Method::Kmeans, true) => format!("k-means with k = {low}, as configured"),
            (Method::Gmm, true) => format!("mixture with k = {low}, as configured"),
            (Method::Auto, true) => format!("k = {low}, as configured; {between}"),
            (Method::Kmeans, false) => format!(
                "k-means: the k from {low} to {high} with the highest mean silhouette, \
                 ties to the smaller"
            ),
            (Method::Gmm, false) => format!(
                "mixture: the k from {low} to {high} with the lowest Bayesian information \
                 criterion, ties to the smaller"
            ),
            (Method::Auto, false) => format!(
                "k from {low} to {high}, for k-means the one with the highest mean silhouette, \
                 for the mixture the one with the lowest Bayesian information criterion, ties \
                 to the smaller; of these two, {between}"
            ),
        }
    }
}

/// Fits every candidate and chooses; `step` is called once after each fit.
pub(crate) fn select(
    points: Points,
    question: &Question,
    settings: &Settings,
    seed: Seed,
    step: &(dyn Fn() + Sync),
) -> Result<Chosen, ClusterError> {
    let mut warnings = Vec::new();
    let settled = fit_all(points, question, settings, seed, step, &mut warnings)?;
    let labellings: Vec<Labelling> = settled
        .iter()
        .map(|fit| Labelling { labels: &fit.assigned.assignments.cluster, k: fit.clusters.k() })
        .collect();
    let silhouettes = mean_silhouettes(points, &labellings, seed.derive(SILHOUETTE, 0));
    if silhouettes.rows < points.n {
        warnings.push(Warning::new(
            "silhouette_sampled",
            format!(
                "silhouettes were computed on a sample of {} of {} customers",
                silhouettes.rows, points.n
            ),
        ));
    }
    let mut candidates: Vec<Candidate> = settled
        .iter()
        .zip(&silhouettes.means)
        .map(|(fit, &silhouette)| candidate(fit, silhouette, silhouettes.rows, points))
        .collect();
    let chosen = choose(&candidates);
    candidates[chosen].chosen = true;
    let selection = Selection { rule: question.rule(), candidates };
    let fit = settled.into_iter().nth(chosen).expect("an index of the candidates");
    let silhouettes = silhouettes.clusters.into_iter().nth(chosen).unwrap_or_default();
    Ok(Chosen {
        method: fit.method,
        k_asked: fit.k,
        clusters: fit.clusters,
        assigned: fit.assigned,
        converged: fit.converged,
        iterations: fit.iterations,
        silhouettes,
        selection,
        warnings,
    })
}

/// The best restart of every candidate after its final assignment, k-means first, k ascending.
fn fit_all(
    points: Points,
    question: &Question,
    settings: &Settings,
    seed: Seed,
    step: &(dyn Fn() + Sync),
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Settled>, ClusterError> {
    let candidates: Vec<(Method, usize)> = question
        .methods()
        .iter()
        .flat_map(|&method| question.k.clone().map(move |k| (method, k)))
        .collect();
    let prepared = Prepared::new(points);
    // The longest fits, those of the mixture with many components, stand last and start first.
    let mut bests: Vec<Result<Raw, String>> = candidates
        .par_iter()
        .rev()
        .with_max_len(1)
        .map(|&(method, k)| {
            let purpose = if method == Method::Gmm { MIXTURE } else { KMEANS };
            let result = fit(&prepared, method, k, settings, seed.derive(purpose, k as u64));
            step();
            result
        })
        .collect();
    bests.reverse();
    let settled: Vec<Result<Settled, String>> = candidates
        .par_iter()
        .zip(bests)
        .map(|(&(method, k), raw)| {
            let raw = raw?;
            let (clusters, assigned) = settle(points, raw.clusters)
                .ok_or_else(|| "a covariance is not positive definite".to_owned())?;
            let (converged, iterations) = (raw.converged, raw.iterations);
            Ok(Settled { method, k, clusters, assigned, converged, iterations })
        })
        .collect();
    keep(&candidates, settled, warnings)
}

/// The candidates that were fitted, with a warning for each of the others; an error when a
/// method asked for alone has none left, or every method.
fn keep(
    candidates: &[(Method, usize)],
    settled: Vec<Result<Settled, String>>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Settled>, ClusterError> {
    let mut kept = Vec::with_capacity(settled.len());
    let mut last = None;
    for (&(method, k), result) in candidates.iter().zip(settled) {
        match result {
            Ok(fit) => kept.push(fit),
            Err(reason) => {
                let name = if method == Method::Gmm { "mixture" } else { "k-means" };
                let message = format!(
                    "the {name} with k = {k} gave no model and is not among the candidates: {reason}"
                );
                warnings.push(Warning::new("candidate_failed", message));
                last = Some((method, reason));
            }
        }
    }
    match last {
        Some((method, reason)) if kept.is_empty() => {
            Err(ClusterError::EngineFailed { method, reason })
        }
        _ => Ok(kept),
    }
}

fn candidate(fit: &Settled, silhouette: Option<f64>, rows: usize, points: Points) -> Candidate {
    let criteria = information(&fit.clusters, &fit.assigned, points.total_weight());
    let bic = criteria.map(|criteria| criteria.bic);
    let (covariance, inertia, log_likelihood) = match fit.clusters {
        Clusters::Kmeans { inertia, .. } => (None, Some(inertia), None),
        Clusters::Gmm { covariance, log_likelihood, .. } => {
            (Some(covariance), None, Some(log_likelihood))
        }
    };
    Candidate {
        method: fit.method,
        covariance,
        k: fit.k,
        silhouette,
        silhouette_customers: rows,
        bic,
        inertia,
        log_likelihood,
        converged: fit.converged,
        iterations: fit.iterations,
        chosen: false,
    }
}

/// Index of the candidate that the rule takes; candidates are k-means first, k ascending.
fn choose(candidates: &[Candidate]) -> usize {
    let silhouette = |index: usize| candidates[index].silhouette.unwrap_or(f64::NEG_INFINITY);
    let first = |method: Method, better: &dyn Fn(usize, usize) -> bool| {
        (0..candidates.len())
            .filter(|&index| candidates[index].method == method)
            .reduce(|best, next| if better(next, best) { next } else { best })
    };
    let kmeans = first(Method::Kmeans, &|next, best| silhouette(next) > silhouette(best));
    let mixture = first(Method::Gmm, &|next, best| candidates[next].bic < candidates[best].bic);
    match (kmeans, mixture) {
        (Some(kmeans), Some(mixture)) if silhouette(mixture) > silhouette(kmeans) => mixture,
        (Some(kmeans), _) => kmeans,
        (None, mixture) => mixture.unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Covariance;

    fn of(method: Method, k: usize, silhouette: Option<f64>, bic: Option<f64>) -> Candidate {
        Candidate {
            method,
            covariance: (method == Method::Gmm).then_some(Covariance::Full),
            k,
            silhouette,
            silhouette_customers: 9,
            bic,
            inertia: None,
            log_likelihood: None,
            converged: true,
            iterations: 1,
            chosen: false,
        }
    }

    #[test]
    fn the_rule_by_hand() {
        let kmeans = |k, silhouette| of(Method::Kmeans, k, Some(silhouette), None);
        let mixture = |k, silhouette, bic| of(Method::Gmm, k, Some(silhouette), Some(bic));
        assert_eq!(choose(&[kmeans(2, 0.3), kmeans(3, 0.5), kmeans(4, 0.5)]), 1);
        assert_eq!(choose(&[mixture(2, 0.9, 10.0), mixture(3, 0.1, 5.0), mixture(4, 0.8, 5.0)]), 1);
        // The mixture's k is chosen by its criterion before silhouettes are compared.
        assert_eq!(choose(&[kmeans(2, 0.5), mixture(2, 0.9, 10.0), mixture(3, 0.1, 5.0)]), 0);
        assert_eq!(choose(&[kmeans(2, 0.5), mixture(2, 0.6, 1.0), mixture(3, 0.1, 5.0)]), 1);
        assert_eq!(choose(&[kmeans(2, 0.5), mixture(2, 0.5, 1.0)]), 0);
        assert_eq!(
            choose(&[of(Method::Kmeans, 1, None, None), of(Method::Gmm, 1, None, Some(1.0))]),
            0
        );
        assert_eq!(choose(&[of(Method::Kmeans, 2, None, None), kmeans(3, -0.2)]), 1);
    }

    #[test]
    fn an_engine_that_gives_nothing_is_an_error_and_one_that_gives_some_a_warning() {
        let mut warnings = Vec::new();
        let candidates = [(Method::Gmm, 2), (Method::Gmm, 3)];
        let fit = || {
            let values = [0.0, 1.0];
            let clusters = Clusters::Kmeans { centroids: vec![vec![0.0]], inertia: 0.0 };
            let (clusters, assigned) = settle(Points::new(&values, 1), clusters).expect("kmeans");
            Settled {
                method: Method::Gmm,
                k: 3,
                clusters,
                assigned,
                converged: true,
                iterations: 1,
            }
        };
        let kept = keep(&candidates, vec![Err("no".into()), Ok(fit())], &mut warnings);
        assert_eq!((kept.map(|kept| kept.len()).ok(), warnings.len()), (Some(1), 1));
        let none = keep(&candidates, vec![Err("no".into()), Err("never".into())], &mut warnings);
        let error = none.err().expect("nothing is left");
        assert!(matches!(&error, ClusterError::EngineFailed { method: Method::Gmm, .. }));
        assert!(error.to_string().contains("never") && error.to_string().contains("segtrail"));
    }
}
