//! Realistic wallets: the pinball loss, the properties of the definition, recovery of known
//! quantiles, and the choice of the method.

use super::super::design::BehaviourValues;
use super::super::draws::{normal, normal_quantile, uniform};
use super::*;

fn numbers(columns: &[(&str, Vec<f64>)]) -> Vec<Behaviour> {
    let of = |(name, values): &(&str, Vec<f64>)| Behaviour {
        name: (*name).into(),
        values: BehaviourValues::Number(values.clone()),
    };
    columns.iter().map(of).collect()
}

fn with(quantile: f64, method: MethodChoice, neighbours: Option<u32>) -> RealisticParams {
    RealisticParams { quantile, method, neighbours }
}

/// Uniform a and b, and spend by `law` of (a, b, normal draw).
fn world(seed: u64, n: usize, law: impl Fn(f64, f64, f64) -> f64) -> (Vec<f64>, Vec<Behaviour>) {
    let a: Vec<f64> = (0..n).map(|i| uniform(seed, i)).collect();
    let b: Vec<f64> = (0..n).map(|i| uniform(seed + 1, i)).collect();
    let own = (0..n).map(|i| law(a[i], b[i], normal(seed + 2, i))).collect();
    (own, numbers(&[("a", a), ("b", b)]))
}

fn log_linear(a: f64, b: f64, e: f64) -> f64 {
    (2.0 + 1.5 * a - b + 0.5 * e).exp()
}

/// Spend that no line describes: high in one corner of the square and in the one opposite.
fn crossed(a: f64, b: f64, e: f64) -> f64 {
    let high = (a > 0.5) == (b > 0.5);
    (if high { 4.0 } else { 2.0 } + 0.3 * e).exp()
}

fn column(behaviours: &[Behaviour], of: usize) -> &[f64] {
    match &behaviours[of].values {
        BehaviourValues::Number(values) => values,
        BehaviourValues::Level { .. } => panic!("these tests have numbers alone"),
    }
}

/// Predicting 6 where 10 comes costs 0.9 x 4, and 10 where 6 comes 0.1 x 4.
#[test]
fn pinball_by_hand() {
    assert!((pinball(0.9, 10.0, 6.0) - 3.6).abs() < 1e-15);
    assert!((pinball(0.9, 6.0, 10.0) - 0.4).abs() < 1e-15);
    assert_eq!(pinball(0.9, 5.0, 5.0), 0.0);
}

/// The definition: W = max(own, Q); W >= own; share in (0, 1]; limits on either side; and as many
/// at their own spend as the quantile leaves above.
#[test]
fn the_wallet_is_never_below_own_spend() {
    for method in [
        MethodChoice::Auto,
        MethodChoice::Neighbours,
        MethodChoice::Regression,
        MethodChoice::Unconditional,
    ] {
        let (own, behaviours) = world(1, 1_500, log_linear);
        let of = realistic_wallets(&own, &behaviours, &with(0.9, method, None), Seed(1)).unwrap();
        assert_eq!(of.wallets.len(), own.len());
        let mut at_own = 0;
        for (wallet, own) in of.wallets.iter().zip(&own) {
            assert!(wallet.wallet >= *own && wallet.low >= *own);
            assert!(wallet.low <= wallet.wallet && wallet.wallet <= wallet.high);
            let share = own / wallet.wallet;
            assert!(share > 0.0 && share <= 1.0);
            at_own += u32::from(wallet.wallet == *own);
        }
        assert!(at_own >= of.report.at_own_spend);
        let part = f64::from(of.report.at_own_spend) / own.len() as f64;
        assert!((part - 0.1).abs() < 0.03, "{method:?}: {part}");
    }
}

/// The higher the quantile, the larger the wallet: for every customer by neighbours and by the
/// quantile of all; by regression for the mean of all, the lines being free to cross.
#[test]
fn wallets_grow_with_the_quantile() {
    let (own, behaviours) = world(2, 3_100, crossed);
    for method in [MethodChoice::Neighbours, MethodChoice::Unconditional, MethodChoice::Regression]
    {
        let mut before: Option<Vec<f64>> = None;
        for quantile in [0.5, 0.6, 0.75, 0.9, 0.95, 0.99] {
            let params = with(quantile, method, Some(150));
            let of = realistic_wallets(&own, &behaviours, &params, Seed(3)).unwrap();
            let wallets: Vec<f64> = of.wallets.iter().map(|of| of.wallet).collect();
            assert!(!wallets.is_empty(), "{method:?} {quantile}: {:?}", of.report.reason);
            if let Some(before) = before {
                if method == MethodChoice::Regression {
                    assert!(before.iter().sum::<f64>() < wallets.iter().sum::<f64>());
                } else {
                    assert!(before.iter().zip(&wallets).all(|(before, now)| before <= now));
                }
            }
            before = Some(wallets);
        }
    }
}

