//! The wallet tables -> for each customer, category and provider what is spent there, or how it
//! ranks, as far as a run of one date may know.

use std::sync::Arc;

use super::clock::Clock;
use super::day_log::{DayLog, ReadFile, slots};
use super::facts::category_facts;
use super::fields::{AMOUNT, Expected, Names, RANK, Record, Unreadable};
use super::reject_log::RejectLog;
use super::rejects::Reason;
use super::rows::check_text;
use super::source::{Source, Wanted};
use super::table_params::{WalletMeasure, WalletParams, WalletSource};
use super::{IngestError, IngestParams};
use crate::run::CategoryFacts;
use crate::types::{AsOf, Currency, CustomerId, Money};

/// The rows of a wallet table, whatever their date.
#[derive(Clone, Debug)]
pub(super) struct WalletTable {
    customers: Names,
    providers: Names,
    categories: Names,
    rows: Vec<Said>,
    own: u32,
    ranked: bool,
    source: WalletSource,
    /// Of providers, and of categories where the table has them.
    columns: (String, Option<String>),
}

#[derive(Clone, Copy, Debug)]
struct Said {
    customer: u32,
    category: u32,
    provider: u32,
    amount: i64,
    rank: f64,
    day: Option<i32>,
}

/// Wallets by a date, column by column: one row for each customer, category and provider, sorted
/// by these three.
///
/// Amounts of several rows are added. Of ranks those of the customer's last day for the category
/// count (all, where the table has no dates), and of several for one provider the best.
#[derive(Clone, Debug, PartialEq)]
pub struct Wallet {
    /// Customers with a row, sorted.
    pub customers: Vec<CustomerId>,
    /// Index into `customers`.
    pub customer: Vec<u32>,
    /// Index into `categories`.
    pub category: Vec<u32>,
    /// Index into `providers`.
    pub provider: Vec<u32>,
    /// Ticks, from 0 on; 0 in a table of ranks.
    pub amount: Vec<i64>,
    /// From 1, the first choice, on; NaN in a table of amounts.
    pub rank: Vec<f64>,
    /// Sorted; the own one is always among them.
    pub providers: Vec<String>,
    /// Sorted; one empty name where the table has no column of categories.
    pub categories: Vec<String>,
    /// Index of the own provider.
    pub own: u32,
    /// Where the figures come from.
    pub source: WalletSource,
    /// Whether rows have ranks and no amounts.
    pub ranked: bool,
    /// Where the rows of each customer begin; one more at the end.
    starts: Vec<usize>,
}

impl Wallet {
    /// Spend with us and everywhere over all categories; `None` for customers without a row and
    /// in a table of ranks.
    pub fn get(&self, customer: &CustomerId) -> Option<(Money, Money)> {
        if self.ranked {
            return None;
        }
        let place = self.customers.binary_search(customer).ok()?;
        let (mut own, mut total) = (0i64, 0i64);
        for row in self.starts[place]..self.starts[place + 1] {
            total = total.saturating_add(self.amount[row]);
            if self.provider[row] == self.own {
                own = own.saturating_add(self.amount[row]);
            }
        }
        Some((Money(own), Money(total)))
    }
}

impl WalletTable {
    /// How often each provider, and each category where the table has them, stands in the rows not
    /// dated after `as_of`.
    pub(super) fn facts(&self, as_of: AsOf) -> Vec<CategoryFacts> {
        let last = as_of.days();
        let known = || self.rows.iter().filter(|row| row.day.is_none_or(|day| day <= last));
        let facts = |column: &String, names: &Names, code: fn(&Said) -> u32| {
            let mut counts = vec![0; names.list.len()];
            known().for_each(|row| counts[code(row) as usize] += 1);
            category_facts(column, names.list.iter().map(|name| &**name).zip(counts))
        };
        let (provider, category) = &self.columns;
        let providers = facts(provider, &self.providers, |row| row.provider);
        let categories = category.iter().map(|c| facts(c, &self.categories, |row| row.category));
        std::iter::once(providers).chain(categories).collect()
    }

    /// Wallets from the rows not dated after `as_of`.
    pub(super) fn until(&self, as_of: AsOf) -> Wallet {
        let last = as_of.days();
        let known = || self.rows.iter().filter(|row| row.day.is_none_or(|day| day <= last));
        let (customers, customer) = self.customers.sorted(known().map(|row| row.customer));
        let own = std::iter::once(self.own);
        let (providers, provider) =
            self.providers.sorted(known().map(|row| row.provider).chain(own));
        let (categories, category) = self.categories.sorted(known().map(|row| row.category));
        let mut rows: Vec<Said> = known()
            .map(|row| Said {
                customer: customer[row.customer as usize],
                category: category[row.category as usize],
                provider: provider[row.provider as usize],
                ..*row
            })
            .collect();
        rows.sort_unstable_by(|a, b| {
            (a.customer, a.category, a.provider, a.amount)
                .cmp(&(b.customer, b.category, b.provider, b.amount))
                .then(a.rank.total_cmp(&b.rank))
        });
        if self.ranked {
            keep_last_answers(&mut rows);
        }
        let texts = |names: Vec<Arc<str>>| names.iter().map(|name| name.to_string()).collect();
        let mut wallet = Wallet {
            customers: customers.into_iter().map(CustomerId).collect(),
            customer: Vec::new(),
            category: Vec::new(),
            provider: Vec::new(),
            amount: Vec::new(),
            rank: Vec::new(),
            providers: texts(providers),
            categories: texts(categories),
            own: provider[self.own as usize],
            source: self.source,
            ranked: self.ranked,
            starts: Vec::new(),
        };
        for same in rows.chunk_by(|a, b| {
            (a.customer, a.category, a.provider) == (b.customer, b.category, b.provider)
        }) {
            let first = same[0];
            if wallet.customer.last() != Some(&first.customer) {
                wallet.starts.push(wallet.customer.len());
            }
            wallet.customer.push(first.customer);
            wallet.category.push(first.category);
            wallet.provider.push(first.provider);
            wallet.amount.push(same.iter().fold(0, |sum, row| row.amount.saturating_add(sum)));
            wallet.rank.push(first.rank);
        }
        wallet.starts.push(wallet.customer.len());
        wallet
    }
}

