//! Run, Run -> Comparison: which segment became which, and which customers moved.
//!
//! [`match_segments`] gives the clusters of a new run their lineage ids, [`match_within`] does so
//! stage by stage, [`compare`] counts what
//! went where between two runs, [`standing`] carries each customer's previous group. All take a
//! [`View`] of a run, so any two tables of customers and segments can be compared; [`movement`] tells
//! the customer's movement from the model's.

mod agreement;
mod cohorts;
mod compare;
mod contingency;
mod drift;
mod error;
pub mod forecast;
mod gates;
mod graph;
mod hysteresis;
mod inputs;
mod inside;
mod lineage;
mod matching;
mod movement;
mod noise;
mod overlap;
mod parts;
mod shares;
#[cfg(test)]
mod tests;
mod value;
mod view;

use serde::{Deserialize, Serialize};

use crate::types::{GroupKey, SegmentId};

pub use crate::math::adjusted_rand_index;
pub use agreement::{Agreement, Estimate, Population, SegmentAgreement, agreement};
pub use cohorts::{COHORT_RUNS, GroupCohort, GroupCohorts};
pub use compare::{CompareParams, Descriptions, compare, compare_described};
pub use drift::{
    AGEING, Drift, DriftVerdict, FeatureDrift, FeatureMonths, MAJOR, MISSING_DAYS, MODERATE,
    Measure, feature_drift, share_drift, verdict,
};
pub use error::TrackError;
pub use gates::{Gate, GateKind};
pub use graph::{
    EdgeKind, GraphEdge, GraphNode, GraphRun, GraphSegment, GraphStep, Life, LineageGraph, Turn,
    TurnIn, lineage_graph,
};
pub use hysteresis::{Hold, HysteresisParams, HysteresisRecord, Proposal, hold};
pub use inputs::{
    Finding, FindingKind, Gravity, InputDrift, TableChange, TableFigures, input_drift,
};
pub use inside::{Described, DescribedRun, InsideChange, Shift, Way};
pub use lineage::{Standing, months_between, standing};
pub use matching::{Centres, MatchParams, Matched, Matching, match_placed, match_segments};
pub use movement::{Movement, SegmentSplit, movement};
pub use noise::{Noise, Refits, SPLIT_BY_CHANCE, SplitNoise};
pub use overlap::Weight;
pub use parts::match_within;
pub use shares::{
    CategoryDrift, CategoryMonths, SegmentShare, ShareChange, ShareDistances, category_drift,
    share_distances,
};
pub use value::FlowValue;
pub use view::{Joined, View, Worth, join};

/// The content of `comparison.json`: a run against an earlier one.
///
/// All counts are of customers with a segment; `stayers` are in both runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The earlier run.
    pub previous_run: String,
    /// The later run.
    pub run: String,
    /// Customers in both.
    pub stayers: usize,
    /// Only in the later.
    pub entrants: usize,
    /// Only in the earlier.
    pub leavers: usize,
    /// Adjusted Rand index (Hubert and Arabie 1985) of the two partitions of the stayers; none
    /// without stayers.
    pub adjusted_rand_index: Option<f64>,
    /// All measures of agreement of the two partitions of the stayers, with intervals; none without
    /// stayers, and in comparisons of earlier releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement<SegmentId>>,
    /// Movement of the stayers split into the customer's and the model's; none where the model of the
    /// earlier run cannot place them, and in comparisons of earlier releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub movement: Option<Movement>,
    /// Drift of features and of segment shares; none in comparisons of earlier releases and of runs
    /// that do not follow one another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drift: Option<Drift>,
    /// How long customers stay in their groups; none in comparisons of earlier releases and of runs
    /// that do not follow one another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cohorts: Option<GroupCohorts>,
    /// Where the groups are heading; likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forecast: Option<forecast::Forecast>,
    /// Stayers whose segment differs.
    pub moved_segment: usize,
    /// Stayers whose group differs.
    pub moved_group: usize,
    /// One record a segment of either run, by lineage id.
    pub segments: Vec<SegmentMovement>,
    /// What a customer counts in the shares of transitions and splits.
    #[serde(default, skip_serializing_if = "by_customers")]
    pub weight: Weight,
    /// What happened to segments: one or more events each.
    pub transitions: Vec<Transition>,
    /// What looks like a split, beside what resampling alone does to the segment: those that are not
    /// reported too. Empty in comparisons of earlier releases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub splits: Vec<SplitNoise>,
    /// What changed inside the segments that go on, by id. Empty in comparisons of earlier releases.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inside: Vec<InsideChange>,
    /// Customers by (segment before, segment after); entrants have no before, leavers no after.
    /// Sorted, no zero counts; sums reproduce `stayers`, `entrants` and `leavers`.
    pub segment_flows: Vec<Flow<SegmentId>>,
    /// The same by group.
    pub group_flows: Vec<Flow<GroupKey>>,
}

fn by_customers(weight: &Weight) -> bool {
    *weight == Weight::Customers
}

impl Comparison {
    /// With what naming does not change taken from the comparison of the same two runs under other
    /// names.
    pub fn measured_as(mut self, other: Option<&Comparison>) -> Self {
        if let Some(other) = other {
            self.movement.clone_from(&other.movement);
            self.drift.clone_from(&other.drift);
        }
        self
    }
}

/// One segment's customers before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SegmentMovement {
    /// Lineage id.
    pub segment: SegmentId,
    /// Customers in the earlier run; 0 where the segment is new.
    pub before: usize,
    /// Customers in the later run; 0 where it is gone.
    pub after: usize,
    /// In the segment in both runs.
    pub stayed: usize,
    /// Stayers who came from another segment.
    pub moved_in: usize,
    /// Stayers who went to another segment.
    pub moved_out: usize,
    /// Entrants.
    pub entered: usize,
    /// Leavers.
    pub left: usize,
}

/// What happened to one segment between two runs (after MONIC, Spiliopoulou et al. 2006).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Transition {
    /// Kept its identity: matched, and most of its stayers went along; or fewer did, where that
    /// is not a split.
    Survived {
        /// Lineage id, the same before and after.
        segment: SegmentId,
        /// Share of its stayers who stayed in it; 0 without stayers.
        overlap: f64,
    },
    /// Its stayers went to two or more segments, each with a fair share, and these consist mostly
    /// of it; one of them may have kept its identity.
    Split {
        /// The segment before.
        segment: SegmentId,
        /// The segments after with the share of its stayers each took, largest first.
        into: Vec<(SegmentId, f64)>,
    },
    /// Lost its identity, and most of its stayers went to one segment of another identity.
    Absorbed {
        /// The segment before.
        segment: SegmentId,
        /// The segment after.
        by: SegmentId,
        /// Share of its stayers who went there.
        overlap: f64,
    },
    /// Lost its identity, and no segment took most of its stayers, or most of its customers left.
    Disappeared {
        /// The segment before.
        segment: SegmentId,
        /// Share of its customers who are leavers.
        left: f64,
    },
    /// Is new, and neither a part of a split nor the heir of an absorbed segment.
    Appeared {
        /// The segment after.
        segment: SegmentId,
        /// Share of its customers who are entrants.
        entered: f64,
    },
}

/// Customers who went one way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Flow<T> {
    /// Where they were; none for entrants.
    pub from: Option<T>,
    /// Where they are; none for leavers.
    pub to: Option<T>,
    /// How many.
    pub customers: usize,
    /// What they are worth; none where neither run tells it, and in runs of earlier releases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<FlowValue>,
}
