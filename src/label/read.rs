//! TOML text of a taxonomy -> [`Taxonomy`] and every fault with its place, in the order of the
//! text. Reads the tree with its byte spans by hand, as a derived reader stops at the first
//! fault and knows no place inside a rule.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{Fault, MAX_NAME, Place};
use super::rule::Rule;
use super::taxonomy::{Group, Taxonomy};
use crate::types::{Bilingual, GroupKey};

const TOP_KEYS: [&str; 4] = ["key", "version", "names", "group"];
const GROUP_KEYS: [&str; 5] = ["key", "name", "description", "color", "rule"];
const LANGUAGES: [&str; 2] = ["en", "vi"];

/// Reads `text`; the taxonomy is there when no fault is an error.
pub(super) fn read(name: &str, text: &str) -> (Option<Taxonomy>, Vec<(Place, Fault)>) {
    let mut reader = Reader { name, text, faults: Vec::new() };
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        reader.fault(span.start, Fault::Syntax { message: error.message().trim().into() });
    }
    // What the TOML reader makes of a broken text would only give further, misleading faults.
    let taxonomy = if errors.is_empty() { reader.taxonomy(document.get_ref()) } else { None };
    reader.faults.sort_by(|left, right| left.0.cmp(&right.0));
    (taxonomy, reader.faults)
}

struct Reader<'t> {
    name: &'t str,
    text: &'t str,
    faults: Vec<(Place, Fault)>,
}

/// A table with the words and the place that messages about it use.
struct Table<'t, 'i> {
    entries: &'t DeTable<'i>,
    words: String,
    start: usize,
}

