//! The section of the segments: the table, the reason of every name, all medians, attributes.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::parts::{Cell, borrow, folded, number, table, text};
use super::persona_portrait;
use super::stability::short;
use crate::cluster::StabilityWord;
use crate::features::Stage;
use crate::label::{Judgement, Profile, layers_in_words};
use crate::report::format::NONE;
use crate::report::texts::{
    LayersTexts, PersonaTexts, StabilityTexts, Texts, attribute, fill, stage,
};
use crate::report::view::{MOST_OF_STAGE, MOST_SEGMENTS, View, rgb};
use crate::run::{Cell as Counts, Persona, Portrait, Segment};
use crate::track::SegmentMovement;
use crate::types::{Bilingual, SegmentId};

/// The medians of the main table, where the run has them.
const MEDIANS: [&str; 5] =
    ["recency_days", "n_orders", "monetary_total", "monetary_mean", "tenure_days"];

/// Values of an attribute shown at most.
const MOST_VALUES: usize = 12;

/// The section.
pub(super) fn segments(view: &View) -> Markup {
    let texts = view.texts;
    html! {
        (main_table(view))
        p.note { (texts.table_note) }
        h3 { (texts.reasons) }
        div.reasons { @for segment in view.leading() { (reason(view, segment)) } }
        @let rest = &view.segments[view.leading().len()..];
        @if !rest.is_empty() {
            details {
                summary { (view.more(rest.len())) }
                div.reasons { @for segment in rest { (reason(view, segment)) } }
            }
        }
        @let medians = all_medians(view);
        @if let Some(medians) = medians {
            details {
                summary { (texts.all_medians) }
                @if let Some(cut) = view.cut() { p.note { (cut) } }
                (medians)
            }
        }
        @let attributes = attributes(view);
        @if let Some(attributes) = attributes {
            details {
                summary { (texts.attributes) }
                @if let Some(cut) = view.cut() { p.note { (cut) } }
                (attributes)
            }
        }
    }
}

/// A group's two names, the page's language first.
pub(super) fn names(view: &View, names: &Bilingual) -> Markup {
    let other = view.other_language();
    html! {
        strong { (names.get(view.language)) }
        " "
        span.other lang=(Texts::of(other).lang) { (names.get(other)) }
    }
}

/// A dot in the group's colour; nothing where the colour is not `#rrggbb`.
pub(super) fn dot(color: &str) -> Markup {
    html! {
        @if rgb(color).is_some() {
            span.dot aria-hidden="true" style={ "background:" (color) } {}
        }
    }
}

