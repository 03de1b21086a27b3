//! Flows of customers + what each customer is worth -> what moved along each flow, in money.
//!
//! A stayer is worth something in both runs: what they were worth where they came from, and what
//! they are worth where they are. Sums by the label before are the worth of the earlier run's
//! segments, sums by the label after that of the later run's. Sums are in the order of customers,
//! so they are the same on any number of threads.

use serde::{Deserialize, Serialize};

use super::contingency::Contingency;
use super::view::{Joined, Worth};
use super::{Flow, View};

/// What the customers of a flow are worth, in units of the currency.
///
/// None for leavers after and for entrants before, and where a run does not tell it. A customer
/// without a value to come counts 0 in the sums of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FlowValue {
    /// Their spend in the window of the earlier run.
    pub revenue_before: Option<f64>,
    /// Their spend in the window of the later run.
    pub revenue_after: Option<f64>,
    /// Their value to come as the earlier run saw it.
    pub clv_before: Option<f64>,
    /// Their value to come as the later run sees it.
    pub clv_after: Option<f64>,
}

/// Gives each flow what its customers are worth, where either run tells it. O(n + m + flows log k).
pub(super) fn add_values<T: Ord>(
    flows: &mut [Flow<T>],
    counts: &Contingency<T>,
    joined: &[Joined],
    (before, after): (&View<'_>, &View<'_>),
) {
    let (before, after) = (before.values(), after.values());
    if [before, after].iter().all(|worth| *worth == Worth::default()) {
        return;
    }
    // One more row and column: of entrants and of leavers.
    let (rows, columns) = (counts.before.len(), counts.after.len());
    let width = columns + 1;
    let cell = |joined: &Joined| match *joined {
        Joined::Leaver(i) => counts.code_before[i] as usize * width + columns,
        Joined::Entrant(j) => rows * width + counts.code_after[j] as usize,
        Joined::Stayer(i, j) => {
            counts.code_before[i] as usize * width + counts.code_after[j] as usize
        }
    };
    let earlier = |joined: &Joined| match *joined {
        Joined::Leaver(i) | Joined::Stayer(i, _) => Some(i),
        Joined::Entrant(_) => None,
    };
    let later = |joined: &Joined| match *joined {
        Joined::Entrant(j) | Joined::Stayer(_, j) => Some(j),
        Joined::Leaver(_) => None,
    };
    let sums = |values: &[f64], row: &dyn Fn(&Joined) -> Option<usize>| -> Option<Vec<f64>> {
        if values.is_empty() {
            return None;
        }
        let mut sums = vec![0.0; (rows + 1) * width];
        for joined in joined {
            let value = row(joined).map_or(0.0, |row| values[row]);
            sums[cell(joined)] += if value.is_nan() { 0.0 } else { value };
        }
        Some(sums)
    };
    let revenue = (sums(before.revenue, &earlier), sums(after.revenue, &later));
    let clv = (sums(before.clv, &earlier), sums(after.clv, &later));
    for flow in flows {
        let place = |label: &Option<T>, among: &[T], none: usize| match label {
            Some(label) => among.binary_search(label).unwrap_or(none),
            None => none,
        };
        let (i, j) =
            (place(&flow.from, &counts.before, rows), place(&flow.to, &counts.after, columns));
        let of = |sums: &Option<Vec<f64>>, there: bool| {
            sums.as_ref().filter(|_| there).map(|sums| sums[i * width + j])
        };
        flow.value = Some(FlowValue {
            revenue_before: of(&revenue.0, flow.from.is_some()),
            revenue_after: of(&revenue.1, flow.to.is_some()),
            clv_before: of(&clv.0, flow.from.is_some()),
            clv_after: of(&clv.1, flow.to.is_some()),
        });
    }
}
