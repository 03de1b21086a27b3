//! Exit codes, JSON, help and completions of all commands.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::two_months;
use crate::support::{AS_OF, Frame, Outcome, Shop, repository, segtrail, stored_runs};

#[test]
fn every_command_prints_exactly_one_json_document() {
    let shop = two_months();
    let runs = stored_runs(&shop.models());
    let id = |place: usize| runs[place].file_name().unwrap().to_str().unwrap();
    for arguments in [
        &["run", "segtrail.toml", "--as-of", AS_OF][..],
        &["run", "segtrail.toml", "--as-of", "2024-03-31..2024-04-30"],
        &["runs"],
        &["runs", "shop"],
        &["show", "latest"],
        &["show", "shop/latest"],
        &["show", id(0)],
        &["show", &format!("shop/{}", id(0))],
        &["compare", id(0), id(1)],
        &["forecast", "shop"],
        &["promote", id(0), "--author", "Anna", "--reason", "r"],
        &["prune", "shop", "--keep", "1", "--dry-run"],
        &["export", "shop", "--format", "csv", "-o", "b.csv"],
        &["trail"],
        &["trail", "shop"],
        &["trail", &format!("shop/{}", id(0))],
        &["trail", "shop", "--customer", "c001"],
        &["trail", "c001"],
        &["export", id(0), "--format", "csv", "-o", "a.csv"],
        &["export", id(0), "--format", "jsonl", "-o", "a.jsonl"],
        &["export", id(0), "--format", "parquet", "-o", "a.parquet"],
        &["report", id(0)],
        &["report", id(0), "-o", "again.html"],
        &["label", "check", "rfm"],
        &["simulate", "--customers", "50", "--months", "6", "-o", "simulated"],
        &["init", "sales.csv", "-o", "guessed.toml"],
    ] {
        let outcome = shop.command(&[arguments, &["--json"]].concat()).done();
        assert!(outcome.json().is_object(), "{}", outcome.all());
        assert!(!outcome.stdout.contains('\u{1b}') && !outcome.stderr.contains('\u{1b}'));
    }
}

#[test]
fn the_document_of_a_run_has_what_programs_need() {
    let shop = two_months();
    let said = shop.run("2024-05-31..2024-06-30").done().json();
    for run in said["runs"].as_array().unwrap() {
        for key in ["run_id", "series", "as_of", "path", "report", "status"] {
            assert!(run[key].is_string(), "{key}: {run}");
        }
        assert!(shop.folder().join(run["report"].as_str().unwrap()).is_file());
        assert!(run["buyers"].is_u64() && run["revenue"].is_f64() && run["warnings"].is_array());
        let segments = run["segments"].as_array().unwrap();
        let customers: u64 = segments.iter().map(|s| s["customers"].as_u64().unwrap()).sum();
        assert_eq!(customers, run["buyers"].as_u64().unwrap());
        for segment in segments {
            assert!(segment["segment"].as_str().unwrap().starts_with('S'));
            assert!(segment["group"].is_string() && segment["share_of_revenue"].is_f64());
            assert!(segment["name"]["en"].is_string() && segment["name"]["vi"].is_string());
            assert!(segment.get("moved_in").is_some() && segment.get("moved_out").is_some());
        }
    }
}

#[test]
fn warnings_and_refused_rows_are_in_the_document_of_a_run_or_on_the_console() {
    let shop = Shop::with_lines("c001,x1,2024-03-01,five\n");
    let said = shop.run(AS_OF).done().json();
    let warnings = said["runs"][0]["warnings"].as_array().unwrap().clone();
    assert!(warnings.iter().any(|warning| warning["code"] == "data_end_before_as_of"));
    assert_eq!(said["runs"][0]["rows"]["rejects"]["amount_unreadable"]["rows"], 1);
    let run = Shop::with_lines("c001,x1,2024-03-01,five\n").accepts();
    assert!(run.stderr.contains("amount_unreadable 1"), "{}", run.stderr);
    assert!(run.stderr.contains("the data end on"), "{}", run.stderr);
}

#[test]
fn a_quiet_run_says_nothing_but_what_was_asked_for() {
    let shop = Shop::new();
    let outcome = shop.command(&["run", "segtrail.toml", "--as-of", AS_OF, "--quiet"]).done();
    assert_eq!(outcome.stderr, "", "{}", outcome.all());
    let outcome = shop.command(&["runs", "--quiet", "--json"]).done();
    assert_eq!(outcome.stderr, "");
    outcome.json();
}

#[test]
fn every_help_has_an_example() {
    let shop = Shop::new();
    for command in [
        "run",
        "runs",
        "show",
        "compare",
        "export",
        "report",
        "label",
        "label check",
        "simulate",
        "init",
        "completions",
    ] {
        let words: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let help = shop.command(&words).done().stdout;
        assert!(help.contains("Example:"), "{command}: {help}");
        assert!(help.contains(&format!("\n  segtrail {command}")), "{command}: {help}");
    }
    let help = shop.command(&["--help"]).done().stdout;
    assert!(help.contains("Example") && help.contains("Exit codes"), "{help}");
    assert!(shop.command(&["--version"]).done().stdout.starts_with("segtrail "));
}

