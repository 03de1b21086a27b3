//! Many histories with the same x and times from a short list (whole days, as a rule) -> the
//! brackets of all of them, from sums over one grid instead of an integral for each.
//!
//! The integral from t_x to T is the integral from t_x to the last time less that from T. Nothing
//! that matters cancels: for every T the bracket is at least s times the first of the two.
//! The grid and the logarithms at its nodes serve every x; the sums serve every history of one x.

use super::bracket::{Bracket, NEGLIGIBLE, STEEP, Shape, panels};

/// Where the integrand falls by more than e^-600 in all, sums on one scale would underflow.
const DEEPEST: f64 = 600.0;

/// One node between two neighbouring times, u being its time.
#[derive(Clone, Copy)]
struct Node {
    /// The integrand for x = 0, less alpha^-r beta^-s, with the node's weight.
    weight: f64,
    /// alpha / (alpha + u): its power x completes the integrand.
    ratio: f64,
    /// ln((alpha + u) / alpha), 1 / (alpha + u), ln((beta + u) / beta), 1 / (beta + u).
    moments: [f64; 4],
}

/// Times, and nodes between them, for one set of parameters.
pub(super) struct Grid {
    /// ln((alpha + t) / alpha) and ln((beta + t) / beta) of each time.
    pub logarithms: Vec<(f64, f64)>,
    times: Vec<f64>,
    nodes: Vec<Node>,
    /// Where the nodes from each time to the next begin.
    begin: Vec<usize>,
}

/// Sums over the grid for one x.
pub(super) struct Table {
    /// The integrand without its 1 / (beta + t) at each time.
    value: Vec<f64>,
    /// Integral from each time to the last: of the integrand, and of it by the node's moments.
    beyond: Vec<[f64; 5]>,
}

impl Grid {
    /// `times` ascending and distinct; precise for x up to `most`.
    pub(super) fn new(shape: &Shape, times: &[f64], most: f64) -> Self {
        let Shape { r, alpha, s, beta } = *shape;
        let logarithms: Vec<(f64, f64)> =
            times.iter().map(|t| ((t / alpha).ln_1p(), (t / beta).ln_1p())).collect();
        let (mut nodes, mut begin) = (Vec::with_capacity(4 * times.len()), vec![0]);
        let low = alpha.min(beta);
        for (i, pair) in times.windows(2).enumerate() {
            let (from, span) = (low + pair[0], pair[1] - pair[0]);
            let (here, next) = (logarithms[i], logarithms[i + 1]);
            let length = (span / from).ln_1p();
            let fall = (r + most) * (next.0 - here.0) + s * (next.1 - here.1);
            let (panels, rule) = panels(length, fall.min(NEGLIGIBLE));
            let width = length / panels as f64;
            for panel in 0..panels {
                for &(place, weight) in rule {
                    let y = (panel as f64 + place) * width;
                    let u = pair[0] + from * (y.exp() - 1.0);
                    let (ln_a, ln_b) = if alpha <= beta {
                        (logarithms[i].0 + y, (u / beta).ln_1p())
                    } else {
                        ((u / alpha).ln_1p(), logarithms[i].1 + y)
                    };
                    let (per_a, per_b) = (1.0 / (alpha + u), 1.0 / (beta + u));
                    let density = (-r * ln_a - s * ln_b).exp() * ((low + u) * per_b);
                    nodes.push(Node {
                        weight: weight * width * density,
                        ratio: alpha * per_a,
                        moments: [ln_a, per_a, ln_b, per_b],
                    });
                }
            }
            begin.push(nodes.len());
        }
        Self { logarithms, times: times.to_vec(), nodes, begin }
    }

    /// Whether sums for `x` are precise and do not underflow.
    pub(super) fn serves(&self, shape: &Shape, x: f64) -> bool {
        let R = shape.r + x;
        let end = self.logarithms.last();
        R + shape.s <= STEEP && end.is_some_and(|(ln_a, ln_b)| R * ln_a + shape.s * ln_b <= DEEPEST)
    }
}

impl Table {
    pub(super) fn new(grid: &Grid, shape: &Shape, x: f64) -> Self {
        let R = shape.r + x;
        let value =
            grid.logarithms.iter().map(|(ln_a, ln_b)| (-R * ln_a - shape.s * ln_b).exp()).collect();
        let mut beyond = vec![[0.0; 5]; grid.times.len()];
        let mut sums = [0.0; 5];
        for i in (0..grid.begin.len() - 1).rev() {
            for node in &grid.nodes[grid.begin[i]..grid.begin[i + 1]] {
                let g = node.weight * power(node.ratio, x as u32);
                sums[0] += g;
                for (sum, moment) in sums[1..].iter_mut().zip(node.moments) {
                    *sum += g * moment;
                }
            }
            beyond[i] = sums;
        }
        Self { value, beyond }
    }

    /// The bracket of the history from the grid's time `from` (t_x) to its time `to` (T).
    pub(super) fn bracket(
        &self,
        grid: &Grid,
        shape: &Shape,
        x: f64,
        (from, to): (usize, usize),
    ) -> Bracket {
        let Shape { r, alpha, s, beta } = *shape;
        let R = r + x;
        let (a, b) = (alpha + grid.times[from], beta + grid.times[from]);
        let span = grid.times[to] - grid.times[from];
        let (here, there) = (grid.logarithms[from], grid.logarithms[to]);
        let per_value = 1.0 / self.value[from];
        let alive = self.value[to] * per_value;
        let [all, ln_a, per_a, ln_b, per_b] =
            std::array::from_fn(|k| (self.beyond[from][k] - self.beyond[to][k]) * per_value);
        Bracket {
            alive,
            dead: s * all,
            slope: [
                (here.0 - there.0) * alive - s * (ln_a - here.0 * all),
                R / a * (span / (a + span) * alive + s * (all - a * per_a)),
                (here.1 - there.1) * alive + all - s * (ln_b - here.1 * all),
                s / b * (span / (b + span) * alive + s * (all - b * per_b)) - s * per_b,
            ],
        }
    }
}

/// base^n by squaring: the same digits on every machine, unlike `powi`.
fn power(mut base: f64, mut n: u32) -> f64 {
    let mut product = 1.0;
    while n > 0 {
        if n & 1 == 1 {
            product *= base;
        }
        base *= base;
        n >>= 1;
    }
    product
}
