//! Every rule and every boundary by hand.

use super::*;
use crate::features::Unit;
use crate::types::Duration;

/// A customer by purchase days, counted back from `as_of`: recency, tenure, days, last gap.
fn customer(ago: &[f64]) -> [f64; 4] {
    let (first, last) = (ago[0], ago[ago.len() - 1]);
    let gap = if ago.len() > 1 { ago[ago.len() - 2] - last } else { f64::NAN };
    [last, first, ago.len() as f64, gap]
}

fn columns(customers: &[&[f64]]) -> Vec<FeatureColumn> {
    let rows: Vec<[f64; 4]> = customers.iter().map(|ago| customer(ago)).collect();
    ["recency_days", "tenure_days", "n_purchase_days", "last_gap_days"]
        .iter()
        .enumerate()
        .map(|(at, name)| FeatureColumn {
            name: (*name).into(),
            unit: Unit::Days,
            values: rows.iter().map(|row| row[at]).collect(),
        })
        .collect()
}

/// New within 60 days, at risk after 60 days and 2 gaps, lapsed after 180 days and 4 gaps,
/// reactivated within 60 days; a typical gap of the population of 50 days.
fn rules() -> LifecycleRules {
    LifecycleRules {
        new_within_days: 60.0,
        at_risk_after_days: 60.0,
        at_risk_gaps: 2.0,
        lapsed_after_days: 180.0,
        lapsed_gaps: 4.0,
        reactivated_within_days: 60.0,
        population_gap_days: Some(50.0),
    }
}

fn stage(ago: &[f64]) -> Stage {
    rules().stages(&columns(&[ago])).unwrap()[0]
}

#[test]
fn new_is_whoever_first_bought_within_the_days() {
    assert_eq!(stage(&[0.0]), Stage::New, "today");
    assert_eq!(stage(&[60.0]), Stage::New, "the last day counts");
    assert_eq!(stage(&[60.0, 1.0]), Stage::New, "however often");
    assert_eq!(stage(&[61.0]), Stage::Active, "one day later, 61 of the population's 100 days");
}

#[test]
fn silence_is_measured_against_the_larger_limit() {
    // Gaps of 10: at risk after 60, lapsed after 180 days.
    let often = |recency: f64| -> Vec<f64> {
        (0..5).rev().map(|i| recency + 10.0 * f64::from(i)).collect()
    };
    assert_eq!(stage(&often(60.0)), Stage::Active);
    assert_eq!(stage(&often(61.0)), Stage::AtRisk);
    assert_eq!(stage(&often(180.0)), Stage::AtRisk);
    assert_eq!(stage(&often(181.0)), Stage::Lapsed);
    // Gaps of 100: at risk after 200, lapsed after 400 days.
    let seldom = |recency: f64| [recency + 200.0, recency + 100.0, recency];
    assert_eq!(stage(&seldom(200.0)), Stage::Active);
    assert_eq!(stage(&seldom(201.0)), Stage::AtRisk);
    assert_eq!(stage(&seldom(400.0)), Stage::AtRisk);
    assert_eq!(stage(&seldom(401.0)), Stage::Lapsed);
}

#[test]
fn the_rhythm_of_all_stands_in_for_one_time_buyers() {
    // 2 and 4 gaps of 50 days.
    assert_eq!(stage(&[100.0]), Stage::Active);
    assert_eq!(stage(&[101.0]), Stage::AtRisk);
    assert_eq!(stage(&[200.0]), Stage::AtRisk);
    assert_eq!(stage(&[201.0]), Stage::Lapsed);
    // Nobody has a rhythm: the days alone.
    let rules = LifecycleRules { population_gap_days: None, ..rules() };
    let found = rules.stages(&columns(&[&[60.5], &[61.0], &[180.0], &[181.0]])).unwrap();
    assert_eq!(found, [Stage::AtRisk, Stage::AtRisk, Stage::AtRisk, Stage::Lapsed]);
}

