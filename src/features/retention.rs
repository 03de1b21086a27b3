//! Retention rates -> lifetimes, value with retention, shares of customer equity; customers by
//! month -> cohorts, and how many of them came back (Kumar and Reinartz, Customer Relationship
//! Management, the chapters on customer metrics).
//!
//! A period is the reader's own; all rates of one computation are of that same period.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The most months from the first to the last of a cohort table: a hundred years.
pub const MOST_MONTHS: i32 = 1200;

/// Why a figure of retention cannot be.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum RetentionError {
    /// A figure outside its range.
    #[error("{what} = {value}: it must be {range}. Correct it")]
    Range {
        /// The figure.
        what: &'static str,
        /// Its value.
        value: f64,
        /// What is allowed.
        range: &'static str,
    },
    /// A list without an element.
    #[error("{what}: none is given; give one or more")]
    Empty {
        /// Of what.
        what: &'static str,
    },
    /// Everybody stays for ever.
    #[error(
        "retention {retention} with a discount rate of {discount} has no end: the sum over all periods is not finite. Give a horizon, a lower retention or a discount rate"
    )]
    Endless {
        /// Retention.
        retention: f64,
        /// Discount rate of a period, 0 where none is used.
        discount: f64,
    },
    /// A cohort that grows.
    #[error(
        "period {period}: {customers} customers are left of {before}. A cohort never grows: count only its first customers"
    )]
    Growth {
        /// Period, from 1.
        period: usize,
        /// Customers at its end.
        customers: u64,
        /// Customers at its start.
        before: u64,
    },
    /// Rows out of order.
    #[error("row {row}: rows must be sorted by customer, then month. Sort them")]
    Unsorted {
        /// Row, from 1.
        row: usize,
    },
    /// A month outside the table.
    #[error(
        "row {row}: month {month} is after the last month, {last}, or more than {MOST_MONTHS} months before it. Correct the date or the last month"
    )]
    Month {
        /// Row, from 1.
        row: usize,
        /// Months since January 1970.
        month: i32,
        /// The last month of the table.
        last: i32,
    },
}

fn in_range(
    what: &'static str,
    value: f64,
    allowed: bool,
    range: &'static str,
) -> Result<(), RetentionError> {
    if allowed && value.is_finite() {
        return Ok(());
    }
    Err(RetentionError::Range { what, value, range })
}

fn is_rate(what: &'static str, value: f64) -> Result<(), RetentionError> {
    in_range(what, value, (0.0..=1.0).contains(&value), "from 0 to 1")
}

/// One period of a cohort.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PeriodRates {
    /// Part of those left at the start of the period who are left at its end; none when nobody
    /// was.
    pub retention: Option<f64>,
    /// 1 - retention.
    pub defection: Option<f64>,
    /// Part of the first customers who are left at the end.
    pub survival: f64,
}

/// Rates of periods 1, 2, ... of a cohort, from the customers left at the end of period 0 (all),
/// 1, 2, ....
///
/// # Errors
/// `Empty` without a first customer, `Growth`.
pub fn cohort_rates(customers: &[u64]) -> Result<Vec<PeriodRates>, RetentionError> {
    let first = match customers.first() {
        Some(&first) if first > 0 => first as f64,
        _ => return Err(RetentionError::Empty { what: "customers of the cohort" }),
    };
    let rates = customers.windows(2).enumerate().map(|(t, pair)| {
        let (before, left) = (pair[0], pair[1]);
        if left > before {
            return Err(RetentionError::Growth { period: t + 1, customers: left, before });
        }
        let retention = (before > 0).then(|| left as f64 / before as f64);
        let defection = retention.map(|retention| 1.0 - retention);
        Ok(PeriodRates { retention, defection, survival: left as f64 / first })
    });
    rates.collect()
}

/// Periods that a customer stays on average at a constant retention rate: 1 / (1 - retention).
///
/// # Errors
/// `Range` unless `retention` is from 0 to 1, `Endless` at 1.
pub fn average_lifetime(retention: f64) -> Result<f64, RetentionError> {
    is_rate("retention", retention)?;
    if retention == 1.0 {
        return Err(RetentionError::Endless { retention, discount: 0.0 });
    }
    Ok(1.0 / (1.0 - retention))
}

/// Periods that the customers of a cohort stayed on average: the customers retained in each
/// period, summed, by the cohort's size.
///
/// # Errors
/// `Empty` when the cohort is.
pub fn average_lifetime_of_cohort(retained: &[u64], cohort: u64) -> Result<f64, RetentionError> {
    if cohort == 0 {
        return Err(RetentionError::Empty { what: "customers of the cohort" });
    }
    Ok(retained.iter().map(|&customers| customers as f64).sum::<f64>() / cohort as f64)
}

/// A retention rate that rises with the age of the relation towards a ceiling:
/// Rr_t = Rr_c (1 - e^(-k t)).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RetentionCeiling {
    ceiling: f64,
    k: f64,
}

