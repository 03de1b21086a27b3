//! The rows that count -> what a run of one date may see, with its warnings and gates.

use std::sync::Arc;

use jiff::civil::Date;

use super::day_log::{DayLog, ReadFile};
use super::facts::{Asked, table_facts};
use super::judge::TIME_SLOT;
use super::params::{Gate, Otherwise};
use super::rows::Rows;
use super::tables::{self, Tables};
use super::{
    Campaign, CustomerTable, Gates, History, IngestError, IngestParams, Interactions, RejectLog,
    RejectPart, Returns, Sales, Wallet,
};
use crate::run::{InputFile, RowCounts, TableFacts};
use crate::types::{AsOf, CustomerId, Warning, date_of_days};

/// All input, read once.
#[derive(Debug)]
pub struct Input {
    ids: Arc<[CustomerId]>,
    sales: Arc<Sales>,
    has_cost: bool,
    read: u64,
    ids_normalised: u64,
    tables: Tables,
    log: RejectLog,
    files: Vec<InputFile>,
    /// Of each file, by day.
    days: Vec<DayLog>,
    /// Ticks of one unit of the currency.
    ticks: f64,
    history: Option<History>,
    gates: Gates,
    returns: Returns,
}

/// Purchases and returns of one run, none after its date; at least one row is a purchase.
#[derive(Clone, Debug)]
pub struct Transactions {
    /// One row an input row, grouped by customer in the order of the ids.
    pub sales: Arc<Sales>,
    /// Ids by index, sorted; some may have no row at this date.
    pub ids: Arc<[CustomerId]>,
    /// Whether returns are taken off the spend or told apart.
    pub returns: Returns,
    /// Whether there are costs.
    pub has_cost: bool,
    /// The date.
    pub as_of: AsOf,
}

/// What a run of one date may see.
#[derive(Debug)]
pub struct Cut<'a> {
    /// The rows.
    pub transactions: Transactions,
    /// Customers known by the date and their attributes.
    pub customers: Option<&'a CustomerTable>,
    /// Wallets by the date, of `[wallet]`.
    pub wallet: Option<Wallet>,
    /// Those of `[wallet_survey]`.
    pub wallet_survey: Option<Wallet>,
    /// Interactions by the date.
    pub interactions: Option<Interactions>,
    /// Contacts of a campaign by the date.
    pub campaign: Option<Campaign>,
    /// What became of the rows.
    pub rows: RowCounts,
    /// First and last day with a purchase.
    pub purchase_days: (i32, i32),
    /// What a person should know.
    pub warnings: Vec<Warning>,
}

impl Input {
    pub(super) fn new(
        rows: Rows,
        tables: Tables,
        log: RejectLog,
        files: Vec<ReadFile>,
        params: &IngestParams<'_>,
    ) -> Self {
        let (files, days) = files.into_iter().map(|read| (read.file, read.log)).unzip();
        let Rows { counted, has_cost, read } = rows;
        let (ids, rank) = sorted(counted.ids);
        Self {
            ids,
            sales: Arc::new(counted.sales.grouped(&rank)),
            has_cost,
            read,
            ids_normalised: counted.ids_normalised,
            tables,
            log,
            files,
            days,
            ticks: params.currency.ticks() as f64,
            history: params.transactions.policy.history,
            gates: params.transactions.gates,
            returns: params.transactions.policy.returns,
        }
    }

    /// The files read, with their hashes.
    pub fn files(&self) -> &[InputFile] {
        &self.files
    }

    /// What each table looked like to a run of `as_of`, in the order in which they are read.
    pub fn facts(&self, as_of: AsOf) -> Vec<TableFacts> {
        let read = || self.files.iter().zip(&self.days);
        let mut tables: Vec<&str> = self.files.iter().map(|file| file.table.as_str()).collect();
        tables.dedup();
        let facts = |table: &str| {
            let files: Vec<_> = read().filter(|(file, _)| file.table == table).collect();
            let window = match table {
                "transactions" => Some(TIME_SLOT),
                "interactions" => Some(1),
                _ => None,
            };
            table_facts(&Asked { table, as_of, window, ticks: self.ticks }, &files, &self.log)
        };
        let mut facts: Vec<TableFacts> = tables.into_iter().map(facts).collect();
        self.tables.add_categories(as_of, &mut facts);
        facts
    }

