//! Rows and k centroids in 16-bit whole numbers -> the nearest centroid of each row and bounds on
//! its distances, certain or left open.
//!
//! Coordinates about the middle of the data are rounded to a grid that is fine enough for the row
//! farthest out to have fewer than 2^15 cells to go. There s = |c|²/2 - x·c, the smallest of which
//! tells the nearest centroid, is a whole number of 32 bits, two products are one instruction, and
//! the rows take a quarter of the memory of double precision, which is what a pass over many rows
//! waits for. Rounding moves a row and a centroid by half the diagonal of a cell at most, √p/2, so
//! a distance on the grid is wrong by at most √p cells: where the runner-up stays behind by more,
//! the nearest is what double precision would find. Elsewhere the caller looks again. What is found
//! does not depend on the instruction set.
//!
//! Machines without AVX2 have no instruction for the two products: there, nothing is found.

#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
mod x86;

use fearless_simd::dispatch;

use super::points::Points;
use super::screen::{Nearby, down, up};
use super::simd::level;
use super::tile::{Frame, TILE};

/// Centroids that one pass over a tile serves.
const GROUP: usize = 4;
/// Values of a vector.
const LANES: usize = 16;
/// Cells from the middle to the row farthest out.
const CELLS: f64 = 32_000.0;
/// Features and centroids up to which all sums stay within 32 bits.
const MOST_FEATURES: usize = 4_096;
const MOST_CENTROIDS: usize = 4_096;
/// Part of a cell at most that the rounding of double precision may take.
const ROUNDING: f64 = 0.005;
/// What rounding to single precision and of |c|²/2 can add to a squared distance, in cells.
const SLACK: f32 = 1_024.0;
/// Adding it to a number leaves the nearest whole number in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;

/// Two neighbouring coordinates of each row of a tile, the first in the lower half.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(crate) struct Pairs([[i32; LANES]; TILE / LANES]);

const NO_PAIRS: Pairs = Pairs([[0; LANES]; TILE / LANES]);

/// Where the cells are.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    shift: Vec<f64>,
    /// Cells to a unit of the data.
    scale: f64,
    /// By how much a distance can be wrong, in cells.
    margin: f32,
    /// Scaled units of the frame to a cell.
    unit: f32,
}

impl Grid {
    /// The grid for the data of `frame`; none where the data do not fit one, or the machine has no
    /// instructions for it.
    pub fn new(frame: &Frame) -> Option<Self> {
        let (p, scale) = (frame.shift.len(), CELLS / frame.norm);
        let resolved = frame.bound * f64::EPSILON * scale <= ROUNDING / 4.0;
        let fits = p <= MOST_FEATURES && frame.norm > 0.0 && scale.is_normal() && resolved;
        let fast = level().as_avx2().is_some() || level().as_avx512().is_some();
        (fits && fast).then(|| Self {
            shift: frame.shift.clone(),
            scale,
            margin: ((1.0 + 2.0 * ROUNDING) * (p as f64).sqrt()) as f32,
            unit: (frame.scale / scale) as f32,
        })
    }

    /// Pairs of coordinates of a row.
    fn pairs(&self) -> usize {
        self.shift.len().div_ceil(2)
    }

    /// The rows of `points` on the grid, tile after tile.
    pub fn rows(&self, points: Points) -> Vec<Pairs> {
        let mut rows = vec![NO_PAIRS; points.n.div_ceil(TILE) * self.pairs()];
        dispatch!(level(), _simd => place(self, points, &mut rows));
        rows
    }

    /// Into `tile`, those of `rows` whose numbers are in `wanted`, at most a tile of them.
    pub fn gather(&self, rows: &[Pairs], wanted: &[u32], tile: &mut Vec<Pairs>) {
        tile.resize(self.pairs(), NO_PAIRS);
        for (at, &row) in wanted.iter().enumerate() {
            let from = &rows[row as usize / TILE * self.pairs()..];
            let lane = row as usize % TILE;
            for (out, pairs) in tile.iter_mut().zip(from) {
                out.0.as_flattened_mut()[at] = pairs.0.as_flattened()[lane];
            }
        }
    }
}

