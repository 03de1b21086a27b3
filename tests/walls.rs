//! The house rules that the compiler does not know: reads the sources and fails when a room
//! reaches upward, when an outside crate enters by another door, when a file does not open with
//! `//!`, or when a file is too long. Every offence is listed at once.

mod phrases;
mod scan;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

/// The rooms in the order of a monthly run: each uses only those before it.
const ROOMS: [&str; 12] = [
    "types", "math", "ingest", "features", "cluster", "label", "run", "track", "store", "report",
    "export", "cli",
];

/// Beside that order; see [`wall`].
const BESIDE: [&str; 6] = ["simulate", "config", "error", "pipeline", "lib", "main"];

/// Outside crates and the rooms that they enter by; no room stands for anywhere. Every dependency
/// of the manifest is listed.
const DOORS: [(&str, &[&str]); 33] = [
    ("clap", &["cli", "main"]),
    ("clap_complete", &["cli", "main"]),
    ("csv", &["ingest", "export"]),
    ("fearless_simd", &["cluster"]),
    ("flate2", &["ingest"]),
    ("glob", &["ingest"]),
    ("indicatif", &["cli", "main"]),
    ("jiff", &[]),
    ("linfa", &["cluster"]),
    ("linfa_clustering", &["cluster"]),
    ("maud", &["report"]),
    ("ndarray", &["cluster"]),
    // Assignment problems: segments of two months, segments and ideal profiles.
    ("pathfinding", &["track", "label"]),
    ("plotters", &["report"]),
    ("polars", &["ingest", "features", "cluster", "store", "export"]),
    ("rand", &["cluster", "simulate"]),
    ("rand_distr", &["cluster", "simulate"]),
    ("rand_xoshiro", &["cluster", "simulate"]),
    // Rows are judged, and refused rows written, by all threads.
    ("rayon", &["ingest", "cluster", "features", "store", "cli"]),
    ("regex", &["ingest"]),
    ("serde", &[]),
    ("serde_json", &[]),
    ("sha2", &["ingest", "store", "pipeline"]),
    ("statrs", &["math", "features"]),
    ("thiserror", &[]),
    ("toml", &["label", "config", "simulate"]),
    ("unicode_width", &["cli"]),
    ("xxhash_rust", &["ingest"]),
    // Of tests and benchmarks.
    ("criterion", &["tests"]),
    ("insta", &["tests"]),
    ("peak_alloc", &["tests"]),
    ("proptest", &["tests"]),
    ("tempfile", &["tests"]),
];

/// Rooms that an outside crate may enter by one file alone: the bridge.
const BRIDGES: [(&str, &str); 1] = [("polars", "cluster")];

/// The most lines of a file, unless [`SHORTER`] says less.
const LINES: usize = 500;
const SHORTER: [(&str, usize); 2] = [("src/main.rs", 19), ("src/pipeline.rs", 150)];

/// The records of a run that the reading of files fills.
const FACTS: &[&str] = &[
    "InputFile",
    "RowCounts",
    "RejectCount",
    "TableFacts",
    "FileFacts",
    "ColumnFacts",
    "Filled",
    "DayFacts",
    "Usual",
    "Silence",
    "Spread",
    "CategoryFacts",
    "MOST_VALUES",
    "MOST_DISTINCT",
];

/// Whether one room may use another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wall {
    Open,
    /// Only these types, which are records without behaviour.
    Records(&'static [&'static str]),
    Closed,
}

