//! A fitted clustering and bounds on the sizes -> one with fewer or more clusters that keeps them.
//!
//! The smallest cluster that is too small joins the one whose union with it costs least: by Ward
//! (J. Am. Stat. Assoc. 58, 1963) w_a w_b / (w_a + w_b) times the squared distance of the means is what
//! the sum of squared distances grows by, w being what the rows weigh together. A cluster that is too large is split in two by k-means
//! within it (bisecting; Steinbach, Karypis and Kumar, KDD workshop on text mining, 2000). After each
//! step the model is refitted from there, so that every row is in the nearest cluster again, and
//! sizes are looked at anew. Ties go to the lower index.

use super::params::{Merged, Sizes};
use crate::cluster::assign::Assigned;
use crate::cluster::canonical::settle;
use crate::cluster::engine::{Settings, fit, refit};
use crate::cluster::kernel::{Points, squared_distance};
use crate::cluster::kmeans::Prepared;
use crate::cluster::{ClusterError, Clusters, Covariance, Method};
use crate::types::Seed;

/// Steps beyond one merge or split for each cluster there can be.
const SPARE_STEPS: usize = 32;

/// Clusters within the bounds.
#[derive(Clone, Debug)]
pub(super) struct MergedClusters {
    pub clusters: Clusters,
    pub assigned: Assigned,
    pub merged: Vec<Merged>,
    /// Rows of each cluster that was split.
    pub split: Vec<usize>,
    /// Of the last refit; none where nothing was done.
    pub refitted: Option<(usize, bool)>,
}

/// Merges and splits until `sizes` hold.
///
/// # Errors
///
/// [`ClusterError::BoundsNotMet`] where no order of steps led there.
pub(super) fn merge(
    points: Points,
    clusters: Clusters,
    assigned: Assigned,
    sizes: Sizes,
    settings: &Settings,
    seed: Seed,
) -> Result<MergedClusters, ClusterError> {
    let most = clusters.k() + sizes.ks(points.n).start() + SPARE_STEPS;
    let mut now =
        MergedClusters { clusters, assigned, merged: vec![], split: vec![], refitted: None };
    for step in 0..=2 * most as u64 {
        let counts = counts(&now.assigned.assignments.cluster, now.clusters.k());
        let small = (0..counts.len()).filter(|&a| counts[a] < sizes.lowest);
        let large = (0..counts.len()).filter(|&a| counts[a] > sizes.highest);
        let next = if let Some(small) = small.min_by_key(|&a| counts[a])
            && counts.len() > 1
        {
            let masses = masses(points, &now.assigned.assignments.cluster, counts.len());
            let with = partner(&now.clusters, &counts, &masses, small, sizes);
            now.merged.push(Merged { customers: counts[small], with: counts[with] });
            now.clusters.merged(small, with, [masses[small], masses[with]])
        } else if let Some(large) = large.max_by_key(|&a| (counts[a], std::cmp::Reverse(a))) {
            now.split.push(counts[large]);
            let rows = members(&now.assigned.assignments.cluster, large);
            match halves(points, &rows, settings, seed.derive(0, step)) {
                Some(halves) => split(&now.clusters, large, halves),
                None => break,
            }
        } else {
            return Ok(now);
        };
        let method = next.method();
        let raw = refit(points, &next, settings)
            .map_err(|reason| ClusterError::EngineFailed { method, reason })?;
        let (clusters, assigned) =
            settle(points, raw.clusters).ok_or(ClusterError::UnusableModel)?;
        now = MergedClusters {
            clusters,
            assigned,
            refitted: Some((raw.iterations, raw.converged)),
            ..now
        };
    }
    Err(ClusterError::BoundsNotMet { lowest: sizes.lowest, highest: sizes.highest })
}

/// Rows of each of k clusters.
pub(super) fn counts(labels: &[u32], k: usize) -> Vec<usize> {
    let mut counts = vec![0; k];
    labels.iter().for_each(|&label| counts[label as usize] += 1);
    counts
}

fn members(labels: &[u32], cluster: usize) -> Vec<usize> {
    (0..labels.len()).filter(|&row| labels[row] as usize == cluster).collect()
}

