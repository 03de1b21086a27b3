//! Rows of texts and numbers -> a CSV or Parquet table, written as they come: no more than a batch
//! is in memory.

use std::io::{self, Write};

use polars::io::parquet::write::BatchedWriter;
use polars::prelude::*;

use super::TableFormat;
use super::audience::harmless;
use crate::store::parquet_error;

/// Rows that are gathered before they are written.
const BATCH: usize = 1 << 17;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// Text; made harmless to spreadsheets in CSV.
    Text,
    /// Whole numbers from 0 on.
    Whole,
    /// Numbers; what is not finite becomes an empty field or a null.
    Number,
}

/// One field.
#[derive(Clone, Copy, Debug)]
pub(super) enum Field<'a> {
    /// No text.
    Null,
    Text(&'a str),
    Whole(u64),
    Number(f64),
}

/// A table that grows row by row.
pub(super) struct RowWriter<W: Write> {
    names: Vec<String>,
    columns: Vec<Buffer>,
    rows: usize,
    text: String,
    writer: Writer<W>,
}

enum Writer<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Parquet(Box<BatchedWriter<W>>),
}

enum Buffer {
    Text(Vec<Option<String>>),
    Whole(Vec<u64>),
    Number(Vec<Option<f64>>),
}

impl Buffer {
    fn new(holds: Holds) -> Self {
        match holds {
            Holds::Text => Self::Text(Vec::new()),
            Holds::Whole => Self::Whole(Vec::new()),
            Holds::Number => Self::Number(Vec::new()),
        }
    }

    fn push(&mut self, field: Field<'_>) {
        match (self, field) {
            (Self::Text(values), Field::Text(text)) => values.push(Some(text.to_owned())),
            (Self::Text(values), Field::Null) => values.push(None),
            (Self::Whole(values), Field::Whole(value)) => values.push(value),
            (Self::Number(values), Field::Number(value)) => {
                values.push(Some(value).filter(|value| value.is_finite()));
            }
            _ => unreachable!("each field is of its column's kind"),
        }
    }

    fn take(&mut self, name: &str) -> Column {
        match self {
            Self::Text(values) => Column::new(name.into(), std::mem::take(values)),
            Self::Whole(values) => Column::new(name.into(), std::mem::take(values)),
            Self::Number(values) => Column::new(name.into(), std::mem::take(values)),
        }
    }
}

impl<W: Write> RowWriter<W> {
    /// A table of `columns` in `file`, with its header.
    pub(super) fn new(file: W, columns: &[(&str, Holds)], format: TableFormat) -> io::Result<Self> {
        let names: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        let writer = match format {
            TableFormat::Csv => {
                let mut writer = csv::Writer::from_writer(file);
                writer.write_record(names.iter().map(|name| harmless(name).into_owned()))?;
                Writer::Csv(Box::new(writer))
            }
            TableFormat::Parquet => {
                let field = |(name, holds): &(&str, Holds)| {
                    let dtype = match holds {
                        Holds::Text => DataType::String,
                        Holds::Whole => DataType::UInt64,
                        Holds::Number => DataType::Float64,
                    };
                    polars::prelude::Field::new((*name).into(), dtype)
                };
                let schema: Schema = columns.iter().map(field).collect();
                let writer = ParquetWriter::new(file).batched(&schema).map_err(parquet_error)?;
                Writer::Parquet(Box::new(writer))
            }
        };
        let columns = columns.iter().map(|(_, holds)| Buffer::new(*holds)).collect();
        Ok(Self { names, columns, rows: 0, text: String::new(), writer })
    }

    /// Adds a row: a field of its kind for each column.
    pub(super) fn row(&mut self, fields: &[Field<'_>]) -> io::Result<()> {
        debug_assert_eq!(fields.len(), self.names.len());
        match &mut self.writer {
            Writer::Csv(writer) => {
                use std::fmt::Write as _;
                for field in fields {
                    self.text.clear();
                    match *field {
                        Field::Text(text) => {
                            writer.write_field(harmless(text).as_ref())?;
                            continue;
                        }
                        Field::Null => Ok(()),
                        Field::Whole(value) => write!(self.text, "{value}"),
                        Field::Number(value) if value.is_finite() => write!(self.text, "{value}"),
                        Field::Number(_) => Ok(()),
                    }
                    .map_err(io::Error::other)?;
                    writer.write_field(&self.text)?;
                }
                writer.write_record(None::<&[u8]>)?;
                Ok(())
            }
            Writer::Parquet(_) => {
                for (column, field) in self.columns.iter_mut().zip(fields) {
                    column.push(*field);
                }
                self.rows += 1;
                if self.rows == BATCH { self.flush() } else { Ok(()) }
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        let Writer::Parquet(writer) = &mut self.writer else { return Ok(()) };
        let columns = self.columns.iter_mut().zip(&self.names);
        let columns = columns.map(|(column, name)| column.take(name)).collect();
        let frame = DataFrame::new(self.rows, columns).map_err(parquet_error)?;
        self.rows = 0;
        writer.write_batch(&frame).map_err(parquet_error)
    }

    /// Writes what is left.
    pub(super) fn finish(mut self) -> io::Result<()> {
        if self.rows > 0 {
            self.flush()?;
        }
        match self.writer {
            Writer::Csv(mut writer) => writer.flush(),
            Writer::Parquet(writer) => writer.finish().map(|_| ()).map_err(parquet_error),
        }
    }
}
