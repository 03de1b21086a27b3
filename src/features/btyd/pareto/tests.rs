//! The Pareto/NBD against published numbers, against mpmath, and against itself.
//!
//! `tests/reference/pareto.csv` is written by `scripts/reference_pareto.py`.

use super::super::cdnow;
use super::bracket::tests::drawn;
use super::*;

const REFERENCE: &str = include_str!("../../../../tests/reference/pareto.csv");

fn model(parameters: [f64; 4]) -> ParetoNbd {
    ParetoNbd::new(parameters, TimeUnit::Weeks).unwrap()
}

/// Fader, Hardie and Lee (2005), to their three decimals.
fn published() -> ParetoNbd {
    model([0.553, 10.578, 0.606, 11.669])
}

#[track_caller]
fn near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} for {expected}");
}

#[test]
fn agrees_with_mpmath() {
    let mut rows = 0;
    for line in REFERENCE.lines().skip(1) {
        let v: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        let model = model([v[0], v[1], v[2], v[3]]);
        let pattern = Pattern { x: v[4], t_x: v[5], T: v[6] };
        let (t, delta, n) = (v[7], v[8], v[9] as u32);
        let [ln_l, alive, orders, dert, new, probability] = [10, 11, 12, 13, 14, 15].map(|i| v[i]);
        // The likelihood is a sum of terms of both signs, of about this size.
        let of_times = |shape: f64, scale: f64| shape * (1.0 + (scale + v[6]).ln().abs());
        let size = of_times(v[0] + v[4], v[1]) + of_times(v[2], v[3]);
        let patterns = Patterns::new(&[pattern], &[]).unwrap();
        near(model.log_likelihood(&patterns), ln_l, 1e-12 * size.max(ln_l.abs()));
        // Exponents of up to some hundred carry their own rounding into these.
        near(model.p_alive(&pattern), alive, 1e-12 * alive + 1e-300);
        near(model.expected_orders(&pattern, t), orders, 1e-12 * orders + 1e-300);
        near(model.discounted_orders(&pattern, delta), dert, 1e-12 * dert + 1e-300);
        near(model.expected_orders_new(t), new, 1e-13 * new);
        near(model.probability(n, t), probability, 1e-11 * probability + 1e-300);
        rows += 1;
    }
    assert_eq!(rows, 200);
}

#[test]
fn published_estimates_of_cdnow() {
    let (model, fit) = ParetoNbd::fit(&cdnow::patterns(7.0), TimeUnit::Weeks).unwrap();
    // Fader, Hardie and Lee (2005).
    for (found, expected) in model.parameters().iter().zip([0.553, 10.578, 0.606, 11.669]) {
        near(*found, expected, 5.01e-4);
    }
    // clv_reference.json, refitted from the raw text.
    near(fit.log_likelihood, -9594.976178939542, 1e-6);
    assert!(fit.sound() && fit.customers == 2357.0, "{fit:?}");
    // CLVTools 0.9, test_correctness_pnbd_nocovstaticcov.R.
    for (found, expected) in fit.parameters.iter().zip([0.0476264, 0.8427222, 0.1872594, 6.2105448])
    {
        near(found.standard_error.unwrap(), expected, 0.02 * expected);
    }
    // BTYD, walkthrough.
    near(model.expected_orders_new(52.0), 1.473434, 1e-4);
    near(model.log_likelihood(&cdnow::patterns(7.0)), fit.log_likelihood, 1e-8);
}

#[test]
fn published_expectations() {
    // lifetimes, test_estimation.py (from BTYD, with parameters of its own fit): E[X(t)], t = 0
    // to 9, which lifetimes asserts to 0.01.
    let expected = [
        0.0, 0.05077821, 0.09916088, 0.14542507, 0.18979930, 0.23247466, 0.27361274, 0.31335159,
        0.35181024, 0.38909211,
    ];
    for (t, expected) in expected.into_iter().enumerate() {
        near(published().expected_orders_new(t as f64), expected, 3e-3);
    }
}

#[test]
fn the_unit_of_time_changes_no_forecast() {
    let (weeks, in_weeks) = ParetoNbd::fit(&cdnow::patterns(7.0), TimeUnit::Weeks).unwrap();
    let (days, in_days) = ParetoNbd::fit(&cdnow::patterns(1.0), TimeUnit::Days).unwrap();
    assert_eq!((weeks.unit(), days.unit()), (TimeUnit::Weeks, TimeUnit::Days));
    // Densities of 2,457 purchase times change by the factor 7 each.
    near(in_days.log_likelihood, in_weeks.log_likelihood - 2457.0 * 7f64.ln(), 1e-6);
    let (week, day) =
        (Pattern { x: 2.0, t_x: 30.0, T: 38.0 }, Pattern { x: 2.0, t_x: 210.0, T: 266.0 });
    near(days.expected_orders(&day, 91.0), weeks.expected_orders(&week, 13.0), 1e-5);
}

