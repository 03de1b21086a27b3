//! The instruction set, chosen when the program runs: an ordinary build is as fast as the machine.
//!
//! [`dispatch`] runs a closure compiled for AVX-512, for AVX2 with FMA, and for the target's
//! baseline; the machine takes the first that it has. Loops inside become vector code only as far
//! as they are inlined into the closure: helpers are `#[inline(always)]`.
//!
//! The same bytes on every machine: a sum has lanes of a fixed number, whatever the registers hold,
//! and where a product is added, either [`f64::mul_add`] is written (one rounding everywhere; slow
//! on processors without FMA) or both operations are (two roundings everywhere). The compiler never
//! replaces one by the other.

/// Runs `work` with the best instruction set of this machine.
#[inline]
pub(crate) fn dispatch<R>(work: impl FnOnce() -> R) -> R {
    pulp::Arch::new().dispatch(work)
}
