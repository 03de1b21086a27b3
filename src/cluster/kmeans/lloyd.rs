//! n x p rows and k starting centroids -> k centroids at rest, by Lloyd's iteration.
//!
//! Lloyd (IEEE Trans. Inf. Theory 28, 1982). Two things save work and change nothing: the bounds of
//! Hamerly (SDM 2010), by which most rows are not looked at, and the screen of single precision
//! ([`Screen`]), by which most others are decided. What neither decides is computed in double
//! precision, a tie going to the lowest index: labels and centroids are those of the plain
//! iteration. With few centroids the bounds cost more than they save and are left out. A cluster
//! left empty takes the row farthest from its centroid.

use std::ops::Range;

use super::bounds::Drift;
use super::{KmeansRun, Stop};
use crate::cluster::kernel::{
    Frame, Nearby, Nearest, Packed, Points, Screen, TILE, Tile, down, each_block, map_ranges,
    rows_for, squared_distance, tiles, up,
};

/// Multiplications and comparisons of a row's screening up to which bounds cost more than they save,
/// and every row is looked at in every iteration.
const UNBOUNDED: usize = 2_400;
/// Comparisons of one centroid, in multiplications.
const COMPARISONS: usize = 5;
/// Values up to which the tiles of all rows are kept: 4 MiB.
const KEPT_VALUES: usize = 1 << 20;

/// The rows with what every run on them shares.
#[derive(Debug)]
pub(crate) struct Prepared<'a> {
    pub points: Points<'a>,
    frame: Frame,
    /// All tiles, where they are few.
    tiles: Vec<Tile>,
}

impl<'a> Prepared<'a> {
    /// Prepares `points`.
    pub fn new(points: Points<'a>) -> Self {
        let frame = Frame::new(points);
        let keep = points.n * points.p <= KEPT_VALUES;
        let tiles = if keep { tiles(points, &frame) } else { Vec::new() };
        Self { points, frame, tiles }
    }
}

/// What is kept for the rows of a block between iterations.
struct Block {
    start: usize,
    labels: Vec<u32>,
    /// At least the distance to the row's centroid; empty where bounds are left out.
    upper: Vec<f32>,
    /// At most the distance to any other centroid; empty likewise.
    lower: Vec<f32>,
    /// k x p weighted sums, k weights and k counts of the rows by label.
    sums: Vec<f64>,
    weights: Vec<f64>,
    counts: Vec<u32>,
    changed: bool,
}

/// The centroids of one iteration, packed for both precisions.
struct Targets {
    screen: Screen,
    packed: Packed,
}

impl Targets {
    fn new(centroids: &[f64], prepared: &Prepared) -> Self {
        let p = prepared.points.p;
        let screen = Screen::new(centroids, p, &prepared.frame);
        Self { screen, packed: Packed::new(centroids, p) }
    }
}

/// One run from `centroids` (k x p values).
pub(crate) fn lloyd(prepared: &Prepared, mut centroids: Vec<f64>, stop: Stop) -> KmeansRun {
    let points = prepared.points;
    let (n, p) = (points.n, points.p);
    let k = centroids.len() / p;
    let mut blocks = blocks(n, p, k);
    assign(prepared, &mut blocks, &centroids, None);
    let mut iterations = 0;
    let mut converged = false;
    while iterations < stop.max_iterations && !converged {
        iterations += 1;
        let means = means(points, &mut blocks, &centroids);
        let moves: Vec<f64> = means
            .chunks_exact(p)
            .zip(centroids.chunks_exact(p))
            .map(|(new, old)| squared_distance(new, old))
            .collect();
        centroids = means;
        converged = moves.iter().sum::<f64>() <= stop.squared_move;
        let drift = Drift::new(&centroids, &moves, p, &prepared.frame);
        // The last assignment is the one that is returned.
        if !drift.none() {
            assign(prepared, &mut blocks, &centroids, Some(&drift));
        }
    }
    let inertia = own_squares(points, &blocks, &centroids);
    let labels = blocks.into_iter().flat_map(|block| block.labels).collect();
    KmeansRun { centroids, labels, inertia, iterations, converged }
}

/// Every row to the nearest of `centroids` (k x p values): its label, and the inertia.
pub(crate) fn nearest_labels(prepared: &Prepared, centroids: &[f64]) -> (Vec<u32>, f64) {
    let points = prepared.points;
    let mut blocks = blocks(points.n, points.p, centroids.len() / points.p);
    assign(prepared, &mut blocks, centroids, None);
    let inertia = own_squares(points, &blocks, centroids);
    (blocks.into_iter().flat_map(|block| block.labels).collect(), inertia)
}

/// Sum over the centroids of the squared move that one more iteration would make.
pub(crate) fn squared_move(prepared: &Prepared, centroids: &[f64]) -> f64 {
    let points = prepared.points;
    let mut blocks = blocks(points.n, points.p, centroids.len() / points.p);
    assign(prepared, &mut blocks, centroids, None);
    squared_distance(&means(points, &mut blocks, centroids), centroids)
}

