//! Assignments + FeatureTable -> Labels: a named business group for every segment, with the
//! rule and the figures that gave the name.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::types::{Bilingual, GroupKey};

/// What a segment, or the whole population, looks like in business units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Customers in it.
    pub customers: usize,
    /// Of all buyers, in [0, 1].
    pub share_of_customers: f64,
    /// Sum of `monetary_total`, in the run's currency.
    pub revenue: f64,
    /// Of all buyers' revenue; none where that is not above 0.
    pub share_of_revenue: Option<f64>,
    /// Median of each feature over the customers for whom it is defined; a feature that is
    /// defined for none is absent.
    pub medians: BTreeMap<String, f64>,
    /// Mean of each feature, likewise.
    pub means: BTreeMap<String, f64>,
    /// For each attribute, the customers with each value; `null` (as text) for none.
    pub attributes: BTreeMap<String, BTreeMap<String, usize>>,
}

/// The name of one segment and why it has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// Key of the group.
    pub group: GroupKey,
    /// Its name.
    pub name: Bilingual,
    /// What the group is, in a sentence.
    pub description: Bilingual,
    /// Colour for charts, `#rrggbb`.
    pub color: String,
    /// The rule as written in the taxonomy.
    pub rule: String,
    /// The rule with the segment's figures beside it, in a sentence.
    pub reason: Bilingual,
    /// Share of the segment's customers who would meet the rule by themselves.
    pub fidelity: f64,
}
