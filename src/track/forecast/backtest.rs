//! The forecast held against the runs that are known: from the third step on, each run's sizes are
//! forecast from the steps before it, and so they are by "nobody moves".

use serde::{Deserialize, Serialize};

use super::Counts;
use super::chain::Chain;

/// Steps that a forecast learns from at least.
const LEARNED: usize = 2;

/// How forecasts of the sizes of groups would have fared.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Backtest {
    /// Runs that were forecast.
    pub runs: usize,
    /// Customers by whom the sizes forecast by the chain were wrong, in the mean over runs and groups.
    pub error: f64,
    /// The same for "nobody moves": every group as large as in the run before.
    pub error_nobody_moves: f64,
    /// Whether the chain's error is the smaller one.
    pub beats_nobody_moves: bool,
    /// Runs in which the chain's error is the smaller one.
    pub runs_better: usize,
    /// Share of the sizes that lay within their interval of 95 %.
    pub coverage: f64,
}

/// Over the steps from the third on; none where there are none, or no group.
pub(super) fn backtest(counts: &Counts, steps: usize) -> Option<Backtest> {
    let g = counts.groups.len();
    if steps <= LEARNED || g == 0 {
        return None;
    }
    let (mut ours, mut theirs, mut better, mut covered) = (0.0, 0.0, 0, 0);
    for step in LEARNED..steps {
        let now = counts.sizes_before(step);
        let truth = counts.sizes_after(step);
        let forecast = Chain::new(counts, step).next(&now);
        let (mut own, mut nobody) = (0.0, 0.0);
        for ((estimate, before), after) in forecast.iter().zip(&now).zip(&truth) {
            own += (estimate.value - after).abs();
            nobody += (before - after).abs();
            covered += usize::from(estimate.low <= *after && *after <= estimate.high);
        }
        better += usize::from(own < nobody);
        ours += own;
        theirs += nobody;
    }
    let runs = steps - LEARNED;
    let sizes = (runs * g) as f64;
    Some(Backtest {
        runs,
        error: ours / sizes,
        error_nobody_moves: theirs / sizes,
        beats_nobody_moves: ours < theirs,
        runs_better: better,
        coverage: covered as f64 / sizes,
    })
}
