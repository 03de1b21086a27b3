//! n x p rows and the clusters that were chosen -> whether clusters are to be found in the rows at
//! all: the verdict that a data set has no structure.
//!
//! k-means with as many clusters is run on the rows and on reference sets without clusters, in the
//! same way; the statistic is by how much ln(W / T), the sum of squares within clusters over the
//! total, lies below the mean of the references, in standard errors s = sd sqrt(1 + 1/B): the gap
//! statistic of Tibshirani, Walther and Hastie (J. R. Statist. Soc. B 63, 2001) at one k, as a test
//! in the manner of SigClust (Liu, Hayes, Nobel and Marron, J. Amer. Statist. Assoc. 103, 2008).
//! There are two references, and the harder one counts: uniform over a box along the principal
//! axes with the covariance of the rows, the clusterable of the unimodal laws (theorem 1 of the
//! former, in one dimension); and one unimodal cloud with the skewness and correlations of the
//! features ([`Cloud`]), of which a single normal distribution is a case.
//!
//! Clusters of a mixture may be long and thin: the rows are then scaled by the inverse of the mean
//! covariance of its components first, which makes such clusters round.
//!
//! It is a verdict on the k chosen. What overlaps so that no valley lies between may be taken for
//! one cloud; clusters of a few customers among thousands are not seen.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::cloud::Cloud;
use super::reference::Axes;
use super::sampling::repeated;
use super::{Dispersion, Labelling};
use crate::cluster::engine::Settings;
use crate::cluster::kernel::Points;
use crate::cluster::way::Way;
use crate::cluster::{Clusters, Engine, KmeansOptions, Method};
use crate::math::symmetric_eigen;
use crate::types::{Seed, Warning};

/// Customers of the sample that is looked at.
pub const STRUCTURE_CUSTOMERS: usize = 2_000;
/// Reference sets of each kind.
const REFERENCES: usize = 10;
/// Restarts of k-means on the sample and on each reference set, and by how much sooner than the
/// clustering itself they stop: what is left to gain is small beside what references differ by.
const RESTARTS: usize = 2;
const LOOSER: f64 = 10.0;
/// Customers, and customers a cluster, below which no verdict is given.
const LEAST_CUSTOMERS: usize = 100;
const LEAST_A_CLUSTER: usize = 5;
/// Standard errors from which there is structure, and from which it is clear.
const WEAK_FROM: f64 = 3.0;
const CLEAR_FROM: f64 = 6.0;

/// Whether clusters are to be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// No more than in a single cloud: below 3 standard errors.
    None,
    /// More than in a single cloud: from 3 standard errors.
    Weak,
    /// Much more: from 6 standard errors.
    Clear,
}

/// What the harder reference is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reference {
    /// Uniform over a box along the principal axes.
    Uniform,
    /// One unimodal cloud with the skewness and correlations of the features.
    Unimodal,
}

/// The verdict and what it rests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Structure {
    /// `none`, `weak` or `clear`.
    pub verdict: Verdict,
    /// Clusters that were looked for.
    pub k: usize,
    /// Share of the squares that lies within clusters, in [0, 1].
    pub within: f64,
    /// The same in the reference sets: the exponential of their mean logarithm.
    pub within_reference: f64,
    /// ln(within_reference / within) in standard errors.
    pub standard_errors: f64,
    /// The harder of the two kinds of reference sets.
    pub reference: Reference,
    /// Reference sets of each kind.
    pub references: usize,
    /// Customers that were looked at.
    pub customers: usize,
    /// The verdict in a sentence.
    pub sentence: String,
}

impl Structure {
    /// That there is none is to be known.
    pub(crate) fn warning(&self) -> Option<Warning> {
        (self.verdict == Verdict::None).then(|| Warning::new("no_structure", self.sentence.clone()))
    }
}

