//! Online Retail II, with all its dirt: the counts that others found, the same result from CSV
//! and Parquet, and two years of monthly runs without a hand raised.
//!
//! Expected figures: the table of dirt and the totals in the data set's `SOURCES.md`.

use std::path::Path;

use serde_json::Value;

use crate::support::{Outcome, StoredRun, same_bytes, segtrail, shared_folder, stored_runs};

/// Duplicates dropped, cancellations excluded, quantity and price above zero, id present.
pub fn configuration(file: &Path, cluster: &str) -> String {
    format!(
        r#"name = "online-retail"
currency = "GBP"
timezone = "Europe/London"

[transactions]
files = ['{}']
customer = "Customer ID"
order = "Invoice"
time = "InvoiceDate"
quantity = "Quantity"
unit_price = "Price"

[transactions.policy]
duplicates = "drop"
returns = "exclude"
cancellation = {{ column = "Invoice", matches = "^C" }}

[cluster]
{cluster}
"#,
        file.display()
    )
}

fn run(folder: &Path, file: &Path, name: &str, cluster: &str, as_of: &str) -> Vec<StoredRun> {
    std::fs::write(folder.join(name), configuration(file, cluster)).unwrap();
    let models = format!("{name}-models");
    let options = ["--as-of", as_of, "--models", &models, "--quiet", "--json"];
    let outcome = Outcome::of(segtrail(folder).args(["run", name]).args(options)).done();
    assert_eq!(
        outcome.json()["runs"].as_array().unwrap().len(),
        stored_runs(&folder.join(&models)).len()
    );
    stored_runs(&folder.join(&models)).into_iter().map(StoredRun::at).collect()
}

#[test]
fn csv_and_parquet_give_the_published_counts_and_the_same_segments() {
    let Some(data) = shared_folder("online_retail_ii") else { return };
    let folder = tempfile::tempdir().unwrap();
    let cluster = "k = \"3..6\"\nrestarts = 2\nbootstrap = 0";
    let one = |file: &str, name: &str| {
        run(folder.path(), &data.join(file), name, cluster, "2011-12-09").remove(0)
    };
    let parquet = one("online_retail_ii.parquet", "parquet.toml");
    let csv = one("online_retail_ii.csv.gz", "csv.toml");
    same_bytes(
        &parquet.folder,
        &csv.folder,
        &["features.parquet", "assignments.parquet", "segments.json", "model.json"],
    );
    for run in [&parquet, &csv] {
        counts_are_those_published(run);
    }
    assert_eq!(csv.rows("ids_normalised"), 1_067_371 - 243_007, "`13085.0` in the CSV");
}

fn counts_are_those_published(run: &StoredRun) {
    let manifest = run.manifest();
    assert_eq!(run.rows("read"), 1_067_371);
    assert_eq!(run.rows("purchases"), 779_425);
    assert_eq!(run.buyers(), 5_878);
    assert_eq!(format!("{:.2}", manifest["revenue"].as_f64().unwrap()), "17374804.27");
    let rejects = manifest["rows"]["rejects"].as_object().unwrap();
    for (reason, rows) in [
        ("customer_missing", 243_007),
        ("cancellation", 19_494),
        ("quantity_negative", 22_950),
        ("price_zero", 6_202),
        ("price_negative", 5),
        ("duplicate", 34_335),
    ] {
        assert_eq!(rejects[reason]["matching"], rows, "{reason}");
    }
    let refused: u64 = rejects.values().map(|count| count["rows"].as_u64().unwrap()).sum();
    assert_eq!(refused, run.rows("rejected"));
    let used = run.rows("purchases") + run.rows("returns");
    let outside = run.rows("after_as_of") + run.rows("before_window");
    assert_eq!(refused + used + outside, run.rows("read"));
    assert_eq!(run.rejects().len() as u64, refused, "every refused row is in rejects.csv");
}

#[test]
fn twenty_three_monthly_runs_need_no_intervention() {
    let Some(data) = shared_folder("online_retail_ii") else { return };
    let folder = tempfile::tempdir().unwrap();
    let runs = run(
        folder.path(),
        &data.join("online_retail_ii.parquet"),
        "monthly.toml",
        "k = 4\nrestarts = 2\nbootstrap = 0",
        "2010-01-31..2011-11-30",
    );
    assert_eq!(runs.len(), 23);
    let mut before: Option<String> = None;
    let mut buyers = 0;
    for run in &runs {
        let manifest = run.manifest();
        assert_eq!(manifest["previous_run"].as_str(), before.as_deref());
        assert_eq!(run.folder.join("comparison.json").exists(), before.is_some());
        assert!(run.buyers() >= buyers, "without a window nobody leaves");
        buyers = run.buyers();
        before = Some(run.id());
    }
    assert!(runs[0].id().starts_with("2010-01-31-"));
    assert!(runs[22].id().starts_with("2011-11-30-"));
    the_trail_is_whole(folder.path(), &runs);
    let named = crate::taxonomies::every_built_in_names_everyone(
        &folder.path().join("monthly.toml-models"),
    );
    assert_eq!(named, 23);
}

