//! The files of one run: how each is encoded, written and read back.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::series::{DAMAGED, REPLACED, SeriesLock};
use super::{CustomerValues, StoreError, StoredRun, frames, rejects, values};
use crate::cluster::Model;
use crate::features::FeatureTable;
use crate::ingest::RejectPart;
use crate::run::{Assignment, Run, Segments, Shown};
use crate::track::Comparison;

pub(super) const MANIFEST: &str = "manifest.json";
pub(super) const COMPARISON: &str = "comparison.json";
pub(super) const FEATURES: &str = "features.parquet";
const MODEL: &str = "model.json";
pub(super) const ASSIGNMENTS: &str = "assignments.parquet";
const SEGMENTS_TABLE: &str = "segments.parquet";
const SEGMENTS: &str = "segments.json";
pub(super) const PERSONAS: &str = "personas.json";
const REJECTS: &str = "rejects.csv";
const REPORT: &str = "report.html";

/// Files that every run has.
pub(super) const REQUIRED: [&str; 8] =
    [MANIFEST, FEATURES, MODEL, ASSIGNMENTS, SEGMENTS_TABLE, SEGMENTS, REJECTS, REPORT];

impl SeriesLock {
    /// Writes a run with its refused rows, its report and its personas; returns its folder.
    ///
    /// # Errors
    /// `Write`, `Encode`; nothing of the run is left then.
    pub fn save(
        &self,
        run: &Run,
        rejects: &[RejectPart<'_>],
        shown: &Shown,
    ) -> Result<PathBuf, StoreError> {
        self.publish(&run.manifest.run_id, DAMAGED, |folder| {
            // The refused rows can be ten times as large as all the rest.
            let (refused, rest) = rayon::join(
                || write(folder, REJECTS, |file| rejects::write(rejects, file)),
                || write_run(folder, run, shown),
            );
            rest.and(refused)
        })
    }

    /// Writes a run anew of which only groups and what follows from them changed: manifest,
    /// segments, personas, assignments, comparison and report are written, every other file is
    /// taken over as it stands. The run as it was is moved aside.
    ///
    /// # Errors
    /// `Write`, `Encode`, `Read`; the run is as it was then.
    pub fn rewrite(
        &self,
        stored: &StoredRun,
        run: &Run,
        shown: &Shown,
    ) -> Result<PathBuf, StoreError> {
        self.publish(&run.manifest.run_id, REPLACED, |folder| {
            write_named(folder, run, shown)?;
            take_over(&stored.path, folder)
        })
    }
}

impl SeriesLock {
    /// Writes a run whose refused rows are those of `source`; returns its folder.
    ///
    /// # Errors
    /// `Read`, `Write`, `Encode`; nothing of the run is left then.
    pub fn save_beside(
        &self,
        run: &Run,
        source: &StoredRun,
        shown: &Shown,
    ) -> Result<PathBuf, StoreError> {
        let path = source.path.join(REJECTS);
        let mut rejects = File::open(&path).map_err(|source| StoreError::Read { path, source })?;
        self.publish(&run.manifest.run_id, DAMAGED, |folder| {
            write(folder, REJECTS, |file| std::io::copy(&mut rejects, file).map(|_| ()))?;
            write_run(folder, run, shown)
        })
    }
}

/// All files but that of the refused rows.
fn write_run(folder: &Path, run: &Run, shown: &Shown) -> Result<(), StoreError> {
    write_json(folder, MODEL, &run.model)?;
    write_frame(folder, FEATURES, frames::feature_frame(&run.features))?;
    write_named(folder, run, shown)
}

/// The files in which groups stand.
fn write_named(folder: &Path, run: &Run, shown: &Shown) -> Result<(), StoreError> {
    write_json(folder, MANIFEST, &run.manifest)?;
    write_json(folder, SEGMENTS, &run.segments)?;
    write_json(folder, PERSONAS, &shown.personas)?;
    if let Some(comparison) = &run.comparison {
        write_json(folder, COMPARISON, comparison)?;
    }
    let columns = run.manifest.further_columns();
    write_frame(folder, ASSIGNMENTS, frames::assignment_frame(&run.assignments, &columns))?;
    write_frame(folder, SEGMENTS_TABLE, frames::segment_frame(&run.segments))?;
    write(folder, REPORT, |file| file.write_all(shown.report.as_bytes()))
}

/// Brings every file of `from` into `to` that is not there yet. Files of runs never change, so
/// both may be one file on disk; where the system has no such links they are copied.
fn take_over(from: &Path, to: &Path) -> Result<(), StoreError> {
    let read = |source| StoreError::Read { path: from.to_owned(), source };
    for entry in fs::read_dir(from).map_err(read)? {
        let entry = entry.map_err(read)?;
        let target = to.join(entry.file_name());
        if target.exists() {
            continue;
        }
        fs::hard_link(entry.path(), &target)
            .or_else(|_| {
                fs::copy(entry.path(), &target)?;
                File::open(&target)?.sync_all()
            })
            .map_err(|source| StoreError::Write { path: target, source })?;
    }
    Ok(())
}

fn write_frame(
    folder: &Path,
    name: &'static str,
    frame: polars::prelude::PolarsResult<polars::prelude::DataFrame>,
) -> Result<(), StoreError> {
    let encode = |message| StoreError::Encode { file: name, message };
    let mut frame = frame.map_err(|error| encode(error.to_string()))?;
    write(folder, name, |file| frames::write_parquet(&mut frame, file))
}

/// Writes one file and puts it on disk.
pub(super) fn write(
    folder: &Path,
    name: &str,
    fill: impl FnOnce(&mut BufWriter<File>) -> std::io::Result<()>,
) -> Result<(), StoreError> {
    let path = folder.join(name);
    let attempt = || {
        let mut file = BufWriter::with_capacity(1 << 18, File::create_new(&path)?);
        fill(&mut file)?;
        file.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()
    };
    attempt().map_err(|source| StoreError::Write { path: path.clone(), source })
}

fn write_json(folder: &Path, name: &'static str, value: &impl Serialize) -> Result<(), StoreError> {
    let mut text = serde_json::to_vec_pretty(value)
        .map_err(|error| StoreError::Encode { file: name, message: error.to_string() })?;
    text.push(b'\n');
    write(folder, name, |file| file.write_all(&text))
}

fn read_json<T: DeserializeOwned>(folder: &Path, name: &str) -> Result<T, StoreError> {
    let path = folder.join(name);
    let bytes =
        fs::read(&path).map_err(|source| StoreError::Read { path: path.clone(), source })?;
    serde_json::from_slice(&bytes)
        .map_err(|error| StoreError::Damaged { path, what: error.to_string() })
}

fn read_frame(folder: &Path, name: &str) -> Result<polars::prelude::DataFrame, StoreError> {
    let path = folder.join(name);
    let file =
        File::open(&path).map_err(|source| StoreError::Read { path: path.clone(), source })?;
    frames::read_parquet(file).map_err(|what| StoreError::Damaged { path, what })
}

/// The segments of a run.
///
/// # Errors
/// `Read`, `Damaged`.
pub fn load_segments(run: &StoredRun) -> Result<Segments, StoreError> {
    read_json(&run.path, SEGMENTS)
}

/// The features of the buyers alone.
///
/// # Errors
/// `Read`, `Damaged`.
pub fn load_features(run: &StoredRun) -> Result<FeatureTable, StoreError> {
    let frame = read_frame(&run.path, FEATURES)?;
    frames::features(&frame, &run.manifest)
        .map_err(|what| StoreError::Damaged { path: run.path.join(FEATURES), what })
}

/// The features of these names of the buyers alone, without reading the rest; those that the run does
/// not have are left out.
///
/// # Errors
/// `Read`, `Damaged`.
pub fn load_features_named(run: &StoredRun, names: &[&str]) -> Result<FeatureTable, StoreError> {
    let path = run.path.join(FEATURES);
    let file =
        File::open(&path).map_err(|source| StoreError::Read { path: path.clone(), source })?;
    let mut columns = vec!["customer_id", "n_orders"];
    columns.extend(names.iter().filter(|name| !["customer_id", "n_orders"].contains(name)));
    let table = values::read_columns(file, &columns)
        .and_then(|frame| frames::features(&frame, &run.manifest));
    table.map_err(|what| StoreError::Damaged { path, what })
}

/// The model alone.
///
/// # Errors
/// `Read`, `Damaged`.
pub fn load_model(run: &StoredRun) -> Result<Model, StoreError> {
    read_json(&run.path, MODEL)
}

/// The comparison with the run before, where there is one.
///
/// # Errors
/// `Read`, `Damaged`.
pub fn load_comparison(run: &StoredRun) -> Result<Option<Comparison>, StoreError> {
    match run.manifest.previous_run {
        Some(_) => read_json(&run.path, COMPARISON).map(Some),
        None => Ok(None),
    }
}

/// Where every customer belongs.
///
/// # Errors
/// `Read`, `Damaged`.
pub fn load_assignments(run: &StoredRun) -> Result<Vec<Assignment>, StoreError> {
    let frame = read_frame(&run.path, ASSIGNMENTS)?;
    frames::assignments(&frame, &run.manifest.further_columns(), run.manifest.as_of)
        .map_err(|what| StoreError::Damaged { path: run.path.join(ASSIGNMENTS), what })
}

/// What each buyer of a run is worth, in the order of customers.
///
/// # Errors
/// `Read`, `Damaged`.
pub fn load_values(run: &StoredRun) -> Result<CustomerValues, StoreError> {
    let path = run.path.join(FEATURES);
    let file =
        File::open(&path).map_err(|source| StoreError::Read { path: path.clone(), source })?;
    let values = values::read_columns(file, &["n_orders", "monetary_total", "clv"])
        .and_then(|frame| values::of_buyers(&frame, run.manifest.customers.buyers));
    values.map_err(|what| StoreError::Damaged { path, what })
}

/// Everything about a run but its refused rows.
///
/// # Errors
/// `Read`, `Damaged`.
pub fn load(run: &StoredRun) -> Result<Run, StoreError> {
    let model = load_model(run)?;
    Ok(Run {
        features: load_features(run)?,
        model,
        assignments: load_assignments(run)?,
        segments: load_segments(run)?,
        comparison: load_comparison(run)?,
        manifest: run.manifest.clone(),
    })
}
