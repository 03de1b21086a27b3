//! Why no feature table can be built.

use thiserror::Error;

use super::btyd;
use super::clv::ClvError;
use super::lifecycle::LifecycleError;
use super::wallet::WalletError;
use super::weighted_rfm::WeightedRfmError;
use crate::types::CustomerId;

/// Why no feature table can be built.
#[derive(Debug, Error)]
pub enum FeatureError {
    /// A figure of `[features.clv]` outside its range, or histories that cannot be.
    #[error(transparent)]
    Clv(#[from] ClvError),
    /// A model of purchases that cannot be fitted.
    #[error(transparent)]
    Btyd(#[from] btyd::BtydError),
    /// Contracts that cannot be.
    #[error(transparent)]
    Renewal(#[from] btyd::RenewalError),
    /// An attribute has the name of a feature.
    #[error(
        "[customers]: the attribute `{name}` has the name of a feature or of the id column. Rename the column, or \
         list the attributes to use without it"
    )]
    AttributeName {
        /// The name.
        name: String,
    },
    /// An attribute of the vector has too many values.
    #[error(
        "[features] use: the attribute `{name}` has {values} different values, more than {most}: it is \
         a name or a note rather than a category. Put its values into groups in the customer table, \
         or take it out of `use`"
    )]
    TooVaried {
        /// The attribute.
        name: String,
        /// Its different values.
        values: usize,
        /// How many are allowed.
        most: usize,
    },
    /// An attribute of the vector has no value.
    #[error(
        "[features] use: the attribute `{name}` has no value for any customer with a purchase. Fill \
         it in the customer table, or take it out of `use`"
    )]
    NoValue {
        /// The attribute.
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
    /// A kind of interaction gives a column a name that another has.
    #[error(
        "[interactions]: the kind `{kind}` would make a second column `{name}`. Rename the kind or \
         the column it collides with"
    )]
    InteractionName {
        /// The kind.
        kind: String,
        /// The column.
        name: String,
    },
    /// Rules of the lifecycle that cannot be.
    #[error(transparent)]
    Lifecycle(#[from] LifecycleError),
    /// A scheme of points that cannot be.
    #[error(transparent)]
    WeightedRfm(#[from] WeightedRfmError),
    /// Wallets that cannot be computed.
    #[error(transparent)]
    Wallet(#[from] WalletError),
}