    /// The last day of all rows that can be used, whatever the date of a run.
    pub fn last_day(&self) -> Option<Date> {
        self.sales.day.iter().max().and_then(|day| date_of_days(*day))
    }

    /// Refused rows that a run of `as_of` tells of, in file order.
    pub fn rejects(&self, as_of: AsOf) -> Vec<RejectPart<'_>> {
        self.log.rejects(as_of)
    }

    /// What a run of `as_of` may see.
    ///
    /// # Errors
    /// `NoRowLeft`, `NothingBefore`, `Gate`, `TooManyKinds`.
    pub fn until(&self, as_of: AsOf) -> Result<Cut<'_>, IngestError> {
        let last = as_of.days();
        let first = match self.history {
            None => i32::MIN,
            // Exactly `history` long, the date itself included.
            Some(history) => as_of
                .0
                .checked_sub(history.span())
                .map_or(i32::MIN, |date| crate::types::days_since_epoch(date) + 1),
        };
        let mut rows = RowCounts {
            read: self.read,
            ids_normalised: self.ids_normalised,
            ..Default::default()
        };
        let (rejects, rejected) = self.log.counts("transactions", as_of);
        (rows.rejects, rows.rejected) = (rejects, rejected);
        let days = &self.sales.day;
        rows.after_as_of = days.iter().filter(|&&day| day > last).count() as u64;
        rows.before_window = days.iter().filter(|&&day| day < first).count() as u64;
        let sales = match rows.after_as_of + rows.before_window {
            0 => Arc::clone(&self.sales),
            _ => Arc::new(self.sales.within(&(first..=last))),
        };
        rows.returns = sales.is_return.iter().filter(|is_return| **is_return).count() as u64;
        rows.purchases = sales.len() as u64 - rows.returns;
        let dated_after = self.read - self.sales.len() as u64 - rejected;
        rows.after_as_of += dated_after;
        let span = self.check_purchases(as_of, first, &sales, &rows)?;
        let mut warnings = Vec::new();
        self.gates(&sales, span, &mut warnings)?;
        self.completeness(as_of, &mut warnings);
        tables::refused(&self.log, as_of, &mut warnings);
        let mut has_rows = vec![false; self.ids.len()];
        for (&customer, _) in self.sales.customer.iter().zip(days).filter(|(_, day)| **day <= last)
        {
            has_rows[customer as usize] = true;
        }
        let has_rows = |id: &CustomerId| self.ids.binary_search(id).is_ok_and(|at| has_rows[at]);
        let dated = self.tables.until(as_of, &has_rows, &mut warnings)?;
        if rows.ids_normalised > 0 {
            warnings.push(Warning::new(
                "ids_normalised",
                format!(
                    "{} rows have customer ids written as decimals (13085.0); they were read as \
                     whole numbers (13085). Set [transactions.format] customer_id = \"text\" to \
                     keep them as written",
                    rows.ids_normalised
                ),
            ));
        }
        Ok(Cut {
            transactions: Transactions {
                sales,
                ids: Arc::clone(&self.ids),
                returns: self.returns,
                has_cost: self.has_cost,
                as_of,
            },
            customers: self.tables.customers.as_ref(),
            wallet: dated.wallet,
            wallet_survey: dated.wallet_survey,
            interactions: dated.interactions,
            campaign: dated.campaign,
            rows,
            purchase_days: span,
            warnings,
        })
    }

    fn check_purchases(
        &self,
        as_of: AsOf,
        first: i32,
        sales: &Sales,
        rows: &RowCounts,
    ) -> Result<(i32, i32), IngestError> {
        let days = purchase_days(sales);
        let (low, high) =
            days.fold((i32::MAX, i32::MIN), |(low, high), day| (low.min(day), high.max(day)));
        if low <= high {
            return Ok((low, high));
        }
        let earliest = purchase_days(&self.sales).min();
        match earliest.and_then(date_of_days) {
            None => {
                let mut reasons: Vec<_> =
                    rows.rejects.iter().filter(|(_, count)| count.rows > 0).collect();
                reasons.sort_by_key(|(_, count)| std::cmp::Reverse(count.rows));
                let reasons = reasons
                    .iter()
                    .map(|(code, count)| format!("{} {code}", count.rows))
                    .collect::<Vec<_>>()
                    .join(", ");
                Err(IngestError::NoRowLeft {
                    files: self.transaction_files(),
                    rows: self.read,
                    reasons: if reasons.is_empty() {
                        String::new()
                    } else {
                        format!(" (refused: {reasons})")
                    },
                })
            }
            Some(earliest) => {
                let before = purchase_days(&self.sales).filter(|&day| day < first).max();
                Err(IngestError::NothingBefore {
                    as_of: as_of.0,
                    first: earliest,
                    window: before.and_then(date_of_days).map_or_else(String::new, |date| {
                        format!(", the last one before the date on {date}, outside the history of the policy")
                    }),
                })
            }
        }
    }

    /// The first transaction files, for messages.
    fn transaction_files(&self) -> String {
        const SHOWN: usize = 3;
        let names: Vec<&str> = (self.files.iter())
            .filter(|file| file.table == "transactions")
            .map(|file| file.path.as_str())
            .collect();
        let more = names.len().saturating_sub(SHOWN);
        let shown = names[..names.len() - more].join(", ");
        if more > 0 { format!("{shown} and {more} more") } else { shown }
    }

    fn gates(
        &self,
        sales: &Sales,
        span: (i32, i32),
        warnings: &mut Vec<Warning>,
    ) -> Result<(), IngestError> {
        let (mut buyers, mut repeat) = (0, 0);
        for (_, rows) in sales.customers() {
            let mut days = rows.filter(|&row| !sales.is_return[row]).map(|row| sales.day[row]);
            if let Some(first) = days.next() {
                buyers += 1;
                repeat += u64::from(days.any(|day| day != first));
            }
        }
        let length = (span.1 - span.0 + 1) as u64;
        let mut check = |gate, found, Gate { at_least, otherwise }: Gate, what: &str| {
            if found >= at_least {
                return Ok(());
            }
            match otherwise {
                Otherwise::Stop => Err(IngestError::Gate { gate, found, at_least }),
                Otherwise::Warn => {
                    warnings.push(Warning::new(
                        &format!("gate_{gate}"),
                        format!(
                            "{found} {what}, fewer than {at_least}: read the segments with care"
                        ),
                    ));
                    Ok(())
                }
            }
        };
        check("customers", buyers, self.gates.customers, "customers with a purchase")?;
        check(
            "history_days",
            length,
            self.gates.history_days,
            "days from the first purchase to the last",
        )?;
        check(
            "repeat_buyers",
            repeat,
            self.gates.repeat_buyers,
            "customers with purchases on two days or more",
        )
    }

    /// Silence at the end of the data must not be read as customers who lapsed.
    fn completeness(&self, as_of: AsOf, warnings: &mut Vec<Warning>) {
        let Some(end) = self.sales.day.iter().max() else { return };
        let missing = as_of.days() - end;
        if missing > 0
            && let Some(end) = date_of_days(*end)
        {
            warnings.push(Warning::new(
                "data_end_before_as_of",
                format!(
                    "the data end on {end}, {missing} {} before {as_of}: recency counts these days \
                     as silence of the customers. Choose an earlier date or add the missing data",
                    if missing == 1 { "day" } else { "days" }
                ),
            ));
        }
    }
}

fn purchase_days(sales: &Sales) -> impl Iterator<Item = i32> {
    let both = sales.day.iter().zip(&sales.is_return);
    both.filter(|(_, is_return)| !**is_return).map(|(day, _)| *day)
}

/// Ids sorted, and the place of each among them.
fn sorted(ids: Vec<CustomerId>) -> (Arc<[CustomerId]>, Vec<u32>) {
    let mut order: Vec<u32> = (0..ids.len() as u32).collect();
    order.sort_unstable_by(|&a, &b| ids[a as usize].cmp(&ids[b as usize]));
    let mut rank = vec![0; ids.len()];
    for (place, &code) in order.iter().enumerate() {
        rank[code as usize] = place as u32;
    }
    (order.iter().map(|&code| ids[code as usize].clone()).collect(), rank)
}
