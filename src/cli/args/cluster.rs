//! The options of `segtrail cluster`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args as ClapArgs;
use serde::de::DeserializeOwned;

use super::per_feature::{PerFeature, per_feature};
use crate::cluster::{
    Algorithm, Bounding, Criterion, Engine, Method, Missing, Repeats, Scale, Scheme, Seeding,
    Transform,
};
use crate::config::{Covariances, Customers, K, MinCustomers, RuleName, SilhouetteCustomers};

#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Example:\n  segtrail cluster customers.csv --id customer_id --k 15 -o segments.csv\n  \
    segtrail cluster customers.parquet --id customer_id --features age,income,region \\\n      \
    --k 2..30 --transform income=log1p --json\n\n\
    A feature is a column of numbers, or, where --features names it, of up to 50 different texts.\n\
    Missing values are filled with the median and counted. Segments are numbered from 1, the\n\
    largest first; with --id, the order of rows makes no difference."
)]
pub(crate) struct ClusterArgs {
    /// A CSV, gzipped CSV or Parquet table
    pub table: PathBuf,
    /// Column of the id, which no two rows may share; without it rows are numbered
    #[arg(long, value_name = "COLUMN")]
    pub id: Option<String>,
    /// Columns to cluster on [default: every column of numbers but the id and the weights]
    #[arg(long, value_name = "A,B,C", value_delimiter = ',')]
    pub features: Option<Vec<String>>,
    /// Those of --features that are categories even where their values are numbers, such as codes
    #[arg(long, value_name = "A,B,C", value_delimiter = ',', requires = "features")]
    pub categories: Vec<String>,
    /// Column of what a row counts: a row of weight 2 counts like two
    #[arg(long, value_name = "COLUMN")]
    pub weights: Option<String>,
    /// kmeans, gmm, or auto: both, the better by mean silhouette
    #[arg(long, value_name = "NAME", default_value = "kmeans", value_parser = word::<Method>)]
    pub method: Method,
    /// Number of segments, or a range to choose from [default: 2..10, or the rows of --start]
    #[arg(long, value_name = "N|A..B", value_parser = number_or_text::<K>)]
    pub k: Option<K>,
    /// none, log1p or yeo-johnson, for all features of numbers or, as in amount=log1p,age=none, for
    /// some [default: none]
    #[arg(long, value_name = "NAMES", value_parser = per_feature::<Transform>)]
    pub transform: Option<PerFeature<Transform>>,
    /// none, standard, robust or quantile, after the transform; for some as above [default: standard]
    #[arg(long, value_name = "NAMES", value_parser = per_feature::<Scale>)]
    pub scale: Option<PerFeature<Scale>>,
    /// What becomes of missing values: fill (the median, no level), or indicator (told apart too)
    #[arg(long, value_name = "NAME", default_value = "fill", value_parser = word::<Missing>)]
    pub missing: Missing,
    /// Restarts of k-means, the best is kept; the mixture makes at most 3
    #[arg(long, value_name = "N", default_value_t = 10, conflicts_with = "start")]
    pub restarts: usize,
    /// How k-means goes: lloyd (over all rows), mini-batch, or bisecting [default: lloyd]
    #[arg(long, value_name = "NAME", value_parser = word::<Algorithm>, conflicts_with = "start")]
    pub algorithm: Option<Algorithm>,
    /// How k-means starts: k-means++ or k-means|| [default: k-means++]
    #[arg(long, value_name = "NAME", value_parser = word::<Seeding>, conflicts_with = "start")]
    pub seeding: Option<Seeding>,
    /// Leave the best restart of lloyd as it is: no centre is moved to where one is missing
    #[arg(long, conflicts_with = "start")]
    pub no_swaps: bool,
    /// Start once, from the rows of this table as centres, in the units and columns of the features
    #[arg(long, value_name = "FILE")]
    pub start: Option<PathBuf>,
    /// Iterations of one restart at most
    #[arg(long, value_name = "N", default_value_t = 300)]
    pub max_iterations: usize,
    /// When a restart has converged
    #[arg(long, value_name = "X", default_value_t = 1e-4)]
    pub tolerance: f64,
    /// Added to the diagonal of the mixture's covariances [default: 1e-6]
    #[arg(long, value_name = "X")]
    pub covariance_floor: Option<f64>,
    /// Shape of the mixture's covariances: full, tied, diagonal or spherical, several with commas
    /// between, or all [default: full]
    #[arg(long, value_name = "NAMES", value_parser = covariances)]
    pub covariance: Option<Covariances>,
    /// Give the mixture a component for outliers
    #[arg(long)]
    pub noise: bool,
    /// What decides where several fits are weighed: auto, a criterion, or several with weights, as in
    /// silhouette=1,gap=2, by mean rank [default: auto]
    #[arg(long, value_name = "NAME", value_parser = rule)]
    pub rule: Option<RuleOption>,
    /// Criteria to compute beside those that always are: gap, prediction_strength, bootstrap_jaccard
    #[arg(long, value_name = "A,B,C", value_delimiter = ',', value_parser = word::<Criterion>)]
    pub criteria: Vec<Criterion>,
    /// Rows whose silhouettes are averaged: exact (all), a number, or auto, all up to 20000
    /// [default: auto]
    #[arg(long, value_name = "N", value_parser = number_or_text::<SilhouetteCustomers>)]
    pub silhouette: Option<SilhouetteCustomers>,
    /// Reference sets of the gap statistic [default: 20]
    #[arg(long, value_name = "N")]
    pub gap_references: Option<usize>,
    /// Splits of the prediction strength [default: 20]
    #[arg(long, value_name = "N")]
    pub prediction_splits: Option<usize>,
    /// segtrail or linfa
    #[arg(long, value_name = "NAME", default_value = "segtrail", value_parser = word::<Engine>)]
    pub engine: Engine,
    /// Fewest rows of a segment: a number, or a share such as "2 %" (min_customers in messages)
    #[arg(long, value_name = "N", value_parser = number_or_text::<MinCustomers>)]
    pub min_rows: Option<MinCustomers>,
    /// Largest share of the rows in one segment, such as 0.4; of k-means alone
    #[arg(long, value_name = "X")]
    pub max_share: Option<f64>,
    /// merge: too small segments with their nearest, too large ones split [default]; or assign: the
    /// cheapest assignment within the bounds, of k-means alone
    #[arg(long, value_name = "NAME", value_parser = word::<Bounding>)]
    pub bounds: Option<Bounding>,
    /// Refits to resampled rows for the stability of each segment; 0 for none
    #[arg(long, value_name = "B", default_value_t = 100)]
    pub bootstrap: usize,
    /// How rows are resampled: bootstrap (with replacement), subset (without), or both, --bootstrap
    /// refits of each [default: bootstrap]
    #[arg(long, value_name = "NAME", value_parser = word::<Scheme>)]
    pub resampling: Option<Scheme>,
    /// Rows that are resampled at most: a number, beyond which a systematic sample of as many is, or
    /// all [default: 20000]
    #[arg(long, value_name = "N", value_parser = number_or_text::<Customers>)]
    pub resampled_rows: Option<Customers>,
    /// What a row counts that is drawn more than once: once, or weighted (as often as drawn)
    /// [default: once]
    #[arg(long, value_name = "NAME", value_parser = word::<Repeats>)]
    pub repeats: Option<Repeats>,
    /// Share of the rows in one subset [default: 0.5]
    #[arg(long, value_name = "X")]
    pub subset_share: Option<f64>,
    /// Leave out whom to interview and whom to check, and the outlier scores
    #[arg(long)]
    pub no_representatives: bool,
    /// Separator of CSV fields [default: found from the header]
    #[arg(long, value_name = "MARK", value_parser = mark)]
    pub delimiter: Option<char>,
    /// Decimal mark of numbers written as text: . or ,
    #[arg(long, value_name = "MARK", default_value = ".", value_parser = decimal)]
    pub decimal: char,
    /// Mark between thousands of numbers written as text [default: none]
    #[arg(long, value_name = "MARK", value_parser = mark)]
    pub thousands: Option<char>,
    /// Write the segment of every row to this file: Parquet where it ends so, else CSV
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write the model to this file, as the model.json of a run
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
}

