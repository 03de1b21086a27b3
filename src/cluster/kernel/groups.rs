//! Rows eight at a time in double precision -> their squared distances to centroids.
//!
//! The sum over features runs in feature order for every row, difference, square and sum each
//! rounded: the same bits as [`super::squared_distance`], whatever the instruction set. Call from
//! within `fearless_simd::dispatch!`, with closures marked `#[inline(always)]`.

use std::ops::Range;

use super::points::Points;

/// Rows of a group.
pub(crate) const ROWS: usize = 8;

/// One figure for each row of a group.
pub(crate) type Group = [f64; ROWS];

/// Calls `work` for each group of the rows of `range` with its first row, how many rows it has and
/// its values, one [`Group`] a feature. Places beyond the last row hold values of earlier rows.
#[inline(always)]
pub(crate) fn each_group(
    points: Points,
    range: Range<usize>,
    mut work: impl FnMut(usize, usize, &[Group]),
) {
    let mut values = vec![[0.0; ROWS]; points.p];
    for start in range.clone().step_by(ROWS) {
        let count = ROWS.min(range.end - start);
        for (at, row) in points.rows(start..start + count).enumerate() {
            for (group, &value) in values.iter_mut().zip(row) {
                group[at] = value;
            }
        }
        work(start, count, &values);
    }
}

/// Rows that many passes are made over: few enough rows are put into groups once, which a pass would
/// spend more time on than on their distances to a few centroids.
pub(crate) struct Grouped<'a> {
    pub points: Points<'a>,
    /// p groups for each eight rows; empty where there are too many.
    values: Vec<Group>,
}

/// Rows up to which they are kept in groups: they take the memory of the rows again.
const KEPT: usize = 32_768;

impl<'a> Grouped<'a> {
    /// Takes `points`.
    pub fn new(points: Points<'a>) -> Self {
        let mut values = Vec::new();
        if points.n <= KEPT {
            values.reserve_exact(points.n.div_ceil(ROWS) * points.p);
            each_group(points, 0..points.n, |_, _, group| values.extend_from_slice(group));
        }
        Self { points, values }
    }

    /// As [`each_group`]; `range` begins with the first row of a group.
    #[inline(always)]
    pub fn each(&self, range: Range<usize>, mut work: impl FnMut(usize, usize, &[Group])) {
        if self.values.is_empty() {
            return each_group(self.points, range, work);
        }
        for start in range.clone().step_by(ROWS) {
            let first = start / ROWS * self.points.p;
            let group = &self.values[first..first + self.points.p];
            work(start, ROWS.min(range.end - start), group);
        }
    }
}

/// Squared distances of the rows of a group to `centroid`.
#[inline(always)]
pub(crate) fn squared_distances(values: &[Group], centroid: &[f64]) -> Group {
    let mut sums = [0.0; ROWS];
    for (group, &centre) in values.iter().zip(centroid) {
        for at in 0..ROWS {
            let difference = group[at] - centre;
            sums[at] += difference * difference;
        }
    }
    sums
}

/// The nearest and second-nearest of k centroids, by row of a group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NearestTwo {
    /// Index of the nearest, a whole number; the lowest of those equally near.
    pub index: Group,
    /// Squared distance to it.
    pub squared: Group,
    /// Squared distance to the runner-up; infinite for k = 1.
    pub second: Group,
}

impl NearestTwo {
    /// The nearest of `centroids` (k rows of p); their squared distances, k groups, into `all`.
    #[inline(always)]
    pub fn of(values: &[Group], centroids: &[f64], all: &mut [Group]) -> Self {
        let far = [f64::INFINITY; ROWS];
        let mut found = Self { index: [0.0; ROWS], squared: far, second: far };
        let centroids = centroids.chunks_exact(values.len());
        for (number, (centroid, all)) in centroids.zip(all).enumerate() {
            let squared = squared_distances(values, centroid);
            *all = squared;
            for (at, &squared) in squared.iter().enumerate() {
                let nearer = squared < found.squared[at];
                let beaten = if nearer { found.squared[at] } else { squared };
                found.second[at] =
                    if beaten < found.second[at] { beaten } else { found.second[at] };
                found.squared[at] = if nearer { squared } else { found.squared[at] };
                found.index[at] = if nearer { number as f64 } else { found.index[at] };
            }
        }
        found
    }
}

/// The sum over the places of a group, in a fixed order.
#[inline(always)]
pub(crate) fn sum(group: &Group) -> f64 {
    group.iter().sum()
}
