//! A p x p symmetric positive definite matrix -> the inverse of its Cholesky factor.
//!
//! With C = L Lᵀ the squared Mahalanobis distance of d is |L⁻¹ d|², and
//! ln det C = -2 Σ ln (L⁻¹)ᵢᵢ: both come from L⁻¹ without solving a system a row. Golub and Van
//! Loan, Matrix Computations, 4th ed., section 4.2. Triangles are packed row after row.

/// Length of a packed triangle of p rows.
pub(crate) fn packed_len(p: usize) -> usize {
    p * (p + 1) / 2
}

/// Start of row `row` in a packed triangle.
pub(crate) fn packed_row(row: usize) -> usize {
    row * (row + 1) / 2
}

/// The packed lower triangle of L⁻¹ for `matrix` (p x p, row after row); `None` when the matrix
/// is not positive definite to working precision.
pub(crate) fn inverse_factor(matrix: &[f64], p: usize) -> Option<Vec<f64>> {
    let mut factor = vec![0.0; packed_len(p)];
    for i in 0..p {
        for j in 0..=i {
            let (row_i, row_j) = (packed_row(i), packed_row(j));
            let mut sum = matrix[i * p + j];
            for m in 0..j {
                sum -= factor[row_i + m] * factor[row_j + m];
            }
            if i == j {
                if !(sum > 0.0 && sum.is_finite()) {
                    return None;
                }
                factor[row_i + i] = sum.sqrt();
            } else {
                factor[row_i + j] = sum / factor[row_j + j];
            }
        }
    }
    let mut inverse = vec![0.0; packed_len(p)];
    for i in 0..p {
        let row = packed_row(i);
        let diagonal = 1.0 / factor[row + i];
        inverse[row + i] = diagonal;
        for j in 0..i {
            let sum: f64 = (j..i).map(|m| factor[row + m] * inverse[packed_row(m) + j]).sum();
            inverse[row + j] = -diagonal * sum;
        }
    }
    inverse.iter().all(|value| value.is_finite()).then_some(inverse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverse_factor_by_hand() {
        // [[4, 2], [2, 5]] has L = [[2, 0], [1, 2]], L⁻¹ = [[1/2, 0], [-1/4, 1/2]].
        assert_eq!(inverse_factor(&[4.0, 2.0, 2.0, 5.0], 2), Some(vec![0.5, -0.25, 0.5]));
    }

    #[test]
    fn what_is_not_positive_definite_is_refused() {
        assert_eq!(inverse_factor(&[1.0, 2.0, 2.0, 1.0], 2), None);
        assert_eq!(inverse_factor(&[0.0], 1), None);
        assert_eq!(inverse_factor(&[f64::NAN], 1), None);
        assert_eq!(inverse_factor(&[f64::INFINITY], 1), None);
    }

    #[test]
    fn inverse_factor_inverts() {
        let p = 4;
        let root =
            [2.0, 0.5, -1.0, 0.1, 0.3, 1.5, 0.7, -0.2, 0.0, 0.4, 1.1, 0.9, 1.0, 0.2, 0.6, 3.0];
        let matrix: Vec<f64> = (0..p * p)
            .map(|at| (0..p).map(|m| root[at / p * p + m] * root[at % p * p + m]).sum())
            .collect();
        let inverse = inverse_factor(&matrix, p).expect("a product with its transpose");
        let at = |i: usize, j: usize| if j <= i { inverse[packed_row(i) + j] } else { 0.0 };
        for i in 0..p {
            for j in 0..p {
                let mut sum = 0.0;
                for a in 0..p {
                    for b in 0..p {
                        sum += at(i, a) * matrix[a * p + b] * at(j, b);
                    }
                }
                assert!((sum - f64::from(u8::from(i == j))).abs() < 1e-12, "{i} {j}: {sum}");
            }
        }
    }
}
