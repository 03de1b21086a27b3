//! How real each segment is, as a table of the console.

use super::output::{Side, Table};
use super::speech::{NONE, Speech};
use super::words::{RunWords, StabilityWords, fill};
use crate::cluster::{Recovery, StabilityWord};
use crate::run::{Run, Segment};

/// The word for each segment's stability, similarity, resamples that dissolved and recovered it,
/// stability of its customers, silhouette, separation from the nearest segment; with an empty
/// line after it, and nothing at all where the run has none of these.
pub(super) fn stability_table(run: &Run, speech: Speech) -> String {
    let words = StabilityWords::of(speech.0);
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
        (
            words.bootstrap,
            scheme.is_some_and(|s| s.bootstraps()),
            (|s| s.stability?.bootstrap) as Of,
        ),
        (words.subset, scheme.is_some_and(|s| s.subsets()), (|s| s.stability?.subset) as Of),
    ]
    .into_iter()
    .filter(|(_, drawn, _)| *drawn)
    .map(|(name, _, of)| (name, of))
    .collect();
    let mut columns = vec![(RunWords::of(speech.0).segment, Side::Left)];
    if measured.is_some() {
        columns.push((words.found_again, Side::Left));
    }
    for (name, _) in &schemes {
        columns.extend([(*name, Side::Right), (words.dissolved, Side::Right)]);
        columns.push((words.recovered, Side::Right));
    }
    if measured.is_some() {
        columns.push((RunWords::of(speech.0).customers, Side::Right));
    }
    columns.extend([(words.silhouette, Side::Right), (words.separation, Side::Right)]);
    columns.push((words.from, Side::Left));
    let mut table = Table::new(&columns);
    let or_none = |text: Option<String>| text.unwrap_or_else(|| NONE.to_owned());
    for segment in segments {
        let stability = segment.stability;
        let mut row = vec![segment.segment.to_string()];
        if measured.is_some() {
            row.push(or_none(stability.map(|found| word(found.word, words).to_owned())));
        }
        for (_, of) in &schemes {
            let found = of(segment);
            row.push(or_none(found.map(|found| speech.decimal(found.jaccard, 2))));
            let times = |times: usize, of: usize| {
                fill(words.times, &[("times", &times.to_string()), ("all", &of.to_string())])
            };
            row.push(or_none(found.map(|found| times(found.dissolved, found.resamples))));
            row.push(or_none(found.map(|found| times(found.recovered, found.resamples))));
        }
        if measured.is_some() {
            row.push(or_none(
                stability.and_then(|found| found.customers).map(|share| speech.percent(share)),
            ));
        }
        row.push(or_none(segment.silhouette.map(|value| speech.decimal(value, 2))));
        row.push(or_none(segment.separation.map(|found| speech.decimal(found.ratio, 2))));
        row.push(or_none(segment.separation.map(|found| found.neighbour.to_string())));
        table.row(row);
    }
    table.render() + "\n"
}

fn word(word: StabilityWord, words: &StabilityWords) -> &'static str {
    match word {
        StabilityWord::HighlyStable => words.highly_stable,
        StabilityWord::Stable => words.stable,
        StabilityWord::Doubtful => words.doubtful,
        StabilityWord::Unstable => words.unstable,
    }
}

/// The figures of one scheme.
type Of = fn(&Segment) -> Option<Recovery>;
