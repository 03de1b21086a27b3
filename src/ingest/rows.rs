//! Transaction files -> the rows that count, each with customer, order, day, amount; the others
//! with their reasons to the reject log.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use regex::Regex;

use super::cell::{self, Clock, Fault};
use super::fields::{Expected, Unreadable};
use super::params::{Duplicates, Pattern, TextParams};
use super::rejects::{Reason, Reasons, RejectLog};
use super::source::{Row, Source, Wanted};
use super::worth::{Valuer, matches};
use super::{IngestError, IngestParams};
use crate::run::InputFile;
use crate::types::{CustomerId, Money};

/// The rows that count, column by column, in file order.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Index into `ids`.
    pub customer: Vec<u32>,
    /// Identity of the order within the customer: a hash of its id, or its time.
    pub order: Vec<u64>,
    /// Days since 1970-01-01 on the business's calendar.
    pub day: Vec<i32>,
    /// Ticks; negative for returns.
    pub amount: Vec<i64>,
    /// Ticks, with the sign of the amount; empty without a column of costs.
    pub cost: Vec<i64>,
    /// Whether there is a column of costs.
    pub has_cost: bool,
    /// Whether the row takes something back.
    pub is_return: Vec<bool>,
    /// In order of first appearance.
    pub ids: Vec<CustomerId>,
    /// Rows read.
    pub read: u64,
    /// Rows whose id was a float and became an integer.
    pub ids_normalised: u64,
}

/// Positions of the wanted columns among those asked for.
struct Places {
    columns: Vec<String>,
    customer: usize,
    order: Option<usize>,
    time: usize,
    exclude: Vec<(usize, Regex)>,
}

pub(super) fn read(
    params: &IngestParams<'_>,
    sources: &[Source],
    log: &mut RejectLog,
    files: &mut Vec<InputFile>,
    step: &mut dyn FnMut(),
) -> Result<Rows, IngestError> {
    let table = params.transactions;
    check_text("transactions", &table.format)?;
    let (places, valuer) = Places::new(params)?;
    let clock = Clock::new(&table.time_format, params.timezone, table.timezone.as_deref())?;
    let mut reader = Reader {
        params,
        places,
        clock,
        rows: Rows::default(),
        known: HashMap::new(),
        last_id: None,
        seen: HashSet::default(),
        scratch: String::new(),
        absolute: [0; 2],
        time: Unreadable::default(),
        valuer,
    };
    reader.rows.has_cost = reader.valuer.has_cost();
    for source in sources {
        log.begin_file(source.table, &source.name);
        reader.time = Unreadable::default();
        reader.valuer.begin_file();
        let columns = reader.places.columns.clone();
        let wanted = Wanted {
            columns: &columns,
            flags_from: usize::MAX,
            fingerprints: table.policy.duplicates == Duplicates::Drop,
            text: &table.format,
        };
        let count = source.each_row(&wanted, &mut |row| reader.row(&row, log))?;
        reader.rows.read += count;
        let time = Expected {
            column: table.time.clone(),
            what: "a time",
            remedy: "Set [transactions] time_format, such as \"%d/%m/%Y %H:%M\", or name another column",
        };
        reader.time.check(source, count, time)?;
        reader.valuer.check_columns(source, count)?;
        files.push(source.describe(count)?);
        step();
    }
    for (what, absolute) in ["amount", "cost"].into_iter().zip(reader.absolute) {
        if absolute > i128::from(i64::MAX / 4) {
            return Err(IngestError::TooMuchMoney {
                what,
                limit: Money(i64::MAX / 4).units(params.currency),
                currency: params.currency.0.clone(),
            });
        }
    }
    Ok(reader.rows)
}

/// Refuses marks that would make text ambiguous.
///
/// # Errors
/// `Text`.
pub(super) fn check_text(table: &'static str, text: &TextParams) -> Result<(), IngestError> {
    let fault = |message| Err(IngestError::Text { table, message });
    if !matches!(text.decimal, '.' | ',') {
        return fault("format.decimal must be \".\" or \",\"");
    }
    if text.thousands == Some(text.decimal) {
        return fault("format.decimal and format.thousands are the same mark. Change one");
    }
    if text.thousands.is_some_and(|mark| mark.is_ascii_alphanumeric() || mark == '-') {
        return fault(
            "format.thousands must be a mark such as \".\" or \" \", not a letter, digit or sign",
        );
    }
    if text.delimiter.is_some_and(|mark| !mark.is_ascii() || matches!(mark, '"' | '\n' | '\r')) {
        return fault(
            "format.delimiter must be one ASCII character other than a quote or a line end",
        );
    }
    Ok(())
}

