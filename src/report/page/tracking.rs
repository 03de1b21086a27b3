//! The sections of who moved, the customer or the model, and of drift.

use maud::{Markup, html};

use super::parts::{Cell, borrow, folded, number, table, text};
use crate::report::format::NONE;
use crate::report::texts::{MovementTexts, fill};
use crate::report::view::{MOST_SEGMENTS, View};
use crate::run::Retrain;
use crate::track::{Drift, DriftVerdict, HysteresisRecord, Measure, Movement};

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
    })
}

fn features(view: &View, found: &Drift) -> Markup {
    let (texts, format) = (view.texts, &view.format);
    let words = MovementTexts::of(view.language);
    let head = [
        text(texts.feature),
        number(words.medians),
        number(words.index),
        number(words.distance),
        number(words.wasserstein),
        number(words.last_year),
        text(words.verdict),
    ];
    let measure = |measure: Measure, decimals| {
        let value = format.decimal(measure.value, decimals);
        let chance = format.decimal(measure.chance, decimals);
        number(fill(words.by_chance, &[("value", &value), ("chance", &chance)]))
    };
    let mut rows: Vec<Vec<Cell>> = (found.features.iter())
        .map(|one| {
            let (before, now) = one.medians;
            let index = one.last_year.map(|year| format.decimal(year.value, 3));
            vec![
                text(view.feature(&one.feature)),
                number(format!("{} → {}", format.decimal(before, 2), format.decimal(now, 2))),
                measure(one.stability_index, 3),
                measure(one.kolmogorov_smirnov, 3),
                measure(one.wasserstein, 2),
                number(index.unwrap_or_else(|| NONE.to_owned())),
                text(verdict(words, one.verdict)),
            ]
        })
        .collect();
    if let Some(shares) = found.segment_shares {
        let none = || number(NONE);
        let verdict = text(verdict(words, found.segment_verdict));
        let index = measure(shares, 3);
        rows.push(vec![text(words.shares), none(), index, none(), none(), none(), verdict]);
    }
    table(words.drift, texts, &head, &rows, None)
}

fn verdict(words: &MovementTexts, verdict: DriftVerdict) -> &str {
    match verdict {
        DriftVerdict::Stable => words.stable,
        DriftVerdict::Moderate => words.moderate,
        DriftVerdict::Major => words.major,
        DriftVerdict::Seasonal => words.seasonal,
        DriftVerdict::Incomplete => words.not_judged,
    }
}
