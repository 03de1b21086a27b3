//! Recency, tenure, purchase days and last gap of n customers -> the stage of each one's life.
//!
//! Rules on dates and on the customer's own rhythm, tried in this order; the first that holds:
//!
//! 1. [`Stage::Prospect`]: never bought.
//! 2. [`Stage::New`]: first purchase at most `new_within` ago.
//! 3. [`Stage::Reactivated`]: last purchase at most `reactivated_within` ago, and the gap before it
//!    longer than the limit of lapsing of the rhythm until then.
//! 4. [`Stage::Lapsed`]: silent for longer than the larger of `lapsed_after` and `lapsed_gaps`
//!    typical gaps.
//! 5. [`Stage::AtRisk`]: silent for longer than the larger of `at_risk_after` and `at_risk_gaps`
//!    typical gaps.
//! 6. [`Stage::Active`] otherwise.
//!
//! A customer's typical gap is the mean of the days between purchase days; of whoever has no gap
//! yet, the median of that mean over the customers who have one. The rhythm that a reactivated
//! customer broke is that of the gaps before the last. Does not forecast: `p_alive` does.

mod error;
mod params;
mod rules;
#[cfg(test)]
mod tests;

pub use error::LifecycleError;
pub use params::LifecycleParams;
pub use rules::LifecycleRules;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{AttributeColumn, FeatureColumn};

/// Column of text in which the stage of every customer stands.
pub const LIFECYCLE_COLUMN: &str = "lifecycle_stage";

/// A stage of a customer's life with the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Known, but never bought.
    Prospect,
    /// Bought for the first time not long ago.
    New,
    /// Buys at the usual rhythm.
    Active,
    /// Silent for longer than usual.
    AtRisk,
    /// Silent for so long that they count as lost.
    Lapsed,
    /// Came back not long ago, after having lapsed.
    Reactivated,
}

impl Stage {
    /// Every stage, in the order of listings.
    pub const ALL: [Self; 6] =
        [Self::Prospect, Self::New, Self::Active, Self::AtRisk, Self::Lapsed, Self::Reactivated];

    /// The stages of customers who have bought.
    pub const OF_BUYERS: [Self; 5] =
        [Self::New, Self::Active, Self::AtRisk, Self::Lapsed, Self::Reactivated];

    /// `prospect`, `new`, `active`, `at_risk`, `lapsed` or `reactivated`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Prospect => "prospect",
            Self::New => "new",
            Self::Active => "active",
            Self::AtRisk => "at_risk",
            Self::Lapsed => "lapsed",
            Self::Reactivated => "reactivated",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.key())
    }
}

/// How the stages of a run came about; of `manifest.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LifecycleRecord {
    /// The rules with their figures.
    pub rules: LifecycleRules,
    /// Customers by stage, buyers and prospects; stages without a customer are left out.
    pub customers: BTreeMap<Stage, usize>,
}

/// The stage of every buyer as a column of text, and the record.
///
/// # Errors
/// [`LifecycleError`]: a figure outside its range, a column that is not there.
pub fn lifecycle(
    columns: &[FeatureColumn],
    prospects: usize,
    params: &LifecycleParams,
) -> Result<(AttributeColumn, LifecycleRecord), LifecycleError> {
    let rules = LifecycleRules::fit(params, columns)?;
    let stages = rules.stages(columns)?;
    let mut customers = BTreeMap::new();
    let texts: BTreeMap<Stage, Arc<str>> =
        Stage::ALL.iter().map(|&stage| (stage, Arc::from(stage.key()))).collect();
    if prospects > 0 {
        customers.insert(Stage::Prospect, prospects);
    }
    for &stage in &stages {
        *customers.entry(stage).or_default() += 1;
    }
    let values = stages.iter().map(|stage| texts.get(stage).cloned()).collect();
    let column = AttributeColumn { name: LIFECYCLE_COLUMN.into(), values };
    Ok((column, LifecycleRecord { rules, customers }))
}
