//! n x p rows and densities -> log-likelihood and the sums that the next mixture is made of.
//!
//! E step (Bishop 2006, equation 9.23) fused with the sums of the M step, a tile of rows at a time,
//! so that responsibilities are never stored. They come by log-sum-exp: a row however far has
//! finite ones that sum to 1. A component none of a tile's rows belongs to, all its
//! responsibilities being exactly 0, is left out of that tile's sums. Moments are taken about the
//! previous means, so that no digits are lost far from the origin.

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch, f64x8};

use super::cholesky::{packed_len, packed_row};
use super::density::Density;
use super::elementary::{exp, ln};
use super::tile::{Lane, Lanes, STEPS, TILE, Tile};
use crate::cluster::Covariance;
use crate::cluster::kernel::{Points, level, map_groups};

/// Sums over rows, each with its weight.
#[derive(Clone, Debug)]
pub(crate) struct Moments {
    /// k sums of responsibilities.
    pub weights: Vec<f64>,
    /// k x p first moments about the previous means.
    pub first: Vec<f64>,
    /// Second moments.
    pub second: Second,
    /// Sum of the noise's responsibilities; 0 without noise.
    pub noise: f64,
}

/// Second moments, as far as a shape of covariances needs them.
#[derive(Clone, Debug)]
pub(crate) enum Second {
    /// k packed triangles about the previous means.
    Full(Vec<f64>),
    /// One packed triangle for all components together, about a common origin.
    Tied(Vec<f64>),
    /// k x p about the previous means: of diagonal and of spherical covariances.
    Diagonal(Vec<f64>),
}

/// What one pass over the rows gives.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    /// None where they were not asked for.
    pub moments: Option<Moments>,
    /// Total log-likelihood.
    pub log_likelihood: f64,
    /// The row explained worst, the lowest of equals.
    pub worst: usize,
}

/// What moments are taken about, and of which shape.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About<'a> {
    /// k x p previous means.
    pub means: &'a [f64],
    /// p: where the second moments of tied covariances are taken about.
    pub origin: &'a [f64],
    /// The shape.
    pub covariance: Covariance,
}

/// Groups of rows at most: enough for many threads, few enough that adding them up costs nothing.
const GROUPS: usize = 256;

/// Places of the sums of one group of rows.
#[derive(Clone, Copy)]
struct Layout {
    k: usize,
    p: usize,
    covariance: Covariance,
}

impl Layout {
    /// Second moments of one component.
    fn second(self) -> usize {
        match self.covariance {
            Covariance::Full => packed_len(self.p),
            Covariance::Tied => 0,
            Covariance::Diagonal | Covariance::Spherical => self.p,
        }
    }

    /// Sums of one component.
    fn each(self) -> usize {
        1 + self.p + self.second()
    }

    /// Sums of all components, of the noise, and of all components together.
    fn len(self) -> usize {
        let together = if self.covariance == Covariance::Tied { packed_len(self.p) } else { 0 };
        self.k * self.each() + 1 + together
    }

    /// Sums in the order of the layout -> moments.
    fn moments(self, sums: &[f64]) -> Moments {
        let (each, p) = (self.each(), self.p);
        let components = || sums[..self.k * each].chunks_exact(each);
        let second = components().flat_map(|sums| &sums[1 + p..]).copied().collect();
        Moments {
            weights: components().map(|sums| sums[0]).collect(),
            first: components().flat_map(|sums| &sums[1..=p]).copied().collect(),
            second: match self.covariance {
                Covariance::Full => Second::Full(second),
                Covariance::Tied => Second::Tied(sums[self.k * each + 1..].to_vec()),
                Covariance::Diagonal | Covariance::Spherical => Second::Diagonal(second),
            },
            noise: sums[self.k * each],
        }
    }
}

/// What one group of rows gives.
struct Part {
    sums: Vec<f64>,
    log_likelihood: f64,
    worst: (usize, f64),
}

/// One pass over the rows; `moments` says whether those are wanted.
pub(crate) fn expect(points: Points, density: &Density, about: About, moments: bool) -> Expected {
    expect_with(level(), points, density, about, moments)
}

