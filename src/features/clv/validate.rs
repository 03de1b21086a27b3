//! Histories before a date and purchases after it -> how well each model forecast them.
//!
//! Every rung of the ladder is fitted to what lay before the date and forecasts the days after
//! it; the truth stands beside, and the hiatus rule as the baseline (Wübben and von Wangenheim
//! 2008 found it hard to beat). Customers who first bought after the date are counted, not
//! forecast.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::record::Attempt;
use super::{ClvError, ClvParams, Histories, Method, Spend, UNIT, choose, fit_model, order_values};
use crate::features::btyd::{Fit, Model, Patterns};
use crate::types::{Warning, date_of_days};

/// What the customers of the calibration did after the date.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Holdout {
    /// Last day of the calibration, since 1970-01-01.
    pub split: i32,
    /// Last day of the holdout.
    pub until: i32,
    /// For each customer of the histories, days on which they bought after the split, ascending.
    pub days: Vec<Vec<i32>>,
    /// Spend of each after the split.
    pub spend: Vec<f64>,
    /// Customers who first bought after the split.
    pub newcomers: usize,
}

/// Classes of repeat purchases: 0 to 6, and 7 and more.
const CLASSES: usize = 8;

/// Customers of one class of frequency.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FrequencyClass {
    /// Repeat purchases in the calibration: `0` to `6`, `7+`.
    pub repeat_purchases: String,
    /// Customers.
    pub customers: usize,
    /// Mean orders in the holdout.
    pub actual: f64,
    /// Mean forecast by method.
    pub forecast: BTreeMap<Method, f64>,
}

/// One week of the holdout, all orders since the split.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Week {
    /// 1 and on; the last may be shorter.
    pub week: u32,
    /// Its last day.
    pub until: Date,
    /// Orders since the split.
    pub actual: f64,
    /// Forecast of the same by method.
    pub forecast: BTreeMap<Method, f64>,
}

/// The tenth of the customers whom a method values most.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TopDecile {
    /// How many these are.
    pub customers: usize,
    /// Their part of all spend in the holdout.
    pub share_of_spend: f64,
    /// Their mean spend over everybody's; none when nobody spent anything.
    pub lift: Option<f64>,
}

/// One method beside the truth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// The method.
    pub method: Method,
    /// Whether the ladder takes it.
    pub taken: bool,
    /// Orders forecast.
    pub orders: f64,
    /// Forecast over truth, less 1; none without any order.
    pub orders_error: Option<f64>,
    /// Mean absolute error of a customer's orders.
    pub mean_absolute_error: f64,
    /// Root of the mean squared error of a customer's orders.
    pub root_mean_square_error: f64,
    /// Correlation of forecast and truth over customers; none where either is constant.
    pub correlation: Option<f64>,
    /// Spend forecast.
    pub spend: f64,
    /// Forecast over truth, less 1; none without any spend.
    pub spend_error: Option<f64>,
    /// The tenth valued most.
    pub top_decile: TopDecile,
    /// Whether the error of the total is no larger than that of the hiatus rule.
    pub no_worse_than_hiatus: bool,
    /// Estimates, where something was fitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fit: Option<Fit>,
}

/// The result of `segtrail clv validate`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Validation {
    /// Last day of the calibration.
    pub split: Date,
    /// Last day of the holdout.
    pub until: Date,
    /// Days of the holdout.
    pub days: i32,
    /// Customers of the calibration.
    pub customers: usize,
    /// Customers who first bought in the holdout: not forecast.
    pub newcomers: usize,
    /// Orders (purchase days) of the calibration's customers in the holdout.
    pub orders: f64,
    /// Their spend.
    pub spend: f64,
    /// Lift of the tenth that spent most: what no forecast can pass.
    pub best_possible: TopDecile,
    /// What the ladder takes.
    pub taken: Method,
    /// The rungs that the ladder tried, with reasons.
    pub attempts: Vec<Attempt>,
    /// Methods that could be fitted, the ladder's first.
    pub scores: Vec<Score>,
    /// Methods that could not, with the reason.
    pub not_fitted: BTreeMap<Method, String>,
    /// By repeat purchases of the calibration.
    pub frequency_classes: Vec<FrequencyClass>,
    /// By week.
    pub weeks: Vec<Week>,
    /// In a sentence: how the method taken does beside the hiatus rule.
    pub verdict: String,
    /// What a person should know.
    pub warnings: Vec<Warning>,
}