/// The cell of a coordinate.
#[inline(always)]
fn cell(value: f64, shift: f64, scale: f64) -> i32 {
    ((value - shift) * scale + ROUND).to_bits() as i32
}

/// Two cells as one number.
#[inline(always)]
fn pair(first: i32, second: i32) -> i32 {
    first & 0xffff | second << 16
}

/// [`Grid::rows`].
#[inline(always)]
fn place(grid: &Grid, points: Points, rows: &mut [Pairs]) {
    let (p, pairs) = (points.p, grid.pairs());
    let mut cells = vec![0; pairs];
    let (shift, last) = grid.shift.as_chunks::<2>();
    for (tile, values) in rows.chunks_exact_mut(pairs).zip(points.values.chunks(TILE * p)) {
        for (at, row) in values.chunks_exact(p).enumerate() {
            let (row, row_last) = row.as_chunks::<2>();
            for ((cell_pair, values), shift) in cells.iter_mut().zip(row).zip(shift) {
                *cell_pair = pair(
                    cell(values[0], shift[0], grid.scale),
                    cell(values[1], shift[1], grid.scale),
                );
            }
            if let ([value], [shift]) = (row_last, last) {
                cells[pairs - 1] = pair(cell(*value, *shift, grid.scale), 0);
            }
            for (pairs, &cells) in tile.iter_mut().zip(&cells) {
                pairs.0.as_flattened_mut()[at] = cells;
            }
        }
    }
}

/// k centroids on a grid.
#[derive(Clone, Debug)]
pub(crate) struct GridScreen {
    /// Groups of pairs of negated coordinates, pair after pair.
    groups: Vec<[i32; GROUP]>,
    /// |c|²/2, as large as can be beyond k.
    norms: Vec<[i32; GROUP]>,
    pairs: usize,
    /// The bits of a sum that carry the index of its centroid.
    index_bits: i32,
    margin: f32,
    unit: f32,
}

/// Smallest and second smallest s of each row of a tile, the index in the lowest bits, and |x|².
struct Found {
    best: [[i32; LANES]; TILE / LANES],
    second: [[i32; LANES]; TILE / LANES],
    squares: [[i32; LANES]; TILE / LANES],
}

impl GridScreen {
    /// Places k centroids (k x p values); none where they do not fit.
    pub fn new(centroids: &[f64], grid: &Grid) -> Option<Self> {
        let (p, pairs) = (grid.shift.len(), grid.pairs());
        let k = centroids.len() / p;
        if k > MOST_CENTROIDS {
            return None;
        }
        let mut groups = vec![[0; GROUP]; k.div_ceil(GROUP) * pairs];
        let mut norms = vec![[i32::MAX; GROUP]; k.div_ceil(GROUP)];
        for (index, centroid) in centroids.chunks_exact(p).enumerate() {
            let mut cells = Vec::with_capacity(2 * pairs);
            let mut squares = 0.0;
            for (value, shift) in centroid.iter().zip(&grid.shift) {
                let value = ((value - shift) * grid.scale).round();
                squares += value * value;
                cells.push(-value as i32);
            }
            // A mean of rows is never farther out than all of them, a start may be.
            if squares.is_nan() || squares > (CELLS + (p as f64).sqrt()).powi(2) {
                return None;
            }
            cells.resize(2 * pairs, 0);
            let (group, lane) = (index / GROUP, index % GROUP);
            norms[group][lane] = (squares / 2.0) as i32;
            for (place, two) in cells.chunks_exact(2).enumerate() {
                groups[group * pairs + place][lane] = pair(two[0], two[1]);
            }
        }
        let index_bits = (k.next_multiple_of(GROUP).next_power_of_two() - 1) as i32;
        Some(Self { groups, norms, pairs, index_bits, margin: grid.margin, unit: grid.unit })
    }

    /// The nearest centroids of tile `number` of `rows`, and bounds on their distances.
    pub fn search(&self, rows: &[Pairs], number: usize, nearby: &mut Nearby) {
        let tile = &rows[number * self.pairs..(number + 1) * self.pairs];
        let none = [[0; LANES]; TILE / LANES];
        let mut found = Found { best: none, second: none, squares: none };
        search(self, tile, &mut found);
        dispatch!(level(), _simd => judge(self, &found, nearby));
    }
}