/// `--rule`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RuleOption {
    /// `auto` or a criterion.
    Name(RuleName),
    /// Criteria with their weights.
    Weights(BTreeMap<Criterion, f64>),
}

/// A word of the configuration.
pub(super) fn word<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_value(text.into()).map_err(|error| error.to_string())
}

/// A whole number or a text of the configuration, such as `15` or `2..30`.
fn number_or_text<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let value = text.trim().parse::<i64>().map_or_else(|_| text.into(), serde_json::Value::from);
    serde_json::from_value(value).map_err(|error| error.to_string())
}

/// `gap` or `silhouette=1,gap=2`.
fn rule(text: &str) -> Result<RuleOption, String> {
    if !text.contains('=') {
        return word(text).map(RuleOption::Name);
    }
    let mut weights = BTreeMap::new();
    for part in text.split(',') {
        let Some((name, weight)) = part.split_once('=') else {
            return Err(format!("`{part}` has no weight: write {part}=1"));
        };
        let weight = weight.trim().parse().map_err(|_| format!("`{weight}` is no weight"))?;
        if weights.insert(word(name.trim())?, weight).is_some() {
            return Err(format!("`{name}` is named twice"));
        }
    }
    Ok(RuleOption::Weights(weights))
}

/// `tied`, `full,diagonal` or `all`.
fn covariances(text: &str) -> Result<Covariances, String> {
    let value = match text.contains(',') {
        true => text.split(',').map(str::trim).collect::<Vec<_>>().into(),
        false => text.into(),
    };
    serde_json::from_value(value).map_err(|error: serde_json::Error| error.to_string())
}

fn decimal(text: &str) -> Result<char, String> {
    match text {
        "." => Ok('.'),
        "," => Ok(','),
        _ => Err("give . or ,".into()),
    }
}

/// A mark by itself or by its name on the command line.
fn mark(text: &str) -> Result<char, String> {
    let mut characters = text.chars();
    match (text, characters.next(), characters.next()) {
        ("tab" | "\\t", ..) => Ok('\t'),
        ("space", ..) => Ok(' '),
        (_, Some(mark), None) if !mark.is_alphanumeric() && !matches!(mark, '"' | '-' | '+') => {
            Ok(mark)
        }
        _ => Err("give one mark, such as ; or , or tab or space".into()),
    }
}
