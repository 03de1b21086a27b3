//! Rows of p moving between k clusters -> the sums of every cluster, exact: in fixed point, so that a
//! row taken away leaves nothing behind and the order of rows and threads does not matter.
//!
//! A value is two whole numbers, its high part a multiple of 1/`high` and what is left of it a multiple
//! of 1/(`high` `low`), powers of two chosen so that no sum of all rows overflows 64 bits: for a million
//! rows 84 bits below the largest value, where double precision has 53. A mean is rounded
//! once for the sum and once for the division.

use std::cmp::Ordering;
use std::hint::black_box;

use fearless_simd::dispatch;

use crate::cluster::kernel::{Points, level};

/// Label of a row that is in no cluster yet.
pub(super) const NONE: u32 = u32::MAX;
/// Adding it to a number of at most 2^51 leaves the nearest whole number in the lowest bits.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// Bits of a part at most: what [`ROUND`] can do.
const MOST_BITS: i32 = 51;
/// Values converted together.
const LANES: usize = 8;
/// Rows fetched together.
const AHEAD: usize = 32;

/// The fixed point of a data set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fixed {
    /// Of values times their weight, and of weights.
    high: f64,
    weight_high: f64,
    low: f64,
}

impl Fixed {
    /// Wide enough for the sums of all rows, whose values are at most `bound` in size.
    pub fn of(points: Points, bound: f64) -> Self {
        let weight = points.weights.map_or(1.0, |all| all.iter().fold(0.0, |most, &w| w.max(most)));
        let bits = (62 - (points.n as f64).log2().ceil() as i32).min(MOST_BITS);
        let high = |largest: f64| {
            // One more than the logarithm, as rounding may bring it down to a whole number.
            let above = largest.clamp(f64::MIN_POSITIVE, f64::MAX).log2().floor() as i32 + 1;
            2.0_f64.powi((bits - above).min(1023))
        };
        Self { high: high(weight * bound), weight_high: high(weight), low: 2.0_f64.powi(bits) }
    }

    /// `value` in fixed point.
    #[inline(always)]
    fn parts(self, value: f64, high: f64) -> (i64, i64) {
        let scaled = value * high;
        let rounded = scaled + ROUND;
        let rest = (scaled - (rounded - ROUND)) * self.low + ROUND;
        let whole = |rounded: f64| rounded.to_bits().wrapping_sub(ROUND.to_bits()) as i64;
        (whole(rounded), whole(rest))
    }

    /// A sum of such values, over `count`.
    fn mean(self, sum: (i64, i64), high: f64, count: f64) -> f64 {
        let total = i128::from(sum.0) * self.low as i128 + i128::from(sum.1);
        total as f64 / count / self.low / high
    }
}

/// A row that changes its cluster.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    pub row: usize,
    /// [`NONE`] for a row that had no cluster.
    pub from: u32,
    pub to: u32,
}

/// Sums of k clusters.
#[derive(Clone, Debug)]
pub(super) struct Sums {
    fixed: Fixed,
    /// Values of a row, with its weight after them where rows have weights.
    columns: usize,
    /// What each lane of a row is multiplied by; 0 for those beyond its values.
    scales: Vec<[f64; LANES]>,
    /// Rows of each cluster.
    pub counts: Vec<i64>,
    /// k rows of as many parts as a row has.
    parts: Vec<Parts>,
}

/// Lanes of a row, or of a sum of rows, in fixed point.
#[derive(Clone, Copy, Debug)]
struct Parts {
    high: [i64; LANES],
    low: [i64; LANES],
}

impl Sums {
    /// Of k empty clusters.
    pub fn new(fixed: Fixed, points: Points, k: usize) -> Self {
        let columns = points.p + usize::from(points.weights.is_some());
        let mut scales = vec![[0.0; LANES]; columns.div_ceil(LANES)];
        let lanes = scales.as_flattened_mut();
        lanes[..points.p].fill(fixed.high);
        lanes[points.p..columns].fill(fixed.weight_high);
        let parts = vec![Parts { high: [0; LANES], low: [0; LANES] }; k * scales.len()];
        Self { fixed, columns, scales, counts: vec![0; k], parts }
    }

    /// Moves rows.
    pub fn change(&mut self, points: Points, changes: &[Change]) {
        dispatch!(level(), _simd => change(self, points, changes));
    }

    /// Adds those of `other`, which must be of the same data set.
    pub fn add(&mut self, other: &Self) {
        self.counts.iter_mut().zip(&other.counts).for_each(|(count, other)| *count += other);
        for (parts, other) in self.parts.iter_mut().zip(&other.parts) {
            parts.shift(other, |sum, part| sum + part);
        }
    }

    /// The mean of each cluster (k x p values); of an empty one the centroid that it had.
    pub fn means(&self, centroids: &[f64]) -> Vec<f64> {
        let p = centroids.len() / self.counts.len();
        let mut means = centroids.to_vec();
        for (cluster, mean) in means.chunks_exact_mut(p).enumerate() {
            if self.counts[cluster] == 0 {
                continue;
            }
            let at = |column: usize| {
                let parts = &self.parts[cluster * self.scales.len() + column / LANES];
                (parts.high[column % LANES], parts.low[column % LANES])
            };
            let weighted = self.columns > p;
            let weight = if weighted {
                self.fixed.mean(at(p), self.fixed.weight_high, 1.0)
            } else {
                self.counts[cluster] as f64
            };
            for (feature, mean) in mean.iter_mut().enumerate() {
                *mean = self.fixed.mean(at(feature), self.fixed.high, weight);
            }
        }
        means
    }
}

