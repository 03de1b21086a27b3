//! Where stayers were, where last month's frozen model puts them now, where this month's model does ->
//! whether it was the customer or the model that moved.
//!
//! A stayer was in segment a, is put into f by the frozen model and into s by the model of now. Both
//! months' customers being judged by one yardstick, f other than a says that the customer moved.
//! Where s alone is another, only the model moved. With bounds on the size of segments kept by
//! assignment, a may be another than the frozen model's own word of last month: then a customer who
//! was moved by the bounds can count as moved.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Estimate;
use super::view::{Joined, View, join};
use crate::types::SegmentId;

/// The movement of the stayers whom the frozen model can place, split by who moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Movement {
    /// Stayers whom the frozen model can place; the counts below add up to them.
    pub stayers: usize,
    /// In the same segment by all three.
    pub unmoved: usize,
    /// Moved, and by the frozen model to the same segment.
    pub customer_moved: usize,
    /// Moved by both, but to different segments: the customer moved, the model has a say in where to.
    pub moved_apart: usize,
    /// Moved by the new model alone: for model reasons.
    pub model_moved: usize,
    /// Moved by the frozen model, kept by the new one.
    pub held: usize,
    /// Share of the stayers whom both models put into the same segment.
    pub agreement: Estimate,
    /// Share of the stayers who moved by the frozen model: real movement.
    pub customer_movement: Estimate,
    /// Share of the stayers relabelled for model reasons alone.
    pub model_churn: Estimate,
    /// What it may be.
    pub churn_budget: f64,
    /// Whether it is no more than that.
    pub within_budget: bool,
    /// The same by segment of the earlier run.
    pub segments: Vec<SegmentSplit>,
}

/// The movement of the stayers of one segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SegmentSplit {
    /// The earlier segment.
    pub segment: SegmentId,
    /// See [`Movement::unmoved`].
    pub unmoved: usize,
    /// See [`Movement::customer_moved`].
    pub customer_moved: usize,
    /// See [`Movement::moved_apart`].
    pub moved_apart: usize,
    /// See [`Movement::model_moved`].
    pub model_moved: usize,
    /// See [`Movement::held`].
    pub held: usize,
}

/// Splits the movement from `previous` to `next`; `frozen` has the segment of `previous` in which its
/// model puts each customer of `next` now, none where it cannot tell. None without a stayer whom
/// it can place.
pub fn movement(
    previous: &View<'_>,
    next: &View<'_>,
    frozen: &[Option<SegmentId>],
    churn_budget: f64,
) -> Option<Movement> {
    let mut by_segment: BTreeMap<SegmentId, SegmentSplit> = BTreeMap::new();
    for joined in join(previous.customers(), next.customers()) {
        let Joined::Stayer(i, j) = joined else { continue };
        let Some(frozen) = frozen.get(j).copied().flatten() else { continue };
        let (before, now) = (previous.segments()[i], next.segments()[j]);
        let split = by_segment.entry(before).or_insert(SegmentSplit {
            segment: before,
            unmoved: 0,
            customer_moved: 0,
            moved_apart: 0,
            model_moved: 0,
            held: 0,
        });
        *match (frozen == before, now == before) {
            (true, true) => &mut split.unmoved,
            (true, false) => &mut split.model_moved,
            (false, true) => &mut split.held,
            (false, false) if frozen == now => &mut split.customer_moved,
            (false, false) => &mut split.moved_apart,
        } += 1;
    }
    let segments: Vec<SegmentSplit> = by_segment.into_values().collect();
    let sum = |of: fn(&SegmentSplit) -> usize| segments.iter().map(of).sum::<usize>();
    let (unmoved, customer_moved) = (sum(|s| s.unmoved), sum(|s| s.customer_moved));
    let (moved_apart, model_moved) = (sum(|s| s.moved_apart), sum(|s| s.model_moved));
    let held = sum(|s| s.held);
    let stayers = unmoved + customer_moved + moved_apart + model_moved + held;
    if stayers == 0 {
        return None;
    }
    let model_churn = Estimate::share(model_moved, stayers);
    Some(Movement {
        stayers,
        unmoved,
        customer_moved,
        moved_apart,
        model_moved,
        held,
        agreement: Estimate::share(unmoved + customer_moved, stayers),
        customer_movement: Estimate::share(customer_moved + moved_apart + held, stayers),
        model_churn,
        churn_budget,
        within_budget: model_churn.value <= churn_budget,
        segments,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{CustomerId, GroupKey};

    /// Five stayers, one of each kind, an entrant, a leaver, and one whom the frozen model cannot place.
    #[test]
    fn each_kind_by_hand() {
        let customers =
            |names: &[&str]| names.iter().map(|n| CustomerId::from(*n)).collect::<Vec<_>>();
        let before = customers(&["a", "b", "c", "d", "e", "f", "gone"]);
        let now = customers(&["a", "b", "c", "d", "e", "f", "new"]);
        let ids = |numbers: [u32; 7]| numbers.map(SegmentId);
        let groups = vec![GroupKey("g".into()); 7];
        let (was, is) = (ids([1, 1, 1, 1, 2, 2, 1]), ids([1, 2, 3, 4, 2, 1, 1]));
        let frozen = [1, 2, 1, 2, 1].map(|id| Some(SegmentId(id)));
        let frozen = [&frozen[..], &[None, Some(SegmentId(1))]].concat();
        let earlier = View::new("r1", &before, &was, &groups).unwrap();
        let later = View::new("r2", &now, &is, &groups).unwrap();
        let found = movement(&earlier, &later, &frozen, 0.2).unwrap();
        assert_eq!((found.stayers, found.unmoved, found.customer_moved), (5, 1, 1));
        assert_eq!((found.moved_apart, found.model_moved, found.held), (1, 1, 1));
        assert_eq!(found.agreement.value, 0.4);
        assert_eq!(found.customer_movement.value, 0.6);
        assert_eq!((found.model_churn.value, found.within_budget), (0.2, true));
        assert_eq!(found.segments.len(), 2);
        assert!(!movement(&earlier, &later, &frozen, 0.19).unwrap().within_budget);
        assert_eq!(movement(&earlier, &later, &[], 0.2), None);
    }

    #[test]
    fn a_month_taken_by_the_frozen_model_has_no_model_churn() {
        let customers = vec![CustomerId::from("a"), CustomerId::from("b")];
        let groups = vec![GroupKey("g".into()); 2];
        let (was, is) = ([SegmentId(1), SegmentId(1)], [SegmentId(1), SegmentId(2)]);
        let earlier = View::new("r1", &customers, &was, &groups).unwrap();
        let later = View::new("r2", &customers, &is, &groups).unwrap();
        let found = movement(&earlier, &later, &is.map(Some), 0.0).unwrap();
        assert_eq!((found.model_churn.value, found.customer_movement.value), (0.0, 0.5));
        assert_eq!(found.agreement.value, 1.0);
    }
}
