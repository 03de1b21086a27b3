//! Values and rows of a table before and now -> columns that are emptier or less readable, reasons for
//! which more rows are refused.
//!
//! A share has risen where it is at least twice what it was, a hundredth of the rows more, and beyond
//! chance: the two-proportion test at 99.9 %, with the pooled share p of n and m values,
//! sqrt(p (1 - p) (1/n + 1/m)) times 3.29. Rows of a day are alike, so that alone would find too much: it
//! is the bounds that keep ordinary months quiet. A fifth of the rows more is severe. A share that is no
//! rise against the same month of last year is seasonal. Shares that fall are no fault.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, FindingKind, Gravity, Months};
use crate::run::{Filled, TableFacts};
use crate::track::shares::ROUNDING;

/// Least rise, in shares of all values.
pub(super) const RISE: f64 = 0.01;

/// Least rise, in times the share before.
pub(super) const TIMES: f64 = 2.0;

/// A rise from which a finding is severe.
pub(super) const SEVERE: f64 = 0.2;

/// Two-sided quantile of a standard normal law at 99.9 %.
pub(super) const NORMAL: f64 = 3.290_526_731_491_925;

/// So many of so many.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Part {
    pub count: u64,
    pub of: u64,
}

impl Part {
    pub(super) fn share(self) -> f64 {
        self.count as f64 / self.of as f64
    }
}

/// What chance alone gives for the difference of two shares.
pub(super) fn by_chance(a: Part, b: Part) -> f64 {
    let (n, m) = (a.of as f64, b.of as f64);
    let pooled = (a.count + b.count) as f64 / (n + m);
    NORMAL * (pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m)).sqrt()
}

/// Whether a share has risen, and what chance alone gives; none where there is nothing to compare.
pub(super) fn rise(before: Part, now: Part) -> Option<f64> {
    if before.of == 0 || now.of == 0 {
        return None;
    }
    let chance = by_chance(before, now);
    let difference = now.share() - before.share();
    let twice = now.share() >= TIMES * before.share() - ROUNDING;
    let risen = difference >= RISE - ROUNDING && twice && difference > chance;
    risen.then_some(chance)
}

pub(super) fn find(months: Months<'_>, findings: &mut Vec<Finding>) {
    let Months { now, before, last_year } = months;
    for column in &now.columns {
        let of = |table: &TableFacts, count: fn(Filled) -> u64| {
            let same = table.columns.iter().find(|other| other.name == column.name);
            let filled = same.and_then(|column| column.filled)?;
            Some(Part { count: count(filled), of: filled.values })
        };
        for (kind, count) in [
            (FindingKind::EmptyValues, (|filled| filled.empty) as fn(Filled) -> u64),
            (FindingKind::UnreadableValues, |filled| filled.unreadable),
        ] {
            let parts = (of(before, count), of(now, count));
            let year = last_year.and_then(|table| of(table, count));
            if let (Some(before), Some(here)) = parts {
                let found = found(months, kind, (before, here), year);
                findings.extend(found.map(|found| found.of(&column.name)));
            }
        }
    }
    let told = told_by_column();
    let reasons: BTreeSet<&String> = now.refused.keys().chain(now.undated.keys()).collect();
    for reason in reasons.into_iter().filter(|reason| !told.contains(&reason.as_str())) {
        // Rows without a day are of no month: they are held against all.
        let undated = [before, now].iter().any(|table| table.undated.contains_key(reason));
        let of = |table: &TableFacts| {
            let count = |counts: &BTreeMap<String, u64>| counts.get(reason).copied().unwrap_or(0);
            Part {
                count: count(&table.refused) + count(&table.undated),
                of: if undated { table.known } else { table.rows },
            }
        };
        let found =
            found(months, FindingKind::RefusedRows, (of(before), of(now)), last_year.map(of));
        findings.extend(found.map(|found| found.of(reason)));
    }
}

fn found(
    months: Months<'_>,
    kind: FindingKind,
    (before, now): (Part, Part),
    last_year: Option<Part>,
) -> Option<Finding> {
    let chance = rise(before, now)?;
    let seasonal = last_year.is_some_and(|year| year.of > 0 && rise(year, now).is_none());
    let gravity = match now.share() - before.share() {
        _ if seasonal => Gravity::Seasonal,
        rise if rise >= SEVERE - ROUNDING => Gravity::Severe,
        _ => Gravity::Notable,
    };
    Some(Finding {
        before: Some(before.share()),
        now: Some(now.share()),
        chance: Some(chance),
        ..Finding::new(months.now, kind, gravity)
    })
}

/// Reasons that say what the columns say already.
fn told_by_column() -> [&'static str; 15] {
    [
        "customer_missing",
        "time_missing",
        "time_unreadable",
        "amount_missing",
        "amount_unreadable",
        "amount_not_finite",
        "cost_missing",
        "cost_unreadable",
        "cost_not_finite",
        "provider_missing",
        "category_missing",
        "rank_missing",
        "rank_unreadable",
        "kind_missing",
        "response_unreadable",
    ]
}
