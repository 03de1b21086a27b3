//! Contacts of a campaign and purchases before them -> response by score, the break-even index,
//! and weights of recency, frequency and money.
//!
//! A contact is scored by what was known on the day before it; where the table has no dates, by
//! the purchases up to the run's date, which may include the responses themselves: a warning
//! says so.

use serde::{Deserialize, Serialize};

use super::campaign::{
    CampaignWeights, CellResponse, Contacted, break_even_rate, campaign_weights, response_by,
};
use super::compile::PurchaseDay;
use super::rfm::Buyers;
use super::scores::{Ties, scores};
use super::{FeatureColumn, Unit};
use crate::ingest::Campaign;
use crate::types::Warning;

/// What a campaign taught.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CampaignRecord {
    /// Contacts of customers who had bought before.
    pub contacts: u64,
    /// Contacts of people without a purchase before: not scored.
    pub without_purchase: u64,
    /// Responses among `contacts`.
    pub responses: u64,
    /// Cost of a contact over net profit of a response.
    pub break_even_rate: f64,
    /// Response by recency score, 5 the most recent.
    pub by_recency: Vec<CellResponse<u8>>,
    /// Response by frequency score, 5 the most purchase days.
    pub by_frequency: Vec<CellResponse<u8>>,
    /// Response by money score, 5 the most spend.
    pub by_money: Vec<CellResponse<u8>>,
    /// Response by all three, each as 100 R + 10 F + M.
    pub by_cell: Vec<CellResponse<u16>>,
    /// Weights of the three scores.
    pub weights: CampaignWeights,
}

/// `response_rfm`: the three scores of today, weighted as the campaign taught; none where it
/// taught no weights.
pub(super) fn column(record: &CampaignRecord, columns: &[FeatureColumn]) -> Option<FeatureColumn> {
    let CampaignWeights::Fitted(model) = &record.weights else { return None };
    let weights = model.weights?;
    let of = |name: &str| columns.iter().find(|column| column.name == name).map(|c| &c.values);
    let (r, f, m) = (of("r_score")?, of("f_score")?, of("m_score")?);
    let values =
        (0..r.len()).map(|i| weights[0] * r[i] + weights[1] * f[i] + weights[2] * m[i]).collect();
    Some(FeatureColumn { name: "response_rfm".into(), unit: Unit::Ratio, values })
}

/// Response of the contacts; `days` are the purchase days of all customers, sorted.
pub(super) fn response(
    campaign: &Campaign,
    buyers: &Buyers,
    days: &[PurchaseDay],
    as_of: i32,
    warnings: &mut Vec<Warning>,
) -> Option<CampaignRecord> {
    let (mut recency, mut frequency, mut money, mut responded) = (vec![], vec![], vec![], vec![]);
    let mut without = 0;
    let mut undated = 0;
    for contact in &campaign.contacts {
        let before = contact.day.map_or(as_of, |day| day - 1);
        undated += u64::from(contact.day.is_none());
        let own = buyers.customers.binary_search(&contact.customer).ok().map(|place| {
            let id = buyers.index[place] as u32;
            let from = days.partition_point(|day| day.customer < id);
            let to = days.partition_point(|day| (day.customer, day.day) <= (id, before));
            &days[from..to]
        });
        match own {
            Some([own @ .., last]) => {
                recency.push(f64::from(before - last.day));
                frequency.push(own.len() as f64 + 1.0);
                money.push((own.iter().map(|day| day.amount).sum::<i64>() + last.amount) as f64);
                responded.push(contact.responded);
            }
            _ => without += 1,
        }
    }
    if undated > 0 {
        warnings.push(Warning::new(
            "campaign_without_dates",
            format!(
                "{undated} contacts of [campaign] have no date: they are scored by all purchases \
                 up to the run's date, which the campaign itself may have caused. Name the column \
                 of the contact's date with `time`"
            ),
        ));
    }
    let score = |values: &[f64], reversed| scores(values, reversed, Ties::Together).scores;
    let (recency, frequency, money) =
        (score(&recency, true), score(&frequency, false), score(&money, false));
    let cells: Vec<Contacted> = (0..responded.len())
        .map(|i| Contacted {
            recency: recency[i],
            frequency: frequency[i],
            money: money[i],
            contacted: 1,
            responded: u64::from(responded[i]),
        })
        .collect();
    let break_even = break_even_rate(campaign.unit_cost, campaign.unit_profit).ok()?;
    let by = |key: &dyn Fn(&Contacted) -> u8| response_by(&cells, break_even, key).ok();
    Some(CampaignRecord {
        contacts: cells.len() as u64,
        without_purchase: without,
        responses: cells.iter().map(|cell| cell.responded).sum(),
        break_even_rate: break_even,
        by_recency: by(&|cell| cell.recency)?,
        by_frequency: by(&|cell| cell.frequency)?,
        by_money: by(&|cell| cell.money)?,
        by_cell: response_by(&cells, break_even, |cell| {
            100 * u16::from(cell.recency) + 10 * u16::from(cell.frequency) + u16::from(cell.money)
        })
        .ok()?,
        weights: campaign_weights(&cells).ok()?,
    })
}
