//! Distinct histories with their counts -> log-likelihood and gradient of the Pareto/NBD, and
//! the parameters that maximise it.

use rayon::prelude::*;

use super::bracket::{Bracket, Shape};
use super::table::{Grid, Table};
use super::{NAME, ParetoNbd};
use crate::features::btyd::{self, BtydError, Fit, Pattern, Patterns};
use crate::math::{Evaluated, digamma_rising, ln_rising};
use crate::types::TimeUnit;

/// Patterns of one task; the sums of the tasks are added in their order, so that the result does
/// not depend on the threads.
const CHUNK: usize = 256;

/// The log-likelihood of a table of patterns as a function of the parameters.
pub(super) struct Likelihood<'a> {
    patterns: &'a Patterns,
    /// Patterns with the same x, ascending in x.
    runs: Vec<Run>,
    /// For each pattern, its place in `runs`.
    run_of: Vec<u32>,
    /// Distinct times of the runs that have a table.
    times: Vec<f64>,
    /// For each pattern of such a run, the places of t_x and T in `times`; else 0.
    places: Vec<(u32, u32)>,
}

struct Run {
    x: f64,
    tabled: bool,
}

impl<'a> Likelihood<'a> {
    pub(super) fn new(patterns: &'a Patterns) -> Self {
        let rows = &patterns.patterns;
        let (mut runs, mut sizes) = (Vec::new(), Vec::new());
        let mut run_of = Vec::with_capacity(rows.len());
        for row in rows {
            if runs.last().is_none_or(|run: &Run| run.x != row.x) {
                runs.push(Run { x: row.x, tabled: false });
                sizes.push(0);
            }
            run_of.push(runs.len() as u32 - 1);
            sizes[runs.len() - 1] += 1;
        }
        // A pattern's own integral takes some ten nodes with three transcendental functions, a
        // grid some four between neighbouring times, and a table two multiplications at each.
        let all = distinct_times(rows.iter());
        runs.iter_mut().zip(&sizes).for_each(|(run, &size)| run.tabled = 8 * size >= all.len());
        let in_tables = |i: usize| runs[run_of[i] as usize].tabled;
        let tabled: Vec<usize> = (0..rows.len()).filter(|&i| in_tables(i)).collect();
        let times = distinct_times(tabled.iter().map(|&i| &rows[i]));
        let tables = runs.iter().filter(|run| run.tabled).count();
        let mut places = vec![(0, 0); rows.len()];
        if 8 * tabled.len() < (4 + tables) * times.len() {
            runs.iter_mut().for_each(|run| run.tabled = false);
            return Self { patterns, runs, run_of, times: Vec::new(), places };
        }
        let place = |t: f64| times.partition_point(|&time| time < t) as u32;
        for i in tabled {
            places[i] = (place(rows[i].t_x), place(rows[i].T));
        }
        Self { patterns, runs, run_of, times, places }
    }

    /// The total and its derivatives by r, alpha, s, beta.
    pub(super) fn evaluate(&self, shape: &Shape) -> (f64, [f64; 4]) {
        let most = self.runs.iter().rfind(|run| run.tabled).map_or(0.0, |run| run.x);
        let grid = Grid::new(shape, &self.times, most);
        let of_run = |run: &Run| OfRun {
            ln_alpha: shape.alpha.ln(),
            rising: (ln_rising(shape.r, run.x), digamma_rising(shape.r, run.x)),
            table: (run.tabled && grid.serves(shape, run.x))
                .then(|| Table::new(&grid, shape, run.x)),
        };
        let threads = self.run_of.len() > CHUNK;
        let of_runs: Vec<OfRun> = in_order(threads, self.runs.len(), |i| of_run(&self.runs[i]));
        let of_chunk = |chunk: usize| {
            let to = self.run_of.len().min((chunk + 1) * CHUNK);
            let mut sums = [0.0; 5];
            for i in chunk * CHUNK..to {
                let terms = self.of_pattern(shape, i, &grid, &of_runs[self.run_of[i] as usize]);
                let count = self.patterns.counts[i];
                sums.iter_mut().zip(terms).for_each(|(sum, term)| *sum += count * term);
            }
            sums
        };
        let mut total = [0.0; 5];
        for part in in_order(threads, self.run_of.len().div_ceil(CHUNK), of_chunk) {
            total.iter_mut().zip(part).for_each(|(sum, term)| *sum += term);
        }
        let [value, by_r, by_alpha, by_s, by_beta] = total;
        (value, [by_r, by_alpha, by_s, by_beta])
    }

