//! CohortTable -> the lines of survival by age, from the month of the first purchase on.

use super::validation::{Lines, Look, Series};
use crate::features::retention::CohortTable;
use crate::report::texts::RetentionTexts;
use crate::types::Language;

/// The most ages after the first that are drawn.
pub(in crate::report) const MOST_AGES: usize = 60;

/// All cohorts at one age.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::report) struct Age {
    /// Months since the first purchase.
    pub(in crate::report) age: u32,
    /// Customers of the cohorts that have reached it.
    pub(in crate::report) customers: u64,
    /// Share of them active at this age; none without a customer.
    pub(in crate::report) active: Option<f64>,
    /// Share of them active at this age or later.
    pub(in crate::report) alive: Option<f64>,
    /// Those alive over those alive a month before; none at age 0.
    pub(in crate::report) retention: Option<f64>,
}

/// Ages 0, 1, ..., at most [`MOST_AGES`] after the first.
pub(in crate::report) fn ages(table: &CohortTable) -> Vec<Age> {
    let customers: u64 = table
        .cohorts
        .iter()
        .filter_map(|cohort| cohort.active.first())
        .map(|n| u64::from(*n))
        .sum();
    let all = (customers > 0).then_some(1.0);
    let first = Age { age: 0, customers, active: all, alive: all, retention: None };
    let later = table.by_age.iter().take(MOST_AGES).map(|age| {
        let share =
            |part: u32| (age.customers > 0).then(|| f64::from(part) / f64::from(age.customers));
        Age {
            age: age.age,
            customers: u64::from(age.customers),
            active: share(age.active),
            alive: share(age.alive),
            retention: age.retention,
        }
    });
    std::iter::once(first).chain(later).collect()
}

/// Percentages of those active then or later, and of those active, by age.
pub(in crate::report) fn lines(ages: &[Age], language: Language) -> Lines {
    let words = RetentionTexts::of(language);
    let series = |name: &str, look, of: fn(&Age) -> Option<f64>| Series {
        name: name.into(),
        look,
        place: 0,
        values: ages.iter().map(|age| of(age).map(|share| share * 100.0)).collect(),
    };
    Lines {
        places: ages.iter().map(|age| (f64::from(age.age), age.age.to_string())).collect(),
        series: vec![
            series(words.alive, Look::Actual, |age| age.alive),
            series(words.active, Look::Taken, |age| age.active),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::retention::cohort_retention;

    /// A buys in months 0, 1 and 3, B in 0 and 2, C in 1 alone.
    #[test]
    fn four_months_by_hand() {
        let activity = [(0, 0), (0, 1), (0, 3), (1, 0), (1, 2), (2, 1)];
        let ages = ages(&cohort_retention(&activity, 3).unwrap());
        let found: Vec<(u64, Option<f64>, Option<f64>)> =
            ages.iter().map(|age| (age.customers, age.active, age.alive)).collect();
        assert_eq!(
            found,
            [
                (3, Some(1.0), Some(1.0)),
                (3, Some(1.0 / 3.0), Some(2.0 / 3.0)),
                (3, Some(1.0 / 3.0), Some(2.0 / 3.0)),
                (2, Some(0.5), Some(0.5)),
            ]
        );
        let lines = lines(&ages, Language::En);
        assert_eq!(lines.series[1].values[3], Some(50.0));
        assert_eq!(lines.places[3], (3.0, "3".into()));
    }

    #[test]
    fn nobody_and_very_many_months() {
        let none = ages(&CohortTable::default());
        assert_eq!((none.len(), none[0].alive), (1, None));
        let long = ages(&cohort_retention(&[(0, 0), (0, 200)], 200).unwrap());
        assert_eq!((long.len(), long[MOST_AGES].age), (MOST_AGES + 1, 60));
    }
}
