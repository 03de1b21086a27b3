//! n x p rows and k starting centroids -> k centroids at rest, by Lloyd's iteration.
//!
//! Lloyd (IEEE Trans. Inf. Theory 28, 1982) with the bounds of Hamerly (SDM 2010): a row whose
//! upper bound on the distance to its centroid is below the lower bound on that to any other is
//! not looked at. The bounds carry a margin for rounding, so that the result is that of the
//! plain iteration. A cluster left empty takes the row farthest from its centroid. A tie goes to
//! the lowest index. Does not choose the start or the number of clusters.

mod seeding;

use self::seeding::kmeans_plus_plus;
use super::kernel::{BLOCK, Packed, Points, each_block, map_blocks, squared_distance};
use crate::types::Seed;

/// Relative margin by which a bound must hold before a row is skipped: far above what rounding
/// can add up to, far below what changes the work.
const MARGIN: f64 = 1e-9;

/// When the iteration stops.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop {
    /// Iterations at most.
    pub max_iterations: usize,
    /// Sum over centroids of the squared move at or below which they are at rest.
    pub squared_move: f64,
}

/// One run from one start.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KmeansRun {
    /// k x p coordinates.
    pub centroids: Vec<f64>,
    /// Sum of squared distances to the nearest centroid.
    pub inertia: f64,
    /// Iterations made.
    pub iterations: usize,
    /// Whether the centroids came to rest.
    pub converged: bool,
}

/// What is kept for the rows of a block between iterations.
struct Block {
    start: usize,
    labels: Vec<u32>,
    /// At least the distance to the row's centroid.
    upper: Vec<f64>,
    /// At most the distance to any other centroid.
    lower: Vec<f64>,
    /// k x p sums and k counts of the rows by label.
    sums: Vec<f64>,
    counts: Vec<usize>,
    changed: bool,
}

/// One run from a k-means++ start.
pub(crate) fn run(points: Points, k: usize, stop: Stop, seed: Seed) -> KmeansRun {
    lloyd(points, kmeans_plus_plus(points, k, seed), stop)
}

/// One run from `centroids` (k x p values).
pub(crate) fn lloyd(points: Points, mut centroids: Vec<f64>, stop: Stop) -> KmeansRun {
    let (n, p) = (points.n, points.p);
    let k = centroids.len() / p;
    let mut blocks = first_assignment(points, &centroids);
    let mut iterations = 0;
    let mut converged = false;
    while iterations < stop.max_iterations {
        iterations += 1;
        let means = means(points, &mut blocks, &centroids);
        let moves: Vec<f64> = means
            .chunks_exact(p)
            .zip(centroids.chunks_exact(p))
            .map(|(new, old)| squared_distance(new, old))
            .collect();
        centroids = means;
        if moves.iter().sum::<f64>() <= stop.squared_move {
            converged = true;
            break;
        }
        if iterations == stop.max_iterations {
            break;
        }
        let moves: Vec<f64> = moves.into_iter().map(f64::sqrt).collect();
        let drift = Drift::new(&centroids, &moves, k, p);
        let packed = Packed::new(&centroids, p);
        each_block(n, &mut blocks, |block| reassign(points, block, &centroids, &packed, &drift));
    }
    let inertia = inertia(points, &centroids);
    KmeansRun { centroids, inertia, iterations, converged }
}

/// Sum over the rows of the squared distance to the nearest of the centroids (k x p values).
pub(crate) fn inertia(points: Points, centroids: &[f64]) -> f64 {
    let packed = Packed::new(centroids, points.p);
    let sums = map_blocks(points.n, |range| {
        let mut buffer = packed.buffer();
        points.rows(range).map(|row| packed.nearest(row, &mut buffer).squared).sum::<f64>()
    });
    sums.iter().sum()
}

/// Sum over the centroids of the squared move that one more iteration would make.
pub(crate) fn squared_move(points: Points, centroids: &[f64]) -> f64 {
    let mut blocks = first_assignment(points, centroids);
    squared_distance(&means(points, &mut blocks, centroids), centroids)
}

/// Every row to its nearest centroid, with exact bounds.
fn first_assignment(points: Points, centroids: &[f64]) -> Vec<Block> {
    let packed = Packed::new(centroids, points.p);
    map_blocks(points.n, |range| {
        let rows = range.len();
        let mut block = Block {
            start: range.start,
            labels: Vec::with_capacity(rows),
            upper: Vec::with_capacity(rows),
            lower: Vec::with_capacity(rows),
            sums: vec![0.0; centroids.len()],
            counts: vec![0; centroids.len() / points.p],
            changed: true,
        };
        let mut buffer = packed.buffer();
        for row in points.rows(range) {
            let nearest = packed.nearest(row, &mut buffer);
            block.labels.push(nearest.index as u32);
            block.upper.push(nearest.squared.sqrt());
            block.lower.push(nearest.second.sqrt());
        }
        block
    })
}

