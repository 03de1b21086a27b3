//! Distributions of this month and of earlier ones -> drift of every feature and of the segment shares,
//! each measure beside what chance alone gives and the fixed bounds of the trade.
//!
//! The measures are those of the mathematics room, which takes both samples for independent; as most
//! customers are in both months, chance gives less than the thresholds say. The verdict asks for both:
//! above chance, and an index from 0.1 (moderate) or 0.25 (major). Where the same month of last year is
//! in the series, what it explains is seasonal and no drift: the feature lies within 0.1, or within
//! chance, of that month, or the change into that month was at least as large as this one. A month of
//! which the data stop early is not judged, as every customer seems silent since.
//!
//! Tenure grows by the days between two runs for every customer, by its nature: that is no drift. It is
//! compared at equal age, with the run before as if its customers had aged until now, and the verdict is
//! that of this comparison.

use serde::{Deserialize, Serialize};

use super::inputs::InputDrift;
use super::shares::{CategoryDrift, ShareDistances};
use crate::math::{
    Distance, kolmogorov_smirnov, median, population_stability, sorted_defined,
    stability_of_values, wasserstein,
};

/// The fixed bounds of the trade for a population stability index.
pub const MODERATE: f64 = 0.1;
/// See [`MODERATE`].
pub const MAJOR: f64 = 0.25;

/// Features that grow by a day each day, whatever a customer does.
pub const AGEING: [&str; 1] = ["tenure_days"];

/// Days without a row at the end of a month from which it counts as incomplete.
pub const MISSING_DAYS: i32 = 7;

/// A measure with what 95 % of pairs of samples of these sizes from one law stay below.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    /// The measure.
    pub value: f64,
    /// By chance alone.
    pub chance: f64,
}

impl From<Distance> for Measure {
    fn from(distance: Distance) -> Self {
        Self { value: distance.value, chance: distance.chance }
    }
}

/// What is to be made of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriftVerdict {
    /// No more than chance gives, or below 0.1.
    Stable,
    /// Above chance and 0.1.
    Moderate,
    /// Above chance and 0.25.
    Major,
    /// As in the same month of last year.
    Seasonal,
    /// Not judged: the data stop before the month ends.
    Incomplete,
    /// No more than that everybody is older by the days between the runs.
    Ageing,
}

/// One feature against earlier months.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeatureDrift {
    /// Its name.
    pub feature: String,
    /// Whether it is in the clustered vector.
    pub clustered: bool,
    /// Median of the run before, and of now, in the feature's unit.
    pub medians: (f64, f64),
    /// Population stability index over tenths of the run before.
    pub stability_index: Measure,
    /// Kolmogorov and Smirnov's distance.
    pub kolmogorov_smirnov: Measure,
    /// Wasserstein's distance, in the feature's unit.
    pub wasserstein: Measure,
    /// Population stability index against the same month of last year; none where that is not in the
    /// series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_year: Option<Measure>,
    /// The index of the change into that month, as its own comparison tells; none likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_last_year: Option<f64>,
    /// Of a feature that ages, the index against the run before as if its customers had aged until now:
    /// what the verdict is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aged: Option<Measure>,
    /// What is to be made of it.
    pub verdict: DriftVerdict,
}

/// Drift of a run against the one before, and against the same month of last year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// The run of the same month of last year, where the series has it.
    pub last_year: Option<String>,
    /// Days at the end of the month without a row, where they are [`MISSING_DAYS`] or more.
    pub missing_days: Option<i32>,
    /// Every number of the features.
    pub features: Vec<FeatureDrift>,
    /// Every categorical attribute; none in comparisons of earlier releases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attributes: Vec<CategoryDrift>,
    /// Population stability index of the shares of customers by segment, new and ended ones among
    /// them; none where either month has one segment alone.
    pub segment_shares: Option<Measure>,
    /// What else is to be said of these shares; none as above, and in comparisons of earlier releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment_distances: Option<ShareDistances>,
    /// What is to be made of it.
    pub segment_verdict: DriftVerdict,
    /// What changed in the input; none where one of the runs kept no facts of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inputs: Option<InputDrift>,
    /// The index from which drift fails the gate; none where that is not asked for.
    pub gate: Option<f64>,
}

