//! What changed in the input, from the files to the report: facts in the manifest, findings in the
//! comparison, warnings, the gate; Online Retail II without false alarms.

use serde_json::Value;

use crate::support::{
    Shop, StoredRun, csv, repository, run_in, sales, shared_folder, simulate, stored_runs,
};

const MONTHS: &str = "2024-05-31..2024-06-30";

/// The input drift of the last run.
fn found(shop: &Shop) -> Value {
    let run = stored_runs(&shop.models()).pop().unwrap();
    let text = std::fs::read_to_string(run.join("comparison.json")).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["drift"]["inputs"].clone()
}

/// Finding and gravity of each.
fn kinds(inputs: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let findings = inputs["findings"].as_array().unwrap().iter();
    findings.map(|finding| (text(&finding["finding"]), text(&finding["gravity"]))).collect()
}

/// One order a customer on a day of May and on one of June; June's amounts times `factor`.
fn two_months(factor: f64, customers: i32) -> String {
    let mut sold = sales();
    for customer in 1..=40 {
        let amount = 20.0 + f64::from(customer);
        let mut order = |day: &str, amount: f64| {
            sold.push((
                format!("c{customer:03}"),
                format!("{day}-{customer}"),
                day.to_owned(),
                amount.to_string(),
            ));
        };
        order("2024-05-20", amount);
        order("2024-06-20", if customer <= customers { amount * factor } else { amount });
    }
    csv(&sold)
}

fn gated(text: String) -> (Shop, crate::support::Outcome) {
    let shop = Shop::new().append("[track]\ninput_gate = true\nchurn_budget = 1.0");
    shop.write("sales.csv", text);
    let outcome = shop.command(&["run", "segtrail.toml", "--as-of", MONTHS, "--gate"]);
    (shop, outcome)
}

#[test]
fn the_input_gate_fires_on_thousands_and_not_without() {
    let (shop, outcome) = gated(two_months(1.0, 40));
    outcome.done().says(&["gate held: 2024-06-30: input drift: 0 severe"]);
    assert!(!kinds(&found(&shop)).iter().any(|(_, gravity)| gravity == "severe"));

    let (shop, outcome) = gated(two_months(1000.0, 40));
    assert_eq!(outcome.code, Some(3), "{}", outcome.all());
    let outcome =
        outcome.says(&["gate did not hold: 2024-06-30: input drift: 1 severe", "as large"]);
    assert!(outcome.all().contains("Was the currency or its unit changed?"), "{}", outcome.all());
    let inputs = found(&shop);
    let jump = &inputs["findings"][0];
    assert_eq!((&jump["finding"], &jump["factor"]), (&"amount_jump".into(), &1000.0.into()));
    assert_eq!(jump["days"], serde_json::json!(["2024-06-20"]));
    let run = StoredRun::at(stored_runs(&shop.models()).pop().unwrap());
    assert!(run.has_warning("input_drift_severe"));
    let report = std::fs::read_to_string(run.folder.join("report.html")).unwrap();
    assert!(report.contains("times as large as before"));
    // The comparison of the two runs says the same afterwards.
    let runs = stored_runs(&shop.models());
    let id = |place: usize| runs[place].file_name().unwrap().to_str().unwrap().to_owned();
    let said = shop.command(&["compare", &id(0), &id(1)]).done();
    assert!(said.stdout.contains("input drift: severe: [transactions]"), "{}", said.stdout);
}

#[test]
fn a_few_rows_in_another_unit_are_found_and_their_share_told() {
    let (shop, outcome) = gated(two_months(1000.0, 12));
    assert_eq!(outcome.code, Some(3), "{}", outcome.all());
    let jump = found(&shop)["findings"][0].clone();
    assert_eq!(jump["factor"], 1000.0, "{jump}");
    let share = jump["share"].as_f64().unwrap();
    assert!(share > 0.1 && share < 0.4, "{share}");
}

#[test]
fn without_facts_of_the_run_before_nothing_is_told() {
    let shop = Shop::new();
    shop.run("2024-05-31").done();
    let manifest = stored_runs(&shop.models()).remove(0).join("manifest.json");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let mut older: Value = serde_json::from_str(&text).unwrap();
    assert!(older.as_object_mut().unwrap().remove("input_facts").is_some());
    std::fs::write(&manifest, serde_json::to_string(&older).unwrap()).unwrap();
    shop.run("2024-06-30").done();
    let run = stored_runs(&shop.models()).pop().unwrap();
    let text = std::fs::read_to_string(run.join("comparison.json")).unwrap();
    let comparison: Value = serde_json::from_str(&text).unwrap();
    assert!(comparison["drift"]["features"].is_array());
    assert!(comparison["drift"].get("inputs").is_none());
}

