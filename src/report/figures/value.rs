//! View -> value by segment: sums and means of the columns of customer value over the segment's
//! customers for whom they are defined.

use crate::report::view::View;

/// The columns it needs.
pub(in crate::report) const COLUMNS: [&str; 3] = ["p_alive", "expected_orders", "clv"];

/// Sums and means over some customers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::report) struct Value {
    /// Customers.
    pub(in crate::report) customers: usize,
    /// Mean chance of being a customer still; none where it is defined for nobody.
    pub(in crate::report) alive: Option<f64>,
    /// Sum of these chances: customers expected to be there still; likewise.
    pub(in crate::report) still: Option<f64>,
    /// Sum of expected orders, likewise.
    pub(in crate::report) orders: Option<f64>,
    /// Sum of lifetime value, likewise.
    pub(in crate::report) clv: Option<f64>,
    /// Mean lifetime value, likewise.
    pub(in crate::report) clv_each: Option<f64>,
    /// Of all customers' lifetime value; none where that is not above 0.
    pub(in crate::report) share_of_clv: Option<f64>,
    /// Customers without a lifetime value.
    pub(in crate::report) undefined: usize,
}

/// One segment.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) struct SegmentValue {
    /// Lineage id.
    pub(in crate::report) id: String,
    /// Name of its group in the page's language.
    pub(in crate::report) group: String,
    /// Its value.
    pub(in crate::report) value: Value,
    /// Of all revenue; none where that is not above 0.
    pub(in crate::report) share_of_revenue: Option<f64>,
}

/// All segments in the page's order, and all customers who have a segment.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) struct ValueFigure {
    pub(in crate::report) segments: Vec<SegmentValue>,
    pub(in crate::report) all: Value,
}

/// A sum over the customers for whom something is defined.
#[derive(Clone, Copy, Default)]
struct Sum {
    sum: f64,
    customers: usize,
}

impl Sum {
    fn add(&mut self, value: f64) {
        if value.is_finite() {
            self.sum += value;
            self.customers += 1;
        }
    }

    fn total(self) -> Option<f64> {
        (self.customers > 0).then_some(self.sum).filter(|sum| sum.is_finite())
    }

    fn mean(self) -> Option<f64> {
        self.total().map(|sum| sum / self.customers as f64)
    }
}

/// The figure; none where the run has not all of [`COLUMNS`].
pub(in crate::report) fn value(view: &View) -> Option<ValueFigure> {
    let features = &view.run.features;
    let [alive, orders, clv] = COLUMNS.map(|name| features.column(name));
    let columns = [&alive?.values, &orders?.values, &clv?.values];
    let mut sums = vec![(0_usize, [Sum::default(); 3]); view.segments.len() + 1];
    let everyone = view.segments.len();

    for (row, segment) in view.segment_of_rows().into_iter().enumerate() {
        let Some(segment) = segment else { continue };
        for place in [segment, everyone] {
            let (customers, sums) = &mut sums[place];
            *customers += 1;
            for (sum, column) in sums.iter_mut().zip(columns) {
                sum.add(column.get(row).copied().unwrap_or(f64::NAN));
            }
        }
    }
    let total = sums[everyone].1[2].total().filter(|total| *total > 0.0);
    let value = |&(customers, [alive, orders, clv]): &(usize, [Sum; 3])| Value {
        customers,
        alive: alive.mean(),
        still: alive.total(),
        orders: orders.total(),
        clv: clv.total(),
        clv_each: clv.mean(),
        share_of_clv: clv.total().zip(total).map(|(own, total)| own / total),
        undefined: customers - clv.customers,
    };
    let segments = view
        .leading()
        .iter()
        .zip(&sums)
        .map(|(segment, sums)| SegmentValue {
            id: segment.segment.to_string(),
            group: segment.label.name.get(view.language).to_owned(),
            value: value(sums),
            share_of_revenue: segment.profile.share_of_revenue.filter(|share| share.is_finite()),
        })
        .collect();
    Some(ValueFigure { segments, all: value(&sums[everyone]) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::types::Language;

    fn set(run: &mut crate::run::Run, name: &str, values: &[f64]) {
        let column = run.features.columns.iter_mut().find(|column| column.name == name).unwrap();
        column.values = values.to_vec();
    }

    #[test]
    fn sums_and_means_by_hand() {
        // Customers 0 and 1 open segments S01 and S02; customer 2 is where the sample puts it.
        let mut run = sample::run(2, 3, Language::En);
        run.segments.segments[0].profile.revenue = 2.0;
        run.segments.segments[1].profile.revenue = 1.0;
        run.assignments[2].segment = Some(crate::types::SegmentId(2));
        set(&mut run, "p_alive", &[0.9, 0.2, 0.4]);
        set(&mut run, "expected_orders", &[3.0, 0.5, 1.0]);
        set(&mut run, "clv", &[90.0, 30.0, f64::NAN]);
        let figure = value(&View::new(&run)).unwrap();
        let [first, second] = figure.segments.as_slice() else { panic!("two segments") };
        assert_eq!((first.id.as_str(), first.value.clv), ("S01", Some(90.0)));
        assert_eq!(first.value.share_of_clv, Some(0.75));
        assert_eq!(second.value.customers, 2);
        assert!((second.value.alive.unwrap() - 0.3).abs() < 1e-12);
        assert_eq!((second.value.orders, second.value.clv_each), (Some(1.5), Some(30.0)));
        assert_eq!((second.value.undefined, figure.all.undefined), (1, 1));
        assert_eq!((figure.all.clv, figure.all.share_of_clv), (Some(120.0), Some(1.0)));
    }

    #[test]
    fn nothing_defined_is_none_and_not_zero() {
        let mut run = sample::run(2, 20, Language::En);
        set(&mut run, "clv", &[f64::NAN; 20]);
        set(&mut run, "p_alive", &[f64::NAN; 20]);
        let figure = value(&View::new(&run)).unwrap();
        assert_eq!((figure.all.clv, figure.all.alive, figure.all.undefined), (None, None, 20));
        assert!(figure.segments.iter().all(|segment| segment.value.share_of_clv.is_none()));
        set(&mut run, "clv", &[0.0; 20]);
        let figure = value(&View::new(&run)).unwrap();
        assert_eq!((figure.all.clv, figure.all.share_of_clv), (Some(0.0), None));
        run.features.columns.retain(|column| column.name != "clv");
        assert_eq!(value(&View::new(&run)), None);
    }
}
