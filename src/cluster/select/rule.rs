//! Candidates with their figures and a rule -> the candidate that is kept, and the rule in a
//! sentence.
//!
//! Candidates stand k-means first, the covariances of the mixture in their order, k ascending: a
//! tie goes to the smaller k, then to the first.

use std::cmp::Ordering;

use super::params::{Criterion, Rule};
use crate::cluster::criteria::SUPPORTED;
use crate::cluster::{Candidate, Covariance, Method};

/// Index of the candidate that `rule` takes; none where no candidate has a figure that the rule
/// asks for. Under [`Rule::Weights`] the mean rank of each candidate is written into it.
pub(super) fn choose(candidates: &mut [Candidate], rule: &Rule) -> Option<usize> {
    match rule {
        Rule::Auto => Some(auto(candidates)),
        Rule::Criterion(criterion) => by_criterion(candidates, *criterion),
        Rule::Weights(weights) => by_ranks(candidates, weights),
    }
}

/// k-means by silhouette, mixtures by Bayesian information criterion, of these two by silhouette,
/// ties to k-means.
fn auto(candidates: &[Candidate]) -> usize {
    let all = || 0..candidates.len();
    let of = |method: Method| all().filter(move |&at| candidates[at].method == method);
    let kmeans = best(candidates, Criterion::Silhouette, of(Method::Kmeans))
        .or_else(|| of(Method::Kmeans).next());
    let mixture =
        best(candidates, Criterion::Bic, of(Method::Gmm)).or_else(|| of(Method::Gmm).next());
    let silhouette = |at: usize| candidates[at].silhouette.unwrap_or(f64::NEG_INFINITY);
    match (kmeans, mixture) {
        (Some(kmeans), Some(mixture)) if silhouette(mixture) > silhouette(kmeans) => mixture,
        (Some(kmeans), _) => kmeans,
        (None, mixture) => mixture.unwrap_or(0),
    }
}

/// The best of `among` by one criterion, ties to the smaller k and then to the first.
fn best(
    candidates: &[Candidate],
    criterion: Criterion,
    among: impl Iterator<Item = usize>,
) -> Option<usize> {
    let better = |a: f64, b: f64| if criterion.higher_is_better() { a > b } else { a < b };
    among
        .filter_map(|at| Some((at, criterion.of(&candidates[at])?)))
        .reduce(|best, next| {
            let smaller = candidates[next.0].k < candidates[best.0].k;
            if better(next.1, best.1) || (next.1 == best.1 && smaller) { next } else { best }
        })
        .map(|(at, _)| at)
}

fn by_criterion(candidates: &[Candidate], criterion: Criterion) -> Option<usize> {
    let of_families = |within: fn(&[Candidate], &[usize]) -> Option<usize>| {
        families(candidates).into_iter().filter_map(|family| within(candidates, &family)).collect()
    };
    let among: Vec<usize> = match criterion {
        Criterion::Gap => of_families(within_error),
        Criterion::PredictionStrength => of_families(supported),
        _ => (0..candidates.len()).collect(),
    };
    best(candidates, criterion, among.into_iter())
}

/// The candidates by method and covariance, k ascending.
fn families(candidates: &[Candidate]) -> Vec<Vec<usize>> {
    type Family = (Method, Option<Covariance>);
    let mut families: Vec<(Family, Vec<usize>)> = Vec::new();
    for (at, candidate) in candidates.iter().enumerate() {
        let key = (candidate.method, candidate.covariance);
        match families.iter_mut().find(|(of, _)| *of == key) {
            Some((_, members)) => members.push(at),
            None => families.push((key, vec![at])),
        }
    }
    families.into_iter().map(|(_, members)| members).collect()
}

/// The smallest k whose gap is at least that of the next k less its standard error (step 3 of
/// Tibshirani, Walther and Hastie 2001, section 3); the largest k where there is none.
fn within_error(candidates: &[Candidate], family: &[usize]) -> Option<usize> {
    let gaps: Vec<(usize, f64, f64)> = family
        .iter()
        .filter_map(|&at| Some((at, candidates[at].gap?, candidates[at].gap_error?)))
        .collect();
    let holds = |pair: &&[(usize, f64, f64)]| pair[0].1 >= pair[1].1 - pair[1].2;
    gaps.windows(2).find(holds).map(|pair| pair[0].0).or(gaps.last().map(|last| last.0))
}

