//! The same command gives the same bytes, however often it runs and on however many threads.

use std::fs;
use std::path::Path;

use crate::support::{run_in, same_bytes, shared_folder, simulate, stored_runs};

const FILES: [&str; 5] =
    ["features.parquet", "assignments.parquet", "segments.parquet", "segments.json", "model.json"];

/// Runs `configuration` twice on one thread and twice on two, and compares all files.
fn same_on_any_number_of_threads(folder: &Path, configuration: &str, as_of: &str) {
    let mut first = Vec::new();
    for (number, threads) in ["1", "2", "1", "2"].iter().enumerate() {
        let models = format!("{configuration}-models-{number}");
        let options = ["--as-of", as_of, "--threads", threads, "--models", &models, "--quiet"];
        run_in(folder, &[&["run", configuration][..], &options].concat()).done();
        let runs = stored_runs(&folder.join(&models));
        assert!(!runs.is_empty());
        if first.is_empty() {
            first = runs;
            continue;
        }
        assert_eq!(first.len(), runs.len());
        for (left, right) in first.iter().zip(&runs) {
            assert_eq!(left.file_name(), right.file_name(), "the run id");
            same_bytes(left, right, &FILES);
            if left.join("comparison.json").exists() {
                same_bytes(left, right, &["comparison.json"]);
            }
        }
    }
}

fn simulated(cluster: &str) {
    let folder = tempfile::tempdir().unwrap();
    let options = ["--customers", "2500", "--months", "8", "--seed", "3"];
    simulate(folder.path(), &options, cluster);
    same_on_any_number_of_threads(folder.path(), "data/segtrail.toml", "2024-07-31..2024-08-31");
}

#[test]
fn kmeans_on_a_simulation() {
    simulated("[cluster]\nmethod = \"kmeans\"\nk = \"2..7\"\nrestarts = 4\nbootstrap = 10");
}

#[test]
fn the_mixture_on_a_simulation() {
    simulated("[cluster]\nmethod = \"gmm\"\nk = \"2..5\"\nrestarts = 2\nbootstrap = 4");
}

#[test]
fn both_methods_on_a_simulation() {
    simulated("[cluster]\nmethod = \"auto\"\nk = \"2..5\"\nrestarts = 2\nbootstrap = 4");
}

#[test]
fn linfas_kernels_on_a_simulation() {
    simulated("[cluster]\nmethod = \"kmeans\"\nengine = \"linfa\"\nk = 4\nbootstrap = 0");
}

#[test]
fn another_seed_is_another_run() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["--customers", "300", "--months", "6", "--seed", "3"];
    simulate(folder.path(), &options, "[cluster]\nk = 4\nbootstrap = 0");
    for seed in ["1", "2"] {
        let options = ["--as-of", "2024-06-30", "--seed", seed, "--quiet"];
        run_in(folder.path(), &[&["run", "data/segtrail.toml"][..], &options].concat()).done();
    }
    assert_eq!(stored_runs(&folder.path().join("models")).len(), 2);
}

#[test]
fn a_simulation_has_the_same_bytes_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let tables = ["transactions", "truth", "customers"];
    for format in ["csv", "parquet"] {
        for (name, threads) in [("one", "1"), ("two", "2"), ("again", "2")] {
            let place = format!("{format}-{name}");
            run_in(
                folder.path(),
                &[
                    "simulate",
                    "--customers",
                    "700",
                    "--months",
                    "7",
                    "--seed",
                    "11",
                    "--format",
                    format,
                    "--threads",
                    threads,
                    "-o",
                    &place,
                    "--quiet",
                ],
            )
            .done();
        }
        let names = tables.map(|table| format!("{table}.{format}"));
        let names: Vec<&str> = names.iter().map(String::as_str).chain(["segtrail.toml"]).collect();
        let place = |name: &str| folder.path().join(format!("{format}-{name}"));
        same_bytes(&place("one"), &place("two"), &names);
        same_bytes(&place("one"), &place("again"), &names);
    }
}

#[test]
fn all_methods_on_online_retail() {
    let Some(data) = shared_folder("online_retail_ii") else { return };
    let folder = tempfile::tempdir().unwrap();
    for method in ["kmeans", "gmm", "auto"] {
        let configuration = format!("{method}.toml");
        let text = super::online_retail::configuration(
            &data.join("online_retail_ii.parquet"),
            &format!("method = \"{method}\"\nk = \"3..5\"\nrestarts = 2\nbootstrap = 2"),
        );
        fs::write(folder.path().join(&configuration), text).unwrap();
        same_on_any_number_of_threads(folder.path(), &configuration, "2011-12-09");
    }
}