#[test]
fn completions_exist_for_the_usual_shells() {
    let shop = Shop::new();
    for (name, word) in [("bash", "complete "), ("zsh", "#compdef"), ("fish", "complete -c")] {
        let script = shop.command(&["completions", name]).done().stdout;
        assert!(script.contains(word) && script.contains("simulate"), "{name}");
    }
    let script = shop.command(&["completions", "bash"]).done().stdout;
    let mut bash = Command::new("bash").arg("-n").stdin(Stdio::piped()).spawn().unwrap();
    bash.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    assert!(bash.wait().unwrap().success(), "bash can read it");
}

#[test]
fn wrong_usage_ends_with_code_two() {
    let shop = Shop::new();
    for arguments in [
        &["frobnicate"][..],
        &["run"],
        &["run", "segtrail.toml"],
        &["run", "segtrail.toml", "--as-of"],
        &["run", "segtrail.toml", "--as-of", AS_OF, "--colour", "red"],
        &["show"],
        &["compare", "latest"],
        &["export", "latest"],
        &["export", "latest", "--format", "xlsx"],
        &["export", "latest", "--format", "parquet"],
        &["label"],
        &["label", "check"],
        &["simulate"],
        &["simulate", "--customers", "many", "--months", "6", "-o", "x"],
        &["simulate", "--customers", "10", "--months", "6", "-o", "x", "--start", "soon"],
        &["init"],
        &["completions", "cobol"],
        &[],
    ] {
        let outcome = shop.command(arguments);
        assert_eq!(outcome.code, Some(2), "{}", outcome.all());
        assert!(outcome.stdout.is_empty() && !outcome.stderr.is_empty(), "{}", outcome.all());
    }
    shop.left_nothing();
}

#[test]
fn options_of_all_commands_may_stand_before_or_after_them() {
    let shop = two_months();
    std::fs::rename(shop.models(), shop.path("elsewhere")).unwrap();
    let before = shop.command(&["--models", "elsewhere", "--json", "runs"]).done();
    let after = shop.command(&["runs", "--json", "--models", "elsewhere"]).done();
    assert_eq!(before.stdout, after.stdout);
    assert_eq!(before.json()["runs"].as_array().unwrap().len(), 2);
    let none = shop.command(&["runs", "--json"]).done().json();
    assert_eq!(none["runs"], Value::Array(Vec::new()));
}

#[test]
fn compare_of_neighbours_is_what_the_later_run_stored() {
    let shop = two_months();
    let runs = stored_runs(&shop.models());
    let id = |place: usize| runs[place].file_name().unwrap().to_str().unwrap();
    let mut said = shop.command(&["compare", id(0), id(1), "--json"]).done().json();
    let overview = said.as_object_mut().unwrap().remove("overview").unwrap();
    assert!(!overview["segments"].as_array().unwrap().is_empty());
    let stored = std::fs::read_to_string(runs[1].join("comparison.json")).unwrap();
    assert_eq!(said, serde_json::from_str::<Value>(&stored).unwrap());
    let same = shop.command(&["compare", "latest", "latest", "--json"]).done().json();
    assert_eq!(same["adjusted_rand_index"], 1.0);
    assert_eq!((&same["moved_segment"], &same["entrants"]), (&0.into(), &0.into()));
}

#[test]
fn a_report_is_one_page_that_needs_no_network() {
    let shop = two_months();
    let path = shop.command(&["report", "latest", "--json"]).done().json();
    let stored = shop.folder().join(path["path"].as_str().unwrap());
    shop.command(&["report", "latest", "-o", "again.html"]).done();
    shop.command(&["report", "latest", "--language", "vi", "-o", "vi.html"]).done();
    let read = |path: &std::path::Path| std::fs::read_to_string(path).unwrap();
    let (page, again) = (read(&stored), read(&shop.path("again.html")));
    for page in [&page, &again, &read(&shop.path("vi.html"))] {
        assert!(page.to_lowercase().starts_with("<!doctype html>"));
        assert!(page.contains("<svg"));
        for outside in ["src=\"http", "href=\"http", "@import", "url(http"] {
            assert!(!page.contains(outside), "{outside}");
        }
    }
    assert!(read(&shop.path("vi.html")).contains("lang=\"vi\""));
    assert!(!shop.path("again.html.part").exists());
}

#[test]
fn a_built_in_taxonomy_is_clean() {
    let said = Shop::new().command(&["label", "check", "rfm", "--json"]).done().json();
    assert_eq!(said["findings"], Value::Array(Vec::new()));
    let file = repository("taxonomies/rfm.toml");
    Shop::new().command(&["label", "check", file.to_str().unwrap()]).done();
}

