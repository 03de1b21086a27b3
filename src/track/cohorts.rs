//! The groups of the customers of each run and since when they have had them -> of those who came to a
//! group in a run, how many are still in it, run by run: retention of groups by cohort.
//!
//! Only runs need to be looked at one after the other: who has been in a group since a date without
//! interruption is what the later run knows of the earlier one's cohort. Who leaves a group and comes
//! back is of the cohort of the return; who leaves the data is in none.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::types::{AsOf, GroupKey};

/// The most runs that are kept.
pub const COHORT_RUNS: usize = 36;

/// Who came to a group in one run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupCohort {
    /// The group.
    pub group: GroupKey,
    /// Since when they have been in it: the date of the run in which they came, or where that is not
    /// among [`GroupCohorts::runs`], of an earlier one.
    pub since: Date,
    /// Customers in it without interruption, in the last so many runs.
    pub customers: Vec<usize>,
}

/// The cohorts of all groups of a path of runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupCohorts {
    /// Dates of the runs, ascending, [`COHORT_RUNS`] at most.
    pub runs: Vec<AsOf>,
    /// By group and date.
    pub cohorts: Vec<GroupCohort>,
}

impl GroupCohorts {
    /// The same with the run of `as_of`, in which each customer has a group since a date.
    #[must_use]
    pub fn followed_by<'a>(
        mut self,
        as_of: AsOf,
        customers: impl Iterator<Item = (&'a GroupKey, Date)>,
    ) -> Self {
        let mut now: BTreeMap<&GroupKey, BTreeMap<Date, usize>> = BTreeMap::new();
        for (group, since) in customers {
            *now.entry(group).or_default().entry(since).or_default() += 1;
        }
        for cohort in &mut self.cohorts {
            let own = now.get_mut::<GroupKey>(&cohort.group);
            cohort.customers.push(own.and_then(|own| own.remove(&cohort.since)).unwrap_or(0));
        }
        for (group, own) in now {
            self.cohorts.extend(own.into_iter().map(|(since, customers)| GroupCohort {
                group: group.clone(),
                since,
                customers: vec![customers],
            }));
        }
        self.runs.push(as_of);
        let gone = self.runs.len().saturating_sub(COHORT_RUNS);
        self.runs.drain(..gone);
        for cohort in &mut self.cohorts {
            let gone = cohort.customers.len().saturating_sub(self.runs.len());
            cohort.customers.drain(..gone);
        }
        self.cohorts.retain(|cohort| cohort.customers.iter().any(|customers| *customers > 0));
        self.cohorts.sort_by(|a, b| (&a.group, a.since).cmp(&(&b.group, b.since)));
        self
    }

    /// Whether a cohort came to its group in one of the runs, the first one not counted: of who is in
    /// a group in the first it is not known when they came.
    pub fn came(&self, cohort: &GroupCohort) -> bool {
        cohort.customers.len() < self.runs.len()
    }

    /// Of those who came to `group`, the share still in it `age` runs later, over all cohorts of whom
    /// it is known, and how many they are; none where there is no such cohort.
    pub fn retained(&self, group: &GroupKey, age: usize) -> Option<(f64, usize)> {
        let of = |cohort: &&GroupCohort| {
            cohort.group == *group && self.came(cohort) && cohort.customers.len() > age
        };
        let counted = self.cohorts.iter().filter(of);
        let (here, came) = counted.fold((0, 0), |(here, came), cohort| {
            (here + cohort.customers[age], came + cohort.customers[0])
        });
        (came > 0).then(|| (here as f64 / came as f64, came))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::track::{Standing, standing};
    use jiff::civil::date;

    fn as_of(month: i8) -> AsOf {
        AsOf(date(2024, month, 28))
    }

    /// Four months of five customers; a dot is not there.
    const PATHS: [&str; 5] = ["aaaa", "abbb", "aab.", "bbab", ".aaa"];

    fn cohorts() -> GroupCohorts {
        let mut found = GroupCohorts::default();
        let mut standings: Vec<Option<Standing>> = vec![None; PATHS.len()];
        for month in 0..4 {
            for (path, own) in PATHS.iter().zip(&mut standings) {
                let group = path.as_bytes()[month] as char;
                let there = group != '.';
                *own = there.then(|| {
                    standing(own.as_ref(), &GroupKey(group.into()), as_of(month as i8 + 1).0)
                });
            }
            let now = standings.iter().flatten().map(|own| (&own.group, own.group_changed_on));
            found = found.followed_by(as_of(month as i8 + 1), now);
        }
        found
    }

    #[test]
    fn cohorts_by_hand() {
        let found = cohorts();
        let told: Vec<(&str, i8, &[usize])> = (found.cohorts.iter())
            .map(|cohort| (&*cohort.group.0, cohort.since.month(), &cohort.customers[..]))
            .collect();
        let expected: [(&str, i8, &[usize]); 7] = [
            ("a", 1, &[3, 2, 1, 1]),
            ("a", 2, &[1, 1, 1]),
            ("a", 3, &[1, 0]),
            ("b", 1, &[1, 1, 0, 0]),
            ("b", 2, &[1, 1, 1]),
            ("b", 3, &[1, 0]),
            ("b", 4, &[1]),
        ];
        assert_eq!(told, expected);
        let a = GroupKey("a".into());
        // Two came to a after the first month: one is there a month later, and the one of whom two
        // months are known is there too.
        assert_eq!(found.retained(&a, 0), Some((1.0, 2)));
        assert_eq!(found.retained(&a, 1), Some((0.5, 2)));
        assert_eq!(found.retained(&a, 2), Some((1.0, 1)));
        assert_eq!(found.retained(&a, 3), None);
        assert!(!found.came(&found.cohorts[0]) && found.came(&found.cohorts[1]));
    }

    #[test]
    fn of_many_runs_the_last_are_kept() {
        let a = GroupKey("a".into());
        let since = date(2000, 1, 31);
        let mut found = GroupCohorts::default();
        for month in 0..COHORT_RUNS + 4 {
            let day = since.saturating_add(jiff::Span::new().months(month as i64));
            found = found.followed_by(AsOf(day), std::iter::once((&a, since)));
        }
        assert_eq!(found.runs.len(), COHORT_RUNS);
        assert_eq!(found.cohorts[0].customers, [1; COHORT_RUNS]);
        assert!(!found.came(&found.cohorts[0]));
    }
}
