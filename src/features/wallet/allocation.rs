//! Survey ranks (customer, provider, rank) -> share of wallet by the Wallet Allocation Rule.
//!
//! Keiningham, Aksoy, Williams and Buoye, The Wallet Allocation Rule (Wiley, 2015), appendix A:
//! share = (1 - rank / (n + 1)) x 2 / n over the n providers that a customer uses, ties having
//! the mean of their ranks. The shares of a customer sum to 1.

use serde::{Deserialize, Serialize};

use super::{ShareInterval, WalletError};

/// Part of the customers who must use several providers for the rule to hold (the same book,
/// appendix B).
pub const MULTI_BRAND: f64 = 0.40;
/// Mean number of providers used from which the rule holds (the same place).
pub const USAGE_SET: f64 = 1.4;

/// Answers of a survey: which providers a customer uses, in which order of preference. Made by
/// [`SurveyRanks::new`]; places lie within their ranges, ranks are finite and from 1 on, and no
/// customer ranks a provider twice.
#[derive(Clone, Debug, PartialEq)]
pub struct SurveyRanks {
    /// Sorted by customer, then provider.
    rows: Vec<SurveyRank>,
    customers: usize,
    providers: Vec<String>,
    own: Option<u32>,
}

/// One answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurveyRank {
    /// Place of the customer.
    pub customer: u32,
    /// Place of the provider.
    pub provider: u32,
    /// 1 for the most preferred; only the order counts, and equal ranks are ties.
    pub rank: f64,
}

/// Whether the Wallet Allocation Rule may be trusted for this survey, with the figures.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SurveyCheck {
    /// Customers who answered.
    pub customers: u32,
    /// Part of them with two providers or more; [`MULTI_BRAND`] at least is needed.
    pub multi_brand_share: Option<f64>,
    /// Mean number of providers; [`USAGE_SET`] at least is needed.
    pub mean_usage_set: Option<f64>,
    /// Whether both hold.
    pub valid: bool,
    /// Mean share of wallet by provider, over the customers who answered; those who do not use
    /// it count as 0.
    pub providers: Vec<(String, Option<f64>)>,
}

/// Shares of one customer's wallet by the Wallet Allocation Rule, one for each of `ranks` (1 for
/// the most preferred, finite; equal ones are ties); they sum to 1.
///
/// The limits are not of a confidence interval, for which no published error by customer exists:
/// they are the smallest and largest share of any wallet in which a provider preferred to
/// another has no smaller share, and providers that tie have equal ones.
pub fn wallet_allocation(ranks: &[f64]) -> Vec<ShareInterval> {
    let n = ranks.len() as f64;
    ranks
        .iter()
        .map(|rank| {
            let before = ranks.iter().filter(|other| *other < rank).count() as f64;
            let tied = ranks.iter().filter(|other| *other == rank).count() as f64;
            let mean_rank = before + (tied + 1.0) / 2.0;
            let share = (1.0 - mean_rank / (n + 1.0)) * (2.0 / n);
            // Those at least as preferred have as much each; those preferred most have the most.
            let high = 1.0 / (before + tied);
            let low = if before == 0.0 { 1.0 / n } else { 0.0 };
            // Rounding must not put the share outside.
            ShareInterval { share, low: share.min(low), high: share.max(high) }
        })
        .collect()
}

impl SurveyRanks {
    /// Checks the answers of `customers` customers (places from 0) about `providers`, `own` being
    /// the place of the own provider.
    ///
    /// # Errors
    /// `Row`, `RankedTwice`.
    pub fn new(
        mut rows: Vec<SurveyRank>,
        customers: usize,
        providers: Vec<String>,
        own: Option<u32>,
    ) -> Result<Self, WalletError> {
        if own.is_some_and(|own| own as usize >= providers.len()) {
            let what = format!("the own provider is none of the {}", providers.len());
            return Err(WalletError::Row { row: 0, what });
        }
        for (i, row) in rows.iter().enumerate() {
            let fault = |what: String| Err(WalletError::Row { row: i + 1, what });
            if row.customer as usize >= customers {
                return fault(format!("customer {} is beyond the {customers} known", row.customer));
            }
            if row.provider as usize >= providers.len() {
                let known = providers.len();
                return fault(format!("provider {} is beyond the {known} known", row.provider));
            }
            if !(row.rank >= 1.0 && row.rank.is_finite()) {
                return fault(format!("rank {} is no number from 1 on", row.rank));
            }
        }
        rows.sort_by_key(|row| (row.customer, row.provider));
        let key = |row: &SurveyRank| (row.customer, row.provider);
        if let Some(twice) = rows.windows(2).find(|pair| key(&pair[0]) == key(&pair[1])) {
            return Err(WalletError::RankedTwice {
                customer: twice[0].customer as usize,
                provider: providers[twice[0].provider as usize].clone(),
            });
        }
        Ok(Self { rows, customers, providers, own })
    }

    /// Customers, answered or not.
    pub fn customers(&self) -> usize {
        self.customers
    }

    /// Own share of each customer's wallet, by place: none for those who did not answer, 0 where
    /// they do not use the own provider.
    pub fn own_shares(&self) -> Vec<Option<ShareInterval>> {
        let mut shares = vec![None; self.customers];
        self.each(|customer, provider, share| {
            let of = shares[customer as usize].get_or_insert(ShareInterval {
                share: 0.0,
                low: 0.0,
                high: 0.0,
            });
            if self.own == Some(provider) {
                *of = share;
            }
        });
        shares
    }

    /// The conditions under which the rule holds, and the shares of all providers.
    pub fn check(&self) -> SurveyCheck {
        let answered = || self.rows.chunk_by(|a, b| a.customer == b.customer);
        let customers = answered().count() as u32;
        let part = |of: f64| (customers > 0).then(|| of / f64::from(customers));
        let multi_brand = answered().filter(|answers| answers.len() > 1).count();
        let multi_brand_share = part(multi_brand as f64);
        let mean_usage_set = part(self.rows.len() as f64);
        let mut sums = vec![0.0; self.providers.len()];
        self.each(|_, provider, share| sums[provider as usize] += share.share);
        SurveyCheck {
            customers,
            multi_brand_share,
            mean_usage_set,
            valid: multi_brand_share.is_some_and(|share| share >= MULTI_BRAND)
                && mean_usage_set.is_some_and(|mean| mean >= USAGE_SET),
            providers: (self.providers.iter().zip(sums))
                .map(|(name, sum)| (name.clone(), part(sum)))
                .collect(),
        }
    }

    fn each(&self, mut visit: impl FnMut(u32, u32, ShareInterval)) {
        for answers in self.rows.chunk_by(|a, b| a.customer == b.customer) {
            let ranks: Vec<f64> = answers.iter().map(|answer| answer.rank).collect();
            for (answer, share) in answers.iter().zip(wallet_allocation(&ranks)) {
                visit(answer.customer, answer.provider, share);
            }
        }
    }
}

#[cfg(test)]
#[path = "allocation_tests.rs"]
mod tests;
