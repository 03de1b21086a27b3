//! n x p rows and a model of k clusters -> one final assignment, from which every figure that
//! is reported about the model is computed.
//!
//! k-means: nearest centroid; membership is that of fuzzy c-means with m = 2 (Bezdek 1981),
//! u_j = (1/d_j²) / Σ (1/d²), written in ratios to the smallest distance so that a customer on
//! or very far from a centroid gives no division by zero. Mixture: the component of the highest
//! responsibility, that of the noise beside it. Ties go to the lowest index.

use super::kernel::{Packed, Points, map_blocks};
use super::mixture::{Density, Mixture, posteriors};
use super::{Assignments, Clusters};

/// An assignment with the figure of merit of the model that made it.
#[derive(Clone, Debug)]
pub(crate) struct Assigned {
    /// Where each row belongs.
    pub assignments: Assignments,
    /// Inertia of k-means; total log-likelihood of the mixture; rows counted by their weights.
    pub merit: f64,
    /// Entropy of the mixture's responsibilities, noise among them: -Σ r ln r over rows and
    /// components, not below 0; 0 for k-means, which leaves no doubt.
    pub entropy: f64,
}

/// Assigns the rows of `points` by `clusters`. A mixture whose covariances cannot be factored
/// gives `None`; fitted ones always can.
pub(crate) fn assign_points(points: Points, clusters: &Clusters) -> Option<Assigned> {
    match clusters {
        Clusters::Kmeans { centroids, .. } => Some(by_distance(points, &centroids.concat())),
        Clusters::Gmm { weights, means, covariances, covariance, noise, .. } => {
            let mixture = Mixture {
                p: points.p,
                weights: weights.clone(),
                means: means.concat(),
                covariances: covariances.iter().flatten().flatten().copied().collect(),
                covariance: *covariance,
                noise: *noise,
            };
            Some(by_density(points, &Density::new(&mixture).ok()?))
        }
    }
}

/// By the nearest of the centroids (k x p values).
fn by_distance(points: Points, centroids: &[f64]) -> Assigned {
    let packed = Packed::new(centroids, points.p);
    let k = centroids.len() / points.p;
    combine(map_blocks(points.n, |range| {
        let mut part = Assigned { assignments: with_capacity(range.len()), merit: 0.0, entropy: 0.0 };
        let mut buffer = packed.buffer();
        for (at, row) in range.clone().zip(points.rows(range)) {
            let nearest = packed.nearest(row, &mut buffer);
            let ratio = |squared: f64| {
                if squared <= nearest.squared { 1.0 } else { nearest.squared / squared }
            };
            let total: f64 = buffer[..k].iter().map(|&squared| ratio(squared)).sum();
            let second = if k == 1 { 0.0 } else { ratio(nearest.second) };
            part.assignments.cluster.push(nearest.index as u32);
            part.assignments.membership.push(1.0 / total);
            part.assignments.margin.push((1.0 - second) / total);
            part.merit += points.weight(at) * nearest.squared;
        }
        part
    }))
}

/// By the highest responsibility.
fn by_density(points: Points, density: &Density) -> Assigned {
    combine(map_blocks(points.n, |range| {
        let found = posteriors(points, density, range);
        let margin = found.first.iter().zip(&found.second).map(|(first, second)| first - second);
        Assigned {
            merit: found.log_likelihood,
            entropy: found.entropy,
            assignments: Assignments {
                margin: margin.collect(),
                cluster: found.best,
                membership: found.first,
                noise: found.noise,
            },
        }
    }))
}

fn with_capacity(rows: usize) -> Assignments {
    Assignments {
        cluster: Vec::with_capacity(rows),
        membership: Vec::with_capacity(rows),
        margin: Vec::with_capacity(rows),
        noise: Vec::new(),
    }
}

