//! A fitted mixture and its final assignment -> information criteria, lower is better.
//!
//! With log-likelihood ln L, m free parameters (those of [`Clusters::free_parameters`]) and n
//! customers, or the sum of their weights: BIC = -2 ln L + m ln n (Schwarz, Annals of Statistics
//! 6, 1978), AIC = -2 ln L + 2 m (Akaike, IEEE Trans. Automatic Control 19, 1974), and
//! ICL = BIC + 2 E with E the entropy of the assignment (Biernacki, Celeux and Govaert, IEEE
//! Trans. PAMI 22, 2000, in the form of McLachlan and Peel, Finite Mixture Models, 2000, equation
//! 6.72): components that overlap pay for it. k-means has no likelihood and no criterion here.

use crate::cluster::Clusters;
use crate::cluster::assign::Assigned;

/// The three criteria of one mixture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Information {
    /// Bayesian information criterion.
    pub bic: f64,
    /// Akaike's information criterion.
    pub aic: f64,
    /// Integrated completed likelihood.
    pub icl: f64,
}

/// The criteria of `clusters` by the assignment of the rows that they were fitted to, which count
/// `total_weight` together; none for k-means.
pub(crate) fn information(
    clusters: &Clusters,
    assigned: &Assigned,
    total_weight: f64,
) -> Option<Information> {
    let free = clusters.free_parameters()? as f64;
    let deviance = -2.0 * assigned.merit;
    let bic = deviance + free * total_weight.ln();
    Some(Information { bic, aic: deviance + 2.0 * free, icl: bic + 2.0 * assigned.entropy })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Covariance;
    use crate::cluster::assign::assign_points;
    use crate::cluster::kernel::Points;

    #[test]
    fn criteria_by_hand() {
        // Two unit normals at 0 and 4, weights one half: at 2 the density is that of either,
        // ln N = -2 - ln(2 pi) / 2, and the entropy ln 2. m = 1 + 2 + 2.
        let clusters = Clusters::Gmm {
            weights: vec![0.5, 0.5],
            means: vec![vec![0.0], vec![4.0]],
            covariances: vec![vec![vec![1.0]]; 2],
            covariance: Covariance::Diagonal,
            noise: None,
            log_likelihood: 0.0,
        };
        let values = [2.0, 2.0, 2.0];
        let points = Points::new(&values, 1);
        let assigned = assign_points(points, &clusters).expect("factors");
        let found = information(&clusters, &assigned, 3.0).expect("a mixture");
        let deviance = 6.0 * (2.0 + 0.5 * std::f64::consts::TAU.ln());
        let bic = deviance + 5.0 * 3f64.ln();
        assert!((found.bic - bic).abs() < 1e-12);
        assert!((found.aic - (deviance + 10.0)).abs() < 1e-12);
        assert!((found.icl - (bic + 6.0 * 2f64.ln())).abs() < 1e-12);
        let kmeans = Clusters::Kmeans { centroids: vec![vec![0.0]], inertia: 0.0 };
        let assigned = assign_points(points, &kmeans).expect("k-means always assigns");
        assert_eq!(information(&kmeans, &assigned, 3.0), None);
    }
}
