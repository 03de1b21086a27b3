//! History of what people decided + labels by rule -> labels with the judgements in force.
//!
//! A person may set the group of a segment against its rule. [`Overrides`] is the history of a
//! series, to which entries are only added; the last entry on a segment counts, from the run in
//! which it was made on, by date. [`judge`] puts the judgements in force into labels by rule and
//! keeps what the rule gave beside them; it undoes what an earlier call did first, so that labels
//! follow the history whatever they were. How far a segment has moved since is its [`Drift`]: a
//! judgement on a segment that drifted stays in force and is flagged. Reads no files and no clock.

mod apply;
mod drift;
mod request;
mod texts;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::{Label, Taxonomy, Treatment};
use crate::types::{AsOf, Bilingual, GroupKey, SegmentId};

pub use apply::{Named, Standpoint, judge};
pub use drift::{Baseline, Drift, baseline};
pub use request::{Statement, group_among, segment_among};

/// [`Standpoint::drift_limit`] where the configuration gives none, in spreads.
pub const DRIFT_LIMIT: f64 = 0.5;

/// The content of `overrides.json`: everything that people decided about the segments of a series,
/// in the order in which they did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Overrides {
    /// Never changed or taken out, only added to; numbered from 1.
    pub entries: Vec<OverrideEntry>,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OverrideEntry {
    /// Its place in the history, from 1.
    pub number: usize,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub author: String,
    /// Why.
    pub reason: String,
    /// On looking at which run.
    pub run: String,
    /// The date of that run: the first for which the decision counts.
    pub as_of: AsOf,
    /// The segment.
    pub segment: SegmentId,
    /// What.
    #[serde(flatten)]
    pub decision: Decision,
}

/// What a person decided about a segment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum Decision {
    /// It belongs to a group.
    Set {
        /// The group.
        group: GroupKey,
        /// The last date of a run for which this counts; without end where none.
        until: Option<Date>,
        /// Where the segment stood in that run, by clustered feature.
        baseline: BTreeMap<String, Baseline>,
    },
    /// The rule counts again.
    Withdrawn,
}

/// What becomes of an entry by a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum EntryStatus {
    /// It counts.
    InForce,
    /// Its last date is past.
    Expired,
    /// The entry of that number set another group.
    Replaced {
        /// The later entry.
        by: usize,
    },
    /// The entry of that number withdrew it.
    Withdrawn {
        /// The later entry.
        by: usize,
    },
    /// It begins with a later run.
    NotYet,
    /// It is itself the withdrawal of another, or of nothing.
    Withdrawal,
}

/// The judgement of a person that gave a segment its group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    /// Who.
    pub author: String,
    /// Why.
    pub reason: String,
    /// The day it was set, in UTC.
    pub set_on: Date,
    /// The run that it was set in.
    pub set_in: String,
    /// The last date of a run for which it counts; without end where none.
    pub until: Option<Date>,
    /// How far the segment has moved since; none where no feature of then is left to compare.
    pub drift: Option<Drift>,
    /// What the rule gave.
    pub by_rule: Box<Label>,
}

/// How a group is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupCard {
    /// Its name.
    pub name: Bilingual,
    /// What it is, in a sentence.
    pub description: Bilingual,
    /// `#rrggbb`.
    pub color: String,
    /// What to do; none where the taxonomy does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub treatment: Option<Treatment>,
}

impl Taxonomy {
    /// How its groups are shown, by key.
    pub fn cards(&self) -> BTreeMap<GroupKey, GroupCard> {
        let card = |group: &super::Group| GroupCard {
            name: group.name.clone(),
            description: group.description.clone(),
            color: group.color.clone(),
            treatment: group.treatment.clone(),
        };
        self.groups().iter().map(|group| (group.key.clone(), card(group))).collect()
    }
}

impl OverrideEntry {
    /// The day it was made, in UTC.
    pub fn day(&self) -> Date {
        self.at.to_zoned(TimeZone::UTC).date()
    }
}

impl Overrides {
    /// The last entry on each segment that counts for a run of `as_of`, expired ones and
    /// withdrawals among them: of the entries made in a run of that date or before, the last made.
    pub fn last_words(&self, as_of: AsOf) -> BTreeMap<SegmentId, &OverrideEntry> {
        let counted = self.entries.iter().filter(|entry| entry.as_of <= as_of);
        counted.map(|entry| (entry.segment, entry)).collect()
    }

    /// What has become of each entry by `as_of`, in their order.
    pub fn statuses(&self, as_of: AsOf) -> Vec<EntryStatus> {
        let status = |entry: &OverrideEntry| {
            let Decision::Set { until, .. } = entry.decision else {
                return EntryStatus::Withdrawal;
            };
            if entry.as_of > as_of {
                return EntryStatus::NotYet;
            }
            let later = self.entries.iter().filter(|other| other.number > entry.number);
            let mut later = later.filter(|other| other.as_of <= as_of);
            match later.find(|other| other.segment == entry.segment) {
                Some(other) if other.decision == Decision::Withdrawn => {
                    EntryStatus::Withdrawn { by: other.number }
                }
                Some(other) => EntryStatus::Replaced { by: other.number },
                None if until.is_some_and(|until| until < as_of.0) => EntryStatus::Expired,
                None => EntryStatus::InForce,
            }
        };
        self.entries.iter().map(status).collect()
    }
}
