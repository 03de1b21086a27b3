//! `segtrail label set`, `unset`, `overrides`: what a person decides holds in the run and in those
//! after it, whatever clusters are called there, until its last day, and nothing on disk is lost.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{Outcome, Shop, StoredRun, leftovers, same_bytes, segtrail, stored_runs};

const APRIL: &str = "2024-04-30";
const MAY: &str = "2024-05-31";
const JUNE: &str = "2024-06-30";

/// Files in which groups stand.
const NAMED: [&str; 4] =
    ["segments.json", "segments.parquet", "assignments.parquet", "comparison.json"];

fn made(shop: &Shop, as_of: &str) -> StoredRun {
    let document = shop.run(as_of).done().json();
    StoredRun::at(shop.path(document["runs"][0]["path"].as_str().unwrap()))
}

fn set(shop: &Shop, run: &str, segment: &str, group: &str, more: &[&str]) -> Outcome {
    let mut words = vec!["label", "set", run, segment, group, "--author", "Anna"];
    words.extend(["--reason", "they are schools", "--json"]);
    words.extend(more);
    shop.command(&words)
}

fn unset(shop: &Shop, run: &str, segment: &str) -> Outcome {
    let words =
        ["label", "unset", run, segment, "--author", "Bình", "--reason", "no more", "--json"];
    shop.command(&words)
}

/// Label by segment.
fn labels(run: &StoredRun) -> BTreeMap<String, Value> {
    let segments = run.json("segments.json")["segments"].as_array().unwrap().clone();
    let named = |segment: Value| {
        (segment["segment"].as_str().unwrap().to_owned(), segment["label"].clone())
    };
    segments.into_iter().map(named).collect()
}

/// The groups of the customers of a segment.
fn groups_of(run: &StoredRun, segment: &str) -> Vec<String> {
    let table = run.table("assignments.parquet");
    let rows = table.texts("segment").into_iter().zip(table.texts("group"));
    let mut groups: Vec<String> = rows
        .filter(|(own, _)| own.as_deref() == Some(segment))
        .map(|(_, group)| group.unwrap())
        .collect();
    groups.dedup();
    groups
}

/// A group that no segment of the run has.
fn unused(run: &StoredRun) -> String {
    let used: Vec<Value> = labels(run).into_values().map(|label| label["group"].clone()).collect();
    let groups = run.manifest()["taxonomies"][0]["groups"].as_array().unwrap().clone();
    let keys = groups.into_iter().map(|group| group["key"].clone());
    let unused: Vec<Value> = keys.filter(|key| !used.contains(key)).collect();
    unused[0].as_str().unwrap().to_owned()
}

