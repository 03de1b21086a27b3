//! Features that a taxonomy names -> texts used as numbers, numbers used as texts, and texts that
//! a feature never has.

use super::super::error::Place;
use super::super::fault::Fault;
use super::super::rule::Statistic;
use super::super::taxonomy::{AttributeKind, Taxonomy, edits};
use super::ranges::values_of;
use crate::features::{CATALOGUE, FeatureTable, METHOD_COLUMNS};

/// In the order of the text, by rule.
pub(super) fn faults(taxonomy: &Taxonomy, table: Option<&FeatureTable>) -> Vec<(Place, Fault)> {
    let mut found = Vec::new();
    for mention in taxonomy.mentions() {
        let (Some(name), Some(as_text)) =
            (mention.statistic.feature(), mention.statistic.is_of_text())
        else {
            continue;
        };
        let (of, feature) = (mention.of.clone(), name.to_owned());
        match (is_text(taxonomy, table, name), as_text) {
            (Some(true), false) => {
                found.push((mention.place.clone(), Fault::TextAsNumber { of, feature }));
            }
            (Some(false), true) => {
                found.push((mention.place.clone(), Fault::NumberAsText { of, feature }));
            }
            _ => {
                let Statistic::Text { values, .. } = mention.statistic else { continue };
                let Some(known) = values_of(name, true) else { continue };
                for value in values.iter().filter(|value| !known.contains(&value.as_str())) {
                    let near = known.iter().map(|known| (edits(value, known), *known)).min();
                    let near = near.filter(|(apart, _)| *apart <= 3);
                    let fault = Fault::NoSuchValue {
                        of: of.clone(),
                        feature: feature.clone(),
                        value: value.clone(),
                        near: near.map(|(_, known)| known.to_owned()),
                        known: known.join(", "),
                    };
                    found.push((mention.place.clone(), fault));
                }
            }
        }
    }
    found
}

/// Whether a feature is a text; none where nothing tells.
fn is_text(taxonomy: &Taxonomy, table: Option<&FeatureTable>, name: &str) -> Option<bool> {
    if METHOD_COLUMNS.contains(&name) {
        return Some(true);
    }
    let number = CATALOGUE.iter().any(|(known, ..)| *known == name)
        || taxonomy.measures().iter().any(|measure| measure.key == name);
    if number {
        return Some(false);
    }
    if let Some(kind) = taxonomy.attributes.get(name) {
        return Some(*kind == AttributeKind::Text);
    }
    let table = table?;
    let number = table.column(name).map(|_| false);
    number.or_else(|| table.attribute(name).map(|_| true))
}
