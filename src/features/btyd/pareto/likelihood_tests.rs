//! Tables against single integrals, the gradient against differences, one thread against several.

use super::super::bracket::tests::{case, drawn};
use super::*;
use crate::features::btyd::cdnow;

fn shape(parameters: [f64; 4]) -> Shape {
    let [r, alpha, s, beta] = parameters;
    Shape { r, alpha, s, beta }
}

/// The same without tables: an integral for each pattern.
fn untabled(patterns: &Patterns) -> Likelihood<'_> {
    let mut likelihood = Likelihood::new(patterns);
    likelihood.runs.iter_mut().for_each(|run| run.tabled = false);
    likelihood
}

#[track_caller]
fn agree(a: (f64, [f64; 4]), b: (f64, [f64; 4]), parameters: [f64; 4], tolerance: f64) {
    assert!((a.0 - b.0).abs() <= tolerance * b.0.abs(), "{a:?} {b:?}");
    for (k, parameter) in parameters.into_iter().enumerate() {
        // Elements of the gradient by the logarithms, which vanish at the maximum, against the
        // size of the likelihood.
        let off = (a.1[k] - b.1[k]).abs() * parameter;
        assert!(off <= tolerance * b.0.abs(), "{k}: {a:?} {b:?}");
    }
}

#[test]
fn tables_and_single_integrals_agree() {
    let patterns = cdnow::patterns(7.0);
    assert!(Likelihood::new(&patterns).runs.iter().filter(|run| run.tabled).count() > 3);
    for i in 0..40 {
        let parameters = [
            drawn(i, 0, 0.05, 20.0),
            drawn(i, 1, 1e-2, 1e3),
            drawn(i, 2, 0.05, 20.0),
            drawn(i, 3, 1e-2, 1e3),
        ];
        let at = shape(parameters);
        let tabled = Likelihood::new(&patterns).evaluate(&at);
        agree(tabled, untabled(&patterns).evaluate(&at), parameters, 1e-12);
    }
}

#[test]
fn times_that_hardly_recur_get_no_table() {
    let rows: Vec<_> = (0..500).map(|i| case(i).1).collect();
    let patterns = Patterns::new(&rows, &[]).unwrap();
    let likelihood = Likelihood::new(&patterns);
    assert!(likelihood.times.is_empty() && likelihood.runs.iter().all(|run| !run.tabled));
}

#[test]
fn the_gradient_is_that_of_the_likelihood() {
    // Central differences of a function with 1e-12 of noise: good to some 1e-7.
    let patterns = cdnow::patterns(7.0);
    for (i, patterns) in (0..30).map(|i| (i, &patterns)) {
        let single = Patterns::new(&[case(i).1], &[3.0]).unwrap();
        let theta: Vec<f64> = [(0.05, 20.0), (1e-2, 1e3), (0.05, 20.0), (1e-2, 1e3)]
            .iter()
            .zip(0..)
            .map(|(&(low, high), k)| drawn(i, k, low, high).ln())
            .collect();
        for patterns in [patterns, &single] {
            let likelihood = Likelihood::new(patterns);
            let (value, gradient) = likelihood.in_logarithms(&theta);
            for k in 0..4 {
                let h = 1e-4;
                let at = |by: f64| {
                    let mut theta = theta.clone();
                    theta[k] += by;
                    likelihood.in_logarithms(&theta).0
                };
                // Fourth order: (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h.
                let slope = (8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h);
                let off = (slope - gradient[k]).abs();
                assert!(off < 1e-7 * (1.0 + gradient[k].abs()) + 1e-10 * value.abs(), "{i} {k}");
            }
        }
    }
}

#[test]
fn the_result_does_not_depend_on_the_threads() {
    let patterns = cdnow::patterns(7.0);
    let likelihood = Likelihood::new(&patterns);
    let at = shape([0.55, 10.6, 0.61, 11.7]);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let (value, slope) = pool.install(|| likelihood.evaluate(&at));
        (value.to_bits(), slope.map(f64::to_bits))
    };
    let one = with(1);
    assert!([2, 3, 7].iter().all(|&threads| with(threads) == one));
}

#[test]
fn counts_are_customers() {
    let rows: Vec<_> = (0..30).map(|i| case(i).1).collect();
    let twice: Vec<_> = rows.iter().chain(&rows).copied().collect();
    let one = Patterns::new(&rows, &[2.0; 30]).unwrap();
    let two = Patterns::new(&twice, &[]).unwrap();
    let at = shape([0.55, 10.6, 0.61, 11.7]);
    let (a, b) = (Likelihood::new(&one).evaluate(&at), Likelihood::new(&two).evaluate(&at));
    assert_eq!(a, b);
}
