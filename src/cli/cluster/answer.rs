//! What `segtrail cluster` found -> one JSON document, or tables for a person.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::super::output::{Side, Table, count, percent};
use super::people::representatives;
use super::{Found, number};
use crate::cluster::{
    Candidate, ClusterStability, Clusters, Method, Recovery, SegmentFigures, StabilityWord,
};
use crate::ingest::OwnValues;

/// Features shown in the table of segments; a terminal has no room for more.
const SHOWN: usize = 8;

impl Found<'_> {
    /// The figures of the segments: those of the candidate that was chosen, unless bounds on the
    /// size changed it.
    fn kept(&self) -> Option<&Candidate> {
        let bounded = self.fitted.bounds.as_ref().and_then(|bounds| bounds.figures.as_ref());
        let chosen = || self.fitted.selection.candidates.iter().find(|candidate| candidate.chosen);
        bounded.or_else(chosen)
    }

    fn method(&self) -> &'static str {
        method_name(self.fitted.model.clusters.method())
    }
}

fn method_name(method: Method) -> &'static str {
    match method {
        Method::Kmeans => "kmeans",
        Method::Gmm => "gmm",
        Method::Auto => "auto",
    }
}

pub(super) fn document(found: &Found) -> Value {
    let (args, fitted, table) = (found.args, found.fitted, found.table);
    let (inertia, log_likelihood) = match &fitted.model.clusters {
        Clusters::Kmeans { inertia, .. } => (Some(*inertia), None),
        Clusters::Gmm { log_likelihood, .. } => (None, Some(*log_likelihood)),
    };
    let (covariance, noise) = match &fitted.model.clusters {
        Clusters::Kmeans { .. } => (None, None),
        Clusters::Gmm { covariance, noise, .. } => (Some(*covariance), *noise),
    };
    let features: Vec<Value> = (table.features.iter())
        .map(|column| {
            let OwnValues::Numbers(_) = column.values else {
                return json!({ "name": column.name, "kind": "category" });
            };
            let spec = found.specs.iter().find(|spec| spec.name == column.name);
            json!({
                "name": column.name,
                "kind": "number",
                "transform": spec.map(|spec| spec.transform),
                "scale": spec.map(|spec| spec.scale),
            })
        })
        .collect();
    let counts =
        |of: &[(String, usize)]| -> BTreeMap<String, usize> { of.iter().cloned().collect() };
    let left_out: Vec<Value> = (table.left_out.iter())
        .map(|(column, why)| json!({ "column": column, "reason": why }))
        .collect();
    let sizes: Vec<usize> = found.segments.iter().map(|segment| segment.rows).collect();
    let segments = found.segments.iter().enumerate();
    let segments: Vec<Value> =
        segments.map(|(place, figures)| segment(found, place, figures)).collect();
    let seconds = |of: &[(&'static str, f64)]| -> Map<String, Value> {
        of.iter().map(|(step, seconds)| ((*step).to_owned(), json!(seconds))).collect()
    };
    json!({
        "file": args.table,
        "rows": table.rows,
        "id": args.id,
        "weights": args.weights,
        "features": features,
        "left_out": left_out,
        "filled": counts(&fitted.filled),
        "missing": counts(&fitted.missing),
        "ids_normalised": table.ids_normalised,
        "engine": args.engine,
        "seed": found.seed,
        "method": found.method(),
        "k": fitted.model.clusters.k(),
        "sizes": sizes,
        "inertia": inertia,
        "log_likelihood": log_likelihood,
        "covariance": covariance,
        "noise": noise.map(|noise| noise.weight),
        "bic": found.kept().and_then(|candidate| candidate.bic),
        "converged": fitted.model.converged,
        "iterations": fitted.model.iterations,
        "criteria": fitted.selection,
        "bounds": fitted.bounds,
        "stability": {
            "bootstrap": args.bootstrap,
            "measured": fitted.stability.record,
            "jaccard": (0..fitted.stability.clusters.len())
                .map(|place| fitted.stability.bootstrap_jaccard(place))
                .collect::<Vec<_>>(),
        },
        "segments": segments,
        "warnings": found.warnings,
        "output": args.output,
        "model": args.model,
        "timings": seconds(&found.timings),
        "cluster_timings": seconds(&found.phases),
    })
}

fn segment(found: &Found, place: usize, figures: &SegmentFigures) -> Value {
    let medians: Map<String, Value> =
        figures.medians.iter().map(|(name, median)| (name.clone(), number(*median))).collect();
    let levels: Map<String, Value> = (figures.levels.iter())
        .map(|(name, shares)| {
            let shares = shares.iter().map(|(level, share)| (level.clone(), json!(share)));
            (name.clone(), Value::Object(shares.collect()))
        })
        .collect();
    let stability = stability(found, place);
    let recovery = stability.and_then(|stability| stability.bootstrap);
    let subset = stability.and_then(|stability| stability.subset);
    let separation = found.fitted.separations.get(place).copied().flatten();
    let mut value = json!({
        "segment": place + 1,
        "rows": figures.rows,
        "share": figures.share,
        "medians": medians,
        "levels": levels,
        "bootstrap_jaccard": number(recovery.map(|recovery| recovery.jaccard)),
        "dissolved": recovery.map(|recovery| recovery.dissolved),
        "recovered": recovery.map(|recovery| recovery.recovered),
        "subset_jaccard": number(subset.map(|recovery| recovery.jaccard)),
        "subset_dissolved": subset.map(|recovery| recovery.dissolved),
        "subset_recovered": subset.map(|recovery| recovery.recovered),
        "stability": stability.map(|stability| stability.word),
        "row_stability": number(stability.and_then(|stability| stability.customers)),
        "silhouette": number(found.fitted.silhouettes.get(place).copied().flatten()),
        "separation": separation.map(|found| found.named(|neighbour| neighbour + 1)),
        "representatives": representatives(found, place, figures),
    });
    if found.args.weights.is_some() {
        value["weight"] = json!(figures.weight);
    }
    value
}

/// How well the segment at `place` is found again, where that was measured.
fn stability<'a>(found: &'a Found, place: usize) -> Option<&'a ClusterStability> {
    found.fitted.stability.clusters.get(place)?.as_ref()
}

