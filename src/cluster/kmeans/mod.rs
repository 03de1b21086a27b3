//! n x p rows and k -> k centroids and the cluster of every row, by k-means.
//!
//! Seeding ([`seeding`]) and Lloyd's iteration ([`lloyd`]), exact whatever is skipped. Does not
//! choose the number of clusters.

mod bisecting;
mod bounds;
mod lloyd;
mod mini_batch;
mod parallel_seeding;
mod seeding;
mod sums;
mod swap;
mod transfer;

use rayon::prelude::*;

use self::bisecting::bisecting;
pub(crate) use self::lloyd::{Prepared, lloyd, nearest_labels, squared_move};
pub(crate) use self::mini_batch::MiniBatch;
use self::mini_batch::mini_batch;
use self::parallel_seeding::kmeans_parallel;
use self::seeding::plus_plus;
use self::swap::refine;
use self::transfer::transfer;
use super::kernel::Grouped;
use super::{Algorithm, Seeding};
use crate::types::Seed;

/// When the iteration stops.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stop {
    /// Iterations at most.
    pub max_iterations: usize,
    /// Sum over centroids of the squared move at or below which they are at rest.
    pub squared_move: f64,
}

/// One run from one start.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KmeansRun {
    /// k x p coordinates.
    pub centroids: Vec<f64>,
    /// The nearest centroid of each row, the lowest index of a tie.
    pub labels: Vec<u32>,
    /// Weighted sum of squared distances to the nearest centroid.
    pub inertia: f64,
    /// Iterations made.
    pub iterations: usize,
    /// Whether the centroids came to rest.
    pub converged: bool,
}

/// How the best of several restarts is found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Over which rows it goes.
    pub algorithm: Algorithm,
    /// Starts, at least 1.
    pub restarts: usize,
    /// How each start is made.
    pub seeding: Seeding,
    /// Whether the best is refined by swaps.
    pub refine: bool,
    /// When a run stops.
    pub stop: Stop,
}

/// Iterations after which restarts are compared for the first time.
const HEAT: usize = 5;
/// Rows up to which single rows are moved after the swaps.
const TRANSFER_ROWS: usize = 20_000;
/// Of so many restarts one goes on after the first comparison.
const ONE_OF: usize = 3;

/// One fit by `plan`.
pub(crate) fn fit(prepared: &Prepared, k: usize, plan: &Plan, seed: Seed) -> KmeansRun {
    match plan.algorithm {
        Algorithm::Lloyd => best_of(prepared, k, plan, seed),
        Algorithm::MiniBatch => mini_batch(prepared, k, plan, seed),
        Algorithm::Bisecting => bisecting(prepared, k, plan, seed),
    }
}

/// k starting centroids (k x p values).
fn seed_centroids(rows: &Grouped, k: usize, seeding: Seeding, seed: Seed) -> Vec<f64> {
    match seeding {
        Seeding::PlusPlus => plus_plus(rows, k, seed),
        Seeding::Parallel => kmeans_parallel(rows.points, k, seed),
    }
}

/// The best of several restarts, the first of equals. Restarts share the work: all make the first
/// [`HEAT`] iterations, by which time most of the inertia is gone, and the better third goes on.
pub(crate) fn best_of(prepared: &Prepared, k: usize, plan: &Plan, seed: Seed) -> KmeansRun {
    let stop = plan.stop;
    let heat = Stop { max_iterations: stop.max_iterations.min(HEAT), ..stop };
    let rows = Grouped::new(prepared.points);
    let mut runs: Vec<KmeansRun> = (0..plan.restarts as u64)
        .into_par_iter()
        .map(|restart| {
            let seed = seed.derive(0, restart);
            lloyd(prepared, seed_centroids(&rows, k, plan.seeding, seed), heat)
        })
        .collect();
    // Stable: the first of equals stays first.
    runs.sort_by(|a, b| a.inertia.total_cmp(&b.inertia));
    runs.truncate(plan.restarts.div_ceil(ONE_OF));
    let best = runs
        .into_par_iter()
        .map(|run| resume(prepared, run, stop))
        .reduce_with(|best, next| if next.inertia < best.inertia { next } else { best })
        .expect("at least one restart");
    if plan.refine { refined(prepared, best, stop) } else { best }
}

/// One run from `centroids` (k x p values), refined by swaps and, of few rows, single moves.
pub(crate) fn refined_from(prepared: &Prepared, centroids: Vec<f64>, stop: Stop) -> KmeansRun {
    refined(prepared, lloyd(prepared, centroids, stop), stop)
}

/// `run` with the swaps and, of few rows, the single moves that lower its inertia.
fn refined(prepared: &Prepared, run: KmeansRun, stop: Stop) -> KmeansRun {
    let best = refine(prepared, run, stop);
    if prepared.points.n > TRANSFER_ROWS {
        return best;
    }
    let (centroids, moved) = transfer(prepared.points, &best);
    if !moved {
        return best;
    }
    let next = lloyd(prepared, centroids, stop);
    if next.inertia < best.inertia {
        KmeansRun { iterations: best.iterations + next.iterations, ..next }
    } else {
        best
    }
}

/// `run` until `stop`.
fn resume(prepared: &Prepared, run: KmeansRun, stop: Stop) -> KmeansRun {
    if run.converged || run.iterations >= stop.max_iterations {
        return run;
    }
    let rest = Stop { max_iterations: stop.max_iterations - run.iterations, ..stop };
    let next = lloyd(prepared, run.centroids, rest);
    KmeansRun { iterations: run.iterations + next.iterations, ..next }
}

#[cfg(test)]
mod reference_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod weight_tests;
