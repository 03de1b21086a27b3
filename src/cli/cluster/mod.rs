//! `segtrail cluster TABLE`: the segments of any table, without a configuration.

mod answer;

use std::time::Instant;

use serde_json::Value;

use super::args::{ClusterArgs, Common};
use super::output::{Output, count};
use super::watch::TerminalWatch;
use super::{Failure, Outcome};
use crate::cluster::{
    self, ClusterParams, Engine, FeatureSpec, Fitted, KmeansOptions, Method, Rows, SegmentFigures,
    StabilityParams,
};
use crate::export::{TableFormat, write_file, write_segments};
use crate::ingest::{OwnTable, OwnTableParams, OwnValues, TextParams, read_own_table};
use crate::pipeline::Watch;
use crate::types::{Seed, Warning};

/// Names under which ids are known: a feature called so is most likely none.
const ID_NAMES: [&str; 4] = ["id", "customer_id", "customer", "customerid"];

/// Everything that is told.
struct Found<'a> {
    args: &'a ClusterArgs,
    seed: Seed,
    table: &'a OwnTable,
    fitted: &'a Fitted,
    segments: &'a [SegmentFigures],
    warnings: Vec<Warning>,
    timings: Vec<(&'static str, f64)>,
}

pub(super) fn run(args: &ClusterArgs, common: &Common, output: &Output) -> Outcome {
    check_options(args)?;
    let seed = Seed(common.seed.unwrap_or(1));
    let watch = TerminalWatch::new(output.bars);
    let mut timings = Vec::new();
    let mut start = Instant::now();
    let mut lap = |step| {
        timings.push((step, start.elapsed().as_secs_f64()));
        start = Instant::now();
    };

    watch.begin("read");
    let table = read_own_table(&args.table, &table_params(args))?;
    watch.end();
    lap("read");

    let name = |row: usize| table.name(row);
    let rows = rows(&table, &name)?;
    let names: Vec<&str> = table.features.iter().map(|column| column.name.as_str()).collect();
    watch.begin("cluster");
    let params = cluster_params(args, &names);
    let progress = |done, total| watch.progress(done, total);
    let fitted = cluster::fit_rows(&rows, &params, seed, &progress)?;
    watch.end();
    lap("cluster");

    let k = fitted.model.clusters.k();
    let segments = cluster::segment_figures(&rows, &fitted.assignments, k, &names)?;
    lap("figures");

    watch.begin("write");
    if let Some(path) = &args.output {
        let format = TableFormat::of(path);
        write_segments(path, &table, args.id.as_deref(), &fitted.assignments, format)?;
    }
    if let Some(path) = &args.model {
        write_file(path, |file| {
            serde_json::to_writer_pretty(&mut *file, &fitted.model)?;
            file.write_all(b"\n")
        })?;
    }
    watch.end();
    lap("write");

    let found = Found {
        args,
        seed,
        table: &table,
        fitted: &fitted,
        segments: &segments,
        warnings: warnings(args, &table, &fitted),
        timings,
    };
    if output.json {
        return output.document(&answer::document(&found));
    }
    found.warnings.iter().for_each(|warning| output.warn(warning));
    output.text(&answer::render(&found))?;
    if let Some(path) = &args.output {
        output.say(&format!("{} rows written to {}", count(table.rows as u64), path.display()));
    }
    if let Some(path) = &args.model {
        output.say(&format!("model written to {}", path.display()));
    }
    Ok(())
}

/// Options that mean nothing together are refused, not ignored.
fn check_options(args: &ClusterArgs) -> Outcome {
    let refuse = |text: &str| Err(Failure::Usage(text.into()));
    if args.covariance_floor.is_some() && args.method == Method::Kmeans {
        return refuse("--covariance-floor is of the mixture: it goes with --method gmm or auto");
    }
    if args.covariance.is_some() && args.method == Method::Kmeans {
        return refuse("--covariance is of the mixture: it goes with --method gmm or auto");
    }
    if args.noise && args.method == Method::Kmeans {
        return refuse("--noise is of the mixture: it goes with --method gmm or auto");
    }
    if args.weights.is_some() && args.engine == Engine::Linfa {
        return refuse("--engine linfa counts every row once: leave out --weights or --engine");
    }
    if args.thousands == Some(args.decimal) {
        return refuse("--decimal and --thousands are the same mark: change one");
    }
    if args.output.is_some() && args.output == args.model {
        return refuse("-o and --model are the same file: change one");
    }
    Ok(())
}

fn table_params(args: &ClusterArgs) -> OwnTableParams {
    OwnTableParams {
        id: args.id.clone(),
        features: args.features.clone(),
        weights: args.weights.clone(),
        format: TextParams {
            delimiter: args.delimiter,
            decimal: args.decimal,
            thousands: args.thousands,
            ..TextParams::default()
        },
    }
}

fn cluster_params(args: &ClusterArgs, features: &[&str]) -> ClusterParams {
    let feature = |name: &&str| FeatureSpec {
        transform: args.transform,
        scale: args.scale,
        missing: args.missing,
        ..FeatureSpec::new(name)
    };
    ClusterParams {
        features: features.iter().map(feature).collect(),
        method: args.method,
        engine: args.engine,
        k: args.k.0,
        restarts: args.restarts,
        kmeans: KmeansOptions::default(),
        max_iterations: args.max_iterations,
        tolerance: args.tolerance,
        covariance_floor: args.covariance_floor.unwrap_or(1e-6),
        covariance: args.covariance.unwrap_or_default(),
        noise: args.noise,
        bootstrap: args.bootstrap,
        stability: StabilityParams::default(),
    }
}

/// The table as the clustering room takes it.
fn rows<'a>(
    table: &'a OwnTable,
    name: &'a (dyn Fn(usize) -> String + Sync),
) -> Result<Rows<'a>, Failure> {
    let mut rows = Rows::new(table.rows, name);
    for column in &table.features {
        rows = match &column.values {
            OwnValues::Numbers(values) => rows.numbers(&column.name, values),
            OwnValues::Categories(values) => rows.texts(&column.name, values),
        };
    }
    Ok(match &table.weights {
        Some(weights) => rows.weighted(weights)?,
        None => rows,
    })
}

/// What a person should know of the table, then of the fit.
fn warnings(args: &ClusterArgs, table: &OwnTable, fitted: &Fitted) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |code, message: String| warnings.push(Warning::new(code, message));
    for (column, why) in &table.left_out {
        warn("column_left_out", format!("the column `{column}` is left out: {why}"));
    }
    for (column, why) in &table.mixed {
        let message = format!("`{column}` is taken as categories, one column a value: {why}");
        warn("numbers_as_categories", message);
    }
    if args.id.is_none() {
        let known = |name: &str| ID_NAMES.contains(&name.to_lowercase().as_str());
        match table.features.iter().find(|column| known(&column.name)) {
            Some(column) if args.features.is_none() => warn(
                "id_as_feature",
                format!(
                    "`{0}` is clustered on like any number: if it is an id, give --id {0}",
                    column.name
                ),
            ),
            _ => {}
        }
    }
    for (feature, rows) in &fitted.filled {
        let message = format!(
            "{} of {} rows have no value of `{feature}`: it was filled with the median",
            count(*rows as u64),
            count(table.rows as u64)
        );
        warn("filled", message);
    }
    warnings.extend(fitted.warnings.iter().cloned());
    warnings
}

/// A number or null.
fn number(value: Option<f64>) -> Value {
    value.filter(|value| value.is_finite()).map_or(Value::Null, Value::from)
}
