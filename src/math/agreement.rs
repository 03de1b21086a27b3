//! Contingency table of two partitions -> how far they agree: the adjusted Rand index of Hubert
//! and Arabie (1985, doi:10.1007/BF01908075), from pair counts in exact integers.

/// The adjusted Rand index of two partitions of the same items; `counts` has one row a part of
/// the first and one column a part of the second. None without items.
///
/// 1 where the partitions are the same up to names, also where chance leaves no room: a single
/// part, or every item a part of its own, on both sides. Exact for up to 2^31 items but for the
/// rounding of the result.
pub fn adjusted_rand_index(counts: &[Vec<usize>]) -> Option<f64> {
    let pairs = |count: usize| (count as i128) * (count as i128 - 1) / 2;
    let columns = counts.iter().map(Vec::len).max().unwrap_or(0);
    let mut after = vec![0_usize; columns];
    let (mut total, mut together, mut first) = (0, 0, 0);
    for row in counts {
        for (sum, &count) in after.iter_mut().zip(row) {
            *sum += count;
            together += pairs(count);
        }
        let size = row.iter().sum::<usize>();
        total += size;
        first += pairs(size);
    }
    if total == 0 {
        return None;
    }
    let second: i128 = after.into_iter().map(pairs).sum();
    let all = pairs(total);
    // Their equation (5), both sides of the fraction times 2 * all:
    // (together - first second / all) / ((first + second) / 2 - first second / all).
    let numerator = 2 * (all * together - first * second);
    let denominator = all * (first + second) - 2 * first * second;
    // 0 only for the partitions that leave no room, which are then the same.
    Some(if denominator == 0 { 1.0 } else { numerator as f64 / denominator as f64 })
}

#[cfg(test)]
mod tests {
    use super::adjusted_rand_index;

    #[test]
    fn identical_partitions_agree_wholly_also_where_trivial() {
        assert_eq!(adjusted_rand_index(&[vec![3, 0], vec![0, 4]]), Some(1.0));
        assert_eq!(adjusted_rand_index(&[vec![0, 3], vec![4, 0]]), Some(1.0));
        assert_eq!(adjusted_rand_index(&[vec![9]]), Some(1.0), "one part");
        assert_eq!(adjusted_rand_index(&[vec![1, 0], vec![0, 1]]), Some(1.0), "singletons");
        assert_eq!(adjusted_rand_index(&[vec![1]]), Some(1.0), "one item");
    }

    #[test]
    fn nothing_to_compare() {
        assert_eq!(adjusted_rand_index(&[]), None);
        assert_eq!(adjusted_rand_index(&[vec![0, 0]]), None);
    }

    /// One part against two is no better than chance; the others are examples of the
    /// documentation of scikit-learn's `adjusted_rand_score` ([0,0,1,2] against [0,0,1,1]:
    /// 0.57; [0,0,0,0] against [0,1,2,3]: 0; [0,0,1,1] against [0,1,0,1]: -0.5).
    #[test]
    fn known_values() {
        assert_eq!(adjusted_rand_index(&[vec![2, 2]]), Some(0.0));
        let ours = adjusted_rand_index(&[vec![2, 0], vec![0, 1], vec![0, 1]]).unwrap();
        assert!((ours - 4.0 / 7.0).abs() < 1e-15);
        assert_eq!(adjusted_rand_index(&[vec![1, 1, 1, 1]]), Some(0.0));
        assert_eq!(adjusted_rand_index(&[vec![1, 1], vec![1, 1]]), Some(-0.5));
    }

    #[test]
    fn two_thousand_million_items_do_not_overflow() {
        let half = 1_000_000_000;
        assert_eq!(adjusted_rand_index(&[vec![half, 0], vec![0, half]]), Some(1.0));
    }
}
