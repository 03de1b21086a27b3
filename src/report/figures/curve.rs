//! View -> the curves over k: one panel a criterion, one line a method and covariance.

use crate::cluster::{Candidate, Covariance, Criterion, Method};
use crate::report::view::View;

/// One fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::report) struct Point {
    /// Number of clusters.
    pub(in crate::report) k: usize,
    /// The criterion.
    pub(in crate::report) value: f64,
    /// How far the truth may be, where that is known.
    pub(in crate::report) range: Option<[f64; 2]>,
    /// Whether it was kept.
    pub(in crate::report) chosen: bool,
    /// Whether its best restart met the tolerance.
    pub(in crate::report) converged: bool,
}

/// The fits of one method and covariance.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) struct Line {
    /// Index among [`Curves::families`].
    pub(in crate::report) family: usize,
    /// By k ascending, at least one.
    pub(in crate::report) points: Vec<Point>,
}

/// One criterion.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) struct Panel {
    /// Which.
    pub(in crate::report) criterion: Criterion,
    /// At least one.
    pub(in crate::report) lines: Vec<Line>,
}

/// All panels.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report) struct Curves {
    /// Methods with their covariances, in the order of the candidates.
    pub(in crate::report) families: Vec<(Method, Option<Covariance>)>,
    /// Those that have a point, what decided first.
    pub(in crate::report) panels: Vec<Panel>,
}

/// Criteria that are drawn wherever they were computed; the others where they decided.
const DRAWN: [Criterion; 6] = [
    Criterion::Silhouette,
    Criterion::Bic,
    Criterion::Gap,
    Criterion::PredictionStrength,
    Criterion::BootstrapJaccard,
    Criterion::OutOfTime,
];

/// The curves of a run.
pub(in crate::report) fn curves(view: &View) -> Curves {
    let selection = &view.run.manifest.selection;
    let mut families: Vec<(Method, Option<Covariance>)> = Vec::new();
    for fit in &selection.candidates {
        if !families.contains(&family(fit)) {
            families.push(family(fit));
        }
    }
    let mut criteria = selection.decided_by.clone();
    criteria.extend(DRAWN.into_iter().filter(|drawn| !selection.decided_by.contains(drawn)));
    let panels = criteria
        .into_iter()
        .map(|criterion| {
            let lines = families
                .iter()
                .enumerate()
                .map(|(at, of)| {
                    let fits = selection.candidates.iter().filter(|fit| family(fit) == *of);
                    Line { family: at, points: points(fits, criterion) }
                })
                .filter(|line| !line.points.is_empty())
                .collect();
            Panel { criterion, lines }
        })
        .filter(|panel| !panel.lines.is_empty())
        .collect();
    Curves { families, panels }
}

fn family(fit: &Candidate) -> (Method, Option<Covariance>) {
    (fit.method, fit.covariance)
}

fn points<'a>(fits: impl Iterator<Item = &'a Candidate>, criterion: Criterion) -> Vec<Point> {
    let point = |fit: &Candidate| {
        let value = criterion.of(fit).filter(|value| value.is_finite())?;
        let range = match criterion {
            Criterion::Silhouette => fit.silhouette_interval,
            Criterion::Gap => fit.gap_error.map(|error| [value - error, value + error]),
            _ => None,
        };
        Some(Point { k: fit.k, value, range, chosen: fit.chosen, converged: fit.converged })
    };
    let mut points: Vec<Point> = fits.filter_map(point).collect();
    points.sort_by_key(|point| point.k);
    points
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::types::Language;

    #[test]
    fn a_panel_a_criterion_and_one_chosen_in_each() {
        let run = sample::run(3, 60, Language::En);
        let curves = curves(&View::new(&run));
        assert_eq!(curves.families.len(), 3, "k-means and two covariances");
        let criteria: Vec<Criterion> = curves.panels.iter().map(|panel| panel.criterion).collect();
        assert_eq!(criteria, [Criterion::Silhouette, Criterion::Bic, Criterion::Gap]);
        let lines: Vec<usize> = curves.panels.iter().map(|panel| panel.lines.len()).collect();
        assert_eq!(lines, [3, 2, 1]);
        for panel in &curves.panels {
            let points = panel.lines.iter().flat_map(|line| &line.points);
            let chosen: Vec<usize> = points.filter(|point| point.chosen).map(|p| p.k).collect();
            assert!(chosen.len() <= 1 && chosen.iter().all(|k| *k == 3), "{chosen:?}");
        }
        let gap = &curves.panels[2].lines[0].points[0];
        let [low, high] = gap.range.expect("an error");
        assert!(low < gap.value && gap.value < high);
    }

    #[test]
    fn a_fit_without_its_measure_has_no_point() {
        let mut run = sample::run(3, 60, Language::En);
        for fit in &mut run.manifest.selection.candidates {
            (fit.silhouette, fit.gap) = (None, None);
            fit.bic = Some(f64::NAN);
        }
        assert!(curves(&View::new(&run)).panels.is_empty());
    }
}
