//! Judgements of people in runs: in a new one when it is named, in stored ones when a person
//! decides.
//!
//! A decision counts from the run in which it is made on. That run and those after it that are
//! stored already are written anew where their groups change by it, their id unchanged: an id tells
//! of date, configuration, inputs and seed, and a judgement is none of these. Groups before and
//! comparisons of the later runs follow.

use std::collections::{BTreeMap, BTreeSet};

use super::hold::Holding;
use super::named::kept;
use super::outlook;
use super::record::{Previous, compared};
use crate::cluster::FittedFeature;
use crate::config::TrackSection;
use crate::error::Error;
use crate::features::Unit;
use crate::label::rule::Scope;
use crate::label::{
    self, BUILT_IN, Baseline, DRIFT_LIMIT, Decision, GroupCard, LabelError, Named, OverrideEntry,
    Overrides, Standpoint, Statement, Taxonomy,
};
use crate::report;
use crate::run::{GroupRecord, Manifest, Run, Segments};
use crate::store::{self, SeriesLock, Store, StoredRun};
use crate::track;
use crate::types::{AsOf, GroupKey, SegmentId, Warning};

/// Codes of all warnings of judgements.
const CODES: &str = "override_";

/// A decision, kept.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The series.
    pub series: String,
    /// The run that was meant.
    pub run: String,
    /// The segment that was meant.
    pub segment: SegmentId,
    /// The entry of the history that says so, new or there before.
    pub entry: OverrideEntry,
    /// Whether it was there before, word for word.
    pub already_there: bool,
    /// The runs that were written anew, by date.
    pub rewritten: Vec<String>,
    /// What a person should know, of the run that was meant.
    pub warnings: Vec<Warning>,
}

/// Puts the judgements of the series in place of the names by rule in a new run.
pub(super) fn judge(
    run: &mut Run,
    lock: &SeriesLock,
    previous: Option<&Previous>,
) -> Result<(), Error> {
    let date = previous.map(Previous::as_of);
    let before = run.segments.clone();
    rejudge(&mut run.manifest, &mut run.segments, date, &lock.overrides()?);
    let held = track_section(&run.manifest).hysteresis.is_some() && previous.is_some();
    if run.segments == before && !held { Ok(()) } else { regroup(run, previous) }
}

/// Keeps a person's judgement that `segment` of `run` belongs to `group`, and puts it in force.
///
/// The same judgement again adds nothing to the history, and brings runs up to date that a command
/// which was stopped left behind.
///
/// # Errors
/// `Store` for a run that is not there or cannot be written, `Label` for an unknown segment or
/// group, an empty author or reason, or an end before the run; nothing has changed then, unless
/// the disk refused in the midst of several runs: the judgement is kept then.
pub fn set_group(
    store: &Store,
    run: &str,
    segment: &str,
    group: &str,
    statement: &Statement,
) -> Result<Decided, Error> {
    decide(store, run, segment, Some(group), statement)
}

/// Keeps that the judgement on `segment` in force in `run` no longer counts from that run on.
///
/// # Errors
/// As [`set_group`]; `Label` where no judgement is in force.
pub fn withdraw(
    store: &Store,
    run: &str,
    segment: &str,
    statement: &Statement,
) -> Result<Decided, Error> {
    decide(store, run, segment, None, statement)
}

