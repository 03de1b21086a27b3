//! Contingency table of two partitions -> measures of agreement from information theory, and the
//! standard errors of these and of the adjusted Rand index.
//!
//! Entropies are natural logarithms (nats). Adjusted mutual information is that of Vinh, Epps and
//! Bailey (2010, JMLR 11:2837-2854) with the arithmetic mean of the entropies, as scikit-learn has
//! it; homogeneity, completeness and V-measure are those of Rosenberg and Hirschberg (2007);
//! variation of information is that of Meilă (2007, doi:10.1016/j.jmva.2006.11.013).
//!
//! Standard errors are by the delta method: the items are taken for independent draws from a
//! multinomial law over the cells of the table, the measure for a function of their shares, of which
//! the gradient is known. For the adjusted mutual information the expectation under chance is held
//! fixed: it is of order 1/n and its gradient vanishes beside the others. They are 0 where the two
//! partitions are the same: the table then has no cell in which they could differ.

use super::agreement::adjusted_rand_index;

/// A figure with its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// The figure.
    pub value: f64,
    /// Its standard error by the delta method.
    pub standard_error: f64,
}

/// How far two partitions of the same items agree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AgreementMeasures {
    /// Hubert and Arabie (1985): 1 for the same partition, 0 by chance.
    pub adjusted_rand_index: Measured,
    /// 1 for the same partition, 0 by chance.
    pub adjusted_mutual_information: Measured,
    /// Mutual information over the mean of the two entropies, in [0, 1].
    pub normalised_mutual_information: Measured,
    /// Whether each part of the second has items of one part of the first alone, in [0, 1].
    pub homogeneity: Measured,
    /// Whether all items of a part of the first are in one part of the second, in [0, 1].
    pub completeness: Measured,
    /// Harmonic mean of homogeneity and completeness.
    pub v_measure: Measured,
    /// H(1 | 2) + H(2 | 1) in nats: 0 for the same partition, at most ln n. A metric.
    pub variation_of_information: Measured,
}

/// Relative size below which terms of the hypergeometric law no longer count.
const NOTHING: f64 = 1e-22;

/// All measures of `counts`, which has one row a part of the first partition and one column a part
/// of the second. None without items. O(k k' + the terms of the expected mutual information, some
/// ten standard deviations of each cell).
pub fn agreement_measures(counts: &[Vec<usize>]) -> Option<AgreementMeasures> {
    let rand = adjusted_rand_index(counts)?;
    let table = Table::of(counts);
    let n = table.n;
    let (first, second) = (entropy(&table.rows, n), entropy(&table.columns, n));
    let joint = entropy(table.cells.iter().map(|cell| &cell.2), n);
    let mutual = if table.same { first } else { (first + second - joint).max(0.0) };
    let both = f64::midpoint(first, second);
    let chance = if table.same { 0.0 } else { table.expected_mutual_information() };
    // scikit-learn's treatment of 0 / 0: the sign is kept, the size is not below that of rounding.
    let apart = |value: f64| {
        if value < 0.0 { value.min(-f64::EPSILON) } else { value.max(f64::EPSILON) }
    };
    let trivial = table.rows.len() == 1 || table.columns.len() == 1;
    let adjusted = match (table.same, trivial) {
        (true, _) => 1.0,
        (_, true) => 0.0,
        _ => apart(mutual - chance) / apart(both - chance),
    };
    let share = |whole: f64| if whole == 0.0 { 1.0 } else { mutual / whole };
    let normalised = if table.same { 1.0 } else { mutual / both };
    let (homogeneity, completeness) = match table.same {
        true => (1.0, 1.0),
        false => (share(first), share(second)),
    };
    let sum = homogeneity + completeness;
    let v_measure = if sum == 0.0 { 0.0 } else { 2.0 * homogeneity * completeness / sum };
    let variation = if table.same { 0.0 } else { (2.0 * joint - first - second).max(0.0) };

    let ratio = |value: f64, whole: f64, top: f64, bottom: f64| {
        if whole == 0.0 { 0.0 } else { (top - value * bottom) / whole }
    };
    let measured = |value: f64, gradient: &dyn Fn(&Slope) -> f64| Measured {
        value,
        standard_error: if table.same { 0.0 } else { table.standard_error(gradient) },
    };
    Some(AgreementMeasures {
        adjusted_rand_index: measured(rand, &|at| table.rand_slope(at)),
        adjusted_mutual_information: measured(adjusted, &|at| {
            if trivial { 0.0 } else { ratio(adjusted, both - chance, at.mutual(), at.both()) }
        }),
        normalised_mutual_information: measured(normalised, &|at| {
            ratio(normalised, both, at.mutual(), at.both())
        }),
        homogeneity: measured(homogeneity, &|at| ratio(homogeneity, first, at.mutual(), at.first)),
        completeness: measured(completeness, &|at| {
            ratio(completeness, second, at.mutual(), at.second)
        }),
        // The harmonic mean is the normalised mutual information by the arithmetic one, but for a
        // trivial partition, where both are constant.
        v_measure: measured(v_measure, &|at| ratio(v_measure, both, at.mutual(), at.both())),
        variation_of_information: measured(variation, &|at| 2.0 * at.joint - at.first - at.second),
    })
}

/// A table with its margins; only what is above 0.
struct Table {
    n: f64,
    rows: Vec<usize>,
    columns: Vec<usize>,
    /// (row, column, count).
    cells: Vec<(usize, usize, usize)>,
    /// Whether the partitions are the same but for the names of their parts.
    same: bool,
    /// Sums of the squared shares of cells, rows and columns.
    squares: [f64; 3],
}

