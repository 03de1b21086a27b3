//! `segtrail clv fit` and `segtrail clv validate`, and what a run says of value.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::support::{Frame, Outcome, Shop, repository, run_in, shared_folder};

/// (x, t_x, T in weeks, mean repeat spend) of CDNOW's tenth, calibrated to 1997-09-30, purchases
/// of one day merged, as a CSV table.
fn cdnow_summary() -> String {
    let path = repository("data/cdnow/cdnow_sample.csv");
    let end: jiff::civil::Date = "1997-09-30".parse().unwrap();
    let mut days: BTreeMap<String, BTreeMap<jiff::civil::Date, f64>> = BTreeMap::new();
    let mut reader = csv::Reader::from_path(path).unwrap();
    let names = reader.headers().unwrap().clone();
    let place = |name: &str| names.iter().position(|column| column == name).unwrap();
    let (customer, date, dollars) = (place("customer_id"), place("date"), place("dollars"));
    for row in reader.records() {
        let row = row.unwrap();
        let day: jiff::civil::Date = row[date].parse().unwrap();
        if day <= end {
            *days.entry(row[customer].into()).or_default().entry(day).or_default() +=
                row[dollars].parse::<f64>().unwrap();
        }
    }
    let mut text = String::from("id,x,t_x,T,m_x\n");
    for (id, days) in days {
        let first = *days.keys().next().unwrap();
        let last = *days.keys().next_back().unwrap();
        let since = |from: jiff::civil::Date, to: jiff::civil::Date| {
            f64::from(from.until(to).unwrap().get_days()) / 7.0
        };
        let x = days.len() - 1;
        let repeat: f64 = days.values().skip(1).sum();
        let mean = if x > 0 { repeat / x as f64 } else { 0.0 };
        text += &format!("{id},{x},{},{},{mean}\n", since(first, last), since(first, end));
    }
    text
}

fn fit(folder: &tempfile::TempDir, args: &[&str]) -> Value {
    run_in(folder.path(), &[&["clv", "fit"], args, &["--json"]].concat()).done().json()
}

fn folder_with(name: &str, text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), text).unwrap();
    folder
}

#[track_caller]
fn near(value: &Value, expected: f64, within: f64) {
    let found = value.as_f64().unwrap_or_else(|| panic!("{value} is no number"));
    assert!((found - expected).abs() <= within, "{found} is not {expected} to {within}");
}

/// The published estimates of four models from one table, by the program.
#[test]
fn fits_of_cdnow_are_the_published_ones() {
    let folder = folder_with("summary.csv", &cdnow_summary());
    for (model, expected, log_likelihood) in [
        ("bg_nbd", vec![("r", 0.243), ("alpha", 4.414), ("a", 0.793), ("b", 2.426)], -9582.4292),
        (
            "pareto_nbd",
            vec![("r", 0.553), ("alpha", 10.578), ("s", 0.606), ("beta", 11.669)],
            -9594.9762,
        ),
        ("gamma_gamma", vec![("p", 6.25), ("q", 3.74), ("v", 15.44)], -4055.9177),
    ] {
        let found = fit(&folder, &["summary.csv", "--model", model]);
        for (name, value) in expected {
            let digits = if model == "gamma_gamma" { 0.005 } else { 0.000_8 };
            near(&found["parameters"][name], value, digits);
        }
        near(&found["log_likelihood"], log_likelihood, 5e-5);
        assert_eq!(found["sound"], true);
        // Gamma-Gamma is fitted to those who bought again.
        let customers = if model == "gamma_gamma" { 946.0 } else { 2357.0 };
        assert_eq!((&found["rows"], &found["customers"]), (&2357.into(), &customers.into()));
    }
    let found = fit(&folder, &["summary.csv", "--model", "mbg_nbd"]);
    for (name, value) in [("r", 0.525), ("alpha", 6.183), ("a", 0.891), ("b", 1.614)] {
        near(&found["parameters"][name], value, 0.0006);
    }
    near(&found["spend"]["population_mean"], 35.19, 0.05);
}

