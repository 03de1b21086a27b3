//! Judgements -> sentences: the reason beside a name, in English and Vietnamese, and warnings.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{Drift, GroupCard, Judgement, OverrideEntry};
use crate::features::Unit;
use crate::label::{vocabulary, words};
use crate::types::{Bilingual, GroupKey, Language, Warning};

/// Why a segment has the group that a person gave it, and what the rule says.
pub(super) fn reason(judgement: &Judgement, unit: &dyn Fn(&str) -> Unit) -> Bilingual {
    Bilingual {
        en: sentences(judgement, unit, Language::En),
        vi: sentences(judgement, unit, Language::Vi),
    }
}

fn sentences(judgement: &Judgement, unit: &dyn Fn(&str) -> Unit, language: Language) -> String {
    let Judgement { author, until, drift, by_rule, .. } = judgement;
    let on = date(judgement.set_on, language);
    // The person's own mark at the end, where there is one.
    let ended = judgement.reason.ends_with(['.', '!', '?', '…']);
    let why = format!("{}{}", judgement.reason, if ended { "" } else { "." });
    let name = by_rule.name.get(language);
    let by_rule = by_rule.reason.get(language);
    let flagged = drift.as_ref().filter(|drift| drift.flagged);
    let mut text = match language {
        Language::En => format!("Judged by {author} on {on}: {why}"),
        Language::Vi => format!("Theo nhận định của {author} ngày {on}: {why}"),
    };
    if let Some(until) = until {
        let until = date(*until, language);
        text += &match language {
            Language::En => format!(" Valid until {until}."),
            Language::Vi => format!(" Có hiệu lực đến hết ngày {until}."),
        };
    }
    if let Some(drift) = flagged {
        let moved = moved(drift, unit, language);
        text += &match language {
            Language::En => {
                format!(" Since then the segment has drifted by {moved}: look at it again.")
            }
            Language::Vi => format!(" Từ đó đến nay phân khúc đã lệch {moved}: cần xem xét lại."),
        };
    }
    text += &match language {
        Language::En => format!(" By the rule it would be “{name}”: {by_rule}"),
        Language::Vi => format!(" Nếu theo quy tắc thì phân khúc thuộc nhóm “{name}”: {by_rule}"),
    };
    text
}

/// `0.8 spreads (limit 0.5) in days since last purchase (from 12 to 40)`.
fn moved(drift: &Drift, unit: &dyn Fn(&str) -> Unit, language: Language) -> String {
    let feature = vocabulary::feature(&drift.feature, language);
    let unit = unit(&drift.feature);
    let shown = |value: f64| words::figure(value, unit, words::decimals(value, unit), language);
    let (then, now) = (shown(drift.then), shown(drift.now));
    let spreads = words::figure(drift.spreads, Unit::Ratio, 2, language);
    let limit = words::plain(drift.limit, language);
    match language {
        Language::En => {
            format!("{spreads} spreads (limit {limit}) in {feature} (from {then} to {now})")
        }
        Language::Vi => format!(
            "{spreads} lần độ phân tán (ngưỡng {limit}) về {feature} (từ {then} thành {now})"
        ),
    }
}

/// As the report writes dates.
fn date(date: Date, language: Language) -> String {
    match language {
        Language::En => date.strftime("%-d %B %Y").to_string(),
        Language::Vi => date.strftime("%d/%m/%Y").to_string(),
    }
}

pub(super) fn expired(entry: &OverrideEntry, group: &GroupKey, until: Date) -> Warning {
    Warning::new(
        "override_expired",
        format!(
            "{} that it is `{group}` was valid until {until}: its rule names it again. Set it anew \
             with segtrail label set where it still holds",
            entry.whose()
        ),
    )
}

pub(super) fn ended(entry: &OverrideEntry, group: &GroupKey) -> Warning {
    Warning::new(
        "override_segment_ended",
        format!(
            "{} that it is `{group}` has nothing to hold for: this run has no segment {}. It stays \
             in overrides.json and holds again where the segment comes back; segtrail label unset \
             {} {} withdraws it",
            entry.whose(),
            entry.segment,
            entry.run,
            entry.segment
        ),
    )
}

pub(super) fn group_gone(
    entry: &OverrideEntry,
    group: &GroupKey,
    by_rule: &GroupKey,
    groups: &BTreeMap<GroupKey, GroupCard>,
) -> Warning {
    let known: Vec<&str> = groups.keys().map(|key| key.0.as_str()).collect();
    Warning::new(
        "override_group_unknown",
        format!(
            "{} that it is `{group}` cannot be kept: the taxonomy has no such group (it has: {}). \
             The rule's `{by_rule}` stands, the judgement stays in overrides.json. Set another \
             group with segtrail label set",
            entry.whose(),
            known.join(", ")
        ),
    )
}

pub(super) fn drifted(
    entry: &OverrideEntry,
    group: &GroupKey,
    by_rule: &GroupKey,
    drift: &Drift,
    unit: &dyn Fn(&str) -> Unit,
) -> Warning {
    Warning::new(
        "override_drifted",
        format!(
            "{} that it is `{group}` stays in force, but the segment has since drifted by {}; the \
             rule says `{by_rule}`. Set it anew with segtrail label set, or withdraw it with \
             segtrail label unset",
            entry.whose(),
            moved(drift, unit, Language::En)
        ),
    )
}

pub(super) fn drift_unknown(entry: &OverrideEntry, group: &GroupKey) -> Warning {
    Warning::new(
        "override_drift_unknown",
        format!(
            "{} that it is `{group}` stays in force, but how far the segment has moved since cannot \
             be told: it has none of the features that it was clustered by then. Set it anew with \
             segtrail label set",
            entry.whose()
        ),
    )
}
