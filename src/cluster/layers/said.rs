//! What the fits of the layers have to say -> one warning a code, counts by feature.

use std::collections::BTreeMap;

use super::apart::Apart;
use super::record::LayersRecord;
use super::stability::LayerStability;
use crate::cluster::Fitted;
use crate::features::Stage;
use crate::types::Warning;

/// What the fits of the layers left to say.
#[derive(Default)]
pub(super) struct Said {
    /// By code: the fits that said it, the first with its message.
    warnings: BTreeMap<String, (usize, String)>,
    fits: usize,
    /// Customers filled, and without a level, by stage and feature.
    pub filled: BTreeMap<(Stage, String), usize>,
    pub missing: BTreeMap<(Stage, String), usize>,
}

/// Sums over the stages.
pub(super) fn by_feature(counts: &BTreeMap<(Stage, String), usize>) -> Vec<(String, usize)> {
    let mut found: BTreeMap<&String, usize> = BTreeMap::new();
    for ((_, feature), count) in counts {
        *found.entry(feature).or_default() += count;
    }
    found.into_iter().map(|(feature, count)| (feature.clone(), count)).collect()
}

impl Said {
    fn warn(&mut self, code: &str, message: String) {
        self.warnings.entry(code.to_owned()).or_insert((0, message)).0 += 1;
    }

    pub(super) fn fit(&mut self, stage: Stage, layer: &str, fitted: &Fitted) {
        self.fits += 1;
        for warning in &fitted.warnings {
            self.warn(
                &warning.code,
                format!("stage {stage}, layer `{layer}`: {}", warning.message),
            );
        }
        for (feature, count) in &fitted.filled {
            self.filled.insert((stage, feature.clone()), *count);
        }
        for (feature, count) in &fitted.missing {
            self.missing.insert((stage, feature.clone()), *count);
        }
    }

    pub(super) fn layer_without(&mut self, stage: Stage, layer: &str, features: &[String]) {
        self.warn(
            "layer_without_features",
            format!(
                "layer `{layer}` does not divide the stage {stage}: none of its customers has {}",
                features.join(", ")
            ),
        );
    }

    pub(super) fn silhouettes(&mut self, apart: &Apart) {
        if let Some((some, all)) = apart.sampled {
            self.warn(
                "micro_silhouette_sampled",
                format!(
                    "silhouettes of micro-segments were averaged over stratified samples of {some} \
                     of {all} customers, stage by stage"
                ),
            );
        }
    }

    /// `refits` of each stage.
    pub(super) fn stability(&mut self, found: &LayerStability, refits: usize) {
        let Some(record) = found.stability.record else { return };
        if found.sampled > 0 {
            self.warn(
                "bootstrap_sampled",
                format!(
                    "stability was measured on a sample of {} of {} customers, stage by stage",
                    record.customers, found.customers
                ),
            );
        }
        if record.failed > 0 {
            self.warn(
                "bootstrap_failed",
                format!(
                    "{} of {} resamples of stages gave no model and do not count",
                    record.failed,
                    refits * found.stages
                ),
            );
        }
    }

    /// One warning a code, with how many fits it stands for.
    pub(super) fn warnings(self, record: &LayersRecord) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let small: Vec<String> = record
            .stages
            .iter()
            .filter(|stage| stage.too_small)
            .map(|stage| format!("{} ({})", stage.stage, stage.customers))
            .collect();
        if !small.is_empty() {
            warnings.push(Warning::new(
                "stage_too_small",
                format!(
                    "too few customers to divide, so one micro-segment each: {}. A stage needs \
                     twice min_customers = {}",
                    small.join(", "),
                    record.min_customers
                ),
            ));
        }
        if record.merged_strings > 0 {
            warnings.push(Warning::new(
                "micro_segments_merged",
                format!(
                    "{} of {} strings of layers, with {} customers, have fewer than {} customers \
                     and were merged into their nearest",
                    record.merged_strings,
                    record.strings,
                    record.merged_customers,
                    record.min_customers
                ),
            ));
        }
        let fits = self.fits;
        warnings.extend(self.warnings.into_iter().map(|(code, (count, message))| {
            let more = match count {
                1 => String::new(),
                _ => format!(" (the first of {count}; the layers made {fits} fits)"),
            };
            Warning { code, message: format!("{message}{more}") }
        }));
        warnings
    }
}
