//! n x p rows and a range of k -> every candidate fitted and measured, the one that the rule
//! chooses, and whether there is anything to be found at all.
//!
//! A candidate is a method, a covariance of the mixture and a k. What one labelling tells is
//! computed as it is fitted ([`candidates`]); what costs many fits (gap statistic, prediction
//! strength, bootstrap Jaccard) only when asked for, on all customers or a stated sample, with
//! reference sets and splits shared by all candidates. Then the rule chooses ([`rule`]).

mod candidates;
mod carried;
mod params;
mod rule;

use std::ops::RangeInclusive;

use self::candidates::{Asked, Settled, Shared, fit_all};
pub(crate) use self::candidates::{EarlierLabels, figures_again};
pub(crate) use self::carried::{Carried, chosen_of};
pub(crate) use self::params::check;
pub use self::params::{Criterion, Rule, SelectParams, SilhouetteRows};
use super::assign::{Assigned, assign_points, labels};
use super::criteria::{Found, Labelling, gaps, prediction_strengths, repeated, structure};
use super::engine::Settings;
use super::kernel::Points;
use super::stability::{Original, Scheme, StabilityParams, stability};
use super::way::Way;
use super::{Candidate, ClusterError, Clusters, Covariance, Method, Phase, Selection};
use crate::types::{Seed, Warning};

/// Customers up to which gap statistic and prediction strength are computed on all of them;
/// beyond, on a systematic sample of as many.
pub const CRITERIA_CUSTOMERS: usize = 20_000;

/// Purposes of [`Seed::derive`]; those of the fits are in [`candidates`], that of the stability of
/// the chosen fit is 4.
const ROWS: u64 = 5;
const GAP: u64 = 6;
const PREDICTION: u64 = 7;
const JACCARD: u64 = 8;
const STRUCTURE: u64 = 9;

/// What is to be weighed.
#[derive(Clone, Debug)]
pub(crate) struct Question<'a> {
    /// k-means, mixture or both.
    pub method: Method,
    /// Covariances of the mixture, at least one.
    pub covariances: &'a [Covariance],
    /// Numbers of clusters, none above the number of distinct rows.
    pub k: RangeInclusive<usize>,
    /// Whether the configuration gives a single k.
    pub fixed: bool,
    /// How candidates are weighed.
    pub select: &'a SelectParams,
    /// Resamples of the bootstrap Jaccard.
    pub bootstrap: usize,
    /// How they are drawn, always with replacement, and from whom.
    pub stability: &'a StabilityParams,
}

/// Who is told of the work.
#[derive(Clone, Copy)]
pub(crate) struct Told<'a> {
    /// Called once after each piece of work.
    pub step: &'a (dyn Fn() + Sync),
    /// Called where another part of it begins.
    pub phase: &'a dyn Fn(Phase),
}

/// The fit that was chosen.
#[derive(Clone, Debug)]
pub(crate) struct Chosen {
    pub method: Method,
    /// The settings it was fitted with, without a given start.
    pub settings: Settings,
    pub k_asked: usize,
    pub clusters: Clusters,
    pub assigned: Assigned,
    pub converged: bool,
    pub iterations: usize,
    /// Mean silhouette by cluster.
    pub silhouettes: Vec<Option<f64>>,
    /// Silhouette of each row, where all were averaged; empty otherwise.
    pub row_silhouettes: Vec<f64>,
    pub selection: Selection,
    pub warnings: Vec<Warning>,
}

