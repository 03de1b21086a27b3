//! `segtrail show RUN`: one run on one screen.

use serde_json::json;

use super::Outcome;
use super::args::{Common, ShowArgs};
use super::output::{Output, count, money};
use super::run::{segment_table, segments_document};
use super::stability::stability_table;
use super::taxonomies::taxonomy_tables;
use crate::cluster::{Clusters, Covariance, Selection};
use crate::run::{Manifest, Segment};
use crate::store::{self, Store};

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
    let kept = manifest.kept();
    let k = run.model.clusters.k();
    let method = match &run.model.clusters {
        Clusters::Kmeans { .. } => "k-means",
        Clusters::Gmm { covariance, .. } => match covariance {
            Covariance::Full => "Gaussian mixture",
            Covariance::Tied => "Gaussian mixture of tied covariances",
            Covariance::Diagonal => "Gaussian mixture of diagonal covariances",
            Covariance::Spherical => "Gaussian mixture of spherical covariances",
        },
    };
    let model = match &manifest.layers {
        Some(layers) => format!("{k} micro-segments in {} stages", layers.stages.len()),
        None => format!("{method}, k = {k}"),
    };
    let mut text = format!(
        "{} {}\n  as of {}, written {}, seed {}\n  {} customers, {}, {} prospects; {} rows used, {} refused\n  \
         {model}{}; {}\n{}{}\n{}\n",
        manifest.series,
        manifest.run_id,
        manifest.as_of,
        manifest.created_at,
        manifest.seed.0,
        count(manifest.customers.buyers as u64),
        money(manifest.revenue, &manifest.currency),
        count(manifest.customers.prospects as u64),
        count(manifest.rows.purchases + manifest.rows.returns),
        count(manifest.rows.rejected),
        kept.and_then(|candidate| candidate.silhouette)
            .map_or_else(String::new, |value| format!(", silhouette {value:.3}")),
        if manifest.converged { "converged" } else { "not converged" },
        choice(&manifest.selection),
        value(manifest),
        segment_table(&run, usize::MAX),
    );
    text += &stability_table(&run);
    text += &taxonomy_tables(&run);
    for segment in &run.segments.segments {
        let label = &segment.label;
        text += &format!(
            "{} {}: {}\n",
            segment.segment,
            label.name.get(manifest.language),
            label.reason.get(manifest.language)
        );
        if let Some(apart) = &segment.apart {
            text += &format!("    {}\n", apart.sentence.get(manifest.language));
        }
        text += &people(segment);
    }
    for warning in &manifest.warnings {
        text += &format!("warning: {}\n", warning.message);
    }
    text += &format!("Files: {}\n", stored.path.display());
    output.text(&text)
}

/// What chose the number of segments, where several candidates were weighed, and whether there is
/// anything to be found, each in a line.
fn choice(selection: &Selection) -> String {
    let mut text = match selection.candidates.len() {
        0 | 1 => String::new(),
        weighed => format!("  chosen of {weighed} candidates: {}\n", selection.rule),
    };
    if let Some(structure) = &selection.structure {
        text += &format!("  {}\n", structure.sentence);
    }
    text
}

/// Whom to interview first and how many to check, in a line.
fn people(segment: &Segment) -> String {
    let Some(people) = &segment.representatives else { return String::new() };
    let medoid = people.medoid.as_ref().map_or("–", |medoid| medoid.customer.as_str());
    let outliers = people.outliers_flagged.map_or_else(String::new, |flagged| {
        let noun = if flagged == 1 { "outlier" } else { "outliers" };
        format!("; {} {noun}", count(flagged as u64))
    });
    format!("    medoid {medoid}{outliers}\n")
}

/// What the customers are expected to bring in, in a line.
fn value(manifest: &Manifest) -> String {
    let Some(clv) = &manifest.clv else { return String::new() };
    let totals = &clv.totals;
    let error = totals.expected_orders_error.map_or_else(String::new, |error| {
        format!(" (standard error {})", count(error.round() as u64))
    });
    format!(
        "  next {}: {} orders{error}, {} of spend, CLV {}; by {}\n",
        clv.horizon,
        count(totals.expected_orders.round() as u64),
        money(totals.expected_spend, &manifest.currency),
        money(totals.clv, &manifest.currency),
        clv.method.name(),
    )
}
