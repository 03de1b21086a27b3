//! TOML text -> [`Taxonomy`]: named groups in the order in which their rules are tried.
//!
//! A taxonomy that exists has unique keys, names and descriptions in both languages, rules that
//! can be read, and a last rule that always holds: every segment gets a group. The features
//! that the rules name are checked apart, by [`Taxonomy::check`], as only the caller knows
//! which exist. Files are read by the caller.

use super::error::{Fault, LabelError, Place, Severity};
use super::read::read;
use super::rule::Rule;
use crate::types::{Bilingual, GroupKey};

/// The taxonomies that are compiled in: name and text.
pub const BUILT_IN: [(&str, &str); 1] = [("rfm", include_str!("../../taxonomies/rfm.toml"))];

/// A naming scheme.
#[derive(Clone, Debug)]
pub struct Taxonomy {
    /// Its key, such as `rfm`.
    pub key: String,
    /// From 1; raised when a change of its rules may change names.
    pub version: u32,
    /// What the scheme is called.
    pub names: Bilingual,
    pub(super) groups: Vec<Group>,
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
    /// When a segment belongs to it, if to none before it.
    pub rule: Rule,
    /// Where the file names each of the rule's statistics.
    pub(super) places: Vec<Place>,
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

    /// Checks that every feature of the rules is among `known`.
    ///
    /// # Errors
    ///
    /// [`LabelError::Taxonomy`] with [`Fault::UnknownFeature`], the first in the order of the
    /// text.
    pub fn check(&self, known: &[&str]) -> Result<(), LabelError> {
        match self.unknown_features(known).into_iter().next() {
            Some((place, fault)) => Err(LabelError::Taxonomy { place, fault: fault.into() }),
            None => Ok(()),
        }
    }

    /// Every mention of a feature that is not among `known`.
    pub(super) fn unknown_features(&self, known: &[&str]) -> Vec<(Place, Fault)> {
        let mut faults = Vec::new();
        for group in &self.groups {
            for (statistic, place) in group.rule.statistics().iter().zip(&group.places) {
                let Some(feature) = statistic.feature().filter(|name| !known.contains(name)) else {
                    continue;
                };
                let near = known.iter().map(|name| (edits(feature, name), *name)).min();
                let near = near.filter(|(distance, _)| *distance <= 3).map(|(_, name)| name.into());
                let (group, feature) = (group.key.0.clone(), feature.to_owned());
                let known = known.join(", ");
                let fault = Fault::UnknownFeature { group, feature, near, known };
                faults.push((place.clone(), fault));
            }
        }
        faults
    }
}

/// Levenshtein distance in characters.
fn edits(left: &str, right: &str) -> usize {
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
