//! The customer table -> attributes of buyers, and customers who bought nothing.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::compile::Base;
use super::{AttributeColumn, CATALOGUE, FeatureColumn, FeatureError, METHOD_COLUMNS, Unit};
use crate::ingest::{CustomerTable, Cut};
use crate::types::{CustomerId, Warning};

/// More distinct texts than this are names or notes, no attribute.
const MOST_VALUES: usize = 50;

pub(super) struct Found {
    pub numeric: Vec<FeatureColumn>,
    pub categorical: Vec<AttributeColumn>,
}

/// Attributes of `customers`: numeric where every value is a number, otherwise categorical. One
/// that is `used` in the vector may not be left out.
pub(super) fn columns(
    table: &CustomerTable,
    customers: &[CustomerId],
    features: &[FeatureColumn],
    used: &[String],
    warnings: &mut Vec<Warning>,
) -> Result<Found, FeatureError> {
    let row: HashMap<&CustomerId, usize> =
        table.ids.iter().enumerate().map(|(row, id)| (id, row)).collect();
    let rows: Vec<Option<usize>> = customers.iter().map(|id| row.get(id).copied()).collect();
    let mut found = Found { numeric: Vec::new(), categorical: Vec::new() };
    for (name, values) in &table.attributes {
        let taken = name == "customer_id"
            || METHOD_COLUMNS.contains(&name.as_str())
            || features.iter().any(|feature| feature.name == *name)
            || CATALOGUE.iter().any(|(feature, ..)| feature == name);
        if taken {
            return Err(FeatureError::AttributeName { name: name.clone() });
        }
        // Buyers alone decide what the column is: whoever comes later must not.
        let values: Vec<&Option<Arc<str>>> =
            rows.iter().map(|row| row.map_or(&None, |row| &values[row])).collect();
        let numbers: Option<Vec<f64>> = values
            .iter()
            .map(|value| match value {
                None => Some(f64::NAN),
                Some(text) => text.parse().ok().filter(|value: &f64| value.is_finite()),
            })
            .collect();
        let used = used.contains(name);
        if values.iter().all(|value| value.is_none()) {
            if used {
                return Err(FeatureError::NoValue { name: name.clone() });
            }
            continue;
        }
        if let Some(numbers) = numbers {
            found.numeric.push(FeatureColumn {
                name: name.clone(),
                unit: Unit::Attribute,
                values: numbers,
            });
            continue;
        }
        let distinct: BTreeSet<&Arc<str>> = values.iter().copied().flatten().collect();
        if distinct.len() > MOST_VALUES {
            if used {
                let (name, values) = (name.clone(), distinct.len());
                return Err(FeatureError::TooVaried { name, values, most: MOST_VALUES });
            }
            warnings.push(Warning::new(
                "attribute_too_varied",
                format!(
                    "the attribute `{name}` has {} different values, more than {MOST_VALUES}: it is \
                     left out of the profiles. List the attributes to use in [customers]",
                    distinct.len()
                ),
            ));
            continue;
        }
        found.categorical.push(AttributeColumn {
            name: name.clone(),
            values: values.into_iter().cloned().collect(),
        });
    }
    Ok(found)
}

/// Customers known by the date, from the customer table or an interaction, or with returns
/// alone, who are not buyers: sorted.
pub(super) fn prospects(cut: &Cut<'_>, base: &Base, buyers: &[CustomerId]) -> Vec<CustomerId> {
    let transactions = &cut.transactions;
    let mut found = BTreeSet::new();
    for (id, (&orders, &returns)) in
        transactions.ids.iter().zip(base.get("orders").iter().zip(base.get("returns")))
    {
        if orders == 0 && returns > 0 {
            found.insert(id.clone());
        }
    }
    if let Some(table) = cut.customers {
        found.extend(
            table.known(transactions.as_of).filter(|id| buyers.binary_search(id).is_err()).cloned(),
        );
    }
    if let Some(interactions) = &cut.interactions {
        let contacted = interactions.customer.chunk_by(|a, b| a == b).map(|rows| &rows[0]);
        found.extend(contacted.filter(|id| buyers.binary_search(id).is_err()).cloned());
    }
    found.into_iter().collect()
}
