//! The gamma-gamma model against published numbers, against mpmath, and against itself.
//!
//! `tests/reference/gamma_gamma.csv` is written by `scripts/reference_pareto.py`.

use super::super::cdnow;
use super::*;
use crate::types::Seed;

const REFERENCE: &str = include_str!("../../../tests/reference/gamma_gamma.csv");

#[track_caller]
fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} for {expected}");
}

/// `low` to `high`, evenly in the logarithm; the n-th number drawn for `case`.
fn drawn(case: u64, n: u64, low: f64, high: f64) -> f64 {
    low * (high / low).powf(Seed(23).derive(case, n).0 as f64 / 2f64.powi(64))
}

#[test]
fn agrees_with_mpmath() {
    let mut rows = 0;
    for line in REFERENCE.lines().skip(1) {
        let v: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        let model = GammaGamma::new([v[0], v[1], v[2]]).unwrap();
        let spend = Spend { x: v[3], m_x: v[4] };
        let (p_x, q) = (v[0] * v[3], v[1]);
        // Terms of both signs, of about this size.
        let size =
            1.0 + (p_x + q) * (p_x + q).ln().abs() + (p_x + q) * (v[2] + v[3] * v[4]).ln().abs();
        near(model.log_likelihood(&[spend], &[]).unwrap(), v[5], 1e-13 * size.max(v[5].abs()));
        near(model.mean_spend(&spend).unwrap(), v[6], 1e-12 * v[6]);
        rows += 1;
    }
    assert_eq!(rows, 100);
}

#[test]
fn published_estimates_of_cdnow() {
    let found = GammaGamma::fit(&cdnow::spends(), &[]).unwrap();
    // clv_reference.json, refitted from the raw text; Fader and Hardie (2013) have 6.25, 3.74,
    // 15.44 and CLVTools -4055.9177.
    for (found, expected) in
        found.model.parameters().iter().zip([6.24957529, 3.74422432, 15.44351155])
    {
        near(*found, expected, 2e-5);
    }
    near(found.fit.log_likelihood, -4055.917694801873, 1e-6);
    assert!(found.fit.sound() && found.fit.customers == 946.0, "{:?}", found.fit);
    assert_eq!(found.left_out, LeftOut { no_repeat: 1411.0, ..LeftOut::default() });
    // Fader, Hardie and Lee (2005), "RFM and CLV", have 0.11.
    near(found.correlation.unwrap(), 0.11, 0.005);
    assert!(found.correlation.unwrap().abs() < DEPENDENT);
}

#[test]
fn published_means_of_ten_customers() {
    // cdnow_customers_summary_with_transactions.csv, its first ten rows; the means from the
    // spreadsheet of Hardie, as lifetimes asserts them (test_estimation.py, line 189).
    let model = GammaGamma::new([6.25, 3.74, 15.44]).unwrap();
    let rows = [
        (2.0, 22.35, 24.65),
        (1.0, 11.77, 18.91),
        (0.0, 0.0, 35.17),
        (0.0, 0.0, 35.17),
        (0.0, 0.0, 35.17),
        (7.0, 73.74, 71.46),
        (1.0, 11.77, 18.91),
        (0.0, 0.0, 35.17),
        (2.0, 25.55, 27.28),
        (0.0, 0.0, 35.17),
    ];
    for (x, m_x, expected) in rows {
        near(model.mean_spend(&Spend { x, m_x }).unwrap(), expected, 0.1);
    }
    // formulas.md 3.2, recomputed.
    near(model.population_mean(), 35.21898, 1e-5);
}

#[test]
fn the_gradient_is_that_of_the_likelihood() {
    for i in 0..40 {
        let rows: Vec<(Spend, f64)> = (0..5)
            .map(|k| (Spend { x: 1.0 + (3 * k) as f64, m_x: drawn(i, 10 + k, 0.1, 1e5) }, 2.0))
            .collect();
        let theta = [
            drawn(i, 0, 0.05, 50.0).ln(),
            drawn(i, 1, 1e-3, 50.0).ln(),
            drawn(i, 2, 1e-2, 1e6).ln(),
        ];
        let (_, gradient) = in_logarithms(&rows, &theta);
        for k in 0..3 {
            let h = 1e-3;
            let at = |by: f64| {
                let mut theta = theta;
                theta[k] += by;
                in_logarithms(&rows, &theta).0
            };
            // Fourth order: (8 (f(h) - f(-h)) - (f(2h) - f(-2h))) / 12h.
            let slope = (8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h);
            near(gradient[k], slope, 1e-7 * (1.0 + slope.abs()));
        }
    }
}

