//! A clustered month (n x p rows, k clusters) -> per cluster whom to interview and whom to check.
//!
//! The medoid and the members nearest to the centre are typical; the members of the smallest
//! margin stand on the border with the neighbour that comes second; the score of `outliers` flags
//! those who are far out in their own cluster, with the features that put them there. Distances
//! are those of the model (`geometry`), but for the medoid, which is that of plain distances in
//! the clustered space. Rows may have weights: one of weight 2 counts like two equal rows in sums and
//! quantiles, and is listed and counted once. Ties go to the lowest row, which is the smallest customer. A pass over all
//! rows and, for each cluster, some hundred passes over its members for the medoid.

mod cells;
mod geometry;
mod medoid;
mod outliers;
mod tangent;

use rayon::prelude::*;

pub(in crate::cluster) use self::geometry::Geometry;
use self::medoid::medoid;
use super::kernel::{Points, map_blocks};
use super::{Assignments, ClusterError, Clusters, FeatureMatrix, FittedFeature, Model};

pub use self::medoid::EXACT_MEMBERS;
pub use self::outliers::{OUTLIER_ABOVE, SCORED_FROM};

/// Customers listed for a cluster at most: as typical, on the border, as outliers.
pub const LISTED: usize = 10;

/// Features named for an outlier at most.
pub const LISTED_FEATURES: usize = 3;

/// Part of an outlier's squared distance from which a feature is named.
const NAMED_FROM: f64 = 0.1;

/// Distances that all medoids take together before those of large clusters are left unproven.
const MEDOID_DISTANCES: u64 = 1 << 27;

/// Whom to interview and whom to check, and how far out everybody is.
#[derive(Clone, Debug, PartialEq)]
pub struct Representatives {
    /// By cluster.
    pub clusters: Vec<ClusterRepresentatives>,
    /// n scores, about normal in a Gaussian cluster; NaN in clusters of fewer than
    /// [`SCORED_FROM`]. Above [`OUTLIER_ABOVE`] a customer is flagged.
    pub outlier_scores: Vec<f64>,
}

/// Rows of the matrix that stand for one cluster, or stand out of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClusterRepresentatives {
    /// The member with the smallest sum of distances to the others; none for an empty cluster.
    pub medoid: Option<Medoid>,
    /// At most [`LISTED`] members, nearest to the centre first.
    pub typical: Vec<Typical>,
    /// At most [`LISTED`] members with a margin below 1, smallest first; nobody who is noise
    /// rather than a member.
    pub border: Vec<Border>,
    /// How many members are flagged; none where there are too few to have a score.
    pub flagged: Option<usize>,
    /// At most [`LISTED`] of the flagged, furthest out first.
    pub outliers: Vec<Outlier>,
}

/// The medoid of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Medoid {
    /// Its row.
    pub row: usize,
    /// Whether it is proven: always for up to [`EXACT_MEMBERS`] members. Otherwise it is the best
    /// of the most central ones.
    pub exact: bool,
}

/// A member near the centre of its cluster.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Typical {
    /// Its row.
    pub row: usize,
    /// How far from the centre: Euclidean, of a mixture Mahalanobis.
    pub distance: f64,
}

/// A member that might as well belong to another cluster.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Border {
    /// Its row.
    pub row: usize,
    /// The cluster that comes second.
    pub neighbour: usize,
}

/// A member far out of its cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlier {
    /// Its row.
    pub row: usize,
    /// Above [`OUTLIER_ABOVE`].
    pub score: f64,
    /// At most [`LISTED_FEATURES`] features that make up most of the squared distance, each with
    /// its part of it: a tenth and more. Of a mixture, parts of other features may be negative.
    pub features: Vec<(String, f64)>,
}

/// Finds whom to interview and whom to check in each cluster of `model`, given the n rows of
/// `matrix`, what each counts (finite and above 0; once where there are no weights) and where they
/// belong. O(n p) and the medoids.
///
/// # Errors
///
/// [`ClusterError::UnusableModel`] when a covariance of a mixture cannot be factored.
///
/// # Panics
///
/// When `assignments` or weights are not of the rows of `matrix`, or `assignments` name a cluster
/// that `model` has not.
pub fn representatives(
    matrix: &FeatureMatrix,
    weights: Option<&[f64]>,
    model: &Model,
    assignments: &Assignments,
) -> Result<Representatives, ClusterError> {
    let points = matrix.points().weighted(weights);
    assert_eq!(points.n, assignments.cluster.len(), "an assignment for each row");
    assert!(weights.is_none_or(|weights| weights.len() == points.n), "a weight for each row");
    let geometry = Geometry::new(&model.clusters).ok_or(ClusterError::UnusableModel)?;
    let squared = map_blocks(points.n, |rows| {
        let cluster = |row: usize| assignments.cluster[row] as usize;
        rows.map(|row| geometry.squared(points.row(row), cluster(row))).collect::<Vec<f64>>()
    })
    .concat();
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); model.clusters.k()];
    for (row, &cluster) in assignments.cluster.iter().enumerate() {
        members[cluster as usize].push(row);
    }
    let question = Question {
        points,
        geometry,
        squared: &squared,
        assignments,
        scale: match &model.clusters {
            Clusters::Kmeans { .. } => points.mean_variance() * points.p as f64,
            Clusters::Gmm { .. } => points.p as f64,
        },
        columns: columns(&model.features),
    };
    let found: Vec<_> = members
        .par_iter()
        .enumerate()
        .map(|(cluster, members)| question.cluster(cluster, members))
        .collect();
    let mut outlier_scores = vec![f64::NAN; points.n];
    let mut clusters = Vec::with_capacity(found.len());
    for ((found, scores), members) in found.into_iter().zip(&members) {
        for (&row, score) in members.iter().zip(scores.into_iter().flatten()) {
            outlier_scores[row] = score;
        }
        clusters.push(found);
    }
    Ok(Representatives { clusters, outlier_scores })
}

