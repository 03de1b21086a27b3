//! A series -> which of its runs may go, and their removal.
//!
//! Kept are the runs of the last dates, every run that has an alias or gets one back by a rollback,
//! and the run that knows the highest lineage id, so that no id is ever given twice. A run is renamed
//! before it is deleted: one that was stopped half-way does not look like a run, and the next writer
//! clears it. What was moved aside (`.replaced-…`, `.damaged-…`) is not touched.

use std::collections::BTreeSet;
use std::fs;

use serde::Serialize;

use super::series::{TEMPORARY, sync};
use super::{SeriesLock, Store, StoreError, StoredRun};

/// Why a run stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// Its date is among the last ones.
    Recent,
    /// It has an alias, or gets one back by a rollback.
    Promoted,
    /// It knows the highest lineage id of the series.
    Lineage,
}

/// What pruning does to one run.
#[derive(Clone, Debug)]
pub struct Pruned {
    /// The run.
    pub run: StoredRun,
    /// Why it stays; it goes where there is no reason.
    pub kept: Vec<Kept>,
    /// Bytes of its files.
    pub bytes: u64,
}

impl Store {
    /// What pruning to the runs of the last `keep` dates, at least 1, does to each run of a series.
    ///
    /// # Errors
    /// As [`Store::series`] and [`Store::registry`].
    pub fn plan_pruning(&self, series: &str, keep: usize) -> Result<Vec<Pruned>, StoreError> {
        let runs = self.series(Some(series))?;
        let registry = self.registry(series)?;
        let promoted = registry.promoted();
        let dates: BTreeSet<_> = runs.iter().map(|run| run.manifest.as_of).collect();
        let recent: BTreeSet<_> = dates.into_iter().rev().take(keep.max(1)).collect();
        let highest = runs.iter().map(|run| run.manifest.next_segment).max();
        // Of several that know it the last one is kept, which mostly stays anyway.
        let lineage = runs.iter().rposition(|run| Some(run.manifest.next_segment) == highest);
        let each = runs.into_iter().enumerate().map(|(place, run)| {
            let manifest = &run.manifest;
            let reasons = [
                (Kept::Recent, recent.contains(&manifest.as_of)),
                (Kept::Promoted, promoted.contains(manifest.run_id.as_str())),
                (Kept::Lineage, lineage == Some(place)),
            ];
            let kept = reasons.into_iter().filter(|(_, holds)| *holds).map(|(kept, _)| kept);
            Ok(Pruned { kept: kept.collect(), bytes: bytes(&run)?, run })
        });
        each.collect()
    }
}

fn bytes(run: &StoredRun) -> Result<u64, StoreError> {
    let fault = |source| StoreError::Read { path: run.path.clone(), source };
    let mut bytes = 0;
    for entry in fs::read_dir(&run.path).map_err(fault)? {
        bytes += entry.and_then(|entry| entry.metadata()).map_err(fault)?.len();
    }
    Ok(bytes)
}

impl SeriesLock {
    /// Deletes a run of the series.
    ///
    /// # Errors
    /// `Write`.
    pub fn remove(&self, run: &StoredRun) -> Result<(), StoreError> {
        let aside = self.folder.join(format!("{TEMPORARY}pruned-{}", run.manifest.run_id));
        let fault = |source| StoreError::Write { path: run.path.clone(), source };
        fs::rename(&run.path, &aside).and_then(|()| sync(&self.folder)).map_err(fault)?;
        fs::remove_dir_all(&aside).map_err(fault)
    }
}
