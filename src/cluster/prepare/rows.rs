//! What is clustered, as borrowed columns of n rows: of a run's feature table, or of any table.

use std::sync::Arc;

use crate::cluster::ClusterError;
use crate::features::FeatureTable;
use crate::types::CustomerId;

/// n rows with named columns and perhaps weights. Ties between rows go to the one that stands
/// first: rows sorted by their ids give the same segments in whatever order a file has them.
#[derive(Clone)]
pub struct Rows<'a> {
    n: usize,
    names: Names<'a>,
    columns: Vec<(&'a str, Values<'a>)>,
    weights: Option<&'a [f64]>,
}

/// The values of one column, one a row.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Values<'a> {
    /// Finite; NaN where not defined.
    Numbers(&'a [f64]),
    /// None where missing.
    Texts(&'a [Option<Arc<str>>]),
}

/// How messages call a row.
#[derive(Clone, Copy)]
enum Names<'a> {
    Customers(&'a [CustomerId]),
    By(&'a (dyn Fn(usize) -> String + Sync)),
}

impl<'a> Rows<'a> {
    /// `n` rows without columns so far; messages call row `i` by `name(i)`.
    pub fn new(n: usize, name: &'a (dyn Fn(usize) -> String + Sync)) -> Self {
        Self { n, names: Names::By(name), columns: Vec::new(), weights: None }
    }

    /// Adds a column of numbers, NaN where not defined and never infinite.
    ///
    /// # Panics
    ///
    /// When there is not one value a row.
    #[must_use]
    pub fn numbers(mut self, name: &'a str, values: &'a [f64]) -> Self {
        assert_eq!(values.len(), self.n, "one value of `{name}` a row");
        self.columns.push((name, Values::Numbers(values)));
        self
    }

    /// Adds a categorical column.
    ///
    /// # Panics
    ///
    /// When there is not one value a row.
    #[must_use]
    pub fn texts(mut self, name: &'a str, values: &'a [Option<Arc<str>>]) -> Self {
        assert_eq!(values.len(), self.n, "one value of `{name}` a row");
        self.columns.push((name, Values::Texts(values)));
        self
    }

    /// The same rows, each counting as `weights` says, one a row: a row of weight 2 counts like
    /// two equal rows.
    ///
    /// # Errors
    ///
    /// [`ClusterError::RowWeight`] for a weight that is not finite and above 0.
    ///
    /// # Panics
    ///
    /// When there is not one weight a row.
    pub fn weighted(self, weights: &'a [f64]) -> Result<Self, ClusterError> {
        assert_eq!(weights.len(), self.n, "one weight a row");
        let fault = weights.iter().position(|weight| !(*weight > 0.0 && weight.is_finite()));
        match fault {
            Some(row) => Err(ClusterError::RowWeight { row: self.name(row), weight: weights[row] }),
            None => Ok(Self { weights: Some(weights), ..self }),
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.n
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// How a message calls row `index`.
    pub(crate) fn name(&self, index: usize) -> String {
        match self.names {
            Names::Customers(customers) => customers[index].to_string(),
            Names::By(name) => name(index),
        }
    }

    /// What each row counts, where they do not all count once.
    pub(crate) fn weights(&self) -> Option<&'a [f64]> {
        self.weights
    }

    /// The column called `name`, the first of that name.
    pub(crate) fn named(&self, name: &str) -> Result<Values<'a>, ClusterError> {
        match self.columns.iter().find(|(known, _)| *known == name) {
            Some((_, values)) => Ok(*values),
            None => Err(ClusterError::UnknownFeature {
                feature: name.to_owned(),
                known: self.columns.iter().map(|(known, _)| (*known).to_owned()).collect(),
            }),
        }
    }
}

impl<'a> From<&'a FeatureTable> for Rows<'a> {
    /// The buyers with their features, then the categorical attributes.
    fn from(table: &'a FeatureTable) -> Self {
        let numbers = table.columns.iter();
        let numbers = numbers.map(|column| (column.name.as_str(), Values::Numbers(&column.values)));
        let texts = table.attributes.iter();
        let texts = texts.map(|column| (column.name.as_str(), Values::Texts(&column.values)));
        Self {
            n: table.len(),
            names: Names::Customers(&table.customers),
            columns: numbers.chain(texts).collect(),
            weights: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_is_above_zero_and_finite() {
        let name = |row: usize| format!("c{row}");
        for weight in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let weights = [1.0, weight];
            let error = Rows::new(2, &name).weighted(&weights).err().expect("refused");
            assert!(error.to_string().contains("`c1`"), "{error}");
        }
        let rows = Rows::new(2, &name).numbers("x", &[1.0, 2.0]);
        assert!(matches!(rows.named("y"), Err(ClusterError::UnknownFeature { .. })));
        assert_eq!(rows.weighted(&[0.5, 2.0]).expect("good").weights(), Some(&[0.5, 2.0][..]));
    }
}
