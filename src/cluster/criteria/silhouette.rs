//! n x p rows and several labellings of them -> the mean silhouette of each.
//!
//! Rousseeuw (J. Comput. Appl. Math. 20, 1987): s = (b - a) / max(a, b) with a the mean distance
//! to the other members of one's cluster and b the smallest mean distance to another cluster; 0
//! for a member alone in its cluster. Exact up to [`EXACT_CUSTOMERS`] rows.
//!
//! The distances, which cost n² p, are computed once for all labellings: rows are put in the
//! order of their labels under all of them, so that rows alike under every labelling stand
//! together (a cell), and each row's distances are summed by cell before cells are summed by
//! cluster. Beyond the exact bound a systematic sample of that order is taken, which is
//! stratified by the clusters of every labelling at once.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use crate::cluster::kernel::Points;
use crate::types::Seed;

/// Customers up to which the silhouette is computed on all of them.
pub const EXACT_CUSTOMERS: usize = 20_000;
/// Customers of the sample beyond that.
pub const SAMPLED_CUSTOMERS: usize = 10_000;

/// Rows of one parallel task; the scores of a row do not depend on it.
const TASK_ROWS: usize = 32;

/// Mean silhouettes.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Silhouettes {
    /// By labelling; none for a single cluster or where a cluster has no sampled member.
    pub means: Vec<Option<f64>>,
    /// By labelling and cluster, the mean over the cluster's sampled members; none for a single
    /// cluster and for one that has none.
    pub clusters: Vec<Vec<Option<f64>>>,
    /// Rows they were computed on.
    pub rows: usize,
}

/// One labelling: n cluster indices below k.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Labelling<'a> {
    /// n cluster indices.
    pub labels: &'a [u32],
    /// Number of clusters.
    pub k: usize,
}

/// Runs of rows with the same labels under every labelling.
struct Cell {
    /// One past its last position.
    end: usize,
    /// One label a labelling.
    labels: Vec<u32>,
}

/// Mean silhouettes of `labellings` of `points`; `seed` places the sample, where there is one.
pub(crate) fn mean_silhouettes(
    points: Points,
    labellings: &[Labelling],
    seed: Seed,
) -> Silhouettes {
    let order = sample(joint_order(points.n, labellings), seed);
    let m = order.len();
    let cells = cells(&order, labellings);
    let columns: Vec<Vec<f64>> = (0..points.p)
        .map(|feature| order.iter().map(|&row| points.row(row)[feature]).collect())
        .collect();
    let sizes: Vec<Vec<usize>> = labellings
        .iter()
        .map(|labelling| {
            let mut sizes = vec![0; labelling.k];
            order.iter().for_each(|&row| sizes[labelling.labels[row] as usize] += 1);
            sizes
        })
        .collect();
    let width = labellings.len();
    let mut scores = vec![0.0; m * width];
    scores.par_chunks_mut(TASK_ROWS * width.max(1)).enumerate().for_each(|(task, scores)| {
        let mut distances = vec![0.0; m];
        let mut sums: Vec<Vec<f64>> = sizes.iter().map(|sizes| vec![0.0; sizes.len()]).collect();
        for (within, scores) in scores.chunks_exact_mut(width).enumerate() {
            let position = task * TASK_ROWS + within;
            distances_from(position, &columns, &mut distances);
            sum_by_cluster(&cells, &distances, &mut sums);
            for (at, score) in scores.iter_mut().enumerate() {
                let own = labellings[at].labels[order[position]] as usize;
                *score = silhouette(own, &sums[at], &sizes[at]);
            }
        }
    });
    let means = (0..width)
        .map(|at| {
            if labellings[at].k < 2 || sizes[at].contains(&0) {
                return None;
            }
            Some(scores.iter().skip(at).step_by(width).sum::<f64>() / m as f64)
        })
        .collect();
    let clusters = (0..width)
        .map(|at| {
            let mut sums = vec![0.0; labellings[at].k];
            for (&row, score) in order.iter().zip(scores.iter().skip(at).step_by(width)) {
                sums[labellings[at].labels[row] as usize] += score;
            }
            let mean = |(sum, &size): (f64, &usize)| {
                (sizes[at].len() > 1 && size > 0).then(|| sum / size as f64)
            };
            sums.into_iter().zip(&sizes[at]).map(mean).collect()
        })
        .collect();
    Silhouettes { means, clusters, rows: m }
}

