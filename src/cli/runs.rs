//! `segtrail runs`: what is in the store.

use serde_json::json;

use super::args::{Common, RunsArgs};
use super::output::{Output, Side, Table};
use super::speech::{NONE, Speech, or_none};
use super::words::{RunsWords, fill};
use super::{Outcome, gate};
use crate::run::Segment;
use crate::store::{self, Alias, Store, StoreError, StoredRun};
use crate::track::{Gate, GateKind};
use crate::types::Language;

pub(super) fn run(args: &RunsArgs, common: &Common, output: &Output) -> Outcome {
    let store = Store::new(&common.models);
    let listing = store.list(args.series.as_deref())?;
    if let Some(series) = &args.series
        && listing.runs.is_empty()
        && listing.damaged.is_empty()
    {
        let name = series.clone();
        let root = common.models.clone();
        return Err(StoreError::NoSuchSeries { name, root }.into());
    }
    // The last run speaks, unless a language is asked for.
    let last = listing.runs.last().map(|run| run.manifest.language);
    let asked = args.language.map(Language::from);
    let speech = Speech(asked.or(last).unwrap_or_default());
    let words = RunsWords::of(speech.0);
    for damaged in &listing.damaged {
        let values = [("path", &*damaged.path.display().to_string()), ("what", &damaged.what)];
        output.say(&speech.warning_text(&fill(words.damaged, &values)));
    }
    let shown = listing
        .runs
        .iter()
        .map(|run| shown(&store, run, speech, output))
        .collect::<Result<Vec<_>, _>>()?;
    if output.json {
        let runs: Vec<_> = (listing.runs.iter().zip(&shown))
            .map(|(run, shown)| {
                let manifest = &run.manifest;
                json!({
                    "run_id": manifest.run_id,
                    "series": manifest.series,
                    "as_of": manifest.as_of,
                    "created_at": manifest.created_at,
                    "path": run.path,
                    "buyers": manifest.customers.buyers,
                    "revenue": manifest.revenue,
                    "currency": manifest.currency,
                    "converged": manifest.converged,
                    "segments": shown.segments,
                    "silhouette": shown.silhouette,
                    "stability": shown.stability,
                    "gates": shown.gates,
                    "aliases": shown.aliases,
                    "previous_run": manifest.previous_run,
                    "taxonomies": manifest.taxonomy_keys(),
                    "warnings": manifest.warnings.len(),
                })
            })
            .collect();
        let damaged: Vec<_> = listing
            .damaged
            .iter()
            .map(|damaged| json!({ "path": damaged.path, "what": damaged.what }))
            .collect();
        return output.document(&json!({ "runs": runs, "damaged": damaged }));
    }
    if listing.runs.is_empty() {
        return output.text(&format!("No run in {}.\n", common.models.display()));
    }
    let mut table = Table::new(&[
        (words.series, Side::Left),
        (words.run, Side::Left),
        (words.customers, Side::Right),
        (words.revenue, Side::Right),
        (words.k, Side::Right),
        (words.silhouette, Side::Right),
        (words.stability, Side::Right),
        (words.gates, Side::Left),
        (words.alias, Side::Left),
        (words.named_by, Side::Left),
        (words.warnings, Side::Right),
        (words.previous, Side::Left),
    ]);
    let figure = |value: Option<f64>| or_none(value, |value| speech.decimal(value, 3));
    for (run, shown) in listing.runs.iter().zip(&shown) {
        let manifest = &run.manifest;
        let aliases: Vec<&str> = shown.aliases.iter().map(|alias| alias.name()).collect();
        table.row(vec![
            manifest.series.clone(),
            manifest.run_id.clone(),
            speech.count(manifest.customers.buyers),
            speech.money(manifest.revenue, &manifest.currency),
            shown.segments.to_string(),
            figure(shown.silhouette),
            figure(shown.stability),
            held(&shown.gates, words),
            if aliases.is_empty() { NONE.into() } else { aliases.join(", ") },
            manifest.taxonomy_keys().join(", "),
            manifest.warnings.len().to_string(),
            or_none(manifest.previous_run.clone(), |run| run),
        ]);
    }
    output.text(&table.render())
}

/// How good a run is, and whether it counts.
struct Shown {
    segments: usize,
    /// Mean silhouette of the segments that were kept; with layers of their customers, of those
    /// segments that have one.
    silhouette: Option<f64>,
    /// Mean bootstrap Jaccard of the segments, each by its customers; of those that have one.
    stability: Option<f64>,
    /// The gates of the comparison with the run before; none without one.
    gates: Vec<Gate>,
    aliases: Vec<Alias>,
}

/// The gates that did not hold, or that all held.
fn held(gates: &[Gate], words: &RunsWords) -> String {
    let name = |gate: &Gate| match gate.gate {
        GateKind::ModelChurn => words.model_churn,
        GateKind::Drift => words.drift,
        GateKind::InputDrift => words.input,
    };
    let failed: Vec<&str> = gates.iter().filter(|gate| !gate.held).map(name).collect();
    match (gates, failed.as_slice()) {
        ([], _) => NONE.into(),
        (_, []) => words.held.into(),
        (_, failed) => fill(words.not_held, &[("gates", &failed.join(", "))]),
    }
}

fn shown(
    store: &Store,
    run: &StoredRun,
    speech: Speech,
    output: &Output,
) -> Result<Shown, StoreError> {
    // One damaged file is no reason to list nothing.
    let segments = match store::load_segments(run) {
        Ok(segments) => segments.segments,
        Err(error) => {
            output.say(&speech.warning_text(&error.to_string()));
            Vec::new()
        }
    };
    let comparison = store::load_comparison(run).unwrap_or_else(|error| {
        output.say(&speech.warning_text(&error.to_string()));
        None
    });
    let mean = |of: &dyn Fn(&Segment) -> Option<f64>| {
        let each = segments.iter().filter_map(|own| Some((of(own)?, own.profile.customers as f64)));
        let (sum, customers) =
            each.fold((0.0, 0.0), |(sum, all), (value, n)| (sum + value * n, all + n));
        (customers > 0.0).then(|| sum / customers)
    };
    let manifest = &run.manifest;
    let kept = manifest.kept().and_then(|candidate| candidate.silhouette);
    Ok(Shown {
        segments: segments.len(),
        silhouette: kept.or_else(|| mean(&|own| own.silhouette)),
        stability: mean(&|own| own.bootstrap_jaccard),
        gates: gate::gates(comparison.as_ref()),
        aliases: store.registry(&manifest.series)?.aliases(&manifest.run_id),
    })
}
