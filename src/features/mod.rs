//! Transactions (+ customers, wallet) -> FeatureTable: one row a buyer, sorted by id.
//!
//! Sums are of whole ticks and whole days, so that no figure depends on the order of rows or on
//! threads. Transforms and scales belong to the model and are not applied here.

mod activity;
mod aggregates;
mod attributes;
pub mod btyd;
mod compile;
mod rfm;
mod scores;
mod table;
mod value;

use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use activity::p_active;
pub use aggregates::{AGGREGATES, Aggregate, Column, Measure, RowSet};
pub use scores::{Scored, Ties, scores};
pub use table::{AttributeColumn, FeatureColumn, FeatureTable, Unit};
pub use value::{Anchor, past_customer_value};

use crate::ingest::{Cut, Returns};
use crate::types::{Currency, CustomerId, Money, Warning};

/// What the configuration says about features.
#[derive(Clone, Copy, Debug, Default)]
pub struct FeatureParams {
    /// `[features.scores]`.
    pub scores: ScoreParams,
    /// `[features.clv]`.
    pub clv: ClvParams,
}

/// `[features.scores]`: the 1 to 5 scores of recency, frequency and money.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScoreParams {
    /// `together` (default): equal values get equal scores; `split`: fifths of equal size, ties
    /// going by customer id.
    pub ties: Ties,
}

/// `[features.clv]`: how money over time is valued.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClvParams {
    /// Part of the spend that is margin, above 0 and at most 1; default 1, which values spend
    /// itself.
    pub margin: f64,
    /// Per year, compounded monthly as (1 + rate)^(1/12) - 1; from 0 to 10, default 0.10.
    pub discount_rate: f64,
    /// `start` (default): spend of the month of `as_of` is not compounded; `end`: by one month.
    pub anchor: Anchor,
}

impl Default for ClvParams {
    fn default() -> Self {
        Self { margin: 1.0, discount_rate: 0.10, anchor: Anchor::Start }
    }
}

/// Why no feature table can be built.
#[derive(Debug, Error)]
pub enum FeatureError {
    /// A figure of `[features.clv]` outside its range.
    #[error("[features.clv] {key} = {value}: it must be {range}. Correct it")]
    Range {
        /// The key.
        key: &'static str,
        /// Its value.
        value: f64,
        /// What is allowed.
        range: &'static str,
    },
    /// An attribute has the name of a feature.
    #[error(
        "[customers]: the attribute `{name}` has the name of a feature or of the id column. Rename the column, or \
         list the attributes to use without it"
    )]
    AttributeName {
        /// The name.
        name: String,
    },
    /// Compounding passes what a number can hold.
    #[error(
        "[features.clv] discount_rate = {rate}: spend compounded to as_of is too large to be a \
         number for customer {customer}. Lower the rate"
    )]
    TooLarge {
        /// The yearly rate.
        rate: f64,
        /// The first customer concerned.
        customer: CustomerId,
    },
    /// A fault of the table library.
    #[error("the table library failed while aggregating transactions: {0}")]
    Table(#[from] polars::error::PolarsError),
}

/// Names, units and meanings of the features that segtrail computes, for listings and checks.
pub const CATALOGUE: [(&str, Unit, &str); 18] = [
    ("recency_days", Unit::Days, "days from the last purchase to as_of"),
    ("n_orders", Unit::Count, "distinct orders"),
    ("n_purchase_days", Unit::Count, "distinct days with a purchase"),
    ("monetary_total", Unit::Money, "spend in the window, net of returns where they are netted"),
    ("monetary_mean", Unit::Money, "monetary_total by order"),
    ("tenure_days", Unit::Days, "days from the first purchase to as_of"),
    ("gap_mean_days", Unit::Days, "mean days between purchase days; from two on"),
    ("gap_cv", Unit::Ratio, "standard deviation of these gaps over their mean; from three days on"),
    ("recency_ratio", Unit::Ratio, "recency_days over the customer's own gap_mean_days"),
    ("r_score", Unit::Score, "1 to 5 by recency, 5 the most recent"),
    ("f_score", Unit::Score, "1 to 5 by n_orders, 5 the most"),
    ("m_score", Unit::Score, "1 to 5 by monetary_total, 5 the most"),
    ("p_active", Unit::Share, "(T/N)^n: the chance of being active by the simple formula"),
    ("past_customer_value", Unit::Money, "margin of past spend, compounded to as_of"),
    ("n_returns", Unit::Count, "return rows (returns = \"separate\")"),
    ("returns_total", Unit::Money, "amount returned, positive (returns = \"separate\")"),
    ("size_of_wallet", Unit::Money, "spend on the category everywhere (wallet table)"),
    ("share_of_wallet", Unit::Share, "own part of it (wallet table)"),
];

