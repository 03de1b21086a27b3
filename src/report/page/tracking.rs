//! The sections of who moved, the customer or the model, and of drift.

use maud::{Markup, html};

use super::parts::{Cell, borrow, folded, number, table, text};
use crate::report::format::NONE;
use crate::report::texts::{MovementTexts, attribute, fill};
use crate::report::view::{MOST_SEGMENTS, View};
use crate::run::Retrain;
use crate::track::{Drift, DriftVerdict, HysteresisRecord, Measure, Movement, ShareDistances};

/// Who moved, and whose group waits; nothing where neither can be told.
pub(super) fn movement(view: &View) -> Option<Markup> {
    let words = MovementTexts::of(view.language);
    let found = view.run.comparison.as_ref().and_then(|found| found.movement.as_ref());
    let record = view.run.manifest.hysteresis.as_ref();
    (found.is_some() || record.is_some()).then(|| {
        html! {
            @if let Some(found) = found { (moved(view, words, found)) }
            @if let Some(record) = record { (held(view, words, record)) }
        }
    })
}

fn moved(view: &View, words: &MovementTexts, found: &Movement) -> Markup {
    let format = &view.format;
    let values = [
        ("stayers", format.count(found.stayers as u64)),
        ("customer", format.percent(found.customer_movement.value)),
        ("model", format.percent(found.model_churn.value)),
        ("budget", format.percent(found.churn_budget)),
    ];
    html! {
        p { (fill(words.lead, &borrow(&values))) }
        p { @if found.within_budget { (words.within) } @else { (words.above) } }
        @if let Some(record) = &view.run.manifest.retrain {
            @let (used, asked) = (way(words, record.used), way(words, record.asked));
            p.note { (fill(words.way, &[("used", used), ("asked", asked)])) }
        }
        (segments(view, found))
    }
}

/// Which changes of group were put off, and what that cost.
fn held(view: &View, words: &MovementTexts, record: &HysteresisRecord) -> Markup {
    let format = &view.format;
    let count = |customers: usize| format.count(customers as u64);
    let values = [
        ("margin", format.decimal(record.params.margin, 2)),
        ("months", format.count(u64::from(record.params.months))),
        ("kept", count(record.kept)),
        ("returned", count(record.returned)),
        ("taken", count(record.by_margin + record.by_months)),
        ("by_margin", count(record.by_margin)),
        ("by_months", count(record.by_months)),
    ];
    let mut cost = vec![("fidelity", format.percent(record.fidelity.value))];
    cost.extend(record.revenue_kept.map(|share| ("revenue", format.percent(share))));
    let costs = if record.revenue_kept.is_some() { words.hold_cost_money } else { words.hold_cost };
    html! {
        h3 { (words.hold) }
        p { (fill(words.hold_lead, &borrow(&values))) }
        p { (fill(costs, &borrow(&cost))) }
    }
}

fn way(words: &MovementTexts, way: Retrain) -> &str {
    match way {
        Retrain::Assign => words.assign,
        Retrain::Warm => words.warm,
        Retrain::Refit => words.refit,
        Retrain::Auto => words.auto,
    }
}

fn segments(view: &View, found: &Movement) -> Markup {
    let (texts, words) = (view.texts, MovementTexts::of(view.language));
    let head = [
        text(texts.segment),
        number(words.unmoved),
        number(words.customer_moved),
        number(words.moved_apart),
        number(words.held),
        number(words.model_moved),
    ];
    let row = |name: String, counts: [usize; 5]| -> Vec<Cell> {
        let counts = counts.map(|count| number(view.format.count(count as u64)));
        std::iter::once(text(name)).chain(counts).collect()
    };
    let rows: Vec<Vec<Cell>> = (found.segments.iter())
        .map(|s| {
            let counts = [s.unmoved, s.customer_moved, s.moved_apart, s.held, s.model_moved];
            row(view.segment_name(s.segment), counts)
        })
        .collect();
    let f = found;
    let total = [f.unmoved, f.customer_moved, f.moved_apart, f.held, f.model_moved];
    let foot = row(texts.total.to_owned(), total);
    folded(words.title, texts, &head, &rows, Some(&foot), MOST_SEGMENTS, |n| view.more(n))
}

/// Drift; nothing where it was not measured.
pub(super) fn drift(view: &View) -> Option<Markup> {
    let found = view.run.comparison.as_ref()?.drift.as_ref()?;
    let (words, format) = (MovementTexts::of(view.language), &view.format);
    Some(html! {
        p { (words.drift_lead) }
        @if let Some(run) = &found.last_year { p { (fill(words.year, &[("run", run)])) } }
        @if let Some(days) = found.missing_days {
            @let days = format.count(days.unsigned_abs());
            p { strong { (fill(words.incomplete, &[("days", &days)])) } }
        }
        (features(view, found))
        @if found.features.iter().any(|one| one.aged.is_some()) { p.note { (words.ageing_note) } }
        (shares(view, found))
    })
}

