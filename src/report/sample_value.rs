//! Customer value made up for tests: a record of a run and the result of a validation, from
//! arithmetic alone.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::features::btyd::{Descent, Fit, LeftOut, Parameter, Regularity};
use crate::features::clv::validate::{FrequencyClass, Score, TopDecile, Validation, Week};
use crate::features::clv::{
    Attempt, ClvRecord, MarginRecord, Method, SpendMethod, SpendRecord, ValueTotals,
};
use crate::types::{TimeUnit, Warning};

/// A fit with these estimates and standard errors.
pub(crate) fn fit(names: &[&str], estimates: &[(f64, Option<f64>)], log_likelihood: f64) -> Fit {
    let descent =
        |at: usize| Descent { log_likelihood, converged: at % 4 != 3, iterations: 11 + at };
    Fit {
        parameters: (names.iter().zip(estimates))
            .map(|(name, (value, standard_error))| Parameter {
                name: (*name).into(),
                value: *value,
                standard_error: *standard_error,
                at_bound: false,
            })
            .collect(),
        log_likelihood,
        customers: 2_357.0,
        patterns: 1_411,
        converged: true,
        gradient_norm: 3.1e-10,
        hessian_condition: Some(187.3),
        log_covariance: None,
        descents: (0..6).map(descent).collect(),
    }
}

/// Pareto/NBD on CDNOW, figures as published by Fader and Hardie; the errors are made up.
pub(crate) fn pareto() -> Fit {
    let estimates =
        [(0.553, Some(0.048)), (10.578, Some(0.842)), (0.606, Some(0.187)), (11.669, Some(5.2))];
    fit(&["r", "alpha", "s", "beta"], &estimates, -9_594.98)
}

fn mbg() -> Fit {
    let estimates =
        [(0.525, Some(0.041)), (6.183, Some(0.577)), (0.891, Some(0.209)), (1.614, None)];
    fit(&["r", "alpha", "a", "b"], &estimates, -9_571.34)
}

/// How value was forecast: one model refused, the next one taken.
pub(crate) fn record(expected_orders: f64, clv: f64) -> ClvRecord {
    let gamma = fit(
        &["p", "q", "v"],
        &[(6.25, Some(1.19)), (3.744, Some(0.29)), (15.44, Some(3.97))],
        -4_055.91,
    );
    let mut refused = pareto();
    refused.converged = false;
    refused.gradient_norm = 4.2e-4;
    refused.hessian_condition = None;
    let attempt = |method, accepted, reason: &str, fit| Attempt {
        method,
        accepted,
        reason: reason.into(),
        fit: Some(fit),
    };
    ClvRecord {
        method: Method::MbgNbd,
        attempts: vec![
            attempt(
                Method::ParetoNbd,
                false,
                "the likelihood did not converge (gradient 4.2e-4)",
                refused,
            ),
            attempt(
                Method::MbgNbd,
                true,
                "the fit is sound; Pareto/NBD was not used: the likelihood did not converge \
                 (gradient 4.2e-4)",
                mbg(),
            ),
        ],
        unit: TimeUnit::Weeks,
        horizon: "12 months".into(),
        discount_rate: 0.10,
        discount_rate_monthly: 1.1_f64.powf(1.0 / 12.0) - 1.0,
        margin: MarginRecord { rate: 0.3, from_costs: false },
        hiatus_days: Some(61.4),
        regularity: Some(Regularity {
            shape: 1.18,
            interval: (1.11, 1.26),
            customers_used: 1_204,
            customers_left_out: 1_153,
        }),
        spend: SpendRecord {
            method: SpendMethod::GammaGamma,
            reason: "the fit is sound".into(),
            fit: Some(Fit { customers: 946.0, ..gamma }),
            customers: 946.0,
            left_out: Some(LeftOut { no_repeat: 1_411.0, not_positive: 4.0, not_finite: 0.0 }),
            correlation: Some(0.114),
            population_mean: 35.19,
            prior_orders: None,
        },
        totals: ValueTotals {
            expected_orders,
            expected_orders_error: Some(expected_orders * 0.021),
            expected_spend: clv / 0.3 / 0.954,
            clv,
            residual_value: Some(clv * 2.6),
            hiatus_orders: expected_orders * 1.31,
        },
    }
}

