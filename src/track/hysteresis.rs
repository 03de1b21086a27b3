//! The group that a month gives a customer, and the one that they have -> whether they keep it.
//!
//! A customer between two segments is put now into one and now into the other, and a campaign that goes
//! by the groups would greet them with each in turn. With hysteresis a new group waits: it is taken
//! when the customer lies in the new segment by more than a margin, or when it was given for so many
//! months on end. What waits is kept as a [`Proposal`] from run to run. This holds a customer's group,
//! never their segment; it does not judge who waits for good reason.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Estimate;
use super::error::TrackError;
use super::lineage::{Standing, months_between};
use crate::types::GroupKey;

/// When a new group is taken.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HysteresisParams {
    /// Margin of the customer in the new segment (see [`crate::cluster::Assignments::margin`]) above
    /// which the new group is taken at once; from 0 to 1, where 1 never is; default 0.5. Not asked
    /// where the main taxonomy names customers by rules of their own.
    pub margin: f64,
    /// Calendar months, that of the first run with it counted, for which a new group is given on end
    /// before it is taken; from 2 on, default 2.
    pub months: u32,
}

impl Default for HysteresisParams {
    fn default() -> Self {
        Self { margin: 0.5, months: 2 }
    }
}

impl HysteresisParams {
    /// # Errors
    /// [`TrackError::Parameter`] for a value outside its range.
    pub fn check(&self) -> Result<(), TrackError> {
        let wrong =
            |parameter, legal, value| Err(TrackError::Parameter { parameter, legal, value });
        if !(0.0..=1.0).contains(&self.margin) {
            return wrong("hysteresis margin", "from 0 to 1", self.margin.to_string());
        }
        if self.months < 2 {
            return wrong("hysteresis months", "at least 2", self.months.to_string());
        }
        Ok(())
    }
}

/// A group that a customer is given and does not have yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The group.
    pub group: GroupKey,
    /// `as_of` of the first run that gave it, without interruption since.
    pub since: Date,
}

/// What becomes of a group that a month gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hold {
    /// It is the customer's own, or they are new: nothing to hold.
    Same,
    /// It is the customer's own again, after another had been proposed: two changes were saved.
    Returned,
    /// It is taken, the margin being large enough.
    ByMargin,
    /// It is taken, having been given for long enough.
    ByMonths,
    /// It is not taken yet.
    Kept(Proposal),
}

/// Whether a customer who stood at `before` takes the group `given` by the run of `as_of`, in whose
/// segment they lie by `margin`; no margin where it says nothing of the group.
pub fn hold(
    before: Option<&Standing>,
    given: &GroupKey,
    margin: Option<f64>,
    as_of: Date,
    params: &HysteresisParams,
) -> Hold {
    let Some(before) = before else { return Hold::Same };
    if before.group == *given {
        return if before.proposal.is_some() { Hold::Returned } else { Hold::Same };
    }
    if margin.is_some_and(|margin| margin > params.margin) {
        return Hold::ByMargin;
    }
    let waiting = before.proposal.as_ref().filter(|proposal| proposal.group == *given);
    let since = waiting.map_or(as_of, |proposal| proposal.since);
    if months_between(since, as_of) + 1 >= params.months {
        return Hold::ByMonths;
    }
    Hold::Kept(Proposal { group: given.clone(), since })
}

