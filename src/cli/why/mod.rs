//! `segtrail why CUSTOMER`: one customer of a run in words: figures beside those of the segment and
//! of all, the segment and how firmly the customer is in it, the group of every taxonomy with the
//! reason, and what the run before said.

mod words;

use serde_json::{Value, json};

pub(super) use self::words::WhyWords;
use self::words::{percent, second};
use super::Outcome;
use super::args::{Common, WhyArgs};
use super::output::{Output, Side, Table};
use super::speech::{Speech, or_none};
use super::words::fill;
use crate::cluster::{self, ClusterError, OUTLIER_ABOVE};
use crate::error::Error;
use crate::features::Unit;
use crate::label::rule::Scope;
use crate::label::{self, BUILT_IN, CustomerReason, Label, RunnerUp, Taxonomy};
use crate::run::{Assignment, Run, Segment, TaxonomyRecord};
use crate::store::{self, Store, StoreError, StoredRun};
use crate::track::Proposal;
use crate::types::{Bilingual, CustomerId, GroupKey, Language};

/// Ids that a message about an unknown one names.
const NEAR: usize = 5;

/// A customer of a run.
struct Who<'a> {
    run: &'a Run,
    row: &'a Assignment,
    segment: Option<&'a Segment>,
    /// Row in the feature table; none for prospects.
    buyer: Option<usize>,
    /// The segment that comes second, which the margin is measured to; none for prospects, with one
    /// segment, and of runs that do not keep which cluster each segment was.
    next: Option<&'a Segment>,
}

/// The group by one taxonomy.
struct Group<'a> {
    record: &'a TaxonomyRecord,
    key: &'a GroupKey,
    name: Option<&'a Bilingual>,
    /// Of a taxonomy of segments.
    label: Option<&'a Label>,
    /// Of a taxonomy of customers.
    own: Option<CustomerReason>,
    /// Whether the taxonomy is there to tell the reason.
    known: bool,
    /// The group that the month gives where hysteresis keeps this one: what is told of rules and
    /// figures is of that.
    waits: Option<Waiting<'a>>,
}

/// A group that is given and does not count yet.
#[derive(Clone, Copy)]
struct Waiting<'a> {
    proposal: &'a Proposal,
    name: Option<&'a Bilingual>,
}

/// What the run before said.
enum Before {
    None,
    Gone(String),
    Absent(String),
    Said { run: String, row: Box<Assignment>, group: Option<Bilingual> },
}

pub(super) fn run(args: &WhyArgs, common: &Common, output: &Output) -> Outcome {
    let store = Store::new(&common.models);
    let stored = store.find(&args.run)?;
    let run = store::load(&stored)?;
    let who = find(&run, &args.customer)?;
    let who = Who { next: next(&who)?, ..who };
    let groups = groups(&who)?;
    let before = before(&store, &stored, &who.row.customer)?;
    if output.json {
        return output.document(&document(&who, &groups, &before));
    }
    let language = args.language.map_or(run.manifest.language, Language::from);
    output.text(&told(&who, &groups, &before, language))
}

fn find<'a>(run: &'a Run, id: &str) -> Result<Who<'a>, StoreError> {
    let find =
        |id: &str| run.assignments.binary_search_by(|row| row.customer.as_str().cmp(id)).ok();
    // Ids of the form 13085.0 are read as 13085.
    let place = find(id).or_else(|| find(id.strip_suffix(".0")?));
    let Some(place) = place else {
        let run_id = run.manifest.run_id.clone();
        return Err(StoreError::NoSuchCustomer {
            customer: id.into(),
            run: run_id,
            near: near(&run.assignments, id),
        });
    };
    let row = &run.assignments[place];
    let segment = run.segments.segments.iter().find(|own| Some(own.segment) == row.segment);
    let buyer = run.features.customers.binary_search(&row.customer).ok();
    Ok(Who { run, row, segment, buyer, next: None })
}

