//! Patterns and log parameters -> log-likelihood of BG/NBD or MBG/NBD and its gradient.
//!
//! Fader, Hardie and Lee (2005), "Counting Your Customers the Easy Way", equation 6; Batislam,
//! Denizel and Filiztekin (2007). With n = r + x orders' worth of evidence on the rate and m tosses
//! of the coin that the customer survived (m = x, or x + 1 where the first purchase may end):
//!
//! L = (r)_x alpha^r (b)_m / (a + b)_m [(alpha + T)^-n + d (alpha + t_x)^-n], d = a / (b + m - 1)
//!
//! d = 0 where m = 0. What depends on x alone is computed once for each x, what depends on a time
//! alone once for each distinct time, of which there are few when they are whole days: a pattern
//! costs one exponential and one division.

use rayon::prelude::*;

use super::super::{Pattern, Patterns};
use super::Dropout;
use crate::math::{Evaluated, digamma_rising, ln_rising};

/// Patterns added up by one task: fixed, so that the sum does not depend on the threads.
const CHUNK: usize = 4096;

/// Patterns of equal `x`, which lie side by side.
struct Run {
    x: f64,
    customers: f64,
    from: usize,
    to: usize,
}

/// What the patterns of a run share.
struct Shared {
    /// r + x.
    n: f64,
    /// ln d; negative infinity where nobody can have stopped.
    ln_d: f64,
    /// b + m - 1.
    last: f64,
}

/// Sums over patterns, by customer.
#[derive(Clone, Copy, Default)]
struct Sums {
    value: f64,
    /// ln((alpha + T) / alpha), less its share where the customer has stopped.
    r: f64,
    alpha: f64,
    /// The chance of having stopped; and over b + m - 1.
    stopped: f64,
    stopped_b: f64,
}

/// A pattern by the places of its times among the distinct ones.
struct Entry {
    t_x: u32,
    T: u32,
    count: f64,
}

/// A time at some alpha.
struct Scaled {
    /// ln((alpha + time) / alpha): exact in the limit of a Poisson rate, alpha = infinity.
    ln: f64,
    /// time / (alpha + time).
    share: f64,
}

pub(super) struct Likelihood {
    dropout: Dropout,
    runs: Vec<Run>,
    entries: Vec<Entry>,
    /// Ascending.
    times: Vec<f64>,
}

/// ln(d ((alpha + T) / (alpha + t_x))^n): the log odds of having stopped by T (Fader,
/// Hardie and Lee 2008, "Computing P(alive) Using the BG/NBD Model").
pub(super) fn log_odds(parameters: &[f64; 4], dropout: Dropout, pattern: &Pattern) -> f64 {
    let [r, alpha, a, b] = *parameters;
    let m = dropout.tosses(pattern.x);
    if m == 0.0 {
        return f64::NEG_INFINITY;
    }
    // The ratio less 1 keeps its digits where alpha dwarfs T.
    let gap = ((pattern.T - pattern.t_x) / (alpha + pattern.t_x)).ln_1p();
    ln_d(a, b, m) + (r + pattern.x) * gap
}

fn ln_d(a: f64, b: f64, m: f64) -> f64 {
    // b + (m - 1), not b + m - 1: a small b must not vanish where m = 1.
    if m == 0.0 { f64::NEG_INFINITY } else { a.ln() - (b + (m - 1.0)).ln() }
}

impl Likelihood {
    pub(super) fn new(data: &Patterns, dropout: Dropout) -> Self {
        let mut runs: Vec<Run> = Vec::new();
        for (i, (pattern, count)) in data.patterns.iter().zip(&data.counts).enumerate() {
            match runs.last_mut() {
                Some(run) if run.x == pattern.x => {
                    run.customers += count;
                    run.to = i + 1;
                }
                _ => {
                    runs.push(Run { x: pattern.x, customers: *count, from: i, to: i + 1 });
                }
            }
        }
        let mut times: Vec<f64> =
            data.patterns.iter().flat_map(|pattern| [pattern.t_x, pattern.T]).collect();
        times.sort_unstable_by(f64::total_cmp);
        times.dedup();
        let place = |time: f64| times.partition_point(|&other| other < time) as u32;
        let entries = (data.patterns.iter().zip(&data.counts))
            .map(|(pattern, &count)| Entry { t_x: place(pattern.t_x), T: place(pattern.T), count })
            .collect();
        Self { dropout, runs, entries, times }
    }

