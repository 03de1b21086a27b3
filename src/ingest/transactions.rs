//! The rows that count -> what a run of one date may see, with its warnings and gates.

use std::sync::Arc;

use jiff::civil::Date;
use polars::prelude::*;

use super::params::{Gate, Otherwise};
use super::rows::Rows;
use super::tables::{self, Tables};
use super::{
    Campaign, CustomerTable, Gates, History, IngestError, IngestParams, Interactions, Reject,
    RejectLog, Returns, Wallet,
};
use crate::run::{InputFile, RowCounts};
use crate::types::{AsOf, CustomerId, Warning, date_of_days};

/// All input, read once.
#[derive(Debug)]
pub struct Input {
    ids: Arc<[CustomerId]>,
    customer: Vec<u32>,
    order: Vec<u64>,
    day: Vec<i32>,
    amount: Vec<i64>,
    cost: Option<Vec<i64>>,
    is_return: Vec<bool>,
    read: u64,
    ids_normalised: u64,
    tables: Tables,
    log: RejectLog,
    files: Vec<InputFile>,
    history: Option<History>,
    gates: Gates,
    returns: Returns,
}

/// Purchases and returns of one run, none after its date.
///
/// Columns of the frame: `customer` (u32, index into `ids`, whose order is that of the ids),
/// `order` (u64), `day` (i32, days since 1970-01-01), `month` (i32, months since 1970-01),
/// `amount` (i64 ticks, negative for returns), `is_return` (bool), and, where a column of costs is
/// configured, `cost` (i64 ticks, what the row's goods cost, with the sign of the amount). At
/// least one row is a purchase.
#[derive(Clone, Debug)]
pub struct Transactions {
    /// One row an input row.
    pub frame: DataFrame,
    /// Ids by index, sorted; some may have no row at this date.
    pub ids: Arc<[CustomerId]>,
    /// Whether returns are taken off the spend or told apart.
    pub returns: Returns,
    /// Whether the frame has the column `cost`.
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
        files: Vec<InputFile>,
        params: &IngestParams<'_>,
    ) -> Self {
        let mut by_id: Vec<u32> = (0..rows.ids.len() as u32).collect();
        by_id.sort_unstable_by(|&a, &b| rows.ids[a as usize].cmp(&rows.ids[b as usize]));
        let mut rank = vec![0; rows.ids.len()];
        for (place, &code) in by_id.iter().enumerate() {
            rank[code as usize] = place as u32;
        }
        Self {
            ids: by_id.iter().map(|&code| rows.ids[code as usize].clone()).collect(),
            customer: rows.customer.iter().map(|&code| rank[code as usize]).collect(),
            order: rows.order,
            day: rows.day,
            amount: rows.amount,
            cost: rows.has_cost.then_some(rows.cost),
            is_return: rows.is_return,
            read: rows.read,
            ids_normalised: rows.ids_normalised,
            tables,
            log,
            files,
            history: params.transactions.policy.history,
            gates: params.transactions.gates,
            returns: params.transactions.policy.returns,
        }
    }

    /// The files read, with their hashes.
    pub fn files(&self) -> &[InputFile] {
        &self.files
    }

    /// The last day of all rows that can be used, whatever the date of a run.
    pub fn last_day(&self) -> Option<Date> {
        self.day.iter().max().and_then(|day| date_of_days(*day))
    }

    /// Refused rows that a run of `as_of` tells of.
    pub fn rejects(&self, as_of: AsOf) -> impl Iterator<Item = Reject<'_>> {
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
        let kept: Vec<usize> = (0..self.day.len())
            .filter(|&row| {
                let day = self.day[row];
                rows.after_as_of += u64::from(day > last);
                rows.before_window += u64::from(day < first);
                (first..=last).contains(&day)
            })
            .collect();
        rows.returns = kept.iter().filter(|&&row| self.is_return[row]).count() as u64;
        rows.purchases = kept.len() as u64 - rows.returns;
        let dated_after = self.read - self.day.len() as u64 - rejected;
        rows.after_as_of += dated_after;
        let span = self.check_purchases(as_of, first, &kept, &rows)?;

        let first_kept = kept.iter().map(|&row| self.day[row]).min().unwrap_or(span.0);
        let months: Vec<i32> = (first_kept..=last).map(month_of).collect();
        let table_fault = |error: PolarsError| IngestError::Table {
            doing: "building the table of transactions",
            message: error.to_string(),
        };
        let mut frame = df!(
            "customer" => kept.iter().map(|&row| self.customer[row]).collect::<Vec<_>>(),
            "order" => kept.iter().map(|&row| self.order[row]).collect::<Vec<_>>(),
            "day" => kept.iter().map(|&row| self.day[row]).collect::<Vec<_>>(),
            "month" => kept.iter().map(|&row| months[(self.day[row] - first_kept) as usize]).collect::<Vec<_>>(),
            "amount" => kept.iter().map(|&row| self.amount[row]).collect::<Vec<_>>(),
            "is_return" => kept.iter().map(|&row| self.is_return[row]).collect::<Vec<_>>(),
        )
        .map_err(table_fault)?;
        if let Some(cost) = &self.cost {
            let cost: Vec<i64> = kept.iter().map(|&row| cost[row]).collect();
            frame.with_column(Column::new("cost".into(), cost)).map_err(table_fault)?;
        }
        let mut warnings = Vec::new();
        self.gates(&kept, span, &mut warnings)?;
        self.completeness(as_of, &mut warnings);
        tables::refused(&self.log, as_of, &mut warnings);
        let mut has_rows = vec![false; self.ids.len()];
        for row in (0..self.day.len()).filter(|&row| self.day[row] <= last) {
            has_rows[self.customer[row] as usize] = true;
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
                frame,
                ids: Arc::clone(&self.ids),
                returns: self.returns,
                has_cost: self.cost.is_some(),
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
        kept: &[usize],
        rows: &RowCounts,
    ) -> Result<(i32, i32), IngestError> {
        let days = kept.iter().filter(|&&row| !self.is_return[row]).map(|&row| self.day[row]);
        let (low, high) =
            days.fold((i32::MAX, i32::MIN), |(low, high), day| (low.min(day), high.max(day)));
        if low <= high {
            return Ok((low, high));
        }
        let purchases = || self.day.iter().zip(&self.is_return).filter(|(_, back)| !**back);
        let earliest = purchases().map(|(day, _)| *day).min();
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
                let before = purchases().map(|(day, _)| *day).filter(|&day| day < first).max();
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
        kept: &[usize],
        span: (i32, i32),
        warnings: &mut Vec<Warning>,
    ) -> Result<(), IngestError> {
        let mut days = vec![(i32::MAX, i32::MIN); self.ids.len()];
        for &row in kept.iter().filter(|&&row| !self.is_return[row]) {
            let (low, high) = &mut days[self.customer[row] as usize];
            *low = self.day[row].min(*low);
            *high = self.day[row].max(*high);
        }
        let buyers = days.iter().filter(|(low, high)| low <= high).count() as u64;
        let repeat = days.iter().filter(|(low, high)| low < high).count() as u64;
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
        let Some(end) = self.day.iter().max() else { return };
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

/// Calendar months from January 1970 to the month of `day`.
fn month_of(day: i32) -> i32 {
    date_of_days(day)
        .map_or(0, |date| (i32::from(date.year()) - 1970) * 12 + i32::from(date.month()) - 1)
}
