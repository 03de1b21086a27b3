//! Which run of a series counts: promotion, rollback, what follows for exports, what pruning leaves,
//! and what a scheduler finds to do.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Outcome, Shop, leftovers, stored_runs};

/// The shop with three runs stored, and their ids by date.
fn three_months() -> (Shop, Vec<String>) {
    let shop = Shop::new();
    shop.run("2024-04-30..2024-06-30").done();
    let ids = stored_runs(&shop.models()).into_iter();
    let ids = ids.map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    (shop, ids)
}

fn promote(shop: &Shop, run: &str, alias: &str) -> Value {
    let words = ["promote", run, "--as", alias, "--author", "Anna", "--reason", "looks right"];
    shop.command(&[&words[..], &["--json"]].concat()).done().json()
}

fn rollback(shop: &Shop) -> Outcome {
    shop.command(&["rollback", "shop", "--author", "Bình", "--reason", "names are odd", "--json"])
}

fn exported(shop: &Shop, words: &[&str]) -> String {
    let outcome = shop.command(&[&["export"], words, &["--format", "csv"]].concat()).done();
    outcome.stdout.lines().nth(1).unwrap().rsplit(',').next().unwrap().to_owned()
}

#[test]
fn the_champion_is_what_exports_are_of_until_it_is_rolled_back() {
    let (shop, ids) = three_months();
    assert_eq!(exported(&shop, &["shop"]), ids[2], "without a champion the last run");
    shop.command(&["show", "champion"]).fails(1, &["no champion", "promote"]);
    shop.command(&["show", "shop/candidate"]).fails(1, &["no candidate of the series `shop`"]);

    let said = promote(&shop, &ids[0], "champion");
    assert_eq!((said["run_id"].as_str(), &said["before"]), (Some(&*ids[0]), &Value::Null));
    assert_eq!(promote(&shop, "latest", "candidate")["run_id"], ids[2]);
    assert_eq!(promote(&shop, &ids[1], "champion")["before"], ids[0]);
    assert_eq!(promote(&shop, "champion", "champion")["already_there"], true);
    for words in [&["shop"][..], &[], &["champion"], &["shop/champion"]] {
        assert_eq!(exported(&shop, words), ids[1], "{words:?}");
    }
    assert_eq!(exported(&shop, &["latest"]), ids[2], "told otherwise");
    let listed = shop.command(&["runs", "--json"]).done().json();
    let aliases: Vec<&Value> =
        listed["runs"].as_array().unwrap().iter().map(|run| &run["aliases"]).collect();
    assert_eq!(aliases, [&json!([]), &json!(["champion"]), &json!(["candidate"])]);

    let said = rollback(&shop).done().json();
    assert_eq!((&said["run_id"], &said["before"]), (&json!(ids[0]), &json!(ids[1])));
    assert_eq!(exported(&shop, &["shop"]), ids[0]);
    rollback(&shop).fails(1, &["nothing to go back to", &ids[0]]);

    // Nothing of the history is lost.
    let text = fs::read_to_string(shop.models().join("shop/registry.json")).unwrap();
    let log: Value = serde_json::from_str(&text).unwrap();
    let told: Vec<(u64, &str, &str, &str)> = (log["entries"].as_array().unwrap().iter())
        .map(|entry| {
            let text = |key: &str| entry[key].as_str().unwrap();
            let number = entry["number"].as_u64().unwrap();
            (number, text("action"), text("alias"), text("author"))
        })
        .collect();
    let expected = [
        (1, "promoted", "champion", "Anna"),
        (2, "promoted", "candidate", "Anna"),
        (3, "promoted", "champion", "Anna"),
        (4, "rolled_back", "champion", "Bình"),
    ];
    assert_eq!(told, expected);
    assert!(leftovers(&shop.models()).is_empty());
}

#[test]
fn a_promotion_needs_a_run_a_name_and_a_reason() {
    let (shop, ids) = three_months();
    let with = |author: &str, reason: &str, run: &str| {
        shop.command(&["promote", run, "--author", author, "--reason", reason])
    };
    with(" ", "r", &ids[0]).fails(1, &["author"]);
    with("Anna", "", &ids[0]).fails(1, &["reason"]);
    with("Anna", "r", "nothing").fails(1, &["no run `nothing`"]);
    let other = ["promote", &ids[0], "--as", "winner", "--author", "A", "--reason", "r"];
    assert_eq!(shop.command(&other).code, Some(2));
    assert!(!shop.models().join("shop/registry.json").exists());
    fs::write(shop.models().join("shop/registry.json"), "{\"format\": 2}").unwrap();
    with("Anna", "r", &ids[0]).fails(1, &["registry.json", "format 2", "never replaced"]);
    shop.command(&["rollback", "none", "--author", "A", "--reason", "r"]).fails(1, &["none"]);
    assert!(!shop.models().join("none").exists());
}

