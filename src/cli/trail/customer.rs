//! The path of one customer through the runs of a series: segment, group, figures and, wherever
//! the group is another than before, the reason.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Series;
use crate::cli::Outcome;
use crate::cli::output::{Output, Side, Table};
use crate::cli::speech::{Speech, or_none};
use crate::cli::why;
use crate::error::Error;
use crate::label::rule::Scope;
use crate::run::Manifest;
use crate::store::{self, CustomerInRun, StoreError, StoredRun};
use crate::types::{Bilingual, GroupKey, Language, SegmentId};

/// The figures of the path, in the table's order.
const FIGURES: [&str; 4] = ["recency_days", "n_orders", "monetary_total", "clv"];

/// A run of the path.
pub(super) struct Stop<'a> {
    run: &'a StoredRun,
    /// None where the run does not have the customer.
    found: Option<Found>,
}

struct Found {
    customer: CustomerInRun,
    reason: Option<Bilingual>,
}

pub(super) fn run(series: &Series, id: &str, language: Language, output: &Output) -> Outcome {
    if let Some(stops) = path(series, id)? {
        return show(series, &stops, language, output);
    }
    let rows = store::load_assignments(series.head())?;
    let (customer, run) = (id.to_owned(), series.head().manifest.run_id.clone());
    Err(StoreError::NoSuchCustomer { customer, run, near: why::near(&rows, id) }.into())
}

/// The path of a customer; none where no run of it has them.
pub(super) fn path<'a>(series: &'a Series, id: &str) -> Result<Option<Vec<Stop<'a>>>, Error> {
    let path = series.path().into_iter();
    let stops = path.map(|run| stop(run, id)).collect::<Result<Vec<_>, Error>>()?;
    Ok(stops.iter().any(|stop| stop.found.is_some()).then_some(stops))
}

/// The path as it is printed.
pub(super) fn show(
    series: &Series,
    stops: &[Stop<'_>],
    language: Language,
    output: &Output,
) -> Outcome {
    let head = &series.head().manifest;
    let last = stops.iter().rev().find_map(|stop| stop.found.as_ref());
    let customer = last.map_or("", |found| found.customer.assignment.customer.as_str());
    if output.json {
        return output.document(&json!({
            "series": head.series,
            "run_id": head.run_id,
            "customer_id": customer,
            "currency": head.currency,
            "path": document(stops),
        }));
    }
    output.text(&told(head, customer, stops, language))
}

fn stop<'a>(run: &'a StoredRun, id: &str) -> Result<Stop<'a>, Error> {
    let Some(customer) = store::load_customer(run, id)? else {
        return Ok(Stop { run, found: None });
    };
    let by_customer =
        run.manifest.taxonomies.first().is_some_and(|main| main.of == Scope::Customers);
    // A taxonomy of customers places one among all: the whole run is needed to tell why.
    let reason = if by_customer {
        why::reason(&store::load(run)?, customer.assignment.customer.as_str())?
    } else {
        let segments = store::load_segments(run)?.segments;
        let own: BTreeMap<SegmentId, Bilingual> =
            segments.into_iter().map(|found| (found.segment, found.label.reason)).collect();
        // What the segment says is of the group that waits, where one does.
        let given = customer.assignment.segment.filter(|_| customer.assignment.proposal.is_none());
        given.and_then(|segment| own.get(&segment).cloned())
    };
    Ok(Stop { run, found: Some(Found { customer, reason }) })
}

