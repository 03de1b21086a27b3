//! Rows and ClusterParams -> Fitted: the room in the order of its work.
//!
//! Check the parameters, build the matrix, bound k by the distinct rows, fit and choose, measure
//! stability, say what a person should know.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::bounds::{self, Asked, Sizes, keep};
use super::earlier::Earlier;
use super::engine::Settings;
use super::kernel::Points;
use super::prepare::{FeatureMatrix, FittedMatrix, Rows, fit_matrix, map_matrix};
use super::select::{Chosen, EarlierLabels, Question, Told, figures_again, select};
use super::stability::{Original, separations, stability};
use super::{
    Bounding, ClusterError, ClusterParams, Clusters, Covariance, Engine, FitWatch, Fitted,
    FittedFeature, KChoice, KmeansOptions, Method, Model, Phase,
};
use crate::features::FeatureTable;
use crate::types::{Seed, Warning};

/// Purpose of [`Seed::derive`] for resamples; those of the fits are in `select`.
const BOOTSTRAP: u64 = 4;
/// The same for bounds on the size.
const BOUNDS: u64 = 40;

/// [`super::fit`], telling `progress` after each piece of work how many are done and how many
/// there are. `progress` is called from several threads, and not always in ascending order.
///
/// # Errors
///
/// As [`super::fit`].
pub fn fit_with_progress(
    table: &FeatureTable,
    params: &ClusterParams,
    seed: Seed,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Fitted, ClusterError> {
    fit_rows(&table.into(), params, seed, progress)
}

/// [`fit_with_progress`] for any rows, which may have weights.
///
/// # Errors
///
/// As [`super::fit`]; [`ClusterError::WeightsOfLinfa`] for rows with weights under
/// [`Engine::Linfa`].
pub fn fit_rows(
    rows: &Rows,
    params: &ClusterParams,
    seed: Seed,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Fitted, ClusterError> {
    fit_from(rows, None, None, params, seed, &progress)
}

/// [`fit_rows`] where an earlier run has left a model: candidates are also weighed by how far they
/// agree with it.
///
/// # Errors
///
/// As [`fit_rows`]. An earlier model that cannot assign the rows is a warning.
pub fn fit_after(
    rows: &Rows,
    params: &ClusterParams,
    seed: Seed,
    earlier: Option<&Earlier>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Fitted, ClusterError> {
    fit_from(rows, earlier, None, params, seed, &progress)
}

/// [`fit_rows`] by one run from the rows of `start`, k of them with the columns of the features:
/// they are mapped into the clustered space as the rows are. k-means begins with them as centroids,
/// the mixture with the weights, means and covariances of the rows nearest to each. No restarts and
/// no swaps; refits to resamples, halves and reference sets start afresh. `watch` is also told which
/// part of the work is at hand.
///
/// # Errors
///
/// As [`fit_rows`]; [`ClusterError::StartOfOneK`] for another engine or a range of k,
/// [`ClusterError::StartShape`] for another number of rows than k.
pub fn fit_rows_from(
    rows: &Rows,
    start: Option<&Rows>,
    params: &ClusterParams,
    seed: Seed,
    watch: &dyn FitWatch,
) -> Result<Fitted, ClusterError> {
    fit_from(rows, None, start, params, seed, watch)
}

/// The one that all others are.
fn fit_from(
    rows: &Rows,
    earlier: Option<&Earlier>,
    start: Option<&Rows>,
    params: &ClusterParams,
    seed: Seed,
    watch: &dyn FitWatch,
) -> Result<Fitted, ClusterError> {
    check(params)?;
    if rows.weights().is_some() && params.engine == Engine::Linfa {
        return Err(ClusterError::WeightsOfLinfa);
    }
    watch.phase(Phase::Prepare);
    let fitted = fit_matrix(rows, &params.features)?;
    let points = fitted.matrix.points().weighted(rows.weights());
    let mut warnings = Vec::new();
    warn_of_levels(&fitted, &mut warnings);
    let mut question = question(params, points, &mut warnings)?;
    let sizes = params.bounds.sizes(points.n)?;
    if let Some(sizes) = sizes.filter(|_| params.bounds.by == Bounding::Assign) {
        question.k = bounds::k_within(sizes, points.n, question.k, &mut warnings)?;
    }
    let start = start.map(|start| start_values(start, params, &fitted)).transpose()?;
    let settings = Settings { start, ..Settings::new(params, points) };
    let total = question.fits() + params.stability.refits(params.bootstrap);
    let done = AtomicUsize::new(0);
    let step = || watch.progress(done.fetch_add(1, Ordering::Relaxed) + 1, total);

    let earlier = earlier.and_then(|earlier| earlier.labels(rows, &mut warnings));
    let told = Told { step: &step, phase: &|phase| watch.phase(phase) };
    let chosen = select(points, &question, &settings, earlier.as_ref(), seed, told)?;
    let found = Found { features: fitted.features, filled: fitted.filled, missing: fitted.missing };
    let (matrix, earlier) = (&fitted.matrix, earlier.as_ref());
    let work = Work { matrix, points, params, question: &question, earlier, seed, watch };
    work.finish(chosen, found, sizes, warnings, &step)
}

/// The features of a fit and what had to be done without.
pub(super) struct Found {
    pub features: Vec<FittedFeature>,
    pub filled: Vec<(String, usize)>,
    pub missing: Vec<(String, usize)>,
}

/// What is at hand when a model has been found.
pub(super) struct Work<'a> {
    pub matrix: &'a FeatureMatrix,
    pub points: Points<'a>,
    pub params: &'a ClusterParams,
    pub question: &'a Question<'a>,
    pub earlier: Option<&'a EarlierLabels>,
    pub seed: Seed,
    pub watch: &'a dyn FitWatch,
}

impl Work<'_> {
    /// Keeps the bounds on the size, measures stability and separation, and puts all together.
    pub(super) fn finish(
        &self,
        mut chosen: Chosen,
        found: Found,
        sizes: Option<Sizes>,
        mut warnings: Vec<Warning>,
        step: &(dyn Fn() + Sync),
    ) -> Result<Fitted, ClusterError> {
        let Self { matrix, points, params, question, earlier, seed, watch } = *self;
        warnings.extend(chosen.warnings.iter().cloned());
        warn_of_choice(&chosen, params, &mut warnings);
        if chosen.method == Method::Gmm {
            warn_of_points(matrix, &mut warnings);
        }
        let bounds = match sizes {
            None => None,
            Some(sizes) => {
                watch.phase(Phase::Fit);
                let asked = Asked { sizes, by: params.bounds.by };
                let seed = seed.derive(BOUNDS, 0);
                let (mut record, noted) = keep(points, &mut chosen, asked, seed)?;
                warnings.extend(noted);
                if record.changed() {
                    watch.phase(Phase::Criteria);
                    record.figures =
                        Some(figures_again(points, &mut chosen, question, earlier, seed));
                }
                Some((asked, record))
            }
        };
        watch.phase(Phase::Stability);
        let k = chosen.clusters.k();
        let labels = &chosen.assigned.assignments.cluster;
        let bounded = bounds.as_ref().map(|(asked, record)| (record.k_before, *asked));
        let (stability, noted) = stability(
            points,
            Original { method: chosen.method, k, labels, bounded },
            params.bootstrap,
            &params.stability,
            &chosen.settings,
            seed.derive(BOOTSTRAP, 0),
            step,
        );
        warnings.extend(noted);
        let separations = separations(points, labels, k);
        Ok(Fitted {
            model: Model {
                features: found.features,
                clusters: chosen.clusters,
                engine: params.engine,
                seed,
                converged: chosen.converged,
                iterations: chosen.iterations,
                layers: None,
            },
            assignments: chosen.assigned.assignments,
            selection: chosen.selection,
            bounds: bounds.map(|(_, record)| record),
            stability,
            silhouettes: chosen.silhouettes,
            row_silhouettes: chosen.row_silhouettes,
            separations,
            filled: found.filled,
            missing: found.missing,
            layers: None,
            warnings,
        })
    }
}

/// The rows of `start` in the clustered space, k x p values.
fn start_values(
    start: &Rows,
    params: &ClusterParams,
    fitted: &FittedMatrix,
) -> Result<Vec<f64>, ClusterError> {
    let KChoice::Fixed(k) = params.k else { return Err(ClusterError::StartOfOneK) };
    if params.engine != Engine::Segtrail {
        return Err(ClusterError::StartOfOneK);
    }
    let matrix = map_matrix(start, &fitted.features)?;
    let (rows, columns) = matrix.values.dim();
    if rows != k {
        return Err(ClusterError::StartShape { rows, columns, k, p: columns });
    }
    Ok(matrix.points().values.to_vec())
}

/// The rules of [`ClusterParams`] that need no data.
pub(super) fn check(params: &ClusterParams) -> Result<(), ClusterError> {
    let positive = |value: f64| value > 0.0 && value.is_finite();
    match params.k {
        KChoice::Fixed(0) => return Err(ClusterError::KZero),
        KChoice::Range(lowest, highest) if lowest < 2 || highest < lowest => {
            return Err(ClusterError::KRange { lowest, highest });
        }
        KChoice::Fixed(_) | KChoice::Range(..) => {}
    }
    if params.restarts == 0 {
        return Err(ClusterError::Restarts);
    }
    if params.max_iterations == 0 {
        return Err(ClusterError::MaxIterations);
    }
    if !positive(params.tolerance) {
        return Err(ClusterError::Tolerance(params.tolerance));
    }
    if !positive(params.covariance_floor) {
        return Err(ClusterError::CovarianceFloor(params.covariance_floor));
    }
    if params.kmeans != KmeansOptions::default()
        && (params.method == Method::Gmm || params.engine == Engine::Linfa)
    {
        return Err(ClusterError::KmeansAlone);
    }
    if params.covariances.is_empty() {
        return Err(ClusterError::NoCovariance);
    }
    for (at, covariance) in params.covariances.iter().enumerate() {
        if params.covariances[..at].contains(covariance) {
            return Err(ClusterError::SameCovariance(covariance.name()));
        }
    }
    let asked = match params.covariances.iter().find(|covariance| **covariance != Covariance::Full)
    {
        _ if params.noise => Some("noise = true"),
        Some(Covariance::Tied) => Some("covariance = \"tied\""),
        Some(Covariance::Diagonal) => Some("covariance = \"diagonal\""),
        Some(Covariance::Spherical) => Some("covariance = \"spherical\""),
        Some(Covariance::Full) | None => None,
    };
    match asked {
        Some(asked) if params.method == Method::Kmeans => {
            return Err(ClusterError::MixtureAlone { asked });
        }
        Some(asked) if params.engine == Engine::Linfa => {
            return Err(ClusterError::NotOfLinfa { asked });
        }
        _ => {}
    }
    params.bounds.check(params.method)?;
    params.stability.check()?;
    super::select::check(params)
}

/// The numbers of clusters to weigh: no more than there are distinct rows.
fn question<'a>(
    params: &'a ClusterParams,
    points: Points,
    warnings: &mut Vec<Warning>,
) -> Result<Question<'a>, ClusterError> {
    let (low, high) = match params.k {
        KChoice::Fixed(k) => (k, k),
        KChoice::Range(low, high) => (low, high),
    };
    if low > points.n {
        return Err(ClusterError::KAboveCustomers { k: low, customers: points.n });
    }
    let distinct = points.distinct_up_to(high);
    let fixed = matches!(params.k, KChoice::Fixed(_));
    if distinct == 1 && high > 1 {
        warnings.push(Warning::new(
            "one_cluster",
            format!(
                "all {} customers have the same values of every clustered feature: \
                 they form one segment",
                points.n
            ),
        ));
    } else if distinct < high {
        warnings.push(Warning::new(
            "k_reduced",
            format!(
                "only {distinct} customers differ in the clustered features: k was reduced from \
                 {high} to {distinct}"
            ),
        ));
    }
    Ok(Question {
        method: params.method,
        covariances: &params.covariances,
        k: low.min(distinct)..=high.min(distinct),
        fixed,
        select: &params.select,
        bootstrap: params.bootstrap,
        stability: &params.stability,
    })
}

