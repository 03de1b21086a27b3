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
mod params;
mod record;
mod separation;

use rayon::prelude::*;

use self::draw::Drawn;
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

/// What one resample says.
struct Refound {
    /// Highest Jaccard similarity of each original cluster.
    jaccard: Vec<f64>,
    /// Whether each row went to the cluster most like its own: bit `row % 64` of word `row / 64`.
    kept: Vec<u64>,
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
    let rows = sample(&original, params.customers.unwrap_or(n), seed.derive(SAMPLE, 0));
    let values = points.gather(&rows);
    let weights = points.gather_weights(&rows);
    let points = Points::new(&values, points.p).weighted(weights.as_deref());
    let labels: Vec<u32> = rows.iter().map(|&row| original.labels[row]).collect();
    let original = Original { labels: &labels, ..original };
    let subset_size = ((points.n as f64 * params.subset_share) as usize).max(1);

    let kinds = [(BOOTSTRAP, params.scheme.bootstraps()), (SUBSET, params.scheme.subsets())];
    let tasks: Vec<(u64, u64)> = kinds
        .iter()
        .filter(|(_, wanted)| *wanted)
        .flat_map(|&(kind, _)| (0..resamples as u64).map(move |index| (kind, index)))
        .collect();
    let found: Vec<Option<Refound>> = tasks
        .par_iter()
        .with_max_len(1)
        .map(|&(kind, index)| {
            let seed = seed.derive(kind, index);
            let drawn = match kind {
                SUBSET => draw::subset(points.n, subset_size, seed),
                _ => draw::bootstrap(points.n, params.repeats, seed),
            };
            let refound = refind(points, original, &drawn, settings, seed);
            step();
            refound
        })
        .collect();

    let record = StabilityRecord {
        scheme: params.scheme,
        repeats: params.repeats,
        resamples,
        failed: found.iter().filter(|refound| refound.is_none()).count(),
        customers: points.n,
        subset_customers: params.scheme.subsets().then_some(subset_size),
    };
    let of_kind = |wanted: u64| -> Vec<&Refound> {
        let all = tasks.iter().zip(&found).filter(|((kind, _), _)| *kind == wanted);
        all.filter_map(|(_, refound)| refound.as_ref()).collect()
    };
    let fitted = found.iter().flatten().count();
    let mut stability = Stability { record: Some(record), ..Stability::default() };
    if fitted > 0 {
        let shares = shares(&found, points.n);
        stability.clusters = clusters(&original, &of_kind(BOOTSTRAP), &of_kind(SUBSET), &shares);
        stability.customers = vec![None; n];
        for (&row, share) in rows.iter().zip(shares) {
            stability.customers[row] = Some(share);
        }
    }
    let warnings = warnings(&record, tasks.len(), n);
    (stability, warnings)
}

/// All rows up to `bound`; beyond, a systematic sample of as many in the order of the clusters, so
/// that each has its share.
fn sample(original: &Original, bound: usize, seed: Seed) -> Vec<usize> {
    let n = original.labels.len();
    if n <= bound {
        return (0..n).collect();
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|&row| original.labels[row]);
    let mut rows: Vec<usize> = systematic(n, bound, seed).into_iter().map(|at| order[at]).collect();
    rows.sort_unstable();
    rows
}

