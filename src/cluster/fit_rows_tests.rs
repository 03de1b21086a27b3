//! Rows with weights, and a start from given centroids.

use super::{blobs, params};
use crate::cluster::*;
use crate::features::FeatureTable;
use crate::types::Seed;

fn name(row: usize) -> String {
    row.to_string()
}

fn of_columns<'a>(a: &'a [f64], b: &'a [f64]) -> Rows<'a> {
    Rows::new(a.len(), &name).numbers("a", a).numbers("b", b)
}

fn values<'a>(table: &'a FeatureTable, column: &str) -> &'a [f64] {
    &table.column(column).expect("a column").values
}

fn merit(fitted: &Fitted) -> f64 {
    match fitted.model.clusters {
        Clusters::Kmeans { inertia, .. } => inertia,
        Clusters::Gmm { log_likelihood, .. } => log_likelihood,
    }
}

#[test]
fn a_weight_of_two_is_the_row_repeated() {
    let (table, truth) = blobs(300, 4);
    let count = |row: usize| 1 + usize::from(row % 4 == 1);
    let weights: Vec<f64> = (0..300).map(|row| count(row) as f64).collect();
    let repeat = |values: &[f64]| -> Vec<f64> {
        let each = values.iter().enumerate();
        each.flat_map(|(row, &value)| std::iter::repeat_n(value, count(row))).collect()
    };
    let (a, b) = (repeat(values(&table, "a")), repeat(values(&table, "b")));
    let rows = Rows::from(&table).weighted(&weights).expect("above 0");
    for method in [Method::Kmeans, Method::Gmm] {
        for scale in [Scale::Standard, Scale::Robust] {
            let mut params = params(&["a", "b"], method, KChoice::Fixed(3));
            params.features.iter_mut().for_each(|feature| feature.scale = scale);
            let fit = |rows| fit_rows(rows, &params, Seed(1), &|_, _| ()).expect("fits");
            let (one, two) = (fit(&rows), fit(&of_columns(&a, &b)));
            let (found, expected) = (merit(&one), merit(&two));
            assert!((found - expected).abs() <= 1e-6 * expected.abs(), "{found} {expected}");
            assert_eq!(one.assignments.cluster, truth, "{method:?} {scale:?}");
            let first = (0..300).scan(0, |next, row| {
                *next += count(row);
                Some(two.assignments.cluster[*next - count(row)])
            });
            assert_eq!(one.assignments.cluster, first.collect::<Vec<u32>>());
        }
    }
}

#[test]
fn given_centroids_are_where_k_means_begins_and_nothing_else_is() {
    let (table, truth) = blobs(300, 5);
    let rows = Rows::from(&table);
    let params = params(&["a", "b"], Method::Kmeans, KChoice::Fixed(3));
    let from = |a: &[f64], b: &[f64], params: &ClusterParams| {
        fit_rows_from(&rows, Some(&of_columns(a, b)), params, Seed(1), &|_, _| ())
    };
    // In another order than the canonical one.
    let good = from(&[0.0, 30.0, 0.0], &[30.0, 0.0, 0.0], &params).expect("fits");
    assert_eq!(good.assignments.cluster, truth);
    assert!(good.model.converged && good.model.iterations <= 3, "{}", good.model.iterations);
    let afresh = fit_rows(&rows, &params, Seed(1), &|_, _| ()).expect("fits");
    assert!((merit(&good) - merit(&afresh)).abs() <= 1e-9 * merit(&afresh));
    // Two in the largest group and one between the others: a local optimum, which swaps would leave.
    let stuck = from(&[-1.0, 1.0, 15.0], &[0.0, 0.0, 15.0], &params).expect("fits");
    assert!(merit(&stuck) > 2.0 * merit(&good), "{} {}", merit(&stuck), merit(&good));

    let shape = from(&[0.0, 1.0], &[0.0, 1.0], &params).expect_err("two for three");
    assert!(
        matches!(shape, ClusterError::StartShape { rows: 2, columns: 2, k: 3, p: 2 }),
        "{shape}"
    );
    for other in [
        ClusterParams { method: Method::Gmm, ..params.clone() },
        ClusterParams { method: Method::Auto, ..params.clone() },
        ClusterParams { engine: Engine::Linfa, ..params.clone() },
        ClusterParams { k: KChoice::Range(2, 4), ..params.clone() },
    ] {
        let error = from(&[0.0; 3], &[0.0; 3], &other).expect_err("no start");
        assert!(matches!(error, ClusterError::StartOfKmeans), "{error}");
    }
}

#[test]
fn linfa_refuses_weights() {
    let (table, _) = blobs(60, 6);
    let weights = [1.0; 60];
    let rows = Rows::from(&table).weighted(&weights).expect("above 0");
    let params = ClusterParams {
        engine: Engine::Linfa,
        ..params(&["a", "b"], Method::Kmeans, KChoice::Fixed(3))
    };
    let error = fit_rows(&rows, &params, Seed(1), &|_, _| ()).expect_err("refused");
    assert!(matches!(error, ClusterError::WeightsOfLinfa));
}
