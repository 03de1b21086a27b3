//! The section of how real each segment is: how often it is found again, and how far it lies from
//! its neighbour.

use maud::{Markup, html};

use super::parts::{Cell, borrow, folded, number, text};
use crate::cluster::{Recovery, Scheme, StabilityRecord, StabilityWord};
use crate::report::format::NONE;
use crate::report::texts::{StabilityTexts, fill};
use crate::report::view::{MOST_SEGMENTS, View};
use crate::run::Segment;

/// The section; nothing where the run has none of these figures.
pub(super) fn stability(view: &View) -> Option<Markup> {
    let words = StabilityTexts::of(view.language);
    let known = |segment: &&Segment| {
        segment.stability.is_some() || segment.silhouette.is_some() || segment.separation.is_some()
    };
    view.segments.iter().copied().find(known)?;
    Some(html! {
        @match &view.run.manifest.stability {
            Some(record) => p { (lead(view, record)) }
            None => p { (words.none) }
        }
        (figures(view))
        p.note { (words.note) }
    })
}

/// What was drawn.
fn lead(view: &View, record: &StabilityRecord) -> String {
    let (words, format) = (StabilityTexts::of(view.language), &view.format);
    let total = view.run.manifest.customers.buyers;
    let count = |value: usize| format.count(value as u64);
    let values = [
        ("resamples", count(record.resamples)),
        ("customers", count(record.customers)),
        ("subset", count(record.subset_customers.unwrap_or(0))),
        ("failed", count(record.failed)),
        ("total", count(total)),
    ];
    let values = borrow(&values);
    let drawn = match record.scheme {
        Scheme::Bootstrap => words.drawn_bootstrap,
        Scheme::Subset => words.drawn_subset,
        Scheme::Both => words.drawn_both,
    };
    let mut lead = fill(words.lead, &[("drawn", &fill(drawn, &values))]);
    for (said, sentence) in
        [(record.customers < total, words.sampled), (record.failed > 0, words.failed)]
    {
        if said {
            lead.push(' ');
            lead += &fill(sentence, &values);
        }
    }
    lead
}

fn figures(view: &View) -> Markup {
    let (texts, format) = (view.texts, &view.format);
    let words = StabilityTexts::of(view.language);
    let record = view.run.manifest.stability;
    let schemes: Vec<(&str, Of)> = [
        (words.jaccard_bootstrap, (|segment| segment.stability?.bootstrap) as Of),
        (words.jaccard_subset, (|segment| segment.stability?.subset) as Of),
    ]
    .into_iter()
    .zip([Scheme::bootstraps, Scheme::subsets])
    .filter(|(_, of)| record.is_some_and(|record| of(record.scheme)))
    .map(|(scheme, _)| scheme)
    .collect();
    let mut head = vec![text(texts.segment), text(texts.group)];
    if record.is_some() {
        head.push(text(words.word));
    }
    for (name, _) in &schemes {
        head.extend([number(*name), number(words.dissolved), number(words.recovered)]);
    }
    if record.is_some() {
        head.push(number(words.customers));
    }
    head.extend([number(words.silhouette), number(words.separation), text(words.neighbour)]);
    let rows: Vec<Vec<Cell>> = view
        .segments
        .iter()
        .map(|segment| {
            let decimal = |value: Option<f64>| {
                number(value.map_or_else(|| NONE.to_owned(), |value| format.decimal(value, 2)))
            };
            let name = segment.label.name.get(view.language);
            let mut row = vec![text(segment.segment.to_string()), text(name)];
            if record.is_some() {
                row.push(text(segment.stability.map_or(NONE, |found| long(words, found.word))));
            }
            for (_, of) in &schemes {
                let found = of(segment);
                row.push(decimal(found.map(|found| found.jaccard)));
                for times in [found.map(|found| found.dissolved), found.map(|f| f.recovered)] {
                    row.push(number(times.zip(found).map_or_else(
                        || NONE.to_owned(),
                        |(times, found)| {
                            let times = format.count(times as u64);
                            let resamples = format.count(found.resamples as u64);
                            fill(words.times, &[("times", &times), ("resamples", &resamples)])
                        },
                    )));
                }
            }
            if record.is_some() {
                row.push(number(
                    segment
                        .stability
                        .and_then(|found| found.customers)
                        .map_or_else(|| NONE.to_owned(), |share| format.percent(share)),
                ));
            }
            row.extend([
                decimal(segment.silhouette),
                decimal(segment.separation.map(|found| found.ratio)),
                text(
                    segment
                        .separation
                        .map_or_else(|| NONE.to_owned(), |found| found.neighbour.to_string()),
                ),
            ]);
            row
        })
        .collect();
    folded(words.title, texts, &head, &rows, None, MOST_SEGMENTS, |n| view.more(n))
}

/// The figures of one scheme.
type Of = fn(&Segment) -> Option<Recovery>;

/// The word for stability with what it means.
fn long(words: &StabilityTexts, word: StabilityWord) -> &str {
    match word {
        StabilityWord::HighlyStable => words.highly_stable,
        StabilityWord::Stable => words.stable,
        StabilityWord::Doubtful => words.doubtful,
        StabilityWord::Unstable => words.unstable,
    }
}

/// The word alone, as beside a figure.
pub(super) fn short(words: &StabilityTexts, word: StabilityWord) -> &str {
    match word {
        StabilityWord::HighlyStable => words.highly_stable_short,
        StabilityWord::Stable => words.stable_short,
        StabilityWord::Doubtful => words.doubtful_short,
        StabilityWord::Unstable => words.unstable_short,
    }
}