impl Question<'_> {
    /// The candidates: k-means first, then the covariances in their order, k ascending.
    fn asked(&self) -> Vec<Asked> {
        let kmeans = (Method::Kmeans, None);
        let mixtures = self.covariances.iter().map(|&covariance| (Method::Gmm, Some(covariance)));
        let families: Vec<(Method, Option<Covariance>)> = match self.method {
            Method::Kmeans => vec![kmeans],
            Method::Gmm => mixtures.collect(),
            Method::Auto => std::iter::once(kmeans).chain(mixtures).collect(),
        };
        families
            .iter()
            .flat_map(|&(method, covariance)| {
                self.k.clone().map(move |k| Asked { method, covariance, k })
            })
            .collect()
    }

    /// Pieces of work that answering takes: fits, reference sets, splits, resamples.
    pub fn fits(&self) -> usize {
        let fits = self.asked().len();
        let of = |criterion, count| if self.select.wants(criterion) { count } else { 0 };
        fits + of(Criterion::Gap, self.select.gap_references)
            + of(Criterion::PredictionStrength, self.select.prediction_splits)
            + of(Criterion::BootstrapJaccard, fits * self.bootstrap)
    }

    /// A rule in a sentence.
    fn sentence(&self, rule: &Rule) -> String {
        match &self.asked()[..] {
            [one] if self.fixed => format!("{}, as configured", one.name()),
            _ => rule::sentence(rule, self.method, (*self.k.start(), *self.k.end())),
        }
    }
}

/// Fits every candidate and chooses.
pub(crate) fn select(
    points: Points,
    question: &Question,
    settings: &Settings,
    earlier: Option<&EarlierLabels>,
    seed: Seed,
    told: Told,
) -> Result<Chosen, ClusterError> {
    let wants = |criterion| question.select.wants(criterion);
    let sampled = wants(Criterion::Gap) || wants(Criterion::PredictionStrength);
    let rows = match sampled {
        true => repeated(points, CRITERIA_CUSTOMERS, seed.derive(ROWS, 0)),
        false => Vec::new(),
    };
    let shared = Shared { points, settings, select: question.select, earlier, rows: &rows, seed };
    let mut warnings = Vec::new();
    let mut settled = fit_all(&shared, question, told, &mut warnings)?;
    // What is fitted from here on are other rows, for which no start was given.
    let afresh = settings.afresh();
    let shared = Shared { settings: &afresh, ..shared };
    warn_of_silhouettes(&settled, points.n, &mut warnings);
    if sampled {
        let values = points.gather(&rows);
        let points_of_rows = Points::new(&values, points.p);
        measure_on_rows(&shared, question, points_of_rows, told.step, &mut settled);
        if (rows.len() as f64) < points.total_weight().round() {
            warnings.push(Warning::new(
                "criteria_sampled",
                format!(
                    "gap statistic and prediction strength were computed on a sample of {} of {} \
                     customers",
                    rows.len(),
                    points.n
                ),
            ));
        }
    }
    if wants(Criterion::BootstrapJaccard) {
        measure_jaccard(&shared, question, told.step, &mut settled);
    }
    let (models, mut candidates): (Vec<Settled>, Vec<Candidate>) = settled
        .into_iter()
        .map(|settled| {
            let candidate = settled.candidate.clone();
            (settled, candidate)
        })
        .unzip();
    let mut rule = &question.select.rule;
    let chosen = rule::choose(&mut candidates, rule).unwrap_or_else(|| {
        let (asked, auto) = (question.sentence(rule), question.sentence(&Rule::Auto));
        if candidates.len() > 1 {
            warnings.push(Warning::new(
                "rule_without_figures",
                format!("no candidate has a figure that the rule asks for ({asked}): by {auto}"),
            ));
        }
        rule = &Rule::Auto;
        rule::choose(&mut candidates, rule).unwrap_or(0)
    });
    candidates[chosen].chosen = true;
    let of = models.into_iter().nth(chosen).expect("an index of the candidates");
    let settings = of.asked.settings(&afresh);
    let structure = structure(points, &of.clusters, &settings, seed.derive(STRUCTURE, 0));
    warnings.extend(structure.as_ref().and_then(|structure| structure.warning()));
    let selection = Selection {
        rule: question.sentence(rule),
        decided_by: if candidates.len() > 1 { rule.deciding(question.method) } else { Vec::new() },
        structure,
        criteria_customers: sampled.then_some(rows.len()),
        candidates,
    };
    let assigned = assign_points(points, &of.clusters).ok_or(ClusterError::UnusableModel)?;
    Ok(Chosen {
        method: of.asked.method,
        settings,
        k_asked: of.asked.k,
        clusters: of.clusters,
        assigned,
        converged: of.converged,
        iterations: of.iterations,
        silhouettes: of.silhouettes,
        row_silhouettes: of.row_silhouettes,
        selection,
        warnings,
    })
}

