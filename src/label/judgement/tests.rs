//! Judgements: what counts on which date, drift worked by hand, texts, what is refused, and that
//! everything is undone without a trace.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};

use super::*;
use crate::features::{FeatureColumn, FeatureTable, Unit};
use crate::label::{LabelError, Profile, label};
use crate::types::Warning;

const MARCH: Date = date(2024, 3, 31);

/// Eight customers with 1, 2, 3, 4, 5, 6, 7, 8 orders in the segments S01 (the first four) and
/// S02, named by `rfm`.
fn shop() -> (FeatureTable, Vec<(SegmentId, Profile, Label)>) {
    let column = |name: &str, unit, values: &[f64]| FeatureColumn {
        name: name.into(),
        unit,
        values: values.to_vec(),
    };
    let orders: Vec<f64> = (1..=8).map(f64::from).collect();
    let columns = vec![
        column("n_orders", Unit::Count, &orders),
        column("recency_days", Unit::Days, &[10.0; 8]),
        column("monetary_total", Unit::Money, &[100.0; 8]),
    ];
    let table = FeatureTable {
        customers: (1..=8).map(|n| format!("c{n}").as_str().into()).collect(),
        columns,
        ..FeatureTable::default()
    };
    let labels =
        label(&table, &[0, 0, 0, 0, 1, 1, 1, 1], 2, &Taxonomy::built_in("rfm").unwrap()).unwrap();
    let ids = (1..).map(SegmentId);
    let segments = labels.segments.into_iter().zip(ids);
    (table, segments.map(|((profile, label), id)| (id, profile, label)).collect())
}

fn entry(number: usize, as_of: Date, segment: u32, decision: Decision) -> OverrideEntry {
    OverrideEntry {
        number,
        at: "2024-04-02T09:30:00Z".parse().unwrap(),
        author: "Anna".into(),
        reason: "they are schools".into(),
        run: "2024-03-31-aaaaaaaa".into(),
        as_of: AsOf(as_of),
        segment: SegmentId(segment),
        decision,
    }
}

fn set(group: &str, until: Option<Date>, baseline: BTreeMap<String, Baseline>) -> Decision {
    Decision::Set { group: GroupKey(group.into()), until, baseline }
}

fn judged(
    history: &[OverrideEntry],
    as_of: Date,
    previous: Option<Date>,
    segments: &mut [(SegmentId, Profile, Label)],
) -> Vec<Warning> {
    let groups = Taxonomy::built_in("rfm").unwrap().cards();
    let standpoint = Standpoint {
        as_of: AsOf(as_of),
        previous: previous.map(AsOf),
        drift_limit: DRIFT_LIMIT,
        groups: &groups,
        unit: &|_| Unit::Count,
    };
    let mut named: Vec<Named<'_>> = segments
        .iter_mut()
        .map(|(segment, profile, label)| Named { segment: *segment, profile: &*profile, label })
        .collect();
    judge(&Overrides { entries: history.to_vec() }, &standpoint, &mut named)
}

fn codes(warnings: &[Warning]) -> Vec<&str> {
    warnings.iter().map(|warning| warning.code.as_str()).collect()
}

#[test]
fn a_judgement_counts_from_its_run_to_its_last_day_and_says_once_that_it_expired() {
    let (table, by_rule) = shop();
    let baseline = baseline(&table, &by_rule[0].1, &["n_orders"]);
    let until = date(2024, 6, 30);
    let history = [entry(1, MARCH, 1, set("champions", Some(until), baseline))];
    let on = |as_of: Date, previous: Date| {
        let (_, mut segments) = shop();
        let warnings = judged(&history, as_of, Some(previous), &mut segments);
        assert_eq!(segments[1], by_rule[1], "the other segment is left alone");
        let warnings: Vec<String> = codes(&warnings).into_iter().map(String::from).collect();
        (segments[0].2.group == GroupKey("champions".into()), warnings)
    };
    let none: Vec<String> = Vec::new();
    assert_eq!(on(date(2024, 3, 30), date(2024, 2, 29)), (false, none.clone()), "before its run");
    assert_eq!(on(MARCH, date(2024, 2, 29)), (true, none.clone()));
    assert_eq!(on(date(2024, 6, 29), MARCH), (true, none.clone()), "the day before its last");
    assert_eq!(on(until, MARCH), (true, none.clone()), "its last day");
    let expired = vec!["override_expired".to_owned()];
    assert_eq!(on(date(2024, 7, 1), until), (false, expired), "the day after");
    assert_eq!(on(date(2024, 8, 1), date(2024, 7, 1)), (false, none), "said before");
}

