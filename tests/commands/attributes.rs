//! Attributes of the customer table in the vector: what they do to the segments, what is counted,
//! and how the files and the report tell of them.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{AS_OF, Shop, StoredRun, repository, run_in, same_bytes, stored_runs};

const USE: &str = "use = [\"recency_days\", \"n_orders\", \"monetary_total\"]";

/// The shop with a customer table and the features of the vector.
fn shop(customers: &str, used: &str, each: &str) -> Shop {
    let shop = Shop::new()
        .edit(USE, &format!("use = [{used}]\n{each}"))
        .append("[customers]\nfiles = [\"customers.csv\"]\ncustomer = \"id\"");
    shop.write("customers.csv", customers);
    shop
}

/// Customers of two cities by turns, every fourth in none, those of `without` not in the table.
fn cities(without: &str) -> String {
    let mut text = String::from("id,city,kids\n");
    for customer in 1..=40 {
        let city = ["Huế", "Vinh", "Huế", ""][customer % 4];
        let id = format!("c{customer:03}");
        if id != without {
            text += &format!("{id},{city},{}\n", if customer % 5 == 0 { "NA" } else { "2" });
        }
    }
    text
}

/// The demographics of Complete Journey beside its baskets, `income` in the vector.
fn journey(folder: &Path, each: &str) -> StoredRun {
    let data = repository("data/complete_journey");
    let text = fs::read_to_string(data.join("segtrail.toml")).unwrap();
    let place = |name: &str| format!("{:?}", data.join(name));
    let text = text
        .replace("\"baskets.parquet\"", &place("baskets.parquet"))
        .replace("\"demographics.parquet\"", &place("demographics.parquet"))
        .replace("\"monetary_total\"]", "\"monetary_total\", \"income\"]")
        .replace("[cluster]", &format!("{each}\n[cluster]\nbootstrap = 3\ntolerance = 1e-12"))
        .replace("k = \"6..8\"", "k = 6");
    fs::write(folder.join("segtrail.toml"), text).unwrap();
    let before = stored_runs(&folder.join("models"));
    run_in(folder, &["run", "segtrail.toml", "--as-of", "2017-12-31", "--quiet"]).done();
    let mut runs = stored_runs(&folder.join("models"));
    runs.retain(|run| !before.contains(run));
    StoredRun::at(runs.remove(0))
}

fn standardised(run: &StoredRun) -> Vec<Value> {
    let segments = run.json("segments.json")["segments"].as_array().unwrap().clone();
    segments.iter().map(|segment| segment["standardised"].clone()).collect()
}

#[test]
fn income_enters_with_its_levels_and_those_without_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let run = journey(folder.path(), "");
    // data/README.md: demographics of 801 of the 2,469 households.
    assert_eq!(run.manifest()["missing"]["income"], 2_469 - 801);
    assert!(run.has_warning("attribute_missing"));
    let income = run.json("model.json")["features"][3].clone();
    assert_eq!(income["name"], "income");
    let levels = income["levels"].as_array().unwrap();
    assert_eq!(levels.len(), 12);
    assert!(levels.windows(2).all(|pair| pair[0].as_str() < pair[1].as_str()));
    // The vector is of quantiles: 1 / √12.
    assert!((income["value"].as_f64().unwrap() - 1.0 / 12.0_f64.sqrt()).abs() < 1e-15);
    // Shares by segment, less the share of all, times the value: they cancel over all buyers.
    let stored = run.json("segments.json");
    let sum: f64 = stored["segments"].as_array().unwrap().iter().fold(0.0, |sum, segment| {
        let cell = segment["standardised"]["income=50-74K"].as_f64().unwrap();
        let profile = &segment["profile"];
        let level = profile["attributes"]["income"]["50-74K"].as_f64().unwrap_or(0.0);
        let customers = profile["customers"].as_f64().unwrap();
        let expected = (level / customers - 192.0 / 2_469.0) / 12.0_f64.sqrt();
        assert!((cell - expected).abs() < 1e-12, "{cell} is not {expected}");
        sum + cell * customers
    });
    assert!(sum.abs() < 1e-9);
    let page = fs::read_to_string(run.folder.join("report.html")).unwrap();
    assert!(page.contains("income: 50-74K") && page.contains("1,668"));
}

