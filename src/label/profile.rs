//! FeatureTable (n buyers) and a segment number each -> [`Profile`] of the population and of
//! every segment.
//!
//! Medians and percentiles are type 7 of Hyndman and Fan (1996, doi:10.2307/2684934). Sums run
//! in row order, so a figure does not depend on the number of threads. Undefined values (NaN)
//! are left out of every figure.

use std::collections::BTreeMap;

use super::error::LabelError;
use super::rule::Percent;
use super::{Profile, Profiles};
use crate::features::FeatureTable;

/// The column that revenue is taken from.
pub(super) const REVENUE: &str = "monetary_total";

const MEDIAN: Percent = Percent(50_000);

/// Profiles of all buyers and of segments 0 to k - 1. O(n p).
///
/// `segment_of` has one number below `k` for each buyer of `table`, in its order.
///
/// # Errors
///
/// [`LabelError::RowCount`], [`LabelError::SegmentOutOfRange`], [`LabelError::MissingColumn`].
pub fn profiles(
    table: &FeatureTable,
    segment_of: &[u32],
    k: usize,
) -> Result<Profiles, LabelError> {
    if segment_of.len() != table.len() {
        return Err(LabelError::RowCount { buyers: table.len(), segments: segment_of.len() });
    }
    let revenue = table
        .column(REVENUE)
        .ok_or(LabelError::MissingColumn { column: REVENUE })?
        .values
        .as_slice();
    let mut members = vec![Vec::new(); k];
    for (row, (&segment, customer)) in segment_of.iter().zip(&table.customers).enumerate() {
        let Some(rows) = members.get_mut(segment as usize) else {
            let customer = customer.to_string();
            return Err(LabelError::SegmentOutOfRange { customer, segment, k });
        };
        rows.push(row);
    }
    let everyone: Vec<usize> = (0..table.len()).collect();
    let total = defined(revenue, &everyone).sum::<f64>();
    let profile = |rows: &Vec<usize>| profile(table, revenue, rows, total);
    Ok(Profiles { population: profile(&everyone), segments: members.iter().map(profile).collect() })
}

fn defined(values: &[f64], rows: &[usize]) -> impl Iterator<Item = f64> {
    rows.iter().map(|&row| values[row]).filter(|value| !value.is_nan())
}

fn profile(table: &FeatureTable, revenue: &[f64], rows: &[usize], total: f64) -> Profile {
    let mut medians = BTreeMap::new();
    let mut means = BTreeMap::new();
    let mut values = Vec::with_capacity(rows.len());
    for column in &table.columns {
        values.clear();
        values.extend(defined(&column.values, rows));
        if values.is_empty() {
            continue;
        }
        let sum = values.iter().sum::<f64>();
        means.insert(column.name.clone(), sum / values.len() as f64);
        medians.insert(column.name.clone(), percentile(&mut values, MEDIAN));
    }
    let mut attributes = BTreeMap::new();
    for column in &table.attributes {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for &row in rows {
            *counts.entry(column.values[row].as_deref().unwrap_or("null")).or_default() += 1;
        }
        let counts = counts.into_iter().map(|(value, count)| (value.to_owned(), count)).collect();
        attributes.insert(column.name.clone(), counts);
    }
    let sum = defined(revenue, rows).sum::<f64>();
    Profile {
        customers: rows.len(),
        share_of_customers: rows.len() as f64 / table.len().max(1) as f64,
        revenue: sum,
        share_of_revenue: (total > 0.0).then(|| sum / total),
        medians,
        means,
        attributes,
    }
}

/// The type-7 percentile of `values` (not empty, no NaN), which it reorders. O(n).
pub(super) fn percentile(values: &mut [f64], percent: Percent) -> f64 {
    const HUNDRED: usize = 100_000;
    // Hyndman and Fan (1996), definition 7: at 1 + (n - 1) p of the sorted sample, counted
    // from 1. The product is exact in integers.
    let position = (values.len() - 1) * percent.thousandths() as usize;
    let (below, fraction) = (position / HUNDRED, (position % HUNDRED) as f64 / HUNDRED as f64);
    let (_, low, above) = values.select_nth_unstable_by(below, f64::total_cmp);
    if fraction == 0.0 {
        return *low;
    }
    let high = above.iter().copied().min_by(f64::total_cmp).unwrap_or(*low);
    *low + fraction * (high - *low)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::{AttributeColumn, FeatureColumn, Unit};

    fn table() -> FeatureTable {
        let column = |name: &str, values: &[f64]| FeatureColumn {
            name: name.into(),
            unit: Unit::Money,
            values: values.into(),
        };
        FeatureTable {
            customers: ["a", "b", "c", "d"].map(Into::into).into(),
            columns: vec![
                column(REVENUE, &[10.0, 20.0, 30.0, 60.0]),
                column("gap_cv", &[f64::NAN, 4.0, f64::NAN, 1.0]),
            ],
            attributes: vec![AttributeColumn {
                name: "city".into(),
                values: vec![Some("Huế".into()), None, Some("Huế".into()), None],
            }],
            ..FeatureTable::default()
        }
    }

    #[test]
    fn figures_by_hand() {
        let Profiles { population, segments } = profiles(&table(), &[0, 1, 0, 1], 3).unwrap();
        assert_eq!(population.customers, 4);
        assert_eq!(population.revenue, 120.0);
        assert_eq!(population.share_of_revenue, Some(1.0));
        assert_eq!(population.medians[REVENUE], 25.0);
        assert_eq!(population.means[REVENUE], 30.0);
        assert_eq!(population.medians["gap_cv"], 2.5, "undefined values are left out");
        assert_eq!(population.attributes["city"], [("Huế".into(), 2), ("null".into(), 2)].into());
        assert_eq!(segments[0].revenue, 40.0);
        assert_eq!(segments[0].share_of_revenue, Some(40.0 / 120.0));
        assert_eq!(segments[0].share_of_customers, 0.5);
        assert!(!segments[0].medians.contains_key("gap_cv"), "defined for none");
        assert_eq!((segments[2].customers, segments[2].revenue), (0, 0.0));
    }

    #[test]
    fn shares_of_no_revenue_are_unknown() {
        let mut table = table();
        table.columns[0].values = vec![0.0; 4];
        assert_eq!(profiles(&table, &[0; 4], 1).unwrap().segments[0].share_of_revenue, None);
    }

    #[test]
    fn refuses_arguments_that_do_not_fit() {
        let error = profiles(&table(), &[0, 0], 1).unwrap_err();
        assert_eq!(error, LabelError::RowCount { buyers: 4, segments: 2 });
        let error = profiles(&table(), &[0, 0, 2, 0], 2).unwrap_err();
        let expected = LabelError::SegmentOutOfRange { customer: "c".into(), segment: 2, k: 2 };
        assert_eq!(error, expected);
        let error = profiles(&FeatureTable::default(), &[], 1).unwrap_err();
        assert_eq!(error, LabelError::MissingColumn { column: REVENUE });
    }

    /// By hand from the definition on 1, 2, 4, 8: positions 0.3, 0.75, 1.5 and 2.7.
    #[test]
    fn percentiles_are_type_7() {
        let quantile =
            |percent: u32| percentile(&mut [8.0, 1.0, 4.0, 2.0], Percent(percent * 1000));
        for (percent, expected) in [(10, 1.3), (25, 1.75), (50, 3.0), (90, 6.8)] {
            assert!((quantile(percent) - expected).abs() < 1e-12, "p{percent}");
        }
        assert_eq!(percentile(&mut [7.0], Percent(99_000)), 7.0);
    }
}
