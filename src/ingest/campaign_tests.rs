//! Contacts of a campaign: answers, dates, order, and what is refused.

use polars::prelude::*;

use crate::ingest::fixture::{SALES, cut, read as read_files, refused, warned, with};
use crate::ingest::{Campaign, IngestError, Input};

const END: &str = "2024-12-31";
const FIGURES: &str = "unit_cost = 2.5\nunit_profit = 40";

fn section(more: &str) -> String {
    format!("[campaign]\nfiles = [\"sent.csv\"]\ncustomer = \"id\"\nresponded = \"answer\"\n{more}")
}

fn read(more: &str, text: &str) -> Result<Input, IngestError> {
    with(&section(more), &[("sent.csv", text)])
}

fn contacts(campaign: &Campaign) -> Vec<(&str, bool)> {
    campaign.contacts.iter().map(|contact| (contact.customer.as_str(), contact.responded)).collect()
}

#[test]
fn contacts_are_sorted_and_repeated_ones_count_each() {
    let text = "id,answer\nb,có\na,yes\na,no\nx,0\na,no\n";
    let input = read(FIGURES, text).unwrap();
    let campaign = cut(&input, END).campaign.unwrap();
    let expected = [("a", false), ("a", false), ("a", true), ("b", true), ("x", false)];
    assert_eq!(contacts(&campaign), expected);
    assert_eq!((campaign.unit_cost, campaign.unit_profit), (2.5, 40.0));
}

#[test]
fn contacts_after_the_date_do_not_count() {
    let text = "id,answer,day\na,1,2024-02-01\nb,0,2024-02-02\nc,1,2024-03-01\n";
    let input = read(&format!("time = \"day\"\n{FIGURES}"), text).unwrap();
    let by = |date| contacts(&cut(&input, date).campaign.unwrap()).len();
    assert_eq!((by("2024-02-01"), by("2024-02-29"), by("2024-03-01")), (1, 2, 3));
    assert!(warned(&cut(&input, "2024-01-31"), "campaign_empty"));
}

#[test]
fn truth_values_of_parquet_are_read() {
    let mut frame = DataFrame::new_infer_height(vec![
        Column::new("id".into(), ["a", "b", "c"]),
        Column::new("answer".into(), [Some(true), Some(false), None]),
    ])
    .unwrap();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
    let sections = section(FIGURES);
    let input =
        read_files(SALES, "amount = \"amount\"", &sections, &[("sent.csv", &bytes)]).unwrap();
    let cut = cut(&input, END);
    assert_eq!(contacts(&cut.campaign.unwrap()), [("a", true), ("b", false)]);
    assert_eq!(refused(&input, END), [(3, "response_unreadable")]);
}

#[test]
fn bad_rows_are_refused_each_for_its_reason() {
    let text = "id,answer,day\na,1,2024-02-01\n,1,2024-02-01\nb,maybe,2024-02-01\nb,,2024-02-01\n\
                b,1,\nb,1,soon\nc,0,2024-02-01\na,0,2024-02-01\n";
    let input = read(&format!("time = \"day\"\n{FIGURES}"), text).unwrap();
    let expected = [
        (3, "customer_missing"),
        (4, "response_unreadable"),
        (5, "response_unreadable"),
        (6, "time_missing"),
        (7, "time_unreadable"),
    ];
    assert_eq!(refused(&input, END), expected);
    assert_eq!(refused(&input, "2024-01-31"), [(6, "time_missing"), (7, "time_unreadable")]);
    assert!(warned(&cut(&input, END), "campaign_rejects"));
}

#[test]
fn a_column_that_is_no_response_is_refused_as_a_whole() {
    let error = read(FIGURES, "id,answer\na,opened\nb,clicked\nc,1\n").unwrap_err().to_string();
    for word in ["sent.csv", "column `answer`", "a response", "`opened`", "2 of 3", "có or không"]
    {
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn costs_and_profits_that_are_none_are_refused() {
    for (figures, word) in [
        ("unit_cost = 0\nunit_profit = 40", "unit_cost = 0"),
        ("unit_cost = 2\nunit_profit = -1", "unit_profit = -1"),
        ("unit_cost = inf\nunit_profit = 40", "unit_cost = inf"),
        ("unit_cost = 2\nunit_profit = nan", "unit_profit = NaN"),
    ] {
        let error = read(figures, "id,answer\na,1\n").unwrap_err().to_string();
        assert!(error.contains("[campaign]") && error.contains(word), "{error}");
    }
}
