//! n x p rows and k starting centroids -> k centroids at rest, by Lloyd's iteration.
//!
//! Lloyd (IEEE Trans. Inf. Theory 28, 1982). Three things save work and change nothing: the bounds of
//! Hamerly (SDM 2010), by which rows are not looked at, a grid of whole numbers ([`GridScreen`]), by
//! which most others are decided, and the screen of single precision ([`Screen`]) for what the grid
//! leaves open. What none decides is computed in double precision, a tie going to the lowest index:
//! labels and centroids are those of the plain iteration. Where the bounds cost more than they save, with few centroids or in a part of the data
//! whose rows still move about, they are left out. A cluster left empty takes the row farthest from
//! its centroid.

use std::ops::Range;

use fearless_simd::dispatch;

use super::bounds::Drift;
use super::sums::{Change, Fixed, NONE, Sums};
use super::{KmeansRun, Stop};
use crate::cluster::kernel::{
    BLOCK, Frame, Grid, GridScreen, Nearby, Nearest, Packed, Pairs, Points, Screen, TILE, Tile,
    down, fold_blocks, level, map_blocks, squared_distance, up,
};

/// Multiplications and comparisons of a row's screening up to which bounds cost more than they save.
const UNBOUNDED: usize = 800;
/// Comparisons of one centroid, in multiplications.
const COMPARISONS: usize = 5;
/// Bounds are of use to a block where they hold for more than one of so many rows.
const USEFUL: usize = 2;
/// Iterations without bounds before they are tried, again after twice as many each time they are of
/// no use, up to so many.
const FIRST_WAIT: u32 = 2;
const LONGEST_WAIT: u32 = 8;

/// The rows with what every run on them shares.
#[derive(Debug)]
pub(crate) struct Prepared<'a> {
    pub points: Points<'a>,
    frame: Frame,
    fixed: Fixed,
    /// Where the rows lie on a grid of whole numbers, and the rows of each block there.
    grid: Option<Grid>,
    placed: Vec<Vec<Pairs>>,
}

impl<'a> Prepared<'a> {
    /// Prepares `points` for many assignments.
    pub fn new(points: Points<'a>) -> Self {
        let mut prepared = Self::once(points);
        prepared.grid = Grid::new(&prepared.frame);
        if let Some(grid) = &prepared.grid {
            prepared.placed = map_blocks(points.n, |range| grid.rows(points.of(range)));
        }
        prepared
    }

    /// Prepares `points` for one assignment or two.
    pub fn once(points: Points<'a>) -> Self {
        let frame = Frame::new(points);
        let fixed = Fixed::of(points, frame.bound);
        Self { points, frame, fixed, grid: None, placed: Vec::new() }
    }
}

/// What is kept for the rows of a block between iterations.
struct Block {
    start: usize,
    labels: Vec<u32>,
    /// At least the distance to the row's centroid; empty where bounds are never of use.
    upper: Vec<f32>,
    /// At most the distance to any other centroid; empty likewise.
    lower: Vec<f32>,
    /// Whether the bounds hold for the centroids of the last assignment.
    bounded: bool,
    /// Whether the grid is too rough for most of its rows.
    rough: bool,
    /// Assignments until the bounds are set again, and how many that will be the next time.
    wait: u32,
    next_wait: u32,
}

impl Block {
    /// Whether the next search of all its rows is to set bounds.
    fn set_bounds(&mut self) -> bool {
        self.bounded = !self.upper.is_empty() && self.wait == 0;
        self.wait = self.wait.saturating_sub(1);
        self.bounded
    }

    /// Says that the bounds held for too few rows.
    fn leave_bounds(&mut self) {
        self.bounded = false;
        self.wait = self.next_wait;
        self.next_wait = (2 * self.next_wait).min(LONGEST_WAIT);
    }
}

/// The centroids of one iteration, packed for every precision.
struct Targets {
    grid: Option<GridScreen>,
    screen: Screen,
    packed: Packed,
}

impl Targets {
    fn new(centroids: &[f64], prepared: &Prepared) -> Self {
        let p = prepared.points.p;
        let screen = Screen::new(centroids, p, &prepared.frame);
        let grid = prepared.grid.as_ref().and_then(|grid| GridScreen::new(centroids, grid));
        Self { grid, screen, packed: Packed::new(centroids, p) }
    }

    fn k(&self) -> usize {
        self.packed.k()
    }
}

/// A run on its way.
struct Lloyd<'a> {
    prepared: &'a Prepared<'a>,
    blocks: Vec<Block>,
    sums: Sums,
    /// k x p.
    centroids: Vec<f64>,
}

