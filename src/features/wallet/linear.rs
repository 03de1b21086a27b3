//! Small dense algebra of the quantile regression: columns that others do not determine, and the
//! inverse of a matrix of as many rows.

/// Which columns of a matrix enter a regression.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Columns {
    /// Columns of the matrix.
    pub p: usize,
    /// Ascending.
    pub kept: Vec<usize>,
}

/// Part of a column's length that earlier ones must leave unexplained: products of rounded
/// numbers show no less than the root of their last digit.
const UNEXPLAINED: f64 = 1e-5;

impl Columns {
    /// Columns of `x` (rows of `p`) that no earlier ones determine, by Cholesky's decomposition
    /// of their products.
    pub fn independent(x: &[f64], p: usize) -> Self {
        let mut products = vec![vec![0.0; p]; p];
        for row in x.chunks_exact(p.max(1)) {
            for i in 0..p {
                for j in 0..=i {
                    products[i][j] += row[i] * row[j];
                }
            }
        }
        let mut kept: Vec<usize> = Vec::new();
        let mut factor: Vec<Vec<f64>> = Vec::new();
        for (j, products) in products.iter().enumerate() {
            let mut row: Vec<f64> = Vec::with_capacity(kept.len() + 1);
            for (k, &earlier) in kept.iter().enumerate() {
                let explained: f64 = (0..k).map(|l| row[l] * factor[k][l]).sum();
                row.push((products[earlier] - explained) / factor[k][k]);
            }
            let rest = products[j] - row.iter().map(|v| v * v).sum::<f64>();
            if rest > UNEXPLAINED.powi(2) * products[j] && rest > 0.0 {
                row.push(rest.sqrt());
                factor.push(row);
                kept.push(j);
            }
        }
        Self { p, kept }
    }

    /// The rows of `x` with the kept columns alone.
    pub fn of(&self, x: &[f64]) -> Vec<f64> {
        x.chunks_exact(self.p.max(1)).flat_map(|row| self.kept.iter().map(|&j| row[j])).collect()
    }
}

/// The inverse of a square matrix given by rows, by Gauss-Jordan elimination with pivots chosen
/// by column; `None` when it is singular to working precision.
pub(super) fn inverse(rows: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
    let n = rows.len();
    let largest = rows.iter().flatten().fold(0.0_f64, |most, v| most.max(v.abs()));
    let mut left: Vec<Vec<f64>> = rows.to_vec();
    let mut right: Vec<Vec<f64>> =
        (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for column in 0..n {
        let size = |i: usize| left[i][column].abs();
        let pivot = (column..n).max_by(|&i, &j| size(i).total_cmp(&size(j)).then(j.cmp(&i)))?;
        if size(pivot) <= 1e-13 * largest || size(pivot).is_nan() {
            return None;
        }
        left.swap(column, pivot);
        right.swap(column, pivot);
        let by = 1.0 / left[column][column];
        left[column].iter_mut().chain(&mut right[column]).for_each(|v| *v *= by);
        let (of_left, of_right) = (left[column].clone(), right[column].clone());
        for i in (0..n).filter(|&i| i != column) {
            let by = left[i][column];
            if by != 0.0 {
                left[i].iter_mut().zip(&of_left).for_each(|(v, o)| *v -= by * o);
                right[i].iter_mut().zip(&of_right).for_each(|(v, o)| *v -= by * o);
            }
        }
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn determined_columns_are_left_out() {
        // Constant, two indicators that sum to it, a number, twice the number, zeros.
        let x: Vec<f64> = (0..50)
            .flat_map(|i| {
                let (first, v) = (f64::from(u8::from(i % 2 == 0)), (i as f64).sqrt());
                [1.0, first, 1.0 - first, v, 2.0 * v, 0.0]
            })
            .collect();
        let columns = Columns::independent(&x, 6);
        assert_eq!(columns.kept, [0, 1, 3]);
        assert_eq!(columns.of(&x[..6]), [1.0, 1.0, 0.0]);
        assert!(Columns::independent(&[], 0).kept.is_empty());
    }

    #[test]
    fn inverse_by_hand() {
        // Needs an exchange of rows; determinant -2.
        let rows = [vec![0.0, 1.0], vec![2.0, 3.0]];
        assert_eq!(inverse(&rows).unwrap(), [vec![-1.5, 0.5], vec![1.0, 0.0]]);
        assert!(inverse(&[vec![1.0, 2.0], vec![2.0, 4.0]]).is_none());
        assert!(inverse(&[vec![f64::NAN]]).is_none());
    }
}
