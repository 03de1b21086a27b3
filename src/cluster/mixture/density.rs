//! Mixture of k components over p features -> ln(weight x density) of 64 rows at a time.
//!
//! Rows are transposed into tiles so that the inner loops run over rows. With L⁻¹ the inverse
//! Cholesky factor of a covariance, ln N(x) = -p/2 ln 2π + Σ ln (L⁻¹)ᵢᵢ - |L⁻¹ (x - μ)|² / 2.
//! Responsibilities come by log-sum-exp: a row however far has finite ones that sum to 1.

use super::cholesky::{inverse_factor, packed_len, packed_row};

/// Rows that one step of an inner loop serves.
pub(crate) const LANES: usize = 8;
/// Steps of a tile.
const STEPS: usize = 8;
/// Rows of a tile.
pub(crate) const TILE: usize = LANES * STEPS;

/// One figure for each row of a tile.
pub(crate) type Lanes = [[f64; LANES]; STEPS];

/// A mixture in plain vectors, row after row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mixture {
    /// Features.
    pub p: usize,
    /// k mixing weights, summing to 1.
    pub weights: Vec<f64>,
    /// k x p.
    pub means: Vec<f64>,
    /// k x p x p.
    pub covariances: Vec<f64>,
}

/// What the densities of a [`Mixture`] are computed from.
#[derive(Clone, Debug)]
pub(crate) struct Density {
    p: usize,
    /// ln weight - p/2 ln 2π + Σ ln (L⁻¹)ᵢᵢ, by component.
    constants: Vec<f64>,
    means: Vec<f64>,
    /// L⁻¹ packed, by component.
    inverses: Vec<f64>,
}

impl Mixture {
    /// Components.
    pub fn k(&self) -> usize {
        self.weights.len()
    }
}

impl Density {
    /// Factors the covariances; the first component whose covariance cannot be as the error.
    pub fn new(mixture: &Mixture) -> Result<Self, usize> {
        let p = mixture.p;
        let mut inverses = Vec::with_capacity(mixture.k() * packed_len(p));
        let mut constants = Vec::with_capacity(mixture.k());
        for (index, covariance) in mixture.covariances.chunks_exact(p * p).enumerate() {
            let inverse = inverse_factor(covariance, p).ok_or(index)?;
            let log_determinant: f64 = (0..p).map(|i| inverse[packed_row(i) + i].ln()).sum();
            constants.push(
                mixture.weights[index].ln() - 0.5 * p as f64 * std::f64::consts::TAU.ln()
                    + log_determinant,
            );
            inverses.extend_from_slice(&inverse);
        }
        Ok(Self { p, constants, means: mixture.means.clone(), inverses })
    }

    /// Components.
    pub fn k(&self) -> usize {
        self.constants.len()
    }

    /// The rows of `tile` (one [`Lanes`] a feature) less the mean of component `index`.
    #[inline]
    pub fn centre(&self, index: usize, tile: &[Lanes], centred: &mut [Lanes]) {
        let means = &self.means[index * self.p..(index + 1) * self.p];
        for ((centred, tile), mean) in centred.iter_mut().zip(tile).zip(means) {
            for step in 0..STEPS {
                for lane in 0..LANES {
                    centred[step][lane] = tile[step][lane] - mean;
                }
            }
        }
    }

    /// ln(weight x density) under component `index` of rows already centred on it.
    #[inline]
    fn log_density(&self, index: usize, centred: &[Lanes]) -> Lanes {
        let len = packed_len(self.p);
        let inverse = &self.inverses[index * len..(index + 1) * len];
        let mut squared = [[0.0; LANES]; STEPS];
        for row in 0..self.p {
            let factors = &inverse[packed_row(row)..=packed_row(row) + row];
            for (step, squared) in squared.iter_mut().enumerate() {
                let mut sum = [0.0; LANES];
                for (factor, centred) in factors.iter().zip(centred) {
                    for lane in 0..LANES {
                        sum[lane] += factor * centred[step][lane];
                    }
                }
                for lane in 0..LANES {
                    squared[lane] += sum[lane] * sum[lane];
                }
            }
        }
        for lanes in &mut squared {
            lanes.iter_mut().for_each(|value| *value = self.constants[index] - 0.5 * *value);
        }
        squared
    }

