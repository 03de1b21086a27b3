//! Two runs side by side: how they were configured, what they read, and what each segment of either is
//! like in both.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::output::{Side, Table, count, money};
use crate::features::Unit;
use crate::label;
use crate::run::{Manifest, Segment, Segments};
use crate::track::{Comparison, Way};
use crate::types::{Bilingual, GroupKey, Language, SegmentId};

/// A key whose value differs.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Difference {
    pub key: String,
    pub before: Value,
    pub after: Value,
}

/// A segment of one run.
#[derive(Debug, Serialize)]
struct Look {
    group: GroupKey,
    name: Bilingual,
    customers: usize,
    share_of_revenue: Option<f64>,
    bootstrap_jaccard: Option<f64>,
    medians: BTreeMap<String, f64>,
}

/// A segment of either run, as both have it.
#[derive(Debug, Serialize)]
struct Beside {
    segment: SegmentId,
    before: Option<Look>,
    after: Option<Look>,
}

/// Two runs side by side.
#[derive(Debug, Serialize)]
pub(super) struct Overview {
    /// Keys of the configuration as used.
    configuration: Vec<Difference>,
    /// What was read and what became of it.
    data: Vec<Difference>,
    segments: Vec<Beside>,
}

impl Overview {
    pub(super) fn new(before: (&Manifest, &Segments), after: (&Manifest, &Segments)) -> Self {
        let mut configuration = Vec::new();
        differences("", &before.0.config, &after.0.config, &mut configuration);
        let mut data = Vec::new();
        differences("", &read(before.0), &read(after.0), &mut data);
        let of = |run: &Segments, id: SegmentId, names: &BTreeSet<&str>| {
            run.segments.iter().find(|own| own.segment == id).map(|own| look(own, names))
        };
        let both = || before.1.segments.iter().chain(&after.1.segments);
        let ids: BTreeSet<SegmentId> = both().map(|segment| segment.segment).collect();
        let clustered = both().flat_map(|segment| segment.spreads.keys().map(String::as_str));
        let clustered: BTreeSet<&str> = clustered.collect();
        let beside = |id: SegmentId| Beside {
            segment: id,
            before: of(before.1, id, &clustered),
            after: of(after.1, id, &clustered),
        };
        Self { configuration, data, segments: ids.into_iter().map(beside).collect() }
    }

    /// The overview as text; units and currency are those of the later run.
    pub(super) fn render(&self, comparison: &Comparison, later: &Manifest) -> String {
        let mut text = listed("Configuration", &self.configuration);
        text += &listed("Data", &self.data);
        text.push('\n');
        text += &self.profiles(later);
        text + &inside(comparison)
    }

    fn profiles(&self, later: &Manifest) -> String {
        let language = later.language;
        let looks = || self.segments.iter().flat_map(|beside| [&beside.before, &beside.after]);
        let names: BTreeSet<&str> =
            looks().flatten().flat_map(|look| look.medians.keys().map(String::as_str)).collect();
        let titles: Vec<&str> =
            names.iter().map(|name| label::feature_in_words(name, Language::En)).collect();
        let mut head = vec![
            ("segment", Side::Left),
            ("name", Side::Left),
            ("customers", Side::Right),
            ("stability", Side::Right),
        ];
        head.extend(titles.iter().map(|title| (*title, Side::Right)));
        let mut table = Table::new(&head);
        let pair = |beside: &Beside, of: &dyn Fn(&Look) -> String| {
            let side = |look: &Option<Look>| look.as_ref().map_or_else(|| "–".into(), of);
            match (side(&beside.before), side(&beside.after)) {
                (before, after) if before == after => after,
                (before, after) => format!("{before} → {after}"),
            }
        };
        for beside in &self.segments {
            let mut row = vec![
                beside.segment.to_string(),
                pair(beside, &|look| look.name.get(language).to_owned()),
                pair(beside, &|look| count(look.customers as u64)),
                pair(beside, &|look| {
                    look.bootstrap_jaccard.map_or_else(|| "–".into(), |value| format!("{value:.2}"))
                }),
            ];
            for name in &names {
                let unit = later.units.get(*name).copied().unwrap_or(Unit::Attribute);
                row.push(pair(beside, &|look| match (look.medians.get(*name), unit) {
                    (None, _) => "–".into(),
                    (Some(value), Unit::Money) => money(*value, &later.currency),
                    (Some(value), _) => {
                        label::figure_in_words(*value, unit, &later.currency, Language::En)
                    }
                }));
            }
            table.row(row);
        }
        format!("Medians before → after\n{}\n", table.render())
    }
}

