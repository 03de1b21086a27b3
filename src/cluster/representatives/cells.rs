//! m rows of p -> cells of neighbouring rows, from which sums of distances are bounded and computed.
//!
//! The rows are halved at the median of the feature that varies most, again and again (Bentley,
//! Commun. ACM 18, 1975). The norm is convex, so by Jensen's inequality the rows of a cell with
//! mean c lie at no less than count x |x - c| from any x, taken together: the smaller the cells,
//! the tighter the bound. Rows are centred first, so that no digits are lost far from the origin.

use crate::cluster::kernel::Points;

/// Rows or means whose distances are computed together.
const LANES: usize = 8;
/// Halvings at most: 256 cells.
const DEEPEST: u32 = 8;
/// Halvings of the first bound: 16 cells.
const COARSE: u32 = 4;
/// Rows that a cell has at least, give or take the halving.
const SMALLEST: usize = 32;

/// m rows in cells.
pub(super) struct Cells {
    p: usize,
    /// m x p, centred, in the order of the caller.
    rows: Vec<f64>,
    /// The rows of each cell.
    leaves: Vec<Leaf>,
    /// Means and counts of the cells.
    fine: Bound,
    /// The same of a few large cells.
    coarse: Bound,
}

/// The rows of one cell, and what each counts where that is not once.
struct Leaf {
    rows: Packed,
    weights: Option<Vec<f64>>,
}

/// Rows in groups of [`LANES`] with the features inside.
struct Packed {
    /// Groups x p; lanes beyond `len` repeat the last row.
    groups: Vec<[f64; LANES]>,
    len: usize,
}

/// Means of cells and how many rows each has, or what they weigh.
struct Bound {
    means: Packed,
    counts: Vec<f64>,
}

impl Cells {
    /// Puts the rows of `rows` (m x p, m at least 1), each of which counts as `weights` say, into
    /// cells.
    pub fn new(mut rows: Vec<f64>, weights: Option<&[f64]>, p: usize) -> Self {
        let m = rows.len() / p;
        centre(&mut rows, weights, p);
        let depth = (0..DEEPEST).take_while(|depth| m >> (depth + 1) >= SMALLEST).count() as u32;
        let mut order: Vec<u32> = (0..m as u32).collect();
        let mut cells: Vec<&mut [u32]> = vec![&mut order];
        for _ in 0..depth {
            cells = cells.into_iter().flat_map(|cell| halves(&rows, p, cell)).collect();
        }
        let (mut leaves, mut centres, mut counts) = (Vec::new(), Vec::new(), Vec::new());
        for cell in cells {
            // In the caller's order, whatever the selection left.
            cell.sort_unstable();
            let row = |&index: &u32| &rows[index as usize * p..(index as usize + 1) * p];
            let own: Vec<f64> = cell.iter().flat_map(row).copied().collect();
            let of_rows: Option<Vec<f64>> =
                weights.map(|all| cell.iter().map(|&index| all[index as usize]).collect());
            centres.extend(means(&own, of_rows.as_deref(), p));
            counts.push(of_rows.as_ref().map_or(cell.len() as f64, |weights| weights.iter().sum()));
            leaves.push(Leaf { rows: Packed::new(&own, p), weights: of_rows });
        }
        let coarse = Bound::merged(&centres, &counts, p, 1 << depth.saturating_sub(COARSE));
        let fine = Bound { means: Packed::new(&centres, p), counts };
        Self { p, rows, leaves, fine, coarse }
    }

    /// Rows.
    pub fn len(&self) -> usize {
        self.rows.len() / self.p
    }

    /// All rows in the caller's order, centred.
    pub fn rows(&self) -> &[f64] {
        &self.rows
    }

    /// Row `index`, centred.
    pub fn row(&self, index: usize) -> &[f64] {
        &self.rows[index * self.p..(index + 1) * self.p]
    }

    /// No more than the weighted sum of the distances of row `index` to all rows, but for rounding.
    pub fn coarse_bound(&self, index: usize) -> f64 {
        self.coarse.terms(self.row(index)).iter().sum()
    }