/// Derivatives of the entropies by the share of one cell, and its shares.
struct Slope {
    first: f64,
    second: f64,
    joint: f64,
    cell: f64,
    row: f64,
    column: f64,
}

impl Slope {
    fn mutual(&self) -> f64 {
        self.first + self.second - self.joint
    }

    fn both(&self) -> f64 {
        f64::midpoint(self.first, self.second)
    }
}

impl Table {
    fn of(counts: &[Vec<usize>]) -> Self {
        let width = counts.iter().map(Vec::len).max().unwrap_or(0);
        let mut columns = vec![0; width];
        for row in counts {
            for (sum, &count) in columns.iter_mut().zip(row) {
                *sum += count;
            }
        }
        let mut place = vec![0; width];
        let mut kept = Vec::new();
        for (column, &sum) in columns.iter().enumerate().filter(|(_, sum)| **sum > 0) {
            place[column] = kept.len();
            kept.push(sum);
        }
        let (mut rows, mut cells) = (Vec::new(), Vec::new());
        for row in counts {
            let sum: usize = row.iter().sum();
            if sum == 0 {
                continue;
            }
            let own = row.iter().enumerate().filter(|(_, count)| **count > 0);
            cells.extend(own.map(|(column, &count)| (rows.len(), place[column], count)));
            rows.push(sum);
        }
        let n = rows.iter().sum::<usize>() as f64;
        let same = cells.len() == rows.len() && cells.len() == kept.len();
        let squared = |count: usize| (count as f64 / n).powi(2);
        let squares = [
            cells.iter().map(|cell| squared(cell.2)).sum(),
            rows.iter().map(|&count| squared(count)).sum(),
            kept.iter().map(|&count| squared(count)).sum(),
        ];
        Self { n, rows, columns: kept, cells, same, squares }
    }

    /// Equation (24a) of Vinh, Epps and Bailey: each cell's count is hypergeometric given the
    /// margins. Its law is followed from the mode by the ratios of neighbours and normalised by its
    /// own sum, so that no factorial has to be known.
    fn expected_mutual_information(&self) -> f64 {
        let mut expected = 0.0;
        for &row in &self.rows {
            for &column in &self.columns {
                expected += self.expected_of(row as f64, column as f64);
            }
        }
        expected
    }

    /// The part of one cell, of margins `a` and `b`.
    fn expected_of(&self, a: f64, b: f64) -> f64 {
        let n = self.n;
        let (least, most) = ((a + b - n).max(0.0), a.min(b));
        let mode = ((a + 1.0) * (b + 1.0) / (n + 2.0)).floor().clamp(least, most);
        let value = |count: f64| match count > 0.0 {
            true => count / n * (n / a * (count / b)).ln(),
            false => 0.0,
        };
        let (mut weight, mut total, mut sum) = (1.0, 1.0, value(mode));
        let mut count = mode;
        while count < most && weight > NOTHING {
            weight *= (a - count) * (b - count) / ((count + 1.0) * (n - a - b + count + 1.0));
            count += 1.0;
            total += weight;
            sum += weight * value(count);
        }
        (weight, count) = (1.0, mode);
        while count > least && weight > NOTHING {
            weight *= count * (n - a - b + count) / ((a - count + 1.0) * (b - count + 1.0));
            count -= 1.0;
            total += weight;
            sum += weight * value(count);
        }
        sum / total
    }

    /// The root of (sum p g^2 - (sum p g)^2) / n over the cells.
    fn standard_error(&self, gradient: &dyn Fn(&Slope) -> f64) -> f64 {
        let (mut mean, mut weights) = (0.0, Vec::with_capacity(self.cells.len()));
        for &(row, column, count) in &self.cells {
            let [cell, row, column] =
                [count, self.rows[row], self.columns[column]].map(|count| count as f64 / self.n);
            let first = -row.ln() - 1.0;
            let (second, joint) = (-column.ln() - 1.0, -cell.ln() - 1.0);
            let slope = gradient(&Slope { first, second, joint, cell, row, column });
            mean += cell * slope;
            weights.push((cell, slope));
        }
        let squares = weights.iter().map(|(cell, slope)| cell * (slope - mean).powi(2));
        (squares.sum::<f64>() / self.n).sqrt()
    }

    /// The adjusted Rand index of many items is (q - r c) / ((r + c) / 2 - r c), with q, r and c the
    /// sums of the squared shares of cells, rows and columns.
    fn rand_slope(&self, at: &Slope) -> f64 {
        let [q, r, c] = self.squares;
        let (top, bottom) = (q - r * c, f64::midpoint(r, c) - r * c);
        if bottom == 0.0 {
            return 0.0;
        }
        let product = 2.0 * (at.row * c + at.column * r);
        let (of_top, of_bottom) = (2.0 * at.cell - product, at.row + at.column - product);
        (of_top - top / bottom * of_bottom) / bottom
    }
}

/// In nats.
fn entropy<'a>(counts: impl IntoIterator<Item = &'a usize>, n: f64) -> f64 {
    let terms = counts.into_iter().map(|&count| {
        let share = count as f64 / n;
        -share * share.ln()
    });
    terms.sum::<f64>().max(0.0)
}

#[cfg(test)]
#[path = "information_tests.rs"]
mod tests;
