//! The history of judgements of a series <-> `overrides.json`: read, and added to by whoever holds
//! the lock of the series.

use super::journal::{self, Journal};
use super::{SeriesLock, Store, StoreError};
use crate::label::{OverrideEntry, Overrides};

impl Journal for Overrides {
    const FILE: &'static str = "overrides.json";

    fn numbers(&self) -> Vec<usize> {
        self.entries.iter().map(|entry| entry.number).collect()
    }
}

impl Store {
    /// The history of judgements of a series; empty where there is none.
    ///
    /// # Errors
    /// `Read`; `Journal` for a file that is garbled, lacks an entry or is of a later release.
    pub fn overrides(&self, series: &str) -> Result<Overrides, StoreError> {
        journal::read(&self.root.join(series))
    }
}

impl SeriesLock {
    /// As [`Store::overrides`].
    ///
    /// # Errors
    /// As there.
    pub fn overrides(&self) -> Result<Overrides, StoreError> {
        journal::read(&self.folder)
    }

    /// Adds to the history the entry that `entry` makes of its number; the whole history.
    ///
    /// # Errors
    /// As [`Store::overrides`]; `Write`, `Encode`, after which the history is as it was.
    pub fn add_override(
        &self,
        entry: impl FnOnce(usize) -> OverrideEntry,
    ) -> Result<Overrides, StoreError> {
        let mut overrides: Overrides = journal::read(&self.folder)?;
        overrides.entries.push(entry(overrides.entries.len() + 1));
        journal::write(&self.folder, overrides)
    }
}
