//! What the feature stage hands on: one row a customer, one named column a feature.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::types::CustomerId;

/// The unit of a feature, kept beside every figure that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Whole or fractional days.
    Days,
    /// A count of orders, days or returns.
    Count,
    /// Units of the configuration's currency.
    Money,
    /// A share or probability in [0, 1].
    Share,
    /// A score from 1 to 5.
    Score,
    /// A dimensionless ratio.
    Ratio,
    /// A value taken from the customer table as it stands.
    Attribute,
}

/// One feature of all customers, in the order of [`FeatureTable::customers`].
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureColumn {
    /// Name as in the files of a run.
    pub name: String,
    /// Unit of the values.
    pub unit: Unit,
    /// One value a customer; NaN where the feature is not defined for the customer.
    pub values: Vec<f64>,
}

/// A categorical attribute of all customers, in the order of [`FeatureTable::customers`].
#[derive(Clone, Debug, PartialEq)]
pub struct AttributeColumn {
    /// Name as in the customer table.
    pub name: String,
    /// One value a customer; `None` where the customer table has none.
    pub values: Vec<Option<Arc<str>>>,
}

/// Columns of text beside the attributes: the stage of the lifecycle, and how figures were made.
pub const METHOD_COLUMNS: [&str; 5] =
    ["lifecycle_stage", "clv_method", "clv_reason", "wallet_source", "wallet_strategy"];

/// One row a buyer, sorted by customer id, without duplicates; every column has a value (or
/// NaN) for every buyer and no value is infinite.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FeatureTable {
    /// Customers with at least one purchase in the window, sorted.
    pub customers: Vec<CustomerId>,
    /// Numeric features.
    pub columns: Vec<FeatureColumn>,
    /// Attributes for profiles.
    pub attributes: Vec<AttributeColumn>,
    /// `lifecycle_stage`, and how figures were made (`clv_method` and the like), one text a
    /// customer. Not for profiles.
    pub methods: Vec<AttributeColumn>,
    /// Customers of the customer table, or with returns alone, who bought nothing: sorted.
    pub prospects: Vec<CustomerId>,
    /// What is known of prospects, one value each in the order of `prospects`, NaN for undefined:
    /// interactions and the days since first contact, where there are tables of them.
    pub prospect_columns: Vec<FeatureColumn>,
    /// Effective number of bins of each score column: fewer than five when ties collapse them.
    pub effective_bins: BTreeMap<String, usize>,
}

impl FeatureTable {
    /// Number of buyers.
    pub fn len(&self) -> usize {
        self.customers.len()
    }

    /// Whether there is no buyer.
    pub fn is_empty(&self) -> bool {
        self.customers.is_empty()
    }

    /// The feature called `name`.
    pub fn column(&self, name: &str) -> Option<&FeatureColumn> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The categorical attribute called `name`.
    pub fn attribute(&self, name: &str) -> Option<&AttributeColumn> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }
}
