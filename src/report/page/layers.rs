//! The section of stages and layers: customers and micro-segments by stage, the rules, what each
//! layer found.

use maud::{Markup, html};

use super::parts::{Cell, borrow, number, table, text};
use crate::cluster::{LayerRecord, LayersRecord, Method, StageRecord};
use crate::features::{LifecycleRecord, Stage};
use crate::label::layer_in_words;
use crate::report::format::NONE;
use crate::report::texts::{LayersTexts, SelectionTexts, fill, stage};
use crate::report::view::View;

/// The section; `record` is that of the run.
pub(super) fn layers(view: &View, record: &LayersRecord) -> Markup {
    let words = LayersTexts::of(view.language);
    let count = |n: usize| view.format.count(n as u64);
    let values = [
        ("n", count(record.micro_segments)),
        ("stages", count(record.stages.len())),
        ("merged", count(record.merged_strings)),
        ("strings", count(record.strings)),
        ("least", count(record.min_customers)),
        ("customers", count(record.merged_customers)),
    ];
    let values = borrow(&values);
    let merged = if record.merged_strings > 0 { words.merged } else { words.merged_none };
    let lifecycle = view.run.manifest.lifecycle.as_ref();
    html! {
        p { (fill(words.lead, &values)) " " (fill(merged, &values)) }
        (by_stage(view, record))
        @if let Some(lifecycle) = lifecycle { (rules(view, lifecycle)) }
        details { summary { (words.fits) } (fits(view, record)) }
    }
}

/// The line of the model.
pub(super) fn model_line(view: &View, record: &LayersRecord) -> String {
    let mut layers: Vec<&str> = (record.stages.iter())
        .flat_map(|stage| stage.layers.iter().map(|layer| layer.layer.as_str()))
        .collect();
    layers.sort_unstable();
    layers.dedup();
    let count = |n: usize| view.format.count(n as u64);
    let values = [
        ("layers", count(layers.len())),
        ("stages", count(record.stages.len())),
        ("n", count(record.micro_segments)),
    ];
    fill(LayersTexts::of(view.language).model_line, &borrow(&values))
}

fn by_stage(view: &View, record: &LayersRecord) -> Markup {
    let (texts, words, format) = (view.texts, LayersTexts::of(view.language), &view.format);
    let count = |n: usize| number(format.count(n as u64));
    let customers = &view.run.manifest.customers;
    let head = [
        text(words.stage),
        number(texts.customers),
        number(texts.share_customers),
        number(words.micro_segments),
        number(words.combinations),
        number(words.merged_head),
        text(words.classes),
    ];
    let share = |of: usize| format.percent(of as f64 / customers.buyers.max(1) as f64);
    let mut rows: Vec<Vec<Cell>> = (record.stages.iter())
        .map(|found| {
            vec![
                text(stage(found.stage, view.language)),
                count(found.customers),
                number(share(found.customers)),
                count(found.micro_segments),
                count(found.strings),
                count(found.merged_strings),
                text(classes(view, found, record.min_customers)),
            ]
        })
        .collect();
    if customers.prospects > 0 {
        let mut row = vec![text(stage(Stage::Prospect, view.language)), count(customers.prospects)];
        row.extend((0..4).map(|_| number(NONE)));
        row.push(text(words.no_segment));
        rows.push(row);
    }
    table(words.title, texts, &head, &rows, None)
}

/// `value 6, activity 8`, or why the stage is not divided.
fn classes(view: &View, found: &StageRecord, least: usize) -> String {
    let words = LayersTexts::of(view.language);
    if found.too_small {
        return fill(words.one, &[("least", &view.format.count(least as u64))]);
    }
    if found.layers.is_empty() {
        return words.undivided.into();
    }
    let classes: Vec<String> = (found.layers.iter())
        .map(|layer| (layer_in_words(&layer.layer, view.language), layer))
        .map(|(name, layer)| format!("{name} {}", view.format.count(layer.customers.len() as u64)))
        .collect();
    classes.join(", ")
}