/// The verdict on `clusters` of `points`; none for a single cluster, for fewer than
/// [`LEAST_CUSTOMERS`] or [`LEAST_A_CLUSTER`] a cluster, and for customers all alike.
pub(crate) fn structure(
    points: Points,
    clusters: &Clusters,
    settings: &Settings,
    seed: Seed,
) -> Option<Structure> {
    let k = clusters.k();
    let rows = repeated(points, STRUCTURE_CUSTOMERS, seed.derive(0, 0));
    if k < 2 || rows.len() < LEAST_CUSTOMERS.max(LEAST_A_CLUSTER * k) {
        return None;
    }
    let mut values = points.gather(&rows);
    if let Clusters::Gmm { covariances, weights, .. } = clusters {
        values = rounded(&values, covariances, weights)?;
    }
    let points = Points::new(&values, points.p);
    let settings = Settings {
        engine: Engine::Segtrail,
        restarts: RESTARTS,
        squared_move: LOOSER * settings.squared_move,
        kmeans: KmeansOptions { swaps: false, ..KmeansOptions::default() },
        ..settings.clone()
    };
    let share = |points: Points, seed: Seed| log_share(points, k, &settings, seed);
    let own = share(points, seed.derive(1, 0))?;
    let (axes, cloud) = (Axes::new(points)?, Cloud::new(points)?);
    let law = axes.moments();
    let drawn: Option<Vec<f64>> = (0..2 * REFERENCES)
        .into_par_iter()
        .with_max_len(1)
        .map(|index| {
            let seed = seed.derive(2, index as u64);
            let values = match index % 2 {
                0 => axes.draw(&law, points.n, seed),
                _ => cloud.draw(points.n, seed),
            };
            share(Points::new(&values, points.p), seed.derive(3, 0))
        })
        .collect();
    let drawn = drawn?;
    let of = |kind: usize| {
        let shares = || drawn.iter().skip(kind).step_by(2);
        let count = REFERENCES as f64;
        let mean = shares().sum::<f64>() / count;
        let variance = shares().map(|share| (share - mean).powi(2)).sum::<f64>() / count;
        (mean, (variance * (1.0 + 1.0 / count)).sqrt())
    };
    let kinds = [(Reference::Uniform, of(0)), (Reference::Unimodal, of(1))];
    let errors = |(mean, error): (f64, f64)| (mean - own) / error.max(f64::MIN_POSITIVE);
    let (reference, figures) = kinds
        .into_iter()
        .reduce(|harder, next| if errors(next.1) < errors(harder.1) { next } else { harder })?;
    Some(told(k, own, (reference, figures.0, errors(figures)), rows.len()))
}

/// The verdict in words.
fn told(
    k: usize,
    own: f64,
    (reference, mean, standard_errors): (Reference, f64, f64),
    customers: usize,
) -> Structure {
    let (within, within_reference) = (own.exp(), mean.exp());
    let verdict = match standard_errors {
        of if of >= CLEAR_FROM => Verdict::Clear,
        of if of >= WEAK_FROM => Verdict::Weak,
        _ => Verdict::None,
    };
    let figures = format!(
        "{:.1} % of the squares lie within {k} clusters, against {:.1} % in data without clusters \
         ({standard_errors:+.1} standard errors)",
        100.0 * within,
        100.0 * within_reference
    );
    let sentence = match verdict {
        Verdict::None => format!(
            "no structure was found: {figures}; the segments divide one cloud of customers, and \
             their borders are a matter of choice"
        ),
        Verdict::Weak => format!("weak structure: {figures}; segments run into one another"),
        Verdict::Clear => format!("clear structure: {figures}"),
    };
    Structure {
        verdict,
        k,
        within,
        within_reference,
        standard_errors,
        reference,
        references: REFERENCES,
        customers,
        sentence,
    }
}

/// ln(W / T) of k-means with k clusters; none where either is 0.
fn log_share(points: Points, k: usize, settings: &Settings, seed: Seed) -> Option<f64> {
    let way = Way { method: Method::Kmeans, settings };
    let (labels, k) = way.labels(points, k, seed)?;
    let within = Dispersion::new(points, Labelling { labels: &labels, k }).within();
    let total = points.total_squares();
    (within > 0.0 && total > 0.0).then(|| (within / total).ln())
}

/// The rows in the coordinates in which the mean covariance of the components is the identity.
fn rounded(values: &[f64], covariances: &[Vec<Vec<f64>>], weights: &[f64]) -> Option<Vec<f64>> {
    let p = covariances.first()?.len();
    let total: f64 = weights.iter().sum();
    let mut mean = vec![vec![0.0; p]; p];
    for (covariance, weight) in covariances.iter().zip(weights) {
        for (sum, value) in mean.iter_mut().flatten().zip(covariance.iter().flatten()) {
            *sum += weight / total * value;
        }
    }
    let eigen = symmetric_eigen(&mean)?;
    let mut rounded = Vec::with_capacity(values.len());
    for row in values.chunks_exact(p) {
        for (variance, axis) in eigen.values.iter().zip(&eigen.vectors) {
            let along: f64 = row.iter().zip(axis).map(|(value, a)| value * a).sum();
            rounded.push(along / variance.max(f64::MIN_POSITIVE).sqrt());
        }
    }
    Some(rounded)
}

#[cfg(test)]
#[path = "structure_tests.rs"]
mod tests;
