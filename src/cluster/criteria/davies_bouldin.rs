//! The dispersion of a labelling -> the mean similarity of each cluster to the one most like it;
//! lower is better.
//!
//! Davies and Bouldin (IEEE Trans. Pattern Analysis and Machine Intelligence 1, 1979) with the
//! exponents that are customary, p = 2 and q = 1: R_ij = (S_i + S_j) / M_ij with S the mean
//! distance of a cluster's members to their mean and M the distance of two means; the index is the
//! mean over i of the largest R_ij. Weights are repetitions.

use super::Dispersion;
use crate::cluster::kernel::squared_distance;

/// None where it is not defined: a single cluster, a cluster without a member, two clusters with
/// one mean.
pub(crate) fn davies_bouldin(of: &Dispersion) -> Option<f64> {
    let k = of.k();
    if k < 2 || of.sizes.contains(&0.0) {
        return None;
    }
    let p = of.means.len() / k;
    let spread: Vec<f64> =
        of.distances.iter().zip(&of.sizes).map(|(sum, size)| sum / size).collect();
    let mut worst = vec![0.0_f64; k];
    for i in 0..k {
        for j in 0..i {
            let mean = |index: usize| &of.means[index * p..(index + 1) * p];
            let similarity = (spread[i] + spread[j]) / squared_distance(mean(i), mean(j)).sqrt();
            if !similarity.is_finite() {
                return None;
            }
            worst[i] = worst[i].max(similarity);
            worst[j] = worst[j].max(similarity);
        }
    }
    Some(worst.iter().sum::<f64>() / k as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::criteria::Labelling;
    use crate::cluster::kernel::Points;

    fn of(values: &[f64], labels: &[u32], k: usize) -> Option<f64> {
        davies_bouldin(&Dispersion::new(Points::new(values, 1), Labelling { labels, k }))
    }

    #[test]
    fn three_clusters_by_hand() {
        // Means 1, 5, 13, spreads 1, 0, 2: R = 1/4, 3/12, 2/8, so every largest is 1/4.
        let found = of(&[0.0, 2.0, 5.0, 11.0, 15.0], &[0, 0, 1, 2, 2], 3);
        assert!((found.expect("three") - 0.25).abs() < 1e-15);
        // Means 1 and 4, spreads 1 and 0.5: both 1.5 / 3.
        assert_eq!(of(&[0.0, 2.0, 3.5, 4.5], &[0, 0, 1, 1], 2), Some(0.5));
    }

    #[test]
    fn where_it_is_not_defined() {
        assert_eq!(of(&[0.0, 2.0], &[0, 0], 1), None);
        assert_eq!(of(&[0.0, 2.0, 1.0], &[0, 0, 1], 2), None, "one mean");
        assert_eq!(of(&[0.0, 2.0], &[0, 1], 3), None, "a cluster without a member");
    }
}
