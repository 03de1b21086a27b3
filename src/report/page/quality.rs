//! The sections of where the figures come from: rows, customers, refused rows, files, filled
//! values; timings and the configuration.

use maud::{Markup, html};

use super::parts::{Cell, number, table, text};
use crate::label::step_in_words;
use crate::report::ReportError;
use crate::report::texts;
use crate::report::view::View;

/// Hex digits of a file's SHA-256 that are shown; the whole is in the manifest.
const HASH_DIGITS: usize = 12;

/// Data quality.
pub(super) fn quality(view: &View) -> Markup {
    let (texts, format, manifest) = (view.texts, &view.format, &view.run.manifest);
    let rows = &manifest.rows;
    let counts: Vec<(&str, u64)> = vec![
        (texts.rows_read, rows.read),
        (texts.rows_purchases, rows.purchases),
        (texts.rows_returns, rows.returns),
        (texts.rows_after, rows.after_as_of),
        (texts.rows_before, rows.before_window),
        (texts.rows_rejected, rows.rejected),
        (texts.ids_normalised, rows.ids_normalised),
    ];
    let customers: Vec<(&str, u64)> = vec![
        (texts.count_customers, manifest.customers.buyers as u64),
        (texts.count_repeat, manifest.customers.repeat_buyers as u64),
        (texts.count_prospects, manifest.customers.prospects as u64),
    ];
    let list = |title: &str, counts: &[(&str, u64)]| {
        html! {
            div {
                h3 { (title) }
                dl.counts {
                    @for (name, count) in counts {
                        div { dt { (name) } dd { (format.count(*count)) } }
                    }
                }
            }
        }
    };
    html! {
        div.pair {
            (list(texts.rows, &counts))
            (list(texts.buyers, &customers))
        }
        h3 { (texts.rejects) }
        @if rows.rejects.is_empty() { p { (texts.rejects_none) } } @else {
            (rejects(view))
            p.note { (texts.rejects_note) }
        }
        h3 { (texts.inputs) }
        (inputs(view))
        div.pair {
            div {
                h3 { (texts.filled) }
                @if manifest.filled.is_empty() { p { (texts.filled_none) } } @else {
                    (by_feature(view, texts.filled, [texts.feature, texts.customers], &manifest.filled))
                }
            }
            @if !manifest.missing.is_empty() {
                div {
                    h3 { (texts.missing) }
                    (by_feature(view, texts.missing, [texts.feature, texts.customers], &manifest.missing))
                }
            }
            @if !manifest.effective_bins.is_empty() {
                div {
                    h3 { (texts.bins) }
                    (by_feature(view, texts.bins, [texts.score, texts.bin_count], &manifest.effective_bins))
                    p.note { (texts.bins_note) }
                }
            }
        }
    }
}

fn rejects(view: &View) -> Markup {
    let (words, format) = (view.texts, &view.format);
    let head = [text(words.reason), number(words.rows), number(words.matching)];
    let rejects = &view.run.manifest.rows.rejects;
    let rows: Vec<Vec<Cell>> = rejects
        .iter()
        .map(|(reason, count)| {
            vec![
                Cell::Markup(html! {
                    @if let Some(known) = texts::reason(reason, view.language) { (known) " " }
                    code { (reason) }
                }),
                number(format.count(count.rows)),
                number(format.count(count.matching)),
            ]
        })
        .collect();
    table(words.rejects, words, &head, &rows, None)
}

fn inputs(view: &View) -> Markup {
    let (texts, format) = (view.texts, &view.format);
    let head = [
        text(texts.path),
        text(texts.table),
        number(texts.rows),
        number(texts.bytes),
        text("SHA-256"),
    ];
    let rows: Vec<Vec<Cell>> = view
        .run
        .manifest
        .inputs
        .iter()
        .map(|input| {
            let short: String = input.sha256.chars().take(HASH_DIGITS).collect();
            vec![
                Cell::Markup(html! { code { (input.path) } }),
                text(&input.table),
                number(format.count(input.rows)),
                number(format.count(input.bytes)),
                Cell::Markup(html! { td { code title=(input.sha256) { (short) "…" } } }),
            ]
        })
        .collect();
    table(texts.inputs, texts, &head, &rows, None)
}

fn by_feature(
    view: &View,
    name: &str,
    head: [&str; 2],
    counts: &std::collections::BTreeMap<String, usize>,
) -> Markup {
    let rows: Vec<Vec<Cell>> = counts
        .iter()
        .map(|(feature, count)| {
            let known = view.feature(feature);
            vec![
                Cell::Markup(html! {
                    @if known != feature { (known) " " }
                    code { (feature) }
                }),
                number(view.format.count(*count as u64)),
            ]
        })
        .collect();
    table(name, view.texts, &[text(head[0]), number(head[1])], &rows, None)
}

/// Timings and configuration, folded.
///
/// # Errors
///
/// [`ReportError::Config`] where the configuration cannot be written.
pub(super) fn details(view: &View) -> Result<Markup, ReportError> {
    let (texts, format, manifest) = (view.texts, &view.format, &view.run.manifest);
    let config = serde_json::to_string_pretty(&manifest.config)?;
    let mut rows: Vec<Vec<Cell>> = manifest
        .timings
        .iter()
        .map(|(step, seconds)| {
            vec![text(step_in_words(step, view.language)), number(format.decimal(*seconds, 2))]
        })
        .collect();
    let total: f64 = manifest.timings.iter().map(|(_, seconds)| seconds).sum();
    rows.push(vec![text(texts.total), number(format.decimal(total, 2))]);
    let facts = [
        (texts.series, manifest.series.clone()),
        (texts.run_id, manifest.run_id.clone()),
        (texts.seed, manifest.seed.0.to_string()),
        (texts.version, format!("segtrail {}", manifest.segtrail_version)),
        (texts.written, manifest.created_at.clone()),
    ];
    Ok(html! {
        details {
            summary { (texts.details_title) }
            dl.counts {
                @for (name, value) in &facts {
                    div { dt { (name) } dd { (value) } }
                }
            }
            (table(texts.details_title, texts, &[text(texts.step), number(texts.seconds)], &rows, None))
            h3 { (texts.config) }
            pre.scroll tabindex="0" role="region" aria-label=(texts.config) { code { (config) } }
        }
    })
}