fn look(segment: &Segment, names: &BTreeSet<&str>) -> Look {
    let medians = segment.profile.medians.iter();
    Look {
        group: segment.label.group.clone(),
        name: segment.label.name.clone(),
        customers: segment.profile.customers,
        share_of_revenue: segment.profile.share_of_revenue,
        bootstrap_jaccard: segment.bootstrap_jaccard,
        medians: medians
            .filter(|(name, _)| names.contains(name.as_str()))
            .map(|(name, value)| (name.clone(), *value))
            .collect(),
    }
}

/// What a run read, and what became of it.
fn read(manifest: &Manifest) -> Value {
    let files: serde_json::Map<String, Value> = (manifest.inputs.iter())
        .map(|file| {
            let about = serde_json::json!({ "rows": file.rows, "sha256": file.sha256.get(..8) });
            (format!("{} {}", file.table, file.path), about)
        })
        .collect();
    serde_json::json!({
        "as_of": manifest.as_of,
        "seed": manifest.seed,
        "segtrail_version": manifest.segtrail_version,
        "first_purchase": manifest.first_purchase,
        "last_purchase": manifest.last_purchase,
        "purchases": manifest.rows.purchases,
        "rejected": manifest.rows.rejected,
        "buyers": manifest.customers.buyers,
        "prospects": manifest.customers.prospects,
        "revenue": manifest.revenue,
        "files": files,
    })
}

/// The leaves that differ, by their path; lists are compared as a whole.
fn differences(path: &str, before: &Value, after: &Value, found: &mut Vec<Difference>) {
    if before == after {
        return;
    }
    if let (Value::Object(a), Value::Object(b)) = (before, after) {
        for key in a.keys().chain(b.keys()).collect::<BTreeSet<_>>() {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            let of = |side: &serde_json::Map<String, Value>| side.get(key).cloned();
            let (a, b) = (of(a).unwrap_or_default(), of(b).unwrap_or_default());
            differences(&path, &a, &b, found);
        }
        return;
    }
    found.push(Difference { key: path.to_owned(), before: before.clone(), after: after.clone() });
}

fn listed(title: &str, differences: &[Difference]) -> String {
    if differences.is_empty() {
        return format!("{title}: the same\n");
    }
    let mut text = format!("{title}\n");
    for Difference { key, before, after } in differences {
        text += &format!("  {key}: {} → {}\n", plain(before), plain(after));
    }
    text
}

/// A text without its quotation marks, anything else as in JSON.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What changed inside segments, and what looked like a split, a line each.
fn inside(comparison: &Comparison) -> String {
    let mut text = String::new();
    for change in &comparison.inside {
        let mut words = Vec::new();
        let percent = |share: f64| format!("{:.0} %", share.abs() * 100.0);
        match change.size {
            Way::Up => words.push(format!("grew by {}", percent(change.growth))),
            Way::Down => words.push(format!("shrank by {}", percent(change.growth))),
            Way::Steady => {}
        }
        let distance = change.distance.map_or(0.0, |ratio| ratio - 1.0);
        match change.looseness {
            Some(Way::Up) => words.push(format!("loosened by {}", percent(distance))),
            Some(Way::Down) => words.push(format!("tightened by {}", percent(distance))),
            _ => {}
        }
        if let Some(shift) = change.shift.filter(|_| change.shifted) {
            words.push(format!("shifted by {shift:.2} spreads"));
        }
        if !words.is_empty() {
            text += &format!("{} {}\n", change.segment, words.join(", "));
        }
    }
    for split in &comparison.splits {
        let parts: Vec<String> =
            split.into.iter().map(|(id, share)| format!("{id} ({:.0} %)", share * 100.0)).collect();
        let refits = match &split.refits {
            None => "its stability was not measured".to_owned(),
            Some(refits) => format!(
                "refits of its own month dissolved it in {:.0} %, mean Jaccard {:.2}",
                refits.dissolved * 100.0,
                refits.jaccard
            ),
        };
        let verdict = match split.reported {
            true => "a split",
            false => "not reported as a split: resampling alone does it",
        };
        let (segment, parts) = (split.segment, parts.join(" and "));
        text += &format!("{segment} looks split into {parts}; {refits}: {verdict}\n");
    }
    if text.is_empty() { text } else { format!("{text}\n") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn leaves_that_differ_are_named_by_their_path() {
        let before = json!({ "a": 1, "b": { "c": [1, 2], "d": "x" }, "e": null });
        let after = json!({ "a": 1, "b": { "c": [1, 3], "d": "x" }, "f": true });
        let mut found = Vec::new();
        differences("", &before, &after, &mut found);
        let told: Vec<(&str, &Value)> =
            found.iter().map(|difference| (difference.key.as_str(), &difference.after)).collect();
        assert_eq!(told, [("b.c", &json!([1, 3])), ("f", &json!(true))]);
        assert!(listed("Data", &[]).contains("the same"));
        assert!(listed("Data", &found).contains("b.c: [1,2] → [1,3]"));
    }
}