fn with_attributes(columns: &str, row: impl Fn(i32) -> String) -> Shop {
    let shop = Shop::new().append(
        "[customers]\nfiles = [\"customers.csv\"]\ncustomer = \"id\"\n[track]\ninput_gate = true\n\
         churn_budget = 1.0",
    );
    write_customers(&shop, columns, row);
    shop
}

fn write_customers(shop: &Shop, columns: &str, row: impl Fn(i32) -> String) {
    let rows: String = (1..=400).map(|n| format!("c{n:03},{}\n", row(n))).collect();
    shop.write("customers.csv", format!("id,{columns}\n{rows}"));
}

#[test]
fn an_attribute_that_is_gone_empty_or_of_new_values() {
    let region = |n: i32| if n % 2 == 0 { "north" } else { "south" };
    let after = |columns: &str, row: &dyn Fn(i32) -> String| {
        let shop = with_attributes("region", |n| region(n).to_owned());
        shop.run("2024-05-31").done();
        write_customers(&shop, columns, row);
        let outcome = shop.command(&["run", "segtrail.toml", "--as-of", "2024-06-30", "--gate"]);
        let customers = found(&shop)["findings"].as_array().unwrap().clone();
        let of_customers = |finding: &&Value| finding["table"] == "customers";
        let findings: Vec<String> = (customers.iter().filter(of_customers))
            .map(|finding| {
                format!("{} {}", finding["gravity"], finding["finding"]).replace('"', "")
            })
            .collect();
        (outcome.code, findings)
    };
    assert_eq!(after("region", &|n| region(n).to_owned()), (Some(0), vec![]));
    let (code, findings) = after("area", &|n| region(n).to_owned());
    assert_eq!((code, findings[0].as_str()), (Some(3), "severe column_gone"), "{findings:?}");
    let (code, findings) = after("region", &|n| (if n <= 100 { "" } else { region(n) }).to_owned());
    assert_eq!((code, findings[0].as_str()), (Some(3), "severe empty_values"), "{findings:?}");
    let (code, findings) =
        after("region", &|n| (if n <= 40 { "west" } else { region(n) }).to_owned());
    assert_eq!(
        (code, findings),
        (Some(0), vec!["notable new_values".to_owned(), "notable shares_moved".to_owned()])
    );
}

#[test]
fn a_categorical_attribute_drifts() {
    let shop =
        with_attributes("region", |n| (if n % 2 == 0 { "north" } else { "south" }).to_owned());
    shop.run("2024-05-31").done();
    write_customers(&shop, "region", |_| "north".to_owned());
    // The sales end on 17 June.
    shop.run("2024-06-17").done();
    let run = stored_runs(&shop.models()).pop().unwrap();
    let text = std::fs::read_to_string(run.join("comparison.json")).unwrap();
    let drift = serde_json::from_str::<Value>(&text).unwrap()["drift"].clone();
    let region = &drift["attributes"][0];
    assert_eq!((&region["feature"], &region["verdict"]), (&"region".into(), &"major".into()));
    assert_eq!(region["vanished"], serde_json::json!(["south"]));
    assert!((region["total_variation"]["value"].as_f64().unwrap() - 0.5).abs() < 0.01);
    let distances = &drift["segment_distances"];
    assert!(distances["wasserstein"]["value"].as_f64().unwrap() >= 0.0, "{distances}");
}

#[test]
fn online_retail_has_no_false_alarm_in_24_months() {
    let Some(data) = shared_folder("online_retail_ii") else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = data.join("online_retail_ii.parquet");
    let text = crate::online_retail::configuration(&file, "k = 4\nrestarts = 2\nbootstrap = 0");
    std::fs::write(folder.path().join("c.toml"), text).unwrap();
    let run = |as_of: &str| {
        let arguments = ["run", "c.toml", "--as-of", as_of, "--quiet", "--json"];
        crate::support::run_in(folder.path(), &arguments).done()
    };
    run("2010-01-31..2011-12-31");
    let runs = stored_runs(&folder.path().join("models"));
    assert_eq!(runs.len(), 24);
    let mut loud = Vec::new();
    for (place, run) in runs.iter().enumerate().skip(1) {
        let text = std::fs::read_to_string(run.join("comparison.json")).unwrap();
        let comparison: Value = serde_json::from_str(&text).unwrap();
        let month = comparison["run"].as_str().unwrap()[..7].to_owned();
        for finding in comparison["drift"]["inputs"]["findings"].as_array().unwrap() {
            if finding["gravity"] == "severe" || finding["gravity"] == "notable" {
                loud.push(format!("{month} {}", finding["sentence"]["en"].as_str().unwrap()));
            }
        }
        let features = comparison["drift"]["features"].as_array().unwrap();
        let tenure = features.iter().find(|feature| feature["feature"] == "tenure_days").unwrap();
        let verdict = tenure["verdict"].as_str().unwrap();
        // In the third and fourth month of the data most customers have just come.
        assert!(place < 3 || ["ageing", "stable"].contains(&verdict), "{month} {tenure}");
    }
    // The first nine days of December 2010 are in both sheets of the workbook; the data end on 9 December
    // 2011.
    let expected = [
        "2010-12 [transactions] more rows are refused as duplicate: 1.8 % before, 35.4 % now",
        "2011-12 [transactions] no row from 2011-12-10 to 2011-12-31, on 18 days that usually have some",
    ];
    assert_eq!(loud, expected);
    let manifest = StoredRun::at(&runs[3]).manifest();
    let columns = manifest["input_facts"][0]["columns"].as_array().unwrap().clone();
    let kinds: Vec<&str> = columns.iter().map(|column| column["kind"].as_str().unwrap()).collect();
    // Country, Customer ID, Description, Invoice, InvoiceDate, Price, Quantity, StockCode.
    assert_eq!(kinds, ["text", "number", "text", "text", "time", "number", "integer", "text"]);
}

