//! Bad input of every kind, one test each: a clear message and nothing stored, or the bad rows
//! refused and counted and the rest used; never a panic.

mod arguments;
mod campaigns;
mod configuration;
mod costs;
mod dates;
mod features;
mod files;
mod interactions;
mod layers;
mod own_tables;
mod parquet;
mod rows;
mod rubbish;
mod select;
mod store;
mod tables;
mod track;
