//! A customer's history in the previous run and group in this one -> the history in this run.

use jiff::civil::Date;

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
}

/// The standing in the run of `as_of`, from that in the previous run of the series.
///
/// A customer who is not in the previous run (`None`) begins anew, also one known from earlier
/// runs: absence interrupts.
pub fn standing(previous: Option<&Standing>, group: &GroupKey, as_of: Date) -> Standing {
    let group = group.clone();
    match previous {
        Some(before) if before.group == group => before.clone(),
        Some(before) => {
            Standing { group, previous_group: Some(before.group.clone()), group_changed_on: as_of }
        }
        None => Standing { group, previous_group: None, group_changed_on: as_of },
    }
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
        let (new, loyal) = (Some("new"), Some("loyal"));
        assert_eq!(seen, [(None, 1), (None, 1), (new, 3), (new, 3), (loyal, 5)]);
    }
}
