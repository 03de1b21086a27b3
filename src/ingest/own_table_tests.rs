//! Tables as text -> what is read of them, or refused.

use super::*;

/// The table of `text`, written to a file.
fn read(text: &str, params: &OwnTableParams) -> Result<OwnTable, IngestError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.csv");
    std::fs::write(&path, text).unwrap();
    read_own_table(&path, params)
}

fn with_id() -> OwnTableParams {
    OwnTableParams { id: Some("id".into()), ..OwnTableParams::default() }
}

fn numbers<'a>(table: &'a OwnTable, name: &str) -> &'a [f64] {
    let column = table.features.iter().find(|column| column.name == name).unwrap();
    match &column.values {
        OwnValues::Numbers(values) => values,
        OwnValues::Categories(_) => panic!("`{name}` is text"),
    }
}

/// The message, and that it has all of `words`.
#[track_caller]
fn refused(text: &str, params: &OwnTableParams, words: &[&str]) {
    let message = read(text, params).unwrap_err().to_string();
    for word in words {
        assert!(message.contains(word), "`{word}` is not in: {message}");
    }
}

#[test]
fn rows_are_sorted_by_id_and_remember_their_place() {
    let table = read("id,x,w\nb,2,20\nc,3,30\na,1,10\n", &with_id()).unwrap();
    assert_eq!(numbers(&table, "x"), [1.0, 2.0, 3.0]);
    assert_eq!(numbers(&table, "w"), [10.0, 20.0, 30.0]);
    assert_eq!([0, 1, 2].map(|row| table.name(row)), ["a", "b", "c"]);
    assert_eq!(table.places(), Some(vec![1, 2, 0]), "b, c, a of the file");
    assert_eq!(table.ids().unwrap().get(0), "b", "ids stay in the order of the file");
    let sorted = read("id,x\na,1\nb,2\n", &with_id()).unwrap();
    assert_eq!((sorted.places(), sorted.name(1)), (None, "b".into()));
    let weights = OwnTableParams { weights: Some("w".into()), ..with_id() };
    let table = read("id,x,w\nb,2,20\na,1,10\n", &weights).unwrap();
    assert_eq!((table.weights, table.features.len()), (Some(vec![10.0, 20.0]), 1));
}

#[test]
fn without_an_id_rows_are_numbered() {
    let table = read("x,y\n5,1\n4,2\n", &OwnTableParams::default()).unwrap();
    assert_eq!((table.rows, table.name(1)), (2, "2".into()));
    assert_eq!((numbers(&table, "x"), table.places()), (&[5.0, 4.0][..], None));
}

#[test]
fn equal_ids_are_told_with_the_lines_of_both_rows() {
    // The note of line 2 goes on in line 3; 7.0 is 7.
    let text = "id,x,note\n1,1,\"two\nlines\"\n7,2,a\n2,3,b\n7.0,4,c\n";
    refused(text, &with_id(), &["lines 4 and 6", "`7`", "--id"]);
}

#[test]
fn what_counts_as_missing_is_nan() {
    let text = "id,x\na,\nb,NA\nc,null\nd,NaN\ne, 5 \n";
    let table = read(text, &with_id()).unwrap();
    let values = numbers(&table, "x");
    assert!(values[..4].iter().all(|value| value.is_nan()) && values[4] == 5.0);
}

#[test]
fn a_column_of_text_is_left_out_with_the_reason_and_one_bad_value_is_an_error() {
    let table = read("id,x,town,blank\na,1,Hue,\nb,2,Hanoi,\nc,3,7,\n", &with_id()).unwrap();
    let names: Vec<&str> = table.features.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["x"]);
    let reasons = [("town", "it holds text such as `Hue`"), ("blank", "no row has a value")];
    let expected: Vec<_> = reasons.map(|(name, why)| (name.to_owned(), why.to_owned())).into();
    assert_eq!(table.left_out, expected);
    let text = "id,x\na,1\nb,2\nc,1o\n";
    refused(text, &with_id(), &["line 4", "`x` = `1o`", "not a number", "--features"]);
    refused("id,x\na,1\nb,inf\n", &with_id(), &["line 3", "`x` = `inf`", "not finite"]);
    refused("id,x\na,1e999\nb,1\n", &with_id(), &["line 2", "not finite"]);
    refused("id,town\na,Hue\n", &with_id(), &["no column of numbers", "`town`", "Hue"]);
    let unnamed = read(",x\n0,5\n1,6\n", &OwnTableParams::default()).unwrap();
    assert_eq!(unnamed.left_out, [(String::new(), "it has no name".into())]);
}

