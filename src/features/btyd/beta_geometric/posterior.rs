//! Means over the posterior of a living customer -> orders and discounted orders to come.
//!
//! Given that the customer is alive at T, the rate is lambda ~ Gamma(n, beta) with n = r + x and
//! beta = alpha + T, and independent of it the coin is p ~ Beta(a, b) with b raised by the tosses
//! that were survived. The next order is sure to count and each further one if the coin let it, so
//! that with K ~ NB(n, z), z = t / (beta + t), the orders that an unending customer would make,
//!
//! E[orders in t] = sum over j >= 0 of P(K > j) (b)_j / (a + b)_j = E_p[(1 - (1 + p t / beta)^-n) / p]
//!
//! Every term is positive, unlike those of the closed form with 2F1 (Fader, Hardie and Lee 2005,
//! equation 10; Wagner and Hoppe 2008), which is singular at a = 1 and loses all digits near it.

use statrs::function::beta::checked_beta_reg;

use crate::math::{ln_gamma, ln_rising, scaled_exp_integral};

/// Terms of the sum beyond which quadrature costs less.
const TERMS: f64 = 600.0;

/// Ratios of times beyond this are cut to it: their squares must be numbers.
const LARGEST: f64 = 1e140;

/// The posterior of a customer who is alive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Posterior {
    /// Shape of the rate: r + x.
    pub n: f64,
    /// Inverse scale of the rate: alpha + T.
    pub beta: f64,
    /// First parameter of the coin.
    pub a: f64,
    /// Second parameter of the coin, survived tosses included.
    pub b: f64,
}

/// A function of the coin that is to be averaged; falls as p grows.
struct Integrand<F> {
    /// Its value at p > 0.
    at: F,
    /// Value and slope at p = 0 and at p = 1.
    ends: [(f64, f64); 2],
    /// Widest step in the logit of p.
    step: f64,
}

impl Posterior {
    /// E[orders in a time t], alive at its start; none in a time below 0.
    pub fn orders(&self, t: f64) -> f64 {
        if t.is_nan() || t <= 0.0 {
            return if t.is_nan() { t } else { 0.0 };
        }
        if self.summable(t) {
            let mut sum = 0.0;
            self.sum(&[t], std::slice::from_mut(&mut sum));
            return sum;
        }
        self.orders_by_quadrature(t)
    }

    /// [`Posterior::orders`] for each of `ts`, at little more than the cost of the longest.
    pub fn orders_at(&self, ts: &[f64], out: &mut [f64]) {
        if ts.iter().all(|&t| self.summable(t)) {
            return self.sum(ts, out);
        }
        ts.iter().zip(out).for_each(|(&t, out)| *out = self.orders(t));
    }

    /// Whether the sum over K is short, and starts within the range of an f64.
    pub(super) fn summable(&self, t: f64) -> bool {
        let y = t / self.beta;
        t >= 0.0 && self.n * y + 37.0 * (1.0 + y) <= TERMS && self.n * y.ln_1p() < 600.0
    }

    /// The sum over k of P(K = k) W_k, W_k = sum over j < k of (b)_j / (a + b)_j: the sum above
    /// by parts, which needs no difference of probabilities.
    fn sum(&self, ts: &[f64], out: &mut [f64]) {
        const CHECK: u32 = 8;
        let Self { n, beta, a, b } = *self;
        let longest = ts.iter().copied().fold(0.0, f64::max);
        let z = |t: f64| t / (beta + t);
        let highest = z(longest);
        let start = |t: f64| (-n * (t / beta).ln_1p()).exp();
        let mut state: Vec<(f64, f64)> = ts.iter().map(|&t| (start(t), z(t))).collect();
        // The tail of the longest time is relatively the heaviest: it decides when to stop.
        let (mut lead, mut total) = (start(longest), 0.0);
        out.fill(0.0);
        let (mut weight, mut weights) = (1.0, 0.0);
        let mut k = 0.0;
        for round in 1_u32.. {
            let growth = (n + k) / (k + 1.0);
            weights += weight;
            weight *= (b + k) / (a + b + k);
            k += 1.0;
            for ((p, z), out) in state.iter_mut().zip(&mut *out) {
                *p *= *z * growth;
                *out += *p * weights;
            }
            lead *= highest * growth;
            total += lead * weights;
            if round % CHECK == 0 {
                // P(K = k + 1) / P(K = k) from here on is at most this.
                let ratio = highest * growth.max(1.0);
                let rest = ratio / ((1.0 - ratio) * (1.0 - ratio));
                if ratio < 1.0 && lead * weights * rest <= 1e-16 * total || total.is_nan() {
                    break;
                }
            }
        }
    }

    pub(super) fn orders_by_quadrature(&self, t: f64) -> f64 {
        let Self { n, beta, .. } = *self;
        if t == f64::INFINITY {
            return self.orders_ever();
        }
        let y = (t / beta).min(LARGEST);
        let none = (-n * y.ln_1p()).exp();
        self.mean(&Integrand {
            at: |p: f64| -(-n * (p * y).ln_1p()).exp_m1() / p,
            ends: [
                (n * y, -0.5 * n * (n + 1.0) * y * y),
                (1.0 - none, n * y / (1.0 + y) * none - (1.0 - none)),
            ],
            step: 0.3,
        })
    }

    /// E[1 / p]: the orders without end.
    fn orders_ever(&self) -> f64 {
        if self.a > 1.0 { (self.a + self.b - 1.0) / (self.a - 1.0) } else { f64::INFINITY }
    }

