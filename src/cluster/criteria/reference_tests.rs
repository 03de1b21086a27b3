//! Silhouette, Calinski-Harabasz and Davies-Bouldin against scikit-learn: tests/reference/criteria.csv,
//! made by scripts/reference_criteria.py, with versions in its first line.

use super::*;
use crate::cluster::kernel::Points;
use crate::cluster::select::SilhouetteRows;
use crate::types::Seed;

const REFERENCE: &str = include_str!("../../../tests/reference/criteria.csv");

/// The points and labels that the script draws.
fn data(n: usize, p: usize, k: usize, seed: u64) -> (Vec<f64>, Vec<u32>) {
    let mut state = seed;
    let mut draw = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 48
    };
    let labels: Vec<u32> = (0..n).map(|_| (draw() % k as u64) as u32).collect();
    let mut values: Vec<f64> = (0..n * p).map(|_| (draw() % 64) as f64 / 8.0).collect();
    for (row, label) in values.chunks_exact_mut(p).zip(&labels) {
        row[0] += 2.0 * f64::from(*label);
    }
    (values, labels)
}

#[test]
fn as_scikit_learn_has_them() {
    let rows: Vec<Vec<f64>> = REFERENCE
        .lines()
        .skip(2)
        .map(|line| line.split(',').map(|cell| cell.parse().expect("a number")).collect())
        .collect();
    assert_eq!(rows.len(), 6);
    for row in rows {
        let [n, p, k, seed] = [0, 1, 2, 3].map(|at| row[at] as usize);
        let (values, labels) = data(n, p, k, seed as u64);
        let points = Points::new(&values, p);
        let labelling = Labelling { labels: &labels, k };
        let close = |found: f64, expected: f64| {
            assert!((found / expected - 1.0).abs() < 1e-10, "n {n}: {found} {expected}");
        };
        let silhouettes = mean_silhouettes(points, &[labelling], SilhouetteRows::Exact, Seed(0));
        close(silhouettes[0].as_ref().expect("clusters").mean, row[4]);
        let dispersion = Dispersion::new(points, labelling);
        close(calinski_harabasz(&dispersion).expect("clusters"), row[5]);
        close(davies_bouldin(&dispersion).expect("clusters"), row[6]);
    }
}