impl Parts {
    /// Takes those of a row in, or out, by `by`.
    #[inline(always)]
    fn shift(&mut self, row: &Self, by: impl Fn(i64, i64) -> i64) {
        for lane in 0..LANES {
            self.high[lane] = by(self.high[lane], row.high[lane]);
            self.low[lane] = by(self.low[lane], row.low[lane]);
        }
    }
}

/// Lanes `chunk` of a row; those beyond its values hold whatever comes next, or 0.
#[inline(always)]
fn lanes(points: Points, row: usize, chunk: usize) -> [f64; LANES] {
    let rest = &points.values[row * points.p + chunk * LANES..];
    rest.first_chunk().copied().unwrap_or_else(|| {
        let mut lanes = [0.0; LANES];
        lanes[..rest.len()].copy_from_slice(rest);
        lanes
    })
}

/// [`Sums::change`].
#[inline(always)]
fn change(sums: &mut Sums, points: Points, changes: &[Change]) {
    let Sums { fixed, scales, counts, parts, .. } = sums;
    let (fixed, p, chunks) = (*fixed, points.p, scales.len());
    for changes in changes.chunks(AHEAD) {
        // The rows lie apart: they are fetched from memory together rather than one by one. A row
        // begins anywhere in a line of memory, so that its last value may lie in another one.
        let touched = |&Change { row, .. }: &Change| {
            let ends = |all, values: &[f64]| {
                all ^ values[0].to_bits() ^ values[values.len() - 1].to_bits()
            };
            points.row(row).chunks(LANES).fold(0, ends)
        };
        black_box(changes.iter().fold(0, |all, change| all ^ touched(change)));
        for &Change { row, from, to } in changes {
            counts[to as usize] += 1;
            if from != NONE {
                counts[from as usize] -= 1;
            }
            for (chunk, scales) in scales.iter().enumerate() {
                let mut values = lanes(points, row, chunk);
                if let Some(weights) = points.weights {
                    // The weight itself stands after the values; what comes next may be too large
                    // to be weighted.
                    let (weight, after) = (weights[row], p - chunk * LANES);
                    for (lane, value) in values.iter_mut().enumerate() {
                        *value = match lane.cmp(&after) {
                            Ordering::Less => weight * *value,
                            Ordering::Equal => weight,
                            Ordering::Greater => 0.0,
                        };
                    }
                }
                let mut own = Parts { high: [0; LANES], low: [0; LANES] };
                for lane in 0..LANES {
                    (own.high[lane], own.low[lane]) = fixed.parts(values[lane], scales[lane]);
                }
                parts[to as usize * chunks + chunk].shift(&own, |sum, part| sum + part);
                if from != NONE {
                    parts[from as usize * chunks + chunk].shift(&own, |sum, part| sum - part);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed(points: Points) -> Fixed {
        let bound = points.values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        Fixed::of(points, bound)
    }

    #[test]
    fn a_row_taken_away_leaves_nothing_behind() {
        // In double precision 1e16 + 1 - 1e16 is 0.
        let values = [1.0, -0.125, 1e16, 0.75, 3.0, 0.5];
        let points = Points::new(&values, 2);
        let mut sums = Sums::new(fixed(points), points, 2);
        let put = |row, to| Change { row, from: NONE, to };
        sums.change(points, &[put(0, 0), put(1, 0), put(2, 1)]);
        sums.change(points, &[Change { row: 1, from: 0, to: 1 }]);
        let means = sums.means(&[0.0; 4]);
        assert_eq!(sums.counts, [1, 2]);
        assert_eq!(means[..3], [1.0, -0.125, (1e16 + 3.0) / 2.0]);
        assert_eq!(means[3], (0.75 + 0.5) / 2.0);
    }

    #[test]
    fn a_weight_counts_like_so_many_rows() {
        let values: Vec<f64> = (0..27).map(|i| f64::from(i * i) / 7.0 - 30.0).collect();
        let weights = [1.0, 3.0, 2.0];
        let weighted = Points::new(&values, 9).weighted(Some(&weights));
        let repeated: Vec<f64> = [0, 1, 1, 1, 2, 2].map(|row: usize| weighted.row(row)).concat();
        let repeated = Points::new(&repeated, 9);
        let mean = |points: Points| {
            let mut sums = Sums::new(fixed(points), points, 1);
            let put = |row| Change { row, from: NONE, to: 0 };
            sums.change(points, &(0..points.n).map(put).collect::<Vec<_>>());
            sums.means(&[0.0; 9])
        };
        for (weighted, repeated) in mean(weighted).into_iter().zip(mean(repeated)) {
            assert!((weighted - repeated).abs() <= 1e-15 * repeated.abs(), "{weighted} {repeated}");
        }
    }

    #[test]
    fn the_largest_and_the_smallest_values_have_means() {
        for size in [f64::MIN_POSITIVE, 1e-300, 1e-30, 1.0, 1e30, 1e300, f64::MAX] {
            let values = [size, -size, size, size];
            let points = Points::new(&values, 1);
            let mut sums = Sums::new(fixed(points), points, 2);
            let put = |row, to| Change { row, from: NONE, to };
            sums.change(points, &[put(0, 0), put(1, 0), put(2, 1), put(3, 1)]);
            assert_eq!(sums.means(&[7.0, 7.0]), [0.0, size]);
        }
    }
}