#[test]
fn reactivated_is_whoever_broke_a_silence_that_counted_as_lapsed() {
    // Gaps of 20 before: the limit of lapsing is 180 days.
    let back = |gap: f64, recency: f64| {
        [recency + gap + 40.0, recency + gap + 20.0, recency + gap, recency]
    };
    assert_eq!(stage(&back(181.0, 5.0)), Stage::Reactivated);
    assert_eq!(stage(&back(180.0, 5.0)), Stage::Active, "180 days of silence are not longer");
    assert_eq!(stage(&back(181.0, 60.0)), Stage::Reactivated, "the last day counts");
    // Mean gap (20 + 20 + 181) / 3: 61 days are within two of these.
    assert_eq!(stage(&back(181.0, 61.0)), Stage::Active, "back for long enough");
    // The rhythm until then, gaps of 100, makes 400 the limit; the last gap does not count in it.
    let slow = |gap: f64| [gap + 201.0, gap + 101.0, gap + 1.0, 1.0];
    assert_eq!(stage(&slow(400.0)), Stage::Active);
    assert_eq!(stage(&slow(401.0)), Stage::Reactivated);
    // One gap alone is measured against the rhythm of all: 4 gaps of 50 days.
    assert_eq!(stage(&[201.0, 1.0]), Stage::Active);
    assert_eq!(stage(&[202.0, 1.0]), Stage::Reactivated);
}

#[test]
fn the_first_rule_that_holds_wins() {
    let everything =
        LifecycleRules { new_within_days: 1000.0, reactivated_within_days: 1000.0, ..rules() };
    let ago: [&[f64]; 2] = [&[700.0, 650.0, 400.0], &[1700.0, 1650.0, 400.0]];
    let found = everything.stages(&columns(&ago)).unwrap();
    assert_eq!(found, [Stage::New, Stage::Reactivated], "both came back and have lapsed again");
}

#[test]
fn the_typical_gap_of_all_is_the_median_of_the_own_means() {
    // Means 10, 30 and 80; two who bought on one day have none.
    let customers: [&[f64]; 5] = [&[20.0, 10.0, 0.0], &[40.0, 10.0], &[90.0, 10.0], &[5.0], &[9.0]];
    let rules = LifecycleRules::fit(&LifecycleParams::default(), &columns(&customers)).unwrap();
    assert_eq!(rules, LifecycleRules { population_gap_days: Some(30.0), ..self::rules() });
    let rules = LifecycleRules::fit(&LifecycleParams::default(), &columns(&[&[5.0]])).unwrap();
    assert_eq!(rules.population_gap_days, None);
}

#[test]
fn the_record_counts_every_customer_once() {
    let columns = columns(&[&[5.0], &[300.0], &[301.0]]);
    let (column, record) = lifecycle(&columns, 2, &LifecycleParams::default()).unwrap();
    let texts: Vec<_> = column.values.iter().flatten().map(|text| text.to_string()).collect();
    assert_eq!(
        (column.name.as_str(), texts),
        ("lifecycle_stage", vec!["new".into(), "lapsed".into(), "lapsed".into()])
    );
    let counts = [(Stage::Prospect, 2), (Stage::New, 1), (Stage::Lapsed, 2)];
    assert_eq!(record.customers, counts.into());
}

#[test]
fn figures_out_of_range_and_missing_columns_are_refused() {
    let default = LifecycleParams::default;
    let year = Duration::months(12);
    for (wrong, key) in [
        (LifecycleParams { at_risk_after: year, ..default() }, "at_risk_after"),
        (LifecycleParams { at_risk_gaps: 4.5, ..default() }, "at_risk_gaps"),
        (LifecycleParams { lapsed_gaps: f64::NAN, ..default() }, "lapsed_gaps"),
        (LifecycleParams { lapsed_gaps: 1001.0, ..default() }, "lapsed_gaps"),
        (LifecycleParams { at_risk_gaps: -1.0, ..default() }, "at_risk_gaps"),
        (LifecycleParams { new_within: Duration::days(36_501), ..default() }, "new_within"),
    ] {
        let error = LifecycleRules::fit(&wrong, &columns(&[&[5.0]])).unwrap_err();
        assert!(matches!(&error, LifecycleError::Value { key: found, .. } if *found == key));
        assert!(error.to_string().contains(&format!("[lifecycle] {key}")), "{error}");
    }
    let mut columns = columns(&[&[5.0]]);
    columns.retain(|column| column.name != "last_gap_days");
    let error = lifecycle(&columns, 0, &default()).unwrap_err();
    assert_eq!(error, LifecycleError::MissingColumn { column: "last_gap_days" });
    assert!(error.to_string().contains("`last_gap_days`"));
}

#[test]
fn keys_are_those_of_the_files() {
    for stage in Stage::ALL {
        assert_eq!(serde_json::to_value(stage).unwrap(), stage.key());
    }
}
