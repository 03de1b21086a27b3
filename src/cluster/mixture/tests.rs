//! The mixture: the likelihood never falls, outliers stay finite, collapsed components recover.

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use fearless_simd::Level;

use super::expect::expect_with;
use super::*;
use crate::cluster::assign::assign_points;
use crate::cluster::engine::of_mixture;
use crate::cluster::kernel::level;

/// [`best_of`] on rows that nothing else is fitted to.
fn of(points: Points, k: usize, params: EmParams, squared_move: f64, seed: Seed) -> GmmRun {
    best_of(&Prepared::new(points), k, params, squared_move, vec![seed]).expect("one restart")
}

/// `n` rows of `p` about one of `centres` places, roughly normal (twelve uniforms).
fn blobs(n: usize, p: usize, centres: usize, spread: f64, seed: u64) -> Vec<f64> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut values = Vec::with_capacity(n * p);
    for row in 0..n {
        for feature in 0..p {
            let centre = ((row % centres) * (feature + 1) * 3 % 11) as f64;
            let normal: f64 = (0..12).map(|_| rng.r#gen::<f64>()).sum::<f64>() - 6.0;
            values.push(centre + spread * normal);
        }
    }
    values
}

const PARAMS: EmParams = EmParams {
    max_iterations: 200,
    tolerance: 1e-7,
    covariance_floor: 1e-9,
    covariance: Covariance::Full,
    noise: false,
};

#[test]
fn the_log_likelihood_never_falls() {
    for (seed, (n, p, k)) in
        [(300, 1, 2), (500, 2, 4), (5000, 3, 3), (700, 6, 5)].iter().enumerate()
    {
        let values = blobs(*n, *p, 3, 1.5, seed as u64);
        let run = of(Points::new(&values, *p), *k, PARAMS, 1e-6, Seed(seed as u64));
        for pair in run.trace.windows(2) {
            assert!(pair[1] >= pair[0] - 1e-9 * pair[0].abs(), "{n} x {p}, {k}: {pair:?}");
        }
        assert!(run.trace.len() == run.iterations + 1);
    }
}

#[test]
fn one_component_has_the_mean_and_covariance_of_the_rows() {
    // Mean (2, 1); covariance (divisor 4) [[2, 1], [1, 1/2 + 1/2]] by hand below.
    let values = [0.0, 0.0, 2.0, 1.0, 2.0, 1.0, 4.0, 2.0];
    let params = EmParams { covariance_floor: 0.25, ..PARAMS };
    let run = of(Points::new(&values, 2), 1, params, 1e-6, Seed(0));
    assert_eq!(run.mixture.means, [2.0, 1.0]);
    assert_eq!(run.mixture.covariances, [2.25, 1.0, 1.0, 0.75]);
    assert_eq!(run.mixture.weights, [1.0]);
}

#[test]
fn the_log_likelihood_is_that_of_the_formula() {
    let values = blobs(333, 2, 2, 1.0, 9);
    let run = of(Points::new(&values, 2), 2, PARAMS, 1e-6, Seed(2));
    let m = &run.mixture;
    let total: f64 = values
        .chunks_exact(2)
        .map(|row| {
            let parts: Vec<f64> = (0..2)
                .map(|c| {
                    let s = &m.covariances[4 * c..4 * c + 4];
                    let (a, b) = (row[0] - m.means[2 * c], row[1] - m.means[2 * c + 1]);
                    let determinant = s[0] * s[3] - s[1] * s[2];
                    let squared = (s[3] * a * a - 2.0 * s[1] * a * b + s[0] * b * b) / determinant;
                    m.weights[c].ln()
                        - std::f64::consts::TAU.ln()
                        - 0.5 * determinant.ln()
                        - 0.5 * squared
                })
                .collect();
            crate::math::log_sum_exp(&parts)
        })
        .sum();
    assert!((run.log_likelihood - total).abs() < 1e-8 * total.abs(), "{total}");
}