fn blocks(n: usize, p: usize, k: usize) -> Vec<Block> {
    map_ranges(n, rows_for(k), |range| {
        let rows = range.len();
        let bounds = if k * (p + COMPARISONS) > UNBOUNDED { rows } else { 0 };
        Block {
            start: range.start,
            labels: vec![0; rows],
            upper: vec![f32::INFINITY; bounds],
            lower: vec![0.0; bounds],
            sums: vec![0.0; k * p],
            weights: vec![0.0; k],
            counts: vec![0; k],
            changed: true,
        }
    })
}

/// Every row to its nearest centroid; `drift` is what happened to the centroids since the bounds
/// were set, none where there are no bounds yet.
fn assign(prepared: &Prepared, blocks: &mut [Block], centroids: &[f64], drift: Option<&Drift>) {
    let targets = Targets::new(centroids, prepared);
    each_block(prepared.points.n, blocks, |block| {
        let mut judge = Judge::new(prepared, &targets);
        let rows = block.labels.len();
        match drift {
            Some(drift) if !block.upper.is_empty() => {
                let beyond = beyond_bounds(prepared, block, centroids, drift);
                for rows in beyond.chunks(TILE) {
                    judge.gather(rows, block);
                }
            }
            _ if prepared.tiles.is_empty() => {
                for start in (0..rows).step_by(TILE) {
                    judge.stretch(start..(start + TILE).min(rows), block);
                }
            }
            _ => {
                let tiles = &prepared.tiles[block.start / TILE..];
                for (tile, start) in tiles.iter().zip((0..rows).step_by(TILE)) {
                    judge.judge(tile, start..(start + TILE).min(rows), block);
                }
            }
        }
        if block.changed {
            sum_by_label(prepared.points, block);
            block.changed = false;
        }
    });
}

/// The rows of a block that neither the bounds moved by `drift` nor the distance to the own centroid
/// keep where they are. Lists grow without branches, which could not be predicted.
fn beyond_bounds(
    prepared: &Prepared,
    block: &mut Block,
    centroids: &[f64],
    drift: &Drift,
) -> Vec<u32> {
    let points = prepared.points;
    let rows = block.labels.len();
    let mut beyond = vec![0_u32; rows];
    let mut count = 0;
    let state = block.labels.iter().zip(&mut block.upper).zip(&mut block.lower);
    for (within, ((&label, upper), lower)) in state.enumerate() {
        drift.widen(label as usize, upper, lower);
        beyond[count] = within as u32;
        count += usize::from(!drift.holds(label as usize, *upper, *lower));
    }
    let first = count;
    count = 0;
    for at in 0..first {
        let within = beyond[at];
        let place = within as usize;
        let own = block.labels[place] as usize;
        let centroid = &centroids[own * points.p..(own + 1) * points.p];
        let squared = squared_distance(points.row(block.start + place), centroid);
        let upper = up((squared.sqrt() * prepared.frame.scale) as f32);
        block.upper[place] = upper;
        beyond[count] = within;
        count += usize::from(!drift.holds(own, upper, block.lower[place]));
    }
    beyond.truncate(count);
    beyond
}

/// Finds the nearest centroids of the rows of a tile.
struct Judge<'a> {
    prepared: &'a Prepared<'a>,
    targets: &'a Targets,
    /// Filled anew with rows whose tiles are not kept, by way of `values`.
    tile: Tile,
    values: Vec<f32>,
    nearby: Nearby,
    buffer: Vec<f64>,
}

impl<'a> Judge<'a> {
    fn new(prepared: &'a Prepared, targets: &'a Targets) -> Self {
        let p = prepared.points.p;
        Self {
            prepared,
            targets,
            tile: Tile::new(p),
            values: Tile::buffer(p),
            nearby: Nearby::new(),
            buffer: targets.packed.buffer(),
        }
    }

    /// Rows of the block one after the other, at most a tile of them.
    fn stretch(&mut self, rows: Range<usize>, block: &mut Block) {
        let values = self.prepared.points.rows(block.start + rows.start..block.start + rows.end);
        let mut tile = std::mem::replace(&mut self.tile, Tile::new(0));
        tile.fill(values, &self.prepared.frame, &mut self.values);
        self.judge(&tile, rows, block);
        self.tile = tile;
    }

    /// Rows of the block from here and there, at most a tile of them.
    fn gather(&mut self, rows: &[u32], block: &mut Block) {
        let points = self.prepared.points;
        let values = rows.iter().map(|&within| points.row(block.start + within as usize));
        let mut tile = std::mem::replace(&mut self.tile, Tile::new(0));
        tile.fill(values, &self.prepared.frame, &mut self.values);
        self.judge(&tile, rows.iter().map(|&within| within as usize), block);
        self.tile = tile;
    }

