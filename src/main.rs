//! Parses the arguments, sets up the log and calls the command.

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    keniki::cli::run(&keniki::cli::Arguments::parse())
}
