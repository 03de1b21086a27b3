//! Labels of the same customers by an earlier model and by this month's candidate -> how far they
//! agree.
//!
//! The earlier model assigns this month's values of the customers who were there when it was
//! fitted (stayers): what differs is the model, not the customers. Agreement is the adjusted Rand
//! index of Hubert and Arabie (J. Classification 2, 1985). Customers count once, whatever their
//! weight: they are to stay in their segments, not their repetitions.

use super::Labelling;
use crate::math::adjusted_rand_index;

/// The index over the `rows` of both labellings; none without rows.
pub(crate) fn agreement(rows: &[usize], earlier: Labelling, now: Labelling) -> Option<f64> {
    let mut counts = vec![vec![0; now.k]; earlier.k];
    for &row in rows {
        counts[earlier.labels[row] as usize][now.labels[row] as usize] += 1;
    }
    adjusted_rand_index(&counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_rows_named_count() {
        let earlier = Labelling { labels: &[0, 0, 1, 1, 0], k: 2 };
        let now = Labelling { labels: &[2, 2, 0, 0, 1], k: 3 };
        assert_eq!(agreement(&[0, 1, 2, 3], earlier, now), Some(1.0));
        assert!(agreement(&[0, 1, 2, 3, 4], earlier, now).expect("rows") < 1.0);
        assert_eq!(agreement(&[], earlier, now), None);
    }
}