/// One run from `centroids` (k x p values).
pub(crate) fn lloyd(prepared: &Prepared, centroids: Vec<f64>, stop: Stop) -> KmeansRun {
    let p = prepared.points.p;
    let mut run = Lloyd::new(prepared, centroids);
    let mut iterations = 0;
    let mut converged = false;
    while iterations < stop.max_iterations && !converged {
        iterations += 1;
        let means = run.means();
        let moves: Vec<f64> = means
            .chunks_exact(p)
            .zip(run.centroids.chunks_exact(p))
            .map(|(new, old)| squared_distance(new, old))
            .collect();
        run.centroids = means;
        converged = moves.iter().sum::<f64>() <= stop.squared_move;
        let drift = Drift::new(&run.centroids, &moves, p, &prepared.frame);
        // The last assignment is the one that is returned.
        if !drift.none() {
            run.nearest(Some(&drift), true);
        }
    }
    let (inertia, labels) = (run.inertia(), run.labels());
    KmeansRun { centroids: run.centroids, labels, inertia, iterations, converged }
}

/// Every row to the nearest of `centroids` (k x p values): its label, and the inertia.
pub(crate) fn nearest_labels(prepared: &Prepared, centroids: &[f64]) -> (Vec<u32>, f64) {
    let mut run = Lloyd::start(prepared, centroids.to_vec());
    run.nearest(None, false);
    (run.labels(), run.inertia())
}

/// Sum over the centroids of the squared move that one more iteration would make.
pub(crate) fn squared_move(prepared: &Prepared, centroids: &[f64]) -> f64 {
    squared_distance(&Lloyd::new(prepared, centroids.to_vec()).means(), centroids)
}

impl<'a> Lloyd<'a> {
    /// All rows at the nearest of `centroids`.
    fn new(prepared: &'a Prepared<'a>, centroids: Vec<f64>) -> Self {
        let mut run = Self::start(prepared, centroids);
        run.nearest(None, true);
        run
    }

    /// No row in any cluster yet.
    fn start(prepared: &'a Prepared<'a>, centroids: Vec<f64>) -> Self {
        let points = prepared.points;
        let k = centroids.len() / points.p;
        let bounded = k * (points.p + COMPARISONS) > UNBOUNDED;
        let blocks = map_blocks(points.n, |range| {
            let rows = range.len();
            let bounds = if bounded { rows } else { 0 };
            Block {
                start: range.start,
                labels: vec![NONE; rows],
                upper: vec![f32::INFINITY; bounds],
                lower: vec![0.0; bounds],
                bounded: false,
                rough: false,
                wait: FIRST_WAIT,
                next_wait: FIRST_WAIT,
            }
        });
        let sums = Sums::new(prepared.fixed, points, k);
        Self { prepared, blocks, sums, centroids }
    }

    /// The label of every row.
    fn labels(&self) -> Vec<u32> {
        let mut labels = Vec::with_capacity(self.prepared.points.n);
        self.blocks.iter().for_each(|block| labels.extend_from_slice(&block.labels));
        labels
    }

    /// Every row to its nearest centroid; `drift` is what happened to the centroids since the bounds
    /// were set, none where there are no bounds yet. Keeps the sums where they are `summed`.
    fn nearest(&mut self, drift: Option<&Drift>, summed: bool) {
        let Self { prepared, blocks, sums, centroids } = self;
        let (prepared, points) = (*prepared, prepared.points);
        let targets = Targets::new(centroids, prepared);
        let none = || Sums::new(prepared.fixed, points, targets.k());
        let change = |mut changes: Sums, block: &mut Block| {
            let mut judge = Judge::new(prepared, &targets);
            let beyond = match drift {
                Some(drift) if block.bounded => dispatch!(level(), _simd =>
                    beyond_bounds(prepared, block, centroids, drift)),
                _ => None,
            };
            match beyond {
                Some(beyond) => judge.listed(&beyond, block),
                None => {
                    let bounds = block.set_bounds();
                    judge.all(block, bounds);
                }
            }
            if summed {
                changes.change(points, &judge.changes);
            }
            changes
        };
        let join = |mut all: Sums, some: Sums| {
            all.add(&some);
            all
        };
        sums.add(&fold_blocks(points.n, blocks, none, change, join));
    }

    /// The means of the clusters (k x p values), empty ones filled by the row farthest from its
    /// centroid.
    fn means(&mut self) -> Vec<f64> {
        let points = self.prepared.points;
        while let Some(empty) = self.sums.counts.iter().position(|&count| count == 0) {
            let found = self.farthest().filter(|&(_, squared)| squared > 0.0);
            let Some((row, _)) = found else { break };
            let block = &mut self.blocks[row / BLOCK];
            let within = row - block.start;
            let change = Change { row, from: block.labels[within], to: empty as u32 };
            block.labels[within] = change.to;
            if block.bounded {
                (block.upper[within], block.lower[within]) = (f32::INFINITY, 0.0);
            }
            self.sums.change(points, &[change]);
        }
        self.sums.means(&self.centroids)
    }