/// Every finding of the runs in `models`: month, gravity, sentence.
fn all_findings(models: &std::path::Path) -> Vec<String> {
    let mut all = Vec::new();
    for run in &stored_runs(models)[1..] {
        let text = std::fs::read_to_string(run.join("comparison.json")).unwrap();
        let comparison: Value = serde_json::from_str(&text).unwrap();
        let month = comparison["run"].as_str().unwrap()[..7].to_owned();
        for finding in comparison["drift"]["inputs"]["findings"].as_array().unwrap() {
            let gravity = finding["gravity"].as_str().unwrap();
            all.push(format!("{month} {gravity} {}", finding["sentence"]["en"].as_str().unwrap()));
        }
    }
    all
}

#[test]
fn of_complete_journey_nothing_is_noted_but_christmas_day() {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string(repository("data/complete_journey/segtrail.toml")).unwrap();
    let data = repository("data/complete_journey");
    let text = text.replace("files = [\"", &format!("files = [\"{}/", data.display()));
    let text = text.replace("k = \"6..8\"", "k = 6\nrestarts = 1\nbootstrap = 0");
    std::fs::write(folder.path().join("c.toml"), text).unwrap();
    let arguments = ["run", "c.toml", "--as-of", "2017-05-31..2017-12-31", "--quiet", "--json"];
    run_in(folder.path(), &arguments).done();
    let expected =
        ["2017-12 note [transactions] no row on 2017-12-25, a day that usually has some"];
    assert_eq!(all_findings(&folder.path().join("models")), expected);
}

/// A file a month in dong, the last in thousands of dong.
#[test]
fn a_monthly_file_in_thousands_of_dong() {
    let folder = tempfile::tempdir().unwrap();
    let options = ["--customers", "300", "--months", "8", "--seed", "3", "--format", "csv"];
    let file = simulate(folder.path(), &options, "[cluster]\nk = 3\nrestarts = 1\nbootstrap = 0");
    let data = file.parent().unwrap();
    let text = std::fs::read_to_string(data.join("transactions.csv")).unwrap();
    let header = text.lines().next().unwrap();
    let mut months = std::collections::BTreeMap::<String, String>::new();
    for line in text.lines().skip(1) {
        let mut fields: Vec<&str> = line.split(',').collect();
        let month = fields[2][..7].to_owned();
        let thousands = if month == "2024-08" { 25.0 } else { 25_000.0 };
        let amount = (fields[3].parse::<f64>().unwrap() * thousands).to_string();
        fields[3] = &amount;
        let rows = months.entry(month).or_insert_with(|| format!("{header}\n"));
        *rows += &format!("{}\n", fields.join(","));
    }
    for (month, rows) in &months {
        std::fs::write(data.join(format!("sales-{month}.csv")), rows).unwrap();
    }
    let toml = std::fs::read_to_string(&file).unwrap();
    let toml = toml.replace("transactions.csv", "sales-*.csv").replace("\"USD\"", "\"VND\"");
    std::fs::write(&file, toml).unwrap();
    run_in(data, &["run", "segtrail.toml", "--as-of", "2024-06-30..2024-08-31", "--quiet"]).done();
    let found = all_findings(&data.join("models"));
    assert_eq!(found.len(), 1, "{found:?}");
    let expected = "2024-08 severe [transactions] the amounts are 1,000 times as small as before";
    assert!(found[0].starts_with(expected), "{found:?}");
}
