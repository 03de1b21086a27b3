//! Mixture of k components over p features -> ln(weight x density) of a tile of rows.
//!
//! With L⁻¹ the inverse Cholesky factor of a covariance,
//! ln N(x) = -p/2 ln 2π + Σ ln (L⁻¹)ᵢᵢ - |L⁻¹ (x - μ)|² / 2 (Bishop 2006, equation 2.43). One
//! factor serves all components of tied covariances; diagonal and spherical ones need no more than
//! reciprocal deviations. The noise, where there is one, stands last and has one density
//! everywhere.

use fearless_simd::f64x8;
use fearless_simd::prelude::*;

use super::cholesky::{inverse_factor, packed_len, packed_row};
use super::elementary::ln_of;
use super::tile::{Lanes, STEPS, Tile};
use crate::cluster::{Covariance, Noise};

/// A mixture in plain vectors, row after row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mixture {
    /// Features.
    pub p: usize,
    /// k mixing weights, summing to 1 with that of the noise.
    pub weights: Vec<f64>,
    /// k x p.
    pub means: Vec<f64>,
    /// k x p x p, written out whatever their shape.
    pub covariances: Vec<f64>,
    /// Their shape.
    pub covariance: Covariance,
    /// The uniform component.
    pub noise: Option<Noise>,
}

/// What the densities of a [`Mixture`] are computed from.
#[derive(Clone, Debug)]
pub(crate) struct Density {
    p: usize,
    k: usize,
    /// ln weight - p/2 ln 2π + Σ ln (L⁻¹)ᵢᵢ by component, then ln weight + ln density of the noise.
    constants: Vec<f64>,
    /// k x p; of tied covariances L⁻¹ (μ - origin).
    means: Vec<f64>,
    shape: Shape,
}

/// What differs by the shape of covariances.
#[derive(Clone, Debug)]
enum Shape {
    /// L⁻¹ packed, by component.
    Full(Vec<f64>),
    /// L⁻¹ packed and the origin that rows are taken about: the mean of the means.
    Tied(Vec<f64>, Vec<f64>),
    /// k x p reciprocal deviations.
    Diagonal(Vec<f64>),
    /// k reciprocal deviations.
    Spherical(Vec<f64>),
}

/// Buffers of [`Density::log_densities`].
#[derive(Clone, Debug)]
pub(crate) struct Room {
    /// Rows less a mean, or L⁻¹ of rows less the origin.
    pub rows: Vec<Lanes>,
}

impl Mixture {
    /// Components, the noise not counted.
    pub fn k(&self) -> usize {
        self.weights.len()
    }

    /// Makes the weights sum to 1, that of the noise with them.
    pub fn normalise_weights(&mut self) {
        let of_noise = self.noise.map_or(0.0, |noise| noise.weight);
        let total = self.weights.iter().sum::<f64>() + of_noise;
        self.weights.iter_mut().for_each(|weight| *weight /= total);
        self.noise.iter_mut().for_each(|noise| noise.weight /= total);
    }
}

impl Density {
    /// Factors the covariances; the first component whose covariance cannot be as the error.
    pub fn new(mixture: &Mixture) -> Result<Self, usize> {
        let (p, k) = (mixture.p, mixture.k());
        let covariance = |index: usize| &mixture.covariances[index * p * p..(index + 1) * p * p];
        let reciprocal = |index: usize, feature: usize| {
            let deviation = covariance(index)[feature * (p + 1)].sqrt();
            let reciprocal = 1.0 / deviation;
            let usable = deviation > 0.0 && deviation.is_finite() && reciprocal.is_finite();
            usable.then_some(reciprocal).ok_or(index)
        };
        let mut means = mixture.means.clone();
        let shape = match mixture.covariance {
            Covariance::Full => {
                let mut inverses = Vec::with_capacity(k * packed_len(p));
                for index in 0..k {
                    inverses.extend(inverse_factor(covariance(index), p).ok_or(index)?);
                }
                Shape::Full(inverses)
            }
            Covariance::Tied => {
                let inverse = inverse_factor(covariance(0), p).ok_or(0usize)?;
                let mean = |i| (0..k).map(|c| mixture.means[c * p + i]).sum::<f64>() / k as f64;
                let origin: Vec<f64> = (0..p).map(mean).collect();
                for mean in means.chunks_exact_mut(p) {
                    let centred: Vec<f64> = mean.iter().zip(&origin).map(|(m, o)| m - o).collect();
                    for (i, value) in mean.iter_mut().enumerate() {
                        let factors = inverse[packed_row(i)..=packed_row(i) + i].iter();
                        *value = factors.zip(&centred).fold(0.0, |sum, (f, c)| c.mul_add(*f, sum));
                    }
                }
                Shape::Tied(inverse, origin)
            }
            Covariance::Diagonal => {
                let each = (0..k * p).map(|at| reciprocal(at / p, at % p));
                Shape::Diagonal(each.collect::<Result<_, _>>()?)
            }
            Covariance::Spherical => {
                let each = (0..k).map(|index| reciprocal(index, 0));
                Shape::Spherical(each.collect::<Result<_, _>>()?)
            }
        };
        let log_determinant = |index: usize| -> f64 {
            let packed = |inverse: &[f64]| (0..p).map(|i| ln_of(inverse[packed_row(i) + i])).sum();
            match &shape {
                Shape::Full(inverses) => packed(&inverses[index * packed_len(p)..]),
                Shape::Tied(inverse, _) => packed(inverse),
                Shape::Diagonal(each) => {
                    each[index * p..(index + 1) * p].iter().map(|&value| ln_of(value)).sum()
                }
                Shape::Spherical(each) => p as f64 * ln_of(each[index]),
            }
        };
        let log_turns = 0.5 * p as f64 * ln_of(std::f64::consts::TAU);
        let mut constants: Vec<f64> = (0..k)
            .map(|index| log_weight(mixture.weights[index]) - log_turns + log_determinant(index))
            .collect();
        constants.extend(mixture.noise.map(|noise| log_weight(noise.weight) + noise.log_density));
        Ok(Self { p, k, constants, means, shape })
    }

