//! Members who move from group to group, and groups that drift.

use super::tests::{group, law, month_of, near, params, simulation};
use super::*;

fn moving(customers: u64, months: u32, groups: Vec<GroupSpec>, moves: f64) -> Simulation {
    let mut params = params(customers, months, groups);
    params.scenario.moves = moves;
    Simulation::new(params).expect("valid parameters")
}

/// Members by month and group, and members whose group is another than the month before.
fn counted(simulation: &Simulation, groups: usize) -> (Vec<Vec<usize>>, Vec<usize>) {
    let months = simulation.params().months as usize;
    let (mut sizes, mut moved) = (vec![vec![0; groups]; months], vec![0; months]);
    for customer in simulation.iter() {
        for (month, own) in customer.groups.iter().enumerate() {
            let Some(own) = own else { continue };
            sizes[month][*own] += 1;
            let before = month.checked_sub(1).and_then(|before| customer.groups[before]);
            moved[month] += usize::from(before.is_some_and(|before| before != *own));
        }
    }
    (sizes, moved)
}

#[test]
fn each_month_the_share_that_is_asked_for_moves() {
    let groups = vec![group("a", 0.6), group("b", 0.2), group("c", 0.2)];
    let (sizes, moved) = counted(&moving(20_000, 8, groups, 0.03), 3);
    assert_eq!(moved[0], 0, "they have just entered");
    for moved in &moved[1..] {
        near(*moved as f64 / 20_000.0, 0.03, 0.005);
    }
    // Each other group alike: of a third of three groups' members, a half go to each.
    let mut share = 0.6;
    for sizes in &sizes {
        near(sizes[0] as f64 / 20_000.0, share, 0.01);
        share = share * 0.97 + (1.0 - share) * 0.03 / 2.0;
    }
}

#[test]
fn nobody_moves_to_a_group_that_is_not_there() {
    let split = Split { month: 5, into: "part".into(), share: 0.5 };
    let groups = vec![
        GroupSpec { splits: Some(split), ..group("whole", 0.4) },
        group("part", 0.0),
        GroupSpec { dies: Some(4), ..group("dying", 0.2) },
        GroupSpec { silent_from: Some(3), ..group("silent", 0.2) },
        GroupSpec { appears: 6, ..group("new", 0.2) },
    ];
    let simulation = moving(4_000, 9, groups, 0.3);
    for customer in simulation.iter() {
        for (month, pair) in customer.groups.windows(2).enumerate() {
            let (Some(before), Some(now)) = (pair[0], pair[1]) else { continue };
            if before == now {
                continue;
            }
            let month = month + 1;
            let there = match now {
                1 => month >= 5,
                2 => month < 4,
                3 => month < 3,
                4 => month >= 6,
                _ => true,
            };
            assert!(there, "to {now} in month {month}");
            assert!(before != 3 || month < 3, "the silent stay silent");
        }
        for order in &customer.orders {
            let month = month_of(order) as usize;
            assert!(customer.groups[month].is_some(), "an order of nobody's");
        }
    }
}

#[test]
fn a_mover_behaves_as_the_group_does() {
    let dear = GroupSpec { order_mean: law(900.0, 5.0), ..group("dear", 0.5) };
    let simulation = moving(4_000, 6, vec![group("cheap", 0.5), dear], 0.2);
    let (mut spent, mut orders) = ([0.0; 2], [0.0; 2]);
    for customer in simulation.iter() {
        for order in &customer.orders {
            let group = customer.groups[month_of(order) as usize].unwrap();
            spent[group] += order.amount_cents as f64 / 100.0;
            orders[group] += 1.0;
        }
    }
    near(spent[0] / orders[0], 45.0, 1.0);
    near(spent[1] / orders[1], 4_500.0, 50.0);
    // Two orders a month in both, through five changes of group.
    let member_months = 4_000.0 * 5.5;
    near((orders[0] + orders[1]) / member_months, 2.0, 0.2);
}

#[test]
fn a_trend_multiplies_rate_and_spend_month_by_month() {
    let spec = GroupSpec { rate_trend: 1.1, spend_trend: 0.9, ..group("all", 1.0) };
    let (mut spent, mut orders) = ([0.0; 8], [0.0; 8]);
    for customer in simulation(20_000, 8, vec![spec]).iter() {
        for order in &customer.orders {
            let month = month_of(order) as usize;
            spent[month] += order.amount_cents as f64 / 100.0;
            orders[month] += 1.0;
        }
    }
    for month in 1..8 {
        let factor = 0.9_f64.powi(month as i32);
        near(spent[month] / orders[month] / (45.0 * factor), 1.0, 0.02);
        let days = [31.0, 29.0, 31.0, 30.0, 31.0, 30.0, 31.0, 31.0][month];
        let rate = 2.0 * 1.1_f64.powi(month as i32) * days / 30.4375;
        near(orders[month] / 20_000.0 / rate, 1.0, 0.05);
    }
}

#[test]
fn without_moves_and_trends_nothing_is_drawn_for_them() {
    let plain: Vec<_> = simulation(50, 6, vec![group("a", 0.5), group("b", 0.5)]).iter().collect();
    let none = moving(50, 6, vec![group("a", 0.5), group("b", 0.5)], 0.0);
    assert_eq!(none.iter().collect::<Vec<_>>(), plain);
    // And fewer months are the beginning of more, with them too.
    let groups = || vec![group("a", 0.5), GroupSpec { rate_trend: 1.05, ..group("b", 0.5) }];
    let (short, long) = (moving(50, 5, groups(), 0.1), moving(50, 9, groups(), 0.1));
    for (short, long) in short.iter().zip(long.iter()) {
        assert_eq!(short.groups[..], long.groups[..5]);
        assert_eq!(short.orders[..], long.orders[..short.orders.len()]);
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let refused = |groups: Vec<GroupSpec>, moves: f64| {
        let mut params = params(10, 12, groups);
        params.scenario.moves = moves;
        Simulation::new(params).expect_err("refused").to_string()
    };
    for moves in [-0.1, 1.0, f64::NAN] {
        let message = refused(vec![group("a", 1.0)], moves);
        assert!(message.contains("moves is") && message.contains("0.03"), "{message}");
    }
    for trend in [0.0, -1.0, f64::NAN, f64::INFINITY, 3.0] {
        let rate = refused(vec![GroupSpec { rate_trend: trend, ..group("a", 1.0) }], 0.0);
        assert!(rate.contains("rate_trend is") && rate.contains("1.02"), "{rate}");
    }
    let spend = refused(vec![GroupSpec { spend_trend: 1e3, ..group("a", 1.0) }], 0.0);
    assert!(spend.contains("spend_trend is 1000"), "{spend}");
}