impl Reader<'_> {
    fn place(&self, offset: usize) -> Place {
        Place::of(self.name, self.text, offset)
    }

    fn fault(&mut self, offset: usize, fault: Fault) {
        self.faults.push((self.place(offset), fault));
    }

    fn taxonomy(&mut self, entries: &DeTable<'_>) -> Option<Taxonomy> {
        let top = Table { entries, words: "the taxonomy".into(), start: 0 };
        self.refuse_unknown(&top, &TOP_KEYS);
        let key = self.key(&top);
        let version = self.version(&top);
        let names = self.bilingual(&top, "names");
        let groups = self.groups(&top);
        Some(Taxonomy {
            key: key?.0,
            version: version?,
            names: names?.0,
            groups: groups.filter(|groups| !groups.is_empty())?,
        })
    }

    fn groups(&mut self, top: &Table<'_, '_>) -> Option<Vec<Group>> {
        let Some(value) = top.entries.get("group") else {
            self.fault(0, Fault::NoGroup);
            return None;
        };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong_type("group", value, "an array of tables, `[[group]]`");
            return None;
        };
        let mut starts: Vec<(GroupKey, usize)> = Vec::new();
        let mut groups: Vec<(usize, Group)> = Vec::new();
        for (index, item) in array.iter().enumerate() {
            let start = item.span().start;
            let Some(entries) = item.get_ref().as_table() else {
                self.wrong_type("group", item, "a table, `[[group]]`");
                continue;
            };
            let words = match entries.get("key").and_then(|key| key.get_ref().as_str()) {
                Some(key) => format!("group `{key}`"),
                None => format!("group {} (without a key)", index + 1),
            };
            let table = Table { entries, words, start };
            if let Some(group) = self.group(&table, &mut starts) {
                groups.push((start, group));
            }
        }
        if array.is_empty() {
            self.fault(value.span().start, Fault::NoGroup);
        }
        // Rules and looks are judged together only where all could be read.
        if groups.len() == array.len() {
            self.judge(&groups);
        }
        Some(groups.into_iter().map(|(_, group)| group).collect())
    }

    fn group(
        &mut self,
        table: &Table<'_, '_>,
        earlier: &mut Vec<(GroupKey, usize)>,
    ) -> Option<Group> {
        self.refuse_unknown(table, &GROUP_KEYS);
        let key = self.key(table).map(|(key, offset)| (GroupKey(key), offset));
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
        let rule = self.rule(table);
        let (rule, places) = rule?;
        Some(Group {
            key: key?.0,
            name: name?.0,
            description: description?.0,
            color: color?,
            rule,
            places,
        })
    }

    /// Faults that show only when rules and looks are set beside one another.
    fn judge(&mut self, groups: &[(usize, Group)]) {
        let key = |group: &Group| group.key.0.clone();
        for (index, (start, group)) in groups.iter().enumerate() {
            let above = &groups[..index];
            let always = above.iter().find(|(_, other)| other.rule.constant() == Some(true));
            let same = above.iter().find(|(_, other)| other.rule.same_as(&group.rule));
            if let Some((_, other)) = always {
                self.fault(*start, Fault::Shadowed { group: key(group), by: key(other) });
            } else if let Some((_, other)) = same {
                self.fault(*start, Fault::SameRule { group: key(group), other: key(other) });
            } else if group.rule.constant() == Some(false) {
                self.fault(*start, Fault::NeverTrue { group: key(group) });
            }
            for (_, other) in above {
                for (what, mine, theirs) in [
                    ("name", &group.name.en, &other.name.en),
                    ("name", &group.name.vi, &other.name.vi),
                    ("colour", &group.color, &other.color),
                ] {
                    if mine.eq_ignore_ascii_case(theirs) {
                        let (group, other, value) = (key(group), key(other), mine.clone());
                        self.fault(*start, Fault::SameLook { group, other, what, value });
                    }
                }
            }
        }
        if let Some((start, last)) = groups.last()
            && last.rule.constant() != Some(true)
        {
            self.fault(*start, Fault::NoOtherwise { group: key(last) });
        }
    }

    fn rule(&mut self, table: &Table<'_, '_>) -> Option<(Rule, Vec<Place>)> {
        let (text, span) = self.text_of(table, "rule")?;
        match Rule::parse(text) {
            Ok(rule) => {
                let offset = |position| self.inside(&span, text, position);
                let places = rule.positions().iter().map(|at| self.place(offset(*at))).collect();
                Some((rule, places))
            }
            Err(fault) => {
                let group = table.entries.get("key").and_then(|key| key.get_ref().as_str());
                let group = group.unwrap_or_default().to_owned();
                self.fault(self.inside(&span, text, fault.offset), Fault::Rule { group, fault });
                None
            }
        }
    }

    /// The offset in the file of byte `position` of a string value. Exact unless the string is
    /// written with escapes: then the start of the string.
    fn inside(&self, span: &Range<usize>, value: &str, position: usize) -> usize {
        let raw = self.text.get(span.clone()).unwrap_or_default();
        raw.find(value).map_or(span.start, |start| span.start + start + position)
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

    fn key(&mut self, table: &Table<'_, '_>) -> Option<(String, usize)> {
        let (key, span) = self.text_of(table, "key")?;
        let good = key.starts_with(|c: char| c.is_ascii_lowercase())
            && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if good {
            return Some((key.into(), span.start));
        }
        self.fault(span.start, Fault::BadKey { key: key.into() });
        None
    }

    fn version(&mut self, table: &Table<'_, '_>) -> Option<u32> {
        let value = self.value(table, "version")?;
        let integer = value.get_ref().as_integer();
        let version = integer.and_then(|i| u32::from_str_radix(i.as_str(), i.radix()).ok());
        let version = version.filter(|version| *version > 0);
        if version.is_none() {
            self.wrong_type("version", value, "a whole number from 1");
        }
        version
    }

    /// Both texts with the offsets at which they start.
    fn bilingual(
        &mut self,
        table: &Table<'_, '_>,
        key: &'static str,
    ) -> Option<(Bilingual, [usize; 2])> {
        let value = self.value(table, key)?;
        let Some(entries) = value.get_ref().as_table() else {
            self.wrong_type(key, value, "a table with a text in `en` and in `vi`");
            return None;
        };
        let words = format!("`{key}` of {}", table.words);
        let inner = Table { entries, words, start: value.span().start };
        self.refuse_unknown(&inner, &LANGUAGES);
        let en = self.text_of(&inner, "en");
        let vi = self.text_of(&inner, "vi");
        let ((en, en_span), (vi, vi_span)) = (en?, vi?);
        let text = Bilingual { en: en.trim().into(), vi: vi.trim().into() };
        Some((text, [en_span.start, vi_span.start]))
    }

    /// The text under `key`, which must be there and not blank, and its span.
    fn text_of<'t>(
        &mut self,
        table: &Table<'t, '_>,
        key: &'static str,
    ) -> Option<(&'t str, Range<usize>)> {
        let value = self.value(table, key)?;
        let Some(text) = value.get_ref().as_str() else {
            self.wrong_type(key, value, "a text in quotes");
            return None;
        };
        if text.trim().is_empty() {
            self.fault(value.span().start, Fault::EmptyText { key: key.into() });
            return None;
        }
        Some((text, value.span()))
    }

    fn value<'t, 'i>(
        &mut self,
        table: &Table<'t, 'i>,
        key: &'static str,
    ) -> Option<&'t Spanned<DeValue<'i>>> {
        let value = table.entries.get(key);
        if value.is_none() {
            self.fault(table.start, Fault::MissingKey { key, table: table.words.clone() });
        }
        value
    }

    fn refuse_unknown(&mut self, table: &Table<'_, '_>, known: &[&str]) {
        for key in table.entries.keys() {
            let (name, table) = (key.get_ref().to_string(), table.words.clone());
            if !known.contains(&name.as_str()) {
                let known = known.join(", ");
                self.fault(key.span().start, Fault::UnknownKey { key: name, table, known });
            }
        }
    }

    fn wrong_type(&mut self, key: &str, value: &Spanned<DeValue<'_>>, expected: &'static str) {
        let found = match value.get_ref().type_str() {
            "string" => "a text",
            "integer" => "this whole number",
            "float" => "a number with a fraction",
            "boolean" => "true or false",
            "array" => "an array",
            "table" => "a table",
            _ => "a date or time",
        };
        self.fault(value.span().start, Fault::WrongType { key: key.into(), expected, found });
    }
}
