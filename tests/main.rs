//! The integration tests: the program as a user runs it, in one binary so that polars is linked
//! once.

mod bad_input;
mod commands;
mod complete_journey;
mod determinism;
mod future;
mod ground_truth;
mod kill;
mod online_retail;
mod support;
mod walls;
