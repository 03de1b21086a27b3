//! FeatureTable (n customers) -> FeatureMatrix (n x p) in the clustered space.
//!
//! Values that are not defined are filled with the median of the defined ones and counted.

use std::collections::BTreeSet;

use ndarray::Array2;
use rayon::prelude::*;

use super::points::Points;
use super::scaler::{fit_feature, map_value};
use super::{ClusterError, FeatureSpec, FittedFeature};
use crate::features::{FeatureColumn, FeatureTable};

/// Largest size of a value in the clustered space: its square, summed, is still finite.
const LARGEST: f64 = 1e100;

/// The vector of every customer as it is clustered: n x p, in row order, every value finite.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureMatrix {
    /// p names, in the order of the columns.
    pub names: Vec<String>,
    /// n rows in the order of the table's customers, p columns.
    pub values: Array2<f64>,
}

impl FeatureMatrix {
    /// Median of each feature over the rows of each cluster, k rows of p; an empty cluster has
    /// zeros. `cluster` has one number below `k` a row.
    pub fn cluster_medians(&self, cluster: &[u32], k: usize) -> Vec<Vec<f64>> {
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); k];
        for (row, &cluster) in cluster.iter().enumerate() {
            members[cluster as usize].push(row);
        }
        let median = |rows: &[usize], column: usize| {
            let mut values: Vec<f64> = rows.iter().map(|&row| self.values[[row, column]]).collect();
            values.sort_unstable_by(f64::total_cmp);
            match values.len() {
                0 => 0.0,
                n if n % 2 == 1 => values[n / 2],
                n => f64::midpoint(values[n / 2 - 1], values[n / 2]),
            }
        };
        members
            .iter()
            .map(|rows| (0..self.values.ncols()).map(|column| median(rows, column)).collect())
            .collect()
    }

    /// The rows for the kernels.
    pub(crate) fn points(&self) -> Points<'_> {
        let values = self.values.as_slice().expect("built in row order");
        Points { values, n: self.values.nrows(), p: self.values.ncols() }
    }
}

/// A matrix with what was fitted on the way to it.
pub(crate) struct FittedMatrix {
    pub matrix: FeatureMatrix,
    pub features: Vec<FittedFeature>,
    /// Customers filled, by feature, where any.
    pub filled: Vec<(String, usize)>,
}

/// Fits the transform and scale of every feature and maps the table.
pub(crate) fn fit_matrix(
    table: &FeatureTable,
    specs: &[FeatureSpec],
) -> Result<FittedMatrix, ClusterError> {
    let mut seen = BTreeSet::new();
    let repeated = specs.iter().find(|spec| !seen.insert(spec.name.as_str()));
    if let Some(spec) = repeated {
        return Err(ClusterError::DuplicateFeature { feature: spec.name.clone() });
    }
    if specs.is_empty() {
        return Err(ClusterError::NoFeatures);
    }
    let columns: Vec<&FeatureColumn> =
        specs.iter().map(|spec| named(table, &spec.name)).collect::<Result<_, _>>()?;
    if table.is_empty() {
        return Err(ClusterError::NoCustomers);
    }
    // One feature a task: each is fitted on its own thread in the order of its rows.
    let fitted: Vec<_> = specs
        .par_iter()
        .zip(&columns)
        .map(|(spec, column)| fit_feature(spec, &column.values))
        .collect();
    let mut features = Vec::with_capacity(specs.len());
    let mut mapped = Vec::with_capacity(specs.len());
    let mut filled = Vec::new();
    for (fitted, spec) in fitted.into_iter().zip(specs) {
        let (feature, values, missing) = fitted.ok_or_else(|| ClusterError::UndefinedFeature {
            feature: spec.name.clone(),
            customers: table.len(),
        })?;
        if missing > 0 {
            filled.push((spec.name.clone(), missing));
        }
        features.push(feature);
        mapped.push(values);
    }
    let matrix = interleave(table, &columns, &mapped)?;
    Ok(FittedMatrix { matrix, features, filled })
}

/// Maps a table by features fitted before, be it on this table or on another.
pub(crate) fn map_matrix(
    table: &FeatureTable,
    features: &[FittedFeature],
) -> Result<FeatureMatrix, ClusterError> {
    let columns: Vec<&FeatureColumn> =
        features.iter().map(|feature| named(table, &feature.name)).collect::<Result<_, _>>()?;
    let mapped: Vec<Vec<f64>> = features
        .par_iter()
        .zip(&columns)
        .map(|(feature, column)| column.values.iter().map(|&x| map_value(feature, x)).collect())
        .collect();
    interleave(table, &columns, &mapped)
}

fn named<'a>(table: &'a FeatureTable, name: &str) -> Result<&'a FeatureColumn, ClusterError> {
    table.column(name).ok_or_else(|| ClusterError::UnknownFeature {
        feature: name.to_owned(),
        known: table.columns.iter().map(|column| column.name.clone()).collect(),
    })
}

/// p mapped columns -> n x p in row order.
fn interleave(
    table: &FeatureTable,
    columns: &[&FeatureColumn],
    mapped: &[Vec<f64>],
) -> Result<FeatureMatrix, ClusterError> {
    let mut values = Array2::zeros((table.len(), columns.len()));
    for ((column, mapped), mut out) in columns.iter().zip(mapped).zip(values.columns_mut()) {
        for (row, (value, out)) in mapped.iter().zip(&mut out).enumerate() {
            if value.is_nan() || value.abs() > LARGEST {
                return Err(ClusterError::OutOfRange {
                    feature: column.name.clone(),
                    customer: table.customers[row].to_string(),
                    value: column.values[row],
                });
            }
            *out = *value;
        }
    }
    let names = columns.iter().map(|column| column.name.clone()).collect();
    Ok(FeatureMatrix { names, values })
}
