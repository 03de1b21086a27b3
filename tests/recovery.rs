//! The models of customer value find what `simulate` drew: 50,000 customers whose laws are those of
//! the model, its parameters within 10 %, and the totals of those who have not lapsed and of orders
//! and spend in the year after the calibration, forecast customer by customer, within 5 %.
//!
//! Simulated orders are Poisson in continuous time, the models see whole days: orders of one day
//! are one, which moves the estimates by a few percent and is part of the 10.

use std::collections::BTreeMap;

use segtrail::features::btyd::{
    BetaGeometric, Dropout, Fit, GammaGamma, Model, ParetoNbd, Pattern, Patterns, Spend,
};
use segtrail::simulate::{
    GammaLaw, GroupSpec, MeanLaw, OrderDropout, Scenario, SimulateParams, SimulatedCustomer,
    Simulation,
};
use segtrail::types::{Seed, TimeUnit, days_since_epoch};

const CUSTOMERS: u64 = 50_000;
/// Months that the models are fitted to; members enter in the first 12 of them.
const CALIBRATION: u32 = 48;
/// Months that they forecast.
const HOLDOUT: u32 = 12;
/// Weeks in a month of a scenario, which is a twelfth of a Julian year.
const WEEKS: f64 = 30.4375 / 7.0;
/// p, q and v of Gamma-Gamma.
const SPEND: [f64; 3] = [2.5, 4.0, 30.0];

/// What is known at the end of the calibration, and what happened in the holdout.
struct Observed {
    /// One a customer, in weeks.
    histories: Vec<Pattern>,
    /// On the repeat days of each.
    spends: Vec<Spend>,
    /// Weeks of the holdout.
    weeks: f64,
    /// Customers who had not lapsed when it began.
    alive: f64,
    /// Purchase days in it.
    orders: f64,
    spend: f64,
}

/// A group whose members buy `r / alpha` times a month and spend as [`SPEND`] has it.
fn group(r: f64, alpha: f64) -> GroupSpec {
    let [p, q, v] = SPEND;
    GroupSpec {
        key: "customers".into(),
        share: 1.0,
        appears: 0,
        entry_months: 12,
        rate: GammaLaw { shape: r, scale: 1.0 / alpha },
        regularity: 1,
        dropout: None,
        dropout_after_order: None,
        dropout_rate: None,
        order_mean: GammaLaw { shape: q, scale: p * v },
        order_mean_law: MeanLaw::InverseGamma,
        order_shape: p,
        rate_trend: 1.0,
        spend_trend: 1.0,
        silent_from: None,
        dies: None,
        splits: None,
    }
}

fn observe(group: GroupSpec, seed: u64) -> Observed {
    let simulation = Simulation::new(SimulateParams {
        customers: CUSTOMERS,
        months: CALIBRATION + HOLDOUT,
        seed: Seed(seed),
        start: SimulateParams::DEFAULT_START,
        scenario: Scenario { groups: vec![group], moves: 0.0 },
    })
    .unwrap();
    let end_of = |month| days_since_epoch(simulation.month_end(month).unwrap());
    let (end, last) = (end_of(CALIBRATION - 1), end_of(CALIBRATION + HOLDOUT - 1));
    let mut observed = Observed {
        histories: Vec::new(),
        spends: Vec::new(),
        weeks: f64::from(last - end) / 7.0,
        alive: 0.0,
        orders: 0.0,
        spend: 0.0,
    };
    for customer in simulation.iter() {
        let days = spend_by_day(&customer);
        let seen: Vec<_> = days.range(..=end).collect();
        let (first, latest) = (*seen[0].0, *seen[seen.len() - 1].0);
        let x = (seen.len() - 1) as f64;
        observed.histories.push(Pattern {
            x,
            t_x: f64::from(latest - first) / 7.0,
            T: f64::from(end - first) / 7.0,
        });
        let repeats: f64 = seen[1..].iter().map(|(_, spend)| **spend).sum();
        observed.spends.push(Spend { x, m_x: if x > 0.0 { repeats / x } else { 0.0 } });
        let lapsed = customer.lapsed_from.is_some_and(|month| month <= CALIBRATION);
        observed.alive += f64::from(u8::from(!lapsed));
        for (_, spend) in days.range(end + 1..) {
            observed.orders += 1.0;
            observed.spend += spend;
        }
    }
    observed
}

