//! One row of an optional table -> its fields, with every reason for refusing it; columns that
//! fail in most rows of a file; names -> numbers.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::IngestError;
use super::cell::{self, Cell, Fault};
use super::clock::Clock;
use super::day_log::{DayLog, Marks};
use super::params::TextParams;
use super::reject_log::RejectLog;
use super::rejects::{Reason, Reasons};
use super::source::{Fields, Row, Source};

/// First unreadable value of a column in a file, and how many there are.
#[derive(Clone, Debug, Default)]
pub(super) struct Unreadable {
    count: u64,
    example: String,
    line: u64,
}

/// How a column is told to be the wrong one.
pub(super) struct Expected {
    /// The column.
    pub column: String,
    /// `a time`, `a number`.
    pub what: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

impl Expected {
    /// A time of an optional table.
    pub(super) fn time(column: Option<&str>) -> Self {
        Self {
            column: column.unwrap_or_default().to_owned(),
            what: "a time",
            remedy: "Set the table's time_format, such as \"%d/%m/%Y\", or name another column",
        }
    }
}

impl Unreadable {
    pub(super) fn note(&mut self, line: u64, fields: &dyn Fields, place: usize) {
        self.count += 1;
        if self.count == 1 {
            self.line = line;
            self.example = fields.cell(place).map_or_else(|_| String::new(), shown);
        }
    }

    /// Adds what came later in the file.
    pub(super) fn absorb(&mut self, later: Self) {
        if self.count == 0 {
            *self = later;
        } else {
            self.count += later.count;
        }
    }

    /// A column that fails in most rows of a file is the wrong column or the wrong format.
    ///
    /// # Errors
    /// `ColumnUnreadable`.
    pub(super) fn check(
        &self,
        source: &Source,
        rows: u64,
        expected: Expected,
    ) -> Result<(), IngestError> {
        if self.count * 2 <= rows {
            return Ok(());
        }
        Err(IngestError::ColumnUnreadable {
            file: source.path.clone(),
            column: expected.column,
            expected: expected.what,
            unreadable: self.count,
            rows,
            example: self.example.clone(),
            line: self.line,
            remedy: expected.remedy,
        })
    }
}

/// A field as a message shows it: cut at 80 bytes.
pub(super) fn shown(cell: Cell<'_>) -> String {
    let mut text = cell.to_string();
    let end = (0..=80.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    text.truncate(end);
    text
}

/// The reasons of the four ways in which a number can fail.
pub(super) struct NumberFaults {
    pub missing: Reason,
    pub unreadable: Reason,
    pub not_finite: Reason,
}

impl NumberFaults {
    pub(super) fn reason(&self, fault: Fault) -> Reason {
        match fault {
            Fault::Missing => self.missing,
            Fault::Unreadable => self.unreadable,
            Fault::NotFinite => self.not_finite,
        }
    }
}

pub(super) const AMOUNT: NumberFaults = NumberFaults {
    missing: Reason::AmountMissing,
    unreadable: Reason::AmountUnreadable,
    not_finite: Reason::AmountNotFinite,
};
pub(super) const COST: NumberFaults = NumberFaults {
    missing: Reason::CostMissing,
    unreadable: Reason::CostUnreadable,
    not_finite: Reason::CostNotFinite,
};
pub(super) const RANK: NumberFaults = NumberFaults {
    missing: Reason::RankMissing,
    unreadable: Reason::RankUnreadable,
    not_finite: Reason::RankUnreadable,
};

/// A row while it is judged.
pub(super) struct Record<'a, 'r> {
    row: &'a Row<'r>,
    text: &'a TextParams,
    /// What speaks against it so far.
    pub reasons: Reasons,
    /// Columns without a value so far, by the place among those asked for.
    marks: Marks,
}

impl<'a, 'r> Record<'a, 'r> {
    pub(super) fn new(row: &'a Row<'r>, text: &'a TextParams) -> Self {
        let mut reasons = Reasons::default();
        if let Some(fault) = row.fault {
            reasons.add(fault);
        }
        Self { row, text, reasons, marks: Marks::default() }
    }

    fn cell(&mut self, place: usize) -> Option<Cell<'a>> {
        match self.row.fields.cell(place) {
            Ok(cell) => Some(cell),
            Err(reason) => {
                self.marks.unreadable(place);
                self.reasons.add(reason);
                None
            }
        }
    }

    /// Notes the row under its day, once everything is read.
    pub(super) fn note(&self, day: Option<i32>, days: &mut DayLog) {
        days.row(day, self.marks);
    }

    /// The customer's id, in the place 0 of every optional table.
    pub(super) fn customer<'s>(&mut self, scratch: &'s mut String) -> Option<&'s str>
    where
        'a: 's,
    {
        let cell = self.cell(0)?;
        match cell::customer_id(cell, self.text.customer_id, scratch) {
            Ok((id, _)) => Some(id),
            Err(_) => {
                self.marks.empty(0);
                self.reasons.add(Reason::CustomerMissing);
                None
            }
        }
    }

