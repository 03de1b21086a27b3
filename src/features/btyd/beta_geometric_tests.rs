//! BG/NBD and MBG/NBD against published numbers, against mpmath, and against themselves.
//!
//! `tests/reference/beta_geometric.csv` is written by `scripts/reference_beta_geometric.py`.

use std::collections::BTreeMap;

use super::super::cdnow;
use super::*;
use Dropout::{AfterRepeat, AlsoAtFirst};

const REFERENCE: &str = include_str!("../../../tests/reference/beta_geometric.csv");

fn fitted(dropout: Dropout) -> (BetaGeometric, Fit) {
    BetaGeometric::fit(&cdnow::patterns(7.0), TimeUnit::Weeks, dropout).unwrap()
}

pub(super) fn model(parameters: [f64; 4], dropout: Dropout) -> BetaGeometric {
    BetaGeometric::new(parameters, dropout, TimeUnit::Weeks).unwrap()
}

/// Fader, Hardie and Lee (2005), table 2, to its three decimals.
fn published() -> BetaGeometric {
    model([0.243, 4.414, 0.793, 2.426], AfterRepeat)
}

pub(super) fn pattern(x: f64, t_x: f64, T: f64) -> Pattern {
    Pattern { x, t_x, T }
}

#[track_caller]
pub(super) fn near(found: f64, expected: f64, relative: f64) {
    let off = (found - expected).abs();
    assert!(off <= relative * expected.abs(), "{found} is not {expected} (off by {off:e})");
}

// Published numbers.

#[test]
fn cdnow_is_prepared_as_published() {
    // clv_reference.json: 2,357 customers, 2,457 repeat purchases, 946 customers with one.
    let data = cdnow::patterns(7.0);
    assert_eq!((data.customers(), data.repeat_purchases()), (2357.0, 2457.0));
    let repeaters = data.patterns.iter().zip(&data.counts).filter(|(pattern, _)| pattern.x > 0.0);
    assert_eq!(repeaters.map(|(_, count)| count).sum::<f64>(), 946.0);
}

#[test]
fn fader_hardie_lee_2005_table_2() {
    let (model, fit) = fitted(AfterRepeat);
    for (found, paper) in model.parameters().iter().zip([0.243, 4.414, 0.793, 2.426]) {
        assert_eq!((found * 1e3).round() / 1e3, paper);
    }
    // CLVTools 0.11 and BTYD 2.4 (clv_reference.json), to four decimals.
    assert!((fit.log_likelihood - -9582.4292).abs() < 5e-5, "{}", fit.log_likelihood);
    assert!(fit.sound(), "{fit:?}");
}

#[test]
fn platzer_btydplus_mbg_nbd_on_cdnow() {
    let (model, fit) = fitted(AlsoAtFirst);
    for (found, paper) in model.parameters().iter().zip([0.525, 6.183, 0.891, 1.614]) {
        assert_eq!((found * 1e3).round() / 1e3, paper);
    }
    assert!(fit.sound(), "{fit:?}");
}

#[test]
fn hardie_spreadsheet_expected_orders_of_a_new_customer() {
    let (model, _) = fitted(AfterRepeat);
    let ts = [0.1429, 1.0, 3.0, 31.8571, 32.0, 78.0];
    for (t, sheet) in ts.into_iter().zip([0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576]) {
        assert!((model.expected_orders_new(t) - sheet).abs() < 5e-4, "at {t}");
    }
}

#[test]
fn btyd_walkthrough_expected_orders_in_52_weeks() {
    let btyd = model([0.242_596_7, 4.413_659, 0.792_986_9, 2.426_164], AfterRepeat);
    assert!((btyd.expected_orders_new(52.0) - 1.444_004).abs() < 1e-6);
    assert!((fitted(AfterRepeat).0.expected_orders_new(52.0) - 1.444_004).abs() < 1e-4);
}

#[test]
fn hardie_spreadsheet_conditional_expectation_and_p_alive() {
    let (model, _) = fitted(AfterRepeat);
    let customer = pattern(2.0, 30.43, 38.86);
    assert!((model.expected_orders(&customer, 39.0) - 1.226).abs() < 5e-4);
    assert!((model.p_alive(&customer) - 0.726_58).abs() < 5e-4);
}

