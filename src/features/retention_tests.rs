//! Worked numbers of Kumar and Reinartz, cohorts by hand, and refusals.

use super::*;

#[track_caller]
fn close(ours: f64, theirs: f64, within: f64) {
    assert!((ours - theirs).abs() <= within, "{ours} is not {theirs}");
}

fn value(retention: &[f64], discount: f64, horizon: Horizon) -> Result<f64, RetentionError> {
    let contribution = &[100.0][..];
    RetainedValue { contribution, retention, discount, acquisition_cost: 0.0 }
        .lifetime_value(horizon)
}

#[test]
fn kumar_reinartz_average_lifetime() {
    assert_eq!(average_lifetime(0.75), Ok(4.0));
    assert_eq!(average_lifetime(0.0), Ok(1.0));
}

/// Page 92: 21,648 customer periods of a cohort of 7,500. How they fall into periods is not
/// known: these add up to it.
#[test]
fn kumar_reinartz_average_lifetime_of_a_cohort() {
    let retained = [7_500, 6_000, 4_500, 2_400, 1_248];
    assert_eq!(retained.iter().sum::<u64>(), 21_648);
    close(average_lifetime_of_cohort(&retained, 7_500).unwrap(), 2.8864, 1e-12);
}

#[test]
fn kumar_reinartz_retention_ceiling() {
    let curve = RetentionCeiling::through(0.95, 9.0, 0.80).unwrap();
    close(curve.k(), 0.205_091_9, 5e-8);
    // mpmath, 30 digits. The figure that goes around, 0.8278126, is wrong from the sixth decimal:
    // no k that rounds to 0.2050919 gives it.
    close(curve.at(10.0), 0.827_814_126_376_066_1, 1e-15);
    close(curve.at(9.0), 0.80, 1e-15);
    assert_eq!(curve.at(0.0), 0.0);
    close(curve.at(1e6), 0.95, 1e-15);
    assert!(curve.at(-1.0).is_nan());
    assert_eq!(RetentionCeiling::new(0.95, curve.k()).unwrap(), curve);
}

#[test]
fn kumar_reinartz_lifetime_value_with_retention() {
    close(value(&[0.8], 0.15, Horizon::Periods(3)).unwrap(), 151.6232, 5e-5);
    close(value(&[0.8], 0.15, Horizon::Unlimited).unwrap(), 228.5714, 5e-5);
    close(value(&[0.8], 0.15, Horizon::Unlimited).unwrap(), 100.0 * 0.8 / 0.35, 1e-12);
    let costly = RetainedValue {
        contribution: &[100.0],
        retention: &[0.8],
        discount: 0.15,
        acquisition_cost: 200.0,
    };
    close(costly.lifetime_value(Horizon::Unlimited).unwrap(), 28.5714, 5e-5);
}

#[test]
fn rates_and_contributions_that_change_are_summed_period_by_period() {
    let of = |horizon| {
        RetainedValue {
            contribution: &[100.0, 50.0],
            retention: &[0.5, 0.8, 0.9],
            discount: 0.10,
            acquisition_cost: 10.0,
        }
        .lifetime_value(horizon)
        .unwrap()
    };
    // 0.5 x 100 / 1.1 + 0.4 x 50 / 1.21 + 0.36 x 50 / 1.331 + 0.324 x 50 / 1.4641 - 10.
    let terms = [0.5 * 100.0 / 1.1, 0.4 * 50.0 / 1.21, 0.36 * 50.0 / 1.331, 0.324 * 50.0 / 1.4641];
    let mut sum = -10.0;
    for (t, term) in (1..).zip(terms) {
        sum += term;
        close(of(Horizon::Periods(t)), sum, 1e-12);
    }
    assert_eq!(of(Horizon::Periods(0)), -10.0);
    // Without end, as with a horizon beyond which nothing is left.
    close(of(Horizon::Unlimited), of(Horizon::Periods(2_000)), 1e-9);
    close(of(Horizon::Unlimited), of(Horizon::Periods(u32::MAX)), 1e-9);
}

#[test]
fn everybody_staying_has_a_value_only_with_a_horizon_or_a_rate() {
    close(value(&[1.0], 0.0, Horizon::Periods(7)).unwrap(), 700.0, 1e-12);
    close(value(&[1.0], 0.1, Horizon::Unlimited).unwrap(), 1000.0, 1e-9);
    let endless = RetentionError::Endless { retention: 1.0, discount: 0.0 };
    assert_eq!(value(&[1.0], 0.0, Horizon::Unlimited), Err(endless.clone()));
    assert_eq!(average_lifetime(1.0), Err(endless));
    assert_eq!(value(&[0.0, 1.0], 0.0, Horizon::Unlimited), Ok(0.0), "nobody is left to stay");
}

#[test]
fn figures_outside_their_range_are_refused() {
    let is_range = |result: Result<f64, RetentionError>, of: &str| match result {
        Err(RetentionError::Range { what, .. }) => assert_eq!(what, of),
        other => panic!("{of}: {other:?}"),
    };
    for wrong in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        is_range(average_lifetime(wrong), "retention");
        is_range(value(&[0.5, wrong], 0.1, Horizon::Periods(1)), "retention");
    }
    for wrong in [-0.1, f64::NAN, f64::INFINITY] {
        is_range(value(&[0.5], wrong, Horizon::Unlimited), "the discount rate");
        let of = |contribution: &[f64], acquisition_cost| {
            RetainedValue { contribution, retention: &[0.5], discount: 0.1, acquisition_cost }
                .lifetime_value(Horizon::Unlimited)
        };
        is_range(of(&[1.0], wrong), "the acquisition cost");
        is_range(of(&[f64::NAN], 0.0), "contribution");
        let through = |ceiling, t, retention| {
            RetentionCeiling::through(ceiling, t, retention).map(|curve| curve.k())
        };
        is_range(through(0.9, 1.0, wrong), "retention");
        is_range(through(0.9, wrong, 0.5), "the period");
        is_range(RetentionCeiling::new(0.9, wrong).map(|curve| curve.k()), "k");
        is_range(RetentionCeiling::new(wrong, 1.0).map(|curve| curve.k()), "the retention ceiling");
        is_range(customer_equity_shares(&[1.0, wrong]).map(|shares| shares[0]), "customer equity");
    }
    is_range(RetentionCeiling::through(0.9, 1.0, 0.9).map(|curve| curve.k()), "retention");
    assert!(matches!(value(&[], 0.1, Horizon::Unlimited), Err(RetentionError::Empty { .. })));
    assert!(average_lifetime_of_cohort(&[1], 0).is_err());
}

