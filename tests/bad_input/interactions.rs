//! Tables of interactions that are wrong, or clash with the sales.

use crate::support::Shop;

fn with_interactions(text: &str, more: &str) -> Shop {
    let shop = Shop::new().append(&format!(
        "[interactions]\nfiles = [\"calls.csv\"]\ncustomer = \"id\"\ntime = \"day\"\n\
         kind = \"kind\"\n{more}"
    ));
    shop.write("calls.csv", text);
    shop
}

#[test]
fn who_was_in_touch_and_bought_nothing_is_a_prospect() {
    let text = "id,day,kind\nc001,2024-02-01,call\nasked,2024-02-01,call\nlater,2024-07-01,call\n";
    let run = with_interactions(text, "").accepts();
    assert_eq!(run.manifest()["customers"]["prospects"], 1, "`asked` alone");
    let table = run.table("assignments.parquet");
    let place = table.texts("customer_id").iter().position(|id| id.as_deref() == Some("asked"));
    assert_eq!(table.texts("group")[place.unwrap()].as_deref(), Some("prospect"));
    assert_eq!(run.buyers(), 40);
    let inputs = run.manifest()["inputs"].clone();
    assert_eq!((&inputs[1]["table"], &inputs[1]["rows"]), (&"interactions".into(), &3.into()));
}

#[test]
fn bad_rows_are_refused_row_by_row_and_told_of() {
    let text = "id,day,kind\nc001,2024-02-01,call\n,2024-02-01,call\nc001,soon,call\n\
                c001,2024-02-01,\nc002,2024-02-01,call\n";
    let run = with_interactions(text, "").accepts();
    assert!(run.has_warning("interactions_rejects"));
    let rejects = run.rejects();
    let found: Vec<_> = rejects.iter().map(|row| (&row[0], &row[1], &row[2])).collect();
    let expected = [
        ("calls.csv", "3", "customer_missing"),
        ("calls.csv", "4", "time_unreadable"),
        ("calls.csv", "5", "kind_missing"),
    ];
    assert_eq!(found, expected);
    assert_eq!(run.rows("rejected"), 0, "rows of the sales alone count there");
}

#[test]
fn a_column_of_notes_is_no_kind() {
    let notes: String = (0..60).map(|n| format!("c001,2024-02-01,said {n}\n")).collect();
    let shop = with_interactions(&format!("id,day,kind\n{notes}"), "");
    shop.refuses(&["[interactions] kind", "`kind`", "more than 50 kinds", "`said 0`", "Name"]);
}

#[test]
fn times_in_another_format_are_refused_as_a_whole() {
    let shop = with_interactions("id,day,kind\nc001,01/02/2024,call\n", "");
    shop.refuses(&["calls.csv", "column `day`", "a time", "`01/02/2024`", "time_format"]);
}

#[test]
fn columns_and_files_that_are_not_there_are_refused() {
    let shop = with_interactions("id,day,Kind\nc001,2024-02-01,call\n", "");
    shop.refuses(&["calls.csv", "no column `kind`", "Did you mean `Kind`?", "[interactions]"]);
    let shop = with_interactions("id\n", "").edit("calls.csv", "visits.csv");
    shop.refuses(&["[interactions] files", "`visits.csv`", "matches no file"]);
    with_interactions("", "").refuses(&["calls.csv", "is empty"]);
}

#[test]
fn ids_that_match_no_customer_are_told_of() {
    let run = with_interactions("id,day,kind\nC-001,2024-02-01,call\n", "").accepts();
    assert!(run.has_warning("interactions_unmatched"));
    assert!(run.stderr.contains("no customer of [interactions]"), "{}", run.stderr);
}

#[test]
fn unknown_keys_and_formats_that_clash_are_refused() {
    let text = "id,day,kind\nc001,2024-02-01,call\n";
    with_interactions(text, "complaints = [\"x\"]").refuses(&["segtrail.toml", "complaints"]);
    let shop = with_interactions(text, "[interactions.format]\ndecimal = \";\"");
    shop.refuses(&["[interactions]", "format.decimal"]);
}