/// The means of the clusters (k x p values), empty ones filled.
fn means(points: Points, blocks: &mut [Block], centroids: &[f64]) -> Vec<f64> {
    let p = points.p;
    each_block(points.n, blocks, |block| {
        // A block in which no row changed its cluster would give the same sums.
        if block.changed {
            sum_by_label(points, block);
            block.changed = false;
        }
    });
    let (mut sums, mut counts) = totals(blocks);
    while let Some(empty) = counts.iter().position(|&count| count == 0) {
        let Some((row, squared)) = farthest(points, blocks, &counts, centroids) else { break };
        if squared <= 0.0 {
            break;
        }
        let block = &mut blocks[row / BLOCK];
        let within = row - block.start;
        block.labels[within] = empty as u32;
        block.upper[within] = f64::INFINITY;
        block.lower[within] = 0.0;
        sum_by_label(points, block);
        (sums, counts) = totals(blocks);
    }
    for ((mean, &count), centroid) in
        sums.chunks_exact_mut(p).zip(&counts).zip(centroids.chunks_exact(p))
    {
        if count == 0 {
            mean.copy_from_slice(centroid);
        } else {
            mean.iter_mut().for_each(|value| *value /= count as f64);
        }
    }
    sums
}

/// Sums and counts of the rows of one block by label.
fn sum_by_label(points: Points, block: &mut Block) {
    let p = points.p;
    block.sums.fill(0.0);
    block.counts.fill(0);
    let rows = points.rows(block.start..block.start + block.labels.len());
    for (row, &label) in rows.zip(&block.labels) {
        let label = label as usize;
        block.counts[label] += 1;
        for (sum, value) in block.sums[label * p..(label + 1) * p].iter_mut().zip(row) {
            *sum += value;
        }
    }
}

/// Sums and counts over the blocks, in block order.
fn totals(blocks: &[Block]) -> (Vec<f64>, Vec<usize>) {
    let mut sums = vec![0.0; blocks[0].sums.len()];
    let mut counts = vec![0; blocks[0].counts.len()];
    for block in blocks {
        sums.iter_mut().zip(&block.sums).for_each(|(total, sum)| *total += sum);
        counts.iter_mut().zip(&block.counts).for_each(|(total, count)| *total += count);
    }
    (sums, counts)
}

/// The row farthest from its centroid among clusters with more than one, the lowest of equals.
fn farthest(
    points: Points,
    blocks: &[Block],
    counts: &[usize],
    centroids: &[f64],
) -> Option<(usize, f64)> {
    let mut best: Option<(usize, f64)> = None;
    for block in blocks {
        for (within, &label) in block.labels.iter().enumerate() {
            let (row, label) = (block.start + within, label as usize);
            // A row moved into an empty cluster in this round is already a cluster of its own.
            if counts[label] < 2 {
                continue;
            }
            let centroid = &centroids[label * points.p..(label + 1) * points.p];
            let squared = squared_distance(points.row(row), centroid);
            if best.is_none_or(|(_, highest)| squared > highest) {
                best = Some((row, squared));
            }
        }
    }
    best
}

/// What an update of the centroids does to the bounds.
struct Drift {
    /// How far each centroid moved.
    moves: Vec<f64>,
    /// Index of the centroid that moved farthest, how far, and how far the next one moved.
    farthest: usize,
    longest: f64,
    second: f64,
    /// Half the distance of each centroid to the nearest other one.
    half_gaps: Vec<f64>,
}

impl Drift {
    fn new(centroids: &[f64], moves: &[f64], k: usize, p: usize) -> Self {
        let mut drift = Self {
            moves: moves.to_vec(),
            farthest: 0,
            longest: 0.0,
            second: 0.0,
            half_gaps: vec![f64::INFINITY; k],
        };
        for (index, &moved) in moves.iter().enumerate() {
            if moved > drift.longest {
                drift.second = drift.longest;
                (drift.farthest, drift.longest) = (index, moved);
            } else if moved > drift.second {
                drift.second = moved;
            }
        }
        for (a, first) in centroids.chunks_exact(p).enumerate() {
            for (b, second) in centroids.chunks_exact(p).enumerate().take(a) {
                let half = 0.5 * squared_distance(first, second).sqrt();
                drift.half_gaps[a] = drift.half_gaps[a].min(half);
                drift.half_gaps[b] = drift.half_gaps[b].min(half);
            }
        }
        drift
    }
}

/// The rows of one block to their nearest centroids, skipping those whose bounds allow it.
fn reassign(points: Points, block: &mut Block, centroids: &[f64], packed: &Packed, drift: &Drift) {
    let p = points.p;
    let mut buffer = packed.buffer();
    let rows = points.rows(block.start..block.start + block.labels.len());
    let state = block.labels.iter_mut().zip(&mut block.upper).zip(&mut block.lower);
    for (row, ((label, upper), lower)) in rows.zip(state) {
        let own = *label as usize;
        *upper += drift.moves[own];
        *lower -= if own == drift.farthest { drift.second } else { drift.longest };
        let bound = lower.max(drift.half_gaps[own]) * (1.0 - MARGIN);
        if *upper < bound {
            continue;
        }
        *upper = squared_distance(row, &centroids[own * p..(own + 1) * p]).sqrt();
        if *upper < bound {
            continue;
        }
        let nearest = packed.nearest(row, &mut buffer);
        *upper = nearest.squared.sqrt();
        *lower = nearest.second.sqrt();
        if nearest.index != own {
            *label = nearest.index as u32;
            block.changed = true;
        }
    }
}

#[cfg(test)]
mod tests;
