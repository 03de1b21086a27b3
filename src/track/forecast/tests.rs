//! Forecasts by hand, and against slow versions of what they are made of.

use super::chain::Chain;
use super::*;
use jiff::civil::date;

fn key(name: &str) -> GroupKey {
    GroupKey(name.into())
}

/// Customers who went from one group to another; an empty name is outside.
fn step(month: i8, flows: &[(&str, &str, usize)]) -> Step {
    let some = |name: &str| (!name.is_empty()).then(|| key(name));
    let flow = |&(from, to, customers): &(&str, &str, usize)| Flow {
        from: some(from),
        to: some(to),
        customers,
        value: None,
    };
    Step { as_of: AsOf(date(2017, month, 28)), flows: flows.iter().map(flow).collect() }
}

/// 900 of 1,000 stay in `a`, 100 go to `b`; of `b` 300 of 600 go back; 50 enter `a`, 30 leave `b`.
fn steady_months(months: i8) -> Vec<Step> {
    let flows = [("", "a", 50), ("a", "a", 900), ("a", "b", 100)];
    let back = [("b", "a", 300), ("b", "b", 270), ("b", "", 30)];
    (1..=months).map(|month| step(month, &[&flows[..], &back[..]].concat())).collect()
}

#[test]
fn sizes_and_chances_by_hand() {
    let found = forecast(&steady_months(4), &[key("b")]).unwrap();
    let [a, b] = found.groups.as_slice() else { panic!("two groups") };
    // Rows of the posterior: counts of four months and a third for each of three destinations.
    let (row_a, row_b) =
        ([3600.0 + 1.0 / 3.0, 400.0 + 1.0 / 3.0], [1200.0 + 1.0 / 3.0, 1080.0 + 1.0 / 3.0]);
    let (p_a, p_b) = (row_a.map(|n| n / 4001.0), row_b.map(|n| n / 2401.0));
    assert!((a.stays.value - p_a[0]).abs() < 1e-12);
    assert_eq!((a.customers, b.customers), (1250, 370));
    let expected = 1250.0 * p_a[0] + 370.0 * p_b[0] + 50.0;
    assert!((a.next.value - expected).abs() < 1e-9);
    assert!((a.entrants.value, b.entrants.value) == (50.0, 0.0));
    // Every step is the same: no dispersion, and the interval of a share of 4,001.
    assert_eq!((a.dispersion, b.dispersion), (1.0, 1.0));
    let spread = Z * (p_a[0] * (1.0 - p_a[0]) / 4002.0).sqrt();
    assert!((a.stays.high - a.stays.value - spread).abs() < 1e-12);
    // Until `b` or leaving: geometric.
    let runs = a.runs_to_lapse.unwrap();
    assert!((runs.value - 1.0 / (1.0 - p_a[0])).abs() < 1e-9);
    assert!(runs.low < runs.value && runs.value < runs.high);
    assert_eq!(b.runs_to_lapse, None);
    // Two states: the share of `a` is what comes back by what goes either way.
    let (out, back) = (p_a[1] / (p_a[0] + p_a[1]), p_b[0] / (p_b[0] + p_b[1]));
    assert!((a.steady_share.value - back / (out + back)).abs() < 1e-9);
    assert!((a.share - 1250.0 / 1620.0).abs() < 1e-12);
    assert_eq!(found.lapsed, [key("b")]);
}

#[test]
fn months_that_differ_widen_the_intervals() {
    let months = |moved: [usize; 4]| -> Vec<Step> {
        let step = |(month, moved): (i8, usize)| {
            step(month, &[("a", "a", 1000 - moved), ("a", "b", moved), ("b", "b", 500)])
        };
        (1..).zip(moved).map(step).collect()
    };
    let even = forecast(&months([100; 4]), &[]).unwrap().groups[0].clone();
    let uneven = forecast(&months([40, 160, 60, 140]), &[]).unwrap().groups[0].clone();
    // 60² + 60² + 40² + 40² over what is expected, 100 and 900, by 3 degrees of freedom.
    let statistic = 10_400.0 / 100.0 + 10_400.0 / 900.0;
    assert!((uneven.dispersion - statistic / 3.0).abs() < 1e-9);
    assert!((even.stays.value - uneven.stays.value).abs() < 0.01);
    let width = |of: Estimate| of.high - of.low;
    let ratio = width(uneven.stays) / width(even.stays);
    assert!((ratio - uneven.dispersion.sqrt()).abs() < 0.1, "{ratio}");
    assert!(width(uneven.next) > 5.0 * width(even.next));
}