/// A log-linear world: the regression is chosen, is near the true quantile of each customer, and
/// as many held-out customers lie below as asked for.
#[test]
fn regression_is_chosen_where_it_is_right() {
    let (own, behaviours) = world(10, 4_000, log_linear);
    let of = realistic_wallets(&own, &behaviours, &RealisticParams::default(), Seed(1)).unwrap();
    assert_eq!(of.report.chosen, Some(Method::Regression), "{:#?}", of.report.candidates);
    assert_eq!(of.report.reason, None);
    let (a, b) = (column(&behaviours, 0), column(&behaviours, 1));
    for (i, wallet) in of.wallets.iter().enumerate() {
        let truth = log_linear(a[i], b[i], normal_quantile(0.9));
        let expected = truth.max(own[i]);
        assert!((wallet.wallet / expected).ln().abs() < 0.1, "{i}: {wallet:?} {expected}");
    }
    let of = |method| of.report.candidates.iter().find(|of| of.method == method).unwrap().clone();
    let (chosen, baseline) = (of(Method::Regression), of(Method::Unconditional));
    assert!((chosen.below.unwrap() - 0.9).abs() < 0.02, "{chosen:?}");
    assert!(chosen.gain.unwrap() > 5.0 * chosen.gain_error.unwrap(), "{chosen:?}");
    let difference = baseline.loss.unwrap() - chosen.loss.unwrap();
    assert!((difference - chosen.gain.unwrap()).abs() < 1e-12);
    assert!(baseline.gain.is_none() && chosen.standard_error.unwrap() > 0.0);
}

/// A world that no line describes: neighbours are chosen, and away from the borders of the four
/// corners they are near the true quantile.
#[test]
fn neighbours_are_chosen_where_they_are_right() {
    let (own, behaviours) = world(20, 4_000, crossed);
    let of = realistic_wallets(&own, &behaviours, &RealisticParams::default(), Seed(1)).unwrap();
    let Some(Method::Neighbours { k }) = of.report.chosen else { panic!("{:?}", of.report) };
    assert_eq!(k % 36, 0);
    let (a, b) = (column(&behaviours, 0), column(&behaviours, 1));
    let mut ratios = Vec::new();
    for (i, wallet) in of.wallets.iter().enumerate() {
        if (a[i] - 0.5).abs() > 0.15 && (b[i] - 0.5).abs() > 0.15 {
            let truth = crossed(a[i], b[i], normal_quantile(0.9)).max(own[i]);
            ratios.push((wallet.wallet / truth).ln());
        }
    }
    let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
    let far = ratios.iter().filter(|ratio| ratio.abs() > 0.25).count();
    assert!(ratios.len() > 1_500 && mean.abs() < 0.03, "{mean} of {}", ratios.len());
    assert!(far * 50 < ratios.len(), "{far} of {}", ratios.len());
}

/// Noise alone: the quantile of all customers is used, and says so.
#[test]
fn the_baseline_is_used_where_nothing_helps() {
    let (own, behaviours) = world(30, 2_000, |_, _, e| (3.0 + e).exp());
    let of = realistic_wallets(&own, &behaviours, &RealisticParams::default(), Seed(1)).unwrap();
    assert_eq!(of.report.chosen, Some(Method::Unconditional), "{:#?}", of.report.candidates);
    assert!(of.report.reason.unwrap().contains("quantile of all"));
    let mut sorted = own.clone();
    sorted.sort_by(f64::total_cmp);
    assert!(of.wallets.iter().zip(&own).all(|(of, own)| of.wallet == own.max(sorted[1_799])));
}

#[test]
fn without_behaviours_the_baseline_is_all_there_is() {
    let (own, _) = world(40, 400, log_linear);
    let of = realistic_wallets(&own, &[], &RealisticParams::default(), Seed(1)).unwrap();
    assert_eq!(of.report.chosen, Some(Method::Unconditional));
    assert_eq!(of.report.candidates.len(), 2);
    assert!(of.report.candidates[1].reason.as_ref().unwrap().contains("compare"));
    let asked = with(0.9, MethodChoice::Neighbours, None);
    let of = realistic_wallets(&own, &[], &asked, Seed(1)).unwrap();
    assert!(of.wallets.is_empty() && of.report.chosen.is_none() && of.report.reason.is_some());
}

/// 20 customers above the quantile: 200 for 0.9.
#[test]
fn too_few_customers_get_no_wallet_but_a_reason() {
    let (own, behaviours) = world(50, 200, log_linear);
    let cut = |n: usize| {
        let some: Vec<(&str, Vec<f64>)> = ["a", "b"]
            .iter()
            .enumerate()
            .map(|(j, name)| (*name, column(&behaviours, j)[..n].to_vec()))
            .collect();
        realistic_wallets(&own[..n], &numbers(&some), &RealisticParams::default(), Seed(1)).unwrap()
    };
    assert_eq!(cut(200).wallets.len(), 200);
    let few = cut(199);
    assert!(few.wallets.is_empty() && few.report.candidates.is_empty());
    assert!(few.report.reason.unwrap().contains("needs 200"));
    let none = realistic_wallets(&[], &[], &RealisticParams::default(), Seed(1)).unwrap();
    assert!(none.wallets.is_empty());
    let zero = realistic_wallets(&[0.0; 300], &[], &RealisticParams::default(), Seed(1)).unwrap();
    assert!(zero.report.reason.unwrap().contains("nobody"));
}

