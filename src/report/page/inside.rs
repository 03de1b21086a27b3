//! What changed inside the segments that go on, and what looks like a split but is none.

use maud::{Markup, html};

use super::parts::{Cell, borrow, folded, number, text};
use crate::report::format::NONE;
use crate::report::texts::{OutlookTexts, fill};
use crate::report::view::{MOST_SEGMENTS, View};
use crate::track::{Comparison, InsideChange, SplitNoise, Way};

/// Nothing where no segment goes on.
pub(super) fn inside(view: &View, comparison: &Comparison) -> Markup {
    let words = OutlookTexts::of(view.language);
    html! {
        @if !comparison.inside.is_empty() {
            h3 { (words.inside_title) }
            p { (words.inside_lead) }
            (changes(view, words, &comparison.inside))
            p.note { (words.shift_note) }
        }
        @for split in comparison.splits.iter().filter(|split| !split.reported) {
            p.note { (by_chance(view, words, split)) }
        }
    }
}

fn changes(view: &View, words: &OutlookTexts, changes: &[InsideChange]) -> Markup {
    let format = &view.format;
    let mut features: Vec<&str> = changes
        .iter()
        .flat_map(|change| change.shifts.iter().map(|shift| shift.feature.as_str()))
        .collect();
    features.sort_unstable();
    features.dedup();
    let mut head =
        vec![text(view.texts.segment), text(words.size), text(words.distance), number(words.shift)];
    head.extend(features.iter().map(|name| number(view.feature(name))));
    let way = |way: Option<Way>, change: f64, up: &str, down: &str| {
        let share = format.percent(change.abs());
        match way {
            Some(Way::Up) => fill(up, &[("share", &share)]),
            Some(Way::Down) => fill(down, &[("share", &share)]),
            Some(Way::Steady) => words.steady.to_owned(),
            None => NONE.to_owned(),
        }
    };
    let rows: Vec<Vec<Cell>> = changes
        .iter()
        .map(|change| {
            let distance = change.distance.map_or(0.0, |ratio| ratio - 1.0);
            let shift = change.shift.map_or_else(|| NONE.into(), |shift| format.decimal(shift, 2));
            let mut row = vec![
                text(view.segment_name(change.segment)),
                text(way(Some(change.size), change.growth, words.grew, words.shrank)),
                text(way(change.looseness, distance, words.loosened, words.tightened)),
                match change.shifted {
                    true => Cell::Markup(html! { td.number { strong { (shift) } } }),
                    false => number(shift),
                },
            ];
            row.extend(features.iter().map(|name| {
                let shift = change.shifts.iter().find(|shift| shift.feature == **name);
                shift.map_or_else(
                    || number(NONE),
                    |shift| {
                        let value = |value| format.value(value, view.unit(name));
                        let (before, after) = (value(shift.before), value(shift.after));
                        match before == after {
                            true => number(after),
                            false => number(format!("{before} → {after}")),
                        }
                    },
                )
            }));
            row
        })
        .collect();
    let title = words.inside_title;
    folded(title, view.texts, &head, &rows, None, MOST_SEGMENTS, |n| view.more(n))
}

fn by_chance(view: &View, words: &OutlookTexts, split: &SplitNoise) -> String {
    let parts: Vec<String> = (split.into.iter())
        .map(|(segment, share)| {
            format!("{} ({})", view.segment_name(*segment), view.format.percent(*share))
        })
        .collect();
    let dissolved = split.refits.map(|refits| refits.dissolved);
    let values = [
        ("segment", view.segment_name(split.segment)),
        ("parts", parts.join(", ")),
        ("dissolved", view.format.percent_or_none(dissolved)),
    ];
    fill(words.split_noise, &borrow(&values))
}
