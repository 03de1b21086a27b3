//! One variant a room; whose fault it is decides the exit code.

use thiserror::Error;

use crate::cluster::ClusterError;
use crate::config::ConfigError;
use crate::export::ExportError;
use crate::features::FeatureError;
use crate::ingest::IngestError;
use crate::label::LabelError;
use crate::report::ReportError;
use crate::simulate::SimulateError;
use crate::store::StoreError;
use crate::track::TrackError;

/// Any fault of a command.
#[derive(Debug, Error)]
pub enum Error {
    /// Of the configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Of the input files.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// Of the feature stage.
    #[error(transparent)]
    Feature(#[from] FeatureError),
    /// Of clustering.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// Of naming.
    #[error(transparent)]
    Label(#[from] LabelError),
    /// Of tracking.
    #[error(transparent)]
    Track(#[from] TrackError),
    /// Of the run store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Of the report.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// Of exporting.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// Of simulating.
    #[error(transparent)]
    Simulate(#[from] SimulateError),
}

impl Error {
    /// Whether segtrail, not its input, is at fault.
    pub fn is_internal(&self) -> bool {
        matches!(
            self,
            Error::Track(_)
                | Error::Report(_)
                | Error::Store(StoreError::Encode { .. })
                | Error::Export(ExportError::Encode { .. })
        )
    }
}
