//! A `[[group]]` -> [`Group`]: key, texts, colour, rule or prototype, treatment, aliases.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::DeValue;

use super::super::error::Place;
use super::super::fault::{Fault, MAX_NAME};
use super::super::rule::{Percent, Rule, Scope, Statistic};
use super::super::taxonomy::{Group, Ideal, IdealValue, Meaning, Treatment};
use super::super::tool::Tool;
use super::{Reader, Table, kind};
use crate::types::{Bilingual, GroupKey};

const GROUP_KEYS: [&str; 8] =
    ["key", "name", "description", "color", "rule", "prototype", "treatment", "aliases"];
const TREATMENT_KEYS: [&str; 3] = ["do", "channel", "avoid"];

impl Reader<'_> {
    /// `earlier` are the keys of the groups above; `scope` is none with prototypes.
    pub(super) fn group(
        &mut self,
        table: &Table<'_, '_>,
        earlier: &mut Vec<(GroupKey, usize)>,
        scope: Option<Scope>,
    ) -> Option<Group> {
        self.refuse_unknown(table, &GROUP_KEYS);
        let key = self.key(table, false).map(|(key, offset)| (GroupKey(key), offset));
        if let Some((key, offset)) = &key {
            match earlier.iter().find(|(other, _)| other == key) {
                Some((_, first)) => {
                    let first = self.place(*first).line;
                    self.fault(*offset, Fault::DuplicateGroup { group: key.0.clone(), first });
                }
                None => earlier.push((key.clone(), *offset)),
            }
        }
        let name = self.bilingual(table, "name");
        if let (Some((names, offsets)), Some((key, _))) = (&name, &key) {
            for (name, offset) in [&names.en, &names.vi].into_iter().zip(offsets) {
                let length = name.chars().count();
                if length > MAX_NAME {
                    let (group, name) = (key.0.clone(), name.clone());
                    self.fault(*offset, Fault::LongName { group, name, length });
                }
            }
        }
        let description = self.bilingual(table, "description");
        let color = self.color(table);
        let meaning = match scope {
            Some(scope) => {
                self.refuse_other(table, "prototype", "`mode = \"rules\"`", "write a `rule`");
                self.rule(table, scope)
            }
            None => {
                let remedy = "write a `prototype`";
                self.refuse_other(table, "rule", "`mode = \"prototype\"`", remedy);
                self.prototype(table)
            }
        };
        let treatment = self.treatment(table, key.as_ref().map(|(key, _)| key));
        let aliases = self.aliases(table);
        let (meaning, rule_place, places) = meaning?;
        let ((name, name_at), (description, description_at)) = (name?, description?);
        Some(Group {
            key: key?.0,
            name,
            description,
            color: color?,
            meaning,
            treatment,
            aliases,
            place: self.place(table.start),
            places,
            name_places: name_at.map(|offset| self.place(offset)),
            description_places: description_at.map(|offset| self.place(offset)),
            rule_place,
        })
    }

    fn refuse_other(
        &mut self,
        table: &Table<'_, '_>,
        key: &'static str,
        with: &'static str,
        remedy: &'static str,
    ) {
        if let Some((found, _)) = table.entries.get_key_value(key) {
            self.fault(found.span().start, Fault::Together { key, with, remedy });
        }
    }

    fn rule(
        &mut self,
        table: &Table<'_, '_>,
        scope: Scope,
    ) -> Option<(Meaning, Place, Vec<Place>)> {
        let (text, span) = self.text_of(table, "rule")?;
        match Rule::parse_in(text, scope) {
            Ok(rule) => {
                let places = self.places(rule.mentions(), &span, text);
                let start = self.place(self.inside(&span, text, 0));
                Some((Meaning::Rule(rule), start, places))
            }
            Err(fault) => {
                let group = table.entries.get("key").and_then(|key| key.get_ref().as_str());
                let group = group.unwrap_or_default().to_owned();
                self.fault(self.inside(&span, text, fault.offset), Fault::Rule { group, fault });
                None
            }
        }
    }

    /// The places in the file of statistics at byte offsets of a text.
    pub(super) fn places(
        &self,
        mentions: Vec<(&Statistic, usize)>,
        span: &Range<usize>,
        text: &str,
    ) -> Vec<Place> {
        mentions.iter().map(|(_, at)| self.place(self.inside(span, text, *at))).collect()
    }

    fn prototype(&mut self, table: &Table<'_, '_>) -> Option<(Meaning, Place, Vec<Place>)> {
        let value = self.value(table, "prototype")?;
        let Some(entries) = value.get_ref().as_table() else {
            self.wrong_type("prototype", value, "a table of features with their ideal values");
            return None;
        };
        let start = value.span().start;
        if entries.is_empty() {
            let remedy = "name features with their ideal values";
            let table = table.words.clone();
            self.fault(start, Fault::EmptyList { key: "prototype", table, remedy });
            return None;
        }
        let (mut ideals, mut places, mut whole) = (Vec::new(), Vec::new(), true);
        let mut named: Vec<_> = entries.iter().collect();
        named.sort_by_key(|(feature, _)| feature.span().start);
        for (feature, value) in named {
            match ideal(value) {
                Ok(ideal) => {
                    let feature = feature.get_ref().to_string();
                    ideals.push(Ideal { feature, value: ideal });
                }
                Err(found) => {
                    let feature = feature.get_ref().to_string();
                    self.fault(value.span().start, Fault::BadIdeal { feature, found });
                    whole = false;
                }
            }
            places.push(self.place(feature.span().start));
        }
        whole.then(|| (Meaning::Prototype(ideals), self.place(start), places))
    }

    fn treatment(&mut self, table: &Table<'_, '_>, key: Option<&GroupKey>) -> Option<Treatment> {
        let Some(value) = table.entries.get("treatment") else {
            if let Some(key) = key {
                self.fault(table.start, Fault::NoTreatment { group: key.0.clone() });
            }
            return None;
        };
        let Some(entries) = value.get_ref().as_table() else {
            self.wrong_type("treatment", value, "a table with `do`, `channel` and `avoid`");
            return None;
        };
        let words = format!("`treatment` of {}", table.words);
        let inner = Table { entries, words, start: value.span().start };
        self.refuse_unknown(&inner, &TREATMENT_KEYS);
        let [action, channel, avoid] = TREATMENT_KEYS.map(|key| self.bilingual(&inner, key));
        let text = |found: Option<(Bilingual, [usize; 2])>| Some(found?.0);
        Some(Treatment { action: text(action)?, channel: text(channel)?, avoid: text(avoid)? })
    }

    fn aliases(&mut self, table: &Table<'_, '_>) -> BTreeMap<Tool, String> {
        let mut found = BTreeMap::new();
        let Some(value) = table.entries.get("aliases") else { return found };
        let Some(entries) = value.get_ref().as_table() else {
            self.wrong_type("aliases", value, "a table of campaign tools with names");
            return found;
        };
        for (key, value) in entries {
            let name = key.get_ref().to_string();
            let Some(tool) = Tool::named(&name) else {
                let (table, known) = (format!("`aliases` of {}", table.words), Tool::keys());
                self.fault(key.span().start, Fault::UnknownKey { key: name, table, known });
                continue;
            };
            match value.get_ref().as_str() {
                None => self.wrong_type(&name, value, "a text in quotes"),
                Some(text) if text.trim().is_empty() => {
                    self.fault(value.span().start, Fault::EmptyText { key: name });
                }
                Some(text) => {
                    found.insert(tool, text.trim().to_owned());
                }
            }
        }
        found
    }

    fn color(&mut self, table: &Table<'_, '_>) -> Option<String> {
        let (color, span) = self.text_of(table, "color")?;
        let digits = color.strip_prefix('#').unwrap_or_default();
        if digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Some(color.to_ascii_lowercase());
        }
        self.fault(span.start, Fault::BadColor { color: color.into() });
        None
    }
}

/// A number, or a percentile such as `"p90"`; otherwise what it is.
fn ideal(value: &Spanned<DeValue<'_>>) -> Result<IdealValue, String> {
    match value.get_ref() {
        DeValue::Integer(number) => {
            let parsed = i64::from_str_radix(number.as_str(), number.radix());
            parsed.map(|number| IdealValue::Number(number as f64)).map_err(|_| number.to_string())
        }
        DeValue::Float(number) => match number.as_str().parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(IdealValue::Number(value)),
            _ => Err(number.to_string()),
        },
        DeValue::String(text) => {
            let percent = text.strip_prefix('p').and_then(|digits| digits.parse().ok());
            let percent = percent.and_then(Percent::new).map(IdealValue::Percentile);
            percent.ok_or_else(|| format!("\"{text}\""))
        }
        _ => Err(kind(value).to_owned()),
    }
}
