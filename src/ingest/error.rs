//! What makes a file or the whole input unusable. A single bad row is never an error: it goes
//! to the reject file.

use std::path::PathBuf;

use jiff::civil::Date;
use thiserror::Error;

/// Why the input cannot be used: what, where, remedy.
#[derive(Debug, Error)]
pub enum IngestError {
    /// A pattern matches no file.
    #[error(
        "[{table}] files: `{pattern}` matches no file. Paths are relative to the configuration's \
         folder; check the name and that the file is there"
    )]
    NoFiles {
        /// Section of the configuration.
        table: &'static str,
        /// The pattern.
        pattern: String,
    },
    /// A pattern is not a glob.
    #[error("[{table}] files: `{pattern}` is not a valid pattern ({message}). Correct it")]
    BadGlob {
        /// Section of the configuration.
        table: &'static str,
        /// The pattern.
        pattern: String,
        /// What the parser says.
        message: String,
    },
    /// The operating system refuses, or the compressed stream is broken.
    #[error("{}: cannot be read ({source}). Check that the file is complete and readable", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Zero bytes.
    #[error("{}: is empty (no header line, no row). Export it again or take it out of `files`", file.display())]
    Empty {
        /// The file.
        file: PathBuf,
    },
    /// Another encoding than UTF-8.
    #[error("{}: is written in {found}, not UTF-8. Save it as \"CSV UTF-8\"", file.display())]
    Encoding {
        /// The file.
        file: PathBuf,
        /// The encoding seen.
        found: &'static str,
    },
    /// Neither CSV nor what its bytes promise.
    #[error("{}: looks like {found}, which is not read. Save it as CSV or Parquet", file.display())]
    Format {
        /// The file.
        file: PathBuf,
        /// What the first bytes look like.
        found: &'static str,
    },
    /// A Parquet file that polars cannot read.
    #[error("{}: is not a readable Parquet file ({message}). Export it again", file.display())]
    Parquet {
        /// The file.
        file: PathBuf,
        /// What polars says.
        message: String,
    },
    /// A column that the configuration names is not there.
    #[error(
        "{}: has no column `{column}`; it has {}. {hint}Correct [{table}] in the configuration{}",
        file.display(), list(found), if found.len() == 1 { ", or `delimiter` if this is one line unsplit" } else { "" }
    )]
    MissingColumn {
        /// Section of the configuration.
        table: &'static str,
        /// The file.
        file: PathBuf,
        /// The column looked for.
        column: String,
        /// The columns there.
        found: Vec<String>,
        /// `Did you mean …? ` or nothing.
        hint: String,
    },
    /// A needed column name stands twice in the header.
    #[error("{}: has {count} columns named `{column}`. Rename one, so that it is clear which to read", file.display())]
    RepeatedColumn {
        /// The file.
        file: PathBuf,
        /// The column.
        column: String,
        /// How often.
        count: usize,
    },
    /// A Parquet column has a type that can never be read as what it should be.
    #[error("{}: column `{column}` holds {found}, but {expected}", file.display())]
    ColumnType {
        /// The file.
        file: PathBuf,
        /// The column.
        column: String,
        /// Its type.
        found: String,
        /// What is needed, and the remedy.
        expected: &'static str,
    },
    /// Most values of a column cannot be read.
    #[error(
        "{}: column `{column}` cannot be read as {expected} in {unreadable} of {rows} rows, for \
         example `{example}` in line {line}. {remedy}", file.display()
    )]
    ColumnUnreadable {
        /// The file.
        file: PathBuf,
        /// The column.
        column: String,
        /// `a time`, `a number`.
        expected: &'static str,
        /// Rows that fail.
        unreadable: u64,
        /// Rows of the file.
        rows: u64,
        /// The first value that fails.
        example: String,
        /// Where it stands.
        line: u64,
        /// What to do.
        remedy: &'static str,
    },
    /// Most rows have another number of fields than the header.
    #[error(
        "{}: {bad} of {rows} rows do not have the header's {expected} fields, first in line {line}. \
         Check the delimiter and the quotes", file.display()
    )]
    Ragged {
        /// The file.
        file: PathBuf,
        /// Rows that differ.
        bad: u64,
        /// Rows of the file.
        rows: u64,
        /// Fields of the header.
        expected: usize,
        /// The first such line.
        line: u64,
    },
    /// A row that goes on and on, as after a quote that never closes.
    #[error(
        "{}: the row that starts in line {line} is longer than {limit_mib} MiB; most likely a \
         quote is never closed. Correct the line", file.display()
    )]
    RowTooLong {
        /// The file.
        file: PathBuf,
        /// Where it starts.
        line: u64,
        /// The bound.
        limit_mib: usize,
    },
    /// Files with a header and nothing else, or every row refused.
    #[error(
        "[transactions] {files}: no row is left of {rows} read{reasons}. Check the columns and policies of the configuration"
    )]
    NoRowLeft {
        /// The files read.
        files: String,
        /// Rows read.
        rows: u64,
        /// `: refused 12 for customer_missing, …`, or nothing.
        reasons: String,
    },
    /// The date lies before all data.
    #[error("as_of {as_of}: the first purchase is on {first}{window}. Choose a later date{}", if window.is_empty() { "" } else { " or a longer history" })]
    NothingBefore {
        /// The date asked for.
        as_of: Date,
        /// The first purchase in the data.
        first: Date,
        /// `, the last before as_of on …, outside the window`, or nothing.
        window: String,
    },
    /// A gate that says stop.
    #[error(
        "gate {gate}: {found} found, at least {at_least} needed. Give more data, or change \
         [transactions.gates] {gate} in the configuration"
    )]
    Gate {
        /// Which.
        gate: &'static str,
        /// What was found.
        found: u64,
        /// What is needed.
        at_least: u64,
    },
    /// A regular expression of a policy is not one.
    #[error("[transactions.policy] {key}: `{pattern}` is not a regular expression ({message})")]
    BadPattern {
        /// Key of the configuration.
        key: &'static str,
        /// The text.
        pattern: String,
        /// What the parser says.
        message: String,
    },
    /// No such time zone.
    #[error(
        "timezone `{name}` is not known. Use a name of the IANA database, such as \"Asia/Ho_Chi_Minh\""
    )]
    UnknownTimezone {
        /// The name given.
        name: String,
    },
    /// A time format cannot be read.
    #[error("time_format `{format}`: {message}. Use strptime codes, such as \"%d/%m/%Y %H:%M\"")]
    BadTimeFormat {
        /// The format given.
        format: String,
        /// What is wrong.
        message: String,
    },
    /// `decimal`, `thousands` and `delimiter` that clash.
    #[error("[{table}]: {message}")]
    Text {
        /// Section of the configuration.
        table: &'static str,
        /// What and remedy.
        message: &'static str,
    },
    /// Neither or both ways to give an amount.
    #[error(
        "[transactions]: the amount must be given either as `amount`, or as `quantity` together \
         with `unit_price`. Give one of the two"
    )]
    AmountColumns,
    /// `cost` and `unit_cost` that clash.
    #[error("[transactions]: {message}")]
    CostColumns {
        /// What and remedy.
        message: &'static str,
    },
    /// Neither or both ways to give a wallet's measure.
    #[error(
        "[{table}]: what a row says must be given either as `amount` or as `rank`. Give one of the two"
    )]
    WalletColumns {
        /// Section of the configuration.
        table: &'static str,
    },
    /// A figure of a campaign that is none.
    #[error(
        "[campaign] {key} = {value}: it must be a number above 0, in units of the currency. Correct it"
    )]
    CampaignFigure {
        /// The key.
        key: &'static str,
        /// Its value.
        value: f64,
    },
    /// More kinds of interactions than anyone tells apart.
    #[error(
        "[interactions] kind: `{column}` has more than {at_most} kinds, such as {}: it is a note \
         or an id, no kind. Name another column",
        list(found)
    )]
    TooManyKinds {
        /// The column.
        column: String,
        /// The bound.
        at_most: usize,
        /// Some of them.
        found: Vec<String>,
    },
    /// Sums could pass what 64 bits hold.
    #[error(
        "[transactions]: the {what}s add up to more than {limit:e} {currency} in absolute value, \
         beyond what can be summed exactly. Check the {what} column (an id read as {}?)",
        if *what == "cost" { "a cost" } else { "an amount" }
    )]
    TooMuchMoney {
        /// `amount` or `cost`.
        what: &'static str,
        /// The bound.
        limit: f64,
        /// The currency.
        currency: String,
    },
    /// `own` names a provider that never appears.
    #[error(
        "[{table}] own: no row has the provider `{own}`; the first providers are {}. Correct it",
        list(found)
    )]
    NoOwnProvider {
        /// Section of the configuration.
        table: &'static str,
        /// The provider given.
        own: String,
        /// Some that are there.
        found: Vec<String>,
    },
    /// A table of histories or cohorts without a needed column.
    #[error(
        "{}: has no column for {wanted}, which may be named {}; it has {}. Rename a column",
        file.display(), list(names), list(found)
    )]
    NoColumn {
        /// The file.
        file: PathBuf,
        /// What is needed.
        wanted: &'static str,
        /// The names under which it is known.
        names: Vec<String>,
        /// The columns there.
        found: Vec<String>,
    },
    /// Several columns may be the one that is needed.
    #[error(
        "{}: {} may all stand for {wanted}. Keep one of these names, so that it is clear which to read",
        file.display(), list(found)
    )]
    SeveralColumns {
        /// The file.
        file: PathBuf,
        /// What is needed.
        wanted: &'static str,
        /// The columns.
        found: Vec<String>,
    },
    /// A row of such a table; there, every row counts.
    #[error("{}, line {line}: {what}", file.display())]
    BadRow {
        /// The file.
        file: PathBuf,
        /// The line (CSV, header included) or row (Parquet).
        line: u64,
        /// Column, value and remedy.
        what: String,
    },
    /// A column named on the command line is not there.
    #[error(
        "{}: has no column `{column}`; it has {}. {hint}Correct {option}{}", file.display(),
        list(found), if found.len() == 1 { ", or --delimiter if this is one line unsplit" } else { "" }
    )]
    NotAColumn {
        /// The file.
        file: PathBuf,
        /// The option that names it.
        option: &'static str,
        /// The column looked for.
        column: String,
        /// The columns there.
        found: Vec<String>,
        /// `Did you mean …? ` or nothing.
        hint: String,
    },
    /// One column for two purposes.
    #[error("{option}: the column `{column}` is named already. Name it once")]
    TwiceNamed {
        /// The option that names it again.
        option: &'static str,
        /// The column.
        column: String,
    },
    /// Two rows of one id.
    #[error(
        "{}: lines {} and {} have the same {column}, `{id}`. Keep one of them, or leave out --id to \
         number the rows", file.display(), lines[0], lines[1]
    )]
    SameId {
        /// The file.
        file: PathBuf,
        /// The column of ids.
        column: String,
        /// The id.
        id: String,
        /// The lines (CSV, header included) or rows (Parquet).
        lines: [u64; 2],
    },
    /// A column of a table that cannot be clustered on.
    #[error("{}: column `{column}` {what}", file.display())]
    BadColumn {
        /// The file.
        file: PathBuf,
        /// The column.
        column: String,
        /// What is wrong with it, and the remedy.
        what: String,
    },
    /// A table without numbers.
    #[error(
        "{}: no column of numbers to cluster on: {}. Name columns of categories with --features, or \
         say with --decimal and --thousands how numbers are written", file.display(), found.join(", ")
    )]
    NoNumbers {
        /// The file.
        file: PathBuf,
        /// Each column with what it holds.
        found: Vec<String>,
    },
    /// A cohort that no company can have.
    #[error(
        "{}: cohort `{cohort}`: {what}. Periods count 0, 1, 2, … without a gap from all customers \
         of the cohort on, and none comes back; correct the rows", file.display()
    )]
    BadCohort {
        /// The file.
        file: PathBuf,
        /// Its name; empty where the file has no column of cohorts.
        cohort: String,
        /// What is wrong.
        what: String,
    },
    /// A header and nothing else.
    #[error("{}: has a header and no row. Export it again", file.display())]
    NoRows {
        /// The file.
        file: PathBuf,
    },
}

/// The first names in backquotes, and how many more there are.
fn list(names: &[String]) -> String {
    const SHOWN: usize = 20;
    let mut text =
        names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text += &format!(" and {} more", names.len() - SHOWN);
    }
    text
}
