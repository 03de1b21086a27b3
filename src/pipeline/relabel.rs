//! A stored run + other taxonomies -> the same run under other names, beside it in the store.
//!
//! Segments, features and model are taken as they are; nothing is fitted. What follows from names
//! is made anew: labels, groups, since when, the flow between groups, the report. The id is that
//! which a run of the same inputs has whose configuration asks for these taxonomies.

use std::collections::BTreeMap;
use std::path::Path;

use super::named::{Named, check, group_names, names, suitable};
use super::record::{Previous, compared};
use super::steps::Steps;
use super::{Outcome, Watch, already_done, judgement, outlook, run_id};
use crate::config::{self, Config, Loaded};
use crate::error::Error;
use crate::run::{Assignment, Run};
use crate::store::{self, SeriesLock, Store, StoreError, StoredRun};
use crate::types::{GroupKey, SegmentId, Warning};
use crate::{report, track};

/// Codes of warnings that are about names.
const ABOUT_NAMES: [&str; 3] = ["taxonomy", "taxonomy_changed", "previous_run_gone"];

/// Names `stored` by `taxonomies`, the main one first: built-in names, or files.
///
/// # Errors
/// A taxonomy that is none, or speaks of features that the run lacks; a run that cannot be read.
pub fn relabel(
    stored: &StoredRun,
    taxonomies: &[String],
    store: &Store,
    watch: &dyn Watch,
) -> Result<Outcome, Error> {
    let mut steps = Steps::new(watch);
    let mut run = steps.step("load", || Ok(store::load(stored)?))?;
    let loaded = configured(stored, taxonomies)?;
    let as_of = run.manifest.as_of;
    let id = run_id(&loaded, &run.manifest.inputs, as_of);
    let lock = SeriesLock::acquire(store.root(), &run.manifest.series)?;
    if let Some(outcome) = already_done(lock.existing(&id))? {
        return Ok(outcome);
    }
    check(&loaded, &run.features)?;
    let origin = run.manifest.origin().to_owned();
    let segment_of = segment_of(&run, stored)?;
    let previous = match &run.manifest.previous_run {
        None => None,
        Some(previous) => store.existing(&run.manifest.series, previous),
    };
    let gone = run.manifest.previous_run.clone().filter(|_| previous.is_none());
    let previous = match previous {
        Some(previous) => Some(Previous::load(suitable(store, &loaded, previous)?, &loaded)?),
        None => None,
    };
    let k = run.segments.segments.len();
    let found = steps.step("label", || names(&loaded, &run.features, &segment_of, k))?;
    let named = Named::new(&loaded, &run.features, &segment_of, found);
    for (index, segment) in run.segments.segments.iter_mut().enumerate() {
        segment.label = named.names.schemes[0].labels[index].clone();
        segment.further = named.further(index);
        segment.composition = named.composition(index);
    }
    let of_row = |row: &Assignment| match run.features.customers.binary_search(&row.customer) {
        Ok(buyer) => named.of_buyer(buyer),
        Err(_) => match run.features.prospects.binary_search(&row.customer) {
            Ok(prospect) => named.of_prospect(prospect),
            Err(_) => (GroupKey::prospect(), vec![GroupKey::prospect(); taxonomies.len() - 1]),
        },
    };
    for row in &mut run.assignments {
        let (group, further) = of_row(row);
        let before = previous.as_ref().and_then(|previous| previous.place(&row.customer));
        let standing = before.and_then(|(_, standing)| standing.as_ref());
        let standing = track::standing(standing, &group, as_of.0);
        row.group = standing.group;
        row.further = further;
        row.previous_group = standing.previous_group;
        row.group_changed_on = standing.group_changed_on;
        row.months_in_group = track::months_between(row.group_changed_on, as_of.0);
        row.moves = standing.moves;
        row.proposal = None;
    }
    let manifest = &mut run.manifest;
    manifest.hysteresis = None;
    manifest.warnings.retain(|warning| !ABOUT_NAMES.contains(&warning.code.as_str()));
    let about = previous.iter().flat_map(Previous::warnings);
    manifest.warnings.extend(about.filter(|warning| warning.code == "taxonomy_changed"));
    manifest.warnings.extend(gone.map(|gone| {
        Warning::new(
            "previous_run_gone",
            format!(
                "the run before, {gone}, is not in the store: groups begin anew with this run, and \
                 it is compared with none"
            ),
        )
    }));
    manifest.warnings.extend(named.warnings());
    manifest.taxonomies = named.records();
    manifest.group_names = group_names(&loaded);
    manifest.config = serde_json::to_value(&loaded.config).unwrap_or_default();
    manifest.run_id = id;
    manifest.relabelled_from = Some(origin);
    manifest.previous_run = previous.as_ref().map(|previous| previous.run_id().to_owned());
    manifest.segtrail_version = env!("CARGO_PKG_VERSION").into();
    manifest.created_at = watch.timestamp();
    let id = run.manifest.run_id.clone();
    let params = loaded.config.compare_params();
    let now = (&run.features, &run.segments);
    let found = compared(previous.as_ref(), &id, &run.assignments, now, &params)?;
    run.comparison = found.map(|found| found.measured_as(run.comparison.as_ref()));
    judgement::judge(&mut run, &lock, previous.as_ref())?;
    outlook::tell(&mut run, previous.as_ref(), store)?;
    run.manifest.timings = steps.finished();
    let shown = steps.step("report", || Ok(report::shown(&run)?))?;
    run.manifest.timings = steps.finished();
    let path = steps.step("save", || Ok(lock.save_beside(&run, stored, &shown)?))?;
    Ok(Outcome { path, run, already_done: false })
}

/// The configuration of the run with other taxonomies.
fn configured(stored: &StoredRun, taxonomies: &[String]) -> Result<Loaded, Error> {
    let damaged = |error: serde_json::Error| StoreError::Damaged {
        path: stored.path.join("manifest.json"),
        what: format!("its configuration cannot be read: {error}"),
    };
    let mut config: Config =
        serde_json::from_value(stored.manifest.config.clone()).map_err(damaged)?;
    config.label.taxonomies = taxonomies.to_vec();
    let base = Path::new("");
    let taxonomies = config::taxonomies(taxonomies, base, Path::new("--taxonomy"))?;
    Ok(Loaded { taxonomies, base: base.to_owned(), config })
}

/// The place of each buyer's segment among the segments.
fn segment_of(run: &Run, stored: &StoredRun) -> Result<Vec<u32>, StoreError> {
    let places: BTreeMap<SegmentId, u32> =
        run.segments.segments.iter().map(|segment| segment.segment).zip(0..).collect();
    let of_buyers = run.assignments.iter().filter_map(|row| Some((row, row.segment?)));
    let found: Vec<u32> = (of_buyers.zip(&run.features.customers))
        .filter(|((row, _), customer)| row.customer == **customer)
        .filter_map(|((_, segment), _)| places.get(&segment).copied())
        .collect();
    if found.len() == run.features.len() {
        return Ok(found);
    }
    let what = "its assignments, features and segments do not fit one another".into();
    Err(StoreError::Damaged { path: stored.path.clone(), what })
}
