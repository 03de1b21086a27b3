//! What a person typed -> a decision that can be kept, or what is wrong with it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::GroupCard;
use crate::label::LabelError;
use crate::label::taxonomy::edits;
use crate::types::{AsOf, GroupKey, SegmentId};

/// A misspelling has at most this many wrong characters.
const NEAR: usize = 3;

/// Who decides, why, when, until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Who; not empty, one line.
    pub author: String,
    /// Why; not empty, one line.
    pub reason: String,
    /// The moment.
    pub at: Timestamp,
    /// The last date of a run for which it counts; without end where none. Not before the run.
    pub until: Option<Date>,
}

impl Statement {
    /// The same without blanks around author and reason.
    ///
    /// # Errors
    /// [`LabelError::NoWord`] for an empty author or reason, [`LabelError::ControlCharacter`] for one
    /// of several lines or with other control characters, [`LabelError::UntilBeforeRun`].
    pub fn checked(&self, as_of: AsOf) -> Result<Self, LabelError> {
        let text = |what: &'static str, text: &str| {
            let text = text.trim();
            if text.is_empty() {
                return Err(LabelError::NoWord { what });
            }
            if text.chars().any(char::is_control) {
                return Err(LabelError::ControlCharacter { what });
            }
            Ok(text.to_owned())
        };
        let statement = Self {
            author: text("author", &self.author)?,
            reason: text("reason", &self.reason)?,
            at: self.at,
            until: self.until,
        };
        match self.until {
            Some(until) if until < as_of.0 => Err(LabelError::UntilBeforeRun { until, as_of }),
            _ => Ok(statement),
        }
    }
}

/// The segment of `run` that `text` names, in capitals or not.
///
/// # Errors
/// [`LabelError::UnknownSegment`] with those that there are.
pub fn segment_among(
    text: &str,
    run: &str,
    segments: impl Iterator<Item = SegmentId>,
) -> Result<SegmentId, LabelError> {
    let segments: Vec<SegmentId> = segments.collect();
    let meant: Option<SegmentId> = text.to_uppercase().parse().ok();
    match meant.filter(|segment| segments.contains(segment)) {
        Some(segment) => Ok(segment),
        None => {
            let names: Vec<String> = segments.iter().map(SegmentId::to_string).collect();
            let (segment, run) = (text.to_owned(), run.to_owned());
            let near = near(text, names.iter().map(String::as_str));
            Err(LabelError::UnknownSegment { segment, run, near, known: names.join(", ") })
        }
    }
}

/// The group of `groups` whose key is `text`.
///
/// # Errors
/// [`LabelError::UnknownGroup`] with those that there are.
pub fn group_among(
    text: &str,
    groups: &BTreeMap<GroupKey, GroupCard>,
) -> Result<GroupKey, LabelError> {
    let key = GroupKey(text.to_owned());
    if groups.contains_key(&key) {
        return Ok(key);
    }
    // A name in either language is as near as can be: the key of it is what was meant.
    let named = groups.iter().find(|(_, card)| {
        [&card.name.en, &card.name.vi].iter().any(|name| name.to_lowercase() == text.to_lowercase())
    });
    let keys = || groups.keys().map(|key| key.0.as_str());
    let near = named.map(|(key, _)| key.0.clone()).or_else(|| near(text, keys()));
    let known = keys().collect::<Vec<_>>().join(", ");
    Err(LabelError::UnknownGroup { group: text.to_owned(), near, known })
}

/// The name most like `text`, of equals the first.
fn near<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let (distance, name) = names.map(|name| (edits(text, name), name)).min()?;
    (distance <= NEAR && distance < name.chars().count()).then(|| name.to_owned())
}
