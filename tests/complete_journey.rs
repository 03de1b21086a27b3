//! The README's command on the data of the repository: six months of named segments, checked
//! against the baskets themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::Value;

use crate::support::{Frame, Outcome, StoredRun, repository, segtrail, stored_runs};

const MONTHS: [&str; 6] =
    ["2017-07-31", "2017-08-31", "2017-09-30", "2017-10-31", "2017-11-30", "2017-12-31"];

fn command(models: &Path) -> Outcome {
    let mut command = segtrail(&repository(""));
    command.args(["run", "data/complete_journey/segtrail.toml"]);
    command.args(["--as-of", "2017-07-31..2017-12-31", "--json", "--models"]).arg(models);
    Outcome::of(&mut command).done()
}

/// The six runs, made once for all tests of this file, and what the program said.
struct SixRuns {
    models: PathBuf,
    runs: Vec<StoredRun>,
    said: Value,
}

fn six_runs() -> &'static SixRuns {
    static RUNS: OnceLock<SixRuns> = OnceLock::new();
    RUNS.get_or_init(|| {
        // A static is never dropped: a folder of fixed name is replaced, not left behind.
        let models = Path::new(env!("CARGO_TARGET_TMPDIR")).join("complete_journey");
        if models.exists() {
            fs::remove_dir_all(&models).unwrap();
        }
        let said = command(&models).json();
        let runs = stored_runs(&models).into_iter().map(StoredRun::at).collect();
        SixRuns { models, runs, said }
    })
}

/// One basket: household, day on the business's calendar, cents.
struct Basket {
    household: String,
    day: Date,
    cents: i64,
}

/// The baskets with a value above 0, on the calendar of the configuration.
fn baskets(config: &Value) -> Vec<Basket> {
    let table = Frame::read(&repository("data/complete_journey/baskets.parquet"));
    let zone = |key: &Value| key.as_str().map(|name| TimeZone::get(name).unwrap());
    let business = zone(&config["timezone"]).unwrap();
    let written = zone(&config["transactions"]["timezone"]).unwrap_or_else(|| business.clone());
    let households = table.texts("household_id").into_iter().map(Option::unwrap);
    let values = table.numbers("sales_value").into_iter().map(Option::unwrap);
    households
        .zip(values)
        .zip(table.micros("transaction_timestamp"))
        .map(|((household, value), micros)| {
            let naive = TimeZone::UTC.to_datetime(Timestamp::from_microsecond(micros).unwrap());
            let instant = written.to_timestamp(naive).unwrap();
            let day = business.to_datetime(instant).date();
            Basket { household, day, cents: (value * 100.0).round() as i64 }
        })
        .filter(|basket| basket.cents > 0)
        .collect()
}

fn cents(value: &Value) -> i64 {
    let hundred = value.as_f64().unwrap() * 100.0;
    assert!((hundred - hundred.round()).abs() < 0.01, "{value} is no whole number of cents");
    hundred.round() as i64
}

fn as_of(run: &StoredRun) -> Date {
    run.manifest()["as_of"].as_str().unwrap().parse().unwrap()
}

#[test]
fn there_are_six_runs_each_tracked_against_the_one_before() {
    let SixRuns { runs, said, .. } = six_runs();
    assert_eq!(runs.len(), 6);
    let mut before = Value::Null;
    for ((run, month), said) in runs.iter().zip(MONTHS).zip(said["runs"].as_array().unwrap()) {
        let manifest = run.manifest();
        assert_eq!(manifest["as_of"], month);
        assert_eq!(manifest["previous_run"], before);
        assert_eq!((&said["as_of"], &said["run_id"]), (&manifest["as_of"], &manifest["run_id"]));
        assert_eq!(said["status"], "done");
        before = manifest["run_id"].clone();
    }
}

#[test]
fn every_household_that_bought_by_the_date_is_assigned_exactly_once() {
    let runs = &six_runs().runs;
    let baskets = baskets(&runs[0].manifest()["config"]);
    for run in runs {
        let date = as_of(run);
        let bought: BTreeSet<&str> = baskets
            .iter()
            .filter(|basket| basket.day <= date)
            .map(|basket| basket.household.as_str())
            .collect();
        let table = run.table("assignments.parquet");
        let customers: Vec<String> =
            table.texts("customer_id").into_iter().map(Option::unwrap).collect();
        assert!(customers.windows(2).all(|pair| pair[0] < pair[1]), "sorted, each once");
        let segments = run.segments();
        assert!(segments.keys().map(String::as_str).eq(bought.iter().copied()), "{date}");
        assert_eq!(run.buyers() as usize, bought.len());
        let groups = table.texts("group");
        for ((customer, group), segment) in customers.iter().zip(groups).zip(table.texts("segment"))
        {
            assert_eq!(segment.is_none(), group.as_deref() == Some("prospect"), "{customer}");
        }
    }
}