    /// The weighted sum of the distances of row `index` to all rows, or none when it is above `limit`; and
    /// how many distances that took. The cells still to come count by their bound.
    pub fn sum_below(&self, index: usize, limit: f64) -> (Option<f64>, usize) {
        let row = self.row(index);
        let terms = self.fine.terms(row);
        let mut work = terms.len();
        let mut to_come: f64 = terms.iter().sum();
        let mut sum = 0.0;
        for (leaf, term) in self.leaves.iter().zip(&terms) {
            if sum + to_come > limit {
                return (None, work);
            }
            sum += leaf.sum_of_distances(row);
            to_come -= term;
            work += leaf.rows.len;
        }
        ((sum <= limit).then_some(sum), work)
    }
}

impl Bound {
    /// Of every `merged` of the cells with these means and counts taken together.
    fn merged(means: &[f64], counts: &[f64], p: usize, merged: usize) -> Self {
        let mut centres = Vec::new();
        let sizes: Vec<f64> = counts.chunks(merged).map(|counts| counts.iter().sum()).collect();
        let cells = means.chunks(merged * p).zip(counts.chunks(merged)).zip(&sizes);
        for ((means, counts), size) in cells {
            let mut centre = vec![0.0; p];
            for (mean, count) in means.chunks_exact(p).zip(counts) {
                centre.iter_mut().zip(mean).for_each(|(sum, value)| *sum += count / size * value);
            }
            centres.extend(centre);
        }
        Self { means: Packed::new(&centres, p), counts: sizes }
    }

    /// count x |row - mean| of each cell.
    fn terms(&self, row: &[f64]) -> Vec<f64> {
        let mut terms = self.counts.clone();
        let groups = terms.chunks_mut(LANES).zip(self.means.groups.chunks_exact(row.len()));
        for (terms, group) in groups {
            let distances = distances(row, group);
            terms.iter_mut().zip(distances).for_each(|(term, distance)| *term *= distance);
        }
        terms
    }
}

impl Leaf {
    fn sum_of_distances(&self, row: &[f64]) -> f64 {
        let Some(weights) = &self.weights else { return self.rows.sum_of_distances(row) };
        let groups = self.rows.groups.chunks_exact(row.len()).zip(weights.chunks(LANES));
        let mut sums = [0.0; LANES];
        for (group, weights) in groups {
            let distances = distances(row, group);
            let lanes = sums.iter_mut().zip(distances).zip(weights);
            lanes.for_each(|((sum, distance), weight)| *sum += weight * distance);
        }
        sums.iter().sum()
    }
}

impl Packed {
    /// Packs rows of p, at least one.
    fn new(rows: &[f64], p: usize) -> Self {
        let len = rows.len() / p;
        let mut groups = vec![[0.0; LANES]; len.div_ceil(LANES) * p];
        for (place, group) in groups.iter_mut().enumerate() {
            for (lane, value) in group.iter_mut().enumerate() {
                let row = (place / p * LANES + lane).min(len - 1);
                *value = rows[row * p + place % p];
            }
        }
        Self { groups, len }
    }

    fn sum_of_distances(&self, row: &[f64]) -> f64 {
        let mut sums = [0.0; LANES];
        let full = self.len / LANES;
        for group in self.groups[..full * row.len()].chunks_exact(row.len()) {
            let distances = distances(row, group);
            sums.iter_mut().zip(distances).for_each(|(sum, distance)| *sum += distance);
        }
        let rest = &self.groups[full * row.len()..];
        if !rest.is_empty() {
            let distances = distances(row, rest);
            let lanes = self.len % LANES;
            sums[..lanes].iter_mut().zip(distances).for_each(|(sum, distance)| *sum += distance);
        }
        sums.iter().sum()
    }
}

/// Distances of `row` to the rows of one group (p features of [`LANES`]).
#[inline]
fn distances(row: &[f64], group: &[[f64; LANES]]) -> [f64; LANES] {
    let mut sums = [0.0; LANES];
    for (others, &value) in group.iter().zip(row) {
        for lane in 0..LANES {
            let difference = value - others[lane];
            sums[lane] += difference * difference;
        }
    }
    sums.map(f64::sqrt)
}

/// Takes the mean of `rows` off each of them.
fn centre(rows: &mut [f64], weights: Option<&[f64]>, p: usize) {
    let means = means(rows, weights, p);
    for row in rows.chunks_exact_mut(p) {
        row.iter_mut().zip(&means).for_each(|(value, mean)| *value -= mean);
    }
}

