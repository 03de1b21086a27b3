//! `segtrail cluster`: how features are prepared, candidates weighed, and rows told of.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Frame, Outcome, run_in};

/// Three groups of twenty-five by age and amount, the amount skewed; the last row far from all.
fn table() -> String {
    let mut text = String::from("id,age,amount,town,count\n");
    for (group, (age, amount)) in [(25, 100), (45, 900), (65, 9000)].into_iter().enumerate() {
        for member in 0..25 {
            let (age, amount) =
                (age + member * 5 % 7 - 3, amount + amount / 50 * (member * 3 % 11));
            let town = ["Hue", "Hanoi"][usize::from(member % 20 == 0)];
            text += &format!("r{group}{member:02},{age},{amount},{town},{}\n", 1 + member % 2);
        }
    }
    text + "far,26,1000000,Hue,1\n"
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("t.csv"), table()).unwrap();
    folder
}

fn cluster(folder: &Path, args: &[&str]) -> Outcome {
    let none = if args.contains(&"--bootstrap") { &[][..] } else { &["--bootstrap", "0"] };
    run_in(folder, &[&["cluster", "t.csv", "--id", "id"], none, args].concat())
}

fn document(folder: &Path, args: &[&str]) -> Value {
    cluster(folder, &[args, &["--json"]].concat()).done().json()
}

#[test]
fn a_feature_has_its_own_transform_and_scale() {
    let folder = folder();
    let of = |more: &[&str]| {
        let args = ["--features", "age,amount", "--k", "3", "--model", "m.json"];
        let found = document(folder.path(), &[&args[..], more].concat());
        let model = std::fs::read_to_string(folder.path().join("m.json")).unwrap();
        (found, serde_json::from_str::<Value>(&model).unwrap())
    };
    let (found, model) = of(&["--transform", "amount=log1p", "--scale", "robust,age=none"]);
    let age = json!({ "name": "age", "kind": "number", "transform": "none", "scale": "none" });
    assert_eq!(found["features"][0], age);
    let amount =
        json!({ "name": "amount", "kind": "number", "transform": "log1p", "scale": "robust" });
    assert_eq!(found["features"][1], amount);
    let features = model["features"].to_string();
    assert!(features.contains("log1p") && features.contains("robust"), "{features}");
    // For all by one word is for each by its own.
    let (_, one) = of(&["--transform", "log1p"]);
    let (_, each) = of(&["--transform", "age=log1p,amount=log1p"]);
    assert_eq!(one, each);
    assert_ne!(one, of(&["--transform", "age=log1p"]).1);
}

#[test]
fn a_word_for_a_feature_that_is_none_or_no_number_is_refused() {
    let folder = folder();
    let run = |more: &[&str]| cluster(folder.path(), &[&["--k", "3"], more].concat());
    run(&["--transform", "spend=log1p"]).fails(2, &["--transform", "`spend`", "age, amount"]);
    run(&["--scale", "town=robust"]).fails(2, &["--scale", "`town`"]);
    let town = ["--features", "age,town", "--scale", "town=robust"];
    run(&town).fails(1, &["`town`"]);
    run(&["--features", "age,town", "--scale", "robust"]).done();
    run(&["--transform", "log"]).fails(2, &["--transform", "log1p"]);
    run(&["--transform", "log1p,none"]).fails(2, &["second word"]);
    run(&["--scale", "age=none,age=robust"]).fails(2, &["`age` is named twice"]);
}

#[test]
fn candidates_are_weighed_as_in_a_run() {
    let folder = folder();
    let of = |more: &[&str]| document(folder.path(), &[&["--k", "2..5"], more].concat());
    let asked = of(&[
        "--criteria",
        "gap,prediction_strength",
        "--gap-references",
        "5",
        "--prediction-splits",
        "4",
        "--transform",
        "amount=log1p",
    ]);
    let selection = &asked["criteria"];
    for candidate in selection["candidates"].as_array().unwrap() {
        for figure in ["gap", "gap_error", "prediction_strength"] {
            assert!(candidate[figure].is_number(), "{figure}: {candidate}");
        }
    }
    assert_eq!(selection["decided_by"], json!(["silhouette"]));
    let chosen = |found: &Value| -> Value {
        let candidates = found["criteria"]["candidates"].as_array().unwrap();
        candidates.iter().find(|candidate| candidate["chosen"] == true).unwrap().clone()
    };
    let by = of(&["--rule", "davies_bouldin"]);
    assert_eq!(by["criteria"]["decided_by"], json!(["davies_bouldin"]));
    let figures = by["criteria"]["candidates"].as_array().unwrap().iter();
    let least = figures.map(|of| of["davies_bouldin"].as_f64().unwrap()).reduce(f64::min);
    assert_eq!(chosen(&by)["davies_bouldin"].as_f64(), least);
    let ranks = of(&["--rule", "silhouette=1,calinski_harabasz=0.5"]);
    assert!(chosen(&ranks)["mean_rank"].is_number());
    assert_eq!(ranks["criteria"]["decided_by"], json!(["silhouette", "calinski_harabasz"]));
    let jaccard = of(&["--criteria", "bootstrap_jaccard", "--bootstrap", "5"]);
    assert!(chosen(&jaccard)["bootstrap_jaccard"].is_number());
    // Of a single fit, too, what was asked for is shown to a person.
    let said = cluster(folder.path(), &["--k", "3", "--criteria", "gap"]).done();
    assert!(said.stdout.contains("gap_error"), "{}", said.stdout);
}

