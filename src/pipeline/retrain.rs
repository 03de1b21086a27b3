//! Features of a month and the run before -> its segments, taken as `[track] retrain` says, and why so.
//!
//! The rule of `auto`, on the largest population stability index of a clustered number against the run
//! before (where it is above chance) and on the mean squared distance of this month's customers from
//! the centres of the frozen model, over that of the month it was fitted to: `refit` from an index of
//! [`MAJOR`] or a ratio of [`WORN`] on, or where a segment has no customer left; `warm` from
//! [`MODERATE`] or [`LOOSE`]; otherwise `assign`. The indices are those of the trade; the ratios say a
//! tenth, and half, more variance within segments than at the fit.

use super::Watch;
use super::clustered::clustered;
use super::record::Previous;
use crate::cluster::{self, CarriedFit, Carry, Fitted, FittedFeature, Model};
use crate::config::Loaded;
use crate::error::Error;
use crate::features::FeatureTable;
use crate::math;
use crate::run::{Retrain, RetrainRecord};
use crate::track::{MAJOR, MODERATE};
use crate::types::Warning;

/// Ratios of distances from which `auto` no longer takes the frozen model, and none of the centroids
/// either.
const LOOSE: f64 = 1.1;
const WORN: f64 = 1.5;

/// A month's segments and how they came about.
pub(super) struct Taken {
    pub fitted: Fitted,
    pub record: RetrainRecord,
    pub origin: Option<Origin>,
}

/// Where a frozen model took the month: the run that left it, and for each cluster the index that it
/// has there.
pub(super) type Origin = (String, Vec<usize>);

/// What the run before says of the month.
pub(super) struct Standpoint<'a> {
    pub previous: &'a Previous,
    pub model: &'a Model,
    fit_ratio: Option<f64>,
    drift: Option<(String, f64)>,
    emptied: usize,
}

/// The segments of `table`.
pub(super) fn taken(
    loaded: &Loaded,
    table: &FeatureTable,
    before: Option<&Previous>,
    watch: &dyn Watch,
) -> Result<Taken, Error> {
    let asked = loaded.config.track.retrain;
    let (found, why_not) = standpoint(loaded, table, before)?;
    let (used, reason) = match (&found, asked) {
        (_, Retrain::Refit) => (Retrain::Refit, "as configured".into()),
        (None, _) => (Retrain::Refit, why_not.clone().unwrap_or_default()),
        (Some(found), Retrain::Auto) => found.decide(),
        (Some(_), asked) => (asked, "as configured".into()),
    };
    let (mut fitted, origin) = match &found {
        Some(found) => found.by(used, loaded, table, watch)?,
        None => (clustered(loaded, table, before, watch)?, None),
    };
    if let (true, Some(why)) = (asked != Retrain::Refit && before.is_some(), why_not) {
        let message = format!("the month was refitted from scratch: {why}");
        fitted.warnings.push(Warning::new("retrain_refitted", message));
    }
    let distance = distance(&fitted, table)?;
    let fit_before = before.and_then(Previous::distance_of_fit);
    let distance_of_fit = if used == Retrain::Assign { fit_before } else { distance };
    let (fit_ratio, drift) = found.map_or((None, None), |found| (found.fit_ratio, found.drift));
    let record = RetrainRecord { asked, used, reason, distance, distance_of_fit, fit_ratio, drift };
    Ok(Taken { fitted, record, origin })
}

/// Of a flat clustering, from its own centres.
fn distance(fitted: &Fitted, table: &FeatureTable) -> Result<Option<f64>, Error> {
    if fitted.model.layers.is_some() {
        return Ok(None);
    }
    let cluster = &fitted.assignments.cluster;
    Ok(Some(cluster::mean_squared_distance(&fitted.model, table, cluster, true)?))
}

