//! A piece of a block of sales -> the rows that count, each with customer, order, day, amount; the
//! others with every reason for refusing them.
//!
//! A row is judged by itself: pieces can be judged by several threads, in any order. Whether a row
//! stands earlier already is for the caller to know.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use regex::Regex;
use xxhash_rust::xxh3::xxh3_64;

use super::cell::{self, Cell, Fault};
use super::clock::{Clock, LocalTime};
use super::day_log::Marks;
use super::fields::Unreadable;
use super::params::{IdKind, Pattern, TransactionParams};
use super::reject_log::Part;
use super::rejects::{Reason, Reasons};
use super::sales::Sales;
use super::source::{Block, Row};
use super::worth::{Matcher, Valuer, WORTH_SLOT};
use super::{IngestError, IngestParams};
use crate::types::CustomerId;

/// Rows that count, in file order, and their customers.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub sales: Sales,
    /// In order of first appearance.
    pub ids: Vec<CustomerId>,
    /// Rows whose id was a float and became an integer.
    pub ids_normalised: u64,
}

/// What became of the rows of a piece.
#[derive(Default)]
pub(super) struct Judged {
    pub counted: Counted,
    pub refused: Part,
    /// Of times; of quantities (or amounts), prices and costs.
    pub time: Unreadable,
    pub worth: [Unreadable; 3],
    /// Sums of the sizes of amounts and costs.
    pub absolute: [i128; 2],
    /// Quantities of the rows that count, NaN where amounts are given directly.
    pub quantity: Vec<f64>,
    /// Every refused row, and those that count without an order: the day, and the columns without a
    /// value, by slot.
    pub marked: Vec<Marked>,
}

/// A row of which something is to be told.
#[derive(Clone, Copy)]
pub(super) struct Marked {
    pub day: Option<i32>,
    pub marks: Marks,
    pub refused: bool,
}

/// Slots of the columns that every table of sales has; those of its worth follow.
const CUSTOMER_SLOT: usize = 0;
const ORDER_SLOT: usize = 1;
/// See above.
pub(super) const TIME_SLOT: usize = 2;

/// Positions of the wanted columns among those asked for.
#[derive(Clone, Copy)]
struct Places {
    customer: usize,
    order: Option<usize>,
    time: usize,
}

/// Judges rows by the policies of the configuration. Clones are for other threads: what one
/// remembers saves time and changes nothing.
#[derive(Clone)]
pub(super) struct Judge<'a> {
    id_kind: IdKind,
    places: Places,
    exclude: Vec<Matcher>,
    clock: Clock,
    valuer: Valuer<'a>,
    scratch: String,
}

impl<'a> Judge<'a> {
    /// A judge, and the columns that it needs.
    ///
    /// # Errors
    /// Those of the configuration of columns, patterns and times.
    pub(super) fn new(params: &IngestParams<'a>) -> Result<(Self, Vec<String>), IngestError> {
        let table = params.transactions;
        let mut columns: Vec<String> = Vec::new();
        let mut ask = |name: &str| {
            columns.iter().position(|known| known == name).unwrap_or_else(|| {
                columns.push(name.to_owned());
                columns.len() - 1
            })
        };
        let customer = ask(&table.customer);
        let order = table.order.as_deref().map(&mut ask);
        let time = ask(&table.time);
        let mut valuer = Valuer::new(table, params.currency, &mut ask)?;
        let mut pattern = |key: &'static str, pattern: &Pattern| match Regex::new(&pattern.matches)
        {
            Ok(regex) => Ok(Matcher::new(ask(&pattern.column), regex)),
            Err(error) => Err(IngestError::BadPattern {
                key,
                pattern: pattern.matches.clone(),
                message: error.to_string().lines().last().unwrap_or_default().trim().to_owned(),
            }),
        };
        let policy = &table.policy;
        valuer.cancellation =
            policy.cancellation.as_ref().map(|p| pattern("cancellation", p)).transpose()?;
        let exclude =
            policy.exclude.iter().map(|p| pattern("exclude", p)).collect::<Result<_, _>>()?;
        let clock = Clock::new(&table.time_format, params.timezone, table.timezone.as_deref())?;
        let judge = Self {
            id_kind: table.format.customer_id,
            places: Places { customer, order, time },
            exclude,
            clock,
            valuer,
            scratch: String::new(),
        };
        Ok((judge, columns))
    }

    pub(super) fn has_cost(&self) -> bool {
        self.valuer.has_cost()
    }

    /// The column of each slot.
    pub(super) fn slots(table: &TransactionParams) -> Vec<(usize, String)> {
        let worth = [
            table.quantity.as_ref().or(table.amount.as_ref()),
            table.unit_price.as_ref(),
            table.cost.as_ref().or(table.unit_cost.as_ref()),
        ];
        let fixed = [Some(&table.customer), table.order.as_ref(), Some(&table.time)];
        let slots = fixed.into_iter().chain(worth).enumerate();
        debug_assert_eq!(fixed.len(), WORTH_SLOT);
        slots.filter_map(|(slot, name)| Some((slot, name?.clone()))).collect()
    }

