//! Every finding, on both sides of each of its bounds.

use std::collections::BTreeMap;

use jiff::civil::date;

use super::shares::{Part, rise};
use super::*;
use crate::run::{CategoryFacts, ColumnFacts, DayFacts, FileFacts, Filled, Silence, Spread, Usual};

/// Sizes of `values` in bins of an eighth of a doubling, as the reading of files makes them.
fn spread(values: &[f64]) -> Spread {
    let mut bins = BTreeMap::<u64, u64>::new();
    values.iter().for_each(|value| *bins.entry(value.to_bits() >> 49).or_default() += 1);
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let at = |share| crate::math::quantile_of_sorted(&sorted, share).unwrap();
    Spread {
        values: values.len() as u64,
        quantiles: [0.1, 0.25, 0.5, 0.75, 0.9, 0.99].map(at),
        bins: bins.into_iter().map(|(bin, n)| (f64::from_bits(bin << 49), n)).collect(),
    }
}

/// A thousand amounts from 3 to 300 with the median 30, alike on the scale of logarithms.
fn amounts() -> Vec<f64> {
    (0..1000).map(|n| 3.0 * 100f64.powf(f64::from(n) / 999.0)).collect()
}

fn filled(values: u64, empty: u64) -> Option<Filled> {
    Some(Filled { values, empty, unreadable: 0 })
}

fn column(name: &str, kind: Option<&str>, filled: Option<Filled>) -> ColumnFacts {
    ColumnFacts { name: name.into(), files: 1, kind: kind.map(str::to_owned), filled }
}

/// A table of a thousand rows in one file.
fn table() -> TableFacts {
    let file =
        FileFacts { path: "a.csv".into(), parquet: false, rows: 1000, median_amount: Some(30.0) };
    TableFacts {
        table: "transactions".into(),
        from: Some(date(2024, 5, 1)),
        rows: 1000,
        known: 5000,
        files: vec![file],
        columns: vec![column("customer", None, filled(1000, 10)), column("shop", None, None)],
        amount: Some(spread(&amounts())),
        ..TableFacts::default()
    }
}

fn drift(before: &TableFacts, now: &TableFacts) -> InputDrift {
    let (before, now) = (std::slice::from_ref(before), std::slice::from_ref(now));
    input_drift(before, now, None, true).unwrap()
}

fn kinds(drift: &InputDrift) -> Vec<(FindingKind, Gravity)> {
    drift.findings.iter().map(|finding| (finding.finding, finding.gravity)).collect()
}

/// What changed from [`table`] by `change`.
fn after(change: impl FnOnce(&mut TableFacts)) -> InputDrift {
    let mut now = table();
    change(&mut now);
    drift(&table(), &now)
}

#[test]
fn a_table_like_itself_has_no_finding_and_one_without_facts_no_drift() {
    let found = drift(&table(), &table());
    assert!(found.findings.is_empty() && found.severe() == 0);
    assert_eq!(found.tables[0].now.median_amount, Some(spread(&amounts()).median()));
    assert_eq!(input_drift(&[], &[table()], None, false), None, "a run of an earlier release");
}

#[test]
fn columns_gone_new_and_of_another_type() {
    let found = after(|now| {
        now.columns.pop();
    });
    assert_eq!(kinds(&found), [(FindingKind::ColumnGone, Gravity::Notable)], "it was not used");
    assert_eq!(found.findings[0].sentence.en, "[transactions] the column `shop` is gone");
    let found = after(|now| {
        now.columns.remove(0);
    });
    assert_eq!(kinds(&found), [(FindingKind::ColumnGone, Gravity::Severe)], "it was used");
    let found = after(|now| now.columns.reverse());
    assert!(found.findings.is_empty(), "order is irrelevant");
    let found = after(|now| now.columns.push(column("new", None, None)));
    assert_eq!(kinds(&found), [(FindingKind::ColumnNew, Gravity::Note)]);
    let found = after(|now| now.files.push(now.files[0].clone()));
    assert_eq!(kinds(&found).len(), 2, "a file without the columns: {found:?}");
    let of = |was: &str, is: &str| {
        let (mut before, mut now) = (table(), table());
        before.columns[1].kind = Some(was.into());
        now.columns[1].kind = Some(is.into());
        kinds(&drift(&before, &now))
    };
    assert_eq!(of("integer", "text"), [(FindingKind::TypeChanged, Gravity::Notable)]);
    assert_eq!(of("integer", "number"), []);
    assert_eq!(of("date", "time"), []);
}

