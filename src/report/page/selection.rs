//! The section of how many segments there are: the verdict on structure, the rule and what it
//! took, what each criterion would choose, the curves over k with the whole table.

use maud::{Markup, html};

use super::parts::{Cell, borrow, figure, free, legend, number, table, text};
use crate::cluster::{
    Bounding, BoundsRecord, Candidate, Covariance, Criterion, Method, Structure, Verdict,
};
use crate::report::ReportError;
use crate::report::figures;
use crate::report::format::NONE;
use crate::report::plots::{self, Svg};
use crate::report::texts::{SelectionTexts, fill};
use crate::report::view::View;

/// The section.
///
/// # Errors
///
/// [`ReportError::Draw`] where plotters refuses.
pub(super) fn selection(view: &View) -> Result<Markup, ReportError> {
    let (texts, format) = (view.texts, &view.format);
    let words = SelectionTexts::of(view.language);
    let selection = &view.run.manifest.selection;
    let curves = figures::curve::curves(view);
    let chosen = kept(view).map_or_else(String::new, |fit| {
        let method = family(view, (fit.method, fit.covariance));
        let values = [("method", method), ("k", fit.k.to_string())];
        fill(texts.curve_chosen, &borrow(&values))
    });
    let top = html! {
        @if let Some(found) = &selection.structure { (structure(view, found)) }
        p { (chosen) }
        @if let Some(found) = &view.run.manifest.bounds { (bounds(view, found)) }
        @if !selection.rule.is_empty() {
            p.note { (texts.rule) ": " (free(&selection.rule, texts)) }
        }
    };
    let data = candidates(view);
    if curves.panels.is_empty() {
        return Ok(html! {
            (top)
            p { (texts.curve_none) }
            @if !selection.candidates.is_empty() { (data) }
        });
    }
    let points = || curves.panels.iter().flat_map(|panel| &panel.lines).flat_map(|l| &l.points);
    let pieces: Vec<Svg> =
        (0..curves.families.len()).map(plots::curve_legend).collect::<Result<_, _>>()?;
    let caption = html! {
        (legend(pieces.iter().zip(&curves.families).map(|(svg, of)| {
            (svg, html! { (family(view, *of)) })
        })))
        (texts.curve_caption)
        @if points().any(|point| !point.converged) { " " (texts.curve_open) }
        @if points().any(|point| point.range.is_some()) { " " (words.whiskers) }
        @if let Some(customers) = selection.criteria_customers {
            " " (fill(words.sampled, &[("customers", &format.count(customers as u64))]))
        }
    };
    let description = fill(texts.curve_desc, &[("chosen", &chosen)]);
    let title = |panel: &figures::curve::Panel| {
        let higher = panel.criterion.higher_is_better();
        let template = if higher { words.panel_higher } else { words.panel_lower };
        fill(template, &[("name", name(words, panel.criterion))])
    };
    let drawn =
        figure("curve", texts.curve_title, &description, &caption, &data, texts, |layout| {
            plots::curve(&curves, title, format, layout)
        })?;
    Ok(html! { (top) (drawn) (best(view)) })
}

/// The verdict and what it rests on.
fn structure(view: &View, found: &Structure) -> Markup {
    let (words, format) = (SelectionTexts::of(view.language), &view.format);
    let (word, sentence) = match found.verdict {
        Verdict::None => (words.none, words.structure_none),
        Verdict::Weak => (words.weak, words.structure_weak),
        Verdict::Clear => (words.clear, words.structure_clear),
    };
    let values = [
        ("within", format.percent(found.within)),
        ("reference", format.percent(found.within_reference)),
        ("k", found.k.to_string()),
        ("errors", format.signed(found.standard_errors, 1)),
        ("customers", format.count(found.customers as u64)),
        ("references", format.count(found.references as u64)),
    ];
    let values = borrow(&values);
    html! {
        p { (words.structure) ": " strong { (word) } ". " (fill(sentence, &values)) }
        p.note { (fill(words.structure_note, &values)) }
    }
}

