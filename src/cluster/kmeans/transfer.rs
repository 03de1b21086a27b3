//! A partition of n x p rows that Lloyd's iteration no longer changes -> one that moving a single
//! row does not improve either.
//!
//! Hartigan (Clustering Algorithms, 1975, chapter 4): a row of weight w moves from cluster i to j
//! when W_i w / (W_i - w) d_i² > W_j w / (W_j + w) d_j², the exact change of the inertia, with W the
//! clusters' weights and d the distances to their centroids. Every partition at rest under this rule
//! is at rest under Lloyd's, not the other way round (Telgarsky and Vattani, AISTATS 2010). Rows are
//! visited in order and centroids move at once, so that one pass does not depend on threads. The
//! more rows a cluster has the less the two rules differ: for samples of modest size alone.

use super::KmeansRun;
use crate::cluster::kernel::{Points, squared_distance};

/// Passes over the rows at most.
const PASSES: usize = 50;
/// Relative gain below which a move may be rounding.
const MARGIN: f64 = 1e-9;

/// Centroids (k x p values) after the moves that lower the inertia of `run`, and whether there were
/// any.
pub(super) fn transfer(points: Points, run: &KmeansRun) -> (Vec<f64>, bool) {
    let p = points.p;
    let k = run.centroids.len() / p;
    let mut labels: Vec<usize> = run.labels.iter().map(|&label| label as usize).collect();
    let mut centroids = run.centroids.clone();
    let mut weights = vec![0.0; k];
    labels.iter().enumerate().for_each(|(row, &label)| weights[label] += points.weight(row));
    let mut moved = false;
    for _ in 0..PASSES {
        let mut moved_now = false;
        for (row, label) in labels.iter_mut().enumerate() {
            let own = *label;
            let (values, weight) = (points.row(row), points.weight(row));
            let left = weights[own] - weight;
            if left <= MARGIN * weights[own] {
                continue;
            }
            let squared = |cluster: usize| {
                squared_distance(values, &centroids[cluster * p..(cluster + 1) * p])
            };
            let gain = weights[own] / left * squared(own);
            let cost =
                |cluster: usize| weights[cluster] / (weights[cluster] + weight) * squared(cluster);
            let (least, to) = (0..k)
                .filter(|&cluster| cluster != own)
                .map(|cluster| (cost(cluster), cluster))
                .fold((f64::INFINITY, own), |best, next| if next.0 < best.0 { next } else { best });
            if least >= gain * (1.0 - MARGIN) {
                continue;
            }
            shift(&mut centroids[own * p..(own + 1) * p], values, -weight / left);
            weights[own] = left;
            weights[to] += weight;
            shift(&mut centroids[to * p..(to + 1) * p], values, weight / weights[to]);
            *label = to;
            moved_now = true;
        }
        if !moved_now {
            break;
        }
        moved = true;
    }
    (centroids, moved)
}

/// Moves `centroid` by `share` of the way to `values`.
fn shift(centroid: &mut [f64], values: &[f64], share: f64) {
    for (centre, value) in centroid.iter_mut().zip(values) {
        *centre += share * (value - *centre);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Prepared, Stop, lloyd};
    use super::*;

    const STOP: Stop = Stop { max_iterations: 50, squared_move: 0.0 };

    #[test]
    fn a_row_that_lloyd_leaves_is_moved() {
        // {0, 4} and {7}: 4 is nearer to 2 than to 7. Moving it: 2/1 * 4 = 8 > 1/2 * 9 = 4.5.
        let points = Points::new(&[0.0, 4.0, 7.0], 1);
        let run = lloyd(&Prepared::new(points), vec![2.0, 7.0], STOP);
        assert_eq!((run.labels.clone(), run.inertia), (vec![0, 0, 1], 8.0));
        let (centroids, moved) = transfer(points, &run);
        assert!(moved);
        assert_eq!(centroids, [0.0, 5.5]);
        // Of weight 4 it is 3.2 from 0 once: 5/1 * 0.64 = 3.2 > 1/5 * 9 = 1.8. It moves as well.
        let weighted = points.weighted(Some(&[1.0, 4.0, 1.0]));
        let run = lloyd(&Prepared::new(weighted), vec![2.0, 7.0], STOP);
        assert_eq!(run.labels, [0, 0, 1]);
        let (centroids, _) = transfer(weighted, &run);
        assert!((centroids[0] - 0.0).abs() < 1e-12 && (centroids[1] - 4.6).abs() < 1e-12);
        // Where none helps, none is made.
        let points = Points::new(&[0.0, 1.0, 7.0], 1);
        let run = lloyd(&Prepared::new(points), vec![0.5, 7.0], STOP);
        assert!(!transfer(points, &run).1);
    }
}
