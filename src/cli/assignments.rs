//! `segtrail compare --assignments`: two tables of customers and segments of any tool.

use std::path::PathBuf;

use serde_json::json;

use super::Outcome;
use super::agreement::agreement_text;
use super::output::{Output, count};
use super::speech::Speech;
use super::words::{CompareWords, fill};
use crate::ingest::{AssignmentTable, TextParams, read_assignment_table};
use crate::track;
use crate::types::Warning;

/// `tables` are the earlier and the later one.
pub(super) fn run(
    tables: &[PathBuf],
    id: &str,
    segment: &str,
    speech: Speech,
    output: &Output,
) -> Outcome {
    let read =
        |place: usize| read_assignment_table(&tables[place], id, segment, &TextParams::default());
    let (before, after) = (read(0)?, read(1)?);
    let name = |table: &AssignmentTable| table.path.display().to_string();
    let (population, agreement) = track::agreement(
        (&before.customers, &before.segments),
        (&after.customers, &after.segments),
        (&name(&before), &name(&after)),
    )?;
    let mut warnings: Vec<Warning> = [&before, &after].into_iter().flat_map(warnings).collect();
    if agreement.is_none() {
        let message = "no customer is in both tables: there is nothing to compare. Are the ids \
                       written the same way?";
        warnings.push(Warning::new("no_stayers", message));
    }
    if output.json {
        return output.document(&json!({
            "before": name(&before),
            "after": name(&after),
            "population": population,
            "agreement": agreement,
            "warnings": warnings,
        }));
    }
    warnings.iter().for_each(|warning| output.warn(warning, speech));
    let values = [
        ("stayers", &*speech.count(population.stayers)),
        ("entrants", &speech.count(population.entrants)),
        ("leavers", &speech.count(population.leavers)),
    ];
    let told = fill(CompareWords::of(speech.0).population, &values);
    let mut text = format!("{} -> {}\n  {told}\n", name(&before), name(&after));
    if let Some(agreement) = &agreement {
        text += &format!("\n{}", agreement_text(agreement, speech));
    }
    output.text(&text)
}

/// What was left out or changed in reading a table.
fn warnings(table: &AssignmentTable) -> Vec<Warning> {
    let (path, mut told) = (table.path.display(), Vec::new());
    if table.without_segment > 0 {
        let rows = count(table.without_segment);
        let message = format!("{path}: {rows} rows have no segment and were left out");
        told.push(Warning::new("rows_without_segment", message));
    }
    if table.ids_normalised > 0 {
        let ids = count(table.ids_normalised);
        let message = format!("{path}: {ids} ids of the form 13085.0 were read as 13085");
        told.push(Warning::new("ids_normalised", message));
    }
    told
}
