//! A fitted model and patterns -> orders to come, discounted; each with the duration's unit.
//!
//! Orders of a horizon are discounted at the end of the month in which they fall, a month being
//! a twelfth of a year, at the monthly rate (1 + yearly)^(1/12) - 1; a last part of a month at
//! its own end. Orders without end are discounted continuously at ln(1 + yearly).

use rayon::prelude::*;

use crate::features::btyd::{Model, Pattern};
use crate::types::{DiscountRate, Duration, TimeUnit};

/// What is expected of each pattern, in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forecast {
    /// The chance of being a customer still.
    pub p_alive: Vec<f64>,
    /// Orders within the horizon.
    pub orders: Vec<f64>,
    /// The same, discounted.
    pub discounted: Vec<f64>,
    /// Orders without end, discounted; NaN where the rate is 0 or the model knows no end.
    pub residual: Vec<f64>,
    /// Orders within the horizon of the tenth and of the ninetieth in a hundred such customers;
    /// NaN where the model has no distribution.
    pub low: Vec<f64>,
    /// See `low`.
    pub high: Vec<f64>,
}

/// Ends of the months of a horizon: time in the model's unit, and in months.
fn month_ends(horizon: Duration, unit: TimeUnit) -> Vec<(f64, f64)> {
    let months = horizon.in_unit(TimeUnit::Months);
    let month = TimeUnit::Months.in_days() / unit.in_days();
    let whole = (months + 1e-9).floor() as u32;
    let mut ends: Vec<(f64, f64)> =
        (1..=whole).map(|i| (f64::from(i) * month, f64::from(i))).collect();
    if months - f64::from(whole) > 1e-9 {
        ends.push((horizon.in_unit(unit), months));
    }
    ends
}

/// Forecasts of all `patterns`.
///
/// By what [`Model`] promises, the forecast of a living customer is made once for each pair of x
/// and T and multiplied by the chance of being alive.
pub fn forecast(
    model: &dyn Model,
    patterns: &[Pattern],
    horizon: Duration,
    rate: DiscountRate,
) -> Forecast {
    let ends = month_ends(horizon, model.unit());
    let times: Vec<f64> = ends.iter().map(|(time, _)| *time).collect();
    let end = times.last().copied().unwrap_or(0.0);
    let worth: Vec<f64> =
        ends.iter().map(|(_, months)| (1.0 + rate.monthly()).powf(-months)).collect();
    let delta = rate.continuous(model.unit());
    let (pairs, pair_of) = pairs(patterns);
    let of_pair = |&(x, age): &(f64, f64)| {
        // Whoever bought last at T is as surely alive as any with this x and T.
        let pattern = Pattern { x, t_x: if x > 0.0 { age } else { 0.0 }, T: age };
        let alive = model.p_alive(&pattern);
        let mut orders = vec![0.0; times.len()];
        model.expected_orders_at(&pattern, &times, &mut orders);
        let (mut before, mut discounted) = (0.0, 0.0);
        for (orders, worth) in orders.iter().zip(&worth) {
            discounted += (orders - before) * worth;
            before = *orders;
        }
        let residual =
            if delta > 0.0 { model.discounted_orders(&pattern, delta) } else { f64::NAN };
        // Of the gone, nothing is expected; what the model does not define stays undefined.
        [before, discounted, residual].map(|sum| if alive > 0.0 { sum / alive } else { 0.0 * sum })
    };
    let living: Vec<[f64; 3]> = pairs.par_iter().with_min_len(64).map(of_pair).collect();
    let of = |(pattern, pair): (&Pattern, &u32)| {
        let alive = model.p_alive(pattern);
        let [orders, discounted, residual] = living[*pair as usize].map(|of| alive * of);
        let interval = model.order_interval(pattern, end, (0.1, 0.9));
        let (low, high) = interval.unwrap_or((f64::NAN, f64::NAN));
        [alive, orders, discounted, residual, low, high]
    };
    let rows: Vec<[f64; 6]> =
        patterns.par_iter().zip(&pair_of).with_min_len(1024).map(of).collect();
    let column = |place: usize| rows.iter().map(|row| row[place]).collect();
    Forecast {
        p_alive: column(0),
        orders: column(1),
        discounted: column(2),
        residual: column(3),
        low: column(4),
        high: column(5),
    }
}

/// Distinct pairs of x and T, and the place of each pattern's.
fn pairs(patterns: &[Pattern]) -> (Vec<(f64, f64)>, Vec<u32>) {
    let mut order: Vec<u32> = (0..patterns.len() as u32).collect();
    let key = |i: u32| (patterns[i as usize].x, patterns[i as usize].T);
    order.sort_unstable_by(|&i, &j| {
        let (a, b) = (key(i), key(j));
        a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(i.cmp(&j))
    });
    let (mut pairs, mut pair_of) = (Vec::new(), vec![0; patterns.len()]);
    for i in order {
        if pairs.last() != Some(&key(i)) {
            pairs.push(key(i));
        }
        pair_of[i as usize] = pairs.len() as u32 - 1;
    }
    (pairs, pair_of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::btyd::{BetaGeometric, Dropout};

    #[test]
    fn a_horizon_ends_with_its_last_month_or_part_of_one() {
        let weeks = month_ends(Duration::months(12), TimeUnit::Weeks);
        assert_eq!(weeks.len(), 12);
        assert!((weeks[0].0 - 4.345).abs() < 5e-4, "1 month = 4.345 weeks");
        assert!((weeks[11].0 - 365.0 / 7.0).abs() < 1e-12);
        let days = month_ends(Duration::days(45), TimeUnit::Days);
        assert_eq!(days.len(), 2);
        assert_eq!(days[1].0, 45.0);
        assert!((days[1].1 - 45.0 * 12.0 / 365.0).abs() < 1e-12);
        assert_eq!(month_ends("39 weeks".parse().unwrap(), TimeUnit::Weeks).len(), 9);
    }

    #[test]
    fn a_forecast_by_pairs_is_the_forecast_of_each() {
        let model =
            BetaGeometric::new([0.243, 4.414, 0.793, 2.426], Dropout::AfterRepeat, TimeUnit::Weeks);
        let model = model.unwrap();
        let rows = [(0.0, 0.0, 30.0), (2.0, 5.0, 30.0), (2.0, 28.0, 30.0), (7.0, 20.0, 38.0)];
        let patterns = rows.map(|(x, t_x, age)| Pattern { x, t_x, T: age });
        let rate = DiscountRate::per_month(0.01).unwrap();
        let found = forecast(&model, &patterns, Duration::months(12), rate);
        for (i, pattern) in patterns.iter().enumerate() {
            let orders = model.expected_orders(pattern, 365.0 / 7.0);
            assert!((found.orders[i] / orders - 1.0).abs() < 1e-12);
            let residual = model.discounted_orders(pattern, rate.continuous(TimeUnit::Weeks));
            assert!((found.residual[i] / residual - 1.0).abs() < 1e-9);
            assert!(found.discounted[i] < orders && found.low[i] <= found.high[i]);
        }
        let free = DiscountRate::per_year(0.0).unwrap();
        let free = forecast(&model, &patterns, Duration::months(12), free);
        assert!((free.discounted[1] / free.orders[1] - 1.0).abs() < 1e-12);
        assert!(free.residual.iter().all(|value| value.is_nan()), "no end without discount");
    }
}
