//! Micro-segments through whole runs: three months of a simulation with their lineage, the model
//! read back from the store, the same bytes on any number of threads.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use segtrail::store::{Store, load, load_segments};
use tempfile::TempDir;

use crate::support::{StoredRun, run_in, same_bytes, simulate, stored_runs};

const LAYERS: &str = "[cluster]\nrestarts = 2\nbootstrap = 2\n\
     [lifecycle]\nnew_within = \"45 days\"\n\
     [cluster.layers]\nmin_customers = 25\n\
     [[cluster.layers.layer]]\nname = \"value\"\nfeatures = \"value\"\nk = 3\n\
     [[cluster.layers.layer]]\nname = \"activity\"\nfeatures = \"activity\"\nk = \"2..4\"\n\
     [[cluster.layers.layer]]\nname = \"order\"\nfeatures = [\"monetary_mean\"]\nk = 2\n\
     stages = [\"active\", \"at_risk\"]\nscale = \"robust\"";

/// A simulation with layers, run for `months`.
fn simulated(months: &str, options: &[&str]) -> (TempDir, Vec<PathBuf>) {
    let folder = tempfile::tempdir().unwrap();
    let made = ["--customers", "2500", "--months", "9", "--seed", "3"];
    simulate(folder.path(), &made, LAYERS);
    let runs = run(folder.path(), months, "models", options);
    (folder, runs)
}

fn run(folder: &Path, months: &str, models: &str, options: &[&str]) -> Vec<PathBuf> {
    let fixed = ["run", "data/segtrail.toml", "--as-of", months, "--models", models, "--quiet"];
    run_in(folder, &[&fixed[..], options].concat()).done();
    stored_runs(&folder.join(models))
}

/// Stage and string of each segment of a run, by lineage id.
fn strings(run: &StoredRun) -> BTreeMap<String, (String, String)> {
    let table = run.table("segments.parquet");
    let texts = |name: &str| table.texts(name).into_iter().map(Option::unwrap_or_default);
    texts("segment").zip(texts("stage").zip(texts("string"))).collect()
}

#[test]
fn three_months_keep_their_lineage_within_the_stages() {
    let (_folder, runs) = simulated("2024-07-31..2024-09-30", &[]);
    assert_eq!(runs.len(), 3);
    let mut before: Option<BTreeMap<String, (String, String)>> = None;
    let mut next = 1;
    for path in &runs {
        let run = StoredRun::at(path);
        let (manifest, found) = (run.manifest(), strings(&run));
        let record = &manifest["layers"];
        assert_eq!(record["micro_segments"].as_u64().unwrap() as usize, found.len());
        assert!(found.len() > 15, "{} micro-segments", found.len());
        // Every customer is in a micro-segment of the stage that features.parquet tells.
        let table = run.table("features.parquet");
        let customers = table.texts("customer_id").into_iter().map(Option::unwrap);
        let stages: BTreeMap<_, _> = customers.zip(table.texts("lifecycle_stage")).collect();
        let mut sizes = BTreeMap::<String, u64>::new();
        for (customer, segment) in run.segments() {
            assert_eq!(stages[&customer].as_deref(), Some(found[&segment].0.as_str()));
            *sizes.entry(segment).or_default() += 1;
        }
        // Below the least size is only what is the whole of a stage.
        for (id, _) in sizes.iter().filter(|(_, size)| **size < 25) {
            let of_stage = found.values().filter(|(stage, _)| *stage == found[id].0).count();
            assert_eq!(of_stage, 1, "{id} is too small: {sizes:?}");
        }
        // An id means one stage for good; new ids are above all before.
        if let Some(before) = &before {
            let kept: Vec<_> = found.keys().filter(|id| before.contains_key(*id)).collect();
            assert!(kept.len() > found.len() / 2, "{} of {} kept", kept.len(), found.len());
            for id in kept {
                assert_eq!(found[id].0, before[id].0, "{id} changed its stage");
            }
        }
        let number = |id: &String| id[1..].parse::<u64>().unwrap();
        let fresh = found.keys().filter(|id| !before.iter().any(|b| b.contains_key(*id)));
        assert!(fresh.map(number).all(|id| id >= next), "an id was given twice");
        next = number(&serde_json::from_value(manifest["next_segment"].clone()).unwrap());
        before = Some(found);
    }
    let comparison = StoredRun::at(&runs[2]).json("comparison.json");
    assert!(comparison["stayers"].as_u64().unwrap() > 1_000);
}

#[test]
fn the_stored_model_assigns_the_stored_month_as_the_run_did() {
    let (folder, runs) = simulated("2024-08-31", &[]);
    let stored = Store::new(&folder.path().join("models")).find("latest").unwrap();
    let run = load(&stored).unwrap();
    let found = segtrail::cluster::assign(&run.model, &run.features).unwrap();
    let mut segment_of = BTreeMap::new();
    let buyers: Vec<_> = run.assignments.iter().filter(|row| row.segment.is_some()).collect();
    assert_eq!(buyers.len(), found.cluster.len());
    for (at, row) in buyers.iter().enumerate() {
        let segment = segment_of.entry(found.cluster[at]).or_insert(row.segment.unwrap());
        assert_eq!(*segment, row.segment.unwrap());
        assert_eq!(Some(found.membership[at]), row.membership);
        assert_eq!(Some(found.margin[at]), row.margin);
    }
    let segments = load_segments(&stored).unwrap().segments;
    let distinct: BTreeSet<_> = segment_of.values().collect();
    assert_eq!((distinct.len(), segment_of.len()), (segments.len(), segments.len()));
    for segment in &segments {
        let micro = segment.micro.as_ref().unwrap();
        let layers: Vec<&str> = micro.string.iter().map(|(layer, _)| layer.as_str()).collect();
        let all = matches!(micro.stage.key(), "active" | "at_risk");
        let expected: &[&str] =
            if all { &["value", "activity", "order"] } else { &["value", "activity"] };
        assert!(layers == expected || layers.is_empty(), "{micro:?}");
        assert!((0.0..=1.0).contains(&segment.bootstrap_jaccard.unwrap()));
    }
    assert_eq!(
        run.manifest.layers.as_ref().unwrap().stages.len(),
        run.model.layers.as_ref().unwrap().stages.len()
    );
    assert_eq!(runs.len(), 1);
}

#[test]
fn the_same_bytes_on_any_number_of_threads() {
    let (folder, first) = simulated("2024-07-31", &["--threads", "1"]);
    for threads in ["2", "4"] {
        let models = format!("models-{threads}");
        let again = run(folder.path(), "2024-07-31", &models, &["--threads", threads]);
        let files = ["features.parquet", "assignments.parquet", "segments.parquet"];
        same_bytes(&first[0], &again[0], &files);
        same_bytes(&first[0], &again[0], &["segments.json", "model.json"]);
    }
}

#[test]
fn a_flat_run_has_nothing_of_layers_in_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let made = ["--customers", "300", "--months", "6", "--seed", "3"];
    simulate(folder.path(), &made, "[cluster]\nk = 3\nrestarts = 2\nbootstrap = 0");
    let runs = run(folder.path(), "2024-05-31", "models", &[]);
    let run = StoredRun::at(&runs[0]);
    assert!(run.json("model.json").get("layers").is_none());
    assert!(run.manifest().get("layers").is_none());
    assert!(run.json("segments.json")["segments"][0].get("micro").is_none());
}