    /// Log-likelihood of one pattern and its derivatives: Fader and Hardie (2005), section 3.
    fn of_pattern(&self, shape: &Shape, i: usize, grid: &Grid, run: &OfRun) -> [f64; 5] {
        let Shape { r, alpha, s, beta } = *shape;
        let pattern = &self.patterns.patterns[i];
        let (x, t_x) = (pattern.x, pattern.t_x);
        let (bracket, (ln_a, ln_b)) = match &run.table {
            Some(table) => {
                let (from, to) = (self.places[i].0 as usize, self.places[i].1 as usize);
                (table.bracket(grid, shape, x, (from, to)), grid.logarithms[from])
            }
            None => (Bracket::new(shape, pattern), ((t_x / alpha).ln_1p(), (t_x / beta).ln_1p())),
        };
        let whole = bracket.alive + bracket.dead;
        let per_whole = 1.0 / whole;
        let slope = bracket.slope.map(|slope| slope * per_whole);
        [
            run.rising.0 - (r + x) * ln_a - x * run.ln_alpha - s * ln_b + whole.ln(),
            run.rising.1 - ln_a + slope[0],
            (r * t_x / alpha - x) / (alpha + t_x) + slope[1],
            -ln_b + slope[2],
            s * t_x / (beta * (beta + t_x)) + slope[3],
        ]
    }

    /// As [`btyd::fit`] wants it: by the logarithms of the parameters.
    fn in_logarithms(&self, theta: &[f64]) -> Evaluated {
        let values: Vec<f64> = theta.iter().map(|theta| theta.exp()).collect();
        let &[r, alpha, s, beta] = values.as_slice() else { return (f64::NAN, Vec::new()) };
        let (value, slope) = self.evaluate(&Shape { r, alpha, s, beta });
        (value, slope.iter().zip(&values).map(|(slope, value)| slope * value).collect())
    }
}

/// What depends on x and the parameters alone.
struct OfRun {
    ln_alpha: f64,
    /// ln of the rising factorial r (r+1) ... (r+x-1), and its derivative by r.
    rising: (f64, f64),
    table: Option<Table>,
}

/// `task` of 0 to `count` - 1, on all threads where `threads`.
fn in_order<R: Send>(threads: bool, count: usize, task: impl Fn(usize) -> R + Sync) -> Vec<R> {
    if threads {
        (0..count).into_par_iter().map(&task).collect()
    } else {
        (0..count).map(task).collect()
    }
}

fn distinct_times<'a>(patterns: impl Iterator<Item = &'a Pattern>) -> Vec<f64> {
    let mut times: Vec<f64> = patterns.flat_map(|pattern| [pattern.t_x, pattern.T]).collect();
    times.sort_unstable_by(f64::total_cmp);
    times.dedup();
    times
}

/// See [`ParetoNbd::fit`].
pub(super) fn fit(patterns: &Patterns, unit: TimeUnit) -> Result<(ParetoNbd, Fit), BtydError> {
    let too_little =
        |reason: &str| Err(BtydError::TooLittle { model: NAME, reason: reason.into() });
    if patterns.patterns.is_empty() {
        return too_little("there are no customers; give it at least some hundreds");
    }
    if patterns.repeat_purchases() == 0.0 {
        return too_little(
            "no customer has bought a second time; take in a longer time, or leave the value of \
             customers out",
        );
    }
    if patterns.patterns.iter().all(|pattern| pattern.T == 0.0) {
        return too_little(
            "no time has passed since the first purchases; let the observation end later",
        );
    }
    let likelihood = Likelihood::new(patterns);
    let size = (patterns.customers(), patterns.patterns.len());
    let log_likelihood = |theta: &[f64]| likelihood.in_logarithms(theta);
    let fit = btyd::fit(NAME, &ParetoNbd::PARAMETERS, size, &starts(patterns), &log_likelihood)?;
    let values: [f64; 4] = std::array::from_fn(|i| fit.parameters[i].value);
    Ok((ParetoNbd::new(values, unit)?, fit))
}

/// Where to begin: r of 1/3 and 2 and the r of a negative binomial with the mean and the variance
/// of x; alpha such that purchases of the living have twice the observed rate (half of the time
/// is lived); s of 1/2, 1 and 3 with beta of a quarter of the mean time observed, the time itself
/// and four times it.
fn starts(patterns: &Patterns) -> Vec<Vec<f64>> {
    let customers = patterns.customers();
    let mean_of = |of: &dyn Fn(&Pattern) -> f64| {
        let weighted = patterns.patterns.iter().zip(&patterns.counts);
        weighted.map(|(pattern, count)| count * of(pattern)).sum::<f64>() / customers
    };
    let time = mean_of(&|pattern| pattern.T);
    let mean = mean_of(&|pattern| pattern.x);
    let variance = mean_of(&|pattern| (pattern.x - mean).powi(2));
    let by_moments = (mean * mean / (variance - mean).max(0.02 * mean * mean)).clamp(0.05, 50.0);
    let mut starts = Vec::new();
    for r in [by_moments, 1.0 / 3.0, 2.0] {
        for (s, beta) in [(0.5, 0.25 * time), (1.0, time), (3.0, 4.0 * time)] {
            starts.push(vec![r, r * time / (2.0 * mean), s, beta]);
        }
    }
    starts
}

#[cfg(test)]
#[path = "likelihood_tests.rs"]
mod tests;
