//! `segtrail compare --ways`: assign, warm and refit side by side; nothing is stored.

use std::path::Path;

use jiff::civil::Date;
use serde_json::json;

use super::args::Common;
use super::output::{Output, Side, Table};
use super::speech::{Speech, or_none};
use super::watch::TerminalWatch;
use super::words::{CompareWords, fill};
use super::{Failure, Outcome};
use crate::config::Loaded;
use crate::pipeline;
use crate::run::Retrain;
use crate::store::Store;
use crate::types::{AsOf, Language, Seed};

pub(super) fn run(
    config: &Path,
    as_of: Date,
    language: Option<Language>,
    common: &Common,
    output: &Output,
) -> Outcome {
    let loaded = Loaded::read(config, common.seed.map(Seed))?;
    let speech = Speech(language.unwrap_or(loaded.config.label.language));
    let words = CompareWords::of(speech.0);
    let store = Store::new(&common.models);
    let watch = TerminalWatch::new(output.bars);
    watch.speak(speech);
    let read = pipeline::read(&loaded, &watch)?;
    let found = pipeline::ways(&loaded, &read, AsOf(as_of), &store, &watch)?;
    let (previous, ways) = found.map_err(|reason| {
        Failure::Usage(format!("there is only one way to take {as_of}: {reason}"))
    })?;
    if output.json {
        return output.document(&json!({ "previous_run": previous, "as_of": as_of, "ways": ways }));
    }
    let right = Side::Right;
    let mut table = Table::new(&[
        (words.way, Side::Left),
        ("k", right),
        (words.continued, right),
        (words.customers_moved, right),
        (words.model_churn, right),
        (words.same_by_both, right),
        (words.rand, right),
        (words.distance, right),
        (words.silhouette, right),
    ]);
    for way in &ways {
        let share = |of: fn(&crate::track::Movement) -> f64| {
            or_none(way.movement.as_ref(), |movement| speech.percent(of(movement)))
        };
        table.row(vec![
            match way.way {
                Retrain::Assign => words.assign,
                Retrain::Warm => words.warm,
                Retrain::Refit | Retrain::Auto => words.refit,
            }
            .to_owned(),
            way.k.to_string(),
            way.continued.to_string(),
            share(|m| m.customer_movement.value),
            share(|m| m.model_churn.value),
            share(|m| m.agreement.value),
            or_none(way.adjusted_rand_index, |index| speech.decimal(index, 3)),
            speech.decimal(way.distance, 4),
            or_none(way.silhouette, |value| speech.decimal(value, 3)),
        ]);
    }
    let head = [("date", &*as_of.to_string()), ("previous", &previous)];
    output.text(&format!("{}\n\n{}", fill(words.ways, &head), table.render()))
}