/// The parts of the blocks in block order.
fn combine(parts: Vec<Assigned>) -> Assigned {
    let rows = parts.iter().map(|part| part.assignments.cluster.len()).sum();
    let mut all = Assigned { assignments: with_capacity(rows), merit: 0.0, entropy: 0.0 };
    for part in parts {
        all.assignments.cluster.extend(part.assignments.cluster);
        all.assignments.membership.extend(part.assignments.membership);
        all.assignments.margin.extend(part.assignments.margin);
        all.assignments.noise.extend(part.assignments.noise);
        all.merit += part.merit;
        all.entropy += part.entropy;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{Covariance, Noise};

    fn kmeans(centroids: &[f64]) -> Clusters {
        let centroids = centroids.iter().map(|&value| vec![value]).collect();
        Clusters::Kmeans { centroids, inertia: 0.0 }
    }

    #[test]
    fn memberships_by_hand() {
        // Distances 1 and 3 to centroids 0 and 4: u = (1/1) / (1/1 + 1/9) = 0.9.
        let found = assign_points(Points::new(&[1.0, 0.0, 2.0], 1), &kmeans(&[0.0, 4.0]));
        let found = found.expect("k-means always assigns");
        assert_eq!(found.assignments.cluster, [0, 0, 0]);
        assert!((found.assignments.membership[0] - 0.9).abs() < 1e-15);
        assert!((found.assignments.margin[0] - 0.8).abs() < 1e-15);
        assert_eq!((found.assignments.membership[1], found.assignments.margin[1]), (1.0, 1.0));
        assert_eq!((found.assignments.membership[2], found.assignments.margin[2]), (0.5, 0.0));
        assert_eq!(found.merit, 1.0 + 0.0 + 4.0);
    }

    #[test]
    fn one_cluster_has_everyone_wholly() {
        let found = assign_points(Points::new(&[1.0, 5.0], 1), &kmeans(&[1.0])).expect("kmeans");
        assert_eq!(found.assignments.membership, [1.0, 1.0]);
        assert_eq!(found.assignments.margin, [1.0, 1.0]);
    }

    #[test]
    fn a_far_outlier_has_finite_memberships() {
        let clusters = Clusters::Gmm {
            weights: vec![0.5, 0.5],
            means: vec![vec![0.0], vec![4.0]],
            covariances: vec![vec![vec![1.0]], vec![vec![1.0]]],
            covariance: Covariance::Full,
            noise: None,
            log_likelihood: 0.0,
        };
        let found = assign_points(Points::new(&[1e8, -1e8, 2.0], 1), &clusters).expect("factors");
        assert_eq!(found.assignments.cluster, [1, 0, 0]);
        assert_eq!(found.assignments.membership, [1.0, 1.0, 0.5]);
        assert_eq!(found.assignments.margin, [1.0, 1.0, 0.0]);
        assert!(found.merit.is_finite());
        let found = assign_points(Points::new(&[1e8], 1), &kmeans(&[0.0, 4.0])).expect("kmeans");
        assert_eq!(found.assignments.cluster, [1]);
        assert!(found.assignments.membership[0] >= 0.5 && found.assignments.margin[0] >= 0.0);
    }

    #[test]
    fn one_who_is_wholly_noise_still_has_the_nearest_segment() {
        // Density of the box 1/100: at 2 each normal has half of 2 x 0.45 x 0.054, the box 0.001.
        let clusters = Clusters::Gmm {
            weights: vec![0.45, 0.45],
            means: vec![vec![0.0], vec![4.0]],
            covariances: vec![vec![vec![1.0]], vec![vec![1.0]]],
            covariance: Covariance::Full,
            noise: Some(Noise { weight: 0.1, log_density: -100f64.ln() }),
            log_likelihood: 0.0,
        };
        let found = assign_points(Points::new(&[90.0, -9.0, 2.0], 1), &clusters).expect("factors");
        let Assignments { cluster, membership, margin, noise } = found.assignments;
        assert_eq!(cluster, [1, 0, 0]);
        assert_eq!((membership[0], margin[0], noise[0]), (0.0, 0.0, 1.0));
        let normal = 0.45 * (-2f64).exp() / std::f64::consts::TAU.sqrt();
        let share = normal / (2.0 * normal + 0.001);
        assert!((membership[2] - share).abs() < 1e-14 && margin[2] == 0.0);
        assert!((noise[2] - (1.0 - 2.0 * share)).abs() < 1e-14);
        let doubt = |share: f64| -share * share.ln();
        let entropy = doubt(membership[1]) + doubt(noise[1]) + 2.0 * doubt(share) + doubt(noise[2]);
        assert!((found.entropy - entropy).abs() < 1e-12, "{} {entropy}", found.entropy);
    }
}
