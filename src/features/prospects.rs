//! Prospects with the tables of customers and interactions -> what is known of each before the
//! first purchase: days since first contact, and the interactions that buyers have columns of.

use std::collections::HashMap;

use super::interactions;
use super::{FeatureColumn, FeatureError, Unit};
use crate::ingest::Cut;
use crate::types::CustomerId;

/// Days since first contact, from the customer table.
const KNOWN_DAYS: &str = "known_days";

/// Columns of `prospects`, who are sorted; one in which nobody has a value is left out. `features`
/// are the columns of buyers.
///
/// # Errors
/// `InteractionName`, as for buyers.
pub(super) fn columns(
    cut: &Cut<'_>,
    prospects: &[CustomerId],
    features: &[FeatureColumn],
) -> Result<Vec<FeatureColumn>, FeatureError> {
    let mut found = Vec::new();
    if prospects.is_empty() {
        return Ok(found);
    }
    let as_of = cut.transactions.as_of;
    if let Some(table) = cut.customers {
        let days: HashMap<&CustomerId, i32> = (table.ids.iter().zip(&table.first_contact))
            .filter_map(|(id, day)| Some((id, (*day)?)))
            .collect();
        let known = |id: &CustomerId| {
            let ago = days.get(id).map(|day| as_of.days() - day);
            ago.filter(|ago| *ago >= 0).map_or(f64::NAN, f64::from)
        };
        found.push(FeatureColumn {
            name: KNOWN_DAYS.into(),
            unit: Unit::Days,
            values: prospects.iter().map(known).collect(),
        });
    }
    if let Some(interactions) = &cut.interactions {
        // The buyers' own columns of interactions are no clash of names here.
        let others: Vec<FeatureColumn> = Vec::new();
        let own = interactions::columns(interactions, prospects, as_of, &others)?;
        let of_buyers = |name: &str| features.iter().any(|column| column.name == name);
        found.extend(own.into_iter().filter(|column| of_buyers(&column.name)));
    }
    found.retain(|column| column.values.iter().any(|value| !value.is_nan()));
    Ok(found)
}
