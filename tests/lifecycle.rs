//! The stages of a shop's customers, each made by hand, through a whole run.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;

use crate::support::Shop;

const AS_OF: Date = Date::constant(2024, 6, 30);

/// Customers by name: days before the date on which they bought, and their stage.
///
/// Mean gaps of those with two days or more: 40, 20, 30, 60, 10, 87 and 200 days; their median of
/// 40 stands for the one-time buyers, who are thus at risk after 80 days and lapsed after 180.
const CUSTOMERS: [(&str, &[i64], &str); 11] = [
    ("new_today", &[0], "new"),
    ("new_last_day", &[60, 20], "new"),
    ("one_time_active", &[61], "active"),
    ("one_time_at_risk", &[81], "at_risk"),
    ("one_time_lapsed", &[181], "lapsed"),
    ("often_active", &[100, 80, 60], "active"),
    ("often_at_risk", &[121, 91, 61], "at_risk"),
    ("seldom_active", &[240, 180, 120], "active"),
    ("often_lapsed", &[201, 191, 181], "lapsed"),
    ("back", &[262, 202, 182, 182, 0, 0], "reactivated"),
    ("seldom_at_risk", &[801, 601, 401], "at_risk"),
];

fn shop() -> Shop {
    let mut sales = Vec::new();
    for (name, days, _) in CUSTOMERS {
        for (order, ago) in days.iter().enumerate() {
            let day = AS_OF.checked_sub(ago.days()).unwrap();
            sales.push((name.into(), format!("{name}{order}"), day.to_string(), "10.00".into()));
        }
    }
    let shop = Shop::selling(&sales)
        .append("[customers]\nfiles = [\"customers.csv\"]\ncustomer = \"id\"\nattributes = []");
    shop.write("customers.csv", "id\nknown_alone\nback\n");
    shop
}

fn stages(shop: &Shop) -> (BTreeMap<String, String>, serde_json::Value) {
    let run = shop.accepts();
    let table = run.table("features.parquet");
    let customers = table.texts("customer_id").into_iter().map(Option::unwrap);
    let stages = table.texts("lifecycle_stage").into_iter().map(Option::unwrap);
    (customers.zip(stages).collect(), run.manifest()["lifecycle"].clone())
}

#[test]
fn every_customer_has_the_stage_that_the_rules_give() {
    let (found, record) = stages(&shop());
    let mut expected: BTreeMap<String, String> =
        CUSTOMERS.iter().map(|(name, _, stage)| ((*name).into(), (*stage).into())).collect();
    expected.insert("known_alone".into(), "prospect".into());
    assert_eq!(found, expected);
    assert_eq!(record["rules"]["population_gap_days"], 40.0);
    let counts = serde_json::json!({
        "prospect": 1, "new": 2, "active": 3, "at_risk": 3, "lapsed": 2, "reactivated": 1
    });
    assert_eq!(record["customers"], counts);
}

#[test]
fn the_rules_are_configurable() {
    let shop = shop().append(
        "[lifecycle]\nnew_within = \"0 days\"\nat_risk_gaps = 0.0\nlapsed_gaps = 0.0\n\
         at_risk_after = \"2 months\"\nlapsed_after = \"1 year\"\nreactivated_within = \"1 week\"",
    );
    let (found, record) = stages(&shop);
    for (name, stage) in [
        ("new_today", "new"),
        ("new_last_day", "active"),
        ("one_time_lapsed", "at_risk"),
        ("seldom_active", "at_risk"),
        ("seldom_at_risk", "lapsed"),
        ("back", "active"),
    ] {
        assert_eq!(found[name], stage, "{name}");
    }
    assert_eq!(record["rules"]["lapsed_after_days"], 365.0);
    assert_eq!(record["rules"]["reactivated_within_days"], 7.0);
}

#[test]
fn the_features_behind_it_by_hand() {
    let run = shop().accepts();
    let (gap, rows) = (run.feature("last_gap_days"), run.feature("rows_per_order"));
    assert_eq!(gap["back"], Some(182.0), "two purchases of one day are one purchase day");
    assert_eq!(gap["seldom_active"], Some(60.0));
    assert_eq!(gap["one_time_active"], None);
    assert_eq!(rows["back"], Some(1.0));
    let more = "new_today,new_today0,2024-06-30,1\nnew_today,new_today1,2024-06-30,1\n";
    let shop = shop();
    let sales = std::fs::read_to_string(shop.path("sales.csv")).unwrap();
    shop.write("sales.csv", sales + more);
    assert_eq!(shop.accepts().feature("rows_per_order")["new_today"], Some(1.5));
}
