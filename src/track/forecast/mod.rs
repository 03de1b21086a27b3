//! Flows of customers between groups, run by run -> where groups are heading: sizes in the next run,
//! time to lapse, long-run shares, each with an interval, and how such a forecast would have fared.
//!
//! A Markov chain over groups. Each row has a Dirichlet posterior over the destinations, the other
//! groups and leaving (multinomial rows with a Dirichlet prior: Martin 1967, "Bayesian Decision
//! Problems and Markov Chains", chapter 2), with Perks's prior of one customer in all, spread evenly
//! over the destinations. Months differ by more than chance lets multinomial rows differ, so a row's
//! counts are divided by its dispersion, Pearson's statistic of the months against their pooled row
//! by its degrees of freedom, where that is above 1 (McCullagh and Nelder 1989, section 4.5).
//! Entrants are no row: their number is that of the past runs, mean and spread, by group; leavers go
//! to a state that nobody comes back from.
//!
//! Intervals are of 95 %, from the first two moments, on the scale of the figure for sizes and of
//! the logarithm for times. The chain has no memory beyond the present group, and steps are runs:
//! monthly runs give months.

mod backtest;
mod chain;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::agreement::Z;
use super::{Estimate, Flow};
use crate::types::{AsOf, GroupKey};

pub use backtest::Backtest;

use self::chain::Chain;

/// Groups that count as lapsed where the configuration names none.
pub const LAPSED: [&str; 4] = ["lost", "lapsed", "hibernating", "gone"];

/// One step: how customers went from one run to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Date of the later run.
    pub as_of: AsOf,
    /// As in [`super::Comparison::group_flows`].
    pub flows: Vec<Flow<GroupKey>>,
}

/// What the chain says of one group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupForecast {
    /// The group.
    pub group: GroupKey,
    /// Whether it counts as lapsed.
    pub lapsed: bool,
    /// Its customers in the last run.
    pub customers: usize,
    /// Its customers in the next.
    pub next: Estimate,
    /// Of these, entrants.
    pub entrants: Estimate,
    /// Chance that one of its customers is in it in the next run.
    pub stays: Estimate,
    /// Expected runs until one of its customers is in a lapsed group or has left; none for lapsed
    /// groups and where no group lapses and nobody leaves.
    pub runs_to_lapse: Option<Estimate>,
    /// Its share of those who have not left, in the long run.
    pub steady_share: Estimate,
    /// Its present share of them.
    pub share: f64,
    /// By how much its months differ more than chance would have it; 1 where they do not.
    pub dispersion: f64,
}

/// A forecast from all steps of a path of runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    /// Date of the last run.
    pub as_of: AsOf,
    /// Steps that it learned from.
    pub steps: usize,
    /// The groups that count as lapsed.
    pub lapsed: Vec<GroupKey>,
    /// By group.
    pub groups: Vec<GroupForecast>,
    /// Held against the runs that are known; none with fewer than three steps.
    pub backtest: Option<Backtest>,
}

/// The forecast from `steps`, in the order of their dates; none without a step. `lapsed` are the
/// groups that count as lapsed.
///
/// O(steps (flows + g²) + g³) for g groups.
pub fn forecast(steps: &[Step], lapsed: &[GroupKey]) -> Option<Forecast> {
    let last = steps.last()?;
    let counts = Counts::new(steps);
    let chain = Chain::new(&counts, steps.len());
    let now = counts.sizes_after(steps.len() - 1);
    let everyone: f64 = now.iter().sum();
    let is_lapsed: Vec<bool> = counts.groups.iter().map(|group| lapsed.contains(group)).collect();
    let next = chain.next(&now);
    let times = chain.runs_to(&is_lapsed);
    let steady = chain.steady();
    let groups = counts.groups.iter().enumerate().map(|(i, group)| GroupForecast {
        group: group.clone(),
        lapsed: is_lapsed[i],
        customers: now[i] as usize,
        next: next[i],
        entrants: chain.entrants[i].estimate(),
        stays: chain.stays(i),
        runs_to_lapse: times[i],
        steady_share: steady[i],
        share: if everyone > 0.0 { now[i] / everyone } else { 0.0 },
        dispersion: chain.dispersion[i],
    });
    let known = |group: &&GroupKey| counts.groups.contains(*group);
    Some(Forecast {
        as_of: last.as_of,
        steps: steps.len(),
        lapsed: lapsed.iter().filter(known).cloned().collect(),
        groups: groups.collect(),
        backtest: backtest::backtest(&counts, steps.len()),
    })
}

/// The flows of all steps as tables over the groups of any of them.
struct Counts {
    groups: Vec<GroupKey>,
    /// By step, a row a group before; the last column is of leavers.
    moved: Vec<Vec<Vec<f64>>>,
    /// By step, entrants by group after.
    entered: Vec<Vec<f64>>,
}

impl Counts {
    fn new(steps: &[Step]) -> Self {
        let flows = || steps.iter().flat_map(|step| &step.flows);
        let groups: BTreeSet<&GroupKey> =
            flows().flat_map(|flow| flow.from.iter().chain(&flow.to)).collect();
        let place: BTreeMap<&GroupKey, usize> = groups.iter().copied().zip(0..).collect();
        let g = groups.len();
        let mut moved = vec![vec![vec![0.0; g + 1]; g]; steps.len()];
        let mut entered = vec![vec![0.0; g]; steps.len()];
        for (step, of) in steps.iter().enumerate() {
            for flow in &of.flows {
                let to = flow.to.as_ref().map_or(g, |group| place[group]);
                let customers = flow.customers as f64;
                match &flow.from {
                    Some(from) => moved[step][place[from]][to] += customers,
                    None if to < g => entered[step][to] += customers,
                    None => {}
                }
            }
        }
        Self { groups: groups.into_iter().cloned().collect(), moved, entered }
    }

    /// Customers by group in the run that step `step` leads to.
    fn sizes_after(&self, step: usize) -> Vec<f64> {
        let mut sizes = self.entered[step].clone();
        for row in &self.moved[step] {
            sizes.iter_mut().zip(row).for_each(|(size, moved)| *size += moved);
        }
        sizes
    }

    /// Customers by group in the run that step `step` leads from.
    fn sizes_before(&self, step: usize) -> Vec<f64> {
        self.moved[step].iter().map(|row| row.iter().sum()).collect()
    }
}

/// A mean with its variance.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Moments {
    mean: f64,
    variance: f64,
}

impl Moments {
    /// On the scale of a figure that is not negative.
    fn estimate(self) -> Estimate {
        let spread = Z * self.variance.max(0.0).sqrt();
        Estimate { value: self.mean, low: (self.mean - spread).max(0.0), high: self.mean + spread }
    }

    /// As that of a share, in [0, 1].
    fn share(self) -> Estimate {
        let estimate = self.estimate();
        Estimate { high: estimate.high.min(1.0), ..estimate }
    }

    /// On the scale of the logarithm, of a figure above 0.
    fn logarithmic(self) -> Estimate {
        let spread = (Z * self.variance.max(0.0).sqrt() / self.mean).exp();
        Estimate { value: self.mean, low: self.mean / spread, high: self.mean * spread }
    }
}