/// Fills `nearby`.
#[inline(always)]
fn judge(screen: &GridScreen, found: &Found, nearby: &mut Nearby) {
    let Found { best, second, squares } = found;
    let (best, second) = (best.as_flattened(), second.as_flattened());
    let squares = squares.as_flattened();
    let (bits, margin, unit) = (screen.index_bits, screen.margin, screen.unit);
    // Within the bits of the index a sum is not known.
    let slack = SLACK + 2.0 * bits as f32;
    for at in 0..TILE {
        let squared = |sum: i32| squares[at] as f32 + 2.0 * (sum & !bits) as f32;
        let nearest = (squared(best[at]) + slack).max(0.0).sqrt();
        let other = (squared(second[at]) - slack).max(0.0).sqrt();
        let upper = up(nearest) + margin;
        let lower = (down(other) - margin).max(0.0);
        nearby.labels[at] = (best[at] & bits) as u32;
        nearby.certain[at] = up(upper) < down(lower);
        nearby.upper[at] = up(upper * unit);
        nearby.lower[at] = down(lower * unit);
    }
}

/// Fills `found`, where the machine has the instructions: a grid was made only then.
#[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
fn search(screen: &GridScreen, tile: &[Pairs], found: &mut Found) {
    let GridScreen { groups, norms, index_bits, .. } = screen;
    if let Some(avx512) = level().as_avx512() {
        x86::search_512(avx512, tile, groups, norms, *index_bits, found);
    } else if let Some(avx2) = level().as_avx2() {
        x86::search_256(avx2, tile, groups, norms, *index_bits, found);
    }
}

/// No grid is made on other machines.
#[cfg(not(any(target_arch = "x86", target_arch = "x86_64")))]
fn search(_: &GridScreen, _: &[Pairs], _: &mut Found) {}

#[cfg(test)]
mod tests {
    use rand::{Rng, SeedableRng};
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;
    use crate::cluster::kernel::Packed;

    /// n x p values of one of several shapes: even, far from zero, in whole numbers that tie, with
    /// a few rows far out.
    fn values(n: usize, p: usize, shape: u64, draws: &mut Xoshiro256PlusPlus) -> Vec<f64> {
        let value = |at: usize| {
            let even: f64 = draws.gen_range(-1.0..1.0);
            match shape % 4 {
                0 => even,
                1 => 1e6 + even,
                2 => (3.0 * even).round(),
                _ if at.is_multiple_of(97) => 1e3 * even,
                _ => even,
            }
        };
        (0..n * p).map(value).collect()
    }

    fn grid(points: Points) -> (Frame, Option<Grid>) {
        let frame = Frame::new(points);
        let grid = Grid::new(&frame);
        (frame, grid)
    }

    #[test]
    fn what_is_certain_is_what_double_precision_finds() {
        let mut draws = Xoshiro256PlusPlus::seed_from_u64(1);
        let mut certain = [[0; 2]; 4];
        for round in 0..120 {
            let (p, k) = (draws.gen_range(1..20), draws.gen_range(1..40));
            let values = values(200, p, round, &mut draws);
            let points = Points::new(&values, p);
            let (frame, Some(grid)) = grid(points) else { return };
            let centroids = &values[..k * p];
            let screen = GridScreen::new(centroids, &grid).expect("they are rows");
            let (packed, rows) = (Packed::new(centroids, p), grid.rows(points));
            let mut nearby = Nearby::new();
            for row in 0..points.n {
                if row % TILE == 0 {
                    screen.search(&rows, row / TILE, &mut nearby);
                }
                let nearest = packed.nearest(points.row(row), &mut packed.buffer());
                let at = row % TILE;
                certain[round as usize % 4][usize::from(nearby.certain[at])] += 1;
                if nearby.certain[at] {
                    assert_eq!(nearby.labels[at] as usize, nearest.index);
                }
                let scaled = |squared: f64| squared.sqrt() * frame.scale;
                assert!(f64::from(nearby.upper[at]) >= scaled(nearest.squared));
                assert!(f64::from(nearby.lower[at]) <= scaled(nearest.second));
            }
        }
        // Even rows are nearly all certain, those that tie are not.
        let [even, far, ties, _] = certain;
        assert!(even[1] > 19 * even[0] && far[1] > 19 * far[0] && ties[0] > 0, "{certain:?}");
    }

