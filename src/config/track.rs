//! `[track]`: when a segment is the same as last month's, what counts as a split, how a new month is
//! taken, and what gates hold.

use serde::{Deserialize, Serialize};

use super::ClusterSection;
use crate::run::Retrain;
use crate::track::{CompareParams, HysteresisParams, MatchParams, Weight};

/// Share of the stayers who may change segment for model reasons alone, by default.
const CHURN_BUDGET: f64 = 0.05;

/// `[track]`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrackSection {
    /// Least Jaccard similarity over stayers for a segment to keep its id; default 0.3.
    pub jaccard: f64,
    /// Share of its stayers that a survivor keeps; default 0.5.
    pub survival: f64,
    /// Share of its stayers that each part of a split takes; default 0.25.
    pub split: f64,
    /// What a customer counts in survival and split: `customers` (default) or `revenue`.
    #[serde(skip_serializing_if = "by_customers")]
    pub weight: Weight,
    /// What the closeness of centroids counts when segments are matched, from 0 to 1; default 0.
    #[serde(skip_serializing_if = "is_zero")]
    pub centroid_weight: f64,
    /// How a new month is taken: `assign`, `warm`, `refit` (default) or `auto`. Not written where it is
    /// the default, so that run ids stay.
    #[serde(skip_serializing_if = "is_default")]
    pub retrain: Retrain,
    /// Share of the stayers who may change segment for model reasons alone, from 0 to 1; default 0.05.
    #[serde(skip_serializing_if = "is_budget")]
    pub churn_budget: f64,
    /// Population stability index of a clustered feature or of the segment shares from which drift
    /// fails the gate, above 0; not asked for by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift_gate: Option<f64>,
    /// When a customer takes a new group; at once where it is not asked for, as by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hysteresis: Option<HysteresisParams>,
    /// Whether a severe change of the input fails the gate; default false.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub input_gate: bool,
}

fn by_customers(weight: &Weight) -> bool {
    *weight == Weight::Customers
}

fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

fn is_default(retrain: &Retrain) -> bool {
    *retrain == Retrain::default()
}

fn is_budget(budget: &f64) -> bool {
    *budget == CHURN_BUDGET
}

impl Default for TrackSection {
    fn default() -> Self {
        let (matching, compare) = (MatchParams::default(), CompareParams::default());
        Self {
            jaccard: matching.jaccard,
            survival: compare.survival,
            split: compare.split,
            weight: compare.weight,
            centroid_weight: matching.centroid_weight,
            retrain: Retrain::default(),
            churn_budget: CHURN_BUDGET,
            drift_gate: None,
            hysteresis: None,
            input_gate: false,
        }
    }
}

impl TrackSection {
    /// What counts as survival and split.
    pub fn compare_params(&self) -> CompareParams {
        let TrackSection { survival, split, weight, .. } = *self;
        CompareParams { survival, split, weight, ..CompareParams::default() }
    }

    /// Key, value and remedy of what cannot be used, of the keys about retraining and gates.
    pub(super) fn fault(
        &self,
        cluster: &ClusterSection,
    ) -> Option<(&'static str, String, &'static str)> {
        if !(0.0..=1.0).contains(&self.churn_budget) {
            let remedy = "it is a share of the customers in both months: it must be from 0 to 1";
            return Some(("[track] churn_budget", self.churn_budget.to_string(), remedy));
        }
        if let Some(gate) = self.drift_gate
            && !(gate > 0.0 && gate.is_finite())
        {
            let remedy = "it is a population stability index: it must be above 0, such as 0.25";
            return Some(("[track] drift_gate", gate.to_string(), remedy));
        }
        if let Some(HysteresisParams { margin, months }) = self.hysteresis {
            if !(0.0..=1.0).contains(&margin) {
                let remedy = "it is a difference of memberships: it must be from 0 to 1, where 1 lets \
                              months alone decide";
                return Some(("[track.hysteresis] margin", margin.to_string(), remedy));
            }
            if months < 2 {
                let remedy = "a new group is taken at once after 1 month: it must be at least 2; leave \
                              out [track.hysteresis] for none";
                return Some(("[track.hysteresis] months", months.to_string(), remedy));
            }
        }
        if self.retrain == Retrain::Refit {
            return None;
        }
        let value = format!("{:?}", self.retrain.name());
        if cluster.layers.is_some() {
            let remedy = "micro-segments of [cluster.layers] are refitted each month, their strings \
                          being places in the model of the month: use \"refit\", or take out the layers";
            return Some(("[track] retrain", value, remedy));
        }
        let bounded = cluster.min_customers.is_some() || cluster.max_share.is_some();
        if bounded && self.retrain != Retrain::Warm {
            let remedy = "a frozen model keeps no bounds on the size of segments: use \"refit\" or \
                          \"warm\", or take out [cluster] min_customers and max_share";
            return Some(("[track] retrain", value, remedy));
        }
        None
    }
}