/// Variances by the Dirichlet's covariances and slopes by differences, against the formulas.
#[test]
fn intervals_are_those_of_slopes_and_covariances() {
    let flows = [
        ("a", "a", 60),
        ("a", "b", 25),
        ("a", "c", 10),
        ("a", "", 5),
        ("b", "a", 12),
        ("b", "b", 30),
        ("b", "c", 15),
        ("c", "a", 3),
        ("c", "c", 40),
        ("c", "", 2),
    ];
    let counts = Counts::new(&[step(1, &flows)]);
    let chain = Chain::new(&counts, 1);
    let lapsed = [false, false, true];
    let middle = |estimates: &[Option<Estimate>]| -> Vec<f64> {
        estimates.iter().map(|e| e.map_or(f64::NAN, |e| e.value)).collect()
    };
    type Figures<'a> = &'a dyn Fn(&Chain) -> Vec<Option<Estimate>>;
    let variance = |of: Figures<'_>, at: usize| -> f64 {
        let (small, mut sum) = (1e-6, 0.0);
        for r in 0..3 {
            let slopes: Vec<f64> = (0..4)
                .map(|j| {
                    let figure = |by: f64| middle(&of(&chain.nudged(r, j, by)))[at];
                    (figure(small) - figure(-small)) / (2.0 * small)
                })
                .collect();
            let (row, a) = chain.row(r);
            let first: f64 = row.iter().zip(&slopes).map(|(p, s)| p * s).sum();
            let second: f64 = row.iter().zip(&slopes).map(|(p, s)| p * s * s).sum();
            sum += (second - first * first) / (a + 1.0);
        }
        sum
    };
    let times: Figures<'_> = &|chain| chain.runs_to(&lapsed);
    for i in 0..2 {
        let told = times(&chain)[i].unwrap();
        let spread = (told.high / told.value).ln() * told.value / Z;
        let slow = variance(times, i).sqrt();
        assert!((spread / slow - 1.0).abs() < 1e-4, "{spread} {slow}");
    }
    let steady: Figures<'_> = &|chain| chain.steady().into_iter().map(Some).collect();
    for i in 0..3 {
        let told = steady(&chain)[i].unwrap();
        let slow = variance(steady, i).sqrt() * Z;
        // The interval takes what is left without leaving as a Dirichlet of its own: the same.
        assert!(((told.high - told.value) / slow - 1.0).abs() < 0.02, "{told:?} {slow}");
    }
}

#[test]
fn the_backtest_learns_from_the_past_alone() {
    // Sizes go 1,000 and 0, 900 and 100, … : 10 % of `a` move each month, `b` keeps its own.
    let mut sizes = (10_000_usize, 0_usize);
    let months: Vec<Step> = (1..=6)
        .map(|month| {
            let moved = sizes.0 / 10;
            let flows = [("a", "a", sizes.0 - moved), ("a", "b", moved), ("b", "b", sizes.1)];
            sizes = (sizes.0 - moved, sizes.1 + moved);
            step(month, &flows)
        })
        .collect();
    let backtest = forecast(&months, &[]).unwrap().backtest.unwrap();
    assert_eq!((backtest.runs, backtest.runs_better), (4, 4));
    assert!(backtest.beats_nobody_moves && backtest.error < 5.0, "{backtest:?}");
    // 810, 729, 656, 590 move: the mean of them.
    assert!((backtest.error_nobody_moves - (810 + 729 + 656 + 590) as f64 / 4.0).abs() < 1.0);
    assert_eq!(backtest.coverage, 1.0);
    assert!(forecast(&months[..2], &[]).unwrap().backtest.is_none());
    // Who does not move is best forecast so.
    let quiet = [("a", "a", 500), ("b", "b", 300)];
    let quiet: Vec<Step> = (1..=5).map(|month| step(month, &quiet)).collect();
    let backtest = forecast(&quiet, &[]).unwrap().backtest.unwrap();
    assert!(!backtest.beats_nobody_moves && backtest.error_nobody_moves == 0.0);
}

#[test]
fn nothing_is_known_of_nothing() {
    assert_eq!(forecast(&[], &[]), None);
    let empty = forecast(&[step(1, &[])], &[]).unwrap();
    assert!(empty.groups.is_empty() && empty.backtest.is_none());
    let alone = forecast(&[step(1, &[("", "a", 7)])], &[]).unwrap();
    assert_eq!(alone.groups[0].customers, 7);
    assert!((alone.groups[0].steady_share.value - 1.0).abs() < 1e-9);
}
