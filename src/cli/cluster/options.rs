//! Messages of the clustering room, which name keys of a configuration -> the same with the options of
//! `segtrail cluster`.

/// A key as messages have it and the option that stands for it; a longer text before one within it.
const OPTIONS: &[(&str, &str)] = &[
    ("[cluster.stability] customers = ", "--resampled-rows "),
    ("[cluster.stability] subset_share = ", "--subset-share "),
    ("[cluster.select] gap.references = ", "--gap-references "),
    ("[cluster.select] prediction_strength.splits = ", "--prediction-splits "),
    ("[cluster.select] silhouette = ", "--silhouette "),
    (
        "[cluster.select] asks for bootstrap_jaccard, and bootstrap = 0",
        "bootstrap_jaccard is asked for, and --bootstrap 0",
    ),
    ("[cluster.select] chooses by", "--rule chooses by"),
    ("[cluster.select] weights: ", "--rule: "),
    ("[cluster] min_customers = ", "--min-rows "),
    ("[cluster] max_share = ", "--max-share "),
    ("[cluster] bounds = \"assign\"", "--bounds assign"),
    ("[cluster] covariance", "--covariance"),
    ("[cluster] min_customers", "--min-rows"),
    ("[cluster] max_share", "--max-share"),
    ("[cluster] bounds", "--bounds"),
    ("bounds = \"assign\"", "--bounds assign"),
    ("bounds = \"merge\"", "--bounds merge"),
    ("method = \"kmeans\"", "--method kmeans"),
    ("set method = \"gmm\"", "set --method gmm"),
    ("set method to \"gmm\" or \"auto\"", "set --method gmm or auto"),
    ("engine = \"linfa\"", "--engine linfa"),
    ("engine = \"segtrail\"", "--engine segtrail"),
    ("restarts = 0", "--restarts 0"),
    ("noise = true", "--noise"),
    ("covariance = \"tied\"", "--covariance tied"),
    ("covariance = \"diagonal\"", "--covariance diagonal"),
    ("covariance = \"spherical\"", "--covariance spherical"),
    ("min_customers", "--min-rows"),
    ("max_share", "--max-share"),
];

/// `message` with the options for the keys that it names.
pub(in crate::cli) fn in_options(message: &str) -> String {
    OPTIONS.iter().fold(message.to_owned(), |text, (key, option)| text.replace(key, option))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{ClusterError, KChoice};

    #[test]
    fn messages_name_options() {
        let k = KChoice::Fixed(3);
        let bounds = ClusterError::BoundsOfK { k, lowest: 4, highest: 9, customers: 100 };
        let all = [
            bounds,
            ClusterError::BoundsInfeasible { lowest: 9, highest: 10, customers: 35 },
            ClusterError::BoundsNotMet { lowest: 9, highest: 10 },
            ClusterError::BoundsOfMixture("max_share"),
            ClusterError::LeastCustomers("0".into()),
            ClusterError::MaxShare(2.0),
            ClusterError::StabilityCustomers(1),
            ClusterError::SubsetShare(1.0),
            ClusterError::JaccardWithoutBootstrap,
            ClusterError::GapReferences(1),
            ClusterError::PredictionSplits,
            ClusterError::SilhouetteSample { size: 1, least: 10 },
            ClusterError::RuleOfMixtures { criterion: "bic" },
            ClusterError::SameCovariance("full"),
        ];
        for error in all {
            let text = in_options(&error.to_string());
            assert!(text.contains("--") && !text.contains(['[', ']']), "{text}");
            assert!(!text.contains("_customers") && !text.contains("max_share"), "{text}");
        }
        assert_eq!(
            in_options(&ClusterError::MaxShare(2.0).to_string()),
            "--max-share 2: it must be above 0 and at most 1, such as 0.4"
        );
    }
}
