//! How the made-up run relates to the one before it.

use std::sync::Arc;

use crate::run::{ColumnFacts, FileFacts, Filled, TableFacts};
use crate::run::{Retrain, RetrainRecord, Segment};
use crate::track::forecast::{Forecast, Step};
use crate::track::{
    self, Agreement, CategoryDrift, CategoryMonths, Drift, DriftVerdict, Estimate, FeatureMonths,
    Flow, GroupCohorts, HysteresisParams, HysteresisRecord, InputDrift, Movement, SegmentShare,
    View,
};
use crate::types::{AsOf, CustomerId, GroupKey, SegmentId};

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

/// Three runs of two groups.
pub(super) fn cohorts() -> GroupCohorts {
    let month = |month: i8| AsOf(jiff::civil::date(2017, month, 30));
    let (a, b) = (GroupKey("champions".into()), GroupKey("at_risk".into()));
    let run = |rows: &[(&GroupKey, i8, usize)]| -> Vec<(GroupKey, jiff::civil::Date)> {
        let each = |(group, since, n): &(&GroupKey, i8, usize)| {
            vec![((*group).clone(), month(*since).0); *n]
        };
        rows.iter().flat_map(each).collect()
    };
    let runs = [
        (10, run(&[(&a, 10, 40), (&b, 10, 60)])),
        (11, run(&[(&a, 10, 30), (&b, 10, 50), (&a, 11, 20), (&b, 11, 12)])),
        (12, run(&[(&a, 10, 28), (&b, 10, 31), (&a, 11, 15), (&b, 11, 3), (&a, 12, 9)])),
    ];
    runs.iter().fold(GroupCohorts::default(), |found, (date, rows)| {
        found.followed_by(month(*date), rows.iter().map(|(group, since)| (group, *since)))
    })
}

/// From three steps between them.
pub(super) fn forecast() -> Option<Forecast> {
    let (a, b) = (GroupKey("champions".into()), GroupKey("at_risk".into()));
    let flow = |from: Option<&GroupKey>, to: Option<&GroupKey>, customers| Flow {
        from: from.cloned(),
        to: to.cloned(),
        customers,
        value: None,
    };
    let step = |month: i8, stay: usize| Step {
        as_of: AsOf(jiff::civil::date(2017, month, 30)),
        flows: vec![
            flow(Some(&a), Some(&a), stay),
            flow(Some(&a), Some(&b), 50 - stay),
            flow(Some(&b), Some(&b), 40),
            flow(Some(&b), None, 5),
            flow(None, Some(&a), 7),
        ],
    };
    track::forecast::forecast(&[step(10, 30), step(11, 34), step(12, 31)], std::slice::from_ref(&b))
}

/// Some changes of group wait.
pub(super) fn hysteresis() -> HysteresisRecord {
    HysteresisRecord {
        params: HysteresisParams::default(),
        customers: 900,
        by_margin: 21,
        by_months: 8,
        kept: 34,
        returned: 12,
        fidelity: Estimate { value: 0.966, low: 0.953, high: 0.976 },
        revenue_kept: Some(0.021),
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
