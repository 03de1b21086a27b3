//! The declaration of aggregates -> polars expressions -> one whole number a customer.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::aggregates::{AGGREGATES, Aggregate, Measure, RowSet};
use crate::ingest::Transactions;

/// Results by name; each vector has one value for every id of the transactions, 0 where the
/// customer has no such row.
pub(super) struct Base(BTreeMap<&'static str, Vec<i64>>);

impl Base {
    pub(super) fn get(&self, name: &str) -> &[i64] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}

pub(super) fn aggregate(transactions: &Transactions) -> PolarsResult<Base> {
    let ids = transactions.ids.len();
    let mut base = BTreeMap::new();
    for rows in [RowSet::Purchases, RowSet::Returns] {
        let declared: Vec<Aggregate> =
            AGGREGATES.iter().copied().filter(|aggregate| aggregate.rows == rows).collect();
        let frame = transactions.frame.clone().lazy().filter(match rows {
            RowSet::Purchases => col("is_return").not(),
            RowSet::Returns => col("is_return"),
        });
        let (gaps, plain): (Vec<Aggregate>, Vec<Aggregate>) =
            declared.into_iter().partition(|aggregate| aggregate.measure.of_neighbours());
        let expressions: Vec<Expr> = plain.iter().map(expression).collect();
        let result = frame.clone().group_by([col("customer")]).agg(expressions).collect()?;
        for aggregate in plain {
            base.insert(aggregate.name, spread(&result, aggregate.name, ids)?);
        }
        for same in gaps.chunk_by(|a, b| a.of == b.of) {
            let result = gaps_of(frame.clone(), same).collect()?;
            for aggregate in same {
                base.insert(aggregate.name, spread(&result, aggregate.name, ids)?);
            }
        }
    }
    Ok(Base(base))
}

fn expression(aggregate: &Aggregate) -> Expr {
    let column = col(aggregate.of.name());
    match aggregate.measure {
        Measure::Min => column.min(),
        Measure::Max => column.max(),
        Measure::Sum => column.sum(),
        Measure::Count => len(),
        Measure::CountDistinct => column.n_unique(),
        Measure::SquaredGaps => (col("gap") * col("gap")).sum(),
        Measure::LastGap => col("gap").filter(column.clone().eq(column.max())).first(),
    }
    .cast(DataType::Int64)
    .alias(aggregate.name)
}

/// Measures of the gaps between neighbours, all of one column. Neighbours are found on one table
/// sorted by customer and value, not group by group.
fn gaps_of(frame: LazyFrame, aggregates: &[Aggregate]) -> LazyFrame {
    let value = aggregates[0].of.name();
    let measures: Vec<Expr> = aggregates.iter().map(expression).collect();
    frame
        .select([col("customer"), col(value).cast(DataType::Int64)])
        .group_by([col("customer"), col(value)])
        .agg(Vec::<Expr>::new())
        .sort(["customer", value], SortMultipleOptions::default())
        .with_columns([
            col(value).diff(lit(1), polars::series::ops::NullBehavior::Ignore).alias("gap"),
            col("customer")
                .cast(DataType::Int64)
                .diff(lit(1), polars::series::ops::NullBehavior::Ignore)
                .alias("step"),
        ])
        .filter(col("step").eq(lit(0)))
        .group_by([col("customer")])
        .agg(measures)
}

/// A grouped result -> one value an id.
fn spread(result: &DataFrame, name: &str, ids: usize) -> PolarsResult<Vec<i64>> {
    let mut values = vec![0; ids];
    let customers = result.column("customer")?.u32()?.clone();
    let column = result.column(name)?.i64()?.clone();
    for (customer, value) in customers.iter().zip(column.iter()) {
        if let (Some(customer), Some(value)) = (customer, value) {
            values[customer as usize] = value;
        }
    }
    Ok(values)
}

/// One customer's month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Monthly {
    /// Index among the ids.
    pub customer: u32,
    /// Months since January 1970.
    pub month: i32,
    /// Ticks.
    pub amount: i64,
    /// Ticks less costs; the same as `amount` where costs are not known.
    pub margin: i64,
    /// Whether there is a purchase, not returns alone.
    pub bought: bool,
}

/// Spend by customer and calendar month, sorted by both; returns included or not.
pub(super) fn monthly(
    transactions: &Transactions,
    with_returns: bool,
) -> PolarsResult<Vec<Monthly>> {
    let mut frame = transactions.frame.clone().lazy();
    if !with_returns {
        frame = frame.filter(col("is_return").not());
    }
    let margin = match transactions.has_cost {
        true => col("amount").sum() - col("cost").sum(),
        false => col("amount").sum(),
    };
    let result = frame
        .group_by([col("customer"), col("month")])
        .agg([
            col("amount").sum(),
            margin.alias("margin"),
            col("is_return").not().any(true).alias("bought"),
        ])
        .sort(["customer", "month"], SortMultipleOptions::default())
        .collect()?;
    let customers = result.column("customer")?.u32()?.clone();
    let months = result.column("month")?.i32()?.clone();
    let amounts = result.column("amount")?.i64()?.clone();
    let margins = result.column("margin")?.i64()?.clone();
    let bought = result.column("bought")?.bool()?.clone();
    Ok(customers
        .iter()
        .zip(months.iter())
        .zip(amounts.iter().zip(margins.iter()))
        .zip(bought.iter())
        .filter_map(|(((customer, month), (amount, margin)), bought)| {
            Some(Monthly {
                customer: customer?,
                month: month?,
                amount: amount?,
                margin: margin?,
                bought: bought?,
            })
        })
        .collect())
}

/// One customer's purchases of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PurchaseDay {
    /// Index among the ids.
    pub customer: u32,
    /// Days since 1970-01-01.
    pub day: i32,
    /// Ticks.
    pub amount: i64,
}

/// Days with a purchase, sorted by customer and day; returns do not count.
pub(super) fn purchase_days(transactions: &Transactions) -> PolarsResult<Vec<PurchaseDay>> {
    let frame = transactions.frame.clone().lazy().filter(col("is_return").not());
    let result = frame
        .group_by([col("customer"), col("day")])
        .agg([col("amount").sum()])
        .sort(["customer", "day"], SortMultipleOptions::default())
        .collect()?;
    let customers = result.column("customer")?.u32()?.clone();
    let days = result.column("day")?.i32()?.clone();
    let amounts = result.column("amount")?.i64()?.clone();
    Ok(customers
        .iter()
        .zip(days.iter())
        .zip(amounts.iter())
        .filter_map(|((customer, day), amount)| {
            Some(PurchaseDay { customer: customer?, day: day?, amount: amount? })
        })
        .collect())
}
