//! Rows that cannot be used: refused, counted by reason, kept in `rejects.csv`; the others count.

use crate::support::{Shop, StoredRun, csv, sales};

/// Of the shop's sales and `lines`, the run refuses exactly `lines` for `reason`.
fn refused(lines: &str, reason: &str) -> StoredRun {
    refused_by(Shop::with_lines(lines), lines, reason)
}

fn refused_by(shop: Shop, lines: &str, reason: &str) -> StoredRun {
    let count = lines.lines().count() as u64;
    let run = shop.accepts();
    assert_eq!(Shop::rejected(&run, reason), count, "{:?}", run.manifest()["rows"]);
    assert_eq!(run.rows("rejected"), count);
    assert_eq!(run.rows("purchases"), sales().len() as u64);
    let rejects = run.rejects();
    assert_eq!(rejects.len() as u64, count);
    let first_line = sales().len() + 2;
    for (record, (offset, line)) in rejects.iter().zip(lines.lines().enumerate()) {
        let fields: Vec<&str> = record.iter().collect();
        assert!(fields.contains(&"sales.csv"), "{fields:?}");
        assert!(fields.contains(&(first_line + offset).to_string().as_str()), "{fields:?}");
        assert!(fields.contains(&reason), "{fields:?}");
        assert!(fields.contains(&line), "{fields:?}");
    }
    assert!(run.stderr.contains(reason), "the console tells of it: {}", run.stderr);
    run
}

#[test]
fn amounts_that_are_not_finite_are_refused() {
    let lines = "c001,x1,2024-03-01,NaN\nc001,x2,2024-03-01,inf\nc001,x3,2024-03-01,-inf\n\
                 c001,x4,2024-03-01,1e400\nc001,x5,2024-03-01,Infinity\n";
    refused(lines, "amount_not_finite");
}

#[test]
fn amounts_too_large_to_be_summed_are_refused() {
    refused("c001,x1,2024-03-01,1e300\nc001,x2,2024-03-01,-9e18\n", "amount_too_large");
}

#[test]
fn amounts_that_are_no_numbers_are_refused() {
    refused("c001,x1,2024-03-01,five\nc001,x2,2024-03-01,1.2.3\n", "amount_unreadable");
}

#[test]
fn missing_amounts_are_refused() {
    refused(
        "c001,x1,2024-03-01,\nc001,x2,2024-03-01,  \nc001,x3,2024-03-01,NULL\n",
        "amount_missing",
    );
}

#[test]
fn missing_and_blank_ids_are_refused() {
    let lines =
        ",x1,2024-03-01,5\n   ,x2,2024-03-01,5\nnull,x3,2024-03-01,5\nNaN,x4,2024-03-01,5\n";
    refused(lines, "customer_missing");
}

#[test]
fn amounts_of_zero_are_refused_unless_kept() {
    let lines = "c001,x1,2024-03-01,0\nc001,x2,2024-03-01,0.00\n";
    refused(lines, "amount_zero");
    let kept = Shop::with_lines(lines).append("[transactions.policy]\nzero = \"keep\"").accepts();
    assert_eq!(kept.rows("rejected"), 0);
    assert_eq!(kept.rows("purchases"), sales().len() as u64 + 2);
}

#[test]
fn rows_with_too_few_or_too_many_fields_are_refused() {
    refused("c001,x1\nc001,x2,2024-03-01,5,6\n", "field_count");
}

#[test]
fn a_file_whose_rows_mostly_have_other_fields_than_the_header_is_refused() {
    let shop = Shop::new();
    shop.write("sales.csv", csv(&sales()).replace(".25\n", ",25\n"));
    shop.refuses(&["sales.csv", "header's 4 fields", "line 2", "delimiter"]);
}

#[test]
fn invalid_utf_8_in_a_needed_column_refuses_the_row() {
    let shop = Shop::new();
    let mut bytes = csv(&sales()).into_bytes();
    bytes.extend_from_slice(b"caf\xe9,x1,2024-03-01,5\nc001,x2,2024-03-01,5\xff\n");
    shop.write("sales.csv", bytes);
    let run = shop.accepts();
    assert_eq!(Shop::rejected(&run, "invalid_utf8"), 2);
    assert_eq!(run.rejects().len(), 2);
    assert!(run.rejects()[0].iter().any(|field| field.contains("caf\u{fffd}")));
}

#[test]
fn invalid_utf_8_in_a_column_that_nobody_needs_does_no_harm() {
    let shop = Shop::new();
    let mut bytes = Vec::new();
    for (number, line) in csv(&sales()).lines().enumerate() {
        bytes.extend_from_slice(line.as_bytes());
        bytes.extend_from_slice(if number == 0 { b",note\n" } else { b",caf\xe9\n" });
    }
    shop.write("sales.csv", bytes);
    let run = shop.accepts();
    assert_eq!(run.rows("rejected"), 0);
    assert_eq!(run.segments(), Shop::new().accepts().segments());
}

#[test]
fn a_decimal_comma_is_refused_unless_configured() {
    let shop = Shop::new();
    shop.write("sales.csv", csv(&sales()).replace(',', ";").replace(".25", ",25"));
    shop.refuses(&["sales.csv", "column `amount`", "as a number", ",25`", "line 2", "decimal"]);
    let run = shop.append("[transactions.format]\ndecimal = \",\"").accepts();
    assert_eq!(run.rows("rejected"), 0);
    assert_eq!(run.segments(), Shop::new().accepts().segments());
}

