//! Forecasts without a fitted dropout process: the hiatus rule, beside which every model is
//! shown, and shrunken cohort means, the rung above it.

use crate::features::btyd::{Model, Pattern, Patterns};
use crate::types::TimeUnit;

/// The rule of managers: whoever has been silent for longer than the threshold is gone, whoever
/// has not goes on at the past rate x / T (Wübben and von Wangenheim, Journal of Marketing 72,
/// 2008). Times in `unit`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hiatus {
    /// Longest silence of an active customer.
    pub threshold: f64,
    /// Unit of all times.
    pub unit: TimeUnit,
}

impl Hiatus {
    /// The silence within which `share` of the mean gaps between purchases lie; of a history
    /// without any repeat purchase, none at all: everybody counts as active.
    ///
    /// The mean gap of a customer is t_x / x; a gap seen in short histories is shorter than a gap
    /// is, so the threshold errs towards calling customers gone.
    pub fn of_gaps(patterns: &Patterns, share: f64, unit: TimeUnit) -> Self {
        let mut gaps: Vec<(f64, f64)> = (patterns.patterns.iter().zip(&patterns.counts))
            .filter(|(pattern, _)| pattern.x > 0.0)
            .map(|(pattern, count)| (pattern.t_x / pattern.x, pattern.x * count))
            .collect();
        gaps.sort_by(|a, b| a.0.total_cmp(&b.0));
        let total: f64 = gaps.iter().map(|(_, weight)| weight).sum();
        let mut below = 0.0;
        for (gap, weight) in &gaps {
            below += weight;
            if below >= share * total {
                return Self { threshold: *gap, unit };
            }
        }
        Self { threshold: f64::INFINITY, unit }
    }

    fn active(&self, pattern: &Pattern) -> bool {
        pattern.T - pattern.t_x <= self.threshold
    }
}

impl Model for Hiatus {
    fn unit(&self) -> TimeUnit {
        self.unit
    }

    fn p_alive(&self, pattern: &Pattern) -> f64 {
        f64::from(u8::from(self.active(pattern)))
    }

    fn expected_orders(&self, pattern: &Pattern, t: f64) -> f64 {
        if pattern.T > 0.0 { self.p_alive(pattern) * pattern.x / pattern.T * t } else { 0.0 }
    }

    /// Not defined: the rule knows no end of buying.
    fn discounted_orders(&self, _: &Pattern, _: f64) -> f64 {
        f64::NAN
    }

    /// Not defined: the rule knows the past of a customer alone.
    fn expected_orders_new(&self, _: f64) -> f64 {
        f64::NAN
    }

    /// Not defined, as [`Hiatus::expected_orders_new`].
    fn probability(&self, _: u32, _: f64) -> f64 {
        f64::NAN
    }
}

/// Purchase rates shrunken towards the mean of the customer's cohort (month of the first
/// purchase, told by T), and this mean towards everybody's.
///
/// The rate of a customer is that of a gamma prior with the cohort's mean and the population's
/// spread (method of moments of the NBD; Ehrenberg 1959). The chance of being active is the
/// posterior of a silence of the observed length, with the share active by the hiatus rule as
/// prior; it moves the forecast between the customers of a cohort, whose total stays that of the
/// rates. Times in `unit`.
#[derive(Clone, Debug, PartialEq)]
pub struct CohortMeans {
    unit: TimeUnit,
    /// Length of a cohort: a month.
    width: f64,
    /// Rate per unit of time by cohort, the youngest first.
    means: Vec<f64>,
    /// What the rates of a cohort are multiplied by to keep its total.
    factors: Vec<f64>,
    /// Exposure that the prior is worth.
    exposure: f64,
    /// Share of customers active by the hiatus rule.
    active: f64,
}

/// Customers that the mean of everybody is worth beside those of a cohort.
const COHORT_PRIOR: f64 = 30.0;

impl CohortMeans {
    /// From all patterns; `None` without two customers, exposure or any repeat purchase.
    pub fn of(patterns: &Patterns, hiatus: &Hiatus) -> Option<Self> {
        let unit = hiatus.unit;
        let width = TimeUnit::Months.in_days() / unit.in_days();
        let all = || patterns.patterns.iter().zip(&patterns.counts);
        let exposure: f64 = all().map(|(pattern, count)| pattern.T * count).sum();
        let mean = patterns.repeat_purchases() / exposure;
        if patterns.customers() < 2.0 || !(mean > 0.0 && mean.is_finite()) {
            return None;
        }
        // Var(x) = m T + v T^2 for a customer seen for T.
        let scatter: f64 =
            all().map(|(p, count)| count * ((p.x - mean * p.T).powi(2) - mean * p.T)).sum();
        let squares: f64 = all().map(|(p, count)| count * p.T * p.T).sum();
        let variance = (scatter / squares).max(1e-6 * mean * mean);
        let cohorts = all().map(|(p, _)| cohort(p, width)).max()? + 1;
        let mut sums = vec![(0.0, 0.0, 0.0); cohorts];
        for (pattern, count) in all() {
            let (customers, purchases, time) = &mut sums[cohort(pattern, width)];
            *customers += count;
            *purchases += count * pattern.x;
            *time += count * pattern.T;
        }
        let means = sums
            .iter()
            .map(|&(customers, purchases, time)| {
                let own = if time > 0.0 { purchases / time } else { mean };
                (customers * own + COHORT_PRIOR * mean) / (customers + COHORT_PRIOR)
            })
            .collect();
        let active =
            all().map(|(p, count)| count * hiatus.p_alive(p)).sum::<f64>() / patterns.customers();
        let active = active.clamp(0.01, 0.99);
        let mut model = Self {
            unit,
            width,
            means,
            factors: vec![1.0; cohorts],
            exposure: mean / variance,
            active,
        };
        let mut totals = vec![(0.0, 0.0); cohorts];
        for (pattern, count) in all() {
            let (rates, expected) = &mut totals[cohort(pattern, width)];
            *rates += count * model.rate(pattern);
            *expected += count * model.rate(pattern) * model.p_alive(pattern);
        }
        for (factor, (rates, expected)) in model.factors.iter_mut().zip(totals) {
            if expected > 0.0 {
                *factor = rates / expected;
            }
        }
        Some(model)
    }

