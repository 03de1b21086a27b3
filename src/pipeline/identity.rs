//! What makes a run the same run: date, configuration, inputs, seed.

use sha2::{Digest, Sha256};

use crate::config::Loaded;
use crate::run::InputFile;
use crate::types::AsOf;

/// `<as_of>-<first 8 hex digits of SHA-256 over configuration, taxonomies, inputs and seed>`.
///
/// The configuration counts as used (defaults filled in, comments and order of keys not), input
/// files by their content and table, wherever they lie.
pub fn run_id(loaded: &Loaded, inputs: &[InputFile], as_of: AsOf) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    add(&config_value(loaded).to_string());
    for taxonomy in &loaded.taxonomies {
        add(&taxonomy.text);
    }
    let mut files: Vec<(&str, &str)> =
        inputs.iter().map(|file| (file.table.as_str(), file.sha256.as_str())).collect();
    files.sort_unstable();
    for (table, sha256) in files {
        add(table);
        add(sha256);
    }
    let digest = hash.finalize();
    let hex: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    format!("{as_of}-{hex}")
}

/// The configuration as used.
pub(super) fn config_value(loaded: &Loaded) -> serde_json::Value {
    serde_json::to_value(&loaded.config).unwrap_or_default()
}
