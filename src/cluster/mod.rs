//! FeatureTable (n buyers x p features) -> Model (k clusters) -> Assignments (n).
//!
//! Own k-means and Gaussian-mixture kernels behind linfa's `Fit` and `Predict`, or
//! linfa-clustering itself (`engine = "linfa"`). Clusters are numbered from 0 in a canonical
//! order (largest first, ties by the smallest customer); lineage ids are given by `track`.
//! [`fit_layers`] finds micro-segments instead, by stages and layers: the page of `layers` tells.

mod assign;
mod bounds;
mod canonical;
mod carried;
mod criteria;
mod earlier;
mod engine;
mod error;
mod estimator;
mod figures;
mod fit;
mod kernel;
mod kmeans;
mod layers;
mod linfa_bridge;
mod mixture;
mod model;
mod outcome;
mod params;
mod prepare;
mod representatives;
mod runner_up;
mod select;
mod stability;
mod watch;
mod way;

pub use bounds::{Bounding, BoundsParams, BoundsRecord, Least, Merged};
pub use carried::{CarriedFit, Carry, fit_carried, mean_squared_distance, not_carried};
pub use criteria::{
    EXACT_CUSTOMERS, Reference, SAMPLED_CUSTOMERS, STRUCTURE_CUSTOMERS, Structure, Verdict,
};
pub use earlier::Earlier;
pub use engine::MIXTURE_RESTARTS;
pub use error::ClusterError;
pub use estimator::{
    GaussianMixture, GaussianMixtureParams, GaussianMixtureValidParams, KMeans, KMeansInit,
    KMeansParams, KMeansValidParams, StartMixture, mean_silhouette,
};
pub use figures::{SegmentFigures, segment_figures};
pub use fit::{fit_after, fit_rows, fit_rows_from, fit_with_progress};
pub use layers::{
    Family, LayerFeatures, LayerModel, LayerRecord, LayerSpec, LayeredModel, LayersParams,
    LayersRecord, MOST_LAYERS, MicroId, MicroSegment, Preparation, StageModel, StageRecord,
    StringPlace, fit_layers,
};
pub use model::{
    Assignments, Clusters, FittedFeature, FittedNumber, FittedScale, FittedTransform, Model, Noise,
};
pub use outcome::{Candidate, Fitted, Selection};
pub use params::{
    Algorithm, ClusterParams, Covariance, Engine, FeatureSpec, KChoice, KmeansOptions,
    LARGEST_WEIGHT, Method, Missing, Scale, Seeding, Transform,
};
pub use prepare::{ColumnKind, FeatureMatrix, FittedCategory, Gaps, MatrixColumn, Rows};
pub use representatives::{
    Border, ClusterRepresentatives, EXACT_MEMBERS, LISTED, LISTED_FEATURES, Medoid, OUTLIER_ABOVE,
    Outlier, Representatives, SCORED_FROM, Typical, representatives,
};
pub use runner_up::runner_up;
pub use select::{CRITERIA_CUSTOMERS, Criterion, Rule, SelectParams, SilhouetteRows};
pub use stability::{
    BOOTSTRAP_RESTARTS, ClusterStability, DISSOLVED, RECOVERED, Recovery, Repeats,
    STABILITY_CUSTOMERS, Scheme, Separation, Stability, StabilityParams, StabilityRecord,
    StabilityWord,
};
pub use watch::{FitWatch, Phase};

use crate::features::FeatureTable;
use crate::types::Seed;

/// Finds clusters of the customers of `table`: fits every candidate, keeps the one that the rule
/// of [`Selection`] chooses, and measures its stability. The same table, parameters and seed give
/// the same bits, whatever the number of threads.
///
/// # Errors
///
/// [`ClusterError`] when a parameter is out of its range, a feature is unknown, named twice,
/// nowhere defined or too large to square, there is no customer, k (or the lower end of its
/// range) exceeds the number of customers, or linfa-clustering gave no model at all. Too few
/// distinct customers and a fit that does not converge are warnings.
pub fn fit(
    table: &FeatureTable,
    params: &ClusterParams,
    seed: Seed,
) -> Result<Fitted, ClusterError> {
    fit_with_progress(table, params, seed, &|_, _| ())
}

/// Where the customers of `table`, be it a new month's, belong under `model`; empty for a table
/// without customers. On the table that the model was fitted to, what the fit gave, but for
/// customers whom [`Bounding::Assign`] moved: bounds on the size are no part of a model.
///
/// # Errors
///
/// [`ClusterError`] when the table lacks a feature of the model or a value is too large.
pub fn assign(model: &Model, table: &FeatureTable) -> Result<Assignments, ClusterError> {
    if let Some(layers) = &model.layers {
        return layers::assign(layers, table);
    }
    let matrix = standardise(model, table)?;
    assign::assign_points(matrix.points(), &model.clusters)
        .map(|assigned| assigned.assignments)
        .ok_or(ClusterError::UnusableModel)
}

/// The customers of `table` in the space that `model` was fitted in: filled, transformed and
/// scaled by the model's figures, n x p.
///
/// # Errors
///
/// [`ClusterError`] when the table lacks a feature of the model or a value is too large.
pub fn standardise(model: &Model, table: &FeatureTable) -> Result<FeatureMatrix, ClusterError> {
    standardise_rows(model, &table.into())
}

/// [`standardise`] for any rows.
///
/// # Errors
///
/// As [`standardise`].
pub fn standardise_rows(model: &Model, rows: &Rows) -> Result<FeatureMatrix, ClusterError> {
    prepare::map_matrix(rows, &model.features)
}

/// What [`assign`] has to do without in `table`: undefined numbers, attributes without a value,
/// and levels that `model` was not fitted with.
///
/// # Errors
///
/// [`ClusterError`] when the table lacks a feature of the model.
pub fn gaps(model: &Model, table: &FeatureTable) -> Result<Gaps, ClusterError> {
    if let Some(layers) = &model.layers {
        return layers::gaps(layers, table);
    }
    prepare::gaps(&table.into(), &model.features)
}

#[cfg(test)]
mod conformance_tests;
#[cfg(test)]
mod testing;
