//! Wallet tables and own spend -> columns of size, share and opportunity with their source, and
//! the summary for manifest and report.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::table::AttributeColumn;
use super::wallet::{
    Behaviour, BehaviourValues, SurveyRank, SurveyRanks, WalletError, WalletInput, WalletNames,
    WalletOptions, WalletRows, WalletSummary, estimate_wallets,
};
use super::{FeatureColumn, Unit};
use crate::ingest::{Wallet, WalletSource};
use crate::types::{Currency, CustomerId, Seed};

/// Numeric features by which customers are alike when a wallet is modelled: when and how often
/// they buy, never how much.
const BEHAVIOURS: [&str; 5] =
    ["recency_days", "tenure_days", "n_purchase_days", "gap_mean_days", "gap_cv"];

/// What the wallet stage works on.
pub(super) struct WalletTask<'a> {
    pub customers: &'a [CustomerId],
    /// Spend with us, in units of the currency.
    pub own_spend: &'a [f64],
    /// `[wallet]` and `[wallet_survey]`.
    pub tables: [Option<&'a Wallet>; 2],
    /// Computed features and numeric attributes.
    pub columns: &'a [FeatureColumn],
    pub attributes: &'a [AttributeColumn],
    pub options: WalletOptions,
    pub currency: &'a Currency,
    pub seed: Seed,
}

/// Columns, sources by customer, summary.
pub(super) struct WalletFeatures {
    pub columns: Vec<FeatureColumn>,
    pub sources: AttributeColumn,
    pub strategies: AttributeColumn,
    pub summary: WalletSummary,
}

pub(super) fn features(task: &WalletTask<'_>) -> Result<WalletFeatures, WalletError> {
    let n = task.customers.len();
    let tables = || task.tables.into_iter().flatten();
    let amounts = tables().find(|wallet| !wallet.ranked);
    let ranks = tables().find(|wallet| wallet.ranked);
    let observed = amounts.map(|wallet| of_buyers(wallet, task.customers)).transpose()?;
    let survey = ranks.map(|wallet| survey(wallet, task.customers)).transpose()?;
    let own_spend: Vec<f64> = task.own_spend.iter().map(|spend| spend.max(0.0)).collect();
    let behaviours = behaviours(task);
    let input = WalletInput {
        own_spend: &own_spend,
        observed: observed.as_ref(),
        observed_in_survey: amounts.is_some_and(|wallet| wallet.source == WalletSource::Survey),
        survey: survey.as_ref(),
        behaviours: &behaviours,
    };
    let mut found = estimate_wallets(&input, &task.options, task.currency, task.seed)?;
    // Shares of providers are those of the whole panel, buyers of ours or not.
    if let Some(wallet) = amounts {
        let all = everybody(wallet)?;
        found.summary.providers = Some(all.provider_shares());
        if wallet.categories.len() > 1 {
            found.summary.categories = all.category_shares();
        }
    }
    let column = |name: &str, unit, of: &dyn Fn(usize) -> Option<f64>| FeatureColumn {
        name: name.into(),
        unit,
        values: (0..n).map(|i| of(i).filter(|v| v.is_finite()).unwrap_or(f64::NAN)).collect(),
    };
    let estimate = |i: usize| found.estimates[i].as_ref();
    let columns = vec![
        column("size_of_wallet", Unit::Money, &|i| estimate(i)?.size),
        column("share_of_wallet", Unit::Share, &|i| Some(estimate(i)?.share)),
        column("share_of_wallet_low", Unit::Share, &|i| Some(estimate(i)?.share_low)),
        column("share_of_wallet_high", Unit::Share, &|i| Some(estimate(i)?.share_high)),
        column("wallet_opportunity", Unit::Money, &|i| estimate(i)?.opportunity),
    ];
    let texts = |name: &str, of: &dyn Fn(usize) -> Option<&'static str>| {
        let mut shared: BTreeMap<&str, Arc<str>> = BTreeMap::new();
        let values = (0..n)
            .map(|i| {
                of(i).map(|text| Arc::clone(shared.entry(text).or_insert_with(|| text.into())))
            })
            .collect();
        AttributeColumn { name: name.into(), values }
    };
    Ok(WalletFeatures {
        sources: texts("wallet_source", &|i| Some(estimate(i)?.source.name())),
        strategies: texts("wallet_strategy", &|i| Some(found.strategies[i]?.key())),
        columns,
        summary: found.summary,
    })
}

