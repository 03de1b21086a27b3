//! One series' folder: its lock, its complete runs, its leftovers.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::{Listing, StoreError, StoredRun, files};
use crate::run::Manifest;

const LOCK: &str = ".lock";
pub(super) const TEMPORARY: &str = ".tmp-";
/// What the folders that are moved aside are called: damaged ones, and runs before they were
/// written anew.
pub(super) const DAMAGED: &str = ".damaged-";
pub(super) const REPLACED: &str = ".replaced-";

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
    pub(super) folder: PathBuf,
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
    let mut names = BTreeSet::new();
    for (name, path) in entries(folder)? {
        match name.strip_prefix(TEMPORARY) {
            Some(run_id) if moved_aside(folder, run_id)?.is_some() => {
                names.insert(run_id.to_owned());
            }
            None if !name.starts_with('.') && path.is_dir() => {
                names.insert(name);
            }
            _ => {}
        }
    }
    for name in names {
        let path = folder.join(&name);
        match complete(&path, &name) {
            Ok(manifest) => listing.runs.push(StoredRun { path, manifest }),
            Err(what) => match moved_aside(folder, &name)? {
                Some(aside) => {
                    if let Ok(manifest) = complete(&aside, &name) {
                        listing.runs.push(StoredRun { path: aside, manifest });
                    }
                }
                // A run being renamed by its writer is gone, or whole a moment later.
                None => match complete(&path, &name) {
                    Ok(manifest) => listing.runs.push(StoredRun { path, manifest }),
                    Err(_) if !path.exists() => {}
                    Err(_) => listing.damaged.push(Damaged { path, what }),
                },
            },
        }
    }
    Ok(())
}

/// Where a run is that its writer moved aside and has not put the new one in the place of yet, or
/// never will: the last that was moved aside, while the new one is still temporary.
fn moved_aside(folder: &Path, run_id: &str) -> Result<Option<PathBuf>, StoreError> {
    let temporary = folder.join(format!("{TEMPORARY}{run_id}"));
    if folder.join(run_id).exists() || !temporary.exists() {
        return Ok(None);
    }
    let prefix = format!("{REPLACED}{run_id}-");
    let numbered = |(name, path): (String, PathBuf)| {
        Some((name.strip_prefix(&prefix)?.parse::<u32>().ok()?, path))
    };
    Ok(entries(folder)?.into_iter().filter_map(numbered).max().map(|(_, path)| path))
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
    // Runs of releases without personas have no record of taxonomies either.
    if !manifest.taxonomies.is_empty() && !path.join(files::PERSONAS).is_file() {
        missing.push(files::PERSONAS);
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
            let Some(run_id) = name.strip_prefix(TEMPORARY) else { continue };
            if let Some(aside) = moved_aside(&folder, run_id)? {
                let place = folder.join(run_id);
                fs::rename(aside, &place).map_err(write(&place))?;
            }
            if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) }
                .map_err(write(&path))?;
        }
        Ok(Self { folder, _file: file })
    }

    /// The complete run of this id, where there is one.
    pub fn existing(&self, run_id: &str) -> Option<StoredRun> {
        existing(&self.folder, run_id)
    }

    /// Has `write` fill an empty temporary folder and puts it in its place when done. A folder in
    /// that place is moved aside, where its name begins with `aside`. On a fault nothing is left.
    ///
    /// # Errors
    /// `Write`, and whatever `write` says.
    pub(super) fn publish(
        &self,
        run_id: &str,
        aside: &str,
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
            let before =
                if place.exists() { Some(self.move_aside(&place, aside, run_id)?) } else { None };
            if let Err(source) = fs::rename(&temporary, &place) {
                if let Some(before) = before {
                    // The first fault is what the caller needs to hear of here too.
                    let _ = fs::rename(before, &place);
                }
                return Err(StoreError::Write { path: place.clone(), source });
            }
            sync(&self.folder).map_err(fault(&self.folder))
        });
        if outcome.is_err() {
            // The first fault is what the caller needs to hear of; a leftover is cleared by the
            // next writer.
            let _ = fs::remove_dir_all(&temporary);
        }
        outcome.map(|()| place)
    }

    fn move_aside(&self, place: &Path, aside: &str, run_id: &str) -> Result<PathBuf, StoreError> {
        let mut number = 1;
        let mut target = self.folder.join(format!("{aside}{run_id}-{number}"));
        while target.exists() {
            number += 1;
            target = self.folder.join(format!("{aside}{run_id}-{number}"));
        }
        match fs::rename(place, &target) {
            Ok(()) => Ok(target),
            Err(source) => Err(StoreError::Write { path: target, source }),
        }
    }
}

/// Puts a folder's entries on disk, where the system has a way to.
pub(super) fn sync(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