/// The word as a person reads it.
fn spoken(word: StabilityWord) -> String {
    word.name().replace('_', " ")
}

pub(super) fn render(found: &Found) -> String {
    let (fitted, table) = (found.fitted, found.table);
    let k = fitted.model.clusters.k();
    let mut text = format!(
        "{}: {} rows by {} feature{}; {} segment{}",
        found.args.table.display(),
        count(table.rows as u64),
        table.features.len(),
        if table.features.len() == 1 { "" } else { "s" },
        k,
        if k == 1 { "" } else { "s" },
    );
    text += &format!("\nrule: {}\n", fitted.selection.rule);
    if let Some(structure) = &fitted.selection.structure {
        text += &format!("{}\n", structure.sentence);
    }
    if found.args.id.is_none() {
        text += "no --id: rows are numbered in the order of the file\n";
    }
    text.push('\n');
    text += &segments(found);
    if table.features.len() > SHOWN {
        text += &format!("(the first {SHOWN} features; --json has all)\n");
    }
    if fitted.selection.candidates.len() > 1 || !found.args.criteria.is_empty() {
        text.push('\n');
        text += &criteria(&fitted.selection.candidates);
    }
    text.push('\n');
    match &fitted.model.clusters {
        Clusters::Kmeans { inertia, .. } => text += &format!("inertia {}", figure(*inertia)),
        Clusters::Gmm { log_likelihood, .. } => {
            text += &format!("log-likelihood {}", figure(*log_likelihood));
        }
    }
    text += &format!(
        "; {} after {} iterations\n",
        if fitted.model.converged { "converged" } else { "NOT CONVERGED" },
        fitted.model.iterations,
    );
    text
}

