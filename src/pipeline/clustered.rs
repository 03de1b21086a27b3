//! Features of a month's customers -> their segments, as the configuration asks for them.

use super::Watch;
use super::record::Previous;
use crate::cluster::{self, Fitted};
use crate::config::Loaded;
use crate::error::Error;
use crate::features::FeatureTable;

/// The segments of `table`, flat or by layers, held against the run before.
pub(super) fn clustered(
    loaded: &Loaded,
    table: &FeatureTable,
    before: Option<&Previous>,
    watch: &dyn Watch,
) -> Result<Fitted, Error> {
    let config = &loaded.config;
    let (seed, progress) = (config.seed, |done, total| watch.progress(done, total));
    let earlier = before.and_then(|before| before.earlier(&table.customers));
    if let Some(layers) = config.layers_params() {
        return Ok(cluster::fit_layers(table, &layers, seed, earlier.as_ref(), &progress)?);
    }
    let (rows, params) = (table.into(), config.cluster_params());
    Ok(cluster::fit_after(&rows, &params, seed, earlier.as_ref(), &progress)?)
}
