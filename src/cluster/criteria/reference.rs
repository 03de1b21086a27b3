//! n x p rows -> draws of as many rows without clusters: uniform over a box along the principal axes.
//!
//! The box of [`Axes::ranges`] is reference (b) of Tibshirani, Walther and Hastie (J. R. Statist.
//! Soc. B 63, 2001, section 4); that of [`Axes::moments`] has the covariance of the rows instead,
//! which a single far customer does not stretch as it does a range. The rows count once: those
//! with weights are repeated first.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::cluster::kernel::{Points, map_blocks};
use crate::math::symmetric_eigen;
use crate::types::Seed;

/// The principal axes of rows.
#[derive(Clone, Debug)]
pub(crate) struct Axes {
    /// Mean of the rows.
    means: Vec<f64>,
    /// p orthonormal vectors.
    vectors: Vec<Vec<f64>>,
    /// p variances along them, at least 0.
    variances: Vec<f64>,
}

/// A box along the axes: bounds of the coordinates, a pair an axis.
#[derive(Clone, Debug)]
pub(crate) struct Bounds(Vec<[f64; 2]>);

impl Axes {
    /// Those of `points`, whose values are finite.
    pub fn new(points: Points) -> Option<Self> {
        let p = points.p;
        let means = points.means();
        let parts = map_blocks(points.n, |range| {
            let mut sums = vec![vec![0.0; p]; p];
            for row in points.rows(range) {
                for i in 0..p {
                    for j in i..p {
                        sums[i][j] += (row[i] - means[i]) * (row[j] - means[j]);
                    }
                }
            }
            sums
        });
        let mut covariance = vec![vec![0.0; p]; p];
        for part in parts {
            for (total, sum) in covariance.iter_mut().flatten().zip(part.iter().flatten()) {
                *total += sum / points.n as f64;
            }
        }
        let eigen = symmetric_eigen(&covariance)?;
        let variances = eigen.values.into_iter().map(|value| value.max(0.0)).collect();
        Some(Self { means, vectors: eigen.vectors, variances })
    }

    /// Uniform over the ranges of the rows along the axes.
    pub fn ranges(&self, points: Points) -> Bounds {
        let mut bounds = vec![[f64::INFINITY, f64::NEG_INFINITY]; points.p];
        for row in points.rows(0..points.n) {
            for (bound, axis) in bounds.iter_mut().zip(&self.vectors) {
                let along: f64 =
                    row.iter().zip(&self.means).zip(axis).map(|((x, m), a)| (x - m) * a).sum();
                *bound = [bound[0].min(along), bound[1].max(along)];
            }
        }
        Bounds(bounds)
    }

    /// Uniform over the box along the axes that has the variances of the rows.
    pub fn moments(&self) -> Bounds {
        // A uniform law of width w has the variance w² / 12.
        let half = |variance: &f64| (3.0 * variance).sqrt();
        Bounds(self.variances.iter().map(half).map(|half| [-half, half]).collect())
    }

    /// `n` rows of p, uniform over a box.
    pub fn draw(&self, bounds: &Bounds, n: usize, seed: Seed) -> Vec<f64> {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed.0);
        let p = self.means.len();
        let mut values = Vec::with_capacity(n * p);
        for _ in 0..n {
            let start = values.len();
            values.extend_from_slice(&self.means);
            for ([low, high], axis) in bounds.0.iter().zip(&self.vectors) {
                let along = low + (high - low) * rng.r#gen::<f64>();
                values[start..].iter_mut().zip(axis).for_each(|(value, a)| *value += along * a);
            }
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows along the diagonal of a plane, spread 4 along and 1 across.
    fn slanted() -> Vec<f64> {
        (0..400)
            .flat_map(|i| {
                let (along, across) = (f64::from(i % 20) - 9.5, f64::from(i / 20) - 9.5);
                let (along, across) = (along * 0.4, across * 0.1);
                [3.0 + along - across, along + across]
            })
            .collect()
    }

    #[test]
    fn draws_have_the_covariance_and_the_box_its_ranges() {
        let values = slanted();
        let points = Points::new(&values, 2);
        let axes = Axes::new(points).expect("finite");
        for (law, exact) in [(axes.moments(), true), (axes.ranges(points), false)] {
            let drawn = axes.draw(&law, 20_000, Seed(5));
            let again = Axes::new(Points::new(&drawn, 2)).expect("finite");
            for (found, expected) in again.variances.iter().zip(&axes.variances) {
                // The lattice of 20 steps has 1 - 1/400 of the variance of its continuous law,
                // and its range is 19 of the 20 steps.
                let expected =
                    if exact { *expected } else { expected * 0.95 * 0.95 / (1.0 - 0.0025) };
                assert!((found / expected - 1.0).abs() < 0.03, "{found} {expected}");
            }
            assert!((again.means[0] - 3.0).abs() < 0.1 && again.means[1].abs() < 0.1);
        }
        let Bounds(bounds) = axes.ranges(points);
        // The longer axis stands last; its half range is 9.5 * 0.4 * sqrt(2).
        assert!((bounds[1][1] - 9.5 * 0.4 * 2f64.sqrt()).abs() < 1e-9);
        assert!((bounds[0][1] - 9.5 * 0.1 * 2f64.sqrt()).abs() < 1e-9);
    }

    #[test]
    fn a_constant_column_stays_constant() {
        let values: Vec<f64> = (0..50).flat_map(|i| [f64::from(i % 7), 4.0]).collect();
        let axes = Axes::new(Points::new(&values, 2)).expect("finite");
        let drawn = axes.draw(&axes.moments(), 100, Seed(1));
        assert!(drawn.chunks_exact(2).all(|row| (row[1] - 4.0).abs() < 1e-12));
    }
}