    /// E[lambda / (delta + lambda p)]: the orders without end, discounted at `delta`, alive at the
    /// start. NaN for a rate below 0.
    pub fn discounted(&self, delta: f64) -> f64 {
        let Self { n, beta, .. } = *self;
        if delta.is_nan() || delta < 0.0 {
            return f64::NAN;
        }
        if delta == 0.0 {
            return self.orders_ever();
        }
        let c = (beta * delta).max(1.0 / LARGEST);
        let first = n / c;
        let last = n * scaled_exp_integral(n + 1.0, c);
        self.mean(&Integrand {
            // E over lambda of lambda / (lambda + delta / p) = n e^u E_(n+1)(u), u = beta delta / p.
            at: |p: f64| n * scaled_exp_integral(n + 1.0, c / p) / p,
            // n E_(n+1)(u) = e^-u - u E_n(u), and E_(n+1)' = -E_n (DLMF 8.19.12 and 13).
            ends: [(first, -first * (n + 1.0) / c), (last, n * (1.0 - last) - last * (1.0 + c))],
            step: 0.4,
        })
    }

    /// The mean over p: the trapezoid rule in s = logit p, whose error falls exponentially with
    /// the inverse of the step (Trefethen and Weideman 2014). A sum over one of weights, so that
    /// their constant is not needed.
    fn mean<F: Fn(f64) -> f64>(&self, integrand: &Integrand<F>) -> f64 {
        /// Nodes on one side at most.
        const NODES: u32 = 20_000;
        let Self { a, b, .. } = *self;
        let (p_0, q_0) = (a / (a + b), b / (a + b));
        let step = integrand.step.min(0.6 * (1.0 / a + 1.0 / b).sqrt());
        let highest = integrand.ends[0].0;
        let (mut sum, mut weights) = ((integrand.at)(p_0), 1.0);
        for (side, (level, slope)) in integrand.ends.into_iter().enumerate() {
            // Towards p = 0, then towards p = 1: near either end its parameter rules.
            let (near, far, far_0, sign) =
                if side == 0 { (a, b, q_0, -1.0) } else { (b, a, p_0, 1.0) };
            let bend = slope.abs() / level + a + b + 1.0;
            for k in 1..=NODES {
                let distance = step * f64::from(k);
                let ratio = distance.exp();
                // u = e^s or e^-s; p or 1 - p is u / (1 + u).
                let u = near / far / ratio;
                let p = if side == 0 { u / (1.0 + u) } else { 1.0 / (1.0 + u) };
                // ln(p^a (1 - p)^b) less the same at p_0.
                let logarithm = far * distance - (a + b) * (far_0 * (ratio - 1.0)).ln_1p();
                let weight = logarithm.exp();
                sum += weight * (integrand.at)(p);
                weights += weight;
                // From here on the weights fall at least as fast as a geometric series of this rate.
                let rate = sign * ((a + b) * p - a);
                if rate <= 0.0 {
                    continue;
                }
                let rest = weight / (rate * step);
                let least = (1e-13 * weights).min(1e-13 * sum / highest);
                if rest <= least {
                    break;
                }
                // Near the end: u^near (1 - (a + b) u) (level + slope u), two geometric series.
                if bend * u < 0.01 && rest * (bend * u).powi(2) <= least {
                    let slope = -sign * slope;
                    let first = 1.0 / (near * step).exp_m1();
                    let second = u / ((near + 1.0) * step).exp_m1();
                    let bent = first + (a + b) * (u * first - second);
                    weights += weight * bent;
                    sum += weight * (level * bent + slope * second);
                    break;
                }
            }
        }
        sum / weights
    }
}

/// P(K = k) and P(K >= k) for K ~ NB(n, z), z = y / (1 + y): the orders in a time y / rate scale of
/// a customer who never stops.
pub(super) fn negative_binomial(n: f64, y: f64, k: u32) -> (f64, f64) {
    /// Terms of a sum that is worth its digits; beyond, the incomplete beta function.
    const MOST: f64 = 1e5;
    let whole = f64::from(k);
    if y.is_nan() || y <= 0.0 {
        let none = if y.is_nan() { y } else { f64::from(u8::from(k == 0)) };
        return (none, none);
    }
    let z = y / (1.0 + y);
    let ln_none = -n * y.ln_1p();
    let exactly = (ln_rising(n, whole) - ln_gamma(whole + 1.0) + whole * z.ln() + ln_none).exp();
    if k == 0 {
        return (exactly, 1.0);
    }
    if whole > n * y {
        // Beyond the mean: the terms from k on, each at most `z` or (n + k) / (k + 1) z of the last.
        let (mut term, mut sum, mut j) = (exactly, 0.0, whole);
        while term > 1e-17 * sum && j < whole + MOST {
            sum += term;
            term *= z * (n + j) / (j + 1.0);
            j += 1.0;
        }
        if j < whole + MOST {
            return (exactly, sum);
        }
    } else if whole < MOST && ln_none > -700.0 {
        let (mut term, mut sum) = (ln_none.exp(), 0.0);
        for j in 0..k {
            let j = f64::from(j);
            sum += term;
            term *= z * (n + j) / (j + 1.0);
        }
        return (exactly, (1.0 - sum).max(0.0));
    }
    (exactly, checked_beta_reg(whole, n, z).unwrap_or(f64::NAN).clamp(0.0, 1.0))
}
