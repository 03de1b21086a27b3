//! All runs of a series with their comparisons -> the lineage graph: a node for each segment of
//! each run, an edge for each flow of customers from a run to the next, and the life of every
//! lineage id on the path of one run: when and how it began and ended, and its size in each run.
//!
//! Runs form a forest, as each names the run before it: there may be several of one date. The path
//! of a run is that run and those before it, back to the first that is in the store. Nothing is
//! matched or counted anew: edges are the flows, and events the transitions, of the stored
//! comparisons.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Comparison, Transition};
use crate::types::{AsOf, Bilingual, GroupKey, SegmentId};

/// A run as the graph looks at it.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphRun {
    /// Its id.
    pub run_id: String,
    /// Its date.
    pub as_of: AsOf,
    /// The run that it follows.
    pub previous_run: Option<String>,
    /// Its segments by lineage id.
    pub segments: Vec<GraphSegment>,
    /// Against the run that it follows.
    pub comparison: Option<Comparison>,
}

/// A segment of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GraphSegment {
    /// Lineage id.
    pub segment: SegmentId,
    /// The group it was in.
    pub group: GroupKey,
    /// The group's name.
    pub name: Bilingual,
    /// Its customers.
    pub customers: usize,
    /// Their spend in the window of history.
    pub revenue: f64,
}

/// A segment of a run, with the run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GraphNode {
    /// The run.
    pub run_id: String,
    /// The segment.
    #[serde(flatten)]
    pub segment: GraphSegment,
}

/// What customers who went along an edge did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EdgeKind {
    /// They stayed in a segment that goes on.
    Continues,
    /// They are part of a split.
    Split,
    /// Their segment was absorbed.
    Absorbed,
    /// They moved, and the segment went on without them or was scattered.
    Moved,
}

/// Customers who went from a segment of one run to a segment of the next.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GraphEdge {
    /// The earlier run.
    pub from_run: String,
    /// Where they were.
    pub from: SegmentId,
    /// The later run.
    pub to_run: String,
    /// Where they are.
    pub to: SegmentId,
    /// How many.
    pub customers: usize,
    /// Share of the stayers of `from`.
    pub share: f64,
    /// Share of the stayers of `to`.
    pub origin: f64,
    /// What they did.
    pub kind: EdgeKind,
}

/// How a lineage began or ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum Turn {
    /// It was there in the first run of the path.
    First,
    /// Part of one that split.
    SplitFrom {
        /// That one.
        segment: SegmentId,
    },
    /// New, and no part of a split.
    Appeared,
    /// New, and the heir of those that it absorbed.
    Absorbed {
        /// These.
        segments: Vec<SegmentId>,
    },
    /// It split, and no part has its id.
    SplitInto {
        /// The parts.
        segments: Vec<SegmentId>,
    },
    /// It was absorbed.
    AbsorbedBy {
        /// By this one.
        segment: SegmentId,
    },
    /// It disappeared.
    Disappeared,
}

/// A run with the turn that a lineage took in it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TurnIn {
    /// The run: the first with the segment, or the first without it.
    pub run_id: String,
    /// Its date.
    pub as_of: AsOf,
    /// What happened.
    #[serde(flatten)]
    pub turn: Turn,
}

/// The life of a lineage id on a path of runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Life {
    /// The id.
    pub segment: SegmentId,
    /// How and when it began.
    pub began: TurnIn,
    /// How and when it ended; none where it is in the last run of the path.
    pub ended: Option<TurnIn>,
    /// Its customers in each run of the path; none where it is not there.
    pub customers: Vec<Option<usize>>,
}

/// A run of the graph.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GraphStep {
    /// Its id.
    pub run_id: String,
    /// Its date.
    pub as_of: AsOf,
    /// The run that it follows.
    pub previous_run: Option<String>,
    /// Whether it is on the path.
    pub on_path: bool,
    /// Its customers.
    pub customers: usize,
    /// Customers who are not in the run before; none for the first run of a series.
    pub entrants: Option<usize>,
    /// Customers of the run before who are not in it.
    pub leavers: Option<usize>,
    /// What happened to segments since the run before.
    pub transitions: Vec<Transition>,
}