/// The shares of segments and of the values of categorical features.
fn shares(view: &View, found: &Drift) -> Markup {
    let (texts, format) = (view.texts, &view.format);
    let words = MovementTexts::of(view.language);
    let head = [
        text(texts.feature),
        text(words.verdict),
        text(words.largest),
        number(words.index),
        number(words.variation),
        number(words.distance),
        number(words.wasserstein),
    ];
    let none = || number(NONE);
    let change = |name: &str, before: f64, now: f64| {
        let (before, now) = (format.percent(before), format.percent(now));
        text(fill(words.changed, &[("name", name), ("before", &before), ("now", &now)]))
    };
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    if let Some(index) = found.segment_shares {
        let distances = found.segment_distances.as_ref();
        let cell = |of: fn(&ShareDistances) -> Measure, decimals| {
            distances.map_or_else(none, |distances| measure(view, of(distances), decimals))
        };
        rows.push(vec![
            text(words.shares),
            text(verdict(words, found.segment_verdict)),
            distances.map_or_else(none, |distances| {
                let one = &distances.largest;
                change(&view.segment_name(one.of), one.before, one.now)
            }),
            measure(view, index, 3),
            cell(|d| d.total_variation, 3),
            cell(|d| d.kolmogorov_smirnov, 3),
            cell(|d| d.wasserstein, 2),
        ]);
    }
    for one in &found.attributes {
        let value = one.largest.of.as_deref().unwrap_or(words.no_value);
        rows.push(vec![
            text(attribute(&one.feature, view.language)),
            text(verdict(words, one.verdict)),
            change(value, one.largest.before, one.largest.now),
            measure(view, one.stability_index, 3),
            measure(view, one.total_variation, 3),
            none(),
            none(),
        ]);
    }
    let values = |template: &str, feature: &str, values: &[String]| {
        fill(
            template,
            &[("name", attribute(feature, view.language)), ("values", &values.join(", "))],
        )
    };
    html! {
        @if !rows.is_empty() {
            h3 { (words.shares_title) }
            (table(words.shares_title, texts, &head, &rows, None))
            @for one in &found.attributes {
                @if !one.new.is_empty() { p { (values(words.new_values, &one.feature, &one.new)) } }
                @if !one.vanished.is_empty() {
                    p { (values(words.lost_values, &one.feature, &one.vanished)) }
                }
            }
            p.note { (words.shares_note) }
        }
    }
}

/// A measure with what chance gives.
fn measure(view: &View, measure: Measure, decimals: usize) -> Cell {
    let value = view.format.decimal(measure.value, decimals);
    let chance = view.format.decimal(measure.chance, decimals);
    let words = MovementTexts::of(view.language);
    Cell::Markup(html! {
        td.number.chance { (value) " " span.other { (fill(words.by_chance, &[("chance", &chance)])) } }
    })
}

fn features(view: &View, found: &Drift) -> Markup {
    let (texts, format) = (view.texts, &view.format);
    let words = MovementTexts::of(view.language);
    let head = [
        text(texts.feature),
        text(words.verdict),
        number(words.medians),
        number(words.index),
        number(words.distance),
        number(words.wasserstein),
        number(words.last_year),
    ];
    let rows: Vec<Vec<Cell>> = (found.features.iter())
        .map(|one| {
            let (before, now) = one.medians;
            let index = one.last_year.map(|year| format.decimal(year.value, 3));
            vec![
                text(view.feature(&one.feature)),
                text(verdict(words, one.verdict)),
                number(format!("{} → {}", format.decimal(before, 2), format.decimal(now, 2))),
                measure(view, one.stability_index, 3),
                measure(view, one.kolmogorov_smirnov, 3),
                measure(view, one.wasserstein, 2),
                number(index.unwrap_or_else(|| NONE.to_owned())),
            ]
        })
        .collect();
    table(words.drift, texts, &head, &rows, None)
}

fn verdict(words: &MovementTexts, verdict: DriftVerdict) -> &str {
    match verdict {
        DriftVerdict::Stable => words.stable,
        DriftVerdict::Moderate => words.moderate,
        DriftVerdict::Major => words.major,
        DriftVerdict::Seasonal => words.seasonal,
        DriftVerdict::Incomplete => words.not_judged,
        DriftVerdict::Ageing => words.ageing,
    }
}