fn spend_by_day(customer: &SimulatedCustomer) -> BTreeMap<i32, f64> {
    let mut days = BTreeMap::new();
    for order in &customer.orders {
        *days.entry(days_since_epoch(order.time.date())).or_insert(0.0) +=
            order.amount_cents as f64 / 100.0;
    }
    days
}

/// `values` are those of `truth` but for `share` of each.
fn near(what: &str, values: &[f64], truth: &[f64], share: f64) {
    let off = |(value, truth): (&f64, &f64)| (value / truth - 1.0).abs();
    let worst = values.iter().zip(truth).map(off).fold(0.0, f64::max);
    #[allow(clippy::print_stdout, reason = "shown by --nocapture and when the test fails")]
    {
        println!("{what}: {values:.4?}, true {truth:.4?}, worst {:.2} %", 100.0 * worst);
    }
    assert_eq!(values.len(), truth.len());
    let within = |pair: (&f64, &f64)| off(pair) <= share;
    assert!(
        values.iter().zip(truth).all(within),
        "{what}: {values:?} is not {truth:?} within {share}"
    );
}

/// Parameters and totals of a model that was fitted to `observed`.
fn holds(observed: &Observed, model: &dyn Model, fit: &Fit, truth: [f64; 4]) {
    let name = std::thread::current().name().unwrap_or_default().to_owned();
    assert!(fit.sound(), "{name}: {fit:?}");
    near(&name, &fit.values(), &truth, 0.10);
    let spend = GammaGamma::fit(&observed.spends, &[]).unwrap();
    assert!(spend.fit.sound(), "{name}: {:?}", spend.fit);
    near(&format!("{name}: p, q, v"), &spend.fit.values(), &SPEND, 0.10);
    let (mut alive, mut orders, mut money) = (0.0, 0.0, 0.0);
    for (history, known) in observed.histories.iter().zip(&observed.spends) {
        let expected = model.expected_orders(history, observed.weeks);
        alive += model.p_alive(history);
        orders += expected;
        money += expected * spend.model.mean_spend(known).unwrap();
    }
    near(&format!("{name}: alive"), &[alive], &[observed.alive], 0.05);
    near(&format!("{name}: orders"), &[orders], &[observed.orders], 0.05);
    near(&format!("{name}: spend"), &[money], &[observed.spend], 0.05);
}

fn beta_geometric(dropout: Dropout, seed: u64) {
    let [r, alpha, a, b] = [1.5, 5.0, 0.8, 2.5];
    let after_first = dropout == Dropout::AlsoAtFirst;
    let dropout_after_order = Some(OrderDropout { a, b, after_first });
    let observed = observe(GroupSpec { dropout_after_order, ..group(r, alpha) }, seed);
    let patterns = Patterns::new(&observed.histories, &[]).unwrap();
    let (model, fit) = BetaGeometric::fit(&patterns, TimeUnit::Weeks, dropout).unwrap();
    holds(&observed, &model, &fit, [r, alpha * WEEKS, a, b]);
}

#[test]
fn bg_nbd_is_recovered() {
    beta_geometric(Dropout::AfterRepeat, 1);
}

#[test]
fn mbg_nbd_is_recovered() {
    beta_geometric(Dropout::AlsoAtFirst, 2);
}

#[test]
fn pareto_nbd_is_recovered() {
    let [r, alpha, s, beta] = [2.0, 10.0, 1.2, 20.0];
    let dropout_rate = Some(GammaLaw { shape: s, scale: 1.0 / beta });
    let observed = observe(GroupSpec { dropout_rate, ..group(r, alpha) }, 3);
    let patterns = Patterns::new(&observed.histories, &[]).unwrap();
    let (model, fit) = ParetoNbd::fit(&patterns, TimeUnit::Weeks).unwrap();
    holds(&observed, &model, &fit, [r, alpha * WEEKS, s, beta * WEEKS]);
}