/// The table and what came with it.
#[derive(Clone, Debug)]
pub struct Built {
    /// One row a buyer.
    pub table: FeatureTable,
    /// Sum of the buyers' `monetary_total`.
    pub revenue: Money,
    /// Buyers with purchases on two days or more.
    pub repeat_buyers: usize,
    /// What a person should know.
    pub warnings: Vec<Warning>,
}

/// Builds the features of all buyers of a cut.
///
/// # Errors
/// `Range`, `AttributeName`, `Table`.
pub fn build(
    cut: &Cut<'_>,
    params: &FeatureParams,
    currency: &Currency,
) -> Result<Built, FeatureError> {
    check(&params.clv)?;
    let transactions = &cut.transactions;
    let base = compile::aggregate(transactions)?;
    let buyers = rfm::Buyers::new(&base, transactions);
    let mut columns = rfm::columns(&buyers, currency);
    let mut effective_bins = std::collections::BTreeMap::new();
    for (name, of, reversed) in [
        ("r_score", "recency_days", true),
        ("f_score", "n_orders", false),
        ("m_score", "monetary_total", false),
    ] {
        if let Some(source) = columns.iter().find(|column| column.name == of) {
            let scored = scores(&source.values, reversed, params.scores.ties);
            effective_bins.insert(name.to_owned(), scored.effective_bins);
            columns.push(FeatureColumn {
                name: name.into(),
                unit: Unit::Score,
                values: scored.scores.iter().map(|&score| f64::from(score)).collect(),
            });
        }
    }
    columns.push(activity::column(&buyers));
    columns.push(value::column(transactions, &buyers, &params.clv, currency)?);
    if transactions.returns == Returns::Separate {
        columns.extend(rfm::return_columns(&base, &buyers, currency));
    }
    if let Some(wallet) = &cut.wallet {
        columns.extend(value::wallet_columns(&buyers, wallet, currency));
    }
    let mut warnings = Vec::new();
    let mut attributes = Vec::new();
    if let Some(known) = cut.customers {
        let found = attributes::columns(known, &buyers.customers, &columns, &mut warnings)?;
        columns.extend(found.numeric);
        attributes = found.categorical;
    }
    let prospects = attributes::prospects(cut, &base, &buyers.customers);
    let revenue = Money(buyers.spend.iter().sum());
    let repeat_buyers = buyers.days.iter().filter(|&&days| days > 1).count();
    let table = FeatureTable {
        customers: buyers.customers,
        columns,
        attributes,
        prospects,
        effective_bins,
    };
    for (name, &bins) in &table.effective_bins {
        if bins < 5 {
            warnings.push(Warning::new(
                "scores_collapse",
                format!(
                    "{name} has {bins} distinct values instead of 5: too many customers share one \
                     value to tell fifths apart"
                ),
            ));
        }
    }
    Ok(Built { table, revenue, repeat_buyers, warnings })
}

fn check(clv: &ClvParams) -> Result<(), FeatureError> {
    if !(clv.margin > 0.0 && clv.margin <= 1.0) {
        return Err(FeatureError::Range {
            key: "margin",
            value: clv.margin,
            range: "above 0 and at most 1",
        });
    }
    if !(0.0..=10.0).contains(&clv.discount_rate) {
        return Err(FeatureError::Range {
            key: "discount_rate",
            value: clv.discount_rate,
            range: "a yearly rate from 0 to 10 (0.10 is ten percent)",
        });
    }
    Ok(())
}
