//! A move of k centroids -> what it does to the bounds on the distances of every row.
//!
//! Hamerly (SDM 2010): a row keeps an upper bound on the distance to its centroid and a lower bound
//! on that to any other. Both are in the scaled units of a [`Frame`], in f32, rounded outwards: they
//! decide which rows are looked at, never where a row belongs.

use crate::cluster::kernel::{Frame, down, squared_distance, up};

/// Relative margin by which a bound must hold before a row is skipped: above what rounding of the
/// centroids' own distances can add up to, far below what changes the work.
const MARGIN: f32 = 1e-6;

/// What an update of the centroids does to the bounds.
#[derive(Clone, Debug)]
pub(super) struct Drift {
    /// How far each centroid moved, at least.
    moves: Vec<f32>,
    /// Index of the centroid that moved farthest, how far, and how far the next one moved.
    farthest: usize,
    longest: f32,
    second: f32,
    /// Half the distance of each centroid to the nearest other one, at most.
    half_gaps: Vec<f32>,
}

impl Drift {
    /// For `centroids` (k x p values) that have moved by the square roots of `squared_moves`.
    pub fn new(centroids: &[f64], squared_moves: &[f64], p: usize, frame: &Frame) -> Self {
        let scaled = |squared: f64| (squared.sqrt() * frame.scale) as f32;
        let moves: Vec<f32> = squared_moves.iter().map(|&squared| up(scaled(squared))).collect();
        let (mut farthest, mut longest, mut second) = (0, 0.0, 0.0);
        for (index, &moved) in moves.iter().enumerate() {
            if moved > longest {
                second = longest;
                (farthest, longest) = (index, moved);
            } else if moved > second {
                second = moved;
            }
        }
        let mut nearest = vec![f64::INFINITY; moves.len()];
        for (a, first) in centroids.chunks_exact(p).enumerate() {
            for (b, second) in centroids.chunks_exact(p).enumerate().take(a) {
                let squared = squared_distance(first, second);
                nearest[a] = nearest[a].min(squared);
                nearest[b] = nearest[b].min(squared);
            }
        }
        let half_gaps = nearest.iter().map(|&squared| down(0.5 * scaled(squared))).collect();
        Self { moves, farthest, longest, second, half_gaps }
    }

    /// Whether every centroid stands where it was.
    pub fn none(&self) -> bool {
        self.longest == 0.0
    }

    /// Moves the bounds of a row of centroid `own`.
    #[inline]
    pub fn widen(&self, own: usize, upper: &mut f32, lower: &mut f32) {
        *upper = up(*upper + self.moves[own]);
        let others = if own == self.farthest { self.second } else { self.longest };
        *lower = down((*lower - others).max(0.0));
    }

    /// Whether a row of centroid `own`, whose distance is at most `upper`, must still be its own.
    #[inline]
    pub fn holds(&self, own: usize, upper: f32, lower: f32) -> bool {
        upper < lower.max(self.half_gaps[own]) * (1.0 - MARGIN)
    }
}
