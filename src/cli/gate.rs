//! `--gate`: what did not hold ends a command with exit code 3, after everything is done.

use super::output::Output;
use super::speech::Speech;
use super::words::{RunWords, fill};
use super::{Failure, Outcome};
use crate::run::Run;
use crate::track::{Comparison, Gate};

/// The gates of a comparison; none without one.
pub(super) fn gates(comparison: Option<&Comparison>) -> Vec<Gate> {
    comparison.map(Comparison::gates).unwrap_or_default()
}

/// The gates of a run, each with the run's date.
pub(super) fn dated(run: &Run) -> Vec<(String, Gate)> {
    let date = run.manifest.as_of.to_string();
    let gates = gates(run.comparison.as_ref()).into_iter();
    gates.map(|gate| (date.clone(), gate)).collect()
}

/// Says of each gate of `what` whether it held; an end with exit code 3 where one did not.
pub(super) fn judge(gates: &[(String, Gate)], speech: Speech, output: &Output) -> Outcome {
    let words = RunWords::of(speech.0);
    for (what, gate) in gates {
        let template = if gate.held { words.gate_held } else { words.gate_not_held };
        let sentence = gate.sentence.get(speech.0);
        output.say(&fill(template, &[("what", what), ("sentence", sentence)]));
    }
    match gates.iter().all(|(_, gate)| gate.held) {
        true => Ok(()),
        false => Err(Failure::NotHeld),
    }
}
