//! Previous run + clusters of the new one -> lineage ids: which cluster continues which segment.
//!
//! A pair weighs the Jaccard similarity of its customers, counted over stayers alone, so that
//! entrants and leavers neither help nor harm. Similarity and not the number of shared customers
//! is summed, so a large segment does not decide the assignment over the heads of small ones.
//! Where it is asked for, the closeness of centroids in business units counts too
//! ([`MatchParams::centroid_weight`]). Pairs below [`MatchParams::jaccard`] weigh nothing and are
//! never made. The best assignment is found by Kuhn and Munkres (1955, 1957) on integer weights, so
//! no sum is rounded.
//!
//! Clusters are first put in an order of their own (largest first, ties by the smallest
//! customer), segments in that of their ids: neither the result nor the choice between equally
//! good assignments depends on the order of clusters or rows.

use std::borrow::Cow;
use std::collections::BTreeMap;

use pathfinding::prelude::{Matrix, kuhn_munkres};

use super::contingency::Contingency;
use super::error::TrackError;
use super::view::View;
use crate::types::{CustomerId, SegmentId};

/// Weight of a similarity of 1.
const UNIT: u128 = 1_000_000_000_000;

/// How clusters are matched with segments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MatchParams {
    /// Least Jaccard similarity over stayers of a segment with its continuation, in (0, 1];
    /// default 0.3, which a segment that halves or doubles still meets.
    /// With a weight of centroids, the least of both together.
    pub jaccard: f64,
    /// What the closeness of centroids counts, in [0, 1]; the rest is the similarity of customers.
    /// Default 0: who was where decides alone. At 0.5 a segment through which customers pass keeps
    /// its id where it keeps its place.
    pub centroid_weight: f64,
}

impl Default for MatchParams {
    fn default() -> Self {
        Self { jaccard: 0.3, centroid_weight: 0.0 }
    }
}

/// Where segments and clusters lie: their typical customer, each feature in units of the spread of
/// the population of the new run, so that days and money can be added.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Centres {
    /// Of the segments of the run before.
    pub segments: BTreeMap<SegmentId, Vec<f64>>,
    /// Of the clusters, by index; of the same features.
    pub clusters: Vec<Vec<f64>>,
}

impl Centres {
    /// exp(-d), d the root mean square of the differences over the features that both have; 0 where
    /// they have none.
    fn closeness(&self, segment: SegmentId, cluster: usize) -> f64 {
        let (Some(a), Some(b)) = (self.segments.get(&segment), self.clusters.get(cluster)) else {
            return 0.0;
        };
        let differences = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b));
        let known: Vec<f64> = differences.filter(|square| square.is_finite()).collect();
        if known.is_empty() {
            return 0.0;
        }
        (-(known.iter().sum::<f64>() / known.len() as f64).sqrt()).exp()
    }

    /// With the clusters of `own` alone, in that order.
    fn among(&self, own: &[usize]) -> Self {
        let clusters = own.iter().filter_map(|&index| self.clusters.get(index).cloned()).collect();
        Self { segments: self.segments.clone(), clusters }
    }
}

/// A cluster that continues a segment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Matched {
    /// Cluster index.
    pub cluster: usize,
    /// The segment it continues.
    pub segment: SegmentId,
    /// Stayers in both.
    pub shared: usize,
    /// `shared` over the stayers in either.
    pub jaccard: f64,
    /// What decided: `jaccard`, and the closeness of centroids by its weight.
    pub similarity: f64,
}

/// The identities of a new run's clusters.
#[derive(Clone, Debug, PartialEq)]
pub struct Matching {
    /// Lineage id of each cluster, by index: k different ids.
    pub lineage: Vec<SegmentId>,
    /// The id that the next new segment of the series gets.
    pub next: SegmentId,
    /// The clusters that continue a segment, by segment.
    pub matched: Vec<Matched>,
}

