//! View -> recency against orders: at most [`MOST`] customers, chosen by a hash of the run's
//! seed and the customer's row, so that the same run shows the same customers.

use crate::report::view::View;

/// Customers drawn at most.
pub(in crate::report) const MOST: usize = 2_000;

/// Sets the choice of customers (and, plus one, their nudges) apart from other uses of the seed.
const PURPOSE: u64 = 0x5CA7;

/// One customer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::report) struct Point {
    /// `recency_days`.
    pub(in crate::report) recency: f64,
    /// `n_orders`, above 0.
    pub(in crate::report) orders: f64,
    /// Position of the segment in the page's order.
    pub(in crate::report) segment: usize,
    /// In [-1, 1): which way and how far the point is nudged.
    pub(in crate::report) nudge: f64,
}

/// One segment's label.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) struct Mark {
    /// Lineage id.
    pub(in crate::report) id: String,
    /// Group name in the page's language.
    pub(in crate::report) group: String,
    /// Medians of `recency_days` and `n_orders`, where both are defined and orders above 0.
    pub(in crate::report) median: Option<(f64, f64)>,
    /// Points of this segment that are drawn.
    pub(in crate::report) shown: usize,
}

/// The figure.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) struct Scatter {
    /// Customers drawn, by row.
    pub(in crate::report) points: Vec<Point>,
    /// Customers of the leading segments.
    pub(in crate::report) total: usize,
    /// Of these, without a recency or an order count.
    pub(in crate::report) undefined: usize,
    /// By position.
    pub(in crate::report) marks: Vec<Mark>,
}

/// The figure; none where the run has not both columns.
pub(in crate::report) fn scatter(view: &View) -> Option<Scatter> {
    let features = &view.run.features;
    let recency = &features.column("recency_days")?.values;
    let orders = &features.column("n_orders")?.values;

    let leading = view.leading().len();
    let (mut rows, mut total) = (Vec::new(), 0);
    for (row, segment) in view.segment_of_rows().into_iter().enumerate() {
        // Those of segments that the figure leaves out have no mark of their own.
        let Some(segment) = segment.filter(|at| *at < leading) else { continue };
        total += 1;
        let (recency, orders) = (recency[row], orders[row]);
        if recency.is_finite() && orders.is_finite() && orders > 0.0 {
            let seed = view.run.manifest.seed;
            let hash = seed.derive(PURPOSE, row as u64).0;
            let nudge =
                (seed.derive(PURPOSE + 1, row as u64).0 >> 11) as f64 / (1_u64 << 52) as f64 - 1.0;
            rows.push((hash, row, Point { recency, orders, segment, nudge }));
        }
    }
    let undefined = total - rows.len();
    if rows.len() > MOST {
        rows.select_nth_unstable_by_key(MOST, |(hash, row, _)| (*hash, *row));
        rows.truncate(MOST);
        rows.sort_unstable_by_key(|(_, row, _)| *row);
    }
    let points: Vec<Point> = rows.into_iter().map(|(_, _, point)| point).collect();
    let mut shown = vec![0; leading];
    for point in &points {
        shown[point.segment] += 1;
    }
    let marks = view
        .leading()
        .iter()
        .zip(shown)
        .map(|(segment, shown)| {
            let median = |name: &str| {
                segment.profile.medians.get(name).copied().filter(|value| value.is_finite())
            };
            Mark {
                id: segment.segment.to_string(),
                group: segment.label.name.get(view.language).to_owned(),
                median: median("recency_days")
                    .zip(median("n_orders").filter(|orders| *orders > 0.0)),
                shown,
            }
        })
        .collect();
    Some(Scatter { points, total, undefined, marks })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::types::Language;

    #[test]
    fn all_customers_up_to_the_bound() {
        let run = sample::run(3, MOST, Language::En);
        let figure = scatter(&View::new(&run)).unwrap();
        assert_eq!((figure.points.len(), figure.total, figure.undefined), (MOST, MOST, 0));
        for (mark, segment) in figure.marks.iter().zip(&View::new(&run).segments) {
            assert_eq!(mark.shown, segment.profile.customers);
        }
    }

    #[test]
    fn the_same_sample_every_time_and_another_for_another_seed() {
        let mut run = sample::run(3, 5_000, Language::En);
        let first = scatter(&View::new(&run)).unwrap();
        assert_eq!(first.points.len(), MOST);
        assert_eq!(first.total, 5_000);
        assert_eq!(first.marks.iter().map(|mark| mark.shown).sum::<usize>(), MOST);
        assert_eq!(first, scatter(&View::new(&run)).unwrap());
        assert!(first.points.iter().all(|point| point.nudge.abs() <= 1.0));
        run.manifest.seed.0 += 1;
        assert_ne!(first, scatter(&View::new(&run)).unwrap());
    }

    #[test]
    fn undefined_customers_are_counted() {
        let mut run = sample::run(2, 40, Language::En);
        for column in &mut run.features.columns {
            match column.name.as_str() {
                "recency_days" => column.values[3] = f64::NAN,
                "n_orders" => column.values[5] = 0.0,
                _ => {}
            }
        }
        let figure = scatter(&View::new(&run)).unwrap();
        assert_eq!((figure.points.len(), figure.total, figure.undefined), (38, 40, 2));
    }

    #[test]
    fn none_without_the_columns() {
        let mut run = sample::run(2, 40, Language::En);
        run.features.columns.retain(|column| column.name != "n_orders");
        assert_eq!(scatter(&View::new(&run)), None);
    }
}
