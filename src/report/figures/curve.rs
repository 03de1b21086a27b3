//! View -> the curves over k: silhouette of the k-means fits, BIC of the mixtures, one panel
//! each.

use crate::cluster::Method;
use crate::report::view::View;

/// One fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::report) struct Point {
    /// Number of clusters.
    pub(in crate::report) k: usize,
    /// Silhouette or BIC.
    pub(in crate::report) value: f64,
    /// Whether it was kept.
    pub(in crate::report) chosen: bool,
    /// Whether its best restart met the tolerance.
    pub(in crate::report) converged: bool,
}

/// The fits of one method.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) struct Panel {
    /// Whether these are mixtures, by BIC, and not k-means, by silhouette.
    pub(in crate::report) mixture: bool,
    /// By k ascending, at least one.
    pub(in crate::report) points: Vec<Point>,
}

/// The panels that have a point; k-means first.
pub(in crate::report) fn panels(view: &View) -> Vec<Panel> {
    [false, true]
        .into_iter()
        .map(|mixture| {
            let mut points: Vec<Point> = view
                .run
                .manifest
                .selection
                .candidates
                .iter()
                .filter(|fit| (fit.method == Method::Gmm) == mixture)
                .filter_map(|fit| {
                    let value = if mixture { fit.bic } else { fit.silhouette };
                    value.filter(|value| value.is_finite()).map(|value| Point {
                        k: fit.k,
                        value,
                        chosen: fit.chosen,
                        converged: fit.converged,
                    })
                })
                .collect();
            points.sort_by_key(|point| point.k);
            Panel { mixture, points }
        })
        .filter(|panel| !panel.points.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::types::Language;

    #[test]
    fn two_panels_and_one_chosen() {
        let run = sample::run(3, 60, Language::En);
        let panels = panels(&View::new(&run));
        assert_eq!(panels.iter().map(|p| p.mixture).collect::<Vec<_>>(), [false, true]);
        let chosen: Vec<usize> =
            panels.iter().flat_map(|p| &p.points).filter(|p| p.chosen).map(|p| p.k).collect();
        assert_eq!(chosen, [3]);
    }

    #[test]
    fn a_fit_without_its_measure_has_no_point() {
        let mut run = sample::run(3, 60, Language::En);
        for fit in &mut run.manifest.selection.candidates {
            fit.silhouette = None;
            fit.bic = Some(f64::NAN);
        }
        assert!(panels(&View::new(&run)).is_empty());
    }
}
