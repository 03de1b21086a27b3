//! Which run of a series counts: the aliases `champion` and `candidate`, with who gave them, when and
//! why, in `registry.json` beside the runs.
//!
//! The history is only added to. What an alias means follows from it: the last run that was promoted,
//! or, after a rollback, the one before that. Whoever holds the lock of the series adds to it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::journal::{self, Journal};
use super::{SeriesLock, Store, StoreError, StoredRun};
use crate::label::Statement;

/// A name for a run of a series that changes hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alias {
    /// The run that is in use: what `export` writes.
    Champion,
    /// A run that is looked at before it may become the champion.
    Candidate,
}

impl Alias {
    /// Every alias.
    pub const ALL: [Alias; 2] = [Alias::Champion, Alias::Candidate];

    /// As it is written in the place of a run.
    pub fn name(self) -> &'static str {
        match self {
            Alias::Champion => "champion",
            Alias::Candidate => "candidate",
        }
    }
}

impl std::str::FromStr for Alias {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|alias| alias.name() == text);
        found.ok_or_else(|| format!("`{text}` is neither champion nor candidate"))
    }
}

/// The content of `registry.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registry {
    /// Never changed or taken out, only added to; numbered from 1.
    pub entries: Vec<RegistryEntry>,
}

/// One decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistryEntry {
    /// Its place in the history, from 1.
    pub number: usize,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub author: String,
    /// Why.
    pub reason: String,
    /// The alias.
    pub alias: Alias,
    /// The run that has it from then on.
    pub run: String,
    /// The run that had it before.
    pub before: Option<String>,
    /// What was decided.
    pub action: Action,
}

/// What was decided about an alias.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// The run gets it.
    Promoted,
    /// It goes back to the run that had it before the present one.
    RolledBack,
}

impl Registry {
    /// The runs that had the alias, one after the other, without those it was taken back from: the
    /// last one has it. A candidate that became the champion is no candidate any more.
    fn stack(&self, alias: Alias) -> Vec<&str> {
        let mut stack: Vec<&str> = Vec::new();
        for entry in &self.entries {
            match entry.action {
                Action::Promoted if entry.alias == alias => {
                    stack.push(&entry.run);
                }
                Action::RolledBack if entry.alias == alias => {
                    stack.pop();
                }
                Action::Promoted if alias == Alias::Candidate => {
                    stack.retain(|run| *run != entry.run);
                }
                _ => {}
            }
        }
        stack
    }

    /// The run that has the alias.
    pub fn holder(&self, alias: Alias) -> Option<&str> {
        self.stack(alias).last().copied()
    }

    /// The aliases of a run.
    pub fn aliases(&self, run_id: &str) -> Vec<Alias> {
        Alias::ALL.into_iter().filter(|alias| self.holder(*alias) == Some(run_id)).collect()
    }

    /// Every run that has an alias, or gets one back by rollbacks.
    pub fn promoted(&self) -> BTreeSet<&str> {
        Alias::ALL.into_iter().flat_map(|alias| self.stack(alias)).collect()
    }
}

/// A decision that is kept, and whether it had been there before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// The entry that says so.
    pub entry: RegistryEntry,
    /// Whether the run had the alias already: nothing was added then.
    pub already_there: bool,
}

impl Journal for Registry {
    const FILE: &'static str = "registry.json";

    fn numbers(&self) -> Vec<usize> {
        self.entries.iter().map(|entry| entry.number).collect()
    }
}

impl Store {
    /// Which runs of a series have aliases, and how that came; empty where nobody decided anything.
    ///
    /// # Errors
    /// `Read`; `Journal` for a file that is garbled, lacks an entry or is of a later release.
    pub fn registry(&self, series: &str) -> Result<Registry, StoreError> {
        journal::read(&self.root.join(series))
    }

    /// The run of a series that exports are of: the champion, or the last where there is none, and
    /// whether it is the champion.
    ///
    /// # Errors
    /// As [`Store::series`] and [`Store::registry`]; `NoSuchRun` for a champion that is gone.
    pub fn in_use(&self, series: Option<&str>) -> Result<(StoredRun, bool), StoreError> {
        let mut runs = self.series(series)?;
        let series = runs[0].manifest.series.clone();
        match self.registry(&series)?.holder(Alias::Champion) {
            Some(champion) => Ok((self.find(&format!("{series}/{champion}"))?, true)),
            None => Ok((runs.remove(runs.len() - 1), false)),
        }
    }

    /// The runs that have `alias`, of one series or of all.
    pub(super) fn holders(
        &self,
        alias: Alias,
        series: &BTreeSet<&str>,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let mut found = Vec::new();
        for name in series {
            let registry = self.registry(name)?;
            found.extend(registry.holder(alias).map(|run| ((*name).to_owned(), run.to_owned())));
        }
        Ok(found)
    }
}