#[test]
fn customers_and_revenue_of_the_segments_add_up_to_the_input() {
    let SixRuns { runs, said, .. } = six_runs();
    let baskets = baskets(&runs[0].manifest()["config"]);
    for (run, said) in runs.iter().zip(said["runs"].as_array().unwrap()) {
        let date = as_of(run);
        let input: i64 =
            baskets.iter().filter(|basket| basket.day <= date).map(|basket| basket.cents).sum();
        let stored = run.json("segments.json");
        let segments = stored["segments"].as_array().unwrap();
        let customers: u64 =
            segments.iter().map(|s| s["profile"]["customers"].as_u64().unwrap()).sum();
        let revenue: i64 = segments.iter().map(|s| cents(&s["profile"]["revenue"])).sum();
        assert_eq!(revenue, input, "{date}");
        assert_eq!(cents(&run.manifest()["revenue"]), input);
        assert_eq!(cents(&said["revenue"]), input);
        assert_eq!(customers, run.buyers());
        assert_eq!(said["buyers"].as_u64().unwrap(), customers);
        let share = |of: &str| -> f64 {
            segments.iter().map(|segment| segment["profile"][of].as_f64().unwrap()).sum()
        };
        assert!((share("share_of_revenue") - 1.0).abs() < 1e-9);
        assert!((share("share_of_customers") - 1.0).abs() < 1e-9);
    }
}

#[test]
fn the_figures_of_each_segment_are_those_of_its_members() {
    let runs = &six_runs().runs;
    let run = runs.last().unwrap();
    let (segment_of, totals) = (run.segments(), run.feature("monetary_total"));
    let stored = run.json("segments.json");
    for segment in stored["segments"].as_array().unwrap() {
        let id = segment["segment"].as_str().unwrap();
        let members = segment_of.iter().filter(|(_, of)| *of == id);
        let spend: Vec<f64> = members.map(|(customer, _)| totals[customer].unwrap()).collect();
        assert_eq!(segment["profile"]["customers"].as_u64().unwrap() as usize, spend.len());
        let sum: f64 = spend.iter().sum();
        assert!((segment["profile"]["revenue"].as_f64().unwrap() - sum).abs() < 0.005, "{id}");
        for language in ["en", "vi"] {
            assert!(!segment["label"]["name"][language].as_str().unwrap().is_empty());
            assert!(!segment["label"]["reason"][language].as_str().unwrap().is_empty());
        }
    }
}

/// One row of `assignments.parquet`.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    segment: Option<String>,
    group: Option<String>,
    previous_segment: Option<String>,
    previous_group: Option<String>,
    since: Option<String>,
    months: u32,
    moves: u32,
}

fn rows(run: &StoredRun) -> BTreeMap<String, Row> {
    let table = run.table("assignments.parquet");
    let column = |name: &str| table.texts(name).into_iter();
    let (mut segment, mut group) = (column("segment"), column("group"));
    let (mut before, mut group_before) = (column("previous_segment"), column("previous_group"));
    let mut since = column("group_changed_on");
    let whole = |name: &str| table.numbers(name).into_iter().map(Option::unwrap);
    let (mut months, mut moves) = (whole("months_in_group"), whole("moves"));
    column("customer_id")
        .map(|customer| {
            let row = Row {
                segment: segment.next().unwrap(),
                group: group.next().unwrap(),
                previous_segment: before.next().unwrap(),
                previous_group: group_before.next().unwrap(),
                since: since.next().unwrap(),
                months: months.next().unwrap() as u32,
                moves: moves.next().unwrap() as u32,
            };
            (customer.unwrap(), row)
        })
        .collect()
}

