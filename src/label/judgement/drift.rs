//! Where a segment stood, where it stands -> how far it has moved, and by which feature most.
//!
//! The distance of a feature is that of the segment's two medians over the spread of all customers
//! in the run in which the judgement was set: the interquartile range over 1.349, that of a standard
//! normal (the standard deviation where it is 0). Drift is the largest of these distances, so that
//! it has a feature to name and does not shrink where many others stay. A feature in which all
//! customers were alike has no spread and is not looked at; categories have no median, and are not
//! either.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::features::FeatureTable;
use crate::label::Profile;
use crate::label::population::spread_of;
use crate::math::sorted_defined;

/// Where a segment stood in one feature.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Baseline {
    /// Median of the segment, in business units.
    pub median: f64,
    /// Spread of all customers, above 0, in the same units.
    pub spread: f64,
}

/// How far a segment has moved since a judgement was set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// The largest distance of any clustered feature, in spreads of the run of then.
    pub spreads: f64,
    /// The feature; of equals the first by name.
    pub feature: String,
    /// The segment's median of it then.
    pub then: f64,
    /// The segment's median of it now.
    pub now: f64,
    /// The most that is not flagged.
    pub limit: f64,
    /// Whether `spreads` is above `limit`.
    pub flagged: bool,
}

/// Where a segment of `profile` stands in each of the `clustered` features of the run of `table`;
/// features without a median or without a spread are left out.
pub fn baseline(
    table: &FeatureTable,
    profile: &Profile,
    clustered: &[&str],
) -> BTreeMap<String, Baseline> {
    let of = |name: &str| {
        let median = *profile.medians.get(name)?;
        let spread = spread_of(&mut sorted_defined(&table.column(name)?.values))?;
        Some((name.to_owned(), Baseline { median, spread }))
    };
    clustered.iter().filter_map(|name| of(name)).collect()
}

/// How far a segment has moved; none where it has no median of any feature of then.
pub(super) fn drift(then: &BTreeMap<String, Baseline>, now: &Profile, limit: f64) -> Option<Drift> {
    let distance = |(feature, then): (&String, &Baseline)| {
        let now = *now.medians.get(feature)?;
        let spreads = (now - then.median).abs() / then.spread;
        let flagged = spreads > limit;
        Some(Drift { spreads, feature: feature.clone(), then: then.median, now, limit, flagged })
    };
    let mut each = then.iter().filter_map(distance);
    let first = each.next()?;
    Some(each.fold(first, |most, next| if next.spreads > most.spreads { next } else { most }))
}