    /// The log-likelihood and its gradient at ln r, ln alpha, ln a, ln b.
    pub(super) fn at(&self, logarithms: &[f64]) -> Evaluated {
        let [r, alpha, a, b] = [0, 1, 2, 3].map(|i| logarithms[i].exp());
        let (mut value, mut by_r, mut by_a, mut by_b) = (0.0, 0.0, 0.0, 0.0);
        // ln (r)_x, ln (b)_m, ln (a + b)_m and their derivatives, carried from one x to the next.
        let mut rising = [(0.0, 0.0); 3];
        let (mut x, mut m) = (0.0, 0.0);
        let mut shared = Vec::with_capacity(self.runs.len());
        for run in &self.runs {
            let tosses = self.dropout.tosses(run.x);
            let steps = [(r + x, run.x - x), (b + m, tosses - m), (a + b + m, tosses - m)];
            for (sum, (from, by)) in rising.iter_mut().zip(steps) {
                sum.0 += ln_rising(from, by);
                sum.1 += digamma_rising(from, by);
            }
            (x, m) = (run.x, tosses);
            let [(ln_r, psi_r), (ln_b, psi_b), (ln_ab, psi_ab)] = rising;
            value += run.customers * (ln_r + ln_b - ln_ab - x * logarithms[1]);
            by_r += run.customers * psi_r;
            by_a -= run.customers * psi_ab;
            by_b += run.customers * (psi_b - psi_ab);
            shared.push(Shared { n: r + x, ln_d: ln_d(a, b, m), last: b + (m - 1.0) });
        }
        let sums = self.sums(alpha, &shared);
        let repeats: f64 = self.runs.iter().map(|run| run.customers * run.x).sum();
        let gradient = vec![
            r * (by_r - sums.r),
            sums.alpha - repeats,
            a * by_a + sums.stopped,
            b * (by_b - sums.stopped_b),
        ];
        (value + sums.value, gradient)
    }

    fn sums(&self, alpha: f64, shared: &[Shared]) -> Sums {
        let scaled: Vec<Scaled> = (self.times.par_iter().with_min_len(CHUNK))
            .map(|time| Scaled { ln: (time / alpha).ln_1p(), share: time / (alpha + time) })
            .collect();
        let size = self.entries.len();
        let chunks: Vec<Sums> = (0..size.div_ceil(CHUNK))
            .into_par_iter()
            .map(|chunk| {
                let (from, to) = (chunk * CHUNK, size.min((chunk + 1) * CHUNK));
                self.chunk(from, to, &scaled, shared)
            })
            .collect();
        chunks.iter().fold(Sums::default(), |mut all, part| {
            all.value += part.value;
            all.r += part.r;
            all.alpha += part.alpha;
            all.stopped += part.stopped;
            all.stopped_b += part.stopped_b;
            all
        })
    }

    fn chunk(&self, from: usize, to: usize, scaled: &[Scaled], shared: &[Shared]) -> Sums {
        let mut sums = Sums::default();
        let first = self.runs.partition_point(|run| run.to <= from);
        for (run, shared) in self.runs[first..].iter().zip(&shared[first..]) {
            if run.from >= to {
                break;
            }
            let entries = &self.entries[run.from.max(from)..run.to.min(to)];
            if shared.ln_d == f64::NEG_INFINITY {
                add_alive(entries, scaled, shared.n, &mut sums);
            } else {
                add_run(entries, scaled, shared, &mut sums);
            }
        }
        sums
    }
}

/// Customers who cannot have stopped.
fn add_alive(entries: &[Entry], scaled: &[Scaled], n: f64, sums: &mut Sums) {
    let (mut ln, mut share) = (0.0, 0.0);
    for entry in entries {
        let end = &scaled[entry.T as usize];
        ln += entry.count * end.ln;
        share += entry.count * end.share;
    }
    sums.value -= n * ln;
    sums.r += ln;
    sums.alpha += n * share;
}

fn add_run(entries: &[Entry], scaled: &[Scaled], shared: &Shared, sums: &mut Sums) {
    let Shared { n, ln_d, last } = *shared;
    let (mut stopped, mut r, mut by_alpha, mut value) = (0.0, 0.0, 0.0, 0.0);
    // ln(1 + e^-|odds|) of single customers, as the logarithm of a product of factors up to 2.
    let mut product = 1.0;
    for entry in entries {
        let (end, purchase) = (&scaled[entry.T as usize], &scaled[entry.t_x as usize]);
        let (gap, count) = (end.ln - purchase.ln, entry.count);
        let odds = ln_d + n * gap;
        let small = (-odds.abs()).exp();
        let chance = if odds >= 0.0 { 1.0 } else { small } / (1.0 + small);
        value += count * (odds.max(0.0) - n * end.ln);
        if count == 1.0 {
            product *= 1.0 + small;
            if product > 1e300 {
                value += product.ln();
                product = 1.0;
            }
        } else {
            value += count * small.ln_1p();
        }
        r += count * (end.ln - chance * gap);
        by_alpha += count * (end.share - chance * (end.share - purchase.share));
        stopped += count * chance;
    }
    sums.value += value + product.ln();
    sums.r += r;
    sums.alpha += n * by_alpha;
    sums.stopped += stopped;
    sums.stopped_b += stopped / last;
}