impl RetentionCeiling {
    /// With the ceiling Rr_c, above 0 and at most 1, and the coefficient k, above 0.
    ///
    /// # Errors
    /// `Range`.
    pub fn new(ceiling: f64, k: f64) -> Result<Self, RetentionError> {
        let allowed = ceiling > 0.0 && ceiling <= 1.0;
        in_range("the retention ceiling", ceiling, allowed, "above 0 and at most 1")?;
        in_range("k", k, k > 0.0, "above 0")?;
        Ok(Self { ceiling, k })
    }

    /// The curve with this ceiling through `retention`, below it, at period `t`, above 0:
    /// k = (ln Rr_c - ln(Rr_c - Rr_t)) / t.
    ///
    /// # Errors
    /// `Range`.
    pub fn through(ceiling: f64, t: f64, retention: f64) -> Result<Self, RetentionError> {
        let below = retention > 0.0 && retention < ceiling;
        in_range("retention", retention, below, "above 0 and below the ceiling")?;
        in_range("the period", t, t > 0.0, "above 0")?;
        Self::new(ceiling, -(-retention / ceiling).ln_1p() / t)
    }

    /// k.
    pub fn k(&self) -> f64 {
        self.k
    }

    /// Rr_t at period `t`, from 0 on; NaN below.
    pub fn at(&self, t: f64) -> f64 {
        if t < 0.0 { f64::NAN } else { -self.ceiling * (-self.k * t).exp_m1() }
    }
}

/// How many periods count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Horizon {
    /// The first so many.
    Periods(u32),
    /// All.
    Unlimited,
}

/// What a customer brings in, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct RetainedValue<'a> {
    /// Contribution of periods 1, 2, ... of a customer who is there; the last holds on.
    pub contribution: &'a [f64],
    /// Retention from each period to the next, from the first on: from 0 to 1; the last holds on.
    pub retention: &'a [f64],
    /// Discount rate of one period, from 0 on.
    pub discount: f64,
    /// What it cost to win the customer, taken off; from 0 on.
    pub acquisition_cost: f64,
}

impl RetainedValue<'_> {
    /// Sum over t = 1, 2, ... of r_1 ... r_t GC_t / (1 + d)^t, less the acquisition cost: the
    /// first contribution already depends on being retained, and comes a period from now.
    ///
    /// # Errors
    /// `Empty`, `Range`; `Endless` where the unlimited sum is not finite.
    pub fn lifetime_value(&self, horizon: Horizon) -> Result<f64, RetentionError> {
        let Self { contribution, retention, discount, acquisition_cost } = *self;
        let (Some(&last), Some(&last_retention)) = (contribution.last(), retention.last()) else {
            return Err(RetentionError::Empty { what: "contributions or retention rates" });
        };
        for &rate in retention {
            is_rate("retention", rate)?;
        }
        for &value in contribution {
            in_range("contribution", value, true, "finite")?;
        }
        in_range("the discount rate", discount, discount >= 0.0, "from 0 on")?;
        let cost = acquisition_cost;
        in_range("the acquisition cost", cost, cost >= 0.0, "from 0 on")?;
        let listed = contribution.len().max(retention.len());
        let (most, unlimited) = match horizon {
            Horizon::Periods(most) => (most as usize, false),
            Horizon::Unlimited => (listed, true),
        };
        let (mut there, mut sum) = (1.0, 0.0);
        for t in 0..most.min(listed) {
            there *= retention.get(t).unwrap_or(&last_retention) / (1.0 + discount);
            sum += there * contribution.get(t).unwrap_or(&last);
        }
        // The rest is geometric: GC q + GC q^2 + ..., q = r / (1 + d).
        let q = last_retention / (1.0 + discount);
        if unlimited {
            if q == 1.0 && there * last != 0.0 {
                return Err(RetentionError::Endless { retention: last_retention, discount });
            }
            if there * last != 0.0 {
                sum += there * last * last_retention / (1.0 + discount - last_retention);
            }
        } else if most > listed {
            let rest = (most - listed) as f64;
            let powers = if q == 1.0 { rest } else { q * (1.0 - q.powf(rest)) / (1.0 - q) };
            sum += there * last * powers;
        }
        Ok(sum - cost)
    }
}

/// Each firm's (or brand's, or segment's) part of all customer equity: CE_j over the sum of all.
///
/// # Errors
/// `Empty`, `Range` for a value below 0 or a sum of 0.
pub fn customer_equity_shares(equity: &[f64]) -> Result<Vec<f64>, RetentionError> {
    if equity.is_empty() {
        return Err(RetentionError::Empty { what: "customer equity" });
    }
    for &value in equity {
        in_range("customer equity", value, value >= 0.0, "from 0 on")?;
    }
    let sum: f64 = equity.iter().sum();
    in_range("the sum of customer equity", sum, sum > 0.0, "above 0")?;
    Ok(equity.iter().map(|value| value / sum).collect())
}