/// The segment that comes second for a buyer.
fn next<'a>(who: &Who<'a>) -> Result<Option<&'a Segment>, ClusterError> {
    let run = who.run;
    let (Some(row), Some(own)) = (who.buyer, who.segment) else { return Ok(None) };
    let segments = &run.segments.segments;
    let micro = |index: usize| run.model.layers.as_ref().map(|layers| layers.id(index));
    let own = match &run.model.layers {
        Some(layers) => {
            (0..layers.segments.len()).find(|&index| own.micro == Some(layers.id(index)))
        }
        None => run.manifest.lineage.iter().position(|id| *id == own.segment),
    };
    let Some(own) = own else { return Ok(None) };
    let Some(index) = cluster::runner_up(&run.model, &run.features, row, own)? else {
        return Ok(None);
    };
    Ok(segments.iter().find(|segment| match micro(index) {
        Some(id) => segment.micro == Some(id),
        None => run.manifest.lineage.get(index) == Some(&segment.segment),
    }))
}

/// The ids that take the fewest edits to reach, of equals the first, within half of the id.
pub(super) fn near(rows: &[Assignment], id: &str) -> Vec<String> {
    let most = id.chars().count().div_ceil(2);
    let mut near: Vec<(usize, &CustomerId)> = Vec::new();
    for row in rows {
        let own = row.customer.as_str();
        // An id longer or shorter by more takes at least so many edits.
        if own.len().abs_diff(id.len()) > 4 * most {
            continue;
        }
        near.push((label::edits(id, own), &row.customer));
        if near.len() > 1024 {
            near.sort();
            near.truncate(NEAR);
        }
    }
    near.retain(|(edits, _)| *edits <= most);
    near.sort();
    near.into_iter().take(NEAR).map(|(_, customer)| customer.to_string()).collect()
}

fn groups<'a>(who: &Who<'a>) -> Result<Vec<Group<'a>>, label::LabelError> {
    let run = who.run;
    let each = run.manifest.taxonomies.iter().enumerate();
    each.map(|(place, record)| {
        let key = match place.checked_sub(1) {
            None => &who.row.group,
            Some(further) => who.row.further.get(further).unwrap_or(&who.row.group),
        };
        let name = record.group(key).map(|group| &group.name);
        let name = name.or_else(|| run.manifest.group_names.get(key));
        // A person's judgement is on the whole segment, whatever the main taxonomy names.
        let judged = |segment: &Segment| place == 0 && segment.label.judgement.is_some();
        let by_segment = |segment: &&Segment| record.of == Scope::Segments || judged(segment);
        let label = who.segment.filter(by_segment).and_then(|segment| {
            if place == 0 { Some(&segment.label) } else { segment.further.get(&record.key) }
        });
        let text = text(record);
        let own = match (record.of, text) {
            (Scope::Customers, Some(text)) if label.is_none() => {
                let taxonomy = Taxonomy::parse(&record.name, text)?;
                label::customer_reason(&run.features, &taxonomy, &who.row.customer)?
            }
            _ => None,
        };
        let waits = who.row.proposal.as_ref().filter(|_| place == 0).map(|proposal| Waiting {
            proposal,
            name: run.manifest.group_names.get(&proposal.group),
        });
        Ok(Group { record, key, name, label, own, known: text.is_some(), waits })
    })
    .collect()
}

/// Why a customer of a run is in their group of the main taxonomy, where it can be told.
pub(super) fn reason(run: &Run, id: &str) -> Result<Option<Bilingual>, Error> {
    let who = find(run, id)?;
    let groups = groups(&who)?;
    let first = groups.first().filter(|group| group.waits.is_none());
    Ok(first.and_then(Group::reason).cloned())
}

/// The taxonomy as the run keeps it; otherwise the one that is built in.
fn text(record: &TaxonomyRecord) -> Option<&str> {
    if !record.text.is_empty() {
        return Some(&record.text);
    }
    BUILT_IN.iter().find(|(name, _)| *name == record.name).map(|(_, text)| *text)
}

