//! Runs that are killed at any moment, and several at once: the store stays readable, lists
//! complete runs alone, and the next run succeeds.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::Value;

use crate::support::{
    Outcome, StoredRun, leftovers, run_in, same_bytes, segtrail, simulate, stored_runs,
};

const RANGE: &str = "2024-04-30..2024-06-30";

fn shop(folder: &Path) {
    let options = ["--customers", "500", "--months", "6", "--seed", "2"];
    simulate(folder, &options, "[cluster]\nk = \"2..5\"\nrestarts = 3\nbootstrap = 3");
}

fn start(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = segtrail(folder);
    command.args(["run", "data/segtrail.toml", "--quiet", "--json"]).args(arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Every run that the program lists is complete, and every run on disk is listed.
fn listed_runs_are_complete(folder: &Path, models: &str) -> usize {
    let listed = run_in(folder, &["runs", "--json", "--models", models]).done().json();
    assert_eq!(listed["damaged"], Value::Array(Vec::new()));
    let listed = listed["runs"].as_array().unwrap();
    let mut paths: Vec<PathBuf> = Vec::new();
    for run in listed {
        let path = folder.join(run["path"].as_str().unwrap());
        let stored = StoredRun::at(&path);
        assert_eq!(stored.manifest()["run_id"], run["run_id"]);
        assert_eq!(stored.segments().len() as u64, run["buyers"].as_u64().unwrap());
        assert_eq!(path.join("comparison.json").exists(), !run["previous_run"].is_null());
        paths.push(path);
    }
    paths.sort();
    assert_eq!(paths, stored_runs(&folder.join(models)));
    paths.len()
}

#[test]
fn a_run_killed_at_any_moment_leaves_the_store_readable_and_the_next_run_succeeds() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    shop(folder);
    let begun = Instant::now();
    let whole = start(folder, &["--as-of", RANGE, "--models", "whole"]).wait_with_output().unwrap();
    Outcome::from_output(whole, "a whole run".into()).done();
    let whole = begun.elapsed();

    let mut random = StdRng::seed_from_u64(50);
    let (mut killed, mut most_runs) = (0, 0);
    for round in 0..50u32 {
        // Each round is of other runs, so that none is already done.
        let seed = (100 + round).to_string();
        let mut child = start(folder, &["--as-of", RANGE, "--seed", &seed]);
        // One moment in each fiftieth of a run, and a little beyond its end.
        let moment = (f64::from(round) + random.r#gen::<f64>()) / 50.0 * 1.05;
        std::thread::sleep(Duration::from_secs_f64(whole.as_secs_f64() * moment));
        child.kill().unwrap();
        killed += usize::from(child.wait().unwrap().code().is_none());
        most_runs = most_runs.max(listed_runs_are_complete(folder, "models"));
    }
    assert!(killed >= 25, "most were killed before their end: {killed}");
    assert!(most_runs >= 3, "some runs were stored on the way: {most_runs}");

    run_in(folder, &["run", "data/segtrail.toml", "--as-of", RANGE, "--quiet"]).done();
    assert_eq!(leftovers(&folder.join("models")), Vec::<PathBuf>::new());
    listed_runs_are_complete(folder, "models");
}

#[test]
fn a_run_killed_again_and_again_ends_as_one_that_was_not() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    shop(folder);
    let begun = Instant::now();
    start(folder, &["--as-of", RANGE, "--models", "whole"]).wait_with_output().unwrap();
    let whole = begun.elapsed().as_secs_f64();
    for part in [0.3, 0.5, 0.7, 0.9, 0.6, 0.8] {
        let mut child = start(folder, &["--as-of", RANGE]);
        std::thread::sleep(Duration::from_secs_f64(whole * part));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    run_in(folder, &["run", "data/segtrail.toml", "--as-of", RANGE, "--quiet"]).done();
    let (left, right) = (stored_runs(&folder.join("whole")), stored_runs(&folder.join("models")));
    assert_eq!((left.len(), right.len()), (3, 3));
    for (left, right) in left.iter().zip(&right) {
        let files = ["features.parquet", "assignments.parquet", "segments.json", "model.json"];
        same_bytes(left, right, &files);
    }
}

/// A person's word that is killed on the way is kept or was never given; said again, it is in force in every
/// run as if nothing had happened.
#[test]
fn a_judgement_killed_at_any_moment_loses_nothing_and_said_again_holds_everywhere() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    shop(folder);
    for models in ["killed", "whole"] {
        let outcome = start(folder, &["--as-of", RANGE, "--models", models]).wait_with_output();
        Outcome::from_output(outcome.unwrap(), "a whole run".into()).done();
    }
    let first = StoredRun::at(&stored_runs(&folder.join("whole"))[0]);
    let (run, segment) = (first.id(), "S01");
    let groups = first.manifest()["taxonomies"][0]["groups"].clone();
    let key = |place: usize| groups[place]["key"].as_str().unwrap().to_owned();
    let says = |group: &str, models: &str| {
        let mut command = segtrail(folder);
        command.args(["label", "set", &run, segment, group, "--models", models, "--quiet"]);
        command.args(["--reason", "known by name", "--author", "Lan"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    };
    let begun = Instant::now();
    Outcome::of(&mut says(&key(0), "killed")).done();
    let whole = begun.elapsed().as_secs_f64();

    let mut random = StdRng::seed_from_u64(20);
    let mut killed = 0;
    for round in 0..20_u32 {
        let mut child = says(&key(1 + round as usize % 2), "killed").spawn().unwrap();
        let moment = (f64::from(round) + random.r#gen::<f64>()) / 20.0;
        std::thread::sleep(Duration::from_secs_f64(whole * moment));
        child.kill().unwrap();
        killed += usize::from(child.wait().unwrap().code().is_none());
        assert_eq!(listed_runs_are_complete(folder, "killed"), 3);
    }
    assert!(killed >= 5, "some were killed before their end: {killed}");

    for models in ["killed", "whole"] {
        Outcome::of(&mut says(&key(3), models)).done();
    }
    assert_eq!(leftovers(&folder.join("killed")), Vec::<PathBuf>::new());
    let (left, right) = (stored_runs(&folder.join("killed")), stored_runs(&folder.join("whole")));
    assert_eq!((left.len(), right.len()), (3, 3));
    for (left, right) in left.iter().zip(&right) {
        same_bytes(left, right, &["assignments.parquet", "features.parquet"]);
        // The first run is compared with none, in both.
        let compared = right.join("comparison.json").exists();
        assert_eq!(left.join("comparison.json").exists(), compared);
        if compared {
            same_bytes(left, right, &["comparison.json"]);
        }
    }
}

#[test]
fn four_runs_of_other_dates_at_once_do_not_corrupt_the_series() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    shop(folder);
    for round in 0..5 {
        let seed = round.to_string();
        let dates = ["2024-03-31", "2024-04-30", "2024-05-31", "2024-06-30"];
        let children = dates.map(|date| start(folder, &["--as-of", date, "--seed", &seed]));
        for child in children {
            let output = child.wait_with_output().unwrap();
            Outcome::from_output(output, format!("round {round}")).done();
        }
        assert_eq!(listed_runs_are_complete(folder, "models"), 4 * (round + 1));
    }
    assert_eq!(leftovers(&folder.join("models")), Vec::<PathBuf>::new());
    no_id_is_given_twice(folder);
}

/// A lineage id that a run gave anew was given by no other run.
fn no_id_is_given_twice(folder: &Path) {
    let mut given = std::collections::BTreeMap::new();
    for path in stored_runs(&folder.join("models")) {
        let run = StoredRun::at(path);
        let previous = run.manifest()["previous_run"].as_str().map(str::to_owned);
        let inherited: Vec<String> = match previous {
            Some(previous) => {
                let before = StoredRun::at(run.folder.with_file_name(previous));
                before.segments().into_values().collect()
            }
            None => Vec::new(),
        };
        let segments: std::collections::BTreeSet<String> = run.segments().into_values().collect();
        for id in segments.into_iter().filter(|id| !inherited.contains(id)) {
            if let Some(other) = given.insert(id.clone(), run.id()) {
                panic!("{id} was given by {other} and by {}", run.id());
            }
        }
    }
}

#[test]
fn the_same_run_four_times_at_once_is_made_once() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    shop(folder);
    let children = [(); 4].map(|()| start(folder, &["--as-of", "2024-06-30"]));
    let mut made = 0;
    for child in children {
        let output = child.wait_with_output().unwrap();
        let said = Outcome::from_output(output, "at once".into()).done().json();
        made += usize::from(said["runs"][0]["status"] == "done");
    }
    assert_eq!(made, 1);
    assert_eq!(listed_runs_are_complete(folder, "models"), 1);
}