#[test]
fn lifetimes_probability_of_no_order_in_39_weeks() {
    assert!((published().probability(0, 39.0) - 0.573_786_4).abs() < 1e-7);
}

// Against mpmath.

struct Row {
    model: BetaGeometric,
    customer: Pattern,
    number: BTreeMap<&'static str, f64>,
}

fn reference() -> Vec<Row> {
    let mut lines = REFERENCE.lines();
    let names: Vec<&str> = lines.next().unwrap().split(',').collect();
    let row = |line: &'static str| {
        let fields: Vec<&str> = line.split(',').collect();
        let number: BTreeMap<&str, f64> = (names.iter().zip(&fields).skip(1))
            .map(|(name, field)| (*name, field.parse().unwrap()))
            .collect();
        let dropout = if fields[0] == "mbg" { AlsoAtFirst } else { AfterRepeat };
        Row {
            model: model(["r", "alpha", "a", "b"].map(|name| number[name]), dropout),
            customer: pattern(number["x"], number["t_x"], number["T"]),
            number,
        }
    };
    let rows: Vec<Row> = lines.map(row).collect();
    assert_eq!(rows.len(), 200);
    rows
}

#[test]
fn mpmath_log_likelihood() {
    for Row { model, customer, number } in reference() {
        let one = Patterns::new(&[customer], &[]).unwrap();
        near(model.log_likelihood(&one).0, number["log_likelihood"], 1e-11);
    }
}

#[test]
fn mpmath_p_alive() {
    for Row { model, customer, number } in reference() {
        near(model.p_alive(&customer), number["p_alive"], 1e-12);
    }
}

#[test]
fn mpmath_expected_orders() {
    for Row { model, customer, number } in reference() {
        near(model.expected_orders(&customer, number["t"]), number["expected_orders"], 1e-11);
        near(model.expected_orders_new(number["t"]), number["expected_orders_new"], 1e-11);
    }
}

#[test]
fn mpmath_discounted_orders() {
    for Row { model, customer, number } in reference() {
        let found = model.discounted_orders(&customer, number["delta"]);
        near(found, number["discounted_orders"], 3e-9);
    }
}

#[test]
fn mpmath_probability() {
    for Row { model, number, .. } in reference() {
        near(model.probability(number["k"] as u32, number["t"]), number["probability"], 1e-12);
    }
}

#[test]
fn short_sums_and_quadrature_agree_where_they_meet() {
    // At the longest t that is summed, found by bisection.
    for (parameters, dropout) in [
        ([0.25, 4.4, 0.8, 2.4], AfterRepeat),
        ([0.05, 0.5, 1.0, 0.3], AlsoAtFirst),
        ([5.0, 50.0, 0.05, 20.0], AfterRepeat),
        ([20.0, 3.0, 2.0, 0.05], AlsoAtFirst),
    ] {
        let model = model(parameters, dropout);
        for x in [0.0, 1.0, 30.0, 300.0] {
            let posterior = model.posterior(&pattern(x, 20.0, 30.0));
            let (mut low, mut high) = (1e-3, 1e6);
            while high / low - 1.0 > 1e-9 {
                let middle = f64::sqrt(low * high);
                if posterior.summable(middle) { low = middle } else { high = middle }
            }
            near(posterior.orders_by_quadrature(low), posterior.orders(low), 1e-11);
            near(posterior.orders(high), posterior.orders(low), 3e-9);
        }
    }
}

#[test]
fn the_singular_points_of_the_closed_form_are_none_here() {
    // mpmath, 60 digits: E[Y(t)] of a living customer by an integral over the coin, at a = 1 (where
    // the closed form is 0 / 0) and at a + b + x - 1 < 0 (where its 2F1 has a negative parameter).
    let posterior = |parameters: [f64; 4], x: f64| {
        model(parameters, AfterRepeat).posterior(&pattern(x, 0.0, 30.0))
    };
    near(posterior([0.5, 4.0, 1.0, 2.5], 2.0).orders(52.0), 2.694_489_724_401_200_4, 1e-14);
    let negative = posterior([0.25, 4.0, 0.25, 0.5], 0.0);
    near(negative.orders(52.0), 0.311_632_383_303_924_3, 1e-14);
    near(negative.orders(2000.0), 5.455_073_116_105_069, 1e-12);
}
