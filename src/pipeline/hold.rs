//! Rows of a run with the groups that they are given -> which of them keep the one they had, and the
//! record of it.

use std::collections::BTreeSet;

use crate::run::{Assignment, Manifest, Run};
use crate::track::{self, Estimate, Hold, HysteresisParams, HysteresisRecord, Standing};
use crate::types::{AsOf, GroupKey, SegmentId};

/// Hysteresis over the rows of one run.
pub(super) struct Holding {
    params: HysteresisParams,
    as_of: AsOf,
    /// The groups of the main taxonomy: one that is gone cannot be kept.
    groups: BTreeSet<GroupKey>,
    customers: usize,
    by_margin: usize,
    by_months: usize,
    returned: usize,
}

impl Holding {
    pub(super) fn new(params: HysteresisParams, manifest: &Manifest) -> Self {
        let main = manifest.taxonomies.first();
        let groups = main.iter().flat_map(|main| &main.groups).map(|group| group.key.clone());
        Self {
            params,
            as_of: manifest.as_of,
            groups: groups.collect(),
            customers: 0,
            by_margin: 0,
            by_months: 0,
            returned: 0,
        }
    }

    /// The standing of a row that is `given` a group, where it was `before`; `margin` as in
    /// [`track::hold`]. Who was or is a prospect is not held, nor who is where a person `judged` the
    /// segment.
    pub(super) fn standing(
        &mut self,
        row: &Assignment,
        before: Option<&(Option<SegmentId>, Option<Standing>)>,
        given: &GroupKey,
        margin: Option<f64>,
        judged: bool,
    ) -> Standing {
        let as_of = self.as_of.0;
        let stood = before.and_then(|(_, standing)| standing.as_ref());
        let take = track::standing(stood, given, as_of);
        let stayer = before.filter(|(segment, _)| segment.is_some() && row.segment.is_some());
        let Some(stood) = stood.filter(|_| stayer.is_some()) else { return take };
        self.customers += 1;
        if judged || !self.groups.contains(&stood.group) {
            return take;
        }
        match track::hold(Some(stood), given, margin, as_of, &self.params) {
            Hold::Same => {}
            Hold::Returned => self.returned += 1,
            Hold::ByMargin => self.by_margin += 1,
            Hold::ByMonths => self.by_months += 1,
            Hold::Kept(proposal) => {
                return Standing { proposal: Some(proposal), ..stood.clone() };
            }
        }
        take
    }

    /// What it did to the rows of `run`; where the run before is `gone`, what of the record does not
    /// follow from the rows stays.
    pub(super) fn record(self, run: &Run, gone: bool) -> Option<HysteresisRecord> {
        let before = run.manifest.hysteresis.as_ref().filter(|_| gone);
        if gone && before.is_none() {
            return None;
        }
        let buyers = || run.assignments.iter().filter(|row| row.segment.is_some());
        let spend = run.features.column("monetary_total");
        // Buyers and features are both sorted by customer.
        let spent: Vec<(bool, f64)> = (buyers().enumerate())
            .map(|(place, row)| {
                let value = spend.and_then(|spend| spend.values.get(place)).copied();
                (row.proposal.is_some(), value.filter(|value| *value > 0.0).unwrap_or(0.0))
            })
            .collect();
        let total: f64 = spent.iter().map(|(_, value)| value).sum();
        // Not `sum`, which is -0 of nobody.
        let of_kept =
            spent.iter().fold(0.0, |sum, (kept, value)| if *kept { sum + value } else { sum });
        let kept = spent.iter().filter(|(kept, _)| *kept).count();
        let Self { params, customers, by_margin, by_months, returned, .. } = self;
        let counted = HysteresisRecord {
            params,
            customers,
            by_margin,
            by_months,
            kept,
            returned,
            fidelity: Estimate::share(spent.len() - kept, spent.len()),
            revenue_kept: (total > 0.0).then(|| of_kept / total),
        };
        Some(match before {
            Some(HysteresisRecord {
                params, customers, by_margin, by_months, returned, ..
            }) => {
                let (params, customers, returned) = (*params, *customers, *returned);
                let (by_margin, by_months) = (*by_margin, *by_months);
                HysteresisRecord { params, customers, by_margin, by_months, returned, ..counted }
            }
            None => counted,
        })
    }
}