fn wall(from: &str, to: &str) -> Wall {
    let rank = |room: &str| ROOMS.iter().position(|known| *known == room);
    let open = match (from, to) {
        _ if from == to => true,
        ("ingest", "run") => return Wall::Records(FACTS),
        ("run", "track") => return Wall::Records(&["Comparison", "HysteresisRecord", "Proposal"]),
        ("lib", _) => true,
        ("main", _) => matches!(to, "cli" | "error"),
        (_, "lib" | "main") => false,
        ("simulate", _) => to == "types",
        (_, "simulate") => matches!(from, "export" | "cli" | "error"),
        ("cli", _) => true,
        (_, "cli" | "pipeline") => false,
        ("pipeline", _) => true,
        ("error", _) => true,
        (_, "error") => false,
        ("config", _) => true,
        (_, "config") => false,
        _ => rank(to) < rank(from),
    };
    if open { Wall::Open } else { Wall::Closed }
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Offence {
    file: String,
    line: usize,
    what: String,
}

impl fmt::Display for Offence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// Every offence of the files, given by their paths in the repository.
fn offences(files: &BTreeMap<String, String>) -> Vec<Offence> {
    let mut found = BTreeSet::new();
    let mut offend = |file: &str, line: usize, what: String| {
        found.insert(Offence { file: file.into(), line, what });
    };
    let scans: BTreeMap<&str, scan::Scan> = (files.iter())
        .filter(|(file, _)| file.starts_with("src/"))
        .map(|(file, text)| (file.as_str(), scan::scan(text, module_depth(file))))
        .collect();
    let tests = test_files(&scans);
    for (file, text) in files {
        if !text.starts_with("//! ") {
            offend(file, 1, "does not open with `//!`: say what goes in and what comes out".into());
        }
        let most = SHORTER.iter().find(|(short, _)| short == file).map_or(LINES, |short| short.1);
        let lines = text.lines().count();
        if lines > most {
            let what =
                format!("has {lines} lines, at most {most} are allowed: split it by concept");
            offend(file, most + 1, what);
        }
    }
    let mut bridges = BTreeMap::<(&str, &str), &str>::new();
    for (&file, scan) in &scans {
        if is_test_file(file, &tests) {
            continue;
        }
        let room = room_of(file);
        if !ROOMS.contains(&room) && !BESIDE.contains(&room) {
            offend(file, 1, format!("`{room}` is no room of the house: give it a place in ROOMS"));
            continue;
        }
        let own: BTreeSet<&str> = local_names(scan);
        for named in &scan.paths {
            let first = named.path[0].as_str();
            if first == "crate" && named.path.len() > 1 {
                if let Some(what) = upward(room, &named.path) {
                    offend(file, named.line, what);
                }
                continue;
            }
            let Some((_, rooms)) = DOORS.iter().find(|(name, _)| *name == first) else { continue };
            if own.contains(first) || !(named.imported || named.path.len() > 1) {
                continue;
            }
            if !rooms.is_empty() && !rooms.contains(&room) {
                let doors = rooms.join(", ");
                offend(file, named.line, format!("`{first}` enters by `{room}`, not by {doors}"));
            } else if BRIDGES.contains(&(first, room)) {
                let bridge = *bridges.entry((first, room)).or_insert(file);
                if bridge != file {
                    let what = format!("`{first}` enters `{room}` a second time, beside {bridge}");
                    offend(file, named.line, what);
                }
            }
        }
    }
    found.into_iter().collect()
}

/// What is wrong with `path`, which begins at the root of the crate, in `room`.
fn upward(room: &str, path: &[String]) -> Option<String> {
    let to = path[1].as_str();
    if !ROOMS.contains(&to) && !BESIDE.contains(&to) {
        return Some(format!("`{}` names no room: go through the room it is of", path.join("::")));
    }
    match wall(room, to) {
        Wall::Open => None,
        Wall::Closed => {
            Some(format!("`{room}` reaches `{}`, which is not before it", path.join("::")))
        }
        Wall::Records(names) => {
            let allowed = path.get(2).is_some_and(|name| names.contains(&name.as_str()));
            (!allowed).then(|| {
                let names = names.join(", ");
                format!("`{room}` reaches `{}`; of `{to}` it may use {names}", path.join("::"))
            })
        }
    }
}

/// Names that stand for something of our own in this file, even where a crate has the same.
fn local_names(scan: &scan::Scan) -> BTreeSet<&str> {
    let imports = scan.paths.iter().filter(|named| {
        named.imported && matches!(named.path[0].as_str(), "crate" | "self" | "super")
    });
    imports
        .map(|named| named.name.as_str())
        .chain(scan.modules.iter().map(String::as_str))
        .collect()
}

/// `src/ingest/rows.rs` -> `ingest`, `src/run.rs` -> `run`.
fn room_of(file: &str) -> &str {
    let inside = file.strip_prefix("src/").unwrap_or(file);
    inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs")
}

fn module_depth(file: &str) -> usize {
    match file {
        "src/lib.rs" | "src/main.rs" => 0,
        _ => file.matches('/').count() - usize::from(file.ends_with("/mod.rs")),
    }
}

/// Files, without `.rs` or `/mod.rs`, that other files declare as modules for tests alone.
fn test_files(scans: &BTreeMap<&str, scan::Scan>) -> BTreeSet<String> {
    let mut tests = BTreeSet::new();
    for (file, scan) in scans {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let own = match file.rsplit_once('/') {
            Some((folder, "mod.rs" | "lib.rs" | "main.rs")) => folder,
            _ => file.trim_end_matches(".rs"),
        };
        for module in &scan.test_modules {
            let place = match module.strip_suffix(".rs") {
                Some(path) => format!("{folder}/{path}"),
                None => format!("{own}/{module}"),
            };
            tests.insert(place);
        }
    }
    tests
}

fn is_test_file(file: &str, tests: &BTreeSet<String>) -> bool {
    tests.iter().any(|test| {
        let rest = file.strip_prefix(test.as_str());
        rest.is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
    })
}

fn read_sources(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).expect("a folder of the repository") {
        let path = entry.expect("an entry of the folder").path();
        if path.is_dir() {
            read_sources(root, &path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).expect("below the root").to_string_lossy();
            let text = std::fs::read_to_string(&path).expect("a text file");
            files.insert(name.replace('\\', "/"), text);
        }
    }
}

