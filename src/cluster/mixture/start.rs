//! n x p rows -> the mixture that EM starts from, and what a component starts anew with.
//!
//! From k centroids: the weights, means and covariances of the rows nearest to each. The noise
//! starts with a twentieth of the weight, and clusters too small to span a covariance are left to it.

use super::cholesky::{packed_len, packed_row};
use super::density::Mixture;
use super::elementary::ln_of;
use super::expect::{Moments, Second};
use super::maximise::maximise;
use crate::cluster::kernel::{Packed, Points, map_groups};
use crate::cluster::{Covariance, Noise};

/// Mixing weight that the noise starts with; the update takes it from there within a few rounds.
const NOISE_START: f64 = 0.05;

/// What the whole of the rows tells of a start: p means, p x p covariance (divisor: the sum of the
/// weights) and the sides of the box that holds them.
#[derive(Clone, Debug)]
pub(crate) struct Whole {
    p: usize,
    /// p weighted means: where tied covariances are taken about.
    pub means: Vec<f64>,
    covariance: Vec<f64>,
    sides: Vec<f64>,
    /// What all rows weigh.
    pub weight: f64,
    /// What one customer weighs: 1, or the mean weight where that is less.
    pub unit: f64,
}

impl Whole {
    /// Of `points`, in blocks.
    pub fn new(points: Points) -> Self {
        let (n, p) = (points.n, points.p);
        let means = points.means();
        let len = packed_len(p);
        let groups = (n * p / (4 * (len + 2 * p))).min(256);
        let parts = map_groups(n, groups, |range| {
            let mut sums = vec![0.0; len];
            let mut bounds = vec![(f64::INFINITY, f64::NEG_INFINITY); p];
            let mut centred = vec![0.0; p];
            for (row, index) in points.rows(range.clone()).zip(range) {
                let weight = points.weight(index);
                for i in 0..p {
                    centred[i] = row[i] - means[i];
                    bounds[i] = (bounds[i].0.min(row[i]), bounds[i].1.max(row[i]));
                    let weighted = weight * centred[i];
                    for j in 0..=i {
                        sums[packed_row(i) + j] += weighted * centred[j];
                    }
                }
            }
            (sums, bounds)
        });
        let weight = points.total_weight();
        let mut sums = vec![0.0; len];
        let mut bounds = vec![(f64::INFINITY, f64::NEG_INFINITY); p];
        for (part, range) in &parts {
            sums.iter_mut().zip(part).for_each(|(total, sum)| *total += sum);
            let pairs = bounds.iter_mut().zip(range);
            pairs.for_each(|(all, one)| *all = (all.0.min(one.0), all.1.max(one.1)));
        }
        let mut covariance = vec![0.0; p * p];
        for i in 0..p {
            for j in 0..=i {
                covariance[i * p + j] = sums[packed_row(i) + j] / weight;
                covariance[j * p + i] = covariance[i * p + j];
            }
        }
        let sides = bounds.iter().map(|(low, high)| high - low).collect();
        Self { p, means, covariance, sides, weight, unit: (weight / n as f64).min(1.0) }
    }

    /// The covariance of all rows in a shape, `floor` added to the variances.
    pub fn covariance(&self, shape: Covariance, floor: f64) -> Vec<f64> {
        let p = self.p;
        let mut covariance = self.covariance.clone();
        let variances: Vec<f64> = (0..p).map(|i| covariance[i * (p + 1)]).collect();
        if matches!(shape, Covariance::Diagonal | Covariance::Spherical) {
            covariance.fill(0.0);
        }
        let mean = variances.iter().sum::<f64>() / p as f64;
        for (i, variance) in variances.iter().enumerate() {
            let variance = if shape == Covariance::Spherical { mean } else { *variance };
            covariance[i * (p + 1)] = variance + floor;
        }
        covariance
    }

    /// The noise at the start. A side of the box is no shorter than sqrt(2π floor), the width at
    /// which the box is as dense as a component of no variance but the floor: a constant feature
    /// then tells neither for the noise nor against it.
    pub fn noise(&self, floor: f64) -> Noise {
        let shortest = (std::f64::consts::TAU * floor).sqrt().max(f64::MIN_POSITIVE);
        let log_volume: f64 = self.sides.iter().map(|side| ln_of(side.max(shortest))).sum();
        Noise { weight: NOISE_START, log_density: -log_volume }
    }

    /// Starts component `index` anew at `row`, with the covariance of all rows (tied covariances
    /// stay as they are) and the weight of one customer.
    pub fn reset(&self, mixture: &mut Mixture, index: usize, row: &[f64], floor: f64) {
        let p = self.p;
        mixture.means[index * p..(index + 1) * p].copy_from_slice(row);
        if mixture.covariance != Covariance::Tied {
            let covariance = self.covariance(mixture.covariance, floor);
            mixture.covariances[index * p * p..(index + 1) * p * p].copy_from_slice(&covariance);
        }
        mixture.weights[index] = self.unit / self.weight;
        mixture.normalise_weights();
    }
}

/// Rows that a start was made from, where others were set aside.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// Their numbers, ascending.
    pub rows: Vec<usize>,
    values: Vec<f64>,
    weights: Option<Vec<f64>>,
}

