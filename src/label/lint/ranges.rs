//! A statistic -> the values that it can have at all, and whether it is always known.
//!
//! What stands here is what the feature stage guarantees; of a feature that is not named here
//! nothing is assumed. A segment has a customer at least.

use super::super::rule::{Scope, Statistic};
use super::super::taxonomy::Taxonomy;
use crate::features::{LIFECYCLE_COLUMN, Stage};

/// Values of a statistic, bounds included unless `open_low`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    pub low: f64,
    pub high: f64,
    /// Whether `low` itself is not reached.
    pub open_low: bool,
    /// Whether all values are whole numbers.
    pub whole: bool,
    /// Whether it is known of everyone whom the taxonomy names.
    pub always: bool,
}

const ANY: Range = Range {
    low: f64::NEG_INFINITY,
    high: f64::INFINITY,
    open_low: false,
    whole: false,
    always: false,
};

/// Known of every buyer.
const OF_EVERY_BUYER: [&str; 11] = [
    "recency_days",
    "n_orders",
    "n_purchase_days",
    "monetary_total",
    "monetary_mean",
    "tenure_days",
    "r_score",
    "f_score",
    "m_score",
    "p_active",
    "rows_per_order",
];

/// Known of everyone, prospects too.
const OF_EVERYONE: [&str; 2] = ["n_orders", "n_purchase_days"];

/// Whole numbers from 0 on.
const COUNTS: [&str; 9] = [
    "recency_days",
    "tenure_days",
    "last_gap_days",
    "n_returns",
    "n_interactions",
    "interactions_recency_days",
    "n_complaints",
    "complaint_recency_days",
    "known_days",
];

/// Numbers from 0 on.
const NOT_NEGATIVE: [&str; 9] = [
    "rows_per_order",
    "gap_mean_days",
    "gap_cv",
    "recency_ratio",
    "returns_total",
    "size_of_wallet",
    "expected_orders",
    "expected_orders_low",
    "expected_orders_high",
];

/// From 0 to 1.
const SHARES: [&str; 5] =
    ["p_active", "p_alive", "share_of_wallet", "share_of_wallet_low", "share_of_wallet_high"];

/// The range of a feature of one customer.
fn feature(name: &str, everyone: bool) -> Range {
    let always =
        if everyone { OF_EVERYONE.contains(&name) } else { OF_EVERY_BUYER.contains(&name) };
    let range = match name {
        // Whoever has not bought has none.
        "n_orders" | "n_purchase_days" => {
            Range { low: if everyone { 0.0 } else { 1.0 }, whole: true, ..ANY }
        }
        "r_score" | "f_score" | "m_score" => Range { low: 1.0, high: 5.0, whole: true, ..ANY },
        "complaint" => Range { low: 0.0, high: 1.0, whole: true, ..ANY },
        "interactions_trend" => Range { whole: true, ..ANY },
        _ if COUNTS.contains(&name) => Range { low: 0.0, whole: true, ..ANY },
        _ if NOT_NEGATIVE.contains(&name) => Range { low: 0.0, ..ANY },
        _ if SHARES.contains(&name) => Range { low: 0.0, high: 1.0, ..ANY },
        _ => ANY,
    };
    Range { always, ..range }
}

/// The range of a statistic under a taxonomy.
pub(super) fn range(taxonomy: &Taxonomy, statistic: &Statistic) -> Range {
    let everyone = taxonomy.everyone && taxonomy.of == Scope::Customers;
    // An attribute or a measure may have any value, whatever its name.
    let of = |name: &str, everyone| {
        if taxonomy.declares(name) { ANY } else { feature(name, everyone) }
    };
    match statistic {
        Statistic::Own(name) => of(name, everyone),
        // Figures of segments and of all customers are of buyers.
        Statistic::Median(name)
        | Statistic::Mean(name)
        | Statistic::PopulationMedian(name)
        | Statistic::PopulationMean(name)
        | Statistic::Percentile { feature: name, .. } => Range { whole: false, ..of(name, false) },
        Statistic::Customers => Range { low: 1.0, whole: true, always: true, ..ANY },
        Statistic::ShareOfCustomers => {
            Range { low: 0.0, high: 1.0, open_low: true, always: true, ..ANY }
        }
        Statistic::Share(_) | Statistic::PopulationShare(_) => {
            Range { low: 0.0, high: 1.0, always: true, ..ANY }
        }
        // Returns may outweigh purchases: such shares are not bounded.
        Statistic::ShareOfRevenue | Statistic::ShareOf(_) => ANY,
        Statistic::Rank { share: true, .. } => Range { low: 0.0, high: 1.0, open_low: true, ..ANY },
        Statistic::Rank { share: false, .. } => Range { low: 1.0, whole: true, ..ANY },
        Statistic::Known(_) | Statistic::Text { .. } => ANY,
    }
}

/// The texts that a column of segtrail's own can have; `everyone` with prospects.
pub(super) fn values_of(name: &str, everyone: bool) -> Option<Vec<&'static str>> {
    match name {
        LIFECYCLE_COLUMN if everyone => Some(Stage::ALL.map(Stage::key).into()),
        LIFECYCLE_COLUMN => Some(Stage::OF_BUYERS.map(Stage::key).into()),
        "wallet_source" => Some(vec!["observed", "survey", "modelled"]),
        "wallet_strategy" => Some(vec![
            "maintain_and_guard",
            "target_for_additional_selling",
            "hold_on",
            "do_nothing",
        ]),
        _ => None,
    }
}

/// Whether a text is known of everyone.
pub(super) fn text_is_always_known(name: &str) -> bool {
    name == LIFECYCLE_COLUMN
}