#[test]
fn pruning_keeps_what_is_promoted_and_says_what_it_does() {
    let (shop, ids) = three_months();
    let prune = |words: &[&str]| {
        let all = [&["prune", "shop", "--json"], words].concat();
        shop.command(&all).done().json()
    };
    let gone = |said: &Value| -> Vec<String> {
        let removed = said["removed"].as_array().unwrap().iter();
        removed.map(|run| run["run_id"].as_str().unwrap().to_owned()).collect()
    };
    promote(&shop, &ids[0], "champion");
    let said = prune(&["--keep", "1", "--dry-run"]);
    assert_eq!(gone(&said), [ids[1].clone()]);
    assert!(said["bytes"].as_u64().unwrap() > 0);
    assert_eq!(said["kept"][0]["kept"], json!(["promoted"]));
    assert_eq!(stored_runs(&shop.models()).len(), 3, "a dry run removes nothing");
    assert_eq!(gone(&prune(&["--keep", "3"])), Vec::<String>::new());
    // The run before the champion would be champion after a rollback.
    promote(&shop, &ids[2], "champion");
    assert_eq!(gone(&prune(&["--keep", "1"])), [ids[1].clone()]);
    assert_eq!(stored_runs(&shop.models()).len(), 2);
    assert!(leftovers(&shop.models()).is_empty());
    rollback(&shop).done();
    shop.command(&["show", "champion"]).done();
    // The trail begins where the store does, and new ids are above all that were given.
    shop.command(&["trail", "shop"]).done();
    let before = next_segment(&shop, &ids[2]);
    shop.run("2024-07-31").done();
    let last = stored_runs(&shop.models()).pop().unwrap();
    let last = last.file_name().unwrap().to_string_lossy().into_owned();
    assert!(next_segment(&shop, &last) >= before);
    assert_eq!(shop.command(&["prune", "shop", "--keep", "0"]).code, Some(2));
    shop.command(&["prune", "none", "--keep", "1"]).fails(1, &["none"]);
}

fn next_segment(shop: &Shop, run: &str) -> String {
    let path = shop.models().join("shop").join(run).join("manifest.json");
    let manifest: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    manifest["next_segment"].as_str().unwrap().to_owned()
}

/// The shop's last sale is of 17 June: May is complete, June is not.
#[test]
fn a_scheduler_runs_what_is_complete_and_then_finds_nothing_to_do() {
    let shop = Shop::new();
    let watch = |words: &[&str]| {
        shop.command(&[&["watch", "segtrail.toml", "--json"], words].concat()).done().json()
    };
    let said = watch(&[]);
    assert_eq!((&said["status"], &said["complete_until"]), (&json!("done"), &json!("2024-05-31")));
    assert_eq!(said["runs"].as_array().unwrap().len(), 1);
    assert_eq!(said["runs"][0]["as_of"], "2024-05-31");
    let status = |path: &std::path::Path| -> Value {
        serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
    };
    assert_eq!(status(&shop.models().join("shop/watch.json")), said);
    let again = watch(&["--status", "status.json"]);
    assert_eq!(
        (&again["status"], &again["last_run"]),
        (&json!("nothing_to_do"), &json!("2024-05-31"))
    );
    assert_eq!(status(&shop.path("status.json")), again);
    assert_eq!(stored_runs(&shop.models()).len(), 1);
    // The first sale of July completes June.
    let sales = fs::read_to_string(shop.path("sales.csv")).unwrap();
    shop.write("sales.csv", sales + "c001,x1,2024-07-01,9.25\n");
    let said = shop.command(&["watch", "segtrail.toml", "--json"]).done().json();
    assert_eq!(said["runs"][0]["as_of"], "2024-06-30");
    let broken = shop.edit("amount = \"amount\"", "amount = \"nothing\"");
    broken.command(&["watch", "segtrail.toml"]).fails(1, &["nothing"]);
    assert_eq!(status(&broken.models().join("shop/watch.json"))["status"], "failed");
}

#[test]
fn a_scheduler_hears_of_a_gate_that_did_not_hold() {
    let watched = |budget: &str| {
        let shop = Shop::new().append(&format!("[track]\nchurn_budget = {budget}"));
        shop.run("2024-05-31").done();
        let sales = fs::read_to_string(shop.path("sales.csv")).unwrap();
        shop.write("sales.csv", sales + "c001,x1,2024-07-01,9.25\n");
        let outcome = shop.command(&["watch", "segtrail.toml", "--gate"]);
        let status = fs::read_to_string(shop.models().join("shop/watch.json")).unwrap();
        let status: Value = serde_json::from_str(&status).unwrap();
        (outcome, status["status"].clone())
    };
    let (outcome, status) = watched("1.0");
    outcome.done().says(&["gate held: 2024-06-30: model churn"]);
    assert_eq!(status, "done");
    let (outcome, status) = watched("0.0");
    assert_eq!(outcome.code, Some(3), "{}", outcome.all());
    outcome.says(&["gate did not hold: 2024-06-30: model churn"]);
    assert_eq!(status, "gate_not_held");
}