#[test]
fn a_faulty_taxonomy_ends_with_code_three_and_all_its_findings() {
    let shop = Shop::new();
    let good = std::fs::read_to_string(repository("taxonomies/rfm.toml")).unwrap();
    let bad =
        good.replacen("mean(r_score) >= 4", "mean(r_scor) >= 4", 1).replacen("#cf81ab", "pink", 1);
    shop.write("mine.toml", bad);
    let outcome = shop.command(&["label", "check", "mine.toml", "--json"]);
    assert_eq!(outcome.code, Some(3), "{}", outcome.all());
    let said = outcome.json();
    let findings = said["findings"].as_array().unwrap();
    assert!(findings.iter().any(|f| f["message"].as_str().unwrap().contains("pink")), "{said}");
    assert!(findings.iter().all(|f| f["line"].as_u64().unwrap() > 0));
    let outcome = shop.command(&["label", "check", "mine.toml"]);
    assert_eq!(outcome.code, Some(3));
    assert!(outcome.stdout.contains("mine.toml:") && outcome.stdout.contains("error"));
    shop.command(&["label", "check", "nowhere.toml"]).fails(1, &["nowhere.toml", "rfm"]);
}

#[test]
fn a_simulation_is_three_tables_and_a_configuration_that_runs() {
    let shop = Shop::new();
    let options = ["--customers", "300", "--months", "7", "--seed", "9"];
    for (format, place) in [("csv", "a"), ("parquet", "b")] {
        let more = ["simulate", "-o", place, "--format", format, "--start", "2020-03-01"];
        let said = shop.command(&[&more[..], &options, &["--json"]].concat()).done().json();
        assert_eq!(said["customers"], 300);
        let configuration = format!("{place}/segtrail.toml");
        let run = ["run", &configuration, "--as-of", "2020-09-30", "--models", place, "--quiet"];
        shop.command(&run).done();
    }
    let truth = Frame::read(&shop.path("b/truth.parquet"));
    assert_eq!(truth.height(), 300 * 7);
    assert!(truth.texts("group").iter().any(Option::is_none), "null where there is no group");
    assert_eq!(Frame::read(&shop.path("b/customers.parquet")).height(), 300);
    let sales = Frame::read(&shop.path("b/transactions.parquet"));
    let lines = std::fs::read_to_string(shop.path("a/transactions.csv")).unwrap();
    assert_eq!(lines.lines().next(), Some("customer_id,order_id,time,amount"));
    assert_eq!(lines.lines().count() - 1, sales.height());
    let total = |values: &mut dyn Iterator<Item = f64>| (values.sum::<f64>() * 100.0).round();
    let csv = &mut lines.lines().skip(1).map(|l| l.rsplit(',').next().unwrap().parse().unwrap());
    assert_eq!(total(csv), total(&mut sales.numbers("amount").into_iter().flatten()));
}

#[test]
fn a_simulation_that_cannot_be_is_refused() {
    let shop = Shop::new();
    let simulate = |options: &[&str]| shop.command(&[&["simulate", "-o", "x"], options].concat());
    simulate(&["--customers", "3", "--months", "6"]).fails(1, &["3 customers are too few"]);
    simulate(&["--customers", "100", "--months", "0"]).fails(1, &["0 months", "1 to 1200"]);
    simulate(&["--customers", "100", "--months", "3"])
        .fails(1, &["`standard`", "at least 6 months"]);
    simulate(&["--customers", "100", "--months", "6", "--scenario", "chaos"])
        .fails(1, &["`chaos`", "standard, separated, steady"]);
    simulate(&["--customers", "100", "--months", "6", "--start", "2024-01-15"])
        .fails(1, &["2024-01-15", "first day of a month"]);
    shop.write("bad.toml", "[[groups]]\nkey = \"a\"\nshape = 1\n");
    simulate(&["--customers", "100", "--months", "6", "--scenario", "bad.toml"])
        .fails(1, &["bad.toml", "shape"]);
    assert!(!shop.path("x").exists(), "nothing is written");
}

#[test]
fn a_simulation_overwrites_nothing() {
    let shop = Shop::new();
    std::fs::create_dir(shop.path("mine")).unwrap();
    shop.write("mine/notes.txt", "mine");
    let options = ["--customers", "100", "--months", "6", "-o", "mine"];
    shop.command(&[&["simulate"][..], &options].concat()).fails(1, &["mine", "overwritten"]);
    assert_eq!(std::fs::read_dir(shop.path("mine")).unwrap().count(), 1);
}

#[test]
fn a_store_that_does_not_exist_is_an_empty_one() {
    let shop = Shop::new();
    let outcome = Outcome::of(segtrail(shop.folder()).args(["runs", "--models", "nowhere"])).done();
    assert!(outcome.stdout.contains("No run in nowhere"), "{}", outcome.all());
    assert!(!shop.path("nowhere").exists(), "looking makes nothing");
}
