//! What the lifecycle and its layers cannot be asked for.

use crate::support::Shop;

#[test]
fn rules_of_the_lifecycle_out_of_their_range_are_refused() {
    for (line, words) in [
        ("at_risk_after = \"1 year\"", ["at_risk_after", "no longer than lapsed_after"]),
        ("at_risk_gaps = 5.0", ["at_risk_gaps", "no more than lapsed_gaps"]),
        ("lapsed_gaps = nan", ["lapsed_gaps", "from 0"]),
        ("lapsed_gaps = -1.0", ["lapsed_gaps", "from 0"]),
        ("new_within = \"101 years\"", ["new_within", "at most 100 years"]),
    ] {
        let words = [&["[lifecycle]"], words.as_slice()].concat();
        Shop::new().append(&format!("[lifecycle]\n{line}")).refuses(&words);
    }
    for (line, word) in [
        ("new_within = 60", "string"),
        ("new_within = \"60\"", "is not a duration"),
        ("lapsed_after = \"-1 days\"", "is not a duration"),
        ("churned_after = \"60 days\"", "unknown field"),
    ] {
        let shop = Shop::new().append(&format!("[lifecycle]\n{line}"));
        shop.refuses(&["segtrail.toml", word]);
    }
}

#[test]
fn an_attribute_may_not_have_the_name_of_the_stage() {
    let shop = Shop::new().append("[customers]\nfiles = [\"customers.csv\"]\ncustomer = \"id\"");
    shop.write("customers.csv", "id,lifecycle_stage\nc001,gold\n");
    shop.refuses(&["`lifecycle_stage`", "Rename the column"]);
}
