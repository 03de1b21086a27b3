//! Cohort tables, or start and end dates of contracts -> how many faced their t-th renewal, and
//! how many of them renewed.

use jiff::Span;
use jiff::civil::Date;
use thiserror::Error;

use crate::types::{TimeUnit, days_since_epoch};

/// The most renewals of one contract.
pub const MOST_RENEWALS: u32 = 10_000;

/// Why contracts cannot be counted.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RenewalError {
    /// More customers than the period before, or nobody to begin with.
    #[error(
        "cohort {cohort}: {customers} customers at the end of period {period}, {before} before. A cohort starts with 1 or more and never grows: give how many of its first customers are left"
    )]
    Cohort {
        /// Cohort, from 1.
        cohort: usize,
        /// Period, 0 for the start.
        period: usize,
        /// Customers at its end.
        customers: u64,
        /// Customers at the end of the one before.
        before: u64,
    },
    /// An end that is not after the start.
    #[error(
        "a contract starts on {start} and ends on {end}: the end, its first day without the contract, must be later. Correct the dates or leave it out"
    )]
    Ends {
        /// First day.
        start: Date,
        /// First day without it.
        end: Date,
    },
    /// A start that was not observed.
    #[error("a contract starts on {start}, after {as_of}, the last day observed. Leave it out")]
    Starts {
        /// First day.
        start: Date,
        /// The last day observed.
        as_of: Date,
    },
    /// A period of no length.
    #[error("a contract's period is 0 {}: it must be 1 or more", unit.name())]
    Period {
        /// Its unit.
        unit: TimeUnit,
    },
    /// More renewals than are counted.
    #[error(
        "{renewals} renewals of one contract: at most {MOST_RENEWALS} are counted. Give the length of the period that is paid for at once"
    )]
    TooMany {
        /// How many.
        renewals: u64,
    },
}

/// How long a customer pays for at once: days and weeks by their length, months and years by the
/// calendar (31 January, 28 February, 31 March, ...).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// How many of the unit, from 1.
    pub length: u16,
    /// The unit.
    pub unit: TimeUnit,
}

/// What was seen of one contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contract {
    /// How often it was renewed.
    pub renewals: u32,
    /// Whether the renewal after these was seen not to come; else it was not yet due.
    pub lost: bool,
}

impl Contract {
    /// From dates: the first day, the first day without the contract (none while it runs), and
    /// the last day observed, of which a renewal counts as seen.
    ///
    /// A contract that ends within a period is lost at that period's renewal. Where that renewal
    /// lies after `as_of`, it is counted as running: others of its age have not been asked yet.
    ///
    /// # Errors
    /// `Starts`, `Ends`, `Period`, `TooMany`.
    pub fn of_dates(
        start: Date,
        end: Option<Date>,
        as_of: Date,
        period: Period,
    ) -> Result<Self, RenewalError> {
        if period.length == 0 {
            return Err(RenewalError::Period { unit: period.unit });
        }
        if start > as_of {
            return Err(RenewalError::Starts { start, as_of });
        }
        if let Some(end) = end.filter(|&end| end <= start) {
            return Err(RenewalError::Ends { start, end });
        }
        let due = renewals_by(start, as_of, period)?;
        // The last day with the contract: the renewals up to it took place.
        let last = end.and_then(|end| end.yesterday().ok()).filter(|&last| last < as_of);
        Ok(match last {
            None => Self { renewals: due, lost: false },
            Some(last) => {
                let renewals = renewals_by(start, last, period)?;
                Self { renewals, lost: renewals < due }
            }
        })
    }
}

/// Renewals due after `start` and up to `to`, inclusive.
fn renewals_by(start: Date, to: Date, period: Period) -> Result<u32, RenewalError> {
    let days = f64::from(days_since_epoch(to) - days_since_epoch(start));
    let estimate = days / (f64::from(period.length) * period.unit.in_days());
    if estimate > 1.1 * f64::from(MOST_RENEWALS) {
        return Err(RenewalError::TooMany { renewals: estimate as u64 });
    }
    let is_due = |k: u32| {
        let steps = i64::from(k) * i64::from(period.length);
        let span: Result<Span, _> = match period.unit {
            TimeUnit::Days => Span::new().try_days(steps),
            TimeUnit::Weeks => Span::new().try_weeks(steps),
            TimeUnit::Months => Span::new().try_months(steps),
            TimeUnit::Years => Span::new().try_years(steps),
        };
        let date = span.and_then(|span| start.checked_add(span));
        date.is_ok_and(|date| date <= to)
    };
    // A mean year of 365 days is shorter than the calendar's.
    let mut renewals = (0.999 * estimate - 1.0).max(0.0) as u32;
    while is_due(renewals + 1) {
        renewals += 1;
    }
    if renewals > MOST_RENEWALS {
        return Err(RenewalError::TooMany { renewals: u64::from(renewals) });
    }
    Ok(renewals)
}