    /// A name, outer blanks removed.
    pub(super) fn name(&mut self, place: usize, missing: Reason) -> Option<Cow<'a, str>> {
        let name = match self.cell(place)? {
            Cell::Null => Cow::Borrowed(""),
            Cell::Text(text) => Cow::Borrowed(text.trim()),
            other => Cow::Owned(other.to_string()),
        };
        if cell::is_missing(&name) {
            self.marks.empty(place);
            self.reasons.add(missing);
            return None;
        }
        Some(name)
    }

    /// The day of a time; without one, a reason unless it `may_be_missing`.
    pub(super) fn day(
        &mut self,
        place: usize,
        clock: &mut Clock,
        may_be_missing: bool,
        seen: &mut Unreadable,
    ) -> Option<i32> {
        let cell = self.cell(place)?;
        match clock.read(cell) {
            Ok(time) => Some(time.day),
            Err(Fault::Missing) => {
                self.marks.empty(place);
                if !may_be_missing {
                    self.reasons.add(Reason::TimeMissing);
                }
                None
            }
            Err(_) => {
                self.marks.unreadable(place);
                seen.note(self.row.line, self.row.fields, place);
                self.reasons.add(Reason::TimeUnreadable);
                None
            }
        }
    }

    pub(super) fn number(
        &mut self,
        place: usize,
        faults: &NumberFaults,
        seen: &mut Unreadable,
    ) -> Option<f64> {
        let cell = self.cell(place)?;
        match cell::number(cell, self.text) {
            Ok(value) => Some(value),
            Err(fault) => {
                match fault {
                    Fault::Missing => self.marks.empty(place),
                    Fault::Unreadable | Fault::NotFinite => self.marks.unreadable(place),
                }
                if fault == Fault::Unreadable {
                    seen.note(self.row.line, self.row.fields, place);
                }
                self.reasons.add(faults.reason(fault));
                None
            }
        }
    }

    /// Yes or no.
    pub(super) fn flag(&mut self, place: usize, seen: &mut Unreadable) -> Option<bool> {
        let cell = self.cell(place)?;
        let flag = cell::flag(cell);
        if flag.is_none() {
            match cell {
                Cell::Null => self.marks.empty(place),
                _ => self.marks.unreadable(place),
            }
            seen.note(self.row.line, self.row.fields, place);
            self.reasons.add(Reason::ResponseUnreadable);
        }
        flag
    }

    /// Writes the row to the reject log.
    pub(super) fn refuse(&self, day: Option<i32>, log: &mut RejectLog) {
        log.push(self.row.line, self.reasons, day, self.row.fields);
    }
}

/// Names and their numbers, in order of first appearance.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    known: HashMap<Arc<str>, u32>,
    pub list: Vec<Arc<str>>,
}

impl Names {
    pub(super) fn code(&mut self, name: &str) -> u32 {
        if let Some(&code) = self.known.get(name) {
            return code;
        }
        let (code, name) = (self.list.len() as u32, Arc::<str>::from(name));
        self.list.push(Arc::clone(&name));
        self.known.insert(name, code);
        code
    }

    /// The names of `codes` sorted, each once, and by code the place among them.
    pub(super) fn sorted(&self, codes: impl Iterator<Item = u32>) -> (Vec<Arc<str>>, Vec<u32>) {
        let mut used = vec![false; self.list.len()];
        codes.for_each(|code| used[code as usize] = true);
        let mut order: Vec<u32> =
            (0..self.list.len() as u32).filter(|&code| used[code as usize]).collect();
        order.sort_unstable_by(|&a, &b| self.list[a as usize].cmp(&self.list[b as usize]));
        let mut places = vec![0; self.list.len()];
        for (place, &code) in order.iter().enumerate() {
            places[code as usize] = place as u32;
        }
        (order.iter().map(|&code| Arc::clone(&self.list[code as usize])).collect(), places)
    }
}