fn history(shop: &Shop) -> Vec<Value> {
    let text = fs::read_to_string(shop.models().join("shop/overrides.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["format"], 1);
    document["entries"].as_array().unwrap().clone()
}

fn replaced(shop: &Shop) -> Vec<PathBuf> {
    let entries = fs::read_dir(shop.models().join("shop")).unwrap();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.file_name().unwrap().to_string_lossy().starts_with(".replaced-"));
    found.sort();
    found
}

#[test]
fn the_run_shows_the_judgement_everywhere_and_keeps_its_id_and_what_it_was() {
    let shop = Shop::new();
    let run = made(&shop, APRIL);
    let before = tempfile::tempdir().unwrap();
    for name in fs::read_dir(&run.folder).unwrap() {
        let name = name.unwrap().file_name();
        fs::copy(run.folder.join(&name), before.path().join(&name)).unwrap();
    }
    let (group, by_rule) = (unused(&run), labels(&run)["S02"].clone());
    let others = labels(&run)["S01"].clone();
    let said = set(&shop, "latest", "S02", &group, &["--until", "2024-12-31"]).done().json();
    assert_eq!(said["run_id"], run.id());
    assert_eq!(said["rewritten"], serde_json::json!([run.id()]));
    assert_eq!(said["label"]["group"], *group);

    assert_eq!(stored_runs(&shop.models()), std::slice::from_ref(&run.folder));
    assert_eq!(leftovers(&shop.models()), Vec::<PathBuf>::new());
    let label = labels(&run)["S02"].clone();
    assert_eq!((&label["group"], &labels(&run)["S01"]), (&Value::from(&*group), &others));
    let judgement = &label["judgement"];
    assert_eq!((&judgement["author"], &judgement["until"]), (&"Anna".into(), &"2024-12-31".into()));
    assert_eq!(judgement["reason"], "they are schools");
    assert_eq!((&judgement["set_in"], &judgement["by_rule"]), (&run.id().into(), &by_rule));
    assert_eq!(judgement["drift"]["spreads"], 0.0);
    assert_eq!(judgement["drift"]["limit"], 0.5);
    assert_eq!(groups_of(&run, "S02"), std::slice::from_ref(&group));
    let table = run.table("segments.parquet");
    assert_eq!(table.texts("group")[1].as_ref(), Some(&group));
    assert_eq!(table.texts("judged_by"), [None, Some("Anna".to_owned()), None]);
    assert_eq!(table.texts("group_by_rule")[1].as_deref(), by_rule["group"].as_str());

    let shown = shop.command(&["show", "latest"]).done();
    assert!(shown.stdout.contains("Judged by Anna on "), "{}", shown.all());
    let export = shop.command(&["export", "latest", "--format", "csv"]).done().stdout;
    let customers = table.numbers("customers")[1].unwrap() as usize;
    assert_eq!(export.lines().filter(|line| line.contains(&group)).count(), customers);
    let report = fs::read_to_string(run.folder.join("report.html")).unwrap();
    assert!(report.contains("judged by Anna") && report.contains("they are schools"));
    shop.command(&["report", "latest", "--language", "vi", "-o", "vi.html"]).done();
    assert!(fs::read_to_string(shop.path("vi.html")).unwrap().contains("theo nhận định của Anna"));

    // What it was is kept whole, and what did not change is the same.
    let kept = replaced(&shop);
    assert_eq!(kept.len(), 1);
    let all: Vec<&str> = crate::support::RUN_FILES
        .into_iter()
        .filter(|name| before.path().join(name).exists())
        .collect();
    same_bytes(&kept[0], before.path(), &all);
    same_bytes(&run.folder, before.path(), &["features.parquet", "model.json", "rejects.csv"]);
    // The month is done: it is not made anew, nor another run beside it.
    let again = shop.run(APRIL).done().json();
    assert_eq!(again["runs"][0]["status"], "already_done");
    assert_eq!(again["runs"][0]["run_id"], run.id());

    // Withdrawn, it is what it was to the byte.
    unset(&shop, &run.id(), "s02").done();
    same_bytes(&run.folder, before.path(), &all);
    let entries = history(&shop);
    assert_eq!(entries.len(), 2);
    assert_eq!(
        (&entries[1]["decision"], &entries[1]["author"]),
        (&"withdrawn".into(), &"Bình".into())
    );
    let listed = shop.command(&["label", "overrides", "shop", "--json"]).done().json();
    assert_eq!(listed["entries"][0]["status"], "withdrawn");
    assert_eq!(listed["entries"][0]["by"], 2);
}

/// Whether the months came before the judgement or after it, the files are the same.
#[test]
fn following_runs_carry_it_stored_ones_as_new_ones_and_ids_do_not_change() {
    let (first, late) = (Shop::new(), Shop::new());
    let run = made(&first, APRIL);
    let group = unused(&run);
    set(&first, &run.id(), "S01", &group, &[]).done();
    let new: Vec<StoredRun> = [MAY, JUNE].map(|date| made(&first, date)).into();
    let stored: Vec<StoredRun> = [APRIL, MAY, JUNE].map(|date| made(&late, date)).into();
    let plain: Vec<BTreeMap<String, Value>> = stored.iter().map(labels).collect();
    let said = set(&late, &run.id(), "S01", &group, &[]).done().json();
    assert_eq!(said["rewritten"].as_array().unwrap().len(), 3, "{said}");
    for ((new, stored), plain) in new.iter().zip(&stored[1..]).zip(&plain[1..]) {
        assert_eq!(new.id(), stored.id());
        same_bytes(&new.folder, &stored.folder, &NAMED);
        assert_eq!(new.manifest()["warnings"], stored.manifest()["warnings"]);
        assert_eq!(groups_of(new, "S01"), std::slice::from_ref(&group));
        assert_eq!(labels(new)["S01"]["judgement"]["by_rule"], plain["S01"]);
    }
    same_bytes(&run.folder, &stored[0].folder, &NAMED[..3]);
    // Withdrawn in the last month alone, the others keep it.
    unset(&late, &stored[2].id(), "S01").done();
    assert_eq!(labels(&stored[2])["S01"], plain[2]["S01"]);
    assert_eq!(groups_of(&stored[1], "S01"), [group]);
}

/// Other seeds and another k number the clusters anew; the id is what a judgement holds to.
#[test]
fn it_survives_refits_that_renumber_the_clusters() {
    let shop = Shop::new();
    let run = made(&shop, APRIL);
    let group = unused(&run);
    for segment in ["S01", "S02", "S03"] {
        set(&shop, &run.id(), segment, &group, &[]).done();
    }
    let shop = shop.edit("k = 3", "k = 4");
    let mut survived = 0;
    for seed in ["2", "3", "4"] {
        let words = ["run", "segtrail.toml", "--as-of", MAY, "--seed", seed, "--json"];
        let document = shop.command(&words).done().json();
        let next = StoredRun::at(shop.path(document["runs"][0]["path"].as_str().unwrap()));
        let labels = labels(&next);
        assert_eq!(labels.len(), 4);
        for (segment, label) in labels {
            let known = ["S01", "S02", "S03"].contains(&&*segment);
            assert_eq!(
                label["group"] == *group && !label["judgement"].is_null(),
                known,
                "{segment}"
            );
            survived += usize::from(known);
            if known {
                assert_eq!(groups_of(&next, &segment), std::slice::from_ref(&group));
            }
        }
        let ended = 3 - survived_in(&next);
        let warnings = next.manifest()["warnings"].as_array().unwrap().clone();
        let said = warnings.iter().filter(|warning| warning["code"] == "override_segment_ended");
        assert_eq!(said.count(), ended);
    }
    assert!(survived >= 6, "most segments are found again: {survived}");
}

fn survived_in(run: &StoredRun) -> usize {
    labels(run).keys().filter(|id| ["S01", "S02", "S03"].contains(&id.as_str())).count()
}

#[test]
fn it_expires_on_its_date() {
    let shop = Shop::new();
    let run = made(&shop, APRIL);
    let group = unused(&run);
    set(&shop, "latest", "S01", &group, &["--until", MAY]).done();
    for (as_of, holds, said) in [
        ("2024-05-30", true, false),
        (MAY, true, false),
        ("2024-06-01", false, true),
        (JUNE, false, false),
    ] {
        let run = made(&shop, as_of);
        assert_eq!(groups_of(&run, "S01") == [group.clone()], holds, "{as_of}");
        assert_eq!(run.has_warning("override_expired"), said, "{as_of}");
    }
    let listed = shop.command(&["label", "overrides", "shop"]).done().stdout;
    assert!(listed.contains("expired") && listed.contains("Anna"), "{listed}");
}

#[test]
fn a_segment_that_drifted_is_flagged_and_keeps_its_group() {
    for (limit, flagged) in [("0.0001", true), ("1000.0", false)] {
        let shop = Shop::new().append(&format!("[label]\noverride_drift = {limit}"));
        let run = made(&shop, APRIL);
        let group = unused(&run);
        set(&shop, "latest", "S01", &group, &[]).done();
        let next = made(&shop, MAY);
        let judgement = labels(&next)["S01"]["judgement"].clone();
        assert_eq!(groups_of(&next, "S01"), [group], "it stays in force");
        let drift = &judgement["drift"];
        assert_eq!(drift["flagged"], flagged);
        assert_eq!(next.has_warning("override_drifted"), flagged);
        // By hand: the medians then and now over the spread of then.
        let feature = drift["feature"].as_str().unwrap();
        let median = |run: &StoredRun| {
            run.json("segments.json")["segments"][0]["profile"]["medians"][feature]
                .as_f64()
                .unwrap()
        };
        let spread = history(&shop)[0]["baseline"][feature]["spread"].as_f64().unwrap();
        let expected = (median(&next) - median(&run)).abs() / spread;
        assert!(expected > 0.0 && (drift["spreads"].as_f64().unwrap() - expected).abs() < 1e-12);
        let report = fs::read_to_string(next.folder.join("report.html")).unwrap();
        assert_eq!(report.contains("judged by Anna, drifted since"), flagged);
        let listed = shop.command(&["label", "overrides", "shop"]).done().stdout;
        assert_eq!(listed.contains("in force, drifted by"), flagged, "{listed}");
    }
}

#[test]
fn what_is_not_there_or_not_given_is_refused_and_nothing_changes() {
    let shop = Shop::new();
    let run = made(&shop, APRIL);
    let id = run.id();
    set(&shop, "2024-04-30-00000000", "S01", "loyal", &[]).fails(1, &["no run", &id]);
    set(&shop, &id, "S09", "loyal", &[])
        .fails(1, &["no segment `S09`", "did you mean", "S01, S02, S03"]);
    set(&shop, &id, "first", "loyal", &[]).fails(1, &["no segment `first`", "S01, S02, S03"]);
    set(&shop, &id, "S01", "loyl", &[]).fails(1, &["no group `loyl`", "did you mean `loyal`?"]);
    set(&shop, &id, "S01", "loyal", &["--until", "2024-04-29"]).fails(1, &["--until", APRIL]);
    let words = ["label", "set", id.as_str(), "S01", "loyal"];
    let with = |more: &[&'static str]| {
        shop.command(&words.iter().copied().chain(more.iter().copied()).collect::<Vec<_>>())
    };
    with(&["--author", "Anna"]).fails(2, &["--reason"]);
    with(&["--reason", "so"]).fails(2, &["--author"]);
    with(&["--author", "  ", "--reason", "so"]).fails(1, &["the author is empty"]);
    with(&["--author", "Anna", "--reason", ""]).fails(1, &["the reason is empty"]);
    with(&["--author", "Anna", "--reason", "a\nb"]).fails(1, &["the reason has a line break"]);
    unset(&shop, &id, "S01").fails(1, &["nobody's judgement on S01", &id]);
    assert!(!shop.models().join("shop/overrides.json").exists());
    assert_eq!(replaced(&shop), Vec::<PathBuf>::new());
    shop.command(&["label", "overrides", "shops"]).fails(1, &["no run of a series `shops`"]);
    let none = shop.command(&["label", "overrides", "shop"]).done();
    assert!(none.stdout.contains("Nobody has judged"), "{}", none.all());
}

#[test]
fn the_same_judgement_again_adds_nothing() {
    let shop = Shop::new();
    let run = made(&shop, APRIL);
    let group = unused(&run);
    set(&shop, "latest", "S01", &group, &[]).done();
    let again = set(&shop, "latest", "S01", &group, &[]).done().json();
    assert_eq!(again["already_there"], true);
    assert_eq!(again["rewritten"], serde_json::json!([]));
    assert_eq!((history(&shop).len(), replaced(&shop).len()), (1, 1));
}

#[test]
fn several_at_once_lose_nothing() {
    let shop = Shop::new();
    let run = made(&shop, APRIL);
    let group = unused(&run);
    let start = |author: usize| {
        let (author, segment) = (format!("author {author}"), format!("S0{}", author % 3 + 1));
        let mut command = segtrail(shop.folder());
        command.args(["label", "set", "latest", &segment, &group, "--author", &author]);
        command.args(["--reason", "so", "--json"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let children: Vec<_> = (0..9).map(start).collect();
    for child in children {
        Outcome::from_output(child.wait_with_output().unwrap(), "label set".into()).done();
    }
    let entries = history(&shop);
    let mut authors: Vec<_> =
        entries.iter().map(|entry| entry["author"].as_str().unwrap()).collect();
    authors.sort_unstable();
    authors.dedup();
    assert_eq!(authors.len(), 9);
    let last = entries.iter().rfind(|entry| entry["segment"] == "S01").unwrap();
    assert_eq!(labels(&run)["S01"]["judgement"]["author"], last["author"]);
    assert_eq!(stored_runs(&shop.models()).len(), 1);
}

#[test]
fn a_garbled_history_is_never_replaced() {
    let shop = Shop::new();
    let run = made(&shop, APRIL);
    let group = unused(&run);
    set(&shop, "latest", "S01", &group, &[]).done();
    let file = shop.models().join("shop/overrides.json");
    let whole = fs::read_to_string(&file).unwrap();
    let cut = &whole[..whole.len() / 2];
    let renumbered = whole.replace("\"number\": 1", "\"number\": 2");
    let later = whole.replace("\"format\": 1", "\"format\": 9");
    for (text, what) in [
        (cut, "overrides.json"),
        (renumbered.as_str(), "entry 1 is missing"),
        (later.as_str(), "format 9"),
    ] {
        fs::write(&file, text).unwrap();
        set(&shop, "latest", "S02", &group, &[])
            .fails(1, &["overrides.json", what, "never replaced"]);
        shop.run(MAY).fails(1, &["overrides.json", "never replaced"]);
        assert_eq!(fs::read_to_string(&file).unwrap(), text);
        shop.command(&["show", "latest"]).done();
    }
    assert_eq!(stored_runs(&shop.models()).len(), 1);
    fs::write(&file, whole).unwrap();
    assert_eq!(groups_of(&made(&shop, MAY), "S01"), [group]);
}

/// As a writer leaves it that is killed between moving a run aside and putting the new one there.
#[test]
fn a_run_that_was_moved_aside_and_not_replaced_is_put_back() {
    let shop = Shop::new();
    let run = made(&shop, APRIL);
    let aside =
        |number: usize| run.folder.with_file_name(format!(".replaced-{}-{number}", run.id()));
    fs::create_dir(aside(9)).unwrap();
    fs::rename(&run.folder, aside(10)).unwrap();
    fs::create_dir(run.folder.with_file_name(format!(".tmp-{}", run.id()))).unwrap();
    let listed = shop.command(&["runs", "--json"]).done().json();
    assert_eq!(listed["runs"][0]["run_id"], run.id(), "a reader finds it where it is");
    let next = made(&shop, MAY);
    assert_eq!(next.manifest()["previous_run"], run.id());
    assert!(run.folder.join("manifest.json").exists() && !aside(10).exists() && aside(9).exists());
}

/// Runs of releases that did not keep their taxonomies.
#[test]
fn a_run_of_an_earlier_release_can_be_judged() {
    let shop = Shop::new();
    let run = made(&shop, APRIL);
    let group = unused(&run);
    let mut manifest = run.manifest();
    manifest.as_object_mut().unwrap().remove("taxonomies");
    fs::write(run.folder.join("manifest.json"), manifest.to_string()).unwrap();
    set(&shop, "latest", "S01", &group, &[]).done();
    let label = labels(&run)["S01"].clone();
    assert_eq!(label["group"], *group);
    assert!(!label["description"]["vi"].as_str().unwrap().is_empty());
    assert_eq!(groups_of(&made(&shop, MAY), "S01"), [group]);
}

#[test]
fn a_group_that_the_taxonomy_no_longer_has_is_told() {
    let shop = Shop::new();
    let run = made(&shop, APRIL);
    let group = unused(&run);
    set(&shop, "latest", "S01", &group, &[]).done();
    let shop = shop.append("[label]\ntaxonomies = [\"loyalty-level\"]");
    let next = made(&shop, MAY);
    assert!(next.has_warning("override_group_unknown"));
    assert!(labels(&next)["S01"]["judgement"].is_null());
    assert_eq!(history(&shop).len(), 1);
}

/// A main taxonomy of customers: everybody in the segment gets the group, and their own back.
#[test]
fn customers_with_groups_of_their_own_get_them_back() {
    let shop = Shop::new().append("[label]\ntaxonomies = [\"loyalty-level\"]");
    let run = made(&shop, APRIL);
    let of = |run: &StoredRun| {
        let manifest = run.manifest();
        let groups = manifest["taxonomies"][0]["groups"].as_array().unwrap().clone();
        let counts = groups.iter().map(|group| group["customers"].as_u64().unwrap());
        (groups_of(run, "S01"), counts.collect::<Vec<_>>(), manifest)
    };
    let (before, counts, manifest) = of(&run);
    let (customers, group) =
        (run.segments(), manifest["taxonomies"][0]["groups"][0]["key"].clone());
    let group = group.as_str().unwrap();
    set(&shop, "latest", "S01", group, &[]).done();
    assert_eq!(groups_of(&run, "S01"), [group]);
    assert_eq!(of(&run).1.iter().sum::<u64>(), customers.len() as u64);
    let member = customers.iter().find(|(_, segment)| *segment == "S01").unwrap().0;
    let why = shop.command(&["why", member]).done().stdout;
    assert!(why.contains("Judged by Anna on "), "{why}");
    unset(&shop, "latest", "S01").done();
    let after = of(&run);
    assert_eq!((after.0, after.1), (before, counts));
}
