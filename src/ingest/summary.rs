//! Tables that a fit takes without a configuration -> histories of repeat purchases, survivors of
//! cohorts, subscriptions.
//!
//! CSV, gzipped CSV or Parquet, told by content; columns are found by the names under which the
//! field knows them. A fit must not lose rows unseen: one that cannot be read is an error with
//! its line.

#![allow(non_snake_case, reason = "T is the literature's name")]

use std::collections::BTreeMap;
use std::path::Path;

use super::IngestError;
use super::cell::{self, Cell, Fault};
use super::clock::Clock;
use super::fields::shown;
use super::params::{Formats, TextParams};
use super::source::{self, Row, Source, Wanted};
use crate::types::CustomerId;

/// Histories of repeat purchases, column by column, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// Ids of the rows, where the file has them.
    pub ids: Option<Vec<String>>,
    /// Repeat purchases: whole numbers from 0 on.
    pub x: Vec<f64>,
    /// Time from the first purchase to the last, in the file's unit; 0 where `x` is 0.
    pub t_x: Vec<f64>,
    /// Time from the first purchase to the end of observation, at least `t_x`; for models of
    /// discrete time the number of opportunities.
    pub T: Vec<f64>,
    /// Mean value of a repeat purchase, where the file has it; 0 where `x` is 0 and the field
    /// empty.
    pub m_x: Option<Vec<f64>>,
    /// Customers with this history, above 0; one each where the file does not say.
    pub count: Option<Vec<f64>>,
    /// Rows of the file.
    pub rows: u64,
}

/// Cohorts and how many of their customers are left after each period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cohorts {
    /// Sorted by name, at least one.
    pub cohorts: Vec<Cohort>,
    /// Rows of the file.
    pub rows: u64,
}

/// Customers acquired together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cohort {
    /// Empty where the file has no column of cohorts.
    pub name: String,
    /// Customers left after 0, 1, 2, … renewals: the first above 0, none above the one before.
    pub alive: Vec<f64>,
}

/// Subscriptions, column by column, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Subscriptions {
    /// The customer; may stand several times.
    pub customer: Vec<CustomerId>,
    /// First day, since 1970-01-01.
    pub start: Vec<i32>,
    /// Last day, not before `start`; `None` where it goes on.
    pub end: Vec<Option<i32>>,
    /// Rows of the file.
    pub rows: u64,
}

/// What a column holds, and the names under which it is known. The first is the model's own and
/// is taken wherever it stands; of the others only one may be there.
#[derive(Clone, Copy)]
struct Known {
    what: &'static str,
    names: &'static [&'static str],
}

const X: Known = Known { what: "the repeat purchases x", names: &["x", "frequency"] };
const T_X: Known = Known { what: "the time t_x of the last purchase", names: &["t_x", "recency"] };
const AGE: Known = Known { what: "the time T under observation", names: &["T", "n", "periods"] };
const M_X: Known = Known {
    what: "the mean value m_x of a purchase",
    names: &["m_x", "zbar", "monetary_value", "monetary"],
};
const COUNT: Known =
    Known { what: "the customers of a row", names: &["count", "weights", "customers"] };
const ROW: Known = Known { what: "the id of a row", names: &["id", "customer_id", "customer"] };
const COHORT: Known = Known { what: "the cohort", names: &["cohort"] };
const PERIOD: Known = Known { what: "the period", names: &["period", "renewals", "t"] };
const ALIVE: Known =
    Known { what: "the customers left", names: &["customers", "alive", "survivors", "count"] };
const CUSTOMER: Known = Known { what: "the customer", names: &["customer", "customer_id", "id"] };
const START: Known = Known { what: "the first day", names: &["start", "start_date"] };
const END: Known = Known { what: "the last day", names: &["end", "end_date"] };

/// Reads histories: columns `x` (or `frequency`), `t_x` (`recency`), `T` (`n`, `periods`), and
/// where they are there `m_x` (`zbar`, `monetary_value`, `monetary`) and `count` (`weights`,
/// `customers`) and an id (`id`, `customer_id`, `customer`), in any case where that leaves no
/// doubt.
///
/// # Errors
/// An unusable file; `NoColumn`, `SeveralColumns`, `BadRow`, `NoRows`.
pub fn read_summary(path: &Path) -> Result<Summary, IngestError> {
    let optional = [(M_X, false), (COUNT, false), (ROW, false)];
    let table =
        Table::open(path, &[&[(X, true), (T_X, true), (AGE, true)], &optional[..]].concat())?;
    let mut summary = Summary {
        ids: table.has(5).then(Vec::new),
        m_x: table.has(3).then(Vec::new),
        count: table.has(4).then(Vec::new),
        ..Summary::default()
    };
    summary.rows = table.each_row(&mut |row| {
        let x = row.number(0)?;
        if !(x >= 0.0 && x.fract() == 0.0) {
            return Err(row.fault(0, "it must be a whole number from 0 on"));
        }
        let (t_x, age) = (row.number(1)?, row.number(2)?);
        if !(0.0..=age).contains(&t_x) {
            return Err(row.fault(1, "it must be from 0 to the time under observation of the row"));
        }
        if x == 0.0 && t_x != 0.0 {
            return Err(row.fault(1, "it must be 0 without a repeat purchase"));
        }
        if let Some(values) = &mut summary.m_x {
            values.push(if x == 0.0 && row.is_missing(3) { 0.0 } else { row.number(3)? });
        }
        if let Some(counts) = &mut summary.count {
            let count = row.number(4)?;
            if count <= 0.0 {
                return Err(row.fault(4, "it must be above 0"));
            }
            counts.push(count);
        }
        if let Some(ids) = &mut summary.ids {
            ids.push(row.cell(5)?.to_string());
        }
        summary.x.push(x);
        summary.t_x.push(t_x);
        summary.T.push(age);
        Ok(())
    })?;
    Ok(summary)
}

