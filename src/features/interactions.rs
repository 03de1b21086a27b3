//! Interactions of each buyer -> counts, recency and trend by kind, and a marker of complaints.
//!
//! For a kind called `email opened` the columns are `n_email_opened`,
//! `email_opened_recency_days` and `email_opened_trend`: interactions, days since the last one
//! (not defined without any), and those of the last 90 days less those of the 90 before. The
//! same for all kinds together under `interactions`, and for complaints `n_complaints`,
//! `complaint` (1 or 0) and `complaint_recency_days`.

use std::collections::HashSet;

use super::{FeatureColumn, FeatureError, Unit};
use crate::ingest::Interactions;
use crate::types::{AsOf, CustomerId};

/// Days of each of the two windows that a trend compares.
const WINDOW: i32 = 90;

/// Counts of one kind, one value a buyer.
struct Counts {
    all: Vec<f64>,
    last: Vec<f64>,
    trend: Vec<f64>,
}

impl Counts {
    fn new(buyers: usize) -> Self {
        Self { all: vec![0.0; buyers], last: vec![f64::NAN; buyers], trend: vec![0.0; buyers] }
    }

    fn add(&mut self, buyer: usize, ago: i32) {
        self.all[buyer] += 1.0;
        self.last[buyer] = self.last[buyer].min(f64::from(ago));
        self.trend[buyer] += match ago {
            ago if ago < WINDOW => 1.0,
            ago if ago < 2 * WINDOW => -1.0,
            _ => 0.0,
        };
    }

    fn columns(self, count: String, name: &str) -> [FeatureColumn; 3] {
        [
            FeatureColumn { name: count, unit: Unit::Count, values: self.all },
            FeatureColumn {
                name: format!("{name}_recency_days"),
                unit: Unit::Days,
                values: self.last,
            },
            FeatureColumn { name: format!("{name}_trend"), unit: Unit::Count, values: self.trend },
        ]
    }
}

/// Columns of the buyers, who are sorted.
///
/// # Errors
/// `InteractionName` for a kind that gives a column its name twice.
pub(super) fn columns(
    interactions: &Interactions,
    customers: &[CustomerId],
    as_of: AsOf,
    features: &[FeatureColumn],
) -> Result<Vec<FeatureColumn>, FeatureError> {
    let mut all = Counts::new(customers.len());
    let mut complaints = Counts::new(customers.len());
    let mut kinds: Vec<Counts> =
        interactions.kinds.iter().map(|_| Counts::new(customers.len())).collect();
    let rows = interactions.customer.iter().zip(&interactions.day).zip(&interactions.kind);
    for ((customer, day), &kind) in rows {
        let Ok(buyer) = customers.binary_search(customer) else { continue };
        let ago = as_of.days() - day;
        all.add(buyer, ago);
        kinds[usize::from(kind)].add(buyer, ago);
        if interactions.complaint[usize::from(kind)] {
            complaints.add(buyer, ago);
        }
    }
    let mut columns: Vec<FeatureColumn> =
        all.columns("n_interactions".into(), "interactions").into();
    let marker = complaints.all.iter().map(|count| f64::from(u8::from(*count > 0.0))).collect();
    let [count, recency, _] = complaints.columns("n_complaints".into(), "complaint");
    columns.extend([count, recency]);
    columns.push(FeatureColumn { name: "complaint".into(), unit: Unit::Count, values: marker });
    let mut taken: HashSet<String> =
        features.iter().chain(&columns).map(|column| column.name.clone()).collect();
    for (kind, counts) in interactions.kinds.iter().zip(kinds) {
        let name = plain(kind);
        for column in counts.columns(format!("n_{name}"), &name) {
            // The kind `complaint` itself: its columns stand already.
            let twice = ["n_complaint", "complaint_recency_days", "complaint_trend"];
            if twice.contains(&column.name.as_str()) && taken.contains(&column.name) {
                continue;
            }
            if !taken.insert(column.name.clone()) {
                return Err(FeatureError::InteractionName {
                    kind: kind.clone(),
                    name: column.name,
                });
            }
            columns.push(column);
        }
    }
    Ok(columns)
}

/// A name for columns: letters and digits of any script in lower case, everything else `_`.
fn plain(kind: &str) -> String {
    let name: String =
        kind.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let name = name.trim_matches('_');
    if name.is_empty() { "kind".into() } else { name.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn table(rows: &[(&str, i32, u16)], kinds: &[&str]) -> Interactions {
        Interactions {
            customer: rows.iter().map(|(id, ..)| CustomerId::from(*id)).collect(),
            day: rows.iter().map(|(_, day, _)| *day).collect(),
            kind: rows.iter().map(|(.., kind)| *kind).collect(),
            kinds: kinds.iter().map(|kind| (*kind).into()).collect(),
            complaint: kinds.iter().map(|kind| kind.starts_with("complaint")).collect(),
        }
    }

    #[test]
    fn counts_recency_and_trend_by_hand() {
        let as_of = AsOf(date(1970, 12, 31));
        let today = as_of.days();
        let rows = [
            ("a", today - 200, 1),
            ("a", today - 100, 1),
            ("a", today - 10, 0),
            ("b", today - 90, 1),
            ("stranger", today, 0),
        ];
        let customers = ["a", "b", "c"].map(CustomerId::from);
        let found = columns(&table(&rows, &["complaint", "Email opened"]), &customers, as_of, &[]);
        let found = found.unwrap();
        let column = |name: &str| {
            let column = found.iter().find(|column| column.name == name);
            column.unwrap_or_else(|| panic!("{name}")).values.clone()
        };
        assert_eq!(column("n_interactions"), [3.0, 1.0, 0.0]);
        assert_eq!(column("n_email_opened"), [2.0, 1.0, 0.0]);
        assert_eq!(column("email_opened_trend"), [-1.0, -1.0, 0.0]);
        assert_eq!(column("email_opened_recency_days")[..2], [100.0, 90.0]);
        assert!(column("email_opened_recency_days")[2].is_nan());
        assert_eq!(column("complaint"), [1.0, 0.0, 0.0]);
        assert_eq!(column("n_complaints"), [1.0, 0.0, 0.0]);
        assert_eq!(column("complaint_recency_days")[0], 10.0);
        let mut names: Vec<&str> = found.iter().map(|column| column.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), found.len(), "every name once");
    }

    #[test]
    fn two_kinds_of_one_name_are_refused() {
        let twice = columns(&table(&[], &["a b", "a-b"]), &[], AsOf(date(2024, 1, 1)), &[]);
        assert!(matches!(twice, Err(FeatureError::InteractionName { .. })), "{twice:?}");
        assert_eq!(plain("  Khiếu nại! "), "khiếu_nại");
        assert_eq!(plain("???"), "kind");
    }
}
