//! The CDNOW sample for tests: each customer's purchase days up to the end of calibration,
//! 1997-09-30, with what was spent on each; purchases of one day are one.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Pattern, Patterns, Spend};

const CSV: &str = include_str!("../../../data/cdnow/cdnow_sample.csv");

fn end() -> Date {
    "1997-09-30".parse().unwrap()
}

fn customers() -> Vec<BTreeMap<Date, f64>> {
    let mut days: BTreeMap<&str, BTreeMap<Date, f64>> = BTreeMap::new();
    for line in CSV.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let date: Date = cells[2].parse().unwrap();
        if date <= end() {
            let of_day = days.entry(cells[0]).or_default().entry(date).or_insert(0.0);
            *of_day += cells[4].parse::<f64>().unwrap();
        }
    }
    days.into_values().collect()
}

/// The 2,357 histories, in units of `week` days.
pub(super) fn patterns(week: f64) -> Patterns {
    let rows: Vec<Pattern> = (customers().iter())
        .map(|days| {
            let (first, last) = (*days.keys().next().unwrap(), *days.keys().last().unwrap());
            let since = |date: Date| f64::from(date.since(first).unwrap().get_days()) / week;
            Pattern { x: (days.len() - 1) as f64, t_x: since(last), T: since(end()) }
        })
        .collect();
    Patterns::new(&rows, &[]).unwrap()
}

/// The mean spend of their repeat purchases; 0 without one, as in the published table.
pub(super) fn spends() -> Vec<Spend> {
    let of_days = |days: &BTreeMap<Date, f64>| {
        let x = (days.len() - 1) as f64;
        let total: f64 = days.values().skip(1).sum();
        Spend { x, m_x: if x > 0.0 { total / x } else { 0.0 } }
    };
    customers().iter().map(of_days).collect()
}