/// One refit to the rows drawn, held against the original clusters; none where the engine gave no
/// model.
fn refind(
    points: Points,
    original: Original,
    drawn: &Drawn,
    settings: &Settings,
    seed: Seed,
) -> Option<Refound> {
    let settings = Settings {
        restarts: settings.restarts.min(BOOTSTRAP_RESTARTS),
        mixture_restarts: 1,
        ..settings.afresh()
    };
    let fit = |sample: Points| -> Option<Refit> {
        let prepared = Prepared::new(sample);
        let k = original.bounded.map_or(original.k, |(k, _)| k);
        let raw = fit(&prepared, original.method, k, &settings, seed.derive(REFIT, 0)).ok()?;
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
        let times = drawn.rows.iter().zip(times.unwrap_or_default());
        let rows: Vec<usize> =
            times.flat_map(|(&row, &times)| std::iter::repeat_n(row, times as usize)).collect();
        let weights = points.gather_weights(&rows);
        let rows = repeated.insert(rows);
        fit(Points::new(&points.gather(rows), points.p).weighted(weights.as_deref()))?
    };
    let k_found = refit.clusters.k();
    let mut found = labels(points, &refit.clusters)?;
    if let Some(labels) = refit.labels {
        let rows = repeated.as_ref().unwrap_or(&drawn.rows);
        rows.iter().zip(labels).for_each(|(&row, label)| found[row] = label);
    }
    let mut shared = vec![0usize; original.k * k_found];
    for &row in &drawn.rows {
        shared[original.labels[row] as usize * k_found + found[row] as usize] += 1;
    }
    let likest = likest(&shared, original.k, k_found);
    let mut kept = vec![0u64; points.n.div_ceil(64)];
    for (row, (&own, &now)) in original.labels.iter().zip(&found).enumerate() {
        let same = likest[own as usize].is_some_and(|(_, cluster)| cluster == now as usize);
        kept[row / 64] |= u64::from(same) << (row % 64);
    }
    Some(Refound {
        jaccard: likest.iter().map(|found| found.map_or(0.0, |(jaccard, _)| jaccard)).collect(),
        kept,
    })
}

/// For each of k rows of a k x `k_found` table of shared counts, the highest Jaccard similarity
/// with a column and that column, the lowest of equals; none where nothing is shared.
fn likest(shared: &[usize], k: usize, k_found: usize) -> Vec<Option<(f64, usize)>> {
    let row = |a: usize| &shared[a * k_found..(a + 1) * k_found];
    let columns: Vec<usize> = (0..k_found).map(|b| (0..k).map(|a| row(a)[b]).sum()).collect();
    (0..k)
        .map(|a| {
            let size: usize = row(a).iter().sum();
            row(a)
                .iter()
                .zip(&columns)
                .enumerate()
                .filter(|&(_, (&both, _))| both > 0)
                .map(|(b, (&both, &column))| (both as f64 / (size + column - both) as f64, b))
                .reduce(|best, next| if next.0 > best.0 { next } else { best })
        })
        .collect()
}

/// By row, the share of the refits that kept it; at least one refit.
fn shares(found: &[Option<Refound>], n: usize) -> Vec<f64> {
    let fitted: Vec<&[u64]> = found.iter().flatten().map(|refound| &*refound.kept).collect();
    let mut times = vec![0u32; n];
    for kept in &fitted {
        for (times, word) in times.chunks_mut(64).zip(*kept) {
            for (bit, times) in times.iter_mut().enumerate() {
                *times += (word >> bit & 1) as u32;
            }
        }
    }
    times.into_iter().map(|times| f64::from(times) / fitted.len() as f64).collect()
}

/// What the refits say of each cluster.
fn clusters(
    original: &Original,
    bootstraps: &[&Refound],
    subsets: &[&Refound],
    shares: &[f64],
) -> Vec<Option<ClusterStability>> {
    let mut sums = vec![(0.0, 0usize); original.k];
    for (&label, share) in original.labels.iter().zip(shares) {
        sums[label as usize].0 += share;
        sums[label as usize].1 += 1;
    }
    let recovery = |refits: &[&Refound], cluster: usize| {
        let similarities = refits.iter().map(|refound| refound.jaccard[cluster]);
        (!refits.is_empty()).then(|| Recovery::of(similarities))
    };
    sums.into_iter()
        .enumerate()
        .map(|(cluster, (sum, size))| {
            let (bootstrap, subset) = (recovery(bootstraps, cluster), recovery(subsets, cluster));
            (size > 0).then(|| ClusterStability::of(bootstrap, subset, Some(sum / size as f64)))?
        })
        .collect()
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
