//! Labels by rule + history -> labels with the judgements in force, and what a person should know.

use std::collections::BTreeMap;

use super::drift::drift;
use super::{Decision, GroupCard, Judgement, OverrideEntry, Overrides, texts};
use crate::features::Unit;
use crate::label::{Label, Profile};
use crate::types::{AsOf, GroupKey, SegmentId, Warning};

/// One segment of a run, its label to be judged.
#[derive(Debug)]
pub struct Named<'a> {
    /// Lineage id.
    pub segment: SegmentId,
    /// Where it stands.
    pub profile: &'a Profile,
    /// Its label, by rule or as an earlier call left it.
    pub label: &'a mut Label,
}

/// From where judgements are looked at.
#[derive(Clone, Copy)]
pub struct Standpoint<'a> {
    /// The date of the run.
    pub as_of: AsOf,
    /// The date of the run before: that a judgement has expired is said once.
    pub previous: Option<AsOf>,
    /// The most drift that is not flagged, in spreads, above 0; default [`super::DRIFT_LIMIT`].
    pub drift_limit: f64,
    /// The groups of the main taxonomy.
    pub groups: &'a BTreeMap<GroupKey, GroupCard>,
    /// Unit of a feature.
    pub unit: &'a dyn Fn(&str) -> Unit,
}

/// Gives each segment the group that a person's judgement in force says, and takes back those that
/// are in force no longer. Warns of judgements that expired since the run before, of those that
/// cannot be kept because their group or segment is gone, and of segments that drifted.
pub fn judge(
    overrides: &Overrides,
    seen: &Standpoint<'_>,
    segments: &mut [Named<'_>],
) -> Vec<Warning> {
    for named in segments.iter_mut() {
        if let Some(judgement) = named.label.judgement.take() {
            *named.label = *judgement.by_rule;
        }
    }
    let mut warnings = Vec::new();
    for (segment, entry) in overrides.last_words(seen.as_of) {
        let Decision::Set { group, until, baseline } = &entry.decision else { continue };
        let named = segments.iter_mut().find(|named| named.segment == segment);
        if let Some(until) = until.filter(|until| *until < seen.as_of.0) {
            if seen.previous.is_none_or(|previous| previous.0 <= until) {
                warnings.push(texts::expired(entry, group, until));
            }
            continue;
        }
        let Some(named) = named else {
            warnings.push(texts::ended(entry, group));
            continue;
        };
        let Some(card) = seen.groups.get(group) else {
            warnings.push(texts::group_gone(entry, group, &named.label.group, seen.groups));
            continue;
        };
        let drift = drift(baseline, named.profile, seen.drift_limit);
        let by_rule = Box::new(named.label.clone());
        let judgement = Judgement {
            author: entry.author.clone(),
            reason: entry.reason.clone(),
            set_on: entry.day(),
            set_in: entry.run.clone(),
            until: *until,
            drift,
            by_rule,
        };
        match &judgement.drift {
            Some(drift) if drift.flagged => {
                let by_rule = &judgement.by_rule.group;
                warnings.push(texts::drifted(entry, group, by_rule, drift, seen.unit));
            }
            Some(_) => {}
            None => warnings.push(texts::drift_unknown(entry, group)),
        }
        *named.label = judged(group, card, judgement, seen.unit);
    }
    warnings
}

/// The label of a segment that a person put into `group`. Rule and fidelity remain those of the
/// group that the rule gave: no rule gave this one. There is no runner-up, as no figure decides.
fn judged(
    group: &GroupKey,
    card: &GroupCard,
    judgement: Judgement,
    unit: &dyn Fn(&str) -> Unit,
) -> Label {
    Label {
        group: group.clone(),
        name: card.name.clone(),
        description: card.description.clone(),
        color: card.color.clone(),
        rule: judgement.by_rule.rule.clone(),
        reason: texts::reason(&judgement, unit),
        fidelity: judgement.by_rule.fidelity,
        treatment: card.treatment.clone(),
        runner_up: None,
        judgement: Some(judgement),
    }
}

impl OverrideEntry {
    /// `the judgement of Anna on S01 (of 2024-07-02)`, for messages.
    pub(super) fn whose(&self) -> String {
        format!("the judgement of {} on {} (of {})", self.author, self.segment, self.day())
    }
}
