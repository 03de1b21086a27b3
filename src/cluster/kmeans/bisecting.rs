//! n x p rows and k -> k centroids by splitting in two, again and again.
//!
//! Bisecting k-means (Steinbach, Karypis and Kumar, A comparison of document clustering techniques,
//! 2000): of the clusters so far the one of the largest inertia is split by k-means with k = 2,
//! until there are k. Quick for many clusters, since every split looks at one cluster alone, and the
//! splits form a tree; the inertia is higher than that of k-means on all rows. A row finally belongs
//! to its nearest centroid, which after later splits can be another than its branch's.

use super::{KmeansRun, Plan, Prepared, best_of, nearest_labels};
use crate::cluster::kernel::Points;
use crate::types::Seed;

/// Rows of one cluster with its mean.
struct Branch {
    rows: Vec<usize>,
    centroid: Vec<f64>,
    inertia: f64,
}

/// `plan` is that of each split; its swaps are left out, two centroids have nowhere to go.
pub(super) fn bisecting(prepared: &Prepared, k: usize, plan: &Plan, seed: Seed) -> KmeansRun {
    let points = prepared.points;
    let plan = Plan { refine: false, ..*plan };
    let all = Branch {
        rows: (0..points.n).collect(),
        centroid: points.means(),
        inertia: points.total_squares(),
    };
    let mut branches = vec![all];
    let (mut iterations, mut converged) = (0, true);
    while branches.len() < k {
        let largest = (1..branches.len()).fold(0, |best, next| {
            if branches[next].inertia > branches[best].inertia { next } else { best }
        });
        let Branch { rows, inertia, .. } = branches.swap_remove(largest);
        let (run, rows) = split(points, rows, &plan, seed.derive(0, branches.len() as u64));
        iterations += run.iterations;
        converged &= run.converged;
        let mut parts = [Vec::new(), Vec::new()];
        rows.iter().zip(&run.labels).for_each(|(&row, &label)| parts[label as usize].push(row));
        debug_assert!(run.inertia <= inertia * (1.0 + 1e-9));
        for (rows, centroid) in parts.into_iter().zip(run.centroids.chunks_exact(points.p)) {
            let inertia = squares(points, &rows, centroid);
            branches.push(Branch { rows, centroid: centroid.to_vec(), inertia });
        }
    }
    let centroids: Vec<f64> = branches.into_iter().flat_map(|branch| branch.centroid).collect();
    let (labels, inertia) = nearest_labels(prepared, &centroids);
    KmeansRun { centroids, labels, inertia, iterations, converged }
}

/// The two halves of `rows`, with these.
fn split(points: Points, rows: Vec<usize>, plan: &Plan, seed: Seed) -> (KmeansRun, Vec<usize>) {
    let (values, weights) = (points.gather(&rows), points.gather_weights(&rows));
    let part = Points::new(&values, points.p).weighted(weights.as_deref());
    (best_of(&Prepared::new(part), 2, plan, seed), rows)
}

/// Weighted sum of the squared distances of `rows` to `centroid`.
fn squares(points: Points, rows: &[usize], centroid: &[f64]) -> f64 {
    let squared = |&row: &usize| {
        points.weight(row) * crate::cluster::kernel::squared_distance(points.row(row), centroid)
    };
    rows.iter().map(squared).sum()
}

#[cfg(test)]
mod tests {
    use super::super::{Algorithm, Stop};
    use super::*;
    use crate::cluster::Seeding;

    fn plan() -> Plan {
        let stop = Stop { max_iterations: 100, squared_move: 0.0 };
        let seeding = Seeding::default();
        Plan { algorithm: Algorithm::Bisecting, restarts: 3, seeding, refine: true, stop }
    }

    #[test]
    fn the_widest_cluster_is_split_first() {
        // Pairs at 0, 10 and 1000: first {0, 10} from 1000, then 0 from 10.
        let values = [0.0, 1.0, 10.0, 11.0, 1000.0, 1001.0];
        let prepared = Prepared::new(Points::new(&values, 1));
        let run = bisecting(&prepared, 3, &plan(), Seed(1));
        let mut centroids = run.centroids.clone();
        centroids.sort_by(f64::total_cmp);
        assert_eq!(centroids, [0.5, 10.5, 1000.5]);
        assert_eq!(run.inertia, 1.5);
        assert!(run.converged);
    }

    #[test]
    fn k_of_one_and_of_all_rows() {
        let values = [4.0, 1.0, 7.0, 2.0];
        let prepared = Prepared::new(Points::new(&values, 1));
        assert_eq!(bisecting(&prepared, 1, &plan(), Seed(1)).centroids, [3.5]);
        assert_eq!(bisecting(&prepared, 4, &plan(), Seed(1)).inertia, 0.0);
    }
}
