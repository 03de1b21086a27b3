//! A history kept beside the runs of a series: a JSON file of a format and entries, to which entries
//! are only added; written whole under another name and renamed, read without a lock.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::series::{TEMPORARY, sync};
use super::{StoreError, files};

/// The form of these files; a higher one is of a later release and is not touched.
const FORMAT: u32 = 1;

/// A history.
pub(super) trait Journal: Default + Serialize + DeserializeOwned {
    /// Its file.
    const FILE: &'static str;
    /// The numbers of its entries, in their order.
    fn numbers(&self) -> Vec<usize>;
}

#[derive(Serialize, Deserialize)]
struct Document<J> {
    format: u32,
    #[serde(flatten)]
    journal: J,
}

/// The history in the folder of a series; empty where there is none.
///
/// # Errors
/// `Read`; `Journal` for a file that is garbled, lacks an entry or is of a later release.
pub(super) fn read<J: Journal>(folder: &Path) -> Result<J, StoreError> {
    let path = folder.join(J::FILE);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(J::default()),
        Err(source) => return Err(StoreError::Read { path, source }),
    };
    let garbled = |what: String| StoreError::Journal { path: path.clone(), what };
    let form: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|error| garbled(error.to_string()))?;
    match form["format"].as_u64() {
        Some(format) if format == u64::from(FORMAT) => {}
        Some(format) => return Err(garbled(format!("it has format {format}, not {FORMAT}"))),
        None => return Err(garbled("it has no `format`".into())),
    }
    let Document { journal, .. }: Document<J> =
        serde_json::from_value(form).map_err(|error| garbled(error.to_string()))?;
    let mut numbered = journal.numbers().into_iter().zip(1..);
    if let Some((entry, number)) = numbered.find(|(entry, number)| entry != number) {
        return Err(garbled(format!("entry {number} is missing: {entry} stands there")));
    }
    Ok(journal)
}

/// Puts the history in the place of the one before; the caller holds the lock of the series.
///
/// # Errors
/// `Write`, `Encode`, after which the history is as it was.
pub(super) fn write<J: Journal>(folder: &Path, journal: J) -> Result<J, StoreError> {
    let document = Document { format: FORMAT, journal };
    let mut text = serde_json::to_vec_pretty(&document)
        .map_err(|error| StoreError::Encode { file: J::FILE, message: error.to_string() })?;
    text.push(b'\n');
    let name = format!("{TEMPORARY}{}", J::FILE);
    let (temporary, place) = (folder.join(&name), folder.join(J::FILE));
    let outcome = files::write(folder, &name, |file| file.write_all(&text)).and_then(|()| {
        fs::rename(&temporary, &place)
            .and_then(|()| sync(folder))
            .map_err(|source| StoreError::Write { path: place, source })
    });
    if outcome.is_err() {
        // As in `publish`: the first fault counts, and the next writer clears what is left.
        let _ = fs::remove_file(&temporary);
    }
    outcome.map(|()| document.journal)
}
