//! Clusters that no candidate was fitted for -> what would have been chosen, had they been the only
//! one: assigned, measured, asked whether there is anything to be found.

use super::candidates::{EarlierLabels, figures_again};
use super::{Chosen, Question, STRUCTURE};
use crate::cluster::assign::Assigned;
use crate::cluster::criteria::structure;
use crate::cluster::engine::Settings;
use crate::cluster::kernel::Points;
use crate::cluster::{Clusters, Selection};
use crate::types::Seed;

/// Clusters after their final assignment, and how they came about.
pub(crate) struct Carried {
    pub clusters: Clusters,
    pub assigned: Assigned,
    pub converged: bool,
    pub iterations: usize,
    /// Clusters before those without a row were taken out.
    pub k_asked: usize,
    /// How, in a sentence.
    pub rule: String,
}

/// `carried` as a choice without another candidate; `settings` are those of a fit of its kind.
pub(crate) fn chosen_of(
    points: Points,
    question: &Question,
    settings: &Settings,
    carried: Carried,
    earlier: Option<&EarlierLabels>,
    seed: Seed,
) -> Chosen {
    let structure = structure(points, &carried.clusters, settings, seed.derive(STRUCTURE, 0));
    let warnings = structure.as_ref().and_then(|structure| structure.warning());
    let mut chosen = Chosen {
        method: carried.clusters.method(),
        settings: settings.clone(),
        k_asked: carried.k_asked,
        clusters: carried.clusters,
        assigned: carried.assigned,
        converged: carried.converged,
        iterations: carried.iterations,
        silhouettes: Vec::new(),
        row_silhouettes: Vec::new(),
        selection: Selection {
            rule: carried.rule,
            decided_by: Vec::new(),
            structure,
            criteria_customers: None,
            candidates: Vec::new(),
        },
        warnings: warnings.into_iter().collect(),
    };
    let candidate = figures_again(points, &mut chosen, question, earlier, seed);
    chosen.selection.candidates.push(candidate);
    chosen
}
