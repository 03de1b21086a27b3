//! A column of a Parquet file -> its cells, and what tells equal rows from unequal ones.

use std::ops::Range;

use polars::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

use super::cell::Cell;

type Texts = <StringType as PolarsDataType>::Array;
type Flags = <BooleanType as PolarsDataType>::Array;
type Longs = <Int64Type as PolarsDataType>::Array;
type Days = <Int32Type as PolarsDataType>::Array;
type Floats = <Float64Type as PolarsDataType>::Array;

const NULL: u8 = 0;
const SHORT_TEXT: u8 = 1;
const INTEGER: u8 = 2;
const FLOAT: u8 = 3;
const DAY: u8 = 4;
const LONG_TEXT: u8 = 5;

/// The values of one column in the few shapes that matter.
pub(super) enum Values {
    Text(Texts),
    Int(Longs),
    Float(Floats),
    Day(Days),
    Naive(Longs),
    Instant(Longs),
    Flag(Flags),
    /// Another type: its name, and its values as text.
    Other(String, Texts),
}

/// The values of a column in one piece.
fn whole<T: PolarsDataType>(values: &ChunkedArray<T>) -> T::Array
where
    T::Array: Clone,
{
    values.rechunk().downcast_as_array().clone()
}

impl Values {
    pub(super) fn new(column: &Column) -> PolarsResult<Self> {
        let series = column.as_materialized_series();
        let dtype = series.dtype();
        Ok(match dtype {
            DataType::String => Self::Text(whole(series.str()?)),
            DataType::Categorical(..) | DataType::Enum(..) | DataType::UInt64 | DataType::Null => {
                Self::Text(whole(series.cast(&DataType::String)?.str()?))
            }
            DataType::Float64 => Self::Float(whole(series.f64()?)),
            DataType::Float32 | DataType::Decimal(..) => {
                Self::Float(whole(series.cast(&DataType::Float64)?.f64()?))
            }
            dtype if dtype.is_integer() => {
                Self::Int(whole(series.strict_cast(&DataType::Int64)?.i64()?))
            }
            DataType::Boolean => Self::Flag(whole(series.bool()?)),
            DataType::Date => Self::Day(whole(series.cast(&DataType::Int32)?.i32()?)),
            DataType::Datetime(_, zone) => {
                let micros = series
                    .cast(&DataType::Datetime(TimeUnit::Microseconds, zone.clone()))?
                    .cast(&DataType::Int64)?;
                let micros = whole(micros.i64()?);
                if zone.is_some() { Self::Instant(micros) } else { Self::Naive(micros) }
            }
            other => {
                let texts: StringChunked =
                    series.iter().map(|value| Some(value.to_string())).collect();
                Self::Other(format!("{other:?}"), whole(&texts))
            }
        })
    }

