//! `[label]`: names of taxonomies -> the taxonomies, read and checked.

#![allow(clippy::disallowed_methods, reason = "taxonomies are read with the configuration")]

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::ConfigError;
use crate::label::{BUILT_IN, DRIFT_LIMIT, Taxonomy};
use crate::run::column;
use crate::types::Language;

/// `[label]`: how segments and customers are named.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LabelSection {
    /// Built-in names or paths of TOML files, at least one, the main one first; default `["rfm"]`.
    pub taxonomies: Vec<String>,
    /// Language of the report: `en` (default) or `vi`.
    pub language: Language,
    /// The most that a segment may move, in spreads, before a person's judgement on it is flagged;
    /// above 0 and at most 1000, default 0.5. Left out of the record where it is the default, so
    /// that the ids of runs do not depend on what may never be used.
    #[serde(skip_serializing_if = "is_default_drift")]
    pub override_drift: f64,
}

fn is_default_drift(limit: &f64) -> bool {
    *limit == DRIFT_LIMIT
}

impl Default for LabelSection {
    fn default() -> Self {
        let (taxonomies, language) = (vec!["rfm".into()], Language::default());
        Self { taxonomies, language, override_drift: DRIFT_LIMIT }
    }
}

/// A taxonomy of a configuration.
#[derive(Clone, Debug)]
pub struct LoadedTaxonomy {
    /// As the configuration names it.
    pub name: String,
    /// The taxonomy.
    pub taxonomy: Taxonomy,
    /// Its text, part of what a run's id is made from.
    pub text: String,
}

/// Columns of exports that are no taxonomy's.
const TAKEN: [&str; 3] = ["group_name_en", "group_name_vi", "group_changed_on"];

/// The taxonomies called `names`, files relative to `base`; `file` is for messages. At least one,
/// with columns of their own.
///
/// # Errors
/// `Value`, `Taxonomy`, `Label`.
pub fn taxonomies(
    names: &[String],
    base: &Path,
    file: &Path,
) -> Result<Vec<LoadedTaxonomy>, ConfigError> {
    let fault = |value: String, remedy: String| ConfigError::Value {
        file: file.to_owned(),
        key: "[label] taxonomies".into(),
        value,
        remedy,
    };
    if names.is_empty() {
        return Err(fault("[]".into(), "give at least one taxonomy, the main one first".into()));
    }
    let mut loaded: Vec<LoadedTaxonomy> = Vec::new();
    for name in names {
        let (taxonomy, text) = taxonomy(name, base)?;
        let own = column(&taxonomy.key);
        let same = loaded.iter().find(|other| column(&other.taxonomy.key) == own);
        if let Some(other) = same {
            let (key, theirs) = (&taxonomy.key, &other.taxonomy.key);
            let remedy = format!(
                "its key is `{key}` and that of {:?} `{theirs}`: both would be the column `{own}`. \
                 Name each taxonomy once, and give them keys that differ",
                other.name
            );
            return Err(fault(format!("{name:?}"), remedy));
        }
        if TAKEN.contains(&own.as_str()) {
            let remedy = format!(
                "its key is `{}`, and exports have a column `{own}` already. Give it another key",
                taxonomy.key
            );
            return Err(fault(format!("{name:?}"), remedy));
        }
        loaded.push(LoadedTaxonomy { name: name.clone(), taxonomy, text });
    }
    Ok(loaded)
}

/// A built-in taxonomy, or one read from a file relative to `base`.
fn taxonomy(name: &str, base: &Path) -> Result<(Taxonomy, String), ConfigError> {
    if let Some((name, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) {
        return Ok((Taxonomy::built_in(name)?, (*text).to_owned()));
    }
    let file = base.join(name);
    let text = std::fs::read_to_string(&file)
        .map_err(|source| ConfigError::Taxonomy { file: file.clone(), source })?;
    Ok((Taxonomy::parse(&file.display().to_string(), &text)?, text))
}
