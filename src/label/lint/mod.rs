//! Text of a taxonomy, and the data of a run where there is one -> every finding about it: what
//! forbids its use, what a person should look at, and what the data showed.
//!
//! Faults of the text come first ([`super::read`]); then features that do not exist and types
//! that do not fit ([`kinds`]); rules that no values can meet, or only values that a rule above
//! takes, proved on the ranges of features ([`prove`]); names that a campaign tool cuts or an
//! advertising platform refuses ([`texts`]); and, on a run, groups that nothing gets, rules that
//! overlap, and what `otherwise` alone reaches ([`seen`]).

mod kinds;
mod linear;
mod prove;
#[cfg(test)]
mod prove_tests;
mod ranges;
mod seen;
mod texts;

use serde::Serialize;

use super::error::{Place, Severity};
use super::fault::Fault;
use super::read::read;
use super::taxonomy::Taxonomy;
use super::tool::Tool;
use crate::features::FeatureTable;
use crate::types::{Bilingual, Warning};

/// One thing found in a taxonomy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Whether the taxonomy can be used all the same.
    pub severity: Severity,
    /// Line of the text, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong and what to do, in English.
    pub message: String,
    /// The same in Vietnamese.
    pub message_vi: String,
}

/// What a taxonomy is held against.
#[derive(Clone, Copy, Debug, Default)]
pub struct LintOptions<'a> {
    /// The features that a run can have ([`crate::features::known`]).
    pub known: &'a [&'a str],
    /// The campaign tools that its names go to.
    pub tools: &'a [Tool],
    /// A run whose data it is tried on.
    pub seen: Option<Seen<'a>>,
}

/// The data of a run.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// Features of the buyers.
    pub table: &'a FeatureTable,
    /// The segment of each buyer, below `k`, in the table's order.
    pub segment_of: &'a [u32],
    /// Number of segments.
    pub k: usize,
}

/// Everything found in the taxonomy `text`, in the order of the text; empty for a good one.
///
/// `name` is the name or path of the taxonomy. A segment number of `seen` beyond the last, or not
/// one a buyer, leaves the data out of account.
pub fn lint(text: &str, name: &str, options: &LintOptions<'_>) -> Vec<Finding> {
    let (taxonomy, mut faults) = read(name, text);
    if let Some(taxonomy) = &taxonomy {
        faults.extend(taxonomy.unknown_features(options.known));
        faults.extend(beyond_the_text(taxonomy, options.seen.as_ref().map(|seen| seen.table)));
        faults.extend(texts::faults(taxonomy, options.tools));
        if let Some(seen) = &options.seen {
            let start = Place::of(name, text, 0);
            faults.extend(seen::faults(taxonomy, seen, &start));
        }
    }
    faults.sort_by(|left, right| left.0.cmp(&right.0));
    faults.dedup();
    let finding = |(Place { line, column, .. }, fault): (Place, Fault)| {
        let Bilingual { en: message, vi: message_vi } = fault.message();
        Finding { severity: fault.severity(), line, column, message, message_vi }
    };
    faults.into_iter().map(finding).collect()
}

/// Kinds that do not fit, and groups that can never be given.
pub(super) fn beyond_the_text(
    taxonomy: &Taxonomy,
    table: Option<&FeatureTable>,
) -> Vec<(Place, Fault)> {
    let mut faults = kinds::faults(taxonomy, table);
    faults.extend(prove::faults(taxonomy));
    faults
}

/// The warnings among `findings` about the taxonomy `name`, as a run keeps them.
pub fn run_warnings(name: &str, findings: &[Finding]) -> Vec<Warning> {
    let warnings = findings.iter().filter(|finding| finding.severity == Severity::Warning);
    warnings
        .map(|Finding { line, message, .. }| {
            Warning::new("taxonomy", format!("taxonomy `{name}`, line {line}: {message}"))
        })
        .collect()
}
