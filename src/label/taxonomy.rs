//! TOML text -> [`Taxonomy`]: named groups in the order in which their rules are tried.
//!
//! A taxonomy that exists has unique keys, names and descriptions in both languages, and rules
//! that can be read, of which the last always holds; or prototypes. Everyone whom it names gets a
//! group. The features that it speaks of are checked apart, by [`Taxonomy::check`], as only the
//! caller knows which exist. Files are read by the caller.

use std::collections::BTreeMap;

use super::error::{LabelError, Place, Severity};
use super::fault::Fault;
use super::read::read;
use super::rule::{Formula, Percent, Rule, Scope, Statistic};
use super::tool::Tool;
use crate::features::FeatureTable;
use crate::types::{Bilingual, GroupKey};

/// The taxonomies that are compiled in: name and text.
pub const BUILT_IN: [(&str, &str); 9] = [
    ("rfm", include_str!("../../taxonomies/rfm.toml")),
    ("benefit", include_str!("../../taxonomies/benefit.toml")),
    ("pyramid", include_str!("../../taxonomies/pyramid.toml")),
    ("relationship", include_str!("../../taxonomies/relationship.toml")),
    ("value-potential", include_str!("../../taxonomies/value-potential.toml")),
    ("loyalty-level", include_str!("../../taxonomies/loyalty-level.toml")),
    ("wallet-matrix", include_str!("../../taxonomies/wallet-matrix.toml")),
    ("lifespan-value", include_str!("../../taxonomies/lifespan-value.toml")),
    ("lifecycle", include_str!("../../taxonomies/lifecycle.toml")),
];

/// A naming scheme.
#[derive(Clone, Debug)]
pub struct Taxonomy {
    /// Its key, such as `rfm`.
    pub key: String,
    /// From 1; raised when a change of its rules may change names.
    pub version: u32,
    /// What the scheme is called.
    pub names: Bilingual,
    /// Whether it names segments (`of = "segments"`, the default) or customers.
    pub of: Scope,
    /// Who is named where it names customers: `population = "everyone"`, buyers and prospects, or
    /// `"buyers"`, the default.
    pub everyone: bool,
    /// `mode` and, with prototypes, `assignment`.
    pub mode: Mode,
    pub(super) measures: Vec<Measure>,
    pub(super) attributes: BTreeMap<String, AttributeKind>,
    pub(super) without: Vec<Without>,
    pub(super) groups: Vec<Group>,
}

/// How groups are told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// By rules, the first that holds.
    #[default]
    Rules,
    /// By ideal profiles; several segments may get one group: each the nearest.
    ManyToOne,
    /// By ideal profiles; the sum of all distances is least where no two segments share a group.
    OneToOne,
}

/// What an attribute of the customer table holds, as a taxonomy expects it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeKind {
    /// Numbers.
    Number,
    /// Texts.
    Text,
}

/// A figure of one customer that is calculated in one of several ways: the first for which the
/// run has every feature.
#[derive(Clone, Debug)]
pub struct Measure {
    /// Its name in rules.
    pub key: String,
    /// In words.
    pub name: Bilingual,
    /// The ways, the best first, each with the words for it.
    pub ways: Vec<Way>,
}

/// One way of a [`Measure`].
#[derive(Clone, Debug)]
pub struct Way {
    /// The calculation.
    pub formula: Formula,
    /// In words.
    pub name: Bilingual,
    /// Where the file names each of its statistics.
    pub(super) places: Vec<Place>,
}

/// What cannot be told where a run lacks a feature.
#[derive(Clone, Debug)]
pub(super) struct Without {
    /// Of which one is missing.
    pub features: Vec<(String, Place)>,
    /// What cannot be told.
    pub text: Bilingual,
}

/// What to do with the customers of a group.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Treatment {
    /// What to do.
    #[serde(rename = "do")]
    pub action: Bilingual,
    /// By which channel.
    pub channel: Bilingual,
    /// What to avoid.
    pub avoid: Bilingual,
}