/// One feature's values: before, now, and in the same month of last year with the index of the change
/// into it.
#[derive(Clone, Copy, Debug)]
pub struct FeatureMonths<'a> {
    /// Its name.
    pub feature: &'a str,
    /// Whether it is clustered.
    pub clustered: bool,
    /// NaN where undefined, as the others.
    pub before: &'a [f64],
    /// Of this month.
    pub now: &'a [f64],
    /// Of the same month of last year.
    pub last_year: Option<&'a [f64]>,
    /// See [`FeatureDrift::change_last_year`].
    pub change_last_year: Option<f64>,
    /// Days between the two runs, of a feature that ages.
    pub aged_by: Option<f64>,
}

/// Drift of one feature; none where it is not defined for a customer of either month.
pub fn feature_drift(months: &FeatureMonths<'_>, incomplete: bool) -> Option<FeatureDrift> {
    let (before, now) = (sorted_defined(months.before), sorted_defined(months.now));
    let stability_index = Measure::from(stability_of_values(&before, &now)?);
    let last_year = months
        .last_year
        .and_then(|values| stability_of_values(&sorted_defined(values), &now))
        .map(Measure::from);
    let aged = months.aged_by.and_then(|days| {
        let aged: Vec<f64> = before.iter().map(|value| value + days).collect();
        stability_of_values(&aged, &now).map(Measure::from)
    });
    let verdict = match aged {
        None => verdict(stability_index, last_year, months.change_last_year, incomplete),
        // The same month of last year is of other ages.
        Some(index) => match verdict(index, None, months.change_last_year, incomplete) {
            DriftVerdict::Stable if is_drift(stability_index) => DriftVerdict::Ageing,
            found => found,
        },
    };
    Some(FeatureDrift {
        feature: months.feature.to_owned(),
        clustered: months.clustered,
        medians: (median(&before)?, median(&now)?),
        stability_index,
        kolmogorov_smirnov: kolmogorov_smirnov(&before, &now)?.into(),
        wasserstein: wasserstein(&before, &now)?.into(),
        last_year,
        change_last_year: months.change_last_year,
        aged,
        verdict,
    })
}

/// Drift of the shares of customers by segment; `now` and `before` have one count a segment of either.
pub fn share_drift(before: &[f64], now: &[f64]) -> Option<Measure> {
    if before.len() < 2 {
        return None;
    }
    population_stability(before, now).map(Measure::from)
}

fn is_drift(index: Measure) -> bool {
    index.value > index.chance && index.value >= MODERATE
}

/// What is to be made of an index.
pub fn verdict(
    index: Measure,
    last_year: Option<Measure>,
    change_last_year: Option<f64>,
    incomplete: bool,
) -> DriftVerdict {
    if !is_drift(index) {
        return DriftVerdict::Stable;
    }
    if incomplete {
        return DriftVerdict::Incomplete;
    }
    let alike = last_year.is_some_and(|year| year.value <= year.chance.max(MODERATE));
    if alike || change_last_year.is_some_and(|change| change >= index.value) {
        return DriftVerdict::Seasonal;
    }
    if index.value < MAJOR { DriftVerdict::Moderate } else { DriftVerdict::Major }
}

