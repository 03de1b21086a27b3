//! Any text as a taxonomy: never a panic, and every finding inside the text and told in Vietnamese
//! too. A text without an error can be used.

#![no_main]

use libfuzzer_sys::fuzz_target;
use segtrail::features::known;
use segtrail::label::{LintOptions, Severity, Taxonomy, Tool, in_vietnamese, lint};

fuzz_target!(|text: &str| {
    let names = known(None);
    let options = LintOptions { known: &names, tools: &Tool::ALL, seen: None };
    let findings = lint(text, "fuzz", &options);
    let lines = text.split('\n').count();
    assert!(findings.iter().all(|finding| (1..=lines).contains(&finding.line)));
    assert!(findings.iter().all(|finding| in_vietnamese(&finding.message).is_some()));
    if findings.iter().all(|finding| finding.severity != Severity::Error) {
        assert!(Taxonomy::parse("fuzz", text).is_ok());
    }
});
