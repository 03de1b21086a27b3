//! Two labelled lists of customers -> how far they agree on the customers in both, with confidence
//! intervals.
//!
//! The measures and their standard errors are those of [`agreement_measures`]; intervals are normal
//! ones at 95 %, cut at the ends of the measure's range. That of a Jaccard similarity is Wilson's
//! (1927) for the share of the customers in either segment that are in both. The stayers are taken
//! for a sample of the customers whom the business could have had: an interval says how far another
//! such sample might differ, not how far a refit might.

use std::hash::Hash;

use serde::{Deserialize, Serialize};

use super::contingency::Contingency;
use super::error::TrackError;
use crate::math::{Measured, agreement_measures};
use crate::types::CustomerId;

/// The 97.5 % quantile of the normal law.
pub(super) const Z: f64 = 1.959_963_984_540_054;

/// A figure with its interval at 95 %.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Estimate {
    fn of(measured: Measured, (least, most): (f64, f64)) -> Self {
        let Measured { value, standard_error } = measured;
        let end = |z: f64| (value + z * standard_error).clamp(least.min(value), most.max(value));
        Self { value, low: end(-Z), high: end(Z) }
    }

    /// `part` of `whole`, by Wilson's interval; `whole` is above 0.
    pub(crate) fn share(part: usize, whole: usize) -> Self {
        let (n, share) = (whole as f64, part as f64 / whole as f64);
        let middle = (share + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
        let half =
            Z / (1.0 + Z * Z / n) * (share * (1.0 - share) / n + (Z / (2.0 * n)).powi(2)).sqrt();
        // Rounding alone could leave the share outside.
        let (low, high) =
            ((middle - half).max(0.0).min(share), (middle + half).min(1.0).max(share));
        Self { value: share, low, high }
    }
}

/// How far two partitions of the stayers agree. Labels of `T`: lineage ids of runs, texts of tables.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement<T> {
    /// Hubert and Arabie (1985): 1 for the same partition, 0 by chance.
    pub adjusted_rand_index: Estimate,
    /// Vinh, Epps and Bailey (2010), arithmetic mean: 1 for the same partition, 0 by chance.
    pub adjusted_mutual_information: Estimate,
    /// Mutual information over the mean of the two entropies, 0 to 1.
    pub normalised_mutual_information: Estimate,
    /// Whether each later segment has customers of one earlier segment alone, 0 to 1.
    pub homogeneity: Estimate,
    /// Whether the customers of each earlier segment are in one later segment, 0 to 1.
    pub completeness: Estimate,
    /// Harmonic mean of homogeneity and completeness.
    pub v_measure: Estimate,
    /// In nats: 0 for the same partition, at most the logarithm of the number of stayers.
    pub variation_of_information: Estimate,
    /// By earlier segment with stayers, in order.
    pub segments: Vec<SegmentAgreement<T>>,
}

/// An earlier segment and the later one that is most like it, counted over stayers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SegmentAgreement<T> {
    /// The earlier segment.
    pub segment: T,
    /// The later segment of the highest Jaccard similarity, the first of several.
    pub most_like: T,
    /// Stayers in both.
    pub shared: usize,
    /// Stayers in either.
    pub either: usize,
    /// `shared` over `either`.
    pub jaccard: Estimate,
}

/// Agreement of two lists of customers, each strictly ascending, with one label a customer; none
/// without a customer in both.
///
/// # Errors
///
/// [`TrackError::ViewLengths`] and [`TrackError::NotSorted`] with `names` of the lists.
pub fn agreement<T: Ord + Hash + Clone>(
    earlier: (&[CustomerId], &[T]),
    later: (&[CustomerId], &[T]),
    names: (&str, &str),
) -> Result<(Population, Option<Agreement<T>>), TrackError> {
    for (name, (customers, labels)) in [(names.0, earlier), (names.1, later)] {
        super::view::check(name, customers, labels.len(), labels.len())?;
    }
    let counts = Contingency::count(earlier, later);
    let population = Population {
        stayers: counts.stayers_before().iter().sum(),
        entrants: counts.entrants.iter().sum(),
        leavers: counts.leavers.iter().sum(),
    };
    Ok((population, of_counts(&counts)))
}

/// How many customers two lists share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Population {
    /// In both.
    pub stayers: usize,
    /// Only in the later.
    pub entrants: usize,
    /// Only in the earlier.
    pub leavers: usize,
}

/// [`agreement`] of lists that have been counted.
pub(super) fn of_counts<T: Ord + Hash + Clone>(counts: &Contingency<T>) -> Option<Agreement<T>> {
    let found = agreement_measures(&counts.stayers)?;
    let stayers: usize = counts.stayers_before().iter().sum();
    let (adjusted, part) = ((-1.0, 1.0), (0.0, 1.0));
    Some(Agreement {
        adjusted_rand_index: Estimate::of(found.adjusted_rand_index, adjusted),
        adjusted_mutual_information: Estimate::of(found.adjusted_mutual_information, adjusted),
        normalised_mutual_information: Estimate::of(found.normalised_mutual_information, part),
        homogeneity: Estimate::of(found.homogeneity, part),
        completeness: Estimate::of(found.completeness, part),
        v_measure: Estimate::of(found.v_measure, part),
        variation_of_information: Estimate::of(
            found.variation_of_information,
            (0.0, (stayers as f64).ln()),
        ),
        segments: segments(counts),
    })
}

