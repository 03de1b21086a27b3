//! `segtrail cluster`: any table, as a user calls it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use polars::prelude::Column;
use serde_json::Value;

use crate::support::{Frame, Outcome, parquet, repository, run_in};

/// Three groups of customers far apart in age and spend, fifty each, ids out of order; a region
/// that tells nothing.
fn customers() -> Vec<[String; 4]> {
    let mut rows = Vec::new();
    for (group, (age, spend)) in [(25.0, 100.0), (45.0, 900.0), (65.0, 300.0)].iter().enumerate() {
        for member in 0..50 {
            let noise = |step: usize| f64::from((member * step % 17) as u8) - 8.0;
            rows.push([
                format!("c{:04}", (member * 37 + group * 11) % 997 + 1000 * group),
                (age + 0.5 * noise(5)).to_string(),
                (spend + 4.0 * noise(7)).to_string(),
                ["north", "south"][member % 2].to_owned(),
            ]);
        }
    }
    rows
}

fn csv(rows: &[[String; 4]]) -> String {
    let mut text = String::from("customer,age,spend,region\n");
    rows.iter().for_each(|row| text += &(row.join(",") + "\n"));
    text
}

fn folder(name: &str, text: impl AsRef<[u8]>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), text).unwrap();
    folder
}

fn cluster(folder: &Path, args: &[&str]) -> Outcome {
    run_in(folder, &[&["cluster"], args].concat())
}

fn document(folder: &Path, args: &[&str]) -> Value {
    cluster(folder, &[args, &["--json"]].concat()).done().json()
}

/// Segment by id of a CSV output.
fn segments(path: &Path) -> BTreeMap<String, String> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.records().map(|row| row.unwrap()).map(|row| (row[0].into(), row[1].into())).collect()
}

#[test]
fn three_groups_are_found_in_the_order_of_the_file() {
    let rows = customers();
    let folder = folder("customers.csv", csv(&rows));
    let args = ["customers.csv", "--id", "customer", "-o", "out.csv", "--bootstrap", "20"];
    let found = document(folder.path(), &args);
    assert_eq!((&found["k"], &found["rows"]), (&3.into(), &150.into()));
    assert_eq!(found["sizes"], serde_json::json!([50, 50, 50]));
    assert_eq!(found["method"], "kmeans");
    assert!(found["inertia"].as_f64().unwrap() > 0.0 && found["log_likelihood"].is_null());
    assert_eq!(found["criteria"]["candidates"].as_array().unwrap().len(), 9, "k from 2 to 10");
    assert_eq!(found["segments"][0]["stability"], "highly_stable");
    let left_out = &found["left_out"][0];
    assert_eq!(
        (&left_out["column"], left_out["reason"].as_str().unwrap().contains("north")),
        (&"region".into(), true)
    );
    for step in ["read", "cluster", "write"] {
        assert!(found["timings"][step].as_f64().unwrap() >= 0.0, "{}", found["timings"]);
    }
    let parts = ["prepare", "fit", "criteria", "stability"];
    let seconds = parts.map(|part| found["cluster_timings"][part].as_f64().unwrap());
    assert!(seconds.iter().all(|seconds| *seconds > 0.0), "{seconds:?}");
    let whole = found["timings"]["cluster"].as_f64().unwrap();
    assert!(seconds.iter().sum::<f64>() <= whole, "{seconds:?} of {whole}");
    // Each segment is one of the groups, and its medians are that group's.
    let text = std::fs::read_to_string(folder.path().join("out.csv")).unwrap();
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some("customer,segment,membership,margin,stability,silhouette,outlier_score")
    );
    let written: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let mut pairs = BTreeSet::new();
    for (place, (row, line)) in rows.iter().zip(&written).enumerate() {
        assert_eq!(row[0], line[0], "the order of the file");
        pairs.insert((place / 50, line[1]));
        let membership: f64 = line[2].parse().unwrap();
        assert!(membership > 0.5 && membership <= 1.0);
    }
    assert_eq!(pairs.len(), 3, "{pairs:?}");
    for segment in found["segments"].as_array().unwrap() {
        let (age, spend) = (&segment["medians"]["age"], &segment["medians"]["spend"]);
        let near =
            |value: &Value, expected: f64, by: f64| (value.as_f64().unwrap() - expected).abs() < by;
        let groups = [(25.0, 100.0), (45.0, 900.0), (65.0, 300.0)];
        assert!(
            groups.iter().any(|(a, s)| near(age, *a, 2.0) && near(spend, *s, 16.0)),
            "{segment}"
        );
    }
}

