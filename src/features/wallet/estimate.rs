//! Observed wallets, survey shares and realistic wallets -> one estimate a customer with its
//! source, and the summary for the report.

use serde::{Deserialize, Serialize};

use super::{
    Behaviour, CategoryShares, CustomerWallet, MatrixParams, Realistic, RealisticParams,
    RealisticReport, ShareInterval, Strategy, SurveyCheck, SurveyRanks, WalletError, WalletMatrix,
    WalletRows, realistic_wallets, wallet_matrix,
};
use crate::types::{Currency, Money, Seed};

/// Where a customer's share comes from, the most trusted first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Spend with all providers was seen.
    Observed,
    /// By the Wallet Allocation Rule from ranks.
    Survey,
    /// The realistic wallet.
    Modelled,
}

impl Source {
    /// All, in order of precedence.
    pub const ALL: [Source; 3] = [Source::Observed, Source::Survey, Source::Modelled];

    /// As it is written in files: `observed`, `survey`, `modelled`.
    pub const fn name(self) -> &'static str {
        match self {
            Source::Observed => "observed",
            Source::Survey => "survey",
            Source::Modelled => "modelled",
        }
    }
}

/// What is known of a customer's wallet; `share_low <= share <= share_high`, all in [0, 1].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WalletEstimate {
    /// Size of wallet in units of the currency; none for a survey share of a customer without
    /// own spend, or with a share of 0.
    pub size: Option<f64>,
    /// Own share of it.
    pub share: f64,
    /// Observed: Wilson's 95 % interval by the effective number of purchases. Survey: bounds that
    /// the ranks allow. Modelled: own spend by the 95 % limits of the quantile.
    pub share_low: f64,
    /// The upper limit, likewise.
    pub share_high: f64,
    /// Wallet less own spend, in units of the currency.
    pub opportunity: Option<f64>,
    /// Where it comes from.
    pub source: Source,
}

/// `[features.wallet]`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WalletOptions {
    /// Cut points of share and size.
    pub matrix: MatrixParams,
    /// Whether wallets that are neither observed nor in a survey are modelled; default true.
    pub model: bool,
    /// How.
    pub realistic: RealisticParams,
}

impl Default for WalletOptions {
    fn default() -> Self {
        Self { matrix: MatrixParams::default(), model: true, realistic: RealisticParams::default() }
    }
}

/// What is known of `n` customers, by their places.
#[derive(Clone, Copy, Debug)]
pub struct WalletInput<'a> {
    /// Spend with us, in units of the currency, from 0 on.
    pub own_spend: &'a [f64],
    /// Rows of all providers.
    pub observed: Option<&'a WalletRows>,
    /// Whether customers stated these amounts in a survey: they count as `Survey` then.
    pub observed_in_survey: bool,
    /// Ranks.
    pub survey: Option<&'a SurveyRanks>,
    /// What customers are alike by; never spend, nor anything made from it.
    pub behaviours: &'a [Behaviour],
}

/// Estimates and their summary.
#[derive(Clone, Debug, PartialEq)]
pub struct Wallets {
    /// One a customer; none where nothing is known, or the wallet is empty.
    pub estimates: Vec<Option<WalletEstimate>>,
    /// One a customer; none without a share or a size.
    pub strategies: Vec<Option<Strategy>>,
    /// For the report.
    pub summary: WalletSummary,
}

/// Customers by the source of their share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// All.
    pub customers: u32,
    /// Observed.
    pub observed: u32,
    /// Survey.
    pub survey: u32,
    /// Modelled.
    pub modelled: u32,
    /// Without a share.
    pub none: u32,
}

/// Estimates of one source.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceSummary {
    /// The source.
    pub source: Source,
    /// Customers.
    pub customers: u32,
    /// Ratio of sums: own spend by size over the customers with a size.
    pub aggregate_share: Option<f64>,
    /// Mean of the shares over all its customers.
    pub mean_share: Option<f64>,
    /// Sum of the wallets, in units of the currency.
    pub size: f64,
    /// Sum of the opportunities, in units of the currency.
    pub opportunity: f64,
}

/// Share of wallet of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WalletSummary {
    /// Customers by source.
    pub coverage: Coverage,
    /// Each source that covers a customer, in order of precedence.
    pub sources: Vec<SourceSummary>,
    /// Providers of the observed rows, over all categories.
    pub providers: Option<CategoryShares>,
    /// The same by category; empty where there is only one.
    pub categories: Vec<CategoryShares>,
    /// Customers with own spend who do not name the own provider in the survey: their share
    /// there is 0, and one of the two is wrong.
    pub contradicted: u32,
    /// Whether the Wallet Allocation Rule holds, and its shares.
    pub survey: Option<SurveyCheck>,
    /// The matrix and its cut points; none where no customer has a share and a size. Wallets of
    /// all sources are in it.
    pub matrix: Option<WalletMatrix>,
    /// How wallets were modelled, or why not; none where it was not asked for or every customer
    /// is covered.
    pub model: Option<RealisticReport>,
}

