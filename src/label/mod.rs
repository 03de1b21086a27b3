//! Assignments + FeatureTable -> Labels: a named business group for every segment, with the
//! rule and the figures that gave the name.
//!
//! [`label`] makes a [`Profile`] of each segment, tries the rules of a [`Taxonomy`] on it in
//! order, and takes the first that holds; the last always does. [`lint`] tells what is wrong
//! with a taxonomy before it is used. Names single segments, not single customers; reads no
//! files.

mod error;
mod fidelity;
mod lint;
mod profile;
mod read;
mod reason;
pub mod rule;
mod taxonomy;
#[cfg(test)]
mod tests;
mod words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::features::FeatureTable;
use crate::types::{Bilingual, GroupKey};

pub use error::{Fault, LabelError, MAX_NAME, Place, Severity};
pub use lint::{Finding, lint};
pub use profile::profiles;
pub use taxonomy::{BUILT_IN, Group, Taxonomy};

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

/// Profiles of all buyers and of each segment, by cluster index.
#[derive(Clone, Debug, PartialEq)]
pub struct Profiles {
    /// All buyers together.
    pub population: Profile,
    /// One a segment.
    pub segments: Vec<Profile>,
}

/// Profiles and names of all segments, by cluster index.
#[derive(Clone, Debug, PartialEq)]
pub struct Labels {
    /// All buyers together.
    pub population: Profile,
    /// One a segment.
    pub segments: Vec<(Profile, Label)>,
}

/// Names segments 0 to k - 1.
///
/// `segment_of` has one number below `k` for each buyer of `table`, in its order. Two segments
/// may get the same group. A statistic of a feature that the table lacks, or that no customer
/// of the segment has, is undefined: comparisons with it are false and the reason says so.
///
/// # Errors
///
/// As [`profiles`].
pub fn label(
    table: &FeatureTable,
    segment_of: &[u32],
    k: usize,
    taxonomy: &Taxonomy,
) -> Result<Labels, LabelError> {
    let Profiles { population, segments } = profiles(table, segment_of, k)?;
    let groups = taxonomy.groups();
    let asked = groups.iter().flat_map(|group| group.rule.statistics());
    let percentiles = profile::Percentiles::of(table, asked);
    let mut chosen = Vec::with_capacity(k);
    let mut reasons = Vec::with_capacity(k);
    for segment in &segments {
        let scene =
            reason::Scene { table, segment, population: &population, percentiles: &percentiles };
        let index = groups.iter().position(|group| scene.meets(&group.rule));
        let index = index.unwrap_or(groups.len() - 1);
        reasons.push(reason::reason(&groups[index], &groups[..index], &scene));
        chosen.push(index);
    }
    let fidelities =
        fidelity::fidelities(table, segment_of, groups, &chosen, |statistic, segment| {
            percentiles.figure(statistic, &segments[segment], &population)
        });
    let labels = chosen.into_iter().zip(reasons).zip(fidelities);
    let labels = labels.map(|((index, reason), fidelity)| {
        let group = &groups[index];
        Label {
            group: group.key.clone(),
            name: group.name.clone(),
            description: group.description.clone(),
            color: group.color.clone(),
            rule: group.rule.text().into(),
            reason,
            fidelity,
        }
    });
    let labels: Vec<Label> = labels.collect();
    Ok(Labels { population, segments: segments.into_iter().zip(labels).collect() })
}
