//! The command line: commands, options, help with an example each.

mod cluster;
mod compare;
mod judgement;
mod label;
mod per_feature;
mod registry;
mod trail;

use std::path::PathBuf;

use clap::{Args as ClapArgs, CommandFactory, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;

pub(crate) use self::cluster::{ClusterArgs, RuleOption};
pub(crate) use self::compare::CompareArgs;
pub(crate) use self::judgement::{OverridesArgs, SetArgs, UnsetArgs};
pub(crate) use self::label::{CheckArgs, LabelArgs, LabelCommand, WhyArgs};
pub(crate) use self::registry::{PromoteArgs, PruneArgs, RollbackArgs, SaidArgs, WatchArgs};
pub(crate) use self::trail::{ForecastArgs, TrailArgs};
use crate::features::btyd::Period;
use crate::label::Tool;
use crate::types::{Duration, TimeUnit};

/// Customer segments from transactions, month after month, with the trail kept.
#[derive(Parser, Debug)]
#[command(name = "segtrail", version, propagate_version = true, arg_required_else_help = true)]
#[command(after_help = "Example:\n  segtrail init sales.csv -o segtrail.toml\n  \
    segtrail run segtrail.toml --as-of 2017-07-31..2017-12-31\n\n\
    Exit codes: 0 done; 1 the input, configuration or data is at fault; 2 wrong usage;\n\
    3 done, but a check did not hold; 4 a fault of segtrail.")]
pub(crate) struct Args {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(ClapArgs, Debug)]
pub(crate) struct Common {
    /// Folder of the stored runs
    #[arg(long, global = true, value_name = "DIR", default_value = "models")]
    pub models: PathBuf,
    /// Threads to use; results do not depend on it [default: all]
    #[arg(long, global = true, value_name = "N", value_parser = threads)]
    pub threads: Option<usize>,
    /// Seed of every random choice, over the configuration's
    #[arg(long, global = true, value_name = "N")]
    pub seed: Option<u64>,
    /// Say nothing but errors and what was asked for
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Print one JSON document on stdout
    #[arg(long, global = true)]
    pub json: bool,
}

fn threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count @ 1..=1024) => Ok(count),
        _ => Err("give a whole number from 1 to 1024".into()),
    }
}

#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    /// Run one month, or every month end of a range
    Run(RunArgs),
    /// List the stored runs
    Runs(RunsArgs),
    /// Show one run
    Show(ShowArgs),
    /// Compare two runs, or two tables of any tool: segments, movement, agreement
    Compare(CompareArgs),
    /// Show the trail of a series: how segments began, split, merged and ended; or of a customer
    Trail(TrailArgs),
    /// Say where the groups of a series are heading: next sizes, time to lapse, long run
    Forecast(ForecastArgs),
    /// Write the customers of a run with their groups, for other programs
    Export(ExportArgs),
    /// For a scheduler: run the months that are complete and have no run yet
    Watch(WatchArgs),
    /// Make a run the champion of its series, or a candidate
    Promote(PromoteArgs),
    /// Make the run the champion again that was before
    Rollback(RollbackArgs),
    /// Remove old runs of a series, but those that are promoted
    Prune(PruneArgs),
    /// Write the report of a run anew, in either language
    Report(ReportArgs),
    /// Find the segments of any table, without a configuration
    Cluster(Box<ClusterArgs>),
    /// Models of customer value: fit one to a table, or hold them against what came after a date
    Clv(ClvArgs),
    /// Look after naming schemes
    Label(LabelArgs),
    /// Say why a customer is in their segment and groups
    Why(WhyArgs),
    /// Write transactions drawn from known groups, with the truth beside them
    Simulate(SimulateArgs),
    /// Look at a data file and write a commented configuration for it
    Init(InitArgs),
    /// Print completions for a shell
    Completions(CompletionArgs),
}

#[derive(ClapArgs, Debug)]
#[command(after_help = "Example:\n  segtrail run segtrail.toml --as-of 2017-12-31\n  \
    segtrail run segtrail.toml --as-of 2017-07-31..2017-12-31   # every month end")]