impl Kept {
    /// The `rows` of `points`.
    pub fn new(points: Points, rows: Vec<usize>) -> Self {
        Self { values: points.gather(&rows), weights: points.gather_weights(&rows), rows }
    }

    /// Of p values each.
    pub fn points(&self, p: usize) -> Points<'_> {
        Points::new(&self.values, p).weighted(self.weights.as_deref())
    }
}

/// The mixture whose components are the clusters of `centroids` (k x p values).
pub(crate) fn start(
    points: Points,
    centroids: &[f64],
    whole: &Whole,
    covariance: Covariance,
    noise: bool,
    floor: f64,
) -> Mixture {
    let (p, k) = (points.p, centroids.len() / points.p);
    let mut mixture = Mixture {
        p,
        weights: vec![1.0 / k as f64; k],
        means: centroids.to_vec(),
        covariances: whole.covariance(covariance, floor).repeat(k),
        covariance,
        noise: None,
    };
    let moments = of_nearest(points, centroids, whole, covariance);
    maximise(&mut mixture, &moments, &whole.means, whole.unit, floor);
    if noise {
        let noise = whole.noise(floor);
        mixture.weights.iter_mut().for_each(|weight| *weight *= 1.0 - noise.weight);
        mixture.noise = Some(noise);
    }
    mixture
}

/// Of the rows `kept` (all where it is none), those whose cluster under `centroids` weighs at least
/// p + 1 customers: no fewer span a covariance. None where that is all of them, or where too few
/// would be left for as many clusters.
pub(crate) fn without_the_few(
    points: Points,
    kept: Option<&[usize]>,
    centroids: &[f64],
) -> Option<Vec<usize>> {
    let k = centroids.len() / points.p;
    let packed = Packed::new(centroids, points.p);
    let mut buffer = packed.buffer();
    let rows: Vec<usize> = kept.map_or_else(|| (0..points.n).collect(), <[usize]>::to_vec);
    let labels: Vec<usize> =
        rows.iter().map(|&row| packed.nearest(points.row(row), &mut buffer).index).collect();
    let mut sizes = vec![0.0; k];
    for (&row, &label) in rows.iter().zip(&labels) {
        sizes[label] += points.weight(row);
    }
    let unit = (points.total_weight() / points.n as f64).min(1.0);
    let enough = (points.p + 1) as f64 * unit;
    let fewer: Vec<usize> = rows
        .iter()
        .zip(&labels)
        .filter(|&(_, &label)| sizes[label] >= enough)
        .map(|(&row, _)| row)
        .collect();
    let left: f64 = sizes.iter().filter(|size| **size >= enough).sum();
    (fewer.len() < rows.len() && left >= k as f64 * enough && fewer.len() >= k).then_some(fewer)
}

/// Moments of the rows nearest to each of `centroids`, about it.
fn of_nearest(points: Points, centroids: &[f64], whole: &Whole, covariance: Covariance) -> Moments {
    let (p, k) = (points.p, centroids.len() / points.p);
    let packed = Packed::new(centroids, p);
    let second = match covariance {
        Covariance::Full => packed_len(p),
        Covariance::Tied => 0,
        Covariance::Diagonal | Covariance::Spherical => p,
    };
    let len = 1 + p + second;
    let groups = (points.n * p / (4 * k * len)).min(256);
    let parts = map_groups(points.n, groups, |range| {
        let mut sums = vec![0.0; k * len];
        let mut buffer = packed.buffer();
        let mut centred = vec![0.0; p];
        for (row, at) in points.rows(range.clone()).zip(range) {
            let index = packed.nearest(row, &mut buffer).index;
            let weight = points.weight(at);
            let (first, second) = sums[index * len..(index + 1) * len].split_at_mut(1 + p);
            first[0] += weight;
            for i in 0..p {
                centred[i] = row[i] - centroids[index * p + i];
                let weighted = weight * centred[i];
                first[1 + i] += weighted;
                match covariance {
                    Covariance::Full => {
                        for j in 0..=i {
                            second[packed_row(i) + j] += weighted * centred[j];
                        }
                    }
                    Covariance::Tied => {}
                    Covariance::Diagonal | Covariance::Spherical => {
                        second[i] += weighted * centred[i];
                    }
                }
            }
        }
        sums
    });
    let mut sums = vec![0.0; k * len];
    for part in &parts {
        sums.iter_mut().zip(part).for_each(|(total, sum)| *total += sum);
    }
    let components = || sums.chunks_exact(len);
    let second: Vec<f64> = components().flat_map(|sums| &sums[1 + p..]).copied().collect();
    let weights: Vec<f64> = components().map(|sums| sums[0]).collect();
    let total: f64 = weights.iter().sum();
    Moments {
        weights,
        first: components().flat_map(|sums| &sums[1..=p]).copied().collect(),
        second: match covariance {
            Covariance::Full => Second::Full(second),
            Covariance::Tied => {
                // About the mean of all rows, whose second moments are known.
                let of = |i: usize, j: usize| total * whole.covariance[i * p + j];
                let rows = (0..p).flat_map(|i| (0..=i).map(move |j| (i, j)));
                Second::Tied(rows.map(|(i, j)| of(i, j)).collect())
            }
            Covariance::Diagonal | Covariance::Spherical => Second::Diagonal(second),
        },
        noise: 0.0,
    }
}
