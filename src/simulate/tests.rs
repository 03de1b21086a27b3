//! Reproducibility, recovery of the laws, events, every refusal, and that `separated` is.

use jiff::civil::Date;

use super::*;

pub(super) fn law(shape: f64, scale: f64) -> GammaLaw {
    GammaLaw { shape, scale }
}

pub(super) fn group(key: &str, share: f64) -> GroupSpec {
    GroupSpec {
        key: key.into(),
        share,
        appears: 0,
        entry_months: 1,
        rate: law(4.0, 0.5),
        regularity: 1,
        dropout: None,
        dropout_after_order: None,
        dropout_rate: None,
        order_mean: law(9.0, 5.0),
        order_mean_law: MeanLaw::Gamma,
        order_shape: 4.0,
        rate_trend: 1.0,
        spend_trend: 1.0,
        silent_from: None,
        dies: None,
        splits: None,
    }
}

pub(super) fn params(customers: u64, months: u32, groups: Vec<GroupSpec>) -> SimulateParams {
    let start = SimulateParams::DEFAULT_START;
    SimulateParams {
        customers,
        months,
        seed: Seed(7),
        start,
        scenario: Scenario { groups, moves: 0.0 },
    }
}

pub(super) fn simulation(customers: u64, months: u32, groups: Vec<GroupSpec>) -> Simulation {
    Simulation::new(params(customers, months, groups)).expect("valid parameters")
}

pub(super) fn built_in(name: &str, customers: u64, months: u32) -> Simulation {
    let scenario = Scenario::built_in(name, months).expect("built in");
    simulation(customers, months, scenario.groups)
}

/// Month of an order, counted from the default start.
pub(super) fn month_of(order: &SimulatedOrder) -> u32 {
    ((i32::from(order.time.year()) - 2024) * 12 + i32::from(order.time.month()) - 1) as u32
}

pub(super) fn near(measured: f64, expected: f64, within: f64) {
    assert!((measured - expected).abs() < within, "{measured} is not {expected} +- {within}");
}

// Consistency.

#[test]
fn the_same_parameters_give_the_same_customers_in_any_order() {
    let simulation = built_in("standard", 300, 12);
    let all: Vec<_> = simulation.iter().collect();
    assert_eq!(all.len(), 300);
    for (index, customer) in all.iter().enumerate().rev() {
        assert_eq!(simulation.customer(index as u64).as_ref(), Some(customer));
    }
    assert_eq!(simulation.customer(300), None);
    let other = SimulateParams { seed: Seed(8), ..simulation.params().clone() };
    assert_ne!(Simulation::new(other).unwrap().iter().next(), all.into_iter().next());
}

#[test]
fn fewer_customers_are_the_first_of_more() {
    let few: Vec<_> = built_in("standard", 100, 12).iter().collect();
    let more: Vec<_> = built_in("standard", 1_000, 12).iter().take(100).collect();
    assert_eq!(few, more);
}

#[test]
fn fewer_months_are_the_beginning_of_more() {
    let groups = Scenario::built_in("standard", 10).unwrap().groups;
    let (short, long) = (simulation(400, 10, groups.clone()), simulation(400, 15, groups));
    for (short, long) in short.iter().zip(long.iter()) {
        let beginning = long.orders.iter().filter(|order| month_of(order) < 10);
        assert!(short.orders.iter().eq(beginning), "{} != {}", short.id, long.id);
        assert_eq!(short.groups, long.groups[..10]);
        assert_eq!(short.lapsed_from, long.lapsed_from.filter(|&month| month < 10));
    }
}

#[test]
fn every_customer_is_well_formed() {
    for name in BUILT_IN {
        let simulation = built_in(name, 500, 12);
        let mut last = None;
        for customer in simulation.iter() {
            let orders = &customer.orders;
            assert_eq!(orders[0].time.date(), customer.first_contact);
            assert!(orders.is_sorted_by_key(|order| order.time));
            assert!(orders.iter().all(|order| (8..22).contains(&order.time.hour())));
            assert!(orders.iter().all(|order| order.amount_cents > 0 && month_of(order) < 12));
            let mut ids: Vec<_> = orders.iter().map(|order| &order.id).collect();
            ids.dedup();
            assert_eq!(ids.len(), orders.len());
            assert!(ids.iter().all(|id| id.starts_with(customer.id.as_str())));
            let entry = month_of(&orders[0]) as usize;
            assert_eq!(customer.groups.iter().position(Option::is_some), Some(entry));
            let lapsed = customer.lapsed_from.unwrap_or(12);
            for order in orders {
                let month = month_of(order);
                assert!(month < lapsed && customer.groups[month as usize].is_some());
            }
            assert!(last < Some(customer.id.clone()));
            last = Some(customer.id);
        }
    }
}

