//! n x p rows and their clusters -> how far each cluster lies from its nearest neighbour.
//!
//! With S the mean distance of a cluster's rows to their mean and M the distance of two means, the
//! similarity of two clusters is R = (S_i + S_j) / M (Davies and Bouldin, IEEE Trans. Pattern Anal.
//! Mach. Intell. 1, 1979, with q = 1 and p = 2). The neighbour is the cluster of the highest R, and
//! the separation 1 / R: below 1 the two overlap as balls of their mean distances would. The mean
//! of R over the clusters is the index of Davies and Bouldin.

use serde::{Deserialize, Serialize};

use crate::cluster::kernel::{Points, squared_distance};

/// The nearest neighbour of a cluster; `Id` is how clusters are named.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Separation<Id = usize> {
    /// The neighbour.
    pub neighbour: Id,
    /// Distance of the two means over the sum of the mean distances to them, above 0.
    pub ratio: f64,
}

impl<Id> Separation<Id> {
    /// The same with the neighbour named otherwise.
    pub fn named<Other>(self, name: impl FnOnce(Id) -> Other) -> Separation<Other> {
        Separation { neighbour: name(self.neighbour), ratio: self.ratio }
    }
}

/// Separation of each of k clusters; none for a single cluster, and where neither it nor the
/// neighbour has any width or the two have one mean. Rows count by their weights.
pub(crate) fn separations(points: Points, labels: &[u32], k: usize) -> Vec<Option<Separation>> {
    let p = points.p;
    let (mut means, mut widths) = (vec![0.0; k * p], vec![0.0; k]);
    let mut sizes = vec![0.0; k];
    for (row, &label) in labels.iter().enumerate() {
        let (label, weight) = (label as usize, points.weight(row));
        sizes[label] += weight;
        let mean = &mut means[label * p..(label + 1) * p];
        mean.iter_mut().zip(points.row(row)).for_each(|(sum, value)| *sum += weight * value);
    }
    for (mean, size) in means.chunks_exact_mut(p).zip(&sizes) {
        mean.iter_mut().for_each(|sum| *sum /= size);
    }
    let mean = |cluster: usize| &means[cluster * p..(cluster + 1) * p];
    for (row, &label) in labels.iter().enumerate() {
        let label = label as usize;
        let distance = squared_distance(points.row(row), mean(label)).sqrt();
        widths[label] += points.weight(row) * distance / sizes[label];
    }
    let ratio =
        |a: usize, b: usize| squared_distance(mean(a), mean(b)).sqrt() / (widths[a] + widths[b]);
    (0..k)
        .map(|cluster| {
            let others = (0..k).filter(|&other| other != cluster && sizes[other] > 0.0);
            let of = |neighbour| Separation { neighbour, ratio: ratio(cluster, neighbour) };
            others
                .map(of)
                .filter(|found| found.ratio.is_finite())
                .reduce(|best, next| if next.ratio < best.ratio { next } else { best })
                .filter(|found| sizes[cluster] > 0.0 && found.ratio > 0.0)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // Means 1, 9 and 20, widths 1, 1 and 2: 8 / 2 = 4 and 11 / 3 = 3.67.
        let points = Points::new(&[0.0, 2.0, 8.0, 10.0, 18.0, 22.0], 1);
        let found = separations(points, &[0, 0, 1, 1, 2, 2], 3);
        let of = |neighbour, ratio| Some(Separation { neighbour, ratio });
        assert_eq!(found, [of(1, 4.0), of(2, 11.0 / 3.0), of(1, 11.0 / 3.0)]);
        let weighted = Points::new(&[0.0, 2.0, 8.0, 10.0], 1).weighted(Some(&[3.0, 1.0, 1.0, 1.0]));
        // Means 0.5 and 9, widths (3 · 0.5 + 1.5) / 4 = 0.75 and 1.
        assert_eq!(separations(weighted, &[0, 0, 1, 1], 2)[0], of(1, 8.5 / 1.75));
    }

    #[test]
    fn what_has_no_width_or_no_neighbour_has_no_separation() {
        let points = Points::new(&[1.0, 1.0, 5.0], 1);
        assert_eq!(separations(points, &[0, 0, 0], 1), [None]);
        assert_eq!(separations(points, &[0, 0, 1], 2), [None, None]);
    }
}