/// Of each customer's answers for a category those of the last day: an older list may name
/// providers that are no longer used.
fn keep_last_answers(rows: &mut Vec<Said>) {
    let mut kept = Vec::with_capacity(rows.len());
    for answers in rows.chunk_by(|a, b| (a.customer, a.category) == (b.customer, b.category)) {
        let last = answers.iter().map(|row| row.day).max().flatten();
        kept.extend(answers.iter().filter(|row| row.day == last));
    }
    *rows = kept;
}

pub(super) fn read(
    params: &IngestParams<'_>,
    table: &WalletParams,
    sources: &[Source],
    section: &'static str,
    log: &mut RejectLog,
    files: &mut Vec<ReadFile>,
    step: &mut dyn FnMut(),
) -> Result<WalletTable, IngestError> {
    check_text(section, &table.format)?;
    let measure = table.measure(section)?;
    let (measured, ranked) = match measure {
        WalletMeasure::Amount(column) => (column, false),
        WalletMeasure::Rank(column) => (column, true),
    };
    let mut clock = Clock::new(&table.time_format, params.timezone, None)?;
    let mut wanted = vec![table.customer.clone(), table.provider.clone(), measured.to_owned()];
    let mut ask = |column: &Option<String>| {
        column.as_ref().map(|column| {
            wanted.push(column.clone());
            wanted.len() - 1
        })
    };
    let (time_place, category_place) = (ask(&table.time), ask(&table.category));
    let request = Wanted {
        columns: &wanted,
        flags_from: usize::MAX,
        fingerprints: false,
        text: &table.format,
    };
    let mut result = WalletTable {
        customers: Names::default(),
        providers: Names::default(),
        categories: Names::default(),
        rows: Vec::new(),
        own: 0,
        ranked,
        source: table.source_of(section),
        columns: (table.provider.clone(), table.category.clone()),
    };
    let mut scratch = String::new();
    for source in sources {
        log.begin_file(source.table, &source.name);
        let mut days = DayLog::new(source, &table.format, slots(&wanted))?;
        let (mut times, mut numbers) = (Unreadable::default(), Unreadable::default());
        let count = source.each_row(&request, &mut |row| {
            let mut record = Record::new(&row, &table.format);
            let customer = record.customer(&mut scratch);
            let provider = record.name(1, Reason::ProviderMissing);
            let value = if ranked {
                rank(&mut record, &mut numbers)
            } else {
                amount(&mut record, params.currency, &mut numbers)
            };
            let day = time_place.and_then(|place| record.day(place, &mut clock, false, &mut times));
            let category = match category_place {
                Some(place) => record.name(place, Reason::CategoryMissing),
                None => Some("".into()),
            };
            record.note(day, &mut days);
            let (Some(customer), Some(provider), Some((amount, rank)), Some(category), true) =
                (customer, provider, value, category, record.reasons.is_empty())
            else {
                record.refuse(day, log);
                return Ok(());
            };
            if !ranked {
                days.worth(day, amount);
            }
            result.rows.push(Said {
                customer: result.customers.code(customer),
                category: result.categories.code(&category),
                provider: result.providers.code(&provider),
                amount,
                rank,
                day,
            });
            Ok(())
        })?;
        let number = Expected {
            column: measured.to_owned(),
            what: if ranked { "a rank from 1 on" } else { "a number" },
            remedy: "Set decimal and thousands of its format, or name another column",
        };
        numbers.check(source, count, number)?;
        times.check(source, count, Expected::time(table.time.as_deref()))?;
        files.push(ReadFile { file: source.describe(count)?, log: days });
        step();
    }
    let own = result.providers.list.iter().position(|provider| **provider == *table.own);
    let Some(own) = own else {
        return Err(IngestError::NoOwnProvider {
            table: section,
            own: table.own.clone(),
            found: result.providers.list.iter().take(5).map(|name| name.to_string()).collect(),
        });
    };
    result.own = own as u32;
    Ok(result)
}

fn amount(
    record: &mut Record<'_, '_>,
    currency: &Currency,
    seen: &mut Unreadable,
) -> Option<(i64, f64)> {
    let value = record.number(2, &AMOUNT, seen)?;
    let reason = match Money::from_units(value, currency) {
        _ if value < 0.0 => Reason::AmountNegative,
        Some(amount) => return Some((amount.0, f64::NAN)),
        None => Reason::AmountTooLarge,
    };
    record.reasons.add(reason);
    None
}

fn rank(record: &mut Record<'_, '_>, seen: &mut Unreadable) -> Option<(i64, f64)> {
    let rank = record.number(2, &RANK, seen)?;
    if rank < 1.0 {
        record.reasons.add(Reason::RankUnreadable);
        return None;
    }
    Some((0, rank))
}

#[cfg(test)]
#[path = "wallet_tests.rs"]
mod tests;
