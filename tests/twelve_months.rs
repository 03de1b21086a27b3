//! The whole year of Complete Journey: the forecast of the groups, and how long customers stay in them.

use std::fs;

use crate::support::{Outcome, StoredRun, repository, segtrail, stored_runs};

/// Of an assignment: segment, group, since when.
struct Row {
    segment: Option<String>,
    group: Option<String>,
    since: Option<String>,
}

fn rows(run: &StoredRun) -> Vec<Row> {
    let table = run.table("assignments.parquet");
    let column = |name: &str| table.texts(name).into_iter();
    column("segment")
        .zip(column("group"))
        .zip(column("group_changed_on"))
        .map(|((segment, group), since)| Row { segment, group, since })
        .collect()
}

/// Over the whole year the Markov chain is held against "nobody moves"; where it is not the better one, the
/// report says so.
#[test]
fn over_twelve_months_the_forecast_beats_nobody_moves_or_the_report_says_that_it_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let models = folder.path().join("models");
    let months = ["--as-of", "2017-01-31..2017-12-31", "--quiet", "--models"];
    let mut command = segtrail(&repository(""));
    command.args(["run", "data/complete_journey/segtrail.toml"]).args(months).arg(&models);
    Outcome::of(&mut command).done();
    let runs: Vec<StoredRun> = stored_runs(&models).into_iter().map(StoredRun::at).collect();
    assert_eq!(runs.len(), 12);
    let last = &runs[11];
    let comparison = last.json("comparison.json");
    let backtest = &comparison["forecast"]["backtest"];
    assert_eq!(backtest["runs"], 9, "the first two steps are learned from");
    let figure = |key: &str| backtest[key].as_f64().unwrap();
    let beats = figure("error") < figure("error_nobody_moves");
    assert_eq!(backtest["beats_nobody_moves"], beats);
    let report = fs::read_to_string(last.folder.join("report.html")).unwrap();
    assert_eq!(report.contains("do not plan by this forecast"), !beats);

    // The cohorts of the groups are those that the assignments of all runs tell.
    let months: Vec<Vec<Row>> = runs.iter().map(rows).collect();
    let cohorts = &comparison["cohorts"];
    assert_eq!(cohorts["runs"].as_array().unwrap().len(), 12);
    for cohort in cohorts["cohorts"].as_array().unwrap() {
        let (group, since) = (cohort["group"].as_str().unwrap(), cohort["since"].as_str().unwrap());
        let first = runs.iter().position(|run| run.id().starts_with(since)).unwrap();
        let own = |row: &&Row| {
            let here = row.group.as_deref() == Some(group) && row.since.as_deref() == Some(since);
            here && row.segment.is_some()
        };
        let counted: Vec<u64> =
            months[first..].iter().map(|rows| rows.iter().filter(own).count() as u64).collect();
        let told: Vec<u64> =
            cohort["customers"].as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).collect();
        assert_eq!(told, counted, "{group} since {since}");
    }
}
