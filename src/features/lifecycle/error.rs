//! What can be at fault when stages are asked for.

use thiserror::Error;

/// Why no stages can be told.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum LifecycleError {
    /// A figure outside its range.
    #[error("[lifecycle] {key} = {value}: {remedy}")]
    Value {
        /// The key.
        key: &'static str,
        /// Its value.
        value: String,
        /// What is allowed.
        remedy: &'static str,
    },
    /// The table lacks a column that the rules read.
    #[error(
        "the stage of the lifecycle needs the feature `{column}`, which the table lacks: take it from \
         features.parquet of a run, or cluster without layers"
    )]
    MissingColumn {
        /// The column.
        column: &'static str,
    },
}
