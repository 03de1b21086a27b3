//! The donations of Fader, Hardie and Shang (2010), identities of the model, and refusals.

use super::*;

/// x, t_x and customers of 11,104 people who first gave in 1995, over the six years after: Fader,
/// Hardie and Shang (2010), as in brucehardie.com/notes/010 (BTYD's `donationsSummary`).
const DONATIONS: [(u32, u32, f64); 22] = [
    (0, 0, 3464.0),
    (1, 1, 1091.0),
    (1, 2, 277.0),
    (1, 3, 129.0),
    (1, 4, 78.0),
    (1, 5, 119.0),
    (1, 6, 129.0),
    (2, 2, 613.0),
    (2, 3, 255.0),
    (2, 4, 155.0),
    (2, 5, 173.0),
    (2, 6, 234.0),
    (3, 3, 322.0),
    (3, 4, 181.0),
    (3, 5, 225.0),
    (3, 6, 357.0),
    (4, 4, 240.0),
    (4, 5, 284.0),
    (4, 6, 512.0),
    (5, 5, 335.0),
    (5, 6, 728.0),
    (6, 6, 1203.0),
];

/// The paper's estimates, to three decimals.
const PUBLISHED: [f64; 4] = [1.204, 0.750, 0.657, 2.783];

fn donations() -> DiscretePatterns {
    let rows = DONATIONS.map(|(x, t_x, _)| DiscretePattern { x, t_x, n: 6 });
    DiscretePatterns::new(&rows, &DONATIONS.map(|row| row.2)).unwrap()
}

fn of(x: u32, t_x: u32, n: u32) -> DiscretePattern {
    DiscretePattern { x, t_x, n }
}

#[track_caller]
fn close(ours: f64, theirs: f64, relative: f64) {
    let error = (ours - theirs).abs() / theirs.abs();
    assert!(error <= relative, "{ours} is not {theirs} (relative error {error:e})");
}

/// Every history over `n` opportunities and in how many orders it comes about.
fn histories(n: u32) -> Vec<(DiscretePattern, f64)> {
    let choose =
        |n: u32, k: u32| (0..k).map(|j| f64::from(n - j) / f64::from(j + 1)).product::<f64>();
    let mut all = vec![(of(0, 0, n), 1.0)];
    for t_x in 1..=n {
        all.extend((1..=t_x).map(|x| (of(x, t_x, n), choose(t_x - 1, x - 1))));
    }
    all
}

fn chance(model: &BetaBinomial, pattern: DiscretePattern) -> f64 {
    model.log_likelihood(&DiscretePatterns::new(&[pattern], &[]).unwrap()).exp()
}

#[test]
fn fader_hardie_shang_2010_parameters_and_log_likelihood_of_donations() {
    let (model, found) = BetaBinomial::fit(&donations()).unwrap();
    assert!(found.sound() && found.customers == 11_104.0 && found.patterns == 22, "{found:?}");
    assert!((found.log_likelihood + 33_225.58).abs() < 0.005, "BTYD-walkthrough, BG/BB");
    // The maximum found by scipy's Nelder-Mead to 1e-11 in log parameters; all descents meet it.
    let scipy = [1.203_522_22, 0.749_716_34, 0.656_718_33, 2.783_442_94];
    let published = model.parameters().into_iter().zip(PUBLISHED);
    assert!(published.clone().all(|(ours, paper)| (ours - paper).abs() < 0.000_51), "{model:?}");
    model.parameters().into_iter().zip(scipy).for_each(|(ours, theirs)| close(ours, theirs, 1e-5));
    // BTYD-walkthrough stops at 1.203528, 0.749726, 0.6567808, 2.783796: not above our maximum.
    let btyd = BetaBinomial::new([1.203528, 0.749726, 0.656_780_8, 2.783796]).unwrap();
    assert!(btyd.log_likelihood(&donations()) <= found.log_likelihood);
    // From the Hessian by central differences of step 1e-3 (numpy).
    let errors = [0.069_391, 0.029_448, 0.051_010, 0.320_819];
    for (parameter, error) in found.parameters.iter().zip(errors) {
        close(parameter.standard_error.unwrap(), error, 1e-3);
    }
}

/// Table 6, "P(alive in 2002) as a function of recency and frequency": no repeat gift, two of
/// which the last in 1999, and one in every year (lifetimes, tests/test_estimation.py).
#[test]
fn fader_hardie_shang_2010_table_6_p_alive() {
    let (model, _) = BetaBinomial::fit(&donations()).unwrap();
    for ((x, t_x), paper) in [((0, 0), 0.11), ((2, 4), 0.59), ((6, 6), 0.93)] {
        assert!((model.p_alive(&of(x, t_x, 6)) - paper).abs() < 0.005);
    }
}

/// brucehardie.com/notes/010, sheet "Conditional Expectations (II)": gifts expected of all donors
/// together in the five years 2002 to 2006.
#[test]
fn hardie_spreadsheet_gifts_expected_in_the_next_five_years() {
    let (model, _) = BetaBinomial::fit(&donations()).unwrap();
    let all: f64 = (DONATIONS.iter())
        .map(|&(x, t_x, count)| count * model.expected_transactions(&of(x, t_x, 6), 5))
        .sum();
    assert!((all - 12_884.2).abs() < 0.05, "{all}");
}

