//! Simulated customers whose regularity is known, sums by hand, and refusals.

use super::*;

/// A small generator of its own (SplitMix64), so that the samples never change.
struct Draws(u64);

impl Draws {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.uniform()).ln()
    }

    /// An Erlang gap of shape `k` with this mean.
    fn gap(&mut self, k: u32, mean: f64) -> f64 {
        (0..k).map(|_| self.exponential(mean / f64::from(k))).sum()
    }

    /// The gaps of customers at paces that differ by a factor of a hundred, each seen for
    /// `window` days from the first purchase on, if they did not stop before.
    fn customers(&mut self, n: usize, k: u32, window: f64) -> Vec<Vec<f64>> {
        (0..n)
            .map(|_| {
                let mean = 3.0 * 100f64.powf(self.uniform());
                let end = window.min(self.exponential(window));
                let (mut gaps, mut at) = (Vec::new(), 0.0);
                loop {
                    let gap = self.gap(k, mean);
                    at += gap;
                    if at > end {
                        break gaps;
                    }
                    gaps.push(gap);
                }
            })
            .collect()
    }
}

const BOTH: [RegularityMethod; 2] = [RegularityMethod::Pooled, RegularityMethod::WheatMorrison];

#[test]
fn erlang_gaps_are_recovered_whatever_pace_window_and_dropout() {
    for k in [1, 2, 4] {
        let customers = Draws(u64::from(k)).customers(20_000, k, 365.0);
        for method in BOTH {
            let found = regularity(&customers, 0.0, method).unwrap();
            let truth = f64::from(k);
            // Within three standard errors, by the interval's 1.96 to either side.
            let error = (found.interval.1 / found.interval.0).ln() / 3.92;
            assert!((found.shape / truth).ln().abs() < 3.0 * error, "{method:?} {found:?}");
            assert!(error < 0.02, "{method:?} {found:?}");
            assert!(found.customers_used > 5_000);
            assert_eq!(found.customers_used + found.customers_left_out, 20_000);
            assert_eq!(found.is_far_from_poisson(), k > 1, "{method:?} {found:?}");
        }
        // All gaps say more than two of each customer.
        let width = |method| {
            let found = regularity(&customers, 0.0, method).unwrap();
            found.interval.1 / found.interval.0
        };
        assert!(width(RegularityMethod::Pooled) < width(RegularityMethod::WheatMorrison));
    }
}

#[test]
fn intervals_hold_the_truth_about_as_often_as_they_say() {
    for method in BOTH {
        let held = (0..200)
            .filter(|&run| {
                let customers = Draws(1_000 + run).customers(300, 2, 200.0);
                let found = regularity(&customers, 0.0, method).unwrap();
                found.interval.0 < 2.0 && 2.0 < found.interval.1
            })
            .count();
        // 95 % of 200 with three standard deviations of the binomial law.
        assert!((181..=199).contains(&held), "{method:?}: {held} of 200");
    }
}

/// Purchases of one day are one, gaps whole days: what the module's page says of it. At each mean
/// gap, for shape 1 as they stand, shape 1 and shape 2 with half a day taken off.
#[test]
fn whole_days_make_frequent_buyers_look_regular() {
    let rows = [
        (2.0, [2.3, 1.4, 1.8]),
        (5.0, [1.5, 1.13, 1.7]),
        (10.0, [1.3, 1.07, 1.8]),
        (30.0, [1.1, 1.02, 1.9]),
    ];
    for (mean, documented) in rows {
        let mut draws = Draws(7);
        let mut customers = |k| -> Vec<Vec<f64>> {
            let mut of_one = || {
                let mut days = vec![0.0];
                let mut at = draws.uniform();
                while days.len() < 12 {
                    at += draws.gap(k, mean);
                    if at.floor() > days[days.len() - 1] {
                        days.push(at.floor());
                    }
                }
                days.windows(2).map(|pair| pair[1] - pair[0]).collect()
            };
            (0..5_000).map(|_| of_one()).collect()
        };
        let (poisson, erlang) = (customers(1), customers(2));
        let samples = [(&poisson, 0.0), (&poisson, 1.0), (&erlang, 1.0)];
        for ((customers, resolution), documented) in samples.into_iter().zip(documented) {
            let found = regularity(customers, resolution, RegularityMethod::Pooled).unwrap();
            assert!((found.shape - documented).abs() < 0.05, "{mean} {resolution}: {found:?}");
        }
    }
}

