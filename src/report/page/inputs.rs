//! The section of what changed in the input.

use maud::{Markup, html};

use super::parts::{Cell, number, table, text};
use crate::report::format::NONE;
use crate::report::texts::{InputTexts, fill};
use crate::report::view::View;
use crate::track::{Finding, Gravity, InputDrift, TableFigures};

/// Everything that was found; nothing where that was not measured.
pub(super) fn findings<'v>(view: &'v View) -> &'v [Finding] {
    measured(view).map_or(&[], |found| &found.findings)
}

fn measured<'v>(view: &'v View) -> Option<&'v InputDrift> {
    view.run.comparison.as_ref()?.drift.as_ref()?.inputs.as_ref()
}

/// What changed; nothing where that was not measured.
pub(super) fn inputs(view: &View) -> Option<Markup> {
    let found = measured(view)?;
    let words = InputTexts::of(view.language);
    let of = |gravity: Gravity| -> Vec<&Finding> {
        found.findings.iter().filter(|finding| finding.gravity == gravity).collect()
    };
    let list = |findings: &[&Finding]| {
        html! {
            ul { @for finding in findings { li { (finding.sentence.get(view.language)) } } }
        }
    };
    let told = [
        (Gravity::Severe, words.severe),
        (Gravity::Notable, words.notable),
        (Gravity::Seasonal, words.seasonal),
    ];
    let notes = of(Gravity::Note);
    Some(html! {
        p { (words.lead) }
        @if found.outstanding().next().is_none() { p { (words.nothing) } }
        @for (gravity, title) in told {
            @let findings = of(gravity);
            @if !findings.is_empty() {
                p { strong { (title) } }
                (list(&findings))
            }
        }
        @if !notes.is_empty() {
            details { summary { (words.note) } (list(&notes)) }
        }
        h3 { (words.tables) }
        (tables(view, found))
    })
}

fn tables(view: &View, found: &InputDrift) -> Markup {
    let (texts, format, words) = (view.texts, &view.format, InputTexts::of(view.language));
    let head = [
        text(words.table),
        number(words.rows),
        number(words.refused),
        number(words.empty_days),
        number(words.median_amount),
    ];
    let rows: Vec<Vec<Cell>> = (found.tables.iter())
        .map(|one| {
            let change = |of: &dyn Fn(&TableFigures) -> Option<String>| {
                let figure = |figures: Option<&TableFigures>| {
                    figures.and_then(of).unwrap_or_else(|| NONE.to_owned())
                };
                let (before, now) = (figure(one.before.as_ref()), figure(Some(&one.now)));
                number(fill(words.change, &[("before", &before), ("now", &now)]))
            };
            vec![
                Cell::Markup(html! { code { (one.table) } }),
                change(&|figures| Some(format.count(figures.rows))),
                change(&|figures| Some(format.percent(figures.refused))),
                change(&|figures| figures.empty_days.map(|days| format.count(days as u64))),
                change(&|figures| figures.median_amount.map(|amount| format.amount(amount))),
            ]
        })
        .collect();
    table(words.tables, texts, &head, &rows, None)
}