/// Estimates the wallet of every customer.
///
/// # Errors
/// `Lengths` when an input speaks of another number of customers, and those of
/// [`realistic_wallets`] and [`wallet_matrix`].
pub fn estimate_wallets(
    input: &WalletInput<'_>,
    options: &WalletOptions,
    currency: &Currency,
    seed: Seed,
) -> Result<Wallets, WalletError> {
    let expected = input.own_spend.len();
    let fits = |what: &str, length: usize| {
        let fault = WalletError::Lengths { what: what.into(), length, expected };
        if length == expected { Ok(()) } else { Err(fault) }
    };
    let observed = match input.observed {
        Some(rows) => {
            fits("the wallet table", rows.customers())?;
            rows.customer_wallets()
        }
        None => Vec::new(),
    };
    let survey = match input.survey {
        Some(ranks) => {
            fits("the survey", ranks.customers())?;
            ranks.own_shares()
        }
        None => Vec::new(),
    };
    let mut estimates: Vec<Option<WalletEstimate>> = (0..expected)
        .map(|i| {
            let source = if input.observed_in_survey { Source::Survey } else { Source::Observed };
            let seen = observed.get(i).and_then(|wallet| of_observed(wallet, source, currency));
            seen.or_else(|| {
                let share = survey.get(i).copied().flatten()?;
                Some(of_survey(share, input.own_spend[i]))
            })
        })
        .collect();
    let mut model = None;
    if options.model && estimates.iter().any(Option::is_none) {
        let Realistic { wallets, report } =
            realistic_wallets(input.own_spend, input.behaviours, &options.realistic, seed)?;
        for (i, wallet) in wallets.iter().enumerate() {
            if estimates[i].is_none() && wallet.wallet > 0.0 {
                let own = input.own_spend[i];
                estimates[i] = Some(WalletEstimate {
                    size: Some(wallet.wallet),
                    share: own / wallet.wallet,
                    share_low: own / wallet.high,
                    // A lower limit of 0 with no own spend: the share is 0 whatever the wallet.
                    share_high: if wallet.low > 0.0 { own / wallet.low } else { 0.0 },
                    opportunity: Some(wallet.wallet - own),
                    source: Source::Modelled,
                });
            }
        }
        model = Some(report);
    }
    let placed: Vec<Option<(f64, f64)>> = (estimates.iter())
        .map(|estimate| estimate.and_then(|of| Some((of.share, of.size?))))
        .collect();
    let (matrix, strategies) = wallet_matrix(&placed, &options.matrix)?;
    let categories = match input.observed {
        Some(rows) if rows.names().categories.len() > 1 => rows.category_shares(),
        _ => Vec::new(),
    };
    let contradicted = (survey.iter().zip(input.own_spend))
        .filter(|(share, own)| **own > 0.0 && share.is_some_and(|of| of.share == 0.0))
        .count() as u32;
    let summary = WalletSummary {
        contradicted,
        coverage: coverage(&estimates),
        sources: sources(&estimates),
        providers: input.observed.map(WalletRows::provider_shares),
        categories,
        survey: input.survey.map(SurveyRanks::check),
        matrix,
        model,
    };
    Ok(Wallets { estimates, strategies, summary })
}

fn of_observed(
    wallet: &CustomerWallet,
    source: Source,
    currency: &Currency,
) -> Option<WalletEstimate> {
    let ShareInterval { share, low, high } = wallet.share()?;
    Some(WalletEstimate {
        size: Some(Money(wallet.size).units(currency)),
        share,
        share_low: low,
        share_high: high,
        opportunity: Some(Money(wallet.size - wallet.own).units(currency)),
        source,
    })
}

fn of_survey(of: ShareInterval, own: f64) -> WalletEstimate {
    // Own spend is the share of the wallet: the wallet is own spend by the share.
    let size = (own > 0.0 && of.share > 0.0).then(|| own / of.share);
    WalletEstimate {
        size,
        share: of.share,
        share_low: of.low,
        share_high: of.high,
        opportunity: size.map(|size| size - own),
        source: Source::Survey,
    }
}

fn coverage(estimates: &[Option<WalletEstimate>]) -> Coverage {
    let mut coverage = Coverage { customers: estimates.len() as u32, ..Coverage::default() };
    for estimate in estimates {
        *match estimate.map(|estimate| estimate.source) {
            Some(Source::Observed) => &mut coverage.observed,
            Some(Source::Survey) => &mut coverage.survey,
            Some(Source::Modelled) => &mut coverage.modelled,
            None => &mut coverage.none,
        } += 1;
    }
    coverage
}

fn sources(estimates: &[Option<WalletEstimate>]) -> Vec<SourceSummary> {
    let of = |source: Source| {
        let all = || estimates.iter().flatten().filter(move |of| of.source == source);
        let customers = all().count() as u32;
        let size: f64 = all().filter_map(|of| of.size).sum();
        let own: f64 = all().filter_map(|of| Some(of.share * of.size?)).sum();
        let shares: f64 = all().map(|of| of.share).sum();
        SourceSummary {
            source,
            customers,
            aggregate_share: (size > 0.0).then(|| own / size),
            mean_share: (customers > 0).then(|| shares / f64::from(customers)),
            size,
            opportunity: all().filter_map(|of| of.opportunity).sum(),
        }
    };
    Source::ALL.map(of).into_iter().filter(|summary| summary.customers > 0).collect()
}

#[cfg(test)]
#[path = "estimate_tests.rs"]
mod tests;