/// What bounds on the size of segments changed.
fn bounds(view: &View, found: &BoundsRecord) -> Markup {
    let (words, format) = (SelectionTexts::of(view.language), &view.format);
    let count = |customers: usize| format.count(customers as u64);
    let (lowest, highest) = (count(found.min_customers), found.max_customers.map(count));
    let sizes = match &highest {
        Some(highest) => fill(words.from_to, &[("lowest", &lowest), ("highest", highest)]),
        None => fill(words.at_least, &[("lowest", &lowest)]),
    };
    let sentence = match found.by {
        _ if !found.changed() => words.bounds_hold,
        Bounding::Merge => words.bounds_merged,
        Bounding::Assign => words.bounds_assigned,
    };
    let values = [
        ("sizes", sizes),
        ("before", found.k_before.to_string()),
        ("k", found.k.to_string()),
        ("merged", found.merged.len().to_string()),
        ("split", found.split.len().to_string()),
        ("moved", count(found.moved)),
        ("customers", count(view.run.manifest.customers.buyers)),
    ];
    html! { p { (words.bounds) ": " (fill(sentence, &borrow(&values))) } }
}

/// The fit that was chosen.
fn kept<'a>(view: &'a View) -> Option<&'a Candidate> {
    view.run.manifest.selection.candidates.iter().find(|fit| fit.chosen)
}

/// The name of a method, with its covariances where several were tried.
fn family(view: &View, (method, covariance): (Method, Option<Covariance>)) -> String {
    let (texts, words) = (view.texts, SelectionTexts::of(view.language));
    let method = match method {
        Method::Gmm => texts.gmm,
        Method::Kmeans | Method::Auto => texts.kmeans,
    };
    let several = several_covariances(view);
    let shape = match covariance {
        Some(Covariance::Full) if several => words.full,
        None | Some(Covariance::Full) => return method.to_owned(),
        Some(Covariance::Tied) => texts.tied,
        Some(Covariance::Diagonal) => texts.diagonal,
        Some(Covariance::Spherical) => texts.spherical,
    };
    format!("{method}, {shape}")
}

/// Whether mixtures of more than one shape of covariances were weighed.
fn several_covariances(view: &View) -> bool {
    let candidates = &view.run.manifest.selection.candidates;
    let shapes = || candidates.iter().filter_map(|fit| fit.covariance);
    shapes().any(|shape| Some(shape) != shapes().next())
}

