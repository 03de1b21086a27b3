//! Configurations with unknown keys, clashing keys, or values outside their range.

use crate::support::Shop;

fn with_policy(lines: &str) -> Shop {
    Shop::new().append(&format!("[transactions.policy]\n{lines}"))
}

#[test]
fn a_configuration_that_is_not_there_is_refused() {
    let shop = Shop::new();
    let outcome = shop.command(&["run", "shop.toml", "--as-of", "2024-06-30"]);
    outcome.fails(1, &["shop.toml", "No such file"]);
    shop.left_nothing();
}

#[test]
fn a_folder_as_configuration_is_refused() {
    let shop = Shop::new();
    shop.command(&["run", ".", "--as-of", "2024-06-30"]).fails(1, &["Is a directory"]);
    shop.left_nothing();
}

#[test]
fn a_syntax_error_is_refused_with_its_line() {
    let shop = Shop::new().edit("k = 3", "k = = 3");
    shop.refuses(&["segtrail.toml", &format!("line {}", shop.line_of("k = = 3"))]);
}

#[test]
fn a_configuration_that_is_not_utf_8_is_refused() {
    let shop = Shop::new();
    shop.write("segtrail.toml", b"name = \"caf\xe9\"\n");
    shop.refuses(&["segtrail.toml", "UTF-8"]);
}

#[test]
fn an_empty_configuration_is_refused_with_what_it_lacks() {
    let shop = Shop::new();
    shop.write("segtrail.toml", "");
    shop.refuses(&["segtrail.toml", "name"]);
}

#[test]
fn unknown_keys_are_refused_with_their_line_in_every_section() {
    for (section, key) in [
        ("name = \"shop\"", "colour = 1"),
        ("[transactions]", "file = \"x\""),
        ("[features]", "used = []"),
        ("[cluster]", "clusters = 4"),
    ] {
        let shop = Shop::new().edit(section, &format!("{section}\n{key}"));
        let name = key.split(' ').next().unwrap();
        shop.refuses(&["segtrail.toml", &format!("line {}", shop.line_of(key)), name]);
    }
}

#[test]
fn a_limit_of_drift_that_is_no_count_of_spreads_is_refused() {
    for value in ["0.0", "-0.5", "1000.5", "nan"] {
        let shop = Shop::new().append(&format!("[label]\noverride_drift = {value}"));
        shop.refuses(&["segtrail.toml", "[label] override_drift", "above 0 and at most 1000"]);
    }
}

#[test]
fn unknown_keys_of_optional_sections_are_refused() {
    for (section, key) in [
        ("transactions.policy", "return = \"net\""),
        ("transactions.gates", "buyers = 3"),
        ("transactions.format", "separator = \";\""),
        ("features.scores", "bins = 4"),
        ("features.clv", "rate = 0.1"),
        ("features.each.n_orders", "transformation = \"none\""),
        ("label", "taxonomy = \"rfm\""),
        ("track", "jacard = 0.3"),
        ("clustering", "k = 3"),
    ] {
        let shop = Shop::new().append(&format!("[{section}]\n{key}"));
        shop.refuses(&["segtrail.toml", "line "]);
    }
}

#[test]
fn a_value_of_another_type_is_refused_with_its_line() {
    for (from, to) in [
        ("restarts = 2", "restarts = \"two\""),
        ("customer = \"customer\"", "customer = 5"),
        ("files = [\"sales.csv\"]", "files = 7"),
        ("k = 3", "k = 2.5"),
        ("bootstrap = 0", "bootstrap = -1"),
    ] {
        let shop = Shop::new().edit(from, to);
        shop.refuses(&["segtrail.toml", &format!("line {}", shop.line_of(to))]);
    }
}

