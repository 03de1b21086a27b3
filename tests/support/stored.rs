//! What a run leaves in the store, read without the program: files, manifest, tables.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use polars::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

/// The files of every complete run; `comparison.json` comes with the second of a series.
pub const RUN_FILES: [&str; 9] = [
    "manifest.json",
    "features.parquet",
    "model.json",
    "assignments.parquet",
    "segments.parquet",
    "segments.json",
    "personas.json",
    "rejects.csv",
    "report.html",
];

/// The folders of runs: `models/<series>/<run>`.
pub fn stored_runs(models: &Path) -> Vec<PathBuf> {
    let mut runs = Vec::new();
    for series in entries(models).into_iter().filter(|path| path.is_dir()) {
        runs.extend(entries(&series).into_iter().filter(|path| path.is_dir() && !hidden(path)));
    }
    runs.sort();
    runs
}

/// Temporary files and folders at any depth.
pub fn leftovers(models: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in entries(models) {
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".tmp-")) {
            found.push(path);
        } else if path.is_dir() {
            found.extend(leftovers(&path));
        }
    }
    found
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
        Err(_) => Vec::new(),
    }
}

fn hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

/// The files `names` of two runs have the same bytes.
pub fn same_bytes(left: &Path, right: &Path, names: &[&str]) {
    for name in names {
        let read = |folder: &Path| fs::read(folder.join(name)).unwrap();
        assert!(
            read(left) == read(right),
            "{name} differs between {} and {}",
            left.display(),
            right.display()
        );
    }
}

/// One run of the store.
pub struct StoredRun {
    pub folder: PathBuf,
    /// What the program said when it made the run.
    pub stderr: String,
    /// Keeps the folder that the store is in.
    _place: Option<Arc<TempDir>>,
}

impl StoredRun {
    /// A run that is there already, in a folder that the caller keeps.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self::complete(Self { folder: folder.into(), stderr: String::new(), _place: None })
    }

    /// A run just made in `place`.
    pub fn made(folder: PathBuf, stderr: String, place: &Arc<TempDir>) -> Self {
        Self::complete(Self { folder, stderr, _place: Some(Arc::clone(place)) })
    }

    fn complete(self) -> Self {
        for name in RUN_FILES {
            assert!(self.folder.join(name).is_file(), "{} has no {name}", self.folder.display());
        }
        self
    }

    /// The run's id, which is its folder's name.
    pub fn id(&self) -> String {
        self.folder.file_name().unwrap().to_string_lossy().into_owned()
    }

    pub fn json(&self, name: &str) -> Value {
        let text = fs::read_to_string(self.folder.join(name)).unwrap();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    pub fn manifest(&self) -> Value {
        self.json("manifest.json")
    }

    /// A count of `rows` in the manifest.
    pub fn rows(&self, what: &str) -> u64 {
        self.manifest()["rows"][what].as_u64().unwrap()
    }

    pub fn buyers(&self) -> u64 {
        self.manifest()["customers"]["buyers"].as_u64().unwrap()
    }

    pub fn has_warning(&self, code: &str) -> bool {
        let manifest = self.manifest();
        let warnings = manifest["warnings"].as_array().unwrap().clone();
        warnings.iter().any(|warning| warning["code"] == code)
    }

    pub fn table(&self, name: &str) -> Frame {
        Frame::read(&self.folder.join(name))
    }

    /// Segment by customer, buyers alone.
    pub fn segments(&self) -> BTreeMap<String, String> {
        let table = self.table("assignments.parquet");
        let customers = table.texts("customer_id").into_iter().map(Option::unwrap);
        customers
            .zip(table.texts("segment"))
            .filter_map(|(customer, segment)| Some((customer, segment?)))
            .collect()
    }

    /// A feature by customer.
    pub fn feature(&self, name: &str) -> BTreeMap<String, Option<f64>> {
        let table = self.table("features.parquet");
        let customers = table.texts("customer_id").into_iter().map(Option::unwrap);
        customers.zip(table.numbers(name)).collect()
    }

    /// The records of `rejects.csv`, the header not among them.
    pub fn rejects(&self) -> Vec<csv::StringRecord> {
        let mut reader = csv::Reader::from_path(self.folder.join("rejects.csv")).unwrap();
        reader.records().map(|record| record.unwrap()).collect()
    }
}

/// A Parquet file in memory.
pub struct Frame(pub DataFrame);

impl Frame {
    pub fn read(path: &Path) -> Self {
        let file = File::open(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self(ParquetReader::new(file).finish().unwrap())
    }

    pub fn height(&self) -> usize {
        self.0.height()
    }

    pub fn texts(&self, column: &str) -> Vec<Option<String>> {
        let column = self.0.column(column).unwrap().cast(&DataType::String).unwrap();
        column.str().unwrap().iter().map(|value| value.map(str::to_owned)).collect()
    }

    pub fn numbers(&self, column: &str) -> Vec<Option<f64>> {
        let column = self.0.column(column).unwrap().cast(&DataType::Float64).unwrap();
        column.f64().unwrap().iter().map(|value| value.filter(|value| !value.is_nan())).collect()
    }

    /// Timestamps in microseconds since 1970-01-01.
    pub fn micros(&self, column: &str) -> Vec<i64> {
        let micros = DataType::Datetime(TimeUnit::Microseconds, None);
        let column = self.0.column(column).unwrap().cast(&micros).unwrap();
        let column = column.cast(&DataType::Int64).unwrap();
        column.i64().unwrap().iter().map(Option::unwrap).collect()
    }
}
