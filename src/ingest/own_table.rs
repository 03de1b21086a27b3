//! Any table of customers or other things -> numbers, categories, weights and ids of its rows,
//! for clustering without a configuration.
//!
//! CSV, gzipped CSV or Parquet, told by content; rows stream into columns. Nothing is guessed away:
//! a value that cannot be read is an error with its line, a column that is left out is told of.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use super::IngestError;
use super::cell::{self, Cell};
use super::id_list::IdList;
use super::own_column::{Column, Kind, is_nothing};
use super::params::TextParams;
use super::rows::check_text;
use super::source::{self, Row, Source, Wanted};

/// More distinct texts than this are names or notes, no category.
pub const MOST_LEVELS: usize = 50;

/// What to read of a table.
#[derive(Clone, Debug, Default)]
pub struct OwnTableParams {
    /// Column of the id, which no two rows may share; without it rows are numbered.
    pub id: Option<String>,
    /// Columns to cluster on, numbers or categories; without it every column of numbers but the
    /// id and the weights.
    pub features: Option<Vec<String>>,
    /// Those of `features` that are categories even where their values are numbers.
    pub categories: Vec<String>,
    /// Column of what a row counts, above 0.
    pub weights: Option<String>,
    /// How fields written as text are read.
    pub format: TextParams,
}

/// The rows of a table, sorted by the bytes of their ids; in the order of the file without ids.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OwnTable {
    /// How many.
    pub rows: usize,
    /// What is clustered, at least one column.
    pub features: Vec<OwnColumn>,
    /// What each row counts.
    pub weights: Option<Vec<f64>>,
    /// Columns that are no features, though none were named: each with the reason.
    pub left_out: Vec<(String, String)>,
    /// Named columns of numbers for the most part that are categories, each with the reason.
    pub mixed: Vec<(String, String)>,
    /// Ids that were floats and became integers.
    pub ids_normalised: u64,
    /// In the order of the file.
    ids: Option<IdList>,
    /// Where each row stands in the file; none where they are sorted there.
    order: Option<Vec<u32>>,
}

/// One feature.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnColumn {
    /// Name of the column.
    pub name: String,
    /// Its values.
    pub values: OwnValues,
}

/// The values of a feature, one a row.
#[derive(Clone, Debug, PartialEq)]
pub enum OwnValues {
    /// Finite; NaN where missing.
    Numbers(Vec<f64>),
    /// At most [`MOST_LEVELS`] different ones; none where missing.
    Categories(Vec<Option<Arc<str>>>),
}

impl OwnTable {
    /// How row `row` is called: by its id, or by its number in the file, from 1.
    pub fn name(&self, row: usize) -> String {
        let place = self.order.as_ref().map_or(row, |order| order[row] as usize);
        match &self.ids {
            Some(ids) => ids.get(place).to_owned(),
            None => (place + 1).to_string(),
        }
    }

    /// The ids in the order of the file, where the table has them.
    pub fn ids(&self) -> Option<&IdList> {
        self.ids.as_ref()
    }

    /// By row of the file, its place among the rows as they are sorted; none where that is the
    /// order of the file.
    pub fn places(&self) -> Option<Vec<u32>> {
        self.order.as_ref().map(|order| {
            let mut places = vec![0; order.len()];
            for (place, &row) in order.iter().enumerate() {
                places[row as usize] = place as u32;
            }
            places
        })
    }
}

/// Reads a table.
///
/// # Errors
/// An unusable file; `Text`, `NotAColumn`, `TwiceNamed`, `NoRows`, `BadRow`, `SameId`, `BadColumn`,
/// `NoNumbers`.
pub fn read_own_table(path: &Path, params: &OwnTableParams) -> Result<OwnTable, IngestError> {
    check_text("table", &params.format)?;
    let source = source::single("table", path)?;
    if source.is_parquet() && params.format.delimiter.is_some() {
        let message = "--delimiter is for CSV, and this is a Parquet file. Leave it out";
        return Err(IngestError::Text { table: "table", message });
    }
    let mut table = OwnTable::default();
    let wanted = Chosen::new(&source, params, &mut table.left_out)?;
    let mut columns = wanted.read(&source, params, &mut table)?;
    if params.features.is_some() {
        for column in &columns {
            match column.kind() {
                Kind::Infinite => column.check_numbers(path)?,
                Kind::Nothing => {
                    let what = "has no value in any row. Take it out of --features".into();
                    let (file, column) = (path.to_owned(), column.name.clone());
                    return Err(IngestError::BadColumn { file, column, what });
                }
                Kind::Mixed => table.mixed.push((column.name.clone(), column.why_text())),
                Kind::Numbers | Kind::Text => {}
            }
        }
    } else {
        leave_out(&source, &mut columns, &mut table.left_out)?;
    }
    let texts: Vec<&Column> = columns.iter().filter(|c| c.kind() != Kind::Numbers).collect();
    let mut categories = read_categories(&source, &texts, params)?.into_iter();
    for column in columns {
        let (name, numbers) = column.into_numbers();
        let values = match numbers {
            Some(numbers) => OwnValues::Numbers(numbers),
            None => OwnValues::Categories(categories.next().unwrap_or_default()),
        };
        table.features.push(OwnColumn { name, values });
    }
    table.sort();
    Ok(table)
}

