//! Scenario: the behavioural groups of a simulation, as data (TOML or JSON through serde).
//!
//! A member of a group draws, once: a buying rate (orders a month) from a gamma law, a probability
//! or a rate of lapsing from a beta or a gamma law, and a mean spend per order from a gamma law.
//! These are the heterogeneity laws of Schmittlein, Morrison and Colombo (1987) and of Fader, Hardie
//! and Lee (2005); gaps between orders are Erlang, as in Platzer and Reutterer (2016), of which
//! order 1 is their Poisson process; spend varies around the mean by a gamma law.
//!
//! Months are counted from 0, the month of the simulation's start.
//!
//! The models of customer value are these groups, with `regularity = 1` and times in months:
//!
//! | model | group |
//! |---|---|
//! | BG/NBD (Fader, Hardie and Lee 2005): r, alpha, a, b | `rate = { shape = r, scale = 1/alpha }`, `dropout_after_order = { a = a, b = b }` |
//! | MBG/NBD (Batislam, Denizel and Filiztekin 2007) | the same with `after_first = true` |
//! | Pareto/NBD (Schmittlein, Morrison and Colombo 1987): r, alpha, s, beta | the same `rate`, `dropout_rate = { shape = s, scale = 1/beta }` |
//! | Gamma-Gamma (Fader and Hardie 2013): p, q, v | `order_shape = p`, `order_mean = { shape = q, scale = p * v }`, `order_mean_law = "inverse_gamma"` |
//!
//! The models see whole days, and orders of one day as one: that loses about half of the orders a
//! day of those who buy (1 % of the orders of members with 0.6 a month), and T ends half a day early.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::error::SimulateError;
use super::laws::{BetaLaw, GammaLaw, MeanLaw, OrderDropout};

/// The most orders a month that a group's rate may mean.
const RATE_LIMIT: f64 = 1_000.0;
/// The largest mean spend per order, in units of the currency.
const SPEND_LIMIT: f64 = 1e9;

pub use super::built_in::BUILT_IN;

/// The groups of a simulation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// At least one; the index in this list is the group's number in the truth.
    pub groups: Vec<GroupSpec>,
    /// Probability that a member who has not lapsed changes, at the start of a month after that of
    /// their entry, to another of the groups that are there (they have appeared, are not silent and
    /// not dead, and somebody can be in them), each alike, and draws anew from its laws; from 0 to
    /// below 1. Default 0.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub moves: f64,
}

/// One group: how its members behave, when it is there, and what becomes of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupSpec {
    /// Name, not empty, once in a scenario.
    pub key: String,
    /// Probability that a customer of the simulation enters through this group. Above 0, or 0 for a
    /// group whose members all come from a split; the shares of a scenario add up to 1.
    pub share: f64,
    /// First month in which members enter. Default 0.
    #[serde(default)]
    pub appears: u32,
    /// Months over which members enter, evenly, at least 1. Default 1: all in one month.
    #[serde(default = "one")]
    pub entry_months: u32,
    /// Orders a month (of 30.4375 days) after the first order: mean `shape * scale` over members,
    /// at most 1000.
    pub rate: GammaLaw,
    /// Erlang order of the gaps between orders, at least 1. 1 is a Poisson process; a gap's
    /// coefficient of variation is one over the square root of it. Default 1.
    #[serde(default = "one")]
    pub regularity: u32,
    /// Probability that a member lapses for good at the end of a month: mean `a / (a + b)`. None
    /// (default): nobody lapses in this way. At most one of the three dropouts may be given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropout: Option<BetaLaw>,
    /// Probability that a member lapses for good right after an order other than the first:
    /// mean `a / (a + b)`. None (default): nobody lapses in this way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropout_after_order: Option<OrderDropout>,
    /// Rate a month (of 30.4375 days), from the first order on, at which a member lapses for good
    /// at any moment: mean `shape * scale`; a member of rate m stays 1 / m months on average, by an
    /// exponential law. None (default): nobody lapses in this way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropout_rate: Option<GammaLaw>,
    /// A member's mean spend per order, in units of the currency, mean at most 1e9.
    pub order_mean: GammaLaw,
    /// How `order_mean` is to be read: `gamma` (default) or `inverse_gamma`.
    #[serde(default, skip_serializing_if = "MeanLaw::is_default")]
    pub order_mean_law: MeanLaw,
    /// Shape of the gamma law by which an order's spend varies around the member's mean: its
    /// coefficient of variation is one over the square root of it. Above 0. Default 4.
    #[serde(default = "four")]
    pub order_shape: f64,
    /// What the rate of its members is multiplied by each month, counted from the start of the
    /// simulation: a slow drift. Above 0. Default 1.
    #[serde(default = "unchanged", skip_serializing_if = "is_unchanged")]
    pub rate_trend: f64,
    /// The same of what they spend per order.
    #[serde(default = "unchanged", skip_serializing_if = "is_unchanged")]
    pub spend_trend: f64,
    /// From this month on members buy nothing, but remain the group: a group of lapsed customers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub silent_from: Option<u32>,
    /// From this month on the group is no more: members buy nothing and belong to no group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dies: Option<u32>,
    /// A part of the members changes to another group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub splits: Option<Split>,
}