/// brucehardie.com/notes/010, sheet "In-Sample Fit", cells C18 and C24: donors expected to give
/// in none and in all of the six years.
#[test]
fn hardie_spreadsheet_donors_expected_with_none_and_six_gifts() {
    let (model, _) = BetaBinomial::fit(&donations()).unwrap();
    assert!((11_104.0 * model.probability(0, 6) - 3_454.9).abs() < 0.05);
    assert!((11_104.0 * model.probability(6, 6) - 1_253.1).abs() < 0.05);
}

/// mpmath, 40 digits, at the published parameters: p_alive, transactions in the next 5, DERT at a
/// rate of 0.1 by equation (14) with its 2F1, log-likelihood.
#[test]
fn mpmath_predictions() {
    let model = BetaBinomial::new(PUBLISHED).unwrap();
    let rows = [
        (
            of(0, 0, 6),
            [
                0.108_016_584_168_674_2,
                0.072_802_877_475_043,
                0.114_646_996_181_764_1,
                -1.167_262_472_673_893_8,
            ],
        ),
        (
            of(2, 4, 6),
            [
                0.589_514_116_433_697_9,
                1.057_348_941_909_680_6,
                1.665_069_902_593_707,
                -5.195_697_601_042_647,
            ],
        ),
        (
            of(6, 6, 6),
            [
                0.930_402_542_372_881_4,
                3.752_115_607_599_815,
                5.908_678_319_555_381,
                -2.182_248_447_618_299_8,
            ],
        ),
        (
            of(3, 4, 6),
            [
                0.439_462_857_055_756_5,
                1.034_228_498_421_104_5,
                1.628_660_773_060_823_8,
                -5.059_307_947_411_104,
            ],
        ),
    ];
    for (pattern, [p_alive, next_five, discounted, ln_l]) in rows {
        close(model.p_alive(&pattern), p_alive, 1e-13);
        close(model.expected_transactions(&pattern, 5), next_five, 1e-13);
        close(model.discounted_transactions(&pattern, 0.1).unwrap(), discounted, 1e-12);
        close(chance(&model, pattern).ln(), ln_l, 1e-13);
    }
    close(model.discounted_transactions(&of(6, 6, 6), 1e-6).unwrap(), 1_084.565_888_475_279, 1e-9);
    close(model.log_likelihood(&donations()), -33_225.581_754_518_58, 1e-13);
    close(model.probability(0, 6), 0.311_217_743_263_849_3, 1e-13);
    close(model.probability(20, 300), 0.005_205_049_824_747_687, 1e-12);
    // Large parameters, where a difference of log gamma functions has no digit left.
    let large = BetaBinomial::new([1e8, 2e8, 1e7, 9e7]).unwrap();
    close(chance(&large, of(3, 10, 40)).ln(), -8.573_991_531_820_253, 1e-12);
    close(large.p_alive(&of(3, 10, 40)), 7.958_669_565_800_562e-7, 1e-11);
}

#[test]
fn the_gradient_is_that_of_the_log_likelihood() {
    let data = donations();
    let theta = [0.3, -0.5, 0.2, 1.4];
    let (_, gradient) = evaluate(&theta, &data);
    for i in 0..4 {
        let at = |by: f64| {
            let mut beside = theta;
            beside[i] += by;
            evaluate(&beside, &data).0
        };
        close((at(1e-5) - at(-1e-5)) / 2e-5, gradient[i], 1e-6);
    }
}

#[test]
fn chances_sum_to_one_and_expectations_agree() {
    // gamma = 1 is where the closed forms (8) and (13) divide by zero.
    for parameters in [PUBLISHED, [0.4, 3.0, 1.0, 5.0], [20.0, 5.0, 2.5, 0.3]] {
        let model = BetaBinomial::new(parameters).unwrap();
        let chances: Vec<f64> = (0..=9).map(|x| model.probability(x, 9)).collect();
        close(chances.iter().sum(), 1.0, 1e-13);
        let mean: f64 = chances.iter().zip(0u32..).map(|(chance, x)| chance * f64::from(x)).sum();
        close(model.expected_transactions_new(9), mean, 1e-13);
        assert_eq!(model.probability(10, 9), 0.0);
        // Over all histories: chances, those of x, and what is expected after them.
        let (mut all, mut of_three, mut later, mut discounted) = (0.0, 0.0, 0.0, 0.0);
        for (pattern, orders) in histories(6) {
            let chance = orders * chance(&model, pattern);
            all += chance;
            of_three += if pattern.x == 3 { chance } else { 0.0 };
            later += chance * model.expected_transactions(&pattern, 7);
            discounted += chance * model.discounted_transactions(&pattern, 0.2).unwrap();
        }
        close(all, 1.0, 1e-13);
        close(of_three, model.probability(3, 6), 1e-13);
        let new = |n| model.expected_transactions_new(n);
        close(later, new(13) - new(6), 1e-12);
        // After 400 opportunities nothing is left: 1.2^-400 = 2e-32.
        let series: f64 =
            (1..=400).map(|k| (new(6 + k) - new(5 + k)) / 1.2f64.powi(k as i32)).sum();
        close(discounted, series, 1e-11);
    }
}

