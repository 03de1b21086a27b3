//! View -> the bars of share of customers and share of revenue, one row a segment.

use crate::report::view::View;

/// One segment.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) struct Bar {
    /// Lineage id.
    pub(in crate::report) id: String,
    /// Name of its group in the page's language.
    pub(in crate::report) group: String,
    /// Customers in it.
    pub(in crate::report) customers: usize,
    /// Of all buyers, in [0, 1].
    pub(in crate::report) share: f64,
    /// In the run's currency.
    pub(in crate::report) revenue: f64,
    /// Of all revenue; none where that is not above 0, below 0 where returns outweigh.
    pub(in crate::report) share_of_revenue: Option<f64>,
}

/// The bars of the leading segments in the page's order; a share that is not finite counts as none.
pub(in crate::report) fn bars(view: &View) -> Vec<Bar> {
    view.leading()
        .iter()
        .map(|segment| {
            let profile = &segment.profile;
            Bar {
                id: segment.segment.to_string(),
                group: segment.label.name.get(view.language).to_owned(),
                customers: profile.customers,
                share: Some(profile.share_of_customers).filter(|s| s.is_finite()).unwrap_or(0.0),
                revenue: profile.revenue,
                share_of_revenue: profile.share_of_revenue.filter(|share| share.is_finite()),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::types::Language;

    #[test]
    fn bars_add_up_to_the_population() {
        let run = sample::run(5, 300, Language::Vi);
        let bars = bars(&View::new(&run));
        assert_eq!(bars.iter().map(|bar| bar.customers).sum::<usize>(), 300);
        assert!((bars.iter().map(|bar| bar.share).sum::<f64>() - 1.0).abs() < 1e-12);
        let revenue: f64 = bars.iter().filter_map(|bar| bar.share_of_revenue).sum();
        assert!((revenue - 1.0).abs() < 1e-9);
        assert_eq!(bars.len(), 5);
    }
}
