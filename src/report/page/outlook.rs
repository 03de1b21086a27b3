//! The sections of where the groups are heading and of how long customers stay in them.

use maud::{Markup, html};

use super::parts::{Cell, borrow, number, table, text};
use crate::report::format::NONE;
use crate::report::texts::{OutlookTexts, fill};
use crate::report::view::View;
use crate::track::forecast::{Backtest, Forecast};
use crate::track::{Estimate, GroupCohort, GroupCohorts};
use crate::types::GroupKey;

/// The most cohorts of a group shown, the last ones.
const COHORTS: usize = 12;
/// The most ages after the first shown.
const AGES: usize = 12;

/// Where the groups are heading; nothing where that was not forecast.
pub(super) fn outlook(view: &View) -> Option<Markup> {
    let found = view.run.comparison.as_ref()?.forecast.as_ref()?;
    let words = OutlookTexts::of(view.language);
    let steps = view.format.count(found.steps as u64);
    let lapsed: Vec<String> = found.lapsed.iter().map(|group| view.group_name(group)).collect();
    Some(html! {
        p { (fill(words.lead, &[("steps", &steps)])) }
        (groups(view, words, found))
        @match &found.backtest {
            Some(backtest) => {
                p { (held_against(view, words, backtest)) }
                @if !backtest.beats_nobody_moves { p { strong { (words.not_better) } } }
            }
            None => p { (words.no_backtest) }
        }
        p.note {
            @if lapsed.is_empty() { (words.lapse_alone) }
            @else { (fill(words.lapse, &[("groups", &lapsed.join(", "))])) }
        }
    })
}

fn held_against(view: &View, words: &OutlookTexts, found: &Backtest) -> String {
    let values = [
        ("runs", view.format.count(found.runs as u64)),
        ("error", view.format.decimal(found.error, 1)),
        ("nobody", view.format.decimal(found.error_nobody_moves, 1)),
        ("coverage", view.format.percent(found.coverage)),
    ];
    fill(words.better, &borrow(&values))
}

fn groups(view: &View, words: &OutlookTexts, found: &Forecast) -> Markup {
    let (texts, format) = (view.texts, &view.format);
    let head = [
        text(texts.group),
        number(words.now),
        number(words.next),
        number(words.entrants),
        number(words.stays),
        number(words.to_lapse),
        number(words.share_now),
        number(words.share_long),
    ];
    let between = |of: &Estimate, show: &dyn Fn(f64) -> String| {
        let values = [("value", show(of.value)), ("low", show(of.low)), ("high", show(of.high))];
        number(fill(words.between, &borrow(&values)))
    };
    let whole = |value: f64| format.count(value.max(0.0).round() as u64);
    let percent = |share: f64| format.percent(share);
    let runs = |value: f64| format.decimal(value, 1);
    let rows: Vec<Vec<Cell>> = (found.groups.iter())
        .map(|group| {
            vec![
                text(view.group_name(&group.group)),
                number(format.count(group.customers as u64)),
                between(&group.next, &whole),
                number(whole(group.entrants.value)),
                number(percent(group.stays.value)),
                group.runs_to_lapse.map_or_else(|| number(NONE), |of| between(&of, &runs)),
                number(percent(group.share)),
                between(&group.steady_share, &percent),
            ]
        })
        .collect();
    table(words.title, texts, &head, &rows, None)
}

/// How long customers stay in their groups; nothing before a second run.
pub(super) fn cohorts(view: &View) -> Option<Markup> {
    let found = view.run.comparison.as_ref()?.cohorts.as_ref()?;
    if found.runs.len() < 2 {
        return None;
    }
    let words = OutlookTexts::of(view.language);
    let mut keys: Vec<&GroupKey> = found.cohorts.iter().map(|cohort| &cohort.group).collect();
    keys.dedup();
    let runs = view.format.count(found.runs.len() as u64);
    Some(html! {
        p { (fill(words.cohorts_lead, &[("runs", &runs)])) }
        (together(view, words, found, &keys))
        p.note { (words.ages) }
        @for key in keys { (of_group(view, words, found, key)) }
    })
}

/// A share, shaded by it.
fn shaded(view: &View, share: Option<f64>) -> Cell {
    let Some(share) = share else {
        return Cell::Markup(html! { td.number.heat.empty { (NONE) } });
    };
    Cell::Markup(html! {
        td.number.heat.shade style={ "--share:" (format!("{share:.3}")) } {
            (view.format.percent(share))
        }
    })
}

/// Columns of ages from 1 on, up to `last`.
fn ages(words: &OutlookTexts, last: usize) -> impl Iterator<Item = Cell> {
    (1..=last).map(|age| number(fill(words.after, &[("n", &age.to_string())])))
}

/// A row a group, all cohorts together.
fn together(view: &View, words: &OutlookTexts, found: &GroupCohorts, keys: &[&GroupKey]) -> Markup {
    // Of those who came in the second run, so many ages are known.
    let last = found.runs.len().saturating_sub(2).clamp(1, AGES);
    let mut head = vec![text(view.texts.group), number(words.came)];
    head.extend(ages(words, last));
    let rows: Vec<Vec<Cell>> = (keys.iter())
        .map(|key| {
            let came = found.retained(key, 0).map_or(0, |(_, came)| came);
            let mut row = vec![text(view.group_name(key)), number(view.format.count(came as u64))];
            row.extend(
                (1..=last)
                    .map(|age| shaded(view, found.retained(key, age).map(|(share, _)| share))),
            );
            row
        })
        .collect();
    table(words.cohorts_title, view.texts, &head, &rows, None)
}

/// A row a cohort of one group, folded away.
fn of_group(view: &View, words: &OutlookTexts, found: &GroupCohorts, key: &GroupKey) -> Markup {
    let own: Vec<&GroupCohort> = found.cohorts.iter().filter(|own| own.group == *key).collect();
    let shown = &own[own.len().saturating_sub(COHORTS)..];
    let known = shown.iter().map(|cohort| cohort.customers.len()).max().unwrap_or(1);
    let last = (known - 1).min(AGES);
    let mut head = vec![text(words.since), number(words.came)];
    head.extend(ages(words, last));
    let rows: Vec<Vec<Cell>> = (shown.iter())
        .map(|cohort| {
            let date = view.format.date(cohort.since);
            let since = match found.came(cohort) {
                true => date,
                false => fill(words.or_before, &[("date", &date)]),
            };
            let came = cohort.customers.first().copied().unwrap_or(0);
            let mut row = vec![text(since), number(view.format.count(came as u64))];
            row.extend((1..=last).map(|age| {
                let here = cohort.customers.get(age).filter(|_| came > 0);
                shaded(view, here.map(|here| *here as f64 / came as f64))
            }));
            row
        })
        .collect();
    let title = fill(words.by_cohort, &[("group", &view.group_name(key))]);
    html! {
        details {
            summary { (title) }
            (table(&title, view.texts, &head, &rows, None))
            @if shown.len() < own.len() {
                p.note { (fill(words.cohorts_cut, &[("n", &shown.len().to_string())])) }
            }
        }
    }
}
