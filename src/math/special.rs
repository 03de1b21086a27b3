//! Positive arguments -> logarithms of gamma and beta functions, digamma, rising factorials and
//! the exponential integral, to nearly all digits of an f64.
//!
//! Own code where `statrs` would do in part: its `ln_gamma` has 1e-15 in absolute terms, which
//! near 1 and 2 is no digit at all, and differences such as ln G(a + x) - ln G(a), of which the
//! likelihoods here consist, lose all digits for large `a` when taken as differences.
//! Series: Abramowitz and Stegun, chapters 5 and 6; NIST DLMF, chapters 5 and 8. Every function
//! gives NaN outside its range.

/// 1 - Euler's constant (mpmath, to an f64).
const ONE_MINUS_EULER: f64 = 0.422_784_335_098_467_13;

/// ln(2 pi) / 2 (mpmath, to an f64).
const HALF_LN_TWO_PI: f64 = 0.918_938_533_204_672_8;

/// (-1)^k (zeta(k) - 1) / k, k = 2, 3, ...: DLMF 5.7.3 (mpmath, to an f64).
const AT_TWO: [f64; 28] = [
    0.322_467_033_424_113_2,
    -0.067_352_301_053_198_1,
    0.020_580_808_427_784_546,
    -0.007_385_551_028_673_986,
    0.002_890_510_330_741_523_4,
    -0.001_192_753_911_703_261,
    0.000_509_669_524_743_042_5,
    -0.000_223_154_758_453_579_39,
    9.945_751_278_180_853e-5,
    -4.492_623_673_813_314e-5,
    2.050_721_277_567_069e-5,
    -9.439_488_275_268_397e-6,
    4.374_866_789_907_488e-6,
    -2.039_215_753_801_366e-6,
    9.551_412_130_407_42e-7,
    -4.492_469_198_764_566e-7,
    2.120_718_480_555_466_5e-7,
    -1.004_322_482_396_809_9e-7,
    4.769_810_169_363_980_4e-8,
    -2.271_109_460_894_316_4e-8,
    1.083_865_921_489_695_5e-8,
    -5.183_475_041_970_047e-9,
    2.483_674_543_802_478_5e-9,
    -1.192_140_140_586_091_2e-9,
    5.731_367_241_678_862e-10,
    -2.759_522_885_124_233_4e-10,
    1.330_476_437_424_449e-10,
    -6.422_964_563_838_1e-11,
];

/// From here on the asymptotic series hold to the last digit.
const LARGE: f64 = 10.0;

/// Rising factorials of up to so many factors are multiplied out.
const FACTORS: f64 = 32.0;

/// ln G(a) for a > 0. Relative error below 1e-14, near the zeros at 1 and 2 as well.
pub fn ln_gamma(a: f64) -> f64 {
    if a.is_nan() || a <= 0.0 {
        return f64::NAN;
    }
    if a == f64::INFINITY {
        return a;
    }
    if a >= LARGE {
        return (a - 0.5) * (a.ln() - 1.0) - 0.5 + HALF_LN_TWO_PI + stirling_rest(a);
    }
    if a < 0.5 {
        return ln_gamma_at_two(a) - a.ln_1p() - a.ln();
    }
    if a < 1.5 {
        return ln_gamma_at_two(a - 1.0) - (a - 1.0).ln_1p();
    }
    let (mut a, mut product) = (a, 1.0);
    while a > 2.5 {
        a -= 1.0;
        product *= a;
    }
    ln_gamma_at_two(a - 2.0) + product.ln()
}

/// ln G(2 + d) for |d| <= 1/2: DLMF 5.7.3.
fn ln_gamma_at_two(d: f64) -> f64 {
    d * (ONE_MINUS_EULER + d * AT_TWO.iter().rev().fold(0.0, |sum, c| sum * d + c))
}

/// ln G(a) less Stirling's (a - 1/2) ln a - a + ln(2 pi) / 2, for a >= 10 (DLMF 5.11.1).
fn stirling_rest(a: f64) -> f64 {
    const TERMS: [f64; 8] = [
        1.0 / 12.0,
        -1.0 / 360.0,
        1.0 / 1260.0,
        -1.0 / 1680.0,
        1.0 / 1188.0,
        -691.0 / 360_360.0,
        1.0 / 156.0,
        -3617.0 / 122_400.0,
    ];
    let y = 1.0 / (a * a);
    TERMS.iter().rev().fold(0.0, |sum, c| sum * y + c) / a
}

/// The derivative of [`ln_gamma`] for a > 0; relative error below 1e-14 but for the digits lost
/// near its zero at 1.4616 (absolute error there below 1e-15).
pub fn digamma(a: f64) -> f64 {
    if a.is_nan() || a <= 0.0 {
        return f64::NAN;
    }
    if a == f64::INFINITY {
        return a;
    }
    let (mut a, mut sum) = (a, 0.0);
    while a < LARGE {
        sum += 1.0 / a;
        a += 1.0;
    }
    a.ln() - digamma_rest(a) - sum
}

/// ln a - digamma(a) for a >= 10 (DLMF 5.11.2).
fn digamma_rest(a: f64) -> f64 {
    const TERMS: [f64; 8] = [
        1.0 / 12.0,
        -1.0 / 120.0,
        1.0 / 252.0,
        -1.0 / 240.0,
        1.0 / 132.0,
        -691.0 / 32_760.0,
        1.0 / 12.0,
        -3617.0 / 8160.0,
    ];
    let y = 1.0 / (a * a);
    0.5 / a + y * TERMS.iter().rev().fold(0.0, |sum, c| sum * y + c)
}