#[test]
fn a_far_outlier_leaves_everything_finite() {
    let mut values = blobs(400, 2, 2, 0.5, 4);
    values[10] = 1e7;
    values[11] = -1e7;
    for k in 1..5 {
        let run = of(Points::new(&values, 2), k, PARAMS, 1e-6, Seed(k as u64));
        assert!(run.log_likelihood.is_finite());
        let all = run.mixture.means.iter().chain(&run.mixture.covariances);
        assert!(all.chain(&run.mixture.weights).all(|value| value.is_finite()));
        assert!((run.mixture.weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}

#[test]
fn a_collapsed_component_starts_anew() {
    let values = blobs(300, 1, 2, 0.3, 6);
    let points = Points::new(&values, 1);
    let mixture = Mixture {
        p: 1,
        weights: vec![0.5, 0.5],
        means: vec![1.0, 1e6],
        covariances: vec![1.0, 1e-6],
        covariance: Covariance::Full,
        noise: None,
    };
    let run = em(points, mixture, PARAMS);
    assert!(run.mixture.means[1].abs() < 20.0 && run.mixture.weights[1] > 0.1, "{:?}", run.mixture);
}

#[test]
fn constant_and_repeated_columns_do_not_fail() {
    let mut values = Vec::new();
    for x in blobs(200, 1, 2, 0.5, 8) {
        values.extend([x, x, 5.0]);
    }
    let run = of(Points::new(&values, 3), 3, PARAMS, 1e-6, Seed(1));
    assert!(run.log_likelihood.is_finite());
    let alike = of(Points::new(&[1.0; 40], 2), 3, PARAMS, 1e-6, Seed(1));
    assert!(alike.log_likelihood.is_finite());
}

#[test]
fn running_out_of_iterations_gives_the_model_with_a_flag() {
    let values = blobs(500, 3, 3, 2.0, 3);
    let params = EmParams { max_iterations: 2, tolerance: 1e-12, ..PARAMS };
    let run = of(Points::new(&values, 3), 4, params, 1e-6, Seed(1));
    assert!(!run.converged && run.iterations == 2 && run.log_likelihood.is_finite());
}

#[test]
fn recovers_the_parts_it_was_drawn_from() {
    // Weights 2/3 and 1/3, means 0 and 8, deviations 1 and 1/2.
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(11);
    let values: Vec<f64> = (0..6000)
        .map(|row| {
            let normal: f64 = (0..12).map(|_| rng.r#gen::<f64>()).sum::<f64>() - 6.0;
            if row % 3 == 0 { 8.0 + 0.5 * normal } else { normal }
        })
        .collect();
    let found = of(Points::new(&values, 1), 2, PARAMS, 1e-6, Seed(1)).mixture;
    let small = usize::from(found.weights[1] < found.weights[0]);
    assert!((found.weights[small] - 1.0 / 3.0).abs() < 0.01);
    assert!((found.means[small] - 8.0).abs() < 0.05 && found.means[1 - small].abs() < 0.06);
    assert!((found.covariances[small] - 0.25).abs() < 0.03);
    assert!((found.covariances[1 - small] - 1.0).abs() < 0.06);
}

#[test]
fn threads_change_no_bit() {
    // Several blocks, and enough rows for them to be shared out.
    let values = blobs(40_100, 3, 4, 1.2, 12);
    let weights: Vec<f64> = (0..40_100).map(|row| 0.5 + f64::from(row % 7)).collect();
    for covariance in
        [Covariance::Full, Covariance::Tied, Covariance::Diagonal, Covariance::Spherical]
    {
        let points = Points::new(&values, 3).weighted(Some(&weights));
        let params =
            EmParams { covariance, noise: true, max_iterations: 4, tolerance: 1e-12, ..PARAMS };
        let of = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            let run =
                pool.expect("threads").install(|| from_centroids(points, &values[..12], params));
            // Text tells apart what == does not, such as 0 and -0.
            format!("{run:?}")
        };
        let alone = of(1);
        for threads in [2, 4, 8] {
            assert!(alone == of(threads), "{covariance:?} on {threads} threads");
        }
    }
}

#[test]
fn noise_takes_up_uniform_clutter() {
    // 900 rows about three places and 100 spread evenly over a box of 60 x 60.
    let mut values = Vec::new();
    for row in blobs(900, 2, 3, 0.7, 21).chunks_exact(2) {
        values.extend([row[0], row[1]]);
    }
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(22);
    values.extend((0..200).map(|_| 60.0 * rng.r#gen::<f64>() - 25.0));
    let points = Points::new(&values, 2);
    let params = EmParams { noise: true, covariance_floor: 1e-6, ..PARAMS };
    // The best of three starts, as a fit makes them.
    let of = |params: EmParams| {
        (4..7)
            .map(|seed| of(points, 3, params, 1e-6, Seed(seed)))
            .max_by(|a, b| a.log_likelihood.total_cmp(&b.log_likelihood))
            .expect("three starts")
    };
    let fitted = of(params);
    let found = fitted.mixture.clone();
    let noise = found.noise.expect("asked for");
    assert!((noise.weight - 0.1).abs() < 0.015, "{noise:?}");
    let plain = of(EmParams { noise: false, ..params }).mixture;
    let widest = |mixture: &Mixture| {
        mixture.covariances.chunks_exact(4).map(|c| c[0].max(c[3])).fold(0.0, f64::max)
    };
    // Deviations of 0.7 are found with the noise and swamped without it.
    assert!(widest(&found) < 0.65 && widest(&plain) > 10.0, "{found:?} {plain:?}");
    let clusters = of_mixture(fitted);
    let shares = assign_points(points, &clusters.clusters).expect("factors").assignments.noise;
    let share = |rows: std::ops::Range<usize>| {
        let count = rows.len() as f64;
        shares[rows].iter().filter(|share| **share > 0.5).count() as f64 / count
    };
    assert!(share(0..900) < 0.02 && share(900..1_000) > 0.9);
}

#[test]
fn instructions_change_no_bit() {
    for (p, covariance, noise) in [
        (5, Covariance::Full, false),
        (8, Covariance::Full, true),
        (3, Covariance::Tied, true),
        (4, Covariance::Diagonal, false),
        (2, Covariance::Spherical, true),
    ] {
        let values = blobs(700, p, 4, 1.2, 30);
        let points = Points::new(&values, p);
        let whole = Whole::new(points);
        let mixture = start(points, &values[..4 * p], &whole, covariance, noise, 1e-3);
        let density = Density::new(&mixture).expect("factors");
        let about = About { means: &mixture.means, origin: &whole.means, covariance };
        let of = |level: Level| format!("{:?}", expect_with(level, points, &density, about, true));
        let best = of(level());
        assert_eq!(best, of(Level::baseline()));
        #[cfg(target_arch = "x86_64")]
        if let Some(avx2) = level().as_avx2() {
            assert_eq!(best, of(Level::Avx2(avx2)));
        }
    }
}

#[test]
fn a_few_far_off_are_noise_rather_than_a_component() {
    // 300 rows about three places and four far away, two of them together.
    let mut values = blobs(300, 2, 3, 0.5, 40);
    values.extend([400.0, -900.0, -800.0, 100.0, -800.0, 101.0, 90.0, 700.0]);
    let points = Points::new(&values, 2);
    for covariance in
        [Covariance::Full, Covariance::Tied, Covariance::Diagonal, Covariance::Spherical]
    {
        let params = EmParams { covariance, noise: true, covariance_floor: 1e-6, ..PARAMS };
        let fitted = of(points, 3, params, 1e-6, Seed(1));
        let assigned = assign_points(points, &of_mixture(fitted).clusters).expect("factors");
        let noise = assigned.assignments.noise;
        assert!(noise[..300].iter().all(|share| *share < 0.01), "{covariance:?}");
        assert!(noise[300..].iter().all(|share| *share > 0.99), "{covariance:?}: {noise:?}");
    }
}

#[test]
fn too_few_rows_for_anybody_to_be_set_aside() {
    let values = [0.0, 1.0, 2.0, 50.0, 51.0, 52.0, 9e3];
    let points = Points::new(&values, 1);
    let params = EmParams { noise: true, covariance_floor: 1e-2, ..PARAMS };
    for k in 1..=7 {
        let found = of(points, k, params, 1e-6, Seed(1));
        assert!(found.log_likelihood.is_finite());
    }
    let centroids = [1.0, 51.0, 9e3];
    assert_eq!(start::without_the_few(points, None, &centroids), Some((0..6).collect()));
    let kept: Vec<usize> = (0..6).collect();
    assert_eq!(start::without_the_few(points, Some(&kept), &[1.0, 51.0]), None);
    // Of four clusters of two each, eight rows would have to be left.
    assert_eq!(start::without_the_few(points, None, &[0.0, 2.0, 51.0, 9e3]), None);
}
