//! The scenarios that come with the program, scaled to the number of months asked for.

use super::error::SimulateError;
use super::laws::{BetaLaw, DAYS_PER_MONTH, GammaLaw, MeanLaw, OrderDropout};
use super::scenario::{GroupSpec, Scenario, Split};

/// Names of the scenarios that [`Scenario::built_in`] knows.
pub const BUILT_IN: [&str; 5] = ["standard", "separated", "steady", "bg-nbd", "pareto-nbd"];

/// Fewest months in which the events of `standard` fall into different months.
const STANDARD_MONTHS: u32 = 6;
/// Fewest months in which the lapsed and the new of `separated` are told apart.
const SEPARATED_MONTHS: u32 = 6;

impl Scenario {
    /// The scenario called `name` for a simulation of `months` months.
    ///
    /// - `standard`: seven groups that overlap as real ones do. `newcomers` appear after a third
    ///   of the months, `catalogue` dies out after a half, and `regulars` split after two thirds,
    ///   when two fifths of them become `bargain_hunters`. At least 6 months.
    /// - `separated`: five groups far apart in recency, number of orders and money at the end of
    ///   the simulation, so that clustering must find them; no events. At least 6 months.
    /// - `steady`: the groups of `standard` without any event. At least 1 month.
    /// - `bg-nbd` and `pareto-nbd`: one group, which behaves as the model of that name does with
    ///   the parameters that Fader, Hardie and Lee (2005) found for the customers of CDNOW, and
    ///   spends as Gamma-Gamma does with those of Fader and Hardie (2013). Members enter over the
    ///   first sixth of the months, as CDNOW's did: 3 of 18. At least 1 month.
    ///
    /// # Errors
    /// [`SimulateError::UnknownScenario`], [`SimulateError::TooFewMonths`], or
    /// [`SimulateError::Months`] where `months` is 0.
    pub fn built_in(name: &str, months: u32) -> Result<Self, SimulateError> {
        let needed = match name {
            "standard" => STANDARD_MONTHS,
            "separated" => SEPARATED_MONTHS,
            "steady" | "bg-nbd" | "pareto-nbd" => 1,
            _ => return Err(SimulateError::UnknownScenario { name: name.into() }),
        };
        if months == 0 {
            return Err(SimulateError::Months { months });
        }
        if months < needed {
            return Err(SimulateError::TooFewMonths { name: name.into(), months, needed });
        }
        let groups = match name {
            "standard" => with_events(everyday(months), months),
            "separated" => separated(months),
            "bg-nbd" => vec![GroupSpec {
                rate: per_week(0.243, 4.414),
                dropout_after_order: Some(OrderDropout { a: 0.793, b: 2.426, after_first: false }),
                ..cdnow(months)
            }],
            "pareto-nbd" => vec![GroupSpec {
                rate: per_week(0.553, 10.578),
                dropout_rate: Some(per_week(0.606, 11.669)),
                ..cdnow(months)
            }],
            _ => everyday(months),
        };
        Ok(Self { groups, moves: 0.0 })
    }
}

/// A gamma law by its mean and its coefficient of variation.
fn gamma(mean: f64, variation: f64) -> GammaLaw {
    let shape = variation.powi(-2);
    GammaLaw { shape, scale: mean / shape }
}

/// A group without events: `rate` orders a month, `spend` units an order, each a mean with its
/// coefficient of variation over members; `lapse` is the mean probability of lapsing in a month.
fn group(key: &str, share: f64, rate: (f64, f64), spend: (f64, f64), lapse: f64) -> GroupSpec {
    // a + b = 20: members differ in it, but not wildly.
    let dropout = (lapse > 0.0).then_some(BetaLaw { a: 20.0 * lapse, b: 20.0 * (1.0 - lapse) });
    GroupSpec {
        key: key.into(),
        share,
        appears: 0,
        entry_months: 1,
        rate: gamma(rate.0, rate.1),
        regularity: 1,
        dropout,
        dropout_after_order: None,
        dropout_rate: None,
        order_mean: gamma(spend.0, spend.1),
        order_mean_law: MeanLaw::Gamma,
        order_shape: 4.0,
        rate_trend: 1.0,
        spend_trend: 1.0,
        silent_from: None,
        dies: None,
        splits: None,
    }
}