#[test]
fn pooled_shape_by_hand() {
    // Two gaps p and 1 - p of every customer: digamma(2 k) - digamma(k) = -ln(p (1 - p)) / 2,
    // which is 1 at k = 1 (digamma(2) - digamma(1)) and 1/2 + 1/3 at k = 2.
    for (k, step) in [(1.0, 1.0), (2.0, 5.0 / 6.0)] {
        let product = (-2.0_f64 * step).exp();
        let p = 0.5 * (1.0 - (1.0 - 4.0 * product).sqrt());
        let customers = vec![[8.0 * p, 8.0 * (1.0 - p)]; 50];
        let found = regularity(&customers, 0.0, RegularityMethod::Pooled).unwrap();
        assert!((found.shape - k).abs() < 1e-6, "{found:?}");
        // Observed information n (2 psi'(k) - 4 psi'(2 k)): at k = 1, psi'(1) = pi^2 / 6 and
        // psi'(2) = pi^2 / 6 - 1.
        if k == 1.0 {
            let trigamma = std::f64::consts::PI.powi(2) / 6.0;
            let error = (50.0 * (2.0 * trigamma - 4.0 * (trigamma - 1.0))).recip().sqrt();
            let by = (1.959_963_984_540_054 * error).exp();
            assert!((found.interval.1 - by).abs() < 1e-4, "{found:?} {by}");
        }
    }
}

#[test]
fn wheat_morrison_1990_by_hand() {
    // M is 1/4 and 3/4 in turn: the variance of 20 is 1/16 x 20/19 = 5/76, so that k =
    // (1 - 20/76) / (40/76) = 1.4. Later gaps do not count.
    let customers: Vec<Vec<f64>> =
        (0..20).map(|i| if i % 2 == 0 { vec![1.0, 3.0, 9.0] } else { vec![6.0, 2.0] }).collect();
    let found = regularity(&customers, 0.0, RegularityMethod::WheatMorrison).unwrap();
    assert!((found.shape - 1.4).abs() < 1e-12, "{found:?}");
    assert_eq!((found.customers_used, found.customers_left_out), (20, 0));
}

#[test]
fn the_unit_of_time_does_not_matter() {
    let customers = Draws(3).customers(500, 2, 300.0);
    let scaled = |by: f64| -> Vec<Vec<f64>> {
        customers.iter().map(|gaps| gaps.iter().map(|gap| by * gap).collect()).collect()
    };
    for method in BOTH {
        let days = regularity(&customers, 0.0, method).unwrap();
        for by in [24.0, 1e300, 1e-290] {
            let other = regularity(scaled(by), 0.0, method).unwrap();
            assert!((other.shape / days.shape - 1.0).abs() < 1e-6, "{by} {other:?} {days:?}");
        }
    }
}

#[test]
fn what_tells_nothing_is_refused() {
    for method in BOTH {
        let few = vec![vec![1.0, 2.0]; FEWEST_CUSTOMERS - 1];
        let found = regularity(few.iter().chain([&vec![3.0], &vec![]]), 0.0, method);
        assert_eq!(found, Err(RegularityError::TooFew { customers: FEWEST_CUSTOMERS - 1 }));
        let timetable = vec![vec![7.0, 7.0, 7.0]; 50];
        assert_eq!(regularity(&timetable, 1.0, method), Err(RegularityError::NoVariation));
        for value in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let customers = [vec![1.0, 2.0], vec![1.0, 5.0, value]];
            let fault = regularity(&customers, 0.0, method).unwrap_err();
            let at_third = matches!(fault, RegularityError::Gap { customer: 2, gap: 3, .. });
            assert!(at_third, "{fault}");
        }
        let fault = regularity([[1.0, 0.5]], 1.0, method).unwrap_err();
        assert!(matches!(fault, RegularityError::Gap { customer: 1, gap: 2, .. }), "{fault}");
        for value in [-1.0, f64::NAN, f64::INFINITY] {
            let fault = regularity([[1.0, 2.0]], value, method).unwrap_err();
            assert!(matches!(fault, RegularityError::Resolution { .. }), "{fault}");
        }
    }
    assert!(regularity::<Vec<f64>>([], 1.0, RegularityMethod::Pooled).is_err());
}

#[test]
fn far_from_poisson_is_judged_by_the_whole_interval() {
    let of = |low: f64, high: f64| Regularity {
        shape: (low * high).sqrt(),
        interval: (low, high),
        customers_used: 100,
        customers_left_out: 0,
    };
    assert!(of(1.51, 3.0).is_far_from_poisson() && of(0.3, 0.69).is_far_from_poisson());
    assert!(!of(1.4, 3.0).is_far_from_poisson() && !of(0.3, 0.71).is_far_from_poisson());
    assert!(!of(0.5, 2.0).is_far_from_poisson());
}
