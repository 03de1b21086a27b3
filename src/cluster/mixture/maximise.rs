//! Sums of the E step -> the next mixture, for each shape of covariances.
//!
//! M step (Bishop 2006, equations 9.24 to 9.26). Tied covariances come from the identity of total,
//! within and between: within = total - Σ nₖ (μₖ - o)(μₖ - o)ᵀ, all about one origin o. Diagonal and
//! spherical ones are the diagonal of the full ones and its mean (Celeux and Govaert, Pattern
//! Recognition 28, 1995, models [λₖBₖ] and [λₖI]). The floor is added to each diagonal, for
//! spherical covariances to the mean variance, as scikit-learn's `reg_covar` is.

use super::cholesky::packed_row;
use super::density::Mixture;
use super::expect::{Moments, Second};
use crate::cluster::Covariance;

/// Share of a customer below which a component has collapsed.
const COLLAPSED: f64 = 0.5;

/// Makes the mixture that `moments` ask for, taken about its present means and, for tied
/// covariances, about `origin` (p). `unit` is what one customer weighs and `floor` is added to the
/// variances. The lowest component that collapsed is returned; it keeps its mean and covariance.
pub(crate) fn maximise(
    mixture: &mut Mixture,
    moments: &Moments,
    origin: &[f64],
    unit: f64,
    floor: f64,
) -> Option<usize> {
    let (p, k) = (mixture.p, mixture.k());
    let total = moments.weights.iter().sum::<f64>() + moments.noise;
    let mut collapsed = None;
    let mut within = match &moments.second {
        Second::Tied(packed) => packed.clone(),
        Second::Full(_) | Second::Diagonal(_) => Vec::new(),
    };
    for index in 0..k {
        let weight = moments.weights[index];
        mixture.weights[index] = weight / total;
        let first = &moments.first[index * p..(index + 1) * p];
        let shift: Vec<f64> =
            first.iter().map(|sum| if weight > 0.0 { sum / weight } else { 0.0 }).collect();
        let means = &mut mixture.means[index * p..(index + 1) * p];
        if let Second::Tied(_) = &moments.second {
            let away: Vec<f64> = (0..p).map(|i| means[i] + shift[i] - origin[i]).collect();
            for i in 0..p {
                for j in 0..=i {
                    within[packed_row(i) + j] -= weight * away[i] * away[j];
                }
            }
        }
        if weight < COLLAPSED * unit {
            collapsed = collapsed.or(Some(index));
            continue;
        }
        means.iter_mut().zip(&shift).for_each(|(mean, shift)| *mean += shift);
        let covariance = &mut mixture.covariances[index * p * p..(index + 1) * p * p];
        match &moments.second {
            Second::Full(packed) => {
                let second = &packed[index * packed_row(p)..(index + 1) * packed_row(p)];
                let of =
                    |i: usize, j: usize| second[packed_row(i) + j] / weight - shift[i] * shift[j];
                write_symmetric(covariance, p, floor, of);
            }
            Second::Tied(_) => {}
            Second::Diagonal(second) => {
                let second = &second[index * p..(index + 1) * p];
                let variance = |i: usize| (second[i] / weight - shift[i] * shift[i]).max(0.0);
                if mixture.covariance == Covariance::Spherical {
                    let mean = (0..p).map(variance).sum::<f64>() / p as f64;
                    write_diagonal(covariance, p, floor, |_| mean);
                } else {
                    write_diagonal(covariance, p, floor, variance);
                }
            }
        }
    }
    if let Second::Tied(_) = &moments.second {
        let of_components = total - moments.noise;
        if of_components > 0.0 {
            let mut common = vec![0.0; p * p];
            let of = |i: usize, j: usize| within[packed_row(i) + j] / of_components;
            write_symmetric(&mut common, p, floor, of);
            mixture.covariances = common.repeat(k);
        }
    }
    mixture.noise.iter_mut().for_each(|noise| noise.weight = moments.noise / total);
    mixture.normalise_weights();
    collapsed
}

/// A p x p matrix from its lower triangle, variances not below 0 and `floor` added to them.
fn write_symmetric(out: &mut [f64], p: usize, floor: f64, of: impl Fn(usize, usize) -> f64) {
    for i in 0..p {
        for j in 0..=i {
            let value = if i == j { of(i, i).max(0.0) + floor } else { of(i, j) };
            out[i * p + j] = value;
            out[j * p + i] = value;
        }
    }
}

/// A p x p diagonal matrix with `floor` added to the variances.
fn write_diagonal(out: &mut [f64], p: usize, floor: f64, of: impl Fn(usize) -> f64) {
    out.fill(0.0);
    for i in 0..p {
        out[i * (p + 1)] = of(i) + floor;
    }
}