#[test]
fn the_sources_keep_the_house_rules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = BTreeMap::new();
    for folder in ["src", "tests", "benches"] {
        read_sources(root, &root.join(folder), &mut files);
    }
    assert!(files.contains_key("src/lib.rs"), "the sources were not found");
    let found = offences(&files);
    let list: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "{} offences:\n{}", found.len(), list.join("\n"));
}

#[test]
fn every_dependency_has_its_doors() {
    let manifest = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    let manifest = manifest.expect("the manifest");
    let mut section = "";
    let mut names = BTreeSet::new();
    for line in manifest.lines() {
        if let Some(header) = line.strip_prefix('[') {
            section = header.trim_end_matches(']');
        } else if section.ends_with("dependencies")
            && let Some((name, _)) = line.split_once(" = ")
            && !name.starts_with(['#', ' '])
        {
            names.insert(name.replace('-', "_"));
        }
    }
    let doors: BTreeSet<String> = DOORS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names, doors, "left the manifest, right DOORS");
}

/// The offences of files whose first line is supplied, as `file:line` and a part of what is said.
fn of(files: &[(&str, &str)]) -> Vec<String> {
    let opened = |(file, text): &(&str, &str)| ((*file).to_owned(), format!("//! About.\n{text}"));
    offences(&files.iter().map(opened).collect()).iter().map(ToString::to_string).collect()
}

#[track_caller]
fn offends(files: &[(&str, &str)], expected: &[&str]) {
    let found = of(files);
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.contains(expected), "`{found}` does not say `{expected}`");
    }
}

#[test]
fn a_room_that_reaches_upward_offends() {
    offends(
        &[("src/ingest/rows.rs", "use crate::features::FeatureTable;")],
        &["rows.rs:2: `ingest`"],
    );
    offends(
        &[("src/features/mod.rs", "fn f() {\n    let x = crate::cluster::fit();\n}")],
        &["mod.rs:3:"],
    );
    offends(
        &[("src/track/mod.rs", "use crate::{types::AsOf, store::{Store, Series}};")],
        &["Series", "Store"],
    );
    offends(
        &[("src/label/rule/parse.rs", "use super::super::super::report;")],
        &["`crate::report`"],
    );
    offends(
        &[("src/label/mod.rs", "mod inner {\n    use super::super::report::html;\n}")],
        &[":3:"],
    );
    offends(&[("src/simulate/mod.rs", "use crate::math::median;")], &["`simulate`"]);
    offends(&[("src/store/mod.rs", "use crate::config::Config;")], &["`crate::config::Config`"]);
    offends(&[("src/config.rs", "use crate::cli::Args;")], &["`crate::cli::Args`"]);
    offends(&[("src/main.rs", "fn main() { segtrail::pipeline::run() }")], &["`main`"]);
    offends(&[("src/store/mod.rs", "use crate::*;")], &["names no room"]);
    offends(&[("src/store/mod.rs", "fn f(run: &crate::Run) {}")], &["names no room"]);
    offends(&[("src/attic/mod.rs", "")], &["`attic` is no room"]);
}

#[test]
fn records_are_open_by_name_alone() {
    offends(&[("src/ingest/mod.rs", "use crate::run::{InputFile, RejectCount, RowCounts};")], &[]);
    offends(&[("src/ingest/mod.rs", "use crate::run::{InputFile, Run};")], &["`crate::run::Run`"]);
    offends(&[("src/ingest/mod.rs", "use crate::run;")], &["`crate::run`"]);
    offends(&[("src/run.rs", "use crate::track::{Comparison, compare};")], &["track::compare"]);
}

