//! Batches of rows and k centroids -> centroids moved by each batch: k-means on data that do not fit.
//!
//! Sculley, Web-scale k-means clustering (WWW 2010), algorithm 1: the rows of a batch go to their
//! nearest centroids, all at once, then every centroid moves towards each of its rows by the row's
//! weight over the weight it has seen so far, so that it stays the mean of what came to it. Costs a
//! part of the passes of Lloyd's iteration and ends a little above its inertia.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::{KmeansRun, Plan, Prepared, nearest_labels, seed_centroids};
use crate::cluster::kernel::{Grouped, Points};
use crate::types::Seed;

/// Rows of a batch drawn from rows in memory.
const BATCH: usize = 4_096;
/// Rows that the start is made from, by k: a sample serves as well as all.
const START_ROWS: usize = 50;
/// Batches without a new lowest smoothed inertia after which the centroids are at rest.
const PATIENCE: usize = 10;

/// k centroids with the weight of the rows that each has seen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MiniBatch {
    /// k x p values.
    pub centroids: Vec<f64>,
    /// k weights.
    pub weights: Vec<f64>,
}

impl MiniBatch {
    /// Moves the centroids by one batch; its inertia before the move.
    pub fn update(&mut self, batch: Points) -> f64 {
        let p = batch.p;
        let (labels, inertia) = nearest_labels(&Prepared::once(batch), &self.centroids);
        for (row, &label) in labels.iter().enumerate() {
            let label = label as usize;
            let weight = batch.weight(row);
            self.weights[label] += weight;
            let share = weight / self.weights[label];
            let centroid = &mut self.centroids[label * p..(label + 1) * p];
            for (centre, value) in centroid.iter_mut().zip(batch.row(row)) {
                *centre += share * (value - *centre);
            }
        }
        inertia
    }
}

/// The best of `plan.restarts` starts on one batch, moved by batches drawn from all rows until the
/// inertia of a batch, smoothed, falls no more, or rows as many as `max_iterations` times n were
/// drawn.
pub(super) fn mini_batch(prepared: &Prepared, k: usize, plan: &Plan, seed: Seed) -> KmeansRun {
    let points = prepared.points;
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed.derive(1, 0).0);
    let mut draw =
        |rows: usize| -> Vec<usize> { (0..rows).map(|_| rng.gen_range(0..points.n)).collect() };
    let of_all = |rows: &[usize]| (points.gather(rows), points.gather_weights(rows));
    let first = if points.n <= START_ROWS * k + BATCH {
        (0..points.n).collect()
    } else {
        draw(START_ROWS * k + BATCH)
    };
    let (values, weights) = of_all(&first);
    let sample = Points::new(&values, points.p).weighted(weights.as_deref());
    let (rows, sample) = (Grouped::new(sample), Prepared::new(sample));
    let starts = (0..plan.restarts as u64).map(|restart| {
        let start = seed_centroids(&rows, k, plan.seeding, seed.derive(0, restart));
        let inertia = nearest_labels(&sample, &start).1;
        (inertia, start)
    });
    let (_, centroids) = starts
        .reduce(|best, next| if next.0 < best.0 { next } else { best })
        .expect("at least one restart");
    let mut state = MiniBatch { centroids, weights: vec![0.0; k] };
    let batch = BATCH.min(points.n);
    let most = plan.stop.max_iterations.saturating_mul(points.n.div_ceil(batch));
    // The weight of the newest batch in the smoothed inertia, as if over one pass of the rows.
    let fresh = (2.0 * batch as f64 / (points.n + 1) as f64).min(1.0);
    let (mut smoothed, mut lowest, mut since) = (f64::NAN, f64::INFINITY, 0);
    let mut iterations = 0;
    while iterations < most && since < PATIENCE {
        iterations += 1;
        let rows = draw(batch);
        let (values, weights) = of_all(&rows);
        let rows = Points::new(&values, points.p).weighted(weights.as_deref());
        let inertia = state.update(rows) / rows.total_weight();
        smoothed =
            if smoothed.is_nan() { inertia } else { smoothed + fresh * (inertia - smoothed) };
        since = if smoothed < lowest { 0 } else { since + 1 };
        lowest = lowest.min(smoothed);
    }
    let (labels, inertia) = nearest_labels(prepared, &state.centroids);
    let converged = since >= PATIENCE;
    KmeansRun { centroids: state.centroids, labels, inertia, iterations, converged }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn centroids_are_the_means_of_what_came_to_them() {
        let mut state = MiniBatch { centroids: vec![0.0, 10.0], weights: vec![0.0; 2] };
        // 1 and 3 to the first, which forgets its start; 9 to the second.
        assert_eq!(state.update(Points::new(&[1.0, 3.0, 9.0], 1)), 1.0 + 9.0 + 1.0);
        assert_eq!(
            (state.centroids.clone(), state.weights.clone()),
            (vec![2.0, 9.0], vec![2.0, 1.0])
        );
        // A row of weight 2: (1 + 3 + 2 * 4) / 4.
        state.update(Points::new(&[4.0], 1).weighted(Some(&[2.0])));
        assert_eq!((state.centroids, state.weights), (vec![3.0, 9.0], vec![4.0, 1.0]));
    }
}
