//! n x p rows and a list of candidates -> each fitted, labelled and measured by all that one
//! labelling alone tells.
//!
//! Candidates run in parallel, each with a seed of its own. Memory: what is kept of a candidate is
//! its model and its figures. Labels of all rows are held for as many candidates at once as make
//! up [`LABELS_AT_ONCE`], for the silhouette, which is computed for them together; silhouettes of all
//! rows where those are averaged; memberships and margins for none but those being assigned, one a
//! thread.

use rayon::prelude::*;

use super::params::SelectParams;
use super::{Chosen, Question, Told};
use crate::cluster::canonical::settle;
use crate::cluster::criteria::{
    Dispersion, Information, Labelling, Silhouette, agreement, calinski_harabasz, davies_bouldin,
    information, mean_silhouettes,
};
use crate::cluster::engine::{Raw, Settings, fit};
use crate::cluster::kernel::Points;
use crate::cluster::{Candidate, ClusterError, Clusters, Covariance, Method, Phase};
use crate::types::{Seed, Warning};

/// Purposes of [`Seed::derive`], so that no part of the work shares draws with another.
const KMEANS: u64 = 1;
const MIXTURE: u64 = 2;
const SILHOUETTE: u64 = 3;

/// Labels held at once, rows times candidates: 128 MB.
const LABELS_AT_ONCE: usize = 1 << 25;

/// One fit that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub method: Method,
    /// Of the mixture alone.
    pub covariance: Option<Covariance>,
    pub k: usize,
}

/// One candidate after its final assignment.
pub(super) struct Settled {
    pub asked: Asked,
    pub clusters: Clusters,
    pub converged: bool,
    pub iterations: usize,
    /// Its figures.
    pub candidate: Candidate,
    /// Mean silhouette by cluster; none for a single cluster.
    pub silhouettes: Vec<Option<f64>>,
    /// Silhouette of each row, where all were averaged; empty otherwise.
    pub row_silhouettes: Vec<f64>,
    /// Labels of the rows that costly criteria are computed on.
    pub labels: Vec<u32>,
}

impl Settled {
    fn take(&mut self, silhouette: Silhouette) {
        let Silhouette { mean, interval, clusters, rows, scores } = silhouette;
        self.candidate.silhouette = Some(mean);
        self.candidate.silhouette_interval = interval;
        self.candidate.silhouette_customers = rows;
        self.silhouettes = clusters.into_iter().map(Some).collect();
        self.row_silhouettes = scores;
    }
}

/// What earlier months say of rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct EarlierLabels {
    /// n labels by the earlier model.
    pub labels: Vec<u32>,
    /// Below which they are.
    pub k: usize,
    /// Rows whose customers the earlier model was fitted to.
    pub stayers: Vec<usize>,
}

/// What all candidates share.
#[derive(Clone, Copy)]
pub(super) struct Shared<'a> {
    pub points: Points<'a>,
    pub settings: &'a Settings,
    pub select: &'a SelectParams,
    pub earlier: Option<&'a EarlierLabels>,
    /// Rows whose labels are kept for costly criteria.
    pub rows: &'a [usize],
    pub seed: Seed,
}

impl Asked {
    /// The settings of its fit.
    pub fn settings(&self, settings: &Settings) -> Settings {
        let covariance = self.covariance.unwrap_or(settings.covariance);
        Settings { covariance, ..settings.clone() }
    }

    /// Its name in a message.
    pub fn name(&self) -> String {
        match self.covariance {
            Some(covariance) => format!("{} mixture with k = {}", covariance.name(), self.k),
            None => format!("k-means with k = {}", self.k),
        }
    }
}

