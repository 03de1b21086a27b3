//! Facts of the input of this run and of an earlier one -> what changed in it: columns, shares of empty
//! or refused values, categories, volume by day, sizes of amounts; and how grave each finding is.
//!
//! Rules and bounds stand in the files of this folder and in `docs/inputs.md`. A finding that the same
//! month of last year explains is seasonal. What cannot be told, as a run kept no facts, is not told.

mod categories;
mod columns;
mod jumps;
mod sentences;
mod shares;
mod volume;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::run::TableFacts;
use crate::types::Bilingual;

/// What changed in the input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InputDrift {
    /// The tables of this run, with their figures before.
    pub tables: Vec<TableChange>,
    /// What was found, gravest first, then by table.
    pub findings: Vec<Finding>,
    /// Whether a severe finding fails the gate.
    pub gate: bool,
}

/// The figures of a table before and now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableChange {
    /// Its section of the configuration.
    pub table: String,
    /// In the run before; none where that had no such table.
    pub before: Option<TableFigures>,
    /// In this run.
    pub now: TableFigures,
}

/// The figures of a table at a glance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableFigures {
    /// Rows of the window, or known by the date, refused ones too.
    pub rows: u64,
    /// Share of them that is refused; 0 without rows.
    pub refused: f64,
    /// Days of the window without a row; none without a window.
    pub empty_days: Option<usize>,
    /// Median size of an amount; none without amounts.
    pub median_amount: Option<f64>,
}

/// What is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// The table is not read any more.
    TableGone,
    /// The table is read for the first time.
    TableNew,
    /// No row of the table is of the month.
    NoRows,
    /// A column is not in every file any more.
    ColumnGone,
    /// A column that no file had.
    ColumnNew,
    /// A Parquet column is of another type.
    TypeChanged,
    /// More values of a used column are empty.
    EmptyValues,
    /// More values of a used column cannot be read.
    UnreadableValues,
    /// More rows are refused for a reason.
    RefusedRows,
    /// Values of a column of names that were not there.
    NewValues,
    /// Values of a column of names that are not there any more.
    VanishedValues,
    /// The shares of the values of a column of names moved.
    SharesMoved,
    /// Days on which rows were to be expected and none came.
    SilentDays,
    /// Days with far more rows than usual.
    HighVolume,
    /// Days with far fewer.
    LowVolume,
    /// Amounts are 100 or 1,000 times as large, or as small; all of them or some.
    AmountJump,
    /// Quantities likewise.
    QuantityJump,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gravity {
    /// To be corrected or explained before the figures of the run are used.
    Severe,
    /// Somebody should look.
    Notable,
    /// As in the same month of last year.
    Seasonal,
    /// For the record.
    Note,
}

/// One change of the input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The table's section of the configuration.
    pub table: String,
    /// What it is.
    pub finding: FindingKind,
    /// How grave it is.
    pub gravity: Gravity,
    /// The column or the reason that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// The values or the types that it is about, before and now where they differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// The share or the size before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<f64>,
    /// The same now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<f64>,
    /// How much more, or what else, chance alone gives; see the kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chance: Option<f64>,
    /// How many times as much.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<f64>,
    /// The share of the rows that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
    /// The days that it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Date>,
    /// The files that it is about, where not all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<String>,
    /// The same in a sentence.
    pub sentence: Bilingual,
}

impl Finding {
    fn new(table: &TableFacts, finding: FindingKind, gravity: Gravity) -> Self {
        let text = String::new;
        Self {
            table: table.table.clone(),
            finding,
            gravity,
            of: None,
            values: Vec::new(),
            before: None,
            now: None,
            chance: None,
            factor: None,
            share: None,
            days: Vec::new(),
            files: Vec::new(),
            sentence: Bilingual { en: text(), vi: text() },
        }
    }

    fn of(mut self, column: &str) -> Self {
        self.of = Some(column.to_owned());
        self
    }
}

/// The facts of one table: of this run, of the one before, of the same month of last year.
#[derive(Clone, Copy, Debug)]
struct Months<'a> {
    now: &'a TableFacts,
    before: &'a TableFacts,
    last_year: Option<&'a TableFacts>,
}

/// What changed in the input; none where one of the runs kept no facts of it. `last_year` are those of
/// the run of the same month of last year.
pub fn input_drift(
    before: &[TableFacts],
    now: &[TableFacts],
    last_year: Option<&[TableFacts]>,
    gate: bool,
) -> Option<InputDrift> {
    if before.is_empty() || now.is_empty() {
        return None;
    }
    fn named<'a>(tables: &'a [TableFacts], name: &str) -> Option<&'a TableFacts> {
        tables.iter().find(|table| table.table == name)
    }
    let mut findings: Vec<Finding> = (before.iter())
        .filter(|table| named(now, &table.table).is_none())
        .map(|table| Finding::new(table, FindingKind::TableGone, Gravity::Notable))
        .collect();
    let mut tables = Vec::new();
    for table in now {
        let earlier = named(before, &table.table);
        tables.push(TableChange {
            table: table.table.clone(),
            before: earlier.map(figures),
            now: figures(table),
        });
        let Some(before) = earlier else {
            findings.push(Finding::new(table, FindingKind::TableNew, Gravity::Note));
            continue;
        };
        let last_year = last_year.and_then(|tables| named(tables, &table.table));
        of_table(Months { now: table, before, last_year }, &mut findings);
    }
    // Stable: of equals, tables stay in their order.
    findings.sort_by_key(|finding| finding.gravity);
    for finding in &mut findings {
        finding.sentence = sentences::sentence(finding);
    }
    Some(InputDrift { tables, findings, gate })
}

fn of_table(months: Months<'_>, findings: &mut Vec<Finding>) {
    columns::find(months, findings);
    if months.now.rows == 0 {
        if months.before.rows > 0 {
            findings.push(Finding::new(months.now, FindingKind::NoRows, Gravity::Severe));
        }
        return;
    }
    jumps::find(months, findings);
    shares::find(months, findings);
    volume::find(months, findings);
    categories::find(months, findings);
}

fn figures(table: &TableFacts) -> TableFigures {
    let refused = table.refused.values().sum::<u64>() as f64;
    TableFigures {
        rows: table.rows,
        refused: refused / (table.rows.max(1)) as f64,
        empty_days: table.from.map(|_| table.days.iter().filter(|day| day.rows == 0).count()),
        median_amount: table.amount.as_ref().map(|amount| amount.median()),
    }
}

impl InputDrift {
    /// The findings that a person should look at.
    pub fn outstanding(&self) -> impl Iterator<Item = &Finding> {
        let looked_at = |gravity| matches!(gravity, Gravity::Severe | Gravity::Notable);
        self.findings.iter().filter(move |finding| looked_at(finding.gravity))
    }

    /// How many are severe.
    pub fn severe(&self) -> usize {
        self.findings.iter().filter(|finding| finding.gravity == Gravity::Severe).count()
    }
}

#[cfg(test)]
mod tests;