/// 25 coefficients ask for 250 customers above the quantile: the regression stands back, with the
/// reason.
#[test]
fn the_regression_needs_customers_for_its_coefficients() {
    let n = 600;
    let own: Vec<f64> = (0..n).map(|i| normal(60, i).exp()).collect();
    let columns: Vec<(&str, Vec<f64>)> =
        (0..24).map(|j| ("x", (0..n).map(|i| normal(61 + j, i)).collect())).collect();
    let of =
        realistic_wallets(&own, &numbers(&columns), &RealisticParams::default(), Seed(1)).unwrap();
    let regression = of.report.candidates.last().unwrap();
    assert_eq!(regression.method, Method::Regression);
    assert!(regression.loss.is_none());
    assert!(regression.reason.as_ref().unwrap().contains("25 coefficients need 250"));
}

/// More customers than are compared with: the sample is recorded, all get a wallet, and all are
/// fitted by the regression.
#[test]
fn beyond_the_reference_a_recorded_sample_stands_for_all() {
    let n = REFERENCE_CUSTOMERS + 5_000;
    let (own, behaviours) = world(70, n, crossed);
    let of =
        realistic_wallets(&own, &behaviours, &with(0.9, MethodChoice::Auto, Some(100)), Seed(1))
            .unwrap();
    assert_eq!(of.report.reference as usize, REFERENCE_CUSTOMERS);
    assert_eq!((of.report.customers as usize, of.wallets.len()), (n, n));
    assert_eq!(of.report.chosen, Some(Method::Neighbours { k: 100 }));
    let places = sample(n, Seed(1));
    assert!(places.windows(2).all(|pair| pair[0] < pair[1]));
    assert_ne!(places, sample(n, Seed(2)));
}

/// One thread or three: the same wallets to the last bit; another seed splits anew.
#[test]
fn the_number_of_threads_does_not_matter() {
    let (own, behaviours) = world(80, 1_200, crossed);
    let run = |threads: usize, seed: u64| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let params = RealisticParams::default();
        pool.install(|| realistic_wallets(&own, &behaviours, &params, Seed(seed)).unwrap())
    };
    let one = run(1, 1);
    assert_eq!(one, run(3, 1));
    assert_ne!(one.report.candidates, run(1, 2).report.candidates);
}

/// Customers of three kinds on whole numbers: neighbours at distance 0 are many, and ties with
/// the last neighbour all count, so that each kind gets its own quantile.
#[test]
fn equal_customers_are_one_neighbourhood() {
    let n = 900;
    let kind: Vec<f64> = (0..n).map(|i| (i % 3) as f64).collect();
    let own: Vec<f64> = (0..n).map(|i| 100.0 * 3f64.powf(kind[i]) + uniform(90, i)).collect();
    let of = realistic_wallets(
        &own,
        &numbers(&[("kind", kind.clone())]),
        &with(0.9, MethodChoice::Neighbours, Some(40)),
        Seed(1),
    )
    .unwrap();
    for k in 0..3 {
        let mut of_kind: Vec<f64> = (0..n).filter(|i| i % 3 == k).map(|i| own[i]).collect();
        of_kind.sort_by(f64::total_cmp);
        let quantile = of_kind[(0.9 * of_kind.len() as f64).ceil() as usize - 1];
        for i in (k..n).step_by(3) {
            assert_eq!(of.wallets[i].wallet, quantile.max(own[i]));
        }
    }
}

#[test]
fn faults_are_named() {
    let run = |own: &[f64], params: RealisticParams| realistic_wallets(own, &[], &params, Seed(1));
    for quantile in [0.49, 0.995, f64::NAN] {
        let fault = run(&[1.0], with(quantile, MethodChoice::Auto, None));
        assert!(matches!(fault, Err(WalletError::Quantile { .. })));
    }
    let fault = run(&[1.0], with(0.9, MethodChoice::Auto, Some(0)));
    assert_eq!(fault, Err(WalletError::Neighbours));
    for own in [-1.0, f64::NAN, f64::INFINITY] {
        let fault = run(&[1.0, own], RealisticParams::default());
        assert!(matches!(fault, Err(WalletError::Row { row: 2, .. })));
    }
    assert!(serde_json::from_str::<RealisticParams>(r#"{"quantil": 0.9}"#).is_err());
    let params: RealisticParams =
        serde_json::from_str(r#"{"quantile": 0.8, "method": "regression"}"#).unwrap();
    assert_eq!(params, with(0.8, MethodChoice::Regression, None));
}
