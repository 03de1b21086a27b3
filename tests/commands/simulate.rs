//! `segtrail simulate --features`: one row a customer, as a run on the same transactions has it.

use segtrail::export::SIMULATED_FEATURES;

use crate::support::{Frame, StoredRun, run_in, simulate, stored_runs};

const OPTIONS: [&str; 6] = ["--customers", "300", "--months", "6", "--seed", "3"];

#[test]
fn features_of_a_simulation_are_those_of_a_run_on_its_transactions() {
    let folder = tempfile::tempdir().unwrap();
    let cluster = "[cluster]\nk = 2\nrestarts = 1\nbootstrap = 0\n[features.clv]\nmodel = \"none\"";
    simulate(folder.path(), &OPTIONS, cluster);
    run_in(folder.path(), &["run", "data/segtrail.toml", "--as-of", "2024-06-30"]).done();
    let run = StoredRun::at(stored_runs(&folder.path().join("models")).remove(0));
    let expected = run.table("features.parquet");
    for file in ["f.parquet", "f.csv"] {
        let args = [&["simulate", "--features", file, "--json"], &OPTIONS[..]].concat();
        let said = run_in(folder.path(), &args).done().json();
        assert_eq!((&said["customers"], &said["config"]), (&300.into(), &serde_json::Value::Null));
    }
    let found = Frame::read(&folder.path().join("f.parquet"));
    assert_eq!(found.texts("customer_id"), expected.texts("customer_id"));
    let mut undefined = 0;
    for name in SIMULATED_FEATURES {
        assert_eq!(found.numbers(name), expected.numbers(name), "{name}");
        undefined += found.numbers(name).iter().filter(|value| value.is_none()).count();
    }
    assert!(undefined > 0, "some customers have bought on one day alone");
    // The same as CSV.
    let mut reader = csv::Reader::from_path(folder.path().join("f.csv")).unwrap();
    let totals = found.numbers("monetary_total");
    for (row, total) in reader.records().zip(totals) {
        assert_eq!(row.unwrap()[4].parse::<f64>().ok(), total);
    }
}

#[test]
fn features_go_without_a_folder_and_a_folder_without_features() {
    let folder = tempfile::tempdir().unwrap();
    let run = |more: &[&str]| run_in(folder.path(), &[&["simulate"], &OPTIONS[..], more].concat());
    run(&[]).fails(2, &["--output"]);
    run(&["--features", "f.csv", "-o", "data"]).fails(2, &["--features", "--output"]);
    run(&["--features", "f.csv", "--format", "csv"]).fails(2, &["--features", "--format"]);
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none());
    run(&["--features", "f.csv"]).done().says(&["300 customers", "f.csv"]);
}