#[test]
fn a_named_column_of_text_is_a_category() {
    let named = |columns: &[&str]| OwnTableParams {
        features: Some(columns.iter().map(|&name| name.into()).collect()),
        ..with_id()
    };
    let text = "id,x,town\nc,1, Hue \nb,2,\na,3,Hanoi\n";
    let table = read(text, &named(&["town", "x"])).unwrap();
    let level = |text: &str| Some(Arc::<str>::from(text));
    assert_eq!(
        table.features[0].values,
        OwnValues::Categories(vec![level("Hanoi"), None, level("Hue")])
    );
    assert_eq!((numbers(&table, "x"), table.left_out.len()), (&[3.0, 2.0, 1.0][..], 0));
    let many: String = (0..51).map(|i| format!("c{i},{i},town {i}\n")).collect();
    let many = format!("id,x,town\n{many}");
    refused(&many, &named(&["town"]), &["`town`", "more than 50", "`town 0`", "--features"]);
    let mixed = read("id,kids\na,0\nb,1\nc,2+\n", &named(&["kids"])).unwrap();
    assert!(matches!(mixed.features[0].values, OwnValues::Categories(_)), "as in a run");
    assert_eq!(mixed.mixed, [("kids".into(), "line 4 has `2+`, which is no number".into())]);
    let coded = OwnTableParams { categories: vec!["x".into()], ..named(&["x"]) };
    let coded = read(text, &coded).unwrap();
    let levels = vec![level("3"), level("2"), level("1")];
    assert_eq!((&coded.features[0].values, coded.mixed.len()), (&OwnValues::Categories(levels), 0));
    refused(text, &named(&["Town"]), &["no column `Town`", "Did you mean `town`?", "--features"]);
    refused(text, &named(&["x", "x"]), &["`x` is named already"]);
    refused(text, &named(&["id"]), &["`id` is named already"]);
    refused("id,x\na,\nb,\n", &named(&["x"]), &["`x` has no value"]);
}

#[test]
fn ids_and_weights_must_be_there() {
    refused("id,x\na,1\n,2\n", &with_id(), &["line 3", "an id is missing"]);
    refused("key,x\na,1\n", &with_id(), &["no column `id`", "it has `key`, `x`", "--id"]);
    let weights = OwnTableParams { weights: Some("w".into()), ..with_id() };
    for weight in ["0", "-1", "", "heavy", "inf", "nan"] {
        refused(&format!("id,x,w\na,1,1\nb,2,{weight}\n"), &weights, &["line 3", "`w`", "above 0"]);
    }
    refused("id,x\n", &with_id(), &["no row"]);
    refused("id,x\na,1,2\nb,1\n", &with_id(), &["line 2", "as many fields"]);
    refused("id,x,x\na,1,2\n", &with_id(), &["2 columns named `x`"]);
}

#[test]
fn numbers_are_read_as_the_format_says() {
    let format = TextParams { decimal: ',', thousands: Some('.'), ..TextParams::default() };
    let params = OwnTableParams { format, ..with_id() };
    let table = read("id;x\na;1.234,5\nb;-7\n", &params).unwrap();
    assert_eq!(numbers(&table, "x"), [1234.5, -7.0]);
    refused("id;x\na;1,5\nb;2,5\n", &with_id(), &["no column of numbers", "`1,5`", "--decimal"]);
}