#[test]
fn the_order_of_rows_the_file_format_and_threads_make_no_difference() {
    let mut rows = customers();
    let folder = folder("a.csv", csv(&rows));
    let args = ["--id", "customer", "--k", "4", "--bootstrap", "5"];
    let run = |table: &str, more: &[&str]| {
        let mut found =
            document(folder.path(), &[&[table, "-o", "out.csv"], &args[..], more].concat());
        // Which text stands first in a column that is left out is the file's order.
        for key in ["file", "timings", "cluster_timings", "left_out", "warnings"] {
            found.as_object_mut().unwrap().remove(key);
        }
        (found, segments(&folder.path().join("out.csv")))
    };
    let first = run("a.csv", &["--threads", "1"]);
    rows.reverse();
    rows.swap(3, 100);
    std::fs::write(folder.path().join("b.csv"), csv(&rows)).unwrap();
    let second = run("b.csv", &["--threads", "4"]);
    assert_eq!(first, second);
    let text =
        |place: usize| -> Vec<String> { rows.iter().map(|row| row[place].clone()).collect() };
    let number =
        |place: usize| -> Vec<f64> { rows.iter().map(|row| row[place].parse().unwrap()).collect() };
    let columns = vec![
        Column::new("customer".into(), text(0)),
        Column::new("age".into(), number(1)),
        Column::new("spend".into(), number(2)),
        Column::new("region".into(), text(3)),
    ];
    std::fs::write(folder.path().join("c.parquet"), parquet(columns)).unwrap();
    assert_eq!(first, run("c.parquet", &[]));
}

#[test]
fn parquet_output_is_the_csv_output() {
    let folder = folder("customers.csv", csv(&customers()));
    let args = ["customers.csv", "--id", "customer", "--k", "3", "--bootstrap", "0"];
    document(folder.path(), &[&args[..], &["-o", "out.csv"]].concat());
    document(folder.path(), &[&args[..], &["-o", "out.parquet"]].concat());
    let frame = Frame::read(&folder.path().join("out.parquet"));
    let expected = segments(&folder.path().join("out.csv"));
    let ids = frame.texts("customer");
    assert_eq!(ids.len(), 150);
    let numbers = frame.numbers("segment");
    for (id, segment) in ids.iter().zip(numbers) {
        let id = id.as_ref().unwrap();
        assert_eq!(expected[id].parse::<f64>().unwrap(), segment.unwrap(), "{id}");
    }
}

#[test]
fn the_model_assigns_as_the_fit_did() {
    let folder = folder("customers.csv", csv(&customers()));
    let args = ["customers.csv", "--id", "customer", "--k", "3", "--bootstrap", "0"];
    document(folder.path(), &[&args[..], &["-o", "out.csv", "--model", "model.json"]].concat());
    let model = std::fs::read_to_string(folder.path().join("model.json")).unwrap();
    let model: segtrail::cluster::Model = serde_json::from_str(&model).unwrap();
    let mut rows = customers();
    rows.sort();
    let column = |name: &str, place: usize| segtrail::features::FeatureColumn {
        name: name.into(),
        unit: segtrail::features::Unit::Attribute,
        values: rows.iter().map(|row| row[place].parse().unwrap()).collect(),
    };
    let table = segtrail::features::FeatureTable {
        customers: rows.iter().map(|row| row[0].as_str().into()).collect(),
        columns: vec![column("age", 1), column("spend", 2)],
        ..Default::default()
    };
    let assigned = segtrail::cluster::assign(&model, &table).unwrap();
    let expected = segments(&folder.path().join("out.csv"));
    for (row, cluster) in rows.iter().zip(assigned.cluster) {
        assert_eq!(expected[&row[0]], (cluster + 1).to_string());
    }
}

