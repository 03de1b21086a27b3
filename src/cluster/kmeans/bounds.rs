//! A move of k centroids -> what it does to the bounds on the distances of every row.
//!
//! Hamerly (SDM 2010): a row keeps an upper bound on the distance to its centroid and a lower bound
//! on that to any other. Both are in the scaled units of a [`Frame`], in f32, rounded outwards: they
//! decide which rows are looked at, never where a row belongs.

use crate::cluster::kernel::{Frame, down, squared_distance, up};

/// Relative margin by which a bound must hold before a row is skipped: above what rounding of the
/// centroids' own distances can add up to, far below what changes the work.
const MARGIN: f32 = 1e-6;

/// What an update of the centroids does to the bounds of the rows of one of them.
#[derive(Clone, Copy, Debug)]
struct Step {
    /// How far it moved, at least.
    moved: f32,
    /// How far any other moved, at least.
    others: f32,
    /// Half the distance to the nearest other one, at most.
    half_gap: f32,
}

/// What an update of the centroids does to the bounds.
#[derive(Clone, Debug)]
pub(super) struct Drift {
    steps: Vec<Step>,
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
        let step = |(own, (&moved, &squared)): (usize, (&f32, &f64))| Step {
            moved,
            others: if own == farthest { second } else { longest },
            half_gap: down(0.5 * scaled(squared)),
        };
        Self { steps: moves.iter().zip(&nearest).enumerate().map(step).collect() }
    }

    /// Whether every centroid stands where it was.
    pub fn none(&self) -> bool {
        self.steps.iter().all(|step| step.moved == 0.0)
    }

    /// Moves the bounds of a row of centroid `own`; whether it must still be its own.
    #[inline(always)]
    pub fn moved(&self, own: usize, upper: &mut f32, lower: &mut f32) -> bool {
        let step = self.steps[own];
        *upper = up(*upper + step.moved);
        let nearest = *lower - step.others;
        *lower = down(if nearest > 0.0 { nearest } else { 0.0 });
        holds(step, *upper, *lower)
    }

    /// Whether a row of centroid `own`, whose distance is at most `upper`, must still be its own.
    #[inline(always)]
    pub fn holds(&self, own: usize, upper: f32, lower: f32) -> bool {
        holds(self.steps[own], upper, lower)
    }
}

/// [`Drift::holds`].
#[inline(always)]
fn holds(step: Step, upper: f32, lower: f32) -> bool {
    let other = if lower > step.half_gap { lower } else { step.half_gap };
    upper < other * (1.0 - MARGIN)
}
