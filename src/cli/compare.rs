//! `segtrail compare A B`: two runs of any series, afresh from their assignments; or two tables of
//! any other tool.

use serde::Serialize;

use super::agreement::{agreement_text, movement_text};
use super::args::{Common, CompareArgs};
use super::drifted::drift_text;
use super::output::{Output, Side, Table};
use super::overview::Overview;
use super::speech::{Speech, or_none};
use super::words::{CompareWords, fill};
use super::{Failure, Outcome, assignments, gate, ways};
use crate::config::TrackSection;
use crate::error::Error;
use crate::pipeline;
use crate::run::{Manifest, Segments};
use crate::store::{self, CustomerValues, Places, Store, StoredRun};
use crate::track::{self, Comparison, Transition, View};
use crate::types::{GroupKey, Language};

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
        return {
            let language = args.language.map_or(Language::En, Language::from);
            assignments::run(tables, id, segment, Speech(language), output)
        };
    }
    if let (Some(config), Some(as_of)) = (&args.ways, args.as_of) {
        let language = args.language.map(Language::from);
        return ways::run(config, as_of, language, common, output);
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
    let speech = Speech(args.language.map_or(b.manifest.language, Language::from));
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
        return gate::judge(&gates, speech, output);
    }
    if a.manifest.series != b.manifest.series {
        output.say(&speech.warning_text(CompareWords::of(speech.0).other_series));
    }
    let overview = overview.render(&comparison, &b.manifest, speech);
    let text = render(&comparison, (&a.manifest, &b.manifest), speech);
    output.text(&format!("{text}\n{overview}"))?;
    gate::judge(&gates, speech, output)
}

fn render(comparison: &Comparison, runs: (&Manifest, &Manifest), speech: Speech) -> String {
    let words = CompareWords::of(speech.0);
    let population = [
        ("stayers", &*speech.count(comparison.stayers)),
        ("entrants", &speech.count(comparison.entrants)),
        ("leavers", &speech.count(comparison.leavers)),
    ];
    let changes = [
        ("segment", &*speech.count(comparison.moved_segment)),
        ("group", &speech.count(comparison.moved_group)),
        ("index", &or_none(comparison.adjusted_rand_index, |index| speech.decimal(index, 3))),
    ];
    let mut text = format!(
        "{} -> {}\n  {}; {}\n\n",
        comparison.previous_run,
        comparison.run,
        fill(words.population, &population),
        fill(words.changes, &changes),
    );
    let right = Side::Right;
    let mut table = Table::new(&[
        (words.segment, Side::Left),
        (words.before, right),
        (words.after, right),
        (words.stayed, right),
        (words.moved_in, right),
        (words.moved_out, right),
        (words.new, right),
        (words.gone, right),
    ]);
    for movement in &comparison.segments {
        let cell = |value: usize| speech.count(value);
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
        text += &sentence(transition, speech);
        text.push('\n');
    }
    text += &format!("\n{}", flows(comparison, runs, speech));
    if let Some(movement) = &comparison.movement {
        text += &format!("\n{}", movement_text(movement, speech));
    }
    if let Some(agreement) = &comparison.agreement {
        text += &format!("\n{}", agreement_text(agreement, speech));
    }
    let drift = comparison.drift.as_ref().map(|drift| drift_text(drift, speech));
    let drift = drift.filter(|text| !text.is_empty());
    text += &drift.map_or_else(String::new, |drift| format!("\n{drift}"));
    text
}

/// Who went from which group to which, and what they are worth.
fn flows(
    comparison: &Comparison,
    (before, after): (&Manifest, &Manifest),
    speech: Speech,
) -> String {
    let words = CompareWords::of(speech.0);
    let right = Side::Right;
    let valued = comparison.group_flows.iter().any(|flow| flow.value.is_some());
    let mut head = vec![(words.from, Side::Left), (words.to, Side::Left), (words.customers, right)];
    if valued {
        let values = [words.revenue_before, words.revenue_after, words.clv_before, words.clv_after];
        head.extend(values.map(|name| (name, right)));
    }
    let mut table = Table::new(&head);
    for flow in &comparison.group_flows {
        let name = |run: &Manifest, group: &Option<GroupKey>, none: &str| {
            let name = group.as_ref().map(|group| run.group_name(group, speech.0));
            name.unwrap_or(none).to_owned()
        };
        let mut row = vec![
            name(before, &flow.from, words.is_new),
            name(after, &flow.to, words.is_gone),
            speech.count(flow.customers),
        ];
        if valued {
            let value = flow.value.unwrap_or_default();
            let amounts =
                [value.revenue_before, value.revenue_after, value.clv_before, value.clv_after];
            row.extend(
                amounts.map(|value| or_none(value, |value| speech.money(value, &after.currency))),
            );
        }
        table.row(row);
    }
    table.render()
}

/// What happened to a segment.
pub(super) fn sentence(transition: &Transition, speech: Speech) -> String {
    let words = CompareWords::of(speech.0);
    let percent = |share: f64| speech.percent(share);
    match transition {
        Transition::Survived { segment, overlap } => fill(
            words.survived,
            &[("segment", &segment.to_string()), ("share", &percent(*overlap))],
        ),
        Transition::Split { segment, into } => {
            let parts: Vec<String> =
                into.iter().map(|(part, share)| format!("{part} ({})", percent(*share))).collect();
            fill(words.split, &[("segment", &segment.to_string()), ("parts", &parts.join(", "))])
        }
        Transition::Absorbed { segment, by, overlap } => fill(
            words.absorbed,
            &[
                ("segment", &segment.to_string()),
                ("by", &by.to_string()),
                ("share", &percent(*overlap)),
            ],
        ),
        Transition::Disappeared { segment, left } => fill(
            words.disappeared,
            &[("segment", &segment.to_string()), ("share", &percent(*left))],
        ),
        Transition::Appeared { segment, entered } => fill(
            words.appeared,
            &[("segment", &segment.to_string()), ("share", &percent(*entered))],
        ),
    }
}
