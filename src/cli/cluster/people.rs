//! Rows that stand for segments, or out of them -> JSON, with the ids and figures of the table.

use serde_json::{Value, json};

use super::{Found, number};
use crate::cluster::{ClusterRepresentatives, SegmentFigures};
use crate::ingest::OwnValues;

/// Whom to interview and whom to check of the segment at `place`, in the keys of the `segments.json`
/// of a run but that rows have an `id`; null where it was not asked for.
pub(super) fn representatives(found: &Found, place: usize, figures: &SegmentFigures) -> Value {
    match found.people.map(|people| &people.clusters[place]) {
        Some(of) => named(found, of, figures),
        None => Value::Null,
    }
}

fn named(found: &Found, of: &ClusterRepresentatives, figures: &SegmentFigures) -> Value {
    let assignments = &found.fitted.assignments;
    let id = |row: usize| found.table.name(row);
    let typical: Vec<Value> = (of.typical.iter())
        .map(|typical| {
            json!({
                "id": id(typical.row),
                "distance": typical.distance,
                "membership": assignments.membership[typical.row],
            })
        })
        .collect();
    let border: Vec<Value> = (of.border.iter())
        .map(|border| {
            json!({
                "id": id(border.row),
                "neighbour": border.neighbour + 1,
                "membership": assignments.membership[border.row],
                "margin": assignments.margin[border.row],
            })
        })
        .collect();
    let outliers: Vec<Value> = (of.outliers.iter())
        .map(|outlier| {
            let features: Vec<Value> = (outlier.features.iter())
                .map(|(feature, part)| {
                    json!({
                        "feature": feature,
                        "part": part,
                        "value": value(found, feature, outlier.row),
                        "usual": usual(figures, feature),
                    })
                })
                .collect();
            json!({ "id": id(outlier.row), "score": outlier.score, "features": features })
        })
        .collect();
    json!({
        "medoid": of.medoid.map(|medoid| json!({ "id": id(medoid.row), "exact": medoid.exact })),
        "typical": typical,
        "border": border,
        "outliers_flagged": of.flagged,
        "outliers": outliers,
    })
}

/// What the table has of a feature in a row.
fn value(found: &Found, feature: &str, row: usize) -> Value {
    let column = found.table.features.iter().find(|column| column.name == feature);
    match column.map(|column| &column.values) {
        Some(OwnValues::Numbers(values)) => number(Some(values[row])),
        Some(OwnValues::Categories(values)) => values[row].as_deref().into(),
        None => Value::Null,
    }
}

/// The median of a feature in the segment, of a category its most frequent level.
fn usual(figures: &SegmentFigures, feature: &str) -> Value {
    if let Some((_, median)) = figures.medians.iter().find(|(name, _)| name == feature) {
        return number(*median);
    }
    let levels = figures.levels.iter().find(|(name, _)| name == feature);
    levels.and_then(|(_, shares)| shares.first()).map(|(level, _)| level.as_str()).into()
}
