//! Columns of a table before and now -> columns that are gone, new or of another type.
//!
//! Order is irrelevant. A column is gone where every file had it and not every one has it now; that is
//! severe where the run before used it (an attribute: of other used columns a run does not begin without),
//! and notable otherwise. Types are those of Parquet files; of numbers, whole ones and others are one.

use super::{Finding, FindingKind, Gravity, Months};
use crate::run::{ColumnFacts, TableFacts};

fn column<'a>(table: &'a TableFacts, name: &str) -> Option<&'a ColumnFacts> {
    table.columns.iter().find(|column| column.name == name)
}

pub(super) fn find(months: Months<'_>, findings: &mut Vec<Finding>) {
    let Months { now, before, .. } = months;
    for earlier in before.columns.iter().filter(|column| column.files == before.files.len()) {
        let here = column(now, &earlier.name);
        let files = here.map_or(0, |column| column.files);
        if files < now.files.len() {
            let used = earlier.filled.is_some();
            let gravity = if used { Gravity::Severe } else { Gravity::Notable };
            let share = (now.files.len() - files) as f64 / now.files.len() as f64;
            let gone = Finding::new(now, FindingKind::ColumnGone, gravity).of(&earlier.name);
            findings.push(Finding { share: Some(share), ..gone });
        }
    }
    for here in &now.columns {
        match column(before, &here.name) {
            None => {
                let new = Finding::new(now, FindingKind::ColumnNew, Gravity::Note);
                findings.push(new.of(&here.name));
            }
            Some(earlier) => {
                if let (Some(was), Some(is)) = (&earlier.kind, &here.kind)
                    && broad(was) != broad(is)
                {
                    let changed = Finding::new(now, FindingKind::TypeChanged, Gravity::Notable);
                    let values = vec![was.clone(), is.clone()];
                    findings.push(Finding { values, ..changed.of(&here.name) });
                }
            }
        }
    }
}

/// Whole numbers and others are numbers; days and times are times.
fn broad(kind: &str) -> String {
    let mut kinds: Vec<&str> = (kind.split(" or "))
        .map(|kind| match kind {
            "integer" => "number",
            "date" => "time",
            other => other,
        })
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds.join(" or ")
}