/// Every candidate of `question` that could be fitted, with a warning for each of the others.
///
/// # Errors
///
/// [`ClusterError::EngineFailed`] when there is none.
pub(super) fn fit_all(
    shared: &Shared,
    question: &Question,
    told: Told,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Settled>, ClusterError> {
    let asked = question.asked();
    let at_once = (LABELS_AT_ONCE / shared.points.n.max(1)).max(1);
    let results: Vec<Result<Settled, String>> =
        asked.chunks(at_once).flat_map(|asked| fit_some(shared, told, asked)).collect();
    keep(&asked, results, warnings)
}

/// The fits of `asked`, whose labels are held together.
fn fit_some(shared: &Shared, told: Told, asked: &[Asked]) -> Vec<Result<Settled, String>> {
    let step = told.step;
    (told.phase)(Phase::Fit);
    let methods = asked.iter().map(|asked| asked.method);
    let prepared = shared.settings.prepared(shared.points, methods);
    // The longest fits, those of the mixture with many components, stand last and start first.
    let mut fits: Vec<Result<Final, String>> = asked
        .par_iter()
        .rev()
        .with_max_len(1)
        .map(|asked| {
            let purpose = if asked.method == Method::Gmm { MIXTURE } else { KMEANS };
            let seed = shared.seed.derive(purpose, asked.k as u64);
            let settings = asked.settings(shared.settings);
            let fitted = fit(&prepared, asked.method, asked.k, &settings, seed)
                .and_then(|raw| assigned(shared.points, raw));
            step();
            fitted
        })
        .collect();
    fits.reverse();
    (told.phase)(Phase::Criteria);
    let mut settled: Vec<Result<(Settled, Vec<u32>), String>> =
        asked.par_iter().zip(fits).map(|(&asked, of)| Ok(measured(shared, asked, of?))).collect();
    let (at, labellings): (Vec<usize>, Vec<Labelling>) = settled
        .iter()
        .enumerate()
        .filter_map(|(at, result)| {
            let (settled, labels) = result.as_ref().ok()?;
            Some((at, Labelling { labels, k: settled.clusters.k() }))
        })
        .unzip();
    let rows = shared.select.silhouette;
    let seed = shared.seed.derive(SILHOUETTE, 0);
    let silhouettes = mean_silhouettes(shared.points, &labellings, rows, seed);
    for (at, silhouette) in at.into_iter().zip(silhouettes) {
        if let (Ok((settled, _)), Some(silhouette)) = (&mut settled[at], silhouette) {
            settled.take(silhouette);
        }
    }
    settled.into_iter().map(|result| result.map(|(settled, _)| settled)).collect()
}

/// A fit after its final assignment.
struct Final {
    clusters: Clusters,
    labels: Vec<u32>,
    information: Option<Information>,
    converged: bool,
    iterations: usize,
}

/// The fit in canonical order.
fn assigned(points: Points, raw: Raw) -> Result<Final, String> {
    let Raw { clusters, converged, iterations } = raw;
    let (clusters, assigned) = settle(points, clusters)
        .ok_or_else(|| "a covariance is not positive definite".to_owned())?;
    let information = information(&clusters, &assigned, points.total_weight());
    let labels = assigned.assignments.cluster;
    Ok(Final { clusters, labels, information, converged, iterations })
}

/// A candidate with the figures of its labels alone, and these labels.
fn measured(shared: &Shared, asked: Asked, of: Final) -> (Settled, Vec<u32>) {
    let points = shared.points;
    let Final { clusters, labels, information, converged, iterations } = of;
    let (inertia, log_likelihood) = match clusters {
        Clusters::Kmeans { inertia, .. } => (Some(inertia), None),
        Clusters::Gmm { log_likelihood, .. } => (None, Some(log_likelihood)),
    };
    let labelling = Labelling { labels: &labels, k: clusters.k() };
    let dispersion = Dispersion::new(points, labelling);
    let out_of_time = shared.earlier.and_then(|earlier| {
        let before = Labelling { labels: &earlier.labels, k: earlier.k };
        agreement(&earlier.stayers, before, labelling)
    });
    let candidate = Candidate {
        method: asked.method,
        covariance: asked.covariance,
        k: asked.k,
        silhouette: None,
        silhouette_interval: None,
        silhouette_customers: 0,
        calinski_harabasz: calinski_harabasz(&dispersion),
        davies_bouldin: davies_bouldin(&dispersion),
        bic: information.map(|of| of.bic),
        aic: information.map(|of| of.aic),
        icl: information.map(|of| of.icl),
        gap: None,
        gap_error: None,
        prediction_strength: None,
        bootstrap_jaccard: None,
        out_of_time,
        mean_rank: None,
        inertia,
        log_likelihood,
        converged,
        iterations,
        chosen: false,
    };
    let labels_of_rows = shared.rows.iter().map(|&row| labels[row]).collect();
    let silhouettes = vec![None; clusters.k()];
    let settled = Settled {
        asked,
        clusters,
        converged,
        iterations,
        candidate,
        silhouettes,
        row_silhouettes: Vec::new(),
        labels: labels_of_rows,
    };
    (settled, labels)
}

/// What one labelling alone tells of `chosen`, whose clusters were changed after the choice: as a
/// candidate, with its silhouettes by cluster in `chosen`.
pub(crate) fn figures_again(
    points: Points,
    chosen: &mut Chosen,
    question: &Question,
    earlier: Option<&EarlierLabels>,
    seed: Seed,
) -> Candidate {
    let (settings, select) = (&chosen.settings, question.select);
    let shared = Shared { points, settings, select, earlier, rows: &[], seed };
    let (clusters, assigned) = (&chosen.clusters, &chosen.assigned);
    let covariance = match clusters {
        Clusters::Kmeans { .. } => None,
        Clusters::Gmm { covariance, .. } => Some(*covariance),
    };
    let k = clusters.k();
    let of = Final {
        clusters: clusters.clone(),
        labels: assigned.assignments.cluster.clone(),
        information: information(clusters, assigned, points.total_weight()),
        converged: chosen.converged,
        iterations: chosen.iterations,
    };
    let (mut settled, labels) =
        measured(&shared, Asked { method: chosen.method, covariance, k }, of);
    let labelling = Labelling { labels: &labels, k };
    let seed = seed.derive(SILHOUETTE, 0);
    let found = mean_silhouettes(points, &[labelling], select.silhouette, seed);
    if let Some(silhouette) = found.into_iter().next().flatten() {
        settled.take(silhouette);
    }
    chosen.silhouettes = settled.silhouettes;
    chosen.row_silhouettes = settled.row_silhouettes;
    Candidate { chosen: true, ..settled.candidate }
}

/// The candidates that were fitted, with a warning for each of the others; an error when there is
/// none left.
fn keep(
    asked: &[Asked],
    results: Vec<Result<Settled, String>>,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<Settled>, ClusterError> {
    let mut kept = Vec::with_capacity(results.len());
    let mut last = None;
    for (asked, result) in asked.iter().zip(results) {
        match result {
            Ok(settled) => kept.push(settled),
            Err(reason) => {
                let message = format!(
                    "the {} gave no model and is not among the candidates: {reason}",
                    asked.name()
                );
                warnings.push(Warning::new("candidate_failed", message));
                last = Some((asked.method, reason));
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
