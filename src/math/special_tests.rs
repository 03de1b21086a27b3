//! Special functions against mpmath, their derivatives, and their range.

use super::*;

/// Lines `function,a,b,value`: scripts/reference_special.py, mpmath, 40 digits.
const REFERENCE: &str = include_str!("../../tests/reference/special.csv");

#[test]
fn every_function_agrees_with_mpmath() {
    let mut checked = 0;
    for line in REFERENCE.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |i: usize| cells[i].parse::<f64>().unwrap();
        let (a, b, expected) = (number(1), number(2), number(3));
        // Where the value is a sum of larger terms of both signs, these bound its accuracy.
        let (found, tolerance) = match cells[0] {
            "ln_gamma" => (ln_gamma(a), 1e-14 * expected.abs()),
            "digamma" => (digamma(a), 1e-14 * expected.abs() + 1e-15),
            "ln_rising" => (ln_rising(a, b), 1e-14 * expected.abs() + 1e-15),
            "digamma_rising" => (digamma_rising(a, b), 1e-14 * expected.abs() + 1e-15),
            "ln_beta" => (ln_beta(a, b), 1e-14 * expected.abs() + 1e-14),
            "scaled_exp_integral" => (scaled_exp_integral(a, b), 1e-13 * expected.abs()),
            other => panic!("unknown function {other}"),
        };
        assert!((found - expected).abs() <= tolerance, "{line}: {found}");
        checked += 1;
    }
    assert!(checked > 500);
}

#[test]
fn the_derivatives_are_those_of_the_functions() {
    for a in [0.3, 1.0, 4.2, 9.99, 10.01, 77.0] {
        let h = 1e-5 * a;
        let slope = (ln_gamma(a + h) - ln_gamma(a - h)) / (2.0 * h);
        assert!((slope - digamma(a)).abs() < 1e-8 * (1.0 + slope.abs()), "{a}");
        for x in [3.0, 60.0] {
            let slope = (ln_rising(a + h, x) - ln_rising(a - h, x)) / (2.0 * h);
            assert!((slope - digamma_rising(a, x)).abs() < 1e-8 * (1.0 + slope.abs()), "{a} {x}");
        }
    }
}

#[test]
fn outside_the_range_is_nan_and_limits_are_kept() {
    for bad in [0.0, -1.0, f64::NAN] {
        assert!(ln_gamma(bad).is_nan() && digamma(bad).is_nan());
        assert!(ln_rising(bad, 1.0).is_nan() && digamma_rising(bad, 1.0).is_nan());
        assert!(ln_beta(bad, 1.0).is_nan() && ln_beta(1.0, bad).is_nan());
        assert!(scaled_exp_integral(bad, 1.0).is_nan());
    }
    assert!(ln_rising(1.0, -1.0).is_nan() && scaled_exp_integral(1.0, -1e-9).is_nan());
    assert_eq!((ln_gamma(1.0), ln_gamma(2.0)), (0.0, 0.0));
    assert_eq!(scaled_exp_integral(3.0, 0.0), 0.5);
    assert_eq!(scaled_exp_integral(1.0, 0.0), f64::INFINITY);
    assert_eq!(ln_gamma(f64::INFINITY), f64::INFINITY);
}