    /// Components, the noise not counted.
    pub fn k(&self) -> usize {
        self.k
    }

    /// Components, the noise counted.
    pub fn parts(&self) -> usize {
        self.constants.len()
    }

    /// Buffers.
    pub fn room(&self) -> Room {
        Room { rows: vec![Lanes::default(); self.p] }
    }

    /// ln(weight x density) of the rows of `tile` under every component, the noise last, into
    /// `parts`; the highest of each row is returned.
    #[inline(always)]
    pub fn log_densities<S: Simd>(
        &self,
        simd: S,
        tile: &Tile,
        room: &mut Room,
        parts: &mut [Lanes],
    ) -> Lanes {
        if let Shape::Tied(inverse, origin) = &self.shape {
            let mut centred = std::mem::take(&mut room.rows);
            centre(simd, &tile.rows, origin, &mut centred);
            whiten(simd, inverse, &mut centred);
            room.rows = centred;
        }
        let mut highest = Lanes::default();
        highest.fill(f64::NEG_INFINITY);
        for (index, out) in parts.iter_mut().enumerate() {
            let constant = self.constants[index];
            if index < self.k {
                self.squared(simd, index, tile, room, out);
                for (out, highest) in out.0.iter_mut().zip(&mut highest.0) {
                    // Of rows too far for their square to be a number, all components count as
                    // equally far.
                    let squared = out.get(simd);
                    let far = f64x8::splat(simd, f64::MAX);
                    let squared = squared.simd_lt(far).select(squared, far);
                    let value = squared.mul_add_precise(-0.5, constant);
                    out.set(value);
                    let before = highest.get(simd);
                    highest.set(value.simd_gt(before).select(value, before));
                }
            } else {
                out.fill(constant);
                for highest in &mut highest.0 {
                    let (value, before) = (f64x8::splat(simd, constant), highest.get(simd));
                    highest.set(value.simd_gt(before).select(value, before));
                }
            }
        }
        highest
    }

    /// |L⁻¹ (x - μ)|² under component `index`.
    #[inline(always)]
    fn squared<S: Simd>(
        &self,
        simd: S,
        index: usize,
        tile: &Tile,
        room: &mut Room,
        out: &mut Lanes,
    ) {
        let p = self.p;
        let means = &self.means[index * p..(index + 1) * p];
        match &self.shape {
            Shape::Full(inverses) => {
                let len = packed_len(p);
                centre(simd, &tile.rows, means, &mut room.rows);
                let inverse = &inverses[index * len..(index + 1) * len];
                // As many accumulators as registers hold.
                if <S::f64s as SimdBase<S>>::LEN >= 8 {
                    mahalanobis::<S, 4>(simd, inverse, &room.rows, out);
                } else {
                    mahalanobis::<S, 2>(simd, inverse, &room.rows, out);
                }
            }
            Shape::Tied(..) => scaled_distance(simd, &room.rows, means, |_| 1.0, out),
            Shape::Diagonal(each) => {
                let each = &each[index * p..(index + 1) * p];
                scaled_distance(simd, &tile.rows, means, |feature| each[feature], out);
            }
            Shape::Spherical(each) => {
                scaled_distance(simd, &tile.rows, means, |_| each[index], out);
            }
        }
    }
}

