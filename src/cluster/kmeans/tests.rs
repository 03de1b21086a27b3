//! k-means: the fast kernel against naive Lloyd from the same start, and hand-worked cases.

use proptest::prelude::*;

use super::seeding::kmeans_plus_plus;
use super::*;
use crate::cluster::kernel::{BLOCK, Points, squared_distance};

/// The plain iteration: no bounds, no blocks, the textbook's order of work.
fn naive(points: Points, mut centroids: Vec<f64>, stop: Stop) -> (Vec<f64>, usize) {
    let p = points.p;
    let k = centroids.len() / p;
    for iteration in 1..=stop.max_iterations {
        let mut labels: Vec<usize> =
            (0..points.n).map(|row| nearest(points.row(row), &centroids, p)).collect();
        loop {
            let count = |c: usize| labels.iter().filter(|&&label| label == c).count();
            let Some(empty) = (0..k).find(|&c| count(c) == 0) else { break };
            let distance = |row: usize| {
                let label = labels[row];
                squared_distance(points.row(row), &centroids[label * p..(label + 1) * p])
            };
            let Some(row) = (0..points.n)
                .filter(|&row| count(labels[row]) > 1)
                .reduce(|best, row| if distance(row) > distance(best) { row } else { best })
                .filter(|&row| distance(row) > 0.0)
            else {
                break;
            };
            labels[row] = empty;
        }
        let mut next = centroids.clone();
        for c in 0..k {
            let members: Vec<usize> = (0..points.n).filter(|&row| labels[row] == c).collect();
            for feature in 0..p {
                if !members.is_empty() {
                    let values = members.iter().map(|&row| points.row(row)[feature]);
                    next[c * p + feature] = exact_sum(values) / members.len() as f64;
                }
            }
        }
        let moved: f64 = next
            .chunks_exact(p)
            .zip(centroids.chunks_exact(p))
            .map(|(new, old)| squared_distance(new, old))
            .sum();
        centroids = next;
        if moved <= stop.squared_move {
            return (centroids, iteration);
        }
    }
    (centroids, stop.max_iterations)
}

/// The sum of values of ordinary size, rounded once.
fn exact_sum(values: impl Iterator<Item = f64>) -> f64 {
    let unit = 2.0_f64.powi(96);
    values.map(|value| (value * unit) as i128).sum::<i128>() as f64 / unit
}

fn nearest(row: &[f64], centroids: &[f64], p: usize) -> usize {
    let distance = |c: usize| squared_distance(row, &centroids[c * p..(c + 1) * p]);
    (0..centroids.len() / p)
        .reduce(|best, c| if distance(c) < distance(best) { c } else { best })
        .expect("a centroid")
}

/// [`super::lloyd`] on rows that are prepared for it.
fn lloyd(points: Points, start: Vec<f64>, stop: Stop) -> KmeansRun {
    super::lloyd(&Prepared::new(points), start, stop)
}

/// One run from a k-means++ start.
fn run(points: Points, k: usize, stop: Stop, seed: Seed) -> KmeansRun {
    lloyd(points, kmeans_plus_plus(points, k, seed), stop)
}

const STOP: Stop = Stop { max_iterations: 60, squared_move: 0.0 };

#[test]
fn two_clusters_by_hand() {
    // From 0 and 1: {0}, {1, 2, 9, 10} -> 0, 5.5 -> {0, 1, 2}, {9, 10} -> 1, 9.5, at rest.
    let run = lloyd(Points::new(&[0.0, 1.0, 2.0, 9.0, 10.0], 1), vec![0.0, 1.0], STOP);
    assert_eq!(run.centroids, [1.0, 9.5]);
    assert_eq!((run.inertia, run.iterations, run.converged), (2.5, 3, true));
}

#[test]
fn a_tie_goes_to_the_lower_centroid() {
    // Row 1 is as near to 0 as to 2.
    let points = Points::new(&[0.0, 1.0, 2.0], 1);
    let stop = Stop { max_iterations: 1, squared_move: 0.0 };
    assert_eq!(lloyd(points, vec![0.0, 2.0], stop).centroids, [0.5, 2.0]);
    assert_eq!(lloyd(points, vec![2.0, 0.0], stop).centroids, [1.5, 0.0]);
}

