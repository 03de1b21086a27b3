//! The customer table -> who is known, since when, with which attributes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::cell::{Cell, is_missing};
use super::clock::Clock;
use super::day_log::{DayLog, ReadFile, slots};
use super::facts::category_facts;
use super::fields::{Record, Unreadable};
use super::reject_log::RejectLog;
use super::rejects::Reason;
use super::rows::check_text;
use super::source::{Source, Wanted};
use super::table_params::CustomerParams;
use super::{IngestError, IngestParams};
use crate::run::{CategoryFacts, Filled};
use crate::types::{AsOf, CustomerId};

/// Customers of the customer table, each once, the first row of each counting.
#[derive(Clone, Debug, Default)]
pub struct CustomerTable {
    /// In file order.
    pub ids: Vec<CustomerId>,
    /// Day of first contact since 1970-01-01; `None` where the table has none.
    pub first_contact: Vec<Option<i32>>,
    /// Attribute columns: name, then a text for each id or `None`.
    pub attributes: Vec<(String, Vec<Option<Arc<str>>>)>,
}

impl CustomerTable {
    /// Ids of customers first contacted by the end of `as_of`; without a date, known.
    pub fn known(&self, as_of: AsOf) -> impl Iterator<Item = &CustomerId> {
        let last = as_of.days();
        self.ids
            .iter()
            .zip(&self.first_contact)
            .filter(move |(_, day)| day.is_none_or(|day| day <= last))
            .map(|(id, _)| id)
    }

    /// What is in each attribute of the customers known by `as_of`: how many have none, and how many
    /// each value.
    pub(super) fn facts(&self, as_of: AsOf) -> Vec<(Filled, CategoryFacts)> {
        let last = as_of.days();
        let known = |day: &Option<i32>| day.is_none_or(|day| day <= last);
        let facts = |(name, values): &(String, Vec<Option<Arc<str>>>)| {
            let mut filled = Filled::default();
            let mut counts = BTreeMap::<&str, u64>::new();
            for (value, _) in values.iter().zip(&self.first_contact).filter(|(_, day)| known(day)) {
                filled.values += 1;
                match value {
                    None => filled.empty += 1,
                    Some(value) => *counts.entry(value).or_default() += 1,
                }
            }
            (filled, category_facts(name, counts.into_iter()))
        };
        self.attributes.iter().map(facts).collect()
    }
}

pub(super) fn read(
    params: &IngestParams<'_>,
    table: &CustomerParams,
    sources: &[Source],
    log: &mut RejectLog,
    files: &mut Vec<ReadFile>,
    step: &mut dyn FnMut(),
) -> Result<CustomerTable, IngestError> {
    check_text("customers", &table.format)?;
    let mut clock = Clock::new(&table.time_format, params.timezone, None)?;
    let mut known: HashSet<Arc<str>> = HashSet::new();
    let mut scratch = String::new();
    let mut result = CustomerTable::default();
    let mut shared: HashMap<String, Arc<str>> = HashMap::new();
    for source in sources {
        log.begin_file(source.table, &source.name);
        let mut wanted = vec![table.customer.clone()];
        wanted.extend(table.first_contact.clone());
        let fixed = wanted.len();
        let mut days = DayLog::new(source, &table.format, slots(&wanted))?;
        match &table.attributes {
            Some(names) => wanted.extend(names.iter().cloned()),
            None => {
                let mut others = source.columns(&table.format)?;
                others.retain(|name| !wanted.contains(name));
                wanted.extend(others);
            }
        }
        // Each attribute's place in the result; a column that only a later file has begins empty.
        let places: Vec<usize> = wanted[fixed..]
            .iter()
            .map(|name| {
                result.attributes.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
                    result.attributes.push((name.clone(), vec![None; result.ids.len()]));
                    result.attributes.len() - 1
                })
            })
            .collect();
        let request = Wanted {
            columns: &wanted,
            flags_from: fixed,
            fingerprints: false,
            text: &table.format,
        };
        // Any number of unreadable first contacts: such customers are refused one by one.
        let mut dates = Unreadable::default();
        let count = source.each_row(&request, &mut |row| {
            let mut record = Record::new(&row, &table.format);
            let id = record.customer(&mut scratch);
            let day = match table.first_contact {
                Some(_) => record.day(1, &mut clock, true, &mut dates),
                None => None,
            };
            record.note(day, &mut days);
            if id.is_some_and(|id| known.contains(id)) {
                record.reasons.add(Reason::CustomerRepeated);
            }
            let (Some(id), true) = (id, record.reasons.is_empty()) else {
                record.refuse(None, log);
                return Ok(());
            };
            let id = Arc::<str>::from(id);
            known.insert(Arc::clone(&id));
            result.ids.push(CustomerId(id));
            result.first_contact.push(day);
            for (_, values) in &mut result.attributes {
                values.push(None);
            }
            for (offset, &place) in places.iter().enumerate() {
                let text = match row.fields.cell(fixed + offset) {
                    Ok(Cell::Null) => continue,
                    Ok(cell) => cell.to_string(),
                    Err(_) => "\u{fffd}".into(),
                };
                let text = text.trim();
                if !is_missing(text) && !text.eq_ignore_ascii_case("nan") {
                    let value = shared.entry(text.to_owned()).or_insert_with(|| text.into());
                    if let Some(last) = result.attributes[place].1.last_mut() {
                        *last = Some(Arc::clone(value));
                    }
                }
            }
            Ok(())
        })?;
        files.push(ReadFile { file: source.describe(count)?, log: days });
        step();
    }
    Ok(result)
}
