//! Interactions: kinds, dates, order, complaints, and what is refused.

use crate::ingest::fixture::{as_of, cut, refused, warned, with};
use crate::ingest::{IngestError, Input, Interactions};

const END: &str = "2024-12-31";

fn read(more: &str, text: &str) -> Result<Input, IngestError> {
    let section = format!(
        "[interactions]\nfiles = [\"calls.csv\"]\ncustomer = \"id\"\ntime = \"day\"\n\
         kind = \"kind\"\n{more}"
    );
    with(&section, &[("calls.csv", text)])
}

fn interactions(text: &str, date: &str) -> Interactions {
    cut(&read("", text).unwrap(), date).interactions.unwrap()
}

/// Customer, day of 2024 from 0, kind.
fn rows(table: &Interactions) -> Vec<(&str, i32, &str)> {
    let first = as_of("2024-01-01").days();
    (0..table.day.len())
        .map(|row| {
            let kind = &table.kinds[table.kind[row] as usize];
            (table.customer[row].as_str(), table.day[row] - first, kind.as_str())
        })
        .collect()
}

#[test]
fn rows_are_sorted_and_kinds_that_differ_in_case_are_one() {
    let text = "id,day,kind\nb,2024-01-02,visit\na,2024-01-03,Call\na,2024-01-02, call \n\
                a,2024-01-03,Call\na,2024-01-03,CALL\nx,2024-01-01,Khiếu nại\n";
    let table = interactions(text, END);
    assert_eq!(table.kinds, ["CALL", "Khiếu nại", "visit"]);
    let expected = [
        ("a", 1, "CALL"),
        ("a", 2, "CALL"),
        ("a", 2, "CALL"),
        ("a", 2, "CALL"),
        ("b", 1, "visit"),
        ("x", 0, "Khiếu nại"),
    ];
    assert_eq!(rows(&table), expected, "equal rows are as many interactions");
    assert_eq!(table.complaint, [false, true, false]);
}

#[test]
fn rows_after_the_date_are_not_there_nor_their_kinds_nor_spellings() {
    let text = "id,day,kind\na,2024-01-02,call\na,2024-02-02,CALL\na,2024-02-03,complaint\n";
    let before = interactions(text, "2024-02-01");
    assert_eq!(before.kinds, ["call"]);
    assert_eq!(rows(&before), [("a", 1, "call")]);
    assert_eq!(before, interactions("id,day,kind\na,2024-01-02,call\n", "2024-02-01"));
    assert_eq!(interactions(text, END).kinds, ["CALL", "complaint"]);
}

#[test]
fn complaints_may_be_named() {
    let text = "id,day,kind\na,2024-01-02,Return Desk\na,2024-01-03,complaint\n";
    let input = read("complaint = [\"return desk\"]", text).unwrap();
    let whole = cut(&input, END);
    assert_eq!(whole.interactions.as_ref().unwrap().kinds, ["Return Desk", "complaint"]);
    assert_eq!(whole.interactions.as_ref().unwrap().complaint, [true, false]);
    assert!(!warned(&whole, "complaint_kind_absent"));
    let input = read("complaint = [\"return desk\", \"letter\"]", text).unwrap();
    assert!(warned(&cut(&input, END), "complaint_kind_absent"));
    let input = read("", "id,day,kind\na,2024-01-02,call\n").unwrap();
    assert!(!warned(&cut(&input, END), "complaint_kind_absent"), "the default asks for nothing");
}

#[test]
fn too_many_kinds_are_no_kinds_once_they_are_known() {
    let kinds: String = (0..51)
        .map(|n| format!("a,2024-{},note {n}\n", if n < 50 { "01-01" } else { "06-01" }))
        .collect();
    let input = read("", &format!("id,day,kind\n{kinds}")).unwrap();
    assert_eq!(cut(&input, "2024-05-31").interactions.unwrap().kinds.len(), 50);
    let error = input.until(as_of("2024-06-01")).unwrap_err();
    let text = error.to_string();
    for word in ["[interactions] kind", "`kind`", "more than 50 kinds", "`note 0`", "Name another"]
    {
        assert!(text.contains(word), "{text}");
    }
}

#[test]
fn far_too_many_spellings_end_the_reading() {
    let ids: String = (0..10_001).map(|n| format!("a,2024-01-01,{n}\n")).collect();
    let error = read("", &format!("id,day,kind\n{ids}")).unwrap_err();
    assert!(matches!(error, IngestError::TooManyKinds { .. }), "{error}");
}

#[test]
fn bad_rows_are_refused_each_for_its_reason() {
    let text = "id,day,kind\na,2024-01-02,call\n,2024-01-02,call\na,,call\na,soon,call\n\
                a,2024-01-02,\na,2024-01-02,null\na,2024-01-02\na,2024-01-05,call\n";
    let input = read("", text).unwrap();
    let expected = [
        (3, "customer_missing"),
        (4, "time_missing"),
        (5, "time_unreadable"),
        (6, "kind_missing"),
        (7, "kind_missing"),
        (8, "field_count"),
    ];
    assert_eq!(refused(&input, END), expected);
    let cut = cut(&input, END);
    assert!(warned(&cut, "interactions_rejects"));
    assert_eq!(cut.interactions.unwrap().day.len(), 2);
}

#[test]
fn a_column_of_times_in_another_format_is_refused_as_a_whole() {
    let text = "id,day,kind\na,02/01/2024,call\nb,03/01/2024,call\n";
    let error = read("", text).unwrap_err().to_string();
    for word in ["calls.csv", "column `day`", "a time", "`02/01/2024`", "line 2", "time_format"] {
        assert!(error.contains(word), "{error}");
    }
    let input = read("time_format = \"%d/%m/%Y\"", text).unwrap();
    assert_eq!(rows(&cut(&input, END).interactions.unwrap()), [("a", 1, "call"), ("b", 2, "call")]);
}

#[test]
fn strangers_are_told_of_where_a_customer_table_should_know_them() {
    let sections = "[interactions]\nfiles = [\"calls.csv\"]\ncustomer = \"id\"\ntime = \"day\"\n\
                    kind = \"kind\"\n[customers]\nfiles = [\"people.csv\"]\ncustomer = \"id\"";
    let text = |id: &str| format!("id,day,kind\na,2024-01-02,call\n{id},2024-01-02,call\n");
    let warned_of = |id: &str| {
        let files = [("calls.csv", text(id)), ("people.csv", "id\na\nknown\n".to_owned())];
        let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
        let input = with(sections, &files).unwrap();
        warned(&cut(&input, END), "interactions_unknown_customers")
    };
    assert!(warned_of("stranger"));
    assert!(!warned_of("known"));
    assert!(!warned_of("b"), "a buyer who is not in the table");
}
