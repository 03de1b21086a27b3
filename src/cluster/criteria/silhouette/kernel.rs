//! Rows in cells and a tile of other rows -> for each row of the tile, the sum of its distances to
//! each cluster of every labelling.
//!
//! The rows of a tile are the lanes: all rows stream past them once, and what a lane adds up is in
//! the order of the rows, whatever the machine. Square roots, correctly rounded everywhere, bound
//! the speed.

use std::ops::Range;

use super::Labelling;
use crate::cluster::kernel::{Points, level};

/// Rows of a tile.
pub(super) const TILE: usize = 32;

/// All rows, those alike under every labelling together.
pub(super) struct Cells<'a> {
    pub points: Points<'a>,
    /// n x p values in the order of the cells.
    values: Vec<f64>,
    /// n weights in the same order, where rows have weights.
    weights: Option<Vec<f64>>,
    /// One past the last position of each cell.
    ends: Vec<usize>,
    /// For each cell, by labelling, the place of its cluster among the clusters of all labellings.
    places: Vec<u32>,
    /// The first place of each labelling, and one past the last of all.
    starts: Vec<usize>,
    /// Weight of each cluster of each labelling.
    sizes: Vec<f64>,
}

impl<'a> Cells<'a> {
    /// The cells of rows in joint `order`.
    pub fn new(points: Points<'a>, order: &[u32], labellings: &[Labelling]) -> Self {
        let p = points.p;
        let mut starts = vec![0];
        labellings.iter().for_each(|of| starts.push(starts[starts.len() - 1] + of.k));
        let mut sizes = vec![0.0; starts[labellings.len()]];
        let mut values = Vec::with_capacity(points.n * p);
        let (mut ends, mut places): (Vec<usize>, Vec<u32>) = (Vec::new(), Vec::new());
        for (position, &row) in order.iter().enumerate() {
            let row = row as usize;
            values.extend_from_slice(points.row(row));
            let own = labellings
                .iter()
                .zip(&starts)
                .map(|(labelling, start)| *start as u32 + labelling.labels[row]);
            let last = places.len().saturating_sub(labellings.len());
            if !ends.is_empty() && own.clone().eq(places[last..].iter().copied()) {
                ends.iter_mut().next_back().into_iter().for_each(|end| *end = position + 1);
            } else {
                ends.push(position + 1);
                places.extend(own.clone());
            }
            own.for_each(|place| sizes[place as usize] += points.weight(row));
        }
        let weights =
            points.weights.map(|weights| order.iter().map(|&row| weights[row as usize]).collect());
        Self { points, values, weights, ends, places, starts, sizes }
    }

    /// The places of the clusters of labelling `at`.
    pub fn clusters(&self, at: usize) -> Range<usize> {
        self.starts[at]..self.starts[at + 1]
    }

    /// The weights of the clusters of labelling `at`.
    pub fn sizes(&self, at: usize) -> &[f64] {
        &self.sizes[self.clusters(at)]
    }

    /// A buffer for [`Cells::sum`].
    pub fn sums(&self) -> Vec<[f64; TILE]> {
        vec![[0.0; TILE]; self.sizes.len()]
    }

    /// Into `sums`, by cluster, the sums of the distances of at most [`TILE`] rows to its members.
    pub fn sum(&self, targets: &[u32], sums: &mut [[f64; TILE]]) {
        let mut tile = vec![[0.0; TILE]; self.points.p];
        for (lane, &row) in targets.iter().enumerate() {
            for (feature, &value) in tile.iter_mut().zip(self.points.row(row as usize)) {
                feature[lane] = value;
            }
        }
        sums.fill([0.0; TILE]);
        fearless_simd::dispatch!(level(), _simd => stream(self, &tile, sums));
    }
}

#[inline(always)]
fn stream(cells: &Cells, tile: &[[f64; TILE]], sums: &mut [[f64; TILE]]) {
    let p = tile.len();
    let width = cells.starts.len() - 1;
    let mut start = 0;
    for (&end, places) in cells.ends.iter().zip(cells.places.chunks_exact(width)) {
        let mut inside = [0.0; TILE];
        for (position, row) in (start..end).zip(cells.values[start * p..end * p].chunks_exact(p)) {
            let mut squared = [0.0; TILE];
            for (&value, feature) in row.iter().zip(tile) {
                for lane in 0..TILE {
                    let difference = value - feature[lane];
                    squared[lane] += difference * difference;
                }
            }
            match &cells.weights {
                None => {
                    for lane in 0..TILE {
                        inside[lane] += squared[lane].sqrt();
                    }
                }
                Some(weights) => {
                    let weight = weights[position];
                    for lane in 0..TILE {
                        inside[lane] += weight * squared[lane].sqrt();
                    }
                }
            }
        }
        for &place in places {
            for (sum, inside) in sums[place as usize].iter_mut().zip(&inside) {
                *sum += inside;
            }
        }
        start = end;
    }
}
