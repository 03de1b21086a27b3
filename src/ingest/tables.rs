//! The optional tables: who is known with which attributes, and what customers spend anywhere.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::cell::{self, Cell, Clock, Fault};
use super::params::{CustomerParams, TextParams, WalletParams};
use super::rejects::{Reason, Reasons, RejectLog};
use super::rows::check_text;
use super::source::{Row, Source, Wanted};
use super::{IngestError, IngestParams};
use crate::run::InputFile;
use crate::types::{AsOf, CustomerId, Money};

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
}

/// The rows of the wallet table.
#[derive(Clone, Debug, Default)]
pub struct WalletTable {
    rows: Vec<(CustomerId, bool, Money, Option<i32>)>,
}

/// Spend with us and everywhere, by customer.
pub type Wallet = BTreeMap<CustomerId, (Money, Money)>;

impl WalletTable {
    /// Wallets from the rows not dated after `as_of`.
    pub(super) fn until(&self, as_of: AsOf) -> Wallet {
        let mut wallet = Wallet::new();
        for (id, own, amount, day) in &self.rows {
            if day.is_none_or(|day| day <= as_of.days()) {
                let (ours, total) = wallet.entry(id.clone()).or_default();
                total.0 = total.0.saturating_add(amount.0);
                if *own {
                    ours.0 = ours.0.saturating_add(amount.0);
                }
            }
        }
        wallet
    }
}

pub(super) fn read_customers(
    params: &IngestParams<'_>,
    table: &CustomerParams,
    sources: &[Source],
    log: &mut RejectLog,
    files: &mut Vec<InputFile>,
    step: &mut dyn FnMut(),
) -> Result<CustomerTable, IngestError> {
    check_text("customers", &table.format)?;
    let mut clock = Clock::new(&table.time_format, params.timezone, None)?;
    let mut known: HashMap<CustomerId, usize> = HashMap::new();
    let mut result = CustomerTable::default();
    let mut shared: HashMap<String, Arc<str>> = HashMap::new();
    for source in sources {
        log.begin_file(source.table, &source.name);
        let mut wanted = vec![table.customer.clone()];
        wanted.extend(table.first_contact.clone());
        let fixed = wanted.len();
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
        let request = Wanted { columns: &wanted, fingerprints: false, text: &table.format };
        let count = source.each_row(&request, &mut |row| {
            let mut reasons = whole_row(&row);
            let id = customer(&row, &table.format, &mut reasons);
            let day = match table.first_contact {
                Some(_) => time(&row, 1, &mut clock, &mut reasons, true),
                None => None,
            };
            if let Some(id) = &id
                && known.contains_key(id)
            {
                reasons.add(Reason::CustomerRepeated);
            }
            let (Some(id), true) = (id, reasons.is_empty()) else {
                log.push(row.line, reasons, None, &row.fields.text());
                return Ok(());
            };
            known.insert(id.clone(), result.ids.len());
            result.ids.push(id);
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
                if !text.is_empty() {
                    let value = shared.entry(text.to_owned()).or_insert_with(|| text.into());
                    if let Some(last) = result.attributes[place].1.last_mut() {
                        *last = Some(Arc::clone(value));
                    }
                }
            }
            Ok(())
        })?;
        files.push(source.describe(count)?);
        step();
    }
    Ok(result)
}

