//! Nodes and weights of Gauss-Legendre quadrature on [-1, 1], by Newton's method on the Legendre
//! polynomial (Abramowitz and Stegun 25.4.29).

/// `n` nodes, ascending, each with its weight; exact for polynomials of degree 2n - 1.
pub fn gauss_legendre(n: usize) -> Vec<(f64, f64)> {
    let mut nodes: Vec<(f64, f64)> = (0..n)
        .map(|i| {
            let mut x = (std::f64::consts::PI * (i as f64 + 0.75) / (n as f64 + 0.5)).cos();
            let mut slope = 1.0;
            for _ in 0..100 {
                let (mut p, mut before) = (1.0, 0.0);
                for j in 1..=n {
                    let j = j as f64;
                    (p, before) = (((2.0 * j - 1.0) * x * p - (j - 1.0) * before) / j, p);
                }
                slope = n as f64 * (x * p - before) / (x * x - 1.0);
                let step = p / slope;
                x -= step;
                if step.abs() < 1e-15 {
                    break;
                }
            }
            (x, 2.0 / ((1.0 - x * x) * slope * slope))
        })
        .collect();
    nodes.reverse();
    nodes
}

#[cfg(test)]
mod tests {
    use super::gauss_legendre;

    #[test]
    fn two_nodes_by_hand_and_many_by_a_polynomial() {
        let two = gauss_legendre(2);
        assert!((two[1].0 - 1.0 / 3f64.sqrt()).abs() < 1e-15 && (two[1].1 - 1.0).abs() < 1e-14);
        for n in [1, 5, 16, 64] {
            let nodes = gauss_legendre(n);
            let degree = 2 * (n as i32 - 1);
            let sum: f64 = nodes.iter().map(|(x, weight)| weight * x.powi(degree)).sum();
            assert!((sum - 2.0 / f64::from(degree + 1)).abs() < 1e-13, "{n}: {sum}");
        }
    }
}