/// One named group of a taxonomy.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its key.
    pub key: GroupKey,
    /// Its name.
    pub name: Bilingual,
    /// What it is, in a sentence.
    pub description: Bilingual,
    /// `#rrggbb`.
    pub color: String,
    /// When somebody belongs to it.
    pub meaning: Meaning,
    /// What to do; a taxonomy of one's own may leave it out.
    pub treatment: Option<Treatment>,
    /// Its name in campaign tools, where it is another there.
    pub aliases: BTreeMap<Tool, String>,
    /// Where the group begins in the file.
    pub(super) place: Place,
    /// Where the file names each of the rule's statistics or the prototype's features.
    pub(super) places: Vec<Place>,
    /// Where the names stand, in English and Vietnamese.
    pub(super) name_places: [Place; 2],
    /// Where the descriptions stand, in English and Vietnamese.
    pub(super) description_places: [Place; 2],
    /// Where the rule's text begins.
    pub(super) rule_place: Place,
}

/// When a segment or customer belongs to a group.
#[derive(Clone, Debug)]
pub enum Meaning {
    /// Where this rule holds and none before it.
    Rule(Rule),
    /// Where this profile is the nearest.
    Prototype(Vec<Ideal>),
}

/// The value that a group's ideal profile has of one feature.
#[derive(Clone, Debug, PartialEq)]
pub struct Ideal {
    /// The feature.
    pub feature: String,
    /// Its value.
    pub value: IdealValue,
}

/// A value of an ideal profile.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum IdealValue {
    /// In business units.
    Number(f64),
    /// That of all customers at this percentile.
    Percentile(Percent),
}

impl Group {
    /// Its rule; none with prototypes.
    pub fn rule(&self) -> Option<&Rule> {
        match &self.meaning {
            Meaning::Rule(rule) => Some(rule),
            Meaning::Prototype(_) => None,
        }
    }

    /// Rule or prototype as text.
    pub fn text(&self) -> String {
        match &self.meaning {
            Meaning::Rule(rule) => rule.text().into(),
            Meaning::Prototype(ideals) => {
                let shown = |ideal: &Ideal| match ideal.value {
                    IdealValue::Number(value) => format!("{} = {value}", ideal.feature),
                    IdealValue::Percentile(percent) => format!("{} = p{percent}", ideal.feature),
                };
                ideals.iter().map(shown).collect::<Vec<_>>().join(", ")
            }
        }
    }

    /// Whether it takes whoever no rule above took.
    pub fn is_rest(&self) -> bool {
        self.rule().is_some_and(|rule| rule.constant() == Some(true))
    }
}

impl Taxonomy {
    /// The taxonomy compiled in under `name`.
    ///
    /// # Errors
    ///
    /// [`LabelError::UnknownTaxonomy`].
    pub fn built_in(name: &str) -> Result<Self, LabelError> {
        match BUILT_IN.iter().find(|(known, _)| *known == name) {
            Some((_, text)) => Self::parse(name, text),
            None => {
                let known = BUILT_IN.map(|(known, _)| known).join(", ");
                Err(LabelError::UnknownTaxonomy { name: name.into(), known })
            }
        }
    }

    /// Reads a taxonomy; `name` (a path, for a file) is used in messages.
    ///
    /// # Errors
    ///
    /// [`LabelError::Taxonomy`] with the first fault in the order of the text;
    /// [`super::lint`] gives all of them.
    pub fn parse(name: &str, text: &str) -> Result<Self, LabelError> {
        let (taxonomy, faults) = read(name, text);
        let error = faults.into_iter().find(|(_, fault)| fault.severity() == Severity::Error);
        match (error, taxonomy) {
            (None, Some(taxonomy)) => Ok(taxonomy),
            (Some((place, fault)), _) => Err(LabelError::Taxonomy { place, fault: fault.into() }),
            (None, None) => {
                let place = Place::of(name, text, 0);
                Err(LabelError::Taxonomy { place, fault: Fault::NoGroup.into() })
            }
        }
    }

