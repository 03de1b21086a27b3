//! The table of interactions -> who did what beside buying, and when, as far as a run of one date
//! may know.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::clock::Clock;
use super::day_log::{DayLog, ReadFile, slots};
use super::facts::category_facts;
use super::fields::{Expected, Names, Record, Unreadable};
use super::reject_log::RejectLog;
use super::rejects::Reason;
use super::rows::check_text;
use super::source::{Source, Wanted};
use super::table_params::{InteractionParams, complaints};
use super::{IngestError, IngestParams};
use crate::run::CategoryFacts;
use crate::types::{AsOf, CustomerId, Warning};

/// More kinds than this are notes or ids, no kinds.
const MOST_KINDS: usize = 50;
/// More spellings than this are not even kept.
const MOST_SPELLINGS: usize = 10_000;

/// The rows of the table, whatever their date.
#[derive(Clone, Debug)]
pub(super) struct InteractionTable {
    customers: Names,
    /// Kinds as they are spelt.
    spellings: Names,
    customer: Vec<u32>,
    spelling: Vec<u32>,
    day: Vec<i32>,
    column: String,
    complaint: Vec<String>,
}

/// Interactions by a date, column by column: one row an interaction, sorted by customer, day and
/// kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Interactions {
    /// The customer, who may be no buyer.
    pub customer: Vec<CustomerId>,
    /// Days since 1970-01-01 on the business's calendar, none after the date.
    pub day: Vec<i32>,
    /// Index into `kinds`.
    pub kind: Vec<u16>,
    /// Sorted, at most 50. Kinds that differ in case alone are one, in the spelling that sorts
    /// first.
    pub kinds: Vec<String>,
    /// By kind, whether it is a complaint.
    pub complaint: Vec<bool>,
}

impl InteractionTable {
    /// The interactions not dated after `as_of`.
    ///
    /// # Errors
    /// `TooManyKinds`.
    pub(super) fn until(
        &self,
        as_of: AsOf,
        warnings: &mut Vec<Warning>,
    ) -> Result<Interactions, IngestError> {
        let last = as_of.days();
        let known = || (0..self.day.len()).filter(|&row| self.day[row] <= last);
        let (ids, place) = self.customers.sorted(known().map(|row| self.customer[row]));
        let (spellings, spelling) = self.spellings.sorted(known().map(|row| self.spelling[row]));
        // Of spellings that are one kind the first, in the order of bytes, is its name.
        let mut kinds: Vec<String> = Vec::new();
        let mut by_lowercase = BTreeMap::<String, u16>::new();
        let mut kind_of = Vec::with_capacity(spellings.len());
        for spelling in &spellings {
            let kind = *by_lowercase.entry(spelling.to_lowercase()).or_insert_with(|| {
                kinds.push(spelling.to_string());
                (kinds.len() - 1) as u16
            });
            kind_of.push(kind);
        }
        if kinds.len() > MOST_KINDS {
            return Err(self.too_many());
        }
        let complaints: Vec<String> = lowercase(&self.complaint);
        if self.complaint != self::complaints() {
            let absent: Vec<String> = complaints
                .iter()
                .filter(|kind| !by_lowercase.contains_key(*kind))
                .map(|kind| format!("`{kind}`"))
                .collect();
            if !absent.is_empty() {
                warnings.push(Warning::new(
                    "complaint_kind_absent",
                    format!(
                        "[interactions] complaint: no row by {as_of} is of the kind {}; the kinds \
                         are {}. Correct it unless nobody complained",
                        absent.join(", "),
                        kinds.iter().map(|kind| format!("`{kind}`")).collect::<Vec<_>>().join(", "),
                    ),
                ));
            }
        }
        let mut rows: Vec<(u32, i32, u16)> = known()
            .map(|row| {
                let kind = kind_of[spelling[self.spelling[row] as usize] as usize];
                (place[self.customer[row] as usize], self.day[row], kind)
            })
            .collect();
        rows.sort_unstable();
        Ok(Interactions {
            customer: rows.iter().map(|row| CustomerId(ids[row.0 as usize].clone())).collect(),
            day: rows.iter().map(|row| row.1).collect(),
            kind: rows.iter().map(|row| row.2).collect(),
            complaint: kinds.iter().map(|kind| complaints.contains(&kind.to_lowercase())).collect(),
            kinds,
        })
    }

