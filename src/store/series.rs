//! One series' folder: its lock, its complete runs, its leftovers.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::{Listing, StoreError, StoredRun, files};
use crate::run::Manifest;

const LOCK: &str = ".lock";
const TEMPORARY: &str = ".tmp-";
const ASIDE: &str = ".damaged-";

/// A folder that has the name of a run but is not a complete one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damaged {
    /// The folder.
    pub path: PathBuf,
    /// What is wrong.
    pub what: String,
}

/// The right to write to a series; given back when dropped or when the process ends.
#[derive(Debug)]
pub struct SeriesLock {
    folder: PathBuf,
    _file: File,
}

pub(super) fn names(root: &Path) -> Result<Vec<String>, StoreError> {
    let mut names = Vec::new();
    for (name, path) in entries(root)? {
        if path.is_dir() && !name.starts_with('.') {
            names.push(name);
        }
    }
    Ok(names)
}

/// Names and paths in a folder, sorted; none where it does not exist.
fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>, StoreError> {
    let fault = |source| StoreError::Read { path: folder.to_owned(), source };
    let listing = match fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(fault(error)),
    };
    let mut found = Vec::new();
    for entry in listing {
        let entry = entry.map_err(fault)?;
        found.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
    }
    found.sort();
    Ok(found)
}

pub(super) fn list(folder: &Path, listing: &mut Listing) -> Result<(), StoreError> {
    for (name, path) in entries(folder)? {
        if name.starts_with('.') || !path.is_dir() {
            continue;
        }
        match complete(&path, &name) {
            Ok(manifest) => listing.runs.push(StoredRun { path, manifest }),
            // A run being renamed aside by its writer is gone, not damaged.
            Err(_) if !path.exists() => {}
            Err(what) => listing.damaged.push(Damaged { path, what }),
        }
    }
    Ok(())
}

pub(super) fn existing(folder: &Path, run_id: &str) -> Option<StoredRun> {
    let path = folder.join(run_id);
    complete(&path, run_id).ok().map(|manifest| StoredRun { path, manifest })
}

/// The manifest of a complete run, or what is missing.
fn complete(path: &Path, name: &str) -> Result<Manifest, String> {
    let text =
        fs::read(path.join(files::MANIFEST)).map_err(|_| "it has no manifest.json".to_owned())?;
    let manifest: Manifest =
        serde_json::from_slice(&text).map_err(|error| format!("manifest.json: {error}"))?;
    if manifest.run_id != name {
        return Err(format!("its manifest names the run {}", manifest.run_id));
    }
    let mut missing: Vec<&str> =
        files::REQUIRED.into_iter().filter(|file| !path.join(file).is_file()).collect();
    if manifest.previous_run.is_some() && !path.join(files::COMPARISON).is_file() {
        missing.push(files::COMPARISON);
    }
    if missing.is_empty() { Ok(manifest) } else { Err(format!("it has no {}", missing.join(", "))) }
}

impl SeriesLock {
    /// Waits for the right to write to `series`, makes its folder, and clears what killed
    /// processes left.
    ///
    /// # Errors
    /// `Write`.
    pub fn acquire(root: &Path, series: &str) -> Result<Self, StoreError> {
        let folder = root.join(series);
        let write = |path: &Path| {
            let path = path.to_owned();
            move |source| StoreError::Write { path, source }
        };
        fs::create_dir_all(&folder).map_err(write(&folder))?;
        let path = folder.join(LOCK);
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(write(&path))?;
        file.lock().map_err(write(&path))?;
        for (name, path) in entries(&folder)? {
            if name.starts_with(TEMPORARY) {
                fs::remove_dir_all(&path).map_err(write(&path))?;
            }
        }
        Ok(Self { folder, _file: file })
    }

    /// The complete run of this id, where there is one.
    pub fn existing(&self, run_id: &str) -> Option<StoredRun> {
        existing(&self.folder, run_id)
    }

    /// Has `write` fill an empty temporary folder and puts it in its place when done. A damaged
    /// folder in that place is moved aside. On a fault nothing is left.
    ///
    /// # Errors
    /// `Write`, and whatever `write` says.
    pub(super) fn publish(
        &self,
        run_id: &str,
        write: impl FnOnce(&Path) -> Result<(), StoreError>,
    ) -> Result<PathBuf, StoreError> {
        let fault = |path: &Path| {
            let path = path.to_owned();
            move |source| StoreError::Write { path, source }
        };
        let temporary = self.folder.join(format!("{TEMPORARY}{run_id}"));
        fs::create_dir(&temporary).map_err(fault(&temporary))?;
        let place = self.folder.join(run_id);
        let outcome = write(&temporary).and_then(|()| {
            sync(&temporary).map_err(fault(&temporary))?;
            if place.exists() {
                self.move_aside(&place, run_id)?;
            }
            fs::rename(&temporary, &place).map_err(fault(&place))?;
            sync(&self.folder).map_err(fault(&self.folder))
        });
        if outcome.is_err() {
            // The first fault is what the caller needs to hear of; a leftover is cleared by the
            // next writer.
            let _ = fs::remove_dir_all(&temporary);
        }
        outcome.map(|()| place)
    }

    fn move_aside(&self, place: &Path, run_id: &str) -> Result<(), StoreError> {
        let mut number = 1;
        let mut target = self.folder.join(format!("{ASIDE}{run_id}-{number}"));
        while target.exists() {
            number += 1;
            target = self.folder.join(format!("{ASIDE}{run_id}-{number}"));
        }
        fs::rename(place, &target).map_err(|source| StoreError::Write { path: target, source })
    }
}

/// Puts a folder's entries on disk, where the system has a way to.
fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