/// Seven groups of everyday trade.
fn everyday(months: u32) -> Vec<GroupSpec> {
    vec![
        GroupSpec { regularity: 2, ..group("champions", 0.10, (6.0, 0.4), (60.0, 0.4), 0.01) },
        GroupSpec { regularity: 2, ..group("regulars", 0.28, (2.5, 0.4), (35.0, 0.5), 0.02) },
        group("big_baskets", 0.10, (0.8, 0.4), (260.0, 0.4), 0.02),
        group("occasional", 0.20, (0.4, 0.6), (40.0, 0.6), 0.04),
        GroupSpec { entry_months: months, ..group("triers", 0.12, (0.5, 0.8), (25.0, 0.6), 0.45) },
        GroupSpec { regularity: 2, ..group("newcomers", 0.12, (2.0, 0.4), (30.0, 0.5), 0.08) },
        GroupSpec { regularity: 4, ..group("catalogue", 0.08, (1.0, 0.2), (90.0, 0.3), 0.01) },
    ]
}

fn with_events(mut groups: Vec<GroupSpec>, months: u32) -> Vec<GroupSpec> {
    for group in &mut groups {
        match group.key.as_str() {
            "newcomers" => group.appears = months / 3,
            "catalogue" => group.dies = Some(months / 2),
            "regulars" => {
                group.splits = Some(Split {
                    month: months * 2 / 3,
                    into: "bargain_hunters".into(),
                    share: 0.4,
                });
            }
            _ => {}
        }
    }
    groups.push(group("bargain_hunters", 0.0, (5.0, 0.3), (9.0, 0.3), 0.02));
    groups
}

/// Five groups whose members differ little from each other on a log scale, and whose centres are
/// far apart there: recency is short or very long, orders and money differ by factors of 3 to 100.
fn separated(months: u32) -> Vec<GroupSpec> {
    let tight = |key, share, rate, spend| GroupSpec {
        regularity: 8,
        order_shape: 8.0,
        ..group(key, share, (rate, 0.08), (spend, 0.12), 0.0)
    };
    let half = months / 2;
    vec![
        tight("frequent_small", 0.25, 8.0, 12.0),
        tight("steady_big", 0.20, 2.5, 400.0),
        GroupSpec { silent_from: Some(half), ..tight("lapsed_good", 0.20, 4.0, 60.0) },
        // One order, and a second after some 20 days for those who entered early in the month.
        GroupSpec { silent_from: Some(1), ..tight("one_off", 0.20, 1.5, 25.0) },
        GroupSpec { appears: months - 1, ..tight("new", 0.15, 2.0, 18.0) },
    ]
}

/// Law of a rate whose shape and inverse scale are known for weeks, as one of months.
fn per_week(shape: f64, inverse_scale: f64) -> GammaLaw {
    GammaLaw { shape, scale: DAYS_PER_MONTH / 7.0 / inverse_scale }
}

/// The customers of CDNOW but for when they buy and lapse; p, q and v of Gamma-Gamma are 6.25,
/// 3.74 and 15.44 (Fader and Hardie 2013).
fn cdnow(months: u32) -> GroupSpec {
    GroupSpec {
        entry_months: (months / 6).max(1),
        order_mean: GammaLaw { shape: 3.74, scale: 6.25 * 15.44 },
        order_mean_law: MeanLaw::InverseGamma,
        order_shape: 6.25,
        ..group("customers", 1.0, (1.0, 1.0), (1.0, 1.0), 0.0)
    }
}
