//! `segtrail run`: the monthly runs of one date or of every month end of a range.

use std::collections::BTreeMap;

use serde_json::json;

use super::args::{Common, RunArgs};
use super::output::{Output, Side, Table};
use super::speech::{Speech, or_none};
use super::watch::TerminalWatch;
use super::words::{RunWords, fill};
use super::{Failure, Outcome, gate};
use crate::config::Loaded;
use crate::label::{layers_in_words, value_in_words};
use crate::pipeline::{self, Outcome as RunOutcome};
use crate::run::{Run, Segment};
use crate::store::Store;
use crate::track::{HysteresisRecord, SegmentMovement};
use crate::types::{AsOf, Language, Seed, SegmentId};

pub(super) fn run(args: &RunArgs, common: &Common, output: &Output) -> Outcome {
    let dates = args.as_of.dates();
    if dates.is_empty() {
        return Err(Failure::Usage(
            "no month ends between the two dates of --as-of. Give one date alone, or a longer range"
                .into(),
        ));
    }
    let loaded = Loaded::read(&args.config, common.seed.map(Seed))?;
    let speech = Speech(loaded.config.label.language);
    let store = Store::new(&common.models);
    let watch = TerminalWatch::new(output.bars);
    watch.speak(speech);
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
                    let words = RunWords::of(speech.0);
                    output.say(&fill(words.stopped, &[("date", &date.to_string())]));
                }
                return Err(error.into());
            }
        };
        if output.json {
            documents.push(document(&outcome));
        } else {
            output.say(&line(&outcome, speech));
            let warnings = outcome.run.manifest.warnings.iter();
            // What holds for every month is said once.
            for warning in warnings.filter(|_| !outcome.already_done) {
                if told.insert(warning.message.clone()) {
                    output.say(&speech.warning_of(&outcome.run, warning));
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
        output.text(&closing(&outcome, speech))?;
    }
    gate::judge(&gates, speech, output)
}

/// A run that was named anew: what is said of it.
pub(super) fn named_anew(outcome: &RunOutcome, from: &str, output: &Output) -> Outcome {
    let manifest = &outcome.run.manifest;
    if output.json {
        let mut document = document(outcome);
        document["relabelled_from"] = json!(manifest.relabelled_from);
        return output.document(&document);
    }
    let speech = Speech(manifest.language);
    let words = RunWords::of(speech.0);
    let told = |template| fill(template, &[("from", from), ("run", &manifest.run_id)]);
    if outcome.already_done {
        output.say(&told(words.named_already));
    } else {
        output.say(&told(words.named_anew));
        for warning in &manifest.warnings {
            output.say(&speech.warning_of(&outcome.run, warning));
        }
    }
    let groups = super::taxonomies::taxonomy_tables(&outcome.run, speech);
    output.text(&format!("{}\n{groups}", closing(outcome, speech)))
}

/// One line a run: what became of rows and customers.
pub(super) fn line(outcome: &RunOutcome, speech: Speech) -> String {
    let words = RunWords::of(speech.0);
    let manifest = &outcome.run.manifest;
    let date = manifest.as_of.to_string();
    if outcome.already_done {
        return fill(words.already_done, &[("date", &date), ("run", &manifest.run_id)]);
    }
    let rows = &manifest.rows;
    let mut text = fill(
        words.done,
        &[
            ("date", &date),
            ("purchases", &speech.count(rows.purchases)),
            ("customers", &speech.count(manifest.customers.buyers)),
            ("revenue", &speech.money(manifest.revenue, &manifest.currency)),
            ("segments", &outcome.run.segments.segments.len().to_string()),
        ],
    );
    if rows.returns > 0 {
        text += &fill(words.returns, &[("n", &speech.count(rows.returns))]);
    }
    if rows.rejected > 0 {
        let mut reasons: Vec<_> =
            rows.rejects.iter().filter(|(_, reject)| reject.rows > 0).collect();
        reasons.sort_by_key(|(_, reject)| std::cmp::Reverse(reject.rows));
        let reasons = reasons.iter();
        let reasons: Vec<String> =
            reasons.map(|(code, reject)| format!("{code} {}", speech.count(reject.rows))).collect();
        let refused = speech.count(rows.rejected);
        text += &fill(words.refused, &[("n", &refused), ("reasons", &reasons.join(", "))]);
    }
    if manifest.customers.prospects > 0 {
        text += &fill(words.prospects, &[("n", &speech.count(manifest.customers.prospects))]);
    }
    text
}

fn movements(run: &Run) -> BTreeMap<SegmentId, &SegmentMovement> {
    let segments = run.comparison.iter().flat_map(|comparison| &comparison.segments);
    segments.map(|movement| (movement.segment, movement)).collect()
}

/// The table of the last run and where its report is.
fn closing(outcome: &RunOutcome, speech: Speech) -> String {
    let words = RunWords::of(speech.0);
    let run = &outcome.run;
    let mut text = format!("\n{}\n", segment_table(run, MOST_SEGMENTS, speech));
    let more = run.segments.segments.len().saturating_sub(MOST_SEGMENTS);
    if more > 0 {
        let values = [("n", &*more.to_string()), ("run", &run.manifest.run_id)];
        text += &format!("{}\n", fill(words.more, &values));
    }
    if let Some(comparison) = &run.comparison {
        let values = [
            ("previous", &*comparison.previous_run),
            ("stayers", &speech.count(comparison.stayers)),
            ("entrants", &speech.count(comparison.entrants)),
            ("leavers", &speech.count(comparison.leavers)),
            ("segment", &speech.count(comparison.moved_segment)),
            ("group", &speech.count(comparison.moved_group)),
        ];
        text += &format!("{}\n", fill(words.against, &values));
    }
    if let Some(found) = &run.manifest.hysteresis {
        text += &format!("{}\n", held(found, speech));
    }
    let report = outcome.path.join("report.html").display().to_string();
    text + &fill(words.report, &[("path", &report)]) + "\n"
}

/// What hysteresis did, in a sentence.
fn held(found: &HysteresisRecord, speech: Speech) -> String {
    fill(
        RunWords::of(speech.0).hysteresis,
        &[
            ("kept", &speech.count(found.kept)),
            ("returned", &speech.count(found.returned)),
            ("taken", &speech.count(found.by_margin + found.by_months)),
            ("by_margin", &speech.count(found.by_margin)),
            ("by_months", &speech.count(found.by_months)),
            ("fidelity", &speech.percent(found.fidelity.value)),
        ],
    )
}

/// Segments that a run lists when it is done.
const MOST_SEGMENTS: usize = 40;

/// Segment, with layers its stage and string, group in both languages, customers, share of revenue,
/// moved in, moved out; of the `most` segments with the highest revenue, by id.
pub(super) fn segment_table(run: &Run, most: usize, speech: Speech) -> String {
    let words = RunWords::of(speech.0);
    let mut listed: Vec<&Segment> = run.segments.segments.iter().collect();
    listed.sort_by(|a, b| b.profile.revenue.total_cmp(&a.profile.revenue));
    listed.truncate(most);
    listed.sort_by_key(|segment| segment.segment);
    let layered = listed.iter().any(|segment| segment.micro.is_some());
    let movements = movements(run);
    let mut head = vec![(words.segment, Side::Left)];
    if layered {
        head.extend([(words.stage, Side::Left), (words.layers, Side::Left)]);
    }
    head.extend([
        ("group", Side::Left),
        ("nhóm", Side::Left),
        (words.customers, Side::Right),
        (words.share_of_revenue, Side::Right),
        (words.moved_in, Side::Right),
        (words.moved_out, Side::Right),
    ]);
    let mut table = Table::new(&head);
    for segment in listed {
        let movement = movements.get(&segment.segment).copied();
        let moved = |of: &dyn Fn(&SegmentMovement) -> usize| {
            or_none(movement, |movement| speech.count(of(movement)))
        };
        let mut row = vec![segment.segment.to_string()];
        if layered {
            let micro = segment.micro.as_ref();
            row.push(
                micro.map_or_else(String::new, |micro| stage(&micro.stage.to_string(), speech)),
            );
            row.push(micro.map_or_else(String::new, |micro| layers_in_words(micro, speech.0)));
        }
        row.extend([
            segment.label.name.en.clone(),
            segment.label.name.vi.clone(),
            speech.count(segment.profile.customers),
            or_none(segment.profile.share_of_revenue, |share| speech.percent(share)),
            moved(&|movement| movement.moved_in),
            moved(&|movement| movement.moved_out),
        ]);
        table.row(row);
    }
    table.render()
}

/// A stage by its key in English, in words in Vietnamese.
fn stage(key: &str, speech: Speech) -> String {
    match speech.0 {
        Language::En => key.to_owned(),
        Language::Vi => value_in_words("lifecycle_stage", key, speech.0).into_owned(),
    }
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