/// Size, share, stability and what is typical of each segment.
fn segments(found: &Found) -> String {
    let features: Vec<&str> =
        found.table.features.iter().map(|column| column.name.as_str()).take(SHOWN).collect();
    let mut head = vec![("segment", Side::Right), ("rows", Side::Right), ("share", Side::Right)];
    let measured = !found.fitted.stability.clusters.is_empty();
    let scheme = found.fitted.stability.record.map(|record| record.scheme).unwrap_or_default();
    type Of = fn(&ClusterStability) -> Option<Recovery>;
    let schemes: Vec<(&str, Of)> = [
        ("Jaccard", scheme.bootstraps(), (|of| of.bootstrap) as Of),
        ("subsets", scheme.subsets(), |of| of.subset),
    ]
    .into_iter()
    .filter_map(|(name, drawn, of)| (measured && drawn).then_some((name, of)))
    .collect();
    head.extend(schemes.iter().map(|(name, _)| (*name, Side::Right)));
    if measured {
        head.push(("stability", Side::Left));
    }
    head.extend(features.iter().map(|name| (*name, Side::Right)));
    let mut table = Table::new(&head);
    for (place, figures) in found.segments.iter().enumerate() {
        let mut row =
            vec![(place + 1).to_string(), count(figures.rows as u64), percent(figures.share)];
        if measured {
            let stability = stability(found, place);
            let none = || "–".to_owned();
            for (_, of) in &schemes {
                let recovery = stability.and_then(of);
                row.push(recovery.map_or_else(none, |found| format!("{:.2}", found.jaccard)));
            }
            row.push(stability.map_or_else(none, |stability| spoken(stability.word)));
        }
        row.extend(features.iter().map(|name| typical(figures, name)));
        table.row(row);
    }
    table.render()
}

/// The median of a number, or the commonest level with its share.
fn typical(figures: &SegmentFigures, feature: &str) -> String {
    if let Some((_, median)) = figures.medians.iter().find(|(name, _)| name == feature) {
        return median.map_or_else(|| "–".into(), figure);
    }
    let levels = figures.levels.iter().find(|(name, _)| name == feature);
    match levels.and_then(|(_, shares)| shares.first()) {
        Some((level, share)) => format!("{level} ({:.0} %)", share * 100.0),
        None => "–".into(),
    }
}

/// Every candidate with the criteria that it was weighed by.
fn criteria(candidates: &[Candidate]) -> String {
    let rows: Vec<Map<String, Value>> = candidates
        .iter()
        .filter_map(|candidate| match serde_json::to_value(candidate) {
            Ok(Value::Object(fields)) => Some(fields),
            _ => None,
        })
        .collect();
    let names: Vec<&str> = rows
        .first()
        .into_iter()
        .flat_map(|row| row.keys().map(String::as_str))
        .filter(|name| !matches!(*name, "k" | "silhouette_customers" | "iterations"))
        .filter(|name| rows.iter().any(|row| row.get(*name).is_some_and(Value::is_number)))
        .collect();
    let covariances = || candidates.iter().filter_map(|candidate| candidate.covariance);
    let several = covariances().any(|covariance| Some(covariance) != covariances().next());
    let mut head = vec![("method", Side::Left), ("k", Side::Right)];
    head.extend(names.iter().map(|name| (*name, Side::Right)));
    head.push(("", Side::Left));
    let mut table = Table::new(&head);
    for (candidate, row) in candidates.iter().zip(&rows) {
        let method = method_name(candidate.method);
        let method = match candidate.covariance {
            Some(covariance) if several => format!("{method}, {}", covariance.name()),
            _ => method.to_owned(),
        };
        let mut cells = vec![method, candidate.k.to_string()];
        let cell =
            |name: &&str| row.get(*name).and_then(Value::as_f64).map_or_else(|| "–".into(), figure);
        cells.extend(names.iter().map(cell));
        cells.push(if candidate.chosen { "chosen".into() } else { String::new() });
        table.row(cells);
    }
    table.render()
}

/// A figure of any size with at least four digits that count, thousands marked.
fn figure(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e15).contains(&size) {
        return format!("{value:.3e}");
    }
    let decimals = match size {
        1000.0.. => 0,
        100.0.. => 1,
        10.0.. => 2,
        1.0.. => 3,
        _ => 4,
    };
    if value.fract() == 0.0 && size < 1e15 {
        return grouped(&format!("{value:.0}"));
    }
    grouped(&format!("{value:.decimals$}"))
}

/// Thousands of the whole part marked by commas.
fn grouped(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, rest) = digits
        .split_once('.')
        .map_or((digits, String::new()), |(whole, rest)| (whole, format!(".{rest}")));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), count);
    format!("{sign}{whole}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_have_digits_that_count() {
        let said = [0.0, 0.61234, 3.0, 12.3456, 1234.56, -98765.4, 1e-7, 2.5e16, -0.5];
        let expected =
            ["0", "0.6123", "3", "12.35", "1,235", "-98,765", "1.000e-7", "2.500e16", "-0.5000"];
        assert_eq!(said.map(figure), expected);
    }
}
