//! How the made-up run relates to the one before it.

use std::sync::Arc;

use crate::run::{ColumnFacts, FileFacts, Filled, TableFacts};
use crate::run::{Retrain, RetrainRecord, Segment};
use crate::track::{
    self, Agreement, CategoryDrift, CategoryMonths, Drift, DriftVerdict, FeatureMonths, InputDrift,
    Movement, SegmentShare, View,
};
use crate::types::{CustomerId, GroupKey, SegmentId};

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

/// Of twenty customers of each segment one moved, one was relabelled.
pub(super) fn movement(segments: &[Segment]) -> Option<Movement> {
    let ids: Vec<SegmentId> = segments.iter().map(|segment| segment.segment).collect();
    let n = 20 * ids.len();
    let customers: Vec<CustomerId> =
        (0..n).map(|row| CustomerId::from(format!("c{row:06}").as_str())).collect();
    let groups = vec![GroupKey("g".into()); n];
    let place = |row: usize, moved: bool| ids[(row / 20 + usize::from(moved)) % ids.len()];
    let before: Vec<SegmentId> = (0..n).map(|row| place(row, false)).collect();
    let after: Vec<SegmentId> = (0..n).map(|row| place(row, row % 20 < 2)).collect();
    let frozen: Vec<Option<SegmentId>> =
        (0..n).map(|row| Some(place(row, row % 20 == 0))).collect();
    let earlier = View::new("before", &customers, &before, &groups).ok()?;
    let later = View::new("after", &customers, &after, &groups).ok()?;
    track::movement(&earlier, &later, &frozen, 0.05)
}

/// A refit, as configured.
pub(super) fn retrain() -> RetrainRecord {
    RetrainRecord {
        asked: Retrain::Refit,
        used: Retrain::Refit,
        reason: "as configured".into(),
        distance: Some(0.8),
        distance_of_fit: Some(0.8),
        fit_ratio: Some(1.04),
        drift: Some(("recency_days".into(), 0.031)),
    }
}

/// One feature that stays and one that moves, ten days of the month without a row.
pub(super) fn drift() -> Drift {
    let before: Vec<f64> = (0..300).map(f64::from).collect();
    let moved: Vec<f64> = before.iter().map(|value| value + 90.0).collect();
    let of = |feature, now| {
        let (before, clustered) = (&before[..], true);
        let (last_year, change_last_year) = (None, Some(0.05));
        let aged_by = None;
        let months =
            FeatureMonths { feature, clustered, before, now, last_year, change_last_year, aged_by };
        track::feature_drift(&months, false)
    };
    Drift {
        last_year: Some("2016-12-31-0a0b0c0d".into()),
        missing_days: Some(10),
        features: [of("n_orders", &before), of("recency_days", &moved)]
            .into_iter()
            .flatten()
            .collect(),
        segment_shares: track::share_drift(&[60.0, 40.0], &[50.0, 50.0]),
        segment_distances: track::share_distances(&[
            segment_share(1, 40.0, 60.0, 50.0),
            segment_share(2, 900.0, 40.0, 50.0),
        ]),
        segment_verdict: DriftVerdict::Stable,
        attributes: region().into_iter().collect(),
        inputs: inputs(),
        gate: Some(0.25),
    }
}

fn segment_share(id: u32, spend: f64, before: f64, now: f64) -> SegmentShare {
    SegmentShare { segment: SegmentId(id), spend, before, now }
}

/// A third of the customers lost their region.
fn region() -> Option<CategoryDrift> {
    let values = |without: usize| -> Vec<Option<Arc<str>>> {
        (0..300).map(|row| (row >= without).then(|| Arc::from("north"))).collect()
    };
    let (before, now) = (values(10), values(110));
    let (feature, clustered, last_year, change_last_year) = ("region", false, None, None);
    let (before, now) = (&before[..], &now[..]);
    let months = CategoryMonths { feature, clustered, before, now, last_year, change_last_year };
    track::category_drift(&months, false)
}

/// A column that is gone, one that is new and one that a quarter of the rows leave empty.
fn inputs() -> Option<InputDrift> {
    let table = |columns: &[(&str, u64)]| {
        let column = |(name, empty): &(&str, u64)| ColumnFacts {
            name: (*name).to_owned(),
            files: 1,
            kind: None,
            filled: Some(Filled { values: 1000, empty: *empty, unreadable: 0 }),
        };
        let (path, parquet, rows) = ("sales.csv".to_owned(), false, 1000);
        TableFacts {
            table: "transactions".into(),
            rows,
            known: rows,
            files: vec![FileFacts { path, parquet, rows, median_amount: None }],
            columns: columns.iter().map(column).collect(),
            ..TableFacts::default()
        }
    };
    let before = [table(&[("household_id", 0), ("shop", 0)])];
    let now = [table(&[("household_id", 250), ("store", 0)])];
    track::input_drift(&before, &now, None, false)
}
