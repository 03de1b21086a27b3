//! What can be wrong with the parameters of a simulation: one variant a rule, each with what, where
//! and the remedy.

use jiff::civil::Date;
use thiserror::Error;

use super::scenario::{BUILT_IN, Event};

/// A simulation that cannot be run as asked.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum SimulateError {
    /// No built-in scenario has this name.
    #[error("there is no scenario `{name}`; use one of {}, or a scenario file", BUILT_IN.join(", "))]
    UnknownScenario {
        /// As asked for.
        name: String,
    },
    /// A scenario file is not TOML, has an unknown key or a wrong type.
    #[error("{file}: {message}")]
    Syntax {
        /// The file.
        file: String,
        /// What the parser says, with the line.
        message: String,
    },
    /// The events of a built-in scenario need more months.
    #[error(
        "scenario `{name}` needs at least {needed} months for its events, not {months}; \
         ask for more months or for another scenario"
    )]
    TooFewMonths {
        /// The scenario.
        name: String,
        /// As asked for.
        months: u32,
        /// The fewest that will do.
        needed: u32,
    },
    /// The number of months is not in 1..=1200.
    #[error("{months} months cannot be simulated; ask for 1 to 1200")]
    Months {
        /// As asked for.
        months: u32,
    },
    /// The start is not the first of a month.
    #[error("the simulation cannot start on {start}; give the first day of a month")]
    Start {
        /// As asked for.
        start: Date,
    },
    /// The months run past the end of the calendar.
    #[error(
        "{months} months from {start} run past the year 9999; start earlier or ask for fewer months"
    )]
    Calendar {
        /// First day.
        start: Date,
        /// Number of months.
        months: u32,
    },
    /// The scenario has no group.
    #[error("the scenario has no group; give at least one [[groups]]")]
    NoGroups,
    /// Fewer customers than groups.
    #[error(
        "{customers} customers are too few for {groups} groups; ask for at least {groups} customers"
    )]
    TooFewCustomers {
        /// As asked for.
        customers: u64,
        /// Groups of the scenario.
        groups: usize,
    },
    /// A group without a key.
    #[error("group number {position} has an empty key; give it a name such as `regulars`")]
    EmptyKey {
        /// Counted from 1.
        position: usize,
    },
    /// Two groups with one key.
    #[error("two groups have the key `{group}`; give each group its own")]
    DuplicateKey {
        /// The key.
        group: String,
    },
    /// A share that is no positive number, in a group that no split leads to.
    #[error(
        "group `{group}`: share is {share}; give a number above 0 \
         (0 is only for a group that others split into)"
    )]
    Share {
        /// The group.
        group: String,
        /// Its share.
        share: f64,
    },
    /// Shares that do not add up to 1.
    #[error("the shares of the groups add up to {sum}, not 1; divide each share by {sum}")]
    ShareSum {
        /// Their sum.
        sum: f64,
    },
    /// A parameter of a law that is not a positive, finite number.
    #[error("group `{group}`: {law} is {value}; give a finite number above 0")]
    Law {
        /// The group.
        group: String,
        /// Such as `rate.shape`.
        law: &'static str,
        /// Its value.
        value: f64,
    },
    /// A law whose mean is beyond what can be simulated.
    #[error(
        "group `{group}`: the mean of {law} is {mean}; give parameters whose mean is at most {limit}"
    )]
    LawMean {
        /// The group.
        group: String,
        /// Such as `rate`.
        law: &'static str,
        /// Its value.
        mean: f64,
        /// The largest allowed.
        limit: f64,
    },
    /// An inverse gamma law without a mean.
    #[error(
        "group `{group}`: order_mean.shape is {shape}, of which the inverse gamma law has no mean; \
         give more than 1, or order_mean_law = \"gamma\""
    )]
    NoMean {
        /// The group.
        group: String,
        /// Its shape.
        shape: f64,
    },
    /// More than one way of lapsing.
    #[error("group `{group}`: both {first} and {second} are given; keep one of them")]
    TwoDropouts {
        /// The group.
        group: String,
        /// Such as `dropout`.
        first: &'static str,
        /// Such as `dropout_rate`.
        second: &'static str,
    },
    /// A probability of moving that is none, or certain.
    #[error("moves is {moves}; give a probability a month from 0 to below 1, such as 0.03")]
    Moves {
        /// What was given.
        moves: f64,
    },
    /// A trend that is no factor, or that leads out of what can be simulated.
    #[error(
        "group `{group}`: {trend} is {factor}; give a factor a month above 0, such as 1.02, with which \
         the mean stays at most {limit} in every month"
    )]
    Trend {
        /// The group.
        group: String,
        /// `rate_trend` or `spend_trend`.
        trend: &'static str,
        /// What was given.
        factor: f64,
        /// The largest mean.
        limit: f64,
    },
    /// Regularity 0.
    #[error("group `{group}`: regularity is 0; give 1 (orders at random) or more (even gaps)")]
    Regularity {
        /// The group.
        group: String,
    },
    /// Members enter over no month, or in months in which they could not buy.
    #[error(
        "group `{group}`: members enter over {entry_months} months from month {appears}, \
         but only months {appears} to {last} are open to them; change entry_months or appears"
    )]
    Entry {
        /// The group.
        group: String,
        /// Months over which members enter.
        entry_months: u32,
        /// First of them, counted from 0.
        appears: u32,
        /// The last month before the group's silence, its end or the simulation's.
        last: u32,
    },
    /// An event beyond the months of the simulation.
    #[error(
        "group `{group}`: {event} is month {month}, but the simulation has months 0 to {last}; \
         give an earlier month or simulate more months"
    )]
    EventOutside {
        /// The group.
        group: String,
        /// Which.
        event: Event,
        /// When, counted from 0.
        month: u32,
        /// The last month.
        last: u32,
    },
    /// An event that is not after the group's first month, or not before its end.
    #[error(
        "group `{group}`: {event} is month {month}, which must be after {after} and, \
         where the group dies, before that; move one of them"
    )]
    EventOrder {
        /// The group.
        group: String,
        /// Which.
        event: Event,
        /// When, counted from 0.
        month: u32,
        /// The group's first month.
        after: u32,
    },
    /// A split into a group that the scenario does not have.
    #[error(
        "group `{group}` splits into `{into}`, which is no group of the scenario; name one that is"
    )]
    SplitTarget {
        /// The group.
        group: String,
        /// The name given.
        into: String,
    },
    /// A split of a group into itself.
    #[error("group `{group}` splits into itself; name another group")]
    SplitIntoItself {
        /// The group.
        group: String,
    },
    /// A split whose share is not in (0, 1].
    #[error(
        "group `{group}`: the share that splits off is {share}; give a number above 0, at most 1"
    )]
    SplitShare {
        /// The group.
        group: String,
        /// Its value.
        share: f64,
    },
    /// A split into a group that does not exist in that month.
    #[error(
        "group `{group}` splits into `{into}` in month {month}, when `{into}` has not appeared or \
         has died; change the month of the split, or when `{into}` appears or dies"
    )]
    TargetNotThere {
        /// The group.
        group: String,
        /// The target.
        into: String,
        /// When, counted from 0.
        month: u32,
    },
}
