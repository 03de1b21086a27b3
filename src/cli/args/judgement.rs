//! The arguments of `segtrail label set`, `unset` and `overrides`.

use clap::Args as ClapArgs;
use jiff::civil::Date;

#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Example:\n  segtrail label set latest S03 loyal --author \"Anna\" \\\n    \
    --reason \"all on a yearly contract, they buy in June\" --until 2025-06-30\n\n\
    From that run on the segment has the group, in the following runs too, by its lineage id, until\n\
    the date. Stored runs that change by it are written anew; what they were is kept."
)]
pub(crate) struct SetArgs {
    /// Run id, series/run_id, series/latest, latest, or an alias (champion)
    pub run: String,
    /// The segment, such as S03
    pub segment: String,
    /// Key of a group of the run's main taxonomy
    pub group: String,
    /// Why, in a sentence
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Whose judgement it is
    #[arg(long, value_name = "NAME")]
    pub author: String,
    /// Last date of a run for which it counts [default: without end]
    #[arg(long, value_name = "DATE")]
    pub until: Option<Date>,
}

#[derive(ClapArgs, Debug)]
#[command(after_help = "Example:\n  segtrail label unset latest S03 --author \"Anna\" \\\n    \
    --reason \"the contracts ended\"\n\n\
    From that run on the rule names the segment again. What was decided stays in the history.")]
pub(crate) struct UnsetArgs {
    /// Run id, series/run_id, series/latest, latest, or an alias (champion)
    pub run: String,
    /// The segment, such as S03
    pub segment: String,
    /// Why, in a sentence
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Who withdraws it
    #[arg(long, value_name = "NAME")]
    pub author: String,
}

#[derive(ClapArgs, Debug)]
#[command(after_help = "Example:\n  segtrail label overrides online-retail\n  \
    segtrail label overrides online-retail --json")]
pub(crate) struct OverridesArgs {
    /// The series
    pub series: String,
}
