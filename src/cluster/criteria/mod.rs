//! Labellings of n x p rows -> criteria by which they are compared.

mod information;
mod silhouette;

pub(crate) use information::{Information, information};
pub use silhouette::{EXACT_CUSTOMERS, SAMPLED_CUSTOMERS};
pub(crate) use silhouette::{Labelling, mean_silhouettes, systematic};
