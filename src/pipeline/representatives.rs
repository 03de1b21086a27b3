//! Rows of the matrix that stand for clusters -> customers that stand for segments, with figures
//! in business units.

use super::record::Parts;
use crate::cluster::{self, ClusterRepresentatives};
use crate::error::Error;
use crate::features::FeatureTable;
use crate::label::Profile;
use crate::run::{
    BorderCustomer, FeatureValue, MedoidCustomer, OutlierCustomer, OutlyingFeature,
    Representatives, TypicalCustomer,
};
use crate::types::{SegmentId, Warning};

/// Whom to interview and whom to check, by cluster.
pub(super) fn representatives(
    parts: &Parts<'_>,
    matrix: &cluster::FeatureMatrix,
) -> Result<cluster::Representatives, Error> {
    let fitted = &parts.taken.fitted;
    Ok(cluster::representatives(matrix, None, &fitted.model, &fitted.assignments)?)
}

/// The same of one cluster, by customer.
pub(super) fn of_segment(
    parts: &Parts<'_>,
    profile: &Profile,
    found: &ClusterRepresentatives,
) -> Representatives {
    let assignments = &parts.taken.fitted.assignments;
    let rows = Rows {
        table: &parts.built.table,
        membership: &assignments.membership,
        margin: &assignments.margin,
        lineage: &parts.matching.lineage,
    };
    named(&rows, profile, found)
}

/// What is known of the rows of the matrix and of the clusters.
struct Rows<'a> {
    table: &'a FeatureTable,
    membership: &'a [f64],
    margin: &'a [f64],
    lineage: &'a [SegmentId],
}

fn named(rows: &Rows<'_>, profile: &Profile, found: &ClusterRepresentatives) -> Representatives {
    let Rows { table, membership, margin, lineage } = rows;
    let customer = |row: usize| table.customers[row].clone();
    Representatives {
        medoid: found
            .medoid
            .map(|medoid| MedoidCustomer { customer: customer(medoid.row), exact: medoid.exact }),
        typical: (found.typical.iter())
            .map(|typical| TypicalCustomer {
                customer: customer(typical.row),
                distance: typical.distance,
                membership: membership[typical.row],
            })
            .collect(),
        border: (found.border.iter())
            .map(|border| BorderCustomer {
                customer: customer(border.row),
                neighbour: lineage[border.neighbour],
                membership: membership[border.row],
                margin: margin[border.row],
            })
            .collect(),
        outliers_flagged: found.flagged,
        outliers: (found.outliers.iter())
            .map(|outlier| OutlierCustomer {
                customer: customer(outlier.row),
                score: outlier.score,
                features: (outlier.features.iter())
                    .map(|(feature, part)| OutlyingFeature {
                        feature: feature.clone(),
                        part: *part,
                        value: value(table, feature, outlier.row),
                        usual: usual(profile, feature),
                    })
                    .collect(),
            })
            .collect(),
    }
}

/// What the customer of `row` has of a feature.
fn value(table: &FeatureTable, feature: &str, row: usize) -> Option<FeatureValue> {
    if let Some(column) = table.column(feature) {
        let value = column.values[row];
        return (!value.is_nan()).then_some(FeatureValue::Number(value));
    }
    let value = table.attribute(feature)?.values[row].as_ref()?;
    Some(FeatureValue::Text(value.to_string()))
}

/// The median of a feature, of an attribute the most frequent value (the first of equals).
fn usual(profile: &Profile, feature: &str) -> Option<FeatureValue> {
    if let Some(median) = profile.medians.get(feature) {
        return Some(FeatureValue::Number(*median));
    }
    let counts = profile.attributes.get(feature)?;
    let most = counts.values().max()?;
    let (value, _) = counts.iter().find(|(_, count)| *count == most)?;
    (value != "null").then(|| FeatureValue::Text(value.clone()))
}

/// What a person should know of medoids: those that are not proven.
pub(super) fn unproven(parts: &Parts<'_>, found: &cluster::Representatives) -> Option<Warning> {
    let clusters = found.clusters.iter().zip(&parts.matching.lineage);
    let unproven = clusters.filter(|(found, _)| found.medoid.is_some_and(|medoid| !medoid.exact));
    let mut segments: Vec<SegmentId> = unproven.map(|(_, segment)| *segment).collect();
    segments.sort_unstable();
    let names: Vec<String> = segments.iter().map(SegmentId::to_string).collect();
    (!names.is_empty()).then(|| {
        Warning::new(
            "medoid_unproven",
            format!(
                "the medoid of {} is the best of the most central customers: there are too many \
                 to compare all",
                names.join(", ")
            ),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{Border, Medoid, Outlier, Typical};
    use crate::features::{AttributeColumn, FeatureColumn, Unit};

    #[test]
    fn rows_become_customers_with_figures_in_business_units() {
        let table = FeatureTable {
            customers: ["a", "b", "c"].map(Into::into).into(),
            columns: vec![FeatureColumn {
                name: "monetary_total".into(),
                unit: Unit::Money,
                values: vec![10.0, 900.0, f64::NAN],
            }],
            attributes: vec![AttributeColumn {
                name: "city".into(),
                values: vec![None, Some("Huế".into()), Some("Huế".into())],
            }],
            ..FeatureTable::default()
        };
        let profile = Profile {
            customers: 3,
            share_of_customers: 1.0,
            revenue: 910.0,
            share_of_revenue: None,
            medians: [("monetary_total".to_owned(), 455.0)].into(),
            means: Default::default(),
            attributes: [(
                "city".to_owned(),
                [("Huế".to_owned(), 2), ("null".to_owned(), 1)].into(),
            )]
            .into(),
        };
        let outlier = |row: usize| Outlier {
            row,
            score: 4.5,
            features: vec![("monetary_total".into(), 0.75), ("city".into(), 0.25)],
        };
        let found = ClusterRepresentatives {
            medoid: Some(Medoid { row: 2, exact: true }),
            typical: vec![Typical { row: 0, distance: 0.5 }],
            border: vec![Border { row: 1, neighbour: 1 }],
            flagged: Some(2),
            outliers: vec![outlier(1), outlier(2)],
        };
        let rows = Rows {
            table: &table,
            membership: &[0.9, 0.6, 0.8],
            margin: &[0.8, 0.2, 0.6],
            lineage: &[SegmentId(7), SegmentId(4)],
        };
        let named = named(&rows, &profile, &found);
        let text = serde_json::to_value(&named).expect("a record");
        let features = |value: serde_json::Value| {
            serde_json::json!([
                { "feature": "monetary_total", "part": 0.75, "value": value, "usual": 455.0 },
                { "feature": "city", "part": 0.25, "value": "Huế", "usual": "Huế" },
            ])
        };
        let expected = serde_json::json!({
            "medoid": { "customer": "c", "exact": true },
            "typical": [{ "customer": "a", "distance": 0.5, "membership": 0.9 }],
            "border": [{ "customer": "b", "neighbour": "S04", "membership": 0.6, "margin": 0.2 }],
            "outliers_flagged": 2,
            "outliers": [
                { "customer": "b", "score": 4.5, "features": features(900.0.into()) },
                { "customer": "c", "score": 4.5, "features": features(serde_json::Value::Null) },
            ],
        });
        assert_eq!(text, expected);
        let back: Representatives = serde_json::from_value(text).expect("the same record");
        assert_eq!(back, named);
    }
}
