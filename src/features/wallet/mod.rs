//! Spend by provider, survey ranks, or own spend alone -> size and share of each customer's
//! wallet with its source and interval, the matrix of strategies, and shares of providers.
//!
//! Three sources, the first that knows a customer being used: observed (a panel's or
//! marketplace's rows; [`WalletRows`]), survey (ranks and the Wallet Allocation Rule;
//! [`SurveyRanks`]), modelled (the realistic wallet; [`realistic_wallets`]). They do not mean the
//! same: an observed wallet is what is spent everywhere, a modelled one what customers alike
//! spend here at most (Rosset et al. 2005: total at or above served at or above realistic).

mod allocation;
mod design;
#[cfg(test)]
mod draws;
mod estimate;
mod heldout;
mod interval;
mod linear;
mod matrix;
mod methods;
mod neighbours;
mod realistic;
mod regression;
mod rows;
mod shares;

use thiserror::Error;

pub use allocation::{
    MULTI_BRAND, SurveyCheck, SurveyRank, SurveyRanks, USAGE_SET, wallet_allocation,
};
pub use design::{Behaviour, BehaviourValues, DISGUISE, DesignReport};
pub use estimate::{
    Coverage, Source, SourceSummary, WalletEstimate, WalletInput, WalletOptions, WalletSummary,
    Wallets, estimate_wallets,
};
pub use heldout::FOLDS;
pub use interval::CONFIDENCE;
pub use matrix::{Cell, Cut, CutOf, MatrixParams, Strategy, WalletMatrix, wallet_matrix};
pub use realistic::{
    CUSTOMERS_ABOVE, CUSTOMERS_BY_COEFFICIENT, Candidate, Method, MethodChoice,
    REFERENCE_CUSTOMERS, Realistic, RealisticParams, RealisticReport, RealisticWallet, pinball,
    realistic_wallets,
};
pub use regression::{QuantileFit, quantile_regression};
pub use rows::{WalletNames, WalletRows};
pub use shares::{CategoryShares, CustomerWallet, ProviderShare, ShareInterval};

/// Why wallets cannot be computed.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum WalletError {
    /// Columns of different lengths.
    #[error("wallet: {what} has {length} values where {expected} are needed; give one for each")]
    Lengths {
        /// The column.
        what: String,
        /// Its length.
        length: usize,
        /// What is needed.
        expected: usize,
    },
    /// A value that cannot be.
    #[error("wallet, row {row}: {what}; correct or remove it")]
    Row {
        /// Row, from 1; 0 for the names.
        row: usize,
        /// What is wrong.
        what: String,
    },
    /// Amounts beyond what a sum can hold.
    #[error(
        "wallet: the amounts up to row {row} add up to more than can be held; look for amounts \
         that are no money"
    )]
    TooLarge {
        /// Row, from 1, at which the sum passes the range.
        row: usize,
    },
    /// A provider with two ranks from one customer.
    #[error("survey: customer {customer} ranks {provider} twice; keep one of the answers")]
    RankedTwice {
        /// Place of the customer.
        customer: usize,
        /// The provider.
        provider: String,
    },
    /// A cut point outside its range.
    #[error("[features.wallet] cut point of {what} = {value}: it must be {range}, or \"median\"")]
    Cut {
        /// Share or size.
        what: &'static str,
        /// Its value.
        value: f64,
        /// What is allowed.
        range: &'static str,
    },
    /// A quantile outside its range.
    #[error("[features.wallet] quantile = {value}: it must be {range}. Correct it")]
    Quantile {
        /// Its value.
        value: f64,
        /// What is allowed.
        range: &'static str,
    },
    /// No neighbours asked for.
    #[error("[features.wallet] neighbours = 0: it must be 1 or more. Correct or remove it")]
    Neighbours,
    /// Nothing to regress on.
    #[error("quantile regression: no column differs from zero; add a column, such as a constant")]
    NoColumn,
}