#[test]
fn the_parameters_of_simulated_customers_are_recovered() {
    // Whole expected counts stand for a sample without noise: 1e7 customers at 3, 8 and 12
    // opportunities.
    let truth = [0.8, 2.0, 0.6, 4.0];
    let model = BetaBinomial::new(truth).unwrap();
    let mut rows = Vec::new();
    let mut counts = Vec::new();
    for (pattern, orders) in [3, 8, 12].into_iter().flat_map(histories) {
        let count = (1e7 * orders * chance(&model, pattern)).round();
        if count > 0.0 {
            rows.push(pattern);
            counts.push(count);
        }
    }
    let (fitted, found) =
        BetaBinomial::fit(&DiscretePatterns::new(&rows, &counts).unwrap()).unwrap();
    assert!(found.sound());
    fitted.parameters().into_iter().zip(truth).for_each(|(ours, true_)| close(ours, true_, 1e-4));
}

#[test]
fn equal_rows_are_joined() {
    let rows = [of(2, 3, 6), of(0, 0, 6), of(2, 3, 6), of(2, 3, 5)];
    let joined = DiscretePatterns::new(&rows, &[5.0, 1.0, 2.0, 3.0]).unwrap();
    assert_eq!(joined.patterns, [of(0, 0, 6), of(2, 3, 5), of(2, 3, 6)]);
    assert_eq!(joined.counts, [1.0, 3.0, 7.0]);
    assert_eq!(joined.of_row, [2, 0, 2, 1]);
    assert_eq!(DiscretePatterns::new(&rows, &[]).unwrap().customers(), 4.0);
    assert_eq!(DiscretePatterns::new(&[], &[]).unwrap(), DiscretePatterns::default());
}

#[test]
fn impossible_rows_are_refused_by_number() {
    let refused = |row, counts: &[f64]| match DiscretePatterns::new(&[of(1, 1, 6), row], counts) {
        Err(BtydError::Row { row: 2, what }) => what,
        other => panic!("{other:?}"),
    };
    for row in [of(3, 2, 6), of(0, 1, 6), of(1, 7, 6), of(0, 0, 0), of(1, 1, 10_001)] {
        assert!(refused(row, &[]).contains(&format!("n = {}", row.n)));
    }
    for count in [0.0, -1.0, 1.5, f64::NAN, f64::INFINITY] {
        assert_eq!(refused(of(1, 1, 6), &[1.0, count]), format!("count = {count}"));
    }
    assert_eq!(refused(of(1, 1, 6), &[1.0]), "it has no count");
}

#[test]
fn too_little_and_wrong_parameters_are_refused() {
    let fit =
        |rows: &[DiscretePattern]| BetaBinomial::fit(&DiscretePatterns::new(rows, &[]).unwrap());
    let reason = |result| match result {
        Err(BtydError::TooLittle { reason, .. }) => reason,
        other => panic!("{other:?}"),
    };
    assert!(reason(fit(&[])).contains("three opportunities"));
    assert!(reason(fit(&[of(1, 2, 2), of(0, 0, 2)])).contains("three opportunities"));
    assert!(reason(fit(&[of(0, 0, 9)])).contains("no customer bought again"));
    for i in 0..4 {
        for value in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            let mut parameters = PUBLISHED;
            parameters[i] = value;
            assert!(matches!(
                BetaBinomial::new(parameters),
                Err(BtydError::Parameter { parameter, .. }) if parameter == ["alpha", "beta", "gamma", "delta"][i]
            ));
        }
    }
}

#[test]
fn nothing_panics_or_overflows_at_the_edges() {
    let model = BetaBinomial::new(PUBLISHED).unwrap();
    let impossible = of(5, 2, 1);
    assert!(model.p_alive(&impossible).is_nan());
    assert!(model.expected_transactions(&impossible, 3).is_nan());
    assert!(model.discounted_transactions(&impossible, 0.1).unwrap().is_nan());
    for rate in [0.0, -0.1, f64::NAN, f64::INFINITY] {
        assert_eq!(model.discounted_transactions(&of(1, 1, 6), rate), None);
    }
    assert_eq!(model.expected_transactions(&of(1, 1, 6), 0), 0.0);
    assert_eq!(model.expected_transactions_new(0), 0.0);
    assert_eq!(model.probability(0, 0), 1.0);
    let most = model.p_alive(&of(9_000, 9_995, MOST_OPPORTUNITIES));
    assert!(most > 0.01 && most < 0.5, "{most}");
    assert_eq!(model.p_alive(&of(8_000, 8_000, MOST_OPPORTUNITIES)), 0.0);
    // One customer who never missed: a maximum at the edge, reported as not sound.
    let regular = DiscretePatterns::new(&[of(6, 6, 6)], &[]).unwrap();
    let (_, found) = BetaBinomial::fit(&regular).unwrap();
    assert!(!found.sound(), "{found:?}");
}
