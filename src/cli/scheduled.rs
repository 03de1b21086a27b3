//! `segtrail watch CONFIG`: for a scheduler. Is there a complete month that has no run yet? Run it, hold
//! it against its gates where these are asked for, and leave a status file.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::args::{Common, WatchArgs};
use super::output::Output;
use super::speech::Speech;
use super::watch::TerminalWatch;
use super::words::{RunWords, fill};
use super::{Failure, Outcome, gate, run};
use crate::config::Loaded;
use crate::error::Error;
use crate::export::write_file;
use crate::pipeline::{self, Due, Watch};
use crate::store::Store;
use crate::track::Gate;
use crate::types::Seed;

pub(super) fn run(args: &WatchArgs, common: &Common, output: &Output) -> Outcome {
    let watch = TerminalWatch::new(output.bars);
    let started = watch.timestamp();
    let outcome = attempt(args, common, output, &watch);
    let status = match &outcome {
        Ok(Found { due, runs, gates, .. }) => json!({
            "status": match (runs.is_empty(), gates.iter().all(|(_, gate)| gate.held)) {
                (true, _) => "nothing_to_do",
                (false, true) => "done",
                (false, false) => "gate_not_held",
            },
            "data_until": due.data_until,
            "complete_until": due.complete_until,
            "last_run": due.last_run,
            "runs": runs,
        }),
        Err(error) => json!({ "status": "failed", "message": error.to_string() }),
    };
    let status = with_times(status, started, watch.timestamp());
    if let Some(path) = status_file(args, common)? {
        let mut text = serde_json::to_vec_pretty(&status)
            .map_err(|error| Failure::Output(std::io::Error::other(error)))?;
        text.push(b'\n');
        write_file(&path, |file| file.write_all(&text))?;
    }
    let Found { due, runs, gates, speech } = outcome?;
    if output.json {
        output.document(&status)?;
    } else if runs.is_empty() {
        let complete = speech.date(due.complete_until.map(|date| date.0));
        let last = speech.date(due.last_run.map(|date| date.0));
        let values = [("complete", &*complete), ("last", &*last)];
        output.say(&fill(RunWords::of(speech.0).nothing_to_do, &values));
    }
    gate::judge(&gates, speech, output)
}

/// What was due and what came of it.
struct Found {
    due: Due,
    runs: Vec<Value>,
    /// By date of the run; none where they were not asked for.
    gates: Vec<(String, Gate)>,
    speech: Speech,
}

/// Runs what is due.
fn attempt(
    args: &WatchArgs,
    common: &Common,
    output: &Output,
    watch: &TerminalWatch,
) -> Result<Found, Error> {
    let loaded = Loaded::read(&args.config, common.seed.map(Seed))?;
    let speech = Speech(loaded.config.label.language);
    watch.speak(speech);
    let store = Store::new(&common.models);
    let read = pipeline::read(&loaded, watch)?;
    let due = pipeline::due(&loaded, &read, &store)?;
    let (mut runs, mut gates) = (Vec::new(), Vec::new());
    for month in &due.months {
        watch.label(&month.to_string());
        let outcome = pipeline::run_month(&loaded, &read, *month, &store, watch)?;
        output.say(&run::line(&outcome, speech));
        if !output.json {
            for warning in &outcome.run.manifest.warnings {
                output.say(&speech.warning_of(&outcome.run, warning));
            }
        }
        if args.gate {
            gates.extend(gate::dated(&outcome.run));
        }
        runs.push(run::document(&outcome));
    }
    Ok(Found { due, runs, gates, speech })
}

fn with_times(mut status: Value, started: String, ended: String) -> Value {
    status["started_at"] = json!(started);
    status["ended_at"] = json!(ended);
    status
}

/// Where the status goes: the file that is named, or `watch.json` beside the runs of the series; none
/// where the configuration cannot be read and no file is named.
fn status_file(args: &WatchArgs, common: &Common) -> Result<Option<PathBuf>, Failure> {
    if args.status.is_some() {
        return Ok(args.status.clone());
    }
    let Ok(loaded) = Loaded::read(&args.config, common.seed.map(Seed)) else { return Ok(None) };
    let folder = common.models.join(&loaded.config.name);
    Ok(folder.is_dir().then(|| folder.join("watch.json")))
}
