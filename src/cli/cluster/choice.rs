//! The options of `segtrail cluster` -> how features are prepared and candidates weighed.

use crate::cli::Failure;
use crate::cli::args::{ClusterArgs, RuleOption};
use crate::cluster::{Criterion, FeatureSpec, Scale, Scheme, Transform};
use crate::config::{GapOptions, PredictionOptions, RuleName, SelectSection, StabilitySection};

/// How `features` are prepared: by the words for them, or those for all.
pub(super) fn specs(args: &ClusterArgs, features: &[&str]) -> Result<Vec<FeatureSpec>, Failure> {
    let (transform, scale) = (args.transform.as_ref(), args.scale.as_ref());
    check_named("--transform", transform.map_or(&[], |of| &of.named), features)?;
    check_named("--scale", scale.map_or(&[], |of| &of.named), features)?;
    let spec = |name: &&str| {
        let transform = transform.and_then(|of| of.of(name)).unwrap_or((Transform::None, false));
        let scale = scale.and_then(|of| of.of(name)).unwrap_or((Scale::Standard, false));
        FeatureSpec {
            transform: transform.0,
            scale: scale.0,
            missing: args.missing,
            numeric: transform.1 || scale.1,
            ..FeatureSpec::new(name)
        }
    };
    Ok(features.iter().map(spec).collect())
}

/// What is asked of a feature is asked of one that is clustered on.
fn check_named<T>(option: &str, named: &[(String, T)], features: &[&str]) -> Result<(), Failure> {
    match named.iter().find(|(name, _)| !features.contains(&name.as_str())) {
        Some((name, _)) => Err(Failure::Usage(format!(
            "{option}: `{name}` is none of the features: {}",
            features.join(", ")
        ))),
        None => Ok(()),
    }
}

/// How candidates are weighed, as in `[cluster.select]`.
pub(super) fn select(args: &ClusterArgs) -> SelectSection {
    let section = SelectSection::default();
    let (rule, weights) = match &args.rule {
        None => (None, None),
        Some(RuleOption::Name(name)) => (Some(*name), None),
        Some(RuleOption::Weights(weights)) => (None, Some(weights.clone())),
    };
    SelectSection {
        rule,
        weights,
        criteria: args.criteria.clone(),
        silhouette: args.silhouette.unwrap_or(section.silhouette),
        gap: args.gap_references.map_or(section.gap, |references| GapOptions { references }),
        prediction_strength: args
            .prediction_splits
            .map_or(section.prediction_strength, |splits| PredictionOptions { splits }),
    }
}

/// How rows are resampled, as in `[cluster.stability]`.
pub(super) fn stability(args: &ClusterArgs) -> StabilitySection {
    let section = StabilitySection::default();
    StabilitySection {
        scheme: args.resampling.unwrap_or(section.scheme),
        customers: args.resampled_rows.unwrap_or(section.customers),
        repeats: args.repeats.unwrap_or(section.repeats),
        subset_share: args.subset_share.unwrap_or(section.subset_share),
    }
}

/// Options of the resampling that mean nothing are refused.
pub(super) fn check_resampling(args: &ClusterArgs) -> Result<(), Failure> {
    let refuse = |text: String| Err(Failure::Usage(text));
    let given = [
        ("--resampling", args.resampling.is_some()),
        ("--resampled-rows", args.resampled_rows.is_some()),
        ("--repeats", args.repeats.is_some()),
        ("--subset-share", args.subset_share.is_some()),
    ];
    if let Some((option, _)) = given.iter().find(|(_, given)| *given)
        && args.bootstrap == 0
    {
        return refuse(format!("{option} is of resamples, and --bootstrap 0 draws none"));
    }
    let scheme = args.resampling.unwrap_or_default();
    if args.subset_share.is_some() && !scheme.subsets() {
        return refuse(
            "--subset-share is of resamples without replacement: it goes with --resampling subset \
             or both"
                .into(),
        );
    }
    if args.repeats.is_some() && scheme == Scheme::Subset {
        return refuse(
            "--repeats is of resamples with replacement: it goes with --resampling bootstrap or both"
                .into(),
        );
    }
    Ok(())
}

/// Options of the choice that mean nothing are refused.
pub(super) fn check(args: &ClusterArgs) -> Result<(), Failure> {
    let refuse = |text: &str| Err(Failure::Usage(text.into()));
    let asked = |criterion: Criterion| {
        let of_rule = match &args.rule {
            Some(RuleOption::Name(RuleName::Criterion(of))) => *of == criterion,
            Some(RuleOption::Weights(weights)) => weights.contains_key(&criterion),
            Some(RuleOption::Name(RuleName::Auto)) | None => false,
        };
        of_rule || args.criteria.contains(&criterion)
    };
    if asked(Criterion::OutOfTime) {
        return refuse(
            "out_of_time compares with an earlier run, and a table by itself has none: leave it out",
        );
    }
    if args.gap_references.is_some() && !asked(Criterion::Gap) {
        return refuse("--gap-references is of the gap statistic: it goes with --criteria gap");
    }
    if args.prediction_splits.is_some() && !asked(Criterion::PredictionStrength) {
        return refuse(
            "--prediction-splits is of the prediction strength: it goes with --criteria \
             prediction_strength",
        );
    }
    Ok(())
}
