//! The optional tables -> what a run of one date may see of them, with warnings where they hardly
//! speak of our customers.

use std::collections::HashSet;

use super::campaign::{self, Campaign, CampaignTable};
use super::customers::{self, CustomerTable};
use super::day_log::ReadFile;
use super::interactions::{self, InteractionTable, Interactions};
use super::source::{self, Source};
use super::wallet::{self, Wallet, WalletTable};
use super::{IngestError, IngestParams, RejectLog};
use crate::run::{CategoryFacts, ColumnFacts, TableFacts};
use crate::types::{AsOf, CustomerId, Warning};

/// Sections of the configuration whose refused rows are told of in a warning.
const SECTIONS: [&str; 5] = ["customers", "wallet", "wallet_survey", "interactions", "campaign"];

/// The tables, read once.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub customers: Option<CustomerTable>,
    wallet: Option<WalletTable>,
    wallet_survey: Option<WalletTable>,
    interactions: Option<InteractionTable>,
    campaign: Option<CampaignTable>,
}

/// What a run of one date may see of the tables that have dates.
#[derive(Debug, Default)]
pub(super) struct Dated {
    pub wallet: Option<Wallet>,
    pub wallet_survey: Option<Wallet>,
    pub interactions: Option<Interactions>,
    pub campaign: Option<Campaign>,
}

/// The files of every table, found before any is read.
pub(super) struct Found {
    customers: Vec<Source>,
    wallet: Vec<Source>,
    wallet_survey: Vec<Source>,
    interactions: Vec<Source>,
    campaign: Vec<Source>,
}

impl Found {
    /// # Errors
    /// `NoFiles`, `BadGlob`, and whatever opening each file says.
    pub(super) fn new(params: &IngestParams<'_>) -> Result<Self, IngestError> {
        let find = |table, files: Option<&Vec<String>>| match files {
            Some(files) => source::find(table, params.base, files),
            None => Ok(Vec::new()),
        };
        Ok(Self {
            customers: find("customers", params.customers.map(|table| &table.files))?,
            wallet: find("wallet", params.wallet.map(|table| &table.files))?,
            wallet_survey: find("wallet_survey", params.wallet_survey.map(|table| &table.files))?,
            interactions: find("interactions", params.interactions.map(|table| &table.files))?,
            campaign: find("campaign", params.campaign.map(|table| &table.files))?,
        })
    }

    pub(super) fn len(&self) -> usize {
        [&self.customers, &self.wallet, &self.wallet_survey, &self.interactions, &self.campaign]
            .map(Vec::len)
            .iter()
            .sum()
    }
}

impl Tables {
    /// # Errors
    /// An unusable file or configuration.
    pub(super) fn read(
        params: &IngestParams<'_>,
        found: &Found,
        log: &mut RejectLog,
        files: &mut Vec<ReadFile>,
        step: &mut dyn FnMut(),
    ) -> Result<Self, IngestError> {
        let mut tables = Self::default();
        if let Some(table) = params.customers {
            let sources = &found.customers;
            tables.customers = Some(customers::read(params, table, sources, log, files, step)?);
        }
        for (section, table, sources, place) in [
            ("wallet", params.wallet, &found.wallet, &mut tables.wallet),
            (
                "wallet_survey",
                params.wallet_survey,
                &found.wallet_survey,
                &mut tables.wallet_survey,
            ),
        ] {
            if let Some(table) = table {
                *place = Some(wallet::read(params, table, sources, section, log, files, step)?);
            }
        }
        if let Some(table) = params.interactions {
            let sources = &found.interactions;
            tables.interactions =
                Some(interactions::read(params, table, sources, log, files, step)?);
        }
        if let Some(table) = params.campaign {
            let sources = &found.campaign;
            tables.campaign = Some(campaign::read(params, table, sources, log, files, step)?);
        }
        Ok(tables)
    }

    /// Puts what is known of columns of names by `as_of` into the facts of each table.
    pub(super) fn add_categories(&self, as_of: AsOf, tables: &mut [TableFacts]) {
        for facts in tables {
            match facts.table.as_str() {
                "wallet" => facts.categories = of_wallet(self.wallet.as_ref(), as_of),
                "wallet_survey" => facts.categories = of_wallet(self.wallet_survey.as_ref(), as_of),
                "interactions" => {
                    let days = super::facts::window(as_of);
                    let found = self.interactions.iter().map(|table| table.facts(&days));
                    facts.categories = found.collect();
                }
                "customers" => {
                    let found = self.customers.iter().flat_map(|table| table.facts(as_of));
                    for (filled, category) in found {
                        let same = |column: &&mut ColumnFacts| column.name == category.column;
                        if let Some(column) = facts.columns.iter_mut().find(same) {
                            column.filled = Some(filled);
                        }
                        facts.categories.push(category);
                    }
                }
                _ => {}
            }
        }
    }