/// One method's forecasts.
struct Forecasts {
    method: Method,
    fit: Option<Fit>,
    /// By customer, at the end of the holdout.
    orders: Vec<f64>,
    /// In total, at the end of each week.
    weekly: Vec<f64>,
}

/// Fits every method to `histories` and compares its forecast with `holdout`.
///
/// # Errors
/// `Range`, `Btyd` for histories that no customer can have.
pub fn validate(
    histories: &Histories,
    holdout: &Holdout,
    params: &ClvParams,
) -> Result<Validation, ClvError> {
    params.checked()?;
    let patterns = histories.patterns()?;
    let hiatus = Histories::hiatus(&patterns, params);
    let chosen = choose(params.model, &patterns, &hiatus);
    let ends = week_ends(holdout);
    let mut warnings = Vec::new();
    let spend = Spend { x: &histories.x, m_x: &histories.m_x, mean: &histories.mean, counts: &[] };
    let (order_value, _) = order_values(&spend, &mut warnings);

    let mut found = Vec::new();
    let mut not_fitted = BTreeMap::new();
    use Method::{BgNbd, Cohort, Hiatus, MbgNbd, ParetoNbd};
    let mut methods = vec![ParetoNbd, BgNbd, MbgNbd, Cohort, Hiatus];
    methods.sort_by_key(|method| *method != chosen.method);
    for method in methods {
        match fit_model(method, &patterns, &hiatus) {
            Err(error) => drop(not_fitted.insert(method, error.to_string())),
            Ok((model, fit)) => {
                found.push(forecasts(method, &*model, fit, &patterns, &ends, holdout));
            }
        }
    }
    let actual: Vec<f64> = holdout.days.iter().map(|days| days.len() as f64).collect();
    let hiatus_error = found
        .iter()
        .find(|forecasts| forecasts.method == Hiatus)
        .map(|forecasts| (total(&forecasts.orders) - total(&actual)).abs());
    let scores: Vec<Score> = found
        .iter()
        .map(|forecasts| {
            // The hiatus rule values an order at the customer's own mean.
            let worth = match forecasts.method {
                Hiatus => &histories.mean,
                _ => &order_value,
            };
            let value: Vec<f64> = (forecasts.orders.iter().zip(worth))
                .map(|(orders, worth)| orders * worth)
                .collect();
            score(forecasts, &value, &actual, holdout, chosen.method, hiatus_error)
        })
        .collect();
    let date = |days| date_of_days(days).unwrap_or_default();
    Ok(Validation {
        split: date(holdout.split),
        until: date(holdout.until),
        days: holdout.until - holdout.split,
        customers: histories.x.len(),
        newcomers: holdout.newcomers,
        orders: total(&actual),
        spend: total(&holdout.spend),
        best_possible: top_decile(&holdout.spend, &holdout.spend),
        taken: chosen.method,
        verdict: verdict(&scores),
        attempts: chosen.attempts,
        frequency_classes: classes(histories, &found, &actual),
        weeks: weeks(&found, &ends, holdout),
        scores,
        not_fitted,
        warnings,
    })
}

fn total(values: &[f64]) -> f64 {
    values.iter().sum()
}

/// Days after the split at which weeks end; the last one is the end of the holdout.
fn week_ends(holdout: &Holdout) -> Vec<i32> {
    let days = holdout.until - holdout.split;
    let mut ends: Vec<i32> = (1..=days / 7).map(|week| 7 * week).collect();
    if days % 7 != 0 {
        ends.push(days);
    }
    ends
}

