//! Clusters in any order -> the same clusters in canonical order, with their final assignment.
//!
//! Largest first, ties by the smallest member; clusters without a member are taken out. Since a
//! row that is equally near to two clusters goes to the lower index, reordering may move it:
//! rows are assigned anew until order and assignment agree.

use super::Clusters;
use super::assign::{Assigned, assign_points};
use super::kernel::{Points, map_ranges, rows_for};
use super::kmeans::{KmeansRun, Prepared, nearest_labels};

/// Rounds after which an order that ties keep moving is taken as it is.
const ROUNDS: usize = 16;

/// `clusters` in canonical order, none empty, their inertia or log-likelihood recomputed, and the
/// assignment they give. `None` when a covariance cannot be factored.
pub(crate) fn settle(points: Points, mut clusters: Clusters) -> Option<(Clusters, Assigned)> {
    let mut assigned = assign_points(points, &clusters)?;
    for round in 0.. {
        let order = canonical_order(points, &assigned.assignments.cluster, clusters.k());
        let settled = order.iter().copied().eq(0..clusters.k());
        // Empty clusters go even when the rounds are used up.
        if settled || (round >= ROUNDS && order.len() == clusters.k()) {
            break;
        }
        clusters = permuted(&clusters, &order);
        // One assignment in memory at a time.
        drop(assigned);
        assigned = assign_points(points, &clusters)?;
    }
    match &mut clusters {
        Clusters::Kmeans { inertia, .. } => *inertia = assigned.merit,
        Clusters::Gmm { log_likelihood, .. } => *log_likelihood = assigned.merit,
    }
    Some((clusters, assigned))
}

/// The centroids of `run` (k x p values) in canonical order, none without a row, with the labels and
/// the inertia that they give: what [`settle`] would change is done without an assignment.
pub(crate) fn ordered(prepared: &Prepared, mut run: KmeansRun) -> KmeansRun {
    let p = prepared.points.p;
    for round in 0.. {
        let k = run.centroids.len() / p;
        let order = canonical_order(prepared.points, &run.labels, k);
        if order.iter().copied().eq(0..k) || (round >= ROUNDS && order.len() == k) {
            break;
        }
        let row = |&index: &usize| run.centroids[index * p..(index + 1) * p].iter().copied();
        run.centroids = order.iter().flat_map(row).collect();
        (run.labels, run.inertia) = nearest_labels(prepared, &run.centroids);
    }
    run
}

/// Indices of the clusters that have members: largest first, each member counted by its weight,
/// ties by the smallest member.
pub(crate) fn canonical_order(points: Points, labels: &[u32], k: usize) -> Vec<usize> {
    let parts = map_ranges(labels.len(), rows_for(k), |rows| {
        let (mut sizes, mut first) = (vec![0.0; k], vec![usize::MAX; k]);
        for (row, &label) in rows.clone().zip(&labels[rows]) {
            sizes[label as usize] += points.weight(row);
            first[label as usize] = first[label as usize].min(row);
        }
        (sizes, first)
    });
    let (mut sizes, mut first) = (vec![0.0; k], vec![usize::MAX; k]);
    for (part_sizes, part_first) in parts {
        sizes.iter_mut().zip(part_sizes).for_each(|(size, part)| *size += part);
        first.iter_mut().zip(part_first).for_each(|(first, part)| *first = part.min(*first));
    }
    let mut order: Vec<usize> = (0..k).filter(|&index| first[index] < usize::MAX).collect();
    order.sort_by(|&a, &b| sizes[b].total_cmp(&sizes[a]).then(first[a].cmp(&first[b])));
    order
}