#[test]
fn the_last_word_counts_and_what_became_of_each_entry_is_told() {
    let none = BTreeMap::new;
    let history = Overrides {
        entries: vec![
            entry(1, MARCH, 1, set("loyal", None, none())),
            entry(2, MARCH, 2, set("loyal", Some(date(2024, 4, 30)), none())),
            entry(3, date(2024, 4, 30), 1, set("champions", None, none())),
            entry(4, date(2024, 6, 30), 1, Decision::Withdrawn),
        ],
    };
    let numbers = |as_of| -> Vec<usize> {
        history.last_words(AsOf(as_of)).values().map(|entry| entry.number).collect()
    };
    assert_eq!(numbers(date(2024, 3, 30)), [0_usize; 0]);
    assert_eq!(numbers(MARCH), [1, 2]);
    assert_eq!(numbers(date(2024, 4, 30)), [3, 2]);
    assert_eq!(numbers(date(2024, 6, 30)), [4, 2]);
    use EntryStatus::{Expired, InForce, NotYet, Replaced, Withdrawal, Withdrawn};
    let statuses = |as_of| history.statuses(AsOf(as_of));
    assert_eq!(statuses(MARCH), [InForce, InForce, NotYet, Withdrawal]);
    assert_eq!(statuses(date(2024, 5, 31)), [Replaced { by: 3 }, Expired, InForce, Withdrawal]);
    assert_eq!(
        statuses(date(2024, 6, 30)),
        [Replaced { by: 3 }, Expired, Withdrawn { by: 4 }, Withdrawal]
    );
}

/// Quartiles of 1 to 8 by type 7 are 2.75 and 6.25: a spread of 3.5 / 1.349. S01 stands at 2.5.
#[test]
fn drift_by_hand_stays_in_force_and_is_flagged_above_the_limit() {
    let (table, by_rule) = shop();
    let clustered = ["n_orders", "recency_days", "region"];
    let baseline = baseline(&table, &by_rule[0].1, &clustered);
    let spread = 3.5 / 1.348_979_500_392_163_5;
    assert_eq!(baseline.keys().collect::<Vec<_>>(), ["n_orders"], "all alike, or no number");
    assert_eq!(baseline["n_orders"].median, 2.5);
    assert!((baseline["n_orders"].spread - spread).abs() < 1e-12);
    let history = [entry(1, MARCH, 1, set("champions", None, baseline))];
    for (moved, flagged) in
        [(0.0_f64, false), (0.49, false), (-0.49, false), (0.51, true), (-0.9, true)]
    {
        let (_, mut segments) = shop();
        segments[0].1.medians.insert("n_orders".into(), 2.5 + moved * spread);
        let warnings = judged(&history, date(2024, 4, 30), Some(MARCH), &mut segments);
        let label = &segments[0].2;
        assert_eq!(label.group.0, "champions", "it stays in force");
        let drift = label.judgement.as_ref().unwrap().drift.as_ref().unwrap();
        assert!((drift.spreads - moved.abs()).abs() < 1e-12);
        assert_eq!((drift.feature.as_str(), drift.then, drift.flagged), ("n_orders", 2.5, flagged));
        assert_eq!(codes(&warnings), if flagged { vec!["override_drifted"] } else { vec![] });
        assert_eq!(label.reason.en.contains("drifted by"), flagged);
        if flagged {
            let by_rule = &by_rule[0].2.group;
            let message = &warnings[0].message;
            let said =
                format!("{:.2} spreads (limit 0.5) in number of orders (from 2.5 to", moved.abs());
            for word in ["S01", "champions", "Anna", &said, &format!("rule says `{by_rule}`")] {
                assert!(message.contains(word), "{word}: {message}");
            }
        }
    }
    let (_, mut segments) = shop();
    segments[0].1.medians.clear();
    let warnings = judged(&history, date(2024, 4, 30), Some(MARCH), &mut segments);
    assert_eq!(codes(&warnings), ["override_drift_unknown"]);
    assert_eq!(segments[0].2.group.0, "champions");
}

