//! Histories, cohorts and subscriptions: names of columns, every refusal with its line.

use std::io::Write;

use polars::prelude::*;

use super::*;
use crate::ingest::fixture::folder;
use crate::types::days_since_epoch;

fn with<T>(bytes: &[u8], read: impl Fn(&Path) -> Result<T, IngestError>) -> Result<T, String> {
    let folder = folder(&[("table.csv", bytes)]);
    read(&folder.path().join("table.csv")).map_err(|error| error.to_string())
}

fn summary(text: &str) -> Result<Summary, String> {
    with(text.as_bytes(), read_summary)
}

fn cohorts(text: &str) -> Result<Cohorts, String> {
    with(text.as_bytes(), read_cohorts)
}

fn subscriptions(text: &str, formats: &[&str]) -> Result<Subscriptions, String> {
    let formats = Formats(formats.iter().map(|format| (*format).to_owned()).collect());
    with(text.as_bytes(), |path| read_subscriptions(path, &formats))
}

/// The reading fails with a message that has all of `words`.
fn fails<T: std::fmt::Debug>(result: Result<T, String>, words: &[&str]) {
    let message = result.unwrap_err();
    for word in words {
        assert!(message.contains(word), "`{word}` is not in {message}");
    }
}

#[test]
fn the_symbols_of_the_literature_are_read() {
    let read = summary("x,t_x,T,m_x,count\n2,30.43,38.86,22.35,1\n0,0,38.86,,3\n").unwrap();
    let expected = Summary {
        ids: None,
        x: vec![2.0, 0.0],
        t_x: vec![30.43, 0.0],
        T: vec![38.86, 38.86],
        m_x: Some(vec![22.35, 0.0]),
        count: Some(vec![1.0, 3.0]),
        rows: 2,
    };
    assert_eq!(read, expected);
}

#[test]
fn ids_are_kept_as_they_stand() {
    let read = summary("ID,frequency,recency,T\n0042,0,0,38.86\nb,1,1,9\n").unwrap();
    assert_eq!(read.ids, Some(vec!["0042".into(), "b".into()]));
}

#[test]
fn other_names_and_cases_are_read() {
    let plain = summary("x,t_x,T\n2,30,39\n").unwrap();
    assert_eq!((&plain.m_x, &plain.count), (&None, &None));
    for header in [
        "frequency,recency,T",
        "Frequency,Recency,T",
        "X,T_X,t",
        "x,t_x,n",
        "frequency,recency,periods",
    ] {
        assert_eq!(summary(&format!("{header}\n2,30,39\n")).as_ref(), Ok(&plain), "{header}");
    }
    let donors = summary("frequency,recency,periods,weights\n6,6,6,1203\n").unwrap();
    assert_eq!(donors.count, Some(vec![1203.0]));
    let money = summary("customer_id;x;t_x;T;monetary_value\n\"a;b\";1;2;3;4.5\n").unwrap();
    assert_eq!(money.m_x, Some(vec![4.5]));
}

#[test]
fn the_own_symbol_is_taken_where_other_names_stand_beside_it() {
    let read = summary("t,n,T,x,t_x\n7,8,39,2,30\n").unwrap();
    assert_eq!(read.T, [39.0]);
}

#[test]
fn several_names_of_one_column_are_refused() {
    fails(summary("x,t_x,t,n\n2,30,39,1\n"), &["table.csv", "`t`", "`n`", "T under", "Keep one"]);
    fails(summary("frequency,Frequency ,X,t_x,T\n1,2,3,4,5\n"), &["`X`", "`frequency`"]);
    fails(summary("x,x,t_x,T\n1,1,2,3\n"), &["2 columns named `x`", "Rename one"]);
}

#[test]
fn a_missing_column_is_refused_with_the_names_it_may_have() {
    let words = ["table.csv", "no column for", "`t_x`, `recency`", "it has `x`, `T`", "Rename"];
    fails(summary("x,T\n2,39\n"), &words);
    // The time of the last purchase does not stand for the time under observation.
    fails(summary("x,t_x\n2,30\n"), &["T under observation", "`periods`"]);
}

#[test]
fn a_cell_that_cannot_be_read_is_refused_with_its_line() {
    let row = |row: &str| summary(&format!("x,t_x,T,m_x,count\n1,2,3,4,1\n{row}\n"));
    fails(row("two,2,3,4,1"), &["table.csv, line 3", "`x` = `two`", "not a number", "Correct"]);
    fails(row("1,,3,4,1"), &["line 3", "`t_x` = ``", "missing"]);
    fails(row("1,2,inf,4,1"), &["`T` = `inf`", "not finite"]);
    fails(row("1,2,\"3,5\",4,1"), &["`T` = `3,5`", "decimal point"]);
    fails(row("1,2,3,,1"), &["`m_x` = ``", "missing"]);
    fails(row("1,2,3,4,0"), &["`count` = `0`", "above 0"]);
    fails(row("1.5,2,3,4,1"), &["`x` = `1.5`", "whole number"]);
    fails(row("-1,2,3,4,1"), &["`x` = `-1`", "whole number"]);
    fails(row("1,4,3,4,1"), &["`t_x` = `4`", "time under observation"]);
    fails(row("1,-1,3,4,1"), &["`t_x` = `-1`", "from 0"]);
    fails(row("0,2,3,4,1"), &["`t_x` = `2`", "0 without a repeat purchase"]);
    fails(row("1,2,3"), &["line 3", "fields as the header"]);
}

