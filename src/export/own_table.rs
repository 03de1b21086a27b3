//! The segments of any table -> a CSV or Parquet file, one row a row of the table, in its order.

use std::path::Path;

use super::rows::{Field, Holds, RowWriter};
use super::{ExportError, TableFormat, write_file};
use crate::cluster::Assignments;
use crate::ingest::OwnTable;

/// What is known of each row, in the order of the table's rows; a slice is empty where that was not
/// computed.
#[derive(Clone, Copy, Debug)]
pub struct RowFigures<'a> {
    /// Where each belongs.
    pub assignments: &'a Assignments,
    /// How often each was found again; none for rows outside the sample.
    pub stability: &'a [Option<f64>],
    /// In [-1, 1].
    pub silhouettes: &'a [f64],
    /// NaN where a segment is too small for them.
    pub outlier_scores: &'a [f64],
}

/// Writes the id of each row under the name `id` of its column (the row's number from 1, as `row`,
/// where the table has no ids), `segment` (from 1), `membership`, `margin`, of a mixture with noise
/// `noise`, and, each where it was computed, `stability`, `silhouette` and `outlier_score`. A column of ids that has the name of one of these is called `id`.
///
/// # Errors
/// `Write`.
pub fn write_segments(
    path: &Path,
    table: &OwnTable,
    id: Option<&str>,
    figures: &RowFigures,
    format: TableFormat,
) -> Result<(), ExportError> {
    let places = table.places();
    let mut found =
        vec![("segment", Holds::Whole), ("membership", Holds::Number), ("margin", Holds::Number)];
    let assignments = figures.assignments;
    let given = [
        ("noise", !assignments.noise.is_empty()),
        ("stability", !figures.stability.is_empty()),
        ("silhouette", !figures.silhouettes.is_empty()),
        ("outlier_score", !figures.outlier_scores.is_empty()),
    ];
    let more = given.iter().filter(|(_, given)| *given).map(|(name, _)| (*name, Holds::Number));
    found.extend(more);
    let first = match id {
        Some(id) if found.iter().any(|(name, _)| *name == id) => ("id", Holds::Text),
        Some(id) => (id, Holds::Text),
        None => ("row", Holds::Whole),
    };
    let columns = [&[first][..], &found].concat();
    write_file(path, |file| {
        let mut writer = RowWriter::new(file, &columns, format)?;
        let mut fields = Vec::with_capacity(columns.len());
        for row in 0..table.rows {
            let place = places.as_ref().map_or(row, |places| places[row] as usize);
            let first = match table.ids() {
                Some(ids) => Field::Text(ids.get(row)),
                None => Field::Whole(row as u64 + 1),
            };
            fields.clear();
            fields.extend([
                first,
                Field::Whole(u64::from(assignments.cluster[place]) + 1),
                Field::Number(assignments.membership[place]),
                Field::Number(assignments.margin[place]),
            ]);
            // What is not finite becomes an empty field.
            let stability = figures.stability.get(place).map(|found| found.unwrap_or(f64::NAN));
            let of = |values: &[f64]| values.get(place).copied();
            let more = [
                of(&assignments.noise),
                stability,
                of(figures.silhouettes),
                of(figures.outlier_scores),
            ];
            fields.extend(more.into_iter().flatten().map(Field::Number));
            writer.row(&fields)?;
        }
        writer.finish()
    })
}
