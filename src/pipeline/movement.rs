//! A new run and the one before -> whether its customers or its model moved.

use super::record::Previous;
use crate::cluster::{self, FittedFeature};
use crate::config::{Loaded, TrackSection};
use crate::error::Error;
use crate::features::FeatureTable;
use crate::run::Run;
use crate::store::{self, Store, StoredRun};
use crate::track::{self, Movement, View};
use crate::types::{SegmentId, Warning};

/// Puts into the comparison of `run` who moved, and drift.
pub(super) fn tell(
    run: &mut Run,
    previous: Option<&Previous>,
    loaded: &Loaded,
    store: &Store,
) -> Result<(), Error> {
    split(run, previous, loaded.config.track.churn_budget)?;
    super::drift::measure(run, previous, loaded, store)
}

/// Splits the movement in the comparison of `run`; where that cannot be done, a warning says why.
fn split(run: &mut Run, previous: Option<&Previous>, churn_budget: f64) -> Result<(), Error> {
    let (Some(previous), Some(comparison)) = (previous, &mut run.comparison) else {
        return Ok(());
    };
    let frozen = match frozen(previous, &run.features) {
        Ok(frozen) => frozen,
        Err(reason) => {
            run.manifest.warnings.push(Warning::new(
                "movement_unavailable",
                format!("whether customers moved or the model cannot be told: {reason}"),
            ));
            return Ok(());
        }
    };
    let buyers = || run.assignments.iter().filter_map(|row| Some((row, row.segment?)));
    let customers: Vec<_> = buyers().map(|(row, _)| row.customer.clone()).collect();
    let ids: Vec<_> = buyers().map(|(_, segment)| segment).collect();
    let groups: Vec<_> = buyers().map(|(row, _)| row.group.clone()).collect();
    let view = View::new(&run.manifest.run_id, &customers, &ids, &groups)?;
    comparison.movement = track::movement(&previous.view()?, &view, &frozen, churn_budget);
    Ok(())
}

/// The movement between any two stored runs with their views, by the model of the earlier one: as
/// stored where the later follows the earlier. None where that model cannot place the customers of the
/// later run.
///
/// # Errors
/// A run that cannot be read.
pub fn movement_between(
    (earlier, before): (&StoredRun, &View<'_>),
    (later, after): (&StoredRun, &View<'_>),
    track: &TrackSection,
) -> Result<Option<Movement>, Error> {
    if later.manifest.previous_run.as_ref() == Some(&earlier.manifest.run_id)
        && let Some(comparison) = store::load_comparison(later)?
    {
        return Ok(comparison.movement);
    }
    // Equal ids of different series mean nothing.
    if earlier.manifest.series != later.manifest.series {
        return Ok(None);
    }
    let (model, lineage) = (store::load_model(earlier)?, &earlier.manifest.lineage);
    if model.layers.is_some() || lineage.len() != model.clusters.k() {
        return Ok(None);
    }
    let names: Vec<&str> = model.features.iter().map(FittedFeature::name).collect();
    let Ok(found) = cluster::assign(&model, &store::load_features_named(later, &names)?) else {
        return Ok(None);
    };
    let frozen: Vec<_> =
        found.cluster.iter().map(|&index| lineage.get(index as usize).copied()).collect();
    Ok(track::movement(before, after, &frozen, track.churn_budget))
}

/// The segment in which the model of the run before puts each customer of `table`.
pub(super) fn frozen(
    previous: &Previous,
    table: &FeatureTable,
) -> Result<Vec<Option<SegmentId>>, String> {
    if let Some(layers) = &previous.layers {
        let found = layers.segments(table);
        let (customers, segments) = found.ok_or("its features are others than this month's")?;
        let place = |customer| customers.binary_search(customer).ok().map(|row| segments[row]);
        return Ok(table.customers.iter().map(place).collect());
    }
    let model = previous.model()?;
    if model.layers.is_some() {
        return Err("the run before has layers and this one has none".into());
    }
    let lineage = previous.lineage();
    if lineage.len() != model.clusters.k() {
        return Err("the run before is of a release that did not keep which cluster is which \
                    segment"
            .into());
    }
    let found = cluster::assign(model, table).map_err(|error| error.to_string())?;
    Ok(found.cluster.iter().map(|&index| lineage.get(index as usize).copied()).collect())
}
