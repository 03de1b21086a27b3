//! What can go wrong in the tracking room: arguments that do not fit one another.

use thiserror::Error;

use crate::types::SegmentId;

/// Why runs could not be tracked.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TrackError {
    /// Columns of unequal length.
    #[error(
        "run {run}: {customers} customers, {segments} segments and {groups} groups; one of each is \
         needed for every customer"
    )]
    ViewLengths {
        /// Which run.
        run: String,
        /// Length of the customers.
        customers: usize,
        /// Length of the segments.
        segments: usize,
        /// Length of the groups.
        groups: usize,
    },
    /// Not one value a customer.
    #[error(
        "run {run}: {values} values for {customers} customers; give one for each, or none at all"
    )]
    WorthLengths {
        /// Which run.
        run: String,
        /// Customers of the run.
        customers: usize,
        /// Values given.
        values: usize,
    },
    /// Customers out of order or twice.
    #[error(
        "run {run}, row {row}: customer `{customer}` is not after the one before; sort by customer \
         and keep each once"
    )]
    NotSorted {
        /// Which run.
        run: String,
        /// Row, from 0.
        row: usize,
        /// Who.
        customer: String,
    },
    /// Not one cluster a customer.
    #[error("{clusters} cluster numbers for {customers} customers; give one for each")]
    ClusterLengths {
        /// Customers given.
        customers: usize,
        /// Numbers given.
        clusters: usize,
    },
    /// A cluster number beyond the last.
    #[error("customer `{customer}` is in cluster {cluster}, but there are {k}, numbered from 0")]
    ClusterOutOfRange {
        /// Who.
        customer: String,
        /// The number.
        cluster: u32,
        /// Number of clusters.
        k: usize,
    },
    /// A customer in two rows of the new run.
    #[error("customer `{customer}` is in the new run twice; keep each customer once")]
    DuplicateCustomer {
        /// Who.
        customer: String,
    },
    /// The next free id is in use.
    #[error(
        "the next new segment would be {next}, but the previous run already has {highest}; an id \
         is never given twice: use one above it"
    )]
    IdInUse {
        /// As given.
        next: SegmentId,
        /// Highest id of the previous run.
        highest: SegmentId,
    },
    /// No id is left.
    #[error("the series has no segment id left after {last}; begin a new series")]
    IdsExhausted {
        /// The last one given.
        last: SegmentId,
    },
    /// A parameter outside its range.
    #[error("`{parameter}` must be {legal}, not {value}")]
    Parameter {
        /// Its name.
        parameter: &'static str,
        /// Its legal range.
        legal: &'static str,
        /// As given.
        value: String,
    },
}