    /// The row farthest from its centroid among clusters with more than one, the lowest of equals.
    fn farthest(&self) -> Option<(usize, f64)> {
        let points = self.prepared.points;
        let mut best: Option<(usize, f64)> = None;
        for block in &self.blocks {
            for (within, &label) in block.labels.iter().enumerate() {
                let (row, label) = (block.start + within, label as usize);
                // A row moved into an empty cluster in this round is already a cluster of its own.
                if self.sums.counts[label] < 2 {
                    continue;
                }
                let centroid = &self.centroids[label * points.p..(label + 1) * points.p];
                let squared = squared_distance(points.row(row), centroid);
                if best.is_none_or(|(_, highest)| squared > highest) {
                    best = Some((row, squared));
                }
            }
        }
        best
    }

    /// Weighted sum over the rows of the squared distance to their centroid.
    fn inertia(&self) -> f64 {
        let (points, p) = (self.prepared.points, self.prepared.points.p);
        let sums = map_blocks(points.n, |range| {
            let labels = &self.blocks[range.start / BLOCK].labels;
            let mut sum = 0.0;
            for ((row, &label), index) in points.rows(range.clone()).zip(labels).zip(range) {
                let centroid = &self.centroids[label as usize * p..(label as usize + 1) * p];
                sum += points.weight(index) * squared_distance(row, centroid);
            }
            sum
        });
        sums.iter().sum()
    }
}

/// The rows of a block that neither the bounds moved by `drift` nor the distance to the own centroid
/// keep where they are; none where these are so many that all may as well be looked at. Lists grow
/// without branches, which could not be predicted.
#[inline(always)]
fn beyond_bounds(
    prepared: &Prepared,
    block: &mut Block,
    centroids: &[f64],
    drift: &Drift,
) -> Option<Vec<u32>> {
    let points = prepared.points;
    let rows = block.labels.len();
    let mut beyond = vec![0_u32; rows];
    let mut count = 0;
    let state = block.labels.iter().zip(&mut block.upper).zip(&mut block.lower);
    for (within, ((&label, upper), lower)) in state.enumerate() {
        beyond[count] = within as u32;
        count += usize::from(!drift.moved(label as usize, upper, lower));
    }
    if count > rows - rows / USEFUL {
        block.leave_bounds();
        return None;
    }
    let first = count;
    count = 0;
    for at in 0..first {
        let within = beyond[at];
        let place = within as usize;
        let own = block.labels[place] as usize;
        let centroid = &centroids[own * points.p..(own + 1) * points.p];
        let squared = squared_distance_apart(points.row(block.start + place), centroid);
        let upper = up((squared.sqrt() * prepared.frame.scale) as f32);
        block.upper[place] = upper;
        beyond[count] = within;
        count += usize::from(!drift.holds(own, upper, block.lower[place]));
    }
    beyond.truncate(count);
    Some(beyond)
}

/// Squared distance of two rows of p for a bound: summed in eight lanes apart, which is faster than
/// in the order of the features and rounds otherwise.
#[inline(always)]
fn squared_distance_apart(a: &[f64], b: &[f64]) -> f64 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut sums = [0.0; 8];
    for (a, b) in a.iter().zip(b) {
        for lane in 0..8 {
            sums[lane] += (a[lane] - b[lane]) * (a[lane] - b[lane]);
        }
    }
    sums.iter().sum::<f64>() + squared_distance(a_rest, b_rest)
}

/// Finds the nearest centroids of the rows of a block.
struct Judge<'a> {
    prepared: &'a Prepared<'a>,
    targets: &'a Targets,
    /// Rows from here and there, on the grid and in single precision.
    pairs: Vec<Pairs>,
    tile: Tile,
    nearby: Nearby,
    buffer: Vec<f64>,
    /// The rows that the grid leaves open.
    open: Vec<u32>,
    /// The rows that were found to belong elsewhere.
    changes: Vec<Change>,
}

