//! A model and one row of a table -> the cluster that comes second for it: the one that `margin` is
//! measured to.
//!
//! Of the same distances and densities as [`super::assign`]: k-means the nearest other centroid, of a
//! mixture the other component of the highest weight times density, the noise not counted; with layers
//! the micro-segment of the most likely other string, which differs in one class. Ties go to the lowest
//! index. O(k p) for the row.

use super::representatives::Geometry;
use super::{ClusterError, Model, layers, prepare};
use crate::features::FeatureTable;

/// The cluster that comes second for `row` of `table`, which is in cluster `own`; none with one cluster,
/// and none where the other string of layers is of the same micro-segment.
///
/// # Errors
///
/// As [`super::assign`].
///
/// # Panics
///
/// When `table` has no such row.
pub fn runner_up(
    model: &Model,
    table: &FeatureTable,
    row: usize,
    own: usize,
) -> Result<Option<usize>, ClusterError> {
    let names: Vec<&str> = (table.columns.iter().map(|column| column.name.as_str()))
        .chain(table.attributes.iter().map(|attribute| attribute.name.as_str()))
        .collect();
    let table = layers::subset(table, &[row], &names);
    if let Some(layers) = &model.layers {
        return layers::runner_up(layers, &table, own);
    }
    let matrix = prepare::map_matrix(&(&table).into(), &model.features)?;
    let geometry = Geometry::new(&model.clusters).ok_or(ClusterError::UnusableModel)?;
    Ok(geometry.runner_up(matrix.points().row(0), own))
}
