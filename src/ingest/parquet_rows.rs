//! A Parquet file -> rows, a batch of them in memory at a time.

use std::borrow::Cow;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use polars::prelude::*;

use super::IngestError;
use super::cell::Cell;
use super::rejects::Reason;
use super::source::{Fields, Row, Sink, Source, Wanted};

const BATCH: usize = 1 << 18;

/// Names of the columns.
pub(super) fn columns(path: &Path) -> Result<Vec<String>, IngestError> {
    let mut reader = open(path)?;
    guarded(path, || Ok(reader.schema()?.iter_names().map(ToString::to_string).collect()))
}

pub(super) fn each_row(
    source: &Source,
    wanted: &Wanted<'_>,
    sink: &mut Sink<'_>,
) -> Result<u64, IngestError> {
    let path = &source.path;
    let names = columns(path)?;
    let places = source.locate(wanted.columns, &names)?;
    // All columns where fingerprints need them, otherwise the wanted ones, each once.
    let mut read: Vec<usize> =
        if wanted.fingerprints { (0..names.len()).collect() } else { places.clone() };
    read.sort_unstable();
    read.dedup();
    let places: Vec<usize> =
        places.iter().map(|place| read.binary_search(place).unwrap_or_default()).collect();
    let rows = guarded(path, || open_polars(path)?.num_rows())?;
    let mut bytes = Vec::new();
    let mut start = 0;
    while start < rows {
        let frame = guarded(path, || {
            open_polars(path)?
                .with_projection(Some(read.clone()))
                .with_slice(Some((start, BATCH)))
                .set_rechunk(true)
                .finish()
        })?;
        let columns = frame
            .columns()
            .iter()
            .map(|column| guarded(path, || Values::new(column)))
            .collect::<Result<Vec<_>, _>>()?;
        if start == 0 {
            for &place in &places {
                if let Values::Other(found, _) = &columns[place] {
                    return Err(IngestError::ColumnType {
                        file: path.clone(),
                        column: names[read[place]].clone(),
                        found: found.clone(),
                        expected: "text, a number or a time is needed. Name another column",
                    });
                }
            }
        }
        for row in 0..frame.height() {
            let fields = ParquetFields { columns: &columns, places: &places, row };
            let fingerprint = if wanted.fingerprints {
                bytes.clear();
                for column in &columns {
                    column.cell(row).fingerprint(&mut bytes);
                }
                xxhash_rust::xxh3::xxh3_128(&bytes)
            } else {
                0
            };
            let line = (start + row + 1) as u64;
            sink(Row { line, fault: None, fingerprint, fields: &fields })?;
        }
        start += BATCH;
    }
    Ok(rows as u64)
}

fn open(path: &Path) -> Result<ParquetReader<File>, IngestError> {
    let file = File::open(path)
        .map_err(|source| IngestError::Unreadable { file: path.to_owned(), source })?;
    Ok(ParquetReader::new(file))
}

fn open_polars(path: &Path) -> PolarsResult<ParquetReader<File>> {
    Ok(ParquetReader::new(File::open(path)?))
}

/// Runs a step of polars; a fault, and a panic that it raises on some broken files, becomes an
/// error with the file's name.
fn guarded<T>(path: &Path, step: impl FnOnce() -> PolarsResult<T>) -> Result<T, IngestError> {
    let fault = |message: String| IngestError::Parquet { file: path.to_owned(), message };
    match catch_unwind(AssertUnwindSafe(step)) {
        Ok(result) => result.map_err(|error| fault(first_line(&error.to_string()))),
        Err(_) => Err(fault("its content is broken".into())),
    }
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

/// The values of one column in the few shapes that matter.
enum Values {
    Text(StringChunked),
    Int(Int64Chunked),
    Float(Float64Chunked),
    Day(Int32Chunked),
    Naive(Int64Chunked),
    Instant(Int64Chunked),
    /// Another type: its name, and its values as text.
    Other(String, StringChunked),
}

impl Values {
    fn new(column: &Column) -> PolarsResult<Self> {
        let series = column.as_materialized_series();
        let dtype = series.dtype();
        Ok(match dtype {
            DataType::String => Self::Text(series.str()?.clone()),
            DataType::Categorical(..) | DataType::Enum(..) | DataType::UInt64 | DataType::Null => {
                Self::Text(series.cast(&DataType::String)?.str()?.clone())
            }
            DataType::Float64 => Self::Float(series.f64()?.clone()),
            DataType::Float32 | DataType::Decimal(..) => {
                Self::Float(series.cast(&DataType::Float64)?.f64()?.clone())
            }
            dtype if dtype.is_integer() => {
                Self::Int(series.strict_cast(&DataType::Int64)?.i64()?.clone())
            }
            DataType::Date => Self::Day(series.cast(&DataType::Int32)?.i32()?.clone()),
            DataType::Datetime(_, zone) => {
                let micros = series
                    .cast(&DataType::Datetime(TimeUnit::Microseconds, zone.clone()))?
                    .cast(&DataType::Int64)?
                    .i64()?
                    .clone();
                if zone.is_some() { Self::Instant(micros) } else { Self::Naive(micros) }
            }
            other => Self::Other(
                format!("{other:?}"),
                series.iter().map(|value| Some(value.to_string())).collect(),
            ),
        })
    }

    fn cell(&self, row: usize) -> Cell<'_> {
        let value = match self {
            Self::Text(values) | Self::Other(_, values) => values.get(row).map(Cell::Text),
            Self::Int(values) => values.get(row).map(Cell::Int),
            Self::Float(values) => values.get(row).map(Cell::Float),
            Self::Day(values) => values.get(row).map(Cell::Day),
            Self::Naive(values) => values.get(row).map(Cell::Naive),
            Self::Instant(values) => values.get(row).map(Cell::Instant),
        };
        value.unwrap_or(Cell::Null)
    }
}

impl Cell<'_> {
    fn fingerprint(&self, bytes: &mut Vec<u8>) {
        let (tag, eight) = match *self {
            Cell::Null => (0, 0),
            Cell::Text(text) => (1, text.len() as u64),
            Cell::Int(value) | Cell::Naive(value) | Cell::Instant(value) => (2, value as u64),
            Cell::Float(value) => (3, value.to_bits()),
            Cell::Day(value) => (4, value as u64),
        };
        bytes.push(tag);
        bytes.extend_from_slice(&eight.to_le_bytes());
        if let Cell::Text(text) = self {
            bytes.extend_from_slice(text.as_bytes());
        }
    }
}

struct ParquetFields<'a> {
    columns: &'a [Values],
    places: &'a [usize],
    row: usize,
}

impl Fields for ParquetFields<'_> {
    fn cell(&self, wanted: usize) -> Result<Cell<'_>, Reason> {
        Ok(self.places.get(wanted).map_or(Cell::Null, |&place| self.columns[place].cell(self.row)))
    }

    fn text(&self) -> String {
        super::rejects::row_text(
            self.columns.iter().map(|column| match column.cell(self.row) {
                Cell::Text(text) => Cow::Borrowed(text),
                other => Cow::Owned(other.to_string()),
            }),
            ',',
        )
    }
}