/// The lineage graph.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LineageGraph {
    /// In the order given.
    pub runs: Vec<GraphStep>,
    /// By run, then by segment.
    pub nodes: Vec<GraphNode>,
    /// By later run, then by segments.
    pub edges: Vec<GraphEdge>,
    /// The lineages on the path, by id.
    pub lineages: Vec<Life>,
}

/// The graph of `runs`, in the order of their dates, with the path of the run of id `head`.
///
/// O(segments + flows) over all runs.
pub fn lineage_graph(runs: &[GraphRun], head: &str) -> LineageGraph {
    let path = path(runs, head);
    let on_path: BTreeSet<&str> = path.iter().map(|run| run.run_id.as_str()).collect();
    let step = |run: &GraphRun| GraphStep {
        run_id: run.run_id.clone(),
        as_of: run.as_of,
        previous_run: run.previous_run.clone(),
        on_path: on_path.contains(run.run_id.as_str()),
        customers: run.segments.iter().map(|segment| segment.customers).sum(),
        entrants: run.comparison.as_ref().map(|comparison| comparison.entrants),
        leavers: run.comparison.as_ref().map(|comparison| comparison.leavers),
        transitions: run.comparison.as_ref().map_or_else(Vec::new, |c| c.transitions.clone()),
    };
    let nodes = runs.iter().flat_map(|run| {
        let node = |segment: &GraphSegment| GraphNode {
            run_id: run.run_id.clone(),
            segment: segment.clone(),
        };
        run.segments.iter().map(node)
    });
    LineageGraph {
        runs: runs.iter().map(step).collect(),
        nodes: nodes.collect(),
        edges: runs.iter().filter_map(|run| run.comparison.as_ref()).flat_map(edges).collect(),
        lineages: lives(&path),
    }
}

/// The run of id `head` and those before it, the first one first.
fn path<'a>(runs: &'a [GraphRun], head: &str) -> Vec<&'a GraphRun> {
    let mut path: Vec<&GraphRun> = Vec::new();
    let mut next = Some(head);
    while let Some(run) = runs.iter().find(|run| Some(run.run_id.as_str()) == next) {
        // A garbled store may name a run before itself.
        if path.iter().any(|known| known.run_id == run.run_id) {
            break;
        }
        path.push(run);
        next = run.previous_run.as_deref();
    }
    path.reverse();
    path
}

fn edges(comparison: &Comparison) -> Vec<GraphEdge> {
    let mut kinds: BTreeMap<(SegmentId, SegmentId), EdgeKind> = BTreeMap::new();
    for transition in &comparison.transitions {
        match transition {
            Transition::Survived { segment, .. } => {
                kinds.entry((*segment, *segment)).or_insert(EdgeKind::Continues);
            }
            Transition::Split { segment, into } => {
                for (part, _) in into.iter().filter(|(part, _)| part != segment) {
                    kinds.insert((*segment, *part), EdgeKind::Split);
                }
            }
            Transition::Absorbed { segment, by, .. } => {
                kinds.insert((*segment, *by), EdgeKind::Absorbed);
            }
            Transition::Disappeared { .. } | Transition::Appeared { .. } => {}
        }
    }
    let stayed = || {
        let flows = comparison.segment_flows.iter();
        flows.filter_map(|flow| Some((flow.from?, flow.to?, flow.customers)))
    };
    let (mut before, mut after) = (BTreeMap::new(), BTreeMap::new());
    for (from, to, customers) in stayed() {
        *before.entry(from).or_insert(0_usize) += customers;
        *after.entry(to).or_insert(0_usize) += customers;
    }
    let edge = |(from, to, customers): (SegmentId, SegmentId, usize)| GraphEdge {
        from_run: comparison.previous_run.clone(),
        from,
        to_run: comparison.run.clone(),
        to,
        customers,
        share: customers as f64 / before[&from] as f64,
        origin: customers as f64 / after[&to] as f64,
        kind: match kinds.get(&(from, to)) {
            Some(kind) => *kind,
            None if from == to => EdgeKind::Continues,
            None => EdgeKind::Moved,
        },
    };
    stayed().map(edge).collect()
}

