//! Tables of campaigns that are wrong.

use crate::support::Shop;

fn with_campaign(text: &str, more: &str) -> Shop {
    let shop = Shop::new().append(&format!(
        "[campaign]\nfiles = [\"sent.csv\"]\ncustomer = \"id\"\nresponded = \"answer\"\n{more}"
    ));
    shop.write("sent.csv", text);
    shop
}

const FIGURES: &str = "unit_cost = 2.5\nunit_profit = 40";

#[test]
fn bad_rows_are_refused_row_by_row_and_told_of() {
    let text = "id,answer\nc001,có\nc002,không\nc003,maybe\nc004,\n,yes\nc005,1\n";
    let run = with_campaign(text, FIGURES).accepts();
    assert!(run.has_warning("campaign_rejects"));
    let reasons: Vec<_> = run.rejects().iter().map(|row| row[2].to_owned()).collect();
    assert_eq!(reasons, ["response_unreadable", "response_unreadable", "customer_missing"]);
    let inputs = run.manifest()["inputs"].clone();
    assert_eq!((&inputs[1]["table"], &inputs[1]["rows"]), (&"campaign".into(), &6.into()));
    assert_eq!(run.segments(), Shop::new().accepts().segments(), "nobody is known by it");
}

#[test]
fn a_column_that_is_no_response_is_refused() {
    let shop = with_campaign("id,answer\nc001,opened\nc002,clicked\n", FIGURES);
    shop.refuses(&["sent.csv", "column `answer`", "a response", "`opened`", "true or false"]);
}

#[test]
fn figures_that_are_none_are_refused() {
    let text = "id,answer\nc001,1\n";
    let shop = with_campaign(text, "unit_cost = 0\nunit_profit = 40");
    shop.refuses(&["[campaign] unit_cost = 0", "above 0", "Correct it"]);
    let shop = with_campaign(text, "unit_cost = 1\nunit_profit = -3.5");
    shop.refuses(&["[campaign] unit_profit = -3.5", "above 0"]);
    with_campaign(text, "unit_cost = 1").refuses(&["segtrail.toml", "unit_profit"]);
}

#[test]
fn columns_that_are_not_there_are_refused() {
    let shop = with_campaign("id,Answer\nc001,1\n", FIGURES);
    shop.refuses(&["sent.csv", "no column `answer`", "Did you mean `Answer`?", "[campaign]"]);
}

#[test]
fn a_campaign_of_strangers_or_of_later_is_told_of() {
    let run = with_campaign("id,answer\nC-1,1\nC-2,0\n", FIGURES).accepts();
    assert!(run.has_warning("campaign_unmatched"));
    let text = "id,answer,day\nc001,1,2024-07-01\n";
    let run = with_campaign(text, &format!("time = \"day\"\n{FIGURES}")).accepts();
    assert!(run.has_warning("campaign_empty"));
}
