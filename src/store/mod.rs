//! Run <-> `models/<series>/<run_id>/`.
//!
//! A run is written to a hidden folder beside its place and renamed when every file is complete
//! and on disk: a killed run leaves nothing that looks like a run. One writer at a time holds
//! the lock of a series; readers need none. What is found damaged is moved aside, never deleted, and
//! so is a run that is written anew with the judgement of a person. Beside the runs of a series lies
//! the history of these judgements, `overrides.json`, and that of which run counts, `registry.json`.

#![allow(clippy::disallowed_methods, reason = "runs are read and written here")]

mod error;
mod files;
mod frames;
mod journal;
mod one_customer;
mod overrides;
mod places;
mod prune;
mod registry;
mod rejects;
mod series;
mod values;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

pub use error::StoreError;
pub use files::{
    load, load_assignments, load_comparison, load_features, load_features_named, load_model,
    load_segments, load_values,
};
pub use frames::{assignment_frame, parquet_error, write_parquet};
pub use one_customer::{CustomerInRun, load_customer};
pub use places::{Places, load_places};
pub use prune::{Kept, Pruned};
pub use registry::{Action, Alias, Registered, Registry, RegistryEntry};
pub use series::{Damaged, SeriesLock};
pub use values::CustomerValues;

use crate::run::Manifest;
use crate::types::AsOf;

/// The folder that holds all series.
#[derive(Clone, Debug)]
pub struct Store {
    root: PathBuf,
}

/// A complete run on disk.
#[derive(Clone, Debug)]
pub struct StoredRun {
    /// Its folder.
    pub path: PathBuf,
    /// Its manifest.
    pub manifest: Manifest,
}

/// Complete runs, sorted by date and time of writing, and what looks like a run but is not.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// Complete runs.
    pub runs: Vec<StoredRun>,
    /// Damaged ones.
    pub damaged: Vec<Damaged>,
}

impl Store {
    /// The store at `root`, which need not exist yet.
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Its folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The runs of one series, or of all.
    ///
    /// # Errors
    /// `Read` when the folder is there but cannot be listed.
    pub fn list(&self, series: Option<&str>) -> Result<Listing, StoreError> {
        let mut names = series::names(&self.root)?;
        // Only what lies in the store: a name such as `..` is no series.
        names.retain(|name| series.is_none_or(|series| series == name));
        let mut listing = Listing::default();
        for name in names {
            series::list(&self.root.join(&name), &mut listing)?;
        }
        listing.runs.sort_by(|a, b| {
            let key = |run: &StoredRun| {
                (
                    run.manifest.series.clone(),
                    run.manifest.as_of,
                    run.manifest.created_at.clone(),
                    run.manifest.run_id.clone(),
                )
            };
            key(a).cmp(&key(b))
        });
        Ok(listing)
    }

    /// The runs of the series `name`, at least one, by date; of the only series there is where none
    /// is named.
    ///
    /// # Errors
    /// `NoSuchSeries`, `WhichSeries`, `Read`.
    pub fn series(&self, name: Option<&str>) -> Result<Vec<StoredRun>, StoreError> {
        let runs = self.list(name)?.runs;
        let mut known: Vec<String> = runs.iter().map(|run| run.manifest.series.clone()).collect();
        known.dedup();
        match (name, known.len()) {
            (_, 1) => Ok(runs),
            (Some(name), _) => {
                Err(StoreError::NoSuchSeries { name: name.into(), root: self.root.clone() })
            }
            (None, _) => Err(StoreError::WhichSeries { root: self.root.clone(), known }),
        }
    }

    /// The complete run of this id, where there is one.
    pub fn existing(&self, series: &str, run_id: &str) -> Option<StoredRun> {
        series::existing(&self.root.join(series), run_id)
    }

    /// The run that `name` means: a run id, `series/run_id`, `series/latest`, `latest`, or an alias as
    /// in `series/champion` and `champion`.
    ///
    /// # Errors
    /// `NoSuchRun`, `NoAlias`, `Ambiguous`, `Damaged`, `Read`, `Journal`.
    pub fn find(&self, name: &str) -> Result<StoredRun, StoreError> {
        let (series, run) = match name.rsplit_once('/') {
            Some((series, run)) => (Some(series), run),
            None => (None, name),
        };
        let listing = self.list(series)?;
        if let Ok(alias) = run.parse::<Alias>() {
            let series: BTreeSet<&str> =
                listing.runs.iter().map(|run| run.manifest.series.as_str()).collect();
            let holders = self.holders(alias, &series)?;
            return match holders.as_slice() {
                [(series, run)] => self.find(&format!("{series}/{run}")),
                [] => {
                    let series = name.rsplit_once('/').map(|(series, _)| series.to_owned());
                    Err(StoreError::NoAlias { alias: alias.name(), series })
                }
                several => Err(StoreError::Ambiguous {
                    name: name.to_owned(),
                    candidates: several.iter().map(|(s, run)| format!("{s}/{run}")).collect(),
                }),
            };
        }
        let mut found: Vec<StoredRun> = if run == "latest" {
            let last =
                listing.runs.iter().map(|run| (run.manifest.as_of, &run.manifest.created_at)).max();
            listing
                .runs
                .iter()
                .filter(|run| Some((run.manifest.as_of, &run.manifest.created_at)) == last)
                .cloned()
                .collect()
        } else {
            listing.runs.iter().filter(|other| other.manifest.run_id == run).cloned().collect()
        };
        match found.len() {
            1 => Ok(found.remove(0)),
            0 => match listing.damaged.into_iter().find(|damaged| damaged.path.ends_with(run)) {
                Some(damaged) => {
                    Err(StoreError::Damaged { path: damaged.path, what: damaged.what })
                }
                None => Err(StoreError::NoSuchRun {
                    name: name.to_owned(),
                    root: self.root.clone(),
                    known: listing.runs.iter().rev().take(5).map(qualified).collect(),
                }),
            },
            _ => Err(StoreError::Ambiguous {
                name: name.to_owned(),
                candidates: found.iter().map(qualified).collect(),
            }),
        }
    }

    /// The run that a run of `as_of` follows: the last complete one of an earlier date.
    ///
    /// # Errors
    /// `Read`.
    pub fn previous(&self, series: &str, as_of: AsOf) -> Result<Option<StoredRun>, StoreError> {
        let listing = self.list(Some(series))?;
        Ok(listing.runs.into_iter().rfind(|run| run.manifest.as_of < as_of))
    }

    /// Of `run` and its other namings the last that `suits`; `run` itself where none does.
    ///
    /// # Errors
    /// `Read`.
    pub fn naming(
        &self,
        run: StoredRun,
        suits: impl Fn(&Manifest) -> bool,
    ) -> Result<StoredRun, StoreError> {
        let listing = self.list(Some(&run.manifest.series))?;
        let origin = run.manifest.origin();
        let other = (listing.runs.into_iter())
            .rfind(|other| other.manifest.origin() == origin && suits(&other.manifest));
        Ok(other.unwrap_or(run))
    }
}

fn qualified(run: &StoredRun) -> String {
    format!("{}/{}", run.manifest.series, run.manifest.run_id)
}
