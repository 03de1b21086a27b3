//! A Parquet file -> rows, few batches of them in memory at a time.

use std::borrow::Cow;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::mpsc;
use std::thread;

use polars::prelude::*;

use super::IngestError;
use super::cell::Cell;
use super::rejects::Reason;
use super::source::{Fields, Row, Sink, Source, Wanted};

/// Rows of a batch; two are in memory at a time.
const BATCH: usize = 1 << 17;

/// Names of the columns.
pub(super) fn columns(path: &Path) -> Result<Vec<String>, IngestError> {
    let mut reader = open(path)?;
    guarded(path, || Ok(reader.schema()?.iter_names().map(ToString::to_string).collect()))
}

/// Columns of a type that [`Values`] knows only as text, with the type.
pub(super) fn unreadable_columns(path: &Path) -> Result<Vec<(String, String)>, IngestError> {
    guarded(path, || {
        let empty = open_polars(path)?.with_slice(Some((0, 0))).finish()?;
        let mut unreadable = Vec::new();
        for column in empty.columns() {
            if let Values::Other(found, _) = Values::new(column)? {
                unreadable.push((column.name().to_string(), found));
            }
        }
        Ok(unreadable)
    })
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
    // The next batch is decoded while the rows of this one are judged.
    thread::scope(|scope| {
        let (sender, batches) = mpsc::sync_channel(1);
        let columns = read.clone();
        scope.spawn(move || {
            for start in (0..rows).step_by(BATCH) {
                let frame = guarded(path, || {
                    open_polars(path)?
                        .with_projection(Some(columns.clone()))
                        .with_slice(Some((start, BATCH)))
                        .finish()
                });
                let last = frame.is_err();
                // A receiver that is gone has met a fault of its own.
                if sender.send((start, frame)).is_err() || last {
                    break;
                }
            }
        });
        let mut bytes = Vec::new();
        for (start, frame) in batches {
            let frame = frame?;
            let values = (frame.columns().iter())
                .map(|column| guarded(path, || Values::new(column)))
                .collect::<Result<Vec<_>, _>>()?;
            for (asked, &place) in places.iter().enumerate() {
                let found = match &values[place] {
                    Values::Flag(_) if asked < wanted.flags_from => Some("Boolean"),
                    Values::Other(found, _) => Some(found.as_str()),
                    _ => None,
                };
                if let Some(found) = found {
                    return Err(IngestError::ColumnType {
                        file: path.clone(),
                        column: names[read[place]].clone(),
                        found: found.to_owned(),
                        expected: "text, a number or a time is needed. Name another column",
                    });
                }
            }
            let columns: Vec<Vec<Cell<'_>>> = values.iter().map(Values::cells).collect();
            for row in 0..frame.height() {
                let fields = ParquetFields { columns: &columns, places: &places, row };
                let fingerprint = if wanted.fingerprints {
                    bytes.clear();
                    columns.iter().for_each(|column| column[row].fingerprint(&mut bytes));
                    xxhash_rust::xxh3::xxh3_128(&bytes)
                } else {
                    0
                };
                let line = (start + row + 1) as u64;
                sink(Row { line, fault: None, fingerprint, fields: &fields })?;
            }
        }
        Ok(rows as u64)
    })
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
    Flag(BooleanChunked),
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
            DataType::Boolean => Self::Flag(series.bool()?.clone()),
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

    /// One cell a row.
    fn cells(&self) -> Vec<Cell<'_>> {
        fn all<'a, T>(
            values: impl Iterator<Item = Option<T>>,
            cell: impl Fn(T) -> Cell<'a>,
        ) -> Vec<Cell<'a>> {
            values.map(|value| value.map_or(Cell::Null, &cell)).collect()
        }
        match self {
            Self::Text(values) | Self::Other(_, values) => all(values.iter(), Cell::Text),
            Self::Flag(values) => {
                all(values.iter(), |flag| Cell::Text(if flag { "true" } else { "false" }))
            }
            Self::Int(values) => all(values.iter(), Cell::Int),
            Self::Float(values) => all(values.iter(), Cell::Float),
            Self::Day(values) => all(values.iter(), Cell::Day),
            Self::Naive(values) => all(values.iter(), Cell::Naive),
            Self::Instant(values) => all(values.iter(), Cell::Instant),
        }
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
    columns: &'a [Vec<Cell<'a>>],
    places: &'a [usize],
    row: usize,
}

impl Fields for ParquetFields<'_> {
    fn cell(&self, wanted: usize) -> Result<Cell<'_>, Reason> {
        Ok(self.places.get(wanted).map_or(Cell::Null, |&place| self.columns[place][self.row]))
    }

    fn text(&self) -> String {
        super::rejects::row_text(
            self.columns.iter().map(|column| match column[self.row] {
                Cell::Text(text) => Cow::Borrowed(text),
                other => Cow::Owned(other.to_string()),
            }),
            ',',
        )
    }
}