fn document(stops: &[Stop<'_>]) -> Vec<Value> {
    let mut before: Option<&GroupKey> = None;
    let mut rows = Vec::new();
    for Stop { run, found } in stops {
        let manifest = &run.manifest;
        let Some(Found { customer, reason }) = found else {
            before = None;
            rows.push(json!({
                "run_id": manifest.run_id, "as_of": manifest.as_of, "status": "absent",
            }));
            continue;
        };
        let row = &customer.assignment;
        let figures: BTreeMap<&str, Option<f64>> =
            FIGURES.iter().map(|name| (*name, customer.features.get(*name).copied())).collect();
        rows.push(json!({
            "run_id": manifest.run_id,
            "as_of": manifest.as_of,
            "status": if row.segment.is_some() { "buyer" } else { "prospect" },
            "segment": row.segment,
            "group": row.group,
            "name": manifest.group_names.get(&row.group),
            "moved": before.map(|before| *before != row.group),
            "figures": figures,
            "tier": row.tier,
            "membership": row.membership,
            "margin": row.margin,
            "reason": reason,
            "previous_group": row.previous_group,
            "group_changed_on": row.group_changed_on,
            "months_in_group": row.months_in_group,
            "moves": row.moves,
            "proposed_group": row.proposal.as_ref().map(|waiting| &waiting.group),
            "proposed_since": row.proposal.as_ref().map(|waiting| waiting.since),
        }));
        before = Some(&row.group);
    }
    rows
}

fn told(head: &Manifest, customer: &str, stops: &[Stop<'_>], language: Language) -> String {
    let speech = Speech(language);
    let say = |en, vi| speech.say(en, vi);
    let mut table = Table::new(&[
        (say("date", "ngày"), Side::Left),
        (say("segment", "phân khúc"), Side::Left),
        (say("group", "nhóm"), Side::Left),
        (say("recency", "lần mua cuối"), Side::Right),
        (say("orders", "đơn hàng"), Side::Right),
        (say("revenue", "doanh thu"), Side::Right),
        ("CLV", Side::Right),
        ("", Side::Left),
    ]);
    let mut reasons = String::new();
    let mut before: Option<(&GroupKey, Option<SegmentId>)> = None;
    for Stop { run, found } in stops {
        let manifest = &run.manifest;
        let date = manifest.as_of.to_string();
        let Some(Found { customer, reason }) = found else {
            let absent = say("(not in the run)", "(không có trong lần chạy)");
            let mut row = vec![date, "–".into(), absent.into()];
            row.resize(8, String::new());
            table.row(row);
            before = None;
            continue;
        };
        let row = &customer.assignment;
        let group = manifest.group_name(&row.group, language);
        let change = match before {
            None => say("enters", "xuất hiện"),
            Some((group, _)) if *group != row.group => say("changes group", "đổi nhóm"),
            Some((_, segment)) if segment != row.segment => say("changes segment", "đổi phân khúc"),
            Some(_) => "",
        };
        let figure = |name: &str, show: &dyn Fn(f64) -> String| {
            or_none(customer.features.get(name), |value| show(*value))
        };
        let whole = |value: f64| speech.whole(value);
        let amount = |value: f64| speech.money(value, &manifest.currency);
        table.row(vec![
            date.clone(),
            row.segment.map_or_else(|| "–".into(), |segment| segment.to_string()),
            group.to_owned(),
            figure(FIGURES[0], &|days| format!("{} {}", whole(days), say("days", "ngày"))),
            figure(FIGURES[1], &whole),
            figure(FIGURES[2], &amount),
            figure(FIGURES[3], &amount),
            change.into(),
        ]);
        if before.is_none_or(|(group, _)| *group != row.group) {
            let unknown = say("no reason can be told", "không nêu được lý do");
            let reason = reason.as_ref().map_or(unknown, |reason| reason.get(language));
            reasons += &format!("{date}  {group}: {reason}\n");
        }
        before = Some((&row.group, row.segment));
    }
    let last = stops.iter().rev().find_map(|stop| Some((stop.run, stop.found.as_ref()?)));
    let standing = last.map_or_else(String::new, |(run, found)| standing(run, found, language));
    let of = match language {
        Language::En => format!("Customer {customer} in {}", head.series),
        Language::Vi => format!("Khách hàng {customer} trong chuỗi {}", head.series),
    };
    format!("{of}: {standing}\n\n{}\n{reasons}", table.render())
}

/// Where the customer is in the last run that has them, and since when.
fn standing(run: &StoredRun, found: &Found, language: Language) -> String {
    let row = &found.customer.assignment;
    let (group, since) = (run.manifest.group_name(&row.group, language), row.group_changed_on);
    let months = row.months_in_group;
    let plural = |one, many, n: u64| if n == 1 { one } else { many };
    let moves = match (row.moves, language) {
        (None, Language::En) => "moves were not counted from the start".to_owned(),
        (None, Language::Vi) => "số lần đổi nhóm không được đếm từ đầu".to_owned(),
        (Some(moves), Language::En) => {
            format!("{moves} {} of group", plural("change", "changes", u64::from(moves)))
        }
        (Some(moves), Language::Vi) => format!("{moves} lần đổi nhóm"),
    };
    let waits = row.proposal.as_ref().map_or_else(String::new, |waiting| {
        let (group, since) = (run.manifest.group_name(&waiting.group, language), waiting.since);
        match language {
            Language::En => format!("; given {group} since {since}, which hysteresis puts off"),
            Language::Vi => {
                format!("; từ {since} được gán vào {group}, nhưng việc đổi nhóm đang được hoãn")
            }
        }
    });
    match language {
        Language::En => {
            let unit = plural("month", "months", u64::from(months));
            format!("{group} since {since}, {months} {unit}; {moves}{waits}")
        }
        Language::Vi => format!("{group} từ {since}, {months} tháng; {moves}{waits}"),
    }
}
