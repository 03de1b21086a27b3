//! Small dense algebra of the quantile regression: columns that others do not determine.

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
}
