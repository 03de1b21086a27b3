//! Rows in the order of their labels -> a sample stratified by the clusters of every labelling at
//! once, and the mean over each labelling that it estimates, with its interval.
//!
//! Systematic along the joint order, so that each cluster of each labelling gets its share.
//! Estimate and variance are those of stratified sampling with the clusters as strata (Cochran,
//! Sampling Techniques, 3rd edition 1977, equations (5.1) and (5.13)), conservative for a
//! systematic draw from an order in which like rows stand together. A cluster with fewer than two
//! rows in the sample has a draw of its own, used for the labelling it belongs to alone.

use super::{Labelling, Silhouette};
use crate::cluster::criteria::sampling::{spread, start};
use crate::cluster::kernel::Points;
use crate::types::Seed;

/// Rows drawn from a cluster that the sample hardly reaches, or all of a smaller one.
const FROM_SMALL: usize = 8;
/// 97.5 % quantile of the standard normal distribution.
const NORMAL_975: f64 = 1.959_963_984_540_054;

/// The rows of a sample.
pub(super) struct Sample {
    /// Row indices: the common draw, then those of small clusters.
    pub rows: Vec<u32>,
    /// Length of the common draw.
    common: usize,
    /// Labelling, cluster, and where in `rows` the draw from it stands.
    small: Vec<(usize, u32, std::ops::Range<usize>)>,
}

/// A sample of about `size` of the rows in joint `order`.
pub(super) fn draw(
    points: Points,
    order: &[u32],
    labellings: &[Labelling],
    size: usize,
    seed: Seed,
) -> Sample {
    let mut rows = spread(points, order, size, start(seed));
    let common = rows.len();
    let mut small = Vec::new();
    for (at, labelling) in labellings.iter().enumerate() {
        let mut counts = vec![0usize; labelling.k];
        rows[..common].iter().for_each(|&row| counts[labelling.labels[row as usize] as usize] += 1);
        for (cluster, _) in counts.iter().enumerate().filter(|(_, count)| **count < 2) {
            let cluster = cluster as u32;
            let of = |row: &u32| labelling.labels[*row as usize] == cluster;
            let members: Vec<u32> = order.iter().copied().filter(of).collect();
            let begin = rows.len();
            rows.extend(spread(points, &members, FROM_SMALL, 0.5));
            small.push((at, cluster, begin..rows.len()));
        }
    }
    Sample { rows, common, small }
}

impl Sample {
    /// The estimate for labelling `at`, whose clusters have `sizes`, from the silhouette `of` each
    /// row drawn.
    pub fn estimate(
        &self,
        at: usize,
        labels: &[u32],
        sizes: &[f64],
        of: impl Fn(usize) -> f64,
    ) -> Silhouette {
        let mut drawn: Vec<Vec<f64>> = vec![Vec::new(); sizes.len()];
        for index in 0..self.common {
            drawn[labels[self.rows[index] as usize] as usize].push(of(index));
        }
        for (_, cluster, range) in self.small.iter().filter(|(labelling, ..)| *labelling == at) {
            drawn[*cluster as usize] = range.clone().map(&of).collect();
        }
        let total: f64 = sizes.iter().sum();
        let (mut mean, mut variance) = (0.0, 0.0);
        let mut clusters = Vec::with_capacity(sizes.len());
        for (scores, &size) in drawn.iter().zip(sizes) {
            let (share, m) = (size / total, scores.len() as f64);
            let within = scores.iter().sum::<f64>() / m;
            mean += share * within;
            clusters.push(within);
            if scores.len() > 1 {
                let squares: f64 = scores.iter().map(|score| (score - within).powi(2)).sum();
                let left = (1.0 - m / size).max(0.0);
                variance += share * share * left * squares / ((m - 1.0) * m);
            }
        }
        let half = NORMAL_975 * variance.sqrt();
        let interval = [(mean - half).max(-1.0), (mean + half).min(1.0)];
        let rows = drawn.iter().map(Vec::len).sum();
        Silhouette { mean, interval: Some(interval), clusters, rows, scores: Vec::new() }
    }
}