fn means(rows: &[f64], weights: Option<&[f64]>, p: usize) -> Vec<f64> {
    Points::new(rows, p).weighted(weights).means()
}

/// The two halves of `cell` about the median of the feature that varies most in it.
fn halves<'a>(rows: &[f64], p: usize, cell: &'a mut [u32]) -> [&'a mut [u32]; 2] {
    let row = |index: u32| &rows[index as usize * p..(index as usize + 1) * p];
    let first = row(cell[0]);
    let (mut sums, mut squares) = (vec![0.0; p], vec![0.0; p]);
    for &index in cell.iter() {
        let places = sums.iter_mut().zip(&mut squares).zip(row(index).iter().zip(first));
        for ((sum, square), (value, origin)) in places {
            let value = value - origin;
            *sum += value;
            *square += value * value;
        }
    }
    let count = cell.len() as f64;
    let spread = |feature: usize| squares[feature] - sums[feature] * sums[feature] / count;
    let widest =
        (0..p).reduce(|best, j| if spread(j) > spread(best) { j } else { best }).unwrap_or(0);
    let value = |index: u32| rows[index as usize * p + widest];
    let middle = cell.len() / 2;
    cell.select_nth_unstable_by(middle, |&a, &b| {
        value(a).total_cmp(&value(b)).then_with(|| a.cmp(&b))
    });
    let (low, high) = cell.split_at_mut(middle);
    [low, high]
}

/// The plain weighted sum of distances, for the tests.
#[cfg(test)]
pub(super) fn weighted_sum(rows: &[f64], weights: &[f64], p: usize, index: usize) -> f64 {
    let row = &rows[index * p..(index + 1) * p];
    let distance = |other| crate::cluster::kernel::squared_distance(row, other).sqrt();
    rows.chunks_exact(p).zip(weights).map(|(other, weight)| weight * distance(other)).sum()
}

/// The plain sum of distances, for the tests.
#[cfg(test)]
pub(super) fn plain_sum(rows: &[f64], p: usize, index: usize) -> f64 {
    let row = &rows[index * p..(index + 1) * p];
    let distance = |other| crate::cluster::kernel::squared_distance(row, other).sqrt();
    rows.chunks_exact(p).map(distance).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::{Rng, SeedableRng};
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;

    #[test]
    fn rows_are_shared_out_among_cells() {
        for (m, cells) in
            [(1, (1, 1)), (63, (1, 1)), (64, (2, 2)), (700, (16, 16)), (9_000, (16, 256))]
        {
            let rows: Vec<f64> = (0..m).map(|at| ((at * 7_919) % m) as f64).collect();
            let made = Cells::new(rows, None, 1);
            assert_eq!((made.coarse.counts.len(), made.leaves.len()), cells, "{m}");
            assert_eq!(made.leaves.iter().map(|leaf| leaf.rows.len).sum::<usize>(), m);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn bounds_are_below_the_sum_and_the_sum_is_the_plain_one(
            seed in 0u64..1_000, m in 1usize..400, p in 1usize..5, far in 0usize..3,
        ) {
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
            let origin = [0.0, 1e3, -1e6][far];
            let rows: Vec<f64> = (0..m * p)
                .map(|_| origin + f64::from(rng.gen_range(0..40_u8)) * 0.25)
                .collect();
            let weights: Vec<f64> = (0..m)
                .map(|_| if seed % 2 == 0 { 1.0 } else { f64::from(rng.gen_range(1..9_u8)) * 0.5 })
                .collect();
            let given = (seed % 2 == 1).then_some(&weights[..]);
            let cells = Cells::new(rows.clone(), given, p);
            for index in 0..m.min(20) {
                let plain = weighted_sum(&rows, &weights, p, index);
                let close = 1e-12 * plain;
                prop_assert!(cells.coarse_bound(index) <= plain + close);
                let (sum, work) = cells.sum_below(index, f64::INFINITY);
                prop_assert!((sum.unwrap() - plain).abs() <= close);
                prop_assert_eq!(work, m + cells.leaves.len());
                prop_assert!(cells.sum_below(index, 0.999 * plain - 1e-9).0.is_none());
                prop_assert!(cells.sum_below(index, 1.001 * plain + 1e-9).0.is_some());
            }
        }
    }
}