/// ln of a mixing weight, which may be 0.
fn log_weight(weight: f64) -> f64 {
    if weight >= f64::MIN_POSITIVE { ln_of(weight) } else { f64::NEG_INFINITY }
}

/// `rows` less `means`, into `out`.
#[inline(always)]
fn centre<S: Simd>(simd: S, rows: &[Lanes], means: &[f64], out: &mut [Lanes]) {
    for ((out, rows), &mean) in out.iter_mut().zip(rows).zip(means) {
        for step in 0..STEPS {
            out.0[step].set(rows.0[step].get(simd) - mean);
        }
    }
}

/// L⁻¹ of `rows`, in place.
#[inline(always)]
fn whiten<S: Simd>(simd: S, inverse: &[f64], rows: &mut [Lanes]) {
    for i in (0..rows.len()).rev() {
        let factors = &inverse[packed_row(i)..=packed_row(i) + i];
        for step in 0..STEPS {
            let mut sum = f64x8::splat(simd, 0.0);
            for (factor, rows) in factors.iter().zip(rows.iter()) {
                sum = rows.0[step].get(simd).mul_add_precise(*factor, sum);
            }
            rows[i].0[step].set(sum);
        }
    }
}

/// |L⁻¹ x|² of `rows`, G steps and two rows of L⁻¹ at a time.
#[inline(always)]
fn mahalanobis<S: Simd, const G: usize>(simd: S, inverse: &[f64], rows: &[Lanes], out: &mut Lanes) {
    let p = rows.len();
    let zero = f64x8::splat(simd, 0.0);
    for (group, out) in out.0.chunks_exact_mut(G).enumerate() {
        let mut squared = [zero; G];
        let mut i = 0;
        while i + 1 < p {
            let first = &inverse[packed_row(i)..=packed_row(i) + i];
            let second = &inverse[packed_row(i + 1)..=packed_row(i + 1) + i + 1];
            let (mut a, mut b) = ([zero; G], [zero; G]);
            for ((first, second), rows) in first.iter().zip(second).zip(rows) {
                for g in 0..G {
                    let x = rows.0[group * G + g].get(simd);
                    a[g] = x.mul_add_precise(*first, a[g]);
                    b[g] = x.mul_add_precise(*second, b[g]);
                }
            }
            for g in 0..G {
                let x = rows[i + 1].0[group * G + g].get(simd);
                b[g] = x.mul_add_precise(second[i + 1], b[g]);
                squared[g] = a[g].mul_add_precise(a[g], squared[g]);
                squared[g] = b[g].mul_add_precise(b[g], squared[g]);
            }
            i += 2;
        }
        if i < p {
            let factors = &inverse[packed_row(i)..=packed_row(i) + i];
            let mut a = [zero; G];
            for (factor, rows) in factors.iter().zip(rows) {
                for (g, a) in a.iter_mut().enumerate() {
                    *a = rows.0[group * G + g].get(simd).mul_add_precise(*factor, *a);
                }
            }
            for g in 0..G {
                squared[g] = a[g].mul_add_precise(a[g], squared[g]);
            }
        }
        for g in 0..G {
            out[g].set(squared[g]);
        }
    }
}

/// Σ ((x - mean) reciprocal)² over the features.
#[inline(always)]
fn scaled_distance<S: Simd>(
    simd: S,
    rows: &[Lanes],
    means: &[f64],
    reciprocal: impl Fn(usize) -> f64,
    out: &mut Lanes,
) {
    for step in 0..STEPS {
        let mut sum = f64x8::splat(simd, 0.0);
        for (feature, (rows, mean)) in rows.iter().zip(means).enumerate() {
            let scaled = (rows.0[step].get(simd) - *mean) * reciprocal(feature);
            sum = scaled.mul_add_precise(scaled, sum);
        }
        out.0[step].set(sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_component_that_cannot_be_factored_is_named() {
        for covariance in
            [Covariance::Full, Covariance::Tied, Covariance::Diagonal, Covariance::Spherical]
        {
            let mixture = Mixture {
                p: 1,
                weights: vec![0.5, 0.5],
                means: vec![0.0, 4.0],
                covariances: vec![1.0, 0.0],
                covariance,
                noise: None,
            };
            // One factor serves all components of tied covariances: the first.
            let expected = (covariance != Covariance::Tied).then_some(1);
            assert_eq!(Density::new(&mixture).err(), expected);
        }
    }
}
