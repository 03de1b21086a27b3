//! What the input of a run looked like: facts of each table, to be held against those of an earlier run.
//!
//! Facts are of rows that the run may know: none is dated after its `as_of`. Of sales and interactions
//! they are those of the window, the month that ends at `as_of`; of the other tables those of all rows
//! known by then. Medians and quantiles come from bins of at most an eighth of their lower end.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Facts of one table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TableFacts {
    /// Section of the configuration, as in [`super::InputFile`].
    pub table: String,
    /// First day of the window; none where the facts are of all rows known by the date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Rows, refused ones too; of a window those dated in it.
    pub rows: u64,
    /// Refused rows among them, by the first reason.
    pub refused: BTreeMap<String, u64>,
    /// Rows without a readable day, of the same files, by the reason for refusing them: no window has
    /// them.
    pub undated: BTreeMap<String, u64>,
    /// Rows of these files known by the date, undated ones too.
    pub known: u64,
    /// The files that have a row in the window; where none has, those that have one before.
    pub files: Vec<FileFacts>,
    /// Every column of these files, by name.
    pub columns: Vec<ColumnFacts>,
    /// Every day of the window, in order; empty without one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<DayFacts>,
    /// Days of the window on which rows were to be expected and none came, in runs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub silences: Vec<Silence>,
    /// Sizes of amounts, in units of the currency: of rows that count, returns without their sign, zero
    /// left out. None without such a column or row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Spread>,
    /// Sizes of quantities, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Spread>,
    /// Columns of names: kinds, providers, categories, attributes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<CategoryFacts>,
}

/// Facts of one file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileFacts {
    /// Path as in [`super::InputFile`].
    pub path: String,
    /// Whether it is Parquet, whose columns have types.
    pub parquet: bool,
    /// Its rows among those of the table.
    pub rows: u64,
    /// Median size of their amounts, in units of the currency; none without amounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median_amount: Option<f64>,
}

/// Facts of one column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColumnFacts {
    /// Its name.
    pub name: String,
    /// How many of the table's files have it.
    pub files: usize,
    /// What its values are, of Parquet files: `text`, `integer`, `number`, `flag`, `date`, `time`, or
    /// several of them; none of CSV, which has no types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// What was found in it; none of columns that the configuration does not use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filled: Option<Filled>,
}

/// What was found in a column that is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filled {
    /// Values looked at.
    pub values: u64,
    /// Of these, without a value.
    pub empty: u64,
    /// Of these, with one that cannot be read as what the column is for.
    pub unreadable: u64,
}

/// One day of a window.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DayFacts {
    /// The day.
    pub day: Date,
    /// Rows, refused ones too.
    pub rows: u64,
    /// Net amount of those that count, in units of the currency; 0 without amounts.
    pub amount: f64,
    /// Median size of their amounts; none without any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median_amount: Option<f64>,
    /// Usual rows of this day of the week; none where the days before do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual: Option<Usual>,
}

/// What a day of the week was like in the weeks before.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Usual {
    /// Weeks looked at.
    pub weeks: u32,
    /// Of these, with rows on that day.
    pub open: u32,
    /// Median of the rows of those; 0 where there are none.
    pub median: f64,
    /// 1.4826 times the median distance of the logarithms of the rows from their median.
    pub spread: f64,
}

/// Days that follow each other without a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// The first, in the window.
    pub from: Date,
    /// The last.
    pub to: Date,
    /// Of these days, those on which rows were to be expected.
    pub expected: u32,
    /// The most days without a row that followed each other about a year before; none where the data
    /// do not reach back so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_year: Option<u32>,
}

/// A distribution of sizes, above 0.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// How many.
    pub values: u64,
    /// Tenth, first quarter, median, third quarter, nine tenths, 99 hundredths.
    pub quantiles: [f64; 6],
    /// Lower end of each bin that has a value, ascending, and how many it has.
    pub bins: Vec<(f64, u64)>,
}

impl Spread {
    /// The median.
    pub fn median(&self) -> f64 {
        self.quantiles[2]
    }
}

/// Facts of a column of names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CategoryFacts {
    /// Its name.
    pub column: String,
    /// Values that are there.
    pub values: u64,
    /// Different ones.
    pub distinct: u64,
    /// The most frequent, at most [`MOST_VALUES`], each with how often it is there, most frequent first;
    /// empty where there are more different ones than [`MOST_DISTINCT`], which are no categories.
    pub most: Vec<(String, u64)>,
}

/// Values of a column that are kept with their counts.
pub const MOST_VALUES: usize = 50;

/// A column of more different values is not one of categories.
pub const MOST_DISTINCT: usize = 200;
