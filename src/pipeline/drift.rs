//! A new run, the one before and the one of the same month of last year -> drift.

use std::collections::BTreeSet;

use jiff::ToSpan;

use super::record::Previous;
use crate::config::Loaded;
use crate::error::Error;
use crate::run::Run;
use crate::store::{self, Store, StoredRun};
use crate::track::{self, Drift, FeatureMonths};
use crate::types::days_since_epoch;

/// Puts the drift into the comparison of `run`.
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
    let clustered: BTreeSet<&str> = run.model.features.iter().map(|f| f.name()).collect();
    let of = |column: &crate::features::FeatureColumn| {
        let name = column.name.as_str();
        let before = &before.column(name)?.values;
        let last_year = of_year.as_ref().and_then(|table| table.column(name));
        let changed = change.iter().flat_map(|drift| &drift.features);
        let mut changed = changed.filter(|one| one.feature == name);
        let months = FeatureMonths {
            feature: name,
            clustered: clustered.contains(name),
            before,
            now: &column.values,
            last_year: last_year.map(|column| &column.values[..]),
            change_last_year: changed.next().map(|one| one.stability_index.value),
        };
        track::feature_drift(&months, missing_days.is_some())
    };
    let features = run.features.columns.iter().filter_map(of).collect();
    let Some(comparison) = &mut run.comparison else { return Ok(()) };
    let counts = |of: fn(&track::SegmentMovement) -> usize| -> Vec<f64> {
        comparison.segments.iter().map(|segment| of(segment) as f64).collect()
    };
    let segment_shares = track::share_drift(&counts(|s| s.before), &counts(|s| s.after));
    let changed = change.as_ref().and_then(|drift| drift.segment_shares).map(|shares| shares.value);
    let incomplete = missing_days.is_some();
    let segment_verdict = segment_shares.map_or(track::DriftVerdict::Stable, |shares| {
        track::verdict(shares, None, changed, incomplete)
    });
    comparison.drift = Some(Drift {
        last_year: year.map(|year| year.manifest.run_id),
        missing_days,
        features,
        segment_shares,
        segment_verdict,
        gate: loaded.config.track.drift_gate,
    });
    Ok(())
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