pub(crate) struct RunArgs {
    /// The configuration, a segtrail.toml
    pub config: PathBuf,
    /// Date the run speaks about, inclusive; or A..B for every month end in it
    #[arg(long, value_name = "DATE|A..B", value_parser = as_of)]
    pub as_of: AsOfRange,
    /// End with exit code 3, after everything is stored, where a gate of [track] did not hold: model
    /// churn above churn_budget, drift above drift_gate
    #[arg(long)]
    pub gate: bool,
}

/// One date, or the month ends between two.
#[derive(Clone, Copy, Debug)]
pub(crate) enum AsOfRange {
    One(Date),
    Months(Date, Date),
}

pub(super) fn as_of(text: &str) -> Result<AsOfRange, String> {
    let date = |text: &str| match text.trim().parse::<Date>() {
        Ok(date) if (1900..2200).contains(&date.year()) => Ok(date),
        Ok(date) => Err(format!("{date} lies outside the years 1900 to 2199")),
        Err(_) => Err(format!("`{text}` is not a date such as 2017-12-31")),
    };
    match text.split_once("..") {
        None => Ok(AsOfRange::One(date(text)?)),
        Some((first, last)) => {
            let (first, last) = (date(first)?, date(last)?);
            if first > last {
                return Err(format!("the range ends on {last}, before it begins on {first}"));
            }
            Ok(AsOfRange::Months(first, last))
        }
    }
}

impl AsOfRange {
    /// The dates, ascending; none where a range holds no month end.
    pub(crate) fn dates(self) -> Vec<Date> {
        match self {
            AsOfRange::One(date) => vec![date],
            AsOfRange::Months(first, last) => {
                let ends = std::iter::successors(Some(first.last_of_month()), |end| {
                    Some(end.tomorrow().ok()?.last_of_month())
                });
                ends.take_while(|end| *end <= last).collect()
            }
        }
    }
}

#[derive(ClapArgs, Debug)]
#[command(after_help = "Example:\n  segtrail runs\n  segtrail runs complete_journey --json")]
pub(crate) struct RunsArgs {
    /// One series alone
    pub series: Option<String>,
    /// Language of what is shown [default: the last run's]
    #[arg(long, value_enum)]
    pub language: Option<ReportLanguage>,
}

#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Example:\n  segtrail show latest\n  segtrail show complete_journey/latest --json"
)]
pub(crate) struct ShowArgs {
    /// Run id, series/run_id, series/latest, latest, or an alias (champion)
    pub run: String,
    /// Language of what is shown [default: the run's]
    #[arg(long, value_enum)]
    pub language: Option<ReportLanguage>,
}

#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Example:\n  segtrail export complete_journey --format csv -o groups.csv\n  \
    segtrail export latest --format csv --taxonomy pyramid --tool mailchimp -o levels.csv\n\n\
    Of a series its champion is written, or the last run where nobody promoted one."
)]
pub(crate) struct ExportArgs {
    /// A series, or a run: run id, series/run_id, series/latest, latest, or an alias [default: the
    /// only series]
    pub run: Option<String>,
    /// How to write it
    #[arg(long, value_enum)]
    pub format: ExportFormat,
    /// Key of the taxonomy that names the groups [default: the main one, with a column for each
    /// of the others]
    #[arg(long, value_name = "KEY")]
    pub taxonomy: Option<String>,
    /// Add the names that groups have in this campaign tool (braze, google, hubspot, klaviyo,
    /// mailchimp, meta, salesforce, tiktok, x, zalo)
    #[arg(long, value_name = "NAME")]
    pub tool: Option<Tool>,
    /// File to write; stdout when not given (parquet needs a file)
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ExportFormat {
    Csv,
    Jsonl,
    Parquet,
}

#[derive(ClapArgs, Debug)]
#[command(after_help = "Example:\n  segtrail report latest --language vi -o bao-cao.html")]
pub(crate) struct ReportArgs {
    /// Run id, series/run_id, series/latest, latest, or an alias (champion)
    pub run: String,
    /// Language of the report [default: the run's]
    #[arg(long, value_enum)]
    pub language: Option<ReportLanguage>,
    /// File to write; without it, the path of the stored report is printed
    #[arg(short, long, value_name = "FILE", required_if_eq_any([("language", "en"), ("language", "vi")]))]
    pub output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ReportLanguage {
    En,
    Vi,
}

impl From<ReportLanguage> for crate::types::Language {
    fn from(language: ReportLanguage) -> Self {
        match language {
            ReportLanguage::En => Self::En,
            ReportLanguage::Vi => Self::Vi,
        }
    }
}

#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Example:\n  segtrail clv validate segtrail.toml --split 2017-09-30 -o validation.html",
    arg_required_else_help = true
)]
pub(crate) struct ClvArgs {
    #[command(subcommand)]
    pub command: ClvCommand,
}