/// The clusters named by `order`, in that order.
fn permuted(clusters: &Clusters, order: &[usize]) -> Clusters {
    match clusters {
        Clusters::Kmeans { centroids, inertia } => {
            Clusters::Kmeans { centroids: pick(centroids, order), inertia: *inertia }
        }
        Clusters::Gmm { weights, means, covariances, covariance, noise, log_likelihood } => {
            let mut weights = pick(weights, order);
            let mut noise = *noise;
            if order.len() < means.len() {
                let of_noise = noise.map_or(0.0, |noise| noise.weight);
                let total = weights.iter().sum::<f64>() + of_noise;
                weights.iter_mut().for_each(|weight| *weight /= total);
                noise.iter_mut().for_each(|noise| noise.weight /= total);
            }
            Clusters::Gmm {
                weights,
                means: pick(means, order),
                covariances: pick(covariances, order),
                covariance: *covariance,
                noise,
                log_likelihood: *log_likelihood,
            }
        }
    }
}

fn pick<T: Clone>(items: &[T], order: &[usize]) -> Vec<T> {
    order.iter().map(|&index| items[index].clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Covariance;

    fn kmeans(centroids: &[f64]) -> Clusters {
        let centroids = centroids.iter().map(|&value| vec![value]).collect();
        Clusters::Kmeans { centroids, inertia: 0.0 }
    }

    #[test]
    fn largest_first_ties_by_the_smallest_member_and_empty_ones_out() {
        let points = Points::new(&[0.0; 6], 1);
        assert_eq!(canonical_order(points, &[3, 1, 1, 0, 0, 4], 6), [1, 0, 3, 4]);
        // A weight of 3 is the row three times.
        let weighted = points.weighted(Some(&[3.0, 1.0, 1.0, 1.0, 1.0, 1.0]));
        assert_eq!(canonical_order(weighted, &[3, 1, 1, 0, 0, 4], 6), [3, 1, 0, 4]);
    }

    #[test]
    fn every_numbering_settles_to_the_same() {
        let values = [0.0, 10.0, 10.1, 20.0, 20.1, 20.2];
        let points = Points::new(&values, 1);
        for start in [[0.0, 10.0, 20.0, 99.0], [20.0, 99.0, 0.0, 10.0], [99.0, 10.0, 20.0, 0.0]] {
            let (clusters, assigned) = settle(points, kmeans(&start)).expect("kmeans");
            assert_eq!(assigned.assignments.cluster, [2, 1, 1, 0, 0, 0]);
            let Clusters::Kmeans { centroids, inertia } = clusters else { panic!("kmeans") };
            assert_eq!(centroids, [[20.0], [10.0], [0.0]]);
            assert!((inertia - 0.06).abs() < 1e-12);
        }
    }

    #[test]
    fn a_tie_that_reordering_moves_ends() {
        // Row 1.0 is as near to 0 as to 2: it joins whichever stands first.
        let values = [0.0, 1.0, 2.0, 2.0];
        let (clusters, assigned) =
            settle(Points::new(&values, 1), kmeans(&[0.0, 2.0])).expect("kmeans");
        assert_eq!(assigned.assignments.cluster.len(), 4);
        let again = assign_points(Points::new(&values, 1), &clusters).expect("kmeans");
        assert_eq!(again.assignments, assigned.assignments);
    }

    #[test]
    fn weights_still_sum_to_one_when_a_component_goes() {
        let unit = vec![vec![1.0]];
        let clusters = Clusters::Gmm {
            weights: vec![0.5, 0.25, 0.25],
            means: vec![vec![0.0], vec![500.0], vec![10.0]],
            covariances: vec![unit.clone(), unit.clone(), unit],
            covariance: Covariance::Full,
            noise: None,
            log_likelihood: 0.0,
        };
        let values = [0.0, 0.1, 10.0];
        let (clusters, assigned) = settle(Points::new(&values, 1), clusters).expect("factors");
        let Clusters::Gmm { weights, log_likelihood, .. } = clusters else { panic!("mixture") };
        assert_eq!(weights.len(), 2);
        assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        assert_eq!(log_likelihood, assigned.merit);
    }
}
