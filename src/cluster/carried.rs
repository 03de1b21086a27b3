//! The model of an earlier run and a new month's rows -> the month taken by that model, frozen, or by
//! one run of the kernels from its centroids.
//!
//! Both stay in the clustered space of the earlier model, its transforms, scales and levels, with its
//! method and its number of clusters: what changes between the months is then the customers, and
//! under [`Carry::Warm`] the places of the clusters, but never the yardstick. Figures, stability and
//! separation are measured as for any fit; resamples are refitted from fresh starts.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::canonical::settle;
use super::earlier::Earlier;
use super::engine::{Settings, refit};
use super::fit::{Found, Work, check};
use super::kernel::Points;
use super::prepare::{FeatureMatrix, Rows, gaps, map_matrix};
use super::select::{Carried, Question, chosen_of};
use super::{
    ClusterError, ClusterParams, Clusters, Engine, Fitted, FittedFeature, KChoice, Method, Model,
    standardise,
};
use crate::features::FeatureTable;
use crate::types::Seed;

/// How the model of an earlier run takes a new month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carry {
    /// As it stands.
    Frozen,
    /// By one run from its centroids, or from its whole mixture, until it is at rest.
    Warm,
}

/// A month taken by the model of an earlier run.
#[derive(Clone, Debug, PartialEq)]
pub struct CarriedFit {
    /// What any fit gives.
    pub fitted: Fitted,
    /// Under [`Carry::Frozen`], for each cluster the index that it has in the earlier model.
    pub origin: Option<Vec<usize>>,
}

/// Why `model` cannot be carried over to a vector of `params`; none where it can.
pub fn not_carried(model: &Model, params: &ClusterParams) -> Option<String> {
    if model.layers.is_some() {
        return Some("the model of the run before has layers".into());
    }
    let before: Vec<&str> = model.features.iter().map(FittedFeature::name).collect();
    let now: Vec<&str> = params.features.iter().map(|spec| spec.name.as_str()).collect();
    if before != now {
        return Some(format!(
            "the model of the run before was fitted to {}, and now {} are asked for",
            before.join(", "),
            now.join(", ")
        ));
    }
    let method = model.clusters.method();
    (params.method != Method::Auto && params.method != method).then(|| {
        let name = |method| if method == Method::Gmm { "a mixture" } else { "k-means" };
        format!(
            "the model of the run before is {}, and now {} is asked for",
            name(method),
            name(params.method)
        )
    })
}

