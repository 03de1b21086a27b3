//! exp and ln of eight numbers at a time, to the same bits on every machine.
//!
//! The library functions of the platform are neither: one number at a time, and other digits with
//! another C library. Both take an argument to a narrow interval by a power of two and evaluate a
//! polynomial there; the error is below 1 unit in the last place (the tests hold them to 2 against
//! the library's). Not for arguments outside the stated ranges.

use fearless_simd::prelude::*;
use fearless_simd::{dispatch, f64x8, u64x8};

use crate::cluster::kernel::level;

/// Below this the exponential counts as 0: the last argument whose result is a normal number is
/// about -708.4.
pub(crate) const LOWEST: f64 = -708.0;

/// 1.5 x 2^52: a number below 2^51 added to it is rounded to a whole one, which stands in the last
/// bits of the sum.
const SHIFT: f64 = 6_755_399_441_055_744.0;
/// ln 2 and what its 53 bits leave out.
const LN_2: f64 = std::f64::consts::LN_2;
const LN_2_REST: f64 = 2.319_046_813_846_299_6e-17;
/// (e^r - 1 - r) / r² for |r| up to ln(2)/2, interpolated at the Chebyshev points of degree 9;
/// relative error of e^r below 2e-17.
const EXP: [f64; 10] = [
    0.500_000_000_000_000_1,
    0.166_666_666_666_666_69,
    0.041_666_666_666_624_13,
    0.008_333_333_333_330_062,
    0.001_388_888_891_721_371_7,
    0.000_198_412_698_630_536_18,
    2.480_152_129_595_437_6e-5,
    2.755_726_845_999_706_4e-6,
    2.762_008_844_540_974_6e-7,
    2.510_038_549_551_032e-8,
];
/// Coefficients of s², s⁴, ... in (ln(1+f) - 2 s) / s with s = f / (2 + f): FreeBSD's e_log.c, after
/// Remez; error below 2^-58.45.
const LN: [f64; 7] = [
    0.666_666_666_666_673_5,
    0.399_999_999_994_094_2,
    0.285_714_287_436_623_9,
    0.222_221_984_321_497_84,
    0.181_835_721_616_180_5,
    0.153_138_376_992_093_73,
    0.147_981_986_051_165_86,
];
/// Bits of the square root of one half.
const ROOT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
/// Bits of 1.
const ONE: u64 = 0x3ff0_0000_0000_0000;
/// Bits of 2^52, whose last bits hold a whole number added to it.
const WHOLE: u64 = 0x4330_0000_0000_0000;

/// e^x for x from minus infinity to 0; 0 below [`LOWEST`].
#[inline(always)]
pub(crate) fn exp<S: Simd>(simd: S, x: f64x8<S>) -> f64x8<S> {
    let shifted = x.mul_add_precise(std::f64::consts::LOG2_E, SHIFT);
    let whole = shifted - SHIFT;
    let rest = whole.mul_add_precise(-LN_2, x);
    let rest = whole.mul_add_precise(-LN_2_REST, rest);
    let mut sum = f64x8::splat(simd, EXP[9]);
    for coefficient in EXP[..9].iter().rev() {
        sum = sum.mul_add_precise(rest, *coefficient);
    }
    let tail = (rest * rest).mul_add_precise(sum, rest);
    let bits: u64x8<S> = shifted.bitcast();
    let power: f64x8<S> = ((bits + 1023) << 52).bitcast();
    let value = (tail + 1.0) * power;
    x.simd_lt(LOWEST).select(f64x8::splat(simd, 0.0), value)
}

