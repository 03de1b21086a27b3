//! A fitted clustering and bounds on the sizes of clusters -> a clustering that keeps them.
//!
//! By merging and splitting ([`merge`]), which changes k and leaves every customer in the nearest
//! cluster; or by a constrained assignment ([`constrain`]), which keeps k and moves customers. Sizes
//! count customers, whatever their weights. A later month is assigned by the model alone, bounds or
//! not.

mod constrain;
mod flow;
mod merge;
mod moves;
mod params;

use std::ops::RangeInclusive;

use self::constrain::constrain;
use self::merge::{counts, merge};
use super::assign::Assigned;
use super::engine::Settings;
use super::kernel::Points;
use super::kmeans::Stop;
use super::select::Chosen;
use super::{ClusterError, Clusters};
use crate::types::{Seed, Warning};

pub(crate) use self::params::Sizes;
pub use self::params::{Bounding, BoundsParams, BoundsRecord, Least, Merged};

/// What is asked of the sizes of clusters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    pub sizes: Sizes,
    pub by: Bounding,
}

impl Asked {
    /// The same of `rows` drawn from `n`.
    pub fn of_sample(self, rows: usize, n: usize) -> Self {
        Self { sizes: self.sizes.of_sample(rows, n), ..self }
    }
}

/// A clustering that keeps the bounds.
#[derive(Clone, Debug)]
pub(crate) struct Bounded {
    pub clusters: Clusters,
    pub assigned: Assigned,
    pub record: BoundsRecord,
    /// Iterations and convergence of the last refit; none where nothing had to be done.
    pub refitted: Option<(usize, bool)>,
}

/// Brings the clusters chosen within the bounds; what was done, and what to say of it.
///
/// # Errors
///
/// As [`bound`], and [`ClusterError::BoundsOfK`] where the k that was fitted cannot keep them.
pub(crate) fn keep(
    points: Points,
    chosen: &mut Chosen,
    asked: Asked,
    seed: Seed,
) -> Result<(BoundsRecord, Vec<Warning>), ClusterError> {
    if asked.by == Bounding::Assign {
        // Empty clusters may have been taken out.
        let k = chosen.clusters.k();
        asked.sizes.within(points.n, k..=k)?;
    }
    let (clusters, assigned) = (chosen.clusters.clone(), chosen.assigned.clone());
    let found = bound(points, clusters, assigned, asked, &chosen.settings.afresh(), seed)?;
    (chosen.clusters, chosen.assigned) = (found.clusters, found.assigned);
    if let Some((iterations, converged)) = found.refitted {
        (chosen.iterations, chosen.converged) = (iterations, converged);
    }
    let warnings = warnings(&found.record, points.n);
    Ok((found.record, warnings))
}

/// The part of a range of k that bounds allow, with a warning where that is not all.
///
/// # Errors
///
/// [`ClusterError::BoundsOfK`] where it is nothing.
pub(crate) fn k_within(
    sizes: Sizes,
    n: usize,
    k: RangeInclusive<usize>,
    warnings: &mut Vec<Warning>,
) -> Result<RangeInclusive<usize>, ClusterError> {
    let within = sizes.within(n, k.clone())?;
    if within != k {
        let (low, high) = (within.start(), within.end());
        let (from, to) = (k.start(), k.end());
        warnings.push(Warning::new(
            "k_bounded",
            format!(
                "the bounds on the size of segments allow {low} to {high} segments of {n} \
                 customers: k was chosen from these rather than from {from} to {to}"
            ),
        ));
    }
    Ok(within)
}

/// Brings `clusters` within the bounds; nothing changes where they are.
///
/// # Errors
///
/// [`ClusterError::BoundsNotMet`] where merging and splitting did not lead there.
pub(crate) fn bound(
    points: Points,
    clusters: Clusters,
    assigned: Assigned,
    asked: Asked,
    settings: &Settings,
    seed: Seed,
) -> Result<Bounded, ClusterError> {
    let Asked { sizes, by } = asked;
    let k_before = clusters.k();
    let mut record = BoundsRecord {
        by,
        min_customers: sizes.lowest,
        max_customers: (sizes.highest < points.n).then_some(sizes.highest),
        k_before,
        k: k_before,
        merged: Vec::new(),
        split: Vec::new(),
        moved: 0,
        figures: None,
    };
    if sizes.hold(&counts(&assigned.assignments.cluster, k_before)) {
        return Ok(Bounded { clusters, assigned, record, refitted: None });
    }
    let (clusters, assigned, refitted) = match by {
        Bounding::Merge => {
            let found = merge(points, clusters, assigned, sizes, settings, seed)?;
            (record.merged, record.split) = (found.merged, found.split);
            (found.clusters, found.assigned, found.refitted)
        }
        Bounding::Assign => {
            let centroids = clusters.centres().to_vec();
            let stop = Stop {
                max_iterations: settings.max_iterations,
                squared_move: settings.squared_move,
            };
            let (lowest, highest) = (sizes.lowest, sizes.highest);
            let found = constrain(points, centroids, sizes, stop)
                .ok_or(ClusterError::BoundsNotMet { lowest, highest })?;
            record.moved = found.moved;
            (found.clusters, found.assigned, Some((found.iterations, found.converged)))
        }
    };
    record.k = clusters.k();
    Ok(Bounded { clusters, assigned, record, refitted })
}

/// What a person should know.
fn warnings(record: &BoundsRecord, n: usize) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |code, message: String| warnings.push(Warning::new(code, message));
    let list = |sizes: &mut dyn Iterator<Item = usize>| -> String {
        sizes.map(|size| size.to_string()).collect::<Vec<_>>().join(", ")
    };
    let (before, k) = (record.k_before, record.k);
    if !record.merged.is_empty() {
        let least = record.min_customers;
        let sizes = list(&mut record.merged.iter().map(|merged| merged.customers));
        warn(
            "segments_merged",
            format!(
                "segments of fewer than {least} customers ({sizes}) were merged with their nearest \
                 and the model refitted: {k} segments instead of {before}"
            ),
        );
    }
    if !record.split.is_empty() {
        let most = record.max_customers.unwrap_or(n);
        let sizes = list(&mut record.split.iter().copied());
        warn(
            "segments_split",
            format!(
                "segments of more than {most} customers ({sizes}) were split and the model \
                 refitted: {k} segments instead of {before}"
            ),
        );
    }
    if record.moved > 0 {
        let bounds = match record.max_customers {
            Some(most) => format!("from {} to {most}", record.min_customers),
            None => format!("at least {}", record.min_customers),
        };
        warn(
            "customers_moved",
            format!(
                "{} of {n} customers are not in the nearest segment, so that each segment has \
                 {bounds} customers: the model alone would assign them elsewhere, and bounds no later month",
                record.moved
            ),
        );
    }
    warnings
}

#[cfg(test)]
mod tests;