#[derive(Subcommand, Debug)]
pub(crate) enum ClvCommand {
    /// Fit one model to a table of x, t_x, T (and m_x), or of cohorts or subscriptions
    Fit(FitArgs),
    /// Fit before a date, forecast after it, show the forecast beside the truth
    Validate(ValidateArgs),
}

#[derive(ClapArgs, Debug)]
#[command(after_help = "Example:\n  segtrail clv fit summary.csv --model bg_nbd --json\n  \
    segtrail clv fit summary.csv --model pareto_nbd --unit weeks --horizon \"12 months\" -o scores.csv\n  \
    segtrail clv fit cohorts.csv --model sbg --ahead 8\n  \
    segtrail clv fit subscriptions.csv --model bdw --period \"1 month\" --as-of 2024-12-31\n\n\
    Columns: x (or frequency), t_x (recency), T (n, periods); m_x (zbar, monetary_value) and\n\
    count (weights, customers) where there. Of cohorts: period, customers, cohort. Of\n\
    subscriptions: customer, start, end (empty while it runs).")]
pub(crate) struct FitArgs {
    /// A CSV, gzipped CSV or Parquet table
    pub table: PathBuf,
    /// The model
    #[arg(long, value_enum, value_name = "NAME")]
    pub model: FitModel,
    /// Unit of the table's times; needed for a forecast
    #[arg(long, value_name = "UNIT")]
    pub unit: Option<TimeUnit>,
    /// Forecast this far ahead, such as "12 months"
    #[arg(long, value_name = "DURATION")]
    pub horizon: Option<Duration>,
    /// Forecast so many opportunities (bg_bb) or renewals (sbg, bdw) ahead
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub ahead: Option<u32>,
    /// Discount: a yearly rate, compounded monthly; of one opportunity or renewal for bg_bb, sbg
    /// and bdw [default: 0.10]
    #[arg(long, value_name = "RATE")]
    pub discount_rate: Option<f64>,
    /// Part of the spend that is margin; with --horizon and spend [default: 1]
    #[arg(long, value_name = "PART")]
    pub margin: Option<f64>,
    /// Length of a subscription's period, such as "1 month"; with --as-of
    #[arg(long, value_name = "DURATION", value_parser = period)]
    pub period: Option<Period>,
    /// Last day on which subscriptions were observed
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Date>,
    /// Write the forecast of every row to this file: Parquet where it ends so, else CSV
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// A model that can be fitted to a table.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FitModel {
    /// BG/NBD
    #[value(name = "bg_nbd", alias = "bg-nbd")]
    BgNbd,
    /// MBG/NBD
    #[value(name = "mbg_nbd", alias = "mbg-nbd")]
    MbgNbd,
    /// Pareto/NBD
    #[value(name = "pareto_nbd", alias = "pareto-nbd")]
    ParetoNbd,
    /// BG/BB, for discrete opportunities
    #[value(name = "bg_bb", alias = "bg-bb")]
    BgBb,
    /// Gamma-Gamma, for spend
    #[value(name = "gamma_gamma", alias = "gamma-gamma")]
    GammaGamma,
    /// Shifted beta-geometric, for contracts
    #[value(name = "sbg")]
    Sbg,
    /// Beta-discrete-Weibull, for contracts
    #[value(name = "bdw")]
    Bdw,
}

