//! The verdict over many seeds: clouds of several shapes have none, blobs have.

use rand::{Rng, SeedableRng};
use rand_distr::StandardNormal;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::*;
use crate::cluster::Covariance;
use crate::cluster::criteria::fixtures::{blobs, cube, normals, settings};

const SEEDS: u64 = 6;

/// What k-means with `k` clusters is told about `values`.
fn verdict(values: &[f64], p: usize, k: usize, seed: u64) -> Structure {
    let points = Points::new(values, p);
    let way = Way { method: Method::Kmeans, settings: &settings() };
    let clusters = way.fit(points, k, Seed(seed)).expect("k-means");
    structure(points, &clusters, &settings(), Seed(seed)).expect("enough rows")
}

fn map(mut values: Vec<f64>, of: impl Fn(f64) -> f64) -> Vec<f64> {
    values.iter_mut().for_each(|value| *value = of(*value));
    values
}

/// `n` normal rows of p that share a common part: correlation 0.64.
fn correlated(n: usize, p: usize, seed: u64) -> Vec<f64> {
    let own = normals(n, p, seed);
    let common = normals(n, 1, seed + 1_000);
    own.iter().enumerate().map(|(at, own)| 0.8 * common[at / p] + 0.6 * own).collect()
}

/// How many of [`SEEDS`] data sets by `make` get each verdict, for k = 2, 3, 5 and 8.
fn count(p: usize, make: impl Fn(u64) -> Vec<f64>) -> [usize; 3] {
    let mut counts = [0; 3];
    for seed in 0..SEEDS {
        for k in [2, 3, 5, 8] {
            let verdict = verdict(&make(seed), p, k, seed).verdict;
            counts[verdict as usize] += 1;
        }
    }
    counts
}

#[test]
fn clouds_without_clusters_have_no_structure() {
    let mut total = [0; 3];
    let mut add = |name: &str, counts: [usize; 3]| {
        println!("{name}: none, weak, clear {counts:?}");
        total.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
    };
    for p in [2, 3, 6] {
        add(&format!("cube {p}"), count(p, |seed| cube(800, p, seed)));
        add(&format!("normal {p}"), count(p, |seed| normals(800, p, seed)));
        add(&format!("correlated {p}"), count(p, |seed| correlated(800, p, seed)));
        let lognormal = |seed| map(correlated(800, p, seed), |value| value.exp());
        add(&format!("lognormal, logged {p}"), count(p, |seed| map(lognormal(seed), f64::ln_1p)));
        add(&format!("lognormal {p}"), count(p, lognormal));
        let exponential = |seed| map(cube(800, p, seed), |value| -(1.0 - value).ln());
        add(&format!("exponential {p}"), count(p, exponential));
    }
    let all: usize = total.iter().sum();
    println!("{total:?} of {all}");
    assert_eq!(total[2], 0, "never clear");
    assert!(total[1] * 100 <= all, "weak in at most 1 %: {total:?}");
}

#[test]
fn blobs_have_a_clear_structure() {
    for seed in 0..SEEDS {
        for (k, p, apart) in [(2, 2, 6.0), (3, 2, 6.0), (3, 6, 8.0), (5, 3, 6.0)] {
            let found = verdict(&blobs(800, k, p, apart, seed), p, k, seed);
            assert_eq!(found.verdict, Verdict::Clear, "k {k} p {p} seed {seed}: {found:?}");
            assert!(found.sentence.starts_with("clear structure") && found.warning().is_none());
            assert!(found.within < found.within_reference && found.customers == 800);
        }
    }
}

#[test]
fn long_thin_clusters_of_a_mixture_are_seen() {
    // Two clusters 60 long and 1 across, side by side 6 apart: k-means cuts them across.
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(3);
    let values: Vec<f64> = (0..800)
        .flat_map(|row| {
            let along: f64 = rng.sample::<f64, _>(StandardNormal) * 20.0;
            [along, f64::from(row % 2) * 6.0 + rng.sample::<f64, _>(StandardNormal)]
        })
        .collect();
    let points = Points::new(&values, 2);
    let mixture = Clusters::Gmm {
        weights: vec![0.5, 0.5],
        means: vec![vec![0.0, 0.0], vec![0.0, 6.0]],
        covariances: vec![vec![vec![400.0, 0.0], vec![0.0, 1.0]]; 2],
        covariance: Covariance::Full,
        noise: None,
        log_likelihood: 0.0,
    };
    let kmeans = Way { method: Method::Kmeans, settings: &settings() }.fit(points, 2, Seed(5));
    let of = |clusters: &Clusters| {
        structure(points, clusters, &settings(), Seed(1)).expect("enough rows").verdict
    };
    assert_eq!(of(&mixture), Verdict::Clear);
    assert_eq!(of(&kmeans.expect("k-means")), Verdict::None, "its clusters are none");
}

#[test]
fn weights_are_repetitions_and_too_little_has_no_verdict() {
    let values = blobs(60, 2, 2, 8.0, 1);
    let counts: Vec<usize> = (0..60).map(|row| 1 + row % 3).collect();
    let weights: Vec<f64> = counts.iter().map(|&count| count as f64).collect();
    let rows: Vec<usize> =
        counts.iter().enumerate().flat_map(|(row, &count)| vec![row; count]).collect();
    let points = Points::new(&values, 2);
    let repeated = points.gather(&rows);
    let way = Way { method: Method::Kmeans, settings: &settings() };
    let clusters = way.fit(points, 2, Seed(1)).expect("k-means");
    let of =
        |points: Points, clusters: &Clusters| structure(points, clusters, &settings(), Seed(2));
    let weighted = of(points.weighted(Some(&weights)), &clusters).expect("enough rows");
    assert_eq!(Some(weighted), of(Points::new(&repeated, 2), &clusters));

    let one = way.fit(points, 1, Seed(1)).expect("k-means");
    assert_eq!(of(points, &one), None, "a single cluster");
    assert_eq!(of(points, &clusters), None, "sixty rows");
    assert_eq!(of(Points::new(&[1.0; 400], 2), &clusters), None, "customers all alike");
}

#[test]
fn the_words_by_their_bounds() {
    let of = |errors: f64| told(3, -1.0, (Reference::Uniform, -0.9, errors), 500);
    let words: Vec<Verdict> = [2.99, 3.0, 5.99, 6.0].map(|errors| of(errors).verdict).to_vec();
    assert_eq!(words, [Verdict::None, Verdict::Weak, Verdict::Weak, Verdict::Clear]);
    let none = of(-1.25);
    assert_eq!(
        none.sentence,
        "no structure was found: 36.8 % of the squares lie within 3 clusters, against 40.7 % in \
         data without clusters (-1.2 standard errors); the segments divide one cloud of customers, \
         and their borders are a matter of choice"
    );
    assert_eq!(none.warning().expect("none").code, "no_structure");
    let text = serde_json::to_string(&none).expect("finite");
    assert_eq!(serde_json::from_str::<Structure>(&text).expect("its own text"), none);
}
