//! Columns of names before and now -> values that are new or have vanished, shares that moved.
//!
//! A value is new beyond chance where, with its share p now, so many rows as before would lack it by
//! chance in less than one of 1,000 cases, (1 - p)^n < 0.001; vanished likewise. Together a hundredth of
//! the rows is notable. Shares moved where their population stability index is above chance and from 0.1
//! (noted) or 0.25 (notable); where it is within 0.1 or chance of the same month of last year that is
//! seasonal. Of a column with more than 50 values the rest counts as one, and none is told new or vanished.

use std::collections::BTreeSet;

use super::{Finding, FindingKind, Gravity, Months};
use crate::math::{Distance, population_stability};
use crate::run::{CategoryFacts, TableFacts};
use crate::track::drift::{MAJOR, MODERATE};
use crate::track::shares::RARE;

/// Share of the rows from which new or vanished values are notable.
const NOTABLE: f64 = 0.01;

pub(super) fn find(months: Months<'_>, findings: &mut Vec<Finding>) {
    let Months { now, before, last_year } = months;
    for here in &now.categories {
        let of = |table: &'_ TableFacts| -> Option<CategoryFacts> {
            let same = table.categories.iter().find(|other| other.column == here.column);
            same.filter(|found| !found.most.is_empty()).cloned()
        };
        let (Some(earlier), false) = (of(before), here.most.is_empty()) else { continue };
        for (kind, found) in [
            (FindingKind::NewValues, absent(here, &earlier)),
            (FindingKind::VanishedValues, absent(&earlier, here)),
        ] {
            let Some((values, share)) = found else { continue };
            let year = last_year.and_then(of);
            let then = match kind {
                FindingKind::NewValues => year.as_ref().is_some_and(|year| has(year, &values)),
                _ => {
                    year.as_ref().is_some_and(|year| !values.iter().any(|value| holds(year, value)))
                }
            };
            let gravity = match share >= NOTABLE {
                false => Gravity::Note,
                true if then => Gravity::Seasonal,
                true => Gravity::Notable,
            };
            let found = Finding::new(now, kind, gravity).of(&here.column);
            findings.push(Finding { values, share: Some(share), ..found });
        }
        let Some(index) = stability(&earlier, here) else { continue };
        if index.value <= index.chance || index.value < MODERATE {
            continue;
        }
        let year = last_year.and_then(of).and_then(|year| stability(&year, here));
        let gravity = match year {
            Some(year) if year.value <= year.chance.max(MODERATE) => Gravity::Seasonal,
            _ if index.value < MAJOR => Gravity::Note,
            _ => Gravity::Notable,
        };
        findings.push(Finding {
            now: Some(index.value),
            chance: Some(index.chance),
            ..Finding::new(now, FindingKind::SharesMoved, gravity).of(&here.column)
        });
    }
}

fn holds(facts: &CategoryFacts, value: &str) -> bool {
    facts.most.iter().any(|(name, _)| name == value)
}

fn has(facts: &CategoryFacts, values: &[String]) -> bool {
    values.iter().all(|value| holds(facts, value))
}

/// Whether all values of the column are kept.
fn complete(facts: &CategoryFacts) -> bool {
    facts.most.len() as u64 == facts.distinct
}

/// The values of `here` that `there` has not, beyond chance, and their share; none without such, and
/// where not all values are known.
fn absent(here: &CategoryFacts, there: &CategoryFacts) -> Option<(Vec<String>, f64)> {
    if !complete(here) || !complete(there) {
        return None;
    }
    let share = |count: u64| count as f64 / here.values as f64;
    let rare = |count: u64| (1.0 - share(count)).powf(there.values as f64) < RARE;
    let found: Vec<&(String, u64)> =
        here.most.iter().filter(|(name, count)| !holds(there, name) && rare(*count)).collect();
    let count = found.iter().map(|(_, count)| count).sum();
    let names = found.iter().map(|(name, _)| name.clone()).collect();
    (!found.is_empty()).then(|| (names, share(count)))
}

/// The population stability index of the shares of the values; of those that both keep, and of the rest
/// as one, where not all are kept.
fn stability(before: &CategoryFacts, now: &CategoryFacts) -> Option<Distance> {
    let whole = complete(before) && complete(now);
    let both = before.most.iter().chain(&now.most).map(|(name, _)| name);
    let names: BTreeSet<&String> =
        both.filter(|name| whole || (holds(before, name) && holds(now, name))).collect();
    let counts = |facts: &CategoryFacts| -> Vec<f64> {
        let count =
            |name: &String| facts.most.iter().find(|(other, _)| other == name).map_or(0, |n| n.1);
        let mut counts: Vec<f64> = names.iter().map(|name| count(name) as f64).collect();
        counts.push(facts.values as f64 - counts.iter().sum::<f64>());
        counts
    };
    population_stability(&counts(before), &counts(now))
}
