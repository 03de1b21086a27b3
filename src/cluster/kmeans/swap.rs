//! k centroids at rest -> k centroids at rest with less inertia, by moving centroids to where they
//! are missing.
//!
//! Lloyd's iteration moves no centroid across an empty region, so that a start with two centroids in
//! one group and one on two groups stays so. Swap-based refinement (Fränti, Efficiency of random
//! swap clustering, J. Big Data 5:13, 2018) takes one centroid away and puts it elsewhere. Here both
//! are chosen, not drawn: the centroid of the smallest removal cost (its rows moved to their
//! second-nearest centroid, as in Fränti and Kivijärvi, Pattern Anal. Appl. 3, 2000) goes to the
//! cluster that gains most from being split in two across its longest axis (the split of Boley,
//! Principal direction divisive partitioning, 1998). A swap that Lloyd's iteration does not end
//! below the inertia before is undone, and after [`FAILURES`] in a row the centroids stay. Swaps
//! with clusters of their own, disjoint from each other, are first tried together.

use std::ops::Range;

use fearless_simd::dispatch;

use super::lloyd::{Prepared, lloyd};
use super::{KmeansRun, Stop};
use crate::cluster::kernel::{
    NearestTwo, Points, ROWS, each_group, level, map_ranges, rows_for, squared_distance,
};

/// Swaps that gain nothing, one after the other, after which the centroids stay.
const FAILURES: usize = 3;
/// Gains, relative to the inertia, too small to count.
const LEAST_GAIN: f64 = 1e-9;
/// Part of a removal's cost that the expected gain of a split must reach for a swap to be tried:
/// both are estimates before the other centroids have answered.
const PROMISE: f64 = 0.7;
/// Steps of the power iteration towards a cluster's longest axis.
const POWER_STEPS: usize = 4;

/// `run` with swaps until none helps.
pub(crate) fn refine(prepared: &Prepared, mut run: KmeansRun, stop: Stop) -> KmeansRun {
    let p = prepared.points.p;
    let k = run.centroids.len() / p;
    let mut failures = 0;
    let mut tried: Vec<(usize, usize)> = Vec::new();
    let mut together = true;
    while k > 1 && failures < FAILURES {
        let scene = Scene::new(prepared, &run);
        let swaps = scene.swaps(&tried, if together { k } else { 1 });
        if swaps.is_empty() {
            break;
        }
        let mut centroids = run.centroids.clone();
        for swap in &swaps {
            let halves = &scene.halves[swap.to];
            centroids[swap.to * p..(swap.to + 1) * p].copy_from_slice(&halves.first);
            centroids[swap.from * p..(swap.from + 1) * p].copy_from_slice(&halves.second);
        }
        let next = lloyd(prepared, centroids, stop);
        if next.inertia < run.inertia * (1.0 - LEAST_GAIN) {
            let iterations = run.iterations + next.iterations;
            run = KmeansRun { iterations, ..next };
            failures = 0;
            tried.clear();
            together = true;
        } else if swaps.len() > 1 {
            together = false;
        } else {
            tried.push((swaps[0].from, swaps[0].to));
            failures += 1;
        }
    }
    run
}

/// One centroid to be moved into another's cluster.
#[derive(Clone, Copy, Debug)]
struct Swap {
    from: usize,
    to: usize,
}

/// The means of the two halves of a cluster.
struct Halves {
    first: Vec<f64>,
    second: Vec<f64>,
    gain: f64,
}

/// What moving each centroid would cost, and what splitting each cluster would gain.
struct Scene {
    costs: Vec<f64>,
    /// The centroid nearest to each, which takes over most of what it has.
    heirs: Vec<usize>,
    halves: Vec<Halves>,
}

impl Scene {
    fn new(prepared: &Prepared, run: &KmeansRun) -> Self {
        let points = prepared.points;
        let k = run.centroids.len() / points.p;
        let axes = longest_axes(points, run, k);
        Self {
            costs: removal_costs(points, run, k),
            heirs: nearest_others(&run.centroids, points.p),
            halves: halves(points, run, &axes, k),
        }
    }

    /// The most promising swaps, at most `most`, no cluster in two of them.
    fn swaps(&self, tried: &[(usize, usize)], most: usize) -> Vec<Swap> {
        let k = self.costs.len();
        let mut cheap: Vec<usize> = (0..k).collect();
        cheap.sort_by(|&a, &b| self.costs[a].total_cmp(&self.costs[b]).then(a.cmp(&b)));
        let mut rich: Vec<usize> = (0..k).collect();
        let gain = |cluster: usize| self.halves[cluster].gain;
        rich.sort_by(|&a, &b| gain(b).total_cmp(&gain(a)).then(a.cmp(&b)));
        let mut used = vec![false; k];
        let mut swaps = Vec::new();
        for &to in &rich {
            if swaps.len() >= most {
                break;
            }
            if used[to] || gain(to) <= 0.0 {
                continue;
            }
            let fits = |from: usize| {
                let heir = self.heirs[from];
                from != to
                    && heir != to
                    && !used[from]
                    && !used[heir]
                    && !tried.contains(&(from, to))
            };
            let Some(from) = cheap.iter().copied().find(|&from| fits(from)) else { continue };
            if gain(to) < PROMISE * self.costs[from] {
                break;
            }
            used[to] = true;
            used[from] = true;
            used[self.heirs[from]] = true;
            swaps.push(Swap { from, to });
        }
        swaps
    }
}

/// By cluster, what the inertia grows by when its rows go to their second-nearest centroid.
fn removal_costs(points: Points, run: &KmeansRun, k: usize) -> Vec<f64> {
    by_cluster(points, k, 1, |costs, range| {
        dispatch!(level(), _simd => removals(points, &run.centroids, range, costs));
    })
}

