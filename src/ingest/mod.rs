//! Files -> Transactions (+ optional tables) + rejects. The only room that reads input files;
//! tables for fits without a configuration, of histories, of cohorts or of anything to cluster, are
//! read here too.
//!
//! Everything is read once ([`read`]); each run then takes what lies at or before its date
//! ([`Input::until`]), so nothing after `as_of` can reach a feature.

#![allow(clippy::disallowed_methods, reason = "input files are read here")]

mod assignment_table;
mod campaign;
mod cell;
mod cell_text;
mod clock;
mod csv_block;
mod csv_rows;
mod customers;
mod day_log;
mod error;
mod facts;
mod fields;
#[cfg(test)]
mod fixture;
mod id_list;
mod interactions;
mod judge;
mod own_column;
mod own_table;
mod params;
mod parquet_column;
mod parquet_rows;
mod reject_log;
mod rejects;
mod rows;
mod sales;
mod seen;
mod source;
mod summary;
mod table_params;
mod tables;
mod transactions;
mod wallet;
mod worth;

use std::path::Path;

pub use assignment_table::{AssignmentTable, read_assignment_table};
pub use campaign::{Campaign, Contact};
pub use customers::CustomerTable;
pub use error::IngestError;
pub use id_list::IdList;
pub use interactions::Interactions;
pub use own_table::{MOST_LEVELS, OwnColumn, OwnTable, OwnTableParams, OwnValues, read_own_table};
pub use params::{
    Duplicates, Formats, Gate, Gates, History, HistoryUnit, IdKind, Otherwise, Pattern, Policy,
    Returns, TextParams, TransactionParams, Zero,
};
pub use reject_log::{Reject, RejectLog, RejectPart};
pub use rejects::Reason;
pub use sales::Sales;
pub use summary::{
    Cohort, Cohorts, Subscriptions, Summary, read_cohorts, read_subscriptions, read_summary,
};
pub use table_params::{
    CampaignParams, CustomerParams, InteractionParams, WalletParams, WalletSource, complaints,
};
pub use transactions::{Cut, Input, Transactions};
pub use wallet::Wallet;

use crate::types::Currency;

/// Everything the room needs to know.
#[derive(Clone, Debug)]
pub struct IngestParams<'a> {
    /// Folder of the configuration: file patterns are relative to it.
    pub base: &'a Path,
    /// IANA name of the business's time zone.
    pub timezone: &'a str,
    /// Currency of all amounts.
    pub currency: &'a Currency,
    /// `[transactions]`.
    pub transactions: &'a TransactionParams,
    /// `[customers]`.
    pub customers: Option<&'a CustomerParams>,
    /// `[wallet]`.
    pub wallet: Option<&'a WalletParams>,
    /// `[wallet_survey]`.
    pub wallet_survey: Option<&'a WalletParams>,
    /// `[interactions]`.
    pub interactions: Option<&'a InteractionParams>,
    /// `[campaign]`.
    pub campaign: Option<&'a CampaignParams>,
}

/// Reads every input file once. `progress` is told after each file how many are done, of how
/// many.
///
/// # Errors
/// An unusable file or configuration; a bad row alone is never an error.
pub fn read(
    params: &IngestParams<'_>,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Input, IngestError> {
    if let Some(table) = params.campaign {
        table.check()?;
    }
    let transactions = source::find("transactions", params.base, &params.transactions.files)?;
    let found = tables::Found::new(params)?;
    let total = transactions.len() + found.len();
    let mut done = 0;
    let mut step = || {
        done += 1;
        progress(done, total);
    };
    let mut log = RejectLog::default();
    let mut files = Vec::new();
    let rows = rows::read(params, &transactions, &mut log, &mut files, &mut step)?;
    let tables = tables::Tables::read(params, &found, &mut log, &mut files, &mut step)?;
    Ok(Input::new(rows, tables, log, files, params))
}

/// Columns and the first rows of one file, as text, for `segtrail init`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// Up to the asked number of rows; a missing field is empty.
    pub rows: Vec<Vec<String>>,
    /// Rows of the file.
    pub total_rows: u64,
    /// Rows equal to an earlier one in every column.
    pub duplicates: u64,
}

/// Looks at one file without judging its rows.
///
/// # Errors
/// An unusable file.
pub fn preview(path: &Path, keep: usize) -> Result<Preview, IngestError> {
    let pattern = glob::Pattern::escape(&path.to_string_lossy());
    let sources = source::find("transactions", Path::new(""), &[pattern])?;
    let Some(file) = sources.first() else {
        return Err(IngestError::NoFiles {
            table: "transactions",
            pattern: path.display().to_string(),
        });
    };
    let text = TextParams::default();
    let columns = file.columns(&text)?;
    // A name that stands twice cannot be asked for; its column is shown empty.
    let mut once = columns.clone();
    once.retain(|name| columns.iter().filter(|other| *other == name).count() == 1);
    let mut rows = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut duplicates = 0;
    let wanted = source::Wanted { columns: &once, flags_from: 0, fingerprints: true, text: &text };
    let total_rows = file.each_block(&wanted, &mut |block| {
        let mut prints = vec![0; block.len()];
        block.fingerprints(0, &mut prints);
        duplicates += prints.into_iter().filter(|print| !seen.insert(*print)).count() as u64;
        if rows.len() >= keep {
            return Ok(());
        }
        block.each(0..block.len(), &mut |row| {
            if rows.len() < keep && row.fault.is_none() {
                let cells = columns.iter().map(|name| match once.iter().position(|n| n == name) {
                    Some(place) => {
                        let text = row.fields.cell(place).map(|cell| cell.to_string());
                        text.unwrap_or_else(|_| "\u{fffd}".into())
                    }
                    None => String::new(),
                });
                rows.push(cells.collect());
            }
            Ok(())
        })
    })?;
    Ok(Preview { columns, rows, total_rows, duplicates })
}
