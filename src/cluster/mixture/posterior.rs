//! n x p rows and densities -> the best component of each row and how sure that is.

use fearless_simd::prelude::*;
use fearless_simd::{dispatch, f64x8};

use super::density::Density;
use super::elementary::{exp, ln};
use super::tile::{Lanes, STEPS, TILE, Tile};
use crate::cluster::assign::Part;
use crate::cluster::kernel::{Points, level};

/// Assigns the rows of `part`: to the component of the highest responsibility, the lowest of
/// equals and never the noise, with that responsibility as membership.
pub(crate) fn posteriors(points: Points, density: &Density, part: &mut Part) {
    dispatch!(level(), simd => of_rows(simd, points, density, part));
}

#[inline(always)]
fn of_rows<S: Simd>(simd: S, points: Points, density: &Density, part: &mut Part) {
    let range = part.range.clone();
    let mut tile = Tile::new(points.p);
    let mut room = density.room();
    let mut parts = vec![Lanes::default(); density.parts()];
    let k = density.k();
    let zero = f64x8::splat(simd, 0.0);
    for start in range.clone().step_by(TILE) {
        let end = (start + TILE).min(range.end);
        tile.take(points, start..end);
        let highest = density.log_densities(simd, &tile, &mut room, &mut parts);
        let mut figures = [Lanes::default(); 6];
        for step in 0..STEPS {
            let highest = highest.0[step].get(simd);
            let lowest = f64x8::splat(simd, f64::NEG_INFINITY);
            // By logarithms: of a row that is wholly noise all responsibilities are 0.
            let (mut best, mut first, mut second) = (zero, lowest, lowest);
            let (mut sum, mut doubt) = (zero, zero);
            for (index, values) in parts.iter().enumerate() {
                let value = values.0[step].get(simd);
                if index < k {
                    let beats = value.simd_gt(first);
                    let beaten = beats.select(first, value);
                    second = beaten.simd_gt(second).select(beaten, second);
                    first = beats.select(value, first);
                    best = beats.select(f64x8::splat(simd, index as f64), best);
                }
                let below = value - highest;
                let share = exp(simd, below);
                sum += share;
                // 0 times a logarithm without end is 0.
                let term = share * below;
                doubt -= share.simd_gt(zero).select(term, zero);
            }
            let log_sum = ln(simd, sum);
            let responsibility = |value: f64x8<S>| exp(simd, value - highest) / sum;
            figures[0].0[step].set(best);
            figures[1].0[step].set(responsibility(first));
            figures[2].0[step].set(responsibility(second));
            figures[3].0[step].set(highest + log_sum);
            let entropy = doubt / sum + log_sum;
            figures[4].0[step].set(entropy.simd_gt(zero).select(entropy, zero));
            if let Some(noise) = parts.get(k) {
                figures[5].0[step].set(responsibility(noise.0[step].get(simd)));
            }
        }
        for row in 0..end - start {
            let weight = tile.weights.of(row);
            let at = start - range.start + row;
            part.cluster[at] = figures[0].of(row) as u32;
            part.membership[at] = figures[1].of(row);
            part.margin[at] = figures[1].of(row) - figures[2].of(row);
            part.merit += weight * figures[3].of(row);
            part.entropy += weight * figures[4].of(row);
            if parts.len() > k {
                part.noise[at] = figures[5].of(row);
            }
        }
    }
}
