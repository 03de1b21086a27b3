//! A borrowed n x p matrix in row order, and squared distances of a row to k centroids.
//!
//! Centroids are packed by groups of [`LANES`] with the features inside, so that one pass over a
//! row's features serves a group. The sum over features runs in feature order for every
//! centroid: the same bits as the plain loop. No expansion into norms and products, which would
//! lose digits where a customer is close to a centroid and both are far from the origin.

use std::collections::HashSet;

use ndarray::ArrayView2;

use super::blocks::map_blocks;

/// Centroids whose distances are computed together.
pub(crate) const LANES: usize = 4;

/// n rows of p finite values, each row with a weight.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Points<'a> {
    /// n x p values, row after row.
    pub values: &'a [f64],
    /// Rows.
    pub n: usize,
    /// Values of a row, at least 1.
    pub p: usize,
    /// n weights, finite and above 0; none where every row counts once. A row of weight 2 counts
    /// like two equal rows.
    pub weights: Option<&'a [f64]>,
}

impl<'a> Points<'a> {
    /// The rows of `values`, `p` at least 1.
    pub fn new(values: &'a [f64], p: usize) -> Self {
        Self { values, n: values.len() / p, p, weights: None }
    }

    /// The same rows with `weights`, one a row.
    pub fn weighted(self, weights: Option<&'a [f64]>) -> Self {
        debug_assert!(weights.is_none_or(|weights| weights.len() == self.n));
        Self { weights, ..self }
    }

    /// What row `index` counts.
    #[inline]
    pub fn weight(&self, index: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[index])
    }

    /// What all rows count together: n where they have no weights.
    pub fn total_weight(&self) -> f64 {
        self.weights.map_or(self.n as f64, |weights| weights.iter().sum())
    }

    /// Row `index`.
    pub fn row(&self, index: usize) -> &'a [f64] {
        &self.values[index * self.p..(index + 1) * self.p]
    }

    /// The rows of `range`, in order.
    pub fn rows(&self, range: std::ops::Range<usize>) -> std::slice::ChunksExact<'a, f64> {
        self.values[range.start * self.p..range.end * self.p].chunks_exact(self.p)
    }

    /// Those of `range` alone.
    pub fn of(&self, range: std::ops::Range<usize>) -> Self {
        let values = &self.values[range.start * self.p..range.end * self.p];
        Self { values, n: range.len(), p: self.p, weights: self.weights.map(|all| &all[range]) }
    }

    /// The same as an array view.
    pub fn view(&self) -> ArrayView2<'a, f64> {
        ArrayView2::from_shape((self.n, self.p), self.values).expect("n x p values")
    }

    /// The rows named by `indices`, one after the other.
    pub fn gather(&self, indices: &[usize]) -> Vec<f64> {
        let mut rows = Vec::with_capacity(indices.len() * self.p);
        indices.iter().for_each(|&index| rows.extend_from_slice(self.row(index)));
        rows
    }

    /// The weights of the rows named by `indices`, where rows have weights.
    pub fn gather_weights(&self, indices: &[usize]) -> Option<Vec<f64>> {
        self.weights.map(|weights| indices.iter().map(|&index| weights[index]).collect())
    }

    /// Number of distinct rows, counted no further than `limit`.
    pub fn distinct_up_to(&self, limit: usize) -> usize {
        let mut seen: HashSet<Vec<u64>> = HashSet::new();
        for row in self.rows(0..self.n) {
            if seen.len() >= limit {
                break;
            }
            // Adding 0 makes a negative zero positive.
            seen.insert(row.iter().map(|value| (value + 0.0).to_bits()).collect());
        }
        seen.len()
    }

    /// p weighted means.
    pub fn means(&self) -> Vec<f64> {
        let sums = map_blocks(self.n, |range| {
            let mut sums = vec![0.0; self.p];
            for (index, row) in range.clone().zip(self.rows(range)) {
                let weight = self.weight(index);
                sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += weight * value);
            }
            sums
        });
        let mut means = vec![0.0; self.p];
        for sums in sums {
            means.iter_mut().zip(sums).for_each(|(mean, sum)| *mean += sum);
        }
        let total = self.total_weight();
        means.iter_mut().for_each(|mean| *mean /= total);
        means
    }

    /// Weighted sum of the squared distances of all rows to their mean.
    pub fn total_squares(&self) -> f64 {
        let means = self.means();
        let sums = map_blocks(self.n, |range| {
            let squared = |(index, row)| self.weight(index) * squared_distance(row, &means);
            range.clone().zip(self.rows(range)).map(squared).sum::<f64>()
        });
        sums.iter().sum()
    }

    /// Mean over the features of their variance (divisor: the sum of the weights).
    pub fn mean_variance(&self) -> f64 {
        self.total_squares() / (self.total_weight() * self.p as f64)
    }
}