    /// How often each kind stands in the rows of `days`; kinds that differ in case alone are one.
    pub(super) fn facts(&self, days: &RangeInclusive<i32>) -> CategoryFacts {
        let mut counts = vec![0; self.spellings.list.len()];
        let rows = self.day.iter().zip(&self.spelling);
        for (_, spelling) in rows.filter(|(day, _)| days.contains(*day)) {
            counts[*spelling as usize] += 1;
        }
        let mut kinds = BTreeMap::<String, (&str, u64)>::new();
        for (spelling, rows) in self.spellings.list.iter().zip(counts).filter(|(_, rows)| *rows > 0)
        {
            let kind = kinds.entry(spelling.to_lowercase()).or_insert((spelling, 0));
            *kind = (kind.0.min(spelling), kind.1 + rows);
        }
        category_facts(&self.column, kinds.into_values())
    }

    fn too_many(&self) -> IngestError {
        IngestError::TooManyKinds {
            column: self.column.clone(),
            at_most: MOST_KINDS,
            found: self.spellings.list.iter().take(5).map(|kind| kind.to_string()).collect(),
        }
    }
}

fn lowercase(kinds: &[String]) -> Vec<String> {
    kinds.iter().map(|kind| kind.trim().to_lowercase()).collect()
}

pub(super) fn read(
    params: &IngestParams<'_>,
    table: &InteractionParams,
    sources: &[Source],
    log: &mut RejectLog,
    files: &mut Vec<ReadFile>,
    step: &mut dyn FnMut(),
) -> Result<InteractionTable, IngestError> {
    check_text("interactions", &table.format)?;
    let mut clock = Clock::new(&table.time_format, params.timezone, None)?;
    let mut result = InteractionTable {
        customers: Names::default(),
        spellings: Names::default(),
        customer: Vec::new(),
        spelling: Vec::new(),
        day: Vec::new(),
        column: table.kind.clone(),
        complaint: table.complaint.clone(),
    };
    let wanted = [&table.customer, &table.time, &table.kind].map(String::clone);
    let request = Wanted {
        columns: &wanted,
        flags_from: usize::MAX,
        fingerprints: false,
        text: &table.format,
    };
    let mut scratch = String::new();
    for source in sources {
        log.begin_file(source.table, &source.name);
        let mut days = DayLog::new(source, &table.format, slots(&wanted))?;
        let mut times = Unreadable::default();
        let count = source.each_row(&request, &mut |row| {
            let mut record = Record::new(&row, &table.format);
            let customer = record.customer(&mut scratch);
            let day = record.day(1, &mut clock, false, &mut times);
            let kind = record.name(2, Reason::KindMissing);
            record.note(day, &mut days);
            let (Some(customer), Some(time), Some(kind), true) =
                (customer, day, kind, record.reasons.is_empty())
            else {
                record.refuse(day, log);
                return Ok(());
            };
            result.customer.push(result.customers.code(customer));
            result.day.push(time);
            result.spelling.push(result.spellings.code(&kind));
            if result.spellings.list.len() > MOST_SPELLINGS {
                return Err(result.too_many());
            }
            Ok(())
        })?;
        times.check(source, count, Expected::time(Some(&table.time)))?;
        files.push(ReadFile { file: source.describe(count)?, log: days });
        step();
    }
    Ok(result)
}

#[cfg(test)]
#[path = "interactions_tests.rs"]
mod tests;
