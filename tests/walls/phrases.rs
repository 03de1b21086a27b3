//! The sources -> sentences that lack their Vietnamese, and phrases that no source says any longer.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::read_sources;

/// Every warning that a report can show has its Vietnamese beside it.
#[test]
fn every_warning_has_its_vietnamese() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = BTreeMap::new();
    read_sources(root, &root.join("src"), &mut files);
    let known = &files["src/report/texts/warnings.rs"];
    let phrases = &files["src/label/phrases/warnings.rs"];
    // What a command other than a run says, or what has its sentence in both languages itself.
    let elsewhere = ["holdout_beyond_data", "no_stayers"];
    let mut missing = BTreeSet::new();
    for (file, text) in files.iter().filter(|(file, _)| !file.contains("test")) {
        for call in text.split("Warning::new(").skip(1) {
            let Some(code) = call.trim_start().strip_prefix('"') else { continue };
            let code = code.split('"').next().unwrap_or_default();
            let quoted = format!("\"{code}\"");
            let both = phrases.contains(&quoted) || elsewhere.contains(&code);
            if !known.contains(&quoted) || !both {
                missing.insert(format!("{code} in {file}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}

/// The English of every phrase is what the sources say: who changes a sentence there changes it here.
#[test]
fn every_phrase_is_said_by_the_sources() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = BTreeMap::new();
    read_sources(root, &root.join("src"), &mut files);
    let phrases = |file: &String| file.starts_with("src/label/phrases/");
    // A sentence is written over several lines, each but the last with a backslash at its end.
    let joined = |text: &str| {
        let mut parts = text.split("\\\n");
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |joined, part| joined + part.trim_start())
    };
    let said: String = files
        .iter()
        .filter(|(file, _)| !phrases(file) && !file.contains("test"))
        .map(|(_, text)| joined(text))
        .collect();
    let mut unknown = BTreeSet::new();
    let mut pieces = 0;
    for (file, text) in files.iter().filter(|(file, _)| phrases(file) && !file.ends_with("mod.rs"))
    {
        let strings: Vec<&str> = text
            .lines()
            .filter_map(|line| line.trim().strip_suffix("\",")?.strip_prefix('"'))
            .collect();
        // A code has no blank.
        for english in strings.iter().filter(|line| line.is_ascii() && line.contains(' ')) {
            for piece in english.split(['{', '}']).step_by(2).filter(|piece| piece.len() > 3) {
                pieces += 1;
                if !said.contains(piece) {
                    unknown.insert(format!("{file}: {piece}"));
                }
            }
        }
    }
    assert!(pieces > 200, "{pieces}");
    assert!(unknown.is_empty(), "{unknown:#?}");
}