/// What the rows of each of k clusters weigh together.
fn masses(points: Points, labels: &[u32], k: usize) -> Vec<f64> {
    let mut masses = vec![0.0; k];
    for (row, &label) in labels.iter().enumerate() {
        masses[label as usize] += points.weight(row);
    }
    masses
}

/// The cluster whose union with `small` costs least, among those whose union is not too large
/// where there is one.
fn partner(
    clusters: &Clusters,
    counts: &[usize],
    masses: &[f64],
    small: usize,
    sizes: Sizes,
) -> usize {
    let centres = clusters.centres();
    let cost = |other: usize| {
        let (a, b) = (masses[small], masses[other]);
        a * b / (a + b) * squared_distance(&centres[small], &centres[other])
    };
    let too_large = |other: usize| counts[small] + counts[other] > sizes.highest;
    (0..counts.len())
        .filter(|&other| other != small)
        .map(|other| (too_large(other), cost(other), other))
        .reduce(|best, next| {
            let nearer = next.0.cmp(&best.0).then(next.1.total_cmp(&best.1));
            if nearer.is_lt() { next } else { best }
        })
        .map_or(small, |(.., other)| other)
}

/// The two centroids that k-means finds in `rows`; none where all are alike.
fn halves(
    points: Points,
    rows: &[usize],
    settings: &Settings,
    seed: Seed,
) -> Option<[Vec<f64>; 2]> {
    let values = points.gather(rows);
    let weights = points.gather_weights(rows);
    let within = Points::new(&values, points.p).weighted(weights.as_deref());
    if within.distinct_up_to(2) < 2 {
        return None;
    }
    let found = fit(&Prepared::new(within), Method::Kmeans, 2, settings, seed).ok()?;
    let mut centres = found.clusters.centres().to_vec();
    let (second, first) = (centres.pop()?, centres.pop()?);
    Some([first, second])
}

/// `clusters` with `halves` in the place of `large`.
fn split(clusters: &Clusters, large: usize, halves: [Vec<f64>; 2]) -> Clusters {
    let [first, second] = halves;
    let mut centroids = clusters.centres().to_vec();
    centroids[large] = first;
    centroids.push(second);
    Clusters::Kmeans { centroids, inertia: 0.0 }
}

impl Clusters {
    /// The same with clusters `a` and `b`, whose rows weigh `masses`, made one: the centroid of all
    /// their rows, or the component with the weight, mean and covariance of the two together, in the
    /// shape that covariances have.
    fn merged(&self, a: usize, b: usize, masses: [f64; 2]) -> Clusters {
        let mut merged = self.clone();
        let mean = |of: &[Vec<f64>], [first, second]: [f64; 2]| -> Vec<f64> {
            let share = first / (first + second);
            of[a].iter().zip(&of[b]).map(|(x, y)| share * x + (1.0 - share) * y).collect()
        };
        match &mut merged {
            Clusters::Kmeans { centroids, .. } => {
                centroids[a] = mean(centroids, masses);
                centroids.remove(b);
            }
            Clusters::Gmm { weights, means, covariances, covariance, .. } => {
                let shares = [weights[a], weights[b]];
                let centre = mean(means, shares);
                let share = shares[0] / (shares[0] + shares[1]);
                let about = |component: usize, i: usize, j: usize| {
                    let off = |i: usize| means[component][i] - centre[i];
                    covariances[component][i][j] + off(i) * off(j)
                };
                let together = |i, j| share * about(a, i, j) + (1.0 - share) * about(b, i, j);
                let p = centre.len();
                let variance = (0..p).map(|i| together(i, i)).sum::<f64>() / p as f64;
                let entry = |i: usize, j: usize| match covariance {
                    Covariance::Full => together(i, j),
                    Covariance::Tied => covariances[a][i][j],
                    Covariance::Diagonal if i == j => together(i, j),
                    Covariance::Spherical if i == j => variance,
                    Covariance::Diagonal | Covariance::Spherical => 0.0,
                };
                covariances[a] = (0..p).map(|i| (0..p).map(|j| entry(i, j)).collect()).collect();
                means[a] = centre;
                weights[a] = shares[0] + shares[1];
                weights.remove(b);
                means.remove(b);
                covariances.remove(b);
            }
        }
        merged
    }
}