#[test]
fn each_customer_s_trail_continues_that_of_the_run_before() {
    let runs = &six_runs().runs;
    let mut earlier: BTreeMap<String, Row> = BTreeMap::new();
    for run in runs {
        let date = Some(as_of(run).to_string());
        let now = rows(run);
        for (customer, row) in &now {
            let before = earlier.get(customer);
            assert_eq!(row.previous_segment, before.and_then(|b| b.segment.clone()), "{customer}");
            let (group, since) = match before {
                None => (None, date.clone()),
                Some(b) if b.group == row.group => (b.previous_group.clone(), b.since.clone()),
                Some(b) => (b.group.clone(), date.clone()),
            };
            assert_eq!((&row.previous_group, &row.since), (&group, &since), "{customer}");
            // The runs are a month apart: a month more in the group, or a move.
            let (months, moves) = match before {
                None => (0, 0),
                Some(b) if b.group == row.group => (b.months + 1, b.moves),
                Some(b) => (0, b.moves + 1),
            };
            assert_eq!((row.months, row.moves), (months, moves), "{customer}");
        }
        earlier = now;
    }
}

#[test]
fn the_comparison_counts_what_the_assignments_show() {
    let SixRuns { runs, said, .. } = six_runs();
    for (number, pair) in runs.windows(2).enumerate() {
        let (before, after) = (pair[0].segments(), pair[1].segments());
        let comparison = pair[1].json("comparison.json");
        let count = |key: &str| comparison[key].as_u64().unwrap() as usize;
        let stayers = || after.iter().filter_map(|(c, now)| Some((before.get(c)?, now)));
        assert_eq!(count("stayers"), stayers().count());
        assert_eq!(count("entrants"), after.len() - stayers().count());
        assert_eq!(count("leavers"), before.len() - stayers().count());
        let moved = stayers().filter(|(then, now)| then != now).count();
        assert_eq!(count("moved_segment"), moved);
        let mut flows: BTreeMap<(Option<&str>, Option<&str>), u64> = BTreeMap::new();
        for (customer, now) in &after {
            let then = before.get(customer).map(String::as_str);
            *flows.entry((then, Some(now))).or_default() += 1;
        }
        for (_, then) in before.iter().filter(|(customer, _)| !after.contains_key(*customer)) {
            *flows.entry((Some(then), None)).or_default() += 1;
        }
        let told: BTreeMap<_, _> = comparison["segment_flows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| ((f["from"].as_str(), f["to"].as_str()), f["customers"].as_u64().unwrap()))
            .collect();
        assert_eq!(told, flows);
        money_moves_with_the_customers(&pair[0], &pair[1], &comparison);
        let said = said["runs"][number + 1]["segments"].as_array().unwrap();
        let sum = |key: &str| -> u64 { said.iter().map(|s| s[key].as_u64().unwrap()).sum() };
        assert_eq!(sum("moved_in") as usize, moved, "stayers from another segment");
    }
}

/// By segment, what the flows bring is the revenue that the segment has in each run.
fn money_moves_with_the_customers(earlier: &StoredRun, later: &StoredRun, comparison: &Value) {
    for (run, side, money) in [(earlier, "from", "revenue_before"), (later, "to", "revenue_after")]
    {
        let mut sums: BTreeMap<&str, f64> = BTreeMap::new();
        for flow in comparison["segment_flows"].as_array().unwrap() {
            let value = &flow["value"][money];
            assert_eq!(value.is_null(), flow[side].is_null(), "{flow}");
            if let Some(segment) = flow[side].as_str() {
                *sums.entry(segment).or_default() += value.as_f64().unwrap();
            }
        }
        let segments = run.json("segments.json");
        for segment in segments["segments"].as_array().unwrap() {
            let told = segment["profile"]["revenue"].as_f64().unwrap();
            let sum = sums[segment["segment"].as_str().unwrap()];
            assert!((told - sum).abs() < 0.005, "{} {told} {sum}", segment["segment"]);
        }
    }
}

#[test]
fn the_trail_of_a_customer_is_that_of_the_assignments() {
    let SixRuns { models, runs, .. } = six_runs();
    let months: Vec<BTreeMap<String, Row>> = runs.iter().map(rows).collect();
    let last = months.last().unwrap();
    let restless = last.iter().max_by_key(|(_, row)| row.moves).unwrap().0;
    let said = trail(models, &["complete_journey", "--customer", restless, "--json"]).json();
    let path = said["path"].as_array().unwrap();
    assert_eq!(path.len(), 6);
    for ((stop, month), run) in path.iter().zip(&months).zip(runs) {
        assert_eq!(stop["run_id"], run.id());
        let Some(row) = month.get(restless) else {
            assert_eq!(stop["status"], "absent");
            continue;
        };
        assert_eq!(stop["segment"].as_str(), row.segment.as_deref());
        assert_eq!(stop["group"].as_str(), row.group.as_deref());
        assert_eq!(stop["moves"], row.moves);
        assert_eq!(stop["figures"]["recency_days"].as_f64(), run.feature("recency_days")[restless]);
        assert!(!stop["reason"]["vi"].as_str().unwrap().is_empty());
    }
    let text = trail(models, &["complete_journey", "--customer", restless]).stdout;
    let changes = text.lines().filter(|line| line.ends_with("changes group")).count();
    assert_eq!(changes as u32, last[restless].moves, "{text}");
    let told =
        trail(models, &["complete_journey", "--customer", restless, "--language", "vi"]).stdout;
    let head = format!("Khách hàng {restless} trong chuỗi complete_journey: ");
    assert!(told.starts_with(&head), "{told}");
    for words in ["lần mua cuối", " ngày  ", "xuất hiện", "đổi nhóm"] {
        assert!(told.contains(words), "{words}\n{told}");
    }
    for words in ["days", "enters", "changes", "since", "segment"] {
        assert!(!told.contains(words), "{words}\n{told}");
    }
    let mut unknown = segtrail(&repository(""));
    unknown.args(["trail", "complete_journey", "--customer", "nobody", "--models"]).arg(models);
    Outcome::of(&mut unknown).fails(1, &["no customer `nobody`"]);
}

fn trail(models: &Path, arguments: &[&str]) -> Outcome {
    let mut command = segtrail(&repository(""));
    command.arg("trail").args(arguments).arg("--models").arg(models);
    Outcome::of(&mut command).done()
}

/// The graph has every segment of every run, and the sizes of flows.
#[test]
fn the_lineage_graph_is_that_of_the_runs() {
    let SixRuns { models, runs, .. } = six_runs();
    let said = trail(models, &["--json"]).json();
    let graph = &said["graph"];
    let nodes = graph["nodes"].as_array().unwrap();
    for run in runs {
        let stored = run.json("segments.json");
        let own: Vec<_> = nodes.iter().filter(|node| node["run_id"] == run.id()).collect();
        let segments = stored["segments"].as_array().unwrap();
        assert_eq!(own.len(), segments.len());
        for (node, segment) in own.iter().zip(segments) {
            assert_eq!(node["segment"], segment["segment"]);
            assert_eq!(node["customers"], segment["profile"]["customers"]);
        }
    }
    let edges = graph["edges"].as_array().unwrap();
    for run in &runs[1..] {
        let own = edges.iter().filter(|edge| edge["to_run"] == run.id());
        let customers: u64 = own.map(|edge| edge["customers"].as_u64().unwrap()).sum();
        assert_eq!(customers, run.json("comparison.json")["stayers"].as_u64().unwrap());
    }
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut ended: BTreeSet<&str> = BTreeSet::new();
    for (at, run) in runs.iter().enumerate() {
        let here = nodes.iter().filter(|node| node["run_id"] == run.id());
        let here: BTreeSet<&str> = here.map(|node| node["segment"].as_str().unwrap()).collect();
        assert!(here.is_disjoint(&ended), "an id is never given twice");
        for life in graph["lineages"].as_array().unwrap() {
            let id = life["segment"].as_str().unwrap();
            assert_eq!(life["customers"][at].is_u64(), here.contains(id));
            assert_eq!(life["began"]["run_id"] == run.id(), here.contains(id) && seen.insert(id));
        }
        ended.extend(seen.difference(&here));
    }
    let text = trail(models, &["complete_journey"]).stdout;
    assert!(text.contains("complete_journey: 6 runs, 2017-07-31 to 2017-12-31"), "{text}");
}

/// The backtest's errors of "nobody moves" are those that the sizes of groups show, and a forecast that
/// does not beat it says so.
#[test]
fn the_forecast_says_whether_it_beats_nobody_moves() {
    let SixRuns { models, runs, .. } = six_runs();
    let said = |more: &[&str]| {
        let mut command = segtrail(&repository(""));
        command.arg("forecast").args(more).arg("--models").arg(models);
        Outcome::of(&mut command).done()
    };
    let found = said(&["--json"]).json()["forecast"].clone();
    let sizes: Vec<BTreeMap<String, f64>> = (runs.iter())
        .map(|run| {
            let mut sizes = BTreeMap::new();
            for row in rows(run).into_values().filter(|row| row.segment.is_some()) {
                *sizes.entry(row.group.unwrap()).or_insert(0.0) += 1.0;
            }
            sizes
        })
        .collect();
    let groups: BTreeSet<&String> = sizes.iter().flat_map(BTreeMap::keys).collect();
    assert_eq!(found["groups"].as_array().unwrap().len(), groups.len());
    let of = |month: usize, group: &String| sizes[month].get(group).copied().unwrap_or(0.0);
    let wrong = |month| groups.iter().map(move |g| (of(month, g) - of(month - 1, g)).abs());
    let nobody = (3..6).flat_map(wrong).sum::<f64>() / (3 * groups.len()) as f64;
    let backtest = &found["backtest"];
    assert_eq!(backtest["runs"], 3);
    assert!((backtest["error_nobody_moves"].as_f64().unwrap() - nobody).abs() < 1e-9);
    let better = backtest["error"].as_f64().unwrap() < nobody;
    assert_eq!(backtest["beats_nobody_moves"], better);
    let text = said(&["complete_journey"]).stdout;
    assert_eq!(text.contains("NOT better"), !better, "{text}");
}

/// The customers fill a pipe several times over: the reader leaves in the midst of it.
#[test]
fn a_reader_that_leaves_an_export_is_no_fault() {
    let script = "set -e -o pipefail; for format in csv jsonl; do \
                  \"$0\" --models \"$1\" export latest --format $format | head -n 1; done";
    let mut command = std::process::Command::new("bash");
    command.args(["-c", script, env!("CARGO_BIN_EXE_segtrail")]).arg(&six_runs().models);
    let outcome = Outcome::of(&mut command).done();
    assert!(outcome.stdout.starts_with("customer_id,segment"), "{}", outcome.all());
}

#[test]
fn the_same_command_again_finds_all_done_and_changes_no_byte() {
    let SixRuns { models, runs, .. } = six_runs();
    let bytes = || -> Vec<(PathBuf, Vec<u8>)> {
        let folders = runs.iter().map(|run| fs::read_dir(&run.folder).unwrap());
        let mut files: Vec<_> = folders
            .flatten()
            .map(|entry| entry.unwrap().path())
            .map(|path| (path.clone(), fs::read(path).unwrap()))
            .collect();
        files.sort();
        files
    };
    let before = bytes();
    let again = command(models).json();
    for run in again["runs"].as_array().unwrap() {
        assert_eq!(run["status"], "already_done");
        assert!(!run["segments"].as_array().unwrap().is_empty());
    }
    assert!(before == bytes(), "a file of a run changed");
    assert_eq!(stored_runs(models).len(), 6);
}

/// Figures in the README are the program's, not somebody's: a fresh run prints every line of
/// them.
#[test]
fn the_readme_shows_what_its_command_prints() {
    let models = tempfile::tempdir().unwrap();
    let mut command = segtrail(&repository(""));
    command.args(["run", "data/complete_journey/segtrail.toml"]);
    command.args(["--as-of", "2017-07-31..2017-12-31", "--models"]).arg(models.path());
    let printed = Outcome::of(&mut command).done();
    let place = models.path().to_str().unwrap();
    let lines = |text: &str| -> Vec<String> {
        let text = text.replace(place, "models");
        text.lines().filter(|line| !line.is_empty()).map(String::from).collect()
    };
    let readme = fs::read_to_string(repository("README.md")).unwrap();
    let (_, after) = readme.split_once("## What you get").unwrap();
    let block = after.split("```").nth(1).unwrap();
    assert_eq!(lines(block), [lines(&printed.stderr), lines(&printed.stdout)].concat());

    let mut command = segtrail(&repository(""));
    command.args(["clv", "validate", "data/cdnow/segtrail.toml", "--split", "1997-09-30", "-o"]);
    let printed = Outcome::of(command.arg(models.path().join("validation.html"))).done();
    let (_, after) = readme.split_once("segtrail clv validate data/cdnow").unwrap();
    let block = after.split("```").nth(2).unwrap();
    assert_eq!(lines(block), lines(&printed.stdout));
}

#[test]
fn every_taxonomy_names_every_segment_and_customer() {
    assert_eq!(crate::taxonomies::every_built_in_names_everyone(&six_runs().models), 6);
}
