//! `segtrail compare A B`: two runs of any series, afresh from their assignments; or two tables of
//! any other tool.

use serde::Serialize;

use super::agreement::{agreement_text, movement_text};
use super::args::{Common, CompareArgs};
use super::drifted::drift_text;
use super::output::{Output, Side, Table, count, money, percent};
use super::overview::Overview;
use super::{Failure, Outcome, assignments, gate, ways};
use crate::config::TrackSection;
use crate::error::Error;
use crate::pipeline;
use crate::run::Segments;
use crate::store::{self, CustomerValues, Places, Store, StoredRun};
use crate::track::{self, Comparison, Transition, View};
use crate::types::{Currency, GroupKey};

struct Columns {
    places: Places,
    values: CustomerValues,
    segments: Segments,
}

impl Columns {
    fn load(run: &StoredRun) -> Result<Self, Error> {
        Ok(Columns {
            places: store::load_places(run)?,
            values: store::load_values(run)?,
            segments: store::load_segments(run)?,
        })
    }

    fn view<'a>(&'a self, run: &'a StoredRun) -> Result<View<'a>, Error> {
        let id = &run.manifest.run_id;
        let Places { customers, segments, groups } = &self.places;
        let view = View::new(id, customers, segments, groups)?;
        Ok(view.worth(self.values.worth())?)
    }
}

pub(super) fn run(args: &CompareArgs, common: &Common, output: &Output) -> Outcome {
    if let (Some(tables), Some(id), Some(segment)) = (&args.assignments, &args.id, &args.segment) {
        return assignments::run(tables, id, segment, output);
    }
    if let (Some(config), Some(as_of)) = (&args.ways, args.as_of) {
        return ways::run(config, as_of, common, output);
    }
    let (Some(a), Some(b)) = (&args.a, &args.b) else {
        return Err(Failure::Usage("give two runs, or --assignments with two tables".into()));
    };
    let store = Store::new(&common.models);
    let (a, b) = (store.find(a)?, store.find(b)?);
    let (before, after) = rayon::join(|| Columns::load(&a), || Columns::load(&b));
    let (before, after) = (before?, after?);
    // The thresholds of the later run's configuration, as its own comparison used them.
    let track = b.manifest.config.get("track").cloned().unwrap_or_default();
    let thresholds: TrackSection = serde_json::from_value(track).unwrap_or_default();
    let about = pipeline::descriptions(&before.segments, &after.segments);
    let (earlier, later) = (before.view(&a)?, after.view(&b)?);
    let params = thresholds.compare_params();
    let mut comparison = track::compare_described(&earlier, &later, &params, &about)?;
    let measured = pipeline::movement_between((&a, &earlier), (&b, &later), &thresholds);
    comparison.movement = measured?;
    if b.manifest.previous_run.as_ref() == Some(&a.manifest.run_id) {
        let stored = store::load_comparison(&b)?;
        (comparison.drift, comparison.cohorts, comparison.forecast) =
            stored.map_or((None, None, None), |found| (found.drift, found.cohorts, found.forecast));
    }
    let gates = if args.gate { comparison.gates() } else { Vec::new() };
    let gates: Vec<_> = gates.into_iter().map(|gate| (b.manifest.run_id.clone(), gate)).collect();
    let overview = Overview::new((&a.manifest, &before.segments), (&b.manifest, &after.segments));
    if output.json {
        #[derive(Serialize)]
        struct Document<'a> {
            #[serde(flatten)]
            comparison: &'a Comparison,
            overview: &'a Overview,
        }
        output.document(&Document { comparison: &comparison, overview: &overview })?;
        return gate::judge(&gates, output);
    }
    if a.manifest.series != b.manifest.series {
        output.say("warning: the runs are of different series: equal segment ids mean nothing");
    }
    let overview = overview.render(&comparison, &b.manifest);
    output.text(&format!("{}\n{overview}", render(&comparison, &b.manifest.currency)))?;
    gate::judge(&gates, output)
}

