//! Simulations whose groups are known: clustering finds them, tracking sees them die out, split
//! and appear.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Frame, StoredRun, run_in, simulate, stored_runs};

/// The true group of each customer at a month's end; customers without one are left out.
fn truth(data: &Path, month_end: &str) -> BTreeMap<String, String> {
    let table = Frame::read(&data.join("truth.parquet"));
    let customers = table.texts("customer_id").into_iter().map(Option::unwrap);
    customers
        .zip(table.texts("month_end"))
        .zip(table.texts("group"))
        .filter(|((_, end), _)| end.as_deref() == Some(month_end))
        .filter_map(|((customer, _), group)| Some((customer, group?)))
        .collect()
}

/// Adjusted Rand index (Hubert and Arabie 1985) of two partitions of the customers in both.
fn adjusted_rand_index(left: &BTreeMap<String, String>, right: &BTreeMap<String, String>) -> f64 {
    let mut cells: BTreeMap<(&str, &str), f64> = BTreeMap::new();
    let mut rows: BTreeMap<&str, f64> = BTreeMap::new();
    let mut columns: BTreeMap<&str, f64> = BTreeMap::new();
    let mut n = 0.0;
    for (customer, a) in left {
        let Some(b) = right.get(customer) else { continue };
        *cells.entry((a, b)).or_default() += 1.0;
        *rows.entry(a).or_default() += 1.0;
        *columns.entry(b).or_default() += 1.0;
        n += 1.0;
    }
    fn pairs<K>(counts: &BTreeMap<K, f64>) -> f64 {
        counts.values().map(|count| count * (count - 1.0) / 2.0).sum()
    }
    let expected = pairs(&rows) * pairs(&columns) / (n * (n - 1.0) / 2.0);
    (pairs(&cells) - expected) / ((pairs(&rows) + pairs(&columns)) / 2.0 - expected)
}

#[test]
fn the_index_of_this_file_is_that_of_a_worked_table() {
    // Two groups of 3 against {1, 2}, {3}, {4, 5, 6}: pairs 4 of 6 and 4, expected 24/15.
    let of = |groups: &str| -> BTreeMap<String, String> {
        groups.chars().enumerate().map(|(n, group)| (n.to_string(), group.to_string())).collect()
    };
    let index = adjusted_rand_index(&of("aaabbb"), &of("xxyzzz"));
    assert!((index - (4.0 - 1.6) / (5.0 - 1.6)).abs() < 1e-12, "{index}");
    assert_eq!(adjusted_rand_index(&of("aabb"), &of("zzyy")), 1.0);
}

fn separated(cluster: &str, seed: &str) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let options =
        ["--customers", "1500", "--months", "12", "--scenario", "separated", "--seed", seed];
    simulate(folder.path(), &options, cluster);
    let last = "2024-12-31";
    run_in(folder.path(), &["run", "data/segtrail.toml", "--as-of", last, "--quiet"]).done();
    let run = StoredRun::at(stored_runs(&folder.path().join("models")).remove(0));
    let (found, truth) = (run.segments(), truth(&folder.path().join("data"), last));
    assert_eq!(found.len(), 1500, "everyone has bought");
    assert!(found.keys().eq(truth.keys()));
    adjusted_rand_index(&found, &truth)
}

#[test]
fn five_groups_well_apart_are_found_by_kmeans() {
    for seed in ["1", "2", "3"] {
        let index = separated("[cluster]\nmethod = \"kmeans\"\nk = \"2..10\"\nbootstrap = 0", seed);
        assert!(index >= 0.9, "seed {seed}: {index}");
    }
}

#[test]
fn five_groups_well_apart_are_found_by_the_better_of_both_methods() {
    let index = separated("[cluster]\nmethod = \"auto\"\nk = \"2..8\"\nbootstrap = 0", "1");
    assert!(index >= 0.9, "{index}");
}

/// Groups a factor of ten apart in spend an order, with some eight orders a month. `catalogue` dies
/// out in March, a half of `regulars` become `converts` in May, `newcomers` appear in July.
const EVENTS: &str = r#"
[[groups]]
key = "small"
share = 0.25
rate = { shape = 100.0, scale = 0.08 }
regularity = 8
order_mean = { shape = 60.0, scale = 0.1 }
order_shape = 8.0

[[groups]]
key = "regulars"
share = 0.25
rate = { shape = 100.0, scale = 0.08 }
regularity = 8
order_mean = { shape = 60.0, scale = 1.0 }
order_shape = 8.0
splits = { month = 4, into = "converts", share = 0.5 }

[[groups]]
key = "big"
share = 0.2
rate = { shape = 100.0, scale = 0.08 }
regularity = 8
order_mean = { shape = 60.0, scale = 10.0 }
order_shape = 8.0

[[groups]]
key = "catalogue"
share = 0.15
rate = { shape = 100.0, scale = 0.08 }
regularity = 8
order_mean = { shape = 60.0, scale = 100.0 }
order_shape = 8.0
dies = 2

