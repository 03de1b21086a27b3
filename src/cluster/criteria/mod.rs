//! Labellings of n x p rows -> criteria by which they are compared; one file a criterion, each
//! with its paper.
//!
//! Rows may have weights, which are repetitions throughout: what needs rows that count once
//! (references, splits) works on rows repeated by [`sampling`].

mod calinski_harabasz;
mod cloud;
mod davies_bouldin;
mod dispersion;
#[cfg(test)]
mod fixtures;
mod gap;
mod information;
mod out_of_time;
mod prediction_strength;
mod reference;
mod sampling;
mod silhouette;
mod structure;

pub(crate) use calinski_harabasz::calinski_harabasz;
pub(crate) use davies_bouldin::davies_bouldin;
pub(crate) use dispersion::Dispersion;
pub(crate) use gap::{Found, gaps};
pub(crate) use information::{Information, information};
pub(crate) use out_of_time::agreement;
pub(crate) use prediction_strength::{SUPPORTED, prediction_strengths};
pub(crate) use sampling::{repeated, systematic};
pub use silhouette::{EXACT_CUSTOMERS, SAMPLED_CUSTOMERS};
pub(crate) use silhouette::{Labelling, Silhouette, mean_silhouettes};
pub(crate) use structure::structure;
pub use structure::{Reference, STRUCTURE_CUSTOMERS, Structure, Verdict};

#[cfg(test)]
mod reference_tests;