fn warn_of_levels(fitted: &FittedMatrix, warnings: &mut Vec<Warning>) {
    let n = fitted.matrix.values.nrows();
    for feature in &fitted.features {
        let FittedFeature::Categorical(category) = feature else { continue };
        let name = &category.name;
        if category.levels.len() == 1 && !category.missing {
            warnings.push(Warning::new(
                "attribute_constant",
                format!(
                    "the attribute `{name}` has the one value `{}`: it tells no two customers \
                     apart and does not count in the vector",
                    category.levels[0]
                ),
            ));
        }
        let Some((_, none)) = fitted.missing.iter().find(|(of, _)| of == name) else { continue };
        let place = if category.missing { "as a value of their own" } else { "between its values" };
        warnings.push(Warning::new(
            "attribute_missing",
            format!("{none} of {n} customers have no value of `{name}`: they are placed {place}"),
        ));
    }
}

/// A column of two values has no density: a component that holds one of them alone gains
/// likelihood without bound but for the floor, whatever the weight.
fn warn_of_points(matrix: &FeatureMatrix, warnings: &mut Vec<Warning>) {
    let columns = matrix.names.iter().zip(&matrix.indicator).zip(matrix.values.columns());
    let points = columns
        .filter(|((_, indicator), values)| **indicator && values.iter().any(|value| *value != 0.0));
    let names: Vec<&str> = points.map(|((name, _), _)| name.as_str()).collect();
    if let Some(first) = names.first() {
        warnings.push(Warning::new(
            "mixture_of_levels",
            format!(
                "the mixture may follow columns of two values, such as `{first}`, rather than \
                 the numbers beside them, whatever their weight: use method = \"kmeans\""
            ),
        ));
    }
}

