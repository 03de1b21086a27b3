//! Columns of numbers, with the id of each row where there is one -> a CSV or Parquet file.

use std::io::{self, Write};
use std::path::Path;

use polars::prelude::*;

use super::simulated::TableFormat;
use super::{ExportError, write_file};
use crate::store::parquet_error;

/// Writes `columns` of equal length, `ids` first under the name `id`; what is not a finite number
/// becomes an empty field or a null.
///
/// # Errors
/// `Write`, `Encode`.
pub fn write_numbers(
    path: &Path,
    ids: Option<&[String]>,
    columns: &[(&str, &[f64])],
    format: TableFormat,
) -> Result<(), ExportError> {
    match format {
        TableFormat::Csv => write_file(path, |file| csv(file, ids, columns)),
        TableFormat::Parquet => {
            let mut frame = frame(ids, columns).map_err(|error| ExportError::Encode {
                name: "forecasts",
                message: error.to_string(),
            })?;
            write_file(path, |file| parquet(&mut frame, file))
        }
    }
}

/// Columns are compressed side by side, and lightly: forecasts are written to be read at once.
fn parquet(frame: &mut DataFrame, file: &mut dyn Write) -> io::Result<()> {
    ParquetWriter::new(file)
        .with_compression(ParquetCompression::Snappy)
        .set_parallel(true)
        .finish(frame)
        .map(|_| ())
        .map_err(parquet_error)
}

fn csv(file: &mut dyn Write, ids: Option<&[String]>, columns: &[(&str, &[f64])]) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(file);
    let names = ids.map(|_| "id").into_iter().chain(columns.iter().map(|(name, _)| *name));
    writer.write_record(names)?;
    let rows = columns.first().map_or(0, |(_, values)| values.len());
    let mut field = String::new();
    for row in 0..rows {
        if let Some(ids) = ids {
            writer.write_field(super::audience::harmless(&ids[row]).as_ref())?;
        }
        for (_, values) in columns {
            field.clear();
            let value = values[row];
            if value.is_finite() {
                use std::fmt::Write as _;
                let _ = write!(field, "{value}");
            }
            writer.write_field(&field)?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.flush()
}

fn frame(ids: Option<&[String]>, columns: &[(&str, &[f64])]) -> PolarsResult<DataFrame> {
    let rows = columns.first().map_or(0, |(_, values)| values.len());
    let ids = ids.map(|ids| StringChunked::from_slice("id".into(), ids).into_column());
    let numbers = columns.iter().map(|(name, values)| {
        if values.iter().all(|value| value.is_finite()) {
            return Float64Chunked::from_slice((*name).into(), values).into_column();
        }
        let values = values.iter().map(|value| Some(*value).filter(|value| value.is_finite()));
        Float64Chunked::from_iter_options((*name).into(), values).into_column()
    });
    DataFrame::new(rows, ids.into_iter().chain(numbers).collect())
}
