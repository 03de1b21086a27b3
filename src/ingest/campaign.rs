//! The table of a past campaign -> whom it contacted and who responded, as far as a run of one
//! date may know.

use super::clock::Clock;
use super::day_log::{DayLog, ReadFile, slots};
use super::fields::{Expected, Names, Record, Unreadable};
use super::reject_log::RejectLog;
use super::rows::check_text;
use super::source::{Source, Wanted};
use super::table_params::CampaignParams;
use super::{IngestError, IngestParams};
use crate::types::{AsOf, CustomerId};

/// The contacts of the table, whatever their date.
#[derive(Clone, Debug)]
pub(super) struct CampaignTable {
    customers: Names,
    /// Customer, day, response.
    contacts: Vec<(u32, Option<i32>, bool)>,
    unit_cost: f64,
    unit_profit: f64,
}

/// Contacts of a campaign by a date, with what they cost and bring.
#[derive(Clone, Debug, PartialEq)]
pub struct Campaign {
    /// Sorted by customer, day and response.
    pub contacts: Vec<Contact>,
    /// What contacting one customer costs, in units of the currency, above 0.
    pub unit_cost: f64,
    /// Net profit of one response, in units of the currency, above 0.
    pub unit_profit: f64,
}

/// One contact of a campaign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The customer, who may be no buyer.
    pub customer: CustomerId,
    /// Days since 1970-01-01; `None` where the table has no dates.
    pub day: Option<i32>,
    /// Whether they responded.
    pub responded: bool,
}

impl CampaignTable {
    /// The contacts not dated after `as_of`.
    pub(super) fn until(&self, as_of: AsOf) -> Campaign {
        let last = as_of.days();
        let known = || self.contacts.iter().filter(|row| row.1.is_none_or(|day| day <= last));
        let (ids, place) = self.customers.sorted(known().map(|row| row.0));
        let mut contacts: Vec<(u32, Option<i32>, bool)> = known()
            .map(|&(customer, day, responded)| (place[customer as usize], day, responded))
            .collect();
        contacts.sort_unstable();
        let contact = |(place, day, responded)| Contact {
            customer: CustomerId(ids[place as usize].clone()),
            day,
            responded,
        };
        Campaign {
            contacts: contacts.into_iter().map(contact).collect(),
            unit_cost: self.unit_cost,
            unit_profit: self.unit_profit,
        }
    }
}

pub(super) fn read(
    params: &IngestParams<'_>,
    table: &CampaignParams,
    sources: &[Source],
    log: &mut RejectLog,
    files: &mut Vec<ReadFile>,
    step: &mut dyn FnMut(),
) -> Result<CampaignTable, IngestError> {
    check_text("campaign", &table.format)?;
    let mut clock = Clock::new(&table.time_format, params.timezone, None)?;
    let mut result = CampaignTable {
        customers: Names::default(),
        contacts: Vec::new(),
        unit_cost: table.unit_cost,
        unit_profit: table.unit_profit,
    };
    let mut wanted = vec![table.customer.clone()];
    wanted.extend(table.time.clone());
    let answer = wanted.len();
    wanted.push(table.responded.clone());
    let request =
        Wanted { columns: &wanted, flags_from: answer, fingerprints: false, text: &table.format };
    let mut scratch = String::new();
    for source in sources {
        log.begin_file(source.table, &source.name);
        let mut days = DayLog::new(source, &table.format, slots(&wanted))?;
        let (mut times, mut answers) = (Unreadable::default(), Unreadable::default());
        let count = source.each_row(&request, &mut |row| {
            let mut record = Record::new(&row, &table.format);
            let customer = record.customer(&mut scratch);
            let day = match table.time {
                Some(_) => record.day(1, &mut clock, false, &mut times),
                None => None,
            };
            let responded = record.flag(answer, &mut answers);
            record.note(day, &mut days);
            let (Some(customer), Some(responded), true) =
                (customer, responded, record.reasons.is_empty())
            else {
                record.refuse(day, log);
                return Ok(());
            };
            result.contacts.push((result.customers.code(customer), day, responded));
            Ok(())
        })?;
        times.check(source, count, Expected::time(table.time.as_deref()))?;
        let answer = Expected {
            column: table.responded.clone(),
            what: "a response",
            remedy: "Write true or false, yes or no, có or không, 1 or 0, or name another column",
        };
        answers.check(source, count, answer)?;
        files.push(ReadFile { file: source.describe(count)?, log: days });
        step();
    }
    Ok(result)
}

#[cfg(test)]
#[path = "campaign_tests.rs"]
mod tests;
