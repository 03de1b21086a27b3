//! A simulation -> one row a customer with eight features of its orders, computed as the feature
//! stage computes them; customers are drawn, counted and written batch by batch.

use std::path::Path;

use super::rows::{Field, Holds, RowWriter};
use super::simulated::Written;
use super::{ExportError, TableFormat, write_file};
use crate::features::{OwnOrder, order_features};
use crate::simulate::{SimulatedOrder, Simulation};
use crate::types::{AsOf, Currency, CustomerId, Money, days_since_epoch};

/// The features that are written, beside `customer_id`.
pub const SIMULATED_FEATURES: [&str; 8] = [
    "recency_days",
    "n_orders",
    "n_purchase_days",
    "monetary_total",
    "monetary_mean",
    "tenure_days",
    "gap_mean_days",
    "p_active",
];

/// Customers drawn before their features are written.
const BATCH: u64 = 1 << 14;

/// Writes the features of every customer at the end of the simulation's last month, in USD; what
/// is not defined is an empty field or a null.
///
/// # Errors
/// `Write`.
pub fn write_simulated_features(
    simulation: &Simulation,
    path: &Path,
    format: TableFormat,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Written, ExportError> {
    let params = simulation.params();
    let as_of = AsOf(simulation.month_end(params.months - 1).unwrap_or(params.start));
    let currency = Currency("USD".into());
    let total = params.customers;
    let mut columns = vec![("customer_id", Holds::Text)];
    columns.extend(SIMULATED_FEATURES.map(|name| (name, Holds::Number)));
    let mut written = Written::default();
    write_file(path, |file| {
        let mut writer = RowWriter::new(file, &columns, format)?;
        for start in (0..total).step_by(BATCH as usize) {
            let batch = BATCH.min(total - start);
            let customer = |number: usize| drawn(simulation, start + number as u64, &currency);
            let found = order_features(batch as usize, &customer, as_of, &currency);
            let chosen: Vec<&[f64]> = SIMULATED_FEATURES
                .iter()
                .filter_map(|name| found.columns.iter().find(|column| column.name == *name))
                .map(|column| column.values.as_slice())
                .collect();
            let mut fields = Vec::with_capacity(columns.len());
            for (row, id) in found.customers.iter().enumerate() {
                fields.clear();
                fields.push(Field::Text(id.as_str()));
                fields.extend(chosen.iter().map(|values| Field::Number(values[row])));
                writer.row(&fields)?;
            }
            written.customers += batch;
            written.orders += found.orders;
            progress(written.customers, total);
        }
        writer.finish()
    })?;
    Ok(written)
}

/// Customer number `index` with its orders as the feature stage gets them: an amount in cents is
/// exact in ticks.
fn drawn(simulation: &Simulation, index: u64, currency: &Currency) -> (CustomerId, Vec<OwnOrder>) {
    let Some(customer) = simulation.customer(index) else { unreachable!("below the last") };
    let own = |order: &SimulatedOrder| OwnOrder {
        day: days_since_epoch(order.time.date()),
        amount: Money::from_units(order.amount_cents as f64 / 100.0, currency).unwrap_or_default(),
    };
    (customer.id, customer.orders.iter().map(own).collect())
}
