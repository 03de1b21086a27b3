//! What can go wrong in the labelling room: faults of a taxonomy file, each with its place, and
//! arguments that do not fit one another.

use std::fmt;

use thiserror::Error;

use super::rule::RuleFault;

/// The longest name of a group, in characters: the limit of custom labels in message templates
/// of Zalo.
pub const MAX_NAME: usize = 30;

/// Why no segment could be named.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum LabelError {
    /// The taxonomy's text is faulty; this is the first fault.
    #[error("{place}: {fault}")]
    Taxonomy {
        /// Where.
        place: Place,
        /// What.
        fault: Box<Fault>,
    },
    /// No built-in taxonomy has the name.
    #[error("no taxonomy is called `{name}`; built in: {known}; or give the path of a TOML file")]
    UnknownTaxonomy {
        /// As asked for.
        name: String,
        /// The built-in names.
        known: String,
    },
    /// The table lacks a column that every profile needs.
    #[error("the feature table has no column `{column}`, which profiles need")]
    MissingColumn {
        /// Its name.
        column: &'static str,
    },
    /// Not one segment a buyer.
    #[error("{segments} segment numbers for {buyers} buyers; give one for each")]
    RowCount {
        /// Buyers in the table.
        buyers: usize,
        /// Numbers given.
        segments: usize,
    },
    /// A segment number beyond the last.
    #[error("customer `{customer}` is in segment {segment}, but there are {k}, numbered from 0")]
    SegmentOutOfRange {
        /// Who.
        customer: String,
        /// The number.
        segment: u32,
        /// Number of segments.
        k: usize,
    },
}

/// A place in the text of a taxonomy.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Name or path of the taxonomy as the user gave it.
    pub taxonomy: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

impl Place {
    /// The place of byte `offset` of `text`.
    pub(super) fn of(taxonomy: &str, text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = 1 + before.bytes().filter(|byte| *byte == b'\n').count();
        Self { taxonomy: taxonomy.into(), line, column: 1 + before[start..].chars().count() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { taxonomy, line, column } = self;
        write!(f, "taxonomy `{taxonomy}`, line {line}, column {column}")
    }
}

/// Whether a fault forbids the use of a taxonomy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It cannot be used.
    Error,
    /// It can be used; a person should look at it.
    Warning,
}

/// What is wrong with a taxonomy, one variant a rule.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    /// Not TOML.
    #[error("not valid TOML: {message}")]
    Syntax {
        /// As the TOML reader says it.
        message: String,
    },
    /// A key that means nothing here.
    #[error("unknown key `{key}` in {table}; known keys: {known}")]
    UnknownKey {
        /// The key.
        key: String,
        /// Where it stands.
        table: String,
        /// The keys that may stand there.
        known: String,
    },
    /// A key that must be there.
    #[error("{table} has no `{key}`; add it")]
    MissingKey {
        /// The key.
        key: &'static str,
        /// Where it is missed.
        table: String,
    },
    /// A value of another type.
    #[error("`{key}` must be {expected}, not {found}")]
    WrongType {
        /// The key.
        key: String,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: &'static str,
    },
    /// A text without a letter.
    #[error("`{key}` is empty; write its text")]
    EmptyText {
        /// The key.
        key: String,
    },
    /// A key that would not do as an identifier.
    #[error("key `{key}` must be lowercase letters a-z, digits and `_`, beginning with a letter")]
    BadKey {
        /// As written.
        key: String,
    },
    /// No group at all.
    #[error("the taxonomy has no group; add a `[[group]]` with the rule `otherwise`")]
    NoGroup,
    /// Two groups of one key.
    #[error("group `{group}` is already defined in line {first}; give each group its own key")]
    DuplicateGroup {
        /// The key.
        group: String,
        /// Line of the first.
        first: usize,
    },
    /// Not a colour.
    #[error("colour `{color}` must be `#` and six hexadecimal digits, such as `#0072b2`")]
    BadColor {
        /// As written.
        color: String,
    },
    /// A rule that cannot be read.
    #[error("rule of group `{group}`: {fault}")]
    Rule {
        /// The key of the group.
        group: String,
        /// What is wrong.
        fault: RuleFault,
    },
    /// A feature that no run can have.
    #[error("rule of group `{group}`: unknown feature `{feature}`{}; known: {known}", hint(.near))]
    UnknownFeature {
        /// The key of the group.
        group: String,
        /// As written.
        feature: String,
        /// A known feature spelt alike.
        near: Option<String>,
        /// All known features.
        known: String,
    },
    /// The last rule leaves segments without a group.
    #[error(
        "the last group, `{group}`, must have the rule `otherwise`, so that every segment \
             gets a group"
    )]
    NoOtherwise {
        /// The key of the last group.
        group: String,
    },
    /// A rule after one that always holds.
    #[error(
        "group `{group}` can never be given: the rule of `{by}` above it always holds; move \
             `{by}` to the end"
    )]
    Shadowed {
        /// The key of the group.
        group: String,
        /// The group whose rule always holds.
        by: String,
    },
    /// The same rule twice.
    #[error("group `{group}` can never be given: `{other}` above it has the same rule; change one")]
    SameRule {
        /// The key of the group.
        group: String,
        /// The earlier group.
        other: String,
    },
    /// A rule that never holds.
    #[error("group `{group}` can never be given: its rule is never true; correct or remove it")]
    NeverTrue {
        /// The key of the group.
        group: String,
    },
    /// A name too long for campaign tools.
    #[error(
        "name `{name}` of group `{group}` has {length} characters; more than {MAX_NAME} are \
             cut or refused by messaging platforms: shorten it"
    )]
    LongName {
        /// The key of the group.
        group: String,
        /// The name.
        name: String,
        /// Its characters.
        length: usize,
    },
    /// Two groups that a reader cannot tell apart.
    #[error("{what} `{value}` of group `{group}` is also that of `{other}`; make them differ")]
    SameLook {
        /// The key of the group.
        group: String,
        /// The earlier group.
        other: String,
        /// `name` or `colour`.
        what: &'static str,
        /// What both have.
        value: String,
    },
}

fn hint(near: &Option<String>) -> String {
    near.as_ref().map_or_else(String::new, |near| format!(" (did you mean `{near}`?)"))
}

impl Fault {
    /// Whether the taxonomy can be used all the same.
    pub fn severity(&self) -> Severity {
        match self {
            Self::NeverTrue { .. } | Self::LongName { .. } | Self::SameLook { .. } => {
                Severity::Warning
            }
            _ => Severity::Error,
        }
    }
}
