//! A Parquet file -> rows, few blocks of them in memory at a time.

use std::fs::File;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use polars::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

use super::IngestError;
use super::cell::Cell;
use super::parquet_column::Values;
use super::rejects::{Reason, write_row};
use super::source::{Block, BlockSink, Fields, Row, Sink, Source, Wanted, read_ahead};

/// Rows of a block.
const BLOCK: usize = 1 << 17;

/// Rows whose fields are gathered at a time: few enough to stay in a core's own cache.
const GATHERED: usize = 1 << 10;

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

/// Names of the columns, with their type in one word.
pub(super) fn typed_columns(
    path: &Path,
) -> Result<Vec<(String, Option<&'static str>)>, IngestError> {
    guarded(path, || {
        let empty = open_polars(path)?.with_slice(Some((0, 0))).finish()?;
        let typed = |column: &Column| {
            let values = Values::new(column)?;
            Ok((column.name().to_string(), Some(values.kind())))
        };
        empty.columns().iter().map(typed).collect()
    })
}

pub(super) fn each_block(
    source: &Source,
    wanted: &Wanted<'_>,
    sink: &mut BlockSink<'_>,
) -> Result<u64, IngestError> {
    let path = source.path.as_path();
    let names = columns(path)?;
    let places = source.locate(wanted.columns, &names)?;
    // All columns where fingerprints need them, otherwise the wanted ones, each once.
    let mut read: Vec<usize> =
        if wanted.fingerprints { (0..names.len()).collect() } else { places.clone() };
    read.sort_unstable();
    read.dedup();
    let places: Vec<usize> =
        places.iter().map(|place| read.binary_search(place).unwrap_or_default()).collect();
    let flags_from = wanted.flags_from;
    let rows = guarded(path, || open_polars(path)?.num_rows())?;
    let produce = move |send: &mut dyn FnMut(ParquetBlock) -> bool| {
        for start in (0..rows).step_by(BLOCK) {
            let columns = guarded(path, || {
                let frame = open_polars(path)?
                    .with_projection(Some(read.clone()))
                    .with_slice(Some((start, BLOCK)))
                    .read_parallel(ParallelStrategy::Columns)
                    .finish()?;
                frame.columns().iter().map(Values::new).collect::<PolarsResult<Vec<_>>>()
            })?;
            for (asked, &place) in places.iter().enumerate() {
                let found = match &columns[place] {
                    Values::Flag(_) if asked < flags_from => Some("Boolean"),
                    Values::Other(found, _) => Some(found.as_str()),
                    _ => None,
                };
                if let Some(found) = found {
                    return Err(IngestError::ColumnType {
                        file: path.to_owned(),
                        column: names[read[place]].clone(),
                        found: found.to_owned(),
                        expected: "text, a number or a time is needed. Name another column",
                    });
                }
            }
            let height = BLOCK.min(rows - start);
            if !send(ParquetBlock { start, of: rows, height, columns, places: places.clone() }) {
                break;
            }
        }
        Ok(())
    };
    read_ahead(produce, sink)
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

struct ParquetBlock {
    /// Rows of the file before it, and in all.
    start: usize,
    of: usize,
    height: usize,
    columns: Vec<Values>,
    places: Vec<usize>,
}

impl Block for ParquetBlock {
    fn len(&self) -> usize {
        self.height
    }

    fn rows_of_file(&self) -> Option<usize> {
        Some(self.of)
    }

    fn fingerprints(&self, start: usize, prints: &mut [u128]) {
        let width = self.columns.iter().map(Values::width).sum::<usize>().max(1);
        let mut marks = vec![0; GATHERED * width];
        for (place, prints) in prints.chunks_mut(GATHERED).enumerate() {
            let first = start + place * GATHERED;
            let mut before = 0;
            for column in &self.columns {
                let own = marks[before..].chunks_mut(width);
                column.mark(first..first + prints.len(), own);
                before += column.width();
            }
            for (print, row) in prints.iter_mut().zip(marks.chunks_exact(width)) {
                *print = xxh3_128(row);
            }
        }
    }

    fn each(&self, range: Range<usize>, sink: &mut Sink<'_>) -> Result<(), IngestError> {
        let width = self.places.len();
        let mut cells = vec![Cell::Null; GATHERED * width];
        for start in range.clone().step_by(GATHERED) {
            let rows = start..range.end.min(start + GATHERED);
            for (wanted, &place) in self.places.iter().enumerate() {
                self.columns[place].cells(rows.clone(), &mut cells[wanted..], width);
            }
            for (own, row) in rows.enumerate() {
                let cells = &cells[own * width..][..width];
                let line = (self.start + row + 1) as u64;
                sink(Row {
                    line,
                    fault: None,
                    fields: &ParquetFields { block: self, row, cells },
                })?;
            }
        }
        Ok(())
    }
}

struct ParquetFields<'a> {
    block: &'a ParquetBlock,
    row: usize,
    /// Of the wanted columns.
    cells: &'a [Cell<'a>],
}

impl Fields for ParquetFields<'_> {
    fn cell(&self, wanted: usize) -> Result<Cell<'_>, Reason> {
        Ok(self.cells.get(wanted).copied().unwrap_or(Cell::Null))
    }

    fn write(&self, text: &mut String) {
        let cells = self.block.columns.iter().map(|column| column.cell(self.row));
        write_row(text, b',', cells, |cell, text| {
            cell.write(text);
            // Numbers and times have neither commas nor quotes.
            matches!(cell, Cell::Text(_))
        });
    }
}
