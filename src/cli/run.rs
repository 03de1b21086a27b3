//! `segtrail run`: the monthly runs of one date or of every month end of a range.

use std::collections::BTreeMap;

use serde_json::json;

use super::args::{Common, RunArgs};
use super::output::{Output, Side, Table, count, money, percent};
use super::watch::TerminalWatch;
use super::{Failure, Outcome, gate};
use crate::cluster::MicroId;
use crate::config::Loaded;
use crate::pipeline::{self, Outcome as RunOutcome};
use crate::run::{Run, Segment};
use crate::store::Store;
use crate::track::{HysteresisRecord, SegmentMovement};
use crate::types::{AsOf, Seed, SegmentId};

pub(super) fn run(args: &RunArgs, common: &Common, output: &Output) -> Outcome {
    let dates = args.as_of.dates();
    if dates.is_empty() {
        return Err(Failure::Usage(
            "no month ends between the two dates of --as-of. Give one date alone, or a longer range"
                .into(),
        ));
    }
    let loaded = Loaded::read(&args.config, common.seed.map(Seed))?;
    let store = Store::new(&common.models);
    let watch = TerminalWatch::new(output.bars);
    let input = pipeline::read(&loaded, &watch)?;
    let mut documents = Vec::new();
    let mut told = std::collections::BTreeSet::new();
    let (mut last, mut gates) = (None, Vec::new());
    for date in dates {
        watch.label(&date.to_string());
        let outcome = match pipeline::run_month(&loaded, &input, AsOf(date), &store, &watch) {
            Ok(outcome) => outcome,
            Err(error) => {
                if last.is_some() {
                    output.say(&format!("{date}: stopped here; the runs before it are stored"));
                }
                return Err(error.into());
            }
        };
        if output.json {
            documents.push(document(&outcome));
        } else {
            output.say(&line(&outcome));
            let warnings = outcome.run.manifest.warnings.iter();
            // What holds for every month is said once.
            for warning in warnings.filter(|_| !outcome.already_done) {
                if told.insert(warning.message.clone()) {
                    output.warn(warning);
                }
            }
        }
        if args.gate {
            gates.extend(gate::dated(&outcome.run));
        }
        last = Some(outcome);
    }
    if output.json {
        output.document(&json!({ "runs": documents }))?;
    } else if let Some(outcome) = last {
        output.text(&closing(&outcome))?;
    }
    gate::judge(&gates, output)
}

/// A run that was named anew: what is said of it.
pub(super) fn named_anew(outcome: &RunOutcome, from: &str, output: &Output) -> Outcome {
    let manifest = &outcome.run.manifest;
    if output.json {
        let mut document = document(outcome);
        document["relabelled_from"] = json!(manifest.relabelled_from);
        return output.document(&document);
    }
    if outcome.already_done {
        output.say(&format!("{from}: already named so, {}", manifest.run_id));
    } else {
        output
            .say(&format!("{from} named anew as {}; the old run stays as it is", manifest.run_id));
        manifest.warnings.iter().for_each(|warning| output.warn(warning));
    }
    let groups = super::taxonomies::taxonomy_tables(&outcome.run);
    output.text(&format!("{}\n{groups}", closing(outcome)))
}

/// One line a run: what became of rows and customers.
pub(super) fn line(outcome: &RunOutcome) -> String {
    let manifest = &outcome.run.manifest;
    if outcome.already_done {
        return format!("{}: already done, {}", manifest.as_of, manifest.run_id);
    }
    let rows = &manifest.rows;
    let mut text = format!(
        "{}: {} purchases of {} customers, {}, {} segments",
        manifest.as_of,
        count(rows.purchases),
        count(manifest.customers.buyers as u64),
        money(manifest.revenue, &manifest.currency),
        outcome.run.segments.segments.len(),
    );
    if rows.returns > 0 {
        text += &format!("; {} returns", count(rows.returns));
    }
    if rows.rejected > 0 {
        let mut reasons: Vec<_> =
            rows.rejects.iter().filter(|(_, reject)| reject.rows > 0).collect();
        reasons.sort_by_key(|(_, reject)| std::cmp::Reverse(reject.rows));
        let reasons: Vec<String> =
            reasons.iter().map(|(code, reject)| format!("{code} {}", count(reject.rows))).collect();
        text += &format!("; {} rows refused ({})", count(rows.rejected), reasons.join(", "));
    }
    if manifest.customers.prospects > 0 {
        text += &format!("; {} prospects", count(manifest.customers.prospects as u64));
    }
    text
}

fn movements(run: &Run) -> BTreeMap<SegmentId, &SegmentMovement> {
    let segments = run.comparison.iter().flat_map(|comparison| &comparison.segments);
    segments.map(|movement| (movement.segment, movement)).collect()
}

