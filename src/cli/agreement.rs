//! Measures of agreement, and who moved, as tables for a person.

use std::fmt::Display;

use super::output::{Side, Table};
use super::speech::Speech;
use super::words::{AgreementWords, MovementWords, fill};
use crate::track::{Agreement, Estimate, Movement};

/// The measures with their intervals, then the segment that is most like each earlier one.
pub(super) fn agreement_text<T: Display>(agreement: &Agreement<T>, speech: Speech) -> String {
    let words = AgreementWords::of(speech.0);
    let interval = |estimate: Estimate| {
        let [low, high] = [estimate.low, estimate.high].map(|bound| speech.decimal(bound, 3));
        fill(words.between, &[("low", &low), ("high", &high)])
    };
    let right = Side::Right;
    let mut measures =
        Table::new(&[(words.title, Side::Left), (words.value, right), (words.interval, right)]);
    for (name, estimate) in [
        (words.rand, agreement.adjusted_rand_index),
        (words.adjusted_information, agreement.adjusted_mutual_information),
        (words.normalised_information, agreement.normalised_mutual_information),
        (words.homogeneity, agreement.homogeneity),
        (words.completeness, agreement.completeness),
        (words.v_measure, agreement.v_measure),
        (words.variation, agreement.variation_of_information),
    ] {
        let value = speech.decimal(estimate.value, 3);
        measures.row(vec![name.to_owned(), value, interval(estimate)]);
    }
    let mut segments = Table::new(&[
        (words.segment, Side::Left),
        (words.most_like, Side::Left),
        (words.in_both, right),
        (words.in_either, right),
        (words.jaccard, right),
        (words.interval, right),
    ]);
    for one in &agreement.segments {
        segments.row(vec![
            one.segment.to_string(),
            one.most_like.to_string(),
            speech.count(one.shared),
            speech.count(one.either),
            speech.decimal(one.jaccard.value, 3),
            interval(one.jaccard),
        ]);
    }
    format!("{}\n{}", measures.render(), segments.render())
}

/// Whether customers or the model moved.
pub(super) fn movement_text(movement: &Movement, speech: Speech) -> String {
    let words = MovementWords::of(speech.0);
    let mut table = Table::new(&[
        (words.title, Side::Left),
        (words.stayers, Side::Right),
        (words.share, Side::Right),
    ]);
    for (name, stayers) in [
        (words.nobody, movement.unmoved),
        (words.customer, movement.customer_moved),
        (words.apart, movement.moved_apart),
        (words.held, movement.held),
        (words.model, movement.model_moved),
    ] {
        let share = stayers as f64 / movement.stayers.max(1) as f64;
        table.row(vec![name.to_owned(), speech.count(stayers), speech.percent(share)]);
    }
    let churn = movement.model_churn;
    let template = if movement.within_budget { words.within } else { words.above };
    let values = [
        ("churn", &*speech.percent(churn.value)),
        ("low", &speech.percent(churn.low)),
        ("high", &speech.percent(churn.high)),
        ("budget", &speech.percent(movement.churn_budget)),
    ];
    format!("{}{}\n", table.render(), fill(template, &values))
}
