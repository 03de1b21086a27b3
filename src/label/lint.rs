//! Text of a taxonomy -> every finding about it: what forbids its use and what a person should
//! look at. Does not yet prove rules unreachable on ranges or look at a run's data.

use serde::Serialize;

use super::error::{Place, Severity};
use super::read::read;

/// One thing found in a taxonomy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Whether the taxonomy can be used all the same.
    pub severity: Severity,
    /// Line of the text, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong and what to do.
    pub message: String,
}

/// Everything found in the taxonomy `text`, in the order of the text; empty for a good one.
///
/// `name` is the name or path of the taxonomy; `known_features` are the features that a run
/// can have.
pub fn lint(text: &str, name: &str, known_features: &[&str]) -> Vec<Finding> {
    let (taxonomy, mut faults) = read(name, text);
    if let Some(taxonomy) = taxonomy {
        faults.extend(taxonomy.unknown_features(known_features));
    }
    faults.sort_by(|left, right| left.0.cmp(&right.0));
    let finding = |(Place { line, column, .. }, fault): (Place, super::Fault)| {
        let (severity, message) = (fault.severity(), fault.to_string());
        Finding { severity, line, column, message }
    };
    faults.into_iter().map(finding).collect()
}
