//! SimulateParams -> a stream of customers with their orders and their true group in each month:
//! ground truth for tests of clustering and tracking, and large inputs for benchmarks.
//!
//! Pure generation; nothing is written here. Each customer is drawn from a generator of its own,
//! derived from the seed and the customer's number, so a customer is the same whatever was drawn
//! before: in any order, on any number of threads, in constant memory. It follows that, for one
//! scenario and seed,
//!
//! - fewer customers are the first of more (ids too, up to 9,999,999 customers, past which they
//!   have more digits), and
//! - fewer months are the beginning of more.
//!
//! What a true group means: `groups[m]` is the group whose laws the customer follows in month `m`.
//! It is `None` before the month of the first contact and from the month in which the group dies.
//! A customer who lapses keeps the group and buys nothing from `lapsed_from` on, the first month
//! that they have lapsed in from its first day. The first order
//! falls on the day of the first contact, as the buy-till-you-die models have it.

mod built_in;
mod draw;
mod error;
#[cfg(test)]
mod lapse_tests;
mod laws;
#[cfg(test)]
mod movement_tests;
mod scenario;
#[cfg(test)]
mod tests;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

pub use error::SimulateError;
pub use laws::{BetaLaw, GammaLaw, MeanLaw, OrderDropout};
pub use scenario::{BUILT_IN, Event, GroupSpec, Scenario, Split};

use crate::types::{CustomerId, Seed};

/// What to simulate.
#[derive(Clone, Debug, PartialEq)]
pub struct SimulateParams {
    /// How many customers, at least as many as the scenario has groups.
    pub customers: u64,
    /// How many months, 1 to 1200.
    pub months: u32,
    /// From which every draw is derived.
    pub seed: Seed,
    /// First day, the first of a month.
    pub start: Date,
    /// The groups.
    pub scenario: Scenario,
}

impl SimulateParams {
    /// The start of a simulation unless another is asked for.
    pub const DEFAULT_START: Date = Date::constant(2024, 1, 1);
}

/// One customer, from first contact to the end of the simulation.
#[derive(Clone, Debug, PartialEq)]
pub struct SimulatedCustomer {
    /// `C0000001` and on; the order of bytes is the order of numbers.
    pub id: CustomerId,
    /// The day of the first order.
    pub first_contact: Date,
    /// By time, at least one.
    pub orders: Vec<SimulatedOrder>,
    /// The position in [`Scenario::groups`] of the true group, one entry a month.
    pub groups: Vec<Option<usize>>,
    /// The first month, counted from 0, that begins after the customer has lapsed for good; none
    /// where there is none by the end of the simulation, or by the group's death.
    pub lapsed_from: Option<u32>,
}

/// One order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimulatedOrder {
    /// The customer's id, a hyphen and the order's number from 1: unique in the simulation.
    pub id: String,
    /// Within shop hours, 08:00:00 to 21:59:59.
    pub time: DateTime,
    /// Hundredths of the currency's unit, at least 1.
    pub amount_cents: i64,
}

/// A checked simulation, ready to be drawn from.
#[derive(Clone, Debug)]
pub struct Simulation {
    params: SimulateParams,
    /// The first day of each month and the day after the last: `months + 1` entries.
    month_starts: Vec<Date>,
    /// The same in days since the start.
    month_days: Vec<i32>,
    /// For each group, the position of the group it splits into.
    split_targets: Vec<Option<usize>>,
    /// Digits in an id.
    id_digits: usize,
}

impl Simulation {
    /// Checks the parameters.
    ///
    /// # Errors
    /// The first rule of [`SimulateError`] that is broken.
    pub fn new(params: SimulateParams) -> Result<Self, SimulateError> {
        let SimulateParams { customers, months, start, .. } = params;
        if !(1..=1200).contains(&months) {
            return Err(SimulateError::Months { months });
        }
        if start.day() != 1 {
            return Err(SimulateError::Start { start });
        }
        let month_starts = (0..=months)
            .map(|month| start.checked_add(i64::from(month).months()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| SimulateError::Calendar { start, months })?;
        params.scenario.check(months)?;
        let groups = params.scenario.groups.len();
        if customers < groups as u64 {
            return Err(SimulateError::TooFewCustomers { customers, groups });
        }
        let epoch = crate::types::days_since_epoch(start);
        let month_days = month_starts
            .iter()
            .map(|&first| crate::types::days_since_epoch(first) - epoch)
            .collect();
        let split_targets = (params.scenario.groups.iter())
            .map(|group| params.scenario.position(&group.splits.as_ref()?.into))
            .collect();
        let id_digits = (customers.ilog10() as usize + 1).max(7);
        Ok(Self { params, month_starts, month_days, split_targets, id_digits })
    }

    /// The parameters.
    pub fn params(&self) -> &SimulateParams {
        &self.params
    }

    /// First day of month `month`, counted from 0; none beyond the simulation.
    pub fn month_start(&self, month: u32) -> Option<Date> {
        (month < self.params.months).then(|| self.month_starts[month as usize])
    }

    /// Last day of month `month`, counted from 0; none beyond the simulation.
    pub fn month_end(&self, month: u32) -> Option<Date> {
        let next = self.month_starts.get(month as usize + 1)?;
        next.yesterday().ok()
    }

    /// The first month that begins after `day`, in days since the start; past the end, any number
    /// of at least [`SimulateParams::months`].
    fn month_after(&self, day: f64) -> u32 {
        self.month_days.partition_point(|&first| f64::from(first) <= day) as u32
    }

    /// The month in which day `day` since the start falls.
    fn month_of(&self, day: f64) -> u32 {
        self.month_after(day).saturating_sub(1)
    }

    /// The groups that members of `group` can move to in `month`.
    fn open_to(&self, group: usize, month: u32) -> Vec<usize> {
        let groups = &self.params.scenario.groups;
        let entered = |index: usize| {
            let split = |other: &GroupSpec| {
                other
                    .splits
                    .as_ref()
                    .is_some_and(|split| split.month <= month && split.into == groups[index].key)
            };
            groups[index].share > 0.0 || groups.iter().any(split)
        };
        (0..groups.len())
            .filter(|&other| other != group && groups[other].is_there(month) && entered(other))
            .collect()
    }

    /// Customer number `index`, counted from 0; none beyond the simulation.
    pub fn customer(&self, index: u64) -> Option<SimulatedCustomer> {
        (index < self.params.customers).then(|| draw::customer(self, index))
    }

    /// All customers in the order of their ids, one at a time.
    pub fn iter(&self) -> impl Iterator<Item = SimulatedCustomer> + '_ {
        (0..self.params.customers).map(|index| draw::customer(self, index))
    }
}
