//! Counts by category of this month and of earlier ones -> drift of categorical features and of the
//! shares of segments.
//!
//! Categories have no order, so of a categorical feature the population stability index, the total
//! variation distance and the largest change are given. Segments are in none either; to give Kolmogorov and
//! Smirnov's distance and Wasserstein's a meaning, they are put in the order of the median spend
//! (`monetary_total`) of their customers, in the run before, or now where they are new. Wasserstein's
//! is then in units of the currency: how much the typical spend of the segment that a customer is in has
//! moved.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::drift::{DriftVerdict, Measure, verdict};
use crate::math::{ordered_distances, population_stability, total_variation};
use crate::types::SegmentId;

/// Values that are told new or vanished.
const MOST: usize = 20;

/// Chance below which a value is new or has vanished: that so many customers as in the other month would
/// all lack it.
pub(super) const RARE: f64 = 0.001;

/// Differences of shares that rounding makes.
pub(super) const ROUNDING: f64 = 1e-12;

/// The share of one category before and now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShareChange<T> {
    /// The category; none for customers without a value.
    pub of: T,
    /// Its share before.
    pub before: f64,
    /// Its share now.
    pub now: f64,
}

/// One categorical feature against earlier months.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CategoryDrift {
    /// Its name.
    pub feature: String,
    /// Whether it is in the clustered vector.
    pub clustered: bool,
    /// Population stability index of its values, no value among them.
    pub stability_index: Measure,
    /// Total variation distance of their shares.
    pub total_variation: Measure,
    /// The value whose share changed most.
    pub largest: ShareChange<Option<String>>,
    /// Values that are new beyond chance, at most 20, by name.
    pub new: Vec<String>,
    /// Values that have vanished beyond chance, likewise.
    pub vanished: Vec<String>,
    /// As of a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_year: Option<Measure>,
    /// As of a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_last_year: Option<f64>,
    /// What is to be made of it.
    pub verdict: DriftVerdict,
}

/// A categorical feature's values: before, now, and in the same month of last year with the index of the
/// change into it.
#[derive(Clone, Copy, Debug)]
pub struct CategoryMonths<'a> {
    /// Its name.
    pub feature: &'a str,
    /// Whether it is clustered.
    pub clustered: bool,
    /// One a customer; none where there is no value.
    pub before: &'a [Option<Arc<str>>],
    /// Of this month.
    pub now: &'a [Option<Arc<str>>],
    /// Of the same month of last year.
    pub last_year: Option<&'a [Option<Arc<str>>]>,
    /// See [`CategoryDrift::change_last_year`].
    pub change_last_year: Option<f64>,
}

type Counts<'a> = BTreeMap<Option<&'a str>, f64>;

fn counts(values: &[Option<Arc<str>>]) -> Counts<'_> {
    let mut counts = Counts::new();
    values.iter().for_each(|value| *counts.entry(value.as_deref()).or_default() += 1.0);
    counts
}

/// Both counts of every value of either.
fn aligned(before: &Counts<'_>, now: &Counts<'_>) -> (Vec<f64>, Vec<f64>) {
    let values: BTreeSet<_> = before.keys().chain(now.keys()).collect();
    let of = |counts: &Counts<'_>| {
        values.iter().map(|v| counts.get(*v).copied().unwrap_or(0.0)).collect()
    };
    (of(before), of(now))
}

/// Drift of one categorical feature; none where a month has no customers or both have one value alone.
pub fn category_drift(months: &CategoryMonths<'_>, incomplete: bool) -> Option<CategoryDrift> {
    let (before, now) = (counts(months.before), counts(months.now));
    let (then, here) = aligned(&before, &now);
    if then.len() < 2 {
        return None;
    }
    let stability_index = Measure::from(population_stability(&then, &here)?);
    let total_variation = Measure::from(total_variation(&then, &here)?);
    let last_year = months.last_year.and_then(|values| {
        let (year, here) = aligned(&counts(values), &now);
        population_stability(&year, &here).map(Measure::from)
    });
    let share = |counts: &Counts<'_>, value: &Option<&str>| {
        counts.get(value).copied().unwrap_or(0.0) / counts.values().sum::<f64>()
    };
    let changes = before.keys().chain(now.keys()).map(|value| ShareChange {
        of: value.map(str::to_owned),
        before: share(&before, value),
        now: share(&now, value),
    });
    let by = |change: &ShareChange<Option<String>>| (change.now - change.before).abs();
    let largest =
        changes.reduce(|best, next| if by(&next) > by(&best) + ROUNDING { next } else { best })?;
    Some(CategoryDrift {
        feature: months.feature.to_owned(),
        clustered: months.clustered,
        stability_index,
        total_variation,
        largest,
        new: absent(&now, &before),
        vanished: absent(&before, &now),
        last_year,
        change_last_year: months.change_last_year,
        verdict: verdict(stability_index, last_year, months.change_last_year, incomplete),
    })
}

/// The values of `here` that `there` lacks, beyond chance.
fn absent(here: &Counts<'_>, there: &Counts<'_>) -> Vec<String> {
    let sum = |counts: &Counts<'_>| counts.values().sum::<f64>();
    let (n, m) = (sum(here), sum(there));
    let lacked = here.iter().filter(|(value, _)| !there.contains_key(*value));
    let rare = lacked.filter(|(_, count)| (1.0 - *count / n).powf(m) < RARE);
    rare.filter_map(|(value, _)| value.map(str::to_owned)).take(MOST).collect()
}

