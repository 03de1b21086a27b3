//! `segtrail cluster TABLE`: the segments of any table, without a configuration.

mod answer;
mod choice;
mod options;
mod people;
mod phases;

use std::path::Path;
use std::time::Instant;

use serde_json::Value;

pub(super) use self::options::in_options;
use self::phases::PhaseWatch;
use super::args::{ClusterArgs, Common};
use super::output::{Output, count};
use super::speech::Speech;
use super::watch::TerminalWatch;
use super::{Failure, Outcome};
use crate::cluster::{
    self, Algorithm, ClusterParams, ClusterRepresentatives, Engine, FeatureSpec, Fitted, KChoice,
    KmeansOptions, Method, Representatives, Rows, SegmentFigures,
};
use crate::config::{ClusterSection, K};
use crate::export::{RowFigures, TableFormat, write_file, write_segments};
use crate::ingest::{OwnColumn, OwnTable, OwnTableParams, OwnValues, TextParams, read_own_table};
use crate::pipeline::Watch;
use crate::types::{Language, Seed, Warning};

/// Names under which ids are known: a feature called so is most likely none.
const ID_NAMES: [&str; 4] = ["id", "customer_id", "customer", "customerid"];

/// Everything that is told.
struct Found<'a> {
    args: &'a ClusterArgs,
    seed: Seed,
    table: &'a OwnTable,
    specs: &'a [FeatureSpec],
    fitted: &'a Fitted,
    segments: &'a [SegmentFigures],
    people: Option<&'a Representatives>,
    warnings: Vec<Warning>,
    timings: Vec<(&'static str, f64)>,
    /// Seconds of the parts of `cluster`.
    phases: Vec<(&'static str, f64)>,
}

pub(super) fn run(args: &ClusterArgs, common: &Common, output: &Output) -> Outcome {
    check_options(args)?;
    let seed = Seed(common.seed.unwrap_or(1));
    let watch = TerminalWatch::new(output.bars);
    let mut timings = Vec::new();
    let mut begun = Instant::now();
    let mut lap = |step| {
        timings.push((step, begun.elapsed().as_secs_f64()));
        begun = Instant::now();
    };

    watch.begin("read");
    let table = read_own_table(&args.table, &table_params(args))?;
    watch.end();
    lap("read");

    let name = |row: usize| table.name(row);
    let rows = rows(&table, &name)?;
    let names: Vec<&str> = table.features.iter().map(|column| column.name.as_str()).collect();
    let start = args.start.as_deref().map(|path| read_start(path, args, &table)).transpose()?;
    let start_name = |row: usize| format!("{} of the start", row + 1);
    let start = start.as_ref().map(|start| self::rows(start, &start_name)).transpose()?;
    watch.begin("cluster");
    let specs = choice::specs(args, &names)?;
    let params = cluster_params(args, specs, start.as_ref().map(Rows::len));
    let phases = PhaseWatch::new(&watch);
    let fitted = cluster::fit_rows_from(&rows, start.as_ref(), &params, seed, &phases)?;
    let phases = phases.timings();
    watch.end();
    lap("cluster");

    let k = fitted.model.clusters.k();
    let segments = cluster::segment_figures(&rows, &fitted.assignments, k, &names)?;
    let people = match args.no_representatives {
        true => None,
        false => {
            let matrix = cluster::standardise_rows(&fitted.model, &rows)?;
            let (model, assignments) = (&fitted.model, &fitted.assignments);
            Some(cluster::representatives(&matrix, table.weights.as_deref(), model, assignments)?)
        }
    };
    lap("figures");

    watch.begin("write");
    if let Some(path) = &args.output {
        let format = TableFormat::of(path);
        let of_rows = RowFigures {
            assignments: &fitted.assignments,
            stability: &fitted.stability.customers,
            silhouettes: &fitted.row_silhouettes,
            outlier_scores: people.as_ref().map_or(&[], |people| &people.outlier_scores),
        };
        write_segments(path, &table, args.id.as_deref(), &of_rows, format)?;
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
        specs: &params.features,
        fitted: &fitted,
        segments: &segments,
        people: people.as_ref(),
        warnings: warnings(args, &table, &fitted, people.as_ref()),
        timings,
        phases,
    };
    if output.json {
        return output.document(&answer::document(&found));
    }
    found.warnings.iter().for_each(|warning| output.warn(warning, Speech(Language::En)));
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
    let kmeans = [
        ("--algorithm", args.algorithm.is_some()),
        ("--seeding", args.seeding.is_some()),
        ("--no-swaps", args.no_swaps),
    ];
    if let Some((option, _)) = kmeans.iter().find(|(_, given)| *given)
        && (args.method == Method::Gmm || args.engine == Engine::Linfa)
    {
        return refuse(&format!(
            "{option} is of segtrail's k-means: it goes with --method kmeans or auto, and without \
             --engine"
        ));
    }
    if args.no_swaps && !matches!(args.algorithm, None | Some(Algorithm::Lloyd)) {
        return refuse("--no-swaps is of --algorithm lloyd: leave one of the two out");
    }
    if args.start.is_some() {
        if args.engine != Engine::Segtrail {
            return refuse("--start is of segtrail's own kernels: leave out --engine or --start");
        }
        if matches!(args.k, Some(K(KChoice::Range(..)))) {
            return refuse("--start has a centre a segment: give --k as a number, or leave it out");
        }
    }
    choice::check(args)?;
    choice::check_resampling(args)?;
    let features = args.features.as_deref().unwrap_or_default();
    if let Some(column) = args.categories.iter().find(|column| !features.contains(column)) {
        return refuse(&format!(
            "--categories: `{column}` is not among --features. Name it there too"
        ));
    }
    if args.thousands == Some(args.decimal) {
        return refuse("--decimal and --thousands are the same mark: change one");
    }
    if args.bounds.is_some() && args.min_rows.is_none() && args.max_share.is_none() {
        return refuse("--bounds goes with --min-rows or --max-share: there is no bound to keep");
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
        categories: args.categories.clone(),
        weights: args.weights.clone(),
        format: TextParams {
            delimiter: args.delimiter,
            decimal: args.decimal,
            thousands: args.thousands,
            ..TextParams::default()
        },
    }
}

/// The centres to start from: rows of the features' columns, read as those of the table.
fn read_start(path: &Path, args: &ClusterArgs, table: &OwnTable) -> Result<OwnTable, Failure> {
    let category = |column: &&OwnColumn| matches!(column.values, OwnValues::Categories(_));
    let names = |columns: &mut dyn Iterator<Item = &OwnColumn>| -> Vec<String> {
        columns.map(|column| column.name.clone()).collect()
    };
    let params = OwnTableParams {
        id: None,
        features: Some(names(&mut table.features.iter())),
        categories: names(&mut table.features.iter().filter(category)),
        weights: None,
        ..table_params(args)
    };
    let start = read_own_table(path, &params)?;
    for column in &start.features {
        let missing = match &column.values {
            OwnValues::Numbers(values) => values.iter().position(|value| value.is_nan()),
            OwnValues::Categories(values) => values.iter().position(Option::is_none),
        };
        if let Some(row) = missing {
            return Err(Failure::Usage(format!(
                "--start {}: row {} has no `{}`. Give every centre a value of every feature",
                path.display(),
                row + 1,
                column.name
            )));
        }
    }
    Ok(start)
}

fn cluster_params(
    args: &ClusterArgs,
    features: Vec<FeatureSpec>,
    start: Option<usize>,
) -> ClusterParams {
    let section = ClusterSection::default();
    let section = ClusterSection {
        method: args.method,
        engine: args.engine,
        k: args.k.unwrap_or(start.map_or(section.k, |rows| K(KChoice::Fixed(rows)))),
        restarts: args.restarts,
        kmeans: KmeansOptions {
            algorithm: args.algorithm.unwrap_or_default(),
            seeding: args.seeding.unwrap_or_default(),
            swaps: !args.no_swaps,
        },
        max_iterations: args.max_iterations,
        tolerance: args.tolerance,
        covariance_floor: args.covariance_floor.unwrap_or(1e-6),
        covariance: args.covariance.clone().unwrap_or_default(),
        noise: args.noise,
        min_customers: args.min_rows,
        max_share: args.max_share,
        bounds: args.bounds,
        bootstrap: args.bootstrap,
        stability: choice::stability(args),
        select: choice::select(args),
        ..section
    };
    section.params(features)
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
fn warnings(
    args: &ClusterArgs,
    table: &OwnTable,
    fitted: &Fitted,
    people: Option<&Representatives>,
) -> Vec<Warning> {
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
    let unproven = |of: &ClusterRepresentatives| of.medoid.is_some_and(|medoid| !medoid.exact);
    let clusters = people.map_or(&[][..], |people| &people.clusters).iter().enumerate();
    let unproven: Vec<String> =
        clusters.filter(|(_, of)| unproven(of)).map(|(place, _)| (place + 1).to_string()).collect();
    if !unproven.is_empty() {
        warnings.push(Warning::new(
            "medoid_unproven",
            format!(
                "the medoid of segment {} is the best of the most central rows: there are too many \
                 to compare all",
                unproven.join(", ")
            ),
        ));
    }
    warnings
}

/// A number or null.
fn number(value: Option<f64>) -> Value {
    value.filter(|value| value.is_finite()).map_or(Value::Null, Value::from)
}