/// The month of `rows` by `model`, which [`not_carried`] has nothing against. k, method and
/// preparation are the model's; the rest is of `params`, bounds on the size of clusters under
/// [`Carry::Warm`] alone.
///
/// # Errors
///
/// As [`super::fit_after`]; [`ClusterError`] where the rows lack a feature of the model;
/// [`ClusterError::UnusableModel`], [`ClusterError::EngineFailed`].
pub fn fit_carried(
    rows: &Rows,
    model: &Model,
    how: Carry,
    params: &ClusterParams,
    seed: Seed,
    earlier: Option<&Earlier>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<CarriedFit, ClusterError> {
    check(params)?;
    let k = model.clusters.k();
    let params = &ClusterParams {
        method: model.clusters.method(),
        covariances: match &model.clusters {
            Clusters::Gmm { covariance, .. } => vec![*covariance],
            Clusters::Kmeans { .. } => params.covariances.clone(),
        },
        noise: matches!(&model.clusters, Clusters::Gmm { noise: Some(_), .. }),
        engine: Engine::Segtrail,
        k: KChoice::Fixed(k),
        ..params.clone()
    };
    let matrix = map_matrix(rows, &model.features)?;
    if rows.is_empty() {
        return Err(ClusterError::NoCustomers);
    }
    let gaps = gaps(rows, &model.features)?;
    let points = matrix.points().weighted(rows.weights());
    let mut warnings = Vec::new();
    let question = Question {
        method: params.method,
        covariances: &params.covariances,
        k: k..=k,
        fixed: true,
        select: &params.select,
        bootstrap: params.bootstrap,
        stability: &params.stability,
    };
    let settings = Settings::new(params, points);
    let total = params.stability.refits(params.bootstrap);
    let done = AtomicUsize::new(0);
    let step = || progress(done.fetch_add(1, Ordering::Relaxed) + 1, total);
    let earlier = earlier.and_then(|earlier| earlier.labels(rows, &mut warnings));
    let earlier = earlier.as_ref();
    let carried = carried(points, model, how, &settings)?;
    let origin = (how == Carry::Frozen).then(|| origin(&carried.clusters, &model.clusters));
    let chosen = chosen_of(points, &question, &settings, carried, earlier, seed);
    let found = Found {
        features: model.features.clone(),
        filled: gaps.filled.into_iter().collect(),
        missing: gaps.missing.into_iter().collect(),
    };
    let sizes = match how {
        Carry::Frozen => None,
        Carry::Warm => params.bounds.sizes(points.n)?,
    };
    let work = Work {
        matrix: &matrix,
        points,
        params,
        question: &question,
        earlier,
        seed,
        watch: &progress,
    };
    let fitted = work.finish(chosen, found, sizes, warnings, &step)?;
    Ok(CarriedFit { fitted, origin })
}

/// The clusters of `model` on the new rows.
fn carried(
    points: Points,
    model: &Model,
    how: Carry,
    settings: &Settings,
) -> Result<Carried, ClusterError> {
    let (clusters, converged, iterations, rule) = match how {
        Carry::Frozen => {
            let rule = "the model of the run before, as it stands";
            (model.clusters.clone(), model.converged, 0, rule)
        }
        Carry::Warm => {
            let raw = refit(points, &model.clusters, settings).map_err(|reason| {
                ClusterError::EngineFailed { method: model.clusters.method(), reason }
            })?;
            let rule = "one run from the centroids of the run before";
            (raw.clusters, raw.converged, raw.iterations, rule)
        }
    };
    let (clusters, assigned) = settle(points, clusters).ok_or(ClusterError::UnusableModel)?;
    let (k_asked, rule) = (model.clusters.k(), rule.into());
    Ok(Carried { clusters, assigned, converged, iterations, k_asked, rule })
}

/// For each of `clusters`, which are some of `model` in another order, its index there.
fn origin(clusters: &Clusters, model: &Clusters) -> Vec<usize> {
    let mut taken = vec![false; model.k()];
    let mut place = |centre: &Vec<f64>| {
        let found = (0..model.k()).find(|&at| !taken[at] && model.centres()[at] == *centre)?;
        taken[found] = true;
        Some(found)
    };
    clusters.centres().iter().filter_map(&mut place).collect()
}

/// Mean squared distance of the customers of `table` from the centre of their cluster, in the space
/// of `model`: from the model's own centres, which `cluster` then indexes, or, for any other
/// division into clusters, from the means of its customers.
///
/// # Errors
///
/// [`ClusterError`] when the table lacks a feature of the model or a value is too large.
pub fn mean_squared_distance(
    model: &Model,
    table: &FeatureTable,
    cluster: &[u32],
    own_centres: bool,
) -> Result<f64, ClusterError> {
    let matrix = standardise(model, table)?;
    Ok(match own_centres {
        true => distance(&matrix, cluster, model.clusters.centres()),
        false => distance(&matrix, cluster, &means(&matrix, cluster)),
    })
}

fn distance(matrix: &FeatureMatrix, cluster: &[u32], centres: &[Vec<f64>]) -> f64 {
    let rows = matrix.values.outer_iter().zip(cluster);
    let squared = |(row, &cluster): (ndarray::ArrayView1<'_, f64>, &u32)| -> f64 {
        row.iter().zip(&centres[cluster as usize]).map(|(a, b)| (a - b).powi(2)).sum()
    };
    rows.map(squared).sum::<f64>() / matrix.values.nrows().max(1) as f64
}

fn means(matrix: &FeatureMatrix, cluster: &[u32]) -> Vec<Vec<f64>> {
    let k = cluster.iter().max().map_or(0, |&most| most as usize + 1);
    let mut sums = vec![vec![0.0; matrix.values.ncols()]; k];
    let mut counts = vec![0_usize; k];
    for (row, &cluster) in matrix.values.outer_iter().zip(cluster) {
        counts[cluster as usize] += 1;
        sums[cluster as usize].iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
    }
    for (sums, count) in sums.iter_mut().zip(counts) {
        sums.iter_mut().for_each(|sum| *sum /= count.max(1) as f64);
    }
    sums
}

#[cfg(test)]
#[path = "carried_tests.rs"]
mod tests;
