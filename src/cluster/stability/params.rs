//! What a measurement of stability is asked for.

use serde::{Deserialize, Serialize};

use crate::cluster::ClusterError;

/// Customers up to which resamples are drawn from all by default; beyond, from a systematic
/// sample of as many.
pub const STABILITY_CUSTOMERS: usize = 20_000;

/// How resamples are drawn, and from whom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StabilityParams {
    /// With replacement, without, or both.
    pub scheme: Scheme,
    /// Customers that resamples are drawn from at most, at least 2; none for no bound. Beyond it
    /// they are drawn from a systematic sample of as many, taken cluster by cluster. Default
    /// [`STABILITY_CUSTOMERS`].
    pub customers: Option<usize>,
    /// What a customer counts who is drawn more than once.
    pub repeats: Repeats,
    /// Share of these customers in each subset, above 0 and below 1; default 0.5.
    pub subset_share: f64,
}

impl StabilityParams {
    /// The rules that need no data.
    pub(in crate::cluster) fn check(&self) -> Result<(), ClusterError> {
        if let Some(customers @ (0 | 1)) = self.customers {
            return Err(ClusterError::StabilityCustomers(customers));
        }
        if !(self.subset_share > 0.0 && self.subset_share < 1.0) {
            return Err(ClusterError::SubsetShare(self.subset_share));
        }
        Ok(())
    }
}

impl Default for StabilityParams {
    fn default() -> Self {
        Self {
            scheme: Scheme::default(),
            customers: Some(STABILITY_CUSTOMERS),
            repeats: Repeats::default(),
            subset_share: 0.5,
        }
    }
}

/// How resamples are drawn (Hennig 2007, sections 3.1 and 3.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    /// As many customers as there are, with replacement.
    #[default]
    Bootstrap,
    /// A share of the customers, without replacement.
    Subset,
    /// As many resamples of each kind.
    Both,
}

/// What a customer counts, in the refit, who is drawn more than once with replacement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Repeats {
    /// Once, as in fpc's `clusterboot` (`multipleboot = FALSE`): 63 of 100 customers are refitted.
    #[default]
    Once,
    /// As often as drawn, as in Hennig (2007); stability comes out a little lower.
    Weighted,
}

impl Scheme {
    /// Whether resamples are drawn with replacement.
    pub fn bootstraps(self) -> bool {
        self != Scheme::Subset
    }

    /// Whether resamples are drawn without replacement.
    pub fn subsets(self) -> bool {
        self != Scheme::Bootstrap
    }
}
