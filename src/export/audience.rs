//! One row a customer with segment, group and names: CSV, JSON lines, Parquet.

use std::borrow::Cow;
use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::ExportError;
use crate::label::Tool;
use crate::run::{Assignment, Run, TaxonomyRecord};
use crate::store::{assignment_frame, write_parquet};
use crate::types::{Bilingual, GroupKey};

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

/// By which taxonomy customers are named, and for which tool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Naming<'a> {
    /// Key of the taxonomy that `group` and the names are of; the main one where not given.
    pub taxonomy: Option<&'a str>,
    /// Adds a column `tool_name`: the group's alias in this tool, or its name in the language of the
    /// run.
    pub tool: Option<Tool>,
}

/// Columns from the customer on.
const FIRST: [&str; 11] = [
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
];
/// The past of the main taxonomy's groups.
const PAST: [&str; 4] = ["previous_group", "group_changed_on", "months_in_group", "moves"];
const RUN: [&str; 2] = ["as_of", "run_id"];

/// Writes all customers of a run to `file`.
///
/// With a further taxonomy, `group` and its names are of that one, and the columns about the past
/// of the main groups are left out; otherwise every further taxonomy has a column at the end.
///
/// # Errors
/// `NoTaxonomy`, `Encode`; what the disk says comes as the inner result.
pub fn audience(
    run: &Run,
    naming: Naming<'_>,
    format: Format,
    file: &mut dyn Write,
) -> Result<io::Result<()>, ExportError> {
    let table = Named::new(run, naming)?;
    match format {
        Format::Csv => Ok(csv(&table, file)),
        Format::Jsonl => Ok(jsonl(&table, file)),
        Format::Parquet => {
            let encode = |error: polars::error::PolarsError| ExportError::Encode {
                name: "customers",
                message: error.to_string(),
            };
            let mut frame = frame(&table).map_err(encode)?;
            Ok(write_parquet(&mut frame, &mut { file }))
        }
    }
}

/// The customers of a run as one taxonomy names them.
struct Named<'a> {
    run: &'a Run,
    /// Place of the taxonomy; 0 for the main one.
    place: usize,
    record: Option<&'a TaxonomyRecord>,
    tool: Option<Tool>,
}

impl<'a> Named<'a> {
    fn new(run: &'a Run, naming: Naming<'_>) -> Result<Self, ExportError> {
        let records = &run.manifest.taxonomies;
        let place = match naming.taxonomy {
            None => 0,
            Some(key) => records.iter().position(|record| record.key == key).ok_or_else(|| {
                let known: Vec<&str> = records.iter().map(|record| record.key.as_str()).collect();
                ExportError::NoTaxonomy { key: key.into(), known: known.join(", ") }
            })?,
        };
        Ok(Self { run, place, record: records.get(place), tool: naming.tool })
    }

    fn columns(&self) -> Vec<&str> {
        let mut columns = FIRST.to_vec();
        if self.place == 0 {
            columns.extend(PAST);
        }
        columns.extend(RUN);
        if self.tool.is_some() {
            columns.push("tool_name");
        }
        if self.place == 0 {
            columns.extend(self.run.manifest.further_columns());
        }
        columns
    }

    fn group(&self, row: &'a Assignment) -> &'a GroupKey {
        match self.place.checked_sub(1) {
            None => &row.group,
            Some(further) => row.further.get(further).unwrap_or(&row.group),
        }
    }

    fn names(&self, row: &'a Assignment) -> Option<&'a Bilingual> {
        let group = self.group(row);
        let own = self.record.and_then(|record| record.group(group)).map(|group| &group.name);
        own.or_else(|| self.run.manifest.group_names.get(group))
    }

    fn tool_name(&self, row: &'a Assignment) -> Option<String> {
        let record = self.record.and_then(|record| record.group(self.group(row)));
        let alias = record.zip(self.tool).and_then(|(group, tool)| group.aliases.get(&tool));
        let name = || Some(self.names(row)?.get(self.run.manifest.language));
        alias.map(String::as_str).or_else(name).map(str::to_owned)
    }

    /// The field of one row in a column; null where there is nothing.
    fn field(&self, row: &'a Assignment, column: &str) -> Value {
        let name = || self.names(row);
        match column {
            "customer_id" => json!(row.customer.as_str()),
            "segment" => json!(row.segment),
            "group" => json!(self.group(row)),
            "group_name_en" => json!(name().map(|name| &name.en)),
            "group_name_vi" => json!(name().map(|name| &name.vi)),
            "tier" => json!(row.tier),
            "membership" => json!(row.membership),
            "margin" => json!(row.margin),
            "outlier_score" => json!(row.outlier_score),
            "stability" => json!(row.stability),
            "previous_segment" => json!(row.previous_segment),
            "previous_group" => json!(row.previous_group),
            "group_changed_on" => json!(row.group_changed_on),
            "months_in_group" => json!(row.months_in_group),
            "moves" => json!(row.moves),
            "as_of" => json!(self.run.manifest.as_of),
            "run_id" => json!(self.run.manifest.run_id),
            "tool_name" => json!(self.tool_name(row)),
            further => {
                let columns = self.run.manifest.further_columns();
                let place = columns.iter().position(|column| *column == further);
                json!(place.and_then(|place| row.further.get(place)))
            }
        }
    }
}

fn csv(table: &Named<'_>, file: &mut dyn Write) -> io::Result<()> {
    // The library's own conversion loses the kind, by which a reader that went away is told.
    csv_rows(table, file).map_err(|error| match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    })
}

fn csv_rows(table: &Named<'_>, file: &mut dyn Write) -> csv::Result<()> {
    let columns = table.columns();
    let mut writer = csv::Writer::from_writer(file);
    writer.write_record(&columns)?;
    for row in &table.run.assignments {
        for column in &columns {
            match table.field(row, column) {
                Value::Null => writer.write_field("")?,
                Value::String(text) => writer.write_field(harmless(&text).as_ref())?,
                // Numbers as Rust writes them: the shortest text that reads back the same.
                Value::Number(number) if number.is_f64() => {
                    writer.write_field(number.as_f64().unwrap_or_default().to_string())?;
                }
                other => writer.write_field(other.to_string())?,
            }
        }
        writer.write_record(None::<&[u8]>)?;
    }
    Ok(writer.flush()?)
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

fn jsonl(table: &Named<'_>, file: &mut dyn Write) -> io::Result<()> {
    let columns = table.columns();
    for row in &table.run.assignments {
        let value: Map<String, Value> =
            columns.iter().map(|column| ((*column).into(), table.field(row, column))).collect();
        writeln!(file, "{}", Value::Object(value))?;
    }
    Ok(())
}

fn frame(table: &Named<'_>) -> polars::prelude::PolarsResult<polars::prelude::DataFrame> {
    use polars::prelude::*;
    let rows = &table.run.assignments;
    let mut frame = assignment_frame(rows, &table.run.manifest.further_columns())?;
    for name in ["group", "group_name_en", "group_name_vi", "as_of", "run_id", "tool_name"] {
        let values: Vec<Option<String>> =
            rows.iter().map(|row| table.field(row, name).as_str().map(str::to_owned)).collect();
        frame.with_column(Column::new(name.into(), values))?;
    }
    frame.select(table.columns())
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
