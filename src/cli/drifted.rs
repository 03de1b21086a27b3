//! What stands out of the drift between two runs, a line each.

use super::speech::Speech;
use super::words::{CompareWords, fill};
use crate::track::{Drift, DriftVerdict, Gravity};

/// The changes of the input, then the features and shares that drifted; empty where nothing did.
pub(super) fn drift_text(drift: &Drift, speech: Speech) -> String {
    let words = CompareWords::of(speech.0);
    let mut lines = Vec::new();
    for found in drift.inputs.iter().flat_map(|inputs| inputs.outstanding()) {
        let template = match found.gravity {
            Gravity::Severe => words.severe_input_drift,
            _ => words.input_drift,
        };
        lines.push(fill(template, &[("sentence", found.sentence.get(speech.0))]));
    }
    let features = drift.features.iter().map(|one| {
        let index = one.aged.unwrap_or(one.stability_index).value;
        (one.feature.as_str(), index, one.verdict)
    });
    let attributes = (drift.attributes.iter())
        .map(|one| (one.feature.as_str(), one.stability_index.value, one.verdict));
    let shares = (drift.segment_shares.iter())
        .map(|shares| (words.segment_shares, shares.value, drift.segment_verdict));
    for (name, index, verdict) in features.chain(attributes).chain(shares) {
        let template = match verdict {
            DriftVerdict::Moderate => words.moderate_drift,
            DriftVerdict::Major => words.major_drift,
            _ => continue,
        };
        lines.push(fill(template, &[("name", name), ("index", &speech.decimal(index, 3))]));
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}
