//! n labelled rows and a way to refit resamples of them -> per cluster and per row, how well they
//! are found again: the part that does not ask how clusters are found.

use rayon::prelude::*;

use super::draw::{self, Drawn};
use super::{
    BOOTSTRAP, ClusterStability, REFIT, Recovery, SUBSET, StabilityParams, StabilityRecord,
};
use crate::types::Seed;

/// Finds clusters in the rows drawn and labels all n rows by them: the labels and the number they
/// are below; none where there is no model.
pub(in crate::cluster) type Refit<'a> =
    &'a (dyn Fn(&Drawn, Seed) -> Option<(Vec<u32>, usize)> + Sync);

/// What resamples say of n rows.
pub(in crate::cluster) struct FoundAgain {
    pub record: StabilityRecord,
    /// By cluster, none for one without a row.
    pub clusters: Vec<Option<ClusterStability>>,
    /// By row, the share of the refits that kept it; none where there was no refit.
    pub shares: Option<Vec<f64>>,
}

/// What one resample says.
pub(super) struct Refound {
    /// Highest Jaccard similarity of each original cluster.
    pub jaccard: Vec<f64>,
    /// Whether each row went to the cluster most like its own: bit `row % 64` of word `row / 64`.
    kept: Vec<u64>,
}

/// Of `labels`, below `k`, over `resamples` of each kind, at least 1; `step` is called once after
/// each refit.
pub(in crate::cluster) fn found_again(
    labels: &[u32],
    k: usize,
    resamples: usize,
    params: &StabilityParams,
    seed: Seed,
    step: &(dyn Fn() + Sync),
    refit: Refit,
) -> FoundAgain {
    let n = labels.len();
    let subset_size = ((n as f64 * params.subset_share) as usize).max(1);
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
                SUBSET => draw::subset(n, subset_size, seed),
                _ => draw::bootstrap(n, params.repeats, seed),
            };
            let found = refit(&drawn, seed.derive(REFIT, 0));
            let refound = found.map(|(found, found_k)| refound(labels, k, &drawn, &found, found_k));
            step();
            refound
        })
        .collect();
    let record = StabilityRecord {
        scheme: params.scheme,
        repeats: params.repeats,
        resamples,
        failed: found.iter().filter(|refound| refound.is_none()).count(),
        customers: n,
        subset_customers: params.scheme.subsets().then_some(subset_size),
    };
    let of_kind = |wanted: u64| -> Vec<&Refound> {
        let all = tasks.iter().zip(&found).filter(|((kind, _), _)| *kind == wanted);
        all.filter_map(|(_, refound)| refound.as_ref()).collect()
    };
    if found.iter().all(Option::is_none) {
        return FoundAgain { record, clusters: vec![None; k], shares: None };
    }
    let shares = shares(&found, n);
    let clusters = clusters(labels, k, &of_kind(BOOTSTRAP), &of_kind(SUBSET), &shares);
    FoundAgain { record, clusters, shares: Some(shares) }
}

/// One refit held against the original clusters.
pub(super) fn refound(
    labels: &[u32],
    k: usize,
    drawn: &Drawn,
    found: &[u32],
    k_found: usize,
) -> Refound {
    let mut shared = vec![0usize; k * k_found];
    for &row in &drawn.rows {
        shared[labels[row] as usize * k_found + found[row] as usize] += 1;
    }
    let likest = likest(&shared, k, k_found);
    let mut kept = vec![0u64; labels.len().div_ceil(64)];
    for (row, (&own, &now)) in labels.iter().zip(found).enumerate() {
        let same = likest[own as usize].is_some_and(|(_, cluster)| cluster == now as usize);
        kept[row / 64] |= u64::from(same) << (row % 64);
    }
    Refound {
        jaccard: likest.iter().map(|found| found.map_or(0.0, |(jaccard, _)| jaccard)).collect(),
        kept,
    }
}

/// For each of k rows of a k x `k_found` table of shared counts, the highest Jaccard similarity
/// with a column and that column, the lowest of equals; none where nothing is shared.
pub(super) fn likest(shared: &[usize], k: usize, k_found: usize) -> Vec<Option<(f64, usize)>> {
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
    labels: &[u32],
    k: usize,
    bootstraps: &[&Refound],
    subsets: &[&Refound],
    shares: &[f64],
) -> Vec<Option<ClusterStability>> {
    let mut sums = vec![(0.0, 0usize); k];
    for (&label, share) in labels.iter().zip(shares) {
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
