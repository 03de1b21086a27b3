//! k-means: what weights, threads and the order of rows and columns may change, and what not.

use proptest::prelude::*;

use super::seeding::kmeans_plus_plus;
use super::*;
use crate::cluster::kernel::{Points, squared_distance};

const STOP: Stop = Stop { max_iterations: 60, squared_move: 0.0 };

/// Every row as often as its weight says.
fn repeated(points: Points) -> (Vec<f64>, Vec<usize>) {
    let rows: Vec<usize> = (0..points.n)
        .flat_map(|row| std::iter::repeat_n(row, points.weight(row) as usize))
        .collect();
    (points.gather(&rows), rows)
}

/// The inertia of `centroids` by its definition.
fn inertia(points: Points, centroids: &[f64]) -> f64 {
    let nearest = |row: usize| {
        let squared =
            centroids.chunks_exact(points.p).map(|c| squared_distance(points.row(row), c));
        squared.fold(f64::INFINITY, f64::min)
    };
    (0..points.n).map(|row| points.weight(row) * nearest(row)).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Small integers: sums are exact whatever their order. Starts are distinct rows, so that no
    /// cluster is empty at first.
    #[test]
    fn a_row_of_weight_two_is_the_row_twice(
        p in 1usize..4,
        cells in prop::collection::vec(-4i32..5, 6..90),
        weights in prop::collection::vec(1u8..4, 90),
        k in 1usize..5,
        seed in 0u64..1000,
    ) {
        let n = cells.len() / p;
        let values: Vec<f64> = cells[..n * p].iter().map(|&cell| f64::from(cell)).collect();
        let weights: Vec<f64> = weights[..n].iter().map(|&weight| f64::from(weight)).collect();
        let points = Points::new(&values, p).weighted(Some(&weights));
        let k = k.min(points.distinct_up_to(k));
        let start = kmeans_plus_plus(points, k, Seed(seed));
        let (twice, rows) = repeated(points);
        let weighted = lloyd(&Prepared::new(points), start.clone(), STOP);
        let plain = lloyd(&Prepared::new(Points::new(&twice, p)), start, STOP);
        // An empty cluster takes one row, which is one of several equal ones or all of them.
        let lost = (0..k).any(|cluster| !weighted.labels.contains(&(cluster as u32)));
        prop_assume!(!lost && weighted.iterations == plain.iterations);
        for (&row, &label) in rows.iter().zip(&plain.labels) {
            prop_assert_eq!(weighted.labels[row], label);
        }
        prop_assert!((weighted.inertia - plain.inertia).abs() <= 1e-9 * (1.0 + plain.inertia));
        prop_assert!((weighted.inertia - inertia(points, &weighted.centroids)).abs()
            <= 1e-9 * (1.0 + plain.inertia));
    }

    /// The whole fit, seedings, swaps and single moves with it, never ends above its best start.
    #[test]
    fn swaps_and_moves_never_raise_the_inertia(
        cells in prop::collection::vec(-20i32..21, 8..120),
        k in 1usize..7,
        seed in 0u64..1000,
    ) {
        let n = cells.len() / 2;
        let values: Vec<f64> = cells[..n * 2].iter().map(|&cell| f64::from(cell)).collect();
        let points = Points::new(&values, 2);
        let k = k.min(points.distinct_up_to(k));
        let prepared = Prepared::new(points);
        let plan = |refine| Plan {
            algorithm: Algorithm::Lloyd,
            restarts: 3,
            seeding: Seeding::PlusPlus,
            refine,
            stop: STOP,
        };
        let plain = best_of(&prepared, k, &plan(false), Seed(seed));
        let refined = best_of(&prepared, k, &plan(true), Seed(seed));
        prop_assert!(refined.inertia <= plain.inertia);
        prop_assert!((refined.inertia - inertia(points, &refined.centroids)).abs()
            <= 1e-9 * (1.0 + refined.inertia));
        let (labels, again) = nearest_labels(&prepared, &refined.centroids);
        prop_assert_eq!(labels, refined.labels);
        prop_assert_eq!(again, refined.inertia);
    }
}

