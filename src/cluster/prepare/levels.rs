//! A categorical attribute of n customers -> its levels and the column of each; the names of all
//! columns of the clustered matrix.
//!
//! One-hot: a level has a column that holds [`FittedCategory::value`] for its customers and 0 for
//! all others. Two customers of different levels are therefore 2 value² apart (squared), the
//! mismatch cost of k-prototypes (Huang 1998, doi:10.1023/A:1009769707641) with γ = 2 value²;
//! centres are shares of levels instead of modes. At weight 1 that is what the squared difference
//! of two customers is on average in a number of the vector's scale: twice its variance.
//!
//! Who has no level has 0 in every column, value² from each level: half a mismatch, no level
//! guessed and none preferred. Under [`Missing::Indicator`] having none is a level like others.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::scaler::spread;
use crate::cluster::{FeatureSpec, FittedFeature, Missing};

/// A categorical attribute with all that maps a level into the clustered space: one column a
/// level, and a last one for none where that is told apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FittedCategory {
    /// Name of the attribute.
    pub name: String,
    /// The levels of the month of the fit, sorted by their bytes.
    pub levels: Vec<String>,
    /// Whether having no level is a level of its own.
    pub missing: bool,
    /// What the column of a level holds for its customers: the weight times the standard
    /// deviation of a number of the vector's scale; 0 where there is one column alone, which
    /// maps to 0 like a constant number.
    pub value: f64,
}

/// Fits `spec` to `values` (n, none where missing): the levels, and how many customers have none.
/// `None` when nobody has one.
pub(crate) fn fit_levels(
    spec: &FeatureSpec,
    values: &[Option<Arc<str>>],
) -> Option<(FittedCategory, usize)> {
    let distinct: BTreeSet<&str> = values.iter().flatten().map(AsRef::as_ref).collect();
    if distinct.is_empty() {
        return None;
    }
    let none = values.iter().filter(|value| value.is_none()).count();
    let missing = spec.missing == Missing::Indicator && none > 0;
    let constant = distinct.len() + usize::from(missing) == 1;
    let category = FittedCategory {
        name: spec.name.clone(),
        levels: distinct.into_iter().map(str::to_owned).collect(),
        missing,
        value: if constant { 0.0 } else { spec.weight * spread(spec.scale) },
    };
    Some((category, none))
}

impl FittedCategory {
    /// The column that holds the value of a customer of `level`; none for a customer who has 0
    /// in all. A level that the model does not know is none.
    pub(crate) fn column(&self, level: Option<&str>) -> Option<usize> {
        let known = level.and_then(|level| self.position(level));
        known.or_else(|| self.missing.then_some(self.levels.len()))
    }

    /// Whether the model was fitted with `level`.
    pub(crate) fn knows(&self, level: &str) -> bool {
        self.position(level).is_some()
    }

    fn position(&self, level: &str) -> Option<usize> {
        self.levels.binary_search_by(|known| known.as_str().cmp(level)).ok()
    }
}

/// One column of the clustered matrix. As text it is `recency_days`, `income=50-74K`, or
/// `income=null` for those without a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MatrixColumn<'a> {
    /// The feature it belongs to.
    pub feature: &'a str,
    /// What it tells of the feature.
    pub kind: ColumnKind<'a>,
}

/// What a column of the clustered matrix tells of its feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind<'a> {
    /// Its value.
    Number,
    /// Whether it has this level.
    Level(&'a str),
    /// Whether it has no value.
    Missing,
}

impl fmt::Display for MatrixColumn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            ColumnKind::Number => f.write_str(self.feature),
            ColumnKind::Level(level) => write!(f, "{}={level}", self.feature),
            ColumnKind::Missing => write!(f, "{}=null", self.feature),
        }
    }
}

impl FittedFeature {
    /// Name of the column or attribute of the feature table.
    pub fn name(&self) -> &str {
        match self {
            Self::Numeric(number) => &number.name,
            Self::Categorical(category) => &category.name,
        }
    }

    /// Its columns in the clustered matrix, in order; at least one.
    pub fn columns(&self) -> Vec<MatrixColumn<'_>> {
        let column = |kind| MatrixColumn { feature: self.name(), kind };
        let (mut columns, missing) = match self {
            Self::Numeric(number) => (vec![column(ColumnKind::Number)], number.indicator.is_some()),
            Self::Categorical(category) => {
                let levels = category.levels.iter();
                (levels.map(|level| column(ColumnKind::Level(level))).collect(), category.missing)
            }
        };
        if missing {
            columns.push(column(ColumnKind::Missing));
        }
        columns
    }
}

#[cfg(test)]
#[path = "levels_tests.rs"]
mod tests;