#[test]
fn rows_that_the_model_cannot_have_are_counted() {
    let row = |x: f64, m_x: f64| Spend { x, m_x };
    let good = [row(1.0, 20.0), row(2.0, 35.0), row(3.0, 18.0), row(1.0, 20.0)];
    let bad =
        [row(0.0, 0.0), row(0.0, f64::NAN), row(2.0, 0.0), row(1.0, -5.0), row(2.0, f64::NAN)];
    let rows: Vec<Spend> = good.into_iter().chain(bad).collect();
    let counts = [1.0, 1.0, 2.0, 4.0, 10.0, 20.0, 30.0, 40.0, 50.0];
    let (used, left_out) = usable(&rows, &counts).unwrap();
    assert_eq!(left_out, LeftOut { no_repeat: 30.0, not_positive: 70.0, not_finite: 50.0 });
    assert_eq!(used, [(row(1.0, 20.0), 5.0), (row(2.0, 35.0), 1.0), (row(3.0, 18.0), 2.0)]);
    assert_eq!(GammaGamma::fit(&rows, &counts).unwrap().fit.customers, 8.0);

    let too_little = |rows: &[Spend]| match GammaGamma::fit(rows, &[]) {
        Err(BtydError::TooLittle { reason, .. }) => reason,
        other => panic!("{other:?}"),
    };
    assert!(too_little(&[]).starts_with("0 different"));
    assert!(too_little(&bad).contains("2 customers without a repeat purchase, 2 whose mean"));
    assert!(too_little(&vec![row(2.0, 30.0); 100_000]).starts_with("1 different"));
    for (rows, counts) in
        [([row(-1.0, 5.0)], [1.0]), ([row(1.5, 5.0)], [1.0]), ([row(1.0, 5.0)], [0.0])]
    {
        let error = GammaGamma::fit(&rows, &counts).unwrap_err();
        assert!(matches!(error, BtydError::Row { row: 1, .. }), "{error}");
    }
    for (bad, k) in [(0.0, 0), (1.0, 1), (f64::NAN, 1), (f64::INFINITY, 2)] {
        let mut parameters = [2.0; 3];
        parameters[k] = bad;
        let error = GammaGamma::new(parameters).unwrap_err().to_string();
        assert!(error.contains(GammaGamma::PARAMETERS[k]), "{error}");
    }
}

/// Quantiles of the population's mean amounts where q is `shape`: nu of 2,000 customers.
fn heavy(shape: f64) -> Vec<Spend> {
    use rand::SeedableRng;
    use rand_distr::{Distribution, Gamma};
    let mut generator = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(3);
    let rates = Gamma::new(shape, 1.0).unwrap();
    (0..2000)
        .map(|i| {
            let x = f64::from(1 + i % 5);
            let nu: f64 = rates.sample(&mut generator);
            let amounts = Gamma::new(4.0 * x, 1.0 / (nu * x)).unwrap();
            Spend { x, m_x: amounts.sample(&mut generator) }
        })
        .collect()
}

#[test]
fn an_infinite_population_mean_is_not_sound() {
    let found = GammaGamma::fit(&heavy(0.6), &[]).unwrap();
    let q = &found.fit.parameters[1];
    assert!(q.at_bound && !found.fit.sound() && found.model.parameters()[1] > 1.0, "{q:?}");
    assert!(found.model.mean_spend(&Spend { x: 2.0, m_x: 30.0 }).unwrap().is_finite());
    // The same with a finite mean is found again.
    let found = GammaGamma::fit(&heavy(2.5), &[]).unwrap();
    assert!(found.fit.sound(), "{:?}", found.fit);
    for (parameter, truth) in found.fit.parameters.iter().zip([4.0, 2.5, 1.0]) {
        let error = parameter.standard_error.unwrap();
        assert!((parameter.value - truth).abs() < 3.5 * error, "{parameter:?} for {truth}");
        assert!(error < 0.2 * truth, "{parameter:?}");
    }
}