/// Reads survivors of cohorts, one row a cohort and period: columns `period` (or `renewals`,
/// `t`; 0, 1, 2, … without a gap), `customers` (`alive`, `survivors`, `count`), and where it is
/// there `cohort`.
///
/// # Errors
/// An unusable file; `NoColumn`, `SeveralColumns`, `BadRow`, `BadCohort`, `NoRows`.
pub fn read_cohorts(path: &Path) -> Result<Cohorts, IngestError> {
    let table = Table::open(path, &[(PERIOD, true), (ALIVE, true), (COHORT, false)])?;
    let mut found = BTreeMap::<String, BTreeMap<u64, f64>>::new();
    let rows = table.each_row(&mut |row| {
        let period = row.number(0)?;
        if !(period >= 0.0 && period.fract() == 0.0 && period < 1e9) {
            return Err(row.fault(0, "it must be a whole number from 0 on"));
        }
        let alive = row.number(1)?;
        if alive < 0.0 {
            return Err(row.fault(1, "it must not be below 0"));
        }
        let name = if table.has(2) { row.name(2)? } else { String::new() };
        match found.entry(name).or_default().insert(period as u64, alive) {
            None => Ok(()),
            Some(_) => Err(row.fault(0, "this period stands in an earlier row of the cohort")),
        }
    })?;
    let mut cohorts = Vec::with_capacity(found.len());
    for (name, periods) in found {
        let fault = |what: String| {
            let (file, cohort) = (path.to_owned(), name.clone());
            Err(IngestError::BadCohort { file, cohort, what })
        };
        if let Some(missing) = (0..).zip(periods.keys()).find(|(want, got)| want != *got) {
            return fault(format!("period {} is missing", missing.0));
        }
        let alive: Vec<f64> = periods.into_values().collect();
        if alive[0] <= 0.0 {
            return fault("period 0 has no customers".into());
        }
        if let Some(place) = alive.windows(2).position(|pair| pair[1] > pair[0]) {
            return fault(format!(
                "period {} has {} customers, more than the {} before",
                place + 1,
                alive[place + 1],
                alive[place]
            ));
        }
        cohorts.push(Cohort { name, alive });
    }
    Ok(Cohorts { cohorts, rows })
}

/// Reads subscriptions: columns `customer` (or `customer_id`, `id`), `start` (`start_date`) and
/// `end` (`end_date`; empty where it goes on); dates in ISO 8601 or in one of `formats`.
///
/// # Errors
/// An unusable file; `BadTimeFormat`, `NoColumn`, `SeveralColumns`, `BadRow`, `NoRows`.
pub fn read_subscriptions(path: &Path, formats: &Formats) -> Result<Subscriptions, IngestError> {
    let mut clock = Clock::new(formats, "UTC", None)?;
    let table = Table::open(path, &[(CUSTOMER, true), (START, true), (END, true)])?;
    let mut result = Subscriptions::default();
    result.rows = table.each_row(&mut |row| {
        let customer = row.customer(0)?;
        let start = row.day(1, &mut clock)?;
        let end = if row.is_missing(2) { None } else { Some(row.day(2, &mut clock)?) };
        if end.is_some_and(|end| end < start) {
            return Err(row.fault(2, "it lies before the first day"));
        }
        result.customer.push(customer);
        result.start.push(start);
        result.end.push(end);
        Ok(())
    })?;
    Ok(result)
}

/// A file whose columns are found.
struct Table {
    source: Source,
    text: TextParams,
    /// The file's names of the columns that are there.
    columns: Vec<String>,
    /// By column asked for, its place in `columns`.
    places: Vec<Option<usize>>,
}