#[test]
fn a_forecast_needs_the_unit_of_its_times() {
    let folder = folder_with("summary.csv", &cdnow_summary());
    let args = ["clv", "fit", "summary.csv", "--model", "bg_nbd", "--horizon", "12 months"];
    run_in(folder.path(), &args).fails(2, &["--unit", "refused"]);
    run_in(folder.path(), &[&args[..6], &["12"]].concat()).fails(2, &["12", "12 months"]);
    let with =
        [&["summary.csv", "--model", "bg_nbd", "--horizon", "12 months"], &["--unit", "weeks"][..]];
    let args = [&with.concat()[..], &["--discount-rate", "0.126825", "-o", "scores.csv"]].concat();
    let found = fit(&folder, &args);
    let scores = std::fs::read_to_string(folder.path().join("scores.csv")).unwrap();
    let mut lines = scores.lines();
    let head: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(head[..5], ["id", "x", "t_x", "T", "m_x"]);
    let rows: Vec<Vec<f64>> = lines
        .map(|line| line.split(',').map(|field| field.parse().unwrap_or(f64::NAN)).collect())
        .collect();
    assert_eq!(rows.len(), 2357);
    let column = |name: &str| head.iter().position(|column| *column == name).unwrap();
    let sum = |name: &str| rows.iter().map(|row| row[column(name)]).sum::<f64>();
    near(&found["totals"]["expected_orders"], sum("expected_orders"), 1e-6);
    near(&found["totals"]["clv"], sum("clv"), 1e-4);
    // Customer 1 of the literature: 1.562 orders; 36.29 with the parameters of the rounded table.
    let first = rows.iter().find(|row| row[1] == 2.0 && (row[2] - 30.43).abs() < 0.01).unwrap();
    assert!((first[column("expected_orders")] - 1.562).abs() < 0.001);
    assert!((first[column("clv")] - 36.29).abs() < 0.05, "{}", first[column("clv")]);
    // The same as Parquet.
    let parquet = [&args[..args.len() - 1], &["scores.parquet"]].concat();
    fit(&folder, &parquet);
    let frame = Frame::read(&folder.path().join("scores.parquet"));
    assert_eq!(frame.height(), 2357);
    let clv: f64 = frame.numbers("clv").iter().flatten().sum();
    assert!((clv - sum("clv")).abs() < 1e-6);
}

/// Fader, Hardie and Shang (2010): donations by occasion, given as counts of patterns.
#[test]
fn donations_by_bg_bb_are_the_published_ones() {
    // x, t_x, n, donors: reference/bgbb_donations.csv of Lifetimes (MIT).
    let rows = "0,0,3464 1,1,1091 1,2,277 1,3,129 1,4,78 1,5,119 1,6,129 2,2,613 2,3,255 2,4,155 \
                2,5,173 2,6,234 3,3,322 3,4,181 3,5,225 3,6,357 4,4,240 4,5,284 4,6,512 5,5,335 \
                5,6,728 6,6,1203";
    let mut text = String::from("frequency,recency,periods,weights\n");
    for row in rows.split_whitespace() {
        let (history, donors) = row.rsplit_once(',').unwrap();
        text += &format!("{history},6,{donors}\n");
    }
    let folder = folder_with("donations.csv", &text);
    let found = fit(&folder, &["donations.csv", "--model", "bg_bb", "--ahead", "5"]);
    for (name, value) in [("alpha", 1.204), ("beta", 0.750), ("gamma", 0.657), ("delta", 2.783)] {
        near(&found["parameters"][name], value, 0.0006);
    }
    near(&found["log_likelihood"], -33225.58, 0.005);
    near(&found["expected_orders"], 12_884.2, 0.05);
    run_in(
        folder.path(),
        &["clv", "fit", "donations.csv", "--model", "bg_bb", "--horizon", "1 year"],
    )
    .fails(2, &["--ahead"]);
}

