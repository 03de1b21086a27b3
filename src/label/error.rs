//! What can go wrong in the labelling room: faults of a taxonomy file, each with its place, and
//! arguments that do not fit one another.

use std::fmt;

use jiff::civil::Date;
use thiserror::Error;

use super::fault::{Fault, hint};
use crate::types::{AsOf, SegmentId};

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
    /// A taxonomy of segments where one of customers is needed.
    #[error(
        "taxonomy `{taxonomy}` names segments, not customers: its rules speak of medians and \
         shares. Give one with `of = \"customers\"`"
    )]
    NotOfCustomers {
        /// Its key.
        taxonomy: String,
    },
    /// A run has no such segment.
    #[error(
        "run {run} has no segment `{segment}`{}. It has: {known}",
        hint(.near)
    )]
    UnknownSegment {
        /// As asked for.
        segment: String,
        /// The run.
        run: String,
        /// The one most like it.
        near: Option<String>,
        /// Those that it has.
        known: String,
    },
    /// The main taxonomy of a run has no such group.
    #[error(
        "the run's main taxonomy has no group `{group}`{}. Its groups: {known}",
        hint(.near)
    )]
    UnknownGroup {
        /// As asked for.
        group: String,
        /// The key most like it.
        near: Option<String>,
        /// Those that it has.
        known: String,
    },
    /// A judgement without a reason or an author.
    #[error(
        "the {what} is empty: a judgement is kept with who made it and why. Give --{what} a text"
    )]
    NoWord {
        /// `author` or `reason`.
        what: &'static str,
    },
    /// A reason or an author that would break lines and tables.
    #[error(
        "the {what} has a line break or another control character. Give --{what} one line of text"
    )]
    ControlCharacter {
        /// `author` or `reason`.
        what: &'static str,
    },
    /// A judgement that would never count.
    #[error(
        "--until {until} is before the date of the run, {as_of}: the judgement would never be in \
         force. Give a date from {as_of} on, or none"
    )]
    UntilBeforeRun {
        /// The last date.
        until: Date,
        /// The run's.
        as_of: AsOf,
    },
    /// Nothing to withdraw.
    #[error(
        "nobody's judgement on {segment} is in force in run {run}. `segtrail label overrides {series}` \
         lists what was decided"
    )]
    NothingToWithdraw {
        /// The segment.
        segment: SegmentId,
        /// The run.
        run: String,
        /// Its series.
        series: String,
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
    /// Nothing is wrong: what a person may want to know, such as what a run's data showed.
    Note,
}
