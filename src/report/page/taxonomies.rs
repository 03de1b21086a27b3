//! The section of taxonomies: for each further one, and a main one that names customers, what its
//! groups came to, what could not be told, and its groups crossed with the segments.

use maud::{Markup, html};

use super::parts::{Cell, borrow, number, table, text, with_code};
use super::segments::{dot, names};
use crate::label::Label;
use crate::label::rule::Scope;
use crate::report::format::NONE;
use crate::report::texts::{TaxonomyTexts, fill};
use crate::report::view::View;
use crate::run::{GroupRecord, Segment, TaxonomyRecord};

/// The largest cross of segments and groups that is shown.
const MOST_SEGMENTS: usize = 20;
const MOST_GROUPS: usize = 12;

/// Title and content; none where the main taxonomy is the only one and names segments.
pub(super) fn taxonomies(view: &View) -> Option<(&'static str, Markup)> {
    let words = TaxonomyTexts::of(view.language);
    let records = &view.run.manifest.taxonomies;
    let main = records.first().is_some_and(|record| record.of == Scope::Customers);
    let shown = records.get(usize::from(!main)..).filter(|shown| !shown.is_empty())?;
    let title = if main { words.title_main } else { words.title };
    Some((title, html! { @for record in shown { (taxonomy(view, words, record)) } }))
}

fn taxonomy(view: &View, words: &TaxonomyTexts, record: &TaxonomyRecord) -> Markup {
    let name = record.names.get(view.language);
    let how = match record.of {
        Scope::Segments => words.of_segments,
        Scope::Customers => words.of_customers,
    };
    html! {
        h3 id={ "taxonomy-" (record.key) } { (name) }
        p { (how) }
        @for note in &record.notes { p { (with_code(note.get(view.language))) } }
        (groups(view, words, record))
        p.note { (words.column) " " code { (record.column) } "." }
        @match record.of {
            Scope::Segments => (of_segments(view, words, record)),
            Scope::Customers => (crossed(view, words, record)),
        }
    }
}

fn group_cell(view: &View, group: &GroupRecord) -> Cell {
    Cell::Markup(html! { div.group { (dot(&group.color)) (names(view, &group.name)) } })
}

fn groups(view: &View, words: &TaxonomyTexts, record: &TaxonomyRecord) -> Markup {
    let (texts, format) = (view.texts, &view.format);
    let mut head = vec![
        text(texts.group),
        number(texts.customers),
        number(texts.share_customers),
        number(format!("{} ({})", texts.revenue, format.currency.0)),
        number(texts.share_revenue),
    ];
    if record.everyone {
        head.push(number(words.prospects));
    }
    let rows: Vec<Vec<Cell>> = (record.groups.iter())
        .map(|group| {
            let mut row = vec![
                group_cell(view, group),
                number(format.count(group.customers as u64)),
                number(format.percent(group.share_of_customers)),
                number(format.amount(group.revenue)),
                number(format.percent_or_none(group.share_of_revenue)),
            ];
            if record.everyone {
                row.push(number(format.count(group.prospects as u64)));
            }
            row
        })
        .collect();
    table(record.names.get(view.language), texts, &head, &rows, None)
}

/// The label of a segment by the taxonomy called `key`.
fn label<'a>(view: &View, segment: &'a Segment, key: &str) -> Option<&'a Label> {
    let main = view.run.manifest.taxonomies.first().is_some_and(|main| main.key == key);
    if main { Some(&segment.label) } else { segment.further.get(key) }
}

/// The name of every segment with its reason.
fn of_segments(view: &View, words: &TaxonomyTexts, record: &TaxonomyRecord) -> Markup {
    html! {
        details {
            summary { (words.names_of_segments) }
            ul.names {
                @for segment in &view.segments {
                    @if let Some(label) = label(view, segment, &record.key) {
                        li {
                            (dot(&label.color)) (view.segment_name(segment.segment)) ": "
                            strong { (label.name.get(view.language)) } ". "
                            (label.reason.get(view.language)) " "
                            (view.format.percent(label.fidelity)) " " (words.fidelity) "."
                        }
                    }
                }
            }
        }
    }
}

/// Share of each segment's customers in each group.
fn crossed(view: &View, words: &TaxonomyTexts, record: &TaxonomyRecord) -> Markup {
    let (texts, format) = (view.texts, &view.format);
    let groups: Vec<&GroupRecord> =
        record.groups.iter().filter(|group| group.customers > 0).collect();
    if view.segments.len() > MOST_SEGMENTS || groups.len() > MOST_GROUPS {
        let count = |n: usize| format.count(n as u64);
        let values = [("segments", count(view.segments.len())), ("groups", count(groups.len()))];
        return html! { p.note { (fill(words.cut, &borrow(&values))) } };
    }
    let mut head = vec![text(texts.segment)];
    head.extend(groups.iter().map(|group| number(group.name.get(view.language))));
    let rows: Vec<Vec<Cell>> = (view.segments.iter())
        .map(|segment| {
            let own = segment.composition.get(&record.key);
            let all = segment.profile.customers;
            let share = |group: &&GroupRecord| {
                let count = own.and_then(|own| own.get(&group.key)).copied().unwrap_or(0);
                number(match (all, count) {
                    (0, _) | (_, 0) => NONE.to_owned(),
                    _ => format.percent(count as f64 / all as f64),
                })
            };
            let mut row = vec![text(view.segment_name(segment.segment))];
            row.extend(groups.iter().map(share));
            row
        })
        .collect();
    html! {
        details {
            summary { (words.by_segment) }
            (table(words.by_segment, texts, &head, &rows, None))
        }
    }
}
