//! A customer's history in the previous run and group in this one -> the history in this run.

use jiff::civil::Date;

use super::hysteresis::Proposal;
use crate::types::GroupKey;

/// Where a customer stands in a run and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The group.
    pub group: GroupKey,
    /// The last group that was another than `group`.
    pub previous_group: Option<GroupKey>,
    /// `as_of` of the first run of the series in which the customer had `group` without
    /// interruption.
    pub group_changed_on: Date,
    /// Changes of group since the customer first was in the series without interruption; none
    /// where a run of an earlier release, which did not count them, is among its runs.
    pub moves: Option<u32>,
    /// A group that waits to be taken, see [`super::hold`]; none without hysteresis.
    pub proposal: Option<Proposal>,
}

/// The standing in the run of `as_of`, from that in the previous run of the series.
///
/// A customer who is not in the previous run (`None`) begins anew, also one known from earlier
/// runs: absence interrupts.
pub fn standing(previous: Option<&Standing>, group: &GroupKey, as_of: Date) -> Standing {
    let group = group.clone();
    match previous {
        Some(before) if before.group == group => Standing { proposal: None, ..before.clone() },
        Some(before) => Standing {
            group,
            previous_group: Some(before.group.clone()),
            group_changed_on: as_of,
            moves: before.moves.map(|moves| moves.saturating_add(1)),
            proposal: None,
        },
        None => Standing {
            group,
            previous_group: None,
            group_changed_on: as_of,
            moves: Some(0),
            proposal: None,
        },
    }
}

/// Whole calendar months from the month of `since` to that of `as_of`: 0 in the month in which a
/// customer came to a group, also where a run is made in the midst of it.
pub fn months_between(since: Date, as_of: Date) -> u32 {
    let months = |date: Date| i32::from(date.year()) * 12 + i32::from(date.month());
    (months(as_of) - months(since)).max(0).unsigned_abs()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn remembers_the_last_other_group_and_the_start_of_the_present_one() {
        let months = [("new", 1), ("new", 2), ("loyal", 3), ("loyal", 4), ("new", 5)];
        let mut history: Vec<Standing> = Vec::new();
        for (group, month) in months {
            let next = standing(history.last(), &GroupKey(group.into()), date(2017, month, 28));
            history.push(next);
        }
        let seen: Vec<_> = history
            .iter()
            .map(|s| (s.previous_group.as_ref().map(|g| g.0.as_str()), s.group_changed_on.month()))
            .collect();
        let moves: Vec<Option<u32>> = history.iter().map(|s| s.moves).collect();
        assert_eq!(moves, [0, 0, 1, 1, 2].map(Some));
        let (new, loyal) = (Some("new"), Some("loyal"));
        assert_eq!(seen, [(None, 1), (None, 1), (new, 3), (new, 3), (loyal, 5)]);
    }

    #[test]
    fn moves_that_were_not_counted_stay_unknown() {
        let earlier = Standing {
            group: GroupKey("new".into()),
            previous_group: None,
            group_changed_on: date(2017, 1, 31),
            moves: None,
            proposal: None,
        };
        let next = standing(Some(&earlier), &GroupKey("loyal".into()), date(2017, 2, 28));
        assert_eq!(next.moves, None);
    }

    #[test]
    fn months_are_those_of_the_calendar() {
        assert_eq!(months_between(date(2016, 11, 30), date(2017, 2, 28)), 3);
        assert_eq!(months_between(date(2017, 2, 1), date(2017, 2, 28)), 0);
        assert_eq!(months_between(date(2017, 1, 31), date(2017, 2, 1)), 1);
        assert_eq!(months_between(date(2017, 3, 1), date(2017, 2, 28)), 0);
    }
}
