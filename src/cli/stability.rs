//! How real each segment is, as a table of the console.

use super::output::{Side, Table, percent};
use crate::cluster::Recovery;
use crate::run::{Run, Segment};

/// Where a figure was not measured.
const NONE: &str = "–";

/// The word for each segment's stability, similarity, resamples that dissolved and recovered it,
/// stability of its customers, silhouette, separation from the nearest segment; with an empty
/// line after it, and nothing at all where the run has none of these.
pub(super) fn stability_table(run: &Run) -> String {
    let segments = &run.segments.segments;
    let known = |segment: &&Segment| {
        segment.stability.is_some() || segment.silhouette.is_some() || segment.separation.is_some()
    };
    if !segments.iter().any(|segment| known(&segment)) {
        return String::new();
    }
    let measured = run.manifest.stability;
    let scheme = measured.map(|record| record.scheme);
    let schemes: Vec<(&str, Of)> = [
        ("bootstrap", scheme.is_some_and(|s| s.bootstraps()), (|s| s.stability?.bootstrap) as Of),
        ("subset", scheme.is_some_and(|s| s.subsets()), (|s| s.stability?.subset) as Of),
    ]
    .into_iter()
    .filter(|(_, drawn, _)| *drawn)
    .map(|(name, _, of)| (name, of))
    .collect();
    let mut columns = vec![("segment", Side::Left)];
    if measured.is_some() {
        columns.push(("found again", Side::Left));
    }
    for (name, _) in &schemes {
        columns.extend([(*name, Side::Right), ("dissolved", Side::Right)]);
        columns.push(("recovered", Side::Right));
    }
    if measured.is_some() {
        columns.push(("customers", Side::Right));
    }
    columns.extend([("silhouette", Side::Right), ("separation", Side::Right)]);
    columns.push(("from", Side::Left));
    let mut table = Table::new(&columns);
    let or_none = |text: Option<String>| text.unwrap_or_else(|| NONE.to_owned());
    for segment in segments {
        let stability = segment.stability;
        let mut row = vec![segment.segment.to_string()];
        if measured.is_some() {
            row.push(or_none(stability.map(|found| found.word.name().replace('_', " "))));
        }
        for (_, of) in &schemes {
            let found = of(segment);
            row.push(or_none(found.map(|found| format!("{:.2}", found.jaccard))));
            let times = |times: usize, of: usize| format!("{times} of {of}");
            row.push(or_none(found.map(|found| times(found.dissolved, found.resamples))));
            row.push(or_none(found.map(|found| times(found.recovered, found.resamples))));
        }
        if measured.is_some() {
            row.push(or_none(stability.and_then(|found| found.customers).map(percent)));
        }
        row.push(or_none(segment.silhouette.map(|value| format!("{value:.2}"))));
        row.push(or_none(segment.separation.map(|found| format!("{:.2}", found.ratio))));
        row.push(or_none(segment.separation.map(|found| found.neighbour.to_string())));
        table.row(row);
    }
    table.render() + "\n"
}

/// The figures of one scheme.
type Of = fn(&Segment) -> Option<Recovery>;
