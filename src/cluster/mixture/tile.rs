//! At most 64 rows of p -> the same rows with features outside, as the inner loops want them.
//!
//! A figure of every row of a tile is a [`Lanes`]: eight steps of eight lanes. Rows that are
//! missing in the last tile repeat its first one and weigh nothing.

use std::ops::Range;

use fearless_simd::f64x8;
use fearless_simd::prelude::*;

use crate::cluster::kernel::Points;

/// Rows that one step of an inner loop serves, whatever the width of the machine's registers.
pub(crate) const LANES: usize = 8;
/// Steps of a tile.
pub(crate) const STEPS: usize = 8;
/// Rows of a tile.
pub(crate) const TILE: usize = LANES * STEPS;

/// Eight numbers as they lie in memory.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(align(64))]
pub(crate) struct Lane(pub [f64; LANES]);

/// One figure of each row of a tile.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Lanes(pub [Lane; STEPS]);

impl Lane {
    /// As a vector.
    #[inline(always)]
    pub fn get<S: Simd>(&self, simd: S) -> f64x8<S> {
        f64x8::simd_from(simd, self.0)
    }

    /// From a vector.
    #[inline(always)]
    pub fn set<S: Simd>(&mut self, value: f64x8<S>) {
        self.0 = value.into();
    }

    /// The sum of the lanes, in order.
    pub fn sum(&self) -> f64 {
        self.0.iter().sum()
    }
}

impl Lanes {
    /// The same figure for every row.
    #[inline(always)]
    pub fn fill(&mut self, value: f64) {
        self.0 = [Lane([value; LANES]); STEPS];
    }

    /// The figure of row `row` of the tile.
    #[inline(always)]
    pub fn of(&self, row: usize) -> f64 {
        self.0[row / LANES].0[row % LANES]
    }

    /// The figure of row `row` of the tile.
    #[inline(always)]
    pub fn of_mut(&mut self, row: usize) -> &mut f64 {
        &mut self.0[row / LANES].0[row % LANES]
    }
}

/// Rows at work.
#[derive(Clone, Debug)]
pub(crate) struct Tile {
    /// One [`Lanes`] a feature.
    pub rows: Vec<Lanes>,
    /// What each row weighs; 0 where there is none.
    pub weights: Lanes,
}

impl Tile {
    /// Room for rows of `p`.
    pub fn new(p: usize) -> Self {
        Self { rows: vec![Lanes::default(); p], weights: Lanes::default() }
    }

    /// Takes the rows of `range`, one to [`TILE`] of them.
    #[inline(always)]
    pub fn take(&mut self, points: Points, range: Range<usize>) {
        let p = points.p;
        let rows = &points.values[range.start * p..range.end * p];
        let count = range.len();
        if count == TILE {
            for (index, row) in rows.chunks_exact(p).enumerate() {
                for (feature, &value) in self.rows.iter_mut().zip(row) {
                    *feature.of_mut(index) = value;
                }
            }
        } else {
            for index in 0..TILE {
                let row = if index < count { index } else { 0 };
                for (feature, &value) in self.rows.iter_mut().zip(&rows[row * p..]) {
                    *feature.of_mut(index) = value;
                }
            }
        }
        match points.weights {
            None => self.weights.fill(1.0),
            Some(weights) => {
                for (index, &weight) in weights[range].iter().enumerate() {
                    *self.weights.of_mut(index) = weight;
                }
            }
        }
        for index in count..TILE {
            *self.weights.of_mut(index) = 0.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_turned_and_missing_ones_weigh_nothing() {
        let values: Vec<f64> = (0..2 * 70).map(f64::from).collect();
        let weights: Vec<f64> = (0..70).map(|row| 1.0 + f64::from(row)).collect();
        let points = Points::new(&values, 2).weighted(Some(&weights));
        let mut tile = Tile::new(2);
        tile.take(points, 0..64);
        assert_eq!((tile.rows[0].of(63), tile.rows[1].of(9)), (126.0, 19.0));
        assert_eq!(tile.weights.of(63), 64.0);
        tile.take(points, 64..70);
        assert_eq!((tile.rows[1].of(5), tile.rows[1].of(6)), (139.0, 129.0));
        assert_eq!((tile.weights.of(5), tile.weights.of(6), tile.weights.of(63)), (70.0, 0.0, 0.0));
    }
}
