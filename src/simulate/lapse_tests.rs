//! The ways of lapsing and of spending that make the models of customer value: shares and means
//! against closed forms, what they promise together with events, and their refusals.

use super::tests::{built_in, group, law, moments, month_of, near, params, refusal, simulation};
use super::*;

fn after_order(a: f64, b: f64, after_first: bool) -> Option<OrderDropout> {
    Some(OrderDropout { a, b, after_first })
}

// Correctness.

#[test]
fn repeat_orders_until_lapse_are_beta_geometric() {
    for after_first in [false, true] {
        // 20 orders a month for 24 months: all but (480^-3 of them) lapse within.
        let spec = GroupSpec {
            rate: law(1e6, 20e-6),
            dropout_after_order: after_order(3.0, 6.0, after_first),
            ..group("all", 1.0)
        };
        let mut shares = [0.0; 5];
        for customer in simulation(40_000, 24, vec![spec]).iter() {
            let repeats = customer.orders.len() - 1;
            if let Some(share) = shares.get_mut(repeats) {
                *share += 1.0 / 40_000.0;
            }
            let last = customer.orders.last().map(month_of);
            assert_eq!(customer.lapsed_from, last.map(|month| month + 1));
        }
        // P(order n may and does end it) = a / (a+b) for n = 1, then times (b+n-2) / (a+b+n-1).
        let mut expected = 3.0 / 9.0;
        for (n, share) in (1..).zip(&shares[usize::from(!after_first)..]) {
            if n > 1 {
                expected *= (6.0 + f64::from(n) - 2.0) / (9.0 + f64::from(n) - 1.0);
            }
            near(*share, expected, 0.008);
        }
        assert!(after_first || shares[0] == 0.0);
    }
}

#[test]
fn lifetimes_are_those_of_pareto() {
    let (s, beta) = (2.5, 6.0);
    let dropout_rate = Some(law(s, 1.0 / beta));
    let spec = GroupSpec { dropout_rate, ..group("all", 1.0) };
    let simulation = simulation(40_000, 12, vec![spec]);
    let (mut lapsed, mut repeats) = ([0.0; 12], 0.0);
    for customer in simulation.iter() {
        if let Some(month) = customer.lapsed_from {
            lapsed[month as usize] += 1.0 / 40_000.0;
        }
        repeats += (customer.orders.len() - 1) as f64 / 40_000.0;
    }
    // Entries are even over January; months of 30.4375 days from there.
    let over_entries = |at: &dyn Fn(f64) -> f64, end: i32| {
        let middles = (0..3_100).map(|part| (f64::from(part) + 0.5) / 100.0);
        middles.map(|entry| at((f64::from(end) - entry) / 30.4375)).sum::<f64>() / 3_100.0
    };
    // P(lifetime <= t) = 1 - (beta / (beta + t))^s.
    let by = |end| over_entries(&|t| 1.0 - (beta / (beta + t)).powf(s), end);
    assert_eq!(lapsed[0], 0.0);
    let mut before = 0.0;
    for (month, share) in lapsed.iter().enumerate().skip(1) {
        let until = by(simulation.month_days[month]);
        near(*share, until - before, 0.008);
        before = until;
    }
    // E[X(t)] = r beta / (alpha (s - 1)) (1 - (beta / (beta + t))^(s-1)) (Schmittlein, Morrison and
    // Colombo 1987, equation 17), with r / alpha = 2.
    let orders = |t: f64| 2.0 * beta / (s - 1.0) * (1.0 - (beta / (beta + t)).powf(s - 1.0));
    near(repeats, over_entries(&orders, 366), 0.08);
}

