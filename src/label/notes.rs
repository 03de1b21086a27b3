//! A taxonomy on a run -> what its measures were taken from, and what it cannot tell.

use super::population::Population;
use super::taxonomy::Taxonomy;
use crate::types::Bilingual;

/// Sentences for a reader, in the order of the file.
pub(super) fn notes(taxonomy: &Taxonomy, population: &Population<'_>) -> Vec<Bilingual> {
    let mut found = Vec::new();
    for (measure, way) in population.taken() {
        found.push(match way {
            Some(way) => Bilingual {
                en: format!("{} is told by {}.", capital(&measure.en), way.en),
                vi: format!("{} được tính theo {}.", capital(&measure.vi), way.vi),
            },
            None => Bilingual {
                en: format!("{} cannot be told: no figures for it.", capital(&measure.en)),
                vi: format!("{} không xác định được vì thiếu số liệu.", capital(&measure.vi)),
            },
        });
    }
    found.extend(missing(taxonomy, population).into_iter().map(|(_, text)| text.clone()));
    found
}

/// The features that a taxonomy asks for and the run lacks, with what cannot be told for it.
pub(super) fn missing<'a>(
    taxonomy: &'a Taxonomy,
    population: &Population<'_>,
) -> Vec<(Vec<&'a str>, &'a Bilingual)> {
    let mut found = Vec::new();
    for without in &taxonomy.without {
        let names = without.features.iter().map(|(name, _)| name.as_str());
        let lacking: Vec<&str> = names.filter(|name| !population.knows(name)).collect();
        if !lacking.is_empty() {
            found.push((lacking, &without.text));
        }
    }
    found
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}
