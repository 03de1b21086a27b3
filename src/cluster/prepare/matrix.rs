//! Rows (n customers) -> FeatureMatrix (n x p) in the clustered space.
//!
//! A number gives one column, a categorical attribute one a level. What is not defined is filled
//! with the median, or has no level; both are counted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ndarray::Array2;
use rayon::prelude::*;

use super::levels::{ColumnKind, fit_levels};
use super::rows::{Rows, Values};
use super::scaler::{fit_feature, map_value};
use crate::cluster::kernel::Points;
use crate::cluster::{
    ClusterError, FeatureSpec, FittedCategory, FittedFeature, FittedNumber, LARGEST_WEIGHT,
};

/// Largest size of a value in the clustered space: its square, summed, is still finite.
const LARGEST: f64 = 1e100;

/// The vector of every customer as it is clustered: n x p, in row order, every value finite.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureMatrix {
    /// p names, in the order of the columns: `recency_days`, `income=50-74K`.
    pub names: Vec<String>,
    /// Whether a column is 0 for some customers and one other value for the rest.
    pub indicator: Vec<bool>,
    /// n rows in the order of the table's customers, p columns.
    pub values: Array2<f64>,
}

impl FeatureMatrix {
    /// What is typical of each cluster, k rows of p: the median of a number; of an indicator, of
    /// which the median tells next to nothing, the mean. An empty cluster has zeros. `cluster`
    /// has one number below `k` a row.
    pub fn cluster_typical(&self, cluster: &[u32], k: usize) -> Vec<Vec<f64>> {
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); k];
        for (row, &cluster) in cluster.iter().enumerate() {
            members[cluster as usize].push(row);
        }
        let typical = |rows: &[usize], column: usize| {
            let mut values: Vec<f64> = rows.iter().map(|&row| self.values[[row, column]]).collect();
            if self.indicator[column] && !values.is_empty() {
                return values.iter().sum::<f64>() / values.len() as f64;
            }
            values.sort_unstable_by(f64::total_cmp);
            match values.len() {
                0 => 0.0,
                n if n % 2 == 1 => values[n / 2],
                n => f64::midpoint(values[n / 2 - 1], values[n / 2]),
            }
        };
        members
            .iter()
            .map(|rows| (0..self.values.ncols()).map(|column| typical(rows, column)).collect())
            .collect()
    }

    /// The rows for the kernels.
    pub(crate) fn points(&self) -> Points<'_> {
        let values = self.values.as_slice().expect("built in row order");
        Points { values, n: self.values.nrows(), p: self.values.ncols(), weights: None }
    }
}

/// What a model has to do without in a table, by feature, where anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gaps {
    /// Customers whose undefined number is filled with the median.
    pub filled: BTreeMap<String, usize>,
    /// Customers without a value of a categorical attribute.
    pub missing: BTreeMap<String, usize>,
    /// Customers of a level that the model was not fitted with, who count as without a value: by
    /// attribute and level.
    pub unseen: BTreeMap<String, BTreeMap<String, usize>>,
    /// With layers, customers of a stage (`at_risk`) or a string (`active: value 2, activity 1`) that
    /// the model was not fitted with, who go to the nearest.
    pub elsewhere: BTreeMap<String, usize>,
}

/// A matrix with what was fitted on the way to it.
pub(crate) struct FittedMatrix {
    pub matrix: FeatureMatrix,
    pub features: Vec<FittedFeature>,
    /// Customers filled, by number, where any.
    pub filled: Vec<(String, usize)>,
    /// Customers without a level, by attribute, where any.
    pub missing: Vec<(String, usize)>,
}

/// A fitted feature beside the values it is to map.
#[derive(Clone, Copy)]
enum Paired<'a> {
    Number(&'a FittedNumber, &'a [f64]),
    Category(&'a FittedCategory, &'a [Option<Arc<str>>]),
}

impl<'a> Paired<'a> {
    fn of(rows: &Rows<'a>, feature: &'a FittedFeature) -> Result<Self, ClusterError> {
        let (was, is) = match (feature, rows.named(feature.name())?) {
            (FittedFeature::Numeric(number), Values::Numbers(values)) => {
                return Ok(Self::Number(number, values));
            }
            (FittedFeature::Categorical(category), Values::Texts(values)) => {
                return Ok(Self::Category(category, values));
            }
            (FittedFeature::Numeric(_), Values::Texts(_)) => ("a number", "text"),
            (FittedFeature::Categorical(_), Values::Numbers(_)) => ("text", "a number"),
        };
        Err(ClusterError::KindChanged { feature: feature.name().to_owned(), was, is })
    }

    fn all(rows: &Rows<'a>, features: &'a [FittedFeature]) -> Result<Vec<Self>, ClusterError> {
        features.iter().map(|feature| Self::of(rows, feature)).collect()
    }

    /// Writes the columns of the customer of `row`, which are all 0 so far.
    fn write(self, row: usize, columns: &mut [f64]) {
        match self {
            Self::Number(number, values) => {
                columns[0] = map_value(number, values[row]);
                if let Some(indicator) = number.indicator
                    && values[row].is_nan()
                {
                    columns[1] = indicator;
                }
            }
            Self::Category(category, values) => {
                if let Some(column) = category.column(values[row].as_deref()) {
                    columns[column] = category.value;
                }
            }
        }
    }
}