/// Without a group the judgement is withdrawn.
fn decide(
    store: &Store,
    run: &str,
    segment: &str,
    group: Option<&str>,
    statement: &Statement,
) -> Result<Decided, Error> {
    let found = store.find(run)?;
    let series = found.manifest.series.clone();
    let lock = SeriesLock::acquire(store.root(), &series)?;
    // Another writer may have written it anew since.
    let run = store::load(&lock.existing(&found.manifest.run_id).unwrap_or(found))?;
    let Manifest { run_id, as_of, .. } = &run.manifest;
    let statement = statement.checked(*as_of)?;
    let overrides = lock.overrides()?;
    let last_words = overrides.last_words(*as_of);
    let ids = run.segments.segments.iter().map(|segment| segment.segment);
    let segment = match label::segment_among(segment, run_id, ids) {
        // What was decided on a segment that ended can be withdrawn.
        Err(error) if group.is_none() => {
            let decided = last_words.keys().copied();
            label::segment_among(segment, run_id, decided).map_err(|_| error)?
        }
        found => found?,
    };
    let last = last_words.get(&segment).copied();
    let decision = match group {
        Some(group) => Decision::Set {
            group: label::group_among(group, &groups(&run.manifest, &run.segments))?,
            until: statement.until,
            baseline: baseline(&run, segment),
        },
        None => Decision::Withdrawn,
    };
    let new = |number| OverrideEntry {
        number,
        at: statement.at,
        author: statement.author.clone(),
        reason: statement.reason.clone(),
        run: run_id.clone(),
        as_of: *as_of,
        segment,
        decision: decision.clone(),
    };
    let same = |last: &OverrideEntry| *last == OverrideEntry { at: last.at, ..new(last.number) };
    let already_there = last.is_some_and(same);
    if decision == Decision::Withdrawn
        && !already_there
        && last.is_none_or(|last| last.decision == Decision::Withdrawn)
    {
        let run = run_id.clone();
        return Err(LabelError::NothingToWithdraw { segment, run, series }.into());
    }
    let overrides = if already_there { overrides.clone() } else { lock.add_override(new)? };
    let rewritten = replay(&lock, store, &series, (*as_of, already_there), &overrides)?;
    let entry = overrides.last_words(*as_of)[&segment].clone();
    let mut warnings = lock.existing(run_id).map_or_else(Vec::new, |run| run.manifest.warnings);
    warnings.retain(|warning| warning.code.starts_with(CODES));
    let run = run_id.clone();
    Ok(Decided { series, run, segment, entry, already_there, rewritten, warnings })
}

/// Where a segment of a run stands in the numbers that it was clustered by.
fn baseline(run: &Run, segment: SegmentId) -> BTreeMap<String, Baseline> {
    let clustered: Vec<&str> = (run.model.features.iter())
        .filter_map(|feature| match feature {
            FittedFeature::Numeric(number) => Some(number.name.as_str()),
            FittedFeature::Categorical(_) => None,
        })
        .collect();
    let mut segments = run.segments.segments.iter();
    let found = segments.find(|found| found.segment == segment);
    found
        .map(|found| label::baseline(&run.features, &found.profile, &clustered))
        .unwrap_or_default()
}

/// Brings every stored run of a date and later up to date with the history; the ids of those that
/// changed. Where a command may have been stopped, runs are looked at too whose segments are right
/// and whose run before did not change.
fn replay(
    lock: &SeriesLock,
    store: &Store,
    series: &str,
    (from, stopped): (AsOf, bool),
    overrides: &Overrides,
) -> Result<Vec<String>, Error> {
    let runs = store.list(Some(series))?.runs;
    let mut rewritten = BTreeSet::new();
    let mut in_order = Vec::new();
    for stored in runs.iter().filter(|stored| stored.manifest.as_of >= from) {
        let id = &stored.manifest.previous_run;
        let previous = runs.iter().find(|run| Some(&run.manifest.run_id) == id.as_ref());
        let follows = |run: &StoredRun| stopped || rewritten.contains(&run.manifest.run_id);
        let follows = previous.is_some_and(follows);
        let mut segments = store::load_segments(stored)?;
        let mut manifest = stored.manifest.clone();
        let before = segments.clone();
        let date = previous.map(|run| run.manifest.as_of);
        rejudge(&mut manifest, &mut segments, date, overrides);
        if !follows && segments == before && manifest == stored.manifest {
            continue;
        }
        let mut run = store::load(stored)?;
        let were = (run.manifest.clone(), run.comparison.clone(), run.assignments.clone());
        let main = main_taxonomy(&manifest);
        (run.manifest, run.segments) = (manifest, segments);
        let previous = match previous.and_then(|previous| lock.existing(&previous.manifest.run_id))
        {
            Some(previous) => {
                let kept = kept(&previous.manifest, &main.0, &main.1);
                Some(Previous::keeping(previous, false, kept)?)
            }
            None => None,
        };
        regroup(&mut run, previous.as_ref())?;
        outlook::tell(&mut run, previous.as_ref(), store)?;
        if before == run.segments
            && were == (run.manifest.clone(), run.comparison.clone(), run.assignments.clone())
        {
            continue;
        }
        // As when it was made: the report is not in the timings that it shows.
        let timings = run.manifest.timings.clone();
        run.manifest.timings.retain(|(step, _)| step != "report");
        let shown = report::shown(&run)?;
        run.manifest.timings = timings;
        lock.rewrite(stored, &run, &shown)?;
        rewritten.insert(run.manifest.run_id.clone());
        in_order.push(run.manifest.run_id);
    }
    Ok(in_order)
}