/// A shape of covariances in a word.
fn shape(words: &'static SelectionTexts, covariance: Covariance) -> &'static str {
    match covariance {
        Covariance::Full => words.own,
        Covariance::Tied => words.shared,
        Covariance::Diagonal => words.diagonal,
        Covariance::Spherical => words.spherical,
    }
}

fn name(words: &'static SelectionTexts, criterion: Criterion) -> &'static str {
    match criterion {
        Criterion::Silhouette => words.silhouette,
        Criterion::CalinskiHarabasz => words.calinski_harabasz,
        Criterion::DaviesBouldin => words.davies_bouldin,
        Criterion::Bic => words.bic,
        Criterion::Aic => words.aic,
        Criterion::Icl => words.icl,
        Criterion::Gap => words.gap,
        Criterion::PredictionStrength => words.prediction_strength,
        Criterion::BootstrapJaccard => words.bootstrap_jaccard,
        Criterion::OutOfTime => words.out_of_time,
    }
}

/// Decimals that a criterion is shown with.
fn decimals(criterion: Criterion) -> usize {
    match criterion {
        Criterion::CalinskiHarabasz | Criterion::Bic | Criterion::Aic | Criterion::Icl => 1,
        _ => 3,
    }
}

/// The criteria that some candidate has a figure of.
fn computed(view: &View) -> Vec<Criterion> {
    let known = |criterion: &Criterion| {
        let candidates = &view.run.manifest.selection.candidates;
        candidates.iter().any(|fit| criterion.of(fit).is_some())
    };
    Criterion::ALL.into_iter().filter(known).collect()
}

/// What each criterion would choose.
fn best(view: &View) -> Markup {
    let (texts, format) = (view.texts, &view.format);
    let words = SelectionTexts::of(view.language);
    let candidates = &view.run.manifest.selection.candidates;
    if candidates.len() < 2 {
        return html! {};
    }
    let head = [
        text(words.criterion),
        text(words.better),
        text(words.best_of),
        number("k"),
        number(words.best_value),
        number(words.kept_value),
    ];
    let rows: Vec<Vec<Cell>> = computed(view)
        .into_iter()
        .filter_map(|criterion| {
            let higher = criterion.higher_is_better();
            let (fit, value) = candidates
                .iter()
                .filter_map(|fit| Some((fit, criterion.of(fit)?)))
                .reduce(|best, next| {
                    let better = if higher { next.1 > best.1 } else { next.1 < best.1 };
                    if better { next } else { best }
                })?;
            let figure = |value: f64| format.decimal(value, decimals(criterion));
            let own = kept(view).and_then(|fit| criterion.of(fit));
            Some(vec![
                text(name(words, criterion)),
                text(if higher { words.higher } else { words.lower }),
                text(family(view, (fit.method, fit.covariance))),
                number(fit.k.to_string()),
                number(figure(value)),
                number(own.map_or_else(|| NONE.to_owned(), figure)),
            ])
        })
        .collect();
    html! {
        h3 { (words.best_title) }
        (table(words.best_title, texts, &head, &rows, None))
        p.note { (words.note) }
    }
}

/// The whole table; criteria that no candidate has are left out.
fn candidates(view: &View) -> Markup {
    let (texts, format) = (view.texts, &view.format);
    let words = SelectionTexts::of(view.language);
    let candidates = &view.run.manifest.selection.candidates;
    let criteria = computed(view);
    let ranked = candidates.iter().any(|fit| fit.mean_rank.is_some());
    // Names of methods with their covariances would break into five lines.
    let shaped = several_covariances(view);
    let mut head = vec![text(texts.method)];
    if shaped {
        head.push(text(words.shapes));
    }
    head.extend([number("k"), text(texts.kept)]);
    for criterion in &criteria {
        head.push(number(name(words, *criterion)));
        if *criterion == Criterion::Silhouette {
            head.push(number(texts.sample));
        }
    }
    if ranked {
        head.push(number(words.mean_rank));
    }
    head.extend([
        number(texts.inertia),
        number(texts.log_likelihood),
        number(texts.iterations),
        text(texts.has_converged),
    ]);
    let shown = |value: Option<f64>, decimals: usize| {
        value.map_or_else(|| NONE.to_owned(), |value| format.decimal(value, decimals))
    };
    let rows: Vec<Vec<Cell>> = candidates
        .iter()
        .map(|fit| {
            let method = family(view, (fit.method, fit.covariance.filter(|_| !shaped)));
            let mut row = vec![Cell::Markup(html! { span.whole { (method) } })];
            if shaped {
                let shape = fit.covariance.map_or(NONE, |covariance| shape(words, covariance));
                row.push(Cell::Markup(html! { td.whole { (shape) } }));
            }
            row.extend([
                number(fit.k.to_string()),
                Cell::Markup(html! { td { @if fit.chosen { strong { (texts.yes) } } } }),
            ]);
            for criterion in &criteria {
                let figure = shown(criterion.of(fit), decimals(*criterion));
                let half = match criterion {
                    Criterion::Silhouette => fit.silhouette_interval.map(|[l, h]| (h - l) / 2.0),
                    Criterion::Gap => fit.gap_error,
                    _ => None,
                };
                row.push(number(match half {
                    Some(half) => format!("{figure} ± {}", format.decimal(half, 3)),
                    None => figure,
                }));
                if *criterion == Criterion::Silhouette {
                    row.push(number(format.count(fit.silhouette_customers as u64)));
                }
            }
            if ranked {
                row.push(number(shown(fit.mean_rank, 2)));
            }
            row.extend([
                number(shown(fit.inertia, 1)),
                number(shown(fit.log_likelihood, 1)),
                number(format.count(fit.iterations as u64)),
                text(if fit.converged { texts.yes } else { texts.no }),
            ]);
            row
        })
        .collect();
    table(texts.curve_title, texts, &head, &rows, None)
}
