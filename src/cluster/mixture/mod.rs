//! n x p rows -> a Gaussian mixture of k components with full covariances, by EM.
//!
//! Dempster, Laird and Rubin (1977); equations of Bishop, Pattern Recognition and Machine
//! Learning (2006), section 9.2.2. Starts from one k-means run. The covariance floor is added to
//! every diagonal. Second moments are taken about the previous mean, so that no digits are lost
//! far from the origin. A component left with less than half a customer starts anew at the row
//! that the mixture explains worst, at most k times a run. Running out of iterations is not an
//! error. Does not choose k and does not constrain covariances.

mod cholesky;
mod density;

use self::cholesky::{packed_len, packed_row};
use self::density::LANES;
pub(crate) use self::density::{Density, Lanes, Mixture, TILE, transpose};
use super::kernel::{Packed, Points, map_blocks};
use super::kmeans::{Plan, Prepared, Stop, fit};
use super::{Algorithm, Seeding};
use crate::types::Seed;

/// Weight of customers below which a component has collapsed.
const COLLAPSED: f64 = 0.5;
/// Iterations of the k-means run that a mixture starts from.
const START_ITERATIONS: usize = 100;

/// When and how EM runs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EmParams {
    /// Iterations at most.
    pub max_iterations: usize,
    /// Gain of the mean log-likelihood below which it stops.
    pub tolerance: f64,
    /// Added to the diagonal of every covariance.
    pub covariance_floor: f64,
}

/// One run from one start.
#[derive(Clone, Debug)]
pub(crate) struct GmmRun {
    /// The mixture last evaluated.
    pub mixture: Mixture,
    /// Its total log-likelihood.
    pub log_likelihood: f64,
    /// Updates made.
    pub iterations: usize,
    /// Whether the gain fell below the tolerance.
    pub converged: bool,
    /// Log-likelihood before each update, for the tests of its growth.
    #[cfg(test)]
    pub trace: Vec<f64>,
}

/// Sums over rows by component: weight, first and second moments about the previous mean.
struct Moments {
    /// k x (1 + p + p(p+1)/2).
    sums: Vec<f64>,
    log_likelihood: f64,
    /// The row explained worst and its log-likelihood, the lowest of equals.
    worst: (usize, f64),
}

/// Figures kept a component: one weight, p first and p(p+1)/2 second moments.
fn moments_len(p: usize) -> usize {
    1 + p + packed_len(p)
}

/// One run from a k-means start; `squared_move` is the tolerance of that start.
pub(crate) fn run(
    points: Points,
    k: usize,
    params: EmParams,
    squared_move: f64,
    seed: Seed,
) -> GmmRun {
    let stop = Stop { max_iterations: START_ITERATIONS, squared_move };
    let plan = Plan {
        algorithm: Algorithm::Lloyd,
        restarts: 1,
        seeding: Seeding::PlusPlus,
        refine: false,
        stop,
    };
    let centroids = fit(&Prepared::new(points), k, &plan, seed).centroids;
    em(points, start(points, &centroids, params.covariance_floor), params)
}

/// The mixture whose components are the clusters of `centroids` (k x p values).
pub(crate) fn start(points: Points, centroids: &[f64], floor: f64) -> Mixture {
    let p = points.p;
    let k = centroids.len() / p;
    let packed = Packed::new(centroids, p);
    let len = moments_len(p);
    let blocks = map_blocks(points.n, |range| {
        let mut sums = vec![0.0; k * len];
        let mut buffer = packed.buffer();
        for row in points.rows(range) {
            let index = packed.nearest(row, &mut buffer).index;
            let sums = &mut sums[index * len..(index + 1) * len];
            let centroid = &centroids[index * p..(index + 1) * p];
            sums[0] += 1.0;
            for i in 0..p {
                let centred = row[i] - centroid[i];
                sums[1 + i] += centred;
                for j in 0..=i {
                    sums[1 + p + packed_row(i) + j] += centred * (row[j] - centroid[j]);
                }
            }
        }
        sums
    });
    let sums = add_up(blocks.iter().map(Vec::as_slice), k * len);
    let pooled = pooled(points, floor);
    let mut mixture = Mixture {
        p,
        weights: vec![1.0 / k as f64; k],
        means: centroids.to_vec(),
        covariances: pooled.repeat(k),
    };
    maximise(&mut mixture, &sums, points.n, floor);
    mixture
}

