//! The candidates of the made-up run and the verdict on structure.

use crate::cluster::{
    Candidate, Covariance, Criterion, Method, Reference, Selection, Structure, Verdict,
};

/// k-means and two kinds of mixtures with k from 2 to 10 or more, k-means with `k` kept, of `n`
/// customers.
pub(super) fn selection(k: usize, n: usize) -> Selection {
    let families = [
        (Method::Kmeans, None),
        (Method::Gmm, Some(Covariance::Full)),
        (Method::Gmm, Some(Covariance::Diagonal)),
    ];
    let candidates = families
        .into_iter()
        .flat_map(|family| (2..=k.max(10)).map(move |of| candidate(family, of, k, n)))
        .collect();
    Selection {
        rule: "the largest mean silhouette within k-means, ties by the smaller k".into(),
        decided_by: vec![Criterion::Silhouette, Criterion::Bic],
        structure: Some(Structure {
            verdict: Verdict::Weak,
            k,
            within: 0.325,
            within_reference: 0.347,
            standard_errors: 4.2,
            reference: Reference::Unimodal,
            references: 10,
            customers: n.min(2_000),
            sentence: "weak structure".into(),
        }),
        criteria_customers: Some(n.min(20_000)),
        candidates,
    }
}

fn candidate(
    (method, covariance): (Method, Option<Covariance>),
    k: usize,
    kept: usize,
    n: usize,
) -> Candidate {
    let mixture = method == Method::Gmm;
    let diagonal = covariance == Some(Covariance::Diagonal);
    let away = k as f64 - kept as f64;
    let lower = if diagonal { 0.08 } else { 0.05 * f64::from(u8::from(mixture)) };
    let silhouette = 0.44 - 0.02 * away.abs() - 0.003 * away - lower;
    let bic = 41_230.0 + 310.0 * (away + 1.0).powi(2) + if diagonal { 900.0 } else { 0.0 };
    Candidate {
        method,
        covariance,
        k,
        silhouette: Some(silhouette),
        silhouette_interval: (n > 100).then_some([silhouette - 0.012, silhouette + 0.012]),
        silhouette_customers: n.min(10_000),
        calinski_harabasz: Some(2_400.0 - 90.0 * away.abs() - 300.0 * lower),
        davies_bouldin: Some(0.84 + 0.03 * away.abs() + lower),
        bic: mixture.then_some(bic),
        aic: mixture.then_some(bic - 140.0 - 9.0 * k as f64),
        icl: mixture.then_some(bic + 610.0 + 75.0 * k as f64),
        gap: (!mixture).then_some(0.61 - 0.04 * away.abs()),
        gap_error: (!mixture).then_some(0.013),
        prediction_strength: None,
        bootstrap_jaccard: None,
        out_of_time: None,
        mean_rank: None,
        inertia: (!mixture).then_some(9_000.0 / k as f64),
        log_likelihood: mixture.then_some(-20_000.0 + 90.0 * k as f64),
        converged: !(mixture && k == 9),
        iterations: 10 + k,
        chosen: !mixture && k == kept,
    }
}
