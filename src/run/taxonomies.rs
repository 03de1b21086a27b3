//! The taxonomies of a run: what each is called, what its groups are and what they came to.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::label::rule::Scope;
use crate::label::{Tool, Treatment};
use crate::types::{Bilingual, GroupKey};

/// One taxonomy, as the manifest keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaxonomyRecord {
    /// Its key, such as `pyramid`.
    pub key: String,
    /// Its version.
    pub version: u32,
    /// What it is called.
    pub names: Bilingual,
    /// Whether it names segments or customers.
    pub of: Scope,
    /// Whether it names prospects too.
    pub everyone: bool,
    /// Its column in `assignments.parquet` and exports: `group` of the main one.
    pub column: String,
    /// In the order of the taxonomy.
    pub groups: Vec<GroupRecord>,
    /// What measures were taken from, and what could not be told.
    pub notes: Vec<Bilingual>,
    /// The name that the configuration gives it, or its path there.
    pub name: String,
    /// Its text as it was used.
    pub text: String,
}

/// One group of a taxonomy and what it came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupRecord {
    /// Its key.
    pub key: GroupKey,
    /// Its name.
    pub name: Bilingual,
    /// What it is, in a sentence.
    pub description: Bilingual,
    /// `#rrggbb`.
    pub color: String,
    /// What to do; none where the taxonomy does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub treatment: Option<Treatment>,
    /// Its name in campaign tools, where it is another there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub aliases: BTreeMap<Tool, String>,
    /// Buyers in it.
    pub customers: usize,
    /// Of all buyers.
    pub share_of_customers: f64,
    /// Prospects in it.
    pub prospects: usize,
    /// Sum of `monetary_total`, in the run's currency.
    pub revenue: f64,
    /// Of all buyers' revenue; none where that is not above 0.
    pub share_of_revenue: Option<f64>,
}

impl TaxonomyRecord {
    /// The record of a group; none for a key that the taxonomy does not have.
    pub fn group(&self, key: &GroupKey) -> Option<&GroupRecord> {
        self.groups.iter().find(|group| group.key == *key)
    }
}

/// The column of a further taxonomy: `value-potential` becomes `group_value_potential`.
pub fn column(key: &str) -> String {
    format!("group_{}", key.replace('-', "_"))
}