    #[test]
    fn rows_from_here_and_there_are_those_of_their_tiles() {
        let mut draws = Xoshiro256PlusPlus::seed_from_u64(2);
        let values = values(300, 5, 0, &mut draws);
        let points = Points::new(&values, 5);
        let Some(grid) = grid(points).1 else { return };
        let rows = grid.rows(points);
        let wanted = [299, 0, 64, 63, 128];
        let mut tile = Vec::new();
        grid.gather(&rows, &wanted, &mut tile);
        let chosen: Vec<f64> =
            wanted.iter().flat_map(|&row| points.row(row as usize)).copied().collect();
        let expected = grid.rows(Points::new(&chosen, 5));
        for (found, expected) in tile.iter().zip(&expected) {
            let count = wanted.len();
            assert_eq!(found.0.as_flattened()[..count], expected.0.as_flattened()[..count]);
        }
    }

    #[test]
    fn what_does_not_fit_has_no_grid() {
        let none = |values: &[f64]| grid(Points::new(values, 1)).1.is_none();
        assert!(none(&[3.0, 3.0]), "one place");
        assert!(none(&[1e300, -1e300]), "squares beyond double precision");
        assert!(none(&[1e12, 1e12 + 1e-3]), "cells finer than the values");
        let values = [0.0, 1.0];
        if let (_, Some(grid)) = grid(Points::new(&values, 1)) {
            assert!(GridScreen::new(&[0.5, 1.0], &grid).is_some());
            assert!(GridScreen::new(&[0.5, 4.0], &grid).is_none(), "a start beyond all rows");
            assert!(GridScreen::new(&[f64::NAN], &grid).is_none());
        }
    }

    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    #[test]
    fn both_instruction_sets_compute_the_same_sums() {
        let mut draws = Xoshiro256PlusPlus::seed_from_u64(3);
        for p in [1, 2, 7, 8, 33] {
            let values = values(TILE, p, 0, &mut draws);
            let points = Points::new(&values, p);
            let Some(grid) = grid(points).1 else { return };
            let (k, tile) = (9, grid.rows(points));
            let screen = GridScreen::new(&values[..k * p], &grid).expect("they are rows");
            let GridScreen { groups, norms, index_bits, .. } = &screen;
            let none = [[0; LANES]; TILE / LANES];
            let found = |search: &dyn Fn(&mut Found)| {
                let mut found = Found { best: none, second: none, squares: none };
                search(&mut found);
                (found.best, found.second, found.squares)
            };
            let cells = |row: usize| {
                let value = |(value, shift): (&f64, &f64)| {
                    ((value - shift) * grid.scale).round_ties_even() as i64
                };
                points.row(row).iter().zip(&grid.shift).map(value).collect::<Vec<i64>>()
            };
            let product = |a: &[i64], b: &[i64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<i64>();
            let plain = found(&|found: &mut Found| {
                for row in 0..TILE {
                    let own = cells(row);
                    let mut sums: Vec<i64> = (0..k)
                        .map(|index| {
                            let other = cells(index);
                            let sum = product(&other, &other) / 2 - product(&own, &other);
                            sum & !i64::from(*index_bits) | index as i64
                        })
                        .collect();
                    sums.sort_unstable();
                    let at = (row / LANES, row % LANES);
                    found.best[at.0][at.1] = sums[0] as i32;
                    found.second[at.0][at.1] = sums[1] as i32;
                    found.squares[at.0][at.1] = product(&own, &own) as i32;
                }
            });
            if let Some(avx2) = level().as_avx2() {
                let narrow = |found: &mut Found| {
                    x86::search_256(avx2, &tile, groups, norms, *index_bits, found);
                };
                assert_eq!(found(&narrow), plain);
            }
            if let Some(avx512) = level().as_avx512() {
                let wide = |found: &mut Found| {
                    x86::search_512(avx512, &tile, groups, norms, *index_bits, found);
                };
                assert_eq!(found(&wide), plain);
            }
        }
    }
}