/// Each method: orders forecast over truth, error of a customer's orders, lift.
const METHODS: [(Method, f64, f64, f64); 5] = [
    (Method::ParetoNbd, 0.963, 1.62, 4.31),
    (Method::BgNbd, 0.921, 1.63, 4.28),
    (Method::MbgNbd, 0.948, 1.62, 4.30),
    (Method::Cohort, 1.082, 1.71, 3.94),
    (Method::Hiatus, 0.749, 1.84, 3.77),
];

/// A validation over 39 weeks in which Pareto/NBD is taken.
pub(crate) fn validation() -> Validation {
    let split = Date::constant(1997, 9, 30);
    let (orders, spend, customers) = (1_882.0, 66_214.5, 2_357);
    let score = |(method, ratio, error, lift): (Method, f64, f64, f64)| Score {
        method,
        taken: method == Method::ParetoNbd,
        orders: orders * ratio,
        orders_error: Some(ratio - 1.0),
        mean_absolute_error: error * 0.47,
        root_mean_square_error: error,
        correlation: Some(0.63 - (error - 1.62) * 0.4),
        spend: spend * (ratio + 0.02),
        spend_error: Some(ratio + 0.02 - 1.0),
        top_decile: TopDecile { customers: 236, share_of_spend: lift / 10.0, lift: Some(lift) },
        no_worse_than_hiatus: true,
        fit: match method {
            Method::ParetoNbd => Some(pareto()),
            Method::MbgNbd => Some(mbg()),
            _ => None,
        },
    };
    let forecast = |of: &dyn Fn(f64) -> f64| -> BTreeMap<Method, f64> {
        METHODS.iter().map(|(method, ratio, ..)| (*method, of(*ratio))).collect()
    };
    let classes = [1411, 439, 214, 100, 62, 38, 29, 64];
    let frequency_classes = (0..8_usize)
        .map(|class| {
            let actual = 0.24 + 0.62 * class as f64 + 0.08 * ((class * 7) % 3) as f64;
            FrequencyClass {
                repeat_purchases: if class == 7 { "7+".into() } else { class.to_string() },
                customers: classes[class],
                actual,
                forecast: forecast(&|ratio| (0.2 + 0.64 * class as f64) * ratio),
            }
        })
        .collect();
    let weeks = (1..=39_u32)
        .map(|week| {
            let part = f64::from(week) / 39.0;
            // Christmas: more than any of the models knows of.
            let bump = 60.0 * (-((f64::from(week) - 13.0) / 6.0).powi(2)).exp();
            Week {
                week,
                until: split.saturating_add(jiff::Span::new().weeks(week)),
                actual: (orders * (1.35 * part - 0.35 * part * part) + bump).round(),
                forecast: forecast(&|ratio| orders * ratio * (1.2 * part - 0.2 * part * part)),
            }
        })
        .collect();
    Validation {
        split,
        until: Date::constant(1998, 6, 30),
        days: 273,
        customers,
        newcomers: 312,
        orders,
        spend,
        best_possible: TopDecile { customers: 236, share_of_spend: 0.741, lift: Some(7.41) },
        taken: Method::ParetoNbd,
        attempts: vec![Attempt {
            method: Method::ParetoNbd,
            accepted: true,
            reason: "the fit is sound".into(),
            fit: Some(pareto()),
        }],
        scores: METHODS.into_iter().map(score).collect(),
        not_fitted: BTreeMap::new(),
        frequency_classes,
        weeks,
        verdict: "Pareto/NBD: error on total orders -3.7 %, no worse than the hiatus rule (-25.1 \
                  %)"
        .into(),
        warnings: vec![Warning::new(
            "spend_depends_on_frequency",
            "repeat purchases and their mean spend have a correlation of 0.41, beyond 0.3: the \
             model of spend takes them for independent",
        )],
    }
}
