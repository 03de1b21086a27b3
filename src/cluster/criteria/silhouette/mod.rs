//! n x p rows and several labellings of them -> the mean silhouette of each, over all rows or over
//! a stratified sample with a confidence interval.
//!
//! Rousseeuw (J. Comput. Appl. Math. 20, 1987): s = (b - a) / max(a, b) with a the mean distance
//! to the other members of one's cluster and b the smallest mean distance to another cluster; 0
//! for a member alone in its cluster. A row's silhouette is always computed against all rows: a
//! sample says whose silhouettes are averaged, not whom they are compared with, so that the mean
//! is without bias and its interval means what it says.
//!
//! Weights are repetitions: a row of weight 2 is two members at distance 0 of each other.
//!
//! Memory beyond the data is one more copy of them in another order, and [`AT_ONCE`] rows of scores or,
//! where the means are over all rows, the n scores of each labelling: nothing of n x n or n x k is held.

mod kernel;
mod sample;

use std::ops::Range;

use rayon::prelude::*;

use self::kernel::{Cells, TILE};
use self::sample::{Sample, draw};
use crate::cluster::kernel::Points;
use crate::cluster::select::SilhouetteRows;
use crate::types::Seed;

/// Customers up to which the silhouette is averaged over all of them unless it is configured.
pub const EXACT_CUSTOMERS: usize = 20_000;
/// Customers of the sample beyond that, at most; fewer where each has to be compared with many.
pub const SAMPLED_CUSTOMERS: usize = 10_000;
/// Customers of the sample at least.
const LEAST_CUSTOMERS: usize = 1_000;
/// Distances that an automatic sample may cost.
const DISTANCES: usize = 2_000_000_000;

/// Rows whose scores are held at once.
const AT_ONCE: usize = 8_192;

/// One labelling: n cluster indices below k.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Labelling<'a> {
    /// n cluster indices.
    pub labels: &'a [u32],
    /// Number of clusters.
    pub k: usize,
}

/// The mean silhouette of one labelling.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Silhouette {
    /// The mean, or its estimate from the sample.
    pub mean: f64,
    /// 95 % confidence interval; none where the mean is over all rows.
    pub interval: Option<[f64; 2]>,
    /// Mean by cluster, or its estimate.
    pub clusters: Vec<f64>,
    /// Rows that were averaged over.
    pub rows: usize,
    /// Of each row, where the mean is over all of them; empty where it is over a sample.
    pub scores: Vec<f64>,
}

/// Rows that are averaged over when there are `n`: all of them, or a sample of this size.
pub(crate) fn sample_size(n: usize, rows: SilhouetteRows) -> Option<usize> {
    match rows {
        SilhouetteRows::Exact => None,
        SilhouetteRows::Auto if n <= EXACT_CUSTOMERS => None,
        SilhouetteRows::Auto => Some((DISTANCES / n).clamp(LEAST_CUSTOMERS, SAMPLED_CUSTOMERS)),
        SilhouetteRows::Sample(size) => (size < n).then_some(size),
    }
}

/// Mean silhouettes of `labellings` of `points`, none for one with fewer than two clusters or with
/// a cluster without a member; `seed` places the sample, where there is one.
///
/// The distances, which cost n p for each row averaged over, are computed once for all
/// labellings: rows stand in the order of their labels under all of them, so that rows alike
/// under every labelling stand together (a cell), and distances are summed by cell before cells
/// are summed by cluster.
pub(crate) fn mean_silhouettes(
    points: Points,
    labellings: &[Labelling],
    rows: SilhouetteRows,
    seed: Seed,
) -> Vec<Option<Silhouette>> {
    let order = joint_order(points.n, labellings);
    let cells = Cells::new(points, &order, labellings);
    match sample_size(points.n, rows) {
        None => exact(&cells, &order, labellings),
        Some(size) => {
            let sample = draw(points, &order, labellings, size, seed);
            estimated(&cells, &sample, labellings)
        }
    }
}

