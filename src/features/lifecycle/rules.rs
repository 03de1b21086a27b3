//! Parameters and a table -> the rules with their figures -> the stage of every row.

use serde::{Deserialize, Serialize};

use super::{LifecycleError, LifecycleParams, Stage};
use crate::features::FeatureColumn;
use crate::math::median;
use crate::types::TimeUnit;

/// The rules in days, with the rhythm of the customers they were fitted to: enough to tell the
/// stages of another month alike.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LifecycleRules {
    /// New up to this many days after the first purchase.
    pub new_within_days: f64,
    /// At risk after more days than this, at least.
    pub at_risk_after_days: f64,
    /// At risk after more typical gaps than this.
    pub at_risk_gaps: f64,
    /// Lapsed after more days than this, at least.
    pub lapsed_after_days: f64,
    /// Lapsed after more typical gaps than this.
    pub lapsed_gaps: f64,
    /// Reactivated up to this many days after coming back.
    pub reactivated_within_days: f64,
    /// Median, over the customers with two purchase days or more, of their mean gap; none where
    /// there is no such customer: the days alone decide then.
    pub population_gap_days: Option<f64>,
}

/// What the rules read of one customer.
#[derive(Clone, Copy, Debug)]
struct History {
    recency: f64,
    tenure: f64,
    days: f64,
    last_gap: f64,
}

/// The columns that the rules read, n values each.
struct Columns<'a> {
    recency: &'a [f64],
    tenure: &'a [f64],
    days: &'a [f64],
    last_gap: &'a [f64],
}

impl<'a> Columns<'a> {
    fn of(columns: &'a [FeatureColumn]) -> Result<Self, LifecycleError> {
        let find = |name: &'static str| {
            let found = columns.iter().find(|column| column.name == name);
            found
                .map(|column| column.values.as_slice())
                .ok_or(LifecycleError::MissingColumn { column: name })
        };
        Ok(Self {
            recency: find("recency_days")?,
            tenure: find("tenure_days")?,
            days: find("n_purchase_days")?,
            last_gap: find("last_gap_days")?,
        })
    }

    fn histories(&self) -> impl Iterator<Item = History> {
        (0..self.recency.len()).map(|row| History {
            recency: self.recency[row],
            tenure: self.tenure[row],
            days: self.days[row],
            last_gap: self.last_gap[row],
        })
    }
}

impl History {
    /// Mean days between purchase days; none for a single day.
    fn gap(self) -> Option<f64> {
        (self.days >= 2.0).then(|| (self.tenure - self.recency) / (self.days - 1.0))
    }

    /// The same of the gaps before the last one; none where that is the only one.
    fn gap_before(self) -> Option<f64> {
        let span = self.tenure - self.recency - self.last_gap;
        (self.days >= 3.0).then(|| span / (self.days - 2.0))
    }
}

impl LifecycleRules {
    /// The rules of `params` with the rhythm of the customers of `columns`.
    ///
    /// # Errors
    /// [`LifecycleError`].
    pub fn fit(
        params: &LifecycleParams,
        columns: &[FeatureColumn],
    ) -> Result<Self, LifecycleError> {
        let params = params.checked()?;
        let gaps: Vec<f64> = Columns::of(columns)?.histories().filter_map(History::gap).collect();
        Ok(Self {
            new_within_days: params.new_within.in_unit(TimeUnit::Days),
            at_risk_after_days: params.at_risk_after.in_unit(TimeUnit::Days),
            at_risk_gaps: params.at_risk_gaps,
            lapsed_after_days: params.lapsed_after.in_unit(TimeUnit::Days),
            lapsed_gaps: params.lapsed_gaps,
            reactivated_within_days: params.reactivated_within.in_unit(TimeUnit::Days),
            population_gap_days: median(&gaps),
        })
    }

    /// The stage of every row of `columns`, n values: those of buyers.
    ///
    /// # Errors
    /// [`LifecycleError::MissingColumn`].
    pub fn stages(&self, columns: &[FeatureColumn]) -> Result<Vec<Stage>, LifecycleError> {
        Ok(Columns::of(columns)?.histories().map(|history| self.stage(history)).collect())
    }

    fn stage(&self, history: History) -> Stage {
        let lapsed = |gap| self.limit(self.lapsed_after_days, self.lapsed_gaps, gap);
        let at_risk = |gap| self.limit(self.at_risk_after_days, self.at_risk_gaps, gap);
        // A single purchase day has no last gap: NaN is longer than nothing.
        let came_back = history.last_gap > lapsed(history.gap_before());
        if history.tenure <= self.new_within_days {
            Stage::New
        } else if came_back && history.recency <= self.reactivated_within_days {
            Stage::Reactivated
        } else if history.recency > lapsed(history.gap()) {
            Stage::Lapsed
        } else if history.recency > at_risk(history.gap()) {
            Stage::AtRisk
        } else {
            Stage::Active
        }
    }

    /// The larger of `days` and `gaps` typical gaps: the customer's own, else the population's.
    fn limit(&self, days: f64, gaps: f64, own: Option<f64>) -> f64 {
        own.or(self.population_gap_days).map_or(days, |gap| days.max(gaps * gap))
    }
}