#[test]
fn probabilities_sum_to_one_and_their_mean_is_the_expectation() {
    // Tails fall by t / (alpha + t) from one number to the next.
    for (parameters, t, most) in [
        ([0.553, 10.578, 0.606, 11.669], 39.0, 400),
        ([0.553, 10.578, 1.0, 11.669], 200.0, 3000),
        ([4.0, 2.0, 0.07, 300.0], 52.0, 2500),
        ([0.05, 30.0, 12.0, 0.5], 26.0, 200),
        ([18.0, 500.0, 0.5, 0.01], 500.0, 300),
    ] {
        let model = model(parameters);
        let chances: Vec<f64> = (0..most).map(|n| model.probability(n, t)).collect();
        near(chances.iter().sum(), 1.0, 1e-9);
        let mean: f64 = chances.iter().zip(0..).map(|(p, n)| p * f64::from(n)).sum();
        let expected = model.expected_orders_new(t);
        near(mean, expected, 1e-8 * expected.max(1e-3));
    }
    assert_eq!((published().probability(0, 0.0), published().probability(3, 0.0)), (1.0, 0.0));
}

#[test]
fn a_new_customer_is_one_without_history() {
    let new = Pattern { x: 0.0, t_x: 0.0, T: 0.0 };
    let model = published();
    assert_eq!(model.p_alive(&new), 1.0);
    for t in [0.1, 5.0, 300.0] {
        near(model.expected_orders(&new, t), model.expected_orders_new(t), 1e-14);
        let (low, high) = model.order_interval(&new, t, (0.05, 0.95)).unwrap();
        let at_most = |n: f64| (0..=n as u32).map(|n| model.probability(n, t)).sum::<f64>();
        assert!(at_most(high) >= 0.95 - 1e-9 && at_most(low) >= 0.05);
        assert!(high == 0.0 || at_most(high - 1.0) < 0.95 + 1e-9);
    }
}

#[test]
fn discounted_orders_are_the_discounted_growth_of_the_expectation() {
    // Integral of e^(-delta t) dE by Simpson's rule on y = ln(1 + t), against the closed form.
    for i in 0..20 {
        let model = model([
            drawn(i, 0, 0.1, 10.0),
            drawn(i, 1, 1.0, 100.0),
            if i % 2 == 0 { 1.0 } else { drawn(i, 2, 0.1, 10.0) },
            drawn(i, 3, 1.0, 100.0),
        ]);
        let pattern = Pattern { x: 3.0, t_x: 20.0, T: 30.0 };
        let delta = drawn(i, 4, 1e-3, 0.5);
        let [r, alpha, s, beta] = model.parameters();
        let rate = model.p_alive(&pattern) * (r + 3.0) / (alpha + 30.0);
        let growth = |t: f64| rate * ((beta + 30.0) / (beta + 30.0 + t)).powf(s);
        let (panels, length) = (20_000, (45.0 / delta).ln_1p());
        let at = |k: i32| {
            let t = (length * f64::from(k) / f64::from(panels)).exp_m1();
            growth(t) * (-delta * t).exp() * (1.0 + t)
        };
        let inner: f64 = (1..panels).map(|k| at(k) * if k % 2 == 1 { 4.0 } else { 2.0 }).sum();
        let expected = (at(0) + inner + at(panels)) * length / (3.0 * f64::from(panels));
        near(model.discounted_orders(&pattern, delta), expected, 1e-9 * expected);
        // And the expectation is the growth, undiscounted.
        let h = 1e-3;
        let slope = (model.expected_orders(&pattern, 5.0 + h)
            - model.expected_orders(&pattern, 5.0 - h))
            / (2.0 * h);
        near(slope, growth(5.0), 1e-7 * slope);
    }
}

#[test]
fn more_time_without_a_purchase_is_a_lower_chance_of_being_alive() {
    let alive = |T: f64| published().p_alive(&Pattern { x: 4.0, t_x: 20.0, T });
    assert_eq!(alive(20.0), 1.0);
    assert!((21..80).all(|T| alive(f64::from(T)) < alive(f64::from(T - 1))));
    assert!((0.0..1.0).contains(&alive(1e9)));
}

fn identical(customers: f64, pattern: Pattern) -> Patterns {
    Patterns::new(&[pattern], &[customers]).unwrap()
}

