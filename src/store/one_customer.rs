//! One customer of a stored run, without reading what the run has of the others.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use polars::prelude::*;

use super::files::{ASSIGNMENTS, FEATURES};
use super::values::{read_columns, read_row};
use super::{StoreError, StoredRun, frames};
use crate::run::Assignment;

/// A customer as a run has them.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomerInRun {
    /// Where they belong.
    pub assignment: Assignment,
    /// Their features of numbers; not there where not defined.
    pub features: BTreeMap<String, f64>,
}

/// The customer `id` of a run; none where the run does not have them. Ids of the form 13085.0 are
/// read as 13085.
///
/// # Errors
/// `Read`, `Damaged`.
pub fn load_customer(run: &StoredRun, id: &str) -> Result<Option<CustomerInRun>, StoreError> {
    let Some(frame) = row_of(&run.path.join(ASSIGNMENTS), id)? else { return Ok(None) };
    let manifest = &run.manifest;
    let damaged = |file: &str, what: &str| StoreError::Damaged {
        path: run.path.join(file),
        what: what.to_owned(),
    };
    let rows = frames::assignments(&frame, &manifest.further_columns(), manifest.as_of)
        .map_err(|what| damaged(ASSIGNMENTS, &what))?;
    let assignment =
        rows.into_iter().next().ok_or_else(|| damaged(ASSIGNMENTS, "a row cannot be read"))?;
    let features = row_of(&run.path.join(FEATURES), assignment.customer.as_str())?
        .ok_or_else(|| damaged(FEATURES, "a customer with an assignment is not in it"))?;
    let number = |column: &Column| {
        let value = column.f64().ok()?.get(0).filter(|value| !value.is_nan())?;
        Some((column.name().to_string(), value))
    };
    let features = features.columns().iter().filter_map(number).collect();
    Ok(Some(CustomerInRun { assignment, features }))
}

/// The row of a table sorted by `customer_id`.
fn row_of(path: &Path, id: &str) -> Result<Option<DataFrame>, StoreError> {
    let open =
        || File::open(path).map_err(|source| StoreError::Read { path: path.to_owned(), source });
    let damaged = |what: String| StoreError::Damaged { path: path.to_owned(), what };
    let ids = read_columns(open()?, &["customer_id"]).map_err(damaged)?;
    let ids = ids.column("customer_id").and_then(|column| column.str().cloned());
    let ids = ids.map_err(|error| damaged(error.to_string()))?;
    let found = position(&ids, id).or_else(|| position(&ids, id.strip_suffix(".0")?));
    let Some(row) = found else { return Ok(None) };
    read_row(open()?, row).map(Some).map_err(damaged)
}

fn position(ids: &StringChunked, id: &str) -> Option<usize> {
    let (mut from, mut to) = (0, ids.len());
    while from < to {
        let middle = from.midpoint(to);
        match ids.get(middle)?.cmp(id) {
            Ordering::Equal => return Some(middle),
            Ordering::Less => from = middle + 1,
            Ordering::Greater => to = middle,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_is_found_and_no_other() {
        let ids = StringChunked::from_iter_values("id".into(), ["1", "13085", "2"].into_iter());
        for (row, id) in ["1", "13085", "2"].into_iter().enumerate() {
            assert_eq!(position(&ids, id), Some(row));
        }
        for id in ["", "0", "1308", "3"] {
            assert_eq!(position(&ids, id), None);
        }
    }
}
