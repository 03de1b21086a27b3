//! BG/NBD and MBG/NBD against themselves: identities, units, threads, recovery of simulated
//! parameters, and data or parameters that allow no answer.

use super::super::cdnow;
use super::tests::{model, near, pattern};
use super::*;
use Dropout::{AfterRepeat, AlsoAtFirst};

/// Uniform numbers in (0, 1), the same each time (SplitMix64).
fn uniform(state: &mut u64) -> f64 {
    *state = crate::types::Seed(*state).derive(1, 1).0;
    (*state >> 11) as f64 / (1_u64 << 53) as f64
}

/// What a customer of BG/NBD or MBG/NBD does, straight from its definition.
fn simulated(customers: usize, parameters: [f64; 4], dropout: Dropout, T: f64) -> Vec<Pattern> {
    let [r, alpha, a, b] = parameters;
    let mut state = 7;
    // Whole shapes alone: a gamma variable is a sum of exponential ones.
    let gamma = |shape: f64, state: &mut u64| -> f64 {
        (0..shape as u32).map(|_| -uniform(state).ln()).sum()
    };
    (0..customers)
        .map(|_| {
            let rate = gamma(r, &mut state) / alpha;
            let (up, down) = (gamma(a, &mut state), gamma(b, &mut state));
            let p = up / (up + down);
            let (mut x, mut t_x) = (0.0, 0.0);
            let mut stopped = dropout == AlsoAtFirst && uniform(&mut state) < p;
            while !stopped {
                let next = t_x - uniform(&mut state).ln() / rate;
                if next > T {
                    break;
                }
                (x, t_x) = (x + 1.0, next);
                stopped = uniform(&mut state) < p;
            }
            Pattern { x, t_x, T }
        })
        .collect()
}

#[test]
fn the_gradient_is_that_of_the_log_likelihood() {
    let data = cdnow::patterns(7.0);
    let mut state = 11;
    for round in 0..40 {
        let dropout = if round % 2 == 0 { AfterRepeat } else { AlsoAtFirst };
        let theta: Vec<f64> = (0..4).map(|_| 6.0 * uniform(&mut state) - 3.0).collect();
        let likelihood = Likelihood::new(&data, dropout);
        let (_, gradient) = likelihood.at(&theta);
        for i in 0..4 {
            let beside = |by: f64| {
                let mut theta = theta.clone();
                theta[i] += by;
                likelihood.at(&theta).0
            };
            // Five points: an error of h^4 beside one of rounding over h.
            let h = 1e-3;
            let slope: f64 = (8.0 * (beside(h) - beside(-h))
                - (beside(2.0 * h) - beside(-2.0 * h)))
                / (12.0 * h);
            let off = (gradient[i] - slope).abs();
            assert!(off < 1e-7 * (1.0 + slope.abs()), "{theta:?} {i}: {} {slope}", gradient[i]);
        }
    }
}

#[test]
fn counts_stand_for_repeated_rows() {
    let rows = [pattern(0.0, 0.0, 9.0), pattern(3.0, 7.0, 9.0), pattern(1.0, 2.0, 8.0)];
    let repeated: Vec<Pattern> =
        rows.iter().zip([4, 1, 3]).flat_map(|(row, n)| vec![*row; n]).collect();
    for dropout in [AfterRepeat, AlsoAtFirst] {
        let model = model([0.4, 3.0, 0.7, 1.9], dropout);
        let (value, gradient) =
            model.log_likelihood(&Patterns::new(&rows, &[4.0, 1.0, 3.0]).unwrap());
        let (again, _) = model.log_likelihood(&Patterns::new(&repeated, &[]).unwrap());
        assert_eq!(value, again);
        let single: Vec<(f64, Vec<f64>)> = (rows.iter())
            .map(|row| model.log_likelihood(&Patterns::new(&[*row], &[]).unwrap()))
            .collect();
        near(value, 4.0 * single[0].0 + single[1].0 + 3.0 * single[2].0, 1e-14);
        for (i, g) in gradient.iter().enumerate() {
            near(*g, 4.0 * single[0].1[i] + single[1].1[i] + 3.0 * single[2].1[i], 1e-12);
        }
    }
}