fn before(store: &Store, stored: &StoredRun, customer: &CustomerId) -> Result<Before, StoreError> {
    let Some(id) = &stored.manifest.previous_run else { return Ok(Before::None) };
    let Some(previous) = store.existing(&stored.manifest.series, id) else {
        return Ok(Before::Gone(id.clone()));
    };
    let rows = store::load_assignments(&previous)?;
    let Ok(place) = rows.binary_search_by(|row| row.customer.cmp(customer)) else {
        return Ok(Before::Absent(id.clone()));
    };
    let row = Box::new(rows[place].clone());
    let group = previous.manifest.group_names.get(&row.group).cloned();
    Ok(Before::Said { run: id.clone(), row, group })
}

/// A feature of the customer: name, unit, value; none where not defined.
fn figures<'a>(who: &Who<'a>) -> Vec<(&'a str, Unit, Option<f64>)> {
    let features = &who.run.features;
    let defined = |value: f64| Some(value).filter(|value| !value.is_nan());
    match who.buyer {
        Some(row) => (features.columns.iter())
            .map(|column| (column.name.as_str(), column.unit, defined(column.values[row])))
            .collect(),
        None => {
            let place = features.prospects.binary_search(&who.row.customer).ok();
            (features.prospect_columns.iter())
                .map(|column| {
                    let value = place.and_then(|row| defined(*column.values.get(row)?));
                    (column.name.as_str(), column.unit, value)
                })
                .collect()
        }
    }
}

fn medians(who: &Who<'_>, name: &str) -> [Option<f64>; 2] {
    let of_segment = who.segment.and_then(|own| own.profile.medians.get(name).copied());
    [of_segment, who.run.segments.population.medians.get(name).copied()]
}

fn texts<'a>(who: &Who<'a>) -> Vec<(&'a str, &'a str)> {
    let Some(row) = who.buyer else { return Vec::new() };
    let features = &who.run.features;
    let each = features.attributes.iter().chain(&features.methods);
    each.filter_map(|column| Some((column.name.as_str(), column.values.get(row)?.as_deref()?)))
        .collect()
}

impl Group<'_> {
    /// Of the group that waits, where one does.
    fn reason(&self) -> Option<&Bilingual> {
        let own = self.own.as_ref().map(|own| &own.reason);
        own.or(self.label.map(|label| &label.reason))
    }

    fn runner_up(&self) -> Option<&RunnerUp> {
        match (&self.own, self.label) {
            (Some(own), _) => own.runner_up.as_ref(),
            (None, label) => label?.runner_up.as_ref(),
        }
    }
}

fn document(who: &Who<'_>, groups: &[Group<'_>], before: &Before) -> Value {
    let (manifest, row) = (&who.run.manifest, who.row);
    let both = |name: &str| Bilingual {
        en: label::feature_in_words(name, Language::En).into(),
        vi: label::feature_in_words(name, Language::Vi).into(),
    };
    let features: Vec<Value> = (figures(who).into_iter())
        .map(|(name, unit, value)| {
            let [segment, population] = medians(who, name);
            json!({
                "feature": name, "name": both(name), "unit": unit, "value": value,
                "segment_median": segment, "population_median": population,
            })
        })
        .collect();
    let texts: Vec<Value> = (texts(who).into_iter())
        .map(|(name, value)| json!({ "feature": name, "name": both(name), "value": value }))
        .collect();
    let groups: Vec<Value> = (groups.iter())
        .map(|group| {
            json!({
                "taxonomy": group.record.key, "names": group.record.names, "of": group.record.of,
                "group": group.key, "name": group.name, "reason": group.reason(),
                "proposed_group": group.waits.map(|waits| &waits.proposal.group),
                "proposed_since": group.waits.map(|waits| waits.proposal.since),
                "fidelity": group.label.map(|label| label.fidelity),
                "runner_up": group.runner_up(),
                "treatment": group.record.group(group.key).map(|group| &group.treatment),
            })
        })
        .collect();
    let before = match before {
        Before::None => Value::Null,
        Before::Gone(run) => json!({ "run_id": run, "status": "not_in_store" }),
        Before::Absent(run) => json!({ "run_id": run, "status": "customer_absent" }),
        Before::Said { run, row, group } => json!({
            "run_id": run, "status": "found", "segment": row.segment, "group": row.group,
            "name": group, "membership": row.membership, "margin": row.margin,
        }),
    };
    json!({
        "run_id": manifest.run_id,
        "series": manifest.series,
        "as_of": manifest.as_of,
        "customer_id": row.customer,
        "segment": row.segment,
        "label": who.segment.map(|segment| &segment.label),
        "micro": who.segment.and_then(|segment| segment.micro.as_ref()),
        "apart": who.segment.and_then(|segment| segment.apart.as_ref()),
        "membership": row.membership,
        "margin": row.margin,
        "next_segment": who.next.map(|next| json!({
            "segment": next.segment, "micro": next.micro,
            "group": next.label.group, "name": next.label.name,
        })),
        "outlier_score": row.outlier_score,
        "stability": row.stability,
        "features": features,
        "texts": texts,
        "groups": groups,
        "previous_run": before,
        "previous_segment": row.previous_segment,
        "previous_group": row.previous_group,
        "group_changed_on": row.group_changed_on,
    })
}