impl SeriesLock {
    /// Gives a run of the series an alias.
    ///
    /// # Errors
    /// As [`Store::registry`]; `NoSuchRun` where it is gone; `Word` for an empty author or reason;
    /// `Write`, `Encode`, after which the history is as it was.
    pub fn promote(
        &self,
        run: &StoredRun,
        alias: Alias,
        statement: &Statement,
    ) -> Result<Registered, StoreError> {
        // Somebody may have pruned it before we had the lock.
        let run = self.there(&run.manifest.run_id)?;
        let statement = statement.checked(run.manifest.as_of)?;
        let registry: Registry = journal::read(&self.folder)?;
        let run = &run.manifest.run_id;
        let before = registry.holder(alias).map(str::to_owned);
        if before.as_ref() == Some(run) {
            let of = |entry: &&RegistryEntry| entry.alias == alias && entry.run == *run;
            if let Some(entry) = registry.entries.iter().rfind(of).cloned() {
                return Ok(Registered { entry, already_there: true });
            }
        }
        self.add(registry, &statement, (alias, Action::Promoted), run.clone(), before)
    }

    /// Gives an alias back to the run that had it before the present one.
    ///
    /// # Errors
    /// As [`SeriesLock::promote`]; `NothingBefore` where no run had it before; `NoSuchRun` where that
    /// one is gone.
    pub fn rollback(&self, alias: Alias, statement: &Statement) -> Result<Registered, StoreError> {
        let registry: Registry = journal::read(&self.folder)?;
        let stack = registry.stack(alias);
        let (Some(present), Some(before)) =
            (stack.last(), stack.len().checked_sub(2).and_then(|at| stack.get(at)))
        else {
            let present = stack.last().map(|run| (*run).to_owned());
            return Err(StoreError::NothingBefore {
                alias: alias.name(),
                series: self.series(),
                present,
            });
        };
        let run = self.there(before)?;
        let statement = statement.checked(run.manifest.as_of)?;
        let present = Some((*present).to_owned());
        let run = run.manifest.run_id;
        self.add(registry.clone(), &statement, (alias, Action::RolledBack), run, present)
    }

    fn series(&self) -> String {
        self.folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// The run of this id, which is to be there.
    fn there(&self, run_id: &str) -> Result<StoredRun, StoreError> {
        self.existing(run_id).ok_or_else(|| StoreError::NoSuchRun {
            name: format!("{}/{run_id}", self.series()),
            root: self.folder.parent().unwrap_or(&self.folder).to_owned(),
            known: Vec::new(),
        })
    }

    fn add(
        &self,
        mut registry: Registry,
        statement: &Statement,
        (alias, action): (Alias, Action),
        run: String,
        before: Option<String>,
    ) -> Result<Registered, StoreError> {
        let entry = RegistryEntry {
            number: registry.entries.len() + 1,
            at: statement.at,
            author: statement.author.clone(),
            reason: statement.reason.clone(),
            alias,
            run,
            before,
            action,
        };
        registry.entries.push(entry.clone());
        journal::write(&self.folder, registry)?;
        Ok(Registered { entry, already_there: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registry(steps: &[(Alias, Action, &str)]) -> Registry {
        let entry =
            |(place, (alias, action, run)): (usize, &(Alias, Action, &str))| RegistryEntry {
                number: place + 1,
                at: Timestamp::UNIX_EPOCH,
                author: "Anna".into(),
                reason: "r".into(),
                alias: *alias,
                run: (*run).into(),
                before: None,
                action: *action,
            };
        Registry { entries: steps.iter().enumerate().map(entry).collect() }
    }

    #[test]
    fn a_rollback_gives_the_alias_back_step_by_step() {
        use Action::{Promoted, RolledBack};
        use Alias::{Candidate, Champion};
        let steps = [
            (Champion, Promoted, "a"),
            (Candidate, Promoted, "b"),
            (Candidate, Promoted, "c"),
            (Champion, Promoted, "c"),
            (Champion, Promoted, "d"),
            (Champion, RolledBack, "c"),
            (Champion, RolledBack, "a"),
        ];
        let holders: Vec<(Option<String>, Option<String>)> = (0..=steps.len())
            .map(|n| {
                let registry = registry(&steps[..n]);
                let holder = |alias| registry.holder(alias).map(str::to_owned);
                (holder(Champion), holder(Candidate))
            })
            .collect();
        let some = |run: &str| Some(run.to_owned());
        let expected = [
            (None, None),
            (some("a"), None),
            (some("a"), some("b")),
            (some("a"), some("c")),
            (some("c"), some("b")),
            (some("d"), some("b")),
            (some("c"), some("b")),
            (some("a"), some("b")),
        ];
        assert_eq!(holders, expected);
        let all = registry(&steps);
        assert_eq!(all.promoted(), BTreeSet::from(["a", "b"]));
        assert_eq!(all.aliases("b"), [Candidate]);
        assert_eq!(registry(&steps[..5]).promoted(), BTreeSet::from(["a", "b", "c", "d"]));
    }

    #[test]
    fn an_alias_is_read_as_it_is_written() {
        for alias in Alias::ALL {
            assert_eq!(alias.name().parse::<Alias>(), Ok(alias));
            assert_eq!(serde_json::to_string(&alias).unwrap(), format!("\"{}\"", alias.name()));
        }
        assert!("latest".parse::<Alias>().is_err());
    }
}
