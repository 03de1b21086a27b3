//! `[track] hysteresis`: which changes of group wait, and what that costs.

use serde_json::Value;

use crate::support::{Shop, StoredRun, stored_runs};

const MONTHS: &str = "2024-05-31..2024-06-30";

/// Both months of a shop with these lines in `[track]`.
fn runs(track: &str) -> (Shop, Vec<StoredRun>) {
    let shop = Shop::new().append(&format!("[track]\n{track}"));
    shop.run(MONTHS).done();
    let runs = stored_runs(&shop.models()).into_iter().map(StoredRun::at).collect();
    (shop, runs)
}

fn count(of: &Value, key: &str) -> usize {
    usize::try_from(of[key].as_u64().unwrap_or_else(|| panic!("{key} in {of}"))).unwrap()
}

/// Stayers, as far as a customer is in both runs, whose group is another in the second.
fn changed(runs: &[StoredRun]) -> usize {
    count(&runs[1].json("comparison.json"), "moved_group")
}

#[test]
fn without_margin_every_change_waits_in_its_first_month() {
    let (_plain_shop, plain) = runs("");
    let changes = changed(&plain);
    assert!(changes > 0, "the shop's customers change their groups");
    assert!(plain[1].manifest().get("hysteresis").is_none());

    let (shop, held) = runs("hysteresis = { margin = 1.0, months = 2 }");
    assert!(held[0].manifest().get("hysteresis").is_none(), "nobody was there before");
    let record = &held[1].manifest()["hysteresis"];
    assert_eq!(changed(&held), 0);
    assert_eq!(count(record, "kept"), changes);
    assert_eq!((count(record, "by_margin"), count(record, "by_months")), (0, 0));
    assert_eq!(count(record, "returned"), 0);
    let fidelity = record["fidelity"]["value"].as_f64().unwrap();
    let buyers = held[1].buyers() as f64;
    assert!((fidelity - (1.0 - changes as f64 / buyers)).abs() < 1e-12);
    let revenue = record["revenue_kept"].as_f64().unwrap();
    assert!(revenue > 0.0 && revenue < 1.0, "{revenue}");

    // The segments are those of the run without; what they would give waits in its column.
    let (with, without) =
        (held[1].table("assignments.parquet"), plain[1].table("assignments.parquet"));
    assert_eq!(with.texts("segment"), without.texts("segment"));
    let groups = with.texts("group").into_iter().zip(with.texts("proposed_group"));
    let given: Vec<Option<String>> = groups.map(|(group, waits)| waits.or(group)).collect();
    assert_eq!(given, without.texts("group"));

    // The groups of the report are counted by customer, and the record is said.
    let main = &held[1].manifest()["taxonomies"][0]["groups"];
    let counted: usize = main.as_array().unwrap().iter().map(|one| count(one, "customers")).sum();
    assert_eq!(counted as u64, held[1].buyers());
    let report = std::fs::read_to_string(stored_runs(&shop.models())[1].join("report.html"));
    assert!(report.unwrap().contains("Changes of group that were put off"));
    let customers = with.texts("customer_id");
    let waiting = with.texts("proposed_group").iter().position(Option::is_some).unwrap();
    let customer = customers[waiting].clone().unwrap();
    let series = held[1].manifest()["series"].as_str().unwrap().to_owned();
    let told = shop.command(&["trail", &customer]).done().stdout;
    assert_eq!(told, shop.command(&["trail", &series, "--customer", &customer]).done().stdout);
    assert!(told.contains("which hysteresis puts off"), "{told}");
    // Why: the rule that is told is that of the group that waits.
    let why = shop.command(&["why", &customer]).done().stdout;
    assert!(why.contains("hysteresis puts that off"), "{why}");
    let why = shop.command(&["why", &customer, "--json"]).done().json();
    let main = &why["groups"][0];
    assert_eq!(main["group"].as_str(), with.texts("group")[waiting].as_deref());
    assert_eq!(main["proposed_group"].as_str(), with.texts("proposed_group")[waiting].as_deref());
}

#[test]
fn without_a_bound_on_the_margin_nothing_waits() {
    let (_plain_shop, plain) = runs("");
    let (_shop, held) = runs("hysteresis = { margin = 0.0 }");
    let record = &held[1].manifest()["hysteresis"];
    assert_eq!(count(record, "by_margin"), changed(&plain));
    assert_eq!(count(record, "kept"), 0);
    assert_eq!(record["fidelity"]["value"], 1.0);
    assert!(record["revenue_kept"].as_f64().unwrap().is_sign_positive());
    assert_eq!(changed(&held), changed(&plain));
}

/// In the third month who waited is back or takes the group; nobody waits longer than two months.
#[test]
fn in_the_second_month_a_group_that_held_is_taken() {
    let shop = Shop::new().append("[track]\nhysteresis = { margin = 1.0, months = 2 }");
    shop.run("2024-04-30..2024-06-30").done();
    let runs: Vec<StoredRun> = stored_runs(&shop.models()).into_iter().map(StoredRun::at).collect();
    assert_eq!(runs.len(), 3);
    let waiting = |run: &StoredRun| {
        let table = run.table("assignments.parquet");
        table
            .texts("customer_id")
            .into_iter()
            .zip(table.texts("proposed_group"))
            .filter_map(|(customer, group)| Some((customer?, group?)))
            .collect::<Vec<_>>()
    };
    let record = &runs[2].manifest()["hysteresis"];
    let (earlier, later) = (waiting(&runs[1]), waiting(&runs[2]));
    assert!(!earlier.is_empty(), "somebody waits in May");
    let longer = later.iter().filter(|one| earlier.contains(one)).count();
    assert_eq!(longer, 0, "the same group does not wait twice");
    assert!(count(record, "by_months") + count(record, "returned") > 0, "{record}");
    assert_eq!(count(record, "kept"), later.len());
}

/// A person's word is not waited for.
#[test]
fn a_judgement_counts_at_once() {
    let (shop, held) = runs("hysteresis = { margin = 1.0, months = 2 }");
    let run = held[1].id();
    let segment = held[1].table("assignments.parquet").texts("segment")[0].clone().unwrap();
    let groups = held[1].manifest()["taxonomies"][0]["groups"].clone();
    let group = groups.as_array().unwrap()[3]["key"].as_str().unwrap().to_owned();
    let word = ["--reason", "known by name", "--author", "Lan"];
    shop.command(&[&["label", "set", &run, &segment, &group], &word[..]].concat()).done();
    let table = held[1].table("assignments.parquet");
    let rows = table.texts("segment").into_iter().zip(table.texts("group"));
    let theirs: Vec<String> = rows
        .filter(|(own, _)| own.as_deref() == Some(&segment))
        .filter_map(|(_, group)| group)
        .collect();
    assert!(!theirs.is_empty() && theirs.iter().all(|own| *own == group), "{theirs:?}");
}

#[test]
fn what_cannot_be_asked_for_is_refused() {
    let with = |line: &str| Shop::new().append(&format!("[track]\nhysteresis = {line}"));
    with("{ margin = 1.5 }").refuses(&["[track.hysteresis] margin = 1.5", "from 0 to 1"]);
    with("{ months = 1 }").refuses(&["[track.hysteresis] months = 1", "at least 2"]);
    with("{ weeks = 1 }").refuses(&["weeks"]);
}
