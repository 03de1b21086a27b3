//! Time and memory of micro-segments: `cargo bench --bench layers [-- CUSTOMERS]`, by default
//! 1,000,000 customers with eight features in all stages, three layers of 5 to 8 classes a stage.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "it reads the clock and the system's figures, which are all that it has to say"
)]

use std::time::Instant;

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use segtrail::cluster::{
    BoundsParams, ClusterParams, Covariance, Engine, FeatureSpec, KChoice, KmeansOptions,
    LayerFeatures, LayerSpec, LayersParams, Method, SelectParams, StabilityParams, assign,
    fit_layers,
};
use segtrail::features::{FeatureColumn, FeatureTable, LifecycleParams, Stage, Unit};
use segtrail::types::{CustomerId, Seed};

/// `n` customers with skewed, correlated features and dates of every stage.
fn table(n: usize) -> FeatureTable {
    let names = [
        "recency_days",
        "tenure_days",
        "n_purchase_days",
        "last_gap_days",
        "monetary_total",
        "monetary_mean",
        "rows_per_order",
        "gap_mean_days",
    ];
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(7);
    let mut columns: Vec<Vec<f64>> = vec![Vec::with_capacity(n); names.len()];
    for _ in 0..n {
        let mut skewed = || -rng.r#gen::<f64>().ln();
        let (rate, worth) = (0.2 + skewed(), 0.2 + skewed());
        let recency = (60.0 * skewed() / rate).floor();
        let days = (1.0 + 8.0 * rate * skewed()).floor();
        let gap = (30.0 * skewed() / rate).ceil();
        let tenure = recency + gap * (days - 1.0);
        let order = 10.0 * worth * (0.5 + skewed());
        let rows = 1.0 + (4.0 * worth * skewed()).floor();
        let last = if days > 1.0 {
            (gap * (0.2 + skewed())).min(tenure - recency).ceil()
        } else {
            f64::NAN
        };
        let mean = if days > 1.0 { gap } else { f64::NAN };
        let row = [recency, tenure, days, last, order * days, order, rows, mean];
        columns.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
    }
    FeatureTable {
        customers: (0..n).map(|i| CustomerId::from(format!("c{i:08}").as_str())).collect(),
        columns: names
            .iter()
            .zip(columns)
            .map(|(name, values)| FeatureColumn { name: (*name).into(), unit: Unit::Ratio, values })
            .collect(),
        ..FeatureTable::default()
    }
}

fn layer(name: &str, features: &[&str], k: usize) -> LayerSpec {
    LayerSpec {
        name: name.into(),
        stages: Stage::OF_BUYERS.to_vec(),
        features: LayerFeatures::Named(features.iter().copied().map(FeatureSpec::new).collect()),
        cluster: ClusterParams {
            features: Vec::new(),
            method: Method::Kmeans,
            engine: Engine::Segtrail,
            k: KChoice::Fixed(k),
            restarts: 3,
            max_iterations: 100,
            tolerance: 1e-4,
            covariance_floor: 1e-6,
            kmeans: KmeansOptions::default(),
            covariances: vec![Covariance::Full],
            noise: false,
            bootstrap: 0,
            select: SelectParams::default(),
            bounds: BoundsParams::default(),
            stability: StabilityParams::default(),
        },
    }
}

/// The most memory that this process has had, in MB; 0 where the system does not tell.
fn peak() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse().ok());
    kilobytes.unwrap_or(0.0_f64) / 1024.0
}

fn main() {
    let asked = std::env::args().skip(1).find_map(|argument| argument.parse().ok());
    let n = asked.unwrap_or(1_000_000);
    let table = table(n);
    println!("{n} customers x {} features, {:.0} MB so far", table.columns.len(), peak());
    let params = LayersParams {
        lifecycle: LifecycleParams::default(),
        layers: vec![
            layer("value", &["monetary_total"], 6),
            layer("activity", &["recency_days", "n_purchase_days", "gap_mean_days"], 8),
            layer("basket", &["monetary_mean", "rows_per_order"], 5),
        ],
        min_customers: 500,
        common: ["recency_days", "n_purchase_days", "monetary_total"]
            .map(FeatureSpec::new)
            .to_vec(),
        bootstrap: 0,
        stability: StabilityParams::default(),
    };
    let mut model = None;
    for bootstrap in [0, 20] {
        let params = LayersParams { bootstrap, ..params.clone() };
        let start = Instant::now();
        let found = fit_layers(&table, &params, Seed(1), None, &|_, _| ()).expect("layers fit");
        let record = found.layers.as_ref().expect("layers");
        println!(
            "fit with {bootstrap} resamples: {:.1} s; {} micro-segments of {} strings, {} strings \
             with {} customers merged; peak {:.0} MB",
            start.elapsed().as_secs_f64(),
            record.micro_segments,
            record.strings,
            record.merged_strings,
            record.merged_customers,
            peak()
        );
        for stage in record.stages.iter().filter(|_| bootstrap == 0) {
            println!("  {} {}: {}", stage.stage, stage.customers, stage.micro_segments);
        }
        model = Some((found.model, found.assignments));
    }
    let (model, assignments) = model.expect("fitted");
    let start = Instant::now();
    let again = assign(&model, &table).expect("assigned");
    println!("assign: {:.1} s; peak {:.0} MB", start.elapsed().as_secs_f64(), peak());
    assert_eq!(again, assignments, "the model assigns as the fit did");
}