fn told(who: &Who<'_>, groups: &[Group<'_>], before: &Before, language: Language) -> String {
    let words = WhyWords::of(language);
    let manifest = &who.run.manifest;
    let run = format!("{}/{}", manifest.series, manifest.run_id);
    let date = manifest.as_of.to_string();
    let customer = who.row.customer.as_str();
    let head = [("customer", customer), ("date", &date), ("run", &run)];
    let mut text = fill(words.head, &head) + "\n\n" + &feature_table(who, words, language) + "\n";
    text += &of_segment(who, words, language);
    for group in groups {
        text += &of_group(group, words, language);
    }
    if groups.is_empty() {
        // A run of an earlier release keeps the label alone.
        let label = who.segment.map(|segment| &segment.label);
        let name = label.map_or(who.row.group.0.as_str(), |label| label.name.get(language));
        let reason = label.map_or("", |label| label.reason.get(language));
        text += &format!("{name}\n    {reason}\n");
    }
    text + &of_before(who, before, words, language)
}

fn feature_table(who: &Who<'_>, words: &WhyWords, language: Language) -> String {
    let currency = &who.run.manifest.currency;
    let mut table = Table::new(&[
        (words.feature, Side::Left),
        (words.own, Side::Right),
        (words.of_segment, Side::Right),
        (words.of_all, Side::Right),
    ]);
    let shown = |value: Option<f64>, unit| {
        or_none(value, |value| label::figure_in_words(value, unit, currency, language))
    };
    let mut rows = 0;
    for (name, unit, value) in figures(who) {
        let [segment, all] = medians(who, name);
        if value.is_none() && all.is_none() {
            continue;
        }
        rows += 1;
        let name = label::feature_in_words(name, language).to_owned();
        table.row(vec![name, shown(value, unit), shown(segment, unit), shown(all, unit)]);
    }
    // A prospect may have nothing to show.
    let mut text = if rows > 0 { table.render() } else { String::new() };
    for (name, value) in texts(who) {
        let value = label::value_in_words(name, value, language);
        text += &format!("{}: {value}\n", label::feature_in_words(name, language));
    }
    text
}

