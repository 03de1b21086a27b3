//! `segtrail compare --ways`: assign, warm and refit side by side; nothing is stored.

use std::path::Path;

use jiff::civil::Date;
use serde_json::json;

use super::args::Common;
use super::output::{Output, Side, Table, percent};
use super::watch::TerminalWatch;
use super::{Failure, Outcome};
use crate::config::Loaded;
use crate::pipeline;
use crate::store::Store;
use crate::types::{AsOf, Seed};

pub(super) fn run(config: &Path, as_of: Date, common: &Common, output: &Output) -> Outcome {
    let loaded = Loaded::read(config, common.seed.map(Seed))?;
    let store = Store::new(&common.models);
    let watch = TerminalWatch::new(output.bars);
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
        ("way", Side::Left),
        ("k", right),
        ("continued", right),
        ("customers moved", right),
        ("model churn", right),
        ("same segment by both", right),
        ("adjusted Rand index", right),
        ("distance", right),
        ("silhouette", right),
    ]);
    let none = || "–".to_owned();
    for way in &ways {
        let share = |of: fn(&crate::track::Movement) -> f64| {
            way.movement.as_ref().map_or_else(none, |movement| percent(of(movement)))
        };
        table.row(vec![
            way.way.name().to_owned(),
            way.k.to_string(),
            way.continued.to_string(),
            share(|m| m.customer_movement.value),
            share(|m| m.model_churn.value),
            share(|m| m.agreement.value),
            way.adjusted_rand_index.map_or_else(none, |index| format!("{index:.3}")),
            format!("{:.4}", way.distance),
            way.silhouette.map_or_else(none, |value| format!("{value:.3}")),
        ]);
    }
    output.text(&format!("{as_of} against {previous}\n\n{}", table.render()))
}
