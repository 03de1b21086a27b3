//! A simulation -> `transactions`, `customers` and `truth` tables and a configuration that runs
//! on them. Customers are written as they are drawn; no more than a batch is in memory.

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use super::ExportError;
use super::rows::{Field, Holds, RowWriter};
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
    /// Parquet for a file whose name ends so, else CSV.
    pub fn of(path: &Path) -> Self {
        let parquet = path.extension().is_some_and(|extension| extension == "parquet");
        if parquet { Self::Parquet } else { Self::Csv }
    }

    fn ending(self) -> &'static str {
        match self {
            TableFormat::Csv => "csv",
            TableFormat::Parquet => "parquet",
        }
    }
}

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
    let texts = |names: &[&'static str]| -> Vec<(&'static str, Holds)> {
        names.iter().map(|name| (*name, Holds::Text)).collect()
    };
    let mut columns = texts(&["customer_id", "order_id", "time"]);
    columns.push(("amount", Holds::Number));
    let mut transactions = Table::create(folder, "transactions", &columns, format)?;
    let columns = texts(&["customer_id", "month_end", "group"]);
    let mut truth = Table::create(folder, "truth", &columns, format)?;
    let columns = texts(&["customer_id", "first_contact"]);
    let mut customers = Table::create(folder, "customers", &columns, format)?;
    let total = simulation.params().customers;
    let mut written = Written::default();
    for customer in simulation.iter() {
        let SimulatedCustomer { id, first_contact, orders, groups: of, .. } = customer;
        for order in orders {
            let time = order.time.strftime("%Y-%m-%d %H:%M:%S").to_string();
            let amount = order.amount_cents as f64 / 100.0;
            let texts = [id.as_str(), &order.id, &time].map(Field::Text);
            transactions.row(&[texts[0], texts[1], texts[2], Field::Number(amount)])?;
            written.orders += 1;
        }
        for (end, group) in ends.iter().zip(&of) {
            let group = group.map_or(Field::Null, |group| Field::Text(groups[group]));
            truth.row(&[Field::Text(id.as_str()), Field::Text(end), group])?;
        }
        let first = first_contact.to_string();
        customers.row(&[Field::Text(id.as_str()), Field::Text(&first)])?;
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

/// One of the tables, in a file of its own.
struct Table {
    path: PathBuf,
    writer: RowWriter<BufWriter<File>>,
}

impl Table {
    fn create(
        folder: &Path,
        name: &str,
        columns: &[(&str, Holds)],
        format: TableFormat,
    ) -> Result<Self, ExportError> {
        let path = folder.join(format!("{name}.{}", format.ending()));
        let create = || {
            let file = BufWriter::with_capacity(1 << 18, File::create_new(&path)?);
            RowWriter::new(file, columns, format)
        };
        match create() {
            Ok(writer) => Ok(Self { path, writer }),
            Err(source) => Err(ExportError::Write { path, source }),
        }
    }

    fn row(&mut self, fields: &[Field<'_>]) -> Result<(), ExportError> {
        let fault = |source| ExportError::Write { path: self.path.clone(), source };
        self.writer.row(fields).map_err(fault)
    }

    fn finish(self) -> Result<(), ExportError> {
        self.writer.finish().map_err(|source| ExportError::Write { path: self.path, source })
    }
}
