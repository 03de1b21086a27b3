//! Values -> scores from 1 to 5, with a stated policy for ties.
//!
//! `Ties::Together` gives a value the fifth in which the middle of its rank range lies, so equal
//! values are never told apart; fewer than five scores may then be in use, and their number is
//! reported. `Ties::Split` is SQL's NTILE: equal fifths, ties going by position.

use serde::{Deserialize, Serialize};

/// What becomes of equal values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ties {
    /// They get the same score.
    #[default]
    Together,
    /// They are split, in the order of customer ids, into fifths of equal size.
    Split,
}

/// Scores and how many of the five are in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scored {
    /// One score a value.
    pub scores: Vec<u8>,
    /// Distinct scores.
    pub effective_bins: usize,
}

/// Scores of `values` (no NaN), 5 the largest; with `reversed`, 5 the smallest.
pub fn scores(values: &[f64], reversed: bool, ties: Ties) -> Scored {
    let n = values.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&a, &b| {
        let by_value = values[a].total_cmp(&values[b]);
        if reversed { by_value.reverse() } else { by_value }
    });
    let mut scores = vec![0u8; n];
    let mut start = 0;
    while start < n {
        let mut end = start + 1;
        if ties == Ties::Together {
            while end < n && values[order[end]] == values[order[start]] {
                end += 1;
            }
        }
        // The middle of ranks start..end lies in fifth floor(5 (start + end) / 2n).
        let score = match ties {
            Ties::Together => 5 * (start + end) / (2 * n),
            Ties::Split => 5 * start / n,
        };
        for &place in &order[start..end] {
            scores[place] = 1 + score.min(4) as u8;
        }
        start = end;
    }
    let mut used = [false; 5];
    scores.iter().for_each(|&score| used[usize::from(score) - 1] = true);
    Scored { scores, effective_bins: used.iter().filter(|&&used| used).count() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_distinct_values_give_two_a_fifth() {
        let values: Vec<f64> = (1..=10).map(f64::from).collect();
        for ties in [Ties::Together, Ties::Split] {
            let scored = scores(&values, false, ties);
            assert_eq!(scored.scores, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
            assert_eq!(scored.effective_bins, 5);
        }
        assert_eq!(scores(&values, true, Ties::Together).scores, [5, 5, 4, 4, 3, 3, 2, 2, 1, 1]);
    }

    #[test]
    fn equal_values_stay_together_and_the_bins_say_so() {
        // Seven one-time buyers of ten: ranks 1..7, middle 3.5 of 10, the second fifth.
        let values = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 3.0, 4.0];
        let scored = scores(&values, false, Ties::Together);
        assert_eq!(scored.scores, [2, 2, 2, 2, 2, 2, 2, 4, 5, 5]);
        assert_eq!(scored.effective_bins, 3);
        let split = scores(&values, false, Ties::Split);
        assert_eq!(split.scores, [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
    }

    #[test]
    fn all_alike_is_one_middle_bin() {
        let scored = scores(&[7.0; 9], false, Ties::Together);
        assert_eq!(scored, Scored { scores: vec![3; 9], effective_bins: 1 });
        assert_eq!(scores(&[], false, Ties::Together).effective_bins, 0);
        assert_eq!(scores(&[1.0], false, Ties::Together).scores, [3]);
    }
}
