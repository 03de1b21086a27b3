//! Overrides <-> `models/<series>/overrides.json`: the judgements of people, added to and never
//! shortened.
//!
//! The file is written whole to a temporary one beside it and renamed, under the lock of the series.
//! A series without one has no judgements.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::series::{SeriesLock, TEMPORARY, sync};
use super::{Store, StoreError, files};
use crate::label::{OverrideEntry, Overrides};

const OVERRIDES: &str = "overrides.json";

/// The form of the file; a higher one is of a later release and is not touched.
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Document {
    format: u32,
    #[serde(flatten)]
    overrides: Overrides,
}

impl Store {
    /// The history of judgements of a series; empty where there is none.
    ///
    /// # Errors
    /// `Read`; `Overrides` for a file that is garbled, lacks an entry or is of a later release.
    pub fn overrides(&self, series: &str) -> Result<Overrides, StoreError> {
        read(&self.root.join(series))
    }
}

impl SeriesLock {
    /// As [`Store::overrides`].
    ///
    /// # Errors
    /// As there.
    pub fn overrides(&self) -> Result<Overrides, StoreError> {
        read(&self.folder)
    }

    /// Adds to the history the entry that `entry` makes of its number; the whole history.
    ///
    /// # Errors
    /// As [`Store::overrides`]; `Write`, `Encode`, after which the history is as it was.
    pub fn add_override(
        &self,
        entry: impl FnOnce(usize) -> OverrideEntry,
    ) -> Result<Overrides, StoreError> {
        let mut overrides = read(&self.folder)?;
        overrides.entries.push(entry(overrides.entries.len() + 1));
        let document = Document { format: FORMAT, overrides };
        let mut text = serde_json::to_vec_pretty(&document)
            .map_err(|error| StoreError::Encode { file: OVERRIDES, message: error.to_string() })?;
        text.push(b'\n');
        let name = format!("{TEMPORARY}{OVERRIDES}");
        let (temporary, place) = (self.folder.join(&name), self.folder.join(OVERRIDES));
        let outcome =
            files::write(&self.folder, &name, |file| file.write_all(&text)).and_then(|()| {
                fs::rename(&temporary, &place)
                    .and_then(|()| sync(&self.folder))
                    .map_err(|source| StoreError::Write { path: place, source })
            });
        if outcome.is_err() {
            // As in `publish`: the first fault counts, and the next writer clears what is left.
            let _ = fs::remove_file(&temporary);
        }
        outcome.map(|()| document.overrides)
    }
}

fn read(folder: &Path) -> Result<Overrides, StoreError> {
    let path = folder.join(OVERRIDES);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Overrides::default()),
        Err(source) => return Err(StoreError::Read { path, source }),
    };
    let garbled = |what: String| StoreError::Overrides { path: path.clone(), what };
    let form: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|error| garbled(error.to_string()))?;
    match form["format"].as_u64() {
        Some(format) if format == u64::from(FORMAT) => {}
        Some(format) => return Err(garbled(format!("it has format {format}, not {FORMAT}"))),
        None => return Err(garbled("it has no `format`".into())),
    }
    let Document { overrides, .. } =
        serde_json::from_value(form).map_err(|error| garbled(error.to_string()))?;
    let mut numbered = overrides.entries.iter().zip(1..);
    if let Some((entry, number)) = numbered.find(|(entry, number)| entry.number != *number) {
        return Err(garbled(format!("entry {number} is missing: {} stands there", entry.number)));
    }
    Ok(overrides)
}