#[test]
fn spend_by_an_inverse_gamma_mean_is_gamma_gamma() {
    let (p, q, v) = (6.25, 3.74, 15.44);
    let spec = GroupSpec {
        order_mean: law(q, p * v),
        order_mean_law: MeanLaw::InverseGamma,
        order_shape: p,
        ..group("all", 1.0)
    };
    // A first order z has z / (z + v) of the law Beta(p, q): a ratio of gamma draws.
    let simulation = simulation(40_000, 1, vec![spec]);
    let first = |customer: SimulatedCustomer| customer.orders[0].amount_cents as f64 / 100.0;
    let (mean, variance) =
        moments(&simulation.iter().map(first).map(|z| z / (z + v)).collect::<Vec<_>>());
    near(mean, p / (p + q), 0.003);
    near(variance, p * q / ((p + q).powi(2) * (p + q + 1.0)), 0.0006);
}

#[test]
fn customers_of_cdnow_buy_as_often_as_theirs_did() {
    // Fader, Hardie and Lee (2005): E[X(52 weeks)] is 1.444 by BG/NBD, 1.473 by Pareto/NBD (BTYD
    // walkthrough). Here for 52 weeks from each first order; 1 to 2 % fall on one day with another.
    for (name, expected) in [("bg-nbd", 1.444), ("pareto-nbd", 1.473)] {
        let repeats: f64 = built_in(name, 40_000, 18)
            .iter()
            .map(|customer| {
                let day =
                    |order: &SimulatedOrder| crate::types::days_since_epoch(order.time.date());
                let first = day(&customer.orders[0]);
                customer.orders.iter().filter(|order| day(order) - first < 364).count() as f64 - 1.0
            })
            .sum();
        near(repeats / 40_000.0, expected, 0.06);
    }
}

// Consistency.

fn every_way() -> [GroupSpec; 3] {
    let split = |into: &str| Some(Split { month: 4, into: into.into(), share: 0.7 });
    [
        GroupSpec {
            dropout_after_order: after_order(1.0, 3.0, true),
            splits: split("rate"),
            ..group("order", 0.5)
        },
        GroupSpec {
            dropout_rate: Some(law(1.0, 0.2)),
            splits: split("order"),
            ..group("rate", 0.4)
        },
        GroupSpec { dropout: Some(BetaLaw { a: 1.0, b: 3.0 }), ..group("month", 0.1) },
    ]
}

#[test]
fn the_lapsed_buy_nothing_and_stay_behind() {
    let mut lapsed = 0;
    for customer in simulation(4_000, 10, every_way().to_vec()).iter() {
        assert_eq!(customer.orders[0].time.date(), customer.first_contact);
        let (entered, left) = (customer.groups[0], customer.groups[9]);
        if let Some(month) = customer.lapsed_from {
            lapsed += 1;
            assert!(customer.orders.iter().all(|order| month_of(order) < month));
            assert!(month > 4 || entered == left, "{} lapsed and moved", customer.id);
        }
    }
    assert!(lapsed > 1_000, "only {lapsed} lapsed");
}

#[test]
fn fewer_months_are_the_beginning_of_more() {
    let (short, long) =
        (simulation(2_000, 7, every_way().to_vec()), simulation(2_000, 12, every_way().to_vec()));
    for (short, long) in short.iter().zip(long.iter()) {
        assert!(short.orders.iter().eq(long.orders.iter().filter(|order| month_of(order) < 7)));
        assert_eq!(short.groups, long.groups[..7]);
        assert_eq!(short.lapsed_from, long.lapsed_from.filter(|&month| month < 7));
    }
}

// Input.