#[test]
fn bounds_on_the_size_that_cannot_be_kept_are_refused() {
    for (lines, words) in [
        ("min_customers = 0", ["min_customers = 0", "at least 1"]),
        ("min_customers = \"half\"", ["min_customers = \"half\"", "\"2 %\""]),
        ("min_customers = \"100 %\"", ["min_customers = \"100 %\"", "below 100 %"]),
        ("min_customers = 1000", ["cannot be put into segments of 1000", "min_customers"]),
        ("max_share = 0.0", ["max_share = 0", "above 0"]),
        ("max_share = 0.1\nbounds = \"assign\"", ["k = 3 cannot keep the bounds", "max_share"]),
        ("bounds = \"assign\"", ["[cluster] bounds = assign", "no bound to keep"]),
        ("min_customers = 2\nbounds = \"cut\"", ["unknown variant `cut`", "`assign`"]),
    ] {
        Shop::new().edit("[cluster]", &format!("[cluster]\n{lines}")).refuses(&words);
    }
}

#[test]
fn stability_that_cannot_be_measured_is_refused() {
    for (line, words) in [
        ("scheme = \"jackknife\"", ["unknown variant `jackknife`", "`subset`"]),
        ("customers = 1", ["customers = 1", "at least 2"]),
        ("customers = \"some\"", ["customers = \"some\"", "\"all\""]),
        ("repeats = \"twice\"", ["unknown variant `twice`", "`weighted`"]),
        ("subset_share = 1.0", ["subset_share = 1", "below 1"]),
        ("subset_share = 0.0", ["subset_share = 0", "above 0"]),
        ("share = 0.5", ["unknown field `share`", "`subset_share`"]),
    ] {
        let shop = Shop::new().append(&format!("[cluster.stability]\n{line}"));
        shop.refuses(&words);
    }
}

#[test]
fn a_needed_key_that_is_missing_is_named() {
    for key in ["files", "customer", "time"] {
        let line = format!("{key} = ");
        let shop = Shop::new().edit(&line, &format!("# {key} = "));
        shop.refuses(&["segtrail.toml", &format!("`{key}`")]);
    }
}

#[test]
fn a_series_name_that_would_leave_the_store_is_refused() {
    for name in ["../elsewhere", "a/b", "..", ".", "", ".hidden", "a\\\\b", "a\\u0000b"] {
        let shop = Shop::new().edit("name = \"shop\"", &format!("name = \"{name}\""));
        shop.refuses(&["name"]);
        assert!(!shop.path("elsewhere").exists());
    }
}

#[test]
fn the_amount_must_be_given_one_way() {
    let words = ["[transactions]", "`amount`", "`quantity`", "`unit_price`", "Give one"];
    Shop::new().edit("amount = \"amount\"", "").refuses(&words);
    let both = "amount = \"amount\"\nquantity = \"amount\"\nunit_price = \"amount\"";
    Shop::new().edit("amount = \"amount\"", both).refuses(&words);
    Shop::new().edit("amount = \"amount\"", "quantity = \"amount\"").refuses(&words);
}

#[test]
fn a_column_that_is_missing_is_refused_with_a_hint_on_case() {
    Shop::new().edit("\"customer\"", "\"Customer\"").refuses(&[
        "sales.csv",
        "no column `Customer`",
        "`customer`, `order`, `time`, `amount`",
        "Did you mean `customer`?",
        "[transactions]",
    ]);
}

#[test]
fn a_needed_column_that_stands_twice_is_refused() {
    let shop = Shop::new();
    shop.write("sales.csv", "customer,order,time,amount,amount\nc1,1,2024-01-01,5,6\n");
    shop.refuses(&["sales.csv", "2 columns named `amount`", "Rename one"]);
}

#[test]
fn another_column_that_stands_twice_does_no_harm() {
    let shop = Shop::new().edit("k = 3", "k = 1");
    let text = "customer,order,note,time,amount,note\nc1,1,a,2024-01-01,5,b\nc2,2,,2024-05-01,7,\n";
    shop.write("sales.csv", text);
    assert_eq!(shop.accepts().buyers(), 2);
}

#[test]
fn a_pattern_of_a_policy_that_is_no_regular_expression_is_refused() {
    let cancellation = "cancellation = { column = \"order\", matches = \"(C\" }";
    with_policy(cancellation).refuses(&["cancellation", "`(C`", "not a regular expression"]);
    let exclude = "exclude = [{ column = \"order\", matches = \"[z-a]\" }]";
    with_policy(exclude).refuses(&["exclude", "`[z-a]`", "not a regular expression"]);
}

