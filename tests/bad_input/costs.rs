//! Columns of costs that are wrong or clash with the amounts.

use crate::support::{Shop, sales};

/// The shop's sales with a cost of 2 each, then `lines`.
fn with_costs(key: &str, lines: &str) -> Shop {
    let rows: String = sales()
        .iter()
        .map(|(customer, order, time, amount)| format!("{customer},{order},{time},{amount},2\n"))
        .collect();
    let shop = Shop::new().edit("amount = \"amount\"", &format!("amount = \"amount\"\n{key}"));
    shop.write("sales.csv", format!("customer,order,time,amount,cost\n{rows}{lines}"));
    shop
}

#[test]
fn rows_with_a_bad_cost_are_refused_one_by_one() {
    let lines = "c001,x1,2024-03-01,5,\nc001,x2,2024-03-01,5,two\nc001,x3,2024-03-01,5,inf\n\
                 c001,x4,2024-03-01,5,-2\nc001,x5,2024-03-01,5,1e300\n";
    let run = with_costs("cost = \"cost\"", lines).accepts();
    for reason in
        ["cost_missing", "cost_unreadable", "cost_not_finite", "cost_negative", "cost_too_large"]
    {
        assert_eq!(Shop::rejected(&run, reason), 1, "{reason}");
        assert!(run.stderr.contains(reason), "the console tells of it: {}", run.stderr);
    }
    assert_eq!(run.rows("rejected"), 5);
    assert_eq!(run.rejects().len(), 5);
    assert_eq!(run.rows("purchases"), sales().len() as u64);
}

#[test]
fn a_column_of_costs_does_no_harm_to_the_segments() {
    let run = with_costs("cost = \"cost\"", "").accepts();
    assert_eq!(run.segments(), Shop::new().accepts().segments());
    assert_eq!(run.manifest()["config"]["transactions"]["cost"], "cost");
}

#[test]
fn without_a_column_of_costs_the_configuration_stays_as_it_was() {
    let config = Shop::new().accepts().manifest()["config"].clone();
    for key in ["cost", "unit_cost"] {
        assert_eq!(config["transactions"].get(key), None, "{key}");
    }
    for section in ["wallet", "wallet_survey", "interactions", "campaign"] {
        assert_eq!(config.get(section), None, "{section}");
    }
}

#[test]
fn a_column_of_costs_that_is_not_there_is_refused() {
    let shop = with_costs("cost = \"Cost\"", "");
    shop.refuses(&["sales.csv", "no column `Cost`", "Did you mean `cost`?", "[transactions]"]);
}

#[test]
fn a_column_of_costs_that_is_no_number_is_refused_as_a_whole() {
    let shop = with_costs("cost = \"time\"", "");
    shop.refuses(&["sales.csv", "column `time`", "as a number", "`2024-", "name another column"]);
}

#[test]
fn a_cost_of_one_needs_a_quantity() {
    let shop = with_costs("unit_cost = \"cost\"", "");
    shop.refuses(&["[transactions]", "`unit_cost`", "`quantity`", "as `cost`"]);
}

#[test]
fn two_costs_are_refused() {
    let shop = with_costs("cost = \"cost\"\nunit_cost = \"cost\"", "");
    shop.refuses(&["[transactions]", "both `cost` and `unit_cost`", "Give one"]);
}

#[test]
fn costs_that_cannot_be_summed_exactly_are_refused() {
    let lines: String =
        (0..4).map(|n| format!("c001,x{n},2024-03-01,5,200000000000000\n")).collect();
    let words = ["costs add up to more than", "USD", "Check the cost column"];
    with_costs("cost = \"cost\"", &lines).refuses(&words);
}