#[test]
fn ids_keep_the_order_of_numbers_past_seven_digits() {
    let simulation = built_in("steady", 10_000_000, 1);
    let id = |index| simulation.customer(index).unwrap().id;
    assert_eq!(id(0).as_str(), "C00000001");
    assert_eq!(id(9_999_999).as_str(), "C10000000");
    assert!(id(9_999_998) < id(9_999_999));
}

#[test]
fn months_are_calendar_months() {
    let simulation = built_in("steady", 10, 12);
    assert_eq!(simulation.month_start(1), Some(Date::constant(2024, 2, 1)));
    assert_eq!(simulation.month_end(1), Some(Date::constant(2024, 2, 29)));
    assert_eq!(simulation.month_end(11), Some(Date::constant(2024, 12, 31)));
    assert_eq!((simulation.month_start(12), simulation.month_end(12)), (None, None));
}

// Recovery of the laws.

#[test]
fn rate_and_spend_have_the_means_and_spreads_of_their_laws() {
    for regularity in [1, 4] {
        let spec = GroupSpec { regularity, ..group("all", 1.0) };
        let simulation = simulation(20_000, 13, vec![spec]);
        // Months 1 to 12 of 2024-01..2025-01: 366 - 31 + 31 days.
        let months = 366.0 / 30.4375;
        let mut rates = Vec::new();
        let mut spends = Vec::new();
        for customer in simulation.iter() {
            let later = customer.orders.iter().filter(|order| month_of(order) > 0);
            rates.push(later.count() as f64 / months);
            spends.extend(customer.orders.iter().map(|order| order.amount_cents as f64 / 100.0));
        }
        let (mean, variance) = moments(&rates);
        near(mean, 2.0, 0.03);
        // Gamma variance of the rate (4 * 0.5^2) and of an Erlang renewal count, mean / k.
        near(variance, 1.0 + 2.0 / f64::from(regularity) / months, 0.06);
        // Mean over members 45; order's own gamma of shape 4 and the members' of shape 9: for
        // a product of independents, E[x^2] = E[z^2] (1 + 1/4).
        let (mean, variance) = moments(&spends);
        near(mean, 45.0, 0.6);
        near(variance, 45.0 * 45.0 * ((1.0 + 1.0 / 9.0) * 1.25 - 1.0), 45.0);
    }
}

pub(super) fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n)
}

#[test]
fn gaps_are_as_regular_as_asked() {
    let spec = GroupSpec { regularity: 16, rate: law(1e6, 1e-6), ..group("all", 1.0) };
    let simulation = simulation(200, 60, vec![spec]);
    let mut gaps = Vec::new();
    for customer in simulation.iter() {
        let days: Vec<_> = customer.orders.iter().map(|order| order.time).collect();
        let day = |time: DateTime| f64::from(crate::types::days_since_epoch(time.date()));
        gaps.extend(days.windows(2).map(|pair| day(pair[1]) - day(pair[0])));
    }
    let (mean, variance) = moments(&gaps);
    near(mean, 30.4375, 0.5);
    // Coefficient of variation 1/4; whole days add 1/6 to the variance.
    near((variance - 1.0 / 6.0).sqrt() / mean, 0.25, 0.01);
}