/// How many faced their first, second, ... renewal, and what they did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Renewals {
    kept: Vec<f64>,
    lost: Vec<f64>,
}

impl Renewals {
    /// From cohorts: each the customers left at the end of period 0 (all), 1, 2, ..., as far as
    /// it was observed. Cohorts of different length may be mixed.
    ///
    /// # Errors
    /// `Cohort`, `TooMany`.
    pub fn of_cohorts(cohorts: &[Vec<u64>]) -> Result<Self, RenewalError> {
        let mut all = Self::default();
        for (i, cohort) in cohorts.iter().enumerate() {
            let fault = |period, customers, before| {
                Err(RenewalError::Cohort { cohort: i + 1, period, customers, before })
            };
            if cohort.first().is_none_or(|&customers| customers == 0) {
                return fault(0, 0, 0);
            }
            for (t, pair) in cohort.windows(2).enumerate() {
                if pair[1] > pair[0] {
                    return fault(t + 1, pair[1], pair[0]);
                }
                all.add(t, pair[1] as f64, (pair[0] - pair[1]) as f64)?;
            }
        }
        Ok(all.without_empty_end())
    }

    /// From single contracts.
    ///
    /// # Errors
    /// `TooMany`.
    pub fn of_contracts(
        contracts: impl IntoIterator<Item = Contract>,
    ) -> Result<Self, RenewalError> {
        // By the number of renewals: how many were lost then, and how many still ran.
        let (mut lost, mut running) = (Vec::new(), Vec::new());
        for contract in contracts {
            if contract.renewals > MOST_RENEWALS {
                return Err(RenewalError::TooMany { renewals: u64::from(contract.renewals) });
            }
            let place = contract.renewals as usize;
            if lost.len() <= place {
                lost.resize(place + 1, 0.0);
                running.resize(place + 1, 0.0);
            }
            if contract.lost { lost[place] += 1.0 } else { running[place] += 1.0 }
        }
        let mut all = Self::default();
        let mut later = 0.0;
        for t in (0..lost.len()).rev() {
            all.add(t, later, lost[t])?;
            later += lost[t] + running[t];
        }
        Ok(all.without_empty_end())
    }

    /// How many renewed for the t-th time, t - 1 being the place.
    pub fn kept(&self) -> &[f64] {
        &self.kept
    }

    /// How many did not renew for the t-th time, t - 1 being the place.
    pub fn lost(&self) -> &[f64] {
        &self.lost
    }

    /// Customers who faced a first renewal.
    pub fn customers(&self) -> f64 {
        self.kept.first().copied().unwrap_or(0.0) + self.lost.first().copied().unwrap_or(0.0)
    }

    /// Observed retention r_t, t - 1 being the place; NaN where nobody faced that renewal.
    pub fn rates(&self) -> Vec<f64> {
        self.kept.iter().zip(&self.lost).map(|(kept, lost)| kept / (kept + lost)).collect()
    }

    fn add(&mut self, place: usize, kept: f64, lost: f64) -> Result<(), RenewalError> {
        if place > MOST_RENEWALS as usize {
            return Err(RenewalError::TooMany { renewals: place as u64 + 1 });
        }
        if self.kept.len() <= place {
            self.kept.resize(place + 1, 0.0);
            self.lost.resize(place + 1, 0.0);
        }
        self.kept[place] += kept;
        self.lost[place] += lost;
        Ok(())
    }

    /// Without ages at the end that nobody reached.
    fn without_empty_end(mut self) -> Self {
        let seen = |(kept, lost): (&f64, &f64)| kept + lost > 0.0;
        let ages = self.kept.iter().zip(&self.lost).rposition(seen).map_or(0, |last| last + 1);
        self.kept.truncate(ages);
        self.lost.truncate(ages);
        self
    }
}
