//! What becomes of every kind of customer base: each has a defined outcome, none stops a run.

use super::*;
use crate::types::Duration;

/// Customers as (x, t_x, T) in days and the mean of their repeat spend.
fn base(rows: &[(f64, f64, f64, f64)]) -> (Histories, Vec<Vec<f64>>) {
    let mut histories = Histories::default();
    let mut gaps = Vec::new();
    for &(x, t_x, age, spend) in rows {
        histories.x.push(x);
        histories.t_x_days.push(t_x);
        histories.age_days.push(age);
        histories.m_x.push(if x > 0.0 { spend } else { f64::NAN });
        histories.mean.push(spend);
        gaps.push(vec![t_x / x.max(1.0); x as usize]);
    }
    (histories, gaps)
}

fn valued(rows: &[(f64, f64, f64, f64)], choice: ModelChoice) -> (Valued, Vec<Warning>) {
    let (histories, gaps) = base(rows);
    let margin = MarginRecord { rate: 1.0, from_costs: false };
    let params = ClvParams { model: choice, ..ClvParams::default() };
    let rate = params.checked().unwrap();
    let mut warnings = Vec::new();
    let found = value(&histories, &gaps, margin, &params, rate, &mut warnings).unwrap();
    for column in &found.columns {
        assert_eq!(column.values.len(), rows.len());
        assert!(column.values.iter().all(|value| !value.is_infinite()), "{}", column.name);
    }
    for name in ["p_alive", "expected_orders", "expected_order_value", "expected_spend", "clv"] {
        let column = column(&found, name);
        assert!(column.iter().all(|value| *value >= 0.0), "{name}: {column:?}");
    }
    for methods in &found.methods {
        assert!(methods.values.iter().all(Option::is_some), "{}", methods.name);
    }
    (found, warnings)
}

fn column<'a>(found: &'a Valued, name: &str) -> &'a [f64] {
    &found.columns.iter().find(|column| column.name == name).unwrap().values
}

/// Customers of a simulated shop who buy and stop as Pareto/NBD says, seen for as long as `age`
/// says of each.
fn shop(customers: usize, age: impl Fn(usize) -> f64) -> Vec<(f64, f64, f64, f64)> {
    use crate::simulate::{Scenario, SimulateParams, Simulation};
    let params = SimulateParams {
        customers: customers as u64,
        months: 18,
        seed: crate::types::Seed(7),
        start: SimulateParams::DEFAULT_START,
        scenario: Scenario::built_in("pareto-nbd", 18).unwrap(),
    };
    let simulation = Simulation::new(params).unwrap();
    simulation
        .iter()
        .enumerate()
        .map(|(i, customer)| {
            let first = customer.orders[0].time.date();
            let mut days: Vec<(f64, f64)> = Vec::new();
            for order in &customer.orders {
                let day = f64::from(first.until(order.time.date()).unwrap().get_days());
                let amount = order.amount_cents as f64 / 100.0;
                match days.last_mut() {
                    Some(last) if last.0 == day => last.1 += amount,
                    _ if day <= age(i) => days.push((day, amount)),
                    _ => {}
                }
            }
            let x = days.len() as f64 - 1.0;
            let repeat: f64 = days[1..].iter().map(|(_, amount)| amount).sum();
            let spend = if x > 0.0 { repeat / x } else { days[0].1 };
            (x, days.last().map_or(0.0, |last| last.0), age(i), spend)
        })
        .collect()
}

#[test]
fn an_ordinary_shop_is_valued_by_the_first_model() {
    let (found, _) = valued(&shop(3000, |i| 200.0 + (i % 165) as f64), ModelChoice::Auto);
    let record = &found.record;
    assert_eq!(record.method, Method::ParetoNbd, "{:?}", record.attempts);
    assert_eq!(record.attempts.len(), 1);
    assert!(record.totals.expected_orders_error.unwrap() < 0.2 * record.totals.expected_orders);
    assert!(record.totals.residual_value.unwrap() > record.totals.clv);
    let (low, high) =
        (column(&found, "expected_orders_low"), column(&found, "expected_orders_high"));
    let within = (0..low.len()).filter(|&i| low[i] <= high[i]).count();
    assert_eq!(within, low.len());
    assert!(found.methods[0].values[0].as_deref().unwrap().starts_with("pareto_nbd+"));
}