#[test]
fn members_lapse_with_the_probability_of_the_beta_law() {
    let spec = GroupSpec { dropout: Some(BetaLaw { a: 2.0, b: 6.0 }), ..group("all", 1.0) };
    let simulation = simulation(40_000, 6, vec![spec]);
    let mut lapsed = [0.0; 6];
    for customer in simulation.iter() {
        if let Some(month) = customer.lapsed_from {
            lapsed[month as usize] += 1.0 / 40_000.0;
        }
    }
    // Shifted beta-geometric (Fader and Hardie 2007): P(1) = a/(a+b), P(t) = P(t-1)
    // (b+t-2)/(a+b+t-1).
    let mut expected = 0.25;
    assert_eq!(lapsed[0], 0.0);
    for t in 1..6 {
        if t > 1 {
            expected *= (6.0 + f64::from(t) - 2.0) / (8.0 + f64::from(t) - 1.0);
        }
        near(lapsed[t as usize], expected, 0.008);
    }
}

#[test]
fn shares_and_entry_months_are_respected() {
    let late = GroupSpec { appears: 2, entry_months: 3, ..group("late", 0.3) };
    let simulation = simulation(20_000, 6, vec![group("early", 0.7), late]);
    let mut entries = [0.0; 6];
    for customer in simulation.iter() {
        let group = customer.groups[5].unwrap();
        let month = month_of(&customer.orders[0]);
        assert_eq!(group == 0, month == 0);
        entries[month as usize] += 1.0 / 20_000.0;
    }
    for (month, share) in [0.7, 0.0, 0.1, 0.1, 0.1, 0.0].into_iter().enumerate() {
        near(entries[month], share, 0.015);
    }
}

// Events.

#[test]
fn groups_appear_split_fall_silent_and_die_when_they_are_told_to() {
    let split = Split { month: 4, into: "dear".into(), share: 0.5 };
    let simulation = simulation(
        8_000,
        10,
        vec![
            GroupSpec { splits: Some(split), ..group("splitting", 0.4) },
            GroupSpec { order_mean: law(900.0, 5.0), ..group("dear", 0.0) },
            GroupSpec { dies: Some(6), ..group("dying", 0.2) },
            GroupSpec { silent_from: Some(3), ..group("silent", 0.2) },
            GroupSpec { appears: 7, ..group("new", 0.2) },
        ],
    );
    let mut by_month = [[0_usize; 5]; 10];
    let (mut dear, mut dear_orders) = (0.0, 0.0);
    for customer in simulation.iter() {
        for (month, group) in customer.groups.iter().enumerate() {
            if let Some(group) = group {
                by_month[month][*group] += 1;
            }
        }
        for order in &customer.orders {
            let group = customer.groups[month_of(order) as usize].unwrap();
            assert!(group != 3 || month_of(order) < 3, "a silent group bought");
            if group == 1 {
                dear += order.amount_cents as f64 / 100.0;
                dear_orders += 1.0;
            }
        }
    }
    for (month, counts) in by_month.iter().enumerate() {
        let [splitting, dear, dying, silent, new] = counts.map(|count| count as f64 / 8_000.0);
        let split = month >= 4;
        near(splitting, if split { 0.2 } else { 0.4 }, 0.02);
        near(dear, if split { 0.2 } else { 0.0 }, if split { 0.02 } else { 1e-12 });
        near(dying, if month < 6 { 0.2 } else { 0.0 }, if month < 6 { 0.02 } else { 1e-12 });
        near(silent, 0.2, 0.02);
        near(new, if month < 7 { 0.0 } else { 0.2 }, if month < 7 { 1e-12 } else { 0.02 });
    }
    near(dear / dear_orders, 4_500.0, 50.0);
    // Two orders a month, and no burst at the split, where the gaps begin anew.
    let days = 31.0 + 30.0 + 31.0 + 31.0 + 30.0 + 31.0;
    near(dear_orders / by_month[9][1] as f64, 2.0 * days / 30.4375, 0.3);
}

#[test]
fn the_lapsed_stay_behind_when_their_group_splits() {
    let split = Split { month: 3, into: "other".into(), share: 1.0 };
    let dropout = Some(BetaLaw { a: 300.0, b: 700.0 });
    let first = GroupSpec { dropout, splits: Some(split), ..group("first", 1.0) };
    for customer in simulation(2_000, 6, vec![first, group("other", 0.0)]).iter() {
        let lapsed_before = customer.lapsed_from.is_some();
        assert_eq!(customer.groups[5], Some(usize::from(!lapsed_before)));
    }
}

// `separated`.