[[groups]]
key = "converts"
share = 0.0
rate = { shape = 100.0, scale = 0.08 }
regularity = 8
order_mean = { shape = 60.0, scale = 100.0 }
order_shape = 8.0

[[groups]]
key = "newcomers"
share = 0.15
rate = { shape = 100.0, scale = 0.08 }
regularity = 8
order_mean = { shape = 60.0, scale = 1000.0 }
order_shape = 8.0
appears = 6
"#;

/// The events of a run's `comparison.json` other than survival.
fn events(run: &StoredRun) -> Vec<Value> {
    let comparison = run.json("comparison.json");
    let all = comparison["transitions"].as_array().unwrap().clone();
    all.into_iter().filter(|event| event["event"] != "survived").collect()
}

/// The segment that most members of a true group are in.
fn segment_of(group: &str, run: &StoredRun, truth: &BTreeMap<String, String>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let segments = run.segments();
    for (customer, segment) in &segments {
        if truth.get(customer).is_some_and(|known| known == group) {
            *counts.entry(segment).or_default() += 1;
        }
    }
    let largest = counts.into_iter().max_by_key(|(_, count)| *count);
    largest.expect("a member with a segment").0.to_owned()
}

/// The monthly runs of [`EVENTS`], February to August, with the truth at each one's date.
fn seven_months(folder: &Path) -> Vec<(StoredRun, BTreeMap<String, String>)> {
    fs::write(folder.join("events.toml"), EVENTS).unwrap();
    let options =
        ["--customers", "1200", "--months", "8", "--scenario", "events.toml", "--seed", "4"];
    let sections = "[transactions.policy]\nhistory = \"1 month\"\n\
                    [features]\nuse = [\"monetary_mean\"]\n\
                    [cluster]\nk = \"2..8\"\nbootstrap = 0";
    simulate(folder, &options, sections);
    let range = "2024-02-29..2024-08-31";
    run_in(folder, &["run", "data/segtrail.toml", "--as-of", range, "--quiet"]).done();
    stored_runs(&folder.join("models"))
        .into_iter()
        .map(|path| {
            let run = StoredRun::at(path);
            let truth = truth(&folder.join("data"), &run.id()[..10]);
            (run, truth)
        })
        .collect()
}

#[test]
fn groups_that_die_out_split_and_appear_are_matched_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let months = seven_months(folder.path());
    assert_eq!(months.len(), 7);
    for (run, truth) in &months {
        let index = adjusted_rand_index(&run.segments(), truth);
        assert!(index >= 0.9, "{}: {index}", run.id());
    }
    let [february, march, april, may, june, july, august] = &months[..] else { unreachable!() };

    // March: the dead group's segment disappears, and nothing else happens.
    let dead = segment_of("catalogue", &february.0, &february.1);
    let [gone] = &events(&march.0)[..] else { panic!("{:?}", events(&march.0)) };
    assert_eq!((&gone["event"], gone["segment"].as_str()), (&"disappeared".into(), Some(&*dead)));
    assert!(gone["left"].as_f64().unwrap() > 0.95, "{gone}");

    // May: the regulars' segment splits into what stays theirs and that of the converts.
    let regulars = segment_of("regulars", &april.0, &april.1);
    let converts = segment_of("converts", &may.0, &may.1);
    let split = events(&may.0);
    let [split] = &split[..] else { panic!("{split:?}") };
    assert_eq!((&split["event"], split["segment"].as_str()), (&"split".into(), Some(&*regulars)));
    let mut parts: Vec<&str> =
        split["into"].as_array().unwrap().iter().map(|part| part[0].as_str().unwrap()).collect();
    parts.sort_unstable();
    let mut expected = [segment_of("regulars", &may.0, &may.1), converts.clone()];
    expected.sort();
    assert_eq!(parts, expected);
    assert!(expected.contains(&regulars), "one part keeps the identity");

    // July: the newcomers' segment appears.
    let new = segment_of("newcomers", &july.0, &july.1);
    let appeared = events(&july.0);
    let [appeared] = &appeared[..] else { panic!("{appeared:?}") };
    assert_eq!(
        (&appeared["event"], appeared["segment"].as_str()),
        (&"appeared".into(), Some(&*new))
    );
    assert!(appeared["entered"].as_f64().unwrap() > 0.95, "{appeared}");

    // The other months: everything survives, and ids are never given twice.
    for quiet in [april, june, august] {
        assert_eq!(events(&quiet.0), Vec::<Value>::new(), "{}", quiet.0.id());
    }
    assert!(![&regulars, &converts, &new].contains(&&dead));
    assert!(months.iter().skip(1).all(|(run, _)| run.segments().values().all(|id| *id != dead)));
    for group in ["small", "big"] {
        let ids: Vec<String> =
            months.iter().map(|(run, truth)| segment_of(group, run, truth)).collect();
        assert!(ids.iter().all(|id| *id == ids[0]), "{group}: {ids:?}");
    }
}
