//! Transactions (+ customers, wallets, interactions, campaign) -> FeatureTable: one row a buyer,
//! sorted by id.
//!
//! Sums are of whole ticks and whole days, so that no figure depends on the order of rows or on
//! threads. Transforms and scales belong to the model and are not applied here.

mod activity;
mod aggregates;
mod attributes;
pub mod btyd;
pub mod campaign;
mod catalogue;
pub mod clv;
mod compile;
mod error;
mod histories;
mod interactions;
mod lifecycle;
mod own_orders;
mod portfolio;
mod prospects;
mod response;
pub mod retention;
mod rfm;
mod scores;
mod table;
mod value;
pub mod wallet;
mod wallet_features;
pub mod weighted_rfm;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use activity::p_active;
pub use aggregates::{AGGREGATES, Aggregate, Column, Measure, RowSet};
pub use catalogue::{CATALOGUE, known};
pub use clv::{ClvParams, ClvRecord};
pub use error::FeatureError;
pub use histories::{Observed, holdout, observe};
pub use lifecycle::{
    LIFECYCLE_COLUMN, LifecycleError, LifecycleParams, LifecycleRecord, LifecycleRules, Stage,
};
pub use own_orders::{OrderFeatures, OwnOrder, order_features};
pub use portfolio::RetentionRecord;
pub use response::CampaignRecord;
pub use scores::{Scored, Ties, scores};
pub use table::{AttributeColumn, FeatureColumn, FeatureTable, METHOD_COLUMNS, Unit};
pub use value::{Anchor, past_customer_value};

use self::clv::{MarginRecord, ModelChoice};
use self::compile::Monthly;
use self::rfm::Buyers;
use self::wallet::{WalletOptions, WalletSummary};
use self::weighted_rfm::WeightedRfmParams;
use crate::ingest::{Cut, Returns};
use crate::types::{Currency, Money, Seed, Warning};

/// What the configuration says about features.
#[derive(Clone, Debug)]
pub struct FeatureParams {
    /// `[features] use`: an attribute named here may not be left out of the table.
    pub used: Vec<String>,
    /// `[features.scores]`.
    pub scores: ScoreParams,
    /// `[lifecycle]`.
    pub lifecycle: LifecycleParams,
    /// `[features.clv]`.
    pub clv: ClvParams,
    /// `[features.weighted_rfm]`.
    pub weighted_rfm: Option<WeightedRfmParams>,
    /// `[features.wallet]`.
    pub wallet: Option<WalletOptions>,
    /// From which the choice of held-out customers is derived.
    pub seed: Seed,
}

/// `[features.scores]`: the 1 to 5 scores of recency, frequency and money.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ScoreParams {
    /// `together` (default): equal values get equal scores; `split`: fifths of equal size, ties
    /// going by customer id.
    pub ties: Ties,
}

/// The table and what came with it.
#[derive(Clone, Debug)]
pub struct Built {
    /// One row a buyer.
    pub table: FeatureTable,
    /// Sum of the buyers' `monetary_total`.
    pub revenue: Money,
    /// Buyers with purchases on two days or more.
    pub repeat_buyers: usize,
    /// The stages of the lifecycle.
    pub lifecycle: LifecycleRecord,
    /// How value to come was forecast; none with `model = "none"`.
    pub clv: Option<ClvRecord>,
    /// Retention by month; none without a complete month.
    pub retention: Option<RetentionRecord>,
    /// Share of wallet; none where nothing is asked about it.
    pub wallet: Option<WalletSummary>,
    /// What a campaign taught.
    pub campaign: Option<CampaignRecord>,
    /// What a person should know.
    pub warnings: Vec<Warning>,
}

