//! The arguments of `segtrail compare`.

use std::path::PathBuf;

use clap::Args as ClapArgs;

#[derive(ClapArgs, Debug)]
#[command(after_help = "Example:\n  segtrail compare 2017-11-30-1a2b3c4d 2017-12-31-5e6f7a8b\n  \
    segtrail compare --assignments before.parquet after.csv --id customer_id --segment segment")]
pub(crate) struct CompareArgs {
    /// The earlier run
    #[arg(required_unless_present = "assignments")]
    pub a: Option<String>,
    /// The later run
    #[arg(required_unless_present = "assignments")]
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
}
