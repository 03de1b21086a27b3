//! The cohorts of Fader and Hardie (2007), published lifetimes, dates, identities and refusals.

use jiff::civil::{Date, date};

use super::super::renewals::{Contract, MOST_RENEWALS, Period, RenewalError, Renewals};
use super::*;
use crate::types::TimeUnit;

/// Customers left of 1,000 after 0, 1, ... 7 renewals: Fader and Hardie (2007), table 1.
const REGULAR: [u64; 8] = [1000, 631, 468, 382, 326, 289, 262, 241];
const HIGH_END: [u64; 8] = [1000, 869, 743, 653, 593, 551, 517, 491];

fn cohort(customers: &[u64]) -> Renewals {
    Renewals::of_cohorts(&[customers.to_vec()]).unwrap()
}

#[track_caller]
fn close(ours: f64, theirs: f64, relative: f64) {
    let error = (ours - theirs).abs() / theirs.abs();
    assert!(error <= relative, "{ours} is not {theirs} (relative error {error:e})");
}

/// Fader and Hardie (2007), from all seven renewals; log-likelihoods and standard errors by scipy
/// (Nelder-Mead to 1e-10; Hessian by differences of 1e-3).
#[test]
fn fader_hardie_2007_parameters_of_both_cohorts() {
    let published = [
        (REGULAR, [0.704, 1.182], -1_680.265_188, [0.065_599, 0.152_476]),
        (HIGH_END, [0.668, 3.806], -1_611.158_147, [0.103_735, 0.785_532]),
    ];
    for (customers, parameters, log_likelihood, errors) in published {
        let renewals = cohort(&customers);
        let (model, found) = ShiftedBetaGeometric::fit(&renewals).unwrap();
        assert!(found.sound() && found.customers == 1000.0, "{found:?}");
        let pairs = model.parameters().into_iter().zip(parameters);
        assert!(
            pairs.into_iter().all(|(ours, paper)| (ours - paper).abs() < 0.000_51),
            "{model:?}"
        );
        close(found.log_likelihood, log_likelihood, 1e-9);
        close(model.log_likelihood(&renewals), found.log_likelihood, 1e-13);
        for (parameter, error) in found.parameters.iter().zip(errors) {
            close(parameter.standard_error.unwrap(), error, 1e-3);
        }
    }
}

/// The same from the first four renewals (the guide of Fader and Hardie 2014 takes these of the
/// regular cohort): scipy, as above.
#[test]
fn scipy_parameters_from_four_renewals() {
    for (customers, parameters) in
        [(REGULAR, [0.763_665, 1.295_830]), (HIGH_END, [1.280_976, 7.790_383])]
    {
        let (model, found) = ShiftedBetaGeometric::fit(&cohort(&customers[..5])).unwrap();
        assert!(found.sound());
        model.parameters().into_iter().zip(parameters).for_each(|(a, b)| close(a, b, 1e-5));
    }
}