/// By hand: 10 and 40 of 1,000 pool to 0.025; sqrt(0.025 x 0.975 x 2/1000) = 0.00698212, times 3.29053 is
/// 0.0229749.
#[test]
fn a_share_rises_beyond_chance_twice_and_by_a_hundredth() {
    let part = |count, of| Part { count, of };
    let chance = rise(part(10, 1000), part(40, 1000)).unwrap();
    assert!((chance - 0.022_974_9).abs() < 1e-6, "{chance}");
    assert_eq!(rise(part(10, 1000), part(30, 1000)), None, "0.020 is within chance, 0.0206");
    assert!(rise(part(10, 1000), part(31, 1000)).is_some());
    assert_eq!(rise(part(200, 1000), part(399, 1000)), None, "not twice");
    assert!(rise(part(200, 1000), part(400, 1000)).is_some());
    let many = 1_000_000;
    assert_eq!(rise(part(0, many), part(9_999, many)), None, "not a hundredth");
    assert!(rise(part(0, many), part(10_000, many)).is_some());
    assert_eq!(rise(part(0, 0), part(5, 10)), None);
    assert_eq!(rise(part(40, 1000), part(10, 1000)), None, "a fall");
}

#[test]
fn emptier_columns_and_refused_rows_are_told_once() {
    let empty = |count| {
        after(|now| {
            now.columns[0].filled = filled(1000, count);
            now.refused = BTreeMap::from([("customer_missing".into(), count)]);
        })
    };
    assert_eq!(kinds(&empty(50)), [(FindingKind::EmptyValues, Gravity::Notable)]);
    assert_eq!(kinds(&empty(209)), [(FindingKind::EmptyValues, Gravity::Notable)]);
    let severe = empty(210);
    assert_eq!(kinds(&severe), [(FindingKind::EmptyValues, Gravity::Severe)]);
    let sentence = &severe.findings[0].sentence;
    assert_eq!(
        sentence.en,
        "[transactions] more values of `customer` are empty: 1.0 % before, 21.0 % now"
    );
    assert!(sentence.vi.contains("trước 1,0 %, nay 21,0 %"), "{}", sentence.vi);
    let found = after(|now| now.refused = BTreeMap::from([("duplicate".into(), 300)]));
    assert_eq!(kinds(&found), [(FindingKind::RefusedRows, Gravity::Severe)]);
    assert_eq!(found.findings[0].of.as_deref(), Some("duplicate"));
    // Of 5,000 rows known by then, as they are of no month.
    let undated =
        |count| after(|now| now.undated = BTreeMap::from([("field_count".into(), count)]));
    assert_eq!(kinds(&undated(49)), []);
    assert_eq!(kinds(&undated(50)), [(FindingKind::RefusedRows, Gravity::Notable)]);
}

#[test]
fn what_the_same_month_of_last_year_has_is_seasonal() {
    let mut now = table();
    now.columns[0].filled = filled(1000, 300);
    let of = |then: u64| {
        let mut year = table();
        year.columns[0].filled = filled(1000, then);
        let found = input_drift(&[table()], std::slice::from_ref(&now), Some(&[year]), true);
        found.unwrap().findings[0].gravity
    };
    assert_eq!(of(151), Gravity::Seasonal, "300 is not twice as many");
    assert_eq!(of(150), Gravity::Severe);
}