/// Fader and Hardie (2007), the cohort called Regular.
#[test]
fn contracts_from_cohorts_and_from_dates() {
    let alive = [1000, 631, 468, 382, 326, 289, 262, 241];
    let rows: Vec<String> =
        alive.iter().enumerate().map(|(period, alive)| format!("{period},{alive}\n")).collect();
    let folder = folder_with("cohorts.csv", &format!("period,customers\n{}", rows.concat()));
    let found = fit(&folder, &["cohorts.csv", "--model", "sbg", "--ahead", "8"]);
    near(&found["parameters"]["alpha"], 0.704, 0.001);
    near(&found["parameters"]["beta"], 1.182, 0.001);
    assert_eq!(found["renewals"].as_array().unwrap().len(), 9);
    near(&found["renewals"][1]["observed_retention"], 0.631, 1e-12);
    // The same cohort as subscriptions that end at the end of their period.
    let mut dates = String::from("customer,start,end\n");
    let start: jiff::civil::Date = "2020-01-01".parse().unwrap();
    for customer in 0..1000usize {
        let periods = alive.iter().filter(|alive| customer < **alive).count() as i64;
        let end =
            start.checked_add(jiff::Span::new().months(periods)).unwrap().yesterday().unwrap();
        let end = if periods == 8 { String::new() } else { end.to_string() };
        dates += &format!("c{customer},{start},{end}\n");
    }
    std::fs::write(folder.path().join("dates.csv"), dates).unwrap();
    let args = ["dates.csv", "--model", "sbg", "--period", "1 month", "--as-of", "2020-08-15"];
    let by_dates = fit(&folder, &args);
    near(&by_dates["log_likelihood"], found["log_likelihood"].as_f64().unwrap(), 1e-6);
    let bdw = fit(&folder, &["cohorts.csv", "--model", "bdw"]);
    let improved =
        bdw["log_likelihood"].as_f64().unwrap() - found["log_likelihood"].as_f64().unwrap();
    assert!(improved >= -1e-6, "the wider model is never worse: {improved}");
}

#[test]
fn faulty_tables_are_refused_with_line_and_remedy() {
    let refused = |text: &str, words: &[&str]| -> Outcome {
        let folder = folder_with("t.csv", text);
        run_in(folder.path(), &["clv", "fit", "t.csv", "--model", "bg_nbd"]).fails(1, words)
    };
    refused("x,t_x,T\n1,5,4\n", &["t.csv", "line 2", "t_x"]);
    refused("x,t_x,T\n0,0,4\n1.5,2,4\n", &["line 3", "x", "whole"]);
    refused("x,t_x\n1,2\n", &["T", "periods"]);
    refused("x,t_x,T\n", &["row"]);
    refused("x,t_x,T\n0,0,4\n0,0,9\n", &["BG/NBD", "no customer has bought again"]);
    let folder = folder_with("t.csv", "x,t_x,T\n1,2,4\n");
    run_in(folder.path(), &["clv", "fit", "t.csv", "--model", "gamma_gamma"]).fails(2, &["m_x"]);
    run_in(folder.path(), &["clv", "fit", "t.csv", "--model", "bg_nbd", "-o", "s.csv"])
        .fails(2, &["--horizon"]);
    run_in(folder.path(), &["clv", "fit", "missing.csv", "--model", "bg_nbd"])
        .fails(1, &["missing.csv"]);
}