/// The lineage graph has all 23 runs, its edges every stayer, the migration between groups everybody, and
/// no id comes back.
fn the_trail_is_whole(folder: &Path, runs: &[StoredRun]) {
    let said = |command: &str| {
        let options = ["--models", "monthly.toml-models", "--json"];
        Outcome::of(segtrail(folder).args([command, "online-retail"]).args(options)).done().json()
    };
    let graph = said("trail")["graph"].clone();
    let steps = graph["runs"].as_array().unwrap();
    assert!(steps.len() == 23 && steps.iter().all(|run| run["on_path"] == true));
    for run in &runs[1..] {
        let comparison = run.json("comparison.json");
        let edges = graph["edges"].as_array().unwrap().iter();
        let edges = edges.filter(|edge| edge["to_run"] == run.id());
        let stayers: u64 = edges.map(|edge| edge["customers"].as_u64().unwrap()).sum();
        assert_eq!(stayers, comparison["stayers"].as_u64().unwrap());
        let flows = comparison["group_flows"].as_array().unwrap();
        let migrated: u64 = flows.iter().map(|flow| flow["customers"].as_u64().unwrap()).sum();
        let count = |key: &str| comparison[key].as_u64().unwrap();
        assert_eq!(migrated, count("stayers") + count("entrants") + count("leavers"));
        assert!(flows.iter().all(|flow| flow["value"].is_object()));
    }
    for life in graph["lineages"].as_array().unwrap() {
        let sizes: Vec<bool> =
            life["customers"].as_array().unwrap().iter().map(|size| size.is_u64()).collect();
        let there = sizes.iter().filter(|there| **there).count();
        let first = sizes.iter().position(|there| *there).unwrap();
        assert!(sizes[first..first + there].iter().all(|there| *there), "{life}");
    }
    assert_eq!(said("forecast")["forecast"]["backtest"]["runs"], 20);
}

/// Features of 90 days, from autumn to the end of the data: what Christmas brings again is no drift, and the
/// December whose last 22 days are missing is flagged and read as nothing else.
#[test]
fn christmas_is_a_season_and_the_broken_december_is_flagged() {
    let Some(data) = shared_folder("online_retail_ii") else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = data.join("online_retail_ii.parquet");
    let text = configuration(&file, "k = 4\nrestarts = 2\nbootstrap = 0");
    let text =
        text.replace("returns = \"exclude\"", "returns = \"exclude\"\nhistory = \"90 days\"");
    std::fs::write(folder.path().join("season.toml"), text).unwrap();
    let months = ["run", "season.toml", "--as-of", "2010-10-31..2011-12-31", "--quiet"];
    Outcome::of(segtrail(folder.path()).args(months)).done();
    let runs: Vec<StoredRun> =
        stored_runs(&folder.path().join("models")).into_iter().map(StoredRun::at).collect();
    assert_eq!(runs.len(), 15);
    let drift = |month: &str| {
        let run = runs.iter().find(|run| run.id().starts_with(month)).unwrap();
        run.json("comparison.json")["drift"].clone()
    };
    let verdicts = |drift: &Value| -> Vec<String> {
        let features = drift["features"].as_array().unwrap().iter();
        features.map(|feature| feature["verdict"].as_str().unwrap().to_owned()).collect()
    };
    let has = |verdicts: &[String], verdict: &str| verdicts.iter().any(|found| found == verdict);

    // The first November has no year before it: what moved is drift.
    let first = drift("2010-11-30");
    assert!(first["last_year"].is_null() && has(&verdicts(&first), "major"));
    let second = drift("2011-11-30");
    assert!(second["last_year"].as_str().unwrap().starts_with("2010-11-30"));
    let found = verdicts(&second);
    assert!(has(&found, "seasonal"), "{found:?}");
    assert!(!has(&found, "major") && !has(&found, "moderate"), "{found:?}");

    let december = drift("2011-12-31");
    assert_eq!(december["missing_days"], 22);
    let features = december["features"].as_array().unwrap();
    let recency = features.iter().find(|feature| feature["feature"] == "recency_days").unwrap();
    assert_eq!(recency["verdict"], "incomplete");
    let found = verdicts(&december);
    assert!(!has(&found, "major") && !has(&found, "moderate"), "{found:?}");
    let report = runs[14].folder.join("report.html");
    assert!(std::fs::read_to_string(report).unwrap().contains("The month is incomplete"));
}