    /// `rows` are those of the tile, as rows of the block.
    #[inline]
    fn judge(&mut self, tile: &Tile, rows: impl Iterator<Item = usize>, block: &mut Block) {
        let Targets { screen, .. } = self.targets;
        screen.search(tile, &mut self.nearby);
        if block.upper.is_empty() {
            let mut changed = false;
            for (at, within) in rows.enumerate() {
                let (mut index, certain) = screen.nearest(&self.nearby, tile, at);
                if !certain {
                    index = self.exact(block.start + within).index as u32;
                }
                changed |= block.labels[within] != index;
                block.labels[within] = index;
            }
            block.changed |= changed;
            return;
        }
        for (at, within) in rows.enumerate() {
            let (index, upper, lower) = match screen.sighting(&self.nearby, tile, at) {
                Some(sighting) => (sighting.index, sighting.upper, sighting.lower),
                None => {
                    let nearest = self.exact(block.start + within);
                    let scaled = |squared: f64| (squared.sqrt() * self.prepared.frame.scale) as f32;
                    (nearest.index, up(scaled(nearest.squared)), down(scaled(nearest.second)))
                }
            };
            block.changed |= block.labels[within] != index as u32;
            block.labels[within] = index as u32;
            (block.upper[within], block.lower[within]) = (upper, lower);
        }
    }

    /// The nearest centroid of a row in double precision.
    #[cold]
    fn exact(&mut self, row: usize) -> Nearest {
        self.targets.packed.nearest(self.prepared.points.row(row), &mut self.buffer)
    }
}

/// The means of the clusters (k x p values), empty ones filled.
fn means(points: Points, blocks: &mut [Block], centroids: &[f64]) -> Vec<f64> {
    let mut totals = Totals::of(blocks);
    while let Some(empty) = totals.counts.iter().position(|&count| count == 0) {
        let found = farthest(points, blocks, &totals.counts, centroids);
        let Some((row, _)) = found.filter(|&(_, squared)| squared > 0.0) else { break };
        let block = &mut blocks[row / rows_for(totals.counts.len())];
        let within = row - block.start;
        block.labels[within] = empty as u32;
        if let (Some(upper), Some(lower)) =
            (block.upper.get_mut(within), block.lower.get_mut(within))
        {
            (*upper, *lower) = (f32::INFINITY, 0.0);
        }
        sum_by_label(points, block);
        totals = Totals::of(blocks);
    }
    let Totals { mut sums, weights, counts } = totals;
    let rows = sums.chunks_exact_mut(points.p).zip(centroids.chunks_exact(points.p));
    for ((mean, centroid), (&weight, &count)) in rows.zip(weights.iter().zip(&counts)) {
        if count == 0 {
            mean.copy_from_slice(centroid);
        } else {
            mean.iter_mut().for_each(|value| *value /= weight);
        }
    }
    sums
}

/// Sums, weights and counts of the rows of one block by label.
fn sum_by_label(points: Points, block: &mut Block) {
    let p = points.p;
    block.sums.fill(0.0);
    block.weights.fill(0.0);
    block.counts.fill(0);
    let rows = points.rows(block.start..block.start + block.labels.len());
    for ((row, &label), index) in rows.zip(&block.labels).zip(block.start..) {
        let label = label as usize;
        let weight = points.weight(index);
        block.counts[label] += 1;
        block.weights[label] += weight;
        for (sum, value) in block.sums[label * p..(label + 1) * p].iter_mut().zip(row) {
            *sum += weight * value;
        }
    }
}

/// Sums over all blocks.
struct Totals {
    /// k x p.
    sums: Vec<f64>,
    weights: Vec<f64>,
    counts: Vec<usize>,
}

impl Totals {
    /// In block order.
    fn of(blocks: &[Block]) -> Self {
        let (sums, k) = (blocks[0].sums.len(), blocks[0].counts.len());
        let mut totals = Self { sums: vec![0.0; sums], weights: vec![0.0; k], counts: vec![0; k] };
        for block in blocks {
            totals.sums.iter_mut().zip(&block.sums).for_each(|(total, sum)| *total += sum);
            totals.weights.iter_mut().zip(&block.weights).for_each(|(total, sum)| *total += sum);
            let counts = totals.counts.iter_mut().zip(&block.counts);
            counts.for_each(|(total, &count)| *total += count as usize);
        }
        totals
    }
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

/// Weighted sum over the rows of the squared distance to their centroid.
fn own_squares(points: Points, blocks: &[Block], centroids: &[f64]) -> f64 {
    let p = points.p;
    let rows = rows_for(centroids.len() / p);
    let sums = map_ranges(points.n, rows, |range| {
        let labels = &blocks[range.start / rows].labels;
        let mut sum = 0.0;
        for ((row, &label), index) in points.rows(range.clone()).zip(labels).zip(range) {
            let centroid = &centroids[label as usize * p..(label as usize + 1) * p];
            sum += points.weight(index) * squared_distance(row, centroid);
        }
        sum
    });
    sums.iter().sum()
}