#[test]
fn a_mark_between_thousands_is_never_guessed() {
    let lines = "c001,x1,2024-03-01,\"1,234.25\"\n";
    let shop = Shop::with_lines(lines);
    assert_eq!(Shop::rejected(&shop.accepts(), "amount_unreadable"), 1);
    let shop = Shop::with_lines(lines).append("[transactions.format]\nthousands = \",\"");
    assert_eq!(shop.accepts().rows("rejected"), 0);
}

#[test]
fn ids_written_as_decimals_are_the_same_customers() {
    let shop = Shop::new();
    let numbered = csv(&sales()).replace("\nc", "\n13");
    shop.write("sales.csv", numbered + "13001.0,x1,2024-03-01,5\n13777.0,x2,2024-03-02,6\n");
    let run = shop.accepts();
    assert_eq!(run.rows("ids_normalised"), 2);
    assert!(run.has_warning("ids_normalised"));
    let orders = run.feature("n_orders");
    assert_eq!(orders["13001"], Some(3.0), "two of the shop and the one more");
    assert_eq!(orders["13777"], Some(1.0));
    assert!(!orders.contains_key("13001.0"));
}

#[test]
fn ids_stay_as_written_where_the_configuration_says_so() {
    let shop = Shop::with_lines("7.0,x1,2024-03-01,5\n7,x2,2024-03-02,6\n")
        .append("[transactions.format]\ncustomer_id = \"text\"");
    let orders = shop.accepts().feature("n_orders");
    assert_eq!((orders["7.0"], orders["7"]), (Some(1.0), Some(1.0)));
}

#[test]
fn ids_of_other_scripts_with_commas_and_quotes_are_kept_whole() {
    let run = Shop::with_lines(
        "\"Nguyễn Thị Ánh, \"\"Út\"\"\",x1,2024-03-01,5\n顧客七,x2,2024-03-02,6\n",
    )
    .accepts();
    assert!(run.segments().contains_key("Nguyễn Thị Ánh, \"Út\""));
    assert!(run.segments().contains_key("顧客七"));
}

#[test]
fn an_order_in_two_files_counts_once() {
    let shop = Shop::new().edit("[\"sales.csv\"]", "[\"sales.csv\", \"more/*.csv\"]");
    std::fs::create_dir(shop.path("more")).unwrap();
    shop.write("more/april.csv", "customer,order,time,amount\nc001,1-0,2024-01-04,5\n");
    let (run, plain) = (shop.accepts(), Shop::new().accepts());
    assert_eq!(run.rows("purchases"), plain.rows("purchases") + 1);
    assert_eq!(run.feature("n_orders"), plain.feature("n_orders"), "the order id is the same");
}

#[test]
fn exact_duplicates_are_dropped_across_files_where_the_policy_says_so() {
    let text = csv(&sales());
    let shop = Shop::new()
        .edit("[\"sales.csv\"]", "[\"sales.csv\", \"again.csv\"]")
        .append("[transactions.policy]\nduplicates = \"drop\"");
    shop.write("again.csv", &text);
    let run = shop.accepts();
    assert_eq!(Shop::rejected(&run, "duplicate"), sales().len() as u64);
    assert_eq!(run.segments(), Shop::new().accepts().segments());
}

#[test]
fn when_every_row_is_refused_the_reasons_are_told() {
    let shop = Shop::new();
    shop.write("sales.csv", csv(&sales()).replace("\nc", "\n,c"));
    shop.refuses(&["sales.csv", "fields"]);
    let nobody: String = (0..40).map(|n| format!(",{n},2024-03-01,5\n")).collect();
    shop.write("sales.csv", format!("customer,order,time,amount\n{nobody}"));
    shop.refuses(&["no row is left of 40 read", "40 customer_missing", "Check the columns"]);
}

#[test]
fn when_all_rows_are_cancellations_nothing_is_left() {
    let shop = Shop::new().append(
        "[transactions.policy]\nreturns = \"exclude\"\n\
         cancellation = { column = \"order\", matches = \"^[0-9]\" }",
    );
    let rows = sales().len();
    shop.refuses(&[&format!("{rows} cancellation"), "Check the columns and policies"]);
}

#[test]
fn returns_alone_are_no_purchases() {
    let shop = Shop::new();
    let back: String = sales()
        .iter()
        .map(|(customer, order, time, amount)| format!("{customer},{order},{time},-{amount}\n"))
        .collect();
    shop.write("sales.csv", format!("customer,order,time,amount\n{back}"));
    shop.refuses(&["no row is left", "Check the columns and policies"]);
}

#[test]
fn totals_below_zero_are_kept_and_not_made_positive() {
    let returned: String =
        (1..=40).map(|n| format!("c{n:03},back-{n},2024-06-20,-1000\n")).collect();
    let run = Shop::with_lines(&returned).accepts();
    let totals = run.feature("monetary_total");
    assert!(totals.values().all(|total| total.unwrap() < 0.0), "{totals:?}");
    let segments = run.json("segments.json");
    for segment in segments["segments"].as_array().unwrap() {
        assert!(segment["profile"]["share_of_revenue"].is_null(), "no share of a negative total");
    }
    let sum: f64 = totals.values().flatten().sum();
    assert!((run.manifest()["revenue"].as_f64().unwrap() - sum).abs() < 0.005);
}

#[test]
fn amounts_that_cannot_be_summed_exactly_are_refused() {
    let lines: String = (0..4).map(|n| format!("c001,x{n},2024-03-01,200000000000000\n")).collect();
    Shop::with_lines(&lines).refuses(&["add up to more than", "USD", "Check the amount column"]);
}
