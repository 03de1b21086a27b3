//! `segtrail trail`: the lineage graph of a series, or the path of one customer through its runs.

mod customer;
mod lineage;

use super::Outcome;
use super::args::{Common, TrailArgs};
use super::output::Output;
use crate::error::Error;
use crate::pipeline;
use crate::store::{self, Store, StoredRun};
use crate::track::{GraphRun, GraphSegment};
use crate::types::Language;

/// The runs of a series and the one that ends the trail.
pub(super) struct Series {
    /// By date; all of the series.
    runs: Vec<StoredRun>,
    /// Place of the run that ends the trail.
    head: usize,
}

impl Series {
    pub(super) fn find(store: &Store, name: Option<&str>) -> Result<Self, Error> {
        let Some((series, _)) = name.and_then(|name| name.rsplit_once('/')) else {
            let runs = store.series(name)?;
            return Ok(Self { head: runs.len() - 1, runs });
        };
        let named = store.find(name.unwrap_or_default())?.manifest.run_id;
        let runs = store.series(Some(series))?;
        let head = runs.iter().position(|run| run.manifest.run_id == named);
        Ok(Self { head: head.unwrap_or(runs.len() - 1), runs })
    }

    pub(super) fn head(&self) -> &StoredRun {
        &self.runs[self.head]
    }

    /// The run that ends the trail and those before it, the first one first.
    pub(super) fn path(&self) -> Vec<&StoredRun> {
        pipeline::path(&self.runs, self.head())
    }
}

pub(super) fn run(args: &TrailArgs, common: &Common, output: &Output) -> Outcome {
    let store = Store::new(&common.models);
    let series = match Series::find(&store, args.series.as_deref()) {
        Ok(series) => series,
        Err(no_series) => return of_only_series(&store, args, output, no_series),
    };
    let language = args.language.map_or(series.head().manifest.language, Language::from);
    match &args.customer {
        Some(id) => customer::run(&series, id, language, output),
        None => lineage::run(&series, language, output),
    }
}

/// A name that is no series may be a customer of the only one there is.
fn of_only_series(store: &Store, args: &TrailArgs, output: &Output, no_series: Error) -> Outcome {
    let (Some(id), None) = (&args.series, &args.customer) else { return Err(no_series.into()) };
    let Ok(series) = Series::find(store, None) else { return Err(no_series.into()) };
    let language = args.language.map_or(series.head().manifest.language, Language::from);
    match customer::path(&series, id)? {
        Some(stops) => customer::show(&series, &stops, language, output),
        None => Err(no_series.into()),
    }
}

/// A stored run as the graph looks at it.
fn graph_run(run: &StoredRun) -> Result<GraphRun, Error> {
    let segments = store::load_segments(run)?.segments.into_iter().map(|own| GraphSegment {
        segment: own.segment,
        group: own.label.group,
        name: own.label.name,
        customers: own.profile.customers,
        revenue: own.profile.revenue,
    });
    Ok(GraphRun {
        run_id: run.manifest.run_id.clone(),
        as_of: run.manifest.as_of,
        previous_run: run.manifest.previous_run.clone(),
        segments: segments.collect(),
        comparison: store::load_comparison(run)?,
    })
}
