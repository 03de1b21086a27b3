//! Features of customers (n rows) -> medians and quartiles, totals and their shares, of each card
//! and of everybody.

use super::{Figure, Quartiles};
use crate::features::{FeatureColumn, FeatureTable, Unit};
use crate::math::{quantile_of_sorted, sorted_defined};

/// What cards tell of buying behaviour, value and time as a customer, where the run has it.
const FEATURES: [&str; 13] = [
    "recency_days",
    "gap_mean_days",
    "n_orders",
    "monetary_mean",
    "rows_per_order",
    "n_interactions",
    "monetary_total",
    "margin_total",
    "clv",
    "p_alive",
    "share_of_wallet",
    "wallet_opportunity",
    "tenure_days",
];

/// The quartiles of `values`, NaN left out; none for fewer than `least` values.
pub(super) fn quartiles(values: &[f64], least: usize) -> Option<Quartiles> {
    let sorted = sorted_defined(values);
    if sorted.len() < least.max(1) {
        return None;
    }
    let at = |share| quantile_of_sorted(&sorted, share);
    Some(Quartiles { low: at(0.25)?, median: at(0.5)?, high: at(0.75)? })
}

/// The figures of every card, in its order: `part_of` has the card of each customer below `parts`.
pub(super) fn figures(
    table: &FeatureTable,
    part_of: &[usize],
    parts: usize,
    least: usize,
) -> Vec<Vec<Figure>> {
    let mut cards = vec![Vec::new(); parts];
    for column in FEATURES.iter().filter_map(|name| table.column(name)) {
        for (card, figure) in cards.iter_mut().zip(of_column(column, part_of, parts, least)) {
            card.push(figure);
        }
    }
    cards
}

fn of_column(
    column: &FeatureColumn,
    part_of: &[usize],
    parts: usize,
    least: usize,
) -> impl Iterator<Item = Figure> {
    let mut values = vec![Vec::new(); parts];
    for (value, part) in column.values.iter().zip(part_of) {
        values[*part].push(*value);
    }
    let sum = |values: &[f64]| values.iter().filter(|value| !value.is_nan()).sum::<f64>();
    let (everybody, all) = (quartiles(&column.values, least), sum(&column.values));
    let money = column.unit == Unit::Money;
    values.into_iter().map(move |values| {
        let total = sum(&values);
        Figure {
            feature: column.name.clone(),
            unit: column.unit,
            own: quartiles(&values, least),
            everybody,
            total: money.then_some(total),
            share_of_total: (money && all > 0.0).then(|| total / all),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_by_hand() {
        let column = |name: &str, unit, values: &[f64]| FeatureColumn {
            name: name.into(),
            unit,
            values: values.into(),
        };
        let table = FeatureTable {
            customers: ["a", "b", "c", "d", "e"].map(Into::into).into(),
            columns: vec![
                column("monetary_total", Unit::Money, &[10.0, 20.0, 30.0, 60.0, 80.0]),
                column("gap_mean_days", Unit::Days, &[7.0, f64::NAN, 9.0, f64::NAN, 1.0]),
                column("r_score", Unit::Score, &[1.0; 5]),
            ],
            ..FeatureTable::default()
        };
        let cards = figures(&table, &[0, 1, 0, 1, 0], 2, 2);
        assert_eq!(cards[0].len(), 2, "scores are no figures of a card");
        let [gap, spend] = &cards[0][..] else { panic!("two figures") };
        assert_eq!(spend.own, Some(Quartiles { low: 20.0, median: 30.0, high: 55.0 }));
        assert_eq!(spend.everybody, Some(Quartiles { low: 20.0, median: 30.0, high: 60.0 }));
        assert_eq!((spend.total, spend.share_of_total), (Some(120.0), Some(0.6)));
        assert_eq!(gap.own, Some(Quartiles { low: 4.0, median: 7.0, high: 8.0 }));
        assert_eq!((gap.total, gap.share_of_total), (None, None));
        assert_eq!(cards[1][0].own, None, "defined for none of them");
        assert_eq!(cards[1][1].own.unwrap().median, 40.0);
        assert_eq!(figures(&table, &[0, 1, 0, 1, 0], 2, 3)[1][1].own, None, "two are fewer than 3");
    }
}