#[test]
fn an_option_that_means_nothing_is_refused() {
    let folder = folder_with("t.csv", "x,t_x,T\n1,2,4\n0,0,9\n");
    let refused = |options: &str, word: &str| {
        let args = format!("clv fit t.csv --model {options}");
        run_in(folder.path(), &args.split(' ').collect::<Vec<_>>()).fails(2, &[word]);
    };
    refused("bg_nbd --margin 0.3", "--horizon");
    refused("bg_nbd --discount-rate 0.2", "--horizon");
    refused("bg_bb --discount-rate 0.2", "--ahead");
    refused("sbg --unit weeks", "--unit");
    refused("gamma_gamma --ahead 3", "--ahead");
    refused("bg_nbd --period 1month", "period");
    refused("bg_nbd --as-of 2024-01-01", "--as-of");
    let forecast = ["--unit", "weeks", "--horizon", "12 months", "--margin", "0.3"];
    let args = [&["clv", "fit", "t.csv", "--model", "bg_nbd"][..], &forecast].concat();
    run_in(folder.path(), &args).fails(2, &["--margin", "m_x"]);
    let config = repository("data/cdnow/segtrail.toml");
    let args = ["clv", "validate", config.to_str().unwrap(), "--split", "1997-09-30"];
    run_in(folder.path(), &[&args[..], &["--language", "vi"]].concat()).fails(2, &["-o"]);
}

/// Customers who buy more often spend more an order: Gamma-Gamma takes the two for independent.
#[test]
fn spend_that_depends_on_frequency_is_warned_of() {
    let mut text = String::from("x,t_x,T,m_x\n");
    for i in 0..200 {
        let x = 1 + i % 10;
        text += &format!("{x},20,39,{}\n", 10 * x + i % 7);
    }
    let folder = folder_with("t.csv", &text);
    for model in ["gamma_gamma", "bg_nbd"] {
        let found = fit(&folder, &["t.csv", "--model", model]);
        let warnings = found["warnings"].as_array().unwrap();
        let warned = |warning: &Value| warning["code"] == "spend_depends_on_frequency";
        assert!(warnings.iter().any(warned), "{model}: {warnings:?}");
    }
}

#[test]
fn validation_of_cdnow_shows_forecast_truth_and_baseline() {
    let folder = tempfile::tempdir().unwrap();
    let config = repository("data/cdnow/segtrail.toml");
    let config = config.to_str().unwrap();
    let page = folder.path().join("validation.html");
    let args = ["clv", "validate", config, "--split", "1997-09-30"];
    let output = ["-o", page.to_str().unwrap()];
    let found = run_in(folder.path(), &[&args[..], &output, &["--json"]].concat()).done().json();
    // Eight customers have purchases of no value alone, which the policy leaves out.
    assert_eq!(found["customers"], 2349);
    assert_eq!((&found["split"], &found["until"]), (&"1997-09-30".into(), &"1998-06-30".into()));
    let weeks = found["weeks"].as_array().unwrap();
    assert_eq!(weeks.last().unwrap()["actual"], found["orders"]);
    assert_eq!(weeks.len(), 39);
    let scores = found["scores"].as_array().unwrap();
    let by = |method: &str| scores.iter().find(|score| score["method"] == method).unwrap();
    for method in ["pareto_nbd", "bg_nbd", "mbg_nbd", "cohort", "hiatus"] {
        let score = by(method);
        assert!(score["orders_error"].is_f64() && score["top_decile"]["lift"].is_f64());
    }
    let taken = by(found["taken"].as_str().unwrap());
    assert_eq!(taken["taken"], true);
    let error = |score: &Value| score["orders_error"].as_f64().unwrap().abs();
    assert_eq!(taken["no_worse_than_hiatus"], error(taken) <= error(by("hiatus")));
    let classes = found["frequency_classes"].as_array().unwrap();
    let customers: u64 = classes.iter().map(|class| class["customers"].as_u64().unwrap()).sum();
    assert_eq!(customers, 2349);
    let html = std::fs::read_to_string(&page).unwrap();
    assert!(
        html.contains("<svg")
            && html.contains("Pareto/NBD")
            && !html.contains("src=\"http")
            && !html.contains("href=\"http")
    );
    let said = run_in(folder.path(), &args).done();
    assert!(said.stdout.contains("hiatus rule"), "{}", said.all());
    // A split at the end of the data leaves nothing to compare with.
    let end = ["clv", "validate", config, "--split", "1998-06-30"];
    run_in(folder.path(), &end).fails(2, &["nothing comes after"]);
}

