//! `[lifecycle]`: when a customer counts as new, at risk, lapsed, reactivated.

use serde::{Deserialize, Serialize};

use super::LifecycleError;
use crate::types::{Duration, TimeUnit};

/// Most gaps that a limit may be: beyond, no customer ever passes it.
const MOST_GAPS: f64 = 1000.0;
/// Longest duration of a rule, in days.
const LONGEST_DAYS: f64 = 36_500.0;

/// `[lifecycle]`; what the figures do is told on the page of the module.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LifecycleParams {
    /// A customer is new up to this long after the first purchase, the last day included; from 0
    /// to 100 years; default 60 days.
    pub new_within: Duration,
    /// A customer is at risk after a silence longer than this at least; up to `lapsed_after`;
    /// default 60 days.
    pub at_risk_after: Duration,
    /// … and longer than this many typical gaps; from 0, which leaves rhythm out of account, to
    /// `lapsed_gaps`; default 2.
    pub at_risk_gaps: f64,
    /// A customer has lapsed after a silence longer than this at least; from 0 to 100 years;
    /// default 180 days.
    pub lapsed_after: Duration,
    /// … and longer than this many typical gaps; from 0 to 1000; default 4.
    pub lapsed_gaps: f64,
    /// A customer who had lapsed is reactivated up to this long after coming back, the last day
    /// included; from 0 to 100 years; default 60 days.
    pub reactivated_within: Duration,
}

impl Default for LifecycleParams {
    fn default() -> Self {
        Self {
            new_within: Duration::days(60),
            at_risk_after: Duration::days(60),
            at_risk_gaps: 2.0,
            lapsed_after: Duration::days(180),
            lapsed_gaps: 4.0,
            reactivated_within: Duration::days(60),
        }
    }
}

impl LifecycleParams {
    /// The figures, where each is in its range.
    ///
    /// # Errors
    /// [`LifecycleError::Value`].
    pub fn checked(&self) -> Result<&Self, LifecycleError> {
        let fault = |key, value: String, remedy| Err(LifecycleError::Value { key, value, remedy });
        for (key, duration) in [
            ("new_within", self.new_within),
            ("at_risk_after", self.at_risk_after),
            ("lapsed_after", self.lapsed_after),
            ("reactivated_within", self.reactivated_within),
        ] {
            if duration.in_unit(TimeUnit::Days) > LONGEST_DAYS {
                return fault(key, format!("\"{duration}\""), "it must be at most 100 years");
            }
        }
        for (key, gaps) in [("at_risk_gaps", self.at_risk_gaps), ("lapsed_gaps", self.lapsed_gaps)]
        {
            if !(0.0..=MOST_GAPS).contains(&gaps) {
                let remedy = "it must be from 0, which leaves the rhythm out of account, to 1000";
                return fault(key, gaps.to_string(), remedy);
            }
        }
        let days = |duration: Duration| duration.in_unit(TimeUnit::Days);
        if days(self.at_risk_after) > days(self.lapsed_after) {
            let remedy =
                "it must be no longer than lapsed_after: who has lapsed was at risk before";
            return fault("at_risk_after", format!("\"{}\"", self.at_risk_after), remedy);
        }
        if self.at_risk_gaps > self.lapsed_gaps {
            let remedy = "it must be no more than lapsed_gaps: who has lapsed was at risk before";
            return fault("at_risk_gaps", self.at_risk_gaps.to_string(), remedy);
        }
        Ok(self)
    }
}