#[test]
fn all_amounts_times_a_thousand_or_a_hundred_and_no_other_factor() {
    let times = |factor: f64| {
        let jumped: Vec<f64> = amounts().iter().map(|value| value * factor).collect();
        let found = after(|now| now.amount = Some(spread(&jumped)));
        found
            .findings
            .first()
            .map(|finding| (finding.finding, finding.gravity, finding.factor.unwrap()))
    };
    let severe = |factor| Some((FindingKind::AmountJump, Gravity::Severe, factor));
    for factor in [1000.0, 100.0, 0.01, 0.001] {
        assert_eq!(times(factor), severe(factor));
        assert_eq!(times(factor * 1.99), severe(factor), "a month that is 1.99 times as dear");
        assert_eq!(times(factor / 1.99), severe(factor));
    }
    assert_eq!(times(1000.0 * 2.01), None);
    assert_eq!(times(100.0 / 2.01), None);
    assert_eq!(times(3.0), None);
    let few = spread(&amounts()[..19]);
    let mut now = table();
    now.amount = Some(spread(&amounts()[..19].iter().map(|value| value * 1e3).collect::<Vec<_>>()));
    let before = TableFacts { amount: Some(few), ..table() };
    assert_eq!(kinds(&drift(&before, &now)), [], "19 values tell nothing");
}

#[test]
fn a_part_of_the_amounts_jumps() {
    let part = |share: usize, factor: f64| {
        let jumped: Vec<f64> = (amounts().iter().enumerate())
            .map(|(place, value)| if place % 100 < share { value * factor } else { *value })
            .collect();
        let found = after(|now| now.amount = Some(spread(&jumped)));
        let finding = found.findings.into_iter().next()?;
        Some((finding.gravity, finding.factor?, finding.share?, finding.sentence.en))
    };
    for factor in [1000.0, 100.0] {
        let (gravity, found, share, sentence) = part(10, factor).unwrap();
        assert_eq!((gravity, found), (Gravity::Severe, factor));
        assert!((share - 0.1).abs() < 0.015, "{share}");
        assert!(sentence.contains("times as large as before"), "{sentence}");
    }
    let (gravity, factor, share, _) = part(10, 0.001).unwrap();
    assert_eq!((gravity, factor), (Gravity::Notable, 0.001), "it hardly moves a sum");
    assert!((share - 0.1).abs() < 0.015, "{share}");
    assert_eq!(part(30, 0.01).unwrap().0, Gravity::Severe);
    assert_eq!(part(1, 1000.0), None, "7 or 8 rows of 1,000 are told by the rise, not a hundredth");
    assert!(part(2, 1000.0).is_some());
    assert_eq!(part(10, 30.0), None, "no factor of a currency");
}