#[test]
fn a_room_that_uses_what_is_before_it_does_not_offend() {
    offends(
        &[
            ("src/cli/mod.rs", "use crate::{config, error::Error, pipeline, simulate::Scenario};"),
            ("src/pipeline.rs", "use crate::{config::Config, error::Error, ingest, store};"),
            ("src/config.rs", "use crate::{features::FeatureParams, track};"),
            ("src/export/mod.rs", "use crate::simulate::Simulation; use polars::prelude::*;"),
            ("src/main.rs", "fn main() { segtrail::cli::main() }"),
            ("src/label/rule/parse.rs", "use super::super::read; use super::Rule;"),
            ("src/label/mod.rs", "mod inner {\n    use super::read;\n}"),
            ("src/run.rs", "use crate::{cluster::Model, label::Label};"),
        ],
        &[],
    );
}

#[test]
fn a_crate_by_another_door_offends() {
    offends(&[("src/report/mod.rs", "use polars::prelude::*;")], &["report/mod.rs:2: `polars`"]);
    offends(&[("src/track/mod.rs", "fn f() {\n    ndarray::array![1];\n}")], &[":3: `ndarray`"]);
    offends(&[("src/store/mod.rs", "use toml;")], &["`toml`"]);
    offends(&[("src/store/mod.rs", "extern crate regex;")], &["`regex`"]);
    offends(&[("src/store/mod.rs", "#[derive(clap::Parser)]\nstruct S;")], &["`clap`"]);
    offends(&[("src/store/mod.rs", "fn f() { ::rand::random() }")], &["`rand`"]);
    offends(
        &[
            ("src/cluster/a.rs", "use polars::frame::DataFrame;"),
            ("src/cluster/b.rs", "use polars::frame::DataFrame;"),
        ],
        &["cluster/b.rs:2: `polars` enters `cluster` a second time"],
    );
}

#[test]
fn what_is_no_use_of_a_crate_does_not_offend() {
    offends(
        &[
            ("src/export/mod.rs", "mod toml;\nfn f() { toml::write() }"),
            ("src/report/mod.rs", "use super::types::Money as csv;\nfn f() { csv::ZERO }"),
            ("src/track/mod.rs", "fn f(csv: u8) -> u8 { self.regex.glob(csv) }"),
            (
                "src/math/mod.rs",
                "// use polars::x;\n/* /* use crate::cli; */ use crate::cli; */\n\
                 /// [`crate::cli`]\nconst A: &str = \"use \\\" crate::cli;\";\n\
                 const B: &str = r#\"polars::x \" crate::cli\"#;\nconst C: char = '\"';\n\
                 fn f<'a>(x: &'a str) -> &'a str { x }",
            ),
        ],
        &[],
    );
}

#[test]
fn test_code_may_use_what_it_wants_and_what_follows_it_may_not() {
    offends(
        &[
            (
                "src/math/mod.rs",
                "#[cfg(test)]\nmod tests {\n    use crate::cli::x;\n}\nuse crate::run::Run;",
            ),
            ("src/types.rs", "#[cfg(test)]\nuse crate::{cli, run};\nuse crate::math::median;"),
            (
                "src/store/mod.rs",
                "struct S {\n    #[cfg(test)]\n    a: crate::cli::A,\n    b: crate::cli::B,\n}",
            ),
            (
                "src/label/mod.rs",
                "#[cfg(test)]\nmod tests;\n#[cfg(test)]\n#[path = \"b_tests.rs\"]\nmod b;",
            ),
            ("src/label/tests.rs", "use crate::cli::x;"),
            ("src/label/tests/more.rs", "use crate::cli::x;"),
            ("src/label/b_tests.rs", "use crate::cli::x;"),
            ("src/label/b.rs", "use crate::cli::x;"),
            ("src/track/mod.rs", "#[cfg(not(test))]\nuse crate::cli::x;"),
        ],
        &["label/b.rs:2", "math/mod.rs:6", "store/mod.rs:5", "track/mod.rs:3", "types.rs:4"],
    );
}

#[test]
fn a_file_without_its_first_line_or_too_long_offends() {
    let file = |name: &str, text: String| [(name.to_owned(), text)].into();
    assert_eq!(offences(&file("src/types.rs", "//! Types.\n".into())), []);
    for text in ["", "fn f() {}\n//! Late.", "// Not a doc.", "//!\n"] {
        assert_eq!(offences(&file("tests/x.rs", text.into())).len(), 1, "{text:?}");
    }
    let long = |lines: usize| format!("//! About.\n{}", "\n".repeat(lines - 1));
    assert_eq!(offences(&file("src/types.rs", long(500))), []);
    assert_eq!(offences(&file("tests/types.rs", long(501)))[0].line, 501);
    assert_eq!(offences(&file("src/pipeline.rs", long(151)))[0].line, 151);
    assert_eq!(offences(&file("src/main.rs", long(19))), []);
    assert_eq!(offences(&file("src/main.rs", long(20))).len(), 1);
}
