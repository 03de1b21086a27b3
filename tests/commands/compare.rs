//! `segtrail compare`: agreement of two runs, and of tables of any other tool.

use polars::prelude::{Column, IntoColumn, NamedFrom, Series};

use super::two_months;
use crate::support::{Shop, parquet, stored_runs};

/// The columns of a table as Parquet: customer and segment.
fn table(ids: &[&str], segments: &[i64]) -> Vec<u8> {
    let columns: Vec<Column> = vec![
        Series::new("customer_id".into(), ids).into_column(),
        Series::new("segment".into(), segments).into_column(),
    ];
    parquet(columns)
}

#[test]
fn a_run_against_itself_and_against_the_month_before() {
    let shop = two_months();
    let runs = stored_runs(&shop.models());
    let id = |place: usize| runs[place].file_name().unwrap().to_str().unwrap().to_owned();
    let same = shop.command(&["compare", &id(1), &id(1), "--json"]).done().json();
    assert_eq!(same["adjusted_rand_index"], 1.0);
    for measure in ["adjusted_rand_index", "adjusted_mutual_information", "v_measure"] {
        assert_eq!(same["agreement"][measure]["value"], 1.0, "{measure}");
    }
    let months = shop.command(&["compare", &id(0), &id(1), "--json"]).done().json();
    let index = &months["agreement"]["adjusted_rand_index"];
    assert_eq!(index["value"], months["adjusted_rand_index"]);
    assert!(index["low"].as_f64() <= index["value"].as_f64());
    assert!(index["value"].as_f64() <= index["high"].as_f64());
    let stored = std::fs::read_to_string(runs[1].join("comparison.json")).unwrap();
    let stored: serde_json::Value = serde_json::from_str(&stored).unwrap();
    assert_eq!(stored["agreement"], months["agreement"], "stored as it is computed anew");
    let text = shop.command(&["compare", &id(0), &id(1)]).done().stdout;
    assert!(text.contains("adjusted mutual information") && text.contains("95 % interval"));
}

/// [0,0,1,1] against [0,0,1,2] of the documentation of scikit-learn: homogeneity 1, completeness
/// 2/3, adjusted Rand index 4/7; one customer is in each table alone.
#[test]
fn tables_of_another_tool_in_either_format() {
    let shop = Shop::new();
    let before = "customer_id,segment,more\nd,1,x\nc,1,x\nb,0,x\na,0,x\ngone,0,x\nunplaced,,x\n";
    shop.write("a.csv", before);
    shop.write("b.parquet", table(&["a", "b", "c", "d", "new"], &[7, 7, 8, 9, 9]));
    let tables = ["--assignments", "a.csv", "b.parquet"];
    let columns = ["--id", "customer_id", "--segment", "segment"];
    let arguments = [&["compare"], &tables[..], &columns[..]].concat();
    let said = shop.command(&[&arguments[..], &["--json"]].concat()).done().json();
    assert_eq!(said["population"]["stayers"], 4);
    assert_eq!(
        (&said["population"]["entrants"], &said["population"]["leavers"]),
        (&1.into(), &1.into())
    );
    let value = |measure: &str| said["agreement"][measure]["value"].as_f64().unwrap();
    assert!((value("adjusted_rand_index") - 4.0 / 7.0).abs() < 1e-15);
    assert!((value("homogeneity") - 1.0).abs() < 1e-15);
    assert!((value("completeness") - 2.0 / 3.0).abs() < 1e-15);
    let segments = said["agreement"]["segments"].as_array().unwrap();
    assert_eq!((&segments[0]["segment"], &segments[0]["most_like"]), (&"0".into(), &"7".into()));
    assert_eq!(said["warnings"][0]["code"], "rows_without_segment");
    let outcome = shop.command(&arguments).done();
    assert!(outcome.stdout.contains("4 in both, 1 new, 1 gone"), "{}", outcome.all());
    assert!(outcome.stderr.contains("1 rows have no segment"), "{}", outcome.all());
}

#[test]
fn what_cannot_be_compared_is_said() {
    let shop = Shop::new();
    shop.write("a.csv", "customer_id,segment\na,1\n");
    shop.write("b.csv", "customer_id,segment\nb,1\n");
    let compare = |more: &[&str]| shop.command(&[&["compare"], more].concat());
    let tables = ["--assignments", "a.csv", "b.csv"];
    let with = |columns: [&str; 4]| compare(&[&tables[..], &columns].concat());
    with(["--id", "customer", "--segment", "segment"]).fails(1, &["--id", "customer_id"]);
    with(["--id", "customer_id", "--segment", "customer_id"]).fails(1, &["--segment"]);
    let outcome = with(["--id", "customer_id", "--segment", "segment"]).done();
    assert!(outcome.stderr.contains("no customer is in both tables"), "{}", outcome.all());
    compare(&tables).fails(2, &["--id"]);
    compare(&["latest"]).fails(2, &["<B>"]);
    compare(&["--id", "customer_id", "latest", "latest"]).fails(2, &["--assignments"]);
}