/// The table of the last run and where its report is.
fn closing(outcome: &RunOutcome) -> String {
    let run = &outcome.run;
    let mut text = format!("\n{}\n", segment_table(run, MOST_SEGMENTS));
    let more = run.segments.segments.len().saturating_sub(MOST_SEGMENTS);
    if more > 0 {
        let id = &run.manifest.run_id;
        text += &format!("{more} more, of less revenue: segtrail show {id}\n");
    }
    if let Some(comparison) = &run.comparison {
        text += &format!(
            "Against {}: {} customers in both, {} new, {} gone; {} changed segment, {} changed group.\n",
            comparison.previous_run,
            count(comparison.stayers as u64),
            count(comparison.entrants as u64),
            count(comparison.leavers as u64),
            count(comparison.moved_segment as u64),
            count(comparison.moved_group as u64),
        );
    }
    if let Some(found) = &run.manifest.hysteresis {
        text += &format!("{}\n", held(found));
    }
    text += &format!("Report: {}\n", outcome.path.join("report.html").display());
    text
}

/// What hysteresis did, in a sentence.
fn held(found: &HysteresisRecord) -> String {
    format!(
        "Hysteresis: {} customers keep their group for now, {} are back in theirs after they were kept in it, \
         {} took a new one ({} by margin, {} by months); {} of customers have the group they are given.",
        count(found.kept as u64),
        count(found.returned as u64),
        count((found.by_margin + found.by_months) as u64),
        count(found.by_margin as u64),
        count(found.by_months as u64),
        percent(found.fidelity.value),
    )
}

/// Segments that a run lists when it is done.
const MOST_SEGMENTS: usize = 40;

/// Segment, with layers its stage and string, group in both languages, customers, share of revenue,
/// moved in, moved out; of the `most` segments with the highest revenue, by id.
pub(super) fn segment_table(run: &Run, most: usize) -> String {
    let mut listed: Vec<&Segment> = run.segments.segments.iter().collect();
    listed.sort_by(|a, b| b.profile.revenue.total_cmp(&a.profile.revenue));
    listed.truncate(most);
    listed.sort_by_key(|segment| segment.segment);
    let layered = listed.iter().any(|segment| segment.micro.is_some());
    let movements = movements(run);
    let mut head = vec![("segment", Side::Left)];
    if layered {
        head.extend([("stage", Side::Left), ("layers", Side::Left)]);
    }
    head.extend([
        ("group", Side::Left),
        ("nhóm", Side::Left),
        ("customers", Side::Right),
        ("share of revenue", Side::Right),
        ("moved in", Side::Right),
        ("moved out", Side::Right),
    ]);
    let mut table = Table::new(&head);
    for segment in listed {
        let movement = movements.get(&segment.segment);
        let moved = |of: &dyn Fn(&SegmentMovement) -> usize| {
            movement.map_or_else(|| "–".to_owned(), |movement| count(of(movement) as u64))
        };
        let mut row = vec![segment.segment.to_string()];
        if layered {
            let micro = segment.micro.as_ref();
            row.push(micro.map_or_else(String::new, |micro| micro.stage.to_string()));
            row.push(micro.map_or_else(String::new, MicroId::text));
        }
        row.extend([
            segment.label.name.en.clone(),
            segment.label.name.vi.clone(),
            count(segment.profile.customers as u64),
            segment.profile.share_of_revenue.map_or_else(|| "–".into(), percent),
            moved(&|movement| movement.moved_in),
            moved(&|movement| movement.moved_out),
        ]);
        table.row(row);
    }
    table.render()
}

pub(super) fn segments_document(run: &Run) -> Vec<serde_json::Value> {
    let movements = movements(run);
    run.segments
        .segments
        .iter()
        .map(|segment| {
            let movement = movements.get(&segment.segment);
            let mut document = json!({
                "segment": segment.segment,
                "group": segment.label.group,
                "name": segment.label.name,
                "customers": segment.profile.customers,
                "revenue": segment.profile.revenue,
                "share_of_revenue": segment.profile.share_of_revenue,
                "moved_in": movement.map(|movement| movement.moved_in),
                "moved_out": movement.map(|movement| movement.moved_out),
            });
            if let Some(micro) = &segment.micro {
                document["micro"] = json!(micro);
            }
            if !segment.further.is_empty() {
                let groups: BTreeMap<_, _> =
                    segment.further.iter().map(|(key, label)| (key, &label.group)).collect();
                document["further"] = json!(groups);
            }
            if !segment.composition.is_empty() {
                document["composition"] = json!(segment.composition);
            }
            if let Some(judgement) = &segment.label.judgement {
                document["by_rule"] = json!(judgement.by_rule.group);
                document["judged_by"] = json!(judgement.author);
            }
            document
        })
        .collect()
}

pub(super) fn document(outcome: &RunOutcome) -> serde_json::Value {
    let manifest = &outcome.run.manifest;
    json!({
        "run_id": manifest.run_id,
        "series": manifest.series,
        "as_of": manifest.as_of,
        "path": outcome.path,
        "report": outcome.path.join("report.html"),
        "status": if outcome.already_done { "already_done" } else { "done" },
        "buyers": manifest.customers.buyers,
        "prospects": manifest.customers.prospects,
        "revenue": manifest.revenue,
        "currency": manifest.currency,
        "rows": manifest.rows,
        "segments": segments_document(&outcome.run),
        "taxonomies": manifest.taxonomy_keys(),
        "warnings": manifest.warnings,
        "retrain": manifest.retrain,
        "hysteresis": manifest.hysteresis,
        "gates": gate::gates(outcome.run.comparison.as_ref()),
    })
}
