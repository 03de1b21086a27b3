//! The number of segments: found where it is known, of another rule where one is configured, none
//! where there is no structure.

use std::io::Read;

use flate2::read::GzDecoder;
use segtrail::cluster::{FeatureSpec, Fitted, KChoice, Rows, Transform, Verdict, fit_rows};
use segtrail::config::{ClusterSection, K};
use segtrail::types::Seed;
use serde_json::Value;

use crate::support::{Shop, StoredRun, run_in, shared_folder, simulate, stored_runs};

/// The columns of a table of numbers parted by blanks.
fn columns(bytes: &[u8]) -> Vec<Vec<f64>> {
    let mut text = String::new();
    GzDecoder::new(bytes).read_to_string(&mut text).unwrap();
    let rows: Vec<Vec<f64>> = text
        .lines()
        .map(|line| line.split_whitespace().map(|cell| cell.parse().unwrap()).collect())
        .collect();
    (0..rows[0].len()).map(|at| rows.iter().map(|row| row[at]).collect()).collect()
}

/// The default clustering of a benchmark with k from 2 to 30, standardised.
fn fitted(file: &str, bytes: &[u8]) -> Fitted {
    let columns = columns(bytes);
    let name = |row: usize| format!("{file} row {row}");
    let names: Vec<String> = (0..columns.len()).map(|at| format!("x{at}")).collect();
    let mut rows = Rows::new(columns[0].len(), &name);
    for (name, values) in names.iter().zip(&columns) {
        rows = rows.numbers(name, values);
    }
    let section =
        ClusterSection { k: K(KChoice::Range(2, 30)), bootstrap: 0, ..ClusterSection::default() };
    let features = names
        .iter()
        .map(|name| FeatureSpec { transform: Transform::None, ..FeatureSpec::new(name) })
        .collect();
    fit_rows(&rows, &section.params(features), Seed(1), &|_, _| ()).unwrap()
}

/// S-sets of Fränti and Virmajoki (2006): 15 Gaussian clusters each, overlapping little in the
/// first and more in the second.
#[test]
fn fifteen_are_found_in_s1_and_s2() {
    let Some(folder) = shared_folder("benchmarks") else { return };
    for file in ["sipu_s1.data.gz", "sipu_s2.data.gz"] {
        let fitted = fitted(file, &std::fs::read(folder.join(file)).unwrap());
        assert_eq!(fitted.model.clusters.k(), 15, "{file}");
        assert_eq!(fitted.selection.candidates.len(), 29);
        let structure = fitted.selection.structure.unwrap();
        assert_eq!(structure.verdict, Verdict::Clear, "{}", structure.sentence);
    }
}

/// The manifest's selection after a run of five groups well apart with these lines of
/// `[cluster]`, and what the run said.
fn separated(lines: &str) -> (Value, String) {
    let folder = tempfile::tempdir().unwrap();
    let options =
        ["--customers", "600", "--months", "12", "--scenario", "separated", "--seed", "1"];
    simulate(folder.path(), &options, &format!("[cluster]\nbootstrap = 10\n{lines}"));
    let outcome = run_in(folder.path(), &["run", "data/segtrail.toml", "--as-of", "2024-12-31"]);
    let said = outcome.done().stderr.clone();
    let shown = run_in(folder.path(), &["show", "latest"]).done().stdout;
    assert!(shown.contains("clear structure: ") && shown.contains("candidates: "), "{shown}");
    let run = StoredRun::at(stored_runs(&folder.path().join("models")).remove(0));
    (run.json("manifest.json")["selection"].clone(), said)
}

fn chosen(selection: &Value) -> &Value {
    let candidates = selection["candidates"].as_array().unwrap();
    candidates.iter().find(|candidate| candidate["chosen"] == true).unwrap()
}

#[test]
fn every_criterion_is_computed_when_asked_for_and_may_decide() {
    let (selection, _) = separated(
        "k = \"2..7\"\n[cluster.select]\n\
         criteria = [\"gap\", \"prediction_strength\", \"bootstrap_jaccard\"]\n\
         gap = { references = 5 }\nprediction_strength = { splits = 5 }\nsilhouette = 200",
    );
    for candidate in selection["candidates"].as_array().unwrap() {
        for figure in [
            "silhouette",
            "calinski_harabasz",
            "davies_bouldin",
            "gap",
            "gap_error",
            "prediction_strength",
            "bootstrap_jaccard",
        ] {
            assert!(candidate[figure].is_number(), "{figure}: {candidate}");
        }
        for figure in ["bic", "aic", "icl", "out_of_time", "mean_rank"] {
            assert!(candidate[figure].is_null(), "{figure}: {candidate}");
        }
        let interval = candidate["silhouette_interval"].as_array().unwrap();
        let silhouette = candidate["silhouette"].as_f64().unwrap();
        assert!(interval[0].as_f64() < Some(silhouette) && Some(silhouette) < interval[1].as_f64());
    }
    assert_eq!(selection["criteria_customers"], 600);
    assert_eq!(selection["structure"]["verdict"], "clear");
    for rule in [
        "rule = \"davies_bouldin\"",
        "rule = \"calinski_harabasz\"",
        "rule = \"prediction_strength\"",
        "weights = { silhouette = 1.0, davies_bouldin = 0.5, prediction_strength = 2.0 }",
    ] {
        let (selection, _) = separated(&format!("k = \"2..6\"\n[cluster.select]\n{rule}"));
        assert_eq!(chosen(&selection)["k"], 5, "{rule}: {selection}");
        assert_eq!(chosen(&selection)["mean_rank"].is_number(), rule.starts_with("weights"));
    }
}

