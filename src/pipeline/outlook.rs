//! A new run and the path of runs before it -> how long customers stay in their groups, and where the
//! groups are heading.

use super::record::Previous;
use crate::error::Error;
use crate::run::{Manifest, Run};
use crate::store::{self, Store, StoredRun};
use crate::track::GroupCohorts;
use crate::track::forecast::{LAPSED, Step, forecast};
use crate::types::GroupKey;

/// Puts cohorts of groups and forecast into the comparison of `run`.
pub(super) fn tell(run: &mut Run, previous: Option<&Previous>, store: &Store) -> Result<(), Error> {
    let (Some(previous), Some(comparison)) = (previous, &mut run.comparison) else {
        return Ok(());
    };
    let manifest = &run.manifest;
    let runs = store.list(Some(&manifest.series))?.runs;
    // Groups of other taxonomies are no groups of this one.
    let head = runs.iter().find(|stored| stored.manifest.run_id == previous.run_id());
    let mut before = head.map_or_else(Vec::new, |head| path(&runs, head));
    let same = |stored: &&StoredRun| main_group(&stored.manifest) == main_group(manifest);
    let others = before.iter().rposition(|stored| !same(stored)).map_or(0, |place| place + 1);
    before.drain(..others);
    let mut cohorts = GroupCohorts::default();
    if let Some(last) = before.last() {
        let known = store::load_comparison(last)?.and_then(|comparison| comparison.cohorts);
        cohorts = known.unwrap_or_else(|| cohorts.followed_by(previous.as_of(), previous.stood()));
    }
    let buyers = run.assignments.iter().filter(|row| row.segment.is_some());
    let now = buyers.map(|row| (&row.group, row.group_changed_on));
    comparison.cohorts = Some(cohorts.followed_by(manifest.as_of, now));
    let mut steps = steps(&before)?;
    if !before.is_empty() {
        steps.push(Step { as_of: manifest.as_of, flows: comparison.group_flows.clone() });
    }
    let lapsed = LAPSED.map(|key| GroupKey(key.into()));
    comparison.forecast = forecast(&steps, &lapsed);
    Ok(())
}

/// What the groups of a run are by.
fn main_group(manifest: &Manifest) -> Option<String> {
    manifest.taxonomy_keys().into_iter().next()
}

/// `head` and the runs before it among those of its series, the first one first.
pub fn path<'a>(runs: &'a [StoredRun], head: &'a StoredRun) -> Vec<&'a StoredRun> {
    let mut path = vec![head];
    while let Some(before) = path.last().and_then(|run| run.manifest.previous_run.as_ref())
        && let Some(run) = runs.iter().find(|run| run.manifest.run_id == *before)
        // Each is of an earlier date than the one that follows it.
        && path.last().is_some_and(|next| run.manifest.as_of < next.manifest.as_of)
    {
        path.push(run);
    }
    path.reverse();
    path
}

/// The steps of a path of runs: from each to the next.
///
/// # Errors
/// A comparison that cannot be read.
pub fn steps(path: &[&StoredRun]) -> Result<Vec<Step>, Error> {
    // The comparison of the first is with a run that is not on the path.
    let later = path.iter().skip(1).filter_map(|run| {
        let comparison = store::load_comparison(run).transpose()?;
        let as_of = run.manifest.as_of;
        Some(comparison.map(|comparison| Step { as_of, flows: comparison.group_flows }))
    });
    Ok(later.collect::<Result<_, _>>()?)
}
