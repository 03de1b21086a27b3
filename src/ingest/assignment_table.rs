//! A table of customers and segments of any tool -> ids and segments, sorted by customer.
//!
//! CSV, gzipped CSV or Parquet, told by content. A customer stands in it once; rows without a segment
//! are counted and left out, a row without a customer is an error with its line.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::IngestError;
use super::cell::{self, Cell};
use super::fields::shown;
use super::own_column::is_nothing;
use super::params::TextParams;
use super::rows::check_text;
use super::source::{self, Source, Wanted};
use crate::types::CustomerId;

/// Who is in which segment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssignmentTable {
    /// The file.
    pub path: PathBuf,
    /// Strictly ascending.
    pub customers: Vec<CustomerId>,
    /// One a customer.
    pub segments: Vec<Arc<str>>,
    /// Rows without a segment, which are left out.
    pub without_segment: u64,
    /// Ids that were floats and became integers.
    pub ids_normalised: u64,
}

/// Reads the columns `id` and `segment` of a table.
///
/// # Errors
/// An unusable file; `NotAColumn`, `TwiceNamed`, `NoRows`, `BadRow`.
pub fn read_assignment_table(
    path: &Path,
    id: &str,
    segment: &str,
    format: &TextParams,
) -> Result<AssignmentTable, IngestError> {
    check_text("table", format)?;
    let source = source::single("table", path)?;
    if id == segment {
        return Err(IngestError::TwiceNamed { column: id.into(), option: "--segment" });
    }
    let header = source.columns(format)?;
    for (option, column) in [("--id", id), ("--segment", segment)] {
        source::find_column(column, &header).map_err(|hint| IngestError::NotAColumn {
            file: source.path.clone(),
            option,
            column: column.into(),
            found: header.clone(),
            hint,
        })?;
    }
    let (mut rows, table) = read_rows(&source, [id, segment], format)?;
    rows.sort_by(|a, b| a.0.cmp(&b.0).then(a.2.cmp(&b.2)));
    if let Some(twice) = rows.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        let (customer, first, line) = (&twice[0].0, twice[0].2, twice[1].2);
        let what = format!(
            "column `{id}` = `{customer}`: line {first} has the same customer. A customer is in one \
             segment: keep one of the rows"
        );
        return Err(IngestError::BadRow { file: source.path.clone(), line, what });
    }
    let (customers, segments) = rows.into_iter().map(|(id, segment, _)| (id, segment)).unzip();
    Ok(AssignmentTable { customers, segments, ..table })
}

/// Customer, segment and line of a row.
type Labelled = (CustomerId, Arc<str>, u64);

/// The rows in their order, and the counts of what was left out.
fn read_rows(
    source: &Source,
    [id, segment]: [&str; 2],
    format: &TextParams,
) -> Result<(Vec<Labelled>, AssignmentTable), IngestError> {
    let columns = [id.to_owned(), segment.to_owned()];
    let wanted = Wanted { columns: &columns, flags_from: 1, fingerprints: false, text: format };
    let mut table = AssignmentTable { path: source.path.clone(), ..AssignmentTable::default() };
    let mut known: HashMap<String, Arc<str>> = HashMap::new();
    let (mut rows, mut scratch) = (Vec::new(), String::new());
    let count = source.each_row(&wanted, &mut |row| {
        let bad = |what: String| {
            let (file, line) = (source.path.clone(), row.line);
            Err(IngestError::BadRow { file, line, what })
        };
        if row.fault.is_some() {
            return bad("it has not as many fields as the header".into());
        }
        let (Ok(cell), Ok(label)) = (row.fields.cell(0), row.fields.cell(1)) else {
            return bad("it is not UTF-8. Save the file as UTF-8".into());
        };
        let Ok((customer, normalised)) = cell::customer_id(cell, format.customer_id, &mut scratch)
        else {
            let value = shown(cell);
            return bad(format!("column `{id}` = `{value}`: an id is missing. Remove the row"));
        };
        table.ids_normalised += u64::from(normalised);
        if is_nothing(label) {
            table.without_segment += 1;
            return Ok(());
        }
        let text = match label {
            Cell::Text(text) => text.trim().to_owned(),
            other => other.to_string(),
        };
        let label = known.entry(text).or_insert_with_key(|text| text.as_str().into());
        rows.push((CustomerId::from(customer), Arc::clone(label), row.line));
        Ok(())
    })?;
    if count == 0 {
        return Err(IngestError::NoRows { file: source.path.clone() });
    }
    Ok((rows, table))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::fixture::folder;

    fn read(text: &str, id: &str, segment: &str) -> Result<AssignmentTable, IngestError> {
        let folder = folder(&[("a.csv", text.as_bytes())]);
        read_assignment_table(&folder.path().join("a.csv"), id, segment, &TextParams::default())
    }

    #[test]
    fn sorted_with_rows_without_a_segment_counted() {
        let found = read("id,s,x\nb,2.0,9\na,one,9\nc,,9\n10.0,2.0,9\n", "id", "s").unwrap();
        let ids: Vec<String> = found.customers.iter().map(ToString::to_string).collect();
        assert_eq!(ids, ["10", "a", "b"]);
        assert_eq!(found.segments.iter().map(|s| &**s).collect::<Vec<_>>(), ["2.0", "one", "2.0"]);
        assert_eq!((found.without_segment, found.ids_normalised), (1, 1));
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let told = |result: Result<AssignmentTable, IngestError>| result.unwrap_err().to_string();
        let text = told(read("id,s\na,1\nb,2\na,2\n", "id", "s"));
        assert!(text.contains("`a`: line 2 has the same"), "{text}");
        let text = told(read("id,s\na,1\n,2\n", "id", "s"));
        assert!(text.contains("line 3") && text.contains("an id is missing"), "{text}");
        let text = told(read("ID,s\na,1\n", "id", "s"));
        assert!(text.contains("--id") && text.contains("`ID`"), "{text}");
        assert!(matches!(read("id,s\n", "id", "s"), Err(IngestError::NoRows { .. })));
        assert!(matches!(read("id\na\n", "id", "id"), Err(IngestError::TwiceNamed { .. })));
    }
}
