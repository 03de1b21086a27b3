//! Options of `segtrail label` and `segtrail why`.

use clap::{Args as ClapArgs, Subcommand};

use super::{OverridesArgs, ReportLanguage, SetArgs, UnsetArgs};
use crate::label::Tool;

#[derive(ClapArgs, Debug)]
#[command(after_help = "Example:\n  segtrail why 1234\n  \
    segtrail why 1234 --run complete_journey/latest --language vi")]
pub(crate) struct WhyArgs {
    /// The customer's id
    pub customer: String,
    /// Run id, series/run_id, series/latest, latest, or an alias (champion)
    #[arg(long, value_name = "RUN", default_value = "latest")]
    pub run: String,
    /// Language of the answer [default: the run's]
    #[arg(long, value_enum)]
    pub language: Option<ReportLanguage>,
}

#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Example:\n  segtrail label check my-groups.toml\n  \
    segtrail label latest --taxonomy pyramid   # the run is named anew, beside the old one",
    arg_required_else_help = true,
    args_conflicts_with_subcommands = true
)]
pub(crate) struct LabelArgs {
    /// The run to name anew: a run id, series/run_id, series/latest, latest, or an alias
    #[arg(requires = "taxonomies")]
    pub run: Option<String>,
    /// A TOML file, or the name of a built-in taxonomy; several times for further columns, the main
    /// one first
    #[arg(long = "taxonomy", value_name = "NAME|FILE")]
    pub taxonomies: Vec<String>,
    #[command(subcommand)]
    pub command: Option<LabelCommand>,
}

#[derive(Subcommand, Debug)]
pub(crate) enum LabelCommand {
    /// Say what is wrong with a taxonomy before it is used
    Check(CheckArgs),
    /// Give a segment the group that you judge right, with the reason
    Set(SetArgs),
    /// Withdraw what was set: the rule names the segment again
    Unset(UnsetArgs),
    /// List what people decided about the segments of a series
    Overrides(OverridesArgs),
}

#[derive(ClapArgs, Debug)]
#[command(after_help = "Example:\n  segtrail label check my-groups.toml\n  \
    segtrail label check my-groups.toml --run latest --tool mailchimp --tool zalo\n  \
    segtrail label check my-groups.toml --language vi\n  \
    segtrail label check rfm --json   # both languages\n\n\
    Exit code 3 where an error was found; warnings and notes do not count.")]
pub(crate) struct CheckArgs {
    /// A TOML file, or the name of a built-in taxonomy
    pub file: String,
    /// Try it on the data of this run too: a run id, series/run_id, series/latest, latest, or an alias
    #[arg(long, value_name = "RUN")]
    pub run: Option<String>,
    /// Check that names fit this campaign tool (braze, google, hubspot, klaviyo, mailchimp,
    /// meta, salesforce, tiktok, x, zalo); may be given several times
    #[arg(long = "tool", value_name = "NAME")]
    pub tools: Vec<Tool>,
    /// Language of the findings [default: that of the run of --run, English without one]
    #[arg(long, value_enum)]
    pub language: Option<ReportLanguage>,
}
