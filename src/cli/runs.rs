//! `segtrail runs`: what is in the store.

use serde_json::json;

use super::Outcome;
use super::args::{Common, RunsArgs};
use super::output::{Output, Side, Table, count, money};
use crate::store::{Store, StoreError};

pub(super) fn run(args: &RunsArgs, common: &Common, output: &Output) -> Outcome {
    let listing = Store::new(&common.models).list(args.series.as_deref())?;
    if let Some(series) = &args.series
        && listing.runs.is_empty()
        && listing.damaged.is_empty()
    {
        let name = series.clone();
        let root = common.models.clone();
        return Err(StoreError::NoSuchSeries { name, root }.into());
    }
    for damaged in &listing.damaged {
        output.say(&format!(
            "warning: {} is damaged ({}); run its month again, it will be moved aside",
            damaged.path.display(),
            damaged.what
        ));
    }
    if output.json {
        let runs: Vec<_> = listing
            .runs
            .iter()
            .map(|run| {
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
        ("series", Side::Left),
        ("run", Side::Left),
        ("customers", Side::Right),
        ("revenue", Side::Right),
        ("k", Side::Right),
        ("named by", Side::Left),
        ("warnings", Side::Right),
        ("previous run", Side::Left),
    ]);
    for run in &listing.runs {
        let manifest = &run.manifest;
        let kept = manifest.kept();
        let k = match &manifest.layers {
            Some(layers) => Some(layers.micro_segments),
            None => kept.map(|candidate| candidate.k),
        };
        table.row(vec![
            manifest.series.clone(),
            manifest.run_id.clone(),
            count(manifest.customers.buyers as u64),
            money(manifest.revenue, &manifest.currency),
            k.map_or_else(|| "–".into(), |k| k.to_string()),
            manifest.taxonomy_keys().join(", "),
            manifest.warnings.len().to_string(),
            manifest.previous_run.clone().unwrap_or_else(|| "–".into()),
        ]);
    }
    output.text(&table.render())
}
