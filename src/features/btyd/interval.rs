//! The law of the orders to come -> its quantiles: how far a customer may be from the mean.
//!
//! A mixture over how long buying goes on, each part with a negative binomial number of orders;
//! the chances of m orders or more are followed up in m until the quantiles are passed.

/// One part of the mixture: orders of a customer who goes on buying for a while.
#[derive(Clone, Copy, Debug)]
struct Part {
    /// Weight of the part.
    weight: f64,
    /// K ~ NB(n, z).
    z: f64,
    /// P(K = m).
    exactly: f64,
    /// P(K >= m).
    at_least: f64,
}

/// Numbers of orders that `low` and `high` of such customers do not pass, where Y >= m has the
/// chance `alive` x sum over parts of weight x P(K >= m) x `keep(m)`, K ~ NB(`n`, z). `parts` are
/// (weight, y) with z = y / (1 + y). `None` where the law starts below the smallest number.
pub(super) fn quantiles(
    n: f64,
    parts: impl Iterator<Item = (f64, f64)>,
    alive: f64,
    mut keep: impl FnMut(u32) -> f64,
    (low, high): (f64, f64),
) -> Option<(f64, f64)> {
    /// Orders beyond which a quantile is not followed.
    const MOST: u32 = 1_000_000;
    let mut parts: Vec<Part> = parts
        .map(|(weight, y)| Part {
            weight,
            z: y / (1.0 + y),
            exactly: (-n * y.ln_1p()).exp(),
            at_least: 1.0,
        })
        .collect();
    if parts.iter().any(|part| part.exactly.is_nan() || part.exactly <= 0.0) {
        return None;
    }
    let mut found = [None, None];
    for m in 0..MOST {
        // P(Y <= m) = 1 - P(Y >= m + 1).
        for part in &mut parts {
            part.at_least = (part.at_least - part.exactly).max(0.0);
            part.exactly *= part.z * (n + f64::from(m)) / f64::from(m + 1);
        }
        let more: f64 = parts.iter().map(|part| part.weight * part.at_least).sum();
        let at_most = 1.0 - alive * more * keep(m + 1);
        for (found, share) in found.iter_mut().zip([low, high]) {
            if found.is_none() && at_most >= share {
                *found = Some(f64::from(m));
            }
        }
        if let [Some(low), Some(high)] = found {
            return Some((low, high));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::quantiles;

    #[test]
    fn a_geometric_law_by_hand() {
        // n = 1, y = 1: P(K >= m) = 1 / 2^m; the tenth is at 0, the ninetieth at 3 (15/16).
        let all = |_| 1.0;
        let one = || std::iter::once((1.0, 1.0));
        assert_eq!(quantiles(1.0, one(), 1.0, all, (0.1, 0.9)), Some((0.0, 3.0)));
        // Half of the customers are gone: P(Y <= 2) = 1 - 0.5 / 8 >= 0.9.
        assert_eq!(quantiles(1.0, one(), 0.5, all, (0.1, 0.9)), Some((0.0, 2.0)));
        assert_eq!(quantiles(1.0, one(), 0.0, all, (0.1, 0.9)), Some((0.0, 0.0)));
        // A law that begins below the smallest number.
        assert_eq!(quantiles(1e6, one(), 1.0, all, (0.1, 0.9)), None);
    }

    /// The mean of a law is the mean of its quantiles: of customers with a past, by all models.
    #[test]
    fn quantiles_have_the_mean_that_the_models_expect() {
        use crate::features::btyd::{BetaGeometric, Dropout, Model, ParetoNbd, Pattern};
        use crate::types::TimeUnit;
        const SHARES: u32 = 4000;
        let pareto = ParetoNbd::new([0.553, 10.578, 0.606, 11.669], TimeUnit::Weeks).unwrap();
        let beta = |dropout| {
            BetaGeometric::new([0.525, 6.183, 0.891, 1.614], dropout, TimeUnit::Weeks).unwrap()
        };
        let (bg, mbg) = (beta(Dropout::AfterRepeat), beta(Dropout::AlsoAtFirst));
        let models: [&dyn Model; 3] = [&pareto, &bg, &mbg];
        for model in models {
            for (x, t_x, age) in [(0.0, 0.0, 30.0), (2.0, 30.43, 38.86), (26.0, 30.86, 31.0)] {
                let pattern = Pattern { x, t_x, T: age };
                let quantile = |i: u32| {
                    let share = (f64::from(i) + 0.5) / f64::from(SHARES);
                    model.order_interval(&pattern, 52.0, (share, share)).unwrap().0
                };
                let mean = (0..SHARES).map(quantile).sum::<f64>() / f64::from(SHARES);
                let expected = model.expected_orders(&pattern, 52.0);
                assert!((mean / expected - 1.0).abs() < 0.01, "{x}: {mean} {expected}");
            }
        }
    }

    #[test]
    fn parts_mix() {
        // One half buys nothing, the other as above.
        let parts = [(0.5, 0.0), (0.5, 1.0)].into_iter();
        assert_eq!(quantiles(1.0, parts, 1.0, |_| 1.0, (0.1, 0.9)), Some((0.0, 2.0)));
    }
}
