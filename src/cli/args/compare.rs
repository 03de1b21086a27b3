//! The arguments of `segtrail compare`.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use jiff::civil::Date;

use super::ReportLanguage;

#[derive(ClapArgs, Debug)]
#[command(after_help = "Example:\n  segtrail compare 2017-11-30-1a2b3c4d 2017-12-31-5e6f7a8b\n  \
    segtrail compare --assignments before.parquet after.csv --id customer_id --segment segment")]
pub(crate) struct CompareArgs {
    /// The earlier run
    #[arg(required_unless_present_any = ["assignments", "ways"])]
    pub a: Option<String>,
    /// The later run
    #[arg(required_unless_present_any = ["assignments", "ways"])]
    pub b: Option<String>,
    /// Compare two tables of any tool instead, CSV or Parquet, one row a customer
    #[arg(
        long,
        num_args = 2,
        value_names = ["BEFORE", "AFTER"],
        conflicts_with_all = ["a", "b"],
        requires_all = ["id", "segment"]
    )]
    pub assignments: Option<Vec<PathBuf>>,
    /// Column of the customer in both tables
    #[arg(long, value_name = "COLUMN", requires = "assignments")]
    pub id: Option<String>,
    /// Column of the segment in both tables
    #[arg(long, value_name = "COLUMN", requires = "assignments")]
    pub segment: Option<String>,
    /// Compare the ways to take a month (assign, warm, refit) with the run before it instead; nothing
    /// is stored
    #[arg(long, value_name = "CONFIG", conflicts_with_all = ["a", "b", "assignments"], requires = "as_of")]
    pub ways: Option<PathBuf>,
    /// Date of the month that is taken in three ways
    #[arg(long, value_name = "DATE", requires = "ways")]
    pub as_of: Option<Date>,
    /// End with exit code 3 where a gate did not hold: model churn of the later run against the earlier
    /// one, drift
    #[arg(long, conflicts_with_all = ["assignments", "ways"])]
    pub gate: bool,
    /// Language of what is shown [default: the later run's or the configuration's; English for tables]
    #[arg(long, value_enum)]
    pub language: Option<ReportLanguage>,
}
