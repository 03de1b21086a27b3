//! Monthly activity of all buyers -> retention, average lifetime and the lifetime value that
//! follows from them: the figures of a whole customer base by simple formulas.

use serde::{Deserialize, Serialize};

use super::clv::ClvParams;
use super::retention::{CohortTable, Horizon, RetainedValue, average_lifetime, cohort_retention};
use crate::types::{AsOf, DiscountRate, TimeUnit};

/// Retention of the customer base by complete calendar months.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RetentionRecord {
    /// Last complete month, in months since January 1970.
    pub last_month: i32,
    /// Active in a month and in the one before, over active in the one before; all months
    /// together. Whoever skips a month counts as lost here and as won again later.
    pub retention: Option<f64>,
    /// 1 - retention.
    pub defection: Option<f64>,
    /// 1 / (1 - retention), in months; none without retention, or where nobody is ever lost.
    pub average_lifetime: Option<f64>,
    /// Months in which a customer was active or still to come back, by customer: the cohort form,
    /// of what has been seen so far.
    pub average_lifetime_of_cohorts: Option<f64>,
    /// Margin of one active customer in one month.
    pub contribution: f64,
    /// Discount of a month.
    pub discount_rate_monthly: f64,
    /// What it cost to win a customer, taken off below.
    pub acquisition_cost: f64,
    /// Whole months of the horizon.
    pub horizon_months: u32,
    /// Lifetime value of a customer within the horizon (Kumar and Reinartz), who is there now:
    /// the first month counted is the next.
    pub lifetime_value: Option<f64>,
    /// The same without end.
    pub lifetime_value_unlimited: Option<f64>,
    /// Activity by cohort, age and month.
    pub table: CohortTable,
}

/// From (customer, month) of every purchase, sorted, and the margin of all purchases in complete
/// months. `None` where there is no complete month or the history is longer than a table can be.
pub(super) fn retention(
    activity: &[(u32, i32)],
    margin_of_month: &dyn Fn(i32) -> f64,
    as_of: AsOf,
    params: &ClvParams,
    rate: DiscountRate,
) -> Option<RetentionRecord> {
    let date = as_of.0;
    let month = i32::from(date.year() - 1970) * 12 + i32::from(date.month()) - 1;
    let last = if date == date.last_of_month() { month } else { month - 1 };
    let complete: Vec<(u32, i32)> =
        activity.iter().copied().filter(|(_, month)| *month <= last).collect();
    let first = complete.iter().map(|(_, month)| *month).min()?;
    let table = cohort_retention(&complete, last).ok()?;
    let (mut retained, mut before) = (0.0, 0.0);
    let mut active_before = complete.iter().filter(|(_, month)| *month == first).count() as f64;
    let mut active_months = active_before;
    for month in &table.by_month {
        retained += f64::from(month.retained);
        before += active_before;
        active_before = f64::from(month.active);
        active_months += active_before;
    }
    let retention = (before > 0.0).then(|| retained / before);
    let customers: f64 = table.cohorts.iter().map(|c| f64::from(c.active[0])).sum();
    let alive: f64 = table.cohorts.iter().flat_map(|c| &c.alive).map(|n| f64::from(*n)).sum();
    let margin: f64 = (first..=last).map(margin_of_month).sum();
    let contribution = if active_months > 0.0 { margin / active_months } else { 0.0 };
    let months = params.horizon.in_unit(TimeUnit::Months).round().max(1.0) as u32;
    let value = |horizon| {
        let retained = RetainedValue {
            contribution: &[contribution],
            retention: &[retention?],
            discount: rate.monthly(),
            acquisition_cost: params.acquisition_cost,
        };
        retained.lifetime_value(horizon).ok()
    };
    Some(RetentionRecord {
        last_month: last,
        retention,
        defection: retention.map(|retention| 1.0 - retention),
        average_lifetime: retention.and_then(|retention| average_lifetime(retention).ok()),
        average_lifetime_of_cohorts: (customers > 0.0).then(|| alive / customers),
        contribution,
        discount_rate_monthly: rate.monthly(),
        acquisition_cost: params.acquisition_cost,
        horizon_months: months,
        lifetime_value: value(Horizon::Periods(months)),
        lifetime_value_unlimited: value(Horizon::Unlimited),
        table,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// Two customers, months 0 to 3 (January to April 1970): A in all, B in 0 and 2.
    #[test]
    fn four_months_by_hand() {
        let activity = [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (1, 2)];
        let rate = DiscountRate::per_year(0.0).unwrap();
        let params = ClvParams { horizon: crate::types::Duration::months(2), ..Default::default() };
        let found =
            retention(&activity, &|_| 60.0, AsOf(date(1970, 4, 30)), &params, rate).unwrap();
        // Retained: A three times; active in the month before: 2, 1, 2.
        assert_eq!(found.retention, Some(3.0 / 5.0));
        assert!((found.average_lifetime.unwrap() - 2.5).abs() < 1e-12);
        // A is alive in 4 months, B in 3.
        assert_eq!(found.average_lifetime_of_cohorts, Some(3.5));
        assert_eq!(found.contribution, 240.0 / 6.0);
        assert!((found.lifetime_value.unwrap() - 40.0 * (0.6 + 0.36)).abs() < 1e-12);
        assert!((found.lifetime_value_unlimited.unwrap() - 40.0 * 1.5).abs() < 1e-9);
        // A month that is not over does not count.
        let cut = retention(&activity, &|_| 60.0, AsOf(date(1970, 4, 29)), &params, rate).unwrap();
        assert_eq!((cut.last_month, cut.retention), (2, Some(2.0 / 3.0)));
    }

    #[test]
    fn no_complete_month_is_no_record() {
        let rate = DiscountRate::per_year(0.1).unwrap();
        let params = ClvParams::default();
        let day = AsOf(date(1970, 1, 15));
        assert!(retention(&[(0, 0)], &|_| 1.0, day, &params, rate).is_none());
        let day = AsOf(date(1970, 1, 31));
        let one = retention(&[(0, 0)], &|_| 1.0, day, &params, rate).unwrap();
        assert_eq!((one.retention, one.lifetime_value), (None, None));
    }
}
