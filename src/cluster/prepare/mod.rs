//! Rows of a table (n customers) -> the rows that are clustered, n x p: transforms, scales, levels.

mod levels;
mod matrix;
mod rows;
mod scaler;
mod yeo_johnson;

pub use levels::{ColumnKind, FittedCategory, MatrixColumn};
pub use matrix::{FeatureMatrix, Gaps};
pub(crate) use matrix::{FittedMatrix, fit_matrix, gaps, map_matrix};
pub use rows::Rows;
pub(crate) use rows::Values;
