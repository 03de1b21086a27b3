//! Which segment of the run before each cluster of a new run continues.
//!
//! Flat clusters are matched by their customers then and now. Micro-segments are places in a model
//! of stages and layers through which customers pass, some of them within a month: there the model
//! of the run before assigns the customers of this month, and a micro-segment continues the one of
//! its stage whose place it takes, whoever is in it.

use std::collections::BTreeMap;

use super::record::Previous;
use super::retrain::Taken;
use crate::cluster::{self, Assignments, FittedFeature, MicroId, Model};
use crate::error::Error;
use crate::features::{FeatureTable, Stage};
use crate::label::Profile;
use crate::math::{quantile_of_sorted, sorted_defined};
use crate::store::{self, StoredRun};
use crate::track::{self, Centres, MatchParams, Matching, View};
use crate::types::{CustomerId, GroupKey, SegmentId};

/// The layered model of the run before with the lineage ids of its micro-segments.
pub(super) struct PreviousLayers {
    model: Model,
    /// By index of the micro-segment; none where the stored files do not fit one another.
    lineage: Vec<Option<SegmentId>>,
    stages: BTreeMap<SegmentId, Stage>,
}

impl PreviousLayers {
    /// That of a stored run; none where it has no layers.
    pub(super) fn load(stored: &StoredRun) -> Result<Option<Self>, Error> {
        let model = store::load_model(stored)?;
        let Some(layers) = &model.layers else { return Ok(None) };
        let mut by_micro: BTreeMap<(Stage, String), SegmentId> = BTreeMap::new();
        let key = |micro: &MicroId| (micro.stage, micro.text());
        for segment in store::load_segments(stored)?.segments {
            if let Some(micro) = &segment.micro {
                by_micro.insert(key(micro), segment.segment);
            }
        }
        let lineage = (0..layers.segments.len())
            .map(|index| by_micro.get(&key(&layers.id(index))).copied())
            .collect();
        let stages = by_micro.into_iter().map(|((stage, _), segment)| (segment, stage)).collect();
        Ok(Some(Self { model, lineage, stages }))
    }

    /// The segments in which the model has the customers of `table`: rows, with segments; none
    /// where it cannot assign them, the features being others.
    pub(super) fn segments(
        &self,
        table: &FeatureTable,
    ) -> Option<(Vec<CustomerId>, Vec<SegmentId>)> {
        let Assignments { cluster, .. } = cluster::assign(&self.model, table).ok()?;
        let rows = table.customers.iter().zip(cluster);
        let known = |(customer, index): (&CustomerId, u32)| {
            Some((customer.clone(), (*self.lineage.get(index as usize)?)?))
        };
        Some(rows.filter_map(known).unzip())
    }
}

/// Lineage ids of the clusters of a new run.
pub(super) fn lineage(
    previous: Option<&Previous>,
    table: &FeatureTable,
    taken: &Taken,
    profiles: &[Profile],
    next: SegmentId,
    params: &MatchParams,
) -> Result<Matching, Error> {
    let customers = &table.customers;
    let (cluster, model) = (&taken.fitted.assignments.cluster, &taken.fitted.model);
    // A frozen model brings the identities of its clusters along.
    if let (Some((run, origin)), Some(previous)) = (&taken.origin, previous)
        && run == previous.run_id()
        && let Some(lineage) =
            origin.iter().map(|&at| previous.lineage().get(at).copied()).collect::<Option<Vec<_>>>()
    {
        return Ok(Matching { lineage, next, matched: Vec::new() });
    }
    let Some(layers) = &model.layers else {
        let view = previous.map(Previous::view).transpose()?;
        let k = model.clusters.k();
        let centres = match previous.filter(|_| params.centroid_weight > 0.0) {
            Some(previous) => centres(previous, table, model, profiles),
            None => Centres::default(),
        };
        let view = view.as_ref();
        return Ok(track::match_placed(view, customers, cluster, k, next, params, &centres)?);
    };
    let stages: Vec<Stage> = layers.segments.iter().map(|segment| segment.stage).collect();
    let before = previous.and_then(|run| Some((run, run.layers.as_ref()?)));
    let Some((run, before)) = before else {
        let none = |_| None;
        return Ok(track::match_within(None, none, customers, cluster, &stages, next, params)?);
    };
    let stage = |segment| before.stages.get(&segment).copied();
    let placed = before.segments(table);
    let groups;
    let view = match &placed {
        Some((customers, segments)) => {
            groups = vec![GroupKey::prospect(); customers.len()];
            View::new(run.run_id(), customers, segments, &groups)?
        }
        // Another vector than last month: what is left to go by is who was where.
        None => run.view()?,
    };
    Ok(track::match_within(Some(&view), stage, customers, cluster, &stages, next, params)?)
}

/// The medians of segments and clusters in the numbers that are clustered, in units of the spread of
/// this month's customers: the distance of their quartiles over 1.349, which is the standard deviation
/// where a feature is normal. A feature without spread tells nothing and is left out.
fn centres(
    previous: &Previous,
    table: &FeatureTable,
    model: &Model,
    profiles: &[Profile],
) -> Centres {
    let spread = |name: &str| {
        let values = sorted_defined(&table.column(name)?.values);
        let quartile = |at| quantile_of_sorted(&values, at);
        Some((quartile(0.75)? - quartile(0.25)?) / 1.349).filter(|spread| *spread > 0.0)
    };
    let features: Vec<(&str, f64)> = (model.features.iter())
        .filter_map(|feature| match feature {
            FittedFeature::Numeric(number) => Some((number.name.as_str(), spread(&number.name)?)),
            FittedFeature::Categorical(_) => None,
        })
        .collect();
    let place = |medians: &BTreeMap<String, f64>| -> Vec<f64> {
        let own = |(name, spread): &(&str, f64)| {
            medians.get(*name).map_or(f64::NAN, |median| median / spread)
        };
        features.iter().map(own).collect()
    };
    Centres {
        segments: (previous.described.segments.iter())
            .map(|found| (found.segment, place(&found.profile.medians)))
            .collect(),
        clusters: profiles.iter().map(|profile| place(&profile.medians)).collect(),
    }
}
