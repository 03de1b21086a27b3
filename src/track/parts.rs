//! Previous run + clusters of the new one, both in parts -> lineage ids: a cluster continues a
//! segment of its own part alone.
//!
//! The parts are stages of the lifecycle: customers pass from one to the next by rule, so that a
//! segment whose customers all grew older together has not become a segment of the next stage.
//! Similarity is that of [`match_segments`], counted over the customers who are in the part in
//! both.

use std::collections::BTreeMap;

use super::error::TrackError;
use super::matching::{MatchParams, Matching, match_segments};
use super::view::View;
use crate::types::{CustomerId, GroupKey, SegmentId};

/// Gives clusters 0 to k - 1 of a new run their lineage ids, part by part in ascending order;
/// `cluster_part` has one part a cluster, `segment_part` tells that of a segment of `previous`. A
/// segment without a part is continued by none. The rest is as for [`match_segments`].
///
/// # Errors
///
/// As [`match_segments`].
pub fn match_within<P: Copy + Ord>(
    previous: Option<&View<'_>>,
    segment_part: impl Fn(SegmentId) -> Option<P>,
    customers: &[CustomerId],
    cluster: &[u32],
    cluster_part: &[P],
    next: SegmentId,
    params: &MatchParams,
) -> Result<Matching, TrackError> {
    let k = cluster_part.len();
    // What the parts cannot notice: rows of no cluster, ids in use by segments of no part.
    if let Some(row) = cluster.iter().position(|&index| index as usize >= k) {
        let customer = customers.get(row).map_or_else(String::new, ToString::to_string);
        return Err(TrackError::ClusterOutOfRange { customer, cluster: cluster[row], k });
    }
    if customers.len() != cluster.len() {
        let (customers, clusters) = (customers.len(), cluster.len());
        return Err(TrackError::ClusterLengths { customers, clusters });
    }
    if let Some(&highest) = previous.and_then(|view| view.segments().iter().max())
        && highest >= next
    {
        return Err(TrackError::IdInUse { next, highest });
    }
    let mut clusters: BTreeMap<P, Vec<usize>> = BTreeMap::new();
    for (index, &part) in cluster_part.iter().enumerate() {
        clusters.entry(part).or_default().push(index);
    }
    let mut found = Matching { lineage: vec![next; k], next, matched: Vec::new() };
    for (part, own) in clusters {
        let mut place = vec![None; k];
        own.iter().enumerate().for_each(|(at, &index)| place[index] = Some(at as u32));
        let (rows, labels): (Vec<CustomerId>, Vec<u32>) = (customers.iter().zip(cluster))
            .filter_map(|(customer, &index)| Some((customer.clone(), place[index as usize]?)))
            .unzip();
        let before =
            previous.map(|view| columns(view, |segment| segment_part(segment) == Some(part)));
        let view = match (&before, previous) {
            (Some((customers, segments, groups)), Some(view)) => {
                Some(View::new(view.run_id(), customers, segments, groups)?)
            }
            _ => None,
        };
        let matching =
            match_segments(view.as_ref(), &rows, &labels, own.len(), found.next, params)?;
        for (&index, lineage) in own.iter().zip(matching.lineage) {
            found.lineage[index] = lineage;
        }
        found.next = matching.next;
        found.matched.extend(matching.matched.into_iter().map(|mut pair| {
            pair.cluster = own[pair.cluster];
            pair
        }));
    }
    found.matched.sort_by_key(|pair| pair.segment);
    Ok(found)
}

