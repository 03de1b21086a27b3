//! Two runs side by side: how they were configured, what they read, and what each segment of either is
//! like in both.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::output::{Side, Table};
use super::speech::{NONE, Speech, or_none};
use super::words::{CompareWords, InsideWords, fill};
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
    pub(super) fn render(
        &self,
        comparison: &Comparison,
        later: &Manifest,
        speech: Speech,
    ) -> String {
        let words = CompareWords::of(speech.0);
        let mut text = listed(words.configuration, &self.configuration, speech);
        text += &listed(words.data, &self.data, speech);
        text.push('\n');
        text += &self.profiles(later, speech);
        text + &inside(comparison, speech)
    }

    fn profiles(&self, later: &Manifest, speech: Speech) -> String {
        let words = CompareWords::of(speech.0);
        let language = speech.0;
        let looks = || self.segments.iter().flat_map(|beside| [&beside.before, &beside.after]);
        let names: BTreeSet<&str> =
            looks().flatten().flat_map(|look| look.medians.keys().map(String::as_str)).collect();
        let titles: Vec<&str> =
            names.iter().map(|name| label::feature_in_words(name, language)).collect();
        let mut head = vec![
            (words.segment, Side::Left),
            (words.name, Side::Left),
            (words.customers, Side::Right),
            (words.stability, Side::Right),
        ];
        head.extend(titles.iter().map(|title| (*title, Side::Right)));
        let mut table = Table::new(&head);
        let pair = |beside: &Beside, of: &dyn Fn(&Look) -> String| {
            let side = |look: &Option<Look>| or_none(look.as_ref(), of);
            match (side(&beside.before), side(&beside.after)) {
                (before, after) if before == after => after,
                (before, after) => format!("{before} → {after}"),
            }
        };
        for beside in &self.segments {
            let mut row = vec![
                beside.segment.to_string(),
                pair(beside, &|look| look.name.get(language).to_owned()),
                pair(beside, &|look| speech.count(look.customers)),
                pair(beside, &|look| {
                    or_none(look.bootstrap_jaccard, |value| speech.decimal(value, 2))
                }),
            ];
            for name in &names {
                let unit = later.units.get(*name).copied().unwrap_or(Unit::Attribute);
                row.push(pair(beside, &|look| match (look.medians.get(*name), unit) {
                    (None, _) => NONE.into(),
                    (Some(value), Unit::Money) => speech.money(*value, &later.currency),
                    (Some(value), _) => {
                        label::figure_in_words(*value, unit, &later.currency, language)
                    }
                }));
            }
            table.row(row);
        }
        format!("{}\n{}\n", words.medians, table.render())
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

fn listed(title: &str, differences: &[Difference], speech: Speech) -> String {
    if differences.is_empty() {
        return fill(CompareWords::of(speech.0).the_same, &[("title", title)]) + "\n";
    }
    let mut text = format!("{title}\n");
    for Difference { key, before, after } in differences {
        let [before, after] = [before, after].map(|value| plain(value, speech));
        text += &format!("  {}: {before} → {after}\n", speech.say(key, in_vietnamese(key)));
    }
    text
}

/// What a key of the data is called; keys of the configuration stay as they are.
fn in_vietnamese(key: &str) -> &str {
    match key {
        "as_of" => "ngày chốt",
        "seed" => "hạt giống",
        "segtrail_version" => "phiên bản segtrail",
        "first_purchase" => "lần mua đầu",
        "last_purchase" => "lần mua cuối",
        "purchases" => "giao dịch mua",
        "rejected" => "dòng bị từ chối",
        "buyers" => "khách hàng",
        "prospects" => "khách tiềm năng",
        "revenue" => "doanh thu",
        key => key,
    }
}

/// A text without its quotation marks, a number with the language's decimal sign, anything else as in
/// JSON.
fn plain(value: &Value, speech: Speech) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => match speech.0 {
            Language::En => number.to_string(),
            Language::Vi => number.to_string().replace('.', ","),
        },
        other => other.to_string(),
    }
}

/// What changed inside segments, and what looked like a split, a line each.
fn inside(comparison: &Comparison, speech: Speech) -> String {
    let words = InsideWords::of(speech.0);
    let mut text = String::new();
    for change in &comparison.inside {
        let mut told = Vec::new();
        let by =
            |template, share: f64| fill(template, &[("share", &speech.whole_percent(share.abs()))]);
        match change.size {
            Way::Up => told.push(by(words.grew, change.growth)),
            Way::Down => told.push(by(words.shrank, change.growth)),
            Way::Steady => {}
        }
        let distance = change.distance.map_or(0.0, |ratio| ratio - 1.0);
        match change.looseness {
            Some(Way::Up) => told.push(by(words.loosened, distance)),
            Some(Way::Down) => told.push(by(words.tightened, distance)),
            _ => {}
        }
        if let Some(shift) = change.shift.filter(|_| change.shifted) {
            told.push(fill(words.shifted, &[("spreads", &speech.decimal(shift, 2))]));
        }
        if !told.is_empty() {
            text += &format!("{} {}\n", change.segment, told.join(", "));
        }
    }
    for split in &comparison.splits {
        let parts = split.into.iter();
        let parts: Vec<String> =
            parts.map(|(id, share)| format!("{id} ({})", speech.whole_percent(*share))).collect();
        let refits = match &split.refits {
            None => words.not_measured.to_owned(),
            Some(refits) => fill(
                words.refits,
                &[
                    ("share", &speech.whole_percent(refits.dissolved)),
                    ("jaccard", &speech.decimal(refits.jaccard, 2)),
                ],
            ),
        };
        let values = [
            ("segment", &*split.segment.to_string()),
            ("parts", &parts.join(words.and)),
            ("refits", &refits),
            ("verdict", if split.reported { words.a_split } else { words.no_split }),
        ];
        text += &format!("{}\n", fill(words.looks_split, &values));
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
        let listed = |found: &[Difference]| listed("Data", found, Speech(Language::En));
        assert!(listed(&[]).contains("the same"));
        assert!(listed(&found).contains("b.c: [1,2] → [1,3]"));
    }
}
