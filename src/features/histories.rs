//! Transactions -> what the models of value know of each buyer, and what buyers did after a date.

use std::collections::HashSet;

use super::clv::Histories;
use super::clv::validate::Holdout;
use super::compile::{self, PurchaseDay};
use super::rfm::Buyers;
use crate::ingest::Cut;
use crate::types::{Currency, CustomerId, Money};

/// Histories of the buyers of a cut, in the order of the feature table.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// Buyers, sorted.
    pub customers: Vec<CustomerId>,
    /// What is known of each.
    pub histories: Histories,
    /// Days between neighbouring purchase days of each.
    pub gaps: Vec<Vec<f64>>,
    /// Index of each among the ids of the transactions.
    index: Vec<usize>,
}

/// Histories of the buyers of a cut.
pub fn observe(cut: &Cut<'_>, currency: &Currency) -> Observed {
    let base = compile::aggregate(&cut.transactions);
    let days = compile::purchase_days(&cut.transactions);
    of_buyers(&days, &Buyers::new(&base, &cut.transactions), currency)
}

pub(super) fn of_buyers(days: &[PurchaseDay], buyers: &Buyers, currency: &Currency) -> Observed {
    let mut rest = days;
    let mut observed = Observed {
        customers: buyers.customers.clone(),
        index: buyers.index.clone(),
        ..Observed::default()
    };
    let histories = &mut observed.histories;
    for (i, &id) in buyers.index.iter().enumerate() {
        let own = take(&mut rest, id);
        let first = own.first().map_or(0, |day| day.amount);
        let x = own.len().saturating_sub(1) as f64;
        let spend = |ticks: i64| Money(ticks).units(currency);
        histories.x.push(x);
        histories.t_x_days.push((buyers.tenure[i] - buyers.recency[i]) as f64);
        histories.age_days.push(buyers.tenure[i] as f64);
        // Net of returns where these are netted: whatever was returned counts against repeats.
        let repeat = spend(buyers.spend[i] - first);
        histories.m_x.push(if x > 0.0 { repeat / x } else { f64::NAN });
        histories.mean.push(spend(buyers.spend[i]) / own.len().max(1) as f64);
        observed
            .gaps
            .push(own.windows(2).map(|pair| f64::from(pair[1].day - pair[0].day)).collect());
    }
    observed
}

/// What the customers of a calibration did after it, by a later cut of the same input.
pub fn holdout(
    observed: &Observed,
    calibration: &Cut<'_>,
    later: &Cut<'_>,
    currency: &Currency,
) -> Holdout {
    let split = calibration.transactions.as_of.days();
    let days = compile::purchase_days(&later.transactions);
    let mut found = Holdout { split, until: later.transactions.as_of.days(), ..Holdout::default() };
    let after = |day: &&PurchaseDay| day.day > split;
    let known: HashSet<u32> = observed.index.iter().map(|&id| id as u32).collect();
    let new = days.iter().filter(after).map(|day| day.customer).filter(|id| !known.contains(id));
    found.newcomers = new.collect::<HashSet<u32>>().len();
    let mut rest = days.as_slice();
    for &id in &observed.index {
        let own = take(&mut rest, id);
        found.days.push(own.iter().filter(after).map(|day| day.day).collect());
        let ticks = own.iter().filter(after).map(|day| day.amount).sum();
        found.spend.push(Money(ticks).units(currency));
    }
    found
}

/// The days of customer `id`; those of customers before are skipped.
fn take<'a>(rest: &mut &'a [PurchaseDay], id: usize) -> &'a [PurchaseDay] {
    let before = rest.iter().take_while(|day| (day.customer as usize) < id).count();
    let (own, after) = rest[before..]
        .split_at(rest[before..].iter().take_while(|day| day.customer as usize == id).count());
    *rest = after;
    own
}
