//! WalletRows -> size and share of each customer's wallet; shares of each provider, over all
//! categories and by category.
//!
//! Kumar and Reinartz, Customer Relationship Management, chapter 5: size of wallet, individual
//! and aggregate share of wallet, share of category requirements. Sums are of whole ticks. A
//! wallet is a customer's rows; one that sums to 0 is not defined and counts nowhere.

use serde::{Deserialize, Serialize};

use super::WalletRows;
use super::interval::wilson;

/// One customer's observed wallet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CustomerWallet {
    /// Size of wallet: spend with all providers, in ticks.
    pub size: i64,
    /// Of it with the own provider.
    pub own: i64,
    /// Providers with an amount above 0.
    pub providers: u32,
    /// Amount with the provider of the largest.
    pub top: i64,
    /// Effective number of purchases, (sum a)^2 / (sum a^2) over the rows' amounts a (Kish,
    /// Survey Sampling, 1965): 0 for an empty wallet.
    pub effective_rows: f64,
}

/// Share with an interval, all within [0, 1].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ShareInterval {
    /// The share.
    pub share: f64,
    /// Lower limit.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
}

impl CustomerWallet {
    /// Own share of the wallet, with the 95 % interval of Wilson (1927) for
    /// [`CustomerWallet::effective_rows`] draws of a purchase; none where the wallet is empty.
    pub fn share(&self) -> Option<ShareInterval> {
        let share = ratio(self.own, self.size)?;
        let (low, high) = wilson(share, self.effective_rows);
        Some(ShareInterval { share, low, high })
    }

    /// Share of the provider with the largest amount; none where the wallet is empty.
    pub fn top_share(&self) -> Option<f64> {
        ratio(self.top, self.size)
    }
}

/// A provider's standing among the customers who have a wallet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProviderShare {
    /// The provider's name.
    pub provider: String,
    /// Whether it is the own one.
    #[serde(default)]
    pub own: bool,
    /// Ticks spent with it.
    #[serde(rename = "amount_ticks")]
    pub amount: i64,
    /// Aggregate share: its amount by that of all providers (a ratio of sums), in [0, 1].
    pub aggregate_share: Option<f64>,
    /// Mean over customers of its share of their wallet; those who do not use it count as 0.
    pub mean_share: Option<f64>,
    /// Customers with an amount above 0 with it.
    pub buyers: u32,
    /// Buyers by customers with a wallet.
    pub penetration: Option<f64>,
    /// Share of category requirements: its amount by all that its buyers spend; none without
    /// buyers.
    pub requirement_share: Option<f64>,
}

/// Providers within one category, or over all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CategoryShares {
    /// The category's name; none for all together.
    pub category: Option<String>,
    /// Customers with a wallet in it.
    pub customers: u32,
    /// Ticks spent in it.
    #[serde(rename = "amount_ticks")]
    pub amount: i64,
    /// In the order of [`super::WalletNames::providers`], those without spend included.
    pub providers: Vec<ProviderShare>,
}

/// Spend of one customer with one provider; sorted by customer, then provider.
struct Spent {
    customer: u32,
    provider: u32,
    amount: i64,
}

impl WalletRows {
    /// Every customer's wallet, by place.
    pub fn customer_wallets(&self) -> Vec<CustomerWallet> {
        let none = CustomerWallet { size: 0, own: 0, providers: 0, top: 0, effective_rows: 0.0 };
        let mut wallets = vec![none; self.customers];
        for spent in self.spent(None) {
            let wallet = &mut wallets[spent.customer as usize];
            wallet.size += spent.amount;
            wallet.top = wallet.top.max(spent.amount);
            wallet.providers += 1;
            if self.names.own == Some(spent.provider) {
                wallet.own = spent.amount;
            }
        }
        // Squares of ticks need not fit 128 bits in sum; parts of the wallet's size do not depend
        // on its unit, and are added in descending order, not in that of the rows.
        let mut amounts: Vec<(u32, i64)> = (self.customer.iter().copied())
            .zip(self.amount.iter().copied())
            .filter(|&(_, amount)| amount > 0)
            .collect();
        amounts.sort_unstable_by_key(|&(customer, amount)| (customer, -amount));
        for (customer, amount) in amounts {
            let wallet = &mut wallets[customer as usize];
            wallet.effective_rows += (amount as f64 / wallet.size as f64).powi(2);
        }
        for wallet in wallets.iter_mut().filter(|wallet| wallet.size > 0) {
            wallet.effective_rows = 1.0 / wallet.effective_rows;
        }
        wallets
    }

    /// Providers over all categories.
    pub fn provider_shares(&self) -> CategoryShares {
        self.shares_of(None)
    }

    /// Providers within each category, in the order of the names.
    pub fn category_shares(&self) -> Vec<CategoryShares> {
        (0..self.names.categories.len() as u32)
            .map(|category| self.shares_of(Some(category)))
            .collect()
    }

    fn shares_of(&self, category: Option<u32>) -> CategoryShares {
        #[derive(Clone, Copy, Default)]
        struct Tally {
            amount: i64,
            shares: f64,
            buyers: u32,
            of_buyers: i64,
        }
        let mut tallies = vec![Tally::default(); self.names.providers.len()];
        let (mut customers, mut amount) = (0_u32, 0_i64);
        let spent = self.spent(category);
        for wallet in spent.chunk_by(|a, b| a.customer == b.customer) {
            let size: i64 = wallet.iter().map(|spent| spent.amount).sum();
            customers += 1;
            amount += size;
            for spent in wallet {
                let tally = &mut tallies[spent.provider as usize];
                tally.amount += spent.amount;
                tally.shares += spent.amount as f64 / size as f64;
                tally.buyers += 1;
                tally.of_buyers += size;
            }
        }
        let of_customers = |value: f64| (customers > 0).then(|| value / f64::from(customers));
        let providers = (self.names.providers.iter().zip(&tallies).zip(0..))
            .map(|((name, tally), place)| ProviderShare {
                provider: name.clone(),
                own: self.names.own == Some(place),
                amount: tally.amount,
                aggregate_share: ratio(tally.amount, amount),
                mean_share: of_customers(tally.shares),
                buyers: tally.buyers,
                penetration: of_customers(f64::from(tally.buyers)),
                requirement_share: ratio(tally.amount, tally.of_buyers),
            })
            .collect();
        let category = category.map(|place| self.names.categories[place as usize].clone());
        CategoryShares { category, customers, amount, providers }
    }

    /// Amounts above 0 by customer and provider, of one category or of all.
    fn spent(&self, category: Option<u32>) -> Vec<Spent> {
        let mut rows: Vec<Spent> = (0..self.len())
            .filter(|&row| self.amount[row] > 0)
            .filter(|&row| category.is_none_or(|category| self.category[row] == category))
            .map(|row| Spent {
                customer: self.customer[row],
                provider: self.provider[row],
                amount: self.amount[row],
            })
            .collect();
        rows.sort_unstable_by_key(|spent| (spent.customer, spent.provider));
        rows.dedup_by(|next, kept| {
            let same = (next.customer, next.provider) == (kept.customer, kept.provider);
            if same {
                kept.amount += next.amount;
            }
            same
        });
        rows
    }
}

fn ratio(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
#[path = "shares_tests.rs"]
mod tests;
