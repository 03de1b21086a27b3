//! `[report]`: what the report and `personas.json` may tell of few customers.

use serde::{Deserialize, Serialize};

use crate::run::MIN_CELL;

/// The most that `min_cell` may be.
const MOST: usize = 1000;

/// `[report]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReportSection {
    /// Customers that a cell of a persona has at least to be shown, from 1 (everything is shown) to
    /// 1000; default 10.
    pub min_cell: usize,
}

impl Default for ReportSection {
    fn default() -> Self {
        Self { min_cell: MIN_CELL }
    }
}

impl ReportSection {
    /// Whether nothing is said.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// What is wrong with it, as a remedy.
    pub(super) fn fault(&self) -> Option<String> {
        (!(1..=MOST).contains(&self.min_cell)).then(|| {
            format!(
                "it must be from 1, which shows every cell, to {MOST}; {MIN_CELL} is the default"
            )
        })
    }
}
