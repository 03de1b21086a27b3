//! Ways to choose the number of segments that cannot be used.

use crate::support::Shop;

fn with(lines: &str) -> Shop {
    Shop::new().edit("k = 3", "k = \"2..3\"").append(&format!("[cluster.select]\n{lines}"))
}

#[test]
fn names_that_are_none_are_refused_with_those_there_are() {
    with("rule = \"elbow\"").refuses(&["rule = \"elbow\"", "\"auto\"", "davies_bouldin"]);
    with("criteria = [\"dunn\"]").refuses(&["dunn", "prediction_strength"]);
    with("weights = { dunn = 1.0 }").refuses(&["dunn", "silhouette"]);
    with("silhouette = \"some\"").refuses(&["silhouette = \"some\"", "\"exact\""]);
    with("gap = { sets = 3 }").refuses(&["sets", "references"]);
    with("splits = 3").refuses(&["splits"]);
}

#[test]
fn figures_out_of_their_range_are_refused() {
    with("silhouette = 99").refuses(&["silhouette = 99", "at least 100"]);
    with("silhouette = -5").refuses(&["silhouette = -5", "from 100"]);
    with("gap = { references = 1 }").refuses(&["gap.references = 1", "at least 2"]);
    with("prediction_strength = { splits = 0 }").refuses(&["splits = 0", "at least 1"]);
    with("weights = { silhouette = 0.0 }").refuses(&["silhouette = 0", "above 0"]);
    with("weights = { silhouette = inf }").refuses(&["silhouette = inf", "above 0"]);
    with("weights = {}").refuses(&["weights has no criterion"]);
}

#[test]
fn what_clashes_is_refused() {
    with("rule = \"gap\"\nweights = { gap = 1.0 }").refuses(&["both rule and weights", "keep one"]);
    with("rule = \"bic\"").refuses(&["chooses by bic", "method = \"gmm\""]);
    with("weights = { silhouette = 1.0, icl = 1.0 }").refuses(&["chooses by icl"]);
    // The shop's configuration has bootstrap = 0.
    with("criteria = [\"bootstrap_jaccard\"]").refuses(&["bootstrap = 0", "at least 1"]);
}

#[test]
fn covariances_that_are_none_or_twice_are_refused() {
    let of = |covariance: &str| {
        let lines = format!("method = \"gmm\"\ncovariance = {covariance}");
        Shop::new().edit("method = \"kmeans\"", &lines)
    };
    of("\"round\"").refuses(&["covariance = \"round\"", "full, tied, diagonal, spherical"]);
    of("[]").refuses(&["covariance names none"]);
    of("[\"tied\", \"tied\"]").refuses(&["\"tied\" twice"]);
}