    fn cohort(&self, pattern: &Pattern) -> usize {
        cohort(pattern, self.width).min(self.means.len() - 1)
    }

    fn rate(&self, pattern: &Pattern) -> f64 {
        let mean = self.means[self.cohort(pattern)];
        (pattern.x + mean * self.exposure) / (pattern.T + self.exposure)
    }
}

fn cohort(pattern: &Pattern, width: f64) -> usize {
    (pattern.T / width) as usize
}

impl Model for CohortMeans {
    fn unit(&self) -> TimeUnit {
        self.unit
    }

    fn p_alive(&self, pattern: &Pattern) -> f64 {
        let silence = (-self.rate(pattern) * (pattern.T - pattern.t_x)).exp();
        self.active * silence / (self.active * silence + 1.0 - self.active)
    }

    fn expected_orders(&self, pattern: &Pattern, t: f64) -> f64 {
        self.factors[self.cohort(pattern)] * self.p_alive(pattern) * self.rate(pattern) * t
    }

    /// Not defined: cohort means know no end of buying.
    fn discounted_orders(&self, _: &Pattern, _: f64) -> f64 {
        f64::NAN
    }

    fn expected_orders_new(&self, t: f64) -> f64 {
        self.means.iter().sum::<f64>() / self.means.len() as f64 * t
    }

    /// Not defined: means have no distribution.
    fn probability(&self, _: u32, _: f64) -> f64 {
        f64::NAN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(rows: &[(f64, f64, f64)]) -> Patterns {
        let rows: Vec<Pattern> =
            rows.iter().map(|&(x, t_x, age)| Pattern { x, t_x, T: age }).collect();
        Patterns::new(&rows, &[]).unwrap()
    }

    #[test]
    fn hiatus_by_hand() {
        let rule = Hiatus { threshold: 10.0, unit: TimeUnit::Weeks };
        let active = Pattern { x: 4.0, t_x: 32.0, T: 40.0 };
        let gone = Pattern { x: 4.0, t_x: 20.0, T: 40.0 };
        assert_eq!(rule.expected_orders(&active, 10.0), 1.0);
        assert_eq!((rule.p_alive(&gone), rule.expected_orders(&gone, 10.0)), (0.0, 0.0));
        let new = Pattern { x: 0.0, t_x: 0.0, T: 0.0 };
        assert_eq!((rule.p_alive(&new), rule.expected_orders(&new, 10.0)), (1.0, 0.0));
    }

    #[test]
    fn the_threshold_is_a_quantile_of_the_gaps() {
        // Gaps 1 (weight 9) and 20 (weight 1).
        let patterns = patterns(&[(9.0, 9.0, 30.0), (1.0, 20.0, 30.0), (0.0, 0.0, 30.0)]);
        assert_eq!(Hiatus::of_gaps(&patterns, 0.9, TimeUnit::Weeks).threshold, 1.0);
        assert_eq!(Hiatus::of_gaps(&patterns, 0.95, TimeUnit::Weeks).threshold, 20.0);
        let none = Hiatus::of_gaps(&Patterns::default(), 0.95, TimeUnit::Weeks);
        assert!(none.threshold.is_infinite());
    }

    #[test]
    fn cohort_means_keep_the_total_of_a_cohort_and_rank_by_silence() {
        let rows: Vec<(f64, f64, f64)> = (0..200)
            .map(|i| {
                let x = f64::from(i % 5);
                (x, if x > 0.0 { f64::from(1 + i % 30) } else { 0.0 }, 35.0 + f64::from(i % 3))
            })
            .collect();
        let patterns = patterns(&rows);
        let hiatus = Hiatus::of_gaps(&patterns, 0.95, TimeUnit::Weeks);
        let model = CohortMeans::of(&patterns, &hiatus).unwrap();
        let total: f64 = (patterns.patterns.iter().zip(&patterns.counts))
            .map(|(pattern, count)| count * model.expected_orders(pattern, 10.0))
            .sum();
        let exposure: f64 =
            patterns.patterns.iter().zip(&patterns.counts).map(|(p, count)| p.T * count).sum();
        let mean = patterns.repeat_purchases() / exposure;
        // Shrinking moves little: customers are seen for almost the same time.
        assert!((total / (mean * 10.0 * 200.0) - 1.0).abs() < 0.02, "{total}");
        let silent = Pattern { x: 3.0, t_x: 5.0, T: 36.0 };
        let recent = Pattern { x: 3.0, t_x: 34.0, T: 36.0 };
        assert!(model.p_alive(&silent) < model.p_alive(&recent));
        assert!(model.expected_orders(&silent, 4.0) < model.expected_orders(&recent, 4.0));
    }

    #[test]
    fn nothing_to_learn_from_gives_no_model() {
        let hiatus = Hiatus { threshold: 5.0, unit: TimeUnit::Weeks };
        assert!(CohortMeans::of(&Patterns::default(), &hiatus).is_none());
        assert!(CohortMeans::of(&patterns(&[(0.0, 0.0, 9.0); 5]), &hiatus).is_none());
        assert!(CohortMeans::of(&patterns(&[(0.0, 0.0, 0.0); 5]), &hiatus).is_none());
    }
}
