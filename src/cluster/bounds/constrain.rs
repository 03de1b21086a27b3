//! n x p rows, k centroids and bounds on the sizes -> k centroids whose clusters keep the bounds.
//!
//! Constrained k-means (Bradley, Bennett and Demiriz, MSR-TR-2000-65, 2000, section 3): the cheapest
//! assignment within the bounds, then the means of the clusters, until these rest as those of
//! k-means do. Neither step can raise the sum of squared distances. A local optimum, as that of k-means.

use super::flow;
use super::params::Sizes;
use crate::cluster::assign::{Assigned, labels};
use crate::cluster::canonical::canonical_order;
use crate::cluster::kernel::{Packed, Points, squared_distance};
use crate::cluster::kmeans::Stop;
use crate::cluster::{Assignments, Clusters};

/// Clusters within the bounds.
#[derive(Clone, Debug)]
pub(super) struct Constrained {
    pub clusters: Clusters,
    pub assigned: Assigned,
    /// Rows that are not in the nearest cluster.
    pub moved: usize,
    pub iterations: usize,
    pub converged: bool,
}

/// From `centroids` (k rows of p); none only where no assignment is within the bounds.
pub(super) fn constrain(
    points: Points,
    mut centroids: Vec<Vec<f64>>,
    sizes: Sizes,
    stop: Stop,
) -> Option<Constrained> {
    let mut prices = flow::prices(points, &centroids.concat(), sizes);
    let mut previous: Option<Vec<u32>> = None;
    let (mut iterations, mut at_rest) = (0, false);
    loop {
        let found = flow::assign(points, &centroids.concat(), sizes, &mut prices)?;
        let converged = at_rest || previous.as_ref() == Some(&found);
        if converged || iterations == stop.max_iterations {
            let (centroids, found) = ordered(points, centroids, found);
            let nearest = labels(points, &of(centroids.clone(), 0.0))?;
            let moved = found.iter().zip(&nearest).filter(|(own, nearest)| own != nearest).count();
            let assigned = assigned(points, &centroids, found);
            let clusters = of(centroids, assigned.merit);
            return Some(Constrained { clusters, assigned, moved, iterations, converged });
        }
        iterations += 1;
        let next = means(points, &found, centroids.len());
        let squared = |(before, after): (&Vec<f64>, &Vec<f64>)| squared_distance(before, after);
        at_rest = centroids.iter().zip(&next).map(squared).sum::<f64>() <= stop.squared_move;
        (centroids, previous) = (next, Some(found));
    }
}

fn of(centroids: Vec<Vec<f64>>, inertia: f64) -> Clusters {
    Clusters::Kmeans { centroids, inertia }
}

/// Weighted means of k clusters, none of them empty.
fn means(points: Points, labels: &[u32], k: usize) -> Vec<Vec<f64>> {
    let mut means = vec![vec![0.0; points.p]; k];
    let mut totals = vec![0.0; k];
    for (row, &label) in labels.iter().enumerate() {
        let weight = points.weight(row);
        totals[label as usize] += weight;
        let mean = &mut means[label as usize];
        mean.iter_mut().zip(points.row(row)).for_each(|(sum, value)| *sum += weight * value);
    }
    for (mean, total) in means.iter_mut().zip(totals) {
        mean.iter_mut().for_each(|sum| *sum /= total);
    }
    means
}

/// The clusters in canonical order.
fn ordered(
    points: Points,
    centroids: Vec<Vec<f64>>,
    mut labels: Vec<u32>,
) -> (Vec<Vec<f64>>, Vec<u32>) {
    let order = canonical_order(points, &labels, centroids.len());
    let mut place = vec![0u32; centroids.len()];
    for (at, &cluster) in order.iter().enumerate() {
        place[cluster] = at as u32;
    }
    labels.iter_mut().for_each(|label| *label = place[*label as usize]);
    (order.iter().map(|&cluster| centroids[cluster].clone()).collect(), labels)
}

/// `labels` with the membership of each row in its cluster, and the inertia. The margin of a row
/// that another cluster is nearer to is 0.
fn assigned(points: Points, centroids: &[Vec<f64>], labels: Vec<u32>) -> Assigned {
    let packed = Packed::new(&centroids.concat(), points.p);
    let k = centroids.len();
    let mut buffer = packed.buffer();
    let mut all = Assigned { assignments: Assignments::default(), merit: 0.0, entropy: 0.0 };
    for (row, &label) in labels.iter().enumerate() {
        packed.distances(points.row(row), &mut buffer);
        let distances = &buffer[..k];
        let nearest = distances.iter().copied().fold(f64::INFINITY, f64::min);
        let ratio = |squared: f64| if squared <= nearest { 1.0 } else { nearest / squared };
        let total: f64 = distances.iter().map(|&squared| ratio(squared)).sum();
        let own = ratio(distances[label as usize]) / total;
        let others = (0..k).filter(|&other| other != label as usize);
        let second = others.map(|other| ratio(distances[other])).fold(0.0, f64::max) / total;
        all.assignments.membership.push(own);
        all.assignments.margin.push((own - second).max(0.0));
        all.merit += points.weight(row) * distances[label as usize];
    }
    all.assignments.cluster = labels;
    all
}
