//! The model of an earlier run and this month's rows -> what it says of them, for the criterion of
//! reproducibility out of time.

use super::Model;
use super::assign::labels;
use super::prepare::{Rows, map_matrix};
use super::select::EarlierLabels;
use crate::types::{CustomerId, Warning};

/// What an earlier run has left: its model, and which of today's rows it was fitted to.
#[derive(Clone, Debug)]
pub struct Earlier<'a> {
    model: &'a Model,
    stayers: Vec<usize>,
}

impl<'a> Earlier<'a> {
    /// `model` was fitted to the customers `before`; today's rows are those of `now`. Both are
    /// sorted and without repetition.
    pub fn new(model: &'a Model, before: &[CustomerId], now: &[CustomerId]) -> Self {
        let stays = |row: &usize| before.binary_search(&now[*row]).is_ok();
        Self { model, stayers: (0..now.len()).filter(stays).collect() }
    }

    /// The earlier model's labels of `rows`; none without a customer in both, and, with a warning,
    /// where the model cannot assign the rows.
    pub(crate) fn labels(&self, rows: &Rows, warnings: &mut Vec<Warning>) -> Option<EarlierLabels> {
        if self.stayers.is_empty() {
            return None;
        }
        let found = map_matrix(rows, &self.model.features)
            .map(|matrix| labels(matrix.points(), &self.model.clusters));
        let reason = match found {
            Ok(Some(labels)) => {
                let (k, stayers) = (self.model.clusters.k(), self.stayers.clone());
                return Some(EarlierLabels { labels, k, stayers });
            }
            Ok(None) => "its covariances are not positive definite".to_owned(),
            Err(error) => error.to_string(),
        };
        warnings.push(Warning::new(
            "out_of_time_unavailable",
            format!("no candidate could be held against the model of the run before: {reason}"),
        ));
        None
    }
}