#[test]
fn every_choice_begins_with_its_own_rung() {
    let rows = shop(3000, |i| 200.0 + (i % 165) as f64);
    for (choice, first) in [
        (ModelChoice::ParetoNbd, Method::ParetoNbd),
        (ModelChoice::BgNbd, Method::BgNbd),
        (ModelChoice::MbgNbd, Method::MbgNbd),
        (ModelChoice::Cohort, Method::Cohort),
        (ModelChoice::Hiatus, Method::Hiatus),
    ] {
        let (found, _) = valued(&rows, choice);
        assert_eq!(found.record.attempts[0].method, first);
        assert!(found.record.attempts.last().unwrap().accepted);
    }
}

#[test]
fn ten_customers_get_cohort_means_and_the_reason() {
    let (found, warnings) = valued(&shop(10, |_| 200.0), ModelChoice::Auto);
    assert_eq!(found.record.method, Method::Cohort);
    assert!(found.record.attempts[0].reason.contains("10 customers, fewer than 50"));
    assert!(warnings.iter().any(|warning| warning.code == "clv_fallback"));
    let reason = found.methods[1].values[0].as_deref().unwrap();
    assert!(reason.contains("MBG/NBD was not used: 10 customers"), "{reason}");
    assert!(found.record.totals.residual_value.is_none(), "cohort means know no end");
}

#[test]
fn no_repeat_buyer_at_all_ends_at_the_hiatus_rule_with_no_orders() {
    let rows = vec![(0.0, 0.0, 100.0, 30.0); 500];
    let (found, _) = valued(&rows, ModelChoice::Auto);
    assert_eq!(found.record.method, Method::Hiatus);
    assert_eq!(found.record.totals.expected_orders, 0.0);
    assert_eq!(found.record.hiatus_days, None, "there is no gap to take it from");
    assert!(column(&found, "expected_order_value").iter().all(|value| *value == 30.0));
    let reason = found.methods[1].values[0].as_deref().unwrap();
    assert!(reason.contains("no customer has bought on two days"), "{reason}");
}

#[test]
fn a_single_customer_and_customers_of_today_are_valued() {
    for rows in [vec![(3.0, 20.0, 30.0, 9.0)], vec![(0.0, 0.0, 0.0, 9.0); 60]] {
        let (found, _) = valued(&rows, ModelChoice::Auto);
        assert_eq!(found.record.method, Method::Hiatus);
    }
}

#[test]
fn identical_customers_do_not_pretend_to_know_their_spread() {
    let rows = vec![(4.0, 80.0, 100.0, 20.0); 1_000_000];
    let (found, _) = valued(&rows, ModelChoice::Auto);
    assert!(
        matches!(found.record.method, Method::Cohort | Method::Hiatus),
        "{:?}",
        found.record.method
    );
    for attempt in &found.record.attempts[..2] {
        assert!(!attempt.accepted, "{attempt:?}");
    }
    assert!(column(&found, "expected_order_value").iter().all(|value| (value - 20.0).abs() < 1e-9));
}

#[test]
fn a_single_cohort_is_valued() {
    let (found, _) = valued(&shop(2000, |_| 300.0), ModelChoice::Auto);
    assert!(found.record.attempts.last().unwrap().accepted);
    assert!(found.record.totals.expected_orders > 0.0);
}

