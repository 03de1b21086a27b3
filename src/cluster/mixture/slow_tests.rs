//! The mixture: a slow, obvious EM against the fast one, and weights against repeated rows.

use proptest::prelude::*;

use super::start::{Whole, start};
use super::*;
use crate::cluster::Noise;

const FLOOR: f64 = 0.05;
const SHAPES: [Covariance; 4] =
    [Covariance::Full, Covariance::Tied, Covariance::Diagonal, Covariance::Spherical];

/// ln N(x; mean, covariance) by Gaussian elimination of the p x p system, without pivots.
fn log_normal(x: &[f64], mean: &[f64], covariance: &[f64]) -> f64 {
    let p = x.len();
    let mut matrix = covariance.to_vec();
    let mut right: Vec<f64> = x.iter().zip(mean).map(|(x, m)| x - m).collect();
    let centred = right.clone();
    let mut log_determinant = 0.0;
    for i in 0..p {
        log_determinant += matrix[i * p + i].ln();
        for row in i + 1..p {
            let factor = matrix[row * p + i] / matrix[i * p + i];
            for column in i..p {
                matrix[row * p + column] -= factor * matrix[i * p + column];
            }
            right[row] -= factor * right[i];
        }
    }
    for i in (0..p).rev() {
        for column in i + 1..p {
            right[i] -= matrix[i * p + column] * right[column];
        }
        right[i] /= matrix[i * p + i];
    }
    let squared: f64 = centred.iter().zip(&right).map(|(c, solved)| c * solved).sum();
    -0.5 * (p as f64 * std::f64::consts::TAU.ln() + log_determinant + squared)
}

/// n x (k + 1) responsibilities, the noise last, and the weighted log-likelihood.
fn slow_expect(points: Points, mixture: &Mixture) -> (Vec<Vec<f64>>, f64) {
    let (p, k) = (points.p, mixture.k());
    let mut total = 0.0;
    let rows = (0..points.n)
        .map(|row| {
            let mut logs: Vec<f64> = (0..k)
                .map(|c| {
                    let covariance = &mixture.covariances[c * p * p..(c + 1) * p * p];
                    mixture.weights[c].ln()
                        + log_normal(
                            points.row(row),
                            &mixture.means[c * p..(c + 1) * p],
                            covariance,
                        )
                })
                .collect();
            logs.push(mixture.noise.map_or(f64::NEG_INFINITY, |n| n.weight.ln() + n.log_density));
            let sum = crate::math::log_sum_exp(&logs);
            total += points.weight(row) * sum;
            logs.iter().map(|log| (log - sum).exp()).collect()
        })
        .collect();
    (rows, total)
}

/// The mixture of given responsibilities; none where a component has (nearly) collapsed.
fn slow_maximise(
    points: Points,
    shape: Covariance,
    noise: Option<Noise>,
    responsibilities: &[Vec<f64>],
) -> Option<Mixture> {
    let p = points.p;
    let k = responsibilities[0].len() - 1;
    let sum = |of: &dyn Fn(usize) -> f64| -> f64 {
        (0..points.n).map(|row| points.weight(row) * of(row)).sum()
    };
    let total = sum(&|_| 1.0);
    let weights: Vec<f64> = (0..k).map(|c| sum(&|row| responsibilities[row][c])).collect();
    if weights.iter().any(|weight| *weight < 0.501) {
        return None;
    }
    let mean =
        |c: usize, i: usize| sum(&|row| responsibilities[row][c] * points.row(row)[i]) / weights[c];
    let means: Vec<f64> = (0..k * p).map(|at| mean(at / p, at % p)).collect();
    let full = |c: usize, i: usize, j: usize| {
        let away = |row: usize, i: usize| points.row(row)[i] - means[c * p + i];
        sum(&|row| responsibilities[row][c] * away(row, i) * away(row, j)) / weights[c]
    };
    let of_components: f64 = weights.iter().sum();
    let value = |c: usize, i: usize, j: usize| match shape {
        Covariance::Full => full(c, i, j),
        Covariance::Tied => {
            (0..k).map(|other| weights[other] * full(other, i, j)).sum::<f64>() / of_components
        }
        Covariance::Diagonal if i == j => full(c, i, i),
        Covariance::Spherical if i == j => (0..p).map(|i| full(c, i, i)).sum::<f64>() / p as f64,
        Covariance::Diagonal | Covariance::Spherical => 0.0,
    };
    let floored = |at: usize| {
        let (c, i, j) = (at / (p * p), at / p % p, at % p);
        value(c, i, j) + if i == j { FLOOR } else { 0.0 }
    };
    Some(Mixture {
        p,
        weights: weights.iter().map(|weight| weight / total).collect(),
        covariances: (0..k * p * p).map(floored).collect(),
        means,
        covariance: shape,
        noise: noise
            .map(|noise| Noise { weight: sum(&|row| responsibilities[row][k]) / total, ..noise }),
    })
}

/// Where the rows nearest to each centroid lie, the noise with its start.
fn slow_start(
    points: Points,
    centroids: &[f64],
    shape: Covariance,
    noise: bool,
) -> Option<Mixture> {
    let k = centroids.len() / points.p;
    let squared = |row: usize, c: usize| -> f64 {
        let centroid = &centroids[c * points.p..(c + 1) * points.p];
        points.row(row).iter().zip(centroid).map(|(x, c)| (x - c) * (x - c)).sum()
    };
    let nearest = |row: usize| {
        (0..k).reduce(|best, c| if squared(row, c) < squared(row, best) { c } else { best })
    };
    let hard: Vec<Vec<f64>> = (0..points.n)
        .map(|row| (0..=k).map(|c| f64::from(u8::from(nearest(row) == Some(c)))).collect())
        .collect();
    let mut mixture = slow_maximise(points, shape, None, &hard)?;
    if noise {
        let side = |i: usize| {
            let values = || (0..points.n).map(|row| points.row(row)[i]);
            let side = values().fold(f64::MIN, f64::max) - values().fold(f64::MAX, f64::min);
            side.max((std::f64::consts::TAU * FLOOR).sqrt())
        };
        let log_density = -(0..points.p).map(|i| side(i).ln()).sum::<f64>();
        mixture.noise = Some(Noise { weight: 0.05, log_density });
        mixture.weights.iter_mut().for_each(|weight| *weight *= 0.95);
    }
    Some(mixture)
}

