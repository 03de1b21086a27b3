//! Run + Comparison -> files for campaign tools; the segments of any table; and the tables of a
//! simulation.
//!
//! One file a format. Rows are sorted by customer id; text that a spreadsheet would run as a
//! formula is made harmless in CSV.

#![allow(clippy::disallowed_methods, reason = "files for other programs are written here")]

mod audience;
mod numbers;
mod own_table;
mod rows;
mod simulated;
mod simulated_features;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

pub use audience::{Format, Naming, audience};
pub use numbers::write_numbers;
pub use own_table::{RowFigures, write_segments};
pub use simulated::{TableFormat, Written, write_simulation};
pub use simulated_features::{SIMULATED_FEATURES, write_simulated_features};

/// Why an export failed.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The system refuses to write.
    #[error("{}: cannot be written ({source}). Free space or give another place with -o; a file already there is unharmed", path.display())]
    Write {
        /// What was written.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The folder already holds something.
    #[error("{}: is there already and holds files. Give a new or empty folder with -o, so that nothing is overwritten", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
    },
    /// The run is not named by this taxonomy.
    #[error(
        "the run has no taxonomy `{key}`; it has: {known}. Add it to [label] taxonomies and run the month again"
    )]
    NoTaxonomy {
        /// As asked for.
        key: String,
        /// The keys of the run's taxonomies.
        known: String,
    },
    /// A table that cannot be built: a fault of segtrail.
    #[error("the table {name} cannot be encoded: {message}")]
    Encode {
        /// The table.
        name: &'static str,
        /// What the library says.
        message: String,
    },
}

/// Writes a file so that it is there whole or not at all: beside its place, then renamed.
///
/// # Errors
/// `Write`.
pub fn write_file(
    path: &Path,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), ExportError> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let attempt = || {
        let mut file = BufWriter::with_capacity(1 << 18, File::create(&part)?);
        fill(&mut file)?;
        file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
        fs::rename(&part, path)
    };
    attempt().map_err(|source| {
        let _ = fs::remove_file(&part);
        ExportError::Write { path: path.to_owned(), source }
    })
}
