//! n x p rows and a partition into k clusters -> a mixture of one common covariance to start from.
//!
//! k-means looks for round clusters. Where all have one elongated shape it cuts them across, and EM
//! with a common covariance does not find its way out. The determinant criterion (Friedman and
//! Rubin, J. Am. Stat. Assoc. 62, 1967) asks for the partition whose pooled within-cluster
//! covariance W has the least determinant: but for the sizes of the clusters that is the likelihood
//! of the partition under a common covariance, and no invertible linear map of the rows changes
//! which is best. A round whitens the rows by the present W and lets k-means, swaps with it, go on
//! from the present means there (as Art, Gnanadesikan and Kettenring, Utilitas Mathematica 21A,
//! 1982, estimate W and distances in turn). That makes tr(W⁻¹ W') less than p, its value at W, and
//! by the inequality of arithmetic and geometric means det W' ≤ det W: no round raises the
//! determinant. Nothing is drawn. A local search: where k-means cuts every group the same way it
//! may stay there. Does not run EM.

use super::EmParams;
use super::cholesky::{inverse_factor, packed_len, packed_row};
use super::density::Mixture;
use super::elementary::ln_of;
use crate::cluster::Covariance;
use crate::cluster::kernel::{Points, map_blocks, map_groups};
use crate::cluster::kmeans::{KmeansRun, Prepared, Stop, refined_from};

/// Rounds at most; most tables need two to five.
const ROUNDS: usize = 10;

/// A partition of rows with what is scattered within its clusters.
struct Partition {
    /// What each of the k clusters weighs, above 0.
    weights: Vec<f64>,
    /// k x p.
    means: Vec<f64>,
    /// Pooled within-cluster covariance W, p x p (divisor: the sum of the weights), the floor added
    /// to its diagonal.
    within: Vec<f64>,
    /// Of W: C⁻¹ packed, where W = C Cᵀ.
    inverse: Vec<f64>,
    /// ln det W.
    log_determinant: f64,
}

/// The mixture of the partition of least determinant that rounds from the clusters of `found` come
/// to; none where they lead nowhere: where no round lowers the determinant, a cluster is empty or W
/// cannot be factored. `stop` is when k-means stops on `points`. With noise no cluster gets too
/// small to span a covariance: it would be one of outliers.
pub(super) fn tied_start(
    points: Points,
    found: &KmeansRun,
    params: EmParams,
    stop: Stop,
) -> Option<Mixture> {
    let k = found.centroids.len() / points.p;
    let first = Partition::of(points, &found.labels, k, params.covariance_floor)?;
    rounds(points, first, params, stop).pop().map(|partition| partition.mixture(points.p))
}

/// The partitions of the rounds after `first`, each of less determinant than the one before. Half
/// of what ln det W falls by is what the mean log-likelihood gains, and ends the rounds where it
/// would end EM.
fn rounds(points: Points, first: Partition, params: EmParams, stop: Stop) -> Vec<Partition> {
    let least = match params.noise {
        true => (points.p + 1) as f64 * (points.total_weight() / points.n as f64).min(1.0),
        false => 0.0,
    };
    let relative = stop.squared_move / points.mean_variance();
    let mut done: Vec<Partition> = Vec::new();
    for _ in 0..ROUNDS {
        let now = done.last().unwrap_or(&first);
        let fall = |next: &Partition| now.log_determinant - next.log_determinant;
        let enough = |next: &Partition| next.weights.iter().all(|weight| *weight >= least);
        let next = now.round(points, relative, stop.max_iterations, params.covariance_floor);
        let Some(next) = next.filter(|next| fall(next) > 0.0 && enough(next)) else { break };
        let last = 0.5 * fall(&next) < params.tolerance;
        done.push(next);
        if last {
            break;
        }
    }
    done
}

