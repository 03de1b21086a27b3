//! `segtrail label set`, `unset` and `overrides`: the group that a person gives a segment, and the
//! history of what people decided.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Outcome;
use super::args::{Common, OverridesArgs, SetArgs, UnsetArgs};
use super::output::{Output, Side, Table};
use crate::label::{Decision, EntryStatus, Judgement, OverrideEntry, Statement};
use crate::pipeline::{self, Decided};
use crate::run::Segments;
use crate::store::{self, Store, StoreError};

pub(super) fn set(args: &SetArgs, common: &Common, output: &Output) -> Outcome {
    let statement = Statement {
        author: args.author.clone(),
        reason: args.reason.clone(),
        at: Timestamp::now(),
        until: args.until,
    };
    let store = Store::new(&common.models);
    let decided = pipeline::set_group(&store, &args.run, &args.segment, &args.group, &statement)?;
    told(&store, &decided, output)
}

pub(super) fn unset(args: &UnsetArgs, common: &Common, output: &Output) -> Outcome {
    let statement = Statement {
        author: args.author.clone(),
        reason: args.reason.clone(),
        at: Timestamp::now(),
        until: None,
    };
    let store = Store::new(&common.models);
    let decided = pipeline::withdraw(&store, &args.run, &args.segment, &statement)?;
    told(&store, &decided, output)
}

/// What the run says of the segment now, and which runs were written anew.
fn told(store: &Store, decided: &Decided, output: &Output) -> Outcome {
    let Decided { series, run, segment, entry, already_there, rewritten, warnings } = decided;
    let stored = store.find(&format!("{series}/{run}"))?;
    let segments = store::load_segments(&stored)?;
    let found = segments.segments.iter().find(|found| found.segment == *segment);
    if output.json {
        return output.document(&json!({
            "series": series,
            "run_id": run,
            "segment": segment,
            "label": found.map(|found| &found.label),
            "entry": entry,
            "already_there": already_there,
            "rewritten": rewritten,
            "warnings": warnings,
        }));
    }
    for warning in warnings {
        output.warn(warning);
    }
    let language = stored.manifest.language;
    let mut text = match found {
        Some(found) => format!(
            "{segment} in {series}/{run}: {} ({})\n  {}\n",
            found.label.name.get(language),
            found.label.group,
            found.label.reason.get(language)
        ),
        None => format!("{segment} is no segment of {series}/{run}; its judgement is withdrawn\n"),
    };
    if *already_there {
        text += &format!("  This was decided before, as entry {}.\n", entry.number);
    }
    text += &match rewritten.as_slice() {
        [] => "No stored run changes by it.\n".to_owned(),
        ids => format!("Written anew, as they were in .replaced-*: {}\n", ids.join(", ")),
    };
    output.text(&text)
}

pub(super) fn overrides(args: &OverridesArgs, common: &Common, output: &Output) -> Outcome {
    let store = Store::new(&common.models);
    let runs = store.list(Some(&args.series))?.runs;
    let Some(latest) = runs.last() else {
        let (name, root) = (args.series.clone(), common.models.clone());
        return Err(StoreError::NoSuchSeries { name, root }.into());
    };
    let overrides = store.overrides(&args.series)?;
    let segments = store::load_segments(latest)?;
    let statuses = overrides.statuses(latest.manifest.as_of);
    let rows = overrides.entries.iter().zip(&statuses);
    if output.json {
        let rows: Vec<Value> = rows
            .map(|(entry, status)| {
                let mut row = json!(entry);
                row["status"] = json!(status)["status"].clone();
                if let Some(by) = later(status) {
                    row["by"] = json!(by);
                }
                if let Some(judgement) = in_run(&segments, entry, *status) {
                    row["drift"] = json!(judgement.drift);
                    row["by_rule"] = json!(judgement.by_rule.group);
                }
                row
            })
            .collect();
        return output.document(&json!({
            "series": args.series,
            "run_id": latest.manifest.run_id,
            "as_of": latest.manifest.as_of,
            "entries": rows,
        }));
    }
    if overrides.entries.is_empty() {
        return output.text(&format!("Nobody has judged a segment of {}.\n", args.series));
    }
    let mut table = Table::new(&[
        ("no.", Side::Right),
        ("segment", Side::Left),
        ("group", Side::Left),
        ("until", Side::Left),
        ("author", Side::Left),
        ("made on", Side::Left),
        ("in run", Side::Left),
        ("status", Side::Left),
        ("reason", Side::Left),
    ]);
    for (entry, status) in rows {
        let (group, until) = match &entry.decision {
            Decision::Set { group, until, .. } => (group.to_string(), *until),
            Decision::Withdrawn => ("(withdrawn)".to_owned(), None),
        };
        table.row(vec![
            entry.number.to_string(),
            entry.segment.to_string(),
            group,
            until.map_or_else(|| "–".to_owned(), |until| until.to_string()),
            entry.author.clone(),
            entry.day().to_string(),
            entry.run.clone(),
            said(*status, &segments, entry),
            entry.reason.clone(),
        ]);
    }
    let of = &latest.manifest.run_id;
    output.text(&format!("{}Status as of the last run, {of}.\n", table.render()))
}

fn later(status: &EntryStatus) -> Option<usize> {
    match status {
        EntryStatus::Replaced { by } | EntryStatus::Withdrawn { by } => Some(*by),
        _ => None,
    }
}

/// The judgement as it stands in a run, where the entry is in force there.
fn in_run<'a>(
    segments: &'a Segments,
    entry: &OverrideEntry,
    status: EntryStatus,
) -> Option<&'a Judgement> {
    let found = segments.segments.iter().find(|found| found.segment == entry.segment)?;
    let judgement = found.label.judgement.as_ref();
    judgement.filter(|_| status == EntryStatus::InForce)
}

fn said(status: EntryStatus, segments: &Segments, entry: &OverrideEntry) -> String {
    match status {
        EntryStatus::InForce => match in_run(segments, entry, status) {
            None => "cannot be kept: segment or group is gone".into(),
            Some(judgement) => match &judgement.drift {
                Some(drift) if drift.flagged => {
                    format!("in force, drifted by {:.2} in {}", drift.spreads, drift.feature)
                }
                _ => "in force".into(),
            },
        },
        EntryStatus::Expired => "expired".into(),
        EntryStatus::Replaced { by } => format!("replaced by {by}"),
        EntryStatus::Withdrawn { by } => format!("withdrawn by {by}"),
        EntryStatus::NotYet => "begins later".into(),
        EntryStatus::Withdrawal => "–".into(),
    }
}
