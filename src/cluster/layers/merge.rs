//! Strings with sizes and centroids -> which of them are merged into which.
//!
//! While a micro-segment has fewer than the least number of customers and is not alone, the
//! smallest (ties: the lower string) goes into the one whose centroid is nearest (Euclidean; ties:
//! the lower string), which keeps its string; the centroid of both together is that of all their
//! customers. Agglomeration by the centroid method (Sokal and Michener 1958) that starts from the
//! smallest and stops at a size instead of a number.

use crate::cluster::kernel::squared_distance;

/// One string: its customers and their mean in the joined space.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Group {
    pub customers: usize,
    pub centroid: Vec<f64>,
}

/// For each of `groups`, in the order of their strings, the one that it ends in; `groups` are left
/// with the customers and centroids of those that remain.
pub(super) fn merge(groups: &mut [Group], least: usize) -> Vec<usize> {
    let mut into: Vec<usize> = (0..groups.len()).collect();
    let mut left: Vec<usize> = into.clone();
    while left.len() > 1 {
        let smallest = left.iter().copied().min_by_key(|&at| (groups[at].customers, at));
        let Some(small) = smallest.filter(|&at| groups[at].customers < least) else { break };
        left.retain(|&at| at != small);
        let distance = |at: usize| squared_distance(&groups[small].centroid, &groups[at].centroid);
        let nearest = left.iter().copied().min_by(|&a, &b| distance(a).total_cmp(&distance(b)));
        let Some(nearest) = nearest else { break };
        let taken = std::mem::replace(&mut groups[small].customers, 0);
        let all = taken + groups[nearest].customers;
        let share = taken as f64 / all as f64;
        let centroid = groups[small].centroid.clone();
        for (mean, own) in groups[nearest].centroid.iter_mut().zip(centroid) {
            *mean += share * (own - *mean);
        }
        groups[nearest].customers = all;
        into.iter_mut().filter(|at| **at == small).for_each(|at| *at = nearest);
    }
    into
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(rows: &[(usize, f64)]) -> Vec<Group> {
        rows.iter().map(|&(customers, at)| Group { customers, centroid: vec![at] }).collect()
    }

    #[test]
    fn the_smallest_goes_first_and_to_the_nearest() {
        // 3 at 10 goes to 4 at 8, whose mean moves to (3 x 10 + 4 x 8) / 7; that has 7 customers
        // and goes to 50 at 0, not to 60 at 20.
        let mut groups = groups(&[(50, 0.0), (4, 8.0), (3, 10.0), (60, 20.0)]);
        let middle = (3.0 * 10.0 + 4.0 * 8.0) / 7.0;
        assert_eq!(merge(&mut groups, 10), [0, 0, 0, 3]);
        let expected = 7.0 / 57.0 * middle;
        assert!((groups[0].centroid[0] - expected).abs() < 1e-12);
        assert_eq!(groups.iter().map(|g| g.customers).collect::<Vec<_>>(), [57, 0, 0, 60]);
    }

    #[test]
    fn ties_go_to_the_lower_string() {
        // Two of equal size: the first is merged first; two equally near: the first takes it.
        assert_eq!(merge(&mut groups(&[(9, -1.0), (2, 0.0), (9, 1.0)]), 5), [0, 0, 2]);
        assert_eq!(merge(&mut groups(&[(2, 0.0), (2, 1.0)]), 3), [1, 1]);
    }

    #[test]
    fn what_is_large_enough_or_alone_stays() {
        assert_eq!(merge(&mut groups(&[(5, 0.0), (5, 0.0)]), 5), [0, 1]);
        assert_eq!(merge(&mut groups(&[(1, 0.0)]), 5), [0]);
        assert_eq!(merge(&mut groups(&[(1, 0.0), (2, 9.0), (3, 5.0)]), 100), [2, 2, 2]);
        assert_eq!(merge(&mut groups(&[(1, 0.0), (2, 9.0)]), 1), [0, 1]);
    }
}