/// The labels and warnings of a stored run by the history.
fn rejudge(
    manifest: &mut Manifest,
    segments: &mut Segments,
    previous: Option<AsOf>,
    overrides: &Overrides,
) {
    let groups = groups(manifest, segments);
    let limit = manifest.config.pointer("/label/override_drift").and_then(|limit| limit.as_f64());
    let units = &manifest.units;
    let standpoint = Standpoint {
        as_of: manifest.as_of,
        previous,
        drift_limit: limit.unwrap_or(DRIFT_LIMIT),
        groups: &groups,
        unit: &|name| units.get(name).copied().unwrap_or(Unit::Attribute),
    };
    let mut named: Vec<Named<'_>> = (segments.segments.iter_mut())
        .map(|found| Named {
            segment: found.segment,
            profile: &found.profile,
            label: &mut found.label,
        })
        .collect();
    let warnings = label::judge(overrides, &standpoint, &mut named);
    manifest.warnings.retain(|warning| !warning.code.starts_with(CODES));
    manifest.warnings.extend(warnings);
}

/// Gives the customers of a run the groups of its segments, or their own where the main taxonomy
/// names customers and nobody judged the segment, and what follows from them. Where the run before
/// is gone, whoever keeps the group keeps the history, and whoever gets another has it from this
/// run on.
fn regroup(run: &mut Run, previous: Option<&Previous>) -> Result<(), Error> {
    let own = own_groups(run)?;
    let track = track_section(&run.manifest);
    let mut holding = track.hysteresis.map(|params| Holding::new(params, &run.manifest));
    let groups: BTreeMap<SegmentId, (&GroupKey, bool)> = (run.segments.segments.iter())
        .map(|found| (found.segment, (&found.label.group, found.label.judgement.is_some())))
        .collect();
    let gone = previous.is_none() && run.manifest.previous_run.is_some();
    let mut buyer = 0;
    for row in &mut run.assignments {
        let found = row.segment.and_then(|segment| groups.get(&segment));
        let (group, margin, judged) = match (found, &own) {
            (Some((group, false)), Some(own)) => (own.get(buyer).unwrap_or(*group), None, false),
            (Some((group, judged)), _) => (*group, row.margin, *judged),
            (None, _) => (&row.group, None, false),
        };
        let group = group.clone();
        buyer += usize::from(row.segment.is_some());
        if gone {
            let waits = row.proposal.as_ref().is_some_and(|waiting| waiting.group == group);
            if group != row.group && (judged || !waits) {
                row.previous_group = row.previous_group.take().filter(|before| *before != group);
                row.group_changed_on = run.manifest.as_of.0;
                row.months_in_group = 0;
                row.moves = None;
                row.proposal = None;
                row.group = group;
            }
            continue;
        }
        let before = previous.and_then(|previous| previous.place(&row.customer));
        let standing = match &mut holding {
            Some(holding) => holding.standing(row, before, &group, margin, judged),
            None => {
                let standing = before.and_then(|(_, standing)| standing.as_ref());
                track::standing(standing, &group, run.manifest.as_of.0)
            }
        };
        row.group = standing.group;
        row.previous_group = standing.previous_group;
        row.group_changed_on = standing.group_changed_on;
        row.months_in_group = track::months_between(row.group_changed_on, run.manifest.as_of.0);
        row.moves = standing.moves;
        row.proposal = standing.proposal;
    }
    let held = holding.is_some();
    run.manifest.hysteresis = match holding {
        Some(holding) if previous.is_some() || gone => holding.record(run, gone),
        _ => None,
    };
    recount(run, own.is_some() || held);
    if previous.is_some() {
        let (id, params) = (run.manifest.run_id.clone(), track.compare_params());
        let now = (&run.features, &run.segments);
        let found = compared(previous, &id, &run.assignments, now, &params)?;
        run.comparison = found.map(|found| found.measured_as(run.comparison.as_ref()));
    }
    Ok(())
}