/// `1 month`, `4 weeks`.
fn period(text: &str) -> Result<Period, String> {
    let fault = || {
        format!("`{text}` is not a period: write a whole number and a unit, such as \"1 month\"")
    };
    let (length, unit) = text.trim().split_once(char::is_whitespace).ok_or_else(fault)?;
    let length = length.parse().ok().filter(|length| *length > 0).ok_or_else(fault)?;
    Ok(Period { length, unit: unit.trim().parse().map_err(|_| fault())? })
}

#[derive(ClapArgs, Debug)]
#[command(after_help = "Example:\n  segtrail clv validate segtrail.toml --split 2017-09-30\n  \
    segtrail clv validate segtrail.toml --split 2017-09-30 --json -o validation.html")]
pub(crate) struct ValidateArgs {
    /// The configuration, a segtrail.toml
    pub config: PathBuf,
    /// Last day that the models may see
    #[arg(long, value_name = "DATE")]
    pub split: Date,
    /// Last day that is forecast [default: the last day of the data]
    #[arg(long, value_name = "DATE")]
    pub until: Option<Date>,
    /// Write a page with plots to this file
    #[arg(short, long, value_name = "FILE", required_if_eq_any([("language", "en"), ("language", "vi")]))]
    pub output: Option<PathBuf>,
    /// Language of the page and of what is shown beside it [default: the configuration's]
    #[arg(long, value_enum)]
    pub language: Option<ReportLanguage>,
}

#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Example:\n  segtrail simulate --customers 10000 --months 12 --seed 1 -o data/synthetic\n  \
    segtrail simulate --customers 10000 --months 12 --features features.parquet"
)]
pub(crate) struct SimulateArgs {
    /// Customers
    #[arg(long, value_name = "N")]
    pub customers: u64,
    /// Months
    #[arg(long, value_name = "M")]
    pub months: u32,
    /// Folder to write transactions, customers and truth to, new or empty
    #[arg(short, long, value_name = "DIR", required_unless_present = "features")]
    pub output: Option<PathBuf>,
    /// Write one row a customer with eight features to this file instead: Parquet where it ends
    /// so, else CSV
    #[arg(long, value_name = "FILE", conflicts_with_all = ["output", "format"])]
    pub features: Option<PathBuf>,
    /// standard (groups appear, split and die out), separated (five groups well apart), steady
    /// (no events), bg-nbd or pareto-nbd (one group that behaves as the model does, with CDNOW's
    /// parameters), or a TOML file
    #[arg(long, default_value = "standard", value_name = "NAME|FILE")]
    pub scenario: String,
    /// First day, the first of a month
    #[arg(long, value_name = "DATE")]
    pub start: Option<Date>,
    /// How the tables are written
    #[arg(long, value_enum, default_value = "parquet")]
    pub format: SimulateFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum SimulateFormat {
    Csv,
    Parquet,
}

#[derive(ClapArgs, Debug)]
#[command(after_help = "Example:\n  segtrail init sales-2017.csv.gz -o segtrail.toml")]
pub(crate) struct InitArgs {
    /// A CSV, gzipped CSV or Parquet file of transactions
    pub data: PathBuf,
    /// The configuration to write; never overwritten
    #[arg(short, long, value_name = "FILE", default_value = "segtrail.toml")]
    pub output: PathBuf,
}

#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Example:\n  segtrail completions bash > ~/.local/share/bash-completion/completions/segtrail"
)]
pub(crate) struct CompletionArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// The script for a shell.
pub(crate) fn completions(shell: clap_complete::Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "segtrail", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_range_means_every_month_end_in_it() {
        let dates = |text: &str| as_of(text).unwrap().dates();
        assert_eq!(dates("2017-12-15"), [date(2017, 12, 15)]);
        assert_eq!(
            dates("2017-11-30..2018-02-28"),
            [date(2017, 11, 30), date(2017, 12, 31), date(2018, 1, 31), date(2018, 2, 28)]
        );
        assert_eq!(dates("2017-11-01..2017-11-29"), []);
        assert!(as_of("2018-01-01..2017-01-01").is_err());
        assert!(as_of("yesterday").is_err());
    }
}
