//! The instruction set, chosen when the program runs: an ordinary build is as fast as the machine.
//!
//! A kernel is an `#[inline(always)]` function called through `fearless_simd::dispatch!` with
//! [`level`]; its loops are compiled for AVX-512, for AVX2 with FMA and for the target's baseline,
//! as far as what they call is `#[inline(always)]` too, and the machine takes the first it has.
//!
//! The same bytes on every machine: a sum has lanes of a fixed number, whatever the registers hold,
//! and where a product is added, either [`f64::mul_add`] is written (one rounding everywhere; slow
//! on processors without FMA) or both operations are (two roundings everywhere). The compiler never
//! replaces one by the other. Vector types whose width or rounding follows the machine may only
//! decide what work is skipped, never a figure.

use fearless_simd::Level;

/// The best instruction set of this machine; detected once.
#[inline]
pub(crate) fn level() -> Level {
    Level::new()
}
