//! Rows of a stage in the spaces of its layers: what each layer's matrix and assignment say of a
//! row, and what they say together.
//!
//! The joined space of a stage has the columns of all its layers, one after the other, as each
//! layer transforms, scales and weighs them; a feature of two layers counts in both.

use std::collections::BTreeMap;

use super::merge::Group;
use crate::cluster::kernel::{Points, squared_distance};
use crate::cluster::{Assignments, ClusterError, Clusters};
use crate::features::{AttributeColumn, FeatureColumn, FeatureTable};

/// The rows `rows` of `table` with the features `names` alone, those that it has.
pub(in crate::cluster) fn subset(
    table: &FeatureTable,
    rows: &[usize],
    names: &[&str],
) -> FeatureTable {
    let columns = table.columns.iter().filter(|column| names.contains(&column.name.as_str()));
    let attributes = table.attributes.iter().filter(|a| names.contains(&a.name.as_str()));
    FeatureTable {
        customers: rows.iter().map(|&row| table.customers[row].clone()).collect(),
        columns: columns
            .map(|column| FeatureColumn {
                name: column.name.clone(),
                unit: column.unit,
                values: rows.iter().map(|&row| column.values[row]).collect(),
            })
            .collect(),
        attributes: attributes
            .map(|attribute| AttributeColumn {
                name: attribute.name.clone(),
                values: rows.iter().map(|&row| attribute.values[row].clone()).collect(),
            })
            .collect(),
        ..FeatureTable::default()
    }
}

/// The rows of one stage under one layer.
pub(super) struct LayerRows {
    /// n x p values of the layer's space.
    pub values: Vec<f64>,
    pub p: usize,
    /// Classes of the layer.
    pub k: usize,
    pub assignments: Assignments,
}

impl LayerRows {
    /// Membership of `row` in the second class over that in the first.
    pub(super) fn second(&self, row: usize) -> f64 {
        let own = self.assignments.membership[row];
        let other = own - self.assignments.margin[row];
        if own > 0.0 { other / own } else { 1.0 }
    }
}

/// The rows of one stage under all its layers.
pub(super) struct StageRows {
    pub n: usize,
    pub layers: Vec<LayerRows>,
}

/// A string as a number: its classes, from 0, as digits to the base of each layer's k.
pub(super) type Code = u128;

impl StageRows {
    /// The string of `row` as a number.
    pub(super) fn code(&self, row: usize) -> Code {
        self.layers.iter().fold(0, |code, layer| {
            code * layer.k as Code + Code::from(layer.assignments.cluster[row])
        })
    }

    /// The strings that occur, ascending, with the place of each among them.
    pub(super) fn codes(&self) -> (Vec<Code>, Vec<u32>) {
        let codes: Vec<Code> = (0..self.n).map(|row| self.code(row)).collect();
        let mut places: BTreeMap<Code, u32> = codes.iter().map(|&code| (code, 0)).collect();
        let distinct: Vec<Code> = places.keys().copied().collect();
        for (place, value) in places.values_mut().enumerate() {
            *value = place as u32;
        }
        let place = codes.iter().map(|code| places[code]).collect();
        (distinct, place)
    }

    /// The classes of `code`, from 1.
    pub(super) fn string(&self, code: Code) -> Vec<u32> {
        string_of(code, self.layers.iter().map(|layer| layer.k))
    }

    /// The rows in the joined space: n rows of the columns of all layers.
    pub(super) fn joined(&self) -> Vec<f64> {
        let p: usize = self.layers.iter().map(|layer| layer.p).sum();
        let mut values = Vec::with_capacity(self.n * p);
        for row in 0..self.n {
            for layer in &self.layers {
                values.extend_from_slice(&layer.values[row * layer.p..(row + 1) * layer.p]);
            }
        }
        values
    }

    /// Size and mean in the joined space of the rows of each of `k` places.
    pub(super) fn groups(&self, place: &[u32], k: usize) -> Vec<Group> {
        let p: usize = self.layers.iter().map(|layer| layer.p).sum();
        let mut groups = vec![Group { customers: 0, centroid: vec![0.0; p] }; k];
        for &at in place {
            groups[at as usize].customers += 1;
        }
        let mut from = 0;
        for layer in &self.layers {
            for (row, &at) in layer.values.chunks_exact(layer.p).zip(place) {
                let sums = &mut groups[at as usize].centroid[from..from + layer.p];
                sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
            }
            from += layer.p;
        }
        for group in &mut groups {
            let n = group.customers.max(1) as f64;
            group.centroid.iter_mut().for_each(|sum| *sum /= n);
        }
        groups
    }

    /// The chance that `row` is noise in some layer, these taken as independent.
    pub(super) fn noise(&self, row: usize) -> f64 {
        let noises = self.layers.iter().filter_map(|layer| layer.assignments.noise.get(row));
        1.0 - noises.map(|noise| 1.0 - noise).product::<f64>()
    }

    /// How surely `row` has its string, and by how much more surely than any other: the product of
    /// the memberships of the layers, taken as independent; the runner-up differs in the one layer
    /// where the second class comes closest to the first.
    pub(super) fn certainty(&self, row: usize) -> (f64, f64) {
        let (mut membership, mut second) = (1.0, 0.0_f64);
        for layer in &self.layers {
            membership *= layer.assignments.membership[row];
            second = second.max(layer.second(row));
        }
        (membership, membership * (1.0 - second))
    }
}

/// The classes of `code`, from 1, under layers of so many classes each.
pub(super) fn string_of(code: Code, classes: impl DoubleEndedIterator<Item = usize>) -> Vec<u32> {
    let mut rest = code;
    let mut string: Vec<u32> = classes
        .rev()
        .map(|k| {
            let class = rest % k as Code;
            rest /= k as Code;
            class as u32 + 1
        })
        .collect();
    string.reverse();
    string
}

/// Index of the centroid nearest to the point at which the centres of the classes of `string` (from
/// 1) lie in the joined space; ties go to the first.
pub(super) fn nearest_to_string<'a>(
    layers: impl Iterator<Item = &'a Clusters>,
    string: &[u32],
    centroids: &[(u32, &[f64])],
) -> Result<u32, ClusterError> {
    let mut point = Vec::new();
    for (clusters, &class) in layers.zip(string) {
        let centre = clusters.centres().get(class as usize - 1);
        point.extend_from_slice(centre.ok_or(ClusterError::UnusableModel)?);
    }
    let distance = |at: &[f64]| squared_distance(&point, at);
    centroids
        .iter()
        .min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)))
        .map(|&(segment, _)| segment)
        .ok_or(ClusterError::UnusableModel)
}

/// The values of `points` in the rows named, as points of their own.
pub(super) fn gathered(values: &[f64], p: usize, rows: &[usize]) -> Vec<f64> {
    Points::new(values, p).gather(rows)
}
