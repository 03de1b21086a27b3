//! Quantile regression against scipy, its own optimality conditions, and known laws.

use super::super::draws::{normal, normal_quantile, uniform};
use super::*;

/// 200 rows of three columns without randomness, as in the Python that made the figures below.
fn waves() -> (Vec<f64>, Vec<f64>) {
    let (mut x, mut y) = (Vec::new(), Vec::new());
    for i in 0..200_u32 {
        let at = f64::from(i);
        let (a, b) = (at.sin(), (2.0 * at).cos() * at / 50.0);
        x.extend([1.0, a, b]);
        y.push(3.0 + a - 2.0 * b + f64::from(i * 37 % 101) / 20.0 * (1.0 + a * a));
    }
    (x, y)
}

/// scipy 1.x `linprog(method="highs-ds")` on the linear programme of Koenker and Bassett, with
/// feasibility tolerances of 1e-10: coefficients and the sum of losses.
#[test]
fn as_scipy_linprog() {
    let (x, y) = waves();
    for (tau, coefficients, loss) in [
        (
            0.5,
            [6.858_043_273_016_487, 0.793_213_492_329_840_5, -2.427_514_450_095_932],
            192.254_212_827_254_2,
        ),
        (
            0.9,
            [9.867_255_690_445_807, 0.838_773_071_345_334_6, -2.869_040_237_184_236_3],
            76.409_047_972_837_84,
        ),
        (
            0.95,
            [10.348_823_220_921_27, 0.858_083_095_332_573_3, -2.999_449_031_564_364],
            42.866_825_416_460_46,
        ),
    ] {
        let fit = quantile_regression(&x, 3, &y, tau).unwrap();
        assert!(fit.converged && fit.columns == [0, 1, 2]);
        assert!((fit.loss - loss).abs() < 1e-9, "{tau}: {}", fit.loss);
        assert!(fit.gap.abs() < 1e-9, "{tau}: {}", fit.gap);
        for (found, expected) in fit.coefficients.iter().zip(coefficients) {
            assert!((found - expected).abs() < 1e-9, "{tau}: {:?}", fit.coefficients);
        }
    }
}

/// Ten points by hand; the losses and lines are those of scipy as above, on whole numbers: the
/// line of 0.8 passes (2, 5) and (9, 14), that of 0.9 (2, 5) and (5, 9).
#[test]
fn ten_points() {
    let points = [(1, 2), (2, 3), (2, 5), (3, 4), (4, 6), (5, 5), (5, 9), (6, 8), (8, 9), (9, 14)];
    let x: Vec<f64> = points.iter().flat_map(|&(x, _)| [1.0, f64::from(x)]).collect();
    let y: Vec<f64> = points.iter().map(|&(_, y)| f64::from(y)).collect();
    for (tau, line, loss) in [
        (0.5, [0.8, 1.2], 5.3),
        (0.8, [17.0 / 7.0, 9.0 / 7.0], 25.0 / 7.0),
        (0.9, [7.0 / 3.0, 4.0 / 3.0], 11.0 / 6.0),
    ] {
        let fit = quantile_regression(&x, 2, &y, tau).unwrap();
        assert!((fit.loss - loss).abs() < 1e-12, "{tau}: {}", fit.loss);
        for (found, expected) in fit.coefficients.iter().zip(line) {
            assert!((found - expected).abs() < 1e-12, "{tau}: {:?}", fit.coefficients);
        }
    }
}