#[test]
fn the_day_and_the_file_that_jumped_are_named() {
    let day = |day, median| DayFacts {
        day,
        rows: 100,
        amount: 0.0,
        median_amount: Some(median),
        usual: None,
    };
    let found = after(|now| {
        let jumped: Vec<f64> = amounts().iter().map(|value| value * 1e3).collect();
        now.amount = Some(spread(
            &[&amounts()[..], &jumped.iter().step_by(5).copied().collect::<Vec<_>>()].concat(),
        ));
        now.days = vec![day(date(2024, 5, 1), 30.0), day(date(2024, 5, 2), 30_000.0)];
        let file = FileFacts {
            path: "b.csv".into(),
            median_amount: Some(31_000.0),
            ..now.files[0].clone()
        };
        now.files.push(file);
        now.columns.iter_mut().for_each(|column| column.files = 2);
    });
    let finding = &found.findings[0];
    assert_eq!(
        (&finding.days[..], &finding.files[..]),
        (&[date(2024, 5, 2)][..], &["b.csv".to_owned()][..])
    );
    // A file of so few rows that the table does not show it.
    let small = |median, rows| {
        after(|now| {
            let file = FileFacts {
                path: "b.csv".into(),
                median_amount: Some(median),
                rows,
                parquet: false,
            };
            now.files.push(file);
            now.columns.iter_mut().for_each(|column| column.files = 2);
        })
    };
    let found = small(30_000.0, 20);
    assert_eq!(kinds(&found), [(FindingKind::AmountJump, Gravity::Severe)]);
    assert_eq!((found.findings[0].share, &found.findings[0].files[0][..]), (Some(0.02), "b.csv"));
    assert_eq!(kinds(&small(30_000.0, 19)), []);
    assert_eq!(kinds(&small(300.0, 20)), []);
    // A file each month of larger customers, under a new name.
    let large = |table: &mut TableFacts, path: &str| {
        let path = path.to_owned();
        table.files.push(FileFacts {
            path,
            median_amount: Some(30_000.0),
            rows: 50,
            parquet: false,
        });
        table.columns.iter_mut().for_each(|column| column.files = 2);
    };
    let (mut before, mut now) = (table(), table());
    large(&mut before, "large-4.csv");
    large(&mut now, "large-5.csv");
    assert_eq!(kinds(&drift(&before, &now)), []);
}

#[test]
fn silent_days_by_their_number_and_by_last_year() {
    let silent = |expected, last_year| {
        let (from, to) = (date(2024, 5, 10), date(2024, 5, 16));
        let found = after(|now| now.silences = vec![Silence { from, to, expected, last_year }]);
        (found.findings[0].gravity, found.findings[0].finding)
    };
    assert_eq!(silent(4, None), (Gravity::Note, FindingKind::SilentDays), "a long weekend");
    assert_eq!(silent(5, None).0, Gravity::Notable);
    assert_eq!(silent(5, Some(6)).0, Gravity::Notable);
    assert_eq!(silent(5, Some(7)).0, Gravity::Seasonal);
}

#[test]
fn volume_is_held_against_its_day_of_the_week() {
    let outside = |rows: &[u64], spread| {
        let day = |(place, rows): (usize, &u64)| DayFacts {
            day: date(2024, 5, 1 + place as i8),
            rows: *rows,
            amount: 0.0,
            median_amount: None,
            usual: Some(Usual { weeks: 13, open: 13, median: 100.0, spread }),
        };
        let days: Vec<DayFacts> = rows.iter().enumerate().map(day).collect();
        let now = TableFacts { days, ..table() };
        (drift(&table(), &now), now)
    };
    let of = |rows: &[u64], spread| kinds(&outside(rows, spread).0);
    assert_eq!(of(&[299, 34, 100], 0.1), []);
    assert_eq!(of(&[300, 100], 0.1), [(FindingKind::HighVolume, Gravity::Note)]);
    assert_eq!(of(&[33, 100], 0.1), [(FindingKind::LowVolume, Gravity::Note)]);
    assert_eq!(of(&[300, 300, 300, 300], 0.1), [(FindingKind::HighVolume, Gravity::Note)]);
    assert_eq!(of(&[300; 5], 0.1), [(FindingKind::HighVolume, Gravity::Notable)]);
    assert_eq!(of(&[300, 300, 300], 0.2), [], "six spreads are 3.32 times");
    assert_eq!(of(&[999], 0.1), [(FindingKind::HighVolume, Gravity::Note)]);
    assert_eq!(of(&[1000], 0.1), [(FindingKind::HighVolume, Gravity::Notable)]);
    assert_eq!(of(&[0, 0, 0], 0.1), [], "silence is told elsewhere");
    let (_, now) = outside(&[300; 6], 0.1);
    let year = |rows: &[u64]| {
        let (_, year) = outside(rows, 0.1);
        let now = std::slice::from_ref(&now);
        input_drift(&[table()], now, Some(&[year]), true).unwrap().findings[0].gravity
    };
    assert_eq!(year(&[300, 300, 300, 100]), Gravity::Seasonal);
    assert_eq!(year(&[300, 300, 100]), Gravity::Notable);
}

