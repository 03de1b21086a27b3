//! The arguments of `segtrail promote`, `rollback`, `prune` and `watch`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use crate::store::Alias;

/// Who decides, and why.
#[derive(ClapArgs, Debug)]
pub(crate) struct SaidArgs {
    /// Why, in a sentence
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Who decides
    #[arg(long, value_name = "NAME")]
    pub author: String,
}

#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Example:\n  segtrail promote latest --author \"Anna\" --reason \"gates held, \
    names read well\"\n  segtrail promote complete_journey/latest --as candidate --author \"Anna\" \\\n    \
    --reason \"k = 8 on trial\"\n\n\
    From then on series/champion is that run everywhere, and export writes it. Who decided what, when\n\
    and why stays in registry.json beside the runs."
)]
pub(crate) struct PromoteArgs {
    /// Run id, series/run_id, series/latest, latest, or an alias (candidate)
    pub run: String,
    /// champion (in use) or candidate (looked at before it may be)
    #[arg(long = "as", value_name = "ALIAS", default_value = "champion")]
    pub alias: Alias,
    #[command(flatten)]
    pub said: SaidArgs,
}

#[derive(ClapArgs, Debug)]
#[command(after_help = "Example:\n  segtrail rollback complete_journey --author \"Anna\" \\\n    \
    --reason \"the campaign tool refuses the new names\"\n\n\
    The run that was champion before is champion again; twice in a row goes back two.")]
pub(crate) struct RollbackArgs {
    /// The series
    pub series: String,
    /// Of this alias
    #[arg(long = "as", value_name = "ALIAS", default_value = "champion")]
    pub alias: Alias,
    #[command(flatten)]
    pub said: SaidArgs,
}

#[derive(ClapArgs, Debug)]
#[command(after_help = "Example:\n  segtrail prune complete_journey --keep 12 --dry-run\n  \
    segtrail prune complete_journey --keep 12\n\n\
    Kept are the runs of the last dates, every run that is champion or candidate or would be after a\n\
    rollback, and the run that knows the highest segment id.")]
pub(crate) struct PruneArgs {
    /// The series
    pub series: String,
    /// Dates whose runs are kept, the last ones
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub keep: u32,
    /// Say what would go, and leave it
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(ClapArgs, Debug)]
#[command(after_help = "Example:\n  segtrail watch segtrail.toml\n  \
    segtrail watch segtrail.toml --status /var/lib/segtrail/status.json --quiet\n\n\
    A month is complete where there is a row of its last day or later. Of a series without a run the\n\
    last complete month is run, otherwise every complete one after the last run.")]
pub(crate) struct WatchArgs {
    /// The configuration, a segtrail.toml
    pub config: PathBuf,
    /// Where the status goes [default: watch.json beside the runs of the series]
    #[arg(long, value_name = "FILE")]
    pub status: Option<PathBuf>,
    /// End with exit code 3 where model churn or drift of a run is beyond its bound
    #[arg(long)]
    pub gate: bool,
}
