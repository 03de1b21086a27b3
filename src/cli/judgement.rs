//! `segtrail label set`, `unset` and `overrides`: the group that a person gives a segment, and the
//! history of what people decided.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Outcome;
use super::args::{Common, OverridesArgs, SetArgs, UnsetArgs};
use super::output::{Output, Side, Table};
use super::speech::{NONE, Speech};
use super::words::{JudgementWords, fill};
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
    let language = stored.manifest.language;
    let words = JudgementWords::of(language);
    for warning in warnings {
        output.warn(warning, Speech(language));
    }
    let of = [("segment", &*segment.to_string()), ("run", &*format!("{series}/{run}"))];
    let mut text = match found {
        Some(found) => {
            let label = &found.label;
            let named =
                [of[0], of[1], ("name", label.name.get(language)), ("group", &label.group.0)];
            format!("{}\n  {}\n", fill(words.in_run, &named), label.reason.get(language))
        }
        None => fill(words.no_segment, &of) + "\n",
    };
    if *already_there {
        let number = entry.number.to_string();
        text += &format!("  {}\n", fill(words.already, &[("number", &number)]));
    }
    text += &match rewritten.as_slice() {
        [] => words.nothing_changes.to_owned(),
        ids => fill(words.written_anew, &[("runs", &ids.join(", "))]),
    };
    output.text(&format!("{text}\n"))
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
    let speech = Speech(latest.manifest.language);
    let words = JudgementWords::of(speech.0);
    if overrides.entries.is_empty() {
        return output.text(&format!("{}\n", fill(words.nobody, &[("series", &args.series)])));
    }
    let mut table = Table::new(&[
        (words.number, Side::Right),
        (words.segment, Side::Left),
        (words.group, Side::Left),
        (words.until, Side::Left),
        (words.author, Side::Left),
        (words.made_on, Side::Left),
        (words.made_in, Side::Left),
        (words.status, Side::Left),
        (words.reason, Side::Left),
    ]);
    for (entry, status) in rows {
        let (group, until) = match &entry.decision {
            Decision::Set { group, until, .. } => (group.to_string(), *until),
            Decision::Withdrawn => (words.withdrawn.to_owned(), None),
        };
        table.row(vec![
            entry.number.to_string(),
            entry.segment.to_string(),
            group,
            speech.date(until),
            entry.author.clone(),
            entry.day().to_string(),
            entry.run.clone(),
            said(*status, &segments, entry, speech),
            entry.reason.clone(),
        ]);
    }
    let of = &latest.manifest.run_id;
    output.text(&format!("{}{}\n", table.render(), fill(words.as_of, &[("run", of)])))
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

fn said(status: EntryStatus, segments: &Segments, entry: &OverrideEntry, speech: Speech) -> String {
    let words = JudgementWords::of(speech.0);
    let by = |template, entry: usize| fill(template, &[("by", &entry.to_string())]);
    match status {
        EntryStatus::InForce => match in_run(segments, entry, status) {
            None => words.cannot_be_kept.into(),
            Some(judgement) => match &judgement.drift {
                Some(drift) if drift.flagged => {
                    let spreads = speech.decimal(drift.spreads, 2);
                    let values = [("spreads", &*spreads), ("feature", &drift.feature)];
                    fill(words.drifted, &values)
                }
                _ => words.in_force.into(),
            },
        },
        EntryStatus::Expired => words.expired.into(),
        EntryStatus::Replaced { by: number } => by(words.replaced, number),
        EntryStatus::Withdrawn { by: number } => by(words.withdrawn_by, number),
        EntryStatus::NotYet => words.not_yet.into(),
        EntryStatus::Withdrawal => NONE.into(),
    }
}
