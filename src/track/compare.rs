//! View, View -> [`Comparison`]: flows, movements and transitions between two runs.
//!
//! Transitions follow MONIC (Spiliopoulou et al. 2006, doi:10.1145/1150402.1150491): overlaps are
//! asymmetric, the share of a segment's own stayers that went somewhere. Departures from it: a
//! segment keeps its identity by its lineage id and not by the overlap; a split asks that the
//! parts consist mostly of the segment, so that losing customers to a larger neighbour is no
//! split; and leavers decide whether a segment disappeared, as the population is open. Every
//! segment of either run has at least one event.

use super::agreement;
use super::contingency::Contingency;
use super::error::TrackError;
use super::inside::{DescribedRun, inside};
use super::noise::{Noise, SplitNoise, reported};
use super::overlap::{Overlaps, Weight};
use super::value::add_values;
use super::view::{Joined, View, join};
use super::{Comparison, SegmentMovement, Transition};
use crate::math::adjusted_rand_index;
use crate::types::SegmentId;

/// Thresholds of transitions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CompareParams {
    /// Least share of its stayers that a segment keeps to survive, or loses to one other to be
    /// absorbed; in (0, 1], default 0.5.
    pub survival: f64,
    /// Least share of a segment's stayers in each part of a split; in (0, 0.5], default 0.25.
    pub split: f64,
    /// Least share of a part's stayers that come from the segment that split; in (0, 1],
    /// default 0.5.
    pub origin: f64,
    /// What a customer counts in these shares; where the runs do not tell what customers spent, each
    /// counts 1 all the same. Default [`Weight::Customers`].
    pub weight: Weight,
}

impl Default for CompareParams {
    fn default() -> Self {
        Self { survival: 0.5, split: 0.25, origin: 0.5, weight: Weight::Customers }
    }
}

impl CompareParams {
    fn check(&self) -> Result<(), TrackError> {
        for (parameter, value, most, legal) in [
            ("survival", self.survival, 1.0, "above 0 and at most 1"),
            ("split", self.split, 0.5, "above 0 and at most 0.5"),
            ("origin", self.origin, 1.0, "above 0 and at most 1"),
        ] {
            if !(value > 0.0 && value <= most) {
                return Err(TrackError::Parameter { parameter, legal, value: value.to_string() });
            }
        }
        Ok(())
    }
}

/// Compares a run with an earlier one of the same series, whose lineage ids it continues.
///
/// O(n + m + k k') for n customers in k segments before and m in k' after.
///
/// # Errors
///
/// [`TrackError::Parameter`] for a threshold outside its range.
pub fn compare(
    previous: &View<'_>,
    next: &View<'_>,
    params: &CompareParams,
) -> Result<Comparison, TrackError> {
    compare_described(previous, next, params, &Descriptions::default())
}

/// What the runs say of their segments beside who is in them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Descriptions {
    /// Of the earlier run.
    pub before: DescribedRun,
    /// Of the later run.
    pub after: DescribedRun,
    /// How bootstrap refits found the segments of the earlier run again.
    pub noise: Noise,
}

/// As [`compare`], with what changed inside segments that go on, and without splits that resampling
/// alone would produce.
///
/// # Errors
///
/// As there.
pub fn compare_described(
    previous: &View<'_>,
    next: &View<'_>,
    params: &CompareParams,
    about: &Descriptions,
) -> Result<Comparison, TrackError> {
    params.check()?;
    let joined: Vec<Joined> = join(previous.customers(), next.customers()).collect();
    let pairs = || joined.iter().copied();
    let segments = Contingency::of(pairs(), previous.segments(), next.segments());
    let groups = Contingency::of(pairs(), previous.groups(), next.groups());
    let (mut segment_flows, mut group_flows) = (segments.flows(), groups.flows());
    add_values(&mut segment_flows, &segments, &joined, (previous, next));
    add_values(&mut group_flows, &groups, &joined, (previous, next));
    let by_revenue = match params.weight {
        Weight::Revenue => Overlaps::of_revenue(&segments, &segment_flows),
        Weight::Customers => None,
    };
    let weight = if by_revenue.is_some() { Weight::Revenue } else { Weight::Customers };
    let weights = by_revenue.unwrap_or_else(|| Overlaps::of_customers(&segments));
    let (transitions, splits) = transitions(&segments, &weights, params, &about.noise);
    Ok(Comparison {
        previous_run: previous.run_id().into(),
        run: next.run_id().into(),
        stayers: segments.stayers_before().iter().sum(),
        entrants: segments.entrants.iter().sum(),
        leavers: segments.leavers.iter().sum(),
        adjusted_rand_index: adjusted_rand_index(&segments.stayers),
        agreement: agreement::of_counts(&segments),
        movement: None,
        drift: None,
        cohorts: None,
        forecast: None,
        moved_segment: segments.moved(),
        moved_group: groups.moved(),
        segments: movements(&segments),
        weight,
        transitions,
        splits,
        inside: inside(&about.before, &about.after),
        segment_flows,
        group_flows,
    })
}