/// The largest k that is supported (Tibshirani and Walther 2005, section 2); the highest
/// prediction strength where none is.
fn supported(candidates: &[Candidate], family: &[usize]) -> Option<usize> {
    let strength = |at: usize| candidates[at].prediction_strength;
    let largest =
        family.iter().rev().copied().find(|&at| strength(at).is_some_and(|of| of >= SUPPORTED));
    largest.or_else(|| best(candidates, Criterion::PredictionStrength, family.iter().copied()))
}

/// The lowest mean of weighted ranks. A criterion that no candidate has a figure of is left out.
fn by_ranks(candidates: &mut [Candidate], weights: &[(Criterion, f64)]) -> Option<usize> {
    let known: Vec<(Vec<f64>, f64)> = weights
        .iter()
        .filter_map(|&(criterion, weight)| Some((ranks(candidates, criterion)?, weight)))
        .collect();
    let total: f64 = known.iter().map(|(_, weight)| weight).sum();
    if known.is_empty() {
        return None;
    }
    for (at, candidate) in candidates.iter_mut().enumerate() {
        let sum: f64 = known.iter().map(|(ranks, weight)| weight * ranks[at]).sum();
        candidate.mean_rank = Some(sum / total);
    }
    let key = |at: &usize| (candidates[*at].mean_rank.unwrap_or(f64::INFINITY), candidates[*at].k);
    (0..candidates.len()).min_by(|a, b| {
        let (a, b) = (key(a), key(b));
        a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
    })
}

/// Ranks from 1, the best; equals share the mean of theirs, and those without a figure share the
/// last. None where nobody has a figure.
fn ranks(candidates: &[Candidate], criterion: Criterion) -> Option<Vec<f64>> {
    let worst = if criterion.higher_is_better() { f64::NEG_INFINITY } else { f64::INFINITY };
    let figures: Vec<f64> =
        candidates.iter().map(|candidate| criterion.of(candidate).unwrap_or(worst)).collect();
    if candidates.iter().all(|candidate| criterion.of(candidate).is_none()) {
        return None;
    }
    let order = |a: f64, b: f64| {
        if criterion.higher_is_better() { b.total_cmp(&a) } else { a.total_cmp(&b) }
    };
    let rank = |own: f64| {
        let (mut ahead, mut equal) = (0.0, 0.0);
        for &other in &figures {
            match order(other, own) {
                Ordering::Less => ahead += 1.0,
                Ordering::Equal => equal += 1.0,
                Ordering::Greater => {}
            }
        }
        ahead + (equal + 1.0) / 2.0
    };
    Some(figures.iter().map(|&own| rank(own)).collect())
}

/// The rule in a sentence, for candidates of `method` with k from `low` to `high`.
pub(super) fn sentence(rule: &Rule, method: Method, (low, high): (usize, usize)) -> String {
    let searched =
        if low == high { format!("k = {low}") } else { format!("k from {low} to {high}") };
    let ties = "ties to the smaller k, then to k-means";
    match rule {
        Rule::Auto => {
            let kmeans = "the highest mean silhouette";
            let mixture = "the lowest Bayesian information criterion";
            match method {
                Method::Kmeans => format!("k-means, {searched}: {kmeans}, ties to the smaller k"),
                Method::Gmm => format!("mixture, {searched}: {mixture}, ties to the smaller k"),
                Method::Auto => format!(
                    "{searched}: for k-means {kmeans}, for the mixture {mixture}, ties to the \
                     smaller k; of these two the one with the higher mean silhouette, ties to \
                     k-means"
                ),
            }
        }
        Rule::Criterion(Criterion::Gap) => format!(
            "{searched}: for each method the smallest k whose gap statistic is within one standard \
             error of that of the next k, or the largest k; of these the highest gap, {ties}"
        ),
        Rule::Criterion(Criterion::PredictionStrength) => format!(
            "{searched}: for each method the largest k with a prediction strength of at least \
             {SUPPORTED}, or the k of the highest; of these the highest, {ties}"
        ),
        Rule::Criterion(criterion) => {
            let end = if criterion.higher_is_better() { "highest" } else { "lowest" };
            format!("{searched}: the {end} {}, {ties}", criterion.words())
        }
        Rule::Weights(weights) => {
            let parts: Vec<String> = weights
                .iter()
                .map(|(criterion, weight)| format!("{} x {weight}", criterion.words()))
                .collect();
            format!("{searched}: the lowest mean rank by {}, {ties}", parts.join(", "))
        }
    }
}

#[cfg(test)]
#[path = "rule_tests.rs"]
mod tests;