    /// Responsibilities of every component for the rows of `tile`, into `responsibilities` (k);
    /// the log-likelihood of each row is returned.
    pub fn responsibilities(
        &self,
        tile: &[Lanes],
        centred: &mut [Lanes],
        responsibilities: &mut [Lanes],
    ) -> Lanes {
        let mut highest = [[f64::NEG_INFINITY; LANES]; STEPS];
        for (index, out) in responsibilities.iter_mut().enumerate() {
            self.centre(index, tile, centred);
            *out = self.log_density(index, centred);
            for (highest, value) in highest.as_flattened_mut().iter_mut().zip(out.as_flattened()) {
                *highest = if *value > *highest { *value } else { *highest };
            }
        }
        let mut sums = [[0.0; LANES]; STEPS];
        for out in responsibilities.iter_mut() {
            let rows = out.as_flattened_mut().iter_mut().zip(highest.as_flattened());
            for ((value, highest), sum) in rows.zip(sums.as_flattened_mut()) {
                *value = (*value - highest).exp();
                *sum += *value;
            }
        }
        let mut inverse = [[0.0; LANES]; STEPS];
        for (inverse, sum) in inverse.as_flattened_mut().iter_mut().zip(sums.as_flattened()) {
            *inverse = 1.0 / sum;
        }
        for out in responsibilities.iter_mut() {
            for (value, inverse) in out.as_flattened_mut().iter_mut().zip(inverse.as_flattened()) {
                *value *= inverse;
            }
        }
        for (highest, sum) in highest.as_flattened_mut().iter_mut().zip(sums.as_flattened()) {
            *highest += sum.ln();
        }
        highest
    }
}

/// Transposes at most [`TILE`] rows of p into `tile` (one [`Lanes`] a feature); rows that are
/// missing repeat the first.
pub(crate) fn transpose(rows: &[f64], p: usize, tile: &mut [Lanes]) {
    let count = rows.len() / p;
    for (feature, tile) in tile.iter_mut().enumerate() {
        for (index, value) in tile.as_flattened_mut().iter_mut().enumerate() {
            let row = if index < count { index } else { 0 };
            *value = rows[row * p + feature];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn densities_by_hand_and_far_away() {
        // Two unit normals at 0 and 4 with equal weights: at 2 both have density
        // ln 0.5 - ln sqrt(2 pi) - 2.
        let mixture = Mixture {
            p: 1,
            weights: vec![0.5, 0.5],
            means: vec![0.0, 4.0],
            covariances: vec![1.0, 1.0],
        };
        let density = Density::new(&mixture).expect("positive");
        let mut tile = [[[0.0; LANES]; STEPS]];
        transpose(&[2.0, 1e6, -1e9], 1, &mut tile);
        let mut parts = [[[0.0; LANES]; STEPS]; 2];
        let log_likelihood =
            density.responsibilities(&tile, &mut [[[0.0; LANES]; STEPS]], &mut parts);
        let expected = -0.5 * std::f64::consts::TAU.ln() - 2.0;
        assert!((log_likelihood[0][0] - expected).abs() < 1e-14);
        assert_eq!((parts[0][0][0], parts[1][0][0]), (0.5, 0.5));
        assert_eq!((parts[0][0][1], parts[1][0][1]), (0.0, 1.0));
        assert_eq!((parts[0][0][2], parts[1][0][2]), (1.0, 0.0));
        assert!(log_likelihood.as_flattened().iter().all(|value| value.is_finite()));
    }

    #[test]
    fn the_component_that_cannot_be_factored_is_named() {
        let mixture = Mixture {
            p: 1,
            weights: vec![0.5, 0.5],
            means: vec![0.0, 4.0],
            covariances: vec![1.0, 0.0],
        };
        assert_eq!(Density::new(&mixture).err(), Some(1));
    }
}
