//! Who moved, the customer or the model; the ways to take a month; drift; gates.

use serde_json::Value;

use crate::support::{Shop, StoredRun, csv, sales, stored_runs};

const MONTHS: &str = "2024-05-31..2024-06-30";

fn shop(track: &str) -> Shop {
    Shop::new().append(&format!("[track]\n{track}"))
}

/// The comparison of the second month.
fn comparison(shop: &Shop) -> Value {
    let run = stored_runs(&shop.models()).pop().unwrap();
    serde_json::from_str(&std::fs::read_to_string(run.join("comparison.json")).unwrap()).unwrap()
}

#[test]
fn a_frozen_model_has_no_churn_and_keeps_every_id() {
    let shop = shop("retrain = \"assign\"\nchurn_budget = 0.0");
    shop.command(&["run", "segtrail.toml", "--as-of", MONTHS, "--gate"])
        .done()
        .says(&["gate held"]);
    let found = comparison(&shop);
    assert_eq!(found["movement"]["model_moved"], 0);
    assert_eq!(found["movement"]["agreement"]["value"], 1.0);
    let moved = found["movement"]["customer_moved"].as_u64().unwrap();
    assert_eq!(found["moved_segment"].as_u64().unwrap(), moved);
    let runs = stored_runs(&shop.models());
    let manifests: Vec<Value> = runs.into_iter().map(|run| StoredRun::at(run).manifest()).collect();
    assert_eq!(manifests[1]["retrain"]["used"], "assign");
    assert_eq!(manifests[0]["retrain"]["used"], "refit");
    assert_eq!(manifests[0]["next_segment"], manifests[1]["next_segment"]);
    assert_eq!(manifests[1]["retrain"]["distance_of_fit"], manifests[0]["retrain"]["distance"]);
}

#[test]
fn a_refit_relabels_beyond_its_budget_and_the_gate_says_so_when_all_is_stored() {
    let shop = shop("churn_budget = 0.0");
    let outcome = shop.command(&["run", "segtrail.toml", "--as-of", MONTHS, "--gate"]);
    assert_eq!(outcome.code, Some(3), "{}", outcome.all());
    let outcome = outcome.says(&["gate did not hold: 2024-06-30: model churn"]);
    assert!(outcome.stdout.contains("Report:"), "{}", outcome.all());
    assert_eq!(stored_runs(&shop.models()).len(), 2);
    let movement = &comparison(&shop)["movement"];
    assert_eq!(movement["within_budget"], false);
    let sum: u64 = ["unmoved", "customer_moved", "moved_apart", "model_moved", "held"]
        .iter()
        .map(|kind| movement[kind].as_u64().unwrap())
        .sum();
    assert_eq!(sum, movement["stayers"].as_u64().unwrap());
    // The same without the gate, and the comparison afterwards with and without.
    shop.command(&["run", "segtrail.toml", "--as-of", MONTHS]).done();
    let runs = stored_runs(&shop.models());
    let id = |place: usize| runs[place].file_name().unwrap().to_str().unwrap().to_owned();
    let compare = ["compare", &id(0), &id(1)];
    shop.command(&compare).done();
    let gated = shop.command(&[&compare[..], &["--gate"]].concat());
    assert_eq!(gated.code, Some(3), "{}", gated.all());
}

/// Forty customers: chance alone gives an index of 0.85. One order each of June that is a thousand
/// times as large puts all beyond the largest of May.
#[test]
fn the_drift_gate_fires_on_a_jump_by_a_thousand_and_not_without_one() {
    let run = |jump: bool| {
        let shop = shop("churn_budget = 1.0\ndrift_gate = 1.0");
        let june = (1..=40).map(|customer| {
            let customer = format!("c{customer:03}");
            let order = format!("june-{customer}");
            (customer, order, "2024-06-28".to_owned(), "50000".to_owned())
        });
        let sold: Vec<_> = sales().into_iter().chain(june.filter(|_| jump)).collect();
        shop.write("sales.csv", csv(&sold));
        shop.command(&["run", "segtrail.toml", "--as-of", MONTHS, "--gate"])
    };
    run(false).done().says(&["gate held: 2024-06-30: drift", "gate held: 2024-06-30: model churn"]);
    let fired = run(true);
    assert_eq!(fired.code, Some(3), "{}", fired.all());
    fired.says(&["gate did not hold: 2024-06-30: drift"]);
}

