//! Rows in double precision -> the same in single precision, a tile of them together, feature after
//! feature, about the middle of the data and in the unit of their size: what a [`super::Screen`]
//! looks at.

use fearless_simd::prelude::*;
use fearless_simd::{Simd, dispatch, f32x8};

use super::blocks::map_blocks;
use super::points::Points;
use super::simd::level;

/// Rows of a tile.
pub(crate) const TILE: usize = 64;
/// Rows and features that are turned about together.
const TURN: usize = 8;
/// Rows at most whose mean is the middle of a frame.
const SAMPLE: usize = 4_096;
/// Values looked at together.
const LANES: usize = 8;
/// What underflow can add to an error.
const UNDERFLOW: f64 = 1e-30;

/// Where the data lie: their middle and their size. Coordinates less `shift`, times `scale`, a
/// power of two, are at most 1.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(super) shift: Vec<f64>,
    pub scale: f64,
    /// What rounding the shifted coordinates adds to the error of s, in scaled units.
    pub(super) absolute: f64,
    /// At least the size of every coordinate.
    pub bound: f64,
    /// The largest |x| of a row less `shift`.
    pub(super) norm: f64,
}

impl Frame {
    /// The frame of `points`.
    pub fn new(points: Points) -> Self {
        let p = points.p;
        // Where the middle is said to be decides how sharp the single precision is, not what is
        // found: rows from all over the data will do.
        let sampled = (0..points.n).step_by(points.n.div_ceil(SAMPLE).max(1));
        let count = sampled.len() as f64;
        let mut shift = vec![0.0; p];
        for row in sampled {
            shift.iter_mut().zip(points.row(row)).for_each(|(mean, value)| *mean += value / count);
        }
        let largest = map_blocks(
            points.n,
            |range| dispatch!(level(), _simd => largest(points.of(range), &shift)),
        );
        let (largest, squares) = largest
            .into_iter()
            .fold((0.0_f64, 0.0_f64), |most, block| (most.0.max(block.0), most.1.max(block.1)));
        let scale = if largest > 0.0 { (-largest.log2().ceil()).exp2() } else { 1.0 };
        let scale = if scale.is_normal() { scale } else { 1.0 };
        let offset = shift.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        let absolute = 16.0 * (p as f64).powf(1.5) * f64::EPSILON * offset * scale + UNDERFLOW;
        Self { shift, scale, absolute, bound: offset + largest, norm: squares.sqrt() }
    }
}

/// The largest size of a coordinate less its shift, and the largest |x|² of a row.
#[inline(always)]
fn largest(points: Points, shift: &[f64]) -> (f64, f64) {
    let mut largest = vec![0.0_f64; points.p];
    let mut most = 0.0_f64;
    let ((shift, shift_rest), (lanes, rest)) =
        (shift.as_chunks::<LANES>(), largest.as_chunks_mut::<LANES>());
    for row in points.values.chunks_exact(points.p) {
        let (row, row_rest) = row.as_chunks::<LANES>();
        let mut squares = [0.0; LANES];
        for ((largest, values), shift) in lanes.iter_mut().zip(row).zip(shift) {
            for lane in 0..LANES {
                let size = (values[lane] - shift[lane]).abs();
                squares[lane] += size * size;
                largest[lane] = if size > largest[lane] { size } else { largest[lane] };
            }
        }
        let mut sum: f64 = squares.iter().sum();
        for ((largest, value), shift) in rest.iter_mut().zip(row_rest).zip(shift_rest) {
            let size = (value - shift).abs();
            sum += size * size;
            *largest = if size > *largest { size } else { *largest };
        }
        most = if sum > most { sum } else { most };
    }
    (largest.into_iter().fold(0.0, f64::max), most)
}

/// At most [`TILE`] rows of p coordinates in a frame, feature after feature.
#[derive(Clone, Debug)]
pub(crate) struct Tile {
    pub(super) values: Vec<[f32; TILE]>,
    /// |x|² of each row.
    pub(super) squares: [f32; TILE],
}

impl Tile {
    /// An empty tile for rows of p.
    pub fn new(p: usize) -> Self {
        Self { values: vec![[0.0; TILE]; p], squares: [0.0; TILE] }
    }

    /// Fills it with all rows of `values`, 1 to [`TILE`] of them. Places beyond the last row hold
    /// that row or an earlier filling.
    pub fn fill(&mut self, values: &[f64], frame: &Frame) {
        let count = values.len() / self.values.len();
        dispatch!(level(), simd => fill(
            simd,
            self,
            values,
            count,
            #[inline(always)]
            |at| at,
            frame
        ));
    }

    /// Fills it likewise with those rows of `values` whose numbers are in `rows`.
    pub fn gather(&mut self, values: &[f64], rows: &[u32], frame: &Frame) {
        dispatch!(level(), simd => fill(
            simd,
            self,
            values,
            rows.len(),
            #[inline(always)]
            |at| rows[at] as usize,
            frame
        ));
    }
}

/// Fills `tile` with `count` rows of `values`, those that `row` numbers.
#[inline(always)]
fn fill<S: Simd>(
    simd: S,
    tile: &mut Tile,
    values: &[f64],
    count: usize,
    row: impl Fn(usize) -> usize,
    frame: &Frame,
) {
    let p = tile.values.len();
    let whole = p / TURN * TURN;
    for start in (0..count).step_by(TURN) {
        let rows: [&[f64]; TURN] = std::array::from_fn(|at| {
            let row = row((start + at).min(count - 1));
            &values[row * p..(row + 1) * p]
        });
        for feature in (0..whole).step_by(TURN) {
            let features = feature..feature + TURN;
            let shift = &frame.shift[features.clone()];
            let lines = std::array::from_fn(|at| {
                let mut line = [0.0_f32; TURN];
                let row = rows[at][features.clone()].iter().zip(shift);
                for (out, (value, shift)) in line.iter_mut().zip(row) {
                    *out = ((value - shift) * frame.scale) as f32;
                }
                f32x8::from_slice(simd, &line)
            });
            for (line, feature) in turn(lines).iter().zip(&mut tile.values[features]) {
                line.store_slice(&mut feature[start..start + TURN]);
            }
        }
        for feature in whole..p {
            let lanes = &mut tile.values[feature][start..start + TURN];
            for (lane, row) in lanes.iter_mut().zip(&rows) {
                *lane = ((row[feature] - frame.shift[feature]) * frame.scale) as f32;
            }
        }
    }
    tile.squares = [0.0; TILE];
    for lanes in &tile.values {
        for (square, &value) in tile.squares.iter_mut().zip(lanes) {
            *square += value * value;
        }
    }
}

/// Eight values of each of eight rows -> those of eight features. Zipping the first half of all
/// values with the second three times exchanges the bits of row and feature in a value's place.
#[inline(always)]
fn turn<S: Simd>(mut lines: [f32x8<S>; TURN]) -> [f32x8<S>; TURN] {
    for _ in 0..3 {
        lines = std::array::from_fn(|place| {
            let (first, second) = (lines[place / 2], lines[place / 2 + TURN / 2]);
            if place % 2 == 0 { first.zip_low(second) } else { first.zip_high(second) }
        });
    }
    lines
}
