//! `segtrail label check`: what is wrong with a taxonomy before it is used.

use std::path::Path;

use serde_json::json;

use super::args::{Common, LabelArgs, LabelCommand};
use super::output::Output;
use super::{Failure, Outcome};
use crate::config::ConfigError;
use crate::features::CATALOGUE;
use crate::label::{BUILT_IN, Severity, lint};

pub(super) fn run(args: &LabelArgs, _: &Common, output: &Output) -> Outcome {
    let LabelCommand::Check { file } = &args.command;
    let text = match BUILT_IN.iter().find(|(name, _)| name == file) {
        Some((_, text)) => (*text).to_owned(),
        None => std::fs::read_to_string(Path::new(file))
            .map_err(|source| ConfigError::Taxonomy { file: file.into(), source })?,
    };
    let known: Vec<&str> = CATALOGUE.iter().map(|(name, ..)| *name).collect();
    let findings = lint(&text, file, &known);
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    if output.json {
        let findings: Vec<_> = findings
            .iter()
            .map(|finding| {
                json!({
                    "severity": if finding.severity == Severity::Error { "error" } else { "warning" },
                    "line": finding.line,
                    "column": finding.column,
                    "message": finding.message,
                })
            })
            .collect();
        output.document(&json!({ "file": file, "errors": errors, "findings": findings }))?;
    } else {
        let mut text = String::new();
        for finding in &findings {
            let severity = if finding.severity == Severity::Error { "error" } else { "warning" };
            text += &format!(
                "{file}:{}:{}: {severity}: {}\n",
                finding.line, finding.column, finding.message
            );
        }
        text += &format!("{file}: {errors} errors, {} warnings\n", findings.len() - errors);
        output.text(&text)?;
    }
    if errors > 0 { Err(Failure::NotHeld) } else { Ok(()) }
}
