//! Transaction files -> the rows that count, each with customer, order, day, amount; the others
//! with their reasons to the reject log.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use regex::Regex;

use super::cell::{self, Clock, Fault};
use super::params::{AmountColumns, Duplicates, Pattern, Returns, TextParams, Zero};
use super::rejects::{Reason, Reasons, RejectLog};
use super::source::{Fields, Row, Source, Wanted};
use super::{IngestError, IngestParams};
use crate::run::InputFile;
use crate::types::{Currency, CustomerId, Money};

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
    amount: AmountPlaces,
    cancellation: Option<(usize, Regex)>,
    exclude: Vec<(usize, Regex)>,
}

enum AmountPlaces {
    Direct(usize),
    Product { quantity: usize, price: usize },
}

/// First unreadable value of a column in a file, and how many there are.
#[derive(Default)]
struct Unreadable {
    count: u64,
    example: String,
    line: u64,
}

impl Unreadable {
    fn note(&mut self, line: u64, fields: &dyn Fields, place: usize) {
        self.count += 1;
        if self.count == 1 {
            self.line = line;
            self.example = fields.cell(place).map_or_else(|_| String::new(), |c| c.to_string());
            let end = (0..=80.min(self.example.len()))
                .rev()
                .find(|&at| self.example.is_char_boundary(at))
                .unwrap_or(0);
            self.example.truncate(end);
        }
    }
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
    let places = Places::new(params)?;
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
        absolute: 0,
        time: Unreadable::default(),
        amounts: Default::default(),
    };
    for source in sources {
        log.begin_file(source.table, &source.name);
        reader.time = Unreadable::default();
        reader.amounts = Default::default();
        let columns = reader.places.columns.clone();
        let wanted = Wanted {
            columns: &columns,
            fingerprints: table.policy.duplicates == Duplicates::Drop,
            text: &table.format,
        };
        let count = source.each_row(&wanted, &mut |row| reader.row(&row, log))?;
        reader.rows.read += count;
        reader.check_columns(source, count)?;
        files.push(source.describe(count)?);
        step();
    }
    if reader.absolute > i128::from(i64::MAX / 4) {
        return Err(IngestError::TooMuchMoney {
            limit: Money(i64::MAX / 4).units(params.currency),
            currency: params.currency.0.clone(),
        });
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
    fn new(params: &IngestParams<'_>) -> Result<Self, IngestError> {
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
        let amount = match table.amount_columns()? {
            AmountColumns::Direct(amount) => AmountPlaces::Direct(ask(&amount)),
            AmountColumns::Product { quantity, unit_price } => {
                AmountPlaces::Product { quantity: ask(&quantity), price: ask(&unit_price) }
            }
        };
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
        let cancellation =
            policy.cancellation.as_ref().map(|p| pattern("cancellation", p)).transpose()?;
        let exclude =
            policy.exclude.iter().map(|p| pattern("exclude", p)).collect::<Result<_, _>>()?;
        Ok(Self { customer, order, time, amount, cancellation, exclude, columns })
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
    absolute: i128,
    time: Unreadable,
    /// Quantity (or amount) and price.
    amounts: [Unreadable; 2],
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

/// What a row is worth.
struct Worth {
    amount: Money,
    is_return: bool,
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
        let worth = self.worth(row, &mut reasons);
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
        self.absolute += i128::from(worth.amount.0.unsigned_abs());
        self.rows.customer.push(customer);
        self.rows.order.push(order);
        self.rows.day.push(time.day);
        self.rows.amount.push(worth.amount.0);
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

    fn number(
        &mut self,
        row: &Row<'_>,
        place: usize,
        which: usize,
        reasons: &mut Reasons,
    ) -> Option<f64> {
        let read = match row.fields.cell(place) {
            Ok(cell) => cell::number(cell, &self.params.transactions.format),
            Err(reason) => {
                reasons.add(reason);
                return None;
            }
        };
        match read {
            Ok(value) => Some(value),
            Err(fault) => {
                if fault == Fault::Unreadable {
                    self.amounts[which].note(row.line, row.fields, place);
                }
                reasons.add(match fault {
                    Fault::Missing => Reason::AmountMissing,
                    Fault::Unreadable => Reason::AmountUnreadable,
                    Fault::NotFinite => Reason::AmountNotFinite,
                });
                None
            }
        }
    }

    fn worth(&mut self, row: &Row<'_>, reasons: &mut Reasons) -> Option<Worth> {
        let policy = &self.params.transactions.policy;
        let refuse_returns = policy.returns == Returns::Exclude;
        let refuse_zero = policy.zero == Zero::Exclude;
        let mut is_return = false;
        if let Some((place, regex)) = &self.places.cancellation
            && matches(row.fields, *place, regex, &mut self.scratch)
        {
            is_return = true;
            if refuse_returns {
                reasons.add(Reason::Cancellation);
            }
        }
        let value = match self.places.amount {
            AmountPlaces::Direct(place) => {
                let amount = self.number(row, place, 0, reasons)?;
                if amount < 0.0 {
                    is_return = true;
                    if refuse_returns {
                        reasons.add(Reason::AmountNegative);
                    }
                }
                amount
            }
            AmountPlaces::Product { quantity, price } => {
                let quantity = self.number(row, quantity, 0, reasons);
                let price = self.number(row, price, 1, reasons);
                if quantity.is_some_and(|quantity| quantity < 0.0) {
                    is_return = true;
                    if refuse_returns {
                        reasons.add(Reason::QuantityNegative);
                    }
                }
                if price.is_some_and(|price| price < 0.0) {
                    is_return = true;
                    if policy.negative_price == Zero::Exclude {
                        reasons.add(Reason::PriceNegative);
                    }
                }
                if refuse_zero && quantity == Some(0.0) {
                    reasons.add(Reason::QuantityZero);
                }
                if refuse_zero && price == Some(0.0) {
                    reasons.add(Reason::PriceZero);
                }
                let (quantity, price) = (quantity?, price?);
                if refuse_zero && quantity != 0.0 && price != 0.0 && quantity * price == 0.0 {
                    reasons.add(Reason::AmountZero);
                }
                quantity * price
            }
        };
        if refuse_zero && value == 0.0 && matches!(self.places.amount, AmountPlaces::Direct(_)) {
            reasons.add(Reason::AmountZero);
        }
        match money(value, is_return, self.params.currency) {
            Some(amount) => Some(Worth { amount, is_return }),
            None => {
                reasons.add(Reason::AmountTooLarge);
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

    /// A column that fails in most rows of a file is the wrong column or the wrong format.
    fn check_columns(&self, source: &Source, rows: u64) -> Result<(), IngestError> {
        let table = self.params.transactions;
        let fault =
            |column: &str, seen: &Unreadable, expected, remedy| IngestError::ColumnUnreadable {
                file: source.path.clone(),
                column: column.to_owned(),
                expected,
                unreadable: seen.count,
                rows,
                example: seen.example.clone(),
                line: seen.line,
                remedy,
            };
        if self.time.count * 2 > rows {
            return Err(fault(
                &table.time,
                &self.time,
                "a time",
                "Set [transactions] time_format, such as \"%d/%m/%Y %H:%M\", or name another column",
            ));
        }
        let names = match table.amount_columns()? {
            AmountColumns::Direct(amount) => [amount, String::new()],
            AmountColumns::Product { quantity, unit_price } => [quantity, unit_price],
        };
        for (name, seen) in names.iter().zip(&self.amounts) {
            if seen.count * 2 > rows {
                return Err(fault(
                    name,
                    seen,
                    "a number",
                    "Set [transactions.format] decimal and thousands, or name another column",
                ));
            }
        }
        Ok(())
    }
}

/// Exact ticks; a return is never positive whatever the signs of its factors.
fn money(value: f64, is_return: bool, currency: &Currency) -> Option<Money> {
    let money = Money::from_units(value, currency)?;
    Some(if is_return { Money(-money.0.abs()) } else { money })
}

fn matches(fields: &dyn Fields, place: usize, regex: &Regex, scratch: &mut String) -> bool {
    use std::fmt::Write;
    match fields.cell(place) {
        Ok(cell::Cell::Text(text)) => regex.is_match(text),
        Ok(cell::Cell::Null) | Err(_) => false,
        Ok(other) => {
            scratch.clear();
            let _ = write!(scratch, "{other}");
            regex.is_match(scratch)
        }
    }
}
