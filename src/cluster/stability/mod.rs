//! A fitted assignment of n rows -> per cluster and per row, how well it is found again in
//! resamples.
//!
//! Hennig (Comput. Stat. Data Anal. 52, 2007), the scheme of fpc's `clusterboot`: resample the
//! customers, cluster the resample with the same method and k from fresh starts, and take for each
//! original cluster the highest Jaccard similarity with a cluster of the resample, both restricted
//! to the distinct customers drawn; a cluster of which no customer was drawn scores 0. Resamples
//! are bootstraps (as many customers, with replacement, where one drawn twice counts once or twice in
//! the refit) or subsets (a share of them, without replacement). Every customer is then assigned by
//! the refit: the share of resamples in which it goes to the cluster most like its own is the
//! customer's stability. Rows with weights keep them in the refits; similarities count customers.
//! Where sizes are bounded, every refit is brought within its share of the bounds in the same way.

mod draw;
mod found;
mod params;
mod record;
mod separation;

pub(in crate::cluster) use self::draw::Drawn;
pub(in crate::cluster) use self::found::found_again;
use super::assign::labels;
use super::bounds::{Asked, Bounded, bound};
use super::canonical::settle;
use super::criteria::systematic;
use super::engine::{Settings, fit};
use super::kernel::Points;
use super::kmeans::Prepared;
use super::{Clusters, Method};
use crate::types::{Seed, Warning};

pub use self::params::{Repeats, STABILITY_CUSTOMERS, Scheme, StabilityParams};
pub use self::record::{
    ClusterStability, DISSOLVED, RECOVERED, Recovery, Stability, StabilityRecord, StabilityWord,
};
pub use self::separation::Separation;
pub(crate) use self::separation::separations;

/// Restarts of k-means on a resample at most; the mixture makes one. A refit caught in a local
/// optimum would pass for an unstable cluster.
pub const BOOTSTRAP_RESTARTS: usize = 20;

/// Purposes of [`Seed::derive`].
const SAMPLE: u64 = 0;
const BOOTSTRAP: u64 = 1;
const REFIT: u64 = 2;
const SUBSET: u64 = 3;
const BOUND: u64 = 4;

/// What was fitted and is to be found again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Original<'a> {
    pub method: Method,
    pub k: usize,
    pub labels: &'a [u32],
    /// Where sizes are bounded, the clusters that were fitted and the bounds they were brought
    /// within: refits go the same way.
    pub bounded: Option<(usize, Asked)>,
}

/// A refit: its clusters, and those of the rows drawn where a bound keeps them from the nearest.
struct Refit {
    clusters: Clusters,
    labels: Option<Vec<u32>>,
}

impl StabilityParams {
    /// How many refits `resamples` of each kind take.
    pub(crate) fn refits(&self, resamples: usize) -> usize {
        resamples * (usize::from(self.scheme.bootstraps()) + usize::from(self.scheme.subsets()))
    }
}

/// Stability over `resamples` of each kind, nothing for 0; `step` is called once after each refit.
pub(crate) fn stability(
    points: Points,
    original: Original,
    resamples: usize,
    params: &StabilityParams,
    settings: &Settings,
    seed: Seed,
    step: &(dyn Fn() + Sync),
) -> (Stability, Vec<Warning>) {
    if resamples == 0 {
        return (Stability::default(), Vec::new());
    }
    let n = points.n;
    let rows = sample(original.labels, params.customers.unwrap_or(n), seed.derive(SAMPLE, 0));
    let values = points.gather(&rows);
    let weights = points.gather_weights(&rows);
    let points = Points::new(&values, points.p).weighted(weights.as_deref());
    let labels: Vec<u32> = rows.iter().map(|&row| original.labels[row]).collect();
    let refit = |drawn: &Drawn, seed: Seed| refit(points, original, drawn, settings, seed);
    let found = found_again(&labels, original.k, resamples, params, seed, step, &refit);
    let mut stability = Stability { record: Some(found.record), ..Stability::default() };
    if let Some(shares) = found.shares {
        stability.clusters = found.clusters;
        stability.customers = vec![None; n];
        for (&row, share) in rows.iter().zip(shares) {
            stability.customers[row] = Some(share);
        }
    }
    let warnings = warnings(&found.record, params.refits(resamples), n);
    (stability, warnings)
}

