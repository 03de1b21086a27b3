//! The section of how far the segments agree with those of the previous run.

use maud::{Markup, html};

use super::parts::{Cell, folded, number, table, text};
use crate::report::texts::{AgreementTexts, fill};
use crate::report::view::{MOST_SEGMENTS, View};
use crate::track::{Agreement, Estimate};
use crate::types::SegmentId;

/// The section; nothing where there is no agreement to tell of.
pub(super) fn agreement(view: &View) -> Option<Markup> {
    let comparison = view.run.comparison.as_ref()?;
    let found = comparison.agreement.as_ref()?;
    let words = AgreementTexts::of(view.language);
    let stayers = view.format.count(comparison.stayers as u64);
    Some(html! {
        p { (fill(words.lead, &[("stayers", &stayers)])) }
        (measures(view, found))
        p.note { (words.note) }
        h3 { (words.by_segment) }
        (segments(view, found))
    })
}

fn measures(view: &View, found: &Agreement<SegmentId>) -> Markup {
    let words = AgreementTexts::of(view.language);
    let head = [text(words.measure), number(words.value), number(words.interval)];
    let rows: Vec<Vec<Cell>> = [
        (words.adjusted_rand_index, found.adjusted_rand_index),
        (words.adjusted_mutual_information, found.adjusted_mutual_information),
        (words.normalised_mutual_information, found.normalised_mutual_information),
        (words.homogeneity, found.homogeneity),
        (words.completeness, found.completeness),
        (words.v_measure, found.v_measure),
        (words.variation_of_information, found.variation_of_information),
    ]
    .into_iter()
    .map(|(name, estimate)| {
        vec![text(name), number(decimal(view, estimate.value)), number(interval(view, estimate))]
    })
    .collect();
    table(words.title, view.texts, &head, &rows, None)
}

fn segments(view: &View, found: &Agreement<SegmentId>) -> Markup {
    let words = AgreementTexts::of(view.language);
    let head = [
        text(view.texts.segment),
        text(words.most_like),
        number(words.shared),
        number(words.either),
        number(words.jaccard),
        number(words.interval),
    ];
    let rows: Vec<Vec<Cell>> = found
        .segments
        .iter()
        .map(|one| {
            vec![
                text(view.segment_name(one.segment)),
                text(view.segment_name(one.most_like)),
                number(view.format.count(one.shared as u64)),
                number(view.format.count(one.either as u64)),
                number(decimal(view, one.jaccard.value)),
                number(interval(view, one.jaccard)),
            ]
        })
        .collect();
    folded(words.by_segment, view.texts, &head, &rows, None, MOST_SEGMENTS, |n| view.more(n))
}

fn decimal(view: &View, value: f64) -> String {
    view.format.decimal(value, 3)
}

fn interval(view: &View, estimate: Estimate) -> String {
    let (low, high) = (decimal(view, estimate.low), decimal(view, estimate.high));
    fill(AgreementTexts::of(view.language).between, &[("low", &low), ("high", &high)])
}