/// A silhouette over fewer than all customers is said with how sure it is.
fn warn_of_silhouettes(settled: &[Settled], n: usize, warnings: &mut Vec<Warning>) {
    let sampled = settled.iter().filter_map(|of| {
        Some((of.candidate.silhouette_customers, of.candidate.silhouette_interval?))
    });
    let least = sampled.clone().map(|(rows, _)| rows).min();
    let half = sampled.map(|(_, [low, high])| (high - low) / 2.0).fold(0.0, f64::max);
    if let Some(rows) = least {
        warnings.push(Warning::new(
            "silhouette_sampled",
            format!(
                "silhouettes were averaged over a stratified sample of {rows} of {n} customers, \
                 to within {half:.3} at 95 % confidence"
            ),
        ));
    }
}

/// Gap statistic and prediction strength, as far as they are asked for.
fn measure_on_rows(
    shared: &Shared,
    question: &Question,
    rows: Points,
    step: &(dyn Fn() + Sync),
    settled: &mut [Settled],
) {
    let settings: Vec<Settings> =
        settled.iter().map(|of| of.asked.settings(shared.settings)).collect();
    let way = |at: usize, of: &Settled| Way { method: of.asked.method, settings: &settings[at] };
    let (mut gap, mut strength) = (Vec::new(), Vec::new());
    if question.select.wants(Criterion::Gap) {
        let found: Vec<Found> = settled
            .iter()
            .enumerate()
            .map(|(at, of)| Found {
                way: way(at, of),
                k: of.asked.k,
                labelling: Labelling { labels: &of.labels, k: of.clusters.k() },
            })
            .collect();
        let seed = shared.seed.derive(GAP, 0);
        gap = gaps(rows, &found, question.select.gap_references, seed, step);
    }
    if question.select.wants(Criterion::PredictionStrength) {
        let asked: Vec<(Way, usize)> =
            settled.iter().enumerate().map(|(at, of)| (way(at, of), of.asked.k)).collect();
        let seed = shared.seed.derive(PREDICTION, 0);
        let splits = question.select.prediction_splits;
        strength = prediction_strengths(rows, &asked, splits, seed, step);
    }
    for (of, gap) in settled.iter_mut().zip(gap) {
        of.candidate.gap = gap.map(|gap| gap.gap);
        of.candidate.gap_error = gap.map(|gap| gap.error);
    }
    for (of, strength) in settled.iter_mut().zip(strength) {
        of.candidate.prediction_strength = strength;
    }
}

/// The bootstrap Jaccard of each candidate, whose labels are made again one candidate at a time. On
/// how many customers is said where the stability of the chosen fit is.
fn measure_jaccard(
    shared: &Shared,
    question: &Question,
    step: &(dyn Fn() + Sync),
    settled: &mut [Settled],
) {
    let params = StabilityParams { scheme: Scheme::Bootstrap, ..*question.stability };
    for (at, of) in settled.iter_mut().enumerate() {
        let Some(labels) = labels(shared.points, &of.clusters) else { continue };
        let k = of.clusters.k();
        let (found, _) = stability(
            shared.points,
            Original { method: of.asked.method, k, labels: &labels, bounded: None },
            question.bootstrap,
            &params,
            &of.asked.settings(shared.settings),
            shared.seed.derive(JACCARD, at as u64),
            step,
        );
        let sum: Option<f64> = (0..k).map(|cluster| found.bootstrap_jaccard(cluster)).sum();
        of.candidate.bootstrap_jaccard = sum.map(|sum| sum / k as f64);
    }
}