/// (ln(1 + recency days), ln(1 + orders), ln(1 + spend)) at the end of the last month.
fn log_features(simulation: &Simulation, customer: &SimulatedCustomer) -> [f64; 3] {
    let end = simulation.month_end(simulation.params().months - 1).unwrap();
    let last = customer.orders.last().unwrap().time.date();
    let days = crate::types::days_since_epoch;
    let cents: i64 = customer.orders.iter().map(|order| order.amount_cents).sum();
    let recency = f64::from(days(end) - days(last));
    [recency, customer.orders.len() as f64, cents as f64 / 100.0].map(f64::ln_1p)
}

#[test]
fn the_separated_groups_are_told_by_their_nearest_centroid() {
    for months in [6, 12, 24] {
        let simulation = built_in("separated", 4_000, months);
        let mut rows: Vec<(usize, [f64; 3])> = simulation
            .iter()
            .map(|customer| {
                let group = customer.groups[months as usize - 1].unwrap();
                (group, log_features(&simulation, &customer))
            })
            .collect();
        for feature in 0..3 {
            let values: Vec<_> = rows.iter().map(|(_, row)| row[feature]).collect();
            let (mean, variance) = moments(&values);
            for (_, row) in &mut rows {
                row[feature] = (row[feature] - mean) / variance.sqrt();
            }
        }
        let centroid = |group: usize| {
            let members: Vec<_> = rows.iter().filter(|(of, _)| *of == group).collect();
            [0, 1, 2]
                .map(|f| members.iter().map(|(_, row)| row[f]).sum::<f64>() / members.len() as f64)
        };
        let centroids: Vec<_> = (0..5).map(centroid).collect();
        let distance = |row: &[f64; 3], centre: &[f64; 3]| {
            row.iter().zip(centre).map(|(a, b)| (a - b).powi(2)).sum::<f64>()
        };
        let right = rows.iter().filter(|(group, row)| {
            let nearest = (0..5).min_by(|&a, &b| {
                distance(row, &centroids[a]).total_cmp(&distance(row, &centroids[b]))
            });
            nearest == Some(*group)
        });
        let share = right.count() as f64 / rows.len() as f64;
        assert!(share >= 0.98, "{months} months: only {share} are nearest to their own centroid");
    }
}

// Input.

#[test]
fn scenarios_are_read_from_text_and_unknown_keys_refused() {
    let text = r#"
        [[groups]]
        key = "regulars"
        share = 1.0
        rate = { shape = 4.0, scale = 0.5 }
        order_mean = { shape = 9.0, scale = 5.0 }
    "#;
    let read: Scenario = toml::from_str(text).unwrap();
    assert_eq!(read.groups, [group("regulars", 1.0)]);
    assert!(toml::from_str::<Scenario>(&format!("{text}\nrecency = 1")).is_err());
    for name in BUILT_IN {
        let scenario = Scenario::built_in(name, 12).unwrap();
        let json = serde_json::to_string(&scenario).unwrap();
        assert_eq!(serde_json::from_str::<Scenario>(&json).unwrap(), scenario);
    }
}

#[test]
fn built_in_scenarios_are_valid_for_every_number_of_months() {
    for months in 1..=60 {
        for name in BUILT_IN {
            match Scenario::built_in(name, months) {
                Ok(scenario) => assert_eq!(scenario.check(months), Ok(()), "{name} {months}"),
                Err(error) => {
                    assert!(months < 6 && matches!(error, SimulateError::TooFewMonths { .. }));
                }
            }
        }
    }
}

/// The message of the error that `params` give.
pub(super) fn refusal(params: SimulateParams) -> String {
    Simulation::new(params).expect_err("must be refused").to_string()
}

#[test]
fn parameters_out_of_range_are_refused() {
    let good = || params(10, 6, vec![group("a", 1.0)]);
    let with = |change: fn(&mut SimulateParams)| {
        let mut params = good();
        change(&mut params);
        refusal(params)
    };
    assert!(with(|p| p.months = 0).contains("0 months cannot"));
    assert!(with(|p| p.months = 1_201).contains("1201 months cannot"));
    assert!(with(|p| p.start = Date::constant(2024, 1, 2)).contains("2024-01-02"));
    assert!(with(|p| p.start = Date::constant(9999, 9, 1)).contains("year 9999"));
    assert!(with(|p| p.customers = 0).contains("at least 1 customers"));
    assert!(with(|p| p.scenario.groups.clear()).contains("no group"));
    let text = |name, months| Scenario::built_in(name, months).unwrap_err().to_string();
    assert!(text("normal", 12).contains("`normal`; use one of standard, separated, steady"));
    assert!(text("standard", 5).contains("at least 6 months"));
    assert!(text("steady", 0).contains("0 months"));
}