pub(super) fn read_wallet(
    params: &IngestParams<'_>,
    table: &WalletParams,
    sources: &[Source],
    log: &mut RejectLog,
    files: &mut Vec<InputFile>,
    step: &mut dyn FnMut(),
) -> Result<WalletTable, IngestError> {
    const EXAMPLES: usize = 5;
    check_text("wallet", &table.format)?;
    let mut clock = Clock::new(&table.time_format, params.timezone, None)?;
    let mut result = WalletTable::default();
    let mut providers: Vec<String> = Vec::new();
    let mut own_seen = false;
    for source in sources {
        log.begin_file(source.table, &source.name);
        let mut wanted = vec![table.customer.clone(), table.provider.clone(), table.amount.clone()];
        wanted.extend(table.time.clone());
        let request = Wanted { columns: &wanted, fingerprints: false, text: &table.format };
        let count = source.each_row(&request, &mut |row| {
            let mut reasons = whole_row(&row);
            let id = customer(&row, &table.format, &mut reasons);
            let provider = match row.fields.cell(1) {
                Ok(Cell::Null) => None,
                Ok(cell) => {
                    Some(cell.to_string().trim().to_owned()).filter(|name| !name.is_empty())
                }
                Err(reason) => {
                    reasons.add(reason);
                    None
                }
            };
            if provider.is_none() {
                reasons.add(Reason::ProviderMissing);
            }
            let amount = wallet_amount(&row, params, table, &mut reasons);
            let day = match table.time {
                Some(_) => time(&row, 3, &mut clock, &mut reasons, false),
                None => None,
            };
            let (Some(id), Some(provider), Some(amount), true) =
                (id, provider, amount, reasons.is_empty())
            else {
                log.push(row.line, reasons, day, &row.fields.text());
                return Ok(());
            };
            let own = provider == table.own;
            own_seen |= own;
            if !own && providers.len() < EXAMPLES && !providers.contains(&provider) {
                providers.push(provider);
            }
            result.rows.push((id, own, amount, day));
            Ok(())
        })?;
        files.push(source.describe(count)?);
        step();
    }
    if !own_seen {
        return Err(IngestError::NoOwnProvider { own: table.own.clone(), found: providers });
    }
    Ok(result)
}

fn whole_row(row: &Row<'_>) -> Reasons {
    let mut reasons = Reasons::default();
    if let Some(fault) = row.fault {
        reasons.add(fault);
    }
    reasons
}

fn customer(row: &Row<'_>, text: &TextParams, reasons: &mut Reasons) -> Option<CustomerId> {
    let mut scratch = String::new();
    let read = match row.fields.cell(0) {
        Ok(cell) => cell::customer_id(cell, text.customer_id, &mut scratch).ok(),
        Err(reason) => {
            reasons.add(reason);
            return None;
        }
    };
    if read.is_none() {
        reasons.add(Reason::CustomerMissing);
    }
    read.map(|(id, _)| CustomerId::from(id))
}

fn time(
    row: &Row<'_>,
    place: usize,
    clock: &mut Clock,
    reasons: &mut Reasons,
    may_be_missing: bool,
) -> Option<i32> {
    let read = match row.fields.cell(place) {
        Ok(cell) => clock.read(cell),
        Err(reason) => {
            reasons.add(reason);
            return None;
        }
    };
    match read {
        Ok(time) => Some(time.day),
        Err(Fault::Missing) if may_be_missing => None,
        Err(Fault::Missing) => {
            reasons.add(Reason::TimeMissing);
            None
        }
        Err(_) => {
            reasons.add(Reason::TimeUnreadable);
            None
        }
    }
}

fn wallet_amount(
    row: &Row<'_>,
    params: &IngestParams<'_>,
    table: &WalletParams,
    reasons: &mut Reasons,
) -> Option<Money> {
    let read = match row.fields.cell(2) {
        Ok(cell) => cell::number(cell, &table.format),
        Err(reason) => {
            reasons.add(reason);
            return None;
        }
    };
    let reason = match read {
        Ok(value) if value < 0.0 => Reason::AmountNegative,
        Ok(value) => match Money::from_units(value, params.currency) {
            Some(amount) => return Some(amount),
            None => Reason::AmountTooLarge,
        },
        Err(Fault::Missing) => Reason::AmountMissing,
        Err(Fault::Unreadable) => Reason::AmountUnreadable,
        Err(Fault::NotFinite) => Reason::AmountNotFinite,
    };
    reasons.add(reason);
    None
}