/// Members of one group become members of another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Split {
    /// The first month of the new behaviour.
    pub month: u32,
    /// Key of the group whose behaviour they take on, drawing anew from its laws.
    pub into: String,
    /// Probability that a member who has not lapsed goes along, in (0, 1]; 1 moves all of them.
    pub share: f64,
}

/// An event in the life of a group, as messages name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// `appears`.
    Appears,
    /// `silent_from`.
    SilentFrom,
    /// `dies`.
    Dies,
    /// `splits.month`.
    Splits,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Event::Appears => "appears",
            Event::SilentFrom => "silent_from",
            Event::Dies => "dies",
            Event::Splits => "splits.month",
        })
    }
}

fn one() -> u32 {
    1
}

fn four() -> f64 {
    4.0
}

fn unchanged() -> f64 {
    1.0
}

fn is_unchanged(factor: &f64) -> bool {
    *factor == 1.0
}

fn is_zero(probability: &f64) -> bool {
    *probability == 0.0
}

impl Scenario {
    /// Reads the TOML text of a scenario file; `file` is for messages.
    ///
    /// # Errors
    /// [`SimulateError::Syntax`].
    pub fn parse(file: &str, text: &str) -> Result<Self, SimulateError> {
        toml::from_str(text).map_err(|error| SimulateError::Syntax {
            file: file.to_owned(),
            message: error.to_string().trim_end().to_owned(),
        })
    }

    /// The position of the group called `key`.
    pub fn position(&self, key: &str) -> Option<usize> {
        self.groups.iter().position(|group| group.key == key)
    }

    /// Whether it can be simulated over `months` months.
    ///
    /// # Errors
    /// The first rule that is broken, in the order of the groups; the sum of shares last.
    pub fn check(&self, months: u32) -> Result<(), SimulateError> {
        if self.groups.is_empty() {
            return Err(SimulateError::NoGroups);
        }
        if !(0.0..1.0).contains(&self.moves) {
            return Err(SimulateError::Moves { moves: self.moves });
        }
        let mut keys = BTreeSet::new();
        for (index, group) in self.groups.iter().enumerate() {
            if group.key.is_empty() {
                return Err(SimulateError::EmptyKey { position: index + 1 });
            }
            if !keys.insert(&group.key) {
                return Err(SimulateError::DuplicateKey { group: group.key.clone() });
            }
        }
        for group in &self.groups {
            self.check_share(group)?;
            group.check_laws()?;
            group.check_trends(months)?;
            group.check_events(months)?;
            self.check_split(group)?;
        }
        let sum: f64 = self.groups.iter().map(|group| group.share).sum();
        if (sum - 1.0).abs() > 1e-6 {
            return Err(SimulateError::ShareSum { sum });
        }
        Ok(())
    }

    fn check_share(&self, group: &GroupSpec) -> Result<(), SimulateError> {
        let is_target = self
            .groups
            .iter()
            .any(|other| other.splits.as_ref().is_some_and(|split| split.into == group.key));
        let allowed = group.share > 0.0 || (group.share == 0.0 && is_target);
        if !allowed || !group.share.is_finite() {
            return Err(SimulateError::Share { group: group.key.clone(), share: group.share });
        }
        Ok(())
    }

    fn check_split(&self, group: &GroupSpec) -> Result<(), SimulateError> {
        let Some(split) = &group.splits else { return Ok(()) };
        let (key, into) = (group.key.clone(), split.into.clone());
        if key == into {
            return Err(SimulateError::SplitIntoItself { group: key });
        }
        if !(split.share > 0.0 && split.share <= 1.0) {
            return Err(SimulateError::SplitShare { group: key, share: split.share });
        }
        let Some(target) = self.position(&into).map(|index| &self.groups[index]) else {
            return Err(SimulateError::SplitTarget { group: key, into });
        };
        if target.appears > split.month || target.dies.is_some_and(|dies| dies <= split.month) {
            return Err(SimulateError::TargetNotThere { group: key, into, month: split.month });
        }
        Ok(())
    }
}