#[test]
fn a_named_text_is_a_category_and_missing_values_are_counted() {
    let text = "id,x,town\n1,0,Hue\n2,,Hue\n3,1,Hue\n4,0,Hanoi\n5,1,Hanoi\n6,0,\n";
    let folder = folder("towns.csv", text);
    let args = ["towns.csv", "--id", "id", "--features", "x,town", "--k", "2", "--bootstrap", "0"];
    let found = document(folder.path(), &args);
    assert_eq!(found["filled"], serde_json::json!({ "x": 1 }));
    assert_eq!(found["missing"], serde_json::json!({ "town": 1 }));
    assert_eq!(found["features"][1], serde_json::json!({ "name": "town", "kind": "category" }));
    let codes: Vec<&str> =
        found["warnings"].as_array().unwrap().iter().map(|w| w["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"filled") && codes.contains(&"attribute_missing"), "{codes:?}");
    let shares = &found["segments"][0]["levels"]["town"];
    assert!(shares["Hue"].is_number() || shares["Hanoi"].is_number(), "{shares}");
}

#[test]
fn without_an_id_rows_are_numbered_and_an_id_among_the_features_is_told_of() {
    let folder = folder("t.csv", "id,x\n7,1\n8,2\n9,30\n");
    let args = ["t.csv", "--k", "2", "--bootstrap", "0", "-o", "out.csv"];
    let outcome = cluster(folder.path(), &args).done().says(&["give --id id"]);
    assert!(outcome.stdout.contains("rows are numbered"), "{}", outcome.all());
    let text = std::fs::read_to_string(folder.path().join("out.csv")).unwrap();
    assert!(
        text.starts_with("row,segment,membership,margin,silhouette,outlier_score\n1,"),
        "{text}"
    );
}

#[test]
fn a_mixture_tells_its_likelihood() {
    let folder = folder("customers.csv", csv(&customers()));
    let args = ["customers.csv", "--id", "customer", "--method", "gmm", "--k", "3"];
    let found = document(folder.path(), &[&args[..], &["--bootstrap", "5"]].concat());
    assert_eq!((&found["method"], &found["k"]), (&"gmm".into(), &3.into()));
    assert!(found["log_likelihood"].is_number() && found["bic"].is_number());
    assert!(found["inertia"].is_null());
}

#[test]
fn shapes_of_covariances_and_noise_are_told_and_clutter_is_noise() {
    // Twenty customers all over the place beside the three groups.
    let mut rows = customers();
    for lost in 0..20 {
        let (age, spend) = (lost * 13 % 20 * 5, lost * 7 % 20 * 100 - 400);
        rows.push([format!("lost{lost}"), age.to_string(), spend.to_string(), "north".into()]);
    }
    let folder = folder("customers.csv", csv(&rows));
    let args = ["customers.csv", "--id", "customer", "--method", "gmm", "--bootstrap", "0"];
    for shape in ["full", "tied", "diagonal", "spherical"] {
        let more = ["--k", "3", "--covariance", shape, "--noise", "-o", "out.csv"];
        let found = document(folder.path(), &[&args[..], &more].concat());
        assert_eq!(found["covariance"], shape);
        assert_eq!(found["criteria"]["candidates"][0]["covariance"], shape);
        let weight = found["noise"].as_f64().unwrap();
        assert!((weight - 20.0 / 170.0).abs() < 0.03, "{shape}: {weight}");
        assert!(found["warnings"].as_array().unwrap().iter().any(|told| told["code"] == "noise"));
        let mut reader = csv::Reader::from_path(folder.path().join("out.csv")).unwrap();
        let header: Vec<&str> = reader.headers().unwrap().iter().collect();
        let found = ["noise", "silhouette", "outlier_score"];
        assert_eq!(header, [&["customer", "segment", "membership", "margin"][..], &found].concat());
        for row in reader.records().map(Result::unwrap) {
            let noise: f64 = row[4].parse().unwrap();
            if !row[0].starts_with("lost") {
                assert!(noise < 0.5, "{shape}: {row:?}");
            }
            assert!(["1", "2", "3"].contains(&&row[1]), "noise has a segment: {row:?}");
        }
    }
    let full = document(folder.path(), &[&args[..], &["--k", "3"]].concat());
    assert_eq!((&full["covariance"], full["noise"].is_null()), (&"full".into(), true));
    let linfa = ["--engine", "linfa", "--covariance", "tied"];
    let outcome = cluster(folder.path(), &[&args[..], &linfa].concat());
    outcome.fails(1, &["--covariance tied", "--engine linfa"]);
}

#[test]
fn a_start_in_units_of_the_table_is_where_k_means_begins() {
    let folder = folder("customers.csv", csv(&customers()));
    let path = folder.path();
    std::fs::write(path.join("start.csv"), "spend,note,age\n900,b,45\n100,a,25\n300,c,65\n")
        .unwrap();
    let args = ["customers.csv", "--id", "customer", "--bootstrap", "5", "-o", "out.csv"];
    let found = document(path, &[&args[..], &["--start", "start.csv"]].concat());
    assert_eq!(found["k"], 3, "as many as the start has");
    assert!(found["iterations"].as_u64().unwrap() <= 3, "{}", found["iterations"]);
    let afresh = document(path, &[&args[..], &["--k", "3"]].concat());
    let inertia = |found: &Value| found["inertia"].as_f64().unwrap();
    assert!((inertia(&found) - inertia(&afresh)).abs() < 1e-6);
    // Two centres in one group and none in another: k-means from there stays where it is.
    let stuck = "age,spend\n25,100\n24,95\n50,700\n";
    std::fs::write(path.join("stuck.csv"), stuck).unwrap();
    let stuck = document(path, &[&args[..], &["--start", "stuck.csv", "--k", "3"]].concat());
    assert!(inertia(&stuck) > 2.0 * inertia(&found), "{} {}", stuck["inertia"], found["inertia"]);

    let run = |more: &[&str]| cluster(path, &[&args[..], more].concat());
    let start = ["--start", "start.csv"];
    run(&[&start[..], &["--k", "2..4"]].concat()).fails(2, &["--start", "--k"]);
    run(&[&start[..], &["--k", "4"]].concat()).fails(1, &["3 x 2", "k = 4"]);
    run(&[&start[..], &["--engine", "linfa"]].concat()).fails(2, &["--start", "--engine"]);
    run(&[&start[..], &["--restarts", "2"]].concat()).fails(2, &["--start", "--restarts"]);
    std::fs::write(path.join("start.csv"), "age,spend\n25,100\n,300\n").unwrap();
    run(&start).fails(2, &["row 2", "`age`"]);
    std::fs::write(path.join("start.csv"), "age\n25\n").unwrap();
    run(&start).fails(1, &["start.csv", "no column `spend`"]);
}

#[test]
fn a_mixture_begins_at_the_start_too() {
    let folder = folder("customers.csv", csv(&customers()));
    let path = folder.path();
    std::fs::write(path.join("start.csv"), "spend,age\n900,45\n100,25\n300,65\n").unwrap();
    let args = ["customers.csv", "--id", "customer", "--bootstrap", "0", "--start", "start.csv"];
    let of = |more: &[&str]| document(path, &[&args[..], more].concat());
    let found = of(&["--method", "gmm"]);
    assert_eq!((&found["method"], &found["k"]), (&"gmm".into(), &3.into()));
    assert_eq!(found["sizes"], serde_json::json!([50, 50, 50]));
    // Where each row is nearest to the centre of its group, EM is at rest as soon as it begins.
    assert!(found["iterations"].as_u64().unwrap() <= 2, "{}", found["iterations"]);
    let auto = of(&["--method", "auto", "--covariance", "full,tied"]);
    assert_eq!(auto["criteria"]["candidates"].as_array().unwrap().len(), 3);
    // Two centres in one group and none in another.
    let stuck = "age,spend\n25,100\n24,95\n50,700\n";
    std::fs::write(path.join("start.csv"), stuck).unwrap();
    let stuck = of(&["--method", "gmm", "--max-iterations", "1"]);
    let likelihood = |found: &Value| found["log_likelihood"].as_f64().unwrap();
    assert!(likelihood(&stuck) < likelihood(&found) - 10.0);
}

#[test]
fn a_weight_of_two_is_the_row_repeated() {
    let rows = customers();
    let (mut weighted, mut repeated) = (String::new(), String::new());
    weighted += "customer,age,spend,count\n";
    repeated += "customer,age,spend\n";
    for (place, [id, age, spend, _]) in rows.iter().enumerate() {
        let count = 1 + usize::from(place % 3 == 0);
        weighted += &format!("{id},{age},{spend},{count}\n");
        for copy in 0..count {
            repeated += &format!("{id}-{copy},{age},{spend}\n");
        }
    }
    let folder = folder("weighted.csv", weighted);
    std::fs::write(folder.path().join("repeated.csv"), repeated).unwrap();
    for method in ["kmeans", "gmm"] {
        let args = ["--id", "customer", "--k", "3", "--method", method, "--bootstrap", "0"];
        let of = |more: &[&str]| document(folder.path(), &[more, &args[..]].concat());
        let one = of(&["weighted.csv", "--weights", "count"]);
        let two = of(&["repeated.csv"]);
        for key in ["inertia", "log_likelihood", "bic"] {
            let (one, two) = (one[key].as_f64(), two[key].as_f64());
            let near = |(one, two): (f64, f64)| (one - two).abs() <= 1e-6 * two.abs();
            assert!(one.zip(two).map_or(one == two, near), "{method} {key}: {one:?} {two:?}");
        }
        let (ones, twos) =
            (one["segments"].as_array().unwrap(), two["segments"].as_array().unwrap());
        for one in ones {
            let alike = |two: &&Value| one["medians"] == two["medians"];
            let two = twos.iter().find(alike).unwrap_or_else(|| panic!("{method}: {one} {twos:?}"));
            assert_eq!(one["weight"], two["rows"].as_f64().unwrap());
            assert_eq!(one["share"], two["share"]);
        }
    }
}

#[test]
fn segments_keep_the_bounds_on_their_size() {
    let folder = folder("customers.csv", csv(&customers()));
    let args = ["customers.csv", "--id", "customer", "--bootstrap", "0", "--min-rows", "30"];
    let sizes = |found: &Value| -> Vec<u64> {
        found["sizes"].as_array().unwrap().iter().map(|size| size.as_u64().unwrap()).collect()
    };
    let merged = document(folder.path(), &[&args[..], &["--k", "8"]].concat());
    assert!(sizes(&merged).iter().all(|size| *size >= 30), "{merged}");
    let merges = merged["bounds"]["merged"].as_array().unwrap().len();
    assert_eq!(merged["k"].as_u64().unwrap() + merges as u64, 8);

    let more = ["--k", "4", "--max-share", "0.3", "--bounds", "assign"];
    let assigned = document(folder.path(), &[&args[..], &more].concat());
    assert_eq!(assigned["k"], 4);
    assert!(sizes(&assigned).iter().all(|size| (30..=45).contains(size)), "{assigned}");
    // Two of the three groups of fifty have one segment each, with at least five too many.
    assert!(assigned["bounds"]["moved"].as_u64().unwrap() >= 10);
    assert!(assigned["warnings"].to_string().contains("customers_moved"));

    let args = ["customers.csv", "--id", "customer", "--bounds", "assign"];
    cluster(folder.path(), &args).fails(2, &["no bound to keep"]);
    let more = ["--k", "3", "--max-share", "0.1"];
    cluster(folder.path(), &[&args[..], &more].concat()).fails(1, &["k = 3 cannot keep"]);
}

#[test]
fn a_whole_answer() {
    let folder = folder("customers.csv", csv(&customers()));
    let args = ["customers.csv", "--id", "customer", "--k", "2..4", "--bootstrap", "10"];
    let outcome = cluster(folder.path(), &args).done();
    let answer = format!("--- stdout\n{}--- stderr\n{}", outcome.stdout, outcome.stderr);
    insta::assert_snapshot!(answer, @r"
    --- stdout
    customers.csv: 150 rows by 2 features; 3 segments
    rule: k-means, k from 2 to 4: the highest mean silhouette, ties to the smaller k
    clear structure: 1.3 % of the squares lie within 3 clusters, against 27.1 % in data without clusters (+32.3 standard errors)

    segment  rows   share  Jaccard  stability      age  spend
    ───────  ────  ──────  ───────  ─────────────  ───  ─────
          1    50  33.3 %     1.00  highly stable   25    100
          2    50  33.3 %     1.00  highly stable   45    900
          3    50  33.3 %     1.00  highly stable   65    300

    method  k  calinski_harabasz  davies_bouldin  inertia  silhouette
    ──────  ─  ─────────────────  ──────────────  ───────  ──────────  ──────
    kmeans  2              227.9          0.5234    118.1      0.6679
    kmeans  3              5,689          0.1306    3.826      0.9125  chosen
    kmeans  4              4,828          0.3801    2.994      0.7966

    inertia 3.826; converged after 2 iterations
    --- stderr
    warning: the column `region` is left out: it holds text such as `north`
    ");
}

/// The example of the README, in a folder of its own.
#[test]
fn households_of_the_repository_are_clustered_as_the_readme_says() {
    let readme = std::fs::read_to_string(repository("README.md")).unwrap();
    let example = readme.split("segtrail cluster ").nth(1).unwrap();
    let example = example.split("```").next().unwrap().replace("\\\n", " ");
    let table = repository("data/complete_journey/demographics.parquet");
    let args: Vec<&str> = example
        .split_whitespace()
        .map(|word| if word.ends_with(".parquet") { table.to_str().unwrap() } else { word })
        .collect();
    let folder = tempfile::tempdir().unwrap();
    let found = document(folder.path(), &[&args[..], &["--bootstrap", "10"]].concat());
    assert_eq!(found["rows"], 801);
    assert!((2..=8).contains(&found["k"].as_u64().unwrap()));
    assert_eq!(found["features"].as_array().unwrap().len(), 3);
    assert_eq!(segments(&folder.path().join("segments.csv")).len(), 801);
    let warnings = found["warnings"].to_string();
    assert!(warnings.contains("numbers_as_categories") && warnings.contains("`5+`"), "{warnings}");
}