/// EM from `mixture`.
pub(crate) fn em(points: Points, mut mixture: Mixture, params: EmParams) -> GmmRun {
    let (n, k) = (points.n as f64, mixture.k());
    let mut previous = f64::NEG_INFINITY;
    let mut resets = 0;
    let mut iterations = 0;
    #[cfg(test)]
    let mut trace = Vec::new();
    loop {
        let density = factored(&mut mixture, points, params.covariance_floor);
        let moments = expect(points, &density);
        #[cfg(test)]
        trace.push(moments.log_likelihood);
        let converged = (moments.log_likelihood - previous) / n < params.tolerance;
        if converged || iterations == params.max_iterations {
            return GmmRun {
                mixture,
                log_likelihood: moments.log_likelihood,
                iterations,
                converged,
                #[cfg(test)]
                trace,
            };
        }
        previous = moments.log_likelihood;
        iterations += 1;
        let collapsed = maximise(&mut mixture, &moments.sums, points.n, params.covariance_floor);
        if let Some(index) = collapsed.filter(|_| resets < k) {
            resets += 1;
            reset(&mut mixture, index, points, moments.worst.0, params.covariance_floor);
            previous = f64::NEG_INFINITY;
        }
    }
}

/// The factored densities; a covariance that cannot be factored gives way to the pooled one.
fn factored(mixture: &mut Mixture, points: Points, floor: f64) -> Density {
    loop {
        match Density::new(mixture) {
            Ok(density) => return density,
            Err(index) => {
                let p = mixture.p;
                // The pooled covariance with its floor is positive definite unless features
                // repeat each other beyond the floor's digits; its diagonal always is.
                let mut pooled = pooled(points, floor);
                if cholesky::inverse_factor(&pooled, p).is_none() {
                    for (at, value) in pooled.iter_mut().enumerate() {
                        *value = if at / p == at % p { value.max(f64::MIN_POSITIVE) } else { 0.0 };
                    }
                }
                mixture.covariances[index * p * p..(index + 1) * p * p].copy_from_slice(&pooled);
            }
        }
    }
}

/// E step (Bishop 9.23) fused with the sums of the M step, a tile of rows at a time.
fn expect(points: Points, density: &Density) -> Moments {
    let (p, k) = (points.p, density.k());
    let len = moments_len(p);
    let blocks = map_blocks(points.n, |range| {
        let mut tile: Vec<Lanes> = vec![Default::default(); p];
        let mut centred = tile.clone();
        let mut parts: Vec<Lanes> = vec![Default::default(); k];
        let mut sums = vec![[0.0; LANES]; k * len];
        let mut log_likelihood = 0.0;
        let mut worst = (range.start, f64::INFINITY);
        for start in range.clone().step_by(TILE) {
            let end = (start + TILE).min(range.end);
            transpose(&points.values[start * p..end * p], p, &mut tile);
            let rows = density.responsibilities(&tile, &mut centred, &mut parts);
            for (row, &value) in (start..end).zip(rows.as_flattened()) {
                log_likelihood += value;
                if value < worst.1 {
                    worst = (row, value);
                }
            }
            for (index, part) in parts.iter_mut().enumerate() {
                part.as_flattened_mut()[end - start..].fill(0.0);
                density.centre(index, &tile, &mut centred);
                add_moments(part, &centred, &mut sums[index * len..(index + 1) * len]);
            }
        }
        let sums = sums.iter().map(|lanes| lanes.iter().sum()).collect::<Vec<f64>>();
        (sums, log_likelihood, worst)
    });
    Moments {
        sums: add_up(blocks.iter().map(|block| block.0.as_slice()), k * len),
        log_likelihood: blocks.iter().map(|block| block.1).sum(),
        worst: blocks
            .iter()
            .map(|block| block.2)
            .fold((0, f64::INFINITY), |worst, next| if next.1 < worst.1 { next } else { worst }),
    }
}

