//! `segtrail show RUN`: one run on one screen.

use serde_json::json;

use super::Outcome;
use super::args::{Common, ShowArgs};
use super::output::Output;
use super::run::{segment_table, segments_document};
use super::speech::{NONE, Speech};
use super::stability::stability_table;
use super::taxonomies::taxonomy_tables;
use super::words::{ShowWords, fill};
use crate::cluster::{Clusters, Covariance, Selection};
use crate::label::method_in_words;
use crate::run::{Manifest, Run, Segment};
use crate::store::{self, Store};
use crate::types::{Language, duration_in_words};

pub(super) fn run(args: &ShowArgs, common: &Common, output: &Output) -> Outcome {
    let stored = Store::new(&common.models).find(&args.run)?;
    let run = store::load(&stored)?;
    let manifest = &run.manifest;
    if output.json {
        return output.document(&json!({
            "path": stored.path,
            "manifest": manifest,
            "population": run.segments.population,
            "segments": segments_document(&run),
            "reasons": run.segments.segments.iter()
                .map(|segment| (segment.segment.to_string(), &segment.label.reason))
                .collect::<std::collections::BTreeMap<_, _>>(),
            "apart": run.segments.segments.iter()
                .filter_map(|segment| Some((segment.segment.to_string(), segment.apart.as_ref()?)))
                .collect::<std::collections::BTreeMap<_, _>>(),
            "comparison": run.comparison,
        }));
    }
    let language = args.language.map_or(manifest.language, Language::from);
    let speech = Speech(language);
    let words = ShowWords::of(language);
    let mut text = head(&run, speech);
    text += &segment_table(&run, usize::MAX, speech);
    text.push('\n');
    text += &stability_table(&run, speech);
    text += &taxonomy_tables(&run, speech);
    for segment in &run.segments.segments {
        let label = &segment.label;
        let values = [
            ("segment", &*segment.segment.to_string()),
            ("name", label.name.get(language)),
            ("reason", label.reason.get(language)),
        ];
        text += &format!("{}\n", fill(words.named, &values));
        if let Some(apart) = &segment.apart {
            text += &format!("    {}\n", apart.sentence.get(language));
        }
        text += &people(segment, speech);
    }
    for warning in &manifest.warnings {
        text += &format!("{}\n", speech.warning_of(&run, warning));
    }
    text += &format!("{}\n", fill(words.files, &[("path", &stored.path.display().to_string())]));
    output.text(&text)
}

/// What the run is: dates, size, model, how the model was chosen, what the customers are worth.
fn head(run: &Run, speech: Speech) -> String {
    let words = ShowWords::of(speech.0);
    let manifest = &run.manifest;
    let clusters = &run.model.clusters;
    let k = clusters.k().to_string();
    let method = match clusters {
        Clusters::Kmeans { .. } => words.kmeans,
        Clusters::Gmm { covariance, .. } => match covariance {
            Covariance::Full => words.full,
            Covariance::Tied => words.tied,
            Covariance::Diagonal => words.diagonal,
            Covariance::Spherical => words.spherical,
        },
    };
    let model = match &manifest.layers {
        Some(layers) => {
            fill(words.micro, &[("k", &k), ("stages", &layers.stages.len().to_string())])
        }
        None => fill(words.model, &[("method", method), ("k", &k)]),
    };
    let silhouette = manifest.kept().and_then(|candidate| candidate.silhouette);
    let silhouette = silhouette.map_or_else(String::new, |value| {
        fill(words.silhouette, &[("value", &speech.decimal(value, 3))])
    });
    let converged = if manifest.converged { words.converged } else { words.not_converged };
    let dates = [
        ("as_of", &*manifest.as_of.to_string()),
        ("written", &manifest.created_at),
        ("seed", &manifest.seed.0.to_string()),
    ];
    let size = [
        ("customers", &*speech.count(manifest.customers.buyers)),
        ("revenue", &speech.money(manifest.revenue, &manifest.currency)),
        ("prospects", &speech.count(manifest.customers.prospects)),
        ("used", &speech.count(manifest.rows.purchases + manifest.rows.returns)),
        ("refused", &speech.count(manifest.rows.rejected)),
    ];
    format!(
        "{} {}\n  {}\n  {}\n  {model}{silhouette}; {converged}\n{}{}\n",
        manifest.series,
        manifest.run_id,
        fill(words.dates, &dates),
        fill(words.size, &size),
        choice(&manifest.selection, speech),
        value(manifest, speech),
    )
}

/// What chose the number of segments, where several candidates were weighed, and whether there is
/// anything to be found, each in a line.
fn choice(selection: &Selection, speech: Speech) -> String {
    let words = ShowWords::of(speech.0);
    let mut text = match selection.candidates.len() {
        0 | 1 => String::new(),
        weighed => {
            let values = [("n", &*speech.count(weighed)), ("rule", &speech.kept(&selection.rule))];
            format!("  {}\n", fill(words.chosen, &values))
        }
    };
    if let Some(structure) = &selection.structure {
        text += &format!("  {}\n", speech.kept(&structure.sentence));
    }
    text
}

/// Whom to interview first and how many to check, in a line.
fn people(segment: &Segment, speech: Speech) -> String {
    let words = ShowWords::of(speech.0);
    let Some(people) = &segment.representatives else { return String::new() };
    let medoid = people.medoid.as_ref().map_or(NONE, |medoid| medoid.customer.as_str());
    let outliers = people.outliers_flagged.map_or_else(String::new, |flagged| {
        let template = if flagged == 1 { words.outlier } else { words.outliers };
        fill(template, &[("n", &speech.count(flagged))])
    });
    format!("    {}{outliers}\n", fill(words.medoid, &[("customer", medoid)]))
}

/// What the customers are expected to bring in, in a line.
fn value(manifest: &Manifest, speech: Speech) -> String {
    let words = ShowWords::of(speech.0);
    let Some(clv) = &manifest.clv else { return String::new() };
    let totals = &clv.totals;
    let error = totals
        .expected_orders_error
        .map_or_else(String::new, |error| fill(words.error, &[("error", &speech.whole(error))]));
    let values = [
        ("horizon", &*duration_in_words(&clv.horizon, speech.0)),
        ("orders", &speech.whole(totals.expected_orders)),
        ("error", &error),
        ("spend", &speech.money(totals.expected_spend, &manifest.currency)),
        ("clv", &speech.money(totals.clv, &manifest.currency)),
        ("method", method_in_words(clv.method, speech.0)),
    ];
    format!("  {}\n", fill(words.value, &values))
}
