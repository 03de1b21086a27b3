//! Labellings of n x p rows -> criteria by which they are compared.

mod silhouette;

pub use silhouette::{EXACT_CUSTOMERS, SAMPLED_CUSTOMERS};
pub(crate) use silhouette::{Labelling, mean_silhouettes, systematic};
