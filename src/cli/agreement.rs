//! Measures of agreement as a table for a person.

use std::fmt::Display;

use super::output::{Side, Table, count};
use crate::track::{Agreement, Estimate};

/// The measures with their intervals, then the segment that is most like each earlier one.
pub(super) fn agreement_text<T: Display>(agreement: &Agreement<T>) -> String {
    let right = Side::Right;
    let mut measures = Table::new(&[
        ("agreement of the stayers", Side::Left),
        ("value", right),
        ("95 % interval", right),
    ]);
    for (name, estimate) in [
        ("adjusted Rand index", agreement.adjusted_rand_index),
        ("adjusted mutual information", agreement.adjusted_mutual_information),
        ("normalised mutual information", agreement.normalised_mutual_information),
        ("homogeneity", agreement.homogeneity),
        ("completeness", agreement.completeness),
        ("V-measure", agreement.v_measure),
        ("variation of information, nats", agreement.variation_of_information),
    ] {
        measures.row(vec![name.to_owned(), format!("{:.3}", estimate.value), interval(estimate)]);
    }
    let mut segments = Table::new(&[
        ("segment", Side::Left),
        ("most like", Side::Left),
        ("in both", right),
        ("in either", right),
        ("Jaccard", right),
        ("95 % interval", right),
    ]);
    for one in &agreement.segments {
        segments.row(vec![
            one.segment.to_string(),
            one.most_like.to_string(),
            count(one.shared as u64),
            count(one.either as u64),
            format!("{:.3}", one.jaccard.value),
            interval(one.jaccard),
        ]);
    }
    format!("{}\n{}", measures.render(), segments.render())
}

fn interval(estimate: Estimate) -> String {
    format!("{:.3} to {:.3}", estimate.low, estimate.high)
}
