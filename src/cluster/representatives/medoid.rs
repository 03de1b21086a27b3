//! m rows of p -> the medoid: the row with the smallest sum of Euclidean distances to the others. A
//! row of weight 2 is two equal rows: each distance counts as often as the row it leads to.
//!
//! Kaufman and Rousseeuw, Finding Groups in Data (1990), chapter 2. The rows are looked at in the
//! order of a lower bound of their sums; one whose bound is above the smallest sum so far need not
//! be summed, and once that holds of the next, it holds of all that follow, and the medoid is
//! proven (as in trimed of Newling and Fleuret 2017, whose bounds by the triangle inequality are
//! too loose in more than a few dimensions; here the higher of those of `tangent` and `cells`).
//! Small inputs are always proven; large ones within a budget of distances, beyond which the best
//! so far stands, and is said to be no more.

use super::cells::Cells;
use super::tangent::Tangent;

/// Sums that differ by no more than this part of them count as equal: the lowest row is taken.
const EQUAL: f64 = 1e-12;
/// What a bound must be above a sum, relative to it, to count as above it: rounding is far less.
const CLEAR: f64 = 1e-9;

/// Members up to which the medoid of a cluster is always proven.
pub const EXACT_MEMBERS: usize = 2_048;

/// A medoid and how sure that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Index of the row, the lowest of equals.
    pub index: usize,
    /// Whether no other row has a smaller sum; otherwise it is the best of those looked at.
    pub exact: bool,
}

/// The medoid of `rows` (m x p, m at least 1), each of which counts as `weights` say, once where
/// there are none. No further row is summed once sums have taken `budget` distances, unless m is at
/// most [`EXACT_MEMBERS`]; one always is.
pub(super) fn medoid(rows: Vec<f64>, weights: Option<&[f64]>, p: usize, budget: u64) -> Found {
    let cells = Cells::new(rows, weights, p);
    let m = cells.len();
    let tangent = Tangent::new(cells.rows(), weights, p);
    let bound = |index: usize| cells.coarse_bound(index).max(tangent.bound(cells.row(index)));
    let mut order: Vec<(f64, u32)> = (0..m).map(|index| (bound(index), index as u32)).collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    let mut work = 0;
    let mut smallest = f64::INFINITY;
    let mut sums: Vec<(f64, usize)> = Vec::new();
    let mut exact = true;
    // Where the run of equal bounds begins: equal rows are in the same one.
    let mut equals = 0;
    for (place, &(bound, index)) in order.iter().enumerate() {
        let limit = smallest * (1.0 + CLEAR);
        if bound > limit {
            break;
        }
        if order[equals].0 < bound {
            equals = place;
        }
        let same =
            |earlier: &(f64, u32)| cells.row(earlier.1 as usize) == cells.row(index as usize);
        if order[equals..place].iter().any(same) {
            continue;
        }
        if work >= budget && m > EXACT_MEMBERS && !sums.is_empty() {
            exact = false;
            break;
        }
        let (sum, cost) = cells.sum_below(index as usize, limit);
        work += cost as u64;
        if let Some(sum) = sum {
            sums.push((sum, index as usize));
            smallest = smallest.min(sum);
        }
    }
    let equal = sums.iter().filter(|(sum, _)| *sum <= smallest * (1.0 + EQUAL));
    Found { index: equal.map(|(_, index)| *index).min().unwrap_or(0), exact }
}