/// Rows about a few places, more than one thread's share of blocks.
fn many(n: usize, p: usize) -> Vec<f64> {
    (0..n * p).map(|at| ((at * 7919) % 1013) as f64 / 64.0 + ((at / p) % 5 * 40) as f64).collect()
}

#[test]
fn threads_change_no_bit() {
    let values = many(40_000, 3);
    let weights: Vec<f64> = (0..40_000).map(|row| 1.0 + f64::from(row % 7) * 0.25).collect();
    for weights in [None, Some(weights.as_slice())] {
        let points = Points::new(&values, 3).weighted(weights);
        for algorithm in [Algorithm::Lloyd, Algorithm::MiniBatch, Algorithm::Bisecting] {
            for (seeding, k) in [(Seeding::PlusPlus, 17), (Seeding::Parallel, 9)] {
                let stop = Stop { max_iterations: 8, squared_move: 0.0 };
                let plan = Plan { algorithm, restarts: 2, seeding, refine: true, stop };
                let of = |threads: usize| {
                    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
                    let fitted = |prepared: &Prepared| fit(prepared, k, &plan, Seed(3));
                    pool.expect("threads").install(|| fitted(&Prepared::new(points)))
                };
                let alone = of(1);
                for threads in [2, 4, 8] {
                    assert!(alone == of(threads), "{algorithm:?} {seeding:?} {threads}");
                }
            }
        }
    }
}

#[test]
fn the_order_of_rows_and_columns_changes_the_partition_in_nothing() {
    let values = many(600, 3);
    let points = Points::new(&values, 3);
    let start: Vec<f64> = points.gather(&[0, 1, 2, 3, 4]);
    let run = lloyd(&Prepared::new(points), start.clone(), STOP);
    let backwards: Vec<usize> = (0..600).rev().collect();
    let reversed = points.gather(&backwards);
    let again = lloyd(&Prepared::new(Points::new(&reversed, 3)), start.clone(), STOP);
    assert!(again.labels.iter().rev().eq(&run.labels));
    let turned = |values: &[f64]| -> Vec<f64> {
        values.chunks_exact(3).flat_map(|row| [row[2], row[0], row[1]]).collect()
    };
    let columns = turned(&values);
    let again = lloyd(&Prepared::new(Points::new(&columns, 3)), turned(&start), STOP);
    assert_eq!(again.labels, run.labels);
    assert!((again.inertia - run.inertia).abs() <= 1e-12 * run.inertia);
}

#[test]
fn far_centroids_and_offsets_are_left_to_double_precision() {
    // A start beyond what single precision holds, and rows whose differences it does not see.
    let values: Vec<f64> = (0..300).map(|row| 1e9 + f64::from(row % 10) * 1e-3).collect();
    let points = Points::new(&values, 1);
    for start in [vec![1e9, 1e60, -1e60], vec![1e9, 1e9 + 4e-3, 1e9 + 9e-3]] {
        let run = lloyd(&Prepared::new(points), start.clone(), STOP);
        let nearest = |row: usize| {
            let squared = |c: usize| (values[row] - run.centroids[c]).powi(2);
            (0..3).reduce(|best, c| if squared(c) < squared(best) { c } else { best })
        };
        for row in 0..points.n {
            assert_eq!(Some(run.labels[row] as usize), nearest(row), "{start:?}");
        }
    }
}

#[test]
fn mini_batches_come_close_and_k_of_one_is_the_mean() {
    let values = many(30_000, 3);
    let points = Points::new(&values, 3);
    let prepared = Prepared::new(points);
    let plan = |algorithm| {
        let stop = Stop { max_iterations: 100, squared_move: 1e-9 };
        Plan { algorithm, restarts: 3, seeding: Seeding::PlusPlus, refine: true, stop }
    };
    let exact = fit(&prepared, 5, &plan(Algorithm::Lloyd), Seed(1));
    let batches = fit(&prepared, 5, &plan(Algorithm::MiniBatch), Seed(1));
    assert!(exact.inertia <= batches.inertia && batches.inertia < 1.02 * exact.inertia);
    assert!(batches.converged);
    let one = fit(&prepared, 1, &plan(Algorithm::Lloyd), Seed(1));
    for (centre, mean) in one.centroids.iter().zip(points.means()) {
        assert!((centre - mean).abs() < 1e-9);
    }
}