impl GroupSpec {
    fn check_laws(&self) -> Result<(), SimulateError> {
        let group = || self.key.clone();
        let dropouts = [
            ("dropout", ["dropout.a", "dropout.b"], self.dropout.map(|law| [law.a, law.b])),
            (
                "dropout_after_order",
                ["dropout_after_order.a", "dropout_after_order.b"],
                self.dropout_after_order.map(|law| [law.a, law.b]),
            ),
            (
                "dropout_rate",
                ["dropout_rate.shape", "dropout_rate.scale"],
                self.dropout_rate.map(|law| [law.shape, law.scale]),
            ),
        ];
        let mut given = dropouts.iter().filter_map(|(key, names, law)| Some((key, names, (*law)?)));
        let dropout = given.next();
        if let (Some((first, ..)), Some((second, ..))) = (dropout, given.next()) {
            return Err(SimulateError::TwoDropouts { group: group(), first, second });
        }
        let dropout =
            dropout.into_iter().flat_map(|(_, names, law)| names.iter().copied().zip(law));
        let parameters = [
            ("rate.shape", self.rate.shape),
            ("rate.scale", self.rate.scale),
            ("order_mean.shape", self.order_mean.shape),
            ("order_mean.scale", self.order_mean.scale),
            ("order_shape", self.order_shape),
        ];
        for (law, value) in parameters.into_iter().chain(dropout) {
            if !(value > 0.0 && value.is_finite()) {
                return Err(SimulateError::Law { group: group(), law, value });
            }
        }
        if self.order_mean_law == MeanLaw::InverseGamma && self.order_mean.shape <= 1.0 {
            return Err(SimulateError::NoMean { group: group(), shape: self.order_mean.shape });
        }
        let means = [
            ("rate", self.rate.mean(), RATE_LIMIT),
            ("order_mean", self.order_mean_law.mean(self.order_mean), SPEND_LIMIT),
        ];
        for (law, mean, limit) in means {
            if mean > limit {
                return Err(SimulateError::LawMean { group: group(), law, mean, limit });
            }
        }
        if self.regularity == 0 {
            return Err(SimulateError::Regularity { group: group() });
        }
        Ok(())
    }

    /// That neither its rate nor its spend runs away.
    fn check_trends(&self, months: u32) -> Result<(), SimulateError> {
        let means = [
            ("rate_trend", self.rate_trend, self.rate.mean(), RATE_LIMIT),
            (
                "spend_trend",
                self.spend_trend,
                self.order_mean_law.mean(self.order_mean),
                SPEND_LIMIT,
            ),
        ];
        for (trend, factor, mean, limit) in means {
            let last = mean * factor.powf(f64::from(months - 1));
            if !(factor > 0.0 && last <= limit) {
                let group = self.key.clone();
                return Err(SimulateError::Trend { group, trend, factor, limit });
            }
        }
        Ok(())
    }

    /// Whether members can be in it in `month`, if anybody enters it at all.
    pub(super) fn is_there(&self, month: u32) -> bool {
        let over = [self.dies, self.silent_from].into_iter().flatten().any(|end| end <= month);
        self.appears <= month && !over
    }

    fn check_events(&self, months: u32) -> Result<(), SimulateError> {
        let group = || self.key.clone();
        let later = [
            (Event::Dies, self.dies),
            (Event::SilentFrom, self.silent_from),
            (Event::Splits, self.splits.as_ref().map(|split| split.month)),
        ];
        let given = later.into_iter().filter_map(|(event, month)| Some((event, month?)));
        for (event, month) in [(Event::Appears, self.appears)].into_iter().chain(given.clone()) {
            if month >= months {
                return Err(SimulateError::EventOutside {
                    group: group(),
                    event,
                    month,
                    last: months.saturating_sub(1),
                });
            }
        }
        for (event, month) in given {
            let after_end = event != Event::Dies && self.dies.is_some_and(|dies| month >= dies);
            if month <= self.appears || after_end {
                let after = self.appears;
                return Err(SimulateError::EventOrder { group: group(), event, month, after });
            }
        }
        let open_until = [self.dies, self.silent_from].into_iter().flatten().fold(months, u32::min);
        if self.entry_months == 0 || self.entry_months > open_until - self.appears {
            return Err(SimulateError::Entry {
                group: group(),
                entry_months: self.entry_months,
                appears: self.appears,
                last: open_until - 1,
            });
        }
        Ok(())
    }
}
