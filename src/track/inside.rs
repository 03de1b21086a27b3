//! What two runs say of a segment that goes on -> whether it grew, tightened or shifted, in customers,
//! in days and in money (the internal transitions of MONIC, Spiliopoulou et al. 2006, section 3.2).
//!
//! Sizes are of all customers, entrants and leavers too. Tightness is the mean over the clustered
//! numbers of the ratio of the mean distance of the segment's customers from its median, now and
//! before. Shifts are of medians, beside the mean distance of all customers from theirs in the
//! earlier run, which puts days and money on one scale.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::types::SegmentId;

/// A segment grew or shrank where its size changed by this share at least.
pub const GREW: f64 = 0.1;
/// It tightened or loosened where its distances changed by this share at least.
pub const TIGHTENED: f64 = 0.1;
/// It shifted where the root mean square of its shifts is this many spreads of all customers.
pub const SHIFTED: f64 = 0.25;

/// A segment, or all customers, as a run describes them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Described {
    /// Customers.
    pub customers: usize,
    /// Medians by feature, in business units.
    pub medians: BTreeMap<String, f64>,
    /// Mean distance of the customers from the median, by clustered number, in business units.
    pub spreads: BTreeMap<String, f64>,
}

/// The segments of a run with all its customers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DescribedRun {
    /// All customers.
    pub population: Described,
    /// By lineage id.
    pub segments: BTreeMap<SegmentId, Described>,
}

/// Which way something went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Larger than the bound.
    Up,
    /// Within the bound.
    Steady,
    /// Smaller than the bound.
    Down,
}

impl Way {
    fn of(change: f64, bound: f64) -> Self {
        match change {
            change if change >= bound => Way::Up,
            change if change <= -bound => Way::Down,
            _ => Way::Steady,
        }
    }
}

/// The shift of one feature.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shift {
    /// The feature.
    pub feature: String,
    /// Its median before, in business units.
    pub before: f64,
    /// Its median now.
    pub after: f64,
    /// The difference in spreads of all customers; none where they have no spread.
    pub spreads: Option<f64>,
}

/// What changed inside a segment that goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InsideChange {
    /// The segment.
    pub segment: SegmentId,
    /// Change of its size, as a share of what it was.
    pub growth: f64,
    /// Whether it grew (`up`) or shrank (`down`).
    pub size: Way,
    /// Mean ratio of its distances now to those before; none where a run does not tell them.
    pub distance: Option<f64>,
    /// Whether it loosened (`up`) or tightened (`down`).
    pub looseness: Option<Way>,
    /// The shifts of the clustered numbers, by name.
    pub shifts: Vec<Shift>,
    /// The root mean square of the shifts in spreads; none where a run does not tell them.
    pub shift: Option<f64>,
    /// Whether it shifted.
    pub shifted: bool,
}

/// Of every segment that is in both runs, by id.
pub fn inside(before: &DescribedRun, after: &DescribedRun) -> Vec<InsideChange> {
    let both = before.segments.iter().filter_map(|(segment, was)| {
        let is = after.segments.get(segment).filter(|_| was.customers > 0)?;
        Some(change(*segment, was, is, &before.population))
    });
    both.collect()
}

fn change(
    segment: SegmentId,
    was: &Described,
    is: &Described,
    population: &Described,
) -> InsideChange {
    let growth = is.customers as f64 / was.customers as f64 - 1.0;
    let ratios: Vec<f64> = was
        .spreads
        .iter()
        .filter_map(|(name, before)| Some(is.spreads.get(name)? / before))
        .filter(|ratio| ratio.is_finite())
        .collect();
    let mean = |values: &[f64]| {
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    let distance = mean(&ratios);
    let shift = |name: &String| {
        let (before, after) = (*was.medians.get(name)?, *is.medians.get(name)?);
        let spread = population.spreads.get(name).filter(|spread| **spread > 0.0);
        let spreads = spread.map(|spread| (after - before) / spread);
        Some(Shift { feature: name.clone(), before, after, spreads })
    };
    let shifts: Vec<Shift> = was.spreads.keys().filter_map(shift).collect();
    let squares: Vec<f64> = shifts.iter().filter_map(|s| s.spreads).map(|s| s * s).collect();
    let shift = mean(&squares).map(f64::sqrt);
    InsideChange {
        segment,
        growth,
        size: Way::of(growth, GREW),
        distance,
        looseness: distance.map(|ratio| Way::of(ratio - 1.0, TIGHTENED)),
        shifts,
        shift,
        shifted: shift.is_some_and(|shift| shift >= SHIFTED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(customers: usize, days: (f64, f64), money: (f64, f64)) -> Described {
        let map = |a, b| BTreeMap::from([("days".to_owned(), a), ("money".to_owned(), b)]);
        Described { customers, medians: map(days.0, money.0), spreads: map(days.1, money.1) }
    }

    fn run(segment: Described) -> DescribedRun {
        let population = described(100, (30.0, 20.0), (500.0, 400.0));
        DescribedRun { population, segments: BTreeMap::from([(SegmentId(1), segment)]) }
    }

    #[test]
    fn a_segment_that_grew_loosened_and_shifted_by_hand() {
        let before = run(described(40, (10.0, 4.0), (100.0, 50.0)));
        let after = run(described(50, (20.0, 6.0), (300.0, 50.0)));
        let [found] = inside(&before, &after).try_into().unwrap();
        assert_eq!((found.growth, found.size), (0.25, Way::Up));
        // 6 / 4 and 50 / 50.
        assert_eq!((found.distance, found.looseness), (Some(1.25), Some(Way::Up)));
        // 10 days of a spread of 20, 200 of one of 400: half a spread each.
        assert_eq!((found.shift, found.shifted), (Some(0.5), true));
        assert_eq!(found.shifts[1].after, 300.0);
        let [back] = inside(&after, &before).try_into().unwrap();
        assert_eq!((back.size, back.looseness), (Way::Down, Some(Way::Down)));
        let [same] = inside(&before, &before).try_into().unwrap();
        assert_eq!(
            (same.size, same.looseness, same.shifted),
            (Way::Steady, Some(Way::Steady), false)
        );
    }

    #[test]
    fn a_run_that_tells_no_distances_tells_sizes_alone() {
        let before =
            run(Described { spreads: BTreeMap::new(), ..described(40, (1., 1.), (1., 1.)) });
        let [found] = inside(&before, &before).try_into().unwrap();
        assert_eq!((found.distance, found.looseness, found.shift), (None, None, None));
        assert!(found.shifts.is_empty() && inside(&before, &DescribedRun::default()).is_empty());
    }
}
