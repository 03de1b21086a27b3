//! `segtrail promote`, `rollback` and `prune`: which run of a series counts, and which may go.

use serde_json::json;

use super::Outcome;
use super::args::{Common, PromoteArgs, PruneArgs, RollbackArgs, SaidArgs};
use super::output::{Output, Side, Table, count};
use crate::label::Statement;
use crate::store::{Kept, Pruned, Registered, SeriesLock, Store};

pub(super) fn promote(args: &PromoteArgs, common: &Common, output: &Output) -> Outcome {
    let store = Store::new(&common.models);
    let run = store.find(&args.run)?;
    let series = run.manifest.series.clone();
    let lock = SeriesLock::acquire(store.root(), &series)?;
    let registered = lock.promote(&run, args.alias, &statement(&args.said))?;
    told(&series, &registered, output)
}

pub(super) fn rollback(args: &RollbackArgs, common: &Common, output: &Output) -> Outcome {
    let store = Store::new(&common.models);
    // The lock makes the folder of a series: there has to be one.
    store.series(Some(&args.series))?;
    let lock = SeriesLock::acquire(store.root(), &args.series)?;
    let registered = lock.rollback(args.alias, &statement(&args.said))?;
    told(&args.series, &registered, output)
}

fn statement(said: &SaidArgs) -> Statement {
    let SaidArgs { author, reason } = said;
    let at = jiff::Timestamp::now();
    Statement { author: author.clone(), reason: reason.clone(), at, until: None }
}

fn told(series: &str, registered: &Registered, output: &Output) -> Outcome {
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
    let (run, alias) = (&entry.run, entry.alias.name());
    if *already_there {
        return output.text(&format!(
            "{run} is the {alias} of {series} already, by {} on {}.\n",
            entry.author,
            entry.at.strftime("%Y-%m-%d")
        ));
    }
    let before =
        entry.before.as_ref().map_or_else(String::new, |run| format!(", in place of {run}"));
    output.text(&format!("{run} is the {alias} of {series}{before}.\n"))
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
    let mut table =
        Table::new(&[("run", Side::Left), ("kB", Side::Right), ("what becomes of it", Side::Left)]);
    for pruned in &plan {
        let reasons = pruned.kept.iter().map(|kept| match kept {
            Kept::Recent => "recent",
            Kept::Promoted => "promoted",
            Kept::Lineage => "knows the highest segment id",
        });
        let reasons = reasons.collect::<Vec<_>>().join(", ");
        table.row(vec![
            pruned.run.manifest.run_id.clone(),
            count(pruned.bytes.div_ceil(1000)),
            match (reasons.is_empty(), args.dry_run) {
                (false, _) => format!("stays: {reasons}"),
                (true, true) => "would be removed".into(),
                (true, false) => "removed".into(),
            },
        ]);
    }
    let verb = if args.dry_run { "would be freed" } else { "freed" };
    output.text(&format!("{}{} kB {verb}.\n", table.render(), count(freed.div_ceil(1000))))
}