impl Drift {
    /// The largest index that counts for the gate, with the name of what it is of: of clustered
    /// features and of the segment shares, where the verdict is drift.
    pub fn worst(&self) -> Option<(&str, f64)> {
        let drifted = |verdict| matches!(verdict, DriftVerdict::Moderate | DriftVerdict::Major);
        let features = self.features.iter().filter(|one| one.clustered && drifted(one.verdict));
        let index = |one: &FeatureDrift| one.aged.unwrap_or(one.stability_index).value;
        let features = features.map(|one| (one.feature.as_str(), index(one)));
        let attributes = self.attributes.iter().filter(|one| one.clustered && drifted(one.verdict));
        let attributes = attributes.map(|one| (one.feature.as_str(), one.stability_index.value));
        let shares = self.segment_shares.filter(|_| drifted(self.segment_verdict));
        let shares = shares.map(|shares| ("segment shares", shares.value));
        features
            .chain(attributes)
            .chain(shares)
            .reduce(|best, next| if next.1 > best.1 { next } else { best })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(value: f64) -> Measure {
        Measure { value, chance: 0.02 }
    }

    #[test]
    fn both_sides_of_each_bound() {
        let of = |value| verdict(measure(value), None, None, false);
        assert_eq!(of(0.0999), DriftVerdict::Stable);
        assert_eq!(of(0.1), DriftVerdict::Moderate);
        assert_eq!(of(0.2499), DriftVerdict::Moderate);
        assert_eq!(of(0.25), DriftVerdict::Major);
        let few = Measure { value: 0.3, chance: 0.31 };
        assert_eq!(verdict(few, None, None, false), DriftVerdict::Stable, "within chance");
        assert_eq!(verdict(measure(0.3), None, None, true), DriftVerdict::Incomplete);
    }

    #[test]
    fn what_last_year_explains_is_seasonal() {
        let found = measure(0.3);
        let of = |year: f64, change| verdict(found, Some(measure(year)), Some(change), false);
        assert_eq!(of(0.05, 0.0), DriftVerdict::Seasonal, "as the same month of last year");
        assert_eq!(of(0.5, 0.3), DriftVerdict::Seasonal, "the same change last year");
        assert_eq!(of(0.5, 0.29), DriftVerdict::Major);
    }

    #[test]
    fn the_gate_looks_at_clustered_features_that_drifted() {
        let values: Vec<f64> = (0..200).map(f64::from).collect();
        let moved: Vec<f64> = values.iter().map(|value| value + 80.0).collect();
        let of = |feature, clustered, now| {
            let (before, last_year, change_last_year) = (&values[..], None, None);
            let aged_by = None;
            let months = FeatureMonths {
                feature,
                clustered,
                before,
                now,
                last_year,
                change_last_year,
                aged_by,
            };
            feature_drift(&months, false).unwrap()
        };
        let mut drift = Drift {
            last_year: None,
            missing_days: None,
            features: vec![of("a", true, &values), of("b", false, &moved)],
            segment_shares: share_drift(&[50.0, 50.0], &[52.0, 48.0]),
            segment_verdict: DriftVerdict::Stable,
            segment_distances: None,
            attributes: Vec::new(),
            inputs: None,
            gate: Some(0.25),
        };
        assert_eq!(drift.worst(), None, "one is stable, one is not clustered");
        drift.features.push(of("c", true, &moved));
        let (name, index) = drift.worst().unwrap();
        assert!(name == "c" && index > 0.25);
        assert!((drift.features[2].wasserstein.value - 80.0).abs() < 1e-9);
        assert_eq!(drift.features[2].medians, (99.5, 179.5));
    }

    #[test]
    fn what_ages_is_compared_at_equal_age() {
        let before: Vec<f64> = (0..500).map(f64::from).collect();
        let of = |now: &[f64], aged_by| {
            let months = FeatureMonths {
                feature: "tenure_days",
                clustered: true,
                before: &before,
                now,
                last_year: None,
                change_last_year: None,
                aged_by,
            };
            feature_drift(&months, false).unwrap()
        };
        let older: Vec<f64> = before.iter().map(|age| age + 200.0).collect();
        assert_eq!(of(&older, None).verdict, DriftVerdict::Major);
        let found = of(&older, Some(200.0));
        assert_eq!((found.verdict, found.aged.unwrap().value), (DriftVerdict::Ageing, 0.0));
        // As many customers again who have just come.
        let doubled = [&older[..], &[0.0; 500]].concat();
        assert_eq!(of(&doubled, Some(200.0)).verdict, DriftVerdict::Major);
        assert_eq!(of(&before, Some(0.0)).verdict, DriftVerdict::Stable);
    }
}