fn names(wallet: &Wallet) -> WalletNames {
    WalletNames {
        providers: wallet.providers.clone(),
        categories: wallet.categories.clone(),
        own: Some(wallet.own),
    }
}

fn everybody(wallet: &Wallet) -> Result<WalletRows, WalletError> {
    WalletRows::new(
        wallet.customer.clone(),
        wallet.provider.clone(),
        wallet.category.clone(),
        wallet.amount.clone(),
        wallet.customers.len(),
        names(wallet),
    )
}

/// Place among the buyers of each customer of the wallet.
fn places(wallet: &Wallet, buyers: &[CustomerId]) -> Vec<Option<u32>> {
    let place = |id: &CustomerId| buyers.binary_search(id).ok().map(|place| place as u32);
    wallet.customers.iter().map(place).collect()
}

/// The rows of buyers, by their places.
fn of_buyers(wallet: &Wallet, buyers: &[CustomerId]) -> Result<WalletRows, WalletError> {
    let places = places(wallet, buyers);
    let kept: Vec<(usize, u32)> = (0..wallet.customer.len())
        .filter_map(|row| Some((row, places[wallet.customer[row] as usize]?)))
        .collect();
    let pick = |of: &[u32]| kept.iter().map(|(row, _)| of[*row]).collect::<Vec<u32>>();
    WalletRows::new(
        kept.iter().map(|(_, buyer)| *buyer).collect(),
        pick(&wallet.provider),
        pick(&wallet.category),
        kept.iter().map(|(row, _)| wallet.amount[*row]).collect(),
        buyers.len(),
        names(wallet),
    )
}

/// The ranks of buyers; of several categories the mean rank of a provider counts.
fn survey(wallet: &Wallet, buyers: &[CustomerId]) -> Result<SurveyRanks, WalletError> {
    let places = places(wallet, buyers);
    let mut ranks: BTreeMap<(u32, u32), (f64, f64)> = BTreeMap::new();
    for row in 0..wallet.customer.len() {
        if let Some(buyer) = places[wallet.customer[row] as usize] {
            let (sum, count) = ranks.entry((buyer, wallet.provider[row])).or_default();
            *sum += wallet.rank[row];
            *count += 1.0;
        }
    }
    let rows = ranks
        .into_iter()
        .map(|((customer, provider), (sum, count))| SurveyRank {
            customer,
            provider,
            rank: sum / count,
        })
        .collect();
    SurveyRanks::new(rows, buyers.len(), wallet.providers.clone(), Some(wallet.own))
}

fn behaviours(task: &WalletTask<'_>) -> Vec<Behaviour> {
    let wanted = |column: &&FeatureColumn| {
        BEHAVIOURS.contains(&column.name.as_str()) || column.unit == Unit::Attribute
    };
    let numbers = task.columns.iter().filter(wanted).map(|column| Behaviour {
        name: column.name.clone(),
        values: BehaviourValues::Number(column.values.clone()),
    });
    let levels = task.attributes.iter().map(|attribute| {
        let mut names: Vec<&str> = attribute.values.iter().flatten().map(|v| v.as_ref()).collect();
        names.sort_unstable();
        names.dedup();
        let of = attribute.values.iter().map(|value| {
            let value = value.as_deref()?;
            names.binary_search(&value).ok().map(|place| place as u32)
        });
        Behaviour {
            name: attribute.name.clone(),
            values: BehaviourValues::Level {
                of: of.collect(),
                names: names.iter().map(|name| (*name).to_owned()).collect(),
            },
        }
    });
    numbers.chain(levels).collect()
}
