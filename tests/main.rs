//! The integration tests: the program as a user runs it, in one binary so that polars is linked
//! once.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "tests write and read files, say why they skip, and a failed unwrap is a failed test"
)]

mod bad_input;
mod benchmarks;
mod commands;
mod complete_journey;
mod determinism;
mod future;
mod ground_truth;
mod hysteresis;
mod inputs;
mod judgement;
mod kill;
mod layers;
mod lifecycle;
mod movement;
mod number_of_segments;
mod online_retail;
mod recovery;
mod registry;
mod scripted_history;
mod support;
mod taxonomies;
mod twelve_months;
mod wallet;
mod walls;