/// The rows of `view` whose segment is `wanted`.
fn columns(
    view: &View<'_>,
    wanted: impl Fn(SegmentId) -> bool,
) -> (Vec<CustomerId>, Vec<SegmentId>, Vec<GroupKey>) {
    let mut found = (Vec::new(), Vec::new(), Vec::new());
    let rows = view.customers().iter().zip(view.segments()).zip(view.groups());
    for ((customer, &segment), group) in rows.filter(|((_, segment), _)| wanted(**segment)) {
        found.0.push(customer.clone());
        found.1.push(segment);
        found.2.push(group.clone());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customers(numbers: std::ops::Range<u32>) -> Vec<CustomerId> {
        numbers.map(|number| CustomerId::from(format!("c{number:03}").as_str())).collect()
    }

    /// Part `a` has the segments S01 (customers 0 to 9) and S02 (10 to 19), part `b` S03 (20 to 29).
    fn before() -> (Vec<CustomerId>, Vec<SegmentId>, Vec<GroupKey>) {
        let segments = (0..30).map(|at| SegmentId(at / 10 + 1)).collect();
        (customers(0..30), segments, vec![GroupKey("g".into()); 30])
    }

    fn part(segment: SegmentId) -> Option<char> {
        [(1, 'a'), (2, 'a'), (3, 'b')]
            .iter()
            .find(|(id, _)| *id == segment.0)
            .map(|(_, part)| *part)
    }

    fn within(cluster: &[u32], parts: &[char]) -> Result<Matching, TrackError> {
        let (ids, segments, groups) = before();
        let view = View::new("r1", &ids, &segments, &groups)?;
        let customers = customers(0..cluster.len() as u32);
        let params = MatchParams::default();
        match_within(Some(&view), part, &customers, cluster, parts, SegmentId(4), &params)
    }

    #[test]
    fn nobody_continues_a_segment_of_another_part() {
        // Cluster 0 (part b) has all customers of S01, who grew older together, and S03 has left.
        let cluster: Vec<u32> = (0..20).map(|at| at / 10).collect();
        let found = within(&cluster, &['b', 'a']).unwrap();
        assert_eq!(found.lineage, [SegmentId(4), SegmentId(2)]);
        assert_eq!((found.next, found.matched.len()), (SegmentId(5), 1));
        let same = within(&cluster, &['a', 'a']).unwrap();
        assert_eq!(same.lineage, [SegmentId(1), SegmentId(2)]);
    }

    #[test]
    fn those_who_changed_part_neither_help_nor_harm() {
        // Of S01 two customers are left in part a, both in cluster 1; eight went to part b.
        let mut cluster: Vec<u32> = (0..30).map(|at| [0, 2, 3][at / 10]).collect();
        cluster[8] = 1;
        cluster[9] = 1;
        let found = within(&cluster, &['b', 'a', 'a', 'b']).unwrap();
        assert_eq!(found.lineage, [4, 1, 2, 3].map(SegmentId));
        let pair = found.matched.iter().find(|pair| pair.segment == SegmentId(1)).unwrap();
        assert_eq!((pair.cluster, pair.shared, pair.jaccard), (1, 2, 1.0));
    }

    #[test]
    fn one_part_is_a_plain_match_and_new_ids_go_part_by_part() {
        let cluster: Vec<u32> = (0..30).map(|at| at / 10).collect();
        let (ids, params) = (customers(0..30), MatchParams::default());
        let plain = match_segments(None, &ids, &cluster, 3, SegmentId(1), &params).unwrap();
        let parts =
            match_within(None, |_| None::<u8>, &ids, &cluster, &[0, 0, 0], SegmentId(1), &params);
        assert_eq!(parts.unwrap(), plain);
        let parts = ['b', 'a', 'b'];
        let found =
            match_within(None, |_| None, &ids, &cluster, &parts, SegmentId(1), &params).unwrap();
        assert_eq!(found.lineage, [2, 1, 3].map(SegmentId));
        assert_eq!(found.next, SegmentId(4));
    }

    #[test]
    fn refuses_what_the_parts_cannot_notice() {
        let error = within(&[0, 2], &['a', 'b']).unwrap_err();
        assert!(matches!(error, TrackError::ClusterOutOfRange { cluster: 2, k: 2, .. }));
        let (ids, params) = (customers(0..3), MatchParams::default());
        let short = match_within(None, |_| None, &ids, &[0], &['a'], SegmentId(1), &params);
        assert!(matches!(short, Err(TrackError::ClusterLengths { .. })));
        let (before, segments, groups) = before();
        let view = View::new("r1", &before, &segments, &groups).unwrap();
        let used =
            match_within(Some(&view), |_| None, &ids, &[0; 3], &['a'], SegmentId(3), &params);
        assert!(matches!(used, Err(TrackError::IdInUse { .. })));
    }
}