#[test]
fn days_and_weeks_are_the_same_model() {
    let (weeks, days) = (cdnow::patterns(7.0), cdnow::patterns(1.0));
    for dropout in [AfterRepeat, AlsoAtFirst] {
        let (in_weeks, fit_weeks) = BetaGeometric::fit(&weeks, TimeUnit::Weeks, dropout).unwrap();
        let (in_days, fit_days) = BetaGeometric::fit(&days, TimeUnit::Days, dropout).unwrap();
        let ([r, alpha, a, b], [r_2, alpha_2, a_2, b_2]) =
            (in_weeks.parameters(), in_days.parameters());
        for (one, other) in [(r, r_2), (7.0 * alpha, alpha_2), (a, a_2), (b, b_2)] {
            near(other, one, 1e-6);
        }
        // A density by day is a seventh of that by week, once for each repeat purchase.
        near(fit_days.log_likelihood, fit_weeks.log_likelihood - 2457.0 * 7f64.ln(), 1e-12);
        let (week, day) = (pattern(2.0, 30.0, 38.0), pattern(2.0, 210.0, 266.0));
        near(in_days.expected_orders(&day, 91.0), in_weeks.expected_orders(&week, 13.0), 1e-6);
    }
}

#[test]
fn horizons_together_are_horizons_alone() {
    let ts = [0.0, 0.5, 4.3, 52.0, 12.0, 300.0, 5000.0, f64::INFINITY, -1.0];
    for dropout in [AfterRepeat, AlsoAtFirst] {
        let model = model([0.25, 4.4, 0.8, 2.4], dropout);
        for customer in [pattern(0.0, 0.0, 10.0), pattern(3.0, 20.0, 30.0)] {
            for used in [&ts[..5], &ts[..]] {
                let mut out = vec![f64::NAN; used.len()];
                model.expected_orders_at(&customer, used, &mut out);
                for (t, together) in used.iter().zip(&out) {
                    let alone = model.expected_orders(&customer, *t);
                    assert!(alone == *together || (alone / together - 1.0).abs() < 1e-14);
                }
                assert_eq!((out[0], used.len() < 9 || out[8] == 0.0), (0.0, true));
            }
        }
    }
}

#[test]
fn discounted_orders_are_the_integral_of_expected_ones() {
    // By parts: the integral of e^(-delta t) dE[Y(t)] is delta times that of e^(-delta t) E[Y(t)];
    // Gauss-Legendre on t = u / (1 - u).
    for dropout in [AfterRepeat, AlsoAtFirst] {
        let model = model([0.8, 4.4, 1.2, 2.4], dropout);
        let (customer, delta) = (pattern(3.0, 20.0, 30.0), 0.05);
        let integral: f64 = (crate::math::gauss_legendre(200).into_iter())
            .map(|(node, weight)| {
                let u = 0.5 + 0.5 * node;
                let t = u / (1.0 - u);
                let orders = model.expected_orders(&customer, t);
                0.5 * weight * delta * (-delta * t).exp() * orders / (1.0 - u).powi(2)
            })
            .sum();
        near(model.discounted_orders(&customer, delta), integral, 1e-9);
    }
}

#[test]
fn without_discount_the_orders_are_those_without_end() {
    let model = model([0.8, 4.4, 1.5, 2.4], AfterRepeat);
    let customer = pattern(3.0, 20.0, 30.0);
    // E[1 / p] = (a + b + x - 1) / (a - 1).
    let ever = model.p_alive(&customer) * (1.5 + 2.4 + 3.0 - 1.0) / 0.5;
    near(model.discounted_orders(&customer, 0.0), ever, 1e-14);
    near(model.expected_orders(&customer, f64::INFINITY), ever, 1e-14);
    near(model.discounted_orders(&customer, 1e-30), ever, 1e-9);
    near(model.expected_orders(&customer, 1e30), ever, 1e-9);
    assert!(model.discounted_orders(&customer, -0.1).is_nan());
    assert!(model.expected_orders(&customer, f64::NAN).is_nan());
    let lasting = BetaGeometric { parameters: [0.8, 4.4, 0.9, 2.4], ..model };
    assert_eq!(lasting.expected_orders(&customer, f64::INFINITY), f64::INFINITY);
}