/// Adds the moments of one tile for one component.
fn add_moments(part: &Lanes, centred: &[Lanes], sums: &mut [[f64; LANES]]) {
    let p = centred.len();
    let (first, second) = sums.split_at_mut(1 + p);
    for lanes in part {
        for lane in 0..LANES {
            first[0][lane] += lanes[lane];
        }
    }
    for (i, rows) in centred.iter().enumerate() {
        let mut weighted: Lanes = *part;
        for (weighted, rows) in weighted.as_flattened_mut().iter_mut().zip(rows.as_flattened()) {
            *weighted *= rows;
        }
        for lanes in &weighted {
            for lane in 0..LANES {
                first[1 + i][lane] += lanes[lane];
            }
        }
        let second = &mut second[packed_row(i)..=packed_row(i) + i];
        for (sum, other) in second.iter_mut().zip(centred) {
            let mut total = *sum;
            for (weighted, other) in weighted.iter().zip(other) {
                for lane in 0..LANES {
                    total[lane] += weighted[lane] * other[lane];
                }
            }
            *sum = total;
        }
    }
}

/// M step (Bishop 9.24 to 9.26) with the floor; the lowest component that collapsed, which
/// keeps its previous mean and covariance.
fn maximise(mixture: &mut Mixture, sums: &[f64], n: usize, floor: f64) -> Option<usize> {
    let p = mixture.p;
    let mut collapsed = None;
    for (index, sums) in sums.chunks_exact(moments_len(p)).enumerate() {
        let weight = sums[0];
        mixture.weights[index] = weight / n as f64;
        if weight < COLLAPSED {
            collapsed = collapsed.or(Some(index));
            continue;
        }
        let shift: Vec<f64> = sums[1..=p].iter().map(|sum| sum / weight).collect();
        let second = &sums[1 + p..];
        let covariance = &mut mixture.covariances[index * p * p..(index + 1) * p * p];
        for i in 0..p {
            mixture.means[index * p + i] += shift[i];
            for j in 0..=i {
                let mut value = second[packed_row(i) + j] / weight - shift[i] * shift[j];
                if i == j {
                    value = value.max(0.0) + floor;
                }
                covariance[i * p + j] = value;
                covariance[j * p + i] = value;
            }
        }
    }
    let total: f64 = mixture.weights.iter().sum();
    mixture.weights.iter_mut().for_each(|weight| *weight /= total);
    collapsed
}

/// Starts component `index` anew at `row`, with the covariance of all rows and the weight of
/// one customer.
fn reset(mixture: &mut Mixture, index: usize, points: Points, row: usize, floor: f64) {
    let p = mixture.p;
    mixture.means[index * p..(index + 1) * p].copy_from_slice(points.row(row));
    let pooled = pooled(points, floor);
    mixture.covariances[index * p * p..(index + 1) * p * p].copy_from_slice(&pooled);
    mixture.weights[index] = 1.0 / points.n as f64;
    let total: f64 = mixture.weights.iter().sum();
    mixture.weights.iter_mut().for_each(|weight| *weight /= total);
}

/// Covariance of all rows (p x p, divisor n) with the floor on its diagonal.
fn pooled(points: Points, floor: f64) -> Vec<f64> {
    let p = points.p;
    let sum = |by: &dyn Fn(&[f64]) -> f64| points.rows(0..points.n).map(by).sum::<f64>();
    let n = points.n as f64;
    let means: Vec<f64> = (0..p).map(|i| sum(&|row| row[i]) / n).collect();
    let mut covariance = vec![0.0; p * p];
    for i in 0..p {
        for j in 0..=i {
            let value = sum(&|row| (row[i] - means[i]) * (row[j] - means[j])) / n;
            covariance[i * p + j] = value;
            covariance[j * p + i] = value;
        }
        covariance[i * p + i] += floor;
    }
    covariance
}

/// Sum of vectors of `len`, in order.
fn add_up<'a>(parts: impl Iterator<Item = &'a [f64]>, len: usize) -> Vec<f64> {
    let mut total = vec![0.0; len];
    for part in parts {
        total.iter_mut().zip(part).for_each(|(total, value)| *total += value);
    }
    total
}

#[cfg(test)]
mod tests;