/// `[track]` of the configuration of a run.
fn track_section(manifest: &Manifest) -> TrackSection {
    serde_json::from_value(manifest.config["track"].clone()).unwrap_or_default()
}

/// The group of each buyer by a main taxonomy that names customers; none where it names segments.
fn own_groups(run: &Run) -> Result<Option<Vec<GroupKey>>, Error> {
    let main = run.manifest.taxonomies.first().filter(|main| main.of == Scope::Customers);
    let Some(main) = main else { return Ok(None) };
    let taxonomy = Taxonomy::parse(&main.name, &main.text)?;
    let named = label::label_customers(&run.features, &taxonomy)?;
    let key = |group: &u16| taxonomy.groups()[usize::from(*group)].key.clone();
    Ok(Some(named.buyers.iter().map(key).collect()))
}

/// What the groups of the main taxonomy came to: by segments, or `by_customer`.
fn recount(run: &mut Run, by_customer: bool) {
    let Some(main) = run.manifest.taxonomies.first_mut() else { return };
    let spend = run.features.column("monetary_total").map(|column| &column.values);
    let (buyers, total) = (run.features.len().max(1) as f64, run.segments.population.revenue);
    let counted: Vec<(&GroupKey, usize, f64)> = if by_customer {
        let rows = run.assignments.iter().filter(|row| row.segment.is_some()).enumerate();
        let spent = |row: usize| spend.and_then(|spend| spend.get(row)).copied().unwrap_or(0.0);
        rows.map(|(row, assignment)| (&assignment.group, 1, spent(row))).collect()
    } else {
        let segments = run.segments.segments.iter();
        segments.map(|s| (&s.label.group, s.profile.customers, s.profile.revenue)).collect()
    };
    for group in &mut main.groups {
        (group.customers, group.revenue) = (0, 0.0);
        for (_, customers, revenue) in counted.iter().filter(|(key, ..)| **key == group.key) {
            group.customers += customers;
            group.revenue += if revenue.is_nan() { 0.0 } else { *revenue };
        }
        group.share_of_customers = group.customers as f64 / buyers;
        group.share_of_revenue = (total > 0.0).then(|| group.revenue / total);
    }
}

/// Key and configured name of the main taxonomy of a run.
fn main_taxonomy(manifest: &Manifest) -> (String, String) {
    match manifest.taxonomies.first() {
        Some(main) => (main.key.clone(), main.name.clone()),
        None => {
            let name =
                manifest.config.pointer("/label/taxonomies/0").and_then(|name| name.as_str());
            (name.unwrap_or_default().to_owned(), name.unwrap_or_default().to_owned())
        }
    }
}

/// The groups of the main taxonomy of a run. One of an earlier release tells their names alone:
/// there what else is shown of them is that of the built-in taxonomy, or of a segment that has the
/// group.
fn groups(manifest: &Manifest, segments: &Segments) -> BTreeMap<GroupKey, GroupCard> {
    if let Some(main) = manifest.taxonomies.first() {
        let card = |group: &GroupRecord| GroupCard {
            name: group.name.clone(),
            description: group.description.clone(),
            color: group.color.clone(),
            treatment: group.treatment.clone(),
        };
        return main.groups.iter().map(|group| (group.key.clone(), card(group))).collect();
    }
    let main = manifest.config.pointer("/label/taxonomies/0").and_then(|name| name.as_str());
    let built_in = BUILT_IN.iter().find(|(name, _)| Some(*name) == main);
    let built_in = built_in.and_then(|(name, _)| Taxonomy::built_in(name).ok());
    let mut cards = built_in.map(|taxonomy| taxonomy.cards()).unwrap_or_default();
    for segment in &segments.segments {
        let label = &segment.label;
        cards.entry(label.group.clone()).or_insert_with(|| GroupCard {
            name: label.name.clone(),
            description: label.description.clone(),
            color: label.color.clone(),
            treatment: label.treatment.clone(),
        });
    }
    cards
}
