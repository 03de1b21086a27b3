//! The mixture against scikit-learn after the same iterations from the same start, and against
//! mclust at the optimum. The files are made by `scripts/reference_mixture.py` and
//! `scripts/reference_mclust.R`.

use serde::Deserialize;

use super::start::Whole;
use super::*;
use crate::cluster::Noise;
use crate::cluster::assign::assign_points;
use crate::cluster::criteria::information;
use crate::cluster::engine::of_mixture;

const DATA: &str = include_str!("../../../tests/reference/mixture_data.csv");
const SKLEARN: &str = include_str!("../../../tests/reference/mixture_sklearn.json");
const MCLUST: &str = include_str!("../../../tests/reference/mixture_mclust.csv");

/// What scikit-learn found.
#[derive(Deserialize)]
struct Reference {
    iterations: usize,
    floor: f64,
    fits: std::collections::BTreeMap<String, Fit>,
}

#[derive(Deserialize)]
struct Parts {
    weights: Vec<f64>,
    means: Vec<Vec<f64>>,
    covariances: Vec<Vec<Vec<f64>>>,
}

impl Parts {
    fn mixture(&self, covariance: Covariance) -> Mixture {
        Mixture {
            p: 3,
            weights: self.weights.clone(),
            means: self.means.concat(),
            covariances: flat(&self.covariances),
            covariance,
            noise: None,
        }
    }
}

#[derive(Deserialize)]
struct Fit {
    start: Parts,
    log_likelihood: f64,
    bic: f64,
    aic: f64,
    parameters: usize,
    #[serde(flatten)]
    end: Parts,
}

/// The rows, n x 3.
fn data() -> Vec<f64> {
    let cells = |line: &'static str| line.split(',').take(3);
    DATA.lines().skip(1).flat_map(cells).map(|cell| cell.parse().expect("a number")).collect()
}

fn shape(name: &str) -> Covariance {
    serde_json::from_value(name.into()).expect("a shape by its name")
}

fn flat(matrices: &[Vec<Vec<f64>>]) -> Vec<f64> {
    matrices.iter().flatten().flatten().copied().collect()
}

fn near(found: f64, expected: f64, relative: f64) -> bool {
    (found - expected).abs() <= relative * expected.abs().max(1e-2)
}

#[test]
fn scikit_learn_from_the_same_start() {
    let values = data();
    let points = Points::new(&values, 3);
    let reference: Reference = serde_json::from_str(SKLEARN).expect("the script's own file");
    assert_eq!(reference.fits.len(), 4);
    for (name, fit) in &reference.fits {
        let mixture = fit.start.mixture(shape(name));
        let params = EmParams {
            max_iterations: reference.iterations,
            tolerance: f64::MIN_POSITIVE,
            covariance_floor: reference.floor,
            covariance: shape(name),
            noise: false,
        };
        let run = em(points, mixture, params);
        assert_eq!(run.iterations, reference.iterations);
        assert!(near(run.log_likelihood, fit.log_likelihood, 1e-9), "{name}");
        let pairs = [
            (&run.mixture.weights, &fit.end.weights),
            (&run.mixture.means, &fit.end.means.concat()),
            (&run.mixture.covariances, &flat(&fit.end.covariances)),
        ];
        for (found, expected) in pairs {
            assert_eq!(found.len(), expected.len());
            assert!(found.iter().zip(expected).all(|(a, b)| near(*a, *b, 1e-8)), "{name}");
        }
        let clusters = of_mixture(run).clusters;
        let assigned = assign_points(points, &clusters).expect("factors");
        let criteria = information(&clusters, &assigned, points.total_weight()).expect("mixture");
        assert_eq!(clusters.free_parameters(), Some(fit.parameters), "{name}");
        assert!(near(criteria.bic, fit.bic, 1e-9), "{name}");
        assert!(near(criteria.aic, fit.aic, 1e-9), "{name}");
    }
}

#[test]
fn mclust_at_the_optimum_from_the_same_classes() {
    let values = data();
    let points = Points::new(&values, 3);
    let reference: Reference = serde_json::from_str(SKLEARN).expect("the script's own file");
    let mut rows = 0;
    for line in MCLUST.lines().filter(|line| !line.starts_with('#')).skip(1) {
        rows += 1;
        let cells: Vec<&str> = line.split(',').collect();
        let number = |at: usize| -> f64 { cells[at].parse().expect("a number") };
        let (covariance, noise) = (shape(cells[0]), cells[2] == "TRUE");
        let params = EmParams {
            max_iterations: 100_000,
            tolerance: 1e-15,
            covariance_floor: 1e-12,
            covariance,
            noise,
        };
        let mut mixture = reference.fits[cells[0]].start.mixture(covariance);
        if noise {
            let whole = Whole::new(points).noise(params.covariance_floor);
            mixture.weights.iter_mut().for_each(|weight| *weight *= 0.9);
            mixture.noise = Some(Noise { weight: 0.1, ..whole });
        }
        let run = em(points, mixture, params);
        let found = run.mixture.noise.map_or(0.0, |noise| noise.weight);
        assert!((found - number(6)).abs() < 1e-5, "{line}: {found}");
        assert!(near(run.log_likelihood, number(4), 1e-6), "{line}: {}", run.log_likelihood);
        let clusters = of_mixture(run).clusters;
        let assigned = assign_points(points, &clusters).expect("factors");
        let criteria = information(&clusters, &assigned, points.total_weight()).expect("mixture");
        assert_eq!(clusters.free_parameters(), cells[3].parse().ok(), "{line}");
        // mclust's criterion has the opposite sign.
        assert!(near(-criteria.bic, number(5), 1e-6), "{line}: {}", criteria.bic);
    }
    assert_eq!(rows, 8);
}