/// Gives clusters 0 to k - 1 of a new run their lineage ids.
///
/// `customers` and `cluster` have one row a customer, in any order; `previous` is none for the
/// first run of a series. `next` is the first id that the series has never used: the ids from
/// it on go to the clusters that continue nothing, largest first, ties by the smallest customer.
///
/// O(n log n) for rows out of order, O(n) for sorted ones, and O(k² max(k, k')) for the
/// assignment to k' segments.
///
/// # Errors
///
/// [`TrackError::ClusterLengths`], [`TrackError::ClusterOutOfRange`],
/// [`TrackError::DuplicateCustomer`], [`TrackError::IdInUse`], [`TrackError::IdsExhausted`],
/// [`TrackError::Parameter`].
pub fn match_segments(
    previous: Option<&View<'_>>,
    customers: &[CustomerId],
    cluster: &[u32],
    k: usize,
    next: SegmentId,
    params: &MatchParams,
) -> Result<Matching, TrackError> {
    match_placed(previous, customers, cluster, k, next, params, &Centres::default())
}

/// As [`match_segments`], with the places of segments and clusters for the weight of centroids.
///
/// # Errors
///
/// As there.
pub fn match_placed(
    previous: Option<&View<'_>>,
    customers: &[CustomerId],
    cluster: &[u32],
    k: usize,
    next: SegmentId,
    params: &MatchParams,
    centres: &Centres,
) -> Result<Matching, TrackError> {
    check(previous, customers, cluster, k, next, params)?;
    let (customers, cluster) = in_order(customers, cluster);
    if let Some(twice) = customers.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(TrackError::DuplicateCustomer { customer: twice[0].to_string() });
    }
    let order = own_order(&cluster, k);
    let mut rank = vec![0_u32; k];
    for (position, &index) in order.iter().enumerate() {
        rank[index] = position as u32;
    }
    let ranked: Vec<u32> = cluster.iter().map(|&index| rank[index as usize]).collect();

    let mut matched = match previous {
        Some(previous) => assign(previous, &customers, &ranked, params, &centres.among(&order)),
        None => Vec::new(),
    };
    let mut given = vec![None; k];
    for pair in &mut matched {
        pair.cluster = order[pair.cluster];
        given[pair.cluster] = Some(pair.segment);
    }
    let mut next = next;
    for &index in &order {
        if given[index].is_none() {
            given[index] = Some(next);
            let after = next.0.checked_add(1).ok_or(TrackError::IdsExhausted { last: next })?;
            next = SegmentId(after);
        }
    }
    Ok(Matching { lineage: given.into_iter().flatten().collect(), next, matched })
}

fn check(
    previous: Option<&View<'_>>,
    customers: &[CustomerId],
    cluster: &[u32],
    k: usize,
    next: SegmentId,
    params: &MatchParams,
) -> Result<(), TrackError> {
    if !(params.jaccard > 0.0 && params.jaccard <= 1.0) {
        let (parameter, legal) = ("jaccard", "above 0 and at most 1");
        return Err(TrackError::Parameter { parameter, legal, value: params.jaccard.to_string() });
    }
    if !(0.0..=1.0).contains(&params.centroid_weight) {
        let (parameter, legal) = ("centroid_weight", "from 0 to 1");
        let value = params.centroid_weight.to_string();
        return Err(TrackError::Parameter { parameter, legal, value });
    }
    if customers.len() != cluster.len() {
        let (customers, clusters) = (customers.len(), cluster.len());
        return Err(TrackError::ClusterLengths { customers, clusters });
    }
    let beyond = cluster.iter().position(|&index| index as usize >= k);
    if let Some(row) = beyond {
        let (customer, cluster) = (customers[row].to_string(), cluster[row]);
        return Err(TrackError::ClusterOutOfRange { customer, cluster, k });
    }
    match previous.and_then(|view| view.segments().iter().max()) {
        Some(&highest) if highest >= next => Err(TrackError::IdInUse { next, highest }),
        _ => Ok(()),
    }
}

