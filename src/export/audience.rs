//! One row a customer with segment, group and names: CSV, JSON lines, Parquet.

use std::borrow::Cow;
use std::io::{self, Write};

use super::ExportError;
use crate::run::{Assignment, Run};
use crate::store::{assignment_frame, write_parquet};
use crate::types::Bilingual;

/// How a table of customers is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// UTF-8, comma, RFC 4180 quotes.
    Csv,
    /// One JSON object a line.
    Jsonl,
    /// The table of `assignments.parquet` with names.
    Parquet,
}

const COLUMNS: [&str; 15] = [
    "customer_id",
    "segment",
    "group",
    "group_name_en",
    "group_name_vi",
    "tier",
    "membership",
    "margin",
    "outlier_score",
    "stability",
    "previous_segment",
    "previous_group",
    "group_changed_on",
    "as_of",
    "run_id",
];

/// Writes all customers of a run to `file`.
///
/// # Errors
/// `Encode`; what the disk says comes as the inner result.
pub fn audience(
    run: &Run,
    format: Format,
    file: &mut dyn Write,
) -> Result<io::Result<()>, ExportError> {
    match format {
        Format::Csv => Ok(csv(run, file)),
        Format::Jsonl => Ok(jsonl(run, file)),
        Format::Parquet => {
            let encode = |error: polars::error::PolarsError| ExportError::Encode {
                name: "customers",
                message: error.to_string(),
            };
            let mut frame = frame(run).map_err(encode)?;
            Ok(write_parquet(&mut frame, &mut { file }))
        }
    }
}

fn names<'a>(run: &'a Run, row: &Assignment) -> Option<&'a Bilingual> {
    run.manifest.group_names.get(&row.group)
}

/// The fields of one row, as text; empty for null.
fn fields(run: &Run, row: &Assignment) -> [String; 15] {
    let text =
        |value: Option<&dyn std::fmt::Display>| value.map_or_else(String::new, |v| v.to_string());
    let name = names(run, row);
    [
        row.customer.to_string(),
        text(row.segment.as_ref().map(|v| v as _)),
        row.group.to_string(),
        name.map_or_else(String::new, |name| name.en.clone()),
        name.map_or_else(String::new, |name| name.vi.clone()),
        text(row.tier.as_ref().map(|v| v as _)),
        text(row.membership.as_ref().map(|v| v as _)),
        text(row.margin.as_ref().map(|v| v as _)),
        text(row.outlier_score.as_ref().map(|v| v as _)),
        text(row.stability.as_ref().map(|v| v as _)),
        text(row.previous_segment.as_ref().map(|v| v as _)),
        text(row.previous_group.as_ref().map(|v| v as _)),
        row.group_changed_on.to_string(),
        run.manifest.as_of.to_string(),
        run.manifest.run_id.clone(),
    ]
}

fn csv(run: &Run, file: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(file);
    table.write_record(COLUMNS)?;
    for row in &run.assignments {
        let fields = fields(run, row);
        table.write_record(fields.iter().map(|field| harmless(field).into_owned()))?;
    }
    table.flush()
}

/// A leading `=`, `+`, `-`, `@`, tab or return would be run as a formula by a spreadsheet: such
/// text gets an apostrophe before it. Plain negative numbers stay.
pub(super) fn harmless(field: &str) -> Cow<'_, str> {
    let risky = field.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if risky && field.parse::<f64>().is_err() {
        Cow::Owned(format!("'{field}"))
    } else {
        Cow::Borrowed(field)
    }
}

fn jsonl(run: &Run, file: &mut dyn Write) -> io::Result<()> {
    for row in &run.assignments {
        let name = names(run, row);
        let value = serde_json::json!({
            "customer_id": row.customer.as_str(),
            "segment": row.segment,
            "group": row.group,
            "group_name_en": name.map(|name| &name.en),
            "group_name_vi": name.map(|name| &name.vi),
            "tier": row.tier,
            "membership": row.membership,
            "margin": row.margin,
            "outlier_score": row.outlier_score,
            "stability": row.stability,
            "previous_segment": row.previous_segment,
            "previous_group": row.previous_group,
            "group_changed_on": row.group_changed_on,
            "as_of": run.manifest.as_of,
            "run_id": run.manifest.run_id,
        });
        writeln!(file, "{value}")?;
    }
    Ok(())
}

fn frame(run: &Run) -> polars::prelude::PolarsResult<polars::prelude::DataFrame> {
    use polars::prelude::*;
    let mut frame = assignment_frame(&run.assignments)?;
    let text = |name: &str, of: &dyn Fn(&Assignment) -> Option<String>| {
        let values: Vec<Option<String>> = run.assignments.iter().map(of).collect();
        Column::new(name.into(), values)
    };
    for column in [
        text("group_name_en", &|row| names(run, row).map(|name| name.en.clone())),
        text("group_name_vi", &|row| names(run, row).map(|name| name.vi.clone())),
        text("as_of", &|_| Some(run.manifest.as_of.to_string())),
        text("run_id", &|_| Some(run.manifest.run_id.clone())),
    ] {
        frame.with_column(column)?;
    }
    frame.select(COLUMNS)
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn formulas_are_made_harmless_and_numbers_are_not() {
        assert_eq!(harmless("=1+1"), "'=1+1");
        assert_eq!(harmless("@sum"), "'@sum");
        assert_eq!(harmless("-12.5"), "-12.5");
        assert_eq!(harmless("12"), "12");
        assert_eq!(harmless("Lê Văn An"), "Lê Văn An");
    }
}