#[test]
fn mixtures_of_all_covariances_are_searched() {
    let (selection, _) = separated(
        "method = \"gmm\"\nk = \"4..6\"\ncovariance = \"all\"\n[cluster.select]\nrule = \"icl\"",
    );
    let candidates = selection["candidates"].as_array().unwrap();
    assert_eq!(candidates.len(), 12);
    assert_eq!(selection["decided_by"], serde_json::json!(["icl"]));
    let icl = |candidate: &Value| candidate["icl"].as_f64().unwrap();
    let best = candidates.iter().map(icl).fold(f64::INFINITY, f64::min);
    assert_eq!(icl(chosen(&selection)), best);
    assert!(
        candidates.iter().all(|candidate| candidate["aic"].as_f64() < candidate["bic"].as_f64())
    );
}

#[test]
fn the_run_before_is_held_against_this_months_candidates() {
    let shop = Shop::new();
    for as_of in ["2024-05-31", "2024-06-30"] {
        shop.command(&["run", "segtrail.toml", "--as-of", as_of, "--quiet"]).done();
    }
    let runs = stored_runs(&shop.path("models"));
    let selection =
        |at: usize| StoredRun::at(runs[at].clone()).json("manifest.json")["selection"].clone();
    assert!(chosen(&selection(0))["out_of_time"].is_null(), "nothing before");
    let agreement = chosen(&selection(1))["out_of_time"].as_f64().unwrap();
    assert!((-1.0..=1.0).contains(&agreement));
    // By this rule the first month has nothing to go by, and says so.
    let shop = Shop::new()
        .edit("k = 3", "k = \"2..3\"")
        .append("[cluster.select]\nrule = \"out_of_time\"");
    let first = shop.command(&["run", "segtrail.toml", "--as-of", "2024-05-31", "--json"]);
    assert!(first.done().stdout.contains("rule_without_figures"));
    let second = shop.command(&["run", "segtrail.toml", "--as-of", "2024-06-30", "--json"]);
    assert!(!second.done().stdout.contains("rule_without_figures"));
}

#[test]
fn customers_who_are_one_cloud_are_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("cloud.toml"), CLOUD).unwrap();
    let options =
        ["--customers", "800", "--months", "12", "--scenario", "cloud.toml", "--seed", "1"];
    let lines = "[features]\nuse = [\"monetary_mean\", \"n_orders\"]\n[cluster]\nbootstrap = 0";
    simulate(folder.path(), &options, lines);
    let outcome =
        run_in(folder.path(), &["run", "data/segtrail.toml", "--as-of", "2024-12-31"]).done();
    assert!(outcome.stderr.contains("no structure was found"), "{}", outcome.all());
    let run = StoredRun::at(stored_runs(&folder.path().join("models")).remove(0));
    let structure = &run.json("manifest.json")["selection"]["structure"];
    assert_eq!((&structure["verdict"], &structure["customers"]), (&"none".into(), &800.into()));
    let shown = run_in(folder.path(), &["show", "latest"]).done().stdout;
    let sentence = structure["sentence"].as_str().unwrap();
    assert!(shown.contains(&format!("\n  {sentence}\n")), "{shown}");
    let chosen = "\n  chosen of 9 candidates: k-means, k from 2 to 10: the highest mean silhouette";
    assert!(shown.contains(chosen), "{shown}");
    let shown = run_in(folder.path(), &["show", "latest", "--json"]).done().json();
    assert_eq!(&shown["manifest"]["selection"]["structure"], structure);
    assert!(shown["manifest"]["selection"]["rule"].as_str().unwrap().contains("silhouette"));
}

/// One group whose spend an order and number of orders vary widely.
const CLOUD: &str = r#"
[[groups]]
key = "everyone"
share = 1.0
rate = { shape = 4.0, scale = 2.0 }
regularity = 1
order_mean = { shape = 2.0, scale = 20.0 }
order_shape = 2.0
"#;
