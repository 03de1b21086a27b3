//! The sources -> sentences that lack their Vietnamese, and phrases that no source says any longer.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::read_sources;

/// Every warning has its Vietnamese, and what its code means where a report can show it.
#[test]
fn every_warning_has_its_vietnamese() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = BTreeMap::new();
    read_sources(root, &root.join("src"), &mut files);
    let known = &files["src/report/texts/warnings.rs"];
    let phrases = &files["src/label/phrases/warnings.rs"];
    // What a command other than a run says.
    let elsewhere = ["holdout_beyond_data", "no_stayers", "rows_without_segment"];
    let mut missing = BTreeSet::new();
    for (file, text) in files.iter().filter(|(file, _)| !file.contains("test")) {
        for call in text.split("Warning::new(").skip(1) {
            let Some(code) = call.trim_start().strip_prefix('"') else { continue };
            let code = code.split('"').next().unwrap_or_default();
            let quoted = format!("\"{code}\"");
            let of_run = !elsewhere.contains(&code);
            if !phrases.contains(&quoted) || (of_run && !known.contains(&quoted)) {
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
    let of_phrases = files.iter().filter(|(file, _)| phrases(file) && !file.ends_with("mod.rs"));
    for (file, text) in of_phrases.filter(|(file, _)| !file.contains("test")) {
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

/// What a file of the linter says of a taxonomy has its Vietnamese: each message of a fault a sentence
/// with the same text around the same places, and each part of it that is written elsewhere a phrase.
#[test]
fn every_fault_of_a_taxonomy_has_its_vietnamese() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = BTreeMap::new();
    read_sources(root, &root.join("src/label"), &mut files);
    let pairs = |file: &str| -> Vec<String> {
        let all = literals(&files[&format!("src/label/phrases/{file}.rs")]);
        assert!(all.len().is_multiple_of(2), "{file}");
        all.into_iter().step_by(2).collect()
    };
    let (sentences, parts) = (pairs("faults"), pairs("parts"));
    let mut missing = BTreeSet::new();
    let mut counts = [0, 0];
    for file in ["fault", "rule/fault"] {
        let messages = literals(&files[&format!("src/label/{file}.rs")]);
        for message in messages.into_iter().filter(|text| text.trim().contains(' ')) {
            counts[0] += 1;
            let same = |phrase: &&String| around_places(phrase) == around_places(&message);
            if !sentences.iter().chain(&parts).any(|phrase| same(&phrase)) {
                missing.insert(format!("{file}: {message}"));
            }
        }
    }
    // Where the messages begin: lists of refused words and what is said elsewhere stand before.
    let sources = [
        ("read/mod", ""),
        ("read/document", ""),
        ("read/group", ""),
        ("read/judge", ""),
        ("rule/parse", ""),
        ("rule/figures", ""),
        ("rule/lex", ""),
        ("lint/kinds", ""),
        ("lint/prove", ""),
        ("lint/seen", ""),
        ("lint/texts", "fn faults("),
        ("taxonomy", "fn mentions("),
    ];
    for (file, start) in sources {
        let text = &files[&format!("src/label/{file}.rs")];
        let text = &text[text.find(start).expect(file)..];
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for said in literals(text).into_iter().filter(|text| text.trim().contains(' ')) {
            counts[1] += 1;
            let code = |part: &str| part.len() > 1 && part.starts_with('`') && part.ends_with('`');
            let fits = |phrase: &&String| fits(&said, phrase) || fits(phrase, &said);
            if !said.split(" or ").all(code) && !parts.iter().any(|phrase| fits(&phrase)) {
                missing.insert(format!("{file}: {said}"));
            }
        }
    }
    assert!(counts[0] > 55 && counts[1] > 55, "{counts:?}");
    assert!(missing.is_empty(), "{missing:#?}");
}

/// The text before, between and after the places of a message or a phrase.
fn around_places(text: &str) -> Vec<&str> {
    text.split(['{', '}']).step_by(2).collect()
}

/// Whether `text` is what `pattern` gives with some text in each of its places.
fn fits(pattern: &str, text: &str) -> bool {
    let pieces = around_places(pattern);
    let [first, between @ .., last] = &pieces[..] else { return pattern == text };
    let Some(mut rest) = text.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)) else {
        return false;
    };
    between.iter().all(|piece| match rest.find(piece) {
        Some(at) => {
            rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    })
}

/// Every string literal of Rust text, as it is read, comments left out.
fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find(['"', '\'', '/']) {
        let (from, after) = (&rest[at..], &rest[at + 1..]);
        rest = match from.as_bytes() {
            [b'/', b'/', ..] => after.find('\n').map_or("", |end| &after[end..]),
            // A character, and not a lifetime.
            [b'\'', b'\\', ..] => after[2..].find('\'').map_or("", |end| &after[end + 3..]),
            [b'\'', ..] => {
                let mut letters = after.char_indices();
                letters.next();
                match letters.next() {
                    Some((end, '\'')) => &after[end + 1..],
                    _ => after,
                }
            }
            [b'"', ..] => {
                let mut text = String::new();
                let mut letters = after.char_indices().peekable();
                let mut end = after.len();
                while let Some((at, letter)) = letters.next() {
                    match letter {
                        '"' => {
                            end = at + 1;
                            break;
                        }
                        '\\' => match letters.next() {
                            // A line that goes on.
                            Some((_, '\n')) => {
                                while letters.next_if(|(_, c)| c.is_whitespace()).is_some() {}
                            }
                            Some((_, 'n')) => text.push('\n'),
                            Some((_, escaped)) => text.push(escaped),
                            None => {}
                        },
                        letter => text.push(letter),
                    }
                }
                found.push(text);
                &after[end..]
            }
            _ => after,
        };
    }
    found
}