/// How far the shares of the segments lie apart, beside their population stability index.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShareDistances {
    /// Total variation distance: the share of customers that would have to change segment.
    pub total_variation: Measure,
    /// Kolmogorov and Smirnov's distance over segments in the order of their median spend.
    pub kolmogorov_smirnov: Measure,
    /// Wasserstein's distance over the median spends of segments, in units of the currency.
    pub wasserstein: Measure,
    /// The segment whose share changed most; of equals the first.
    pub largest: ShareChange<SegmentId>,
}

/// One segment: its median spend, its customers before and now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SegmentShare {
    /// Which.
    pub segment: SegmentId,
    /// Median `monetary_total` of its customers, in units of the currency.
    pub spend: f64,
    /// Customers before.
    pub before: f64,
    /// Customers now.
    pub now: f64,
}

/// The distances of the shares of customers by segment; none with fewer than two segments.
pub fn share_distances(segments: &[SegmentShare]) -> Option<ShareDistances> {
    let mut ordered = segments.to_vec();
    ordered.sort_by(|a, b| a.spend.total_cmp(&b.spend).then(a.segment.cmp(&b.segment)));
    if ordered.len() < 2 {
        return None;
    }
    let column = |of: fn(&SegmentShare) -> f64| ordered.iter().map(of).collect::<Vec<f64>>();
    let (before, now) = (column(|s| s.before), column(|s| s.now));
    let (smirnov, area) = ordered_distances(&column(|s| s.spend), &before, &now)?;
    let sum = |counts: &[f64]| counts.iter().sum::<f64>();
    let changes = segments.iter().map(|s| ShareChange {
        of: s.segment,
        before: s.before / sum(&before),
        now: s.now / sum(&now),
    });
    let by = |change: &ShareChange<SegmentId>| (change.now - change.before).abs();
    Some(ShareDistances {
        total_variation: total_variation(&before, &now)?.into(),
        kolmogorov_smirnov: smirnov.into(),
        wasserstein: area.into(),
        largest: changes
            .reduce(|best, next| if by(&next) > by(&best) + ROUNDING { next } else { best })?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(counts: &[(&str, usize)]) -> Vec<Option<Arc<str>>> {
        let value = |name: &str| (!name.is_empty()).then(|| Arc::<str>::from(name));
        counts.iter().flat_map(|(name, n)| std::iter::repeat_n(value(name), *n)).collect()
    }

    fn drift(before: &[(&str, usize)], now: &[(&str, usize)]) -> CategoryDrift {
        let (before, now) = (values(before), values(now));
        let months = CategoryMonths {
            feature: "region",
            clustered: true,
            before: &before,
            now: &now,
            last_year: None,
            change_last_year: None,
        };
        category_drift(&months, false).unwrap()
    }

    #[test]
    fn a_categorical_feature_by_hand() {
        // 0.5 and 0.5 to 0.7 and 0.3: (0.2) ln(0.7/0.5) - 0.2 ln(0.3/0.5) = 0.16946.
        let found = drift(&[("north", 500), ("south", 500)], &[("north", 700), ("south", 300)]);
        assert!((found.stability_index.value - 0.169_46).abs() < 1e-5);
        assert!((found.total_variation.value - 0.2).abs() < 1e-12);
        assert_eq!(found.largest.of.as_deref(), Some("north"));
        assert_eq!((found.largest.before, found.largest.now), (0.5, 0.7));
        assert_eq!((found.verdict, found.new.len()), (DriftVerdict::Moderate, 0));
        let alike = drift(&[("north", 500), ("", 500)], &[("north", 50), ("", 50)]);
        assert_eq!(alike.verdict, DriftVerdict::Stable);
        assert_eq!(alike.total_variation.value, 0.0);
    }

    #[test]
    fn values_are_new_or_vanished_beyond_chance() {
        // (1 - 7/1007)^1000 = 0.00093, and with 6 of 1,006 it is 0.0025.
        let of = |n| drift(&[("a", 1000)], &[("a", 1000), ("b", n)]);
        assert!(of(6).new.is_empty());
        assert_eq!(of(7).new, ["b"]);
        let back = drift(&[("a", 1000), ("b", 7)], &[("a", 1000)]);
        assert_eq!(back.vanished, ["b"]);
        assert!(
            drift(&[("a", 1000)], &[("a", 900), ("", 100)]).new.is_empty(),
            "no value is no value"
        );
    }

    #[test]
    fn segments_are_ordered_by_spend() {
        let share =
            |id, spend, before, now| SegmentShare { segment: SegmentId(id), spend, before, now };
        // A tenth of the customers went from the segment of 100 to that of 1,000, past that of 300.
        let segments = [
            share(1, 1000.0, 20.0, 30.0),
            share(2, 100.0, 50.0, 40.0),
            share(3, 300.0, 30.0, 30.0),
        ];
        let found = share_distances(&segments).unwrap();
        assert!((found.total_variation.value - 0.1).abs() < 1e-12);
        assert!((found.kolmogorov_smirnov.value - 0.1).abs() < 1e-12);
        assert!((found.wasserstein.value - 90.0).abs() < 1e-9, "900 for a tenth of them");
        assert_eq!(found.largest, ShareChange { of: SegmentId(1), before: 0.2, now: 0.3 });
        assert_eq!(share_distances(&segments[..1]), None);
    }
}