/// Fits the transform, scale or levels of every feature and maps the rows.
pub(crate) fn fit_matrix(rows: &Rows, specs: &[FeatureSpec]) -> Result<FittedMatrix, ClusterError> {
    check(specs)?;
    let sources: Vec<Values> =
        specs.iter().map(|spec| rows.named(&spec.name)).collect::<Result<_, _>>()?;
    if rows.is_empty() {
        return Err(ClusterError::NoCustomers);
    }
    // One feature a task: each is fitted on its own thread in the order of its rows.
    let fitted: Vec<_> = specs
        .par_iter()
        .zip(&sources)
        .map(|(spec, source)| match *source {
            Values::Numbers(values) => fit_feature(spec, values, rows.weights())
                .map(|(number, _, filled)| (FittedFeature::Numeric(number), filled)),
            Values::Texts(values) => fit_levels(spec, values)
                .map(|(category, none)| (FittedFeature::Categorical(category), none)),
        })
        .collect();
    let mut features = Vec::with_capacity(specs.len());
    let (mut filled, mut missing) = (Vec::new(), Vec::new());
    for (fitted, spec) in fitted.into_iter().zip(specs) {
        let (feature, without) = fitted.ok_or_else(|| ClusterError::UndefinedFeature {
            feature: spec.name.clone(),
            customers: rows.len(),
        })?;
        let counts = match &feature {
            FittedFeature::Numeric(_) => &mut filled,
            FittedFeature::Categorical(category) if spec.numeric => {
                return Err(ClusterError::NotNumeric {
                    feature: spec.name.clone(),
                    example: category.levels.first().cloned().unwrap_or_default(),
                });
            }
            FittedFeature::Categorical(_) => &mut missing,
        };
        if without > 0 {
            counts.push((spec.name.clone(), without));
        }
        features.push(feature);
    }
    let matrix = map_matrix(rows, &features)?;
    Ok(FittedMatrix { matrix, features, filled, missing })
}

/// The rules of a vector that need no data.
fn check(specs: &[FeatureSpec]) -> Result<(), ClusterError> {
    let mut seen = BTreeSet::new();
    for spec in specs {
        if !seen.insert(spec.name.as_str()) {
            return Err(ClusterError::DuplicateFeature { feature: spec.name.clone() });
        }
        if !(0.0..=LARGEST_WEIGHT).contains(&spec.weight) {
            let (feature, weight) = (spec.name.clone(), spec.weight);
            return Err(ClusterError::Weight { feature, weight });
        }
    }
    if specs.is_empty() { Err(ClusterError::NoFeatures) } else { Ok(()) }
}

/// Maps rows by features fitted before, be it on these or on others.
pub(crate) fn map_matrix(
    rows: &Rows,
    features: &[FittedFeature],
) -> Result<FeatureMatrix, ClusterError> {
    let pairs = Paired::all(rows, features)?;
    let columns: Vec<_> = features.iter().map(FittedFeature::columns).collect();
    let names: Vec<String> = columns.iter().flatten().map(ToString::to_string).collect();
    let mut seen = BTreeSet::new();
    if let Some(column) = names.iter().find(|name| !seen.insert(name.as_str())) {
        return Err(ClusterError::SameColumn { column: column.clone() });
    }
    let mut values = Array2::zeros((rows.len(), names.len()));
    values.outer_iter_mut().into_par_iter().enumerate().for_each(|(row, mut values)| {
        let mut rest = values.as_slice_mut().unwrap_or_default();
        for (pair, columns) in pairs.iter().zip(&columns) {
            let (own, others) = rest.split_at_mut(columns.len());
            pair.write(row, own);
            rest = others;
        }
    });
    let mut place = 0;
    for (pair, columns) in pairs.iter().zip(&columns) {
        if let Paired::Number(number, business) = pair {
            let too_large = |value: &f64| value.is_nan() || value.abs() > LARGEST;
            if let Some(row) = values.column(place).iter().position(too_large) {
                return Err(ClusterError::OutOfRange {
                    feature: number.name.clone(),
                    customer: rows.name(row),
                    value: business[row],
                });
            }
        }
        place += columns.len();
    }
    let indicator = columns.iter().flatten().map(|c| c.kind != ColumnKind::Number).collect();
    Ok(FeatureMatrix { names, indicator, values })
}

/// What `features` have to do without in `rows`.
pub(crate) fn gaps(rows: &Rows, features: &[FittedFeature]) -> Result<Gaps, ClusterError> {
    let mut gaps = Gaps::default();
    for pair in Paired::all(rows, features)? {
        let (counts, name, without) = match pair {
            Paired::Number(number, values) => {
                let without = values.iter().filter(|value| value.is_nan()).count();
                (&mut gaps.filled, &number.name, without)
            }
            Paired::Category(category, values) => {
                for text in values.iter().flatten().filter(|text| !category.knows(text)) {
                    let levels = gaps.unseen.entry(category.name.clone()).or_default();
                    *levels.entry(text.to_string()).or_default() += 1;
                }
                let without = values.iter().filter(|value| value.is_none()).count();
                (&mut gaps.missing, &category.name, without)
            }
        };
        if without > 0 {
            counts.insert(name.clone(), without);
        }
    }
    Ok(gaps)
}
