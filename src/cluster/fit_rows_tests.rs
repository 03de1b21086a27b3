//! Rows with weights, and a start from given centroids.

use std::sync::Mutex;

use linfa::prelude::*;
use ndarray::{Array2, Array3};

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
        fit_rows_from(&rows, Some(&of_columns(a, b)), params, Seed(1), &|_: usize, _: usize| ())
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
        ClusterParams { engine: Engine::Linfa, ..params.clone() },
        ClusterParams { k: KChoice::Range(2, 4), ..params.clone() },
    ] {
        let error = from(&[0.0; 3], &[0.0; 3], &other).expect_err("no start");
        assert!(matches!(error, ClusterError::StartOfOneK), "{error}");
    }
}

#[test]
fn the_mixture_begins_with_the_rows_nearest_to_given_means() {
    let (table, _) = blobs(300, 5);
    let columns = [values(&table, "a"), values(&table, "b")];
    let rows = of_columns(columns[0], columns[1]);
    // Two in the largest group and one for the others: EM has a way to go.
    let (a, b) = ([-1.0, 1.0, 15.0], [0.0, 0.5, 15.0]);
    let mut params = params(&["a", "b"], Method::Gmm, KChoice::Fixed(3));
    for feature in &mut params.features {
        (feature.transform, feature.scale) = (Transform::None, Scale::None);
    }
    params.max_iterations = 4;
    params.tolerance = 1e-12;
    let from = |params: &ClusterParams| {
        let start = of_columns(&a, &b);
        fit_rows_from(&rows, Some(&start), params, Seed(1), &|_: usize, _: usize| ())
    };
    let found = from(&params).expect("fits");
    assert_eq!(found.model.iterations, 4);

    // The same written out: each row to the nearest of the means, moments of these rows, EM.
    let squared =
        |row: usize, c: usize| (columns[0][row] - a[c]).powi(2) + (columns[1][row] - b[c]).powi(2);
    let nearest: Vec<usize> = (0..300)
        .map(|row| (1..3).fold(0, |of, c| if squared(row, c) < squared(row, of) { c } else { of }))
        .collect();
    let of = |c: usize| (0..300).filter(|&row| nearest[row] == c).collect::<Vec<usize>>();
    let mean = |c: usize, i: usize| {
        of(c).iter().map(|&row| columns[i][row]).sum::<f64>() / of(c).len() as f64
    };
    let covariance = |(c, i, j): (usize, usize, usize)| {
        let product =
            |&row: &usize| (columns[i][row] - mean(c, i)) * (columns[j][row] - mean(c, j));
        let floor = if i == j { params.covariance_floor } else { 0.0 };
        of(c).iter().map(product).sum::<f64>() / of(c).len() as f64 + floor
    };
    let start = StartMixture {
        weights: (0..3).map(|c| of(c).len() as f64 / 300.0).collect(),
        means: Array2::from_shape_fn((3, 2), |(c, i)| mean(c, i)),
        covariances: Array3::from_shape_fn((3, 2, 2), covariance),
    };
    let records = Array2::from_shape_fn((300, 2), |(row, i)| columns[i][row]);
    let written_out = GaussianMixture::params(3)
        .start(start)
        .max_n_iterations(4)
        .tolerance(1e-11)
        .fit(&DatasetBase::from(records))
        .expect("fits");
    let (one, two) = (merit(&found), written_out.log_likelihood());
    assert!((one - two).abs() <= 1e-9 * two.abs(), "{one} {two}");

    // Both methods from the same start; k-means makes no restart from elsewhere.
    params.method = Method::Auto;
    params.covariances = vec![Covariance::Full, Covariance::Diagonal];
    let both = from(&params).expect("fits").selection.candidates;
    assert_eq!(both.len(), 3);
    assert_eq!(both[1].log_likelihood, Some(one));
}

#[test]
fn criteria_of_other_rows_do_not_begin_at_the_given_start() {
    // Whatever the start, the verdict and what is fitted to halves and reference sets ask only what
    // the rows are like: the start from which k-means goes to the same clusters makes no difference.
    let (table, _) = blobs(300, 5);
    let rows = Rows::from(&table);
    let mut params = params(&["a", "b"], Method::Kmeans, KChoice::Fixed(3));
    params.select.criteria = vec![Criterion::Gap, Criterion::PredictionStrength];
    let afresh = fit_rows(&rows, &params, Seed(1), &|_, _| ()).expect("fits");
    let start = of_columns(&[0.0, 30.0, 0.0], &[30.0, 0.0, 0.0]);
    let given = fit_rows_from(&rows, Some(&start), &params, Seed(1), &|_: usize, _: usize| ());
    let given = given.expect("fits");
    assert_eq!(given.selection.structure, afresh.selection.structure);
    let (given, afresh) = (&given.selection.candidates[0], &afresh.selection.candidates[0]);
    assert_eq!(
        (given.gap_error, given.prediction_strength),
        (afresh.gap_error, afresh.prediction_strength)
    );
}

#[test]
fn silhouettes_of_rows_are_those_of_the_chosen_fit() {
    let (table, _) = blobs(300, 5);
    let mut params = params(&["a", "b"], Method::Kmeans, KChoice::Range(2, 5));
    let fit = |params: &ClusterParams| {
        fit_rows(&Rows::from(&table), params, Seed(1), &|_, _| ()).expect("fits")
    };
    let found = fit(&params);
    assert_eq!(found.model.clusters.k(), 3);
    for cluster in 0..3 {
        let of = found.assignments.cluster.iter().zip(&found.row_silhouettes);
        let of: Vec<f64> = of.filter(|(at, _)| **at == cluster).map(|(_, own)| *own).collect();
        let mean = of.iter().sum::<f64>() / of.len() as f64;
        let expected = found.silhouettes[cluster as usize].expect("three clusters");
        assert!((mean - expected).abs() < 1e-12, "{cluster}: {mean} {expected}");
    }
    params.select.silhouette = SilhouetteRows::Sample(100);
    assert!(fit(&params).row_silhouettes.is_empty());
    params.k = KChoice::Fixed(1);
    assert!(fit(&params).row_silhouettes.is_empty());
}

#[test]
fn phases_are_told_in_their_order() {
    struct Heard(Mutex<Vec<Phase>>);
    impl FitWatch for Heard {
        fn progress(&self, _done: usize, _total: usize) {}
        fn phase(&self, phase: Phase) {
            self.0.lock().expect("one thread").push(phase);
        }
    }
    let (table, _) = blobs(60, 5);
    let params = params(&["a", "b"], Method::Kmeans, KChoice::Range(2, 3));
    let heard = Heard(Mutex::default());
    fit_rows_from(&Rows::from(&table), None, &params, Seed(1), &heard).expect("fits");
    assert_eq!(heard.0.into_inner().expect("one thread"), Phase::ALL);
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