fn warn_of_choice(chosen: &Chosen, params: &ClusterParams, warnings: &mut Vec<Warning>) {
    let k = chosen.clusters.k();
    if k < chosen.k_asked {
        warnings.push(Warning::new(
            "empty_clusters_dropped",
            format!(
                "of {} clusters fitted, {} have no customer and were taken out",
                chosen.k_asked,
                chosen.k_asked - k
            ),
        ));
    }
    if let Clusters::Gmm { noise: Some(noise), .. } = &chosen.clusters {
        let shares = &chosen.assigned.assignments.noise;
        let outliers = shares.iter().filter(|&&share| share > 0.5).count();
        if outliers > 0 {
            warnings.push(Warning::new(
                "noise",
                format!(
                    "{outliers} of {} customers are more probably noise than of any segment \
                     (weight of the noise {:.4}); each is in the segment nearest to it",
                    shares.len(),
                    noise.weight
                ),
            ));
        }
    }
    if !chosen.converged {
        let after = match params.engine {
            Engine::Segtrail => format!("stopped after {} iterations", chosen.iterations),
            Engine::Linfa => format!("stopped within {} iterations", params.max_iterations),
        };
        warnings.push(Warning::new(
            "not_converged",
            format!("the clustering {after} before it was at rest: raise max_iterations"),
        ));
    }
}

#[cfg(test)]
#[path = "fit_tests.rs"]
mod tests;