/// Customers by month of their first purchase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cohort {
    /// Month of the first activity, in months since January 1970.
    pub month: i32,
    /// Customers active 0, 1, 2, ... months after it, up to the last month of the table.
    pub active: Vec<u32>,
    /// Customers active then or later. Nobody knows who comes back after the last month: the
    /// last figures are too low.
    pub alive: Vec<u32>,
}

/// All cohorts at one age.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgeRates {
    /// Months since the first activity, from 1.
    pub age: u32,
    /// Customers of the cohorts that reached this age.
    pub customers: u32,
    /// Those active at this age.
    pub active: u32,
    /// Those active at this age or later.
    pub alive: u32,
    /// `alive` over those of the same cohorts alive a month before; none when nobody was.
    pub retention: Option<f64>,
    /// 1 - retention.
    pub defection: Option<f64>,
    /// `alive` over `customers`.
    pub survival: f64,
}

/// One calendar month after the first.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MonthRates {
    /// Months since January 1970.
    pub month: i32,
    /// Customers active.
    pub active: u32,
    /// Of these, active for the first time.
    pub acquired: u32,
    /// Of these, active the month before as well.
    pub retained: u32,
    /// `retained` over all active the month before; none when nobody was.
    pub retention: Option<f64>,
    /// 1 - retention.
    pub defection: Option<f64>,
}

/// Activity by month, by cohort.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CohortTable {
    /// Sorted by month; those with customers.
    pub cohorts: Vec<Cohort>,
    /// Ages 1, 2, ....
    pub by_age: Vec<AgeRates>,
    /// Months after the first, without gaps.
    pub by_month: Vec<MonthRates>,
}

/// Counts cohorts from (customer, month of activity), sorted, repeated rows counting once;
/// months since January 1970, up to `last`, the month up to which activity was observed.
///
/// # Errors
/// `Unsorted`, `Month`.
pub fn cohort_retention(activity: &[(u32, i32)], last: i32) -> Result<CohortTable, RetentionError> {
    for (i, &(_, month)) in activity.iter().enumerate() {
        if i > 0 && activity[i - 1] > activity[i] {
            return Err(RetentionError::Unsorted { row: i + 1 });
        }
        if month > last || i64::from(last) - i64::from(month) > i64::from(MOST_MONTHS) {
            return Err(RetentionError::Month { row: i + 1, month, last });
        }
    }
    let Some(first) = activity.iter().map(|&(_, month)| month).min() else {
        return Ok(CohortTable::default());
    };
    let months = (last - first) as usize + 1;
    let mut cohorts: Vec<Cohort> = (0..months)
        .map(|start| {
            let counts = vec![0; months - start];
            Cohort { month: first + start as i32, active: counts.clone(), alive: counts }
        })
        .collect();
    // Active, acquired and retained, by month.
    let mut by_month = vec![[0u32; 3]; months];
    for of_one in activity.chunk_by(|a, b| a.0 == b.0) {
        let acquired = (of_one[0].1 - first) as usize;
        let cohort = &mut cohorts[acquired];
        let mut before = None;
        for &(_, month) in of_one {
            let month = (month - first) as usize;
            if before == Some(month) {
                continue;
            }
            cohort.active[month - acquired] += 1;
            by_month[month][0] += 1;
            by_month[month][1] += u32::from(before.is_none());
            by_month[month][2] += u32::from(before.is_some_and(|before| before + 1 == month));
            before = Some(month);
        }
        let to = before.map_or(0, |latest| latest - acquired);
        cohort.alive[..=to].iter_mut().for_each(|alive| *alive += 1);
    }
    cohorts.retain(|cohort| cohort.active[0] > 0);
    let rates = |part: u32, of: u32| {
        let retention = (of > 0).then(|| f64::from(part) / f64::from(of));
        (retention, retention.map(|retention| 1.0 - retention))
    };
    let by_age = (1..months).map(|age| {
        let (mut sums, mut before) = ([0; 3], 0);
        for cohort in cohorts.iter().filter(|cohort| cohort.active.len() > age) {
            let counts = [cohort.active[0], cohort.active[age], cohort.alive[age]];
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
            before += cohort.alive[age - 1];
        }
        let [customers, active, alive] = sums;
        let (retention, defection) = rates(alive, before);
        let survival = f64::from(alive) / f64::from(customers);
        AgeRates { age: age as u32, customers, active, alive, retention, defection, survival }
    });
    let by_month = by_month.windows(2).zip(first + 1..).map(|(pair, month)| {
        let [active, acquired, retained] = pair[1];
        let (retention, defection) = rates(retained, pair[0][0]);
        MonthRates { month, active, acquired, retained, retention, defection }
    });
    Ok(CohortTable { by_age: by_age.collect(), by_month: by_month.collect(), cohorts })
}

#[cfg(test)]
#[path = "retention_tests.rs"]
mod tests;
