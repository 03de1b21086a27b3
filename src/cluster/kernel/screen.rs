//! Rows in tiles and k centroids -> the nearest centroid of each row, found in single precision and
//! certain, or not certain and left to double precision.
//!
//! With s = |c|²/2 - x·c the nearest centroid of x is the one of the smallest s. It is computed in
//! f32 about the middle of the data, [`TILE`] rows at a time, beside a bound on its error, γ times
//! (|c|² plus |x|²), γ = (2 p + 8) u, u = 2⁻²⁴ (Higham, Accuracy and Stability of Numerical
//! Algorithms, 2nd ed., section 3.1; |x·c| is at most half of |x|² plus |c|²). Where the runner-up
//! stays behind the nearest by more than both errors, the nearest is what double precision would
//! find; elsewhere the caller looks at the row again. So no result depends on the instruction set,
//! which only decides how soon it is there. The distances found are bounds, never reported figures.

use std::ops::Range;

use fearless_simd::prelude::*;
use fearless_simd::{Simd, dispatch, f32x8};

use super::blocks::map_blocks;
use super::points::Points;
use super::simd::level;

/// Rows of a tile.
pub(crate) const TILE: usize = 64;
/// Centroids that one pass over a tile serves.
const GROUP: usize = 4;
/// Unit roundoff of f32.
const UNIT: f64 = 1.0 / (1u64 << 24) as f64;
/// Size of scaled coordinates beyond which their squares may leave f32.
const LARGEST: f64 = 1e15;
/// What underflow can add to an error.
const UNDERFLOW: f64 = 1e-30;

/// Where the data lie: their middle and their size. Coordinates less `shift`, times `scale`, a
/// power of two, are at most 1.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    shift: Vec<f64>,
    pub scale: f64,
    /// What rounding the shifted coordinates adds to the error of s, in scaled units.
    absolute: f64,
}

impl Frame {
    /// The frame of `points`.
    pub fn new(points: Points) -> Self {
        let p = points.p;
        let sums = map_blocks(points.n, |range| {
            let mut sums = vec![0.0; p];
            for row in points.rows(range) {
                sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
            }
            sums
        });
        let mut shift = vec![0.0; p];
        for part in &sums {
            shift.iter_mut().zip(part).for_each(|(total, sum)| *total += sum / points.n as f64);
        }
        let largest = map_blocks(points.n, |range| {
            let mut largest = 0.0_f64;
            for row in points.rows(range) {
                for (value, shift) in row.iter().zip(&shift) {
                    largest = largest.max((value - shift).abs());
                }
            }
            largest
        });
        let largest = largest.into_iter().fold(0.0, f64::max);
        let scale = if largest > 0.0 { (-largest.log2().ceil()).exp2() } else { 1.0 };
        let scale = if scale.is_normal() { scale } else { 1.0 };
        let offset = shift.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        let absolute = 16.0 * (p as f64).powf(1.5) * f64::EPSILON * offset * scale + UNDERFLOW;
        Self { shift, scale, absolute }
    }
}

/// At most [`TILE`] rows of p coordinates in a frame, feature after feature.
#[derive(Clone, Debug)]
pub(crate) struct Tile {
    values: Vec<[f32; TILE]>,
    /// |x|² of each row.
    pub squares: [f32; TILE],
}

impl Tile {
    /// An empty tile for rows of p.
    pub fn new(p: usize) -> Self {
        Self { values: vec![[0.0; TILE]; p], squares: [0.0; TILE] }
    }

    /// What filling tiles goes by way of.
    pub fn buffer(p: usize) -> Vec<f32> {
        vec![0.0; TURN * p]
    }

    /// Fills it with rows, at most [`TILE`]; what is left of an earlier filling stays. `buffer` is
    /// made by [`Tile::buffer`].
    #[inline]
    pub fn fill<'a>(
        &mut self,
        rows: impl Iterator<Item = &'a [f64]>,
        frame: &Frame,
        buffer: &mut [f32],
    ) {
        dispatch!(level(), simd => fill(simd, self, rows, frame, buffer));
    }
}

/// Rows and features that are turned about together.
const TURN: usize = 8;