fn forecasts(
    method: Method,
    model: &dyn Model,
    fit: Option<Fit>,
    patterns: &Patterns,
    ends: &[i32],
    holdout: &Holdout,
) -> Forecasts {
    let times: Vec<f64> = ends.iter().map(|days| f64::from(*days) / UNIT.in_days()).collect();
    let mut weekly = vec![0.0; times.len()];
    let mut at = vec![0.0; times.len()];
    let last: Vec<f64> = (patterns.patterns.iter().zip(&patterns.counts))
        .map(|(pattern, count)| {
            model.expected_orders_at(pattern, &times, &mut at);
            weekly.iter_mut().zip(&at).for_each(|(sum, orders)| *sum += count * orders);
            at.last().copied().unwrap_or(0.0)
        })
        .collect();
    let orders = (0..holdout.days.len()).map(|i| last[patterns.of_row[i] as usize]).collect();
    Forecasts { method, fit, orders, weekly }
}

fn score(
    forecasts: &Forecasts,
    value: &[f64],
    actual: &[f64],
    holdout: &Holdout,
    taken: Method,
    hiatus_error: Option<f64>,
) -> Score {
    let n = actual.len().max(1) as f64;
    let errors = || forecasts.orders.iter().zip(actual).map(|(forecast, actual)| forecast - actual);
    let relative = |forecast: f64, actual: f64| (actual > 0.0).then(|| forecast / actual - 1.0);
    let orders = total(&forecasts.orders);
    let error = (orders - total(actual)).abs();
    Score {
        method: forecasts.method,
        taken: forecasts.method == taken,
        orders,
        orders_error: relative(orders, total(actual)),
        mean_absolute_error: errors().map(f64::abs).sum::<f64>() / n,
        root_mean_square_error: (errors().map(|error| error * error).sum::<f64>() / n).sqrt(),
        correlation: correlation(&forecasts.orders, actual),
        spend: total(value),
        spend_error: relative(total(value), total(&holdout.spend)),
        top_decile: top_decile(value, &holdout.spend),
        no_worse_than_hiatus: hiatus_error.is_none_or(|hiatus| error <= hiatus),
        fit: forecasts.fit.clone(),
    }
}

/// Pearson's correlation; none where either side is constant.
fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let n = a.len() as f64;
    let (mean_a, mean_b) = (total(a) / n, total(b) / n);
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (a, b) in a.iter().zip(b) {
        ab += (a - mean_a) * (b - mean_b);
        aa += (a - mean_a).powi(2);
        bb += (b - mean_b).powi(2);
    }
    (aa > 0.0 && bb > 0.0).then(|| ab / (aa * bb).sqrt())
}

/// The tenth (rounded up) with the highest `value`, ties in the order of customers.
fn top_decile(value: &[f64], spend: &[f64]) -> TopDecile {
    let mut order: Vec<usize> = (0..value.len()).collect();
    order.sort_by(|&a, &b| value[b].total_cmp(&value[a]).then(a.cmp(&b)));
    let customers = value.len().div_ceil(10);
    let theirs: f64 = order[..customers].iter().map(|&i| spend[i]).sum();
    let all = total(spend);
    let share = if all > 0.0 { theirs / all } else { 0.0 };
    let part = customers as f64 / value.len().max(1) as f64;
    TopDecile {
        customers,
        share_of_spend: share,
        lift: (all > 0.0 && customers > 0).then(|| share / part),
    }
}

fn classes(histories: &Histories, found: &[Forecasts], actual: &[f64]) -> Vec<FrequencyClass> {
    let class = |i: usize| (histories.x[i] as usize).min(CLASSES - 1);
    (0..CLASSES)
        .filter_map(|number| {
            let members: Vec<usize> = (0..actual.len()).filter(|&i| class(i) == number).collect();
            if members.is_empty() {
                return None;
            }
            let mean = |values: &[f64]| {
                members.iter().map(|&i| values[i]).sum::<f64>() / members.len() as f64
            };
            Some(FrequencyClass {
                repeat_purchases: match number {
                    number if number == CLASSES - 1 => format!("{number}+"),
                    number => number.to_string(),
                },
                customers: members.len(),
                actual: mean(actual),
                forecast: found.iter().map(|f| (f.method, mean(&f.orders))).collect(),
            })
        })
        .collect()
}

