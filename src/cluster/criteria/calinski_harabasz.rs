//! The dispersion of a labelling -> the variance ratio criterion; higher is better.
//!
//! Calinski and Harabasz (Communications in Statistics 3, 1974): (B / (k - 1)) / (W / (n - k)) with
//! B the sum of squares between the means of the clusters and W that within them. Weights are
//! repetitions: n is their sum.

use super::Dispersion;
use crate::cluster::kernel::squared_distance;

/// None where it is not defined: a single cluster, as many clusters as rows, no spread within
/// clusters.
pub(crate) fn calinski_harabasz(of: &Dispersion) -> Option<f64> {
    let (n, k) = (of.sizes.iter().sum::<f64>(), of.k() as f64);
    let p = of.means.len() / of.k().max(1);
    let mut mean = vec![0.0; p];
    for (centre, size) in of.means.chunks_exact(p).zip(&of.sizes) {
        mean.iter_mut().zip(centre).for_each(|(sum, value)| *sum += size * value / n);
    }
    let between: f64 = of
        .means
        .chunks_exact(p)
        .zip(&of.sizes)
        .map(|(centre, size)| size * squared_distance(centre, &mean))
        .sum();
    let within = of.within();
    (of.k() > 1 && n > k && within > 0.0)
        .then(|| (between / (k - 1.0)) / (within / (n - k)))
        .filter(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::criteria::Labelling;
    use crate::cluster::kernel::Points;

    fn of(values: &[f64], labels: &[u32], k: usize) -> Option<f64> {
        calinski_harabasz(&Dispersion::new(Points::new(values, 1), Labelling { labels, k }))
    }

    #[test]
    fn four_customers_by_hand() {
        // Means 1 and 7 about 4: B = 2 (9) + 2 (9) = 36; W = 4; (36 / 1) / (4 / 2) = 18.
        assert_eq!(of(&[0.0, 2.0, 6.0, 8.0], &[0, 0, 1, 1], 2), Some(18.0));
    }

    #[test]
    fn where_it_is_not_defined() {
        assert_eq!(of(&[0.0, 2.0], &[0, 0], 1), None);
        assert_eq!(of(&[0.0, 2.0], &[0, 1], 2), None, "a customer each");
        assert_eq!(of(&[0.0, 0.0, 2.0], &[0, 0, 1], 2), None, "no spread");
    }
}