/// [`Tile::fill`].
#[inline(always)]
fn fill<'a, S: Simd>(
    simd: S,
    tile: &mut Tile,
    rows: impl Iterator<Item = &'a [f64]>,
    frame: &Frame,
    buffer: &mut [f32],
) {
    let p = tile.values.len();
    let whole = p / TURN * TURN;
    let mut filled = 0;
    for (at, row) in rows.enumerate() {
        // First in the order of the row, which vectors can do, then across it.
        let row = row.iter().zip(&frame.shift);
        for (out, (value, shift)) in buffer[at % TURN * p..][..p].iter_mut().zip(row) {
            *out = ((value - shift) * frame.scale) as f32;
        }
        filled = at + 1;
        if filled % TURN == 0 {
            for feature in (0..whole).step_by(TURN) {
                turn(
                    simd,
                    &buffer[feature..],
                    p,
                    &mut tile.values[feature..feature + TURN],
                    at + 1 - TURN,
                );
            }
        }
        for feature in if filled % TURN == 0 { whole..p } else { 0..0 } {
            for within in 0..TURN {
                tile.values[feature][at + 1 - TURN + within] = buffer[within * p + feature];
            }
        }
    }
    for at in filled / TURN * TURN..filled {
        for (lanes, &value) in tile.values.iter_mut().zip(&buffer[at % TURN * p..][..p]) {
            lanes[at] = value;
        }
    }
    tile.squares = [0.0; TILE];
    for lanes in &tile.values {
        for (square, &value) in tile.squares.iter_mut().zip(lanes) {
            *square += value * value;
        }
    }
}

/// Eight values of each of eight rows, `stride` apart, into the places from `at` on of eight
/// features. Zipping the first half of all values with the second three times exchanges the bits of
/// row and feature in a value's place.
#[inline(always)]
fn turn<S: Simd>(simd: S, rows: &[f32], stride: usize, features: &mut [[f32; TILE]], at: usize) {
    let mut values: [f32x8<S>; TURN] =
        std::array::from_fn(|row| f32x8::from_slice(simd, &rows[row * stride..][..TURN]));
    for _ in 0..3 {
        values = std::array::from_fn(|place| {
            let (first, second) = (values[place / 2], values[place / 2 + TURN / 2]);
            if place % 2 == 0 { first.zip_low(second) } else { first.zip_high(second) }
        });
    }
    for (value, feature) in values.iter().zip(features) {
        value.store_slice(&mut feature[at..at + TURN]);
    }
}

/// The tiles of all rows, for data small enough to keep them.
pub(crate) fn tiles(points: Points, frame: &Frame) -> Vec<Tile> {
    let mut buffer = Tile::buffer(points.p);
    (0..points.n.div_ceil(TILE))
        .map(|tile| {
            let rows: Range<usize> = tile * TILE..((tile + 1) * TILE).min(points.n);
            let mut filled = Tile::new(points.p);
            filled.fill(points.rows(rows), frame, &mut buffer);
            filled
        })
        .collect()
}

/// For each row of a tile the nearest centroid by s less its own error, and the runner-up.
#[derive(Clone, Debug)]
pub(crate) struct Nearby {
    best: [f32; TILE],
    second: [f32; TILE],
    index: [f32; TILE],
}

impl Nearby {
    /// To be filled.
    pub fn new() -> Self {
        Self { best: [0.0; TILE], second: [0.0; TILE], index: [0.0; TILE] }
    }
}

/// What is certain of one row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sighting {
    /// The nearest centroid.
    pub index: usize,
    /// At least the distance to it, in scaled units.
    pub upper: f32,
    /// At most the distance to any other, in scaled units.
    pub lower: f32,
}

/// k centroids in a frame.
#[derive(Clone, Debug)]
pub(crate) struct Screen {
    /// Groups of negated coordinates, feature after feature.
    groups: Vec<[f32; GROUP]>,
    /// |c|²/2 less the centroid's part of the error; infinite beyond k.
    norms: Vec<f32>,
    /// Twice the centroid's part of the error.
    errors: Vec<f32>,
    gamma: f32,
    absolute: f32,
    p: usize,
    usable: bool,
}

impl Screen {
    /// Packs k centroids (k x p values).
    pub fn new(centroids: &[f64], p: usize, frame: &Frame) -> Self {
        let k = centroids.len() / p;
        let gamma = (2 * p + 8) as f64 * UNIT;
        let padded = k.next_multiple_of(GROUP);
        let mut groups = vec![[0.0; GROUP]; padded / GROUP * p];
        let mut norms = vec![f32::INFINITY; padded];
        let mut errors = vec![0.0; padded];
        // An index is carried as f32.
        let mut usable = k < 1 << 24 && gamma < 1e-2;
        for (index, centroid) in centroids.chunks_exact(p).enumerate() {
            let mut squares = 0.0;
            for (feature, (value, shift)) in centroid.iter().zip(&frame.shift).enumerate() {
                let value = (value - shift) * frame.scale;
                usable &= value.abs() <= LARGEST;
                squares += value * value;
                groups[index / GROUP * p + feature][index % GROUP] = -value as f32;
            }
            norms[index] = (squares * (0.5 - gamma)) as f32;
            errors[index] = (2.02 * gamma * squares + 2.0 * frame.absolute) as f32;
        }
        let (gamma, absolute) = ((1.01 * gamma) as f32, (2.0 * frame.absolute) as f32);
        Self { groups, norms, errors, gamma, absolute, p, usable }
    }