/// Rows in the order of their labels under all labellings, then of their index, by counting sorts
/// from the last labelling to the first.
fn joint_order(n: usize, labellings: &[Labelling]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..n as u32).collect();
    let mut next = vec![0; n];
    for labelling in labellings.iter().rev() {
        let mut starts = vec![0usize; labelling.k + 1];
        labelling.labels.iter().for_each(|&label| starts[label as usize + 1] += 1);
        for index in 0..labelling.k {
            starts[index + 1] += starts[index];
        }
        for &row in &order {
            let start = &mut starts[labelling.labels[row as usize] as usize];
            next[*start] = row;
            *start += 1;
        }
        std::mem::swap(&mut order, &mut next);
    }
    order
}

/// The means over all rows.
fn exact(cells: &Cells, order: &[u32], labellings: &[Labelling]) -> Vec<Option<Silhouette>> {
    let mut sums: Vec<Vec<f64>> = labellings.iter().map(|of| vec![0.0; of.k]).collect();
    let mut of_rows = vec![vec![0.0; order.len()]; labellings.len()];
    for targets in order.chunks(AT_ONCE) {
        let scores = scores(cells, targets, labellings);
        for (&row, scores) in targets.iter().zip(scores.chunks_exact(labellings.len().max(1))) {
            let row = row as usize;
            for (at, (sums, labelling)) in sums.iter_mut().zip(labellings).enumerate() {
                sums[labelling.labels[row] as usize] += cells.points.weight(row) * scores[at];
                of_rows[at][row] = scores[at];
            }
        }
    }
    let total = cells.points.total_weight();
    let of = |(at, (sums, scores)): (usize, (Vec<f64>, Vec<f64>))| {
        let sizes = cells.sizes(at);
        (sizes.len() > 1 && !sizes.contains(&0.0)).then(|| Silhouette {
            mean: sums.iter().sum::<f64>() / total,
            interval: None,
            clusters: sums.iter().zip(sizes).map(|(sum, size)| sum / size).collect(),
            rows: order.len(),
            scores,
        })
    };
    sums.into_iter().zip(of_rows).enumerate().map(of).collect()
}

/// The means estimated from a sample.
fn estimated(cells: &Cells, sample: &Sample, labellings: &[Labelling]) -> Vec<Option<Silhouette>> {
    let width = labellings.len();
    let scores = scores(cells, &sample.rows, labellings);
    (0..width)
        .map(|at| {
            let sizes = cells.sizes(at);
            if sizes.len() < 2 || sizes.contains(&0.0) {
                return None;
            }
            let of = |drawn: usize| scores[drawn * width + at];
            Some(sample.estimate(at, labellings[at].labels, sizes, of))
        })
        .collect()
}

/// The silhouettes of the rows `targets` under every labelling, row after row.
fn scores(cells: &Cells, targets: &[u32], labellings: &[Labelling]) -> Vec<f64> {
    let width = labellings.len();
    let mut scores = vec![0.0; targets.len() * width];
    if width == 0 {
        return scores;
    }
    scores
        .par_chunks_mut(TILE * width)
        .zip(targets.par_chunks(TILE))
        .with_max_len(1)
        .for_each_init(
            || cells.sums(),
            |sums, (scores, targets)| {
                cells.sum(targets, sums);
                for (lane, (&row, scores)) in
                    targets.iter().zip(scores.chunks_exact_mut(width)).enumerate()
                {
                    for (at, score) in scores.iter_mut().enumerate() {
                        let own = labellings[at].labels[row as usize] as usize;
                        let clusters: Range<usize> = cells.clusters(at);
                        *score = silhouette(own, &sums[clusters], lane, cells.sizes(at));
                    }
                }
            },
        );
    scores
}

/// The silhouette of one row (a lane of `sums`) from its sums of distances by cluster, its own 0
/// included.
fn silhouette(own: usize, sums: &[[f64; TILE]], lane: usize, sizes: &[f64]) -> f64 {
    if sizes[own] <= 1.0 {
        return 0.0;
    }
    let inside = sums[own][lane] / (sizes[own] - 1.0);
    let mut outside = f64::INFINITY;
    for (index, (sum, &size)) in sums.iter().zip(sizes).enumerate() {
        if index != own && size > 0.0 {
            outside = outside.min(sum[lane] / size);
        }
    }
    let largest = inside.max(outside);
    if largest > 0.0 && largest.is_finite() { (outside - inside) / largest } else { 0.0 }
}

#[cfg(test)]
mod tests;
