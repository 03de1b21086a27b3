//! View -> the HTML document: head, skip link, summary, the sections in reading order.
//!
//! maud escapes every text; the only markup put in as it stands is the style sheet and what
//! `plots` drew.

mod agreement;
mod campaign;
mod charts;
mod document;
mod fits;
mod inputs;
mod inside;
mod layers;
mod movement;
mod outlook;
mod parts;
mod people;
mod persona_portrait;
mod personas;
mod quality;
mod retention;
mod segments;
mod selection;
mod stability;
mod taxonomies;
mod tracking;
mod validation;
mod value;
mod value_moved;
mod wallet;
mod wallet_sources;

use maud::{Markup, html};

use self::document::{Section, document};
use super::ReportError;
use super::texts::{
    AgreementTexts, CampaignTexts, InputTexts, LayersTexts, MovementTexts, OutlookTexts,
    PeopleTexts, PersonaTexts, RetentionTexts, StabilityTexts, ValueTexts, WalletTexts, fill,
};
use super::view::View;
use crate::cluster::{Clusters, Covariance};

pub(super) use validation::validation;

/// The whole document.
///
/// # Errors
///
/// As [`super::html`].
pub(super) fn page(view: &View) -> Result<String, ReportError> {
    let texts = view.texts;
    let manifest = &view.run.manifest;
    let mut sections: Vec<Section> = Vec::new();
    if let Some(record) = &manifest.layers {
        let title = LayersTexts::of(view.language).title;
        sections.push(("layers", title, layers::layers(view, record)));
    }
    sections.extend([
        ("sizes", texts.sizes_title, charts::sizes(view)?),
        ("segments", texts.table_title, segments::segments(view)),
    ]);
    if let Some((title, content)) = taxonomies::taxonomies(view) {
        sections.push(("taxonomies", title, content));
    }
    if let Some(content) = personas::personas(view) {
        sections.push(("personas", PersonaTexts::of(view.language).title, content));
    }
    if let Some(content) = stability::stability(view) {
        sections.push(("stability", StabilityTexts::of(view.language).title, content));
    }
    sections.push(("profiles", texts.heat_title, charts::heat(view)?));
    if let Some(content) = people::people(view) {
        sections.push(("people", PeopleTexts::of(view.language).title, content));
    }
    sections.extend([
        ("recency", texts.scatter_title, charts::scatter(view)?),
        ("movement", texts.flow_title, movement::movement(view)?),
    ]);
    let words = MovementTexts::of(view.language);
    if let Some(content) = tracking::movement(view) {
        sections.push(("customer-or-model", words.title, content));
    }
    if let Some(content) = tracking::drift(view) {
        sections.push(("drift", words.drift, content));
    }
    let words = OutlookTexts::of(view.language);
    if let Some(content) = outlook::cohorts(view) {
        sections.push(("group-retention", words.cohorts_title, content));
    }
    if let Some(content) = outlook::outlook(view) {
        sections.push(("outlook", words.title, content));
    }
    if let Some(content) = inputs::inputs(view) {
        sections.push(("inputs", InputTexts::of(view.language).title, content));
    }
    if let Some(content) = agreement::agreement(view) {
        sections.push(("agreement", AgreementTexts::of(view.language).title, content));
    }
    if let Some(record) = &manifest.clv {
        let title = ValueTexts::of(view.language).title;
        sections.push(("value", title, value::value(view, record)?));
    }
    if let Some(record) = &manifest.retention {
        let title = RetentionTexts::of(view.language).title;
        sections.push(("retention", title, retention::retention(record, &view.format)?));
    }
    if let Some(summary) = &manifest.wallet {
        let title = WalletTexts::of(view.language).title;
        sections.push(("wallet", title, wallet::wallet(summary, &view.format)?));
    }
    if let Some(record) = &manifest.campaign {
        let title = CampaignTexts::of(view.language).title;
        sections.push(("campaign", title, campaign::campaign(record, &view.format)));
    }
    // With layers, what was weighed stands with each of them.
    if manifest.layers.is_none() {
        sections.push(("curve", texts.curve_title, selection::selection(view)?));
    }
    sections.extend([
        ("quality", texts.quality_title, quality::quality(view)),
        ("details", texts.details_title, quality::details(view)?),
    ]);
    let header = html! {
        p.series { (manifest.series) }
        h1 { (texts.title) }
        p.lead { (fill(texts.as_of, &[("date", &view.format.date(manifest.as_of.0))])) }
        p.meta { (texts.run_id) " " code { (manifest.run_id) } }
        (cards(view))
        (model(view))
        (parts::warnings(texts, &manifest.warnings, inputs::findings(view)))
    };
    let title = format!("{} · {} · {}", texts.title, manifest.series, manifest.as_of);
    Ok(document(texts, &title, &manifest.segtrail_version, &header, &sections))
}

/// The four or five figures that a reader asks for first.
fn cards(view: &View) -> Markup {
    let (texts, format, manifest) = (view.texts, &view.format, &view.run.manifest);
    let groups = view.groups_named();
    let repeat = format.count(manifest.customers.repeat_buyers as u64);
    let mut cards = vec![
        (
            texts.buyers,
            format.count(manifest.customers.buyers as u64),
            fill(texts.buyers_note, &[("repeat", &repeat)]),
        ),
        (
            texts.revenue,
            format.headline(manifest.revenue),
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
            fill(texts.segments_note, &[("groups", &format.count(groups as u64))]),
        ),
    ];
    if let Some(clv) = &manifest.clv {
        let words = ValueTexts::of(view.language);
        let horizon = crate::types::duration_in_words(&clv.horizon, view.language);
        let note = fill(words.card_note, &[("horizon", &horizon)]);
        cards.push((words.clv, view.format.headline(clv.totals.clv), note));
    }
    if let Some(comparison) = &view.run.comparison {
        cards.push((
            texts.moved,
            format.count(comparison.moved_group as u64),
            fill(texts.moved_note, &[("stayers", &format.count(comparison.stayers as u64))]),
        ));
    }
    parts::cards(cards)
}

fn model(view: &View) -> Markup {
    let (texts, manifest) = (view.texts, &view.run.manifest);
    let line = match &manifest.layers {
        Some(record) => layers::model_line(view, record),
        None => flat_line(view),
    };
    html! {
        p.meta {
            (texts.model) ": " strong { (line) } ", "
            @if manifest.converged { (texts.converged) } @else { (texts.not_converged) }
            ". " (texts.currency) ": " strong { (manifest.currency.0) } "."
        }
    }
}

fn flat_line(view: &View) -> String {
    let texts = view.texts;
    let (method, k) = match &view.run.model.clusters {
        Clusters::Kmeans { centroids, .. } => (texts.kmeans, centroids.len()),
        Clusters::Gmm { weights, .. } => (texts.gmm, weights.len()),
    };
    let mut line = fill(texts.model_line, &[("method", method), ("k", &k.to_string())]);
    if let Clusters::Gmm { covariance, noise, .. } = &view.run.model.clusters {
        line += match covariance {
            Covariance::Full => String::new(),
            Covariance::Tied => format!(", {}", texts.tied),
            Covariance::Diagonal => format!(", {}", texts.diagonal),
            Covariance::Spherical => format!(", {}", texts.spherical),
        }
        .as_str();
        if let Some(noise) = noise {
            let weight = view.format.rate(noise.weight, 1);
            line += &format!(", {}", fill(texts.with_noise, &[("weight", &weight)]));
        }
    }
    line
}
