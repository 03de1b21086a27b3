//! A simulation -> `transactions`, `customers` and `truth` tables and a configuration that runs
//! on them. Customers are written as they are drawn; no more than a batch is in memory.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use polars::prelude::*;

use super::ExportError;
use crate::simulate::{SimulatedCustomer, Simulation};

/// How the tables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// CSV.
    Csv,
    /// Parquet.
    Parquet,
}

impl TableFormat {
    fn ending(self) -> &'static str {
        match self {
            TableFormat::Csv => "csv",
            TableFormat::Parquet => "parquet",
        }
    }
}

/// Rows that are gathered before they are written.
const BATCH: usize = 1 << 17;

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Customers.
    pub customers: u64,
    /// Orders, one row each.
    pub orders: u64,
}

/// Writes a simulation into the empty or new folder `folder`.
///
/// # Errors
/// `NotEmpty`, `Write`, `Encode`.
pub fn write_simulation(
    simulation: &Simulation,
    folder: &Path,
    format: TableFormat,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Written, ExportError> {
    let fault = |path: &Path| {
        let path = path.to_owned();
        move |source| ExportError::Write { path, source }
    };
    fs::create_dir_all(folder).map_err(fault(folder))?;
    if fs::read_dir(folder).map_err(fault(folder))?.next().is_some() {
        return Err(ExportError::NotEmpty { path: folder.to_owned() });
    }
    let groups: Vec<&str> =
        simulation.params().scenario.groups.iter().map(|group| group.key.as_str()).collect();
    let months = simulation.params().months;
    let ends: Vec<String> = (0..months)
        .map(|month| simulation.month_end(month).map_or_else(String::new, |end| end.to_string()))
        .collect();
    let mut transactions = Table::create(
        folder,
        "transactions",
        ["customer_id", "order_id", "time", "amount"],
        format,
    )?;
    let mut truth =
        Table::create(folder, "truth", ["customer_id", "month_end", "group", ""], format)?;
    let mut customers =
        Table::create(folder, "customers", ["customer_id", "first_contact", "", ""], format)?;
    let total = simulation.params().customers;
    let mut written = Written::default();
    for customer in simulation.iter() {
        let SimulatedCustomer { id, first_contact, orders, groups: of, .. } = customer;
        for order in orders {
            let time = order.time.strftime("%Y-%m-%d %H:%M:%S").to_string();
            let amount = order.amount_cents as f64 / 100.0;
            transactions.row([Some(id.as_str()), Some(&order.id), Some(&time), None], amount)?;
            written.orders += 1;
        }
        for (end, group) in ends.iter().zip(&of) {
            let group = group.map(|group| groups[group]);
            truth.row([Some(id.as_str()), Some(end), group, None], 0.0)?;
        }
        let first = first_contact.to_string();
        customers.row([Some(id.as_str()), Some(&first), None, None], 0.0)?;
        written.customers += 1;
        if written.customers % 1024 == 0 || written.customers == total {
            progress(written.customers, total);
        }
    }
    for table in [transactions, truth, customers] {
        table.finish()?;
    }
    let path = folder.join("segtrail.toml");
    fs::write(&path, configuration(simulation, format)).map_err(fault(&path))?;
    Ok(written)
}

fn configuration(simulation: &Simulation, format: TableFormat) -> String {
    let ending = format.ending();
    let last = simulation
        .month_end(simulation.params().months - 1)
        .map_or_else(String::new, |end| end.to_string());
    format!(
        "# Simulated transactions. Run them with\n#   segtrail run segtrail.toml --as-of {last}\n\
         name = \"synthetic\"\ncurrency = \"USD\"\n\n[transactions]\nfiles = [\"transactions.{ending}\"]\n\
         customer = \"customer_id\"\norder = \"order_id\"\ntime = \"time\"\namount = \"amount\"\n\n\
         [customers]\nfiles = [\"customers.{ending}\"]\ncustomer = \"customer_id\"\n\
         first_contact = \"first_contact\"\n"
    )
}

/// A table that grows row by row; the fourth column, where it has a name, is a number.
struct Table {
    names: [&'static str; 4],
    path: std::path::PathBuf,
    name: &'static str,
    rows: [Vec<Option<String>>; 3],
    numbers: Vec<f64>,
    writer: Writer,
}

enum Writer {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Parquet(Box<polars::io::parquet::write::BatchedWriter<BufWriter<File>>>),
}

impl Table {
    fn create(
        folder: &Path,
        name: &'static str,
        names: [&'static str; 4],
        format: TableFormat,
    ) -> Result<Self, ExportError> {
        let path = folder.join(format!("{name}.{}", format.ending()));
        let fault = |source| ExportError::Write { path: path.clone(), source };
        let file = BufWriter::with_capacity(1 << 18, File::create_new(&path).map_err(fault)?);
        let used = names.iter().filter(|name| !name.is_empty());
        let writer = match format {
            TableFormat::Csv => {
                let mut writer = csv::Writer::from_writer(file);
                writer.write_record(used).map_err(|error| fault(error.into()))?;
                Writer::Csv(Box::new(writer))
            }
            TableFormat::Parquet => {
                let schema: Schema = used
                    .enumerate()
                    .map(|(place, column)| {
                        let dtype = if place == 3 { DataType::Float64 } else { DataType::String };
                        Field::new((*column).into(), dtype)
                    })
                    .collect();
                let writer = ParquetWriter::new(file).batched(&schema);
                Writer::Parquet(Box::new(writer.map_err(|error| encode(name, &error))?))
            }
        };
        let rows = [Vec::new(), Vec::new(), Vec::new()];
        Ok(Self { names, path, name, rows, numbers: Vec::new(), writer })
    }

    fn row(&mut self, texts: [Option<&str>; 4], number: f64) -> Result<(), ExportError> {
        match &mut self.writer {
            Writer::Csv(writer) => {
                let number = number.to_string();
                let fields = (0..4).filter(|&place| !self.names[place].is_empty()).map(|place| {
                    if place == 3 { &number } else { texts[place].unwrap_or_default() }
                });
                writer.write_record(fields).map_err(|error| ExportError::Write {
                    path: self.path.clone(),
                    source: error.into(),
                })
            }
            Writer::Parquet(_) => {
                for (column, text) in self.rows.iter_mut().zip(texts) {
                    column.push(text.map(str::to_owned));
                }
                self.numbers.push(number);
                if self.numbers.len() >= BATCH { self.flush() } else { Ok(()) }
            }
        }
    }

    fn flush(&mut self) -> Result<(), ExportError> {
        let Writer::Parquet(writer) = &mut self.writer else { return Ok(()) };
        let mut columns = Vec::new();
        for (place, rows) in self.rows.iter_mut().enumerate() {
            let values = std::mem::take(rows);
            if !self.names[place].is_empty() {
                columns.push(Column::new(self.names[place].into(), values));
            }
        }
        let numbers = std::mem::take(&mut self.numbers);
        let height = numbers.len();
        if !self.names[3].is_empty() {
            columns.push(Column::new(self.names[3].into(), numbers));
        }
        let frame = DataFrame::new(height, columns).map_err(|error| encode(self.name, &error))?;
        writer.write_batch(&frame).map_err(|error| ExportError::Write {
            path: self.path.clone(),
            source: io::Error::other(error.to_string()),
        })
    }

    fn finish(mut self) -> Result<(), ExportError> {
        self.flush()?;
        let outcome = match self.writer {
            Writer::Csv(writer) => writer
                .into_inner()
                .map_err(|error| io::Error::other(error.to_string()))
                .and_then(|mut file| file.flush()),
            Writer::Parquet(writer) => {
                writer.finish().map(|_| ()).map_err(|error| io::Error::other(error.to_string()))
            }
        };
        outcome.map_err(|source| ExportError::Write { path: self.path, source })
    }
}

fn encode(name: &'static str, error: &PolarsError) -> ExportError {
    ExportError::Encode { name, message: error.to_string() }
}
