//! `export`: all customers in three formats that agree with each other and with the run.

use std::fs;

use serde_json::Value;

use super::two_months;
use crate::support::{AS_OF, Frame, Shop, StoredRun, stored_runs};

/// Customer, segment, group, membership, previous segment of every row.
type Row = (String, Option<String>, String, Option<String>, Option<String>);

fn of_frame(table: &Frame) -> Vec<Row> {
    let text = |name: &str| table.texts(name).into_iter();
    let (mut segment, mut group) = (text("segment"), text("group"));
    let mut membership = table.numbers("membership").into_iter();
    let mut previous = text("previous_segment");
    text("customer_id")
        .map(|customer| {
            (
                customer.unwrap(),
                segment.next().unwrap(),
                group.next().unwrap().unwrap(),
                membership.next().unwrap().map(|value| value.to_string()),
                previous.next().unwrap(),
            )
        })
        .collect()
}

fn of_csv(text: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers().unwrap().clone();
    let place = |name: &str| names.iter().position(|known| known == name).expect(name);
    let places = ["customer_id", "segment", "group", "membership", "previous_segment"].map(place);
    reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            let field = |at: usize| record[places[at]].to_owned();
            let optional = |at: usize| Some(field(at)).filter(|text| !text.is_empty());
            (field(0), optional(1), field(2), optional(3), optional(4))
        })
        .collect()
}

fn of_jsonl(text: &str) -> Vec<Row> {
    text.lines()
        .map(|line| {
            let row: Value = serde_json::from_str(line).unwrap();
            let text = |key: &str| row[key].as_str().map(str::to_owned);
            let membership = row["membership"].as_f64().map(|value| value.to_string());
            (
                text("customer_id").unwrap(),
                text("segment"),
                text("group").unwrap(),
                membership,
                text("previous_segment"),
            )
        })
        .collect()
}

#[test]
fn all_formats_hold_all_customers_and_agree() {
    let shop = two_months();
    let run = StoredRun::at(stored_runs(&shop.models()).pop().unwrap());
    let expected = of_frame(&run.table("assignments.parquet"));
    assert_eq!(expected.len(), 40);
    for (format, file) in [("csv", "a.csv"), ("jsonl", "a.jsonl"), ("parquet", "a.parquet")] {
        shop.command(&["export", "latest", "--format", format, "-o", file]).done();
    }
    let read = |name: &str| fs::read_to_string(shop.path(name)).unwrap();
    assert_eq!(of_csv(&read("a.csv")), expected);
    assert_eq!(of_jsonl(&read("a.jsonl")), expected);
    assert_eq!(of_frame(&Frame::read(&shop.path("a.parquet"))), expected);
    for format in ["csv", "jsonl"] {
        let printed = shop.command(&["export", "latest", "--format", format]).done();
        assert_eq!(printed.stdout, read(&format!("a.{format}")), "stdout is the file");
    }
}

#[test]
fn an_older_run_can_be_exported_by_its_id() {
    let shop = two_months();
    let first = StoredRun::at(stored_runs(&shop.models()).remove(0));
    let said = shop.command(&["export", &first.id(), "--format", "jsonl"]).done();
    assert_eq!(of_jsonl(&said.stdout), of_frame(&first.table("assignments.parquet")));
    assert!(said.stdout.lines().all(|line| line.contains("2024-05-31")));
}

#[test]
fn ids_that_a_spreadsheet_would_run_are_made_harmless_in_csv_alone() {
    let shop = Shop::with_lines("=1+1,x1,2024-03-01,5\n@sum,x2,2024-03-01,5\n-7,x3,2024-03-01,5\n");
    shop.accepts();
    let csv = shop.command(&["export", "latest", "--format", "csv"]).done().stdout;
    assert!(csv.contains("\n'=1+1,") && csv.contains("\n'@sum,") && csv.contains("\n-7,"), "{csv}");
    let jsonl = shop.command(&["export", "latest", "--format", "jsonl"]).done().stdout;
    assert!(jsonl.contains("\"=1+1\"") && jsonl.contains("\"@sum\""), "{jsonl}");
}

#[test]
fn prospects_are_exported_without_a_segment() {
    let shop = Shop::new().append("[customers]\nfiles = [\"known.csv\"]\ncustomer = \"id\"");
    shop.write("known.csv", "id\nc001\nnobody\n");
    shop.accepts();
    let rows = of_csv(&shop.command(&["export", "latest", "--format", "csv"]).done().stdout);
    let nobody = rows.iter().find(|row| row.0 == "nobody").expect("the prospect");
    assert_eq!((nobody.1.as_deref(), nobody.2.as_str()), (None, "prospect"));
    assert_eq!(rows.len(), 41);
}

#[test]
fn a_place_that_cannot_be_written_is_refused_and_what_is_there_stays() {
    let shop = two_months();
    shop.command(&["export", "latest", "--format", "csv", "-o", "no/such/folder/a.csv"])
        .fails(1, &["no/such/folder/a.csv", "No such file"]);
    shop.command(&["export", "latest", "--format", "csv", "-o", "models"]).fails(1, &["models"]);
    assert_eq!(stored_runs(&shop.models()).len(), 2);
    assert!(!shop.path("models.part").exists());
    shop.write("a.csv", "old");
    shop.command(&["export", "nothing", "--format", "csv", "-o", "a.csv"]).fails(1, &["nothing"]);
    assert_eq!(fs::read_to_string(shop.path("a.csv")).unwrap(), "old");
    assert_eq!(shop.run(AS_OF).done().json()["runs"][0]["status"], "already_done");
}