/// scipy: Nelder-Mead to 1e-10 from five starts on the likelihood of Fader et al. (2018).
#[test]
fn scipy_parameters_of_the_beta_discrete_weibull_model() {
    // Customers, parameters, log-likelihood, standard errors.
    type Row = (&'static [u64], [f64; 3], f64, [f64; 3]);
    let rows: [Row; 4] = [
        (
            &REGULAR,
            [0.455_614, 0.779_326, 1.283_451],
            -1_679.602_833,
            [0.167_043, 0.282_712, 0.298_097],
        ),
        (
            &HIGH_END,
            [0.214_253, 1.426_575, 1.723_565],
            -1_605.314_213,
            [0.059_580, 0.381_410, 0.301_044],
        ),
        (
            &REGULAR[..5],
            [0.523_029, 0.894_283, 1.196_399],
            -1_401.383_052,
            [0.309_042, 0.524_827, 0.374_091],
        ),
        (
            &HIGH_END[..5],
            [0.259_336, 1.722_551, 1.584_362],
            -1_222.749_318,
            [0.120_170, 0.776_949, 0.353_027],
        ),
    ];
    for (customers, parameters, log_likelihood, errors) in rows {
        let renewals = cohort(customers);
        let (model, found) = BetaDiscreteWeibull::fit(&renewals).unwrap();
        assert!(found.sound(), "{found:?}");
        model.parameters().into_iter().zip(parameters).for_each(|(a, b)| close(a, b, 1e-5));
        close(found.log_likelihood, log_likelihood, 1e-9);
        close(model.log_likelihood(&renewals), found.log_likelihood, 1e-13);
        for (parameter, error) in found.parameters.iter().zip(errors) {
            close(parameter.standard_error.unwrap(), error, 2e-3);
        }
    }
}

/// Fader and Hardie (2010), table 3: DERL at 10 % of customers in their first to fifth period,
/// for a mean loss of 0.2 and polarisation 0.05 and 0.75 (as in pymc-marketing's tests).
#[test]
fn fader_hardie_2010_table_3_residual_lifetimes() {
    let cases = [
        ([3.8, 15.2], [3.31, 3.45, 3.59, 3.72, 3.84]),
        ([1.0 / 15.0, 4.0 / 15.0], [7.68, 9.46, 9.86, 10.06, 10.19]),
    ];
    for (parameters, published) in cases {
        let model = ShiftedBetaGeometric::new(parameters).unwrap();
        for (renewals, paper) in (0..).zip(published) {
            let ours = model.residual_lifetime(renewals, 0.1).unwrap();
            assert!((ours - paper).abs() <= 0.005, "{ours} {paper}");
        }
    }
}

/// mpmath, 30 digits: 2F1(1, beta; alpha + beta; 1 / (1 + d)) for sBG, direct sums for BdW.
#[test]
fn mpmath_lifetimes_at_high_and_low_rates() {
    let sbg = ShiftedBetaGeometric::new([0.668, 3.806]).unwrap();
    for (rate, lifetime) in [
        (1e-6, 616.290_927_852_078_7),
        (0.001, 53.002_470_676_801_41),
        (0.1, 5.922_596_407_612_764),
        (3.0, 1.272_917_089_210_13),
    ] {
        close(sbg.lifetime(rate).unwrap(), lifetime, 1e-11);
    }
    for (parameters, rate, renewals, lifetime) in [
        ([0.668, 3.806, 1.3], 0.1, 0, 4.371_427_866_857_11),
        ([0.668, 3.806, 1.3], 0.1, 5, 5.898_133_970_461_538),
        ([0.259, 1.722, 1.584], 0.01, 0, 23.486_496_514_318_96),
        ([0.8, 2.0, 0.6], 0.002, 0, 61.620_451_504_374_79),
    ] {
        let model = BetaDiscreteWeibull::new(parameters).unwrap();
        close(model.residual_lifetime(renewals, rate).unwrap(), lifetime, 1e-11);
    }
    let bdw = BetaDiscreteWeibull::new([0.259, 1.722, 1.584]).unwrap();
    close(bdw.survivor(7), 0.481_523_673_619_665_6, 1e-13);
    close(bdw.survivor(1_000_000_000), 0.000_220_694_441_447_338_3, 1e-12);
}

#[test]
fn the_two_models_agree_where_they_are_the_same() {
    let sbg = ShiftedBetaGeometric::new([0.7, 1.9]).unwrap();
    let bdw = BetaDiscreteWeibull::new([0.7, 1.9, 1.0]).unwrap();
    let mut survivor = 1.0;
    for t in 1..50 {
        close(sbg.retention(t), bdw.retention(t), 1e-12);
        survivor *= sbg.retention(t);
        close(sbg.survivor(t), survivor, 1e-12);
        close(bdw.survivor(t), survivor, 1e-12);
    }
    close(sbg.residual_lifetime(3, 0.05).unwrap(), bdw.residual_lifetime(3, 0.05).unwrap(), 1e-12);
    let renewals = cohort(&HIGH_END);
    close(sbg.log_likelihood(&renewals), bdw.log_likelihood(&renewals), 1e-12);
    assert_eq!((sbg.retention(0), bdw.retention(0), sbg.survivor(0)), (1.0, 1.0, 1.0));
    // One customer a period earlier: DERL = r (1 + DERL' / (1 + d)).
    let derl = |renewals| sbg.residual_lifetime(renewals, 0.05).unwrap();
    close(derl(3), sbg.retention(4) * (1.0 + derl(4) / 1.05), 1e-12);
}

#[test]
fn the_gradients_are_those_of_the_log_likelihoods() {
    let renewals = cohort(&REGULAR);
    let check = |function: &dyn Fn(&[f64]) -> Evaluated, theta: &[f64]| {
        let gradient = function(theta).1;
        for i in 0..theta.len() {
            let at = |by: f64| {
                let mut beside = theta.to_vec();
                beside[i] += by;
                function(&beside).0
            };
            close((at(1e-5) - at(-1e-5)) / 2e-5, gradient[i], 1e-6);
        }
    };
    check(&|theta| shifted_beta_geometric(theta, &renewals), &[0.3, -0.4]);
    check(&|theta| beta_discrete_weibull(theta, &renewals), &[0.3, -0.4, 0.35]);
    check(&|theta| beta_discrete_weibull(theta, &renewals), &[-1.0, 2.0, -0.5]);
}

#[test]
fn cohorts_and_single_contracts_count_the_same() {
    // Ten start; 7, 5 and 5 are left. A younger cohort of four: 3 after one period.
    let counted = Renewals::of_cohorts(&[vec![10, 7, 5, 5], vec![4, 3], vec![9]]).unwrap();
    assert_eq!((counted.kept(), counted.lost()), (&[10.0, 5.0, 5.0][..], &[4.0, 2.0, 0.0][..]));
    assert_eq!(counted.customers(), 14.0);
    assert_eq!(counted.rates(), [10.0 / 14.0, 5.0 / 7.0, 1.0]);
    let contract = |renewals, lost| Contract { renewals, lost };
    let single = [(4, contract(0, true)), (2, contract(1, true)), (5, contract(3, false))]
        .into_iter()
        .chain([(3, contract(1, false)), (9, contract(0, false))])
        .flat_map(|(times, contract)| std::iter::repeat_n(contract, times));
    assert_eq!(Renewals::of_contracts(single).unwrap(), counted);
    assert_eq!(Renewals::of_contracts([]).unwrap(), Renewals::default());
    assert_eq!(Renewals::of_contracts([contract(0, false)]).unwrap().rates(), [0.0; 0]);
}

#[test]
fn dates_become_renewals_by_the_calendar() {
    let monthly = Period { length: 1, unit: TimeUnit::Months };
    let of = |start: Date, end: Option<Date>, as_of: Date, period| {
        let contract = Contract::of_dates(start, end, as_of, period).unwrap();
        (contract.renewals, contract.lost)
    };
    let start = date(2023, 1, 31);
    // Renewals on 28 February, 31 March, 30 April, ....
    assert_eq!(of(start, None, date(2023, 2, 27), monthly), (0, false));
    assert_eq!(of(start, None, date(2023, 2, 28), monthly), (1, false));
    assert_eq!(of(start, None, date(2023, 4, 29), monthly), (2, false));
    assert_eq!(of(start, None, date(2023, 4, 30), monthly), (3, false));
    // Ends on the day of the third renewal, or within the period before it: lost at the third.
    for end in [date(2023, 4, 30), date(2023, 4, 5)] {
        assert_eq!(of(start, Some(end), date(2023, 12, 31), monthly), (2, true));
    }
    // A day later the third was paid.
    assert_eq!(of(start, Some(date(2023, 5, 1)), date(2023, 12, 31), monthly), (3, true));
    // Cancelled within a period whose renewal is not due yet, or in the future: still running.
    assert_eq!(of(start, Some(date(2023, 4, 5)), date(2023, 4, 20), monthly), (2, false));
    assert_eq!(of(start, Some(date(2023, 12, 1)), date(2023, 4, 20), monthly), (2, false));
    // Not renewed on the very day of `as_of`: that renewal was due, and is lost.
    assert_eq!(of(start, Some(date(2023, 4, 30)), date(2023, 4, 30), monthly), (2, true));
    let years = Period { length: 1, unit: TimeUnit::Years };
    assert_eq!(of(date(2000, 2, 29), None, date(2020, 2, 28), years), (19, false));
    assert_eq!(of(date(2000, 2, 29), None, date(2020, 2, 29), years), (20, false));
    let fortnight = Period { length: 2, unit: TimeUnit::Weeks };
    assert_eq!(of(date(2024, 1, 1), None, date(2024, 1, 29), fortnight), (2, false));
    let days = Period { length: 30, unit: TimeUnit::Days };
    assert_eq!(of(date(2024, 1, 1), None, date(2024, 3, 31), days), (3, false));
}

#[test]
fn what_no_contract_or_cohort_can_be_is_refused() {
    let monthly = Period { length: 1, unit: TimeUnit::Months };
    let (a, b) = (date(2024, 5, 1), date(2024, 6, 1));
    let of = |start, end, as_of, period| Contract::of_dates(start, end, as_of, period);
    let none = Period { length: 0, unit: TimeUnit::Months };
    assert!(matches!(of(b, None, a, monthly), Err(RenewalError::Starts { .. })));
    assert!(matches!(of(a, Some(a), b, monthly), Err(RenewalError::Ends { .. })));
    assert!(matches!(of(a, None, b, none), Err(RenewalError::Period { .. })));
    let daily = Period { length: 1, unit: TimeUnit::Days };
    let long = of(Date::MIN, None, Date::MAX, daily);
    assert!(matches!(long, Err(RenewalError::TooMany { .. })));
    let growing = Renewals::of_cohorts(&[vec![5, 4], vec![5, 3, 4]]);
    let fault = RenewalError::Cohort { cohort: 2, period: 2, customers: 4, before: 3 };
    assert_eq!(growing, Err(fault));
    for empty in [vec![], vec![0, 0]] {
        assert!(matches!(Renewals::of_cohorts(&[empty]), Err(RenewalError::Cohort { .. })));
    }
    let endless = Contract { renewals: MOST_RENEWALS + 1, lost: false };
    assert!(matches!(Renewals::of_contracts([endless]), Err(RenewalError::TooMany { .. })));
}

#[test]
fn too_little_and_wrong_parameters_are_refused() {
    for customers in [&[10, 5][..], &[10, 10, 10, 10], &[10, 0, 0, 0]] {
        let renewals = cohort(customers);
        let sbg = ShiftedBetaGeometric::fit(&renewals);
        assert!(matches!(sbg, Err(BtydError::TooLittle { .. })), "{customers:?}: {sbg:?}");
    }
    let two = BetaDiscreteWeibull::fit(&cohort(&[10, 6, 4]));
    assert!(matches!(two, Err(BtydError::TooLittle { .. })), "{two:?}");
    assert!(ShiftedBetaGeometric::fit(&Renewals::default()).is_err());
    for value in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(ShiftedBetaGeometric::new([value, 1.0]).is_err());
        assert!(ShiftedBetaGeometric::new([1.0, value]).is_err());
        assert!(BetaDiscreteWeibull::new([1.0, 1.0, value]).is_err());
        let sbg = ShiftedBetaGeometric::new([1.0, 1.0]).unwrap();
        assert_eq!((sbg.lifetime(value), sbg.residual_lifetime(1, value)), (None, None));
    }
}

#[test]
fn nothing_panics_or_overflows_at_the_edges() {
    for parameters in [[1e-8, 1e-8, 1e-3], [1e8, 1e-3, 40.0], [1e-3, 1e8, 0.01], [1e8, 1e8, 1.0]] {
        let model = BetaDiscreteWeibull::new(parameters).unwrap();
        for t in [0, 1, 2, 1000, u32::MAX] {
            let survivor = model.survivor(t);
            assert!((0.0..=1.0 + 1e-12).contains(&survivor), "{parameters:?} {t} {survivor}");
        }
        for rate in [1e-9, 0.1, 1e9] {
            let lifetime = model.lifetime(rate).unwrap();
            let bounds = 1.0..=(1.0 + 1.0 / rate) * (1.0 + 1e-9);
            assert!(bounds.contains(&lifetime), "{parameters:?} {rate} {lifetime}");
        }
    }
    // All customers alike: a ridge towards infinite parameters, reported as not sound.
    let (_, found) = ShiftedBetaGeometric::fit(&cohort(&[64_000, 32_000, 16_000, 8_000])).unwrap();
    assert!(!found.sound(), "{found:?}");
}