    /// The groups in the order in which their rules are tried; at least one.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The figures that are calculated in the first way possible.
    pub fn measures(&self) -> &[Measure] {
        &self.measures
    }

    /// Whether rules name `feature` as a measure or an attribute of the customer table.
    pub(super) fn declares(&self, feature: &str) -> bool {
        self.attributes.contains_key(feature)
            || self.measures.iter().any(|measure| measure.key == feature)
    }

    /// Every statistic, who asks for it, and where; those inside a statistic follow it.
    pub(super) fn mentions(&self) -> Vec<Mention<'_>> {
        let mut found = Vec::new();
        for measure in &self.measures {
            for way in &measure.ways {
                let of = format!("measure `{}`", measure.key);
                for ((statistic, _), place) in way.formula.mentions().into_iter().zip(&way.places) {
                    found.push(Mention { statistic, of: of.clone(), place });
                }
            }
        }
        for group in &self.groups {
            let Meaning::Rule(rule) = &group.meaning else { continue };
            let of = format!("rule of group `{}`", group.key);
            for ((statistic, _), place) in rule.mentions().into_iter().zip(&group.places) {
                found.push(Mention { statistic, of: of.clone(), place });
            }
        }
        found
    }

    /// Checks what the text alone does not show: that every feature of the rules is among `known`,
    /// declared as an attribute, or a measure; that texts and numbers are used as such (`table`
    /// tells the kind of attributes); and that every group can be given.
    ///
    /// # Errors
    ///
    /// [`LabelError::Taxonomy`] with the first error in the order of the text.
    pub fn check(&self, known: &[&str], table: Option<&FeatureTable>) -> Result<(), LabelError> {
        let mut faults = self.unknown_features(known);
        faults.extend(super::lint::beyond_the_text(self, table));
        faults.retain(|(_, fault)| fault.severity() == Severity::Error);
        faults.sort_by(|left, right| left.0.cmp(&right.0));
        match faults.into_iter().next() {
            Some((place, fault)) => Err(LabelError::Taxonomy { place, fault: fault.into() }),
            None => Ok(()),
        }
    }

    /// Every mention of a feature that is not among `known`, in the order of the text.
    pub(super) fn unknown_features(&self, known: &[&str]) -> Vec<(Place, Fault)> {
        let mut named: Vec<(String, &str, &Place)> = Vec::new();
        for mention in self.mentions() {
            if let Some(feature) = mention.statistic.feature() {
                named.push((mention.of, feature, mention.place));
            }
        }
        for group in &self.groups {
            if let Meaning::Prototype(ideals) = &group.meaning {
                let of = format!("prototype of group `{}`", group.key);
                let each = ideals.iter().zip(&group.places);
                named.extend(each.map(|(ideal, place)| (of.clone(), &*ideal.feature, place)));
            }
        }
        for without in &self.without {
            let each = without.features.iter();
            named.extend(each.map(|(name, place)| ("`without`".to_owned(), &**name, place)));
        }
        let mut faults = Vec::new();
        for (of, feature, place) in named {
            if known.contains(&feature) || self.declares(feature) {
                continue;
            }
            let measures = self.measures.iter().map(|measure| measure.key.as_str());
            let all: Vec<&str> = known.iter().copied().chain(measures).collect();
            let near = all.iter().map(|name| (edits(feature, name), *name)).min();
            let near = near.filter(|(distance, _)| *distance <= 3).map(|(_, name)| name.into());
            let (feature, known) = (feature.to_owned(), known.join(", "));
            faults.push((place.clone(), Fault::UnknownFeature { of, feature, near, known }));
        }
        faults.sort_by(|left, right| left.0.cmp(&right.0));
        faults
    }
}

/// A statistic, who asks for it, and where.
pub(super) struct Mention<'a> {
    pub statistic: &'a Statistic,
    /// `rule of group …` or `measure …`.
    pub of: String,
    pub place: &'a Place,
}

/// Levenshtein distance in characters.
pub(crate) fn edits(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[right.len()]
}
