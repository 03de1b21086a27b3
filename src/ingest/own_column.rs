//! The fields of one column, one by one -> numbers, or why it is no column of numbers.
//!
//! Only a column without any text is one of numbers, so the numbers of a column are let go at its
//! first text.

use std::path::Path;

use super::IngestError;
use super::cell::{self, Cell, Fault};
use super::fields::shown;
use super::params::TextParams;
use super::rejects::Reason;

/// What a column turned out to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Numbers,
    /// Numbers, and some that are not finite.
    Infinite,
    /// Numbers for the most part, and some values that are none.
    Mixed,
    /// Text for the most part.
    Text,
    /// No value at all.
    Nothing,
}

/// A column while it is read.
#[derive(Debug)]
pub(super) struct Column {
    pub name: String,
    category: bool,
    /// NaN where missing; none once a value is no finite number.
    numbers: Option<Vec<f64>>,
    /// Values that are numbers, and that are none.
    defined: u64,
    texts: u64,
    /// The first value that is no finite number.
    first: Option<Unusable>,
}

/// A value, where it stands and what is wrong with it.
#[derive(Debug)]
struct Unusable {
    line: u64,
    value: String,
    infinite: bool,
}

/// Whether a field has no value; NaN is how other programs write that.
pub(super) fn is_nothing(cell: Cell<'_>) -> bool {
    match cell {
        Cell::Null => true,
        Cell::Float(value) => value.is_nan(),
        Cell::Text(text) => {
            let text = text.trim();
            cell::is_missing(text) || text.eq_ignore_ascii_case("nan")
        }
        _ => false,
    }
}

impl Column {
    /// The column called `name`; of text whatever it holds where it is a `category`.
    pub(super) fn new(name: &str, category: bool) -> Self {
        let numbers = (!category).then(Vec::new);
        Self { name: name.to_owned(), category, numbers, defined: 0, texts: 0, first: None }
    }

    /// Takes the field of the next row.
    pub(super) fn push(&mut self, cell: Result<Cell<'_>, Reason>, line: u64, format: &TextParams) {
        let read = match cell {
            Ok(cell) if is_nothing(cell) => Err(Fault::Missing),
            Ok(_) if self.category => Err(Fault::Unreadable),
            Ok(cell) => cell::number(cell, format),
            Err(_) => Err(Fault::Unreadable),
        };
        match read {
            Ok(value) => {
                self.defined += 1;
                if let Some(numbers) = &mut self.numbers {
                    numbers.push(value);
                }
            }
            Err(Fault::Missing) => {
                if let Some(numbers) = &mut self.numbers {
                    numbers.push(f64::NAN);
                }
            }
            Err(fault) => {
                let infinite = fault == Fault::NotFinite;
                if infinite {
                    self.defined += 1;
                } else {
                    self.texts += 1;
                }
                self.numbers = None;
                if self.first.is_none() {
                    let value = cell.map_or_else(|_| "\u{fffd}".into(), shown);
                    self.first = Some(Unusable { line, value, infinite });
                }
            }
        }
    }

    pub(super) fn kind(&self) -> Kind {
        match &self.first {
            _ if self.texts > self.defined => Kind::Text,
            _ if self.texts > 0 => Kind::Mixed,
            Some(_) => Kind::Infinite,
            None if self.defined == 0 => Kind::Nothing,
            None => Kind::Numbers,
        }
    }

    /// Why it is no column of numbers.
    pub(super) fn why_text(&self) -> String {
        match &self.first {
            Some(Unusable { line, value, .. }) if self.kind() == Kind::Mixed => {
                format!("line {line} has `{value}`, which is no number")
            }
            Some(Unusable { value, .. }) => format!("it holds text such as `{value}`"),
            None => "no row has a value".into(),
        }
    }

    /// That it is of numbers, as far as it has values.
    ///
    /// # Errors
    /// `BadRow` where a value is no finite number.
    pub(super) fn check_numbers(&self, path: &Path) -> Result<(), IngestError> {
        let Some(Unusable { line, value, infinite }) = &self.first else { return Ok(()) };
        let what = if *infinite {
            "it is not finite. Correct the row, or leave the field empty where the value is not known"
        } else {
            "it is not a number, as most values of the column are. Correct the row, leave the field \
             empty, name the columns to use with --features, or say with --decimal and --thousands \
             how numbers are written"
        };
        Err(IngestError::BadRow {
            file: path.to_owned(),
            line: *line,
            what: format!("column `{}` = `{value}`: {what}", self.name),
        })
    }

    /// Its name, and its numbers where it is a column of numbers.
    pub(super) fn into_numbers(self) -> (String, Option<Vec<f64>>) {
        (self.name, self.numbers)
    }
}