/// One record a segment of either run, by lineage id.
fn movements(counts: &Contingency<SegmentId>) -> Vec<SegmentMovement> {
    let (before, after) = (counts.stayers_before(), counts.stayers_after());
    let mut ids: Vec<SegmentId> = counts.before.iter().chain(&counts.after).copied().collect();
    ids.sort();
    ids.dedup();
    let movement = |segment| {
        let i = counts.before.binary_search(&segment).ok();
        let j = counts.after.binary_search(&segment).ok();
        let stayed = i.zip(j).map_or(0, |(i, j)| counts.stayers[i][j]);
        let (gone, left) = i.map_or((0, 0), |i| (before[i], counts.leavers[i]));
        let (come, entered) = j.map_or((0, 0), |j| (after[j], counts.entrants[j]));
        SegmentMovement {
            segment,
            before: gone + left,
            after: come + entered,
            stayed,
            moved_in: come - stayed,
            moved_out: gone - stayed,
            entered,
            left,
        }
    };
    ids.into_iter().map(movement).collect()
}

/// The events of the earlier segments by id, then those of new segments by id; and what looks like a
/// split beside the noise.
fn transitions(
    counts: &Contingency<SegmentId>,
    weights: &Overlaps,
    params: &CompareParams,
    noise: &Noise,
) -> (Vec<Transition>, Vec<SplitNoise>) {
    let mut splits = Vec::new();
    let before = counts.stayers_before();
    let mut events = Vec::new();
    let mut explained = vec![false; counts.after.len()];
    for (i, &segment) in counts.before.iter().enumerate() {
        let own = counts.after.binary_search(&segment).ok();
        let left = weights.left(i);
        let overlap = |j: usize| weights.overlap(i, j);
        // Whoever leaves cannot be followed: of a segment that mostly left, the rest shows
        // nothing about where it went.
        if own.is_none() && (before[i] == 0 || left > 0.5) {
            events.push(Transition::Disappeared { segment, left });
            continue;
        }
        let mut parts: Vec<usize> = (0..counts.after.len())
            .filter(|&j| overlap(j) >= params.split && weights.origin(i, j) >= params.origin)
            .collect();
        parts.sort_by(|&a, &b| {
            weights.followed(i, b).total_cmp(&weights.followed(i, a)).then(a.cmp(&b))
        });
        let looks_split = parts.len() >= 2;
        let refits = noise.get(&segment);
        let split = looks_split && reported(refits);
        let into: Vec<(SegmentId, f64)> =
            parts.iter().map(|&j| (counts.after[j], overlap(j))).collect();
        if looks_split {
            let refits = refits.copied();
            splits.push(SplitNoise { segment, into: into.clone(), refits, reported: split });
        }
        let more = |&a: &usize, &b: &usize| {
            weights.followed(i, a).total_cmp(&weights.followed(i, b)).then(b.cmp(&a))
        };
        let largest = (0..counts.after.len()).max_by(more);
        match (own, largest) {
            (Some(own), _) if overlap(own) >= params.survival || !split => {
                events.push(Transition::Survived { segment, overlap: overlap(own) });
            }
            (None, Some(heir)) if !split && overlap(heir) >= params.survival => {
                explained[heir] = true;
                let by = counts.after[heir];
                events.push(Transition::Absorbed { segment, by, overlap: overlap(heir) });
            }
            (None, _) if !split => events.push(Transition::Disappeared { segment, left }),
            _ => {}
        }
        if split {
            parts.iter().for_each(|&j| explained[j] = true);
            events.push(Transition::Split { segment, into });
        }
    }
    for (j, &segment) in counts.after.iter().enumerate() {
        if counts.before.binary_search(&segment).is_err() && !explained[j] {
            events.push(Transition::Appeared { segment, entered: weights.entered(j) });
        }
    }
    (events, splits)
}
