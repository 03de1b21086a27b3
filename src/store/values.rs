//! Some columns of `features.parquet` -> what each buyer of a run is worth, without reading the rest.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};

use polars::prelude::*;

use crate::track::Worth;

/// What the buyers of a run are worth, in the order of customers; empty where the run has no such
/// feature.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CustomerValues {
    /// `monetary_total`.
    pub revenue: Vec<f64>,
    /// `clv`; NaN for a customer without one.
    pub clv: Vec<f64>,
}

impl CustomerValues {
    /// As tracking looks at them.
    pub fn worth(&self) -> Worth<'_> {
        Worth { revenue: &self.revenue, clv: &self.clv }
    }
}

/// Those of `columns` that the file has; polars panics on some broken files, which is told as a
/// fault of the file.
pub(super) fn read_columns(file: File, columns: &[&str]) -> Result<DataFrame, String> {
    read_part(file, Some(columns), None)
}

/// All columns of one row of the file.
pub(super) fn read_row(file: File, row: usize) -> Result<DataFrame, String> {
    read_part(file, None, Some((row, 1)))
}

fn read_part(
    file: File,
    columns: Option<&[&str]>,
    rows: Option<(usize, usize)>,
) -> Result<DataFrame, String> {
    let text = |error: PolarsError| error.to_string().lines().next().unwrap_or_default().to_owned();
    let read = || {
        let mut reader = ParquetReader::new(file);
        let schema = reader.schema()?;
        let there = columns.map(|columns| -> Vec<String> {
            let there = columns.iter().filter(|name| schema.contains(name));
            there.map(|name| (*name).to_owned()).collect()
        });
        reader.with_columns(there).with_slice(rows).set_rechunk(true).finish()
    };
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(frame) => frame.map_err(text),
        Err(_) => Err("its content is broken".into()),
    }
}

/// The values of the rows with an order, of which there are to be `buyers`.
pub(super) fn of_buyers(frame: &DataFrame, buyers: usize) -> Result<CustomerValues, String> {
    let column = |name: &str| frame.column(name).ok().map(|column| column.f64().cloned());
    let fault = |error: PolarsError| error.to_string();
    let orders = column("n_orders").ok_or("it has no column `n_orders`")?.map_err(fault)?;
    let found = orders.len() - orders.null_count();
    if found != buyers {
        return Err(format!("it has {found} buyers where the manifest has {buyers}"));
    }
    let values = |name: &str| -> Result<Vec<f64>, String> {
        let Some(values) = column(name) else { return Ok(Vec::new()) };
        let values = values.map_err(fault)?;
        let rows = orders.iter().zip(values.iter());
        let of_buyers = rows.filter(|(orders, _)| orders.is_some());
        Ok(of_buyers.map(|(_, value)| value.unwrap_or(f64::NAN)).collect())
    };
    Ok(CustomerValues { revenue: values("monetary_total")?, clv: values("clv")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prospects_have_no_value_and_a_feature_may_be_missing() {
        let frame = df!(
            "n_orders" => [Some(1.0), None, Some(2.0)],
            "monetary_total" => [Some(5.0), None, None],
        )
        .expect("a frame");
        let found = of_buyers(&frame, 2).expect("values");
        assert_eq!(found.revenue[0], 5.0);
        assert!(found.revenue[1].is_nan() && found.clv.is_empty());
        assert_eq!(
            of_buyers(&frame, 3).unwrap_err().as_str(),
            "it has 2 buyers where the manifest has 3"
        );
        let none = df!("monetary_total" => [1.0]).expect("a frame");
        assert!(of_buyers(&none, 1).is_err());
    }
}
