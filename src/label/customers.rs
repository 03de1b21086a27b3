//! FeatureTable + taxonomy of customers -> the group of every customer, with counts; and why one
//! customer is in it.

use serde::{Deserialize, Serialize};

use super::error::LabelError;
use super::figures::{Figures, Place};
use super::margin::second;
use super::notes::notes;
use super::population::Population;
use super::profile::REVENUE;
use super::reason::{Scene, reason};
use super::rule::{Scope, Source, mask};
use super::taxonomy::{Group, Taxonomy};
use super::{MarginUnit, RunnerUp};
use crate::features::FeatureTable;
use crate::types::{Bilingual, CustomerId, GroupKey};

/// The group of every customer.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomerLabels {
    /// Index into [`Taxonomy::groups`] of each buyer, in the table's order.
    pub buyers: Vec<u16>,
    /// The same of each prospect, in the table's order; none where the taxonomy names buyers
    /// alone.
    pub prospects: Option<Vec<u16>>,
    /// What each group came to, in the order of the taxonomy.
    pub counts: Vec<GroupCount>,
    /// What measures were taken from, and what could not be told.
    pub notes: Vec<Bilingual>,
}

/// What a group came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupCount {
    /// Its key.
    pub group: GroupKey,
    /// Buyers in it.
    pub buyers: usize,
    /// Prospects in it.
    pub prospects: usize,
    /// Sum of `monetary_total`, in the run's currency.
    pub revenue: f64,
    /// Of all buyers' revenue; none where that is not above 0.
    pub share_of_revenue: Option<f64>,
}

/// Why one customer is in a group.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomerReason {
    /// Index into [`Taxonomy::groups`].
    pub group: usize,
    /// The rule with the customer's figures beside it, in a sentence.
    pub reason: Bilingual,
    /// The group that comes second; none where nothing measurable could change the group.
    pub runner_up: Option<RunnerUp>,
}

/// Names every customer by the first rule that holds. O(n) times the rules' length, and
/// O(n log n) for ranks.
///
/// A figure of a feature that the table lacks, or that is not defined for the customer, makes the
/// comparison with it false.
///
/// # Errors
///
/// [`LabelError::NotOfCustomers`], [`LabelError::MissingColumn`].
pub fn label_customers(
    table: &FeatureTable,
    taxonomy: &Taxonomy,
) -> Result<CustomerLabels, LabelError> {
    if taxonomy.of != Scope::Customers {
        return Err(LabelError::NotOfCustomers { taxonomy: taxonomy.key.clone() });
    }
    let revenue = table.column(REVENUE).ok_or(LabelError::MissingColumn { column: REVENUE })?;
    let population = Population::new(table, taxonomy);
    let groups = taxonomy.groups();
    let figures = Figures::alone(&population, groups.iter().filter_map(Group::rule));
    let undefined = Source::All(None);
    let rules: Vec<_> = groups
        .iter()
        .filter_map(|group| {
            let rule = group.rule()?;
            let sources = figures.of_rule(rule).into_iter();
            let sources: Vec<&Source<'_>> =
                sources.map(|figure| figure.alone.as_ref().unwrap_or(&undefined)).collect();
            Some((rule, sources))
        })
        .collect();
    let last = groups.len() - 1;
    let mut group_of = vec![last as u16; population.rows];
    for rows in population.blocks() {
        let mut open = vec![true; rows.len()];
        for (index, (rule, sources)) in rules[..last].iter().enumerate() {
            if !open.contains(&true) {
                break;
            }
            let met = mask(rule.condition(), sources, rows.clone());
            let named = group_of[rows.clone()].iter_mut();
            for ((open, met), group) in open.iter_mut().zip(met).zip(named) {
                if *open && met {
                    *group = index as u16;
                    *open = false;
                }
            }
        }
    }
    let prospects = group_of.split_off(table.len());
    let mut counts: Vec<GroupCount> = groups
        .iter()
        .map(|group| GroupCount {
            group: group.key.clone(),
            buyers: 0,
            prospects: 0,
            revenue: 0.0,
            share_of_revenue: None,
        })
        .collect();
    for (&group, &spend) in group_of.iter().zip(&revenue.values) {
        let count = &mut counts[usize::from(group)];
        count.buyers += 1;
        count.revenue += if spend.is_nan() { 0.0 } else { spend };
    }
    for &group in &prospects {
        counts[usize::from(group)].prospects += 1;
    }
    let total: f64 = counts.iter().map(|count| count.revenue).sum();
    for count in &mut counts {
        count.share_of_revenue = (total > 0.0).then(|| count.revenue / total);
    }
    Ok(CustomerLabels {
        buyers: group_of,
        prospects: taxonomy.everyone.then_some(prospects),
        counts,
        notes: notes(taxonomy, &population),
    })
}

/// Why `customer` is in a group of a taxonomy of customers; none for who is not named by it.
///
/// # Errors
///
/// [`LabelError::NotOfCustomers`].
pub fn customer_reason(
    table: &FeatureTable,
    taxonomy: &Taxonomy,
    customer: &CustomerId,
) -> Result<Option<CustomerReason>, LabelError> {
    if taxonomy.of != Scope::Customers {
        return Err(LabelError::NotOfCustomers { taxonomy: taxonomy.key.clone() });
    }
    let row = match table.customers.binary_search(customer) {
        Ok(row) => row,
        Err(_) if !taxonomy.everyone => return Ok(None),
        Err(_) => match table.prospects.binary_search(customer) {
            Ok(row) => table.len() + row,
            Err(_) => return Ok(None),
        },
    };
    let population = Population::new(table, taxonomy);
    let groups = taxonomy.groups();
    let figures = Figures::new(&population, groups.iter().filter_map(Group::rule), None);
    let place = Place::Customer(row);
    let meets = |group: &Group| group.rule().is_some_and(|rule| figures.meets(rule, place));
    let Some(group) = groups.iter().position(meets) else { return Ok(None) };
    let scene = Scene { population: &population, figures: &figures, place };
    let Some(rule) = groups[group].rule() else { return Ok(None) };
    let runner_up = second(groups, group, &figures, place).map(|second| RunnerUp {
        group: groups[second.group].key.clone(),
        name: groups[second.group].name.clone(),
        margin: second.margin,
        unit: MarginUnit::Spreads,
    });
    let reason = reason(rule, &groups[..group], &scene);
    Ok(Some(CustomerReason { group, reason, runner_up }))
}
