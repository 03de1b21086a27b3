//! Measures of agreement, and who moved, as tables for a person.

use std::fmt::Display;

use super::output::{Side, Table, count, percent};
use crate::track::{Agreement, Estimate, Movement};

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

/// Whether customers or the model moved.
pub(super) fn movement_text(movement: &Movement) -> String {
    let mut table =
        Table::new(&[("who moved", Side::Left), ("stayers", Side::Right), ("share", Side::Right)]);
    for (name, stayers) in [
        ("nobody", movement.unmoved),
        ("the customer, as both models say", movement.customer_moved),
        ("the customer, the models differ on where to", movement.moved_apart),
        ("the customer, but the new model keeps them", movement.held),
        ("the model alone", movement.model_moved),
    ] {
        let share = stayers as f64 / movement.stayers.max(1) as f64;
        table.row(vec![name.to_owned(), count(stayers as u64), percent(share)]);
    }
    let within = if movement.within_budget { "within" } else { "above" };
    format!(
        "{}model churn {} ({} to {}), {within} the budget of {}\n",
        table.render(),
        percent(movement.model_churn.value),
        percent(movement.model_churn.low),
        percent(movement.model_churn.high),
        percent(movement.churn_budget),
    )
}