fn lives(path: &[&GraphRun]) -> Vec<Life> {
    let mut sizes: BTreeMap<SegmentId, Vec<Option<usize>>> = BTreeMap::new();
    for (at, run) in path.iter().enumerate() {
        for segment in &run.segments {
            let own = sizes.entry(segment.segment).or_insert_with(|| vec![None; path.len()]);
            own[at] = Some(segment.customers);
        }
    }
    let life = |(segment, customers): (SegmentId, Vec<Option<usize>>)| {
        let first = customers.iter().position(Option::is_some).unwrap_or(0);
        let last = customers.iter().rposition(Option::is_some).unwrap_or(0);
        let turn = |at: usize, of: &dyn Fn(&[Transition]) -> Turn| {
            let run = path.get(at)?;
            let transitions = run.comparison.as_ref().map_or(&[][..], |c| &c.transitions);
            Some(TurnIn { run_id: run.run_id.clone(), as_of: run.as_of, turn: of(transitions) })
        };
        let began =
            turn(first, &|events| if first == 0 { Turn::First } else { birth(segment, events) });
        Some(Life {
            segment,
            began: began?,
            ended: turn(last + 1, &|events| death(segment, events)),
            customers,
        })
    };
    sizes.into_iter().filter_map(life).collect()
}

fn birth(segment: SegmentId, events: &[Transition]) -> Turn {
    let split = events.iter().find_map(|event| match event {
        Transition::Split { segment: of, into } if into.iter().any(|part| part.0 == segment) => {
            Some(*of)
        }
        _ => None,
    });
    if let Some(segment) = split {
        return Turn::SplitFrom { segment };
    }
    let absorbed = events.iter().filter_map(|event| match event {
        Transition::Absorbed { segment: of, by, .. } if *by == segment => Some(*of),
        _ => None,
    });
    let segments: Vec<SegmentId> = absorbed.collect();
    if segments.is_empty() { Turn::Appeared } else { Turn::Absorbed { segments } }
}

