//! The features that segtrail makes itself: names, units, meanings.

use super::{FeatureTable, METHOD_COLUMNS, Unit};

/// Every name that a rule may use: of the catalogue, of columns of text, and of `table`.
pub fn known(table: Option<&FeatureTable>) -> Vec<&str> {
    let mut names: Vec<&str> = CATALOGUE.iter().map(|(name, ..)| *name).collect();
    names.extend(METHOD_COLUMNS);
    if let Some(table) = table {
        let numbers = table.columns.iter().chain(&table.prospect_columns);
        let own = numbers.map(|column| column.name.as_str());
        let texts = table.attributes.iter().map(|column| column.name.as_str());
        for name in own.chain(texts) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// Names, units and meanings of the features that segtrail computes, for listings and checks.
pub const CATALOGUE: &[(&str, Unit, &str)] = &[
    ("recency_days", Unit::Days, "days from the last purchase to as_of"),
    ("n_orders", Unit::Count, "distinct orders"),
    ("n_purchase_days", Unit::Count, "distinct days with a purchase"),
    ("monetary_total", Unit::Money, "spend in the window, net of returns where they are netted"),
    ("monetary_mean", Unit::Money, "monetary_total by order"),
    ("rows_per_order", Unit::Ratio, "purchase rows by order"),
    ("tenure_days", Unit::Days, "days from the first purchase to as_of"),
    ("gap_mean_days", Unit::Days, "mean days between purchase days; from two on"),
    ("gap_cv", Unit::Ratio, "standard deviation of these gaps over their mean; from three days on"),
    ("last_gap_days", Unit::Days, "days between the last two purchase days; from two on"),
    ("recency_ratio", Unit::Ratio, "recency_days over the customer's own gap_mean_days"),
    ("r_score", Unit::Score, "1 to 5 by recency, 5 the most recent"),
    ("f_score", Unit::Score, "1 to 5 by n_orders, 5 the most"),
    ("m_score", Unit::Score, "1 to 5 by monetary_total, 5 the most"),
    ("p_active", Unit::Share, "(T/N)^n: the chance of being active by the simple formula"),
    ("past_customer_value", Unit::Money, "margin of past spend, compounded to as_of"),
    ("margin_total", Unit::Money, "spend less costs in the window ([transactions] cost)"),
    ("p_alive", Unit::Share, "the chance of being a customer still, by the model of clv_method"),
    ("expected_orders", Unit::Count, "orders (purchase days) expected within the horizon"),
    ("expected_orders_low", Unit::Count, "orders that nine in ten such customers reach or pass"),
    ("expected_orders_high", Unit::Count, "orders that nine in ten such customers do not pass"),
    ("expected_order_value", Unit::Money, "expected spend of one order to come"),
    ("expected_spend", Unit::Money, "spend expected within the horizon"),
    ("clv", Unit::Money, "margin expected within the horizon, discounted monthly"),
    ("residual_value", Unit::Money, "margin expected without end, discounted continuously"),
    ("n_returns", Unit::Count, "return rows (returns = \"separate\")"),
    ("returns_total", Unit::Money, "amount returned, positive (returns = \"separate\")"),
    ("size_of_wallet", Unit::Money, "spend on the category everywhere"),
    ("share_of_wallet", Unit::Share, "own part of it, by the source of wallet_source"),
    ("share_of_wallet_low", Unit::Share, "lower limit of the share"),
    ("share_of_wallet_high", Unit::Share, "upper limit of the share"),
    ("wallet_opportunity", Unit::Money, "size of wallet less own spend"),
    (
        "weighted_rfm",
        Unit::Ratio,
        "points for recency, frequency and money ([features.weighted_rfm])",
    ),
    (
        "response_rfm",
        Unit::Ratio,
        "the three scores weighted by a campaign's response ([campaign])",
    ),
    ("n_interactions", Unit::Count, "interactions of any kind ([interactions])"),
    ("interactions_recency_days", Unit::Days, "days since the last interaction"),
    (
        "interactions_trend",
        Unit::Count,
        "interactions of the last 90 days less those of the 90 before",
    ),
    ("known_days", Unit::Days, "days since first contact; of prospects alone"),
    ("n_complaints", Unit::Count, "complaints"),
    ("complaint_recency_days", Unit::Days, "days since the last complaint"),
    ("complaint", Unit::Count, "1 with a complaint, else 0"),
];