#[test]
fn the_feature_that_moved_most_is_named_and_of_equals_the_first() {
    let at = |median, spread| Baseline { median, spread };
    let then: BTreeMap<String, Baseline> = [
        ("a".to_owned(), at(0.0, 1.0)),
        ("b".to_owned(), at(0.0, 2.0)),
        ("c".to_owned(), at(0.0, 1.0)),
    ]
    .into();
    let (_, segments) = shop();
    let mut profile = segments[0].1.clone();
    let mut moved = |medians: [(&str, f64); 3]| {
        profile.medians = medians.map(|(name, value)| (name.to_owned(), value)).into();
        let drift = drift::drift(&then, &profile, 0.5).unwrap();
        (drift.feature, drift.spreads)
    };
    assert_eq!(moved([("a", 1.0), ("b", 4.0), ("c", 1.5)]), ("b".into(), 2.0));
    assert_eq!(moved([("a", 1.0), ("b", 2.0), ("c", -1.0)]), ("a".into(), 1.0));
    assert_eq!(moved([("a", 0.0), ("b", 0.0), ("z", 9.0)]), ("a".into(), 0.0));
}

#[test]
fn what_the_rule_gave_is_kept_and_comes_back_as_it_was() {
    let (table, by_rule) = shop();
    let baseline = baseline(&table, &by_rule[0].1, &["n_orders"]);
    let mut history = vec![entry(1, MARCH, 1, set("champions", None, baseline))];
    let (_, mut segments) = shop();
    judged(&history, MARCH, None, &mut segments);
    let once = segments.clone();
    let label = &once[0].2;
    let card = &Taxonomy::built_in("rfm").unwrap().cards()[&label.group];
    assert_eq!((&label.name, &label.color), (&card.name, &card.color));
    assert_eq!((&label.description, &label.treatment), (&card.description, &card.treatment));
    let judgement = label.judgement.as_ref().unwrap();
    assert_eq!(*judgement.by_rule, by_rule[0].2);
    assert_eq!((judgement.set_on, judgement.until), (date(2024, 4, 2), None));
    judged(&history, MARCH, None, &mut segments);
    assert_eq!(segments, once, "twice is as once");
    history.push(entry(2, MARCH, 1, Decision::Withdrawn));
    judged(&history, MARCH, None, &mut segments);
    assert_eq!(segments, by_rule);
}

#[test]
fn a_group_or_a_segment_that_is_gone_leaves_the_rule_and_a_warning() {
    let none = BTreeMap::new;
    let history = [
        entry(1, MARCH, 1, set("gold", None, none())),
        entry(2, MARCH, 7, set("champions", None, none())),
    ];
    let (_, mut segments) = shop();
    let (_, by_rule) = shop();
    let warnings = judged(&history, MARCH, None, &mut segments);
    assert_eq!(codes(&warnings), ["override_group_unknown", "override_segment_ended"]);
    assert!(warnings[0].message.contains("gold") && warnings[0].message.contains("champions"));
    assert!(warnings[1].message.contains("no segment S07"), "{}", warnings[1].message);
    assert_eq!(segments, by_rule);
}

