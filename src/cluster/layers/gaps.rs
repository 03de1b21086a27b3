//! A layered model and a table -> what assigning has to do without.
//!
//! A feature of several layers of a stage counts once there. A stage that the fit did not meet, and
//! a string that it did not, are told with how many customers they concern.

use super::assign::{rows_by_stage, stage_rows};
use super::model::LayeredModel;
use super::space::subset;
use crate::cluster::prepare::gaps as gaps_of;
use crate::cluster::{ClusterError, FittedFeature, Gaps};
use crate::features::FeatureTable;

/// What the layers of `model` have to do without in `table`.
pub(in crate::cluster) fn gaps(
    model: &LayeredModel,
    table: &FeatureTable,
) -> Result<Gaps, ClusterError> {
    let mut found = Gaps::default();
    let stages = model.lifecycle.stages(&table.columns)?;
    for (stage, rows) in rows_by_stage(&stages) {
        let layers = model.stage(stage)?;
        if layers.stage != stage {
            found.elsewhere.insert(stage.to_string(), rows.len());
        }
        let mut of_stage = Gaps::default();
        for layer in &layers.layers {
            let names: Vec<&str> = layer.features.iter().map(FittedFeature::name).collect();
            let own = gaps_of(&(&subset(table, &rows, &names)).into(), &layer.features)?;
            of_stage.filled.extend(own.filled);
            of_stage.missing.extend(own.missing);
            of_stage.unseen.extend(own.unseen);
        }
        for (feature, count) in of_stage.filled {
            *found.filled.entry(feature).or_default() += count;
        }
        for (feature, count) in of_stage.missing {
            *found.missing.entry(feature).or_default() += count;
        }
        for (feature, levels) in of_stage.unseen {
            let all = found.unseen.entry(feature).or_default();
            levels.into_iter().for_each(|(level, count)| *all.entry(level).or_default() += count);
        }
        let rows = stage_rows(&layers.layers, table, &rows)?;
        for row in 0..rows.n {
            let string = rows.string(rows.code(row));
            if layers.strings.binary_search_by(|known| known.string.cmp(&string)).is_err() {
                let classes: Vec<String> = (layers.layers.iter().zip(&string))
                    .map(|(layer, class)| format!("{} {class}", layer.layer))
                    .collect();
                let name = format!("{stage}: {}", classes.join(", "));
                *found.elsewhere.entry(name).or_default() += 1;
            }
        }
    }
    Ok(found)
}
