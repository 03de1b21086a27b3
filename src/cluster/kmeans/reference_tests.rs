//! k-means against scikit-learn from the same starts after the same iterations. The file is made by
//! `scripts/reference_kmeans.py`.

use serde::Deserialize;

use super::*;
use crate::cluster::kernel::Points;

const REFERENCE: &str = include_str!("../../../tests/reference/kmeans.json");

#[derive(Deserialize)]
struct Reference {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    values: Vec<Vec<f64>>,
    start: Vec<Vec<f64>>,
    runs: Vec<Run>,
}

#[derive(Deserialize)]
struct Run {
    max_iter: usize,
    iterations: usize,
    inertia: f64,
    labels: Vec<u32>,
}

#[test]
fn scikit_learn_finds_the_same_partition_after_the_same_iterations() {
    let reference: Reference = serde_json::from_str(REFERENCE).expect("the script's file");
    assert!(reference.cases.len() >= 5);
    for case in &reference.cases {
        let values = case.values.concat();
        let prepared = Prepared::new(Points::new(&values, case.values[0].len()));
        for theirs in &case.runs {
            let stop = Stop { max_iterations: theirs.max_iter, squared_move: 0.0 };
            let ours = lloyd(&prepared, case.start.concat(), stop);
            let place = format!("{}, {} iterations", case.name, theirs.max_iter);
            assert_eq!(ours.iterations, theirs.iterations, "{place}");
            assert!(ours.labels == theirs.labels, "{place}");
            let apart = (ours.inertia - theirs.inertia).abs();
            assert!(apart <= 1e-9 * theirs.inertia, "{place}: {} {}", ours.inertia, theirs.inertia);
        }
    }
}
