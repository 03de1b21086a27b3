//! Against fpc's `clusterboot` (R; values and draws by `scripts/reference_clusterboot.R`, versions in
//! the first line of the file): on its very draws, and on draws of our own.

use rayon::prelude::*;

use super::found::{Refound, refound};
use super::*;
use crate::cluster::canonical::settle;

const DATA: &str = include_str!("../../../tests/reference/clusterboot_data.csv");
const DRAWS: &str = include_str!("../../../tests/reference/clusterboot_draws.csv");
const VALUES: &str = include_str!("../../../tests/reference/clusterboot.csv");

/// One cluster under one scheme.
struct Row {
    customers: usize,
    centre: [f64; 2],
    jaccard: f64,
    dissolved: usize,
    recovered: usize,
}

/// The five clusters, largest first, of `scheme` with `resamples`.
fn expected(scheme: &str, resamples: usize) -> Vec<Row> {
    let lines = VALUES.lines().skip(2).map(|line| line.split(',').collect::<Vec<&str>>());
    let number = |text: &str| text.parse::<f64>().expect("a number");
    lines
        .filter(|fields| fields[0] == scheme && number(fields[1]) == resamples as f64)
        .map(|fields| Row {
            customers: number(fields[2]) as usize,
            centre: [number(fields[3]), number(fields[4])],
            jaccard: number(fields[5]),
            dissolved: number(fields[6]) as usize,
            recovered: number(fields[7]) as usize,
        })
        .collect()
}

/// 300 x 2.
fn data() -> Vec<f64> {
    let fields = DATA.lines().skip(1).flat_map(|line| line.split(','));
    fields.map(|field| field.parse().expect("a number")).collect()
}

fn settings() -> Settings {
    Settings {
        restarts: 20,
        max_iterations: 300,
        squared_move: 0.0,
        ..crate::cluster::testing::settings()
    }
}

/// The partition that k-means finds, with the clusters of `expected` in their order.
fn fitted(points: Points) -> Vec<u32> {
    let raw = fit(&Prepared::new(points), Method::Kmeans, 5, &settings(), Seed(0)).expect("fits");
    let (clusters, assigned) = settle(points, raw.clusters).expect("k-means settles");
    let labels = assigned.assignments.cluster;
    for (cluster, row) in expected("once", 100).iter().enumerate() {
        let size = labels.iter().filter(|&&label| label as usize == cluster).count();
        assert_eq!(size, row.customers);
        let centre = &clusters.centres()[cluster];
        assert!((0..2).all(|i| (centre[i] - row.centre[i]).abs() < 1e-6), "{centre:?}");
    }
    labels
}

/// The draws of `scheme`.
fn draws(scheme: &str) -> Vec<Drawn> {
    let lines = DRAWS.lines().filter_map(|line| line.split_once(','));
    lines
        .filter(|(name, _)| *name == scheme)
        .map(|(_, digits)| {
            let times: Vec<u32> =
                digits.chars().map(|digit| digit.to_digit(10).expect("a digit")).collect();
            let rows: Vec<usize> = (0..times.len()).filter(|&row| times[row] > 0).collect();
            let times = (scheme == "weighted").then(|| rows.iter().map(|&r| times[r]).collect());
            Drawn { rows, times }
        })
        .collect()
}

#[test]
fn on_the_draws_of_fpc() {
    let values = data();
    let points = Points::new(&values, 2);
    let labels = fitted(points);
    let original = Original { method: Method::Kmeans, k: 5, labels: &labels, bounded: None };
    for scheme in ["once", "weighted", "subset"] {
        let draws = draws(scheme);
        assert_eq!(draws.len(), 100);
        let found: Vec<Refound> = draws
            .par_iter()
            .enumerate()
            .map(|(index, drawn)| {
                let seed = Seed(index as u64).derive(REFIT, 0);
                let (found, k) = refit(points, original, drawn, &settings(), seed).expect("fits");
                refound(&labels, 5, drawn, &found, k)
            })
            .collect();
        for (cluster, row) in expected(scheme, 100).iter().enumerate() {
            let ours = Recovery::of(found.iter().map(|refound| refound.jaccard[cluster]));
            let apart = ours.jaccard - row.jaccard;
            assert!(apart.abs() < 0.03, "{scheme} {cluster}: {apart}");
            // A refit that ends elsewhere moves a count by one; fpc counts above 0.75, not from it.
            for (ours, theirs) in [(ours.dissolved, row.dissolved), (ours.recovered, row.recovered)]
            {
                assert!(ours.abs_diff(theirs) <= 10, "{scheme} {cluster}: {ours} and {theirs}");
            }
        }
    }
}

/// Draws differ here: the means of 1,000 resamples, whose deviation is at most 0.26, differ by a
/// deviation of 0.012 at most.
#[test]
fn on_draws_of_our_own() {
    let values = data();
    let points = Points::new(&values, 2);
    let labels = fitted(points);
    let original = Original { method: Method::Kmeans, k: 5, labels: &labels, bounded: None };
    for (name, repeats) in [("once", Repeats::Once), ("weighted", Repeats::Weighted)] {
        let params = StabilityParams { scheme: Scheme::Both, repeats, ..Default::default() };
        let (found, _) = stability(points, original, 1_000, &params, &settings(), Seed(1), &|| ());
        let expected = expected(name, 1_000).into_iter().zip(expected("subset", 1_000));
        for (cluster, (bootstrap, subset)) in expected.enumerate() {
            let ours = found.clusters[cluster].expect("has customers");
            for (ours, theirs) in [(ours.bootstrap, bootstrap), (ours.subset, subset)] {
                let apart = ours.expect("measured").jaccard - theirs.jaccard;
                assert!(apart.abs() < 0.03, "{name} {cluster}: {apart}");
            }
        }
    }
}
