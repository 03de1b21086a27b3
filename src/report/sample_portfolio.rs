//! Retention and the response to a campaign made up for tests, from arithmetic alone.

use crate::features::campaign::{Contacted, break_even_rate, campaign_weights, response_by};
use crate::features::retention::cohort_retention;
use crate::features::{CampaignRecord, RetentionRecord};
use crate::types::Seed;

/// December 2017.
const LAST: i32 = 575;
/// Months with a cohort.
const MONTHS: i32 = 18;

fn uniform(purpose: u64, row: u64) -> f64 {
    (Seed(11).derive(purpose, row).0 >> 11) as f64 / (1_u64 << 53) as f64
}

/// 900 customers over 18 months, the last December 2017; from a quarter to three quarters of
/// them come back in a month, until they leave.
pub(crate) fn retention() -> RetentionRecord {
    let mut activity = Vec::new();
    for customer in 0..900_u32 {
        let row = u64::from(customer);
        // The older cohorts are the larger ones.
        let start = (uniform(1, row).powf(1.4) * f64::from(MONTHS)) as i32;
        let (often, stays) = (0.25 + 0.5 * uniform(2, row), 0.84 + 0.14 * uniform(3, row));
        for age in 0..MONTHS - start {
            let draw = |purpose: u64| uniform(purpose + age as u64, row);
            if age > 0 && draw(100) > stays {
                break;
            }
            if age == 0 || draw(200) < often {
                activity.push((customer, LAST - MONTHS + 1 + start + age));
            }
        }
    }
    RetentionRecord {
        last_month: LAST,
        retention: Some(0.542),
        defection: Some(1.0 - 0.542),
        average_lifetime: Some(1.0 / (1.0 - 0.542)),
        average_lifetime_of_cohorts: Some(5.31),
        contribution: 38.412,
        discount_rate_monthly: 1.1_f64.powf(1.0 / 12.0) - 1.0,
        acquisition_cost: 12.5,
        horizon_months: 12,
        lifetime_value: Some(32.123),
        lifetime_value_unlimited: Some(32.187),
        table: cohort_retention(&activity, LAST).unwrap_or_default(),
    }
}

/// Contacts in 100 of the 125 cells, more responses with each score; a contact costs 0.6 and a
/// response brings 9.5.
pub(crate) fn campaign() -> CampaignRecord {
    let mut cells = Vec::new();
    for at in 0..125_u64 {
        let score = |by: u64| (at / by % 5) as u8 + 1;
        let (recency, frequency, money) = (score(25), score(5), score(1));
        let contacted = (uniform(4, at) * 60.0) as u64;
        let rate = 0.01 + 0.012 * f64::from(recency) + 0.008 * f64::from(frequency);
        let responded = (contacted as f64 * (rate + 0.05 * uniform(5, at))).round() as u64;
        if at % 5 != 3 && contacted > 0 {
            cells.push(Contacted { recency, frequency, money, contacted, responded });
        }
    }
    record(&cells, 0.6, 9.5, 148)
}

/// The record of these cells.
pub(crate) fn record(
    cells: &[Contacted],
    cost: f64,
    profit: f64,
    without_purchase: u64,
) -> CampaignRecord {
    let break_even = break_even_rate(cost, profit).unwrap_or(0.0);
    let by = |of: fn(&Contacted) -> u8| response_by(cells, break_even, of).unwrap_or_default();
    let cell = |c: &Contacted| {
        100 * u16::from(c.recency) + 10 * u16::from(c.frequency) + u16::from(c.money)
    };
    CampaignRecord {
        contacts: cells.iter().map(|cell| cell.contacted).sum(),
        without_purchase,
        responses: cells.iter().map(|cell| cell.responded).sum(),
        break_even_rate: break_even,
        by_recency: by(|cell| cell.recency),
        by_frequency: by(|cell| cell.frequency),
        by_money: by(|cell| cell.money),
        by_cell: response_by(cells, break_even, cell).unwrap_or_default(),
        weights: campaign_weights(cells)
            .unwrap_or(crate::features::campaign::CampaignWeights::NoResponse),
    }
}