    /// The nearest centroids of the rows of `tile`.
    #[inline]
    pub fn search(&self, tile: &Tile, nearby: &mut Nearby) {
        if self.usable {
            let (groups, norms) = (&self.groups, &self.norms);
            dispatch!(level(), simd => search(simd, &tile.values, groups, norms, self.p, nearby));
        }
    }

    /// The nearest centroid of the row at `at` of a tile that was searched, and whether it is certain:
    /// where it is not, double precision has to decide.
    #[inline(always)]
    pub fn nearest(&self, nearby: &Nearby, tile: &Tile, at: usize) -> (u32, bool) {
        let index = nearby.index[at] as u32;
        let own = 2.0 * self.gamma * tile.squares[at] + self.absolute;
        let apart = nearby.second[at] - nearby.best[at];
        (index, self.usable && apart > self.errors[index as usize] + own)
    }

    /// What is certain of the row at `at` of a tile that was searched; none where double precision
    /// has to decide.
    #[inline]
    pub fn sighting(&self, nearby: &Nearby, tile: &Tile, at: usize) -> Option<Sighting> {
        let (best, second) = (nearby.best[at], nearby.second[at]);
        let index = nearby.index[at] as usize;
        let own = 2.0 * self.gamma * tile.squares[at] + self.absolute;
        let certain = second - best > self.errors[index] + own;
        if !self.usable || !certain {
            return None;
        }
        // d² = |x|² + 2 s.
        let nearest = tile.squares[at] + 2.0 * (best + self.errors[index] + own);
        let other = tile.squares[at] + 2.0 * (second - own);
        Some(Sighting {
            index,
            upper: up(nearest.max(0.0).sqrt()),
            lower: down(other.max(0.0).sqrt()),
        })
    }
}

/// Not less than `value`, for rounding of a few operations.
#[inline(always)]
pub(crate) fn up(value: f32) -> f32 {
    value * (1.0 + 8.0 * f32::EPSILON)
}

/// Not more than `value`, which is not below 0, for rounding of a few operations.
#[inline(always)]
pub(crate) fn down(value: f32) -> f32 {
    value * (1.0 - 8.0 * f32::EPSILON)
}

/// Smallest and second smallest of norm + Σ value * negated coordinate, by row.
#[inline(always)]
fn search<S: Simd>(
    simd: S,
    tile: &[[f32; TILE]],
    groups: &[[f32; GROUP]],
    norms: &[f32],
    p: usize,
    nearby: &mut Nearby,
) {
    let lanes = S::f32s::LEN;
    for start in (0..TILE).step_by(2 * lanes) {
        let (first, middle, last) = (start, start + lanes, start + 2 * lanes);
        let infinite = S::f32s::splat(simd, f32::INFINITY);
        let mut best = [infinite; 2];
        let mut second = [infinite; 2];
        let mut index = [S::f32s::splat(simd, 0.0); 2];
        for ((group, norms), number) in
            groups.chunks_exact(p).zip(norms.chunks_exact(GROUP)).zip((0..).step_by(GROUP))
        {
            let mut sums = [[infinite; 2]; GROUP];
            for (sums, &norm) in sums.iter_mut().zip(norms) {
                *sums = [S::f32s::splat(simd, norm); 2];
            }
            for (values, coordinates) in tile.iter().zip(group) {
                let low = S::f32s::from_slice(simd, &values[first..middle]);
                let high = S::f32s::from_slice(simd, &values[middle..last]);
                for (sums, &coordinate) in sums.iter_mut().zip(coordinates) {
                    let coordinate = S::f32s::splat(simd, coordinate);
                    sums[0] = low.mul_add(coordinate, sums[0]);
                    sums[1] = high.mul_add(coordinate, sums[1]);
                }
            }
            for (within, sums) in sums.into_iter().enumerate() {
                let own = S::f32s::splat(simd, (number + within) as f32);
                for (half, sum) in sums.into_iter().enumerate() {
                    let nearer = sum.simd_lt(best[half]);
                    second[half] = second[half].min(best[half].max(sum));
                    best[half] = best[half].min(sum);
                    index[half] = nearer.select(own, index[half]);
                }
            }
        }
        for half in 0..2 {
            let place = start + half * lanes..start + (half + 1) * lanes;
            best[half].store_slice(&mut nearby.best[place.clone()]);
            second[half].store_slice(&mut nearby.second[place.clone()]);
            index[half].store_slice(&mut nearby.index[place]);
        }
    }
}