fn weeks(found: &[Forecasts], ends: &[i32], holdout: &Holdout) -> Vec<Week> {
    let mut by_day = vec![0.0; (holdout.until - holdout.split).max(0) as usize + 1];
    for day in holdout.days.iter().flatten() {
        by_day[(day - holdout.split) as usize] += 1.0;
    }
    let mut sum = 0.0;
    let mut next = 0;
    (ends.iter().enumerate())
        .map(|(place, &end)| {
            sum += total(&by_day[next..=end as usize]);
            next = end as usize + 1;
            Week {
                week: place as u32 + 1,
                until: date_of_days(holdout.split + end).unwrap_or_default(),
                actual: sum,
                forecast: found.iter().map(|f| (f.method, f.weekly[place])).collect(),
            }
        })
        .collect()
}

fn verdict(scores: &[Score]) -> String {
    let percent = |error: Option<f64>| match error {
        Some(error) => format!("{:+.1} %", 100.0 * error),
        None => "not defined: there was no order".into(),
    };
    let of = |wanted: &dyn Fn(&&Score) -> bool| scores.iter().find(wanted);
    let (Some(taken), Some(hiatus)) =
        (of(&|score| score.taken), of(&|score| score.method == Method::Hiatus))
    else {
        return "no method could be fitted".into();
    };
    if taken.method == Method::Hiatus {
        return format!(
            "the hiatus rule itself is used; its error on total orders is {}",
            percent(hiatus.orders_error)
        );
    }
    format!(
        "{}: error on total orders {}, {} the hiatus rule ({})",
        taken.method.name(),
        percent(taken.orders_error),
        if taken.no_worse_than_hiatus { "no worse than" } else { "WORSE than" },
        percent(hiatus.orders_error)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_top_tenth_by_hand() {
        // Ten customers, one of them the tenth: value points at the one who spent 40 of 100.
        let value = [0.0, 0.0, 9.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let spend = [10.0, 10.0, 40.0, 10.0, 5.0, 5.0, 5.0, 5.0, 5.0, 5.0];
        let top = top_decile(&value, &spend);
        assert_eq!((top.customers, top.share_of_spend, top.lift), (1, 0.4, Some(4.0)));
        assert_eq!(top_decile(&value, &[0.0; 10]).lift, None);
        assert_eq!(top_decile(&[], &[]).customers, 0);
    }

    #[test]
    fn weeks_add_up_to_the_end() {
        let holdout = Holdout {
            split: 100,
            until: 116,
            days: vec![vec![101, 107], vec![], vec![108, 116]],
            spend: vec![0.0; 3],
            newcomers: 0,
        };
        let ends = week_ends(&holdout);
        assert_eq!(ends, [7, 14, 16]);
        let weeks = weeks(&[], &ends, &holdout);
        assert_eq!(weeks.iter().map(|week| week.actual).collect::<Vec<_>>(), [2.0, 3.0, 4.0]);
    }

    #[test]
    fn a_shop_without_any_order_after_the_date_has_errors_that_are_not_defined() {
        let n = 60;
        let histories = Histories {
            x: (0..n).map(|i| f64::from(i % 3)).collect(),
            t_x_days: (0..n).map(|i| if i % 3 > 0 { 30.0 + f64::from(i) } else { 0.0 }).collect(),
            age_days: (0..n).map(|i| 100.0 + f64::from(i)).collect(),
            m_x: (0..n).map(|i| if i % 3 > 0 { 10.0 } else { f64::NAN }).collect(),
            mean: vec![10.0; n as usize],
        };
        let holdout = Holdout {
            split: 1000,
            until: 1010,
            days: vec![Vec::new(); n as usize],
            spend: vec![0.0; n as usize],
            newcomers: 2,
        };
        let found = validate(&histories, &holdout, &ClvParams::default()).unwrap();
        assert_eq!((found.orders, found.newcomers, found.days), (0.0, 2, 10));
        assert!(found.scores.iter().all(|score| score.orders_error.is_none()));
        assert!(found.scores.iter().any(|score| score.method == Method::Hiatus));
        assert!(found.verdict.contains("not defined"), "{}", found.verdict);
        assert_eq!(found.weeks.len(), 2);
    }
}