/// ln x for positive normal x.
#[inline(always)]
pub(crate) fn ln<S: Simd>(simd: S, x: f64x8<S>) -> f64x8<S> {
    // x = 2^e m with m from sqrt(1/2) to sqrt(2); e is held with 1023 added to it.
    let bits: u64x8<S> = x.bitcast();
    let exponent = (bits + (ONE - ROOT_HALF)) >> 52;
    let mantissa: f64x8<S> = (bits + ONE - (exponent << 52)).bitcast();
    let floating: f64x8<S> = (exponent | WHOLE).bitcast();
    let e = floating - (f64::from_bits(WHOLE) + 1023.0);
    let f = mantissa - 1.0;
    let s = f / (f + 2.0);
    let z = s * s;
    let mut sum = f64x8::splat(simd, LN[6]);
    for coefficient in LN[..6].iter().rev() {
        sum = sum.mul_add_precise(z, *coefficient);
    }
    let half_square = f * f * 0.5;
    // ln(1+f) = f - (f²/2 - s (f²/2 + R)), with the small part of e ln 2 added before the large.
    let small = s * z.mul_add_precise(sum, half_square);
    let small = e.mul_add_precise(LN_2_REST, small);
    e.mul_add_precise(LN_2, f - (half_square - small))
}

/// [`ln`] of one number.
pub(crate) fn ln_of(x: f64) -> f64 {
    dispatch!(level(), simd => ln(simd, f64x8::splat(simd, x))[0])
}

#[cfg(test)]
mod tests {
    use fearless_simd::Level;
    use proptest::prelude::*;

    use super::*;

    /// Distance in units in the last place of the expected value.
    fn ulps(found: f64, expected: f64) -> f64 {
        let unit = f64::from_bits(expected.abs().to_bits() + 1) - expected.abs();
        (found - expected).abs() / unit
    }

    fn exp_of(x: f64) -> f64 {
        dispatch!(level(), simd => exp(simd, f64x8::splat(simd, x))[0])
    }

    #[test]
    fn special_arguments() {
        assert_eq!((exp_of(0.0), exp_of(-0.0), exp_of(f64::NEG_INFINITY)), (1.0, 1.0, 0.0));
        assert_eq!((exp_of(-708.1), exp_of(-1e300), exp_of(f64::MIN)), (0.0, 0.0, 0.0));
        assert!(ulps(exp_of(LOWEST), LOWEST.exp()) <= 2.0);
        assert_eq!(ln_of(1.0), 0.0);
        for x in [f64::MIN_POSITIVE, 0.7, 0.71, 1.41, 1.42, f64::MAX, 1.0 + f64::EPSILON] {
            assert!(ulps(ln_of(x), x.ln()) <= 2.0, "{x}");
        }
    }

    #[test]
    fn all_levels_give_the_same_bits() {
        let arguments: Vec<[f64; 8]> = (0..2_000)
            .map(|i| std::array::from_fn(|lane| f64::from(8 * i + lane as i32) * -0.0443))
            .collect();
        let bits = |level: Level| -> Vec<u64> {
            let of = |x: &[f64; 8]| -> [f64; 16] {
                dispatch!(level, simd => {
                    let value = exp(simd, f64x8::simd_from(simd, *x));
                    let log = ln(simd, 1.5 - f64x8::simd_from(simd, *x));
                    std::array::from_fn(|at| if at < 8 { value[at] } else { log[at - 8] })
                })
            };
            arguments.iter().flat_map(of).map(f64::to_bits).collect()
        };
        assert_eq!(bits(level()), bits(Level::baseline()));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn within_two_units_of_the_library(x in -708.0f64..0.0, scale in -40i32..1, y in 1e-300f64..1e300, near in 0.5f64..2.0) {
            let small = x * 2f64.powi(scale);
            prop_assert!(ulps(exp_of(x), x.exp()) <= 2.0, "exp {}", x);
            prop_assert!(ulps(exp_of(small), small.exp()) <= 2.0, "exp {}", small);
            prop_assert!(ulps(ln_of(y), y.ln()) <= 2.0, "ln {}", y);
            prop_assert!(ulps(ln_of(near), near.ln()) <= 2.0, "ln {}", near);
        }
    }
}
