//! `segtrail promote`, `rollback` and `prune`: which run of a series counts, and which may go.

use serde_json::json;

use super::Outcome;
use super::args::{Common, PromoteArgs, PruneArgs, RollbackArgs, SaidArgs};
use super::output::{Output, Side, Table};
use super::speech::Speech;
use super::words::{RegistryWords, fill};
use crate::label::Statement;
use crate::store::{Kept, Pruned, Registered, SeriesLock, Store, StoreError};

pub(super) fn promote(args: &PromoteArgs, common: &Common, output: &Output) -> Outcome {
    let store = Store::new(&common.models);
    let run = store.find(&args.run)?;
    let series = run.manifest.series.clone();
    let lock = SeriesLock::acquire(store.root(), &series)?;
    let registered = lock.promote(&run, args.alias, &statement(&args.said))?;
    told(&store, &series, &registered, output)
}

pub(super) fn rollback(args: &RollbackArgs, common: &Common, output: &Output) -> Outcome {
    let store = Store::new(&common.models);
    // The lock makes the folder of a series: there has to be one.
    store.series(Some(&args.series))?;
    let lock = SeriesLock::acquire(store.root(), &args.series)?;
    let registered = lock.rollback(args.alias, &statement(&args.said))?;
    told(&store, &args.series, &registered, output)
}

fn statement(said: &SaidArgs) -> Statement {
    let SaidArgs { author, reason } = said;
    let at = jiff::Timestamp::now();
    Statement { author: author.clone(), reason: reason.clone(), at, until: None }
}

/// The language of the last run of the series.
fn speech(store: &Store, series: &str) -> Result<Speech, StoreError> {
    let runs = store.list(Some(series))?.runs;
    Ok(Speech(runs.last().map(|run| run.manifest.language).unwrap_or_default()))
}

fn told(store: &Store, series: &str, registered: &Registered, output: &Output) -> Outcome {
    let Registered { entry, already_there } = registered;
    if output.json {
        return output.document(&json!({
            "series": series,
            "alias": entry.alias,
            "run_id": entry.run,
            "before": entry.before,
            "entry": entry,
            "already_there": already_there,
        }));
    }
    let words = RegistryWords::of(speech(store, series)?.0);
    let template = match (already_there, &entry.before) {
        (true, _) => words.already,
        (false, Some(_)) => words.in_place_of,
        (false, None) => words.is,
    };
    let values = [
        ("run", &*entry.run),
        ("alias", entry.alias.name()),
        ("series", series),
        ("author", &entry.author),
        ("date", &entry.at.strftime("%Y-%m-%d").to_string()),
        ("before", entry.before.as_deref().unwrap_or_default()),
    ];
    output.text(&format!("{}\n", fill(template, &values)))
}

pub(super) fn prune(args: &PruneArgs, common: &Common, output: &Output) -> Outcome {
    let store = Store::new(&common.models);
    let series = &args.series;
    let keep = args.keep as usize;
    // The lock makes the folder of a series: there has to be one.
    store.series(Some(series))?;
    let lock = (!args.dry_run).then(|| SeriesLock::acquire(store.root(), series)).transpose()?;
    let plan = store.plan_pruning(series, keep)?;
    if let Some(lock) = &lock {
        for pruned in plan.iter().filter(|pruned| pruned.kept.is_empty()) {
            lock.remove(&pruned.run)?;
        }
    }
    let (gone, stays): (Vec<&Pruned>, Vec<&Pruned>) =
        plan.iter().partition(|pruned| pruned.kept.is_empty());
    let freed: u64 = gone.iter().map(|pruned| pruned.bytes).sum();
    if output.json {
        let row = |pruned: &&Pruned| {
            let manifest = &pruned.run.manifest;
            json!({
                "run_id": manifest.run_id, "as_of": manifest.as_of, "bytes": pruned.bytes,
                "kept": pruned.kept,
            })
        };
        return output.document(&json!({
            "series": series,
            "dry_run": args.dry_run,
            "removed": gone.iter().map(row).collect::<Vec<_>>(),
            "kept": stays.iter().map(row).collect::<Vec<_>>(),
            "bytes": freed,
        }));
    }
    let speech = speech(&store, series)?;
    let words = RegistryWords::of(speech.0);
    let mut table = Table::new(&[
        (words.run, Side::Left),
        (words.size, Side::Right),
        (words.becomes, Side::Left),
    ]);
    for pruned in &plan {
        let reasons = pruned.kept.iter().map(|kept| match kept {
            Kept::Recent => words.recent,
            Kept::Promoted => words.promoted,
            Kept::Lineage => words.lineage,
        });
        let reasons = reasons.collect::<Vec<_>>().join(", ");
        table.row(vec![
            pruned.run.manifest.run_id.clone(),
            speech.count(pruned.bytes.div_ceil(1000)),
            match (reasons.is_empty(), args.dry_run) {
                (false, _) => fill(words.stays, &[("reasons", &reasons)]),
                (true, true) => words.would_go.into(),
                (true, false) => words.removed.into(),
            },
        ]);
    }
    let template = if args.dry_run { words.would_be_freed } else { words.freed };
    let freed = fill(template, &[("kb", &speech.count(freed.div_ceil(1000)))]);
    output.text(&format!("{}{freed}\n", table.render()))
}