/// The name of the feature that each column of the matrix belongs to.
fn columns(features: &[FittedFeature]) -> Vec<&str> {
    let each = |feature| std::iter::repeat_n(FittedFeature::name(feature), feature.columns().len());
    features.iter().flat_map(each).collect()
}

/// What is asked of every cluster.
struct Question<'a> {
    points: Points<'a>,
    geometry: Geometry<'a>,
    /// Of each row to its own cluster.
    squared: &'a [f64],
    assignments: &'a Assignments,
    scale: f64,
    columns: Vec<&'a str>,
}

impl Question<'_> {
    /// The representatives of a cluster and the scores of its members, where they have any.
    fn cluster(
        &self,
        cluster: usize,
        members: &[usize],
    ) -> (ClusterRepresentatives, Option<Vec<f64>>) {
        if members.is_empty() {
            return Default::default();
        }
        let typical = lowest(members.iter().map(|&row| (self.squared[row], row)));
        let Assignments { membership, margin, noise, .. } = self.assignments;
        let is_noise = |row: usize| noise.get(row).is_some_and(|noise| *noise > membership[row]);
        let border = members.iter().map(|&row| (margin[row], row));
        let border = lowest(border.filter(|&(margin, row)| margin < 1.0 && !is_noise(row)));
        let neighbour = |(_, row): (f64, usize)| {
            let neighbour = self.geometry.runner_up(self.points.row(row), cluster)?;
            Some(Border { row, neighbour })
        };
        let squared: Vec<f64> = members.iter().map(|&row| self.squared[row]).collect();
        let weights = self.points.gather_weights(members);
        let scores = outliers::scores(&squared, weights.as_deref(), self.scale);
        let of_members = || members.iter().zip(scores.iter().flatten());
        let flagged = || of_members().filter(|(_, score)| **score > OUTLIER_ABOVE);
        let outliers = lowest(flagged().map(|(&row, score)| (-score, row)));
        let found = ClusterRepresentatives {
            medoid: Some(self.medoid(members, weights.as_deref())),
            typical: typical
                .into_iter()
                .map(|(squared, row)| Typical { row, distance: squared.sqrt() })
                .collect(),
            border: border.into_iter().filter_map(neighbour).collect(),
            flagged: scores.as_ref().map(|_| flagged().count()),
            outliers: outliers
                .into_iter()
                .map(|(score, row)| Outlier {
                    row,
                    score: -score,
                    features: self.features(row, cluster),
                })
                .collect(),
        };
        (found, scores)
    }

    /// A cluster's part of the distances goes by its part of the rows.
    fn medoid(&self, members: &[usize], weights: Option<&[f64]>) -> Medoid {
        let share = members.len() as f64 / self.points.n as f64;
        let budget = (MEDOID_DISTANCES as f64 * share) as u64;
        let found = medoid(self.points.gather(members), weights, self.points.p, budget);
        Medoid { row: members[found.index], exact: found.exact }
    }

    /// The features that put `row` far out of `cluster`, largest part first.
    fn features(&self, row: usize, cluster: usize) -> Vec<(String, f64)> {
        let row_squared = self.squared[row];
        let mut parts: Vec<(&str, f64)> = Vec::new();
        let contributions = self.geometry.contributions(self.points.row(row), cluster);
        for (&name, contribution) in self.columns.iter().zip(contributions) {
            // The columns of a feature stand together.
            match parts.last_mut().filter(|(last, _)| *last == name) {
                Some((_, part)) => *part += contribution / row_squared,
                None => parts.push((name, contribution / row_squared)),
            }
        }
        parts.retain(|(_, part)| *part >= NAMED_FROM);
        parts.sort_by(|a, b| b.1.total_cmp(&a.1));
        parts.truncate(LISTED_FEATURES);
        parts.into_iter().map(|(name, part)| (name.to_owned(), part)).collect()
    }
}

/// The [`LISTED`] lowest of `scored` rows, ascending, ties by the lower row.
fn lowest(scored: impl Iterator<Item = (f64, usize)>) -> Vec<(f64, usize)> {
    let mut best: Vec<(f64, usize)> = Vec::with_capacity(LISTED + 1);
    for (score, row) in scored {
        if best.len() == LISTED && best[LISTED - 1].0.total_cmp(&score).is_le() {
            continue;
        }
        // Rows come in ascending order: one goes behind its equals.
        let place = best.partition_point(|other| other.0.total_cmp(&score).is_le());
        best.insert(place, (score, row));
        best.truncate(LISTED);
    }
    best
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