/// [`expect`] with the instructions of `level`, which change no bit.
pub(super) fn expect_with(
    level: Level,
    points: Points,
    density: &Density,
    about: About,
    moments: bool,
) -> Expected {
    let layout = Layout { k: density.k(), p: points.p, covariance: about.covariance };
    // Sums of all groups together stay below a quarter of the rows' own memory.
    let groups = (points.n * points.p / (4 * layout.len())).min(GROUPS);
    let parts = map_groups(points.n, groups, |range| {
        dispatch!(level, simd => {
            let mut worker = Worker::new(density, about, layout, moments);
            worker.rows(simd, points, range)
        })
    });
    let mut sums = vec![0.0; if moments { layout.len() } else { 0 }];
    let mut log_likelihood = 0.0;
    let mut worst = (0, f64::INFINITY);
    for part in &parts {
        sums.iter_mut().zip(&part.sums).for_each(|(total, sum)| *total += sum);
        log_likelihood += part.log_likelihood;
        worst = if part.worst.1 < worst.1 { part.worst } else { worst };
    }
    let moments = moments.then(|| layout.moments(&sums));
    Expected { moments, log_likelihood, worst: worst.0 }
}

/// Buffers and sums of one group of rows.
struct Worker<'a> {
    density: &'a Density,
    about: About<'a>,
    layout: Layout,
    sums: Vec<Lane>,
    parts: Vec<Lanes>,
    centred: Vec<Lanes>,
    weighted: Vec<Lanes>,
}

impl<'a> Worker<'a> {
    fn new(density: &'a Density, about: About<'a>, layout: Layout, moments: bool) -> Self {
        Self {
            density,
            about,
            layout,
            sums: vec![Lane::default(); if moments { layout.len() } else { 0 }],
            parts: vec![Lanes::default(); density.parts()],
            centred: vec![Lanes::default(); layout.p],
            weighted: vec![Lanes::default(); layout.p],
        }
    }

    #[inline(always)]
    fn rows<S: Simd>(&mut self, simd: S, points: Points, range: std::ops::Range<usize>) -> Part {
        let mut tile = Tile::new(points.p);
        let mut room = self.density.room();
        let mut total = f64x8::splat(simd, 0.0);
        let mut worst = (range.start, f64::INFINITY);
        for start in range.clone().step_by(TILE) {
            let end = (start + TILE).min(range.end);
            tile.take(points, start..end);
            let highest = self.density.log_densities(simd, &tile, &mut room, &mut self.parts);
            let of_rows = responsibilities(simd, &highest, &tile.weights, &mut self.parts);
            for (value, weight) in of_rows.0.iter().zip(&tile.weights.0) {
                total = value.get(simd).mul_add_precise(weight.get(simd), total);
            }
            for row in 0..end - start {
                let value = of_rows.of(row);
                if value < worst.1 {
                    worst = (start + row, value);
                }
            }
            if !self.sums.is_empty() {
                self.add(simd, &tile);
            }
        }
        let mut log_likelihood = Lane::default();
        log_likelihood.set(total);
        let sums = self.sums.iter().map(Lane::sum).collect();
        Part { sums, log_likelihood: log_likelihood.sum(), worst }
    }

    /// Adds the moments of a tile, whose responsibilities stand in the parts.
    #[inline(always)]
    fn add<S: Simd>(&mut self, simd: S, tile: &Tile) {
        let Layout { k, p, covariance } = self.layout;
        let each = self.layout.each();
        let (components, others) = self.sums.split_at_mut(k * each);
        let zero = f64x8::splat(simd, 0.0);
        for (index, sums) in components.chunks_exact_mut(each).enumerate() {
            let part = &self.parts[index];
            let mut weight = zero;
            for lane in &part.0 {
                weight += lane.get(simd);
            }
            if weight.simd_gt(zero).to_bitmask() == 0 {
                continue;
            }
            sums[0].set(sums[0].get(simd) + weight);
            let means = &self.about.means[index * p..(index + 1) * p];
            let (first, second) = sums[1..].split_at_mut(p);
            for feature in 0..p {
                let mut total = first[feature].get(simd);
                let rows = &tile.rows[feature];
                let (centred, weighted) = (&mut self.centred[feature], &mut self.weighted[feature]);
                let mut squares = match covariance {
                    Covariance::Full | Covariance::Tied => zero,
                    Covariance::Diagonal | Covariance::Spherical => second[feature].get(simd),
                };
                for step in 0..STEPS {
                    let x = rows.0[step].get(simd) - means[feature];
                    let product = x * part.0[step].get(simd);
                    total += product;
                    match covariance {
                        Covariance::Full => {
                            centred.0[step].set(x);
                            weighted.0[step].set(product);
                        }
                        Covariance::Tied => {}
                        Covariance::Diagonal | Covariance::Spherical => {
                            squares = product.mul_add_precise(x, squares);
                        }
                    }
                }
                first[feature].set(total);
                if matches!(covariance, Covariance::Diagonal | Covariance::Spherical) {
                    second[feature].set(squares);
                }
            }
            if covariance == Covariance::Full {
                products(simd, &self.weighted, &self.centred, second);
            }
        }
        let (noise, together) = others.split_at_mut(1);
        if let Some(part) = self.parts.get(k) {
            let mut total = noise[0].get(simd);
            for lane in &part.0 {
                total += lane.get(simd);
            }
            noise[0].set(total);
        }
        if covariance == Covariance::Tied {
            // All components together: each row as far as it is no noise.
            for (feature, rows) in tile.rows.iter().enumerate() {
                for step in 0..STEPS {
                    let mut weight = tile.weights.0[step].get(simd);
                    if let Some(noise) = self.parts.get(k) {
                        weight -= noise.0[step].get(simd);
                    }
                    let x = rows.0[step].get(simd) - self.about.origin[feature];
                    self.centred[feature].0[step].set(x);
                    self.weighted[feature].0[step].set(x * weight);
                }
            }
            products(simd, &self.weighted, &self.centred, together);
        }
    }
}

