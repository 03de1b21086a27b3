//! The start of tied covariances: the least determinant, whatever linear map, weights and threads.

use proptest::prelude::*;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use crate::cluster::assign::assign_points;
use crate::cluster::engine::of_mixture;
use crate::cluster::kmeans::{Plan, fit, nearest_labels};
use crate::cluster::mixture::{best_of, em, from_centroids};
use crate::cluster::{Algorithm, Seeding};
use crate::types::Seed;

const PARAMS: EmParams = EmParams {
    max_iterations: 100,
    tolerance: 1e-3,
    covariance_floor: 1e-6,
    covariance: Covariance::Tied,
    noise: false,
};
const STOP: Stop = Stop { max_iterations: 100, squared_move: 1e-6 };

/// Roughly normal numbers (twelve uniforms).
fn normal(seed: u64) -> impl FnMut() -> f64 {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    move || (0..12).map(|_| rng.r#gen::<f64>()).sum::<f64>() - 6.0
}

/// `n` rows of 3 in five groups, each ten times as wide as it is high, that overlap in width.
fn stretched(n: usize, seed: u64) -> Vec<f64> {
    let mut normal = normal(seed);
    let row = |row: usize| {
        let (along, above) = ((row % 5) as f64, (3 * row % 5) as f64);
        [8.0 * along + 5.0 * normal(), 4.8 * above + 0.5 * normal(), 2.0 * normal()]
    };
    (0..n).flat_map(row).collect()
}

/// The component of each row, numbered in the order of their first rows.
fn partition(points: Points, mixture: Mixture) -> Vec<usize> {
    let run = em(points, mixture, EmParams { max_iterations: 0, ..PARAMS });
    let assigned = assign_points(points, &of_mixture(run).clusters).expect("factors");
    let mut numbers = Vec::new();
    let mut number = |label: u32| {
        numbers.iter().position(|&known| known == label).unwrap_or_else(|| {
            numbers.push(label);
            numbers.len() - 1
        })
    };
    assigned.assignments.cluster.into_iter().map(&mut number).collect()
}

/// A partition by the places of `rows` rather than by a run of k-means.
fn found(points: Points, rows: &[usize]) -> KmeansRun {
    let centroids = points.gather(rows);
    let (labels, inertia) = nearest_labels(&Prepared::once(points), &centroids);
    KmeansRun { centroids, labels, inertia, iterations: 0, converged: true }
}

/// An ordinary start: one run of k-means.
fn k_means(points: Points, k: usize, seed: u64) -> KmeansRun {
    let plan = Plan {
        algorithm: Algorithm::Lloyd,
        restarts: 1,
        seeding: Seeding::PlusPlus,
        refine: false,
        stop: STOP,
    };
    fit(&Prepared::new(points), k, &plan, Seed(seed))
}

#[test]
fn an_invertible_map_of_the_rows_changes_no_partition() {
    // Invertible, and far from a rotation: determinant 2 (3/2 + 1/2) - (-1/2 - 1) = 5.5.
    let map = [[2.0, 1.0, 0.0], [-1.0, 3.0, 0.25], [4.0, -2.0, 0.5]];
    for seed in 0..5 {
        let values = stretched(400, seed);
        let mapped: Vec<f64> = values
            .chunks_exact(3)
            .flat_map(|row| map.map(|by| by.iter().zip(row).map(|(a, x)| a * x).sum::<f64>()))
            .collect();
        // Each from the k-means of its own rows, which cuts the groups in different places.
        let of = |values: &[f64]| {
            let points = Points::new(values, 3);
            let start = k_means(points, 5, seed);
            let start = tied_start(points, &start, PARAMS, STOP).expect("a better one");
            partition(points, start)
        };
        let plain = of(&values);
        assert_eq!(plain, of(&mapped), "seed {seed}");
        let wrong = plain.iter().enumerate().filter(|&(row, &group)| group != row % 5).count();
        assert_eq!(wrong, 0, "seed {seed}");
    }
}

#[test]
fn em_from_the_ordinary_start_alone_is_caught() {
    // Twenty groups on a wave, each higher than it is wide.
    let mut gains = Vec::new();
    for seed in 0..5 {
        let mut normal = normal(seed);
        let values: Vec<f64> = (0..800)
            .flat_map(|row| {
                let along = (row % 20) as f64;
                let height = 15.0 * (std::f64::consts::TAU * along / 20.0).sin();
                [6.0 * along + 0.35 * normal(), height + 5.0 * normal()]
            })
            .collect();
        let points = Points::new(&values, 2);
        let plain = from_centroids(points, &k_means(points, 20, seed).centroids, PARAMS);
        let found =
            best_of(&Prepared::new(points), 20, PARAMS, STOP.squared_move, vec![Seed(seed)]);
        let found = found.expect("one restart");
        gains.push(found.log_likelihood - plain.log_likelihood);
    }
    assert!(gains.iter().all(|gain| *gain >= 0.0), "{gains:?}");
    assert!(gains.iter().any(|gain| *gain > 100.0), "{gains:?}");
}

/// ln det W by its definition, for p = 2.
fn log_determinant(points: Points, labels: &[u32], k: usize, floor: f64) -> f64 {
    let mut within = [floor, 0.0, floor];
    let total = points.total_weight();
    for cluster in 0..k as u32 {
        let rows: Vec<usize> = (0..points.n).filter(|&row| labels[row] == cluster).collect();
        let weight: f64 = rows.iter().map(|&row| points.weight(row)).sum();
        let mean = [0, 1].map(|i| {
            rows.iter().map(|&row| points.weight(row) * points.row(row)[i]).sum::<f64>() / weight
        });
        for row in rows {
            let (x, y) = (points.row(row)[0] - mean[0], points.row(row)[1] - mean[1]);
            for (entry, product) in within.iter_mut().zip([x * x, x * y, y * y]) {
                *entry += points.weight(row) * product / total;
            }
        }
    }
    (within[0] * within[2] - within[1] * within[1]).ln()
}

#[test]
fn of_all_partitions_that_of_least_determinant_is_found() {
    // Two rows of five, longer than the gap between them.
    let values = [
        0.0, 0.1, 3.0, -0.2, 6.0, 0.0, 9.0, 0.2, 12.0, -0.1, //
        3.5, 4.1, 6.5, 3.9, 9.5, 4.0, 12.5, 3.8, 15.5, 4.2,
    ];
    let points = Points::new(&values, 2);
    let floor = PARAMS.covariance_floor;
    let least = (1..1_u32 << 9)
        .map(|bits| (0..10).map(|row| bits >> row & 1).collect::<Vec<u32>>())
        .map(|labels| log_determinant(points, &labels, 2, floor))
        .fold(f64::INFINITY, f64::min);
    // Three rows to the left, seven to the right. The search is a local one: not every start leads
    // there.
    let start = found(points, &[1, 6]);
    assert!(log_determinant(points, &start.labels, 2, floor) > least + 1.0);
    let mixture = tied_start(points, &start, PARAMS, STOP).expect("a better one");
    let c = &mixture.covariances;
    assert!(((c[0] * c[3] - c[1] * c[2]).ln() - least).abs() < 1e-9);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Rounds on tables of no structure, with what stops them left out.
    #[test]
    fn no_round_raises_the_determinant(
        cells in prop::collection::vec(-20i32..21, 12..200),
        weights in prop::collection::vec(1u8..5, 100),
        k in 1usize..6,
    ) {
        let n = cells.len() / 2;
        let values: Vec<f64> = cells[..2 * n].iter().copied().map(f64::from).collect();
        let weights: Vec<f64> = weights[..n].iter().copied().map(f64::from).collect();
        let points = Points::new(&values, 2).weighted(Some(&weights));
        let start = found(points, &(0..k).collect::<Vec<_>>());
        let Some(mut now) = Partition::of(points, &start.labels, k, 1e-6) else { return Ok(()) };
        let slow = log_determinant(points, &start.labels, k, 1e-6);
        prop_assert!((now.log_determinant - slow).abs() < 1e-6, "{} {slow}", now.log_determinant);
        for _ in 0..6 {
            let Some(next) = now.round(points, 1e-6, 100, 1e-6) else { return Ok(()) };
            prop_assert!(next.log_determinant <= now.log_determinant + 1e-9);
            now = next;
        }
    }

    #[test]
    fn a_row_of_weight_two_is_the_row_twice(
        cells in prop::collection::vec(-20i32..21, 40..120),
        k in 2usize..5,
    ) {
        let n = cells.len() / 2;
        let values: Vec<f64> = cells[..2 * n].iter().copied().map(f64::from).collect();
        let weights: Vec<f64> = (0..n).map(|row| if row % 3 == 0 { 2.0 } else { 1.0 }).collect();
        let rows: Vec<usize> =
            (0..n).flat_map(|row| std::iter::repeat_n(row, weights[row] as usize)).collect();
        let points = Points::new(&values, 2).weighted(Some(&weights));
        let twice = points.gather(&rows);
        let twice = Points::new(&twice, 2);
        let start = found(points, &(0..k).collect::<Vec<_>>());
        let labels: Vec<u32> = rows.iter().map(|&row| start.labels[row]).collect();
        let again = KmeansRun { labels, ..start.clone() };
        let of = |points, found| Partition::of(points, found, k, 1e-6);
        let (Some(one), Some(other)) = (of(points, &start.labels), of(twice, &again.labels)) else {
            return Ok(());
        };
        let close = |a: &[f64], b: &[f64]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9 * (1.0 + a.abs()))
        };
        prop_assert!(close(&one.weights, &other.weights) && close(&one.means, &other.means));
        prop_assert!(close(&one.within, &other.within));
    }
}