impl Partition {
    /// Of the rows by their `labels` (n, below `k`); none where a cluster is empty or W cannot be
    /// factored.
    fn of(points: Points, labels: &[u32], k: usize, floor: f64) -> Option<Self> {
        let p = points.p;
        let width = 1 + p;
        // Sums of all groups together stay below a quarter of the rows' own memory.
        let groups = |len: usize| (points.n * p / (4 * len)).min(256);
        let origin = points.means();
        let parts = map_groups(points.n, groups(k * width), |range| {
            let mut sums = vec![0.0; k * width];
            for (row, at) in points.rows(range.clone()).zip(range) {
                let weight = points.weight(at);
                let label = labels[at] as usize;
                let sums = &mut sums[label * width..(label + 1) * width];
                sums[0] += weight;
                for i in 0..p {
                    sums[1 + i] += weight * (row[i] - origin[i]);
                }
            }
            sums
        });
        let sums = added(&parts, k * width);
        let weights: Vec<f64> = sums.chunks_exact(width).map(|sums| sums[0]).collect();
        if weights.iter().any(|weight| *weight <= 0.0) {
            return None;
        }
        let mean = |sums: &[f64], i: usize| origin[i] + sums[1 + i] / sums[0];
        let means: Vec<f64> =
            sums.chunks_exact(width).flat_map(|sums| (0..p).map(move |i| mean(sums, i))).collect();
        let len = packed_len(p);
        let parts = map_groups(points.n, groups(len), |range| {
            let mut sums = vec![0.0; len];
            let mut centred = vec![0.0; p];
            for (row, at) in points.rows(range.clone()).zip(range) {
                let weight = points.weight(at);
                let mean = &means[labels[at] as usize * p..];
                for i in 0..p {
                    centred[i] = row[i] - mean[i];
                    let weighted = weight * centred[i];
                    for j in 0..=i {
                        sums[packed_row(i) + j] += weighted * centred[j];
                    }
                }
            }
            sums
        });
        let sums = added(&parts, len);
        let total: f64 = weights.iter().sum();
        let mut within = vec![0.0; p * p];
        for i in 0..p {
            for j in 0..=i {
                let value = sums[packed_row(i) + j] / total + if i == j { floor } else { 0.0 };
                within[i * p + j] = value;
                within[j * p + i] = value;
            }
        }
        let inverse = inverse_factor(&within, p)?;
        let log_determinant = -2.0 * (0..p).map(|i| ln_of(inverse[packed_row(i) + i])).sum::<f64>();
        Some(Self { weights, means, within, inverse, log_determinant })
    }

    /// What k-means makes of it where its W is the identity, at rest when squared moves sum to no
    /// more than `relative` times the mean variance there; none where that has no clusters to
    /// compare.
    fn round(&self, points: Points, relative: f64, most: usize, floor: f64) -> Option<Self> {
        let origin = points.means();
        let rows = self.whitened(points.values, &origin);
        let whitened = Points::new(&rows, points.p).weighted(points.weights);
        let squared_move = relative * whitened.mean_variance();
        if !squared_move.is_finite() {
            return None;
        }
        let means = self.whitened(&self.means, &origin);
        let stop = Stop { max_iterations: most, squared_move };
        let run = refined_from(&Prepared::new(whitened), means, stop);
        Self::of(points, &run.labels, self.weights.len(), floor)
    }

    /// C⁻¹ (x - origin) for each row x of `values`: there W is the identity.
    fn whitened(&self, values: &[f64], origin: &[f64]) -> Vec<f64> {
        let p = origin.len();
        let parts = map_blocks(values.len() / p, |range| {
            let mut rows = Vec::with_capacity(range.len() * p);
            let mut centred = vec![0.0; p];
            for row in values[range.start * p..range.end * p].chunks_exact(p) {
                for i in 0..p {
                    centred[i] = row[i] - origin[i];
                    let factors = &self.inverse[packed_row(i)..=packed_row(i) + i];
                    rows.push(factors.iter().zip(&centred).map(|(f, c)| f * c).sum::<f64>());
                }
            }
            rows
        });
        parts.concat()
    }

    /// Its clusters as components.
    fn mixture(self, p: usize) -> Mixture {
        let k = self.weights.len();
        let mut mixture = Mixture {
            p,
            weights: self.weights,
            means: self.means,
            covariances: self.within.repeat(k),
            covariance: Covariance::Tied,
            noise: None,
        };
        mixture.normalise_weights();
        mixture
    }
}

/// The sum of `parts`, in their order.
fn added(parts: &[Vec<f64>], len: usize) -> Vec<f64> {
    let mut sums = vec![0.0; len];
    for part in parts {
        sums.iter_mut().zip(part).for_each(|(total, sum)| *total += sum);
    }
    sums
}

#[cfg(test)]
#[path = "tied_start_tests.rs"]
mod tests;