/// [`removal_costs`] of the rows of `range`, added to `costs`.
#[inline(always)]
fn removals(points: Points, centroids: &[f64], range: Range<usize>, costs: &mut [f64]) {
    let mut squares = vec![[0.0; ROWS]; costs.len()];
    each_group(
        points,
        range,
        #[inline(always)]
        |start, count, values| {
            let nearest = NearestTwo::of(values, centroids, &mut squares);
            for at in 0..count {
                let cost = points.weight(start + at) * (nearest.second[at] - nearest.squared[at]);
                costs[nearest.index[at] as usize] += cost;
            }
        },
    );
}

/// The nearest other centroid of each.
fn nearest_others(centroids: &[f64], p: usize) -> Vec<usize> {
    let k = centroids.len() / p;
    let row = |index: usize| &centroids[index * p..(index + 1) * p];
    (0..k)
        .map(|own| {
            (0..k)
                .filter(|&other| other != own)
                .map(|other| (squared_distance(row(own), row(other)), other))
                .fold((f64::INFINITY, own), |best, next| if next.0 < best.0 { next } else { best })
                .1
        })
        .collect()
}

/// By cluster a vector of p along which its rows spread most, by power iteration from the feature
/// in which they do.
fn longest_axes(points: Points, run: &KmeansRun, k: usize) -> Vec<f64> {
    let p = points.p;
    let spread = by_cluster(points, k, p, |spread, range| {
        for_rows(points, run, range, |weight, row, centroid, cluster| {
            let spread = &mut spread[cluster * p..(cluster + 1) * p];
            for ((sum, value), mean) in spread.iter_mut().zip(row).zip(centroid) {
                *sum += weight * (value - mean) * (value - mean);
            }
        });
    });
    let mut axes = vec![0.0; k * p];
    for (axis, spread) in axes.chunks_exact_mut(p).zip(spread.chunks_exact(p)) {
        let widest =
            (1..p).fold(0, |best, next| if spread[next] > spread[best] { next } else { best });
        axis[widest] = 1.0;
    }
    for _ in 0..if p > 1 { POWER_STEPS } else { 0 } {
        let mut next = by_cluster(points, k, p, |next, range| {
            for_rows(points, run, range, |weight, row, centroid, cluster| {
                let place = cluster * p..(cluster + 1) * p;
                let along = weight * along(row, centroid, &axes[place.clone()]);
                for ((sum, value), mean) in next[place].iter_mut().zip(row).zip(centroid) {
                    *sum += along * (value - mean);
                }
            });
        });
        for (next, axis) in next.chunks_exact_mut(p).zip(axes.chunks_exact(p)) {
            let length = next.iter().map(|value| value * value).sum::<f64>().sqrt();
            if length > 0.0 && length.is_finite() {
                next.iter_mut().for_each(|value| *value /= length);
            } else {
                next.copy_from_slice(axis);
            }
        }
        axes = next;
    }
    axes
}

/// (row - centroid) · axis.
#[inline]
fn along(row: &[f64], centroid: &[f64], axis: &[f64]) -> f64 {
    row.iter().zip(centroid).zip(axis).map(|((value, mean), axis)| (value - mean) * axis).sum()
}

/// The means of the rows of each cluster on either side of its centroid along its axis; the gain is
/// the inertia between the two, w₁ w₂ / (w₁ + w₂) |m₁ - m₂|².
fn halves(points: Points, run: &KmeansRun, axes: &[f64], k: usize) -> Vec<Halves> {
    let p = points.p;
    // Two sides, each a weight and p sums.
    let width = 2 * (p + 1);
    let sums = by_cluster(points, k, width, |sums, range| {
        for_rows(points, run, range, |weight, row, centroid, cluster| {
            let side = along(row, centroid, &axes[cluster * p..(cluster + 1) * p]) > 0.0;
            let start = cluster * width + usize::from(side) * (p + 1);
            sums[start] += weight;
            for (sum, value) in sums[start + 1..start + 1 + p].iter_mut().zip(row) {
                *sum += weight * value;
            }
        });
    });
    sums.chunks_exact(width)
        .map(|sums| {
            let (low, high) = sums.split_at(p + 1);
            let mean = |side: &[f64]| side[1..].iter().map(|sum| sum / side[0]).collect::<Vec<_>>();
            let (first, second) = (mean(low), mean(high));
            let both = low[0] * high[0] / (low[0] + high[0]);
            let gain = if low[0] > 0.0 && high[0] > 0.0 {
                both * squared_distance(&first, &second)
            } else {
                0.0
            };
            Halves { first, second, gain }
        })
        .collect()
}

/// Calls `work` with weight, values, centroid and cluster of the rows of `range`.
#[inline]
fn for_rows(
    points: Points,
    run: &KmeansRun,
    range: Range<usize>,
    mut work: impl FnMut(f64, &[f64], &[f64], usize),
) {
    let p = points.p;
    for (row, index) in points.rows(range.clone()).zip(range) {
        let cluster = run.labels[index] as usize;
        work(points.weight(index), row, &run.centroids[cluster * p..(cluster + 1) * p], cluster);
    }
}

/// `width` sums for each of k clusters, added up in the order of the rows' blocks.
fn by_cluster(
    points: Points,
    k: usize,
    width: usize,
    work: impl Fn(&mut [f64], Range<usize>) + Sync,
) -> Vec<f64> {
    let parts = map_ranges(points.n, rows_for(k), |range| {
        let mut sums = vec![0.0; k * width];
        work(&mut sums, range);
        sums
    });
    let mut total = vec![0.0; k * width];
    for part in parts {
        total.iter_mut().zip(part).for_each(|(total, sum)| *total += sum);
    }
    total
}
