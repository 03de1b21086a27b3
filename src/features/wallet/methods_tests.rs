//! Quantile models: coverage of their intervals, and what does not depend on the unit of money.

use super::super::design::{Behaviour, BehaviourValues};
use super::super::draws::{normal, normal_quantile, uniform};
use super::super::heldout::reference;
use super::*;

fn design(own: &[f64], columns: &[Vec<f64>]) -> Design {
    let behaviours: Vec<Behaviour> = columns
        .iter()
        .enumerate()
        .map(|(j, column)| Behaviour {
            name: format!("x{j}"),
            values: BehaviourValues::Number(column.clone()),
        })
        .collect();
    Design::new(own, &behaviours).unwrap()
}

/// ln(spend) = 3 + 0.5 u + (0.3 + 0.6 u) e, u uniform, e normal: spread that grows with u, so
/// that a covariance for equal spreads would be wrong.
fn world(seed: u64, n: usize) -> (Vec<f64>, Vec<f64>) {
    let u: Vec<f64> = (0..n).map(|i| uniform(seed, i)).collect();
    let own = (0..n)
        .map(|i| (3.0 + 0.5 * u[i] + (0.3 + 0.6 * u[i]) * normal(seed + 1_000, i)).exp())
        .collect();
    (u, own)
}

/// Of 400 samples of 600 customers, the 95 % limits hold the true 0.9-quantile in about 95 of
/// 100, at both ends and in the middle of the design.
#[test]
fn limits_of_the_regression_cover() {
    let (samples, n) = (400, 600);
    let mut covered = [0; 3];
    for sample in 0..samples {
        let (u, own) = world(sample * 7 + 1, n);
        let design = design(&own, std::slice::from_ref(&u));
        let all: Vec<usize> = (0..n).collect();
        let fit = Regression::fit(&design, &own, &all, 0.9).unwrap();
        // The customers nearest to u = 0.1, 0.5, 0.9.
        for (covered, at) in covered.iter_mut().zip([0.1, 0.5, 0.9]) {
            let near = |&i: &usize| (u[i] - at).abs();
            let i = (0..n).min_by(|i, j| near(i).total_cmp(&near(j))).unwrap();
            let truth = (3.0 + 0.5 * u[i] + (0.3 + 0.6 * u[i]) * normal_quantile(0.9)).exp();
            let limits = fit.at(design.row(i));
            assert!(limits.low < limits.quantile && limits.quantile < limits.high);
            *covered += usize::from(limits.low <= truth && truth <= limits.high);
        }
    }
    // Standard error of a share of 400: 0.011; the kernel's own bias is of this order.
    for covered in covered {
        let share = covered as f64 / samples as f64;
        assert!((0.91..=0.985).contains(&share), "{share}");
    }
}

/// Where spend does not depend on the point, neighbours are a plain sample: their limits hold the
/// true quantile at 95 % or a little more, as order statistics cannot do it exactly.
#[test]
fn limits_of_neighbours_cover() {
    let (n, k, p) = (4_000, 72, 0.9);
    let truth = normal_quantile(p).exp();
    let (mut covered, mut tried) = (0_u32, 0_u32);
    for sample in 0..12 {
        let u: Vec<f64> = (0..n).map(|i| uniform(sample, i)).collect();
        let own: Vec<f64> = (0..n).map(|i| normal(sample + 50, i).exp()).collect();
        let design = design(&own, std::slice::from_ref(&u));
        let all: Vec<usize> = (0..n).collect();
        let fitted = Neighbours::new(reference(&design, &own, &all), k, p);
        // Points whose neighbourhoods do not overlap.
        let mut order = all.clone();
        order.sort_by(|&i, &j| u[i].total_cmp(&u[j]));
        for i in order.into_iter().skip(k).step_by(2 * k) {
            let limits = fitted.at(design.row(i));
            tried += 1;
            covered += u32::from(limits.low <= truth && truth <= limits.high);
        }
    }
    let share = f64::from(covered) / f64::from(tried);
    // About 330 tries: a standard error of 0.012.
    assert!((0.925..=0.995).contains(&share), "{share} of {tried}");
}

/// Order statistics by hand: ten values, 0.8: the eighth; limits by scipy's binom(10, 0.8):
/// P(B <= 4) = 0.0064, P(B <= 5) = 0.0328, so the fifth (more than Q when at most 4 are not) is the lower
/// limit; the tenth bounds from above with 0.8^10 = 0.107, too much: the largest stands for the missing limit.
#[test]
fn limits_by_hand() {
    let mut spend: Vec<f64> = (1..=10).rev().map(f64::from).collect();
    let limits = limits_of(&mut spend, 0.8);
    assert_eq!((limits.quantile, limits.low, limits.high), (8.0, 5.0, 10.0));
    assert_eq!(limits_of(&mut [], 0.9), Limits { quantile: 0.0, low: 0.0, high: 0.0 });
    assert_eq!(limits_of(&mut [3.0], 0.9).quantile, 3.0);
    assert_eq!((quantile_of(&mut spend, 0.8), quantile_of(&mut [], 0.8)), (8.0, 0.0));
}

/// Spend in dong or in thousands of dong: the same wallets.
#[test]
fn the_unit_of_money_does_not_matter() {
    let (u, mut own) = world(77, 500);
    own.iter_mut().step_by(9).for_each(|own| *own = 0.0);
    let all: Vec<usize> = (0..500).collect();
    let by = 24_000.0;
    let scaled: Vec<f64> = own.iter().map(|own| by * own).collect();
    let first = design(&own, std::slice::from_ref(&u));
    let second = design(&scaled, &[u]);
    let fit = Regression::fit(&first, &own, &all, 0.9).unwrap();
    let of_scaled = Regression::fit(&second, &scaled, &all, 0.9).unwrap();
    for i in (0..500).step_by(13) {
        let (a, b) = (fit.at(first.row(i)), of_scaled.at(second.row(i)));
        for (a, b) in [(a.quantile, b.quantile), (a.low, b.low), (a.high, b.high)] {
            assert!((by * a - b).abs() < 1e-6 * b, "{a} {b}");
        }
    }
}

/// A customer far outside the sample: the line may rise without end, a wallet that nobody has
/// does not.
#[test]
fn predictions_end_at_the_largest_spend() {
    let (u, own) = world(5, 400);
    let design = design(&own, &[u]);
    let all: Vec<usize> = (0..400).collect();
    let fit = Regression::fit(&design, &own, &all, 0.9).unwrap();
    let most = own.iter().copied().fold(0.0, f64::max);
    assert_eq!(fit.at(&[1e3]).quantile, most);
    assert_eq!(fit.at(&[-1e3]).quantile, 0.0);
}

#[test]
fn nobody_has_spent_anything() {
    let own = vec![0.0; 30];
    let design = design(&own, &[(0..30).map(f64::from).collect()]);
    let all: Vec<usize> = (0..30).collect();
    assert!(Regression::fit(&design, &own, &all, 0.9).unwrap_err().contains("nobody"));
}