impl<'a> Judge<'a> {
    fn new(prepared: &'a Prepared<'a>, targets: &'a Targets) -> Self {
        Self {
            prepared,
            targets,
            pairs: Vec::new(),
            tile: Tile::new(prepared.points.p),
            nearby: Nearby::new(),
            buffer: targets.packed.buffer(),
            open: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// The grid of the rows of `block` and of the centroids, where there is one and it helps.
    fn grid(&self, block: &Block) -> Option<(&'a Grid, &'a GridScreen, &'a [Pairs])> {
        let (grid, screen) = (self.prepared.grid.as_ref()?, self.targets.grid.as_ref()?);
        let placed = self.prepared.placed.get(block.start / BLOCK)?;
        (!block.rough).then_some((grid, screen, placed))
    }

    /// All rows of the block; with `bounds`, they get theirs.
    fn all(&mut self, block: &mut Block, bounds: bool) {
        let count = block.labels.len();
        let tiles = (0..count).step_by(TILE).map(|start| start..(start + TILE).min(count));
        let Some((_, screen, placed)) = self.grid(block) else {
            for rows in tiles {
                let all = block.start + rows.start..block.start + rows.end;
                self.tile.fill(self.prepared.points.of(all).values, &self.prepared.frame);
                self.targets.screen.search(&self.tile, &mut self.nearby);
                for (at, within) in rows.enumerate() {
                    self.settle(at, within, block, bounds);
                }
            }
            return;
        };
        for (number, rows) in tiles.enumerate() {
            screen.search(placed, number, &mut self.nearby);
            self.sift(rows, block, bounds);
        }
        block.rough = self.open.len() > count / USEFUL;
        self.look_again(block, bounds);
    }

    /// The rows of the block with these numbers, which get their bounds.
    fn listed(&mut self, rows: &[u32], block: &mut Block) {
        let Some((grid, screen, placed)) = self.grid(block) else {
            self.open.extend(rows);
            return self.look_again(block, true);
        };
        for rows in rows.chunks(TILE) {
            grid.gather(placed, rows, &mut self.pairs);
            screen.search(&self.pairs, 0, &mut self.nearby);
            for (at, &within) in rows.iter().enumerate() {
                if self.nearby.certain[at] {
                    self.settle(at, within as usize, block, true);
                } else {
                    self.open.push(within);
                }
            }
        }
        self.look_again(block, true);
    }

    /// Settles the rows of a tile that are certain and lists the others.
    fn sift(&mut self, rows: Range<usize>, block: &mut Block, bounds: bool) {
        let Nearby { labels, certain, upper, lower, .. } = &self.nearby;
        let count = rows.len();
        if bounds {
            block.upper[rows.clone()].copy_from_slice(&upper[..count]);
            block.lower[rows.clone()].copy_from_slice(&lower[..count]);
        }
        let own = &mut block.labels[rows.clone()];
        if certain[..count].iter().all(|&certain| certain) && own == &labels[..count] {
            return;
        }
        // Eight rows at a time are looked at for one that is open or moves: few are.
        let mut marks = [0; TILE];
        for at in 0..count {
            marks[at] = u8::from(!certain[at]) | u8::from(own[at] != labels[at]);
        }
        for (eight, marks) in marks.as_chunks::<8>().0.iter().enumerate() {
            let mut marks = u64::from_le_bytes(*marks);
            while marks != 0 {
                let at = 8 * eight + marks.trailing_zeros() as usize / 8;
                marks &= marks - 1;
                let within = rows.start + at;
                if !certain[at] {
                    self.open.push(within as u32);
                    continue;
                }
                let row = block.start + within;
                self.changes.push(Change { row, from: own[at], to: labels[at] });
                own[at] = labels[at];
            }
        }
    }

    /// Settles the rows that are open.
    fn look_again(&mut self, block: &mut Block, bounds: bool) {
        let open = std::mem::take(&mut self.open);
        let all = self.prepared.points.of(block.start..block.start + block.labels.len());
        for rows in open.chunks(TILE) {
            self.tile.gather(all.values, rows, &self.prepared.frame);
            self.targets.screen.search(&self.tile, &mut self.nearby);
            for (at, &within) in rows.iter().enumerate() {
                self.settle(at, within as usize, block, bounds);
            }
        }
    }

    /// The row at `at` of the tile, which is that at `within` of the block: its label, and with
    /// `bounds` these.
    #[inline]
    fn settle(&mut self, at: usize, within: usize, block: &mut Block, bounds: bool) {
        let Nearby { labels, certain, upper, lower, .. } = &self.nearby;
        let (label, upper, lower) = if certain[at] {
            (labels[at], upper[at], lower[at])
        } else {
            let nearest = self.exact(block.start + within);
            let scaled = |squared: f64| (squared.sqrt() * self.prepared.frame.scale) as f32;
            (nearest.index as u32, up(scaled(nearest.squared)), down(scaled(nearest.second)))
        };
        let from = block.labels[within];
        if from != label {
            self.changes.push(Change { row: block.start + within, from, to: label });
        }
        block.labels[within] = label;
        if bounds {
            (block.upper[within], block.lower[within]) = (upper, lower);
        }
    }

    /// The nearest centroid of a row in double precision.
    #[cold]
    fn exact(&mut self, row: usize) -> Nearest {
        self.targets.packed.nearest(self.prepared.points.row(row), &mut self.buffer)
    }
}