#[test]
fn what_cannot_decide_is_refused() {
    let folder = folder();
    let run = |more: &[&str]| cluster(folder.path(), &[&["--k", "2..5"], more].concat());
    run(&["--rule", "elbow"]).fails(2, &["\"auto\"", "silhouette", "prediction_strength"]);
    run(&["--rule", "silhouette=1,gap"]).fails(2, &["`gap` has no weight"]);
    run(&["--rule", "silhouette=much"]).fails(2, &["`much` is no weight"]);
    run(&["--rule", "gap=1,gap=2"]).fails(2, &["`gap` is named twice"]);
    run(&["--rule", "silhouette=-1"]).fails(1, &["silhouette = -1"]);
    run(&["--criteria", "elbow"]).fails(2, &["elbow", "silhouette"]);
    run(&["--rule", "bic"]).fails(1, &["bic", "gmm"]);
    run(&["--criteria", "bootstrap_jaccard"]).fails(1, &["bootstrap_jaccard", "--bootstrap 0"]);
    run(&["--rule", "out_of_time"]).fails(2, &["out_of_time", "earlier run"]);
    run(&["--criteria", "out_of_time"]).fails(2, &["out_of_time", "earlier run"]);
    run(&["--gap-references", "9"]).fails(2, &["--gap-references", "--criteria gap"]);
    run(&["--criteria", "gap", "--gap-references", "1"]).fails(1, &["at least 2"]);
    run(&["--prediction-splits", "9"]).fails(2, &["--prediction-splits"]);
    run(&["--criteria", "prediction_strength", "--prediction-splits", "0"]).fails(1, &["splits"]);
    run(&["--silhouette", "some"]).fails(2, &["\"exact\""]);
    run(&["--silhouette", "5"]).fails(1, &["--silhouette 5", "100"]);
}

/// A column of a CSV, and the ids.
fn column(folder: &Path, name: &str) -> Vec<(String, Option<f64>)> {
    let mut reader = csv::Reader::from_path(folder.join("out.csv")).unwrap();
    let place = reader.headers().unwrap().iter().position(|known| known == name);
    let place = place.unwrap_or_else(|| panic!("no column {name}"));
    let rows = reader.records().map(Result::unwrap);
    rows.map(|row| (row[0].to_owned(), row[place].parse().ok())).collect()
}

#[test]
fn rows_have_their_stability_silhouette_and_outlier_score() {
    let folder = folder();
    let path = folder.path();
    let args = ["--features", "age,amount", "--transform", "amount=log1p", "--k", "3"];
    let more = ["--bootstrap", "20", "-o", "out.csv"];
    let found = document(path, &[&args[..], &more].concat());
    let header = std::fs::read_to_string(path.join("out.csv")).unwrap();
    let expected = "id,segment,membership,margin,stability,silhouette,outlier_score\n";
    assert!(header.starts_with(expected), "{header}");
    let segments = column(path, "segment");
    for (name, figure) in [("stability", "row_stability"), ("silhouette", "silhouette")] {
        let values = column(path, name);
        for (place, segment) in found["segments"].as_array().unwrap().iter().enumerate() {
            let own = values.iter().zip(&segments);
            let own: Vec<f64> = own
                .filter(|(_, (_, segment))| *segment == Some((place + 1) as f64))
                .map(|((_, value), _)| value.unwrap())
                .collect();
            let mean = own.iter().sum::<f64>() / own.len() as f64;
            let told = segment[figure].as_f64().unwrap();
            assert!((mean - told).abs() < 1e-9, "{name} of {place}: {mean} {told}");
        }
    }
    let scores = column(path, "outlier_score");
    let highest = scores.iter().max_by(|a, b| a.1.partial_cmp(&b.1).unwrap()).unwrap();
    assert_eq!(highest.0, "far");
    assert!(highest.1 > Some(3.5));
    // The same in Parquet; what was not computed has no column.
    document(path, &[&args[..], &["--bootstrap", "20", "-o", "out.parquet"]].concat());
    let frame = Frame::read(&path.join("out.parquet"));
    let values: Vec<Option<f64>> = scores.iter().map(|(_, score)| *score).collect();
    assert_eq!(frame.numbers("outlier_score"), values);
    let plain = ["--no-representatives", "--silhouette", "100", "-o", "out.csv", "--k", "1"];
    document(path, &[&args[..4], &plain].concat());
    let text = std::fs::read_to_string(path.join("out.csv")).unwrap();
    assert!(text.starts_with("id,segment,membership,margin\n"), "{text}");
}