fn segments<T: Ord + Hash + Clone>(counts: &Contingency<T>) -> Vec<SegmentAgreement<T>> {
    let (before, after) = (counts.stayers_before(), counts.stayers_after());
    let most_like = |(i, segment): (usize, &T)| {
        let either = |j: usize| before[i] + after[j] - counts.stayers[i][j];
        let better = |&j: &usize, &best: &usize| {
            // shared / either > shared' / either', in whole numbers.
            let (own, other) = (counts.stayers[i][j] as u128, counts.stayers[i][best] as u128);
            own * either(best) as u128 > other * either(j) as u128
        };
        let mut best = None;
        for j in (0..after.len()).filter(|&j| counts.stayers[i][j] > 0) {
            best = Some(best.filter(|best| !better(&j, best)).unwrap_or(j));
        }
        let best = best?;
        let (shared, either) = (counts.stayers[i][best], either(best));
        Some(SegmentAgreement {
            segment: segment.clone(),
            most_like: counts.after[best].clone(),
            shared,
            either,
            jaccard: Estimate::share(shared, either),
        })
    };
    counts.before.iter().enumerate().filter_map(most_like).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(labels: &[(u32, &'static str)]) -> (Vec<CustomerId>, Vec<&'static str>) {
        labels
            .iter()
            .map(|(id, label)| (CustomerId::from(format!("c{id:03}").as_str()), *label))
            .unzip()
    }

    fn of(
        a: &[(u32, &'static str)],
        b: &[(u32, &'static str)],
    ) -> (Population, Agreement<&'static str>) {
        let (a, b) = (list(a), list(b));
        let (population, found) = agreement((&a.0, &a.1), (&b.0, &b.1), ("a", "b")).unwrap();
        (population, found.unwrap())
    }

    #[test]
    fn a_run_against_itself_agrees_wholly() {
        let table = [(1, "x"), (2, "x"), (3, "y"), (4, "z")];
        let (population, found) = of(&table, &table);
        assert_eq!(population, Population { stayers: 4, entrants: 0, leavers: 0 });
        let whole = Estimate { value: 1.0, low: 1.0, high: 1.0 };
        assert_eq!(found.adjusted_rand_index, whole);
        assert_eq!(found.adjusted_mutual_information, whole);
        assert_eq!(found.v_measure, whole);
        assert_eq!(found.variation_of_information, Estimate { value: 0.0, low: 0.0, high: 0.0 });
        assert!(found.segments.iter().all(|one| one.segment == one.most_like));
        assert!(found.segments.iter().all(|one| one.jaccard.value == 1.0 && one.jaccard.low < 1.0));
    }

    /// A = {1..10}, B = {2..10} of the worked numbers: 9 of 10.
    #[test]
    fn jaccard_by_segment_counts_stayers_alone() {
        let before: Vec<_> = (1..=12).map(|id| (id, if id <= 10 { "a" } else { "o" })).collect();
        let after: Vec<_> = (1..=13).map(|id| (id, if id == 1 { "o" } else { "b" })).collect();
        let after: Vec<_> = after.into_iter().filter(|(id, _)| *id != 11 && *id != 12).collect();
        let (population, found) = of(&before, &after);
        assert_eq!(population, Population { stayers: 10, entrants: 1, leavers: 2 });
        assert_eq!(found.segments.len(), 1, "no stayer was in `o`");
        let one = &found.segments[0];
        assert_eq!((one.segment, one.most_like, one.shared, one.either), ("a", "b", 9, 10));
        // Wilson's interval of 9 of 10: 0.5958 to 0.9821 (statsmodels 0.14 proportion_confint).
        assert!((one.jaccard.low - 0.5958).abs() < 5e-5, "{}", one.jaccard.low);
        assert!((one.jaccard.high - 0.9821).abs() < 5e-5, "{}", one.jaccard.high);
    }

    #[test]
    fn intervals_hold_the_figure_and_stay_in_range() {
        let before: Vec<_> = (0..90).map(|id| (id, ["x", "y", "z"][id as usize % 3])).collect();
        let after: Vec<_> = (0..90).map(|id| (id, ["x", "y", "z"][id as usize / 10 % 3])).collect();
        let (_, found) = of(&before, &after);
        for (estimate, least, most) in [
            (found.adjusted_rand_index, -1.0, 1.0),
            (found.adjusted_mutual_information, -1.0, 1.0),
            (found.normalised_mutual_information, 0.0, 1.0),
            (found.homogeneity, 0.0, 1.0),
            (found.completeness, 0.0, 1.0),
            (found.v_measure, 0.0, 1.0),
            (found.variation_of_information, 0.0, 90f64.ln()),
        ] {
            assert!(least <= estimate.low && estimate.low <= estimate.value, "{estimate:?}");
            assert!(estimate.value <= estimate.high && estimate.high <= most, "{estimate:?}");
        }
    }

    #[test]
    fn nobody_in_both_and_lists_out_of_order() {
        let (a, b) = (list(&[(1, "x")]), list(&[(2, "x")]));
        let found = agreement((&a.0, &a.1), (&b.0, &b.1), ("a", "b")).unwrap();
        assert_eq!(found, (Population { stayers: 0, entrants: 1, leavers: 1 }, None));
        let twice = list(&[(1, "x"), (1, "y")]);
        let error = agreement((&a.0, &a.1), (&twice.0, &twice.1), ("a", "b")).unwrap_err();
        assert!(matches!(error, TrackError::NotSorted { run, .. } if run == "b"));
    }
}