fn close(found: &[f64], expected: &[f64]) -> bool {
    let near = |(a, b): (&f64, &f64)| (a - b).abs() <= 1e-8 * (1.0 + b.abs());
    found.len() == expected.len() && found.iter().zip(expected).all(near)
}

fn same(found: &Mixture, expected: &Mixture) -> bool {
    let noise = |mixture: &Mixture| mixture.noise.map_or([0.0; 2], |n| [n.weight, n.log_density]);
    close(&found.weights, &expected.weights)
        && close(&found.means, &expected.means)
        && close(&found.covariances, &expected.covariances)
        && close(&noise(found), &noise(expected))
}

fn params(max_iterations: usize, covariance: Covariance, noise: bool) -> EmParams {
    // It never stops before its iterations are used up.
    EmParams {
        max_iterations,
        tolerance: f64::NEG_INFINITY,
        covariance_floor: FLOOR,
        covariance,
        noise,
    }
}

/// Small integers, so that ties, duplicates and constant columns are common.
fn rows() -> impl Strategy<Value = (usize, Vec<f64>, Vec<f64>)> {
    (1usize..6, prop::collection::vec((-4i8..5, 1u8..4), 5..260)).prop_map(|(p, cells)| {
        let n = (cells.len() / p).max(1);
        let cell = |at: usize| cells[at % cells.len()];
        // The last of several columns is constant for every third size.
        let value = |at: usize| {
            if n % 3 == 0 && p > 1 && at % p == p - 1 { 2.0 } else { f64::from(cell(at).0) }
        };
        let values = (0..n * p).map(value).collect();
        (p, values, (0..n).map(|row| f64::from(cell(row).1)).collect())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn the_fast_one_does_what_the_slow_one_does(
        (p, values, weights) in rows(),
        weighted in any::<bool>(),
        noise in any::<bool>(),
        k in 1usize..6,
        all in any::<bool>(),
        iterations in 1usize..5,
    ) {
        let points = Points::new(&values, p).weighted(weighted.then_some(&weights[..]));
        // Now and then as many components as rows.
        let k = if all && points.n < 12 { points.n } else { k.min(points.n) };
        let centroids = values[..k * p].to_vec();
        for shape in SHAPES {
            let fast = start(points, &centroids, &Whole::new(points), shape, noise, FLOOR);
            let Some(mut slow) = slow_start(points, &centroids, shape, noise) else { continue };
            prop_assert!(same(&fast, &slow), "{shape:?}\n{fast:?}\n{slow:?}");
            let mut stayed = true;
            for _ in 0..iterations {
                let (responsibilities, _) = slow_expect(points, &slow);
                match slow_maximise(points, shape, slow.noise, &responsibilities) {
                    Some(next) => slow = next,
                    None => stayed = false,
                }
            }
            let run = em(points, fast, params(iterations, shape, noise));
            prop_assert!(run.log_likelihood.is_finite());
            if stayed {
                let (_, log_likelihood) = slow_expect(points, &slow);
                prop_assert!(same(&run.mixture, &slow), "{shape:?}\n{:?}\n{slow:?}", run.mixture);
                prop_assert!(close(&[run.log_likelihood], &[log_likelihood]));
                prop_assert_eq!(run.iterations, iterations);
            }
        }
    }

    #[test]
    fn a_weight_is_so_many_equal_rows(
        (p, values, weights) in rows(),
        noise in any::<bool>(),
        k in 1usize..5,
    ) {
        let points = Points::new(&values, p).weighted(Some(&weights));
        let k = k.min(points.n);
        let centroids = values[..k * p].to_vec();
        let repeated: Vec<f64> = (0..points.n)
            .flat_map(|row| points.row(row).repeat(weights[row] as usize))
            .collect();
        let repeated = Points::new(&repeated, p);
        for shape in SHAPES {
            let weighted = from_centroids(points, &centroids, params(4, shape, noise));
            let plain = from_centroids(repeated, &centroids, params(4, shape, noise));
            // A component that starts anew may do so at another of rows explained equally badly.
            if plain.resets == 0 && weighted.resets == 0 {
                prop_assert!(close(&[weighted.log_likelihood], &[plain.log_likelihood]));
                prop_assert!(same(&weighted.mixture, &plain.mixture), "{shape:?}");
            }
        }
    }
}

#[test]
fn one_row_and_rows_all_alike() {
    for shape in SHAPES {
        for noise in [false, true] {
            let one = Points::new(&[3.0, -1.0], 2);
            let (run, _) = run(&Prepared::new(one), 1, params(5, shape, noise), 1e-9, Seed(1));
            assert_eq!(run.mixture.means, [3.0, -1.0]);
            assert_eq!(run.mixture.covariances, [FLOOR, 0.0, 0.0, FLOOR]);
            assert!(run.log_likelihood.is_finite());
            let alike = Points::new(&[1.0; 40], 2);
            let (run, _) =
                super::run(&Prepared::new(alike), 3, params(5, shape, noise), 1e-9, Seed(1));
            assert!(run.log_likelihood.is_finite(), "{shape:?}");
        }
    }
}