#[test]
fn a_pattern_on_a_column_that_is_not_there_is_refused() {
    let exclude = "exclude = [{ column = \"article\", matches = \"^TEST\" }]";
    with_policy(exclude).refuses(&["sales.csv", "no column `article`"]);
}

#[test]
fn a_policy_that_does_not_exist_is_refused_with_those_that_do() {
    with_policy("returns = \"ignore\"").refuses(&["ignore", "net", "exclude", "separate"]);
    with_policy("duplicates = \"merge\"").refuses(&["merge", "keep", "drop"]);
}

#[test]
fn a_span_of_history_that_is_none_is_refused() {
    for span in ["two years", "0 days", "-3 months", "24months", "1001 years", "3 fortnights"] {
        let policy = format!("history = \"{span}\"");
        with_policy(&policy).refuses(&[span, "not a span of history", "24 months"]);
    }
}

#[test]
fn marks_of_numbers_that_clash_are_refused() {
    for (marks, word) in [
        ("decimal = \";\"", "decimal must be"),
        ("decimal = \",\"\nthousands = \",\"", "the same mark"),
        ("thousands = \"5\"", "thousands must be a mark"),
        ("delimiter = \"\\\"\"", "delimiter must be one ASCII"),
        ("delimiter = \";;\"", "delimiter"),
    ] {
        Shop::new().append(&format!("[transactions.format]\n{marks}")).refuses(&[word]);
    }
}

#[test]
fn a_gate_that_says_stop_ends_the_run_before_anything_is_stored() {
    let gate = |lines: &str| Shop::new().append(&format!("[transactions.gates]\n{lines}"));
    let shop = gate("customers = { at_least = 41, otherwise = \"stop\" }");
    shop.refuses(&["gate customers", "40 found", "at least 41", "Give more data"]);
    let shop = gate("history_days = { at_least = 400, otherwise = \"stop\" }");
    shop.refuses(&["gate history_days", "at least 400 needed"]);
    let shop = gate("repeat_buyers = { at_least = 39, otherwise = \"stop\" }");
    shop.refuses(&["gate repeat_buyers", "34 found", "at least 39 needed"]);
}

#[test]
fn a_gate_that_says_warn_lets_the_run_go_on() {
    let gate = "[transactions.gates]\ncustomers = { at_least = 41, otherwise = \"warn\" }";
    let run = Shop::new().append(gate).accepts();
    assert!(run.has_warning("gate_customers"));
    assert!(run.stderr.contains("40 customers with a purchase"), "{}", run.stderr);
}

#[test]
fn a_currency_is_any_code_of_three_capitals() {
    let with = |currency: &str| {
        let line = format!("name = \"shop\"\ncurrency = \"{currency}\"");
        Shop::new().edit("name = \"shop\"", &line)
    };
    for currency in ["GBP", "VND", "XBT"] {
        assert_eq!(with(currency).accepts().manifest()["currency"], currency);
    }
    for currency in ["points", "usd", "", "₫"] {
        with(currency).refuses(&["segtrail.toml", "currency", currency, "ISO 4217"]);
    }
}

#[test]
fn a_least_cell_outside_its_range_is_refused() {
    let with = |line: &str| Shop::new().append(&format!("[report]\n{line}"));
    with("min_cell = 0").refuses(&["[report] min_cell = 0", "from 1", "1000"]);
    with("min_cell = 1001").refuses(&["[report] min_cell = 1001", "10 is the default"]);
    with("min_cell = -3").refuses(&["segtrail.toml", "min_cell = -3"]);
    with("least = 5").refuses(&["least", "min_cell"]);
    // The default written out is the run that says nothing; another value is another run.
    let plain = Shop::new().accepts();
    assert_eq!(with("min_cell = 10").accepts().id(), plain.id());
    let other = with("min_cell = 25").accepts();
    assert_ne!(other.id(), plain.id());
    assert_eq!(other.json("personas.json")["min_cell"], 25);
}