fn of_segment(who: &Who<'_>, words: &WhyWords, language: Language) -> String {
    let Some(segment) = who.segment else { return words.no_segment.to_owned() + "\n\n" };
    let row = who.row;
    let mut text = fill(words.segment, &[("segment", &segment.segment.to_string())]);
    text += &match &segment.micro {
        Some(micro) => {
            let stage = micro.stage.to_string();
            let stage = label::value_in_words("lifecycle_stage", &stage, language);
            match label::layers_in_words(micro, language).as_str() {
                "" => format!(" ({stage})\n"),
                string => format!(" ({stage}, {string})\n"),
            }
        }
        None => "\n".into(),
    };
    if let (Some(membership), Some(margin)) = (row.membership, row.margin) {
        let (membership, margin) =
            (Speech(language).decimal(membership, 2), Speech(language).decimal(margin, 2));
        let mut values = vec![("membership", membership.as_str()), ("margin", &margin)];
        let id = who.next.map(|next| next.segment.to_string()).unwrap_or_default();
        let template = match who.next {
            Some(next) => {
                values.extend([("next", id.as_str()), ("group", next.label.name.get(language))]);
                words.membership_next
            }
            None => words.membership,
        };
        text += &format!("    {}\n", fill(template, &values));
    }
    let stability = match row.stability {
        Some(share) => fill(words.stability, &[("share", &percent(share, Speech(language)))]),
        None => words.stability_unknown.into(),
    };
    text += &format!("    {stability}\n");
    if let Some(score) = row.outlier_score.filter(|score| *score > OUTLIER_ABOVE) {
        text += &format!(
            "    {}\n",
            fill(words.outlier, &[("score", &Speech(language).decimal(score, 1))])
        );
    }
    if let Some(apart) = &segment.apart {
        let sentence = apart.sentence.get(language);
        text += &format!("    {}\n", fill(words.apart, &[("sentence", sentence)]));
    }
    text + "\n"
}

fn of_group(group: &Group<'_>, words: &WhyWords, language: Language) -> String {
    let name = group.name.map_or(group.key.0.as_str(), |name| name.get(language));
    let values = [("taxonomy", group.record.names.get(language)), ("group", name)];
    let mut text = fill(words.group, &values) + "\n    ";
    if let Some(Waiting { proposal, name }) = group.waits {
        let name = name.map_or(proposal.group.0.as_str(), |name| name.get(language));
        let values = [("group", name), ("date", &proposal.since.to_string())];
        text += &format!("{}\n    ", fill(words.waits, &values));
    }
    match (group.reason(), group.label) {
        (Some(reason), Some(label)) => {
            text += words.by_segment;
            text += reason.get(language);
            text += &fill(words.fidelity, &[("share", &percent(label.fidelity, Speech(language)))]);
        }
        (Some(reason), None) => text += reason.get(language),
        (None, _) if group.record.of == Scope::Customers && !group.known => {
            text += words.reason_unknown;
        }
        (None, _) => text += words.no_reason,
    }
    text += "\n";
    if let Some(runner_up) = group.runner_up() {
        text += &format!("    {}\n", second(runner_up, Speech(language)));
    }
    let treatment = group.record.group(group.key).and_then(|group| group.treatment.as_ref());
    if let Some(treatment) = treatment {
        let action = treatment.action.get(language);
        text += &format!("    {}\n", fill(words.action, &[("text", action)]));
    }
    text
}

fn of_before(who: &Who<'_>, before: &Before, words: &WhyWords, language: Language) -> String {
    let said = match before {
        Before::None => words.before_none.into(),
        Before::Gone(run) => fill(words.before_gone, &[("run", run)]),
        Before::Absent(run) => fill(words.before_absent, &[("run", run)]),
        Before::Said { run, row, group } => {
            let group = group.as_ref().map_or(row.group.0.as_str(), |group| group.get(language));
            match row.segment {
                Some(segment) => {
                    let segment = segment.to_string();
                    let values = [("run", run.as_str()), ("segment", &segment), ("group", group)];
                    fill(words.before, &values)
                }
                None => fill(words.before_prospect, &[("run", run), ("group", group)]),
            }
        }
    };
    let date = who.row.group_changed_on.to_string();
    let since = match &who.row.previous_group {
        None => fill(words.since, &[("date", &date)]),
        Some(previous) => {
            let name = who.run.manifest.group_name(previous, language);
            fill(words.since_after, &[("date", &date), ("group", name)])
        }
    };
    format!("\n{said} {since}\n")
}