fn main_table(view: &View) -> Markup {
    let (texts, format) = (view.texts, &view.format);
    let population = &view.run.segments.population;
    let medians: Vec<&str> = MEDIANS
        .into_iter()
        .filter(|name| {
            view.run.features.column(name).is_some() || population.medians.contains_key(*name)
        })
        .collect();
    let movement: BTreeMap<SegmentId, &SegmentMovement> = view
        .run
        .comparison
        .iter()
        .flat_map(|comparison| &comparison.segments)
        .map(|movement| (movement.segment, movement))
        .collect();
    let mut head = vec![
        text(texts.segment),
        text(texts.group),
        number(texts.customers),
        number(texts.share_customers),
        number(format!("{} ({})", texts.revenue, format.currency.0)),
        number(texts.share_revenue),
    ];
    head.extend(medians.iter().map(|name| {
        Cell::Markup(html! {
            (view.feature(name)) " " span.unit { (texts.median) }
        })
    }));
    head.extend([
        number(texts.moved_in),
        number(texts.moved_out),
        text(texts.stability),
        number(texts.fidelity),
    ]);
    let figures = |profile: &Profile| {
        let mut cells = vec![
            number(format.count(profile.customers as u64)),
            number(format.percent(profile.share_of_customers)),
            number(format.amount(profile.revenue)),
            number(format.percent_or_none(profile.share_of_revenue)),
        ];
        cells.extend(medians.iter().map(|name| number(median(view, profile, name))));
        cells
    };
    let row = |segment: &Segment| {
        let moved = |of: fn(&SegmentMovement) -> usize| {
            number(
                movement
                    .get(&segment.segment)
                    .map_or_else(|| NONE.to_owned(), |movement| format.count(of(movement) as u64)),
            )
        };
        let mut row = vec![
            text(segment.segment.to_string()),
            Cell::Markup(html! {
                td.group {
                    (dot(&segment.label.color))
                    @match &segment.micro {
                        // The string stands where the name in the other language stood.
                        Some(micro) => {
                            strong { (segment.label.name.get(view.language)) } " "
                            span.other { (layers_in_words(micro, view.language)) }
                        }
                        None => (names(view, &segment.label.name)),
                    }
                    @if let Some(judgement) = &segment.label.judgement {
                        " " span.other { (judged(view, judgement)) }
                    }
                }
            }),
        ];
        row.extend(figures(&segment.profile));
        row.extend([
            moved(|movement| movement.moved_in),
            moved(|movement| movement.moved_out),
            Cell::Markup(html! { td.whole { (stability(view, segment)) } }),
            number(format.percent(segment.label.fidelity)),
        ]);
        row
    };
    let rows = |segments: &[&Segment]| -> Vec<Vec<Cell>> {
        segments.iter().map(|segment| row(segment)).collect()
    };
    let mut foot = vec![text(texts.total), text(texts.all)];
    foot.extend(figures(population));
    let moved = view.run.comparison.as_ref().map_or_else(
        || NONE.to_owned(),
        |comparison| format.count(comparison.moved_segment as u64),
    );
    foot.extend([number(moved.clone()), number(moved), text(""), text("")]);
    let table = |name: &str, own: &[&Segment], foot: Option<&[Cell]>, most| {
        folded(name, texts, &head, &rows(own), foot, most, |n| view.more(n))
    };
    let Some(stages) = view.stages() else {
        return table(texts.table_title, &view.segments, Some(&foot), MOST_SEGMENTS);
    };
    html! {
        @for (at, (of, own)) in stages.iter().enumerate() {
            @let name = stage_head(view, *of, own);
            h3 { (name) }
            (table(&name, own, Some(&foot[..]).filter(|_| at + 1 == stages.len()), MOST_OF_STAGE))
        }
    }
}

/// `Active: 12 micro-segments, 3,456 customers`.
fn stage_head(view: &View, of: Stage, own: &[&Segment]) -> String {
    let customers: usize = own.iter().map(|segment| segment.profile.customers).sum();
    let values = [
        ("stage", stage(of, view.language).to_owned()),
        ("n", view.format.count(own.len() as u64)),
        ("customers", view.format.count(customers as u64)),
    ];
    fill(LayersTexts::of(view.language).stage_head, &borrow(&values))
}

fn median(view: &View, profile: &Profile, name: &str) -> String {
    profile
        .medians
        .get(name)
        .map_or_else(|| NONE.into(), |value| view.format.value(*value, view.unit(name)))
}

/// The mean Jaccard similarity, the lower one of two schemes, with the word for it.
fn stability(view: &View, segment: &Segment) -> String {
    let found = segment.stability.as_ref();
    let of_schemes = found.into_iter().flat_map(|found| [found.bootstrap, found.subset]).flatten();
    let lowest = of_schemes.map(|recovery| recovery.jaccard).reduce(f64::min);
    // Runs of earlier releases have the figure alone.
    let Some(jaccard) = lowest.or(segment.bootstrap_jaccard).filter(|value| value.is_finite())
    else {
        return NONE.into();
    };
    let word = short(StabilityTexts::of(view.language), StabilityWord::of(jaccard));
    format!("{} {word}", view.format.decimal(jaccard, 2))
}

fn reason(view: &View, segment: &Segment) -> Markup {
    let (label, texts) = (&segment.label, view.texts);
    html! {
        article {
            h4 { (dot(&label.color)) (segment.segment) " " (names(view, &label.name)) }
            p { (label.description.get(view.language)) }
            p { (label.reason.get(view.language)) }
            @if let Some(apart) = &segment.apart { p { (apart.sentence.get(view.language)) } }
            @let rule = if label.judgement.is_some() { texts.rule_that_holds } else { texts.rule };
            p.rule { (rule) ": " code { (label.rule) } }
        }
    }
}

/// Whose judgement gave the group, and whether the segment has drifted since.
fn judged(view: &View, judgement: &Judgement) -> String {
    let texts = view.texts;
    let drifted = judgement.drift.as_ref().is_some_and(|drift| drift.flagged);
    let text = if drifted { texts.judged_drifted } else { texts.judged };
    fill(text, &[("author", judgement.author.as_str())])
}

