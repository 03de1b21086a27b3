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

use fearless_simd::prelude::*;
use fearless_simd::{Simd, dispatch};

use super::simd::level;
use super::tile::{Frame, TILE, Tile};

/// Centroids that one pass over a tile serves.
const GROUP: usize = 4;
/// Unit roundoff of f32.
const UNIT: f64 = 1.0 / (1u64 << 24) as f64;
/// Size of scaled coordinates beyond which their squares may leave f32.
const LARGEST: f64 = 1e15;

/// What a search finds of each row of a tile.
#[derive(Clone, Debug)]
pub(crate) struct Nearby {
    /// Smallest and second smallest s less the centroid's part of its error, and the index of the
    /// smallest.
    best: [f32; TILE],
    second: [f32; TILE],
    index: [f32; TILE],
    /// The nearest centroid, where that is certain.
    pub labels: [u32; TILE],
    /// Whether it is: elsewhere double precision has to decide.
    pub certain: [bool; TILE],
    /// Where it is certain, at least the distance to the nearest centroid and at most that to any
    /// other, in scaled units.
    pub upper: [f32; TILE],
    pub lower: [f32; TILE],
}

impl Nearby {
    /// To be filled.
    pub fn new() -> Self {
        let none = [0.0; TILE];
        Self {
            best: none,
            second: none,
            index: none,
            labels: [0; TILE],
            certain: [false; TILE],
            upper: none,
            lower: none,
        }
    }
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

    /// The nearest centroids of the rows of `tile` and bounds on their distances.
    pub fn search(&self, tile: &Tile, nearby: &mut Nearby) {
        dispatch!(level(), simd => look(simd, self, tile, nearby));
    }
}

/// [`Screen::search`].
#[inline(always)]
fn look<S: Simd>(simd: S, screen: &Screen, tile: &Tile, nearby: &mut Nearby) {
    if !screen.usable {
        nearby.certain = [false; TILE];
        return;
    }
    search(simd, &tile.values, &screen.groups, &screen.norms, screen.p, nearby);
    let Nearby { best, second, index, labels, certain, upper, lower } = nearby;
    for (label, &index) in labels.iter_mut().zip(&*index) {
        *label = index as u32;
    }
    let mut own = [0.0_f32; TILE];
    for (own, &squares) in own.iter_mut().zip(&tile.squares) {
        *own = 2.0 * screen.gamma * squares + screen.absolute;
    }
    let errors: [f32; TILE] = std::array::from_fn(|at| screen.errors[labels[at] as usize]);
    for at in 0..TILE {
        certain[at] = second[at] - best[at] > errors[at] + own[at];
    }
    // d² = |x|² + 2 s.
    for at in 0..TILE {
        let nearest = tile.squares[at] + 2.0 * (best[at] + errors[at] + own[at]);
        let other = tile.squares[at] + 2.0 * (second[at] - own[at]);
        upper[at] = up(nearest.max(0.0).sqrt());
        lower[at] = down(other.max(0.0).sqrt());
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
