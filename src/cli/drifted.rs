//! What stands out of the drift between two runs, a line each.

use crate::track::{Drift, DriftVerdict, Gravity};

/// The changes of the input, then the features and shares that drifted; empty where nothing did.
pub(super) fn drift_text(drift: &Drift) -> String {
    let mut lines = Vec::new();
    for found in drift.inputs.iter().flat_map(|inputs| inputs.outstanding()) {
        let severe = if found.gravity == Gravity::Severe { "severe: " } else { "" };
        lines.push(format!("input drift: {severe}{}", found.sentence.en));
    }
    let word = |verdict| match verdict {
        DriftVerdict::Moderate => Some("moderate"),
        DriftVerdict::Major => Some("major"),
        _ => None,
    };
    let mut drifted = Vec::new();
    for one in &drift.features {
        let index = one.aged.unwrap_or(one.stability_index).value;
        drifted.extend(word(one.verdict).map(|word| (one.feature.as_str(), index, word)));
    }
    for one in &drift.attributes {
        let index = one.stability_index.value;
        drifted.extend(word(one.verdict).map(|word| (one.feature.as_str(), index, word)));
    }
    if let Some(shares) = drift.segment_shares {
        let found = word(drift.segment_verdict).map(|word| ("segment shares", shares.value, word));
        drifted.extend(found);
    }
    for (name, index, word) in drifted {
        lines.push(format!("{word} drift: {name}, population stability index {index:.3}"));
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}