    /// What they are, in one word.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Int(_) => "integer",
            Self::Float(_) => "number",
            Self::Day(_) => "date",
            Self::Naive(_) | Self::Instant(_) => "time",
            Self::Flag(_) => "flag",
            Self::Other(..) => "other",
        }
    }

    pub(super) fn cell(&self, row: usize) -> Cell<'_> {
        let found = match self {
            Self::Text(values) | Self::Other(_, values) => values.get(row).map(Cell::Text),
            Self::Flag(values) => values.get(row).map(|flag| Cell::Text(word(flag))),
            Self::Int(values) => values.get(row).map(Cell::Int),
            Self::Float(values) => values.get(row).map(Cell::Float),
            Self::Day(values) => values.get(row).map(Cell::Day),
            Self::Naive(values) => values.get(row).map(Cell::Naive),
            Self::Instant(values) => values.get(row).map(Cell::Instant),
        };
        found.unwrap_or(Cell::Null)
    }

    /// Puts the cells of `rows` into `out`, each `step` places after the one before.
    pub(super) fn cells<'a>(&'a self, rows: Range<usize>, out: &mut [Cell<'a>], step: usize) {
        let out = out.iter_mut().step_by(step).zip(rows);
        // As `cell`, but one loop a kind of column rather than a look at the kind of every cell.
        match self {
            Self::Text(values) | Self::Other(_, values) => {
                fill(out, |row| values.get(row), Cell::Text);
            }
            Self::Flag(values) => fill(out, |row| values.get(row), |flag| Cell::Text(word(flag))),
            Self::Int(values) => fill(out, |row| values.get(row), Cell::Int),
            Self::Float(values) => fill(out, |row| values.get(row), Cell::Float),
            Self::Day(values) => fill(out, |row| values.get(row), Cell::Day),
            Self::Naive(values) => fill(out, |row| values.get(row), Cell::Naive),
            Self::Instant(values) => fill(out, |row| values.get(row), Cell::Instant),
        }
    }

    /// Bytes that stand for a cell in a fingerprint: its kind, and 8 or 16 of its value.
    pub(super) fn width(&self) -> usize {
        match self {
            Self::Text(_) | Self::Other(..) | Self::Flag(_) => 17,
            _ => 9,
        }
    }

    /// Puts what stands for the cell of each row of `rows` at the start of each of `marks`:
    /// different for cells that differ, but for one chance in 2^128 of longer texts.
    pub(super) fn mark<'a>(&self, rows: Range<usize>, marks: impl Iterator<Item = &'a mut [u8]>) {
        let both = rows.zip(marks);
        match self {
            Self::Text(values) | Self::Other(_, values) => {
                // Cells that were one in the file's dictionary follow each other.
                let mut last = ("", text_mark(""));
                let views = values.views();
                each(both, |row| {
                    let text = values.get(row)?;
                    if views[row].is_inline() {
                        return Some((SHORT_TEXT, views[row].as_u128().to_ne_bytes()));
                    }
                    if !std::ptr::eq(text, last.0) {
                        last = (text, text_mark(text));
                    }
                    Some(last.1)
                });
            }
            Self::Flag(values) => {
                each(both, |row| values.get(row).map(|flag| text_mark(word(flag))));
            }
            Self::Int(values) | Self::Naive(values) | Self::Instant(values) => {
                each(both, |row| values.get(row).map(|value| (INTEGER, value.to_le_bytes())));
            }
            Self::Float(values) => {
                each(both, |row| values.get(row).map(|value| (FLOAT, value.to_le_bytes())));
            }
            Self::Day(values) => {
                each(both, |row| values.get(row).map(|day| (DAY, i64::from(day).to_le_bytes())));
            }
        }
    }
}

fn fill<'o, 'a: 'o, T>(
    out: impl Iterator<Item = (&'o mut Cell<'a>, usize)>,
    value: impl Fn(usize) -> Option<T>,
    cell: impl Fn(T) -> Cell<'a>,
) {
    out.for_each(|(place, row)| *place = value(row).map_or(Cell::Null, &cell));
}

fn word(flag: bool) -> &'static str {
    if flag { "true" } else { "false" }
}

fn each<'a, const N: usize>(
    rows: impl Iterator<Item = (usize, &'a mut [u8])>,
    mut mark: impl FnMut(usize) -> Option<(u8, [u8; N])>,
) {
    for (row, bytes) in rows {
        let (kind, value) = mark(row).unwrap_or((NULL, [0; N]));
        bytes[0] = kind;
        bytes[1..=N].copy_from_slice(&value);
    }
}

/// A text of up to 12 bytes stands for itself behind its length, as in a column's view of it.
fn text_mark(text: &str) -> (u8, [u8; 16]) {
    if text.len() > 12 {
        return (LONG_TEXT, xxh3_128(text.as_bytes()).to_le_bytes());
    }
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&(text.len() as u32).to_ne_bytes());
    bytes[4..4 + text.len()].copy_from_slice(text.as_bytes());
    (SHORT_TEXT, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_that_differ_are_marked_differently() {
        let texts = ["", "a", "a\0", "aa", "twelve bytes", "thirteen byte", "thirteen byt."];
        let column =
            Column::new("".into(), texts.map(Some).into_iter().chain([None]).collect::<Vec<_>>());
        let values = Values::new(&column).unwrap();
        let rows = texts.len() + 1;
        let mut marks = vec![0; rows * values.width()];
        values.mark(0..rows, marks.chunks_mut(values.width()));
        let distinct: std::collections::HashSet<&[u8]> = marks.chunks(values.width()).collect();
        assert_eq!(distinct.len(), rows);
        for (text, mark) in texts.iter().zip(marks.chunks(values.width())) {
            let (kind, value) = text_mark(text);
            assert_eq!((mark[0], &mark[1..]), (kind, &value[..]), "{text}");
        }
        let again: Vec<Cell<'_>> = (0..rows).map(|row| values.cell(row)).collect();
        assert_eq!(again[5], Cell::Text("thirteen byte"));
        assert_eq!(again[rows - 1], Cell::Null);
    }
}