/// Rows in the order of their labels under all labellings, then of their index.
fn joint_order(n: usize, labellings: &[Labelling]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    order.par_sort_by(|&a, &b| {
        labellings
            .iter()
            .map(|labelling| labelling.labels[a].cmp(&labelling.labels[b]))
            .find(|ordering| ordering.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    order
}

/// All of a short order; of a long one, [`SAMPLED_CUSTOMERS`].
fn sample(order: Vec<usize>, seed: Seed) -> Vec<usize> {
    if order.len() <= EXACT_CUSTOMERS {
        return order;
    }
    systematic(order.len(), SAMPLED_CUSTOMERS, seed).into_iter().map(|at| order[at]).collect()
}

/// A systematic sample of 0..n, ascending: `size` positions at even steps from a random start,
/// or all of them when n is no larger.
pub(crate) fn systematic(n: usize, size: usize, seed: Seed) -> Vec<usize> {
    if n <= size {
        return (0..n).collect();
    }
    let start: f64 = Xoshiro256PlusPlus::seed_from_u64(seed.0).r#gen();
    let step = n as f64 / size as f64;
    (0..size).map(|i| (((i as f64 + start) * step) as usize).min(n - 1)).collect()
}

fn cells(order: &[usize], labellings: &[Labelling]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    for (position, &row) in order.iter().enumerate() {
        let labels = labellings.iter().map(|labelling| labelling.labels[row]);
        match cells.last_mut() {
            Some(cell) if cell.labels.iter().copied().eq(labels.clone()) => cell.end = position + 1,
            _ => cells.push(Cell { end: position + 1, labels: labels.collect() }),
        }
    }
    cells
}

/// Euclidean distances of the row at `position` to all, from p columns of m values.
fn distances_from(position: usize, columns: &[Vec<f64>], distances: &mut [f64]) {
    const LANES: usize = 8;
    let row: Vec<f64> = columns.iter().map(|column| column[position]).collect();
    let whole = distances.len() / LANES * LANES;
    for start in (0..whole).step_by(LANES) {
        let mut sums = [0.0; LANES];
        for (column, value) in columns.iter().zip(&row) {
            let others = &column[start..start + LANES];
            for lane in 0..LANES {
                let difference = value - others[lane];
                sums[lane] += difference * difference;
            }
        }
        for (distance, sum) in distances[start..start + LANES].iter_mut().zip(sums) {
            *distance = sum.sqrt();
        }
    }
    for at in whole..distances.len() {
        let squared: f64 =
            columns.iter().zip(&row).map(|(column, value)| (value - column[at]).powi(2)).sum();
        distances[at] = squared.sqrt();
    }
}

/// Sums of distances by cluster of every labelling.
fn sum_by_cluster(cells: &[Cell], distances: &[f64], sums: &mut [Vec<f64>]) {
    sums.iter_mut().for_each(|sums| sums.fill(0.0));
    let mut start = 0;
    for cell in cells {
        let mut lanes = [0.0; 4];
        let chunks = distances[start..cell.end].chunks_exact(4);
        let rest: f64 = chunks.remainder().iter().sum();
        for chunk in chunks {
            for lane in 0..4 {
                lanes[lane] += chunk[lane];
            }
        }
        let total = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3]) + rest;
        for (sums, &label) in sums.iter_mut().zip(&cell.labels) {
            sums[label as usize] += total;
        }
        start = cell.end;
    }
}

/// The silhouette of one row from its sums of distances by cluster (its own 0 included).
fn silhouette(own: usize, sums: &[f64], sizes: &[usize]) -> f64 {
    if sizes[own] < 2 {
        return 0.0;
    }
    let inside = sums[own] / (sizes[own] - 1) as f64;
    let outside = sums
        .iter()
        .zip(sizes)
        .enumerate()
        .filter(|&(index, (_, &size))| index != own && size > 0)
        .map(|(_, (sum, &size))| sum / size as f64)
        .fold(f64::INFINITY, f64::min);
    let largest = inside.max(outside);
    if largest > 0.0 && largest.is_finite() { (outside - inside) / largest } else { 0.0 }
}

#[cfg(test)]
#[path = "silhouette_tests.rs"]
mod tests;