#[test]
fn weights_of_two_start_as_the_rows_repeated_do() {
    let values = stretched(200, 7);
    let points = Points::new(&values, 3);
    let weights = vec![2.0; 200];
    let rows: Vec<usize> = (0..200).flat_map(|row| [row, row]).collect();
    let twice = points.gather(&rows);
    let start = found(points, &[0, 1, 2, 3, 4]);
    let labels = rows.iter().map(|&row| start.labels[row]).collect();
    let of = |points: Points, labels: Vec<u32>| {
        let found = KmeansRun { labels, ..start.clone() };
        tied_start(points, &found, PARAMS, STOP).expect("a better one")
    };
    let one = of(points.weighted(Some(&weights)), start.labels.clone());
    let other = of(Points::new(&twice, 3), labels);
    let pairs = [(&one.weights, &other.weights), (&one.means, &other.means)];
    for (one, other) in pairs.into_iter().chain([(&one.covariances, &other.covariances)]) {
        assert!(one.iter().zip(other).all(|(a, b)| (a - b).abs() < 1e-9), "{one:?} {other:?}");
    }
}

#[test]
fn degenerate_tables_have_a_finite_mixture() {
    let constant: Vec<f64> = stretched(60, 3).chunks(3).flat_map(|r| [r[0], 5.0, r[0]]).collect();
    let two: Vec<f64> = (0..80).map(|at| f64::from(u8::from(at % 8 < 2))).collect();
    let tables = [
        ("a constant and a repeated column", constant, 3),
        ("all alike", vec![1.0; 40], 2),
        ("two distinct rows", two, 2),
        ("one row", vec![3.0, -4.0], 2),
        ("as many clusters as rows", vec![0.0, 1.0, 5.0, 2.0, 9.0, -3.0, 1.0, 1.0], 2),
        ("huge", stretched(40, 1).iter().map(|value| 1e150 * value).collect(), 3),
    ];
    for (name, values, p) in &tables {
        for k in 1..=4.min(values.len() / p) {
            for noise in [false, true] {
                let params = EmParams { noise, ..PARAMS };
                let prepared = Prepared::new(Points::new(values, *p));
                let found = best_of(&prepared, k, params, 1e-6, vec![Seed(1)]).expect("one");
                let Mixture { weights, means, covariances, .. } = &found.mixture;
                let mut all = weights.iter().chain(means).chain(covariances);
                assert!(all.all(|value| value.is_finite()), "{name}, k = {k}");
                assert!(found.log_likelihood.is_finite(), "{name}, k = {k}");
            }
        }
    }
    // As many clusters as rows: W is the floor, and nothing is below it.
    let points = Points::new(&tables[4].1, 2);
    assert!(tied_start(points, &found(points, &[0, 1, 2, 3]), PARAMS, STOP).is_none());
    let points = Points::new(&tables[1].1, 2);
    assert!(tied_start(points, &found(points, &[0, 1]), PARAMS, STOP).is_none());
}

#[test]
fn threads_change_no_bit_of_the_start() {
    let values = stretched(40_000, 5);
    let weights: Vec<f64> = (0..40_000).map(|row| 0.5 + f64::from(row % 7)).collect();
    let points = Points::new(&values, 3).weighted(Some(&weights));
    let start = found(points, &[0, 1, 2, 3, 4]);
    let of = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let begin = || tied_start(points, &start, PARAMS, STOP).expect("a better one");
        format!("{:?}", pool.expect("threads").install(begin))
    };
    let alone = of(1);
    for threads in [2, 4, 8] {
        assert!(alone == of(threads), "{threads} threads");
    }
}