#[test]
fn values_new_and_vanished_and_shares_that_moved() {
    let categories = |most: &[(&str, u64)]| {
        let most: Vec<(String, u64)> =
            most.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect();
        let values = most.iter().map(|(_, count)| count).sum();
        let distinct = most.len() as u64;
        let facts = CategoryFacts { column: "kind".into(), values, distinct, most };
        TableFacts { categories: vec![facts], ..table() }
    };
    let of = |before: &[(&str, u64)], now: &[(&str, u64)]| {
        let found = drift(&categories(before), &categories(now));
        found.findings.into_iter().map(|f| (f.finding, f.gravity, f.values)).collect::<Vec<_>>()
    };
    let base = [("call", 500), ("visit", 500)];
    let name = |name: &str| vec![name.to_owned()];
    let new = |gravity| (FindingKind::NewValues, gravity, name("mail"));
    // (1 - 7/1007)^1000 = 0.00093, and with 6 it is 0.0024.
    assert_eq!(of(&base, &[("call", 500), ("visit", 500), ("mail", 6)]), []);
    assert_eq!(of(&base, &[("call", 500), ("visit", 500), ("mail", 7)]), [new(Gravity::Note)]);
    assert_eq!(of(&base, &[("call", 500), ("visit", 500), ("mail", 11)]), [new(Gravity::Notable)]);
    let vanished = (FindingKind::VanishedValues, Gravity::Notable, name("mail"));
    assert_eq!(of(&[("call", 500), ("visit", 500), ("mail", 11)], &base), [vanished]);
    let moved = |gravity| (FindingKind::SharesMoved, gravity, Vec::new());
    // Of p and 1/2 the index is (p - 1/2) ln(p / (1 - p)): 0.0966 at 0.654, 0.1008 at 0.657, 0.2487 at 0.739,
    // 0.2510 at 0.740.
    assert_eq!(of(&base, &[("call", 654), ("visit", 346)]), []);
    assert_eq!(of(&base, &[("call", 657), ("visit", 343)]), [moved(Gravity::Note)]);
    assert_eq!(of(&base, &[("call", 739), ("visit", 261)]), [moved(Gravity::Note)]);
    assert_eq!(of(&base, &[("call", 740), ("visit", 260)]), [moved(Gravity::Notable)]);
    assert_eq!(of(&[("call", 5), ("visit", 5)], &[("call", 8), ("visit", 2)]), [], "by chance");
}

#[test]
fn tables_that_come_go_or_fall_silent() {
    let wallet = TableFacts { table: "wallet".into(), ..table() };
    let found = input_drift(&[table()], &[table(), wallet.clone()], None, false).unwrap();
    assert_eq!(kinds(&found), [(FindingKind::TableNew, Gravity::Note)]);
    assert_eq!(found.tables[1].before, None);
    let found = input_drift(&[table(), wallet], &[table()], None, false).unwrap();
    assert_eq!(kinds(&found), [(FindingKind::TableGone, Gravity::Notable)]);
    let silent = after(|now| now.rows = 0);
    assert_eq!(kinds(&silent), [(FindingKind::NoRows, Gravity::Severe)]);
}

#[test]
fn figures_are_written_as_each_language_does() {
    let found = after(|now| {
        let jumped: Vec<f64> = amounts().iter().map(|value| value * 1e3).collect();
        now.amount = Some(spread(&jumped));
    });
    let sentence = &found.findings[0].sentence;
    assert!(
        sentence.en.contains("the amounts are 1,000 times as large as before: their median was 30")
    );
    assert!(sentence.en.contains("and is 30,00"), "{}", sentence.en);
    assert!(sentence.vi.contains("các số tiền lớn hơn trước 1.000 lần"), "{}", sentence.vi);
}