#[test]
fn the_weight_decides_how_much_income_says() {
    let folder = tempfile::tempdir().unwrap();
    let without = journey(folder.path(), "[features.each.income]\nweight = 0");
    let much =
        journey(folder.path(), "[features.each.income]\nweight = 20\nmissing = \"indicator\"");
    // Without weight the segments are those of the numbers alone, once both are at rest: the
    // tolerance is relative to the mean variance of all columns.
    let text = fs::read_to_string(folder.path().join("segtrail.toml")).unwrap();
    let (head, tail) = text.split_once("[features.each.income]").unwrap();
    let (_, tail) = tail.split_once("[cluster]").unwrap();
    let text = format!("{}[cluster]{tail}", head.replace(", \"income\"]", "]"));
    fs::write(folder.path().join("numbers.toml"), text).unwrap();
    let options = ["--as-of", "2017-12-31", "--quiet", "--models", "other"];
    run_in(folder.path(), &[&["run", "numbers.toml"][..], &options].concat()).done();
    let numbers = StoredRun::at(stored_runs(&folder.path().join("other")).remove(0));
    assert!(without.segments() == numbers.segments(), "the segments are others");
    for cells in standardised(&without) {
        assert_eq!(cells["income=50-74K"], 0.0);
    }
    // With much of it, who has none is a segment of its own.
    let stored = much.json("segments.json");
    let profiles = stored["segments"].as_array().unwrap().iter().map(|s| &s["profile"]);
    let none: Vec<u64> =
        profiles.filter_map(|profile| profile["attributes"]["income"]["null"].as_u64()).collect();
    assert_eq!(none.iter().sum::<u64>(), 1_668);
    let largest = stored["segments"].as_array().unwrap().iter().find(|segment| {
        segment["profile"]["customers"] == segment["profile"]["attributes"]["income"]["null"]
    });
    assert!(largest.is_some(), "{none:?}");
}

#[test]
fn the_same_on_any_number_of_threads_and_in_any_order_of_the_customer_table() {
    let used = "\"recency_days\", \"city\", \"monetary_total\"";
    let shop = shop(&cities("c006"), used, "[features.each.city]\nweight = 1.5");
    for threads in ["1", "2"] {
        let options = ["--as-of", AS_OF, "--threads", threads, "--models", threads, "--quiet"];
        shop.command(&[&["run", "segtrail.toml"][..], &options].concat()).done();
    }
    let text = cities("c006");
    let (head, rows) = text.split_once('\n').unwrap();
    let rows: Vec<&str> = rows.lines().rev().collect();
    shop.write("customers.csv", format!("{head}\n{}\n", rows.join("\n")));
    let options = ["--as-of", AS_OF, "--models", "reversed", "--quiet"];
    shop.command(&[&["run", "segtrail.toml"][..], &options].concat()).done();
    let runs = ["1", "2", "reversed"].map(|models| stored_runs(&shop.path(models)).remove(0));
    let files = ["assignments.parquet", "segments.json", "model.json", "features.parquet"];
    same_bytes(&runs[0], &runs[1], &files);
    same_bytes(&runs[0], &runs[2], &files);
    // Ten in no city, and one who is not in the table.
    assert_eq!(StoredRun::at(&runs[0]).manifest()["missing"]["city"], 11);
}

#[test]
fn a_number_of_the_customer_table_is_a_feature_and_words_for_none_are_no_value() {
    let used = "\"recency_days\", \"kids\"";
    let run =
        shop(&cities("").replace(",2\n", ",3\n").replacen(",3\n", ",1\n", 9), used, "").accepts();
    assert_eq!(run.manifest()["units"]["kids"], "attribute");
    assert_eq!(run.manifest()["filled"]["kids"], 8, "NA is no value");
    assert_eq!(run.manifest()["missing"], Value::Null);
    let told_apart = "[features.each.kids]\nmissing = \"indicator\"\nweight = 0.5";
    let run = shop(&cities("").replacen(",2\n", ",1\n", 9), used, told_apart).accepts();
    let kids = run.json("model.json")["features"][1].clone();
    assert_eq!((&kids["weight"], &kids["indicator"]), (&Value::from(0.5), &Value::from(0.5)));
    assert!(standardised(&run).iter().all(|cells| cells["kids=null"].is_f64()));
}

#[test]
fn an_attribute_that_is_not_in_the_vector_stays_in_the_profiles() {
    let run = shop(&cities(""), "\"recency_days\"", "").accepts();
    let stored = run.json("segments.json");
    assert_eq!(stored["population"]["attributes"]["city"]["Huế"], 20);
    assert_eq!(run.json("model.json")["features"].as_array().unwrap().len(), 1);
}

#[test]
fn a_single_level_is_told_of_and_does_not_count() {
    let text = cities("").replace("Vinh", "Huế");
    let run = shop(&text, "\"recency_days\", \"city\"", "").accepts();
    assert!(run.has_warning("attribute_constant"));
    assert!(standardised(&run).iter().all(|cells| cells["city=Huế"] == 0.0));
}
