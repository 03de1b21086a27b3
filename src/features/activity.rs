//! Tenure, recency and orders -> the chance of being active by the simple formula.

use super::rfm::Buyers;
use super::{FeatureColumn, Unit};

/// P(active) = (T/N)^n, with T the time of the last purchase and N the time now, both counted
/// from the first purchase, and n the number of purchases (Kumar and Reinartz).
///
/// Edge cases: a customer who bought once, before the date, has T = 0 and so 0; one whose first
/// purchase is on the date itself (N = 0) has 1. `None` for T > N, negative times or n = 0.
pub fn p_active(last: f64, now: f64, n: u32) -> Option<f64> {
    if n == 0 || !(0.0..=now).contains(&last) {
        return None;
    }
    Some(if now == 0.0 { 1.0 } else { (last / now).powi(i32::try_from(n).unwrap_or(i32::MAX)) })
}

pub(super) fn column(buyers: &Buyers) -> FeatureColumn {
    let values = (0..buyers.len())
        .map(|i| {
            let now = buyers.tenure[i] as f64;
            let last = (buyers.tenure[i] - buyers.recency[i]) as f64;
            let n = u32::try_from(buyers.orders[i]).unwrap_or(u32::MAX);
            p_active(last, now, n).unwrap_or(f64::NAN)
        })
        .collect();
    FeatureColumn { name: "p_active".into(), unit: Unit::Share, values }
}

#[cfg(test)]
mod tests {
    use super::p_active;

    /// Kumar and Reinartz: T = 8, N = 12, n = 4 and n = 2.
    #[test]
    fn worked_example() {
        assert!((p_active(8.0, 12.0, 4).unwrap() - 0.197_530_864_2).abs() < 1e-10);
        assert!((p_active(8.0, 12.0, 2).unwrap() - 0.444_444_444_4).abs() < 1e-10);
    }

    #[test]
    fn edge_cases() {
        assert_eq!(p_active(0.0, 30.0, 1), Some(0.0), "bought once, some time ago");
        assert_eq!(p_active(0.0, 0.0, 1), Some(1.0), "first purchase on the date");
        assert_eq!(p_active(5.0, 5.0, 3), Some(1.0), "last purchase on the date");
        assert_eq!(p_active(6.0, 5.0, 3), None);
        assert_eq!(p_active(1.0, 5.0, 0), None);
        assert_eq!(p_active(f64::NAN, 5.0, 2), None);
    }
}