/// Every feature of the run, in the order of the feature table; none without any.
fn all_medians(view: &View) -> Option<Markup> {
    let texts = view.texts;
    let population = &view.run.segments.population;
    let mut names: Vec<&str> =
        view.run.features.columns.iter().map(|column| column.name.as_str()).collect();
    for name in population.medians.keys() {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    if names.is_empty() {
        return None;
    }
    let mut head = vec![text(texts.feature), number(texts.all)];
    head.extend(view.leading().iter().map(|segment| number(segment.segment.to_string())));
    let rows: Vec<Vec<Cell>> = names
        .iter()
        .map(|name| {
            let known = view.feature(name);
            let mut row = vec![
                Cell::Markup(html! {
                    @if known == *name { code { (name) } } @else { (known) " " code { (name) } }
                }),
                number(median(view, population, name)),
            ];
            row.extend(view.leading().iter().map(|s| number(median(view, &s.profile, name))));
            row
        })
        .collect();
    Some(table(texts.all_medians, texts, &head, &rows, None))
}

/// Share of each segment's customers with each value, as far as the cards show it; none without
/// attributes.
fn attributes(view: &View) -> Option<Markup> {
    let (texts, format) = (view.texts, &view.format);
    let words = PersonaTexts::of(view.language);
    let cards: Vec<&Persona> = (view.leading().iter())
        .filter_map(|segment| {
            let own = |card: &&Persona| card.segments == [segment.segment];
            view.personas.segments.iter().find(own)
        })
        .collect();
    let mut head = vec![text(texts.attribute), text(texts.value), number(texts.all)];
    head.extend(view.leading().iter().map(|segment| number(segment.segment.to_string())));
    let least = view.personas.min_cell;
    let small = format!("<{}", format.count(least as u64));
    let share = |portrait: &Portrait, cell: &Counts| match cell.share {
        _ if cell.customers.is_small(least) => number(small.clone()),
        Some(share) if portrait.is_exact(cell) => number(format.percent(share)),
        Some(share) => number(format!("≈{}", format.rate(share, 0))),
        None => number(NONE),
    };
    let (mut rows, mut notes) = (Vec::new(), Vec::new());
    let portraits = cards.first().map_or(&[][..], |card| card.portrait.as_slice());
    for (at, portrait) in portraits.iter().enumerate() {
        let name = attribute(&portrait.attribute, view.language);
        let mut places: Vec<usize> = (0..portrait.cells.len()).collect();
        if places.len() > MOST_VALUES {
            let all = |place: &usize| portrait.cells[*place].share_of_all;
            places.sort_by(|a, b| all(b).total_cmp(&all(a)).then(a.cmp(b)));
            let (shown, total) =
                (format.count(MOST_VALUES as u64), format.count(places.len() as u64));
            let filled = [("name", name), ("shown", &shown), ("total", &total)];
            notes.push(fill(texts.values_cut, &filled));
            places.truncate(MOST_VALUES);
        }
        for place in places {
            let cell = &portrait.cells[place];
            let value = persona_portrait::value(view, &cell.value, &str::to_owned);
            let mut row = vec![text(name), text(value), number(format.percent(cell.share_of_all))];
            row.extend(cards.iter().map(|card| {
                let own = &card.portrait[at];
                share(own, &own.cells[place])
            }));
            rows.push(row);
        }
        let customers = view.run.segments.population.customers;
        if portrait.known_of_all < customers {
            let without = 1.0 - portrait.known_of_all as f64 / customers as f64;
            let mut row = vec![text(name), text(texts.no_value), number(format.percent(without))];
            row.extend(cards.iter().map(|card| {
                let (from, to) = card.portrait[at].known.ends();
                let without = 1.0 - f64::midpoint(from as f64, to as f64) / card.customers as f64;
                number(match from == to {
                    true => format.percent(without),
                    false => format!("≈{}", format.rate(without, 0)),
                })
            }));
            rows.push(row);
        }
    }
    if rows.is_empty() {
        return None;
    }
    Some(html! {
        p.note { (words.table_note) }
        (table(texts.attributes, texts, &head, &rows, None))
        @for note in notes { p.note { (note) } }
    })
}