/// Koenker (2005), theorem 2.1: no direction leads downhill. Along each of many directions d the
/// one-sided derivative of the loss is sum over rows of -d.x psi(r), with the worse of both signs
/// where the residual is 0.
#[test]
fn no_direction_leads_downhill() {
    for (seed, n, p, tau) in [(1, 60, 2, 0.9), (2, 500, 6, 0.75), (3, 2_000, 4, 0.95)] {
        let x: Vec<f64> =
            (0..n * p).map(|i| if i % p == 0 { 1.0 } else { normal(seed, i) }).collect();
        let y: Vec<f64> = (0..n)
            .map(|i| x[i * p + 1] + normal(seed + 100, i) * (0.5 + uniform(seed + 200, i)))
            .collect();
        let fit = quantile_regression(&x, p, &y, tau).unwrap();
        assert!(fit.converged && fit.gap.abs() <= 1e-10 * fit.loss, "{fit:?}");
        let residuals: Vec<f64> =
            x.chunks_exact(p).zip(&y).map(|(row, y)| y - dot(row, &fit.coefficients)).collect();
        let zero = |r: f64| r.abs() < 1e-9;
        assert_eq!(residuals.iter().filter(|r| zero(**r)).count(), p);
        for try_ in 0..400 {
            let d: Vec<f64> = (0..p).map(|j| normal(seed + 300, try_ * p + j)).collect();
            let slope: f64 = x
                .chunks_exact(p)
                .zip(&residuals)
                .map(|(row, &r)| {
                    let by = -dot(row, &d);
                    let positive = if zero(r) { by > 0.0 } else { r > 0.0 };
                    by * if positive { tau } else { tau - 1.0 }
                })
                .sum();
            assert!(slope >= -1e-9 * n as f64, "{seed} {try_}: {slope}");
        }
        // With a constant among the columns: at most tau n below, at least tau n not above.
        let below = residuals.iter().filter(|r| **r < -1e-9).count() as f64;
        assert!(below <= tau * n as f64 && below + p as f64 >= tau * n as f64);
    }
}

/// Two groups and whole numbers with many ties: the fit is each group's own quantile.
#[test]
fn degenerate_data_give_the_quantile_of_each_group() {
    let n = 997;
    let group = |i: usize| usize::from(i.is_multiple_of(3));
    let x: Vec<f64> = (0..n).flat_map(|i| [1.0, group(i) as f64]).collect();
    let y: Vec<f64> =
        (0..n).map(|i| (uniform(5, i) * 6.0).floor() + 10.0 * group(i) as f64).collect();
    for tau in [0.5, 0.8, 0.9] {
        let fit = quantile_regression(&x, 2, &y, tau).unwrap();
        let best: f64 = (0..2)
            .map(|of| {
                let mut values: Vec<f64> =
                    (0..n).filter(|&i| group(i) == of).map(|i| y[i]).collect();
                values.sort_by(f64::total_cmp);
                let q = values[(values.len() as f64 * tau).ceil() as usize - 1];
                values.iter().map(|&y| pinball(tau, y, q)).sum::<f64>()
            })
            .sum();
        assert!(fit.converged, "{tau}");
        assert!((fit.loss - best).abs() < 1e-8, "{tau}: {} {best}", fit.loss);
        assert!(fit.gap.abs() < 1e-8, "{tau}: {}", fit.gap);
    }
    // All the same.
    let fit = quantile_regression(&x, 2, &vec![4.0; n], 0.9).unwrap();
    assert!(fit.loss.abs() < 1e-9 && (fit.coefficients[0] - 4.0).abs() < 1e-9);
}

/// Small whole numbers, where ties abound: the minimum over every line through two points, of
/// which one is a solution (Koenker 2005, theorem 2.1).
#[test]
fn exactly_as_by_trying_every_basis() {
    for case in 0..500 {
        let n = 3 + case % 9;
        let whole = |seed: u64, i: usize| (uniform(seed, 100 * case + i) * 5.0).floor();
        let x: Vec<f64> = (0..n).flat_map(|i| [1.0, whole(1, i)]).collect();
        let y: Vec<f64> = (0..n).map(|i| whole(2, i)).collect();
        let tau = [0.3, 0.5, 0.75, 0.9][case % 4];
        let loss = |a: f64, b: f64| -> f64 {
            (0..n).map(|i| pinball(tau, y[i], a + b * x[2 * i + 1])).sum()
        };
        let mut best = f64::INFINITY;
        for i in 0..n {
            for j in 0..n {
                let run = x[2 * j + 1] - x[2 * i + 1];
                let b = if run == 0.0 { 0.0 } else { (y[j] - y[i]) / run };
                best = best.min(loss(y[i] - b * x[2 * i + 1], b));
            }
        }
        let fit = quantile_regression(&x, 2, &y, tau).unwrap();
        assert!(fit.converged && (fit.loss - best).abs() < 1e-7, "{case}: {fit:?} {best}");
        assert!(fit.gap.abs() < 1e-7, "{case}: {fit:?}");
    }
}

