//! `segtrail label check`: what is wrong with a taxonomy before it is used, and what it would do
//! on the data of a run; `segtrail label RUN --taxonomy NAME`: a run under other names.

use std::path::Path;

use serde_json::json;

use super::args::{CheckArgs, Common, LabelArgs, LabelCommand};
use super::output::Output;
use super::speech::Speech;
use super::watch::TerminalWatch;
use super::{Failure, Outcome, judgement};
use crate::config::ConfigError;
use crate::features::known;
use crate::label::{BUILT_IN, Finding, LintOptions, Seen, Severity, Tool, lint};
use crate::pipeline;
use crate::run::Run;
use crate::store::{self, Store};
use crate::types::Language;

pub(super) fn run(args: &LabelArgs, common: &Common, output: &Output) -> Outcome {
    match (&args.command, &args.run) {
        (Some(LabelCommand::Check(args)), _) => check(args, common, output),
        (Some(LabelCommand::Set(args)), _) => judgement::set(args, common, output),
        (Some(LabelCommand::Unset(args)), _) => judgement::unset(args, common, output),
        (Some(LabelCommand::Overrides(args)), _) => judgement::overrides(args, common, output),
        (None, Some(run)) => relabel(run, &args.taxonomies, common, output),
        (None, None) => Err(Failure::Usage("give a run, or a command such as `check`".into())),
    }
}

/// Names a run anew.
fn relabel(run: &str, taxonomies: &[String], common: &Common, output: &Output) -> Outcome {
    let store = Store::new(&common.models);
    let stored = store.find(run)?;
    let watch = TerminalWatch::new(output.bars);
    watch.speak(Speech(stored.manifest.language));
    let outcome = pipeline::relabel(&stored, taxonomies, &store, &watch)?;
    super::run::named_anew(&outcome, &stored.manifest.run_id, output)
}

fn check(args: &CheckArgs, common: &Common, output: &Output) -> Outcome {
    let file = args.file.as_str();
    let text = match BUILT_IN.iter().find(|(name, _)| *name == file) {
        Some((_, text)) => (*text).to_owned(),
        None => std::fs::read_to_string(Path::new(file))
            .map_err(|source| ConfigError::Taxonomy { file: file.into(), source })?,
    };
    let run = match &args.run {
        Some(name) => Some(store::load(&Store::new(&common.models).find(name)?)?),
        None => None,
    };
    let findings = findings(&text, file, &args.tools, run.as_ref());
    let count = |severity| findings.iter().filter(|found| found.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if output.json {
        output.document(&json!({
            "file": file,
            "run": run.as_ref().map(|run| &run.manifest.run_id),
            "errors": errors,
            "warnings": warnings,
            "findings": findings,
        }))?;
    } else {
        let of_run = run.as_ref().map_or(Language::En, |run| run.manifest.language);
        let speech = Speech(args.language.map_or(of_run, Language::from));
        output.text(&told(file, &findings, [errors, warnings], speech))?;
    }
    if errors > 0 { Err(Failure::NotHeld) } else { Ok(()) }
}

/// A line for each finding, and one that counts errors and warnings.
fn told(
    file: &str,
    findings: &[Finding],
    [errors, warnings]: [usize; 2],
    speech: Speech,
) -> String {
    let mut text = String::new();
    for Finding { severity, line, column, message, message_vi } in findings {
        let severity = match severity {
            Severity::Error => speech.say("error", "lỗi"),
            Severity::Warning => speech.say("warning", "cảnh báo"),
            Severity::Note => speech.say("note", "ghi chú"),
        };
        let message = speech.say(message.as_str(), message_vi.as_str());
        text += &format!("{file}:{line}:{column}: {severity}: {message}\n");
    }
    // Vietnamese has no plural.
    let counted = |count: usize, one, several, vi| {
        format!("{count} {}", speech.say(if count == 1 { one } else { several }, vi))
    };
    let errors = counted(errors, "error", "errors", "lỗi");
    let warnings = counted(warnings, "warning", "warnings", "cảnh báo");
    text + &format!("{file}: {errors}, {warnings}\n")
}

/// Without a run what its text alone shows.
fn findings(text: &str, file: &str, tools: &[Tool], run: Option<&Run>) -> Vec<Finding> {
    let Some(run) = run else {
        return lint(text, file, &LintOptions { known: &known(None), tools, seen: None });
    };
    let ids: Vec<_> = run.segments.segments.iter().map(|segment| segment.segment).collect();
    let of_buyers = run.assignments.iter().filter_map(|row| row.segment);
    let segment_of: Vec<u32> = of_buyers
        .map(|segment| ids.iter().position(|id| *id == segment).unwrap_or(ids.len()) as u32)
        .collect();
    let seen = Seen { table: &run.features, segment_of: &segment_of, k: ids.len() };
    lint(text, file, &LintOptions { known: &known(Some(&run.features)), tools, seen: Some(seen) })
}
