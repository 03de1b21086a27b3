//! The lineage graph as text: each id with its life and its sizes, then what happened month by
//! month; as JSON the graph itself.

use serde_json::json;

use super::{Series, graph_run};
use crate::cli::Outcome;
use crate::cli::compare::sentence;
use crate::cli::output::{Output, Side, Table, count};
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
    let mut text = format!(
        "{}: {} runs, {} to {}, {} segments in all\n",
        head.series,
        graph.runs.len() - aside,
        first.map_or(head.as_of, |run| run.as_of),
        head.as_of,
        graph.lineages.len(),
    );
    if let Some(gone) = first.and_then(|run| run.previous_run.as_ref()) {
        text += &format!("The run before, {gone}, is not in the store: the trail begins here.\n");
    }
    if aside > 0 {
        text += &format!("{aside} more runs of the series are not on this trail; JSON has them.\n");
    }
    text += &format!("\n{}\n", lives(&graph, language));
    for run in graph.runs.iter().filter(|run| run.on_path) {
        text += &month(run);
    }
    output.text(&text)
}

/// A line for each lineage.
fn lives(graph: &LineageGraph, language: Language) -> String {
    let mut table = Table::new(&[
        ("segment", Side::Left),
        ("last name", Side::Left),
        ("runs", Side::Right),
        ("last size", Side::Right),
        ("sizes", Side::Left),
        ("began", Side::Left),
        ("ended", Side::Left),
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
            last.map_or_else(String::new, |node| node.segment.name.get(language).to_owned()),
            sizes.clone().count().to_string(),
            sizes.last().map_or_else(String::new, |&size| count(size as u64)),
            bars(life, largest),
            turn(&life.began),
            life.ended.as_ref().map_or_else(|| "–".into(), turn),
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

fn turn(turn: &TurnIn) -> String {
    let date = turn.as_of;
    let list = |segments: &[SegmentId]| {
        segments.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    };
    match &turn.turn {
        Turn::First => format!("{date} first run"),
        Turn::SplitFrom { segment } => format!("{date} part of {segment}"),
        Turn::Appeared => format!("{date} appeared"),
        Turn::Absorbed { segments } => format!("{date} absorbed {}", list(segments)),
        Turn::SplitInto { segments } => format!("{date} split into {}", list(segments)),
        Turn::AbsorbedBy { segment } => format!("{date} absorbed by {segment}"),
        Turn::Disappeared => format!("{date} disappeared"),
    }
}

/// A run with what happened to its segments; those that go on are counted.
fn month(run: &GraphStep) -> String {
    let goes_on = |transition: &&Transition| matches!(transition, Transition::Survived { .. });
    let (survived, events): (Vec<&Transition>, Vec<&Transition>) =
        run.transitions.iter().partition(goes_on);
    let mut text = format!("{}  {} customers", run.as_of, count(run.customers as u64));
    if let (Some(entrants), Some(leavers)) = (run.entrants, run.leavers) {
        text += &format!(
            ", {} new, {} gone; going on: {}",
            count(entrants as u64),
            count(leavers as u64),
            match survived.len() {
                1 => "1 segment".into(),
                several => format!("{several} segments"),
            },
        );
    }
    text.push('\n');
    for event in events {
        text += &format!("    {}\n", sentence(event));
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