/// Large enough for three levels of subsets. y = 1 + 2 a - b + (0.5 + 0.5 u) e with e normal:
/// its 0.9-quantile is 1 + 2 a - b + (0.5 + 0.5 u) 1.2816.
#[test]
fn recovers_a_known_line_from_many_rows() {
    let n = 30_000;
    let x: Vec<f64> = (0..n)
        .flat_map(|i| [1.0, normal(1, i), f64::from(u8::from(uniform(2, i) < 0.2)), uniform(3, i)])
        .collect();
    let y: Vec<f64> = x
        .chunks_exact(4)
        .enumerate()
        .map(|(i, row)| 1.0 + 2.0 * row[1] - row[2] + (0.5 + 0.5 * row[3]) * normal(4, i))
        .collect();
    let fit = quantile_regression(&x, 4, &y, 0.9).unwrap();
    assert!(fit.converged && fit.gap.abs() <= 1e-10 * fit.loss, "{} of {}", fit.gap, fit.loss);
    let z = normal_quantile(0.9);
    // Standard errors are about 0.02 (constant), 0.01, 0.02, 0.03.
    for ((found, expected), tolerance) in fit
        .coefficients
        .iter()
        .zip([1.0 + 0.5 * z, 2.0, -1.0, 0.5 * z])
        .zip([0.06, 0.03, 0.08, 0.1])
    {
        assert!((found - expected).abs() < tolerance, "{:?}", fit.coefficients);
    }
    assert!(fit.pivots < 200, "{} steps on all rows", fit.pivots);
}

/// Koenker and Bassett (1978), theorem 3.2: moves and stretches of y go through.
#[test]
fn equivariant() {
    let (x, y) = waves();
    let fit = |y: &[f64]| quantile_regression(&x, 3, y, 0.9).unwrap();
    let (plain, by) = (fit(&y), 1e6);
    let stretched = fit(&y.iter().map(|y| by * y).collect::<Vec<f64>>());
    let moved: Vec<f64> =
        y.iter().zip(x.chunks_exact(3)).map(|(y, row)| y + 5.0 * row[1] - 1.0).collect();
    let moved = fit(&moved);
    for (j, shift) in [-1.0, 5.0, 0.0].into_iter().enumerate() {
        let coefficient = plain.coefficients[j];
        assert!((stretched.coefficients[j] - by * coefficient).abs() < 1e-9 * by);
        assert!((moved.coefficients[j] - (coefficient + shift)).abs() < 1e-9);
    }
}

#[test]
fn determined_columns_get_no_coefficient() {
    let (x, y) = waves();
    let doubled: Vec<f64> =
        x.chunks_exact(3).flat_map(|row| [row[0], row[1], 3.0 * row[1] - row[0], row[2]]).collect();
    let fit = quantile_regression(&doubled, 4, &y, 0.9).unwrap();
    assert_eq!(fit.columns, [0, 1, 3]);
    assert_eq!(fit.coefficients[2], 0.0);
    assert!((fit.loss - 76.409_047_972_837_84).abs() < 1e-9);
}

#[test]
fn faults_are_named() {
    let fault = |x: &[f64], p, y: &[f64], tau| quantile_regression(x, p, y, tau).unwrap_err();
    assert!(matches!(fault(&[1.0], 1, &[1.0], 1.0), WalletError::Quantile { .. }));
    assert!(matches!(fault(&[1.0], 2, &[1.0], 0.5), WalletError::Lengths { .. }));
    assert!(matches!(fault(&[1.0, f64::NAN], 1, &[1.0; 2], 0.5), WalletError::Row { row: 2, .. }));
    assert_eq!(fault(&[0.0; 2], 1, &[1.0; 2], 0.5), WalletError::NoColumn);
    assert_eq!(fault(&[], 0, &[], 0.5), WalletError::NoColumn);
    // A single row is its own quantile.
    assert_eq!(quantile_regression(&[2.0], 1, &[3.0], 0.9).unwrap().coefficients, [1.5]);
}
