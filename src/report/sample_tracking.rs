//! How the made-up run relates to the one before it.

use crate::run::Segment;
use crate::track::{self, Agreement};
use crate::types::{CustomerId, SegmentId};

/// Of ten customers of each segment two went to the next.
pub(super) fn agreement(segments: &[Segment]) -> Option<Agreement<SegmentId>> {
    let ids: Vec<SegmentId> = segments.iter().map(|segment| segment.segment).collect();
    let n = 10 * ids.len();
    let customers: Vec<CustomerId> =
        (0..n).map(|row| CustomerId::from(format!("c{row:06}").as_str())).collect();
    let before: Vec<SegmentId> = (0..n).map(|row| ids[row / 10]).collect();
    let after: Vec<SegmentId> =
        (0..n).map(|row| ids[(row / 10 + usize::from(row % 10 < 2)) % ids.len()]).collect();
    let lists = ((&customers[..], &before[..]), (&customers[..], &after[..]));
    track::agreement(lists.0, lists.1, ("before", "after")).ok()?.1
}