/// Logarithms of densities -> responsibilities times the weights of the rows, in place; the
/// log-likelihood of each row is returned.
#[inline(always)]
fn responsibilities<S: Simd>(
    simd: S,
    highest: &Lanes,
    weights: &Lanes,
    parts: &mut [Lanes],
) -> Lanes {
    let mut sums = Lanes::default();
    for part in parts.iter_mut() {
        for step in 0..STEPS {
            let value = exp(simd, part.0[step].get(simd) - highest.0[step].get(simd));
            part.0[step].set(value);
            sums.0[step].set(sums.0[step].get(simd) + value);
        }
    }
    let mut shares = Lanes::default();
    let mut log_likelihood = Lanes::default();
    for step in 0..STEPS {
        let sum = sums.0[step].get(simd);
        shares.0[step].set(weights.0[step].get(simd) / sum);
        log_likelihood.0[step].set(highest.0[step].get(simd) + ln(simd, sum));
    }
    for part in parts.iter_mut() {
        for step in 0..STEPS {
            part.0[step].set(part.0[step].get(simd) * shares.0[step].get(simd));
        }
    }
    log_likelihood
}

/// Adds Σ weighted xᵀ over the rows of a tile to a packed triangle of sums.
#[inline(always)]
fn products<S: Simd>(simd: S, weighted: &[Lanes], centred: &[Lanes], sums: &mut [Lane]) {
    let p = weighted.len();
    let mut i = 0;
    while i + 1 < p {
        // Rows i and i + 1 of the triangle; what stands above the diagonal is not stored.
        let mut j = 0;
        while j + 4 <= i + 2 {
            block::<S, 2, 4>(simd, weighted, centred, (i, j), sums);
            j += 4;
        }
        if j < i + 2 {
            block::<S, 2, 2>(simd, weighted, centred, (i, j), sums);
        }
        i += 2;
    }
    if i < p {
        let mut j = 0;
        while j + 4 <= p {
            block::<S, 1, 4>(simd, weighted, centred, (i, j), sums);
            j += 4;
        }
        while j < p {
            block::<S, 1, 1>(simd, weighted, centred, (i, j), sums);
            j += 1;
        }
    }
}

/// An I x J block of the products, from row and column `at`.
#[inline(always)]
fn block<S: Simd, const I: usize, const J: usize>(
    simd: S,
    weighted: &[Lanes],
    centred: &[Lanes],
    at: (usize, usize),
    sums: &mut [Lane],
) {
    let zero = f64x8::splat(simd, 0.0);
    let mut totals = [[zero; J]; I];
    let rows = &weighted[at.0..at.0 + I];
    let columns = &centred[at.1..at.1 + J];
    for step in 0..STEPS {
        let mut x = [zero; J];
        for b in 0..J {
            x[b] = columns[b].0[step].get(simd);
        }
        for a in 0..I {
            let w = rows[a].0[step].get(simd);
            for b in 0..J {
                totals[a][b] = w.mul_add_precise(x[b], totals[a][b]);
            }
        }
    }
    for (a, totals) in totals.iter().enumerate() {
        let (row, start) = (at.0 + a, packed_row(at.0 + a) + at.1);
        for (b, total) in totals.iter().enumerate() {
            if at.1 + b <= row {
                let sum = &mut sums[start + b];
                sum.set(sum.get(simd) + *total);
            }
        }
    }
}
