//! Arguments -> commands -> exit code. The only room that prints and reads the clock.
//!
//! Exit codes: 0 done; 1 the input, configuration or data is at fault; 2 wrong usage; 3 done,
//! but something that was to be checked did not hold; 4 a fault of segtrail.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this is the room that prints and reads the clock"
)]

mod agreement;
mod args;
mod assignments;
mod cluster;
mod clv;
mod compare;
mod drifted;
mod export;
mod forecast;
mod gate;
mod init;
mod judgement;
mod label;
mod output;
mod overview;
mod registry;
mod report;
mod run;
mod runs;
mod scheduled;
mod show;
mod simulate;
mod speech;
mod stability;
mod taxonomies;
mod trail;
mod watch;
mod ways;
mod why;
mod words;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser;

use self::args::{Args, Command};
use self::output::Output;
use crate::error::Error;

const INPUT: u8 = 1;
const USAGE: u8 = 2;
const NOT_HELD: u8 = 3;
const INTERNAL: u8 = 4;

/// Why a command did not end with 0.
pub(crate) enum Failure {
    /// A room's fault.
    Error(Error),
    /// Wrong usage that clap cannot see.
    Usage(String),
    /// Done, but something that was to be checked did not hold; all has been said.
    NotHeld,
    /// The output cannot be written.
    Output(std::io::Error),
    /// The reader of the output went away.
    Closed,
}

impl<E: Into<Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure::Error(error.into())
    }
}

pub(crate) type Outcome = Result<(), Failure>;

/// What is at fault; of `cluster`, which has no configuration, by its options instead of keys.
fn told(command: &Command, error: &Error) -> String {
    match (command, error) {
        (Command::Cluster(_), Error::Cluster(error)) => cluster::in_options(&error.to_string()),
        _ => error.to_string(),
    }
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are no errors; clap prints them to stdout.
            let code = if error.use_stderr() { USAGE } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    threads(args.common.threads);
    quiet_panics();
    let output = Output::new(&args.common);
    let outcome = catch_unwind(AssertUnwindSafe(|| dispatch(&args, &output)));
    ExitCode::from(match outcome {
        Ok(Ok(())) | Ok(Err(Failure::Closed)) => 0,
        Ok(Err(Failure::NotHeld)) => NOT_HELD,
        Ok(Err(Failure::Usage(message))) => {
            output.error(&message);
            USAGE
        }
        Ok(Err(Failure::Output(error))) => {
            output.error(&format!(
                "the output cannot be written ({error}). Free space, or send it elsewhere"
            ));
            INPUT
        }
        Ok(Err(Failure::Error(error))) => {
            output.error(&told(&args.command, &error));
            if error.is_internal() { INTERNAL } else { INPUT }
        }
        Err(panic) => {
            let text = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("no further word");
            output.error(&format!(
                "segtrail has a fault of its own: {text}. Nothing was stored. Please report it \
                 with the command and the configuration"
            ));
            INTERNAL
        }
    })
}

fn dispatch(args: &Args, output: &Output) -> Outcome {
    let common = &args.common;
    match &args.command {
        Command::Run(args) => run::run(args, common, output),
        Command::Runs(args) => runs::run(args, common, output),
        Command::Show(args) => show::run(args, common, output),
        Command::Compare(args) => compare::run(args, common, output),
        Command::Trail(args) => trail::run(args, common, output),
        Command::Forecast(args) => forecast::run(args, common, output),
        Command::Export(args) => export::run(args, common, output),
        Command::Watch(args) => scheduled::run(args, common, output),
        Command::Promote(args) => registry::promote(args, common, output),
        Command::Rollback(args) => registry::rollback(args, common, output),
        Command::Prune(args) => registry::prune(args, common, output),
        Command::Report(args) => report::run(args, common, output),
        Command::Cluster(args) => cluster::run(args, common, output),
        Command::Clv(args) => clv::run(args, common, output),
        Command::Label(args) => label::run(args, common, output),
        Command::Why(args) => why::run(args, common, output),
        Command::Simulate(args) => simulate::run(args, common, output),
        Command::Init(args) => init::run(args, common, output),
        Command::Completions(args) => {
            let script = args::completions(args.shell);
            if output.json {
                let shell = args.shell.to_string();
                return output.document(&serde_json::json!({ "shell": shell, "script": script }));
            }
            output.text(&script)
        }
    }
}

/// Both thread pools, before either is used.
fn threads(count: Option<usize>) {
    if let Some(count) = count {
        // SAFETY: no other thread runs yet; polars reads the variable when its pool starts.
        #[allow(unsafe_code)]
        unsafe {
            std::env::set_var("POLARS_MAX_THREADS", count.to_string());
        }
        // Fails only where the pool exists already, which nothing has done before.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(count).build_global();
    }
}

/// Panics are caught and told in one line: of polars over a broken file, or of segtrail.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|_| ()));
}