/// Squared Euclidean distance of two rows of p.
pub(crate) fn squared_distance(a: &[f64], b: &[f64]) -> f64 {
    let mut sum = 0.0;
    for (a, b) in a.iter().zip(b) {
        sum += (a - b) * (a - b);
    }
    sum
}

/// k centroids of p coordinates, packed for [`Packed::distances`].
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    groups: Vec<[f64; LANES]>,
    k: usize,
    p: usize,
}

/// The nearest centroid of a row and how near.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Nearest {
    /// Index of the centroid; the lowest of those equally near.
    pub index: usize,
    /// Squared distance to it.
    pub squared: f64,
    /// Squared distance to the runner-up; infinite for k = 1.
    pub second: f64,
}

impl Packed {
    /// Packs k rows of p coordinates. Lanes beyond k are infinitely far.
    pub fn new(centroids: &[f64], p: usize) -> Self {
        let k = centroids.len() / p;
        let mut groups = vec![[f64::INFINITY; LANES]; k.div_ceil(LANES) * p];
        for (index, centroid) in centroids.chunks_exact(p).enumerate() {
            for (feature, &value) in centroid.iter().enumerate() {
                groups[index / LANES * p + feature][index % LANES] = value;
            }
        }
        Self { groups, k, p }
    }

    /// Number of centroids.
    pub fn k(&self) -> usize {
        self.k
    }

    /// A buffer of the length that [`Packed::distances`] fills.
    pub fn buffer(&self) -> Vec<f64> {
        vec![0.0; self.k.div_ceil(LANES) * LANES]
    }

    /// Squared distances of `row` (p values) to the centroids, into the first k of `buffer`.
    #[inline]
    pub fn distances(&self, row: &[f64], buffer: &mut [f64]) {
        for (group, out) in self.groups.chunks_exact(self.p).zip(buffer.chunks_exact_mut(LANES)) {
            let mut sums = [0.0; LANES];
            for (centroids, &value) in group.iter().zip(row) {
                for lane in 0..LANES {
                    let difference = value - centroids[lane];
                    sums[lane] += difference * difference;
                }
            }
            out.copy_from_slice(&sums);
        }
    }

    /// The nearest centroid of `row`.
    #[inline]
    pub fn nearest(&self, row: &[f64], buffer: &mut [f64]) -> Nearest {
        self.distances(row, buffer);
        let mut nearest = Nearest { index: 0, squared: f64::INFINITY, second: f64::INFINITY };
        for (index, &squared) in buffer[..self.k].iter().enumerate() {
            // Selections rather than branches: which is nearer cannot be predicted.
            let nearer = squared < nearest.squared;
            let beaten = if nearer { nearest.squared } else { squared };
            nearest.second = if beaten < nearest.second { beaten } else { nearest.second };
            nearest.squared = if nearer { squared } else { nearest.squared };
            nearest.index = if nearer { index } else { nearest.index };
        }
        nearest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_takes_the_lowest_index_of_a_tie() {
        let packed = Packed::new(&[3.0, 1.0, -1.0, 1.0, 5.0], 1);
        let mut buffer = packed.buffer();
        let nearest = packed.nearest(&[0.0], &mut buffer);
        assert_eq!(nearest, Nearest { index: 1, squared: 1.0, second: 1.0 });
        let alone = Packed::new(&[3.0, 4.0], 2).nearest(&[0.0, 0.0], &mut [0.0; LANES]);
        assert_eq!(alone, Nearest { index: 0, squared: 25.0, second: f64::INFINITY });
    }

    #[test]
    fn distinct_rows_are_counted_up_to_a_limit() {
        let values = [0.0, 1.0, -0.0, 1.0, 2.0, 1.0, 0.0, 1.0, 3.0, 3.0];
        let points = Points::new(&values, 2);
        assert_eq!(points.distinct_up_to(10), 3);
        assert_eq!(points.distinct_up_to(2), 2);
    }

    #[test]
    fn mean_variance_by_hand() {
        // Variances 1 and 0.
        assert_eq!(Points::new(&[0.0, 5.0, 2.0, 5.0], 2).mean_variance(), 0.5);
        // Weight 2 is the row twice: 0, 0, 3 has variance 2.
        let weighted = Points::new(&[0.0, 3.0], 1).weighted(Some(&[2.0, 1.0]));
        assert_eq!((weighted.mean_variance(), weighted.total_weight()), (2.0, 3.0));
    }
}
