//! Assignments + FeatureTable -> Labels: a named business group for every segment, with the
//! rule and the figures that gave the name.
//!
//! [`label`] makes a [`Profile`] of each segment, tries the rules of a [`Taxonomy`] on it in
//! order, and takes the first that holds; the last always does. With prototypes the nearest ideal
//! profile gives the name. [`label_customers`] does the same for every customer, by a taxonomy
//! whose rules speak of one customer; such a taxonomy names a segment by the group that most of
//! its customers are in. [`names()`] does all of it by several taxonomies at once. [`judge`] puts the
//! judgements of people, kept in [`Overrides`], in place of names by rule. [`lint`] tells what is wrong
//! with a taxonomy before it is used. Reads no files.

mod apart;
#[cfg(test)]
mod built_in_tests;
mod customers;
#[cfg(test)]
mod customers_tests;
mod error;
mod fault;
mod fidelity;
mod figures;
mod judgement;
mod lint;
mod margin;
mod names;
mod notes;
mod phrases;
mod population;
mod profile;
mod prototype;
mod read;
mod reason;
pub mod rule;
mod segments;
mod taxonomy;
#[cfg(test)]
mod tests;
mod tool;
mod vocabulary;
mod words;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::types::{Bilingual, GroupKey};

pub use apart::{ApartFeature, SetApart, set_apart};
pub use customers::{CustomerLabels, CustomerReason, GroupCount, customer_reason, label_customers};
pub use error::{LabelError, Place, Severity};
pub use fault::{Fault, MAX_NAME};
pub use judgement::{
    Baseline, DRIFT_LIMIT, Decision, Drift, EntryStatus, GroupCard, Judgement, Named,
    OverrideEntry, Overrides, Standpoint, Statement, baseline, group_among, judge, segment_among,
};
pub use lint::{Finding, LintOptions, Seen, lint, run_warnings};
pub use names::{Names, Scheme, names};
pub use phrases::in_vietnamese;
pub use profile::profiles;
pub use segments::label;
pub(crate) use taxonomy::edits;
pub use taxonomy::{
    AttributeKind, BUILT_IN, Group, Ideal, IdealValue, Meaning, Measure, Mode, Taxonomy, Treatment,
    Way,
};
pub use tool::Tool;
pub use vocabulary::{
    feature as feature_in_words, layer as layer_in_words, layers as layers_in_words,
    method as method_in_words, step as step_in_words, value as value_in_words,
};
pub use words::in_words as figure_in_words;

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
    /// Share of the segment's customers who would meet the rule, be nearest to the prototype, or
    /// are in the group, by themselves.
    pub fidelity: f64,
    /// What to do with them; none where the taxonomy does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub treatment: Option<Treatment>,
    /// The group that comes second; none where nothing measurable could change the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runner_up: Option<RunnerUp>,
    /// The judgement of a person that gave the group; none where the rule did. With it `rule` and
    /// `fidelity` are those of the group that the rule gave, kept in [`Judgement::by_rule`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judgement: Option<Judgement>,
}

/// The group that somebody would be in if figures were a little different.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunnerUp {
    /// Key of the group.
    pub group: GroupKey,
    /// Its name.
    pub name: Bilingual,
    /// How far it is from there, in `unit`. Below 0 where the runner-up is nearer and had to be
    /// given to another segment (`assignment = "one_to_one"`).
    pub margin: f64,
    /// What the margin counts.
    pub unit: MarginUnit,
}

/// What a margin counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarginUnit {
    /// Spreads of the figures in the rule (for features, robust standard deviations of
    /// customers): how far all of them must move before the name changes.
    Spreads,
    /// Places among all customers, as a share of them: how much farther the runner-up's ideal
    /// profile is.
    Places,
    /// Share of the segment's customers: how many more are in the group than in the runner-up.
    Customers,
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
    /// What measures were taken from, and what could not be told.
    pub notes: Vec<Bilingual>,
}