/// ln(G(a + x) / G(a)) for a > 0 and x >= 0: the rising factorial, without the loss of digits of
/// a difference where `a` is large.
pub fn ln_rising(a: f64, x: f64) -> f64 {
    if !(a > 0.0 && x >= 0.0) {
        return f64::NAN;
    }
    if a >= LARGE {
        return (a - 0.5) * (x / a).ln_1p()
            + x * ((a + x).ln() - 1.0)
            + (stirling_rest(a + x) - stirling_rest(a));
    }
    if x <= FACTORS && x.fract() == 0.0 {
        return (0..x as u32).fold(1.0, |product, i| product * (a + f64::from(i))).ln();
    }
    ln_gamma(a + x) - ln_gamma(a)
}

/// digamma(a + x) - digamma(a) for a > 0 and x >= 0: the derivative of [`ln_rising`] by `a`.
pub fn digamma_rising(a: f64, x: f64) -> f64 {
    if !(a > 0.0 && x >= 0.0) {
        return f64::NAN;
    }
    if x <= FACTORS && x.fract() == 0.0 {
        return (0..x as u32).map(|i| 1.0 / (a + f64::from(i))).sum();
    }
    if a >= LARGE {
        return (x / a).ln_1p() + (digamma_rest(a) - digamma_rest(a + x));
    }
    digamma(a + x) - digamma(a)
}

/// ln B(a, b) = ln(G(a) G(b) / G(a + b)) for a, b > 0.
pub fn ln_beta(a: f64, b: f64) -> f64 {
    let (a, b) = if a <= b { (a, b) } else { (b, a) };
    if a.is_nan() || b.is_nan() || a <= 0.0 {
        return f64::NAN;
    }
    if a < LARGE {
        return ln_gamma(a) - ln_rising(b, a);
    }
    let rest = stirling_rest(a) + stirling_rest(b) - stirling_rest(a + b);
    HALF_LN_TWO_PI - 0.5 * b.ln() - (a - 0.5) * (b / a).ln_1p() - b * (a / b).ln_1p() + rest
}

/// e^z E_s(z) = integral over w > 0 of e^(-z w) (1 + w)^-s, for order s > 0 and z > 0; at z = 0
/// its limit, 1 / (s - 1) or infinity.
pub fn scaled_exp_integral(order: f64, z: f64) -> f64 {
    let s = order;
    if !(s > 0.0 && s.is_finite() && z >= 0.0) {
        return f64::NAN;
    }
    if z == 0.0 {
        return if s > 1.0 { 1.0 / (s - 1.0) } else { f64::INFINITY };
    }
    if z >= 1.0 || s >= 20.0 {
        return exp_integral_fraction(s, z);
    }
    // Upwards by s E_(s+1)(z) = e^-z - z E_s(z) (DLMF 8.19.12): an error shrinks by z / s.
    let steps = (s - 0.5).floor().max(0.0);
    let lowest = s - steps;
    (0..steps as u32).fold(exp_integral_series(lowest, z), |value, i| {
        (1.0 - z * value) / (lowest + f64::from(i))
    })
}

/// [`scaled_exp_integral`] as a continued fraction (DLMF 8.19.17 contracted, by Lentz's method).
fn exp_integral_fraction(s: f64, z: f64) -> f64 {
    const TERMS: u32 = 500;
    let mut b = z + s;
    let (mut c, mut d) = (1.0 / f64::MIN_POSITIVE, 1.0 / b);
    let mut value = d;
    for i in 1..TERMS {
        let i = f64::from(i);
        let a = -i * (s - 1.0 + i);
        b += 2.0;
        d = 1.0 / (a * d + b);
        c = b + a / c;
        value *= c * d;
        if (c * d - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value
}

/// [`scaled_exp_integral`] for 0 < s < 1.5 and 0 < z < 1 (DLMF 8.19.10 with e = s - 1, the pole
/// of the gamma function at e = 0 taken together with the first term of the series).
fn exp_integral_series(s: f64, z: f64) -> f64 {
    const TERMS: u32 = 30;
    let e = s - 1.0;
    let logarithm = z.ln() + ln_gamma_one_less(e);
    // (1 - G(1 - e) z^e) / e.
    let first = if e == 0.0 { -logarithm } else { -(e * logarithm).exp_m1() / e };
    let (mut power, mut rest) = (1.0, 0.0);
    for k in 1..TERMS {
        let k = f64::from(k);
        power *= -z / k;
        let term = power / (k - e);
        rest -= term;
        if term.abs() < 1e-18 {
            break;
        }
    }
    z.exp() * (first + rest)
}

/// ln G(1 - e) / e for e < 1, Euler's constant at e = 0.
fn ln_gamma_one_less(e: f64) -> f64 {
    if e.abs() > 0.5 {
        return ln_gamma(1.0 - e) / e;
    }
    // As ln_gamma has it near 1, divided by e; ln_1p(-e) / e has no digits to lose.
    let series = AT_TWO.iter().rev().fold(0.0, |sum, c| sum * -e + c);
    let logarithm = if e == 0.0 { 1.0 } else { -(-e).ln_1p() / e };
    logarithm - ONE_MINUS_EULER + e * series
}

#[cfg(test)]
#[path = "special_tests.rs"]
mod tests;