/// The columns to read, each once: id, weights, features.
struct Chosen {
    columns: Vec<String>,
    id: Option<usize>,
    weights: Option<usize>,
    features: usize,
}

impl Chosen {
    fn new(
        source: &Source,
        params: &OwnTableParams,
        left_out: &mut Vec<(String, String)>,
    ) -> Result<Self, IngestError> {
        let header = source.columns(&params.format)?;
        let mut chosen = Self { columns: Vec::new(), id: None, weights: None, features: 0 };
        let mut ask = |option: &'static str, column: &String| {
            source::find_column(column, &header).map_err(|hint| IngestError::NotAColumn {
                file: source.path.clone(),
                option,
                column: column.clone(),
                found: header.clone(),
                hint,
            })?;
            if chosen.columns.contains(column) {
                return Err(IngestError::TwiceNamed { column: column.clone(), option });
            }
            chosen.columns.push(column.clone());
            Ok(chosen.columns.len() - 1)
        };
        let id = params.id.as_ref().map(|column| ask("--id", column)).transpose()?;
        let weights = params.weights.as_ref().map(|c| ask("--weights", c)).transpose()?;
        for column in params.features.iter().flatten() {
            ask("--features", column)?;
        }
        chosen.id = id;
        chosen.weights = weights;
        chosen.features = usize::from(id.is_some()) + usize::from(weights.is_some());
        if params.features.is_none() {
            let unreadable = source.unreadable_columns()?;
            for column in header {
                if chosen.columns[..chosen.features].contains(&column) {
                    continue;
                }
                let found = unreadable.iter().find(|(name, _)| *name == column);
                match found {
                    _ if column.is_empty() => left_out.push((column, "it has no name".into())),
                    Some((_, found)) => left_out.push((column, format!("it holds {found}"))),
                    None => chosen.columns.push(column),
                }
            }
        }
        Ok(chosen)
    }

    /// Reads every row: ids and weights into `table`, features as columns that are numbers until
    /// a text is met.
    fn read(
        &self,
        source: &Source,
        params: &OwnTableParams,
        table: &mut OwnTable,
    ) -> Result<Vec<Column>, IngestError> {
        let column = |name: &String| Column::new(name, params.categories.contains(name));
        let mut columns: Vec<Column> = self.columns[self.features..].iter().map(column).collect();
        let mut ids = self.id.map(|_| IdList::default());
        let mut weights = self.weights.map(|_| Vec::new());
        let mut lines = Lines::default();
        let mut scratch = String::new();
        let wanted = Wanted {
            columns: &self.columns,
            flags_from: self.features,
            fingerprints: false,
            text: &params.format,
        };
        let rows = source.each_row(&wanted, &mut |row| {
            let line = Line { source, row: &row, columns: &self.columns };
            if row.fault.is_some() {
                return Err(line.bad("it has not as many fields as the header".into()));
            }
            lines.note(row.line);
            if let (Some(place), Some(ids)) = (self.id, &mut ids) {
                let cell = line.cell(place)?;
                match cell::customer_id(cell, params.format.customer_id, &mut scratch) {
                    Ok((id, normalised)) => {
                        ids.push(id);
                        table.ids_normalised += u64::from(normalised);
                    }
                    Err(_) => return Err(line.fault(place, "an id is missing")),
                }
            }
            if let (Some(place), Some(weights)) = (self.weights, &mut weights) {
                match cell::number(line.cell(place)?, &params.format) {
                    Ok(weight) if weight > 0.0 => weights.push(weight),
                    _ => return Err(line.fault(place, "a weight is a finite number above 0")),
                }
            }
            for (place, column) in columns.iter_mut().enumerate() {
                column.push(row.fields.cell(self.features + place), row.line, &params.format);
            }
            Ok(())
        })?;
        if rows == 0 {
            return Err(IngestError::NoRows { file: source.path.clone() });
        }
        table.rows = rows as usize;
        table.weights = weights;
        if let Some(ids) = &ids {
            table.order = ids.order();
            if let (Some(order), Some(column)) = (&table.order, &params.id) {
                let equal = order
                    .windows(2)
                    .find(|pair| ids.get(pair[0] as usize) == ids.get(pair[1] as usize));
                if let Some(pair) = equal {
                    return Err(IngestError::SameId {
                        file: source.path.clone(),
                        column: column.clone(),
                        id: ids.get(pair[0] as usize).to_owned(),
                        lines: [lines.of(pair[0]), lines.of(pair[1])],
                    });
                }
            }
        }
        table.ids = ids;
        Ok(columns)
    }
}

