//! Whom to interview and whom to check: as a run stores it, checked against the features and the
//! assignments beside it, and as `show`, `export` and the report tell of it.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::support::{Frame, Shop, StoredRun, run_in, simulate, stored_runs};

const VECTOR: [&str; 3] = ["recency_days", "n_orders", "monetary_total"];

fn segments(run: &StoredRun) -> Vec<Value> {
    run.json("segments.json")["segments"].as_array().unwrap().clone()
}

fn customers(list: &Value) -> Vec<String> {
    let customer = |listed: &Value| listed["customer"].as_str().unwrap().to_owned();
    list.as_array().unwrap().iter().map(customer).collect()
}

/// A column of `assignments.parquet` by customer.
fn figures(run: &StoredRun, column: &str) -> BTreeMap<String, Option<f64>> {
    let table = run.table("assignments.parquet");
    let customers = table.texts("customer_id").into_iter().map(Option::unwrap);
    customers.zip(table.numbers(column)).collect()
}

/// The shop's vectors by customer, prepared as its configuration says: log1p, standardised.
fn vectors(run: &StoredRun) -> BTreeMap<String, Vec<f64>> {
    let mut vectors: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for name in VECTOR {
        let logs: Vec<(String, f64)> = (run.feature(name).into_iter())
            .map(|(customer, value)| (customer, value.unwrap().ln_1p()))
            .collect();
        let n = logs.len() as f64;
        let mean = logs.iter().map(|(_, value)| value).sum::<f64>() / n;
        let variance = logs.iter().map(|(_, value)| (value - mean).powi(2)).sum::<f64>() / n;
        for (customer, value) in logs {
            vectors.entry(customer).or_default().push((value - mean) / variance.sqrt());
        }
    }
    vectors
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

#[test]
fn the_lists_of_a_run_are_those_of_its_own_figures() {
    let run = Shop::new().accepts();
    let (segment_of, vectors) = (run.segments(), vectors(&run));
    let (margins, memberships) = (figures(&run, "margin"), figures(&run, "membership"));
    let model = run.json("model.json");
    for (segment, place) in segments(&run).iter().zip(0..) {
        let id = segment["segment"].as_str().unwrap();
        let people = &segment["representatives"];
        let members: Vec<&String> =
            segment_of.iter().filter(|(_, own)| *own == id).map(|(customer, _)| customer).collect();
        // In the first run of a series the lineage follows the order of the clusters.
        let centroid: Vec<f64> =
            serde_json::from_value(model["clusters"]["centroids"][place].clone()).unwrap();

        let sum = |customer: &String| -> f64 {
            members.iter().map(|other| distance(&vectors[customer], &vectors[*other])).sum()
        };
        let smallest = members.iter().map(|customer| sum(customer)).fold(f64::INFINITY, f64::min);
        let medoid = members.iter().find(|customer| sum(customer) <= smallest * (1.0 + 1e-12));
        assert_eq!(people["medoid"]["customer"], **medoid.unwrap(), "{id}");
        assert_eq!(people["medoid"]["exact"], true);

        let mut nearest = members.clone();
        nearest.sort_by(|a, b| {
            distance(&vectors[*a], &centroid).total_cmp(&distance(&vectors[*b], &centroid))
        });
        nearest.truncate(10);
        assert_eq!(
            customers(&people["typical"]),
            nearest.iter().map(|c| c.to_string()).collect::<Vec<_>>()
        );
        for typical in people["typical"].as_array().unwrap() {
            let customer = typical["customer"].as_str().unwrap();
            let away = distance(&vectors[customer], &centroid);
            assert!((typical["distance"].as_f64().unwrap() - away).abs() < 1e-9);
            assert_eq!(typical["membership"].as_f64(), memberships[customer]);
        }

        let mut border = members.clone();
        border.sort_by(|a, b| margins[*a].unwrap().total_cmp(&margins[*b].unwrap()));
        border.truncate(10);
        assert_eq!(
            customers(&people["border"]),
            border.iter().map(|c| c.to_string()).collect::<Vec<_>>()
        );
        for listed in people["border"].as_array().unwrap() {
            let customer = listed["customer"].as_str().unwrap();
            assert_eq!(listed["margin"].as_f64(), margins[customer]);
            let others = model["clusters"]["centroids"].as_array().unwrap();
            let others = others.iter().enumerate().filter(|(other, _)| *other != place);
            let away = |centroid: &Value| {
                let centroid: Vec<f64> = serde_json::from_value(centroid.clone()).unwrap();
                distance(&vectors[customer], &centroid)
            };
            let second = others.min_by(|a, b| away(a.1).total_cmp(&away(b.1))).unwrap().0;
            assert_eq!(listed["neighbour"], format!("S{:02}", second + 1), "{customer}");
        }
    }
}

#[test]
fn small_segments_have_no_score_and_that_is_no_zero() {
    let run = Shop::new().accepts();
    let sizes: BTreeMap<String, u64> = (segments(&run).iter())
        .map(|segment| {
            let small = segment["representatives"]["outliers_flagged"].is_null();
            let customers = segment["profile"]["customers"].as_u64().unwrap();
            assert_eq!(small, customers < 20, "{segment}");
            (segment["segment"].as_str().unwrap().to_owned(), customers)
        })
        .collect();
    let scores = figures(&run, "outlier_score");
    for (customer, segment) in run.segments() {
        assert_eq!(scores[&customer].is_none(), sizes[&segment] < 20);
    }
}

#[test]
fn a_customer_planted_far_out_is_found_and_told_of() {
    for method in ["kmeans", "gmm"] {
        let folder = tempfile::tempdir().unwrap();
        let options = ["--customers", "1500", "--months", "8", "--seed", "4", "--format", "csv"];
        let cluster =
            format!("[cluster]\nmethod = \"{method}\"\nk = 4\nrestarts = 2\nbootstrap = 0");
        simulate(folder.path(), &options, &cluster);
        let sales = folder.path().join("data/transactions.csv");
        let text = fs::read_to_string(&sales).unwrap();
        // One who buys at the usual times, for a hundred million.
        let line = text.lines().nth(1).unwrap();
        let fields: Vec<&str> = line.split(',').collect();
        let planted = format!("planted,order-of-planted,{},100000000\n", fields[2]);
        fs::write(&sales, text + &planted).unwrap();
        let options = ["run", "data/segtrail.toml", "--as-of", "2024-08-31", "--quiet"];
        run_in(folder.path(), &options).done();
        let run = StoredRun::at(stored_runs(&folder.path().join("models")).remove(0));
        let own = run.segments()["planted"].clone();
        let all = segments(&run);
        let segment = all.iter().find(|segment| segment["segment"] == own).unwrap();
        let first = &segment["representatives"]["outliers"][0];
        assert_eq!(first["customer"], "planted", "{method}");
        let feature = &first["features"][0];
        assert!(feature["feature"].as_str().unwrap().starts_with("monetary"), "{feature}");
        assert_eq!(feature["value"], 1e8);
        let name = feature["feature"].as_str().unwrap();
        assert_eq!(feature["usual"], segment["profile"]["medians"][name]);
        let score = first["score"].as_f64().unwrap();
        assert!(score > 3.5 && figures(&run, "outlier_score")["planted"] == Some(score));
        // Who is flagged is counted, listed or not.
        let scores = figures(&run, "outlier_score");
        for segment in &all {
            let id = segment["segment"].as_str().unwrap();
            let members = run.segments().into_iter().filter(|(_, own)| own == id);
            let flagged = members.filter(|(customer, _)| scores[customer] > Some(3.5)).count();
            let people = &segment["representatives"];
            if let Some(said) = people["outliers_flagged"].as_u64() {
                assert_eq!(said as usize, flagged);
                assert_eq!(people["outliers"].as_array().unwrap().len(), flagged.min(10));
            }
        }
        let page = fs::read_to_string(run.folder.join("report.html")).unwrap();
        assert!(page.contains("100,000,000.00, usually"));
        let models = ["--models", "models"];
        let said = run_in(folder.path(), &[&["show", "latest"][..], &models].concat()).done();
        assert!(said.stdout.contains("    medoid "), "{}", said.all());
    }
}

#[test]
fn one_segment_and_customers_all_alike() {
    let one = Shop::new().edit("k = 3", "k = 1").accepts();
    let all = segments(&one);
    assert_eq!(all.len(), 1);
    let people = &all[0]["representatives"];
    assert_eq!(people["border"], Value::Array(Vec::new()), "there is no neighbour");
    assert_eq!(people["typical"].as_array().unwrap().len(), 10);
    assert!(people["outliers_flagged"].is_u64());
    let sale = |customer: usize| {
        (format!("c{customer:03}"), customer.to_string(), "2024-05-01".into(), "10".into())
    };
    let alike = Shop::selling(&(1..=30).map(sale).collect::<Vec<_>>()).accepts();
    let people = &segments(&alike)[0]["representatives"];
    assert_eq!(people["medoid"]["customer"], "c001");
    assert_eq!(customers(&people["typical"])[9], "c010");
    assert!(people["outliers_flagged"].is_null() && customers(&people["outliers"]).is_empty());
}

#[test]
fn scores_are_exported() {
    let shop = Shop::new().edit("k = 3", "k = 1");
    shop.accepts();
    for format in ["csv", "parquet"] {
        let file = format!("audience.{format}");
        shop.command(&["export", "latest", "--format", format, "-o", &file]).done();
    }
    let table = Frame::read(&shop.path("audience.parquet"));
    let csv = fs::read_to_string(shop.path("audience.csv")).unwrap();
    let header = csv.lines().next().unwrap();
    let place = header.split(',').position(|name| name == "outlier_score").unwrap();
    let field = |line: &str| line.split(',').nth(place).unwrap().parse::<f64>().ok();
    let fields: Vec<Option<f64>> = csv.lines().skip(1).map(field).collect();
    assert_eq!(fields, table.numbers("outlier_score"));
    assert!(fields.iter().all(Option::is_some));
}

#[test]
fn a_run_of_an_earlier_release_is_still_shown() {
    let shop = Shop::new();
    let run = shop.accepts();
    let path = run.folder.join("segments.json");
    let mut document = run.json("segments.json");
    for segment in document["segments"].as_array_mut().unwrap() {
        segment.as_object_mut().unwrap().remove("representatives").unwrap();
    }
    fs::write(&path, document.to_string()).unwrap();
    let said = shop.command(&["show", "latest"]).done().stdout;
    assert!(!said.contains("medoid") && said.contains("S01"));
    shop.command(&["report", "latest", "-o", "old.html"]).done();
    let page = fs::read_to_string(shop.path("old.html")).unwrap();
    assert!(!page.contains("Whom to interview"));
}