/// What hysteresis did in a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HysteresisRecord {
    /// When a new group was taken.
    #[serde(flatten)]
    pub params: HysteresisParams,
    /// Buyers of both runs who had a group in the run before; those counted below are of them.
    pub customers: usize,
    /// Took the new group by margin.
    pub by_margin: usize,
    /// Took the new group by months.
    pub by_months: usize,
    /// Keep their group though they are given another: changes that were put off.
    pub kept: usize,
    /// Are given their own group again after they were kept in it: two changes saved each.
    pub returned: usize,
    /// Share of the buyers who have the group that they are given: what it cost is the rest.
    pub fidelity: Estimate,
    /// Share of the buyers' spend that stands in another group than it is given; none where nothing
    /// was spent.
    pub revenue_kept: Option<f64>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::track::standing;
    use jiff::civil::date;

    fn group(name: &str) -> GroupKey {
        GroupKey(name.into())
    }

    /// A path through `given` groups with margins, from January on: what became of each, and the group.
    fn path(given: &[(&str, f64)], params: HysteresisParams) -> Vec<(Hold, String)> {
        let mut before: Option<Standing> = None;
        let mut told = Vec::new();
        for (month, (name, margin)) in (1..).zip(given) {
            let as_of = date(2017, month, 28);
            let found = hold(before.as_ref(), &group(name), Some(*margin), as_of, &params);
            let (taken, proposal) = match (&found, &before) {
                (Hold::Kept(proposal), Some(before)) => {
                    (before.group.clone(), Some(proposal.clone()))
                }
                _ => (group(name), None),
            };
            let next = standing(before.as_ref(), &taken, as_of);
            before = Some(Standing { proposal, ..next });
            told.push((found, taken.0));
        }
        told
    }

    fn waits(name: &str, month: i8) -> Hold {
        Hold::Kept(Proposal { group: group(name), since: date(2017, month, 28) })
    }

    #[test]
    fn a_group_is_taken_by_margin_by_months_or_not() {
        let params = HysteresisParams { margin: 0.5, months: 3 };
        let given =
            [("a", 0.1), ("b", 0.5), ("a", 0.1), ("b", 0.2), ("b", 0.2), ("b", 0.2), ("c", 0.51)];
        let (found, groups): (Vec<_>, Vec<_>) = path(&given, params).into_iter().unzip();
        assert_eq!(
            found,
            [
                Hold::Same,
                waits("b", 2), // The margin must be above the bound.
                Hold::Returned,
                waits("b", 4), // Counted anew.
                waits("b", 4),
                Hold::ByMonths,
                Hold::ByMargin,
            ]
        );
        assert_eq!(groups, ["a", "a", "a", "a", "a", "b", "c"]);
    }

    #[test]
    fn another_proposal_begins_anew() {
        let params = HysteresisParams { margin: 1.0, months: 2 };
        let given = [("a", 1.0), ("b", 1.0), ("c", 1.0), ("c", 1.0)];
        let found: Vec<Hold> = path(&given, params).into_iter().map(|(found, _)| found).collect();
        assert_eq!(found, [Hold::Same, waits("b", 2), waits("c", 3), Hold::ByMonths]);
    }

    /// A run of February is missing: a group given in January and in March has held for three months.
    #[test]
    fn months_are_of_the_calendar_and_no_margin_says_nothing() {
        let before = Standing {
            group: group("a"),
            previous_group: None,
            group_changed_on: date(2016, 1, 31),
            moves: Some(0),
            proposal: Some(Proposal { group: group("b"), since: date(2017, 1, 31) }),
        };
        let three = HysteresisParams { margin: 0.0, months: 3 };
        let of = |month, margin, params: &HysteresisParams| {
            hold(Some(&before), &group("b"), margin, date(2017, month, 28), params)
        };
        assert_eq!(of(3, None, &three), Hold::ByMonths);
        assert_eq!(of(2, Some(0.01), &three), Hold::ByMargin);
        let since = date(2017, 1, 31);
        assert_eq!(of(2, None, &three), Hold::Kept(Proposal { group: group("b"), since }));
        assert_eq!(hold(None, &group("b"), None, since, &three), Hold::Same);
    }

    #[test]
    fn parameters_have_ranges() {
        let of = |margin, months| HysteresisParams { margin, months }.check().is_ok();
        assert!(of(0.0, 2) && of(1.0, 24));
        assert!(!of(-0.1, 2) && !of(1.1, 2) && !of(f64::NAN, 2) && !of(0.5, 1));
    }
}
