//! TOML text of a taxonomy -> [`Taxonomy`] and every fault with its place, in the order of the
//! text. Reads the tree with its byte spans by hand, as a derived reader stops at the first
//! fault and knows no place inside a rule.

mod document;
mod group;
mod judge;

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::Place;
use super::fault::Fault;
use super::taxonomy::Taxonomy;
use crate::types::Bilingual;

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

    /// The offset in the file of byte `position` of a string value. Exact unless the string is
    /// written with escapes: then the start of the string.
    fn inside(&self, span: &Range<usize>, value: &str, position: usize) -> usize {
        let raw = self.text.get(span.clone()).unwrap_or_default();
        raw.find(value).map_or(span.start, |start| span.start + start + position)
    }

    /// The table's `key`, which may have a hyphen where `hyphen` says so.
    fn key(&mut self, table: &Table<'_, '_>, hyphen: bool) -> Option<(String, usize)> {
        let (key, span) = self.text_of(table, "key")?;
        let belongs = |b: u8| {
            b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || (hyphen && b == b'-')
        };
        let good = key.starts_with(|c: char| c.is_ascii_lowercase()) && key.bytes().all(belongs);
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

    /// The array of tables under `key`, each with its words; none where the key is not there.
    fn tables<'t, 'i>(
        &mut self,
        table: &Table<'t, 'i>,
        key: &'static str,
        what: &str,
    ) -> Option<Vec<Table<'t, 'i>>> {
        let value = table.entries.get(key)?;
        let Some(array) = value.get_ref().as_array() else {
            let expected = match key {
                "group" => "an array of tables, `[[group]]`",
                _ => "an array of tables",
            };
            self.wrong_type(key, value, expected);
            return None;
        };
        let mut found = Vec::new();
        for (index, item) in array.iter().enumerate() {
            let Some(entries) = item.get_ref().as_table() else {
                let expected = match key {
                    "group" => "a table, `[[group]]`",
                    _ => "a table",
                };
                self.wrong_type(key, item, expected);
                continue;
            };
            let words = match entries.get("key").and_then(|key| key.get_ref().as_str()) {
                Some(key) => format!("{what} `{key}`"),
                None => format!("{what} {} (without a key)", index + 1),
            };
            found.push(Table { entries, words, start: item.span().start });
        }
        Some(found)
    }

    /// The text under `key`, where it is there, and its span.
    fn optional_text<'t>(
        &mut self,
        table: &Table<'t, '_>,
        key: &'static str,
    ) -> Option<(&'t str, Range<usize>)> {
        if table.entries.contains_key(key) { self.text_of(table, key) } else { None }
    }

    /// One of `choices` under `key`; the first where the key is not there.
    fn choice<T: Copy>(
        &mut self,
        table: &Table<'_, '_>,
        key: &'static str,
        known: &'static str,
        choices: &[(&str, T)],
    ) -> T {
        let Some((text, span)) = self.optional_text(table, key) else { return choices[0].1 };
        match choices.iter().find(|(name, _)| *name == text) {
            Some((_, choice)) => *choice,
            None => {
                let (key, value) = (key.to_owned(), text.to_owned());
                self.fault(span.start, Fault::Choice { key, value, known });
                choices[0].1
            }
        }
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
        let found = kind(value);
        self.fault(value.span().start, Fault::WrongType { key: key.into(), expected, found });
    }
}

/// What a value is, in words.
fn kind(value: &Spanned<DeValue<'_>>) -> &'static str {
    match value.get_ref().type_str() {
        "string" => "a text",
        "integer" => "this whole number",
        "float" => "a number with a fraction",
        "boolean" => "true or false",
        "array" => "an array",
        "table" => "a table",
        _ => "a date or time",
    }
}