#[test]
fn probabilities_sum_to_one_and_have_the_mean() {
    for dropout in [AfterRepeat, AlsoAtFirst] {
        for (parameters, t) in [([0.243, 4.414, 0.793, 2.426], 39.0), ([3.0, 2.0, 0.4, 5.0], 20.0)]
        {
            let model = model(parameters, dropout);
            let (mut sum, mut mean) = (0.0, 0.0);
            for n in 0..3000 {
                let probability = model.probability(n, t);
                sum += probability;
                mean += f64::from(n) * probability;
            }
            assert!((sum - 1.0).abs() < 1e-9, "{sum}");
            near(mean, model.expected_orders_new(t), 1e-9);
        }
    }
}

#[test]
fn the_interval_of_a_newcomer_is_that_of_the_probabilities() {
    for dropout in [AfterRepeat, AlsoAtFirst] {
        let model = model([3.0, 2.0, 0.4, 5.0], dropout);
        let quantile = |share: f64| {
            let (mut n, mut at_most) = (0, model.probability(0, 20.0));
            while at_most < share {
                n += 1;
                at_most += model.probability(n, 20.0);
            }
            f64::from(n)
        };
        let expected = Some((quantile(0.3), quantile(0.9)));
        assert_eq!(model.order_interval(&NEW, 20.0, (0.3, 0.9)), expected);
        assert!(expected.is_some_and(|(low, high)| high > low + 5.0), "{expected:?}");
    }
}

#[test]
fn only_a_first_purchase_that_may_end_makes_newcomers_doubtful() {
    let newcomer = pattern(0.0, 0.0, 0.0);
    assert_eq!(model([0.5, 6.0, 0.9, 1.6], AfterRepeat).p_alive(&newcomer), 1.0);
    near(model([0.5, 6.0, 0.9, 1.6], AlsoAtFirst).p_alive(&newcomer), 1.6 / 2.5, 1e-15);
    assert_eq!(model([0.5, 6.0, 0.9, 1.6], AfterRepeat).p_alive(&pattern(0.0, 0.0, 50.0)), 1.0);
}

#[test]
fn a_pilot_leads_to_the_maximum_of_all_patterns() {
    let rows = simulated(40_000, [1.0, 5.0, 1.0, 3.0], AlsoAtFirst, 40.0);
    let data = Patterns::new(&rows, &[]).unwrap();
    let few = pilot(&data).expect("enough patterns for a pilot");
    assert!(few.patterns.len() < 2 * PILOT && few.patterns.len() < data.patterns.len() / 3);
    assert_eq!(few.counts.len(), few.patterns.len());
    let (model, fit) = BetaGeometric::fit(&data, TimeUnit::Days, AlsoAtFirst).unwrap();
    assert!(fit.sound() && fit.patterns == data.patterns.len());
    let (value, gradient) = model.log_likelihood(&data);
    near(value, fit.log_likelihood, 1e-13);
    assert!(gradient.iter().all(|g| g.abs() < 1e-6 * data.customers()), "{gradient:?}");
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let rows = simulated(20_000, [1.0, 5.0, 1.0, 3.0], AfterRepeat, 40.0);
    let data = Patterns::new(&rows, &[]).unwrap();
    assert!(data.patterns.len() > 8192, "one chunk would prove nothing");
    let at = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| BetaGeometric::fit(&data, TimeUnit::Days, AfterRepeat).unwrap())
    };
    assert_eq!(at(1), at(3));
}

// Recovery, and what cannot be recovered.

#[test]
fn simulated_customers_give_their_parameters_back() {
    let truth = [1.0, 5.0, 1.0, 3.0];
    for dropout in [AfterRepeat, AlsoAtFirst] {
        let data = Patterns::new(&simulated(20_000, truth, dropout, 60.0), &[]).unwrap();
        let (_, fit) = BetaGeometric::fit(&data, TimeUnit::Weeks, dropout).unwrap();
        assert!(fit.sound());
        for (parameter, truth) in fit.parameters.iter().zip(truth) {
            let error = parameter.standard_error.unwrap();
            assert!((parameter.value - truth).abs() < 4.0 * error, "{parameter:?} {truth}");
            assert!(error < 0.2 * truth, "{parameter:?}");
        }
    }
}

