//! A month and the run before -> the three ways to take it side by side: by the frozen model, from its
//! centroids, from scratch. Nothing is stored.

use serde::Serialize;

use super::lineage::lineage;
use super::record::{Previous, next_segment};
use super::retrain::{Taken, standpoint};
use super::{Read, Watch, movement, named};
use crate::cluster::{self, Fitted};
use crate::config::Loaded;
use crate::error::Error;
use crate::features;
use crate::run::{Retrain, RetrainRecord};
use crate::store::Store;
use crate::track::{self, Movement, View};
use crate::types::{AsOf, GroupKey};

/// What one way of taking a month leads to, against the run before.
#[derive(Clone, Debug, Serialize)]
pub struct WayFigures {
    /// The way.
    pub way: Retrain,
    /// Segments.
    pub k: usize,
    /// Segments that continue one of the run before.
    pub continued: usize,
    /// Adjusted Rand index on the stayers; none without any.
    pub adjusted_rand_index: Option<f64>,
    /// Who moved; none without stayers.
    pub movement: Option<Movement>,
    /// Mean squared distance of the customers from the mean of their segment, in the space of the run
    /// before, the same for all ways: smaller is a closer fit.
    pub distance: f64,
    /// Mean silhouette, in the space of the way.
    pub silhouette: Option<f64>,
}

/// The three ways to take the month of `as_of`; with the run before, or why there is nothing to
/// compare.
///
/// # Errors
/// Any room's.
pub fn ways(
    loaded: &Loaded,
    read: &Read,
    as_of: AsOf,
    store: &Store,
    watch: &dyn Watch,
) -> Result<Result<(String, Vec<WayFigures>), String>, Error> {
    let config = &loaded.config;
    let cut = read.input.until(as_of)?;
    let built = features::build(&cut, &config.feature_params(), &config.currency)?;
    let table = &built.table;
    let stored = named::run_before(store, loaded, as_of)?;
    let Some(stored) = stored else { return Ok(Err("the series has no run before it".into())) };
    if config.layers_params().is_some() {
        return Ok(Err("micro-segments of [cluster.layers] are refitted each month".into()));
    }
    let previous = Previous::load(stored, loaded)?;
    let (found, why_not) = standpoint(loaded, table, Some(&previous))?;
    let Some(found) = found else { return Ok(Err(why_not.unwrap_or_default())) };
    let frozen = movement::frozen(&previous, table).ok();
    let next = next_segment(store, &config.name, "")?;
    let mut figures = Vec::new();
    for way in [Retrain::Assign, Retrain::Warm, Retrain::Refit] {
        let (fitted, origin) = found.by(way, loaded, table, watch)?;
        let distance =
            cluster::mean_squared_distance(found.model, table, &fitted.assignments.cluster, false)?;
        let (k, silhouette) = (fitted.model.clusters.k(), silhouette(&fitted));
        let taken = Taken { fitted, record: RetrainRecord::of(way), origin };
        let params = config.match_params();
        let cluster = &taken.fitted.assignments.cluster;
        let profiles = named::names(loaded, table, cluster, k)?.profiles;
        let ids = lineage(Some(&previous), table, &taken, &profiles, next, &params)?.lineage;
        let segments: Vec<_> = cluster.iter().map(|&index| ids[index as usize]).collect();
        let groups = vec![GroupKey::prospect(); segments.len()];
        let view = View::new("now", &table.customers, &segments, &groups)?;
        let before = previous.view()?;
        let compared = track::compare(&before, &view, &config.compare_params())?;
        let budget = config.track.churn_budget;
        let movement = frozen.as_ref().and_then(|f| track::movement(&before, &view, f, budget));
        let continued = ids.iter().filter(|id| before.segments().contains(id)).count();
        let adjusted_rand_index = compared.adjusted_rand_index;
        figures.push(WayFigures {
            way,
            k,
            continued,
            adjusted_rand_index,
            movement,
            distance,
            silhouette,
        });
    }
    Ok(Ok((previous.run_id().to_owned(), figures)))
}

fn silhouette(fitted: &Fitted) -> Option<f64> {
    fitted.selection.candidates.iter().find(|candidate| candidate.chosen)?.silhouette
}
