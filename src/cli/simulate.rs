//! `segtrail simulate`: transactions drawn from known groups, with the truth beside them.

use std::path::Path;

use serde_json::json;

use super::args::{Common, SimulateArgs, SimulateFormat};
use super::output::{Output, count};
use super::watch::TerminalWatch;
use super::{Failure, Outcome};
use crate::export::{TableFormat, write_simulated_features, write_simulation};
use crate::pipeline::Watch;
use crate::simulate::{BUILT_IN, Scenario, SimulateParams, Simulation};
use crate::types::Seed;

pub(super) fn run(args: &SimulateArgs, common: &Common, output: &Output) -> Outcome {
    let params = SimulateParams {
        customers: args.customers,
        months: args.months,
        seed: Seed(common.seed.unwrap_or(1)),
        start: args.start.unwrap_or(SimulateParams::DEFAULT_START),
        scenario: scenario(&args.scenario, args.months)?,
    };
    let simulation = Simulation::new(params)?;
    let watch = TerminalWatch::new(output.bars);
    watch.begin("simulate");
    let mut progress = |done: u64, total: u64| watch.progress(done as usize, total as usize);
    let (path, written, config) = match (&args.features, &args.output) {
        (Some(file), _) => {
            let format = TableFormat::of(file);
            (file, write_simulated_features(&simulation, file, format, &mut progress)?, None)
        }
        (None, Some(folder)) => {
            let format = match args.format {
                SimulateFormat::Csv => TableFormat::Csv,
                SimulateFormat::Parquet => TableFormat::Parquet,
            };
            let written = write_simulation(&simulation, folder, format, &mut progress)?;
            (folder, written, Some(folder.join("segtrail.toml")))
        }
        (None, None) => {
            return Err(Failure::Usage("give a folder with -o, or a file with --features".into()));
        }
    };
    watch.end();
    if output.json {
        return output.document(&json!({
            "path": path,
            "customers": written.customers,
            "orders": written.orders,
            "config": config,
        }));
    }
    output.say(&format!(
        "{} {} customers written to {}",
        match config {
            Some(_) => format!("{} orders of", count(written.orders)),
            None => format!("features from {} orders of", count(written.orders)),
        },
        count(written.customers),
        path.display()
    ));
    Ok(())
}

/// A built-in scenario, or one from a TOML file.
fn scenario(name: &str, months: u32) -> Result<Scenario, Failure> {
    if BUILT_IN.contains(&name) || !Path::new(name).exists() {
        return Ok(Scenario::built_in(name, months)?);
    }
    let text = std::fs::read_to_string(name)
        .map_err(|error| Failure::Usage(format!("--scenario {name}: {error}")))?;
    Ok(Scenario::parse(name, &text)?)
}
