//! Symmetric matrices of a few rows: eigenvalues and eigenvectors by Jacobi rotations (Golub and
//! Van Loan, Matrix Computations, section 8.5), and the inverse through them.

/// Eigenvalues, ascending, and the eigenvector of each.
#[derive(Clone, Debug, PartialEq)]
pub struct Eigen {
    /// Ascending.
    pub values: Vec<f64>,
    /// `vectors[k]` belongs to `values[k]`; orthonormal.
    pub vectors: Vec<Vec<f64>>,
}

/// Decomposes a symmetric matrix, given by rows; only its upper triangle is read. `None` when an
/// element is not finite.
pub fn symmetric_eigen(matrix: &[Vec<f64>]) -> Option<Eigen> {
    const SWEEPS: usize = 60;
    let n = matrix.len();
    let mut a: Vec<Vec<f64>> =
        (0..n).map(|i| (0..n).map(|j| matrix[i.min(j)][i.max(j)]).collect()).collect();
    if a.iter().flatten().any(|element| !element.is_finite()) {
        return None;
    }
    let mut v: Vec<Vec<f64>> =
        (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for _ in 0..SWEEPS {
        let off: f64 =
            (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i][j].powi(2)).sum();
        let on: f64 = (0..n).map(|i| a[i][i].powi(2)).sum();
        if off <= 1e-32 * on {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                if a[p][q] == 0.0 {
                    continue;
                }
                let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
                let t = theta.signum() / (theta.abs() + theta.hypot(1.0));
                let t = if theta == 0.0 { 1.0 } else { t };
                let c = 1.0 / t.hypot(1.0);
                let s = t * c;
                for row in &mut a {
                    let (x, y) = (row[p], row[q]);
                    (row[p], row[q]) = (c * x - s * y, s * x + c * y);
                }
                let (upper, lower) = a.split_at_mut(q);
                for (x, y) in upper[p].iter_mut().zip(&mut lower[0]) {
                    (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
                }
                for row in &mut v {
                    let (x, y) = (row[p], row[q]);
                    (row[p], row[q]) = (c * x - s * y, s * x + c * y);
                }
            }
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| a[i][i].total_cmp(&a[j][j]));
    Some(Eigen {
        values: order.iter().map(|&k| a[k][k]).collect(),
        vectors: order.iter().map(|&k| v.iter().map(|row| row[k]).collect()).collect(),
    })
}

impl Eigen {
    /// Largest over smallest eigenvalue; infinite unless all are positive.
    pub fn condition(&self) -> f64 {
        match (self.values.first(), self.values.last()) {
            (Some(&low), Some(&high)) if low > 0.0 => high / low,
            _ => f64::INFINITY,
        }
    }

    /// The inverse matrix by rows; `None` unless all eigenvalues are positive.
    pub fn inverse(&self) -> Option<Vec<Vec<f64>>> {
        let n = self.values.len();
        if self.values.first().is_some_and(|&low| low <= 0.0) {
            return None;
        }
        let element = |i: usize, j: usize| {
            (0..n).map(|k| self.vectors[k][i] * self.vectors[k][j] / self.values[k]).sum()
        };
        Some((0..n).map(|i| (0..n).map(|j| element(i, j)).collect()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_by_hand() {
        // [[2, 1], [1, 2]]: 1 and 3 with (1, -1) and (1, 1) over sqrt 2.
        let eigen = symmetric_eigen(&[vec![2.0, 1.0], vec![1.0, 2.0]]).unwrap();
        assert!((eigen.values[0] - 1.0).abs() < 1e-15 && (eigen.values[1] - 3.0).abs() < 1e-15);
        assert!((eigen.condition() - 3.0).abs() < 1e-14);
        let inverse = eigen.inverse().unwrap();
        assert!((inverse[0][0] - 2.0 / 3.0).abs() < 1e-15);
        assert!((inverse[0][1] + 1.0 / 3.0).abs() < 1e-15);
    }

    #[test]
    fn reassembles_and_refuses() {
        let matrix = vec![vec![4.0, 1.0, -2.0], vec![1.0, 3.0, 0.5], vec![-2.0, 0.5, 1e-3]];
        let eigen = symmetric_eigen(&matrix).unwrap();
        for (i, row) in matrix.iter().enumerate() {
            for (j, element) in row.iter().enumerate() {
                let sum: f64 = (0..3)
                    .map(|k| eigen.values[k] * eigen.vectors[k][i] * eigen.vectors[k][j])
                    .sum();
                assert!((sum - element).abs() < 1e-13);
            }
        }
        assert!(eigen.values[0] < 0.0 && eigen.inverse().is_none());
        assert!(eigen.condition().is_infinite());
        assert!(symmetric_eigen(&[vec![f64::NAN]]).is_none());
    }
}