    pub(super) fn valuer(&self) -> &Valuer<'a> {
        &self.valuer
    }

    /// Judges the rows of `range`; `duplicate` tells for each row of the block whether it stands
    /// earlier already, and is empty where that does not matter.
    ///
    /// # Errors
    /// Those of the block.
    pub(super) fn judge(
        &mut self,
        block: &dyn Block,
        range: Range<usize>,
        duplicate: &[bool],
    ) -> Result<Judged, IngestError> {
        let mut piece = Piece::default();
        piece.judged.counted.sales = Sales::with_capacity(range.len(), self.has_cost());
        let mut place = range.start;
        block.each(range, &mut |row| {
            let mut reasons = Reasons::default();
            if duplicate.get(place) == Some(&true) {
                reasons.add(Reason::Duplicate);
            }
            place += 1;
            self.row(&row, reasons, &mut piece);
            Ok(())
        })?;
        piece.judged.worth = self.valuer.take_seen();
        Ok(piece.judged)
    }

    fn row(&mut self, row: &Row<'_>, mut reasons: Reasons, piece: &mut Piece) {
        if let Some(fault) = row.fault {
            reasons.add(fault);
            piece.judged.refuse(row, reasons, None, Marks::default());
            return;
        }
        for pattern in &mut self.exclude {
            if pattern.matches(row.fields) {
                reasons.add(Reason::Excluded);
            }
        }
        let mut marks = Marks::default();
        self.valuer.marks = Marks::default();
        let time = self.time(row, &mut reasons, &mut piece.judged.time, &mut marks);
        let worth = self.valuer.read(row, &mut reasons);
        let customer = self.customer(row, &mut reasons, piece, &mut marks);
        let order = self.places.order.map(|place| row.fields.cell(place));
        match order {
            Some(Ok(Cell::Null)) => marks.empty(ORDER_SLOT),
            Some(Err(_)) => marks.unreadable(ORDER_SLOT),
            _ => {}
        }
        let marks = marks.and(self.valuer.marks);
        let (Some(time), Some(worth), Some(customer), true) =
            (time, worth, customer, reasons.is_empty())
        else {
            let day = time.map(|time| time.day);
            piece.judged.refuse(row, reasons, day, marks);
            return;
        };
        let order = match order {
            None | Some(Err(_) | Ok(Cell::Null)) => time.micros as u64,
            Some(Ok(Cell::Text(text))) => xxh3_64(text.trim().as_bytes()),
            Some(Ok(other)) => xxh3_64(other.to_string().as_bytes()),
        };
        if !marks.is_none() {
            piece.judged.marked.push(Marked { day: Some(time.day), marks, refused: false });
        }
        piece.judged.quantity.push(worth.quantity);
        for (sum, part) in piece.judged.absolute.iter_mut().zip([worth.amount, worth.cost]) {
            *sum += i128::from(part.0.unsigned_abs());
        }
        let rows = &mut piece.judged.counted.sales;
        rows.customer.push(customer);
        rows.order.push(order);
        rows.day.push(time.day);
        rows.amount.push(worth.amount.0);
        if self.valuer.has_cost() {
            rows.cost.push(worth.cost.0);
        }
        rows.is_return.push(worth.is_return);
    }

    fn time(
        &mut self,
        row: &Row<'_>,
        reasons: &mut Reasons,
        seen: &mut Unreadable,
        marks: &mut Marks,
    ) -> Option<LocalTime> {
        let place = self.places.time;
        let read = match row.fields.cell(place) {
            Ok(cell) => self.clock.read(cell),
            Err(reason) => {
                marks.unreadable(TIME_SLOT);
                reasons.add(reason);
                return None;
            }
        };
        match read {
            Ok(time) => Some(time),
            Err(Fault::Missing) => {
                marks.empty(TIME_SLOT);
                reasons.add(Reason::TimeMissing);
                None
            }
            Err(_) => {
                marks.unreadable(TIME_SLOT);
                seen.note(row.line, row.fields, place);
                reasons.add(Reason::TimeUnreadable);
                None
            }
        }
    }

    fn customer(
        &mut self,
        row: &Row<'_>,
        reasons: &mut Reasons,
        piece: &mut Piece,
        marks: &mut Marks,
    ) -> Option<u32> {
        let cell = match row.fields.cell(self.places.customer) {
            Ok(cell) => cell,
            Err(reason) => {
                marks.unreadable(CUSTOMER_SLOT);
                reasons.add(reason);
                return None;
            }
        };
        let counted = &mut piece.judged.counted;
        if let Some(last) = &piece.last
            && last.number == Some(cell)
            && reasons.is_empty()
        {
            counted.ids_normalised += u64::from(last.normalised);
            return Some(last.code);
        }
        let Ok((id, normalised)) = cell::customer_id(cell, self.id_kind, &mut self.scratch) else {
            marks.empty(CUSTOMER_SLOT);
            reasons.add(Reason::CustomerMissing);
            return None;
        };
        counted.ids_normalised += u64::from(normalised);
        if !reasons.is_empty() {
            return None;
        }
        let same = |last: &&LastId| counted.ids[last.code as usize].as_str() == id;
        let known = piece.last.as_ref().filter(same).map(|last| last.code);
        let code = match known.or_else(|| piece.known.get(id).copied()) {
            Some(code) => code,
            None => {
                let code = counted.ids.len() as u32;
                let text: Arc<str> = id.into();
                counted.ids.push(CustomerId(Arc::clone(&text)));
                piece.known.insert(text, code);
                code
            }
        };
        let number = match cell {
            Cell::Int(value) => Some(Cell::Int(value)),
            Cell::Float(value) => Some(Cell::Float(value)),
            _ => None,
        };
        piece.last = Some(LastId { number, code, normalised });
        Some(code)
    }
}

impl Judged {
    fn refuse(&mut self, row: &Row<'_>, reasons: Reasons, day: Option<i32>, marks: Marks) {
        self.refused.push(row.line, reasons, day, row.fields);
        self.marked.push(Marked { day, marks, refused: true });
    }
}

/// A piece while it is judged.
#[derive(Default)]
struct Piece {
    judged: Judged,
    known: HashMap<Arc<str>, u32>,
    last: Option<LastId>,
}

/// Rows of one customer often follow each other.
struct LastId {
    /// The id as it stands in the file, where it is a number: it need not be written out again.
    number: Option<Cell<'static>>,
    code: u32,
    normalised: bool,
}
