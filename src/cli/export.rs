//! `segtrail export RUN`: the customers of a run with their groups.

use std::io::{self, Write};

use serde_json::json;

use super::args::{Common, ExportArgs, ExportFormat};
use super::output::{Output, delivered};
use super::speech::Speech;
use super::words::{RegistryWords, fill};
use super::{Failure, Outcome};
use crate::export::{Format, Naming, audience, write_file};
use crate::run::Manifest;
use crate::store::{self, Store, StoredRun};

/// The run that is meant: of a series the champion, or the last run, which is said.
fn stored(store: &Store, name: Option<&str>, output: &Output) -> Result<StoredRun, Failure> {
    let series = match name {
        None => None,
        Some(name) if store.list(Some(name))?.runs.is_empty() => return Ok(store.find(name)?),
        Some(name) => Some(name),
    };
    let (run, champion) = store.in_use(series)?;
    let Manifest { series, run_id, .. } = &run.manifest;
    let words = RegistryWords::of(run.manifest.language);
    let template = if champion { words.champion } else { words.last };
    output.say(&fill(template, &[("run", run_id), ("series", series)]));
    Ok(run)
}

pub(super) fn run(args: &ExportArgs, common: &Common, output: &Output) -> Outcome {
    let format = match args.format {
        ExportFormat::Csv => Format::Csv,
        ExportFormat::Jsonl => Format::Jsonl,
        ExportFormat::Parquet => Format::Parquet,
    };
    if args.output.is_none() && (output.json || format == Format::Parquet) {
        return Err(Failure::Usage(
            "give a file with -o: stdout takes the export itself only as csv or jsonl and without \
             --json"
                .into(),
        ));
    }
    let stored = stored(&Store::new(&common.models), args.run.as_deref(), output)?;
    let run = store::load(&stored)?;
    let naming = Naming { taxonomy: args.taxonomy.as_deref(), tool: args.tool };
    let Some(path) = &args.output else {
        let mut out = io::stdout().lock();
        return delivered(audience(&run, naming, format, &mut out)?.and_then(|()| out.flush()));
    };
    let mut fault = None;
    write_file(path, |mut file| match audience(&run, naming, format, &mut file) {
        Ok(written) => written,
        Err(error) => {
            fault = Some(error);
            Err(io::Error::other("the table could not be encoded"))
        }
    })
    .map_err(|error| fault.unwrap_or(error))?;
    let customers = run.assignments.len();
    if output.json {
        return output.document(&json!({
            "run_id": run.manifest.run_id,
            "path": path,
            "customers": customers,
        }));
    }
    let speech = Speech(run.manifest.language);
    let values = [("n", &*speech.count(customers)), ("path", &*path.display().to_string())];
    output.say(&fill(RegistryWords::of(speech.0).written, &values));
    Ok(())
}
