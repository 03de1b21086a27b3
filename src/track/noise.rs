//! What resampling alone does to segments, beside what happened to them.
//!
//! A segment that bootstrap refits of its own month dissolve (Hennig 2007: its best match has a Jaccard
//! similarity of 0.5 or less, so no cluster keeps most of it) is not one that another month can be
//! said to have split: the parts may be the model's. A split is reported where at most
//! [`SPLIT_BY_CHANCE`] of the refits dissolved the segment, or where that was not measured; where it is
//! not reported, both numbers are kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::types::SegmentId;

/// Most of the refits that may dissolve a segment whose split is reported.
pub const SPLIT_BY_CHANCE: f64 = 0.05;

/// How bootstrap refits found one segment again.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refits {
    /// Mean Jaccard similarity with the cluster most like it.
    pub jaccard: f64,
    /// Share of the refits that dissolved it.
    pub dissolved: f64,
    /// How many there were.
    pub resamples: usize,
}

/// The segments of the earlier run whose stability was measured.
pub type Noise = BTreeMap<SegmentId, Refits>;

/// What looks like a split, beside the noise.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SplitNoise {
    /// The segment before.
    pub segment: SegmentId,
    /// The parts with the share of its stayers each took, largest first.
    pub into: Vec<(SegmentId, f64)>,
    /// What refits of the earlier month made of it; none where that was not measured.
    pub refits: Option<Refits>,
    /// Whether it is reported as a split.
    pub reported: bool,
}

/// Whether a split of a segment may be reported.
pub(super) fn reported(refits: Option<&Refits>) -> bool {
    refits.is_none_or(|refits| refits.dissolved <= SPLIT_BY_CHANCE)
}
