//! The monthly run: calls the rooms in order. Read this first.

mod clustered;
mod described;
mod drift;
mod due;
mod hold;
mod identity;
mod judgement;
mod lineage;
mod movement;
mod named;
mod outlook;
mod record;
mod relabel;
mod representatives;
mod retrain;
mod steps;
mod ways;

use std::path::PathBuf;

use crate::config::Loaded;
use crate::error::Error;
use crate::ingest::Input;
use crate::run::Run;
use crate::store::{SeriesLock, Store, StoreError, StoredRun};
use crate::types::AsOf;
use crate::{features, ingest, report, store};

pub use described::descriptions;
pub use due::{Due, due};
pub use identity::run_id;
pub use judgement::{Decided, set_group, withdraw};
pub use movement::movement_between;
pub use outlook::{path, steps};
pub use relabel::relabel;
pub use ways::{WayFigures, ways};

use self::steps::Steps;

/// Tells the time, and shows progress to a person.
pub trait Watch: Sync {
    /// Seconds since some moment.
    fn seconds(&self) -> f64;
    /// The moment, RFC 3339 in UTC.
    fn timestamp(&self) -> String;
    /// A step begins.
    fn begin(&self, step: &str);
    /// Part of the step is done.
    fn progress(&self, done: usize, total: usize);
    /// The step is over.
    fn end(&self);
}

/// A run that is in the store.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Where.
    pub path: PathBuf,
    /// Everything about it.
    pub run: Run,
    /// Whether it had been there before.
    pub already_done: bool,
}

/// All input of a configuration, read once for all dates.
#[derive(Debug)]
pub struct Read {
    /// The input.
    pub input: Input,
    /// What reading it took.
    timings: Vec<(String, f64)>,
}

/// Reads all input of a configuration.
///
/// # Errors
/// An unusable file.
pub fn read(loaded: &Loaded, watch: &dyn Watch) -> Result<Read, Error> {
    let mut steps = Steps::new(watch);
    let input = steps.step("read", || {
        Ok(ingest::read(&loaded.ingest(), &mut |done, total| watch.progress(done, total))?)
    })?;
    Ok(Read { input, timings: steps.finished() })
}

/// One month: from the rows at or before `as_of` to a run in the store.
///
/// # Errors
/// Any room's; the store is then as it was.
pub fn run_month(
    loaded: &Loaded,
    read: &Read,
    as_of: AsOf,
    store: &Store,
    watch: &dyn Watch,
) -> Result<Outcome, Error> {
    let (config, input) = (&loaded.config, &read.input);
    let run_id = run_id(loaded, input.files(), as_of);
    if let Some(outcome) = already_done(store.existing(&config.name, &run_id))? {
        return Ok(outcome);
    }
    let mut steps = Steps::after(&read.timings, watch);
    let cut = steps.step("cut", || Ok(input.until(as_of)?))?;
    let built = steps.step("features", || {
        Ok(features::build(&cut, &config.feature_params(), &config.currency)?)
    })?;
    let table = &built.table;
    named::check(loaded, table)?;
    let before = steps.step("previous", || record::Previous::before(store, loaded, as_of))?;
    let taken = steps.step("cluster", || retrain::taken(loaded, table, before.as_ref(), watch))?;
    let k = taken.fitted.model.clusters.k();
    let cluster_of = &taken.fitted.assignments.cluster;
    let names = steps.step("label", || named::names(loaded, table, cluster_of, k))?;

    // From here on the series must not change under us: ids continue those of the run before.
    let lock = SeriesLock::acquire(store.root(), &config.name)?;
    if let Some(outcome) = already_done(lock.existing(&run_id))? {
        return Ok(outcome);
    }
    let (previous, next) = steps.step("track", || {
        let stored = named::run_before(store, loaded, as_of)?;
        let next = record::next_segment(store, &config.name, &run_id)?;
        Ok((record::Previous::current(stored, before, loaded)?, next))
    })?;
    let (params, profiles) = (config.match_params(), &names.profiles);
    let matching = lineage::lineage(previous.as_ref(), table, &taken, profiles, next, &params)?;
    let parts = record::Parts { loaded, input, as_of, run_id, cut, built, taken, names, matching };
    let mut run = record::assemble(parts, previous.as_ref(), watch.timestamp())?;
    movement::tell(&mut run, previous.as_ref(), loaded, store)?;
    judgement::judge(&mut run, &lock, previous.as_ref())?;
    outlook::tell(&mut run, previous.as_ref(), store)?;
    run.manifest.timings = steps.finished();
    let shown = steps.step("report", || Ok(report::shown(&run)?))?;
    run.manifest.timings = steps.finished();
    let path = steps.step("save", || Ok(lock.save(&run, &input.rejects(as_of), &shown)?))?;
    Ok(Outcome { path, run, already_done: false })
}

/// A stored run that can be read whole; one with a garbled file is made again, the damaged
/// folder moved aside when it is published.
fn already_done(stored: Option<StoredRun>) -> Result<Option<Outcome>, Error> {
    let Some(stored) = stored else { return Ok(None) };
    match store::load(&stored) {
        Ok(run) => Ok(Some(Outcome { path: stored.path, run, already_done: true })),
        Err(StoreError::Damaged { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}