/// Clusters are numbered anew by every fit: the id decides, not the place.
#[test]
fn the_order_of_segments_is_of_no_consequence() {
    let (table, by_rule) = shop();
    let baseline = baseline(&table, &by_rule[0].1, &["n_orders"]);
    let history = [entry(1, MARCH, 1, set("champions", None, baseline))];
    let (_, mut segments) = shop();
    judged(&history, MARCH, None, &mut segments);
    let (_, mut reversed) = shop();
    reversed.reverse();
    judged(&history, MARCH, None, &mut reversed);
    reversed.reverse();
    assert_eq!(reversed, segments);
}

#[test]
fn the_reason_is_told_in_both_languages() {
    let (table, by_rule) = shop();
    let baseline = baseline(&table, &by_rule[0].1, &["n_orders"]);
    let until = Some(date(2024, 12, 31));
    let history = [entry(1, MARCH, 1, set("champions", until, baseline))];
    let (_, mut segments) = shop();
    segments[0].1.medians.insert("n_orders".into(), 6.0);
    judged(&history, MARCH, None, &mut segments);
    let (reason, rule) = (&segments[0].2.reason, &by_rule[0].2);
    assert_eq!(
        reason.en,
        format!(
            "Judged by Anna on 2 April 2024: they are schools. Valid until 31 December 2024. Since \
             then the segment has drifted by 1.35 spreads (limit 0.5) in number of orders (from 2.5 \
             to 6): look at it again. By the rule it would be “{}”: {}",
            rule.name.en, rule.reason.en
        )
    );
    assert_eq!(
        reason.vi,
        format!(
            "Theo nhận định của Anna ngày 02/04/2024: they are schools. Có hiệu lực đến hết ngày \
             31/12/2024. Từ đó đến nay phân khúc đã lệch 1,35 lần độ phân tán (ngưỡng 0,5) về số \
             đơn hàng (từ 2,5 thành 6): cần xem xét lại. Nếu theo quy tắc thì phân khúc thuộc nhóm \
             “{}”: {}",
            rule.name.vi, rule.reason.vi
        )
    );
}

#[test]
fn what_cannot_be_kept_is_refused() {
    let statement = Statement {
        author: " Anna ".into(),
        reason: "they are schools".into(),
        at: "2024-04-02T09:30:00Z".parse().unwrap(),
        until: Some(MARCH),
    };
    assert_eq!(statement.checked(AsOf(MARCH)).unwrap().author, "Anna");
    let refused = |statement: Statement| statement.checked(AsOf(MARCH)).unwrap_err();
    let no = |author: &str, reason: &str| {
        refused(Statement { author: author.into(), reason: reason.into(), ..statement.clone() })
    };
    assert_eq!(no("", "x"), LabelError::NoWord { what: "author" });
    assert_eq!(no("x", " \t"), LabelError::NoWord { what: "reason" });
    assert_eq!(no("x", "a\nb"), LabelError::ControlCharacter { what: "reason" });
    let before = refused(Statement { until: Some(date(2024, 3, 30)), ..statement.clone() });
    assert!(before.to_string().contains("2024-03-30 is before the date of the run, 2024-03-31"));

    let ids = || [1, 2, 12].into_iter().map(SegmentId);
    assert_eq!(segment_among("s02", "r", ids()), Ok(SegmentId(2)));
    let unknown = segment_among("S3", "r", ids()).unwrap_err().to_string();
    assert!(unknown.contains("did you mean `S") && unknown.contains("S01, S02, S12"), "{unknown}");
    let groups = Taxonomy::built_in("rfm").unwrap().cards();
    assert_eq!(group_among("champions", &groups), Ok(GroupKey("champions".into())));
    let vietnamese = &groups[&GroupKey("champions".into())].name.vi;
    for near in ["champion", "Champions", "chapmions", vietnamese] {
        let unknown = group_among(near, &groups).unwrap_err().to_string();
        assert!(unknown.contains("did you mean `champions`?"), "{near}: {unknown}");
    }
    let unknown = group_among("zzz", &groups).unwrap_err().to_string();
    assert!(!unknown.contains("did you mean") && unknown.contains("champions"), "{unknown}");
}