#[test]
fn a_run_has_value_with_method_and_reason_for_every_customer() {
    let run = Shop::new().accepts();
    let manifest = run.manifest();
    let attempts = manifest["clv"]["attempts"].as_array().unwrap();
    assert_eq!(attempts.last().unwrap()["accepted"], true);
    assert!(manifest["retention"]["retention"].is_f64());
    let table = run.table("features.parquet");
    let methods = table.texts("clv_method");
    let reasons = table.texts("clv_reason");
    let orders = table.numbers("n_orders");
    for row in 0..table.height() {
        assert_eq!(methods[row].is_some(), orders[row].is_some(), "buyers alone are valued");
        assert_eq!(reasons[row].is_some(), orders[row].is_some());
    }
    for name in ["p_alive", "expected_orders", "expected_spend", "clv"] {
        assert!(run.feature(name).values().flatten().all(|value| *value >= 0.0), "{name}");
    }
    let none = Shop::new().append("\n[features.clv]\nmodel = \"none\"\n").accepts();
    assert!(none.manifest().get("clv").is_none());
    let shop = Shop::new().append("\n[features.clv]\nhorizon = \"12\"\n");
    shop.refuses(&["12", "12 months"]);
}

/// What the verdict says is what the figures say.
#[track_caller]
fn is_honest(found: &Value) {
    let scores = found["scores"].as_array().unwrap();
    let by = |wanted: &dyn Fn(&&Value) -> bool| scores.iter().find(wanted).unwrap();
    let taken = by(&|score| score["taken"] == true);
    let hiatus = by(&|score| score["method"] == "hiatus");
    let error = |score: &Value| score["orders_error"].as_f64().unwrap().abs();
    let better = error(taken) <= error(hiatus);
    assert_eq!(taken["no_worse_than_hiatus"], better);
    let verdict = found["verdict"].as_str().unwrap();
    assert_eq!(verdict.contains("WORSE"), !better, "{verdict}");
    assert!(taken["top_decile"]["lift"].as_f64().unwrap() > 2.0, "a model that ranks nobody");
}

#[test]
fn validation_of_complete_journey() {
    let folder = tempfile::tempdir().unwrap();
    let config = repository("data/complete_journey/segtrail.toml");
    let args = ["clv", "validate", config.to_str().unwrap(), "--split", "2017-08-31", "--json"];
    is_honest(&run_in(folder.path(), &args).done().json());
}

#[test]
fn validation_of_all_of_cdnow() {
    let Some(data) = shared_folder("cdnow") else { return };
    let text = std::fs::read_to_string(data.join("CDNOW_master.txt")).unwrap();
    let mut csv = String::from("customer,date,cds,dollars\n");
    for line in text.lines().skip(1) {
        csv += &(line.split_whitespace().collect::<Vec<_>>().join(",") + "\n");
    }
    let folder = folder_with("master.csv", &csv);
    let config = "name = \"cdnow-master\"\n[transactions]\nfiles = [\"master.csv\"]\n\
                  customer = \"customer\"\ntime = \"date\"\ntime_format = \"%Y%m%d\"\n\
                  amount = \"dollars\"\n[transactions.policy]\nzero = \"keep\"\n";
    std::fs::write(folder.path().join("segtrail.toml"), config).unwrap();
    let args = ["clv", "validate", "segtrail.toml", "--split", "1997-09-30", "--json"];
    let found = run_in(folder.path(), &args).done().json();
    assert_eq!((&found["customers"], &found["newcomers"]), (&23_570.into(), &0.into()));
    is_honest(&found);
}
