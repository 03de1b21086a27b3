//! The top level of a taxonomy: keys, measures, attributes, what cannot be told, groups.

use std::collections::BTreeMap;

use toml::de::DeTable;

use super::super::fault::Fault;
use super::super::rule::{Formula, Scope};
use super::super::taxonomy::{AttributeKind, Group, Measure, Mode, Taxonomy, Way, Without};
use super::{Reader, Table};
use crate::types::GroupKey;

const TOP_KEYS: [&str; 11] = [
    "key",
    "version",
    "names",
    "of",
    "population",
    "mode",
    "assignment",
    "measure",
    "attributes",
    "without",
    "group",
];

impl Reader<'_> {
    pub(super) fn taxonomy(&mut self, entries: &DeTable<'_>) -> Option<Taxonomy> {
        let top = Table { entries, words: "the taxonomy".into(), start: 0 };
        self.refuse_unknown(&top, &TOP_KEYS);
        let key = self.key(&top, true);
        let version = self.version(&top);
        let names = self.bilingual(&top, "names");
        let of = [("segments", Scope::Segments), ("customers", Scope::Customers)];
        let of = self.choice(&top, "of", "`segments` or `customers`", &of);
        let everyone = [("buyers", false), ("everyone", true)];
        let everyone = self.choice(&top, "population", "`buyers` or `everyone`", &everyone);
        let mode = [("rules", false), ("prototype", true)];
        let prototypes = self.choice(&top, "mode", "`rules` or `prototype`", &mode);
        let assignment = [("many_to_one", Mode::ManyToOne), ("one_to_one", Mode::OneToOne)];
        let known = "`many_to_one` or `one_to_one`";
        let assignment = self.choice(&top, "assignment", known, &assignment);
        let together = [
            (
                "population",
                of == Scope::Segments,
                "a taxonomy of segments",
                "add `of = \"customers\"`",
            ),
            ("mode", prototypes && of == Scope::Customers, "`of = \"customers\"`", "name segments"),
            ("assignment", !prototypes, "rules", "add `mode = \"prototype\"`"),
        ];
        for (key, wrong, with, remedy) in together {
            if let Some((found, _)) = top.entries.get_key_value(key)
                && wrong
            {
                self.fault(found.span().start, Fault::Together { key, with, remedy });
            }
        }
        let measures = self.measures(&top);
        let attributes = self.attributes(&top, &measures);
        let without = self.without(&top);
        let groups = self.groups(&top, (!prototypes).then_some(of));
        Some(Taxonomy {
            key: key?.0,
            version: version?,
            names: names?.0,
            of,
            everyone,
            mode: if prototypes { assignment } else { Mode::Rules },
            measures,
            attributes,
            without,
            groups: groups.filter(|groups| !groups.is_empty())?,
        })
    }

    fn groups(&mut self, top: &Table<'_, '_>, scope: Option<Scope>) -> Option<Vec<Group>> {
        let Some(value) = top.entries.get("group") else {
            self.fault(0, Fault::NoGroup);
            return None;
        };
        let start = value.span().start;
        let tables = self.tables(top, "group", "group")?;
        let all = value.get_ref().as_array().map_or(0, |array| array.len());
        let mut earlier: Vec<(GroupKey, usize)> = Vec::new();
        let mut groups: Vec<(usize, Group)> = Vec::new();
        for table in &tables {
            if let Some(group) = self.group(table, &mut earlier, scope) {
                groups.push((table.start, group));
            }
        }
        if all == 0 {
            self.fault(start, Fault::NoGroup);
        }
        // Rules and looks are judged together only where all could be read.
        if groups.len() == all {
            self.judge(&groups, scope.is_some());
        }
        Some(groups.into_iter().map(|(_, group)| group).collect())
    }

    fn measures(&mut self, top: &Table<'_, '_>) -> Vec<Measure> {
        let mut found: Vec<Measure> = Vec::new();
        for table in self.tables(top, "measure", "measure").unwrap_or_default() {
            self.refuse_unknown(&table, &["key", "name", "first"]);
            let key = self.key(&table, false);
            let name = self.bilingual(&table, "name");
            if let Some((name, offset)) = &key
                && found.iter().any(|other| other.key == *name)
            {
                self.fault(*offset, Fault::NameTaken { name: name.clone() });
            }
            let ways = self.ways(&table, key.as_ref().map_or("", |(key, _)| key));
            if let (Some((key, _)), Some((name, _)), Some(ways)) = (key, name, ways) {
                found.push(Measure { key, name, ways });
            }
        }
        let keys: Vec<String> = found.iter().map(|measure| measure.key.clone()).collect();
        for measure in &found {
            for way in &measure.ways {
                for ((statistic, _), place) in way.formula.mentions().iter().zip(&way.places) {
                    let other = statistic.feature().filter(|name| keys.iter().any(|k| k == name));
                    if let Some(other) = other {
                        let (measure, other) = (measure.key.clone(), other.to_owned());
                        let fault = Fault::MeasureOfMeasure { measure, other };
                        self.faults.push((place.clone(), fault));
                    }
                }
            }
        }
        found
    }

    /// `first`: tables of a calculation `as` and its name.
    fn ways(&mut self, table: &Table<'_, '_>, measure: &str) -> Option<Vec<Way>> {
        let value = self.value(table, "first")?;
        let start = value.span().start;
        let tables = self.tables(table, "first", "way")?;
        if tables.is_empty() {
            let remedy = "write { value = \"…\", name = { en = \"…\", vi = \"…\" } }";
            let table = table.words.clone();
            self.fault(start, Fault::EmptyList { key: "first", table, remedy });
            return None;
        }
        let mut ways = Vec::new();
        let mut whole = true;
        for (index, mut way) in tables.into_iter().enumerate() {
            way.words = format!("way {} of {}", index + 1, table.words);
            self.refuse_unknown(&way, &["value", "name"]);
            let name = self.bilingual(&way, "name");
            let formula =
                self.text_of(&way, "value").and_then(|(text, span)| match Formula::parse(text) {
                    Ok(formula) => {
                        let places = self.places(formula.mentions(), &span, text);
                        Some((formula, places))
                    }
                    Err(fault) => {
                        let offset = self.inside(&span, text, fault.offset);
                        self.fault(offset, Fault::Formula { measure: measure.into(), fault });
                        None
                    }
                });
            match (formula, name) {
                (Some((formula, places)), Some((name, _))) => {
                    ways.push(Way { formula, name, places });
                }
                _ => whole = false,
            }
        }
        whole.then_some(ways)
    }

    fn attributes(
        &mut self,
        top: &Table<'_, '_>,
        measures: &[Measure],
    ) -> BTreeMap<String, AttributeKind> {
        let mut found = BTreeMap::new();
        let Some(value) = top.entries.get("attributes") else { return found };
        let Some(entries) = value.get_ref().as_table() else {
            self.wrong_type("attributes", value, "a table of columns, each `number` or `text`");
            return found;
        };
        for (key, value) in entries {
            let name = key.get_ref().to_string();
            if measures.iter().any(|measure| measure.key == name) {
                self.fault(key.span().start, Fault::NameTaken { name: name.clone() });
            }
            let kind = match value.get_ref().as_str() {
                Some("number") => AttributeKind::Number,
                Some("text") => AttributeKind::Text,
                Some(other) => {
                    let (value_text, known) = (other.to_owned(), "`number` or `text`");
                    let fault = Fault::Choice { key: name, value: value_text, known };
                    self.fault(value.span().start, fault);
                    continue;
                }
                None => {
                    self.wrong_type(&name, value, "`number` or `text` in quotes");
                    continue;
                }
            };
            found.insert(name, kind);
        }
        found
    }

    fn without(&mut self, top: &Table<'_, '_>) -> Vec<Without> {
        let mut found = Vec::new();
        for (index, mut table) in
            self.tables(top, "without", "without").unwrap_or_default().into_iter().enumerate()
        {
            table.words = format!("`without` {}", index + 1);
            self.refuse_unknown(&table, &["features", "text"]);
            let text = self.bilingual(&table, "text");
            let Some(value) = self.value(&table, "features") else { continue };
            let Some(array) = value.get_ref().as_array() else {
                self.wrong_type("features", value, "a list of features");
                continue;
            };
            if array.is_empty() {
                let remedy = "name the features whose absence it speaks of";
                let table = table.words.clone();
                self.fault(value.span().start, Fault::EmptyList { key: "features", table, remedy });
            }
            let mut features = Vec::new();
            for item in array.iter() {
                match item.get_ref().as_str() {
                    Some(name) => features.push((name.to_owned(), self.place(item.span().start))),
                    None => self.wrong_type("features", item, "the name of a feature in quotes"),
                }
            }
            if let Some((text, _)) = text {
                found.push(Without { features, text });
            }
        }
        found
    }
}
