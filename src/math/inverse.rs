//! A square matrix by rows -> its inverse.

/// The inverse of a square matrix given by rows, by Gauss-Jordan elimination with pivots chosen
/// by column; `None` when it is singular to working precision.
pub fn inverse(rows: &[Vec<f64>]) -> Option<Vec<Vec<f64>>> {
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
    fn inverse_by_hand() {
        // Needs an exchange of rows; determinant -2.
        let rows = [vec![0.0, 1.0], vec![2.0, 3.0]];
        assert_eq!(inverse(&rows).unwrap(), [vec![-1.5, 0.5], vec![1.0, 0.0]]);
        assert!(inverse(&[vec![1.0, 2.0], vec![2.0, 4.0]]).is_none());
        assert!(inverse(&[vec![f64::NAN]]).is_none());
    }
}
