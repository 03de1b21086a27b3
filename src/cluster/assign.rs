//! n x p rows and a model of k clusters -> one final assignment, from which every figure that
//! is reported about the model is computed.
//!
//! k-means: nearest centroid; membership is that of fuzzy c-means with m = 2 (Bezdek 1981),
//! u_j = (1/d_j²) / Σ (1/d²), written in ratios to the smallest distance so that a customer on
//! or very far from a centroid gives no division by zero. Mixture: the component of the highest
//! responsibility, that of the noise beside it. Ties go to the lowest index.

use std::ops::Range;

use fearless_simd::dispatch;

use super::kernel::{BLOCK, Group, NearestTwo, Points, ROWS, each_block, each_group, level};
use super::kmeans::{Prepared, nearest_labels};
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

/// The rows of one block and where their assignment is written: nothing is kept twice.
pub(crate) struct Part<'a> {
    /// The rows.
    pub range: Range<usize>,
    /// As in [`Assignments`], one entry a row of the block; no noise where the model has none.
    pub cluster: &'a mut [u32],
    pub membership: &'a mut [f64],
    pub margin: &'a mut [f64],
    pub noise: &'a mut [f64],
    /// As in [`Assigned`], of the block.
    pub merit: f64,
    pub entropy: f64,
}

/// The cluster of each row, as [`assign_points`] gives it.
pub(crate) fn labels(points: Points, clusters: &Clusters) -> Option<Vec<u32>> {
    let Clusters::Kmeans { centroids, .. } = clusters else {
        return assign_points(points, clusters).map(|assigned| assigned.assignments.cluster);
    };
    Some(nearest_labels(&Prepared::once(points), &centroids.concat()).0)
}

/// By the nearest of the centroids (k x p values).
fn by_distance(points: Points, centroids: &[f64]) -> Assigned {
    assigned(points.n, false, |part| {
        dispatch!(level(), _simd => distances(points, centroids, part));
    })
}

/// [`by_distance`] of one block.
#[inline(always)]
fn distances(points: Points, centroids: &[f64], part: &mut Part) {
    let k = centroids.len() / points.p;
    let mut squares = vec![[0.0; ROWS]; k];
    let first = part.range.start;
    each_group(
        points,
        part.range.clone(),
        #[inline(always)]
        |start, count, values| {
            let nearest = NearestTwo::of(values, centroids, &mut squares);
            let ratios = |squares: &Group| -> Group {
                let mut ratios = [1.0; ROWS];
                for at in 0..ROWS {
                    let ratio = nearest.squared[at] / squares[at];
                    ratios[at] = if squares[at] <= nearest.squared[at] { 1.0 } else { ratio };
                }
                ratios
            };
            let mut totals = [0.0; ROWS];
            for squares in &squares {
                let ratios = ratios(squares);
                for at in 0..ROWS {
                    totals[at] += ratios[at];
                }
            }
            let second = if k == 1 { [0.0; ROWS] } else { ratios(&nearest.second) };
            for at in 0..count {
                let place = start - first + at;
                part.cluster[place] = nearest.index[at] as u32;
                part.membership[place] = 1.0 / totals[at];
                part.margin[place] = (1.0 - second[at]) / totals[at];
                part.merit += points.weight(start + at) * nearest.squared[at];
            }
        },
    );
}

/// By the highest responsibility.
fn by_density(points: Points, density: &Density) -> Assigned {
    let noise = density.parts() > density.k();
    assigned(points.n, noise, |part| posteriors(points, density, part))
}

/// The assignment of `n` rows, block by block.
fn assigned(n: usize, noise: bool, work: impl Fn(&mut Part) + Sync + Send) -> Assigned {
    let mut all = Assignments {
        cluster: vec![0; n],
        membership: vec![0.0; n],
        margin: vec![0.0; n],
        noise: vec![0.0; if noise { n } else { 0 }],
    };
    let mut noises = all.noise.chunks_mut(BLOCK);
    let rows = all.cluster.chunks_mut(BLOCK).zip(all.membership.chunks_mut(BLOCK));
    let mut parts: Vec<Part> = rows
        .zip(all.margin.chunks_mut(BLOCK))
        .enumerate()
        .map(|(index, ((cluster, membership), margin))| Part {
            range: index * BLOCK..index * BLOCK + cluster.len(),
            cluster,
            membership,
            margin,
            noise: noises.next().unwrap_or_default(),
            merit: 0.0,
            entropy: 0.0,
        })
        .collect();
    each_block(n, &mut parts, work);
    let merit = parts.iter().map(|part| part.merit).sum();
    let entropy = parts.iter().map(|part| part.entropy).sum();
    Assigned { assignments: all, merit, entropy }
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
        let values = [1.0, 0.0, 2.0, 3.5];
        let alone = labels(Points::new(&values, 1), &kmeans(&[0.0, 4.0]));
        assert_eq!(alone.expect("k-means always assigns"), [0, 0, 0, 1]);
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
