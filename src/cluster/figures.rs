//! Rows and where each belongs -> per segment its size, and what is typical of it in the units of
//! the table: medians of numbers, shares of the levels of categories.
//!
//! Medians are type 7 of Hyndman and Fan (1996, doi:10.2307/2684934). Undefined values are left out.

use rayon::prelude::*;

use super::prepare::Values;
use super::{Assignments, ClusterError, Rows};
use crate::math::weighted_quantiles;

/// What one segment is like.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SegmentFigures {
    /// Rows in it.
    pub rows: usize,
    /// What they count: the number of rows where they have no weights.
    pub weight: f64,
    /// Share of the weight of all rows, in [0, 1].
    pub share: f64,
    /// By feature of numbers, the median of the defined values; none where there is none.
    pub medians: Vec<(String, Option<f64>)>,
    /// By categorical feature, the share of the segment's weight at each level, the largest first,
    /// ties by the level's bytes; rows without a level make the rest to 1.
    pub levels: Vec<(String, Vec<(String, f64)>)>,
}

/// Figures of the `k` segments of `assignments`, one segment number below `k` a row, by `features`,
/// columns of `rows`. O(n p log n).
///
/// # Errors
///
/// [`ClusterError::UnknownFeature`].
pub fn segment_figures(
    rows: &Rows,
    assignments: &Assignments,
    k: usize,
    features: &[&str],
) -> Result<Vec<SegmentFigures>, ClusterError> {
    let members = Members::new(&assignments.cluster, k);
    let weights = rows.weights().map(|weights| members.gather(weights));
    let mut segments: Vec<SegmentFigures> = (0..k)
        .map(|segment| {
            let range = members.range(segment);
            let count = range.len();
            let weight = weights.as_ref().map_or(count as f64, |all| all[range].iter().sum());
            SegmentFigures { rows: count, weight, ..SegmentFigures::default() }
        })
        .collect();
    let total: f64 = segments.iter().map(|segment| segment.weight).sum();
    segments.iter_mut().for_each(|segment| segment.share = segment.weight / total);
    for &feature in features {
        match rows.named(feature)? {
            Values::Numbers(values) => {
                let values = members.gather(values);
                segments.par_iter_mut().enumerate().for_each(|(segment, figures)| {
                    let range = members.range(segment);
                    let weights = weights.as_ref().map(|weights| &weights[range.clone()]);
                    let median = weighted_quantiles(&values[range], weights, &[0.5]);
                    figures.medians.push((feature.to_owned(), median.first().copied()));
                });
            }
            Values::Texts(values) => {
                segments.par_iter_mut().enumerate().for_each(|(segment, figures)| {
                    let mut counts = std::collections::BTreeMap::<&str, f64>::new();
                    for place in members.range(segment) {
                        if let Some(level) = values[members.rows[place] as usize].as_deref() {
                            let weight = weights.as_ref().map_or(1.0, |weights| weights[place]);
                            *counts.entry(level).or_default() += weight;
                        }
                    }
                    let shares = counts.into_iter();
                    let mut shares: Vec<(String, f64)> = shares
                        .map(|(level, weight)| (level.to_owned(), weight / figures.weight))
                        .collect();
                    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
                    figures.levels.push((feature.to_owned(), shares));
                });
            }
        }
    }
    Ok(segments)
}

/// The rows of each segment, one segment after the other, each in row order.
struct Members {
    rows: Vec<u32>,
    /// k + 1 places.
    starts: Vec<usize>,
}

impl Members {
    fn new(cluster: &[u32], k: usize) -> Self {
        let mut starts = vec![0; k + 1];
        for &segment in cluster {
            starts[segment as usize + 1] += 1;
        }
        for segment in 0..k {
            starts[segment + 1] += starts[segment];
        }
        let mut next = starts.clone();
        let mut rows = vec![0; cluster.len()];
        for (row, &segment) in cluster.iter().enumerate() {
            rows[next[segment as usize]] = row as u32;
            next[segment as usize] += 1;
        }
        Self { rows, starts }
    }

    fn range(&self, segment: usize) -> std::ops::Range<usize> {
        self.starts[segment]..self.starts[segment + 1]
    }

    /// One value a row, in the order of [`Self::rows`].
    fn gather(&self, values: &[f64]) -> Vec<f64> {
        self.rows.iter().map(|&row| values[row as usize]).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn figures_by_hand() {
        let name = |row: usize| row.to_string();
        let numbers = [1.0, 10.0, f64::NAN, 3.0, 30.0];
        let level = |text: &str| Some(Arc::<str>::from(text));
        let texts = [level("b"), level("a"), level("b"), level("a"), None];
        let assignments = Assignments { cluster: vec![0, 1, 0, 0, 1], ..Default::default() };
        let rows = Rows::new(5, &name).numbers("x", &numbers).texts("t", &texts);
        let found = segment_figures(&rows, &assignments, 2, &["x", "t"]).expect("known columns");
        assert_eq!((found[0].rows, found[0].weight, found[0].share), (3, 3.0, 0.6));
        assert_eq!(found[0].medians, [("x".to_owned(), Some(2.0))]);
        let share = |level: &str, share: f64| (level.to_owned(), share);
        assert_eq!(found[0].levels[0].1, [share("b", 2.0 / 3.0), share("a", 1.0 / 3.0)]);
        assert_eq!(found[1].levels[0].1, [share("a", 0.5)], "one of two has no level");

        let weights = [1.0, 3.0, 1.0, 3.0, 1.0];
        let weighted = rows.weighted(&weights).expect("weights above 0");
        let found =
            segment_figures(&weighted, &assignments, 2, &["x", "t"]).expect("known columns");
        assert_eq!((found[0].weight, found[1].share), (5.0, 4.0 / 9.0));
        // 1, 3, 3, 3 and 10, 10, 10, 30.
        assert_eq!((found[0].medians[0].1, found[1].medians[0].1), (Some(3.0), Some(10.0)));
        assert_eq!(found[0].levels[0].1, [share("a", 0.6), share("b", 0.4)]);
    }

    #[test]
    fn a_segment_without_a_value_has_no_median() {
        let name = |row: usize| row.to_string();
        let rows = Rows::new(2, &name).numbers("x", &[f64::NAN, 4.0]);
        let assignments = Assignments { cluster: vec![0, 1], ..Default::default() };
        let found = segment_figures(&rows, &assignments, 2, &["x"]).expect("a known column");
        assert_eq!(found[0].medians[0].1, None);
        assert!(segment_figures(&rows, &assignments, 2, &["y"]).is_err());
    }
}
