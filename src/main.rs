//! The program: see the library's `cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    segtrail::cli::main()
}