/// Both columns in the order of customers; copied only where they are not.
fn in_order<'a>(
    customers: &'a [CustomerId],
    cluster: &'a [u32],
) -> (Cow<'a, [CustomerId]>, Cow<'a, [u32]>) {
    if customers.is_sorted() {
        return (customers.into(), cluster.into());
    }
    let mut rows: Vec<usize> = (0..customers.len()).collect();
    rows.sort_by(|&a, &b| customers[a].cmp(&customers[b]));
    let customers: Vec<CustomerId> = rows.iter().map(|&row| customers[row].clone()).collect();
    let cluster: Vec<u32> = rows.iter().map(|&row| cluster[row]).collect();
    (customers.into(), cluster.into())
}

/// Cluster indices, largest first, ties by the smallest customer; `cluster` is in the order of
/// customers. Clusters without customers come last.
fn own_order(cluster: &[u32], k: usize) -> Vec<usize> {
    let mut size = vec![0_usize; k];
    let mut first = vec![usize::MAX; k];
    for (row, &index) in cluster.iter().enumerate() {
        size[index as usize] += 1;
        first[index as usize] = first[index as usize].min(row);
    }
    let mut order: Vec<usize> = (0..k).collect();
    order.sort_by_key(|&index| (std::cmp::Reverse(size[index]), first[index], index));
    order
}

/// The pairs of the best assignment that are similar enough; clusters by rank.
fn assign(
    previous: &View<'_>,
    customers: &[CustomerId],
    ranked: &[u32],
    params: &MatchParams,
    centres: &Centres,
) -> Vec<Matched> {
    // Segment ids and ranks are both plain numbers here.
    let segments: Vec<u32> = previous.segments().iter().map(|segment| segment.0).collect();
    let counts = Contingency::count((previous.customers(), &segments), (customers, ranked));
    let (before, after) = (counts.stayers_before(), counts.stayers_after());
    let jaccard = |i: usize, j: usize| {
        let shared = counts.stayers[i][j];
        let either = before[i] + after[j] - shared;
        (shared, if either == 0 { 0.0 } else { shared as f64 / either as f64 }, either)
    };
    let of_centres = params.centroid_weight;
    let similarity = |i: usize, j: usize| match of_centres {
        0.0 => jaccard(i, j).1,
        weight => {
            let (segment, cluster) = (SegmentId(counts.before[i]), counts.after[j] as usize);
            (1.0 - weight) * jaccard(i, j).1 + weight * centres.closeness(segment, cluster)
        }
    };
    let weight = |i: usize, j: usize| {
        if similarity(i, j) < params.jaccard {
            return 0;
        }
        match jaccard(i, j) {
            (shared, _, either) if of_centres == 0.0 => {
                (shared as u128 * UNIT / either as u128) as i64
            }
            _ => (similarity(i, j) * UNIT as f64) as i64,
        }
    };
    // The assignment wants no more rows than columns: fill up with columns that weigh nothing.
    let (rows, columns) = (counts.before.len(), counts.after.len());
    let width = rows.max(columns);
    if rows == 0 {
        return Vec::new();
    }
    let weights = Matrix::from_fn(rows, width, |(i, j)| if j < columns { weight(i, j) } else { 0 });
    let (_, column_of) = kuhn_munkres(&weights);
    let pairs = column_of.into_iter().enumerate();
    let similar = pairs.filter(|&(i, j)| j < columns && weight(i, j) > 0);
    similar
        .map(|(i, j)| {
            let similarity = similarity(i, j);
            let (shared, jaccard, _) = jaccard(i, j);
            let (cluster, segment) = (counts.after[j] as usize, SegmentId(counts.before[i]));
            Matched { cluster, segment, shared, jaccard, similarity }
        })
        .collect()
}
