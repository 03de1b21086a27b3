//! Parquet files that are broken or hold other types than those asked for.

use polars::prelude::*;

use crate::support::{Shop, parquet, sales};

fn texts(name: &str, pick: impl Fn(&(String, String, String, String)) -> String) -> Column {
    let values: Vec<String> = sales().iter().map(pick).collect();
    Column::new(name.into(), values)
}

/// The shop's columns, all as text.
fn columns() -> Vec<Column> {
    vec![
        texts("customer", |row| row.0.clone()),
        texts("order", |row| row.1.clone()),
        texts("time", |row| row.2.clone()),
        texts("amount", |row| row.3.clone()),
    ]
}

/// The shop's columns with another in the place of the one of its name.
fn columns_with(column: Column) -> Vec<Column> {
    let mut columns = columns();
    let place = columns.iter().position(|known| known.name() == column.name());
    columns[place.expect("a column of the shop")] = column;
    columns
}

fn numbers() -> Vec<f64> {
    sales().iter().map(|row| row.3.parse().unwrap()).collect()
}

fn with_bytes(bytes: &[u8]) -> Shop {
    let shop = Shop::new().edit("sales.csv", "sales.parquet");
    shop.write("sales.parquet", bytes);
    shop
}

#[test]
fn text_that_reads_as_numbers_and_dates_is_as_good_as_csv() {
    let run = Shop::of_parquet(columns()).accepts();
    assert_eq!(run.rows("rejected"), 0);
    assert_eq!(run.segments(), Shop::new().accepts().segments());
}

#[test]
fn an_amount_of_words_is_refused() {
    let words = texts("amount", |row| format!("{} dollars", row.3));
    Shop::of_parquet(columns_with(words)).refuses(&[
        "sales.parquet",
        "column `amount`",
        "as a number",
        "dollars`",
        "name another column",
    ]);
}

#[test]
fn an_amount_that_is_a_list_is_refused_with_its_type() {
    let lists: Vec<Series> =
        numbers().iter().map(|number| Series::new("item".into(), [*number, 1.0])).collect();
    let shop = Shop::of_parquet(columns_with(Column::new("amount".into(), lists)));
    shop.refuses(&["sales.parquet", "column `amount`", "List", "Name another column"]);
}

#[test]
fn an_amount_that_is_a_date_is_refused() {
    let days = Column::new("amount".into(), vec![19_800; sales().len()]);
    let days = days.cast(&DataType::Date).unwrap();
    let shop = Shop::of_parquet(columns_with(days));
    shop.refuses(&["sales.parquet", "column `amount`", "as a number", "2024-"]);
}

#[test]
fn a_time_that_is_a_number_is_refused_unless_a_format_reads_it() {
    let packed: Vec<i64> =
        sales().iter().map(|row| row.2.replace('-', "").parse().unwrap()).collect();
    let shop = Shop::of_parquet(columns_with(Column::new("time".into(), packed)));
    shop.refuses(&["sales.parquet", "column `time`", "as a time", "`2024", "time_format"]);
    let shop = shop.edit("amount = ", "time_format = \"%Y%m%d\"\namount = ");
    assert_eq!(shop.accepts().segments(), Shop::new().accepts().segments());
}

#[test]
fn a_time_that_is_a_truth_value_is_refused() {
    let flags = Column::new("time".into(), vec![true; sales().len()]);
    let shop = Shop::of_parquet(columns_with(flags));
    shop.refuses(&["sales.parquet", "column `time`", "Boolean", "Name another column"]);
}

#[test]
fn amounts_that_are_not_finite_are_refused_row_by_row() {
    let mut values = numbers();
    values[0] = f64::NAN;
    values[1] = f64::INFINITY;
    values[2] = f64::NEG_INFINITY;
    let run = Shop::of_parquet(columns_with(Column::new("amount".into(), values))).accepts();
    assert_eq!(Shop::rejected(&run, "amount_not_finite"), 3);
}

#[test]
fn empty_ids_and_amounts_are_refused_row_by_row() {
    let mut ids: Vec<Option<f64>> = (0..sales().len()).map(|n| Some((n % 40) as f64)).collect();
    ids[0] = None;
    ids[1] = Some(f64::NAN);
    let mut shop = columns_with(Column::new("customer".into(), ids));
    let mut amounts: Vec<Option<f64>> = numbers().into_iter().map(Some).collect();
    amounts[2] = None;
    shop[3] = Column::new("amount".into(), amounts);
    let run = Shop::of_parquet(shop).accepts();
    assert_eq!(Shop::rejected(&run, "customer_missing"), 2);
    assert_eq!(Shop::rejected(&run, "amount_missing"), 1);
    assert!(run.segments().contains_key("7"), "7.0 is 7");
}

#[test]
fn whole_numbers_beyond_63_bits_are_no_panic() {
    let large = Column::new("customer".into(), vec![u64::MAX; sales().len()]);
    let run = Shop::of_parquet(columns_with(large)).edit("k = 3", "k = 1").accepts();
    assert!(run.segments().contains_key("18446744073709551615"));
}

#[test]
fn a_file_without_rows_is_refused() {
    let empty = columns().iter().map(|column| column.clear()).collect();
    Shop::of_parquet(empty).refuses(&["no row is left of 0 read", "Check the columns"]);
}

#[test]
fn a_missing_column_is_named_with_those_that_are_there() {
    let three = columns().into_iter().take(3).collect();
    let shop = Shop::of_parquet(three);
    shop.refuses(&["sales.parquet", "no column `amount`", "`customer`, `order`, `time`"]);
}

#[test]
fn a_file_cut_off_is_refused() {
    let whole = parquet(columns());
    for end in [4, 8, 100, whole.len() / 2, whole.len() - 1, whole.len() - 8] {
        let words = ["sales.parquet", "not a readable Parquet file", "Export it again"];
        with_bytes(&whole[..end]).refuses(&words);
    }
}

#[test]
fn bytes_flipped_in_the_footer_are_refused_or_harmless() {
    let whole = parquet(columns());
    let length = u32::from_le_bytes(whole[whole.len() - 8..][..4].try_into().unwrap()) as usize;
    let start = whole.len() - 8 - length;
    for offset in (0..length).step_by(length.div_ceil(24)) {
        no_panic_with_flipped(&whole, start + offset);
    }
}

#[test]
fn bytes_flipped_in_the_middle_are_refused_or_harmless() {
    let whole = parquet(columns());
    for offset in (4..whole.len() * 3 / 4).step_by(whole.len() / 32) {
        no_panic_with_flipped(&whole, offset);
    }
}

fn no_panic_with_flipped(whole: &[u8], offset: usize) {
    let mut bytes = whole.to_vec();
    bytes[offset] ^= 0xff;
    let shop = with_bytes(&bytes);
    let outcome = shop.run("2024-06-30");
    assert!(matches!(outcome.code, Some(0 | 1)), "byte {offset}\n{}", outcome.all());
    if outcome.code == Some(1) {
        outcome.fails(1, &["sales.parquet"]);
        shop.left_nothing();
    }
}

#[test]
fn a_page_of_zeros_is_refused() {
    let mut bytes = parquet(columns());
    let middle = 4..bytes.len() / 3;
    bytes[middle].fill(0);
    with_bytes(&bytes).refuses(&["sales.parquet", "not a readable Parquet file", "Export it"]);
}