fn rules(view: &View, lifecycle: &LifecycleRecord) -> Markup {
    let words = LayersTexts::of(view.language);
    let rules = &lifecycle.rules;
    let plain = |value: f64| {
        let decimals = if value.fract() == 0.0 { 0 } else { 1 };
        view.format.decimal(value, decimals)
    };
    let limits = |template: &str, days: f64, gaps: f64| {
        fill(template, &[("days", &plain(days)), ("gaps", &plain(gaps))])
    };
    let gap = match rules.population_gap_days {
        Some(gap) => fill(words.rule_gap, &[("gap", &plain(gap))]),
        None => words.rule_gap_none.into(),
    };
    html! {
        details {
            summary { (words.rules) }
            ol {
                li { (words.rule_prospect) }
                li { (fill(words.rule_new, &[("new", &plain(rules.new_within_days))])) }
                li {
                    (fill(words.rule_reactivated, &[("back", &plain(rules.reactivated_within_days))]))
                }
                li { (limits(words.rule_lapsed, rules.lapsed_after_days, rules.lapsed_gaps)) }
                li { (limits(words.rule_at_risk, rules.at_risk_after_days, rules.at_risk_gaps)) }
                li { (words.rule_active) }
            }
            p.note { (gap) }
        }
    }
}

fn fits(view: &View, record: &LayersRecord) -> Markup {
    let (texts, words, format) = (view.texts, LayersTexts::of(view.language), &view.format);
    let criteria = SelectionTexts::of(view.language);
    let mut head = vec![
        text(words.stage),
        text(words.layer),
        text(words.features),
        text(texts.method),
        number("k"),
        number(criteria.silhouette),
        text(words.class_sizes),
        text(texts.has_converged),
    ];
    let features = |layer: &LayerRecord| {
        let mut shown: Vec<String> =
            layer.features.iter().map(|name| view.feature(name).to_owned()).collect();
        if !layer.left_out.is_empty() {
            let names: Vec<&str> = layer.left_out.iter().map(|name| view.feature(name)).collect();
            shown.push(fill(words.left_out, &[("names", &names.join(", "))]));
        }
        shown.join(", ")
    };
    let fits = record.stages.iter().flat_map(|stage| {
        let stage_of = stage.stage;
        stage.layers.iter().map(move |layer| (stage_of, layer))
    });
    let kept = |layer: &LayerRecord| {
        layer.selection.candidates.iter().find(|candidate| candidate.chosen).cloned()
    };
    let agreement = |layer: &LayerRecord| kept(layer).and_then(|candidate| candidate.out_of_time);
    let compared = fits.clone().any(|(_, layer)| agreement(layer).is_some());
    if compared {
        head.push(number(criteria.out_of_time));
    }
    let decimal = |value: Option<f64>| {
        number(value.map_or_else(|| NONE.into(), |value| format.decimal(value, 3)))
    };
    let rows: Vec<Vec<Cell>> = fits
        .map(|(of, layer)| {
            let silhouette = kept(layer).and_then(|candidate| candidate.silhouette);
            let sizes: Vec<String> =
                layer.customers.iter().map(|n| format.count(*n as u64)).collect();
            let mut row = vec![
                text(stage(of, view.language)),
                text(layer_in_words(&layer.layer, view.language)),
                text(features(layer)),
                text(match layer.method {
                    Method::Gmm => texts.gmm,
                    Method::Kmeans | Method::Auto => texts.kmeans,
                }),
                number(format.count(layer.customers.len() as u64)),
                decimal(silhouette),
                text(sizes.join(" · ")),
                text(if layer.converged { texts.yes } else { texts.no }),
            ];
            if compared {
                row.push(decimal(agreement(layer)));
            }
            row
        })
        .collect();
    table(words.fits, texts, &head, &rows, None)
}
