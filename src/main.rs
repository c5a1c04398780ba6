//! Parses the arguments, sets up the log and calls the command.

use std::process::ExitCode;

fn main() -> ExitCode {
    match keniki::cli::arguments() {
        Ok(arguments) => keniki::cli::run(&arguments),
        Err(code) => code,
    }
}