#[test]
fn far_points_stay_finite() {
    // lifetimes#215 and the overflow vector of the Pareto/NBD, and worse.
    let rows = [
        pattern(400.0, 5.0, 6.0),
        pattern(500.0, 1.0, 37.0),
        pattern(500.0, 4.0, 37.0),
        pattern(100_000.0, 4.0, 1e6),
    ];
    let data = Patterns::new(&rows, &[]).unwrap();
    for dropout in [AfterRepeat, AlsoAtFirst] {
        for parameters in [
            [10.465, 7.985_651_81e-3, 3.0516, 2.82],
            [1e-8, 1e8, 1e-8, 1e8],
            [1e8, 1e-8, 1e8, 1e-8],
            [1e12, 1e14, 1e9, 1e10],
        ] {
            let model = model(parameters, dropout);
            let (value, gradient) = model.log_likelihood(&data);
            assert!(value.is_finite() && gradient.iter().all(|g| g.is_finite()), "{parameters:?}");
            for customer in &rows {
                let alive = model.p_alive(customer);
                assert!((0.0..=1.0).contains(&alive), "{parameters:?} {customer:?}");
                for number in [
                    model.expected_orders(customer, 52.0),
                    model.discounted_orders(customer, 0.002),
                    model.probability(3, 52.0),
                ] {
                    assert!(number >= 0.0 && number.is_finite(), "{parameters:?} {customer:?}");
                }
            }
        }
    }
}

#[test]
fn too_little_is_said_so() {
    let reason = |rows: &[Pattern], counts: &[f64]| {
        let data = Patterns::new(rows, counts).unwrap();
        BetaGeometric::fit(&data, TimeUnit::Days, AfterRepeat).unwrap_err().to_string()
    };
    assert!(reason(&[], &[]).contains("there is no customer"));
    let none: Vec<Pattern> = (1..50).map(|T| pattern(0.0, 0.0, f64::from(T))).collect();
    assert!(reason(&none, &[]).contains("no customer has bought again"));
    assert!(reason(&[pattern(2.0, 0.0, 0.0)], &[]).contains("observed for any time"));
    assert!(reason(&[pattern(3.0, 20.0, 30.0)], &[1e6]).contains("1 distinct"));
}

#[test]
fn what_does_not_determine_four_parameters_is_not_called_sound() {
    // One cohort of ten; no two customers differ in rate; nobody stops; nobody goes on.
    let ten: Vec<Pattern> =
        (0..10).map(|x| pattern(f64::from(x), 3.0 * f64::from(x), 30.0)).collect();
    let alike: Vec<Pattern> =
        (0..40).map(|i| pattern(10.0, 28.0 + 0.04 * f64::from(i), 30.0)).collect();
    let lasting: Vec<Pattern> = (1..40).map(|i| pattern(f64::from(i), 30.0, 30.0)).collect();
    let brief: Vec<Pattern> =
        (0..40).map(|i| pattern(f64::from(i % 2), 0.1 * f64::from(i % 2 * i), 300.0)).collect();
    for rows in [ten, alike, lasting, brief] {
        let data = Patterns::new(&rows, &[]).unwrap();
        for dropout in [AfterRepeat, AlsoAtFirst] {
            match BetaGeometric::fit(&data, TimeUnit::Days, dropout) {
                Ok((model, fit)) => {
                    println!("{:?} {fit:?}", model.parameters());
                    assert!(!fit.sound(), "{fit:?}");
                    assert!(model.parameters().iter().all(|value| value.is_finite()));
                }
                Err(error) => println!("{error}"),
            }
        }
    }
}

#[test]
fn parameters_are_checked() {
    for (i, name) in NAMES.into_iter().enumerate() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let mut parameters = [1.0; 4];
            parameters[i] = bad;
            let error = BetaGeometric::new(parameters, AlsoAtFirst, TimeUnit::Days).unwrap_err();
            let BtydError::Parameter { model: "MBG/NBD", parameter, .. } = error else {
                panic!("{error}")
            };
            assert_eq!(parameter, name);
        }
    }
}
