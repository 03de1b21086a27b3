//! Three columns of `assignments.parquet` -> where every buyer of a run is, without the rest.

use std::collections::HashMap;
use std::fs::File;

use polars::prelude::*;

use super::files::ASSIGNMENTS;
use super::values::read_columns;
use super::{StoreError, StoredRun};
use crate::types::{CustomerId, GroupKey, SegmentId};

/// The buyers of a run, sorted, with segment and group.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Places {
    /// Who.
    pub customers: Vec<CustomerId>,
    /// One a customer.
    pub segments: Vec<SegmentId>,
    /// One a customer.
    pub groups: Vec<GroupKey>,
}

/// Where the buyers of a run are.
///
/// # Errors
/// `Read`, `Damaged`.
pub fn load_places(run: &StoredRun) -> Result<Places, StoreError> {
    let path = run.path.join(ASSIGNMENTS);
    let file =
        File::open(&path).map_err(|source| StoreError::Read { path: path.clone(), source })?;
    read_columns(file, &["customer_id", "segment", "group"])
        .and_then(|frame| places(&frame))
        .map_err(|what| StoreError::Damaged { path, what })
}

fn places(frame: &DataFrame) -> Result<Places, String> {
    let text = |name: &str| {
        frame.column(name).and_then(|c| c.str().cloned()).map_err(|error| error.to_string())
    };
    let (ids, segments, groups) = (text("customer_id")?, text("segment")?, text("group")?);
    let mut found = Places::default();
    // There are few segments: each is read once. Only looked up, so that the order does not show.
    let mut known: HashMap<&str, SegmentId> = HashMap::new();
    for ((id, segment), group) in ids.iter().zip(segments.iter()).zip(groups.iter()) {
        let Some(segment) = segment else { continue };
        let segment = match known.get(segment) {
            Some(known) => *known,
            None => {
                let read = segment.parse()?;
                known.insert(segment, read);
                read
            }
        };
        found.customers.push(id.ok_or("customer_id is null")?.into());
        found.segments.push(segment);
        found.groups.push(GroupKey(group.ok_or("group is null")?.to_owned()));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prospects_are_left_out_and_no_id_may_be_garbled() {
        let frame = |segments: [Option<&str>; 3]| {
            df!(
                "customer_id" => ["a", "b", "c"],
                "segment" => segments,
                "group" => ["loyal", "prospect", "lost"],
            )
            .expect("a frame")
        };
        let found = places(&frame([Some("S02"), None, Some("S10")])).expect("places");
        assert_eq!(found.segments, [SegmentId(2), SegmentId(10)]);
        assert_eq!(found.customers, [CustomerId::from("a"), CustomerId::from("c")]);
        assert_eq!(found.groups[1], GroupKey("lost".into()));
        assert!(places(&frame([Some("2"), None, None])).is_err());
    }
}