impl OwnTable {
    /// Columns and weights in the order of the ids, one after the other.
    fn sort(&mut self) {
        let Some(order) = &self.order else { return };
        fn sorted<T: Clone>(values: &[T], order: &[u32]) -> Vec<T> {
            order.iter().map(|&row| values[row as usize].clone()).collect()
        }
        for column in &mut self.features {
            match &mut column.values {
                OwnValues::Numbers(values) => *values = sorted(values, order),
                OwnValues::Categories(values) => *values = sorted(values, order),
            }
        }
        if let Some(weights) = &mut self.weights {
            *weights = sorted(weights, order);
        }
    }
}

/// Keeps the columns of numbers and says why each of the others is none.
///
/// # Errors
/// `BadRow` where a few values of a column of a CSV file are no numbers; `NoNumbers`.
fn leave_out(
    source: &Source,
    columns: &mut Vec<Column>,
    left_out: &mut Vec<(String, String)>,
) -> Result<(), IngestError> {
    let mut kept = Vec::new();
    for column in columns.drain(..) {
        match column.kind() {
            Kind::Text | Kind::Nothing => {
                left_out.push((column.name.clone(), column.why_text()));
            }
            // In Parquet its type says that it is of text.
            Kind::Mixed if source.is_parquet() => {
                left_out.push((column.name.clone(), column.why_text()));
            }
            Kind::Numbers | Kind::Infinite | Kind::Mixed => {
                column.check_numbers(&source.path)?;
                kept.push(column);
            }
        }
    }
    *columns = kept;
    if columns.is_empty() {
        let found = left_out.iter().map(|(name, why)| format!("`{name}` ({why})")).collect();
        return Err(IngestError::NoNumbers { file: source.path.clone(), found });
    }
    Ok(())
}

/// Reads the columns that were found to be text again, as categories.
///
/// # Errors
/// `BadColumn` for more than [`MOST_LEVELS`] different ones; an unusable file.
fn read_categories(
    source: &Source,
    texts: &[&Column],
    params: &OwnTableParams,
) -> Result<Vec<Vec<Option<Arc<str>>>>, IngestError> {
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<String> = texts.iter().map(|column| column.name.clone()).collect();
    type Levels = HashMap<String, Arc<str>>;
    let mut columns: Vec<(Levels, Vec<Option<Arc<str>>>)> =
        names.iter().map(|_| Default::default()).collect();
    let wanted =
        Wanted { columns: &names, flags_from: 0, fingerprints: false, text: &params.format };
    source.each_row(&wanted, &mut |row| {
        let line = Line { source, row: &row, columns: &names };
        for (place, (levels, values)) in columns.iter_mut().enumerate() {
            let cell = line.cell(place)?;
            if is_nothing(cell) {
                values.push(None);
                continue;
            }
            let text = match cell {
                Cell::Text(text) => text.trim().to_owned(),
                other => other.to_string(),
            };
            if let Some(known) = levels.get(&text) {
                values.push(Some(Arc::clone(known)));
                continue;
            }
            if levels.len() == MOST_LEVELS {
                return Err(IngestError::BadColumn {
                    file: source.path.clone(),
                    column: names[place].clone(),
                    what: format!(
                        "has more than {MOST_LEVELS} different values and is not of numbers ({}): \
                         correct it, or take it out of --features",
                        texts[place].why_text()
                    ),
                });
            }
            let level: Arc<str> = text.as_str().into();
            levels.insert(text, Arc::clone(&level));
            values.push(Some(level));
        }
        Ok(())
    })?;
    Ok(columns.into_iter().map(|(_, values)| values).collect())
}

/// A row while it is read.
struct Line<'a, 'r> {
    source: &'a Source,
    row: &'a Row<'r>,
    columns: &'a [String],
}

impl<'a> Line<'a, '_> {
    fn bad(&self, what: String) -> IngestError {
        IngestError::BadRow { file: self.source.path.clone(), line: self.row.line, what }
    }

    fn fault(&self, place: usize, what: &str) -> IngestError {
        let value = self.row.fields.cell(place).map_or("\u{fffd}".into(), super::fields::shown);
        let column = &self.columns[place];
        self.bad(format!("column `{column}` = `{value}`: {what}. Correct or remove the row"))
    }

    fn cell(&self, place: usize) -> Result<Cell<'a>, IngestError> {
        self.row.fields.cell(place).map_err(|_| self.fault(place, "it is not UTF-8"))
    }
}

/// The lines of rows: only where they do not follow each other is anything kept.
#[derive(Debug, Default)]
struct Lines {
    rows: u32,
    jumps: Vec<(u32, u64)>,
}

impl Lines {
    fn note(&mut self, line: u64) {
        if self.jumps.is_empty() || self.of(self.rows) != line {
            self.jumps.push((self.rows, line));
        }
        self.rows += 1;
    }

    fn of(&self, row: u32) -> u64 {
        let jump = self.jumps.partition_point(|(from, _)| *from <= row) - 1;
        let (from, line) = self.jumps[jump];
        line + u64::from(row - from)
    }
}

#[cfg(test)]
#[path = "own_table_tests.rs"]
mod tests;
