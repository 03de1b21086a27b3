//! Measures of agreement against scikit-learn, by hand, and their standard errors against the
//! jackknife.

use serde::Deserialize;

use super::*;

#[derive(Deserialize)]
struct Reference {
    pairs: Vec<Pair>,
}

#[derive(Deserialize)]
struct Pair {
    table: Vec<Vec<usize>>,
    adjusted_rand_index: f64,
    adjusted_mutual_information: f64,
    normalised_mutual_information: f64,
    homogeneity: f64,
    completeness: f64,
    v_measure: f64,
    variation_of_information: f64,
}

fn all(found: &AgreementMeasures) -> [Measured; 7] {
    [
        found.adjusted_rand_index,
        found.adjusted_mutual_information,
        found.normalised_mutual_information,
        found.homogeneity,
        found.completeness,
        found.v_measure,
        found.variation_of_information,
    ]
}

fn values(counts: &[Vec<usize>]) -> [f64; 7] {
    all(&agreement_measures(counts).unwrap()).map(|measured| measured.value)
}

/// `scripts/reference_agreement.py`, scikit-learn 1.9.1: a hundred pairs of partitions.
#[test]
fn equal_to_scikit_learn() {
    let text = include_str!("../../tests/reference/agreement.json");
    let reference: Reference = serde_json::from_str(text).unwrap();
    assert_eq!(reference.pairs.len(), 100);
    for (place, pair) in reference.pairs.iter().enumerate() {
        let theirs = [
            pair.adjusted_rand_index,
            pair.adjusted_mutual_information,
            pair.normalised_mutual_information,
            pair.homogeneity,
            pair.completeness,
            pair.v_measure,
            pair.variation_of_information,
        ];
        for (at, (ours, theirs)) in values(&pair.table).iter().zip(theirs).enumerate() {
            assert!((ours - theirs).abs() < 1e-12, "pair {place}, figure {at}: {ours} {theirs}");
        }
    }
}

/// [0,0,1,1] against [0,0,1,2]: H1 = ln 2, H2 = 1.5 ln 2, mutual information ln 2.
#[test]
fn by_hand() {
    let [.., homogeneity, completeness, v_measure, variation] =
        values(&[vec![2, 0, 0], vec![0, 1, 1]]);
    assert!((homogeneity - 1.0).abs() < 1e-15);
    assert!((completeness - 2.0 / 3.0).abs() < 1e-15);
    assert!((v_measure - 0.8).abs() < 1e-15);
    assert!((variation - 0.5 * 2f64.ln()).abs() < 1e-15);
}

#[test]
fn the_same_partition_under_other_names_agrees_wholly() {
    for counts in [
        vec![vec![0, 7, 0], vec![3, 0, 0], vec![0, 0, 5]],
        vec![vec![4]],
        vec![vec![1, 0], vec![0, 1]],
        vec![vec![2, 0, 0], vec![0, 0, 0], vec![0, 0, 3]],
    ] {
        let found = agreement_measures(&counts).unwrap();
        assert_eq!(all(&found).map(|m| m.value), [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0]);
        assert!(all(&found).iter().all(|measured| measured.standard_error == 0.0));
    }
    assert!(agreement_measures(&[vec![0, 0]]).is_none());
}

#[test]
fn nothing_depends_on_the_order_of_parts_and_little_on_the_side() {
    let table = [vec![40, 3, 9], vec![2, 31, 5]];
    let turned: Vec<Vec<usize>> =
        (0..3).map(|j| table.iter().map(|row| row[j]).collect()).collect();
    let shuffled = [vec![5, 31, 2], vec![9, 3, 40]];
    let (a, b, c) = (values(&table), values(&turned), values(&shuffled));
    for at in 0..7 {
        assert!((a[at] - c[at]).abs() < 1e-14);
        // Homogeneity and completeness change places.
        let other = [0, 1, 2, 4, 3, 5, 6][at];
        assert!((a[at] - b[other]).abs() < 1e-14);
    }
}

/// The delta method against leaving out each item in turn (Efron 1982), on a table large enough
/// for both to be at their limit.
#[test]
fn standard_errors_are_those_of_the_jackknife() {
    let table = vec![vec![820, 90, 40], vec![60, 700, 130], vec![10, 150, 500], vec![80, 20, 30]];
    let n: usize = table.iter().flatten().sum();
    let left_out: Vec<([f64; 7], usize)> = (0..4)
        .flat_map(|i| (0..3).map(move |j| (i, j)))
        .map(|(i, j)| {
            let mut less = table.clone();
            less[i][j] -= 1;
            (values(&less), table[i][j])
        })
        .collect();
    let found = all(&agreement_measures(&table).unwrap());
    for (at, measured) in found.iter().enumerate() {
        let mean: f64 = left_out.iter().map(|(v, w)| v[at] * *w as f64).sum::<f64>() / n as f64;
        let squares: f64 = left_out.iter().map(|(v, w)| (v[at] - mean).powi(2) * *w as f64).sum();
        let jackknife = (squares * (n as f64 - 1.0) / n as f64).sqrt();
        let ours = measured.standard_error;
        assert!(ours > 0.0 && (ours / jackknife - 1.0).abs() < 5e-3, "{at}: {ours} {jackknife}");
    }
}

/// By definition: all tables of two margins, weighted by the hypergeometric law.
#[test]
fn expected_mutual_information_by_enumeration() {
    // Rows 3 and 2, columns 2 and 3: the first cell is hypergeometric with 5, 3, 2.
    let table = Table::of(&[vec![1, 2], vec![1, 1]]);
    let law = [(0.0, 0.1), (1.0, 0.6), (2.0, 0.3)];
    let term = |count: f64, row: f64, column: f64| {
        if count == 0.0 { 0.0 } else { count / 5.0 * (5.0 * count / (row * column)).ln() }
    };
    let by_hand: f64 = law
        .iter()
        .map(|&(x, share)| {
            let cells = [(x, 3.0, 2.0), (3.0 - x, 3.0, 3.0), (2.0 - x, 2.0, 2.0), (x, 2.0, 3.0)];
            share * cells.iter().map(|&(count, row, column)| term(count, row, column)).sum::<f64>()
        })
        .sum();
    assert!((table.expected_mutual_information() - by_hand).abs() < 1e-15);
}

#[test]
fn many_items_do_not_overflow() {
    let table = [vec![400_000_000, 100_000_000], vec![50_000_000, 450_000_000]];
    let found = values(&table);
    let small = values(&[vec![400_000, 100_000], vec![50_000, 450_000]]);
    for (large, small) in found.iter().zip(small) {
        assert!((large - small).abs() < 1e-5, "{large} {small}");
    }
}