#[test]
fn the_laws_are_read_from_text() {
    let text = |lines: &str| {
        toml::from_str::<Scenario>(&format!(
            "[[groups]]\nkey = \"a\"\nshare = 1.0\nrate = {{ shape = 4.0, scale = 0.5 }}\n\
             order_mean = {{ shape = 9.0, scale = 5.0 }}\n{lines}"
        ))
        .map(|scenario| scenario.groups[0].clone())
    };
    let read = text("dropout_after_order = { a = 1, b = 3 }").unwrap();
    assert_eq!(read.dropout_after_order, after_order(1.0, 3.0, false));
    let read = text("dropout_after_order = { a = 1, b = 3, after_first = true }").unwrap();
    assert_eq!(read.dropout_after_order, after_order(1.0, 3.0, true));
    let read = text("dropout_rate = { shape = 1, scale = 3 }\norder_mean_law = \"inverse_gamma\"");
    let read = read.unwrap();
    assert_eq!(read.dropout_rate, Some(law(1.0, 3.0)));
    assert_eq!(read.order_mean_law, MeanLaw::InverseGamma);
    assert!(text("dropout_rate = { a = 1, b = 3 }").is_err());
    assert!(text("order_mean_law = \"normal\"").is_err());
    // A scenario without them is written as before they were known.
    let written = serde_json::to_string(&text("").unwrap()).unwrap();
    assert!(!written.contains("dropout") && !written.contains("law"), "{written}");
    for spec in every_way() {
        let json = serde_json::to_string(&spec).unwrap();
        assert_eq!(serde_json::from_str::<GroupSpec>(&json).unwrap(), spec);
    }
}

#[test]
fn laws_out_of_range_or_together_are_refused() {
    type Change = fn(&mut GroupSpec);
    let changes: [(Change, &str); 9] = [
        (
            |g| {
                (g.dropout, g.dropout_rate) =
                    (Some(BetaLaw { a: 1.0, b: 1.0 }), Some(law(1.0, 1.0)))
            },
            "group `a`: both dropout and dropout_rate are given; keep one",
        ),
        (
            |g| {
                g.dropout = Some(BetaLaw { a: 1.0, b: 1.0 });
                g.dropout_after_order = after_order(1.0, 1.0, false);
            },
            "both dropout and dropout_after_order",
        ),
        (
            |g| {
                g.dropout_rate = Some(law(1.0, 1.0));
                g.dropout_after_order = after_order(1.0, 1.0, false);
            },
            "both dropout_after_order and dropout_rate",
        ),
        (|g| g.dropout_after_order = after_order(0.0, 1.0, true), "dropout_after_order.a is 0"),
        (|g| g.dropout_after_order = after_order(1.0, f64::NAN, true), "after_order.b is NaN"),
        (|g| g.dropout_rate = Some(law(-1.0, 1.0)), "dropout_rate.shape is -1"),
        (|g| g.dropout_rate = Some(law(1.0, f64::INFINITY)), "dropout_rate.scale is inf"),
        (
            |g| (g.order_mean, g.order_mean_law) = (law(1.0, 9.0), MeanLaw::InverseGamma),
            "order_mean.shape is 1, of which the inverse gamma law has no mean; give more than 1",
        ),
        (
            |g| (g.order_mean, g.order_mean_law) = (law(1.5, 1e9), MeanLaw::InverseGamma),
            "mean of order_mean is 2000000000",
        ),
    ];
    for (change, expected) in changes {
        let mut spec = group("a", 1.0);
        change(&mut spec);
        let message = refusal(params(10, 6, vec![spec]));
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn laws_at_the_edge_of_their_range_do_not_panic() {
    let edges = [
        GroupSpec { dropout_after_order: after_order(1e-9, 1e-9, true), ..group("edge", 1.0) },
        GroupSpec { dropout_after_order: after_order(1e300, 1e-300, true), ..group("edge", 1.0) },
        GroupSpec { dropout_rate: Some(law(1e-9, 1e-300)), ..group("edge", 1.0) },
        GroupSpec { dropout_rate: Some(law(1e300, 1e300)), ..group("edge", 1.0) },
        GroupSpec {
            order_mean: law(1.000_001, 1.0),
            order_mean_law: MeanLaw::InverseGamma,
            order_shape: 1e-9,
            ..group("edge", 1.0)
        },
    ];
    for edge in edges {
        for customer in simulation(500, 24, vec![edge]).iter() {
            assert!(!customer.orders.is_empty());
            assert!(customer.orders.iter().all(|order| order.amount_cents > 0));
        }
    }
}