#[test]
fn what_cannot_be_fitted_says_why() {
    let refusal = |patterns: &Patterns| match ParetoNbd::fit(patterns, TimeUnit::Weeks) {
        Err(BtydError::TooLittle { reason, .. }) => reason,
        other => panic!("{other:?}"),
    };
    assert!(refusal(&Patterns::default()).contains("no customers"));
    let silent = identical(5.0, Pattern { x: 0.0, t_x: 0.0, T: 9.0 });
    assert!(refusal(&silent).contains("second time"));
    let today = identical(5.0, Pattern { x: 2.0, t_x: 0.0, T: 0.0 });
    assert!(refusal(&today).contains("no time"));
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        for k in 0..4 {
            let mut parameters = [1.0; 4];
            parameters[k] = bad;
            let error = ParetoNbd::new(parameters, TimeUnit::Days).unwrap_err().to_string();
            assert!(error.contains(ParetoNbd::PARAMETERS[k]), "{error}");
        }
    }
}

#[test]
fn degenerate_data_have_a_defined_outcome() {
    let not_sound = |rows: &[Pattern], counts: &[f64]| {
        let patterns = Patterns::new(rows, counts).unwrap();
        match ParetoNbd::fit(&patterns, TimeUnit::Weeks) {
            Ok((model, fit)) => {
                assert!(!fit.sound(), "{fit:?}");
                for pattern in rows {
                    assert!((0.0..=1.0).contains(&model.p_alive(pattern)), "{model:?}");
                    assert!(model.expected_orders(pattern, 52.0) >= 0.0, "{model:?}");
                }
            }
            Err(BtydError::TooLittle { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    };
    // A million customers who are all alike.
    not_sound(&[Pattern { x: 3.0, t_x: 20.0, T: 30.0 }], &[1e6]);
    // Nobody ever stops: the last purchase is the end.
    not_sound(&[1.0, 2.0, 4.0].map(|x| Pattern { x, t_x: 30.0, T: 30.0 }), &[50.0; 3]);
    // Regular buyers: less spread than the Poisson law has.
    not_sound(&[9.0, 10.0].map(|x| Pattern { x, t_x: 29.0, T: 30.0 }), &[1e4; 2]);
    // Ten customers, one of whom bought again.
    let mut rows = [Pattern { x: 0.0, t_x: 0.0, T: 12.0 }; 10];
    rows[0] = Pattern { x: 1.0, t_x: 3.0, T: 12.0 };
    not_sound(&rows, &[]);
    // Times and counts of very different size.
    let far = [Pattern { x: 1.0, t_x: 1e-9, T: 1e9 }, Pattern { x: 1e5, t_x: 1.0, T: 1e6 }];
    let _ = ParetoNbd::fit(&Patterns::new(&far, &[1.0, 1e7]).unwrap(), TimeUnit::Days);
}

#[test]
fn a_single_cohort_recovers_what_it_was_drawn_from() {
    use rand::SeedableRng;
    use rand_distr::{Distribution, Exp, Gamma};
    let truth = [1.5, 8.0, 0.8, 15.0];
    let mut generator = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(5);
    let T = 52.0_f64;
    let (rates, deaths) = (
        Gamma::new(truth[0], 1.0 / truth[1]).unwrap(),
        Gamma::new(truth[2], 1.0 / truth[3]).unwrap(),
    );
    let rows: Vec<Pattern> = (0..20_000)
        .map(|_| {
            let gap = Exp::new(rates.sample(&mut generator)).unwrap();
            let death: f64 =
                Exp::new(deaths.sample(&mut generator)).unwrap().sample(&mut generator);
            let (mut x, mut t_x, mut t) = (0.0, 0.0, gap.sample(&mut generator));
            while t < T.min(death) {
                (x, t_x) = (x + 1.0, t);
                t += gap.sample(&mut generator);
            }
            Pattern { x, t_x, T }
        })
        .collect();
    let patterns = Patterns::new(&rows, &[]).unwrap();
    let (_, fit) = ParetoNbd::fit(&patterns, TimeUnit::Weeks).unwrap();
    assert!(fit.sound());
    for (parameter, truth) in fit.parameters.iter().zip(truth) {
        let error = parameter.standard_error.unwrap();
        assert!((parameter.value - truth).abs() < 3.5 * error, "{parameter:?} for {truth}");
        assert!(error < 0.1 * truth, "{parameter:?}");
    }
}

#[test]
fn reads_what_it_wrote_and_refuses_the_rest() {
    let raw =
        |r: f64| Unchecked { r, alpha: 10.578, s: 0.606, beta: 11.669, unit: TimeUnit::Weeks };
    assert_eq!(ParetoNbd::try_from(raw(0.553)), Ok(published()));
    assert!(ParetoNbd::try_from(raw(-0.553)).is_err());
}
