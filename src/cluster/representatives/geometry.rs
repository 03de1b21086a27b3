//! A model of k clusters -> how far rows are from them, in the way the model measures.
//!
//! k-means: the squared Euclidean distance to the centroid. Mixture: the squared Mahalanobis
//! distance to the component's mean; of one component the nearer row has the higher density.

use crate::cluster::Clusters;
use crate::cluster::kernel::squared_distance;
use crate::cluster::mixture::{inverse_factor, packed_row};

/// What distances are computed from.
pub(in crate::cluster) struct Geometry<'a> {
    centres: &'a [Vec<f64>],
    /// Of a mixture, by component: L⁻¹ packed and ln weight + Σ ln (L⁻¹)ᵢᵢ.
    factors: Option<Vec<(Vec<f64>, f64)>>,
}

impl<'a> Geometry<'a> {
    /// Of `clusters`; `None` when a covariance cannot be factored, which none of a fit's is.
    pub fn new(clusters: &'a Clusters) -> Option<Self> {
        let centres = clusters.centres();
        let Clusters::Gmm { weights, covariances, .. } = clusters else {
            return Some(Self { centres, factors: None });
        };
        let factor = |(weight, covariance): (&f64, &Vec<Vec<f64>>)| {
            let p = covariance.len();
            let inverse = inverse_factor(&covariance.concat(), p)?;
            let log_determinant: f64 = (0..p).map(|i| inverse[packed_row(i) + i].ln()).sum();
            Some((inverse, weight.ln() + log_determinant))
        };
        let factors = weights.iter().zip(covariances).map(factor).collect::<Option<_>>()?;
        Some(Self { centres, factors: Some(factors) })
    }

    /// Squared distance of `row` (p values) to cluster `cluster`.
    pub fn squared(&self, row: &[f64], cluster: usize) -> f64 {
        let centre = &self.centres[cluster];
        let Some(factors) = &self.factors else { return squared_distance(row, centre) };
        let inverse = &factors[cluster].0;
        let mut squared = 0.0;
        for i in 0..row.len() {
            let whitened = whitened(inverse, i, row, centre);
            squared += whitened * whitened;
        }
        squared
    }

    /// The cluster nearest to `row` but for `own`, the lowest of equals: of k-means by distance, of
    /// a mixture by weight x density. None with one cluster.
    pub fn runner_up(&self, row: &[f64], own: usize) -> Option<usize> {
        let farness = |cluster: usize| {
            let squared = self.squared(row, cluster);
            match &self.factors {
                None => squared,
                Some(factors) => 0.5 * squared - factors[cluster].1,
            }
        };
        let others = (0..self.centres.len()).filter(|&cluster| cluster != own);
        let scored = others.map(|cluster| (farness(cluster), cluster));
        scored.reduce(|best, next| if next.0 < best.0 { next } else { best }).map(|best| best.1)
    }

    /// What each of the p columns adds to the squared distance of `row` to `cluster`. Of a
    /// mixture, whose columns are correlated, dⱼ (Σ⁻¹ d)ⱼ, which may be below 0: the partial
    /// decomposition reviewed by Alcala and Qin (Automatica 45, 2009).
    pub fn contributions(&self, row: &[f64], cluster: usize) -> Vec<f64> {
        let centre = &self.centres[cluster];
        let differences = row.iter().zip(centre).map(|(value, centre)| value - centre);
        let Some(factors) = &self.factors else {
            return differences.map(|difference| difference * difference).collect();
        };
        let inverse = &factors[cluster].0;
        let mut solved = vec![0.0; row.len()];
        for i in 0..row.len() {
            let whitened = whitened(inverse, i, row, centre);
            let factors = &inverse[packed_row(i)..=packed_row(i) + i];
            solved.iter_mut().zip(factors).for_each(|(sum, factor)| *sum += factor * whitened);
        }
        differences.zip(solved).map(|(difference, solved)| difference * solved).collect()
    }
}

/// Coordinate `i` of L⁻¹ (row - centre).
fn whitened(inverse: &[f64], i: usize, row: &[f64], centre: &[f64]) -> f64 {
    let factors = &inverse[packed_row(i)..=packed_row(i) + i];
    let differences = row.iter().zip(centre).map(|(value, centre)| value - centre);
    factors.iter().zip(differences).map(|(factor, difference)| factor * difference).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Covariance;

    /// Unit variances with correlation 0.8 at (0, 0), weight 3/4; the unit matrix at (9, 0).
    fn mixture() -> Clusters {
        let unit = vec![vec![1.0, 0.0], vec![0.0, 1.0]];
        Clusters::Gmm {
            weights: vec![0.75, 0.25],
            means: vec![vec![0.0, 0.0], vec![9.0, 0.0]],
            covariances: vec![vec![vec![1.0, 0.8], vec![0.8, 1.0]], unit],
            covariance: Covariance::Full,
            noise: None,
            log_likelihood: 0.0,
        }
    }

    #[test]
    fn mahalanobis_by_hand() {
        // The inverse of [[1, 0.8], [0.8, 1]] is [[1, -0.8], [-0.8, 1]] / 0.36: along (1, 1) the
        // squared distance is 0.4 / 0.36, along (1, -1) it is 3.6 / 0.36.
        let clusters = mixture();
        let geometry = Geometry::new(&clusters).expect("factors");
        assert!((geometry.squared(&[1.0, 1.0], 0) - 0.4 / 0.36).abs() < 1e-12);
        assert!((geometry.squared(&[1.0, -1.0], 0) - 10.0).abs() < 1e-12);
        assert_eq!(geometry.squared(&[9.0, 2.0], 1), 4.0);
        // (2, 1): 2 (2 - 0.8) / 0.36 and 1 (1 - 1.6) / 0.36.
        let parts = geometry.contributions(&[2.0, 1.0], 0);
        assert!((parts[0] - 2.4 / 0.36).abs() < 1e-12 && (parts[1] + 0.6 / 0.36).abs() < 1e-12);
        assert!((parts.iter().sum::<f64>() - geometry.squared(&[2.0, 1.0], 0)).abs() < 1e-12);
    }

    #[test]
    fn neighbours_by_hand() {
        let clusters = Clusters::Kmeans {
            centroids: vec![vec![0.0, 0.0], vec![3.0, 0.0], vec![-3.0, 0.0], vec![0.0, 4.0]],
            inertia: 0.0,
        };
        let geometry = Geometry::new(&clusters).expect("k-means");
        assert_eq!(geometry.runner_up(&[1.0, 0.0], 0), Some(1));
        assert_eq!(geometry.runner_up(&[0.0, 0.0], 0), Some(1), "the lowest of equals");
        assert_eq!(geometry.runner_up(&[1.0, 0.0], 1), Some(0));
        assert_eq!(geometry.contributions(&[1.0, 2.0], 1), [4.0, 4.0]);
        let one = Clusters::Kmeans { centroids: vec![vec![0.0]], inertia: 0.0 };
        assert_eq!(Geometry::new(&one).expect("k-means").runner_up(&[5.0], 0), None);
        // (5, 0): 25 / 0.72 = 34.7 against 8, weights and determinants notwithstanding.
        let mixture = mixture();
        let geometry = Geometry::new(&mixture).expect("factors");
        assert_eq!(geometry.runner_up(&[5.0, 0.0], 0), Some(1));
    }

    #[test]
    fn a_covariance_that_is_none_gives_no_geometry() {
        let mut clusters = mixture();
        if let Clusters::Gmm { covariances, .. } = &mut clusters {
            covariances[1][0][0] = 0.0;
        }
        assert!(Geometry::new(&clusters).is_none());
    }
}