#[test]
fn customer_equity_shares_sum_to_one() {
    let shares = customer_equity_shares(&[30.0, 50.0, 20.0, 0.0]).unwrap();
    assert_eq!(shares, [0.3, 0.5, 0.2, 0.0]);
    assert!(customer_equity_shares(&[]).is_err() && customer_equity_shares(&[0.0]).is_err());
}

#[test]
fn rates_of_a_cohort_by_hand() {
    let rates = cohort_rates(&[200, 150, 120, 0, 0]).unwrap();
    let retention: Vec<_> = rates.iter().map(|rates| rates.retention).collect();
    assert_eq!(retention, [Some(0.75), Some(0.8), Some(0.0), None]);
    assert_eq!(rates[0].defection, Some(0.25));
    let survival: Vec<_> = rates.iter().map(|rates| rates.survival).collect();
    assert_eq!(survival, [0.75, 0.6, 0.0, 0.0]);
    let growth = RetentionError::Growth { period: 2, customers: 151, before: 150 };
    assert_eq!(cohort_rates(&[200, 150, 151]), Err(growth));
    assert!(cohort_rates(&[]).is_err() && cohort_rates(&[0, 0]).is_err());
    assert_eq!(cohort_rates(&[5]), Ok(vec![]));
}

/// Customer 0 buys in months 10, 11 and 13, 1 in 10 alone, 2 in 11 and 13, 3 in 13; seen to 13.
const ACTIVITY: [(u32, i32); 9] =
    [(0, 10), (0, 11), (0, 11), (0, 13), (1, 10), (2, 11), (2, 13), (3, 13), (3, 13)];

#[test]
fn cohorts_of_activity_by_hand() {
    let table = cohort_retention(&ACTIVITY, 13).unwrap();
    let cohort = |month, active: &[u32], alive: &[u32]| Cohort {
        month,
        active: active.to_vec(),
        alive: alive.to_vec(),
    };
    assert_eq!(
        table.cohorts,
        [
            cohort(10, &[2, 1, 0, 1], &[2, 1, 1, 1]),
            cohort(11, &[1, 0, 1], &[1, 1, 1]),
            cohort(13, &[1], &[1]),
        ]
    );
    let ages: Vec<_> =
        table.by_age.iter().map(|r| (r.age, r.customers, r.active, r.alive, r.retention)).collect();
    assert_eq!(
        ages,
        [(1, 3, 1, 2, Some(2.0 / 3.0)), (2, 3, 1, 2, Some(1.0)), (3, 2, 1, 1, Some(1.0)),]
    );
    assert_eq!(table.by_age[0].survival, 2.0 / 3.0);
    assert_eq!(table.by_age[0].defection, Some(1.0 - 2.0 / 3.0));
    let months: Vec<_> = (table.by_month.iter())
        .map(|r| (r.month, r.active, r.acquired, r.retained, r.retention))
        .collect();
    // Month 12 has nobody, so that nobody can be retained into month 13.
    assert_eq!(months, [(11, 2, 1, 1, Some(0.5)), (12, 0, 0, 0, Some(0.0)), (13, 3, 1, 0, None)]);
}

#[test]
fn a_later_end_of_observation_adds_months_without_customers() {
    let table = cohort_retention(&ACTIVITY, 14).unwrap();
    assert_eq!(table.cohorts[2].active, [1, 0]);
    assert_eq!(table.by_month.last().unwrap().retention, Some(0.0));
    assert_eq!(table.by_age.len(), 4);
    assert_eq!(cohort_retention(&[], 14), Ok(CohortTable::default()));
}

#[test]
fn rows_out_of_order_or_of_another_time_are_refused() {
    assert_eq!(cohort_retention(&[(1, 5), (0, 6)], 9), Err(RetentionError::Unsorted { row: 2 }));
    assert_eq!(cohort_retention(&[(0, 6), (0, 5)], 9), Err(RetentionError::Unsorted { row: 2 }));
    for month in [10, 9 - MOST_MONTHS - 1, i32::MIN] {
        let fault = RetentionError::Month { row: 1, month, last: 9 };
        assert_eq!(cohort_retention(&[(0, month)], 9), Err(fault));
    }
    assert!(cohort_retention(&[(0, i32::MIN)], i32::MAX).is_err());
    assert_eq!(cohort_retention(&[(0, i32::MAX)], i32::MAX).unwrap().cohorts.len(), 1);
    assert_eq!(cohort_retention(&[(0, 0), (1, 1200)], 1200).unwrap().by_age.len(), 1200);
}

#[test]
fn the_table_is_written_and_read_alike() {
    let table = cohort_retention(&ACTIVITY, 14).unwrap();
    let text = serde_json::to_string(&table).unwrap();
    assert_eq!(serde_json::from_str::<CohortTable>(&text).unwrap(), table);
}
