//! segtrail turns a company's transactions into named customer groups, month after month, and
//! keeps the trail: which segment each customer was in, who moved, and where to.
//!
//! ```text
//! segtrail.toml                 models/<series>/<run_id>/
//!      |                                   ^
//!   config          simulate               |
//!      |                |                  |
//!   pipeline: ingest -> features -> cluster -> label -> track -> report -> store
//!             files     one row a   segments   groups   trail    one       atomic
//!             rejects   customer                                 page
//! ```
//!
//! A room uses only rooms to its left; `pipeline` and `cli` use all. Start reading at
//! [`pipeline::run_month`]. The types that flow between rooms are checked when they are made, so
//! later rooms do not check again.
//!
//! # Example
//!
//! Clustering a table of one's own:
//!
//! ```
//! use segtrail::cluster::{
//!     self, BoundsParams, ClusterParams, Covariance, Engine, FeatureSpec, KChoice, KmeansOptions,
//!     Method, SelectParams, StabilityParams,
//! };
//! use segtrail::features::{FeatureColumn, FeatureTable, Unit};
//! use segtrail::types::{CustomerId, Seed};
//!
//! let spend = [5.0, 6.0, 7.0, 500.0, 550.0, 600.0];
//! let table = FeatureTable {
//!     customers: ["An", "Bình", "Chi", "Dũng", "Giang", "Hà"].map(CustomerId::from).to_vec(),
//!     columns: vec![FeatureColumn {
//!         name: "monetary_total".into(),
//!         unit: Unit::Money,
//!         values: spend.to_vec(),
//!     }],
//!     ..FeatureTable::default()
//! };
//! let params = ClusterParams {
//!     features: vec![FeatureSpec::new("monetary_total")],
//!     method: Method::Kmeans,
//!     engine: Engine::Segtrail,
//!     k: KChoice::Range(2, 4),
//!     restarts: 5,
//!     kmeans: KmeansOptions::default(),
//!     max_iterations: 100,
//!     tolerance: 1e-4,
//!     covariance_floor: 1e-6,
//!     covariances: vec![Covariance::Full],
//!     noise: false,
//!     bounds: BoundsParams::default(),
//!     bootstrap: 0,
//!     stability: StabilityParams::default(),
//!     select: SelectParams::default(),
//! };
//! let fitted = cluster::fit(&table, &params, Seed(1))?;
//! assert_eq!(fitted.assignments.cluster, [0, 0, 0, 1, 1, 1]);
//! # Ok::<(), segtrail::cluster::ClusterError>(())
//! ```

pub mod cli;
pub mod cluster;
pub mod config;
pub mod error;
pub mod export;
pub mod features;
pub mod ingest;
pub mod label;
pub mod math;
pub mod pipeline;
pub mod report;
pub mod run;
pub mod simulate;
pub mod store;
pub mod track;
pub mod types;
