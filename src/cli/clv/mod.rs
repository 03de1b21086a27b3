//! `segtrail clv`: models of customer value by themselves, and held against what came after.

mod fit;
mod validate;

use super::Outcome;
use super::args::{ClvArgs, ClvCommand, Common};
use super::output::Output;

pub(super) fn run(args: &ClvArgs, common: &Common, output: &Output) -> Outcome {
    match &args.command {
        ClvCommand::Fit(args) => fit::run(args, output),
        ClvCommand::Validate(args) => validate::run(args, common, output),
    }
}
