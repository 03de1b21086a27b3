//! What can go wrong between a run and the disk.

use std::path::PathBuf;

use thiserror::Error;

/// Why a run cannot be saved, found or loaded.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The system refuses to write: full, read-only, no right.
    #[error(
        "{}: cannot be written ({source}). Free space, or give a folder that may be written with \
         --models; runs already there are unharmed", path.display()
    )]
    Write {
        /// What was written.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The system refuses to read.
    #[error("{}: cannot be read ({source}). Check the folder given with --models", path.display())]
    Read {
        /// What was read.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file of a run is missing, cut or garbled.
    #[error(
        "{}: is damaged: {what}. The month can be run again; the damaged folder will be moved \
         aside, not deleted", path.display()
    )]
    Damaged {
        /// The folder or file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// A history of what people decided is garbled.
    #[error(
        "{}: cannot be used: {what}. It holds what people decided, so it is never replaced: restore \
         it from a copy, or mend it by hand", path.display()
    )]
    Journal {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// No run of that name.
    #[error(
        "no run `{name}` in {}{}. `segtrail runs` lists them", root.display(),
        if known.is_empty() { String::from(" (no run there)") } else { format!(" (the last ones: {})", known.join(", ")) }
    )]
    NoSuchRun {
        /// The name given.
        name: String,
        /// Where it was looked for.
        root: PathBuf,
        /// Some that are there.
        known: Vec<String>,
    },
    /// No run has that alias.
    #[error(
        "no {alias}{}: nobody promoted a run. `segtrail promote RUN --as {alias}` does",
        series.as_ref().map_or_else(String::new, |series| format!(" of the series `{series}`"))
    )]
    NoAlias {
        /// The alias.
        alias: &'static str,
        /// Of one series alone.
        series: Option<String>,
    },
    /// A rollback of the first run that was promoted, or of none.
    #[error(
        "nothing to go back to: {} of the series `{series}`, and no run before it was",
        present.as_ref().map_or_else(|| format!("there is no {alias}"), |run| format!("{run} is the {alias}"))
    )]
    NothingBefore {
        /// The alias.
        alias: &'static str,
        /// The series.
        series: String,
        /// The run that has it.
        present: Option<String>,
    },
    /// An author or a reason that cannot be kept.
    #[error(transparent)]
    Word(#[from] crate::label::LabelError),
    /// No series of that name, or one without a run.
    #[error("no run of a series `{name}` in {}. `segtrail runs` lists all runs", root.display())]
    NoSuchSeries {
        /// The name given.
        name: String,
        /// Where it was looked for.
        root: PathBuf,
    },
    /// The store has another number of series than one, and none was named.
    #[error(
        "{}. Name the series", match known.as_slice() {
            [] => format!("no series in {}: `segtrail run` makes one", root.display()),
            some => format!("{} has several series: {}", root.display(), some.join(", ")),
        }
    )]
    WhichSeries {
        /// The store.
        root: PathBuf,
        /// The series there.
        known: Vec<String>,
    },
    /// No customer of that id in a run.
    #[error(
        "no customer `{customer}` in run {run}{}. Ids are compared letter by letter; \
         `segtrail export` lists them", if near.is_empty() { String::new() } else { format!("; near to it: {}", near.join(", ")) }
    )]
    NoSuchCustomer {
        /// The id given.
        customer: String,
        /// Where it was looked for.
        run: String,
        /// The ids nearest to it.
        near: Vec<String>,
    },
    /// Several runs of that name.
    #[error("`{name}` means several runs: {}. Give one of these", candidates.join(", "))]
    Ambiguous {
        /// The name given.
        name: String,
        /// The runs it fits.
        candidates: Vec<String>,
    },
    /// A record that cannot be encoded: a fault of segtrail.
    #[error("{file} cannot be encoded: {message}")]
    Encode {
        /// The file of the run.
        file: &'static str,
        /// What the encoder says.
        message: String,
    },
}