impl Places {
    fn new<'a>(params: &IngestParams<'a>) -> Result<(Self, Valuer<'a>), IngestError> {
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
            Ok(regex) => Ok((ask(&pattern.column), regex)),
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
        Ok((Self { customer, order, time, exclude, columns }, valuer))
    }
}

struct Reader<'a> {
    params: &'a IngestParams<'a>,
    places: Places,
    clock: Clock,
    rows: Rows,
    known: HashMap<Arc<str>, u32>,
    /// Rows of one customer often follow each other.
    last_id: Option<u32>,
    seen: HashSet<u128, BuildHasherDefault<Spread>>,
    scratch: String,
    /// Of amounts and costs.
    absolute: [i128; 2],
    time: Unreadable,
    valuer: Valuer<'a>,
}

/// A fingerprint is spread evenly already: half of it is its hash.
#[derive(Default)]
struct Spread(u64);

impl Hasher for Spread {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u128(&mut self, fingerprint: u128) {
        self.0 = fingerprint as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl Reader<'_> {
    fn row(&mut self, row: &Row<'_>, log: &mut RejectLog) -> Result<(), IngestError> {
        let mut reasons = Reasons::default();
        let policy = &self.params.transactions.policy;
        if policy.duplicates == Duplicates::Drop && !self.seen.insert(row.fingerprint) {
            reasons.add(Reason::Duplicate);
        }
        if let Some(fault) = row.fault {
            reasons.add(fault);
            log.push(row.line, reasons, None, &row.fields.text());
            return Ok(());
        }
        for (place, regex) in &self.places.exclude {
            if matches(row.fields, *place, regex, &mut self.scratch) {
                reasons.add(Reason::Excluded);
            }
        }
        let time = self.time(row, &mut reasons);
        let worth = self.valuer.read(row, &mut reasons);
        let customer = self.customer(row, &mut reasons);
        let (Some(time), Some(worth), Some(customer), true) =
            (time, worth, customer, reasons.is_empty())
        else {
            log.push(row.line, reasons, time.map(|time| time.day), &row.fields.text());
            return Ok(());
        };
        let order = match self.places.order {
            None => time.micros as u64,
            Some(place) => match row.fields.cell(place) {
                Err(_) | Ok(cell::Cell::Null) => time.micros as u64,
                Ok(cell::Cell::Text(text)) => xxhash_rust::xxh3::xxh3_64(text.trim().as_bytes()),
                Ok(other) => xxhash_rust::xxh3::xxh3_64(other.to_string().as_bytes()),
            },
        };
        for (sum, part) in self.absolute.iter_mut().zip([worth.amount, worth.cost]) {
            *sum += i128::from(part.0.unsigned_abs());
        }
        self.rows.customer.push(customer);
        self.rows.order.push(order);
        self.rows.day.push(time.day);
        self.rows.amount.push(worth.amount.0);
        if self.rows.has_cost {
            self.rows.cost.push(worth.cost.0);
        }
        self.rows.is_return.push(worth.is_return);
        Ok(())
    }

    fn time(&mut self, row: &Row<'_>, reasons: &mut Reasons) -> Option<cell::LocalTime> {
        let place = self.places.time;
        let read = match row.fields.cell(place) {
            Ok(cell) => self.clock.read(cell),
            Err(reason) => {
                reasons.add(reason);
                return None;
            }
        };
        match read {
            Ok(time) => Some(time),
            Err(Fault::Missing) => {
                reasons.add(Reason::TimeMissing);
                None
            }
            Err(_) => {
                self.time.note(row.line, row.fields, place);
                reasons.add(Reason::TimeUnreadable);
                None
            }
        }
    }

    fn customer(&mut self, row: &Row<'_>, reasons: &mut Reasons) -> Option<u32> {
        let cell = match row.fields.cell(self.places.customer) {
            Ok(cell) => cell,
            Err(reason) => {
                reasons.add(reason);
                return None;
            }
        };
        let kind = self.params.transactions.format.customer_id;
        let Ok((id, normalised)) = cell::customer_id(cell, kind, &mut self.scratch) else {
            reasons.add(Reason::CustomerMissing);
            return None;
        };
        self.rows.ids_normalised += u64::from(normalised);
        if !reasons.is_empty() {
            return None;
        }
        if let Some(last) = self.last_id
            && self.rows.ids[last as usize].as_str() == id
        {
            return Some(last);
        }
        let code = match self.known.get(id) {
            Some(&code) => code,
            None => {
                let code = self.rows.ids.len() as u32;
                let text: Arc<str> = id.into();
                self.rows.ids.push(CustomerId(Arc::clone(&text)));
                self.known.insert(text, code);
                code
            }
        };
        self.last_id = Some(code);
        Some(code)
    }
}