    /// What a run of `as_of` may see; `has_rows` tells customers with sales by then.
    ///
    /// # Errors
    /// `TooManyKinds`.
    pub(super) fn until(
        &self,
        as_of: AsOf,
        has_rows: &dyn Fn(&CustomerId) -> bool,
        warnings: &mut Vec<Warning>,
    ) -> Result<Dated, IngestError> {
        let wallet = self.wallet.as_ref().map(|table| table.until(as_of));
        let wallet_survey = self.wallet_survey.as_ref().map(|table| table.until(as_of));
        let campaign = self.campaign.as_ref().map(|table| table.until(as_of));
        let interactions = match &self.interactions {
            Some(table) => Some(table.until(as_of, warnings)?),
            None => None,
        };
        let of_wallet = |wallet: &Wallet| covered(wallet.customers.iter(), has_rows);
        for (section, covered) in [
            ("wallet", wallet.as_ref().map(of_wallet)),
            ("wallet_survey", wallet_survey.as_ref().map(of_wallet)),
            ("interactions", interactions.as_ref().map(|t| covered(t.customer.iter(), has_rows))),
            (
                "campaign",
                campaign
                    .as_ref()
                    .map(|t| covered(t.contacts.iter().map(|c| &c.customer), has_rows)),
            ),
        ] {
            warnings.extend(covered.and_then(|covered| covered.warning(section, as_of)));
        }
        if let (Some(interactions), Some(table)) = (&interactions, &self.customers) {
            warnings.extend(strangers(interactions, table, has_rows));
        }
        Ok(Dated { wallet, wallet_survey, interactions, campaign })
    }
}

fn of_wallet(table: Option<&WalletTable>, as_of: AsOf) -> Vec<CategoryFacts> {
    table.map_or_else(Vec::new, |table| table.facts(as_of))
}

/// Customers of interactions who stand nowhere else: prospects, or ids written otherwise.
fn strangers(
    interactions: &Interactions,
    table: &CustomerTable,
    has_rows: &dyn Fn(&CustomerId) -> bool,
) -> Option<Warning> {
    let known: HashSet<&CustomerId> = table.ids.iter().collect();
    let strangers = interactions
        .customer
        .chunk_by(|a, b| a == b)
        .filter(|rows| !known.contains(&rows[0]) && !has_rows(&rows[0]))
        .count();
    (strangers > 0).then(|| {
        Warning::new(
            "interactions_unknown_customers",
            format!(
                "{strangers} customers of [interactions] are neither in the sales nor in \
                 [customers]; they count as prospects. Check that ids are written alike"
            ),
        )
    })
}

/// What a table says of our customers.
#[derive(Clone, Copy)]
enum Covered {
    Nothing,
    Strangers,
    Customers,
}

fn covered<'a>(
    customers: impl Iterator<Item = &'a CustomerId>,
    has_rows: &dyn Fn(&CustomerId) -> bool,
) -> Covered {
    let mut covered = Covered::Nothing;
    for customer in customers {
        if has_rows(customer) {
            return Covered::Customers;
        }
        covered = Covered::Strangers;
    }
    covered
}

impl Covered {
    fn warning(self, section: &str, as_of: AsOf) -> Option<Warning> {
        let (code, message) = match self {
            Covered::Customers => return None,
            Covered::Nothing => {
                ("empty", format!("no row of [{section}] lies at or before {as_of}"))
            }
            Covered::Strangers => (
                "unmatched",
                format!(
                    "no customer of [{section}] is in the sales by {as_of}. Check its column of \
                     customers and that ids are written alike"
                ),
            ),
        };
        Some(Warning::new(&format!("{section}_{code}"), message))
    }
}

/// Refused rows of the optional tables.
pub(super) fn refused(log: &RejectLog, as_of: AsOf, warnings: &mut Vec<Warning>) {
    for section in SECTIONS {
        let (counts, total) = log.counts(section, as_of);
        if total > 0 {
            let by_reason: Vec<_> = counts
                .iter()
                .filter(|(_, count)| count.rows > 0)
                .map(|(code, count)| format!("{} {code}", count.rows))
                .collect();
            warnings.push(Warning::new(
                &format!("{section}_rejects"),
                format!(
                    "{total} rows of [{section}] were refused ({}); see rejects.csv",
                    by_reason.join(", ")
                ),
            ));
        }
    }
}