#[test]
fn negative_spend_leaves_the_customer_everybodys_mean_and_says_so() {
    let mut rows = shop(3000, |i| 200.0 + (i % 165) as f64);
    let place = rows.iter().position(|row| row.0 > 2.0).unwrap();
    rows[place].3 = -500.0;
    let (found, _) = valued(&rows, ModelChoice::Auto);
    assert_eq!(found.record.spend.method, SpendMethod::GammaGamma, "{}", found.record.spend.reason);
    assert_eq!(found.record.spend.left_out.unwrap().not_positive, 1.0);
    let mean = found.record.spend.population_mean;
    assert_eq!(column(&found, "expected_order_value")[place], mean);
    assert!(found.methods[1].values[place].as_deref().unwrap().contains("not positive"));
    let once = rows.iter().position(|row| row.0 == 0.0).unwrap();
    assert!(found.methods[1].values[once].as_deref().unwrap().contains("bought on one day"));
}

#[test]
fn the_hiatus_rule_has_no_value_without_end_for_anybody() {
    // One is silent for longer than the rule allows, one bought lately, one bought once long ago.
    let rows = [(3.0, 20.0, 300.0, 9.0), (3.0, 290.0, 300.0, 9.0), (0.0, 0.0, 300.0, 9.0)];
    let (histories, gaps) = base(&rows);
    let params = ClvParams {
        model: ModelChoice::Hiatus,
        hiatus: Some(Duration::days(60)),
        ..ClvParams::default()
    };
    let margin = MarginRecord { rate: 1.0, from_costs: false };
    let rate = params.checked().unwrap();
    let found = value(&histories, &gaps, margin, &params, rate, &mut Vec::new()).unwrap();
    assert_eq!(column(&found, "p_alive"), [0.0, 1.0, 0.0]);
    assert_eq!(column(&found, "expected_orders")[0], 0.0);
    assert!((column(&found, "expected_orders")[1] - 3.0 / 300.0 * 365.0).abs() < 1e-9);
    assert!(column(&found, "residual_value").iter().all(|value| value.is_nan()));
    assert_eq!(found.record.totals.residual_value, None);
}

#[test]
fn what_is_out_of_range_is_refused() {
    let refused = |params: ClvParams, key: &str| {
        let error = params.checked().unwrap_err().to_string();
        assert!(error.contains(key), "{error}");
    };
    refused(ClvParams { margin: 0.0, ..Default::default() }, "margin");
    refused(ClvParams { margin: f64::NAN, ..Default::default() }, "margin");
    refused(ClvParams { discount_rate: -0.1, ..Default::default() }, "discount_rate");
    refused(ClvParams { horizon: Duration::months(0), ..Default::default() }, "horizon");
    refused(ClvParams { horizon: Duration::months(500), ..Default::default() }, "horizon");
    refused(ClvParams { hiatus: Some(Duration::days(0)), ..Default::default() }, "hiatus");
    refused(ClvParams { acquisition_cost: -1.0, ..Default::default() }, "acquisition_cost");
}

/// Customer 1 of CDNOW over 12 months at 1 % a month, with the published parameters of BG/NBD
/// and Gamma-Gamma: a month is 4.345 weeks, not 30, which would give 140.
#[test]
fn unit_trap_of_twelve_months_in_weeks() {
    use crate::features::btyd::{BetaGeometric, Dropout, GammaGamma, Spend as MeanSpend};
    let published = [0.243, 4.414, 0.793, 2.426];
    let model = BetaGeometric::new(published, Dropout::AfterRepeat, TimeUnit::Weeks);
    let spend = GammaGamma::new([6.25, 3.74, 15.44]).unwrap();
    let customer = Pattern { x: 2.0, t_x: 30.43, T: 38.86 };
    let rate = DiscountRate::per_month(0.01).unwrap();
    let found = forecast(&model.unwrap(), &[customer], Duration::months(12), rate);
    let order = spend.mean_spend(&MeanSpend { x: 2.0, m_x: 22.35 }).unwrap();
    assert!((found.orders[0] - 1.562).abs() < 1e-3, "{}", found.orders[0]);
    let value = order * found.discounted[0];
    assert!((value - 36.29).abs() < 0.005, "{value}");
}
