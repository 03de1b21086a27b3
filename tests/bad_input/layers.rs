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

const LAYERS: &str = "[cluster.layers]\nmin_customers = 5\n";

/// One layer after the section.
fn layer(lines: &str) -> Shop {
    Shop::new().append(&format!("{LAYERS}[[cluster.layers.layer]]\n{lines}"))
}

#[test]
fn layers_that_cannot_be_are_refused() {
    let value = "name = \"value\"\nfeatures = \"value\"";
    for (lines, words) in [
        ("name = \"a b\"\nfeatures = \"value\"", ["a b", "letters"]),
        ("name = \"\"\nfeatures = \"value\"", ["name", "letters"]),
        ("name = \"v\"\nfeatures = []", ["layer `v`", "at least one"]),
        ("name = \"v\"\nfeatures = [\"loyalty\"]", ["layer `v`", "`loyalty`"]),
        ("name = \"v\"\nfeatures = \"wallet\"", ["layer `v`", "family `wallet`"]),
        ("name = \"v\"\nfeatures = \"attributes\"", ["layer `v`", "family `attributes`"]),
        ("name = \"v\"\nfeatures = \"value\"\nstages = []", ["`v`", "stages"]),
        ("name = \"v\"\nfeatures = \"value\"\nstages = [\"prospect\"]", ["`v`", "stages"]),
    ] {
        layer(lines).refuses(&words);
    }
    for (lines, words) in [
        ("name = \"v\"\nfeatures = \"loyalty\"", ["`loyalty`", "value, activity, wallet"]),
        ("name = \"v\"\nfeatures = \"value\"\nstages = [\"churned\"]", ["churned", "at_risk"]),
        ("name = \"v\"", ["features", "missing"]),
        ("features = \"value\"", ["name", "missing"]),
        ("name = \"v\"\nfeatures = \"value\"\nk = \"1..3\"", ["1..3", "at least 2"]),
        ("name = \"v\"\nfeatures = \"value\"\nweight = 2", ["weight", "unknown field"]),
    ] {
        layer(lines).refuses(&["segtrail.toml", words[0], words[1]]);
    }
    let twice = format!("{value}\n[[cluster.layers.layer]]\n{value}");
    layer(&twice).refuses(&["two layers", "`value`"]);
    Shop::new().append("[cluster.layers]\nlayer = []").refuses(&["0 layers", "give 1 to 8"]);
    Shop::new().append("[cluster.layers]\nmin_customers = 0").refuses(&["min_customers = 0"]);
    let bounded = Shop::new().edit("[cluster]", "[cluster]\nmin_customers = 5");
    bounded
        .append(&format!("{LAYERS}[[cluster.layers.layer]]\n{value}"))
        .refuses(&["with [cluster.layers]", "micro-segments have [cluster.layers] min_customers"]);
    let each = "[features.each.loyalty]\nscale = \"robust\"";
    layer(&format!("{value}\n{each}")).refuses(&["loyalty", "of `use` and of layers"]);
    let each = "[features.each.clv]\nscale = \"robust\"";
    layer(&format!("{value}\n{each}")).accepts();
}