/// All rows up to `bound`; beyond, a systematic sample of as many in the order of the clusters
/// that `labels` name, so that each has its share.
pub(in crate::cluster) fn sample(labels: &[u32], bound: usize, seed: Seed) -> Vec<usize> {
    let n = labels.len();
    if n <= bound {
        return (0..n).collect();
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|&row| labels[row]);
    let mut rows: Vec<usize> = systematic(n, bound, seed).into_iter().map(|at| order[at]).collect();
    rows.sort_unstable();
    rows
}

/// One refit to the rows drawn: the labels of all rows by it and the number of clusters they are
/// below; none where the engine gave no model.
fn refit(
    points: Points,
    original: Original,
    drawn: &Drawn,
    settings: &Settings,
    seed: Seed,
) -> Option<(Vec<u32>, usize)> {
    let settings = of_refit(settings);
    let fit = |sample: Points| -> Option<Refit> {
        let prepared = Prepared::new(sample);
        let k = original.bounded.map_or(original.k, |(k, _)| k);
        let raw = fit(&prepared, original.method, k, &settings, seed).ok()?;
        let Some((_, asked)) = original.bounded else {
            return Some(Refit { clusters: raw.clusters, labels: None });
        };
        let (clusters, assigned) = settle(sample, raw.clusters)?;
        let asked = asked.of_sample(sample.n, points.n);
        let found = bound(sample, clusters, assigned, asked, &settings, seed.derive(BOUND, 0));
        let Bounded { clusters, assigned, .. } = found.ok()?;
        Some(Refit { clusters, labels: Some(assigned.assignments.cluster) })
    };
    let times = drawn.times.as_deref();
    let mut repeated = None;
    let refit = if times.is_none() || settings.weighs() {
        let values = points.gather(&drawn.rows);
        let mut weights = points.gather_weights(&drawn.rows);
        if let Some(times) = times {
            let weights = weights.get_or_insert_with(|| vec![1.0; drawn.rows.len()]);
            weights.iter_mut().zip(times).for_each(|(weight, &times)| *weight *= f64::from(times));
        }
        fit(Points::new(&values, points.p).weighted(weights.as_deref()))?
    } else {
        let rows = repeated.insert(drawn.repeated());
        let weights = points.gather_weights(rows);
        fit(Points::new(&points.gather(rows), points.p).weighted(weights.as_deref()))?
    };
    let mut found = labels(points, &refit.clusters)?;
    if let Some(labels) = refit.labels {
        let rows = repeated.as_ref().unwrap_or(&drawn.rows);
        rows.iter().zip(labels).for_each(|(&row, label)| found[row] = label);
    }
    Some((found, refit.clusters.k()))
}

/// The settings of a fit as those of a refit.
pub(in crate::cluster) fn of_refit(settings: &Settings) -> Settings {
    Settings {
        restarts: settings.restarts.min(BOOTSTRAP_RESTARTS),
        mixture_restarts: 1,
        ..settings.afresh()
    }
}

fn warnings(record: &StabilityRecord, refits: usize, n: usize) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if record.customers < n {
        let message =
            format!("stability was measured on a sample of {} of {n} customers", record.customers);
        warnings.push(Warning::new("bootstrap_sampled", message));
    }
    if record.failed > 0 {
        let message =
            format!("{} of {refits} resamples gave no model and do not count", record.failed);
        warnings.push(Warning::new("bootstrap_failed", message));
    }
    warnings
}

#[cfg(test)]
mod reference_tests;
#[cfg(test)]
mod tests;