#[test]
fn scenarios_that_break_a_rule_are_refused() {
    type Change = fn(&mut Vec<GroupSpec>);
    let split = |month, into: &str, share| Some(Split { month, into: into.into(), share });
    let splits = [
        (split(2, "c", 0.5), "`c`, which is no group"),
        (split(2, "a", 0.5), "into itself"),
        (split(2, "b", 0.0), "splits off is 0"),
        (split(2, "b", f64::NAN), "splits off is NaN"),
        (split(2, "b", 1.1), "splits off is 1.1"),
        (split(0, "b", 0.5), "splits.month is month 0, which must be after 0"),
        (split(6, "b", 0.5), "splits.month is month 6, but"),
        (split(1, "b", 0.5), "`b` has not appeared"),
        (split(5, "b", 0.5), "`b` has not appeared or has died"),
    ];
    let two = || {
        let b = GroupSpec { appears: 2, dies: Some(5), ..group("b", 0.5) };
        vec![group("a", 0.5), b]
    };
    for (splits, expected) in splits {
        let mut groups = two();
        groups[0].splits = splits;
        let message = refusal(params(10, 6, groups));
        assert!(message.contains(expected), "{message}");
    }
    let changes: [(Change, &str); 22] = [
        (|g| g[0].key.clear(), "number 1 has an empty key"),
        (|g| g[1].key = "a".into(), "two groups have the key `a`"),
        (|g| g[0].share = 0.0, "share is 0"),
        (|g| g[0].share = -0.5, "share is -0.5"),
        (|g| g[0].share = f64::NAN, "share is NaN"),
        (|g| g[0].share = f64::INFINITY, "share is inf"),
        (|g| g[0].share = 0.6, "add up to 1.1"),
        (|g| g[0].rate.shape = 0.0, "rate.shape is 0"),
        (|g| g[0].rate.scale = f64::NAN, "rate.scale is NaN"),
        (|g| g[0].rate.scale = 251.0, "mean of rate is 1004"),
        (|g| g[0].order_mean.shape = -1.0, "order_mean.shape is -1"),
        (|g| g[0].order_mean.scale = 1e9, "mean of order_mean is 9000000000"),
        (|g| g[0].order_shape = 0.0, "order_shape is 0"),
        (|g| g[0].dropout = Some(BetaLaw { a: 0.0, b: 1.0 }), "dropout.a is 0"),
        (|g| g[0].dropout = Some(BetaLaw { a: 1.0, b: f64::INFINITY }), "dropout.b is inf"),
        (|g| g[0].regularity = 0, "regularity is 0"),
        (|g| g[0].appears = 6, "appears is month 6, but the simulation has months 0 to 5"),
        (|g| g[0].dies = Some(6), "dies is month 6, but"),
        (|g| g[1].silent_from = Some(2), "silent_from is month 2, which must be after 2"),
        (|g| g[1].silent_from = Some(5), "silent_from is month 5"),
        (|g| g[0].entry_months = 0, "over 0 months"),
        (|g| g[1].entry_months = 4, "only months 2 to 4 are open"),
    ];
    for (change, expected) in changes {
        let mut groups = two();
        change(&mut groups);
        let message = refusal(params(10, 6, groups));
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn laws_at_the_edge_of_their_range_do_not_panic() {
    let edge = GroupSpec {
        rate: law(1e-3, 1e-9),
        order_mean: law(1e-4, 1e-9),
        order_shape: 1e-4,
        regularity: u32::MAX,
        dropout: Some(BetaLaw { a: 1e-9, b: 1e-9 }),
        ..group("edge", 1.0)
    };
    let customers: Vec<_> = simulation(500, 24, vec![edge]).iter().collect();
    assert!(customers.iter().all(|customer| customer.orders.iter().all(|o| o.amount_cents > 0)));
}