fn death(segment: SegmentId, events: &[Transition]) -> Turn {
    let of_own = events.iter().find_map(|event| match event {
        Transition::Absorbed { segment: of, by, .. } if *of == segment => {
            Some(Turn::AbsorbedBy { segment: *by })
        }
        Transition::Split { segment: of, into } if *of == segment => {
            Some(Turn::SplitInto { segments: into.iter().map(|part| part.0).collect() })
        }
        _ => None,
    });
    of_own.unwrap_or(Turn::Disappeared)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::track::{CompareParams, View, compare};
    use crate::types::CustomerId;
    use jiff::civil::date;

    /// Customers in each segment, in the order of customers.
    fn run(
        month: i8,
        previous: Option<(&GraphRun, &[(usize, u32)])>,
        sizes: &[(usize, u32)],
    ) -> GraphRun {
        let columns = |sizes: &[(usize, u32)]| {
            let of = sizes.iter().flat_map(|&(n, s)| std::iter::repeat_n(SegmentId(s), n));
            let segments: Vec<SegmentId> = of.collect();
            let customer = |n: usize| CustomerId::from(format!("c{n:04}").as_str());
            let customers: Vec<CustomerId> = (0..segments.len()).map(customer).collect();
            let groups = vec![GroupKey("g".into()); segments.len()];
            (customers, segments, groups)
        };
        let run_id = format!("r{month}");
        let own = columns(sizes);
        let comparison = previous.map(|(before, sizes)| {
            let earlier = columns(sizes);
            let view = View::new(&before.run_id, &earlier.0, &earlier.1, &earlier.2).unwrap();
            let next = View::new(&run_id, &own.0, &own.1, &own.2).unwrap();
            compare(&view, &next, &CompareParams::default()).unwrap()
        });
        let name = Bilingual { en: "G".into(), vi: "N".into() };
        let segments = sizes.iter().map(|&(customers, segment)| GraphSegment {
            segment: SegmentId(segment),
            group: GroupKey("g".into()),
            name: name.clone(),
            customers,
            revenue: 0.0,
        });
        GraphRun {
            segments: segments.collect(),
            as_of: AsOf(date(2017, month, 28)),
            previous_run: previous.map(|(before, _)| before.run_id.clone()),
            comparison,
            run_id,
        }
    }

    /// Month 2: S01 splits 60/40 into itself and S03; month 3: S02 is absorbed by S01, S04 appears;
    /// a second run of month 2 is on no path.
    fn series() -> Vec<GraphRun> {
        let months: [&[(usize, u32)]; 3] = [
            &[(100, 1), (50, 2)],
            &[(60, 1), (40, 3), (50, 2)],
            &[(60, 1), (40, 3), (50, 1), (20, 4)],
        ];
        let first = run(1, None, months[0]);
        let second = run(2, Some((&first, months[0])), months[1]);
        let mut aside = run(2, Some((&first, months[0])), months[0]);
        aside.run_id = "aside".into();
        aside.comparison.as_mut().unwrap().run = "aside".into();
        let third = run(3, Some((&second, months[1])), &[(60, 1), (40, 3), (50, 1), (20, 4)]);
        let mut third = GraphRun { segments: third.segments, ..third };
        third.segments[0].customers += third.segments.remove(2).customers;
        vec![first, second, aside, third]
    }

    #[test]
    fn lives_tell_how_each_id_began_and_ended() {
        let graph = lineage_graph(&series(), "r3");
        let [one, two, three, four] = graph.lineages.as_slice() else { panic!("four ids") };
        assert_eq!(one.customers, [Some(100), Some(60), Some(110)]);
        assert_eq!((&one.began.turn, &one.ended), (&Turn::First, &None));
        let ended = two.ended.as_ref().unwrap();
        assert_eq!(ended.turn, Turn::AbsorbedBy { segment: SegmentId(1) });
        assert_eq!(
            (ended.run_id.as_str(), &two.customers),
            ("r3", &vec![Some(50), Some(50), None])
        );
        assert_eq!(three.began.turn, Turn::SplitFrom { segment: SegmentId(1) });
        assert_eq!(three.began.run_id, "r2");
        assert_eq!(four.began.turn, Turn::Appeared);
        let on_path: Vec<bool> = graph.runs.iter().map(|run| run.on_path).collect();
        assert_eq!(on_path, [true, true, false, true]);
    }

    #[test]
    fn edges_are_the_flows_with_what_they_mean() {
        let graph = lineage_graph(&series(), "r3");
        let of = |run: &str| -> Vec<(u32, u32, usize, EdgeKind)> {
            let edges = graph.edges.iter().filter(|edge| edge.to_run == run);
            edges.map(|edge| (edge.from.0, edge.to.0, edge.customers, edge.kind)).collect()
        };
        use EdgeKind::{Absorbed, Continues, Split};
        assert_eq!(of("r2"), [(1, 1, 60, Continues), (1, 3, 40, Split), (2, 2, 50, Continues)]);
        assert_eq!(of("r3"), [(1, 1, 60, Continues), (2, 1, 50, Absorbed), (3, 3, 40, Continues)]);
        let split = graph.edges.iter().find(|edge| edge.kind == Split).unwrap();
        assert_eq!((split.share, split.origin), (0.4, 1.0));
        assert_eq!(graph.nodes.len(), 2 + 3 + 2 + 3);
        let entered: Vec<Option<usize>> = graph.runs.iter().map(|run| run.entrants).collect();
        assert_eq!(entered, [None, Some(0), Some(0), Some(20)]);
    }

    #[test]
    fn a_path_begins_where_the_store_does() {
        let runs = &series()[1..];
        let graph = lineage_graph(runs, "r3");
        assert_eq!(graph.lineages[2].began.turn, Turn::First, "S03, in the first run there is");
        assert_eq!(graph.lineages[0].customers, [Some(60), Some(110)]);
        assert!(lineage_graph(runs, "gone").lineages.is_empty());
    }
}
