//! A small shop: forty customers, half a year of sales, a configuration of a few lines. Tests
//! change one thing about it and look what follows.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::ToSpan;
use jiff::civil::Date;
use polars::prelude::{Column, DataFrame, ParquetWriter};
use serde_json::Value;
use tempfile::TempDir;

use super::{Outcome, StoredRun, leftovers, run_in, stored_runs};

/// The date of the shop's runs; the last sale is some days before it.
pub const AS_OF: &str = "2024-06-30";

const CONFIGURATION: &str = r#"name = "shop"

[transactions]
files = ["sales.csv"]
customer = "customer"
order = "order"
time = "time"
amount = "amount"

[features]
use = ["recency_days", "n_orders", "monetary_total"]

[cluster]
method = "kmeans"
k = 3
restarts = 2
bootstrap = 0
"#;

/// One sale.
pub type Sale = (String, String, String, String);

/// The sales of the shop: customer, order, day, amount.
pub fn sales() -> Vec<Sale> {
    let mut rows = Vec::new();
    for customer in 1..=40 {
        for order in 0..=(customer % 6) {
            let days = (customer * 3 + order * 17) % 170;
            let day = Date::constant(2024, 1, 1).checked_add(days.days()).unwrap();
            let amount = 5 + (customer * 7 + order * 13) % 90;
            rows.push((
                format!("c{customer:03}"),
                format!("{customer}-{order}"),
                day.to_string(),
                format!("{amount}.25"),
            ));
        }
    }
    rows
}

/// Sales as CSV with a header line.
pub fn csv(sales: &[Sale]) -> String {
    let mut text = String::from("customer,order,time,amount\n");
    for (customer, order, time, amount) in sales {
        text += &format!("{customer},{order},{time},{amount}\n");
    }
    text
}

/// Columns as the bytes of a Parquet file.
pub fn parquet(columns: Vec<Column>) -> Vec<u8> {
    let mut frame = DataFrame::new_infer_height(columns).unwrap();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
    bytes
}

/// The shop's folder: `sales.csv`, `segtrail.toml` and, after a run, `models`.
pub struct Shop {
    folder: Arc<TempDir>,
}

impl Shop {
    /// The shop as it stands, which runs without a fault.
    pub fn new() -> Self {
        let shop = Self { folder: Arc::new(tempfile::tempdir().unwrap()) };
        shop.write("sales.csv", csv(&sales()));
        shop.write("segtrail.toml", CONFIGURATION);
        shop
    }

    /// The shop with other sales.
    pub fn selling(sales: &[Sale]) -> Self {
        let shop = Self::new();
        shop.write("sales.csv", csv(sales));
        shop
    }

    /// The shop's sales with more lines at the end of `sales.csv`.
    pub fn with_lines(lines: &str) -> Self {
        let shop = Self::new();
        shop.write("sales.csv", csv(&sales()) + lines);
        shop
    }

    /// The shop with a Parquet file in place of the CSV.
    pub fn of_parquet(columns: Vec<Column>) -> Self {
        let shop = Self::new();
        shop.write("sales.parquet", parquet(columns));
        shop.edit("sales.csv", "sales.parquet")
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    pub fn models(&self) -> PathBuf {
        self.path("models")
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// Replaces a text of the configuration, which must be there.
    pub fn edit(self, from: &str, to: &str) -> Self {
        let text = fs::read_to_string(self.path("segtrail.toml")).unwrap();
        assert!(text.contains(from), "the configuration has no {from:?}");
        self.write("segtrail.toml", text.replacen(from, to, 1));
        self
    }

    /// Adds lines at the end of the configuration.
    pub fn append(self, lines: &str) -> Self {
        let text = fs::read_to_string(self.path("segtrail.toml")).unwrap();
        self.write("segtrail.toml", text + "\n" + lines + "\n");
        self
    }

    /// The line of the configuration in which `text` first stands, from 1.
    pub fn line_of(&self, text: &str) -> usize {
        let configuration = fs::read_to_string(self.path("segtrail.toml")).unwrap();
        1 + configuration.lines().position(|line| line.contains(text)).expect("the text is there")
    }

    /// Any command.
    pub fn command(&self, args: &[&str]) -> Outcome {
        run_in(self.folder(), args)
    }

    /// `run` as of `as_of`.
    pub fn run(&self, as_of: &str) -> Outcome {
        self.command(&["run", "segtrail.toml", "--as-of", as_of, "--json"])
    }

    /// The run succeeds and can be read back; its record.
    pub fn accepts(&self) -> StoredRun {
        let before = stored_runs(&self.models());
        let outcome = self.command(&["run", "segtrail.toml", "--as-of", AS_OF]).done();
        let mut new = stored_runs(&self.models());
        new.retain(|run| !before.contains(run));
        assert_eq!(new.len(), 1, "one run more\n{}", outcome.all());
        assert_eq!(leftovers(&self.models()), Vec::<PathBuf>::new());
        let run = StoredRun::made(new.remove(0), outcome.stderr, &self.folder);
        self.command(&["show", &run.id(), "--json"]).done().json();
        run
    }

    /// The run is refused with exit code 1 and a message that has all of `words`; nothing of it
    /// stays in the store.
    pub fn refuses(&self, words: &[&str]) -> Outcome {
        let outcome = self.run(AS_OF).fails(1, words);
        assert!(outcome.stdout.is_empty(), "stdout of a refusal\n{}", outcome.all());
        self.left_nothing();
        outcome
    }

    /// No run and no part of one is in the store.
    pub fn left_nothing(&self) {
        assert_eq!(stored_runs(&self.models()), Vec::<PathBuf>::new(), "a run was stored");
        assert_eq!(leftovers(&self.models()), Vec::<PathBuf>::new(), "a part of a run stayed");
    }

    /// The manifest's count of rows refused for `reason`.
    pub fn rejected(run: &StoredRun, reason: &str) -> u64 {
        match &run.manifest()["rows"]["rejects"][reason]["rows"] {
            Value::Null => 0,
            count => count.as_u64().unwrap(),
        }
    }
}
