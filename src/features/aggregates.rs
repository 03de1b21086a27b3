//! The base aggregates of the feature stage, declared once as data.
//!
//! Nothing here knows how rows lie in memory: `compile` turns the declaration into folds over the
//! rows of each customer, and a compiler to SQL can be put beside it.

/// One figure a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aggregate {
    /// Name of the result.
    pub name: &'static str,
    /// Rows that count.
    pub rows: RowSet,
    /// Column that is measured.
    pub of: Column,
    /// What is measured.
    pub measure: Measure,
}

/// Which rows of the transactions count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowSet {
    /// Purchases.
    Purchases,
    /// Returns.
    Returns,
}

/// A column of the transactions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Identity of the order.
    Order,
    /// Day of the row.
    Day,
    /// Amount in ticks.
    Amount,
}

/// What is measured. All results are whole numbers, so they do not depend on order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The smallest value.
    Min,
    /// The largest value.
    Max,
    /// The sum.
    Sum,
    /// Rows.
    Count,
    /// Distinct values.
    CountDistinct,
    /// Sum of the squared differences between neighbours among the sorted distinct values.
    SquaredGaps,
    /// The difference between the two largest distinct values.
    LastGap,
}

/// Every base aggregate.
pub const AGGREGATES: [Aggregate; 10] = [
    Aggregate {
        name: "first_day",
        rows: RowSet::Purchases,
        of: Column::Day,
        measure: Measure::Min,
    },
    Aggregate { name: "last_day", rows: RowSet::Purchases, of: Column::Day, measure: Measure::Max },
    Aggregate {
        name: "orders",
        rows: RowSet::Purchases,
        of: Column::Order,
        measure: Measure::CountDistinct,
    },
    Aggregate {
        name: "days",
        rows: RowSet::Purchases,
        of: Column::Day,
        measure: Measure::CountDistinct,
    },
    Aggregate { name: "spend", rows: RowSet::Purchases, of: Column::Amount, measure: Measure::Sum },
    Aggregate {
        name: "squared_gaps",
        rows: RowSet::Purchases,
        of: Column::Day,
        measure: Measure::SquaredGaps,
    },
    Aggregate {
        name: "last_gap",
        rows: RowSet::Purchases,
        of: Column::Day,
        measure: Measure::LastGap,
    },
    Aggregate { name: "rows", rows: RowSet::Purchases, of: Column::Order, measure: Measure::Count },
    Aggregate {
        name: "returns",
        rows: RowSet::Returns,
        of: Column::Order,
        measure: Measure::Count,
    },
    Aggregate {
        name: "returned",
        rows: RowSet::Returns,
        of: Column::Amount,
        measure: Measure::Sum,
    },
];