#[test]
fn an_empty_cluster_takes_the_farthest_row() {
    let points = Points::new(&[0.0, 1.0, 2.0, 30.0], 1);
    let run = lloyd(points, vec![1.0, 500.0], STOP);
    assert_eq!(run.centroids, [1.0, 30.0]);
    // Three empty at once.
    let run = lloyd(points, vec![1.0, 500.0, 600.0, 700.0], STOP);
    assert_eq!(run.inertia, 0.0);
}

#[test]
fn rows_all_alike_and_k_of_one_and_of_n() {
    let alike = lloyd(Points::new(&[4.0; 6], 2), vec![4.0; 4], STOP);
    assert_eq!((alike.inertia, alike.converged), (0.0, true));
    let values = [3.0, 1.0, 2.0, 6.0];
    let points = Points::new(&values, 1);
    assert_eq!(run(points, 1, STOP, Seed(1)).centroids, [3.0]);
    assert_eq!(run(points, 4, STOP, Seed(1)).inertia, 0.0);
}

#[test]
fn running_out_of_iterations_is_told() {
    let values: Vec<f64> = (0..400).map(|i| f64::from(i * 7919 % 1000)).collect();
    let stop = Stop { max_iterations: 1, squared_move: 0.0 };
    let run = run(Points::new(&values, 2), 5, stop, Seed(3));
    assert_eq!((run.converged, run.iterations), (false, 1));
    assert!(squared_move(&Prepared::new(Points::new(&values, 2)), &run.centroids) > 0.0);
}

#[test]
fn several_blocks_give_what_the_plain_iteration_gives() {
    let values: Vec<f64> =
        (0..3 * (2 * BLOCK + 17)).map(|i| ((i * 7919) % 1013) as f64 / 8.0).collect();
    let points = Points::new(&values, 3);
    let start = kmeans_plus_plus(points, 6, Seed(5));
    let stop = Stop { max_iterations: 15, squared_move: 0.0 };
    assert_eq!(lloyd(points, start.clone(), stop).centroids, naive(points, start, stop).0);
}

#[test]
fn bounds_of_several_blocks_change_nothing() {
    // Forty groups, well apart but for their size: after a few iterations bounds hold for most rows
    // of a block, and centroids go on moving.
    let values: Vec<f64> = (0..2 * (2 * BLOCK + 17))
        .map(|i| {
            let (row, feature) = (i / 2, i % 2);
            let centre = [(row % 8) as f64, (row / 8 % 5) as f64][feature];
            centre + ((i * 7919) % 1013) as f64 / 1013.0
        })
        .collect();
    let points = Points::new(&values, 2);
    for seed in 0..3 {
        let start = kmeans_plus_plus(points, 40, Seed(seed));
        let fast = lloyd(points, start.clone(), STOP);
        let (plain, iterations) = naive(points, start, STOP);
        assert_eq!((fast.centroids, fast.iterations), (plain, iterations));
        assert!(iterations > 10);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Small integers, so that ties, duplicates and constant columns are common and sums exact.
    #[test]
    fn bounds_change_nothing(
        p in 1usize..4,
        cells in prop::collection::vec(-4i32..5, 3..300),
        k in 1usize..60,
        seed in 0u64..1000,
    ) {
        let n = cells.len() / p;
        let values: Vec<f64> = cells[..n * p].iter().map(|&cell| f64::from(cell)).collect();
        let points = Points::new(&values, p);
        let start = kmeans_plus_plus(points, k.min(n), Seed(seed));
        let fast = lloyd(points, start.clone(), STOP);
        let (plain, iterations) = naive(points, start, STOP);
        prop_assert_eq!(&fast.centroids, &plain);
        prop_assert_eq!(fast.iterations, iterations);
        let sum: f64 = (0..n)
            .map(|row| {
                let c = nearest(points.row(row), &plain, p);
                squared_distance(points.row(row), &plain[c * p..(c + 1) * p])
            })
            .sum();
        prop_assert!((fast.inertia - sum).abs() <= 1e-9 * (1.0 + sum));
    }

    #[test]
    fn bounds_change_nothing_on_real_numbers(
        cells in prop::collection::vec(-1.0f64..1.0, 20..400),
        k in 2usize..60,
        seed in 0u64..1000,
    ) {
        let n = cells.len() / 2;
        let points = Points::new(&cells[..2 * n], 2);
        let start = kmeans_plus_plus(points, k.min(n), Seed(seed));
        let fast = lloyd(points, start.clone(), STOP);
        prop_assert_eq!(fast.centroids, naive(points, start, STOP).0);
    }
}
