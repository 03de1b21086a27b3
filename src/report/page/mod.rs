//! View -> the HTML document: head, skip link, summary, the sections in reading order.
//!
//! maud escapes every text; the only markup put in as it stands is the style sheet and what
//! `plots` drew. A content security policy in the head forbids scripts and network for good.

mod charts;
mod movement;
mod parts;
mod quality;
mod segments;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::ReportError;
use super::texts::fill;
use super::view::View;
use crate::cluster::Clusters;
use crate::types::Warning;

const STYLE: &str = include_str!("../style.css");

/// The whole document.
///
/// # Errors
///
/// As [`super::html`].
pub(super) fn page(view: &View) -> Result<String, ReportError> {
    let texts = view.texts;
    let manifest = &view.run.manifest;
    let sections: [(&str, &str, Markup); 8] = [
        ("sizes", texts.sizes_title, charts::sizes(view)?),
        ("segments", texts.table_title, segments::segments(view)),
        ("profiles", texts.heat_title, charts::heat(view)?),
        ("recency", texts.scatter_title, charts::scatter(view)?),
        ("movement", texts.flow_title, movement::movement(view)?),
        ("curve", texts.curve_title, charts::curve(view)?),
        ("quality", texts.quality_title, quality::quality(view)),
        ("details", texts.details_title, quality::details(view)?),
    ];
    let document = html! {
        (DOCTYPE)
        html lang=(texts.lang) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta http-equiv="Content-Security-Policy"
                    content="default-src 'none'; style-src 'unsafe-inline'";
                meta name="generator" content={ "segtrail " (manifest.segtrail_version) };
                title { (texts.title) " · " (manifest.series) " · " (manifest.as_of) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#main" { (texts.skip) }
                header {
                    p.series { (manifest.series) }
                    h1 { (texts.title) }
                    p.lead {
                        (fill(texts.as_of, &[("date", &view.format.date(manifest.as_of.0))]))
                    }
                    p.meta { (texts.run_id) " " code { (manifest.run_id) } }
                    (cards(view))
                    (model(view))
                    (warnings(view, &manifest.warnings))
                    nav aria-label=(texts.contents) {
                        ul {
                            @for (id, title, _) in &sections {
                                li { a href={ "#" (id) } { (title) } }
                            }
                        }
                    }
                }
                main id="main" tabindex="-1" {
                    @for (id, title, content) in &sections {
                        section id=(id) aria-labelledby={ (id) "-title" } {
                            h2 id={ (id) "-title" } { (title) }
                            (content)
                        }
                    }
                }
                footer {
                    p { (fill(texts.footer, &[("version", &manifest.segtrail_version)])) }
                }
            }
        }
    };
    Ok(document.into_string())
}

/// The four or five figures that a reader asks for first.
fn cards(view: &View) -> Markup {
    let (texts, format, manifest) = (view.texts, &view.format, &view.run.manifest);
    let mut groups: Vec<_> = view.segments.iter().map(|segment| &segment.label.group).collect();
    groups.sort();
    groups.dedup();
    let repeat = format.count(manifest.customers.repeat_buyers as u64);
    let mut cards = vec![
        (
            texts.buyers,
            format.count(manifest.customers.buyers as u64),
            fill(texts.buyers_note, &[("repeat", &repeat)]),
        ),
        (
            texts.revenue,
            format.money(manifest.revenue),
            manifest.first_purchase.zip(manifest.last_purchase).map_or_else(
                String::new,
                |(first, last)| {
                    let (first, last) = (format.date(first), format.date(last));
                    fill(texts.revenue_note, &[("first", &first), ("last", &last)])
                },
            ),
        ),
        (
            texts.segments,
            format.count(view.segments.len() as u64),
            fill(texts.segments_note, &[("groups", &format.count(groups.len() as u64))]),
        ),
    ];
    if let Some(comparison) = &view.run.comparison {
        cards.push((
            texts.moved,
            format.count(comparison.moved_group as u64),
            fill(texts.moved_note, &[("stayers", &format.count(comparison.stayers as u64))]),
        ));
    }
    html! {
        dl.cards {
            @for (name, figure, note) in cards {
                div {
                    dt { (name) }
                    dd.figure { (figure) }
                    @if !note.is_empty() { dd.note { (note) } }
                }
            }
        }
    }
}

fn model(view: &View) -> Markup {
    let (texts, manifest) = (view.texts, &view.run.manifest);
    let (method, k) = match &view.run.model.clusters {
        Clusters::Kmeans { centroids, .. } => (texts.kmeans, centroids.len()),
        Clusters::Gmm { weights, .. } => (texts.gmm, weights.len()),
    };
    let line = fill(texts.model_line, &[("method", method), ("k", &k.to_string())]);
    html! {
        p.meta {
            (texts.model) ": " strong { (line) } ", "
            @if manifest.converged { (texts.converged) } @else { (texts.not_converged) }
            ". " (texts.currency) ": " strong { (manifest.currency.0) } "."
        }
    }
}

fn warnings(view: &View, warnings: &[Warning]) -> Markup {
    html! {
        @if !warnings.is_empty() {
            aside.warnings aria-labelledby="warnings-title" {
                h2 id="warnings-title" { (view.texts.warnings) }
                ul {
                    @for warning in warnings {
                        li { (warning.message) " " code { (warning.code) } }
                    }
                }
            }
        }
    }
}
