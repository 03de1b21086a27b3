//! A new run, the one before and the one of the same month of last year -> drift of the input, of the
//! features and of the segments.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;

use super::record::Previous;
use crate::config::Loaded;
use crate::error::Error;
use crate::features::{AttributeColumn, FeatureColumn, FeatureTable};
use crate::run::{Manifest, Run, Segment};
use crate::store::{self, Store, StoredRun};
use crate::track::{self, Drift, FeatureMonths, FindingKind, Gravity, InputDrift, SegmentShare};
use crate::types::{SegmentId, Warning, days_since_epoch};

/// Findings of the input that a run warns of one by one.
const WARNED: usize = 5;

/// Puts the drift into the comparison of `run`, and what stands out of the input into its warnings.
pub(super) fn measure(
    run: &mut Run,
    previous: Option<&Previous>,
    loaded: &Loaded,
    store: &Store,
) -> Result<(), Error> {
    let Some(previous) = previous else { return Ok(()) };
    let before = previous.features()?;
    let year = last_year(run, store)?;
    let of_year = year.as_ref().map(store::load_features).transpose()?;
    let change = year.as_ref().map(store::load_comparison).transpose()?.flatten();
    let change = change.and_then(|comparison| comparison.drift);
    let end = days_since_epoch(run.manifest.as_of.0);
    let missing = run.manifest.last_purchase.map(|last| end - days_since_epoch(last));
    let missing_days = missing.filter(|days| *days >= track::MISSING_DAYS);
    let months = Months {
        before: &before,
        of_year: of_year.as_ref(),
        change: change.as_ref(),
        clustered: run.model.features.iter().map(|f| f.name()).collect(),
        // In a window that moves along, nobody's tenure grows beyond it.
        elapsed: (loaded.config.transactions.policy.history.is_none())
            .then(|| f64::from(end - previous.as_of().days())),
        incomplete: missing_days.is_some(),
    };
    let features =
        run.features.columns.iter().filter_map(|column| months.feature(column)).collect();
    let attributes =
        run.features.attributes.iter().filter_map(|column| months.attribute(column)).collect();
    let facts = year.as_ref().map(|year| &year.manifest.input_facts[..]);
    let track = &loaded.config.track;
    let now = &run.manifest.input_facts;
    let inputs = track::input_drift(previous.input_facts(), now, facts, track.input_gate);
    let spends = spends(&previous.found()?.segments, &run.segments.segments);
    let warned = inputs.as_ref().map_or_else(Vec::new, |inputs| warnings(inputs, &run.manifest));
    run.manifest.warnings.extend(warned);
    let Some(comparison) = &mut run.comparison else { return Ok(()) };
    let segments: Vec<SegmentShare> = (comparison.segments.iter())
        .map(|segment| SegmentShare {
            segment: segment.segment,
            spend: spends.get(&segment.segment).copied().unwrap_or(0.0),
            before: segment.before as f64,
            now: segment.after as f64,
        })
        .collect();
    let counts = |of: fn(&SegmentShare) -> f64| segments.iter().map(of).collect::<Vec<f64>>();
    let segment_shares = track::share_drift(&counts(|s| s.before), &counts(|s| s.now));
    let changed = change.as_ref().and_then(|drift| drift.segment_shares).map(|shares| shares.value);
    let segment_verdict = segment_shares.map_or(track::DriftVerdict::Stable, |shares| {
        track::verdict(shares, None, changed, missing_days.is_some())
    });
    comparison.drift = Some(Drift {
        last_year: year.map(|year| year.manifest.run_id),
        missing_days,
        features,
        attributes,
        segment_shares,
        segment_distances: track::share_distances(&segments),
        segment_verdict,
        inputs,
        gate: track.drift_gate,
    });
    Ok(())
}

/// What the features are held against.
struct Months<'a> {
    before: &'a FeatureTable,
    of_year: Option<&'a FeatureTable>,
    change: Option<&'a Drift>,
    clustered: BTreeSet<&'a str>,
    /// Days between the two runs; none where only a window of history counts.
    elapsed: Option<f64>,
    incomplete: bool,
}

impl Months<'_> {
    fn feature(&self, column: &FeatureColumn) -> Option<track::FeatureDrift> {
        let name = column.name.as_str();
        let changed = self.change.iter().flat_map(|drift| &drift.features);
        let changed = changed.filter(|one| one.feature == name);
        let mut changed = changed.map(|one| one.aged.unwrap_or(one.stability_index).value);
        let months = FeatureMonths {
            feature: name,
            clustered: self.clustered.contains(name),
            before: &self.before.column(name)?.values,
            now: &column.values,
            last_year: self.of_year.and_then(|table| table.column(name)).map(|c| &c.values[..]),
            change_last_year: changed.next(),
            aged_by: self.elapsed.filter(|_| track::AGEING.contains(&name)),
        };
        track::feature_drift(&months, self.incomplete)
    }

    fn attribute(&self, column: &AttributeColumn) -> Option<track::CategoryDrift> {
        let name = column.name.as_str();
        let changed = self.change.iter().flat_map(|drift| &drift.attributes);
        let mut changed = changed.filter(|one| one.feature == name);
        let months = track::CategoryMonths {
            feature: name,
            clustered: self.clustered.contains(name),
            before: &self.before.attribute(name)?.values,
            now: &column.values,
            last_year: self.of_year.and_then(|table| table.attribute(name)).map(|c| &c.values[..]),
            change_last_year: changed.next().map(|one| one.stability_index.value),
        };
        track::category_drift(&months, self.incomplete)
    }
}

/// The median spend of the customers of each segment: in the run before, or now where it is new.
fn spends(before: &[Segment], now: &[Segment]) -> BTreeMap<SegmentId, f64> {
    let spend = |segment: &Segment| {
        let spend = segment.profile.medians.get("monetary_total").copied();
        (segment.segment, spend.unwrap_or(0.0))
    };
    now.iter().chain(before).map(spend).collect()
}

/// The gravest findings, one each, and how many there are beside. That the data end before the month does
/// is warned of already.
fn warnings(inputs: &InputDrift, manifest: &Manifest) -> Vec<Warning> {
    let ended = manifest.warnings.iter().any(|warning| warning.code == "data_end_before_as_of");
    let known = |found: &&track::Finding| {
        let silent = found.finding == FindingKind::SilentDays;
        !(ended && silent && found.days.last() == Some(&manifest.as_of.0))
    };
    let outstanding = || inputs.outstanding().filter(known);
    let code = |gravity| match gravity {
        Gravity::Severe => "input_drift_severe",
        _ => "input_drift",
    };
    let warning =
        |found: &track::Finding| Warning::new(code(found.gravity), &found.sentence.en[..]);
    let mut warnings: Vec<Warning> = outstanding().take(WARNED).map(warning).collect();
    let more = outstanding().count().saturating_sub(WARNED);
    if more > 0 {
        let message = format!("{more} more changes of the input stand in the report");
        warnings.push(Warning::new("input_drift", message));
    }
    warnings
}

/// The last run of the series of the same month of last year.
fn last_year(run: &Run, store: &Store) -> Result<Option<StoredRun>, Error> {
    let Ok(date) = run.manifest.as_of.0.checked_sub(1.year()) else { return Ok(None) };
    let runs = store.list(Some(&run.manifest.series))?.runs;
    let same = |stored: &StoredRun| {
        let as_of = stored.manifest.as_of.0;
        (as_of.year(), as_of.month()) == (date.year(), date.month())
    };
    Ok(runs.into_iter().rfind(same))
}
