//! The lineage graph as text: each id with its life and its sizes, then what happened month by
//! month; as JSON the graph itself.

use serde_json::json;

use super::{Series, graph_run};
use crate::cli::Outcome;
use crate::cli::compare::sentence;
use crate::cli::output::{Output, Side, Table};
use crate::cli::speech::{NONE, Speech};
use crate::cli::words::{LineageWords, fill};
use crate::error::Error;
use crate::track::{GraphStep, Life, LineageGraph, Transition, Turn, TurnIn, lineage_graph};
use crate::types::{Language, SegmentId};

/// Eighths of a line, for sizes from nothing to the largest of the trail.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

pub(super) fn run(series: &Series, language: Language, output: &Output) -> Outcome {
    let runs = series.runs.iter().map(graph_run).collect::<Result<Vec<_>, Error>>()?;
    let head = &series.head().manifest;
    let graph = lineage_graph(&runs, &head.run_id);
    if output.json {
        return output.document(&json!({
            "series": head.series,
            "run_id": head.run_id,
            "graph": graph,
        }));
    }
    let aside = graph.runs.iter().filter(|run| !run.on_path).count();
    let first = graph.runs.iter().find(|run| run.on_path);
    let speech = Speech(language);
    let words = LineageWords::of(language);
    let about = [
        ("series", &*head.series),
        ("runs", &speech.count(graph.runs.len() - aside)),
        ("first", &first.map_or(head.as_of, |run| run.as_of).to_string()),
        ("last", &head.as_of.to_string()),
        ("segments", &speech.count(graph.lineages.len())),
    ];
    let mut text = fill(words.head, &about) + "\n";
    if let Some(gone) = first.and_then(|run| run.previous_run.as_ref()) {
        text += &format!("{}\n", fill(words.gone, &[("run", gone)]));
    }
    if aside > 0 {
        text += &format!("{}\n", fill(words.aside, &[("n", &speech.count(aside))]));
    }
    text += &format!("\n{}\n", lives(&graph, speech));
    for run in graph.runs.iter().filter(|run| run.on_path) {
        text += &month(run, speech);
    }
    output.text(&text)
}

/// A line for each lineage.
fn lives(graph: &LineageGraph, speech: Speech) -> String {
    let words = LineageWords::of(speech.0);
    let mut table = Table::new(&[
        (words.segment, Side::Left),
        (words.name, Side::Left),
        (words.runs, Side::Right),
        (words.size, Side::Right),
        (words.sizes, Side::Left),
        (words.began, Side::Left),
        (words.ended, Side::Left),
    ]);
    let largest = graph.lineages.iter().flat_map(|life| life.customers.iter().flatten());
    let largest = largest.max().copied().unwrap_or(1).max(1);
    for life in &graph.lineages {
        let nodes = graph.nodes.iter().rev().filter(|node| node.segment.segment == life.segment);
        let on_path = |run: &str| graph.runs.iter().any(|step| step.on_path && step.run_id == run);
        let last = nodes.into_iter().find(|node| on_path(&node.run_id));
        let sizes = life.customers.iter().flatten();
        table.row(vec![
            life.segment.to_string(),
            last.map_or_else(String::new, |node| node.segment.name.get(speech.0).to_owned()),
            sizes.clone().count().to_string(),
            sizes.last().map_or_else(String::new, |&size| speech.count(size)),
            bars(life, largest),
            turn(&life.began, words),
            life.ended.as_ref().map_or_else(|| NONE.into(), |ended| turn(ended, words)),
        ]);
    }
    table.render()
}

/// One sign a run: the size beside the largest of the trail, a dot where the segment is not there.
fn bars(life: &Life, largest: usize) -> String {
    let bar = |size: &Option<usize>| match size {
        None => '·',
        Some(size) => BARS[(size * BARS.len()).div_ceil(largest).saturating_sub(1)],
    };
    life.customers.iter().map(bar).collect()
}

fn turn(turn: &TurnIn, words: &LineageWords) -> String {
    let list = |segments: &[SegmentId]| {
        segments.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    };
    let (template, segments) = match &turn.turn {
        Turn::First => (words.first, String::new()),
        Turn::SplitFrom { segment } => (words.part_of, segment.to_string()),
        Turn::Appeared => (words.appeared, String::new()),
        Turn::Absorbed { segments } => (words.absorbed, list(segments)),
        Turn::SplitInto { segments } => (words.split_into, list(segments)),
        Turn::AbsorbedBy { segment } => (words.absorbed_by, segment.to_string()),
        Turn::Disappeared => (words.disappeared, String::new()),
    };
    fill(template, &[("date", &turn.as_of.to_string()), ("segments", &segments)])
}

/// A run with what happened to its segments; those that go on are counted.
fn month(run: &GraphStep, speech: Speech) -> String {
    let words = LineageWords::of(speech.0);
    let goes_on = |transition: &&Transition| matches!(transition, Transition::Survived { .. });
    let (survived, events): (Vec<&Transition>, Vec<&Transition>) =
        run.transitions.iter().partition(goes_on);
    let about = [("date", &*run.as_of.to_string()), ("n", &speech.count(run.customers))];
    let mut text = fill(words.customers, &about);
    if let (Some(entrants), Some(leavers)) = (run.entrants, run.leavers) {
        let segments = match survived.len() {
            1 => words.one_segment.to_owned(),
            several => fill(words.segments, &[("n", &speech.count(several))]),
        };
        let values = [
            ("entrants", &*speech.count(entrants)),
            ("leavers", &speech.count(leavers)),
            ("segments", &segments),
        ];
        text += &fill(words.change, &values);
    }
    text.push('\n');
    for event in events {
        text += &format!("    {}\n", sentence(event, speech));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::AsOf;

    #[test]
    fn sizes_are_eighths_of_the_largest() {
        let began = TurnIn {
            run_id: "r".into(),
            as_of: AsOf(jiff::civil::date(2017, 1, 31)),
            turn: Turn::First,
        };
        let customers = vec![None, Some(0), Some(1), Some(100), Some(400), Some(401), Some(800)];
        let life = Life { segment: SegmentId(1), began, ended: None, customers };
        assert_eq!(bars(&life, 800), "·▁▁▁▄▅█");
    }
}
