//! The segments of any table -> a CSV or Parquet file, one row a row of the table, in its order.

use std::path::Path;

use super::rows::{Field, Holds, RowWriter};
use super::{ExportError, TableFormat, write_file};
use crate::cluster::Assignments;
use crate::ingest::OwnTable;

/// Writes the id of each row under the name `id` of its column (the row's number from 1, as `row`,
/// where the table has no ids), `segment` (from 1), `membership`, `margin` and, of a mixture with
/// noise, `noise`. A column of ids that has the name of one of these is called `id`.
///
/// # Errors
/// `Write`.
pub fn write_segments(
    path: &Path,
    table: &OwnTable,
    id: Option<&str>,
    assignments: &Assignments,
    format: TableFormat,
) -> Result<(), ExportError> {
    let places = table.places();
    let mut found =
        vec![("segment", Holds::Whole), ("membership", Holds::Number), ("margin", Holds::Number)];
    if !assignments.noise.is_empty() {
        found.push(("noise", Holds::Number));
    }
    let first = match id {
        Some(id) if found.iter().any(|(name, _)| *name == id) => ("id", Holds::Text),
        Some(id) => (id, Holds::Text),
        None => ("row", Holds::Whole),
    };
    let columns = [&[first][..], &found].concat();
    write_file(path, |file| {
        let mut writer = RowWriter::new(file, &columns, format)?;
        for row in 0..table.rows {
            let place = places.as_ref().map_or(row, |places| places[row] as usize);
            let first = match table.ids() {
                Some(ids) => Field::Text(ids.get(row)),
                None => Field::Whole(row as u64 + 1),
            };
            let fields = [
                first,
                Field::Whole(u64::from(assignments.cluster[place]) + 1),
                Field::Number(assignments.membership[place]),
                Field::Number(assignments.margin[place]),
                Field::Number(assignments.noise.get(place).copied().unwrap_or_default()),
            ];
            writer.row(&fields[..columns.len()])?;
        }
        writer.finish()
    })
}