/// What the run before says, or why it says nothing.
pub(super) fn standpoint<'a>(
    loaded: &Loaded,
    table: &FeatureTable,
    before: Option<&'a Previous>,
) -> Result<(Option<Standpoint<'a>>, Option<String>), Error> {
    let Some(previous) = before else {
        return Ok((None, Some("the first run of the series".into())));
    };
    let model = match previous.model() {
        Ok(model) => model,
        Err(reason) => return Ok((None, Some(reason.to_owned()))),
    };
    let params = loaded.config.cluster_params();
    if let Some(reason) = cluster::not_carried(model, &params) {
        return Ok((None, Some(reason)));
    }
    let found = match cluster::assign(model, table) {
        Ok(found) => found,
        Err(error) => return Ok((None, Some(error.to_string()))),
    };
    let now = cluster::mean_squared_distance(model, table, &found.cluster, true)?;
    let fit_ratio = previous.distance_of_fit().filter(|fit| *fit > 0.0).map(|fit| now / fit);
    let mut used = vec![false; model.clusters.k()];
    found.cluster.iter().for_each(|&index| used[index as usize] = true);
    let emptied = used.iter().filter(|used| !**used).count();
    let drift = largest_drift(model, &previous.features()?, table);
    Ok((Some(Standpoint { previous, model, fit_ratio, drift, emptied }), None))
}

/// The clustered number that differs most, of those that differ by more than chance.
fn largest_drift(
    model: &Model,
    before: &FeatureTable,
    now: &FeatureTable,
) -> Option<(String, f64)> {
    let numbers = model.features.iter().filter_map(|feature| match feature {
        FittedFeature::Numeric(number) => Some(&number.name),
        FittedFeature::Categorical(_) => None,
    });
    let index = |name: &String| {
        let (before, now) = (before.column(name)?, now.column(name)?);
        let found = math::stability_of_values(
            &math::sorted_defined(&before.values),
            &math::sorted_defined(&now.values),
        )?;
        Some((name.clone(), if found.value > found.chance { found.value } else { 0.0 }))
    };
    numbers.filter_map(index).reduce(|best, next| if next.1 > best.1 { next } else { best })
}

impl Standpoint<'_> {
    /// The rule of `auto`.
    fn decide(&self) -> (Retrain, String) {
        let (name, drift) = self.drift.as_ref().map_or(("no number", 0.0), |(n, d)| (n, *d));
        let ratio = self.fit_ratio.unwrap_or(1.0);
        let figures = format!(
            "the largest population stability index above chance is {drift:.3} ({name}), customers lie \
             {ratio:.2} times as far from their centres as at the fit"
        );
        if self.emptied > 0 {
            let emptied = self.emptied;
            return (Retrain::Refit, format!("{emptied} segments would be empty; {figures}"));
        }
        let bound = |index: f64, limit: f64| format!("{figures} (bounds {index} and {limit})");
        if drift >= MAJOR || ratio >= WORN {
            (Retrain::Refit, bound(MAJOR, WORN))
        } else if drift >= MODERATE || ratio >= LOOSE {
            (Retrain::Warm, bound(MODERATE, LOOSE))
        } else {
            (Retrain::Assign, bound(MODERATE, LOOSE))
        }
    }

    /// The month taken in the way `used`.
    pub(super) fn by(
        &self,
        used: Retrain,
        loaded: &Loaded,
        table: &FeatureTable,
        watch: &dyn Watch,
    ) -> Result<(Fitted, Option<Origin>), Error> {
        let how = match used {
            Retrain::Assign => Carry::Frozen,
            Retrain::Warm => Carry::Warm,
            Retrain::Refit | Retrain::Auto => {
                return Ok((clustered(loaded, table, Some(self.previous), watch)?, None));
            }
        };
        let CarriedFit { fitted, origin } = self.carry(loaded, table, how, watch)?;
        let run = || self.previous.run_id().to_owned();
        Ok((fitted, origin.map(|origin| (run(), origin))))
    }

    /// The month by the model of the run before.
    fn carry(
        &self,
        loaded: &Loaded,
        table: &FeatureTable,
        how: Carry,
        watch: &dyn Watch,
    ) -> Result<CarriedFit, Error> {
        let (params, seed) = (loaded.config.cluster_params(), loaded.config.seed);
        let earlier = self.previous.earlier(&table.customers);
        let progress = |done, total| watch.progress(done, total);
        let rows = table.into();
        let earlier = earlier.as_ref();
        Ok(cluster::fit_carried(&rows, self.model, how, &params, seed, earlier, &progress)?)
    }
}