#[test]
fn files_without_rows_or_not_there_are_refused() {
    fails(summary("x,t_x,T\n"), &["table.csv", "no row"]);
    fails(summary(""), &["table.csv", "is empty"]);
    fails(with(b"", |_| read_summary(Path::new("nowhere.csv"))), &["nowhere.csv", "No such file"]);
    fails(with(b"", |path| read_summary(path.parent().unwrap())), &["directory"]);
}

#[test]
fn gzip_and_parquet_are_read_as_csv_is() {
    let text = "x,t_x,T\n2,30.5,39\n0,0,20\n";
    let plain = summary(text).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(text.as_bytes()).unwrap();
    assert_eq!(with(&gzip.finish().unwrap(), read_summary).as_ref(), Ok(&plain));
    let mut frame = DataFrame::new_infer_height(vec![
        Column::new("x".into(), [2i64, 0]),
        Column::new("t_x".into(), [30.5, 0.0]),
        Column::new("T".into(), [39i32, 20]),
    ])
    .unwrap();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
    assert_eq!(with(&bytes, read_summary), Ok(plain));
}

#[test]
fn survivors_are_sorted_into_cohorts() {
    let text = "cohort,period,customers\nB,1,70\nA,0,1000\nB,0,100\nA,1,869\nA,2,743\n";
    let read = cohorts(text).unwrap();
    let cohort = |name: &str, alive: &[f64]| Cohort { name: name.into(), alive: alive.to_vec() };
    assert_eq!(read.cohorts, [cohort("A", &[1000.0, 869.0, 743.0]), cohort("B", &[100.0, 70.0])]);
    assert_eq!(read.rows, 5);
    let alone = cohorts("t,alive\n0,1000\n1,869\n").unwrap();
    assert_eq!(alone.cohorts, [cohort("", &[1000.0, 869.0])]);
}

#[test]
fn cohorts_that_cannot_be_are_refused() {
    fails(cohorts("period\n0\n"), &["no column for", "`survivors`"]);
    fails(cohorts("period,customers\n1,10\n2,5\n"), &["period 0 is missing", "without a gap"]);
    fails(
        cohorts("cohort,period,customers\nA,0,9\nA,2,5\n"),
        &["cohort `A`", "period 1 is missing"],
    );
    fails(
        cohorts("period,customers\n0,10\n1,11\n"),
        &["period 1 has 11 customers", "the 10 before"],
    );
    fails(cohorts("period,customers\n0,0\n"), &["period 0 has no customers"]);
    fails(cohorts("period,customers\n0,9\n0,9\n"), &["line 3", "`period` = `0`", "earlier row"]);
    fails(cohorts("period,customers\n0.5,9\n"), &["`period` = `0.5`", "whole number"]);
    fails(cohorts("period,customers\n0,-9\n"), &["`customers` = `-9`", "below 0"]);
    fails(cohorts("cohort,period,customers\n,0,9\n"), &["`cohort` = ``", "missing"]);
    fails(cohorts("period,customers\n"), &["no row"]);
}

#[test]
fn subscriptions_go_on_where_their_end_is_empty() {
    let text = "customer_id,start_date,end_date\na,2024-01-31,2024-02-29\n7.0,2024-01-01,\n";
    let read = subscriptions(text, &[]).unwrap();
    let day = |month, day| days_since_epoch(jiff::civil::date(2024, month, day));
    assert_eq!(read.customer, [CustomerId::from("a"), CustomerId::from("7")]);
    assert_eq!(read.start, [day(1, 31), day(1, 1)]);
    assert_eq!(read.end, [Some(day(2, 29)), None]);
    let formats = ["%d/%m/%Y"];
    let text = "customer,start,end\na,31/01/2024,29/02/2024\n";
    assert_eq!(subscriptions(text, &formats).unwrap().end, [Some(day(2, 29))]);
}

#[test]
fn subscriptions_that_cannot_be_are_refused() {
    let row = |row: &str| subscriptions(&format!("customer,start,end\n{row}\n"), &[]);
    fails(row(",2024-01-01,"), &["line 2", "`customer`", "id is missing"]);
    fails(row("a,,"), &["`start`", "date is missing"]);
    fails(row("a,01/02/2024,"), &["`start` = `01/02/2024`", "not a date"]);
    fails(row("a,2024-02-01,soon"), &["`end` = `soon`", "not a date"]);
    fails(row("a,2024-02-01,2024-01-31"), &["`end` = `2024-01-31`", "before the first day"]);
    fails(subscriptions("customer,start\na,2024-01-01\n", &[]), &["the last day", "`end`"]);
    fails(subscriptions("customer,start,end\na,1,2\n", &["%H"]), &["time_format `%H`"]);
}