impl Table {
    fn open(path: &Path, wanted: &[(Known, bool)]) -> Result<Self, IngestError> {
        let (source, text) = (source::single("table", path)?, TextParams::default());
        let header = source.columns(&text)?;
        let (mut columns, mut places) = (Vec::new(), Vec::new());
        for (known, needed) in wanted {
            let found = known.find(path, &header)?;
            if found.is_none() && *needed {
                return Err(IngestError::NoColumn {
                    file: path.to_owned(),
                    wanted: known.what,
                    names: known.names.iter().map(|name| (*name).to_owned()).collect(),
                    found: header,
                });
            }
            places.push(found.map(|column| {
                columns.push(column);
                columns.len() - 1
            }));
        }
        Ok(Self { source, text, columns, places })
    }

    fn has(&self, wanted: usize) -> bool {
        self.places[wanted].is_some()
    }

    fn each_row(
        &self,
        take: &mut dyn FnMut(&Line<'_, '_>) -> Result<(), IngestError>,
    ) -> Result<u64, IngestError> {
        let request = Wanted {
            columns: &self.columns,
            flags_from: usize::MAX,
            fingerprints: false,
            text: &self.text,
        };
        let rows = self.source.each_row(&request, &mut |row| {
            let line = Line { table: self, row: &row };
            match row.fault {
                None => take(&line),
                Some(_) => Err(line.bad("it has not as many fields as the header".into())),
            }
        })?;
        match rows {
            0 => Err(IngestError::NoRows { file: self.source.path.clone() }),
            rows => Ok(rows),
        }
    }
}

impl Known {
    /// The column of the header; `None` where there is none.
    fn find(&self, path: &Path, header: &[String]) -> Result<Option<String>, IngestError> {
        let (own, alike) = (self.names[0], |a: &str, b: &str| a.to_lowercase() == b.to_lowercase());
        if header.iter().any(|column| column == own) {
            return Ok(Some(own.to_owned()));
        }
        let mut found: Vec<String> = Vec::new();
        for name in self.names {
            match header.iter().find(|column| column == name) {
                Some(column) => found.push(column.clone()),
                None => found.extend(header.iter().filter(|c| alike(c, name)).cloned()),
            }
        }
        if found.len() > 1 {
            let file = path.to_owned();
            return Err(IngestError::SeveralColumns { file, wanted: self.what, found });
        }
        Ok(found.pop())
    }
}

/// A row while it is read; columns by their place among those asked for.
struct Line<'a, 'r> {
    table: &'a Table,
    row: &'a Row<'r>,
}

impl Line<'_, '_> {
    fn bad(&self, what: String) -> IngestError {
        let file = self.table.source.path.clone();
        IngestError::BadRow { file, line: self.row.line, what }
    }

    fn fault(&self, wanted: usize, what: &str) -> IngestError {
        let place = self.table.places[wanted].unwrap_or_default();
        let column = &self.table.columns[place];
        let value = self.row.fields.cell(place).map_or_else(|_| "\u{fffd}".into(), shown);
        self.bad(format!("column `{column}` = `{value}`: {what}. Correct or remove the row"))
    }

    fn cell(&self, wanted: usize) -> Result<Cell<'_>, IngestError> {
        let place = self.table.places[wanted].unwrap_or_default();
        self.row.fields.cell(place).map_err(|_| self.fault(wanted, "it is not UTF-8"))
    }

    fn is_missing(&self, wanted: usize) -> bool {
        match self.cell(wanted) {
            Ok(Cell::Null) => true,
            Ok(Cell::Text(text)) => cell::is_missing(text.trim()),
            Ok(Cell::Float(value)) => value.is_nan(),
            _ => false,
        }
    }

    fn number(&self, wanted: usize) -> Result<f64, IngestError> {
        cell::number(self.cell(wanted)?, &self.table.text).map_err(|fault| {
            self.fault(wanted, match fault {
                Fault::Missing => "a number is missing",
                Fault::Unreadable => {
                    "it is not a number, written with a decimal point and nothing between thousands"
                }
                Fault::NotFinite => "it is not finite",
            })
        })
    }

    fn name(&self, wanted: usize) -> Result<String, IngestError> {
        if self.is_missing(wanted) {
            return Err(self.fault(wanted, "a name is missing"));
        }
        Ok(self.cell(wanted)?.to_string().trim().to_owned())
    }

    fn customer(&self, wanted: usize) -> Result<CustomerId, IngestError> {
        let mut scratch = String::new();
        match cell::customer_id(self.cell(wanted)?, self.table.text.customer_id, &mut scratch) {
            Ok((id, _)) => Ok(CustomerId::from(id)),
            Err(_) => Err(self.fault(wanted, "an id is missing")),
        }
    }

    fn day(&self, wanted: usize, clock: &mut Clock) -> Result<i32, IngestError> {
        match clock.read(self.cell(wanted)?) {
            Ok(time) => Ok(time.day),
            Err(Fault::Missing) => Err(self.fault(wanted, "a date is missing")),
            Err(_) => Err(self.fault(wanted, "it is not a date such as 2024-01-31")),
        }
    }
}

#[cfg(test)]
#[path = "summary_tests.rs"]
mod tests;