fn render(comparison: &Comparison, currency: &Currency) -> String {
    let mut text = format!(
        "{} -> {}\n  {} in both, {} new, {} gone; {} changed segment, {} changed group; adjusted Rand index {}\n\n",
        comparison.previous_run,
        comparison.run,
        count(comparison.stayers as u64),
        count(comparison.entrants as u64),
        count(comparison.leavers as u64),
        count(comparison.moved_segment as u64),
        count(comparison.moved_group as u64),
        comparison.adjusted_rand_index.map_or_else(|| "–".into(), |value| format!("{value:.3}")),
    );
    let right = Side::Right;
    let mut table = Table::new(&[
        ("segment", Side::Left),
        ("before", right),
        ("after", right),
        ("stayed", right),
        ("moved in", right),
        ("moved out", right),
        ("new", right),
        ("gone", right),
    ]);
    for movement in &comparison.segments {
        let cell = |value: usize| count(value as u64);
        table.row(vec![
            movement.segment.to_string(),
            cell(movement.before),
            cell(movement.after),
            cell(movement.stayed),
            cell(movement.moved_in),
            cell(movement.moved_out),
            cell(movement.entered),
            cell(movement.left),
        ]);
    }
    text += &table.render();
    text.push('\n');
    for transition in &comparison.transitions {
        text += &sentence(transition);
        text.push('\n');
    }
    text.push('\n');
    let valued = comparison.group_flows.iter().any(|flow| flow.value.is_some());
    let mut head = vec![("from", Side::Left), ("to", Side::Left), ("customers", right)];
    if valued {
        head.extend(
            ["revenue before", "revenue after", "CLV before", "CLV after"].map(|h| (h, right)),
        );
    }
    let mut flows = Table::new(&head);
    for flow in &comparison.group_flows {
        let name = |group: &Option<GroupKey>, none: &str| {
            group.as_ref().map_or_else(|| none.to_owned(), ToString::to_string)
        };
        let mut row =
            vec![name(&flow.from, "(new)"), name(&flow.to, "(gone)"), count(flow.customers as u64)];
        if valued {
            let value = flow.value.unwrap_or_default();
            let amounts =
                [value.revenue_before, value.revenue_after, value.clv_before, value.clv_after];
            let amount = |value: Option<f64>| {
                value.map_or_else(|| "–".into(), |value| money(value, currency))
            };
            row.extend(amounts.map(amount));
        }
        flows.row(row);
    }
    text += &flows.render();
    if let Some(movement) = &comparison.movement {
        text += &format!("\n{}", movement_text(movement));
    }
    if let Some(agreement) = &comparison.agreement {
        text += &format!("\n{}", agreement_text(agreement));
    }
    let drift = comparison.drift.as_ref().map(drift_text).filter(|text| !text.is_empty());
    text += &drift.map_or_else(String::new, |drift| format!("\n{drift}"));
    text
}

pub(super) fn sentence(transition: &Transition) -> String {
    match transition {
        Transition::Survived { segment, overlap } => {
            format!("{segment} survived: {} of its stayers are still in it", percent(*overlap))
        }
        Transition::Split { segment, into } => {
            let parts: Vec<String> =
                into.iter().map(|(part, share)| format!("{part} ({})", percent(*share))).collect();
            format!("{segment} split into {}", parts.join(", "))
        }
        Transition::Absorbed { segment, by, overlap } => {
            format!("{segment} was absorbed by {by}: {} of its stayers", percent(*overlap))
        }
        Transition::Disappeared { segment, left } => {
            format!(
                "{segment} disappeared: {} of its customers left, no segment took most of the rest",
                percent(*left)
            )
        }
        Transition::Appeared { segment, entered } => {
            format!("{segment} appeared: {} of its customers are entrants", percent(*entered))
        }
    }
}