#[test]
fn the_bound_of_q_changes_no_standard_error() {
    // The information of p, q, v themselves, from differences of the plain gradient.
    let spends = cdnow::spends();
    let found = GammaGamma::fit(&spends, &[]).unwrap();
    let (used, _) = usable(&spends, &[]).unwrap();
    let parameters = found.model.parameters();
    let information: Vec<Vec<f64>> = (0..3)
        .map(|i| {
            let beside = |by: f64| {
                let mut parameters = parameters;
                parameters[i] *= 1.0 + by;
                evaluate(&used, &parameters).1
            };
            let (up, down) = (beside(1e-4), beside(-1e-4));
            (0..3).map(|j| -(up[j] - down[j]) / (2e-4 * parameters[i])).collect()
        })
        .collect();
    let inverse = crate::math::symmetric_eigen(&information).unwrap().inverse().unwrap();
    for (i, parameter) in found.fit.parameters.iter().enumerate() {
        let expected = inverse[i][i].sqrt();
        near(parameter.standard_error.unwrap(), expected, 1e-4 * expected);
    }
}

#[test]
fn the_mean_lies_between_the_customer_and_the_population() {
    let model = GammaGamma::new([6.25, 3.74, 15.44]).unwrap();
    let mut before = f64::INFINITY;
    for x in [0.0, 1.0, 2.0, 5.0, 30.0, 1e4] {
        let spend = Spend { x, m_x: 10.0 };
        let mean = model.mean_spend(&spend).unwrap();
        assert!(mean < before && mean > 10.0);
        before = mean;
    }
    near(before, 10.0, 0.01);
    for m_x in [0.0, -3.0, f64::NAN, f64::INFINITY] {
        assert_eq!(model.mean_spend(&Spend { x: 2.0, m_x }), None);
    }
}

#[test]
fn the_deviation_is_that_of_the_inverse_gamma_law() {
    // E and E^2 of p / nu, nu ~ Gamma(a, b), by the midpoint rule over ln nu.
    let model = GammaGamma::new([6.25, 3.74, 15.44]).unwrap();
    let spend = Spend { x: 2.0, m_x: 22.35 };
    let (a, b) = (6.25 * 2.0 + 3.74, 15.44 + 2.0 * 22.35);
    let (mut all, mut first, mut second) = (0.0, 0.0, 0.0);
    for i in 0..200_000 {
        let nu = (-8.0 + 12.0 * (f64::from(i) + 0.5) / 200_000.0_f64).exp();
        let density = (a * nu.ln() - b * nu + 20.0).exp();
        (all, first, second) =
            (all + density, first + density * 6.25 / nu, second + density * (6.25 / nu).powi(2));
    }
    let mean = first / all;
    near(model.mean_spend(&spend).unwrap(), mean, 1e-8);
    near(model.spend_deviation(&spend).unwrap(), (second / all - mean * mean).sqrt(), 1e-7);
    let heavy = GammaGamma::new([1.0, 1.5, 10.0]).unwrap();
    assert_eq!(heavy.spend_deviation(&Spend { x: 0.0, m_x: 0.0 }), None);
}

#[test]
fn the_result_does_not_depend_on_the_threads_or_the_order() {
    let rows: Vec<(Spend, f64)> = (0..9000)
        .map(|i| (Spend { x: 1.0 + (i / 100) as f64, m_x: drawn(i, 0, 1.0, 1e3) }, 1.0))
        .collect();
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let (value, slope) = pool.install(|| evaluate(&rows, &[6.25, 3.74, 15.44]));
        (value.to_bits(), slope.map(f64::to_bits))
    };
    assert!(with(1) == with(2) && with(1) == with(5));
    let forwards: Vec<Spend> = rows.iter().map(|row| row.0).collect();
    let backwards: Vec<Spend> = forwards.iter().rev().copied().collect();
    assert_eq!(usable(&forwards, &[]), usable(&backwards, &[]));
}

#[test]
fn dependence_of_frequency_and_spend_shows() {
    let rows: Vec<Spend> = (0..500)
        .map(|i| {
            let x = f64::from(1 + i % 10);
            Spend { x, m_x: x * drawn(u64::from(i as u32), 0, 0.5, 2.0) }
        })
        .collect();
    assert!(GammaGamma::fit(&rows, &[]).unwrap().correlation.unwrap() > DEPENDENT);
    // By hand: (1, 10), (2, 20), (3, 0): covariance -10/3, deviations sqrt(2/3) and sqrt(200/3).
    let three = [(1.0, 10.0), (2.0, 20.0), (3.0, 0.0)].map(|(x, m_x)| (Spend { x, m_x }, 1.0));
    near(correlation(&three).unwrap(), -0.5, 1e-14);
    let flat = [1.0, 2.0, 3.0].map(|x| (Spend { x, m_x: 0.1 }, 7.0));
    assert_eq!(correlation(&flat), None);
}