#[test]
fn an_incomplete_month_is_flagged_and_not_judged() {
    let shop = shop("drift_gate = 0.1\nchurn_budget = 1.0");
    shop.command(&["run", "segtrail.toml", "--as-of", "2024-05-31..2024-07-31", "--gate"]).done();
    let drift = &comparison(&shop)["drift"];
    assert_eq!(drift["missing_days"], 44, "the last sale is of 2024-06-17");
    let verdicts: Vec<&str> = drift["features"]
        .as_array()
        .unwrap()
        .iter()
        .map(|feature| feature["verdict"].as_str().unwrap())
        .collect();
    assert!(verdicts.contains(&"incomplete"), "{verdicts:?}");
    assert!(verdicts.iter().all(|verdict| ["stable", "incomplete"].contains(verdict)));
}

#[test]
fn the_three_ways_side_by_side_store_nothing() {
    let shop = Shop::new();
    let ways = ["compare", "--ways", "segtrail.toml", "--as-of", "2024-06-30"];
    shop.command(&ways).fails(2, &["no run before it"]);
    shop.run("2024-05-31").done();
    let found = shop.command(&[&ways[..], &["--json"]].concat()).done().json();
    let ways_found = found["ways"].as_array().unwrap();
    let names: Vec<&str> = ways_found.iter().map(|way| way["way"].as_str().unwrap()).collect();
    assert_eq!(names, ["assign", "warm", "refit"]);
    let churn = |at: usize| ways_found[at]["movement"]["model_churn"]["value"].as_f64().unwrap();
    assert_eq!(churn(0), 0.0);
    assert!(churn(1) <= churn(2), "{} {}", churn(1), churn(2));
    assert_eq!(stored_runs(&shop.models()).len(), 1);
    let table = shop.command(&ways).done().stdout;
    assert!(table.contains("model churn") && table.contains("warm"), "{table}");
}

#[test]
fn auto_says_in_the_manifest_what_it_took_and_why() {
    let shop = shop("retrain = \"auto\"");
    shop.run(MONTHS).done();
    let run = stored_runs(&shop.models()).pop().unwrap();
    let record = StoredRun::at(run).manifest()["retrain"].clone();
    assert_eq!(record["asked"], "auto");
    assert!(["assign", "warm", "refit"].contains(&record["used"].as_str().unwrap()));
    assert!(record["reason"].as_str().unwrap().contains("population stability index"), "{record}");
}

#[test]
fn what_cannot_be_asked_for_is_refused() {
    shop("churn_budget = 1.5").refuses(&["[track] churn_budget = 1.5", "from 0 to 1"]);
    shop("input_gate = 1").refuses(&["input_gate", "boolean"]);
    shop("drift_gate = 0").refuses(&["[track] drift_gate = 0", "above 0"]);
    shop("retrain = \"never\"").refuses(&["never", "assign"]);
    let bounded = Shop::new().edit("k = 3", "k = 3\nmin_customers = 3");
    let bounded = bounded.append("[track]\nretrain = \"assign\"");
    bounded.refuses(&["[track] retrain", "keeps no bounds"]);
}

/// Runs that do not follow one another are split by the earlier one's model, as if they did.
#[test]
fn the_movement_between_any_two_runs_is_that_of_their_features() {
    let shop = Shop::new();
    shop.run("2024-04-30..2024-06-30").done();
    let runs: Vec<StoredRun> = stored_runs(&shop.models()).into_iter().map(StoredRun::at).collect();
    let compare = ["compare", &runs[0].id(), &runs[2].id(), "--json"];
    let found = shop.command(&compare).done().json();
    assert!(found["drift"].is_null() && found["forecast"].is_null());
    // Without the run between, the later one follows the earlier.
    let alone = Shop::new();
    alone.run("2024-04-30").done();
    alone.run("2024-06-30").done();
    let last = StoredRun::at(stored_runs(&alone.models()).pop().unwrap());
    let stored = last.json("comparison.json");
    assert_eq!(found["movement"]["stayers"], stored["movement"]["stayers"]);
    let real = |movement: &Value| movement["customer_movement"]["value"].as_f64().unwrap();
    assert_eq!(real(&found["movement"]), real(&stored["movement"]));
}
