//! The rules on tables worked by hand.

use super::*;

fn of(method: Method, k: usize) -> Candidate {
    Candidate {
        method,
        covariance: (method == Method::Gmm).then_some(Covariance::Full),
        k,
        silhouette: None,
        silhouette_interval: None,
        silhouette_customers: 9,
        calinski_harabasz: None,
        davies_bouldin: None,
        bic: None,
        aic: None,
        icl: None,
        gap: None,
        gap_error: None,
        prediction_strength: None,
        bootstrap_jaccard: None,
        out_of_time: None,
        mean_rank: None,
        inertia: None,
        log_likelihood: None,
        converged: true,
        iterations: 1,
        chosen: false,
    }
}

fn kmeans(k: usize, silhouette: f64) -> Candidate {
    Candidate { silhouette: Some(silhouette), ..of(Method::Kmeans, k) }
}

fn mixture(k: usize, silhouette: f64, bic: f64) -> Candidate {
    Candidate { silhouette: Some(silhouette), bic: Some(bic), ..of(Method::Gmm, k) }
}

fn taken(mut candidates: Vec<Candidate>, rule: Rule) -> Option<usize> {
    choose(&mut candidates, &rule)
}

#[test]
fn the_automatic_rule() {
    let taken = |candidates: &[Candidate]| taken(candidates.to_vec(), Rule::Auto);
    assert_eq!(taken(&[kmeans(2, 0.3), kmeans(3, 0.5), kmeans(4, 0.5)]), Some(1));
    let mixtures = [mixture(2, 0.9, 10.0), mixture(3, 0.1, 5.0), mixture(4, 0.8, 5.0)];
    assert_eq!(taken(&mixtures), Some(1));
    // The mixture's k is chosen by its criterion before silhouettes are compared.
    assert_eq!(taken(&[kmeans(2, 0.5), mixture(2, 0.9, 10.0), mixture(3, 0.1, 5.0)]), Some(0));
    assert_eq!(taken(&[kmeans(2, 0.5), mixture(2, 0.6, 1.0), mixture(3, 0.1, 5.0)]), Some(1));
    assert_eq!(taken(&[kmeans(3, 0.5), mixture(2, 0.5, 1.0)]), Some(0), "a tie is k-means's");
    assert_eq!(taken(&[of(Method::Kmeans, 1), of(Method::Gmm, 1)]), Some(0));
    assert_eq!(taken(&[of(Method::Kmeans, 2), kmeans(3, -0.2)]), Some(1));
    // Among covariances by the same criterion, ties to the smaller k.
    let tied = Candidate { covariance: Some(Covariance::Tied), ..mixture(2, 0.2, 5.0) };
    assert_eq!(taken(&[mixture(2, 0.9, 10.0), mixture(3, 0.1, 5.0), tied]), Some(2));
}

#[test]
fn one_criterion_higher_or_lower() {
    let with = |k, index: f64| Candidate { davies_bouldin: Some(index), ..kmeans(k, 0.1) };
    let rule = || Rule::Criterion(Criterion::DaviesBouldin);
    assert_eq!(taken(vec![with(2, 0.9), with(3, 0.7), with(4, 0.7)], rule()), Some(1));
    assert_eq!(taken(vec![kmeans(2, 0.1), with(3, 0.7)], rule()), Some(1), "where it is known");
    assert_eq!(taken(vec![kmeans(2, 0.1)], rule()), None);
    let silhouette = Rule::Criterion(Criterion::Silhouette);
    let all = vec![kmeans(2, 0.5), kmeans(3, 0.6), mixture(2, 0.7, 9.0), mixture(3, 0.6, 1.0)];
    assert_eq!(taken(all, silhouette), Some(2));
}

#[test]
fn the_smallest_k_within_one_standard_error() {
    let with =
        |k, gap, error| Candidate { gap: Some(gap), gap_error: Some(error), ..kmeans(k, 0.1) };
    let rule = || Rule::Criterion(Criterion::Gap);
    // 0.1 < 0.5 - 0.1; 0.5 >= 0.58 - 0.1.
    let rising = vec![with(2, 0.1, 0.1), with(3, 0.5, 0.1), with(4, 0.58, 0.1), with(5, 0.9, 0.1)];
    assert_eq!(taken(rising.clone(), rule()), Some(1));
    assert_eq!(taken(vec![with(2, 0.1, 0.0), with(3, 0.5, 0.0)], rule()), Some(1), "the largest");
    // Of the methods the one with the higher gap.
    let gmm = |k, gap| Candidate { gap: Some(gap), gap_error: Some(0.1), ..mixture(k, 0.1, 1.0) };
    assert_eq!(taken([rising, vec![gmm(2, 0.6), gmm(3, 0.2)]].concat(), rule()), Some(4));
}

#[test]
fn the_largest_k_that_is_supported() {
    let with = |k, strength| Candidate { prediction_strength: Some(strength), ..kmeans(k, 0.1) };
    let rule = || Rule::Criterion(Criterion::PredictionStrength);
    let table = vec![with(2, 0.99), with(3, 0.85), with(4, 0.5), with(5, 0.8), with(6, 0.3)];
    assert_eq!(taken(table, rule()), Some(3));
    assert_eq!(taken(vec![with(2, 0.7), with(3, 0.75), with(4, 0.1)], rule()), Some(1), "none is");
}

#[test]
fn mean_ranks_by_hand() {
    let with = |k, silhouette, index: Option<f64>| Candidate {
        davies_bouldin: index,
        ..kmeans(k, silhouette)
    };
    // Ranks by silhouette 3, 1.5, 1.5, 4; by Davies-Bouldin, lower is better, 1, 3, 2, 4 (unknown).
    let mut table = vec![
        with(2, 0.4, Some(0.5)),
        with(3, 0.6, Some(0.9)),
        with(4, 0.6, Some(0.7)),
        with(5, 0.1, None),
    ];
    let weights =
        || Rule::Weights(vec![(Criterion::Silhouette, 1.0), (Criterion::DaviesBouldin, 3.0)]);
    assert_eq!(choose(&mut table, &weights()), Some(0));
    let ranks: Vec<f64> = table.iter().map(|of| of.mean_rank.expect("a rank")).collect();
    assert_eq!(ranks, [1.5, 2.625, 1.875, 4.0]);
    // A criterion that nobody has a figure of does not count.
    let unknown = Rule::Weights(vec![(Criterion::Gap, 9.0), (Criterion::Silhouette, 1.0)]);
    assert_eq!(choose(&mut table, &unknown), Some(1), "a tie is the smaller k's");
    assert_eq!(choose(&mut table, &Rule::Weights(vec![(Criterion::Gap, 9.0)])), None);
}

#[test]
fn sentences() {
    let of = |rule: Rule| sentence(&rule, Method::Auto, (2, 9));
    assert!(of(Rule::Auto).starts_with("k from 2 to 9: for k-means the highest mean silhouette"));
    assert!(of(Rule::Criterion(Criterion::Gap)).contains("within one standard error"));
    assert!(of(Rule::Criterion(Criterion::DaviesBouldin)).contains("the lowest Davies-Bouldin"));
    let weights = Rule::Weights(vec![(Criterion::Silhouette, 1.0), (Criterion::Gap, 2.5)]);
    let text = of(weights);
    assert!(text.contains("mean silhouette x 1, gap statistic x 2.5"), "{text}");
}
