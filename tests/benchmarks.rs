//! Ground truth: the clustering benchmarks with their true k, standardised, default settings, 20
//! seeds. Held against what `scripts/reference_kmeans.py` measured of scikit-learn with ten restarts.
//! birch2 twice more: with one scale for both features, and by the mixture of one common covariance.

use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;
use linfa::prelude::*;
use ndarray::Array2;
use segtrail::cluster::{Covariance, GaussianMixture, KMeans, KMeansInit};
use segtrail::track::adjusted_rand_index;
use segtrail::types::Seed;

use crate::support::shared_folder;

const REFERENCE: &str = include_str!("reference/kmeans.json");

fn text(file: &Path) -> String {
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(file).unwrap()).read_to_string(&mut text).unwrap();
    text
}

/// The table with mean 0 and standard deviation 1 (divisor n) by column, and its true labels.
fn benchmark(folder: &Path, name: &str) -> (Array2<f64>, Vec<usize>) {
    let rows: Vec<Vec<f64>> = text(&folder.join(format!("{name}.data.gz")))
        .lines()
        .map(|line| line.split_whitespace().map(|cell| cell.parse().unwrap()).collect())
        .collect();
    let mut values = Array2::from_shape_fn((rows.len(), rows[0].len()), |(i, j)| rows[i][j]);
    for mut column in values.columns_mut() {
        let mean = column.mean().unwrap();
        let deviation = column.std(0.0);
        column.mapv_inplace(|value| (value - mean) / deviation);
    }
    let truth = text(&folder.join(format!("{name}.labels0.gz")))
        .lines()
        .map(|line| line.trim().parse().unwrap())
        .collect();
    (values, truth)
}

fn agreement(truth: &[usize], found: &[usize]) -> f64 {
    let largest = |labels: &[usize]| labels.iter().max().unwrap() + 1;
    let mut counts = vec![vec![0; largest(found)]; largest(truth)];
    truth.iter().zip(found).for_each(|(&row, &column)| counts[row][column] += 1);
    adjusted_rand_index(&counts).unwrap()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    f64::midpoint(values[(values.len() - 1) / 2], values[values.len() / 2])
}

#[test]
fn the_true_segments_are_found_as_well_as_scikit_learn_does_or_better() {
    let Some(folder) = shared_folder("benchmarks") else { return };
    let reference: serde_json::Value = serde_json::from_str(REFERENCE).unwrap();
    let benchmarks = reference["benchmarks"].as_array().unwrap();
    assert_eq!(benchmarks.len(), 6);
    for theirs in benchmarks {
        let name = theirs["name"].as_str().unwrap();
        let k = theirs["k"].as_u64().unwrap() as usize;
        let (values, truth) = benchmark(&folder, name);
        let dataset = DatasetBase::from(values.view());
        let lowest = theirs["lowest_inertia"].as_f64().unwrap();
        let found = (0..20).map(|seed| {
            let model = KMeans::params(k).seed(Seed(seed)).fit(&dataset).unwrap();
            let inertia = model.inertia();
            assert!(inertia <= 1.001 * lowest, "{name}, seed {seed}: {inertia} above {lowest}");
            let labels = model.predict(&values).to_vec();
            agreement(&truth, &labels)
        });
        let found = median(found.collect());
        let theirs = theirs["adjusted_rand_index"].as_f64().unwrap();
        // Less what breaks ties of equally good partitions.
        assert!(found >= theirs - 0.001, "{name}: {found}, scikit-learn {theirs}");
    }
}

/// Standardising by feature stretches birch2's round groups to ten times their width: there the
/// partition of least inertia is not the true one, and k-means started from the true centres leaves
/// them (adjusted Rand index 0.80): the test below holds both. With one scale for both features the
/// true groups are the best partition, and ten restarts without swaps miss some of them.
#[test]
fn a_hundred_round_groups_are_all_found() {
    let Some(folder) = shared_folder("benchmarks") else { return };
    let (mut values, truth) = benchmark(&folder, "sipu_birch2");
    let name = "sipu_birch2.data.gz";
    let raw: Vec<f64> = text(&folder.join(name))
        .split_whitespace()
        .map(|cell| cell.parse::<f64>().unwrap() / 1e5)
        .collect();
    values.iter_mut().zip(raw).for_each(|(value, raw)| *value = raw);
    let dataset = DatasetBase::from(values.view());
    let found = (0..20).map(|seed| {
        let model = KMeans::params(100).seed(Seed(seed)).fit(&dataset).unwrap();
        agreement(&truth, &model.predict(&values).to_vec())
    });
    let found = median(found.collect());
    assert!(found >= 0.97, "{found}");
}

/// What stretches all groups alike is what a common covariance takes up: the mixture of tied
/// covariances finds them where k-means, whose best partition is another, cannot.
#[test]
fn tied_mixtures_find_the_stretched_groups_of_birch2() {
    let Some(folder) = shared_folder("benchmarks") else { return };
    let (values, truth) = benchmark(&folder, "sipu_birch2");
    let dataset = DatasetBase::from(values.view());
    let found = (0..20).map(|seed| {
        let params = GaussianMixture::params(100).covariance(Covariance::Tied).seed(Seed(seed));
        let model = params.fit(&dataset).unwrap();
        agreement(&truth, &model.predict(&values).to_vec())
    });
    let found = median(found.collect());
    assert!(found >= 0.97, "{found}");
}

/// No k-means can have both: the least inertia, and the true groups of birch2 once standardised. The
/// inertia of the true partition is that of a worse one by more than a fifth.
#[test]
fn k_means_leaves_the_true_centres_of_birch2_once_standardised() {
    let Some(folder) = shared_folder("benchmarks") else { return };
    let (values, truth) = benchmark(&folder, "sipu_birch2");
    let mut centres = Array2::zeros((100, 2));
    let mut sizes = [0.0; 100];
    for (row, &group) in values.rows().into_iter().zip(&truth) {
        sizes[group - 1] += 1.0;
        let mut centre = centres.row_mut(group - 1);
        centre += &row;
    }
    for (mut centre, size) in centres.rows_mut().into_iter().zip(sizes) {
        centre /= size;
    }
    let of_truth: f64 = values
        .rows()
        .into_iter()
        .zip(&truth)
        .map(|(row, &group)| (&row - &centres.row(group - 1)).mapv(|value| value * value).sum())
        .sum();
    let reference: serde_json::Value = serde_json::from_str(REFERENCE).unwrap();
    let benchmarks = reference["benchmarks"].as_array().unwrap();
    let theirs = benchmarks.iter().find(|theirs| theirs["name"] == "sipu_birch2").unwrap();
    let lowest = theirs["lowest_inertia"].as_f64().unwrap();
    assert!(of_truth > 1.2 * lowest, "{of_truth}, reached {lowest}");
    let params = KMeans::params(100).init_method(KMeansInit::Precomputed(centres));
    let model = params.fit(&DatasetBase::from(values.view())).unwrap();
    let found = agreement(&truth, &model.predict(&values).to_vec());
    assert!(found < 0.85, "{found}");
}