#[test]
fn representatives_are_told_by_id_with_figures_of_the_table() {
    let folder = folder();
    let path = folder.path();
    let args = ["--features", "age,amount", "--transform", "amount=log1p", "--k", "3"];
    let found = document(path, &[&args[..], &["-o", "out.csv"]].concat());
    let segments = column(path, "segment");
    let of = |id: &Value| {
        let row = segments.iter().find(|(known, _)| id == known).unwrap();
        row.1.unwrap() as u64
    };
    let mut outliers = 0;
    for (place, segment) in found["segments"].as_array().unwrap().iter().enumerate() {
        let (own, people) = (place as u64 + 1, &segment["representatives"]);
        assert_eq!(of(&people["medoid"]["id"]), own);
        assert_eq!(people["medoid"]["exact"], true);
        for list in ["typical", "border", "outliers"] {
            let list = people[list].as_array().unwrap();
            assert!(list.len() <= 10 && list.iter().all(|one| of(&one["id"]) == own));
        }
        assert!(!people["typical"].as_array().unwrap().is_empty());
        for border in people["border"].as_array().unwrap() {
            let neighbour = border["neighbour"].as_u64().unwrap();
            assert!((1..=3).contains(&neighbour) && neighbour != own);
        }
        for outlier in people["outliers"].as_array().unwrap() {
            outliers += 1;
            assert_eq!(outlier["id"], "far");
            let features = outlier["features"].as_array().unwrap();
            let feature = features.iter().find(|of| of["feature"] == "amount").unwrap();
            assert_eq!(feature["value"], 1e6);
            assert_eq!(feature["usual"], segment["medians"]["amount"]);
        }
    }
    assert_eq!(outliers, 1);
    let left_out = document(path, &[&args[..], &["--no-representatives"]].concat());
    assert!(left_out["segments"][0]["representatives"].is_null());
    assert_eq!(left_out["segments"][0]["medians"], found["segments"][0]["medians"]);
    // With weights the medoid is that of the rows repeated; a category has levels for figures.
    let args = ["--features", "age,amount,town", "--transform", "amount=log1p", "--k", "3"];
    let weighted = document(path, &[&args[..], &["--weights", "count"]].concat());
    let told = weighted["segments"].to_string();
    let rare = "\"feature\":\"town\",\"part\":0.99";
    assert!(told.contains(rare), "{told}");
    assert!(told.contains("\"usual\":\"Hue\",\"value\":\"Hanoi\""), "{told}");
    let mut repeated = String::from("id,age,amount,town\n");
    for line in table().lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        for copy in 0..fields[4].parse().unwrap() {
            repeated += &format!("{}-{copy},{}\n", fields[0], fields[1..4].join(","));
        }
    }
    std::fs::write(path.join("t.csv"), repeated).unwrap();
    let repeated = document(path, &args);
    let medoids = |found: &Value| -> Vec<String> {
        let segments = found["segments"].as_array().unwrap().iter();
        let id = |of: &Value| of["representatives"]["medoid"]["id"].as_str().unwrap().to_owned();
        let mut ids: Vec<String> =
            segments.map(id).map(|id| id.trim_end_matches("-0").to_owned()).collect();
        ids.sort();
        ids
    };
    assert_eq!(medoids(&weighted), medoids(&repeated));
}

#[test]
fn rows_are_resampled_as_asked_for() {
    let folder = folder();
    let args = ["--features", "age", "--k", "3", "--bootstrap", "6"];
    let run = |more: &[&str]| cluster(folder.path(), &[&args[..], more].concat());
    let both = ["--resampling", "both", "--resampled-rows", "60", "--subset-share", "0.4"];
    let found = run(&[&both[..], &["--repeats", "weighted", "--json"]].concat()).done().json();
    let measured = &found["stability"]["measured"];
    assert_eq!(
        (&measured["scheme"], &measured["customers"], &measured["subset_customers"]),
        (&"both".into(), &60.into(), &24.into())
    );
    assert_eq!(measured["repeats"], "weighted");
    for segment in found["segments"].as_array().unwrap() {
        for key in ["bootstrap_jaccard", "subset_jaccard"] {
            assert!(segment[key].as_f64().is_some_and(|jaccard| jaccard > 0.9), "{segment}");
        }
        assert_eq!(
            (&segment["subset_dissolved"], &segment["subset_recovered"]),
            (&0.into(), &6.into())
        );
    }
    let subset = run(&["--resampling", "subset"]).done();
    assert!(subset.stdout.contains("subsets  stability"), "{}", subset.all());
    assert!(!subset.stdout.contains("Jaccard  subsets"), "{}", subset.all());
    run(&["--subset-share", "0.4"]).fails(2, &["--subset-share", "--resampling subset"]);
    run(&["--resampling", "subset", "--repeats", "once"])
        .fails(2, &["--repeats", "bootstrap or both"]);
    run(&["--resampling", "subset", "--subset-share", "1"]).fails(1, &["--subset-share 1"]);
    run(&["--resampled-rows", "1"]).fails(2, &["at least 2"]);
    let none = ["--k", "3", "--bootstrap", "0", "--resampling", "both"];
    cluster(folder.path(), &none).fails(2, &["--resampling", "--bootstrap 0 draws none"]);
}
