//! How real the segments of the made-up run are.

use crate::cluster::{
    ClusterStability, Recovery, Repeats, Scheme, Separation, StabilityRecord, StabilityWord,
};
use crate::types::SegmentId;

/// What was drawn from `n` customers.
pub(super) fn record(n: usize) -> StabilityRecord {
    StabilityRecord {
        scheme: Scheme::Both,
        repeats: Repeats::Once,
        resamples: 100,
        failed: 3,
        customers: n.min(2_000),
        subset_customers: Some(n.min(2_000) / 2),
    }
}

/// Segment `at`: less stable one after the other, every fifth not measured.
pub(super) fn of_segment(at: usize) -> Option<ClusterStability> {
    let jaccard = 0.97 - 0.09 * (at % 5) as f64;
    let of = |jaccard: f64| Recovery {
        jaccard,
        dissolved: (100.0 - 100.0 * jaccard) as usize / 2,
        recovered: (100.0 * jaccard) as usize,
        resamples: 97,
    };
    (at % 5 != 4).then(|| ClusterStability {
        word: StabilityWord::of(jaccard - 0.02),
        bootstrap: Some(of(jaccard)),
        subset: Some(of(jaccard - 0.02)),
        customers: Some(jaccard + 0.01),
    })
}

/// From the next segment of `k`.
pub(super) fn separation(at: usize, k: usize) -> Option<Separation<SegmentId>> {
    let neighbour = SegmentId(((at + 1) % k) as u32 + 1);
    (k > 1).then_some(Separation { neighbour, ratio: 0.8 + 0.25 * (at % 6) as f64 })
}