/// Builds the features of all buyers of a cut.
///
/// # Errors
/// Figures of the configuration outside their range, names that collide, attributes that cannot
/// be used, a fault of the table library. Never a model of value: a run goes on without it.
pub fn build(
    cut: &Cut<'_>,
    params: &FeatureParams,
    currency: &Currency,
) -> Result<Built, FeatureError> {
    let rate = params.clv.checked()?;
    params.lifecycle.checked()?;
    let scheme = params.weighted_rfm.as_ref().map(WeightedRfmParams::scheme).transpose()?;
    let transactions = &cut.transactions;
    let base = compile::aggregate(transactions);
    let buyers = Buyers::new(&base, transactions);
    let monthly = compile::monthly(transactions, transactions.returns == Returns::Net);
    let days = compile::purchase_days(transactions);
    let mut warnings = Vec::new();
    let margin = margin(&monthly, transactions.has_cost, &params.clv, &mut warnings);

    let mut columns = rfm::columns(&buyers, currency);
    let effective_bins = add_scores(&mut columns, params.scores.ties);
    columns.push(activity::column(&buyers));
    columns.push(value::column(transactions, &buyers, &monthly, &params.clv, currency)?);
    if transactions.has_cost {
        columns.push(value::margin_column(&buyers, &monthly, currency));
    }
    if let Some(scheme) = &scheme {
        columns.push(rfm::weighted_column(
            scheme,
            &buyers,
            &days,
            &columns,
            transactions,
            currency,
        ));
    }
    if transactions.returns == Returns::Separate {
        columns.extend(rfm::return_columns(&base, &buyers, currency));
    }
    let mut methods = Vec::new();
    let mut record = None;
    if params.clv.model != ModelChoice::None {
        let observed = histories::of_buyers(&days, &buyers, currency);
        let (histories, gaps) = (&observed.histories, &observed.gaps);
        let valued = clv::value(histories, gaps, margin, &params.clv, rate, &mut warnings)?;
        columns.extend(valued.columns);
        methods = valued.methods;
        record = Some(valued.record);
    }
    if let Some(found) = &cut.interactions {
        let own = &buyers.customers;
        columns.extend(interactions::columns(found, own, transactions.as_of, &columns)?);
    }
    let mut attributes = Vec::new();
    if let Some(known) = cut.customers {
        let (own, used) = (&buyers.customers, &params.used);
        let found = attributes::columns(known, own, &columns, used, &mut warnings)?;
        columns.extend(found.numeric);
        attributes = found.categorical;
    }
    let tables = [cut.wallet.as_ref(), cut.wallet_survey.as_ref()];
    let mut wallet = None;
    if params.wallet.is_some() || tables.iter().any(Option::is_some) {
        let found = wallet_features::features(&wallet_features::WalletTask {
            customers: &buyers.customers,
            own_spend: columns
                .iter()
                .find(|column| column.name == "monetary_total")
                .map_or(&[][..], |column| &column.values),
            tables,
            columns: &columns,
            attributes: &attributes,
            options: params.wallet.unwrap_or_default(),
            currency,
            seed: params.seed,
        })?;
        columns.extend(found.columns);
        methods.extend([found.sources, found.strategies]);
        wallet = Some(found.summary);
    }
    let campaign = cut.campaign.as_ref().and_then(|campaign| {
        let as_of = transactions.as_of.days();
        response::response(campaign, &buyers, &days, as_of, &mut warnings)
    });
    columns.extend(campaign.as_ref().and_then(|record| response::column(record, &columns)));
    let retention = {
        let activity: Vec<(u32, i32)> =
            monthly.iter().filter(|row| row.bought).map(|row| (row.customer, row.month)).collect();
        let margins = margin_by_month(&monthly, margin, transactions.has_cost, currency);
        let of = |month: i32| margins.get(&month).copied().unwrap_or(0.0);
        portfolio::retention(&activity, &of, transactions.as_of, &params.clv, rate)
    };
    let prospects = attributes::prospects(cut, &base, &buyers.customers);
    let prospect_columns = prospects::columns(cut, &prospects, &columns)?;
    let (stages, lifecycle) = lifecycle::lifecycle(&columns, prospects.len(), &params.lifecycle)?;
    methods.insert(0, stages);
    let revenue = Money(buyers.spend.iter().sum());
    let repeat_buyers = buyers.days.iter().filter(|&&days| days > 1).count();
    for (name, &bins) in &effective_bins {
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
    let table = FeatureTable {
        customers: buyers.customers,
        columns,
        attributes,
        methods,
        prospects,
        prospect_columns,
        effective_bins,
    };
    Ok(Built {
        table,
        revenue,
        repeat_buyers,
        lifecycle,
        clv: record,
        retention,
        wallet,
        campaign,
        warnings,
    })
}

/// The three scores; how many of the five are in use.
fn add_scores(columns: &mut Vec<FeatureColumn>, ties: Ties) -> BTreeMap<String, usize> {
    let mut effective_bins = BTreeMap::new();
    for (name, of, reversed) in [
        ("r_score", "recency_days", true),
        ("f_score", "n_orders", false),
        ("m_score", "monetary_total", false),
    ] {
        if let Some(source) = columns.iter().find(|column| column.name == of) {
            let scored = scores(&source.values, reversed, ties);
            effective_bins.insert(name.to_owned(), scored.effective_bins);
            columns.push(FeatureColumn {
                name: name.into(),
                unit: Unit::Score,
                values: scored.scores.iter().map(|&score| f64::from(score)).collect(),
            });
        }
    }
    effective_bins
}

/// The margin that is forecast: of the costs where there are any, else as configured.
fn margin(
    monthly: &[Monthly],
    has_cost: bool,
    params: &ClvParams,
    warnings: &mut Vec<Warning>,
) -> MarginRecord {
    if !has_cost {
        return MarginRecord { rate: params.margin, from_costs: false };
    }
    let sum = |of: fn(&Monthly) -> i64| monthly.iter().map(|row| i128::from(of(row))).sum::<i128>();
    let (amount, margin) = (sum(|row| row.amount) as f64, sum(|row| row.margin) as f64);
    let rate = if amount > 0.0 { margin / amount } else { 0.0 };
    if rate <= 0.0 {
        warnings.push(Warning::new(
            "margin_not_positive",
            format!(
                "costs take up all spend (margin {:.1} % of it): values to come are not positive. \
                 Check the column of costs",
                100.0 * rate
            ),
        ));
    }
    MarginRecord { rate, from_costs: true }
}

/// Margin of all customers by month, in units of the currency.
fn margin_by_month(
    monthly: &[Monthly],
    margin: MarginRecord,
    has_cost: bool,
    currency: &Currency,
) -> BTreeMap<i32, f64> {
    let part = if has_cost { 1.0 } else { margin.rate };
    let mut ticks = BTreeMap::<i32, i64>::new();
    for row in monthly {
        *ticks.entry(row.month).or_default() += row.margin;
    }
    ticks.into_iter().map(|(month, sum)| (month, part * Money(sum).units(currency))).collect()
}
