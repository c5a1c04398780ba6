//! How the program is called: the arguments, and help and mistakes in Japanese where clap speaks English.

use super::{Arguments, BAD_INPUT};
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory, FromArgMatches};
use std::error::Error as _;
use std::process::ExitCode;

const TEMPLATE: &str = "{about-with-newline}\n使い方: {usage}\n\n{all-args}\n";

/// The arguments of this run.
///
/// # Errors
/// With help and version, which are printed, and with arguments that cannot be understood, which are told, the
/// code with which the program ends.
pub fn arguments() -> Result<Arguments, ExitCode> {
    let matches = in_japanese(Arguments::command()).try_get_matches();
    let arguments = matches.and_then(|matches| Arguments::from_arg_matches(&matches));
    arguments.map_err(|error| {
        if error.use_stderr() && error.kind() != ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
            eprintln!("エラー: {}", told(&error));
            return ExitCode::from(BAD_INPUT);
        }
        // Where nobody reads it, nothing can be done about it.
        let _ = error.print();
        if error.use_stderr() { ExitCode::from(BAD_INPUT) } else { ExitCode::SUCCESS }
    })
}

fn in_japanese(command: Command) -> Command {
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
    let command = command
        .help_template(TEMPLATE)
        .subcommand_help_heading("命令")
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .arg(help.help("使い方を表示する"))
        .mut_args(|arg| {
            let heading = if arg.is_positional() { "引数" } else { "指定" };
            arg.help_heading(heading)
        });
    if command.get_version().is_none() {
        return command.mut_subcommands(in_japanese);
    }
    let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
    let version = version.help("版を表示する").help_heading("指定");
    command.disable_version_flag(true).arg(version).mut_subcommands(in_japanese)
}

/// What is wrong with the arguments, and how the command is written.
fn told(error: &Error) -> String {
    let of = |kind| error.get(kind).map(words).unwrap_or_default();
    let (argument, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    let meant = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand].map(of).concat();
    let meant = if meant.is_empty() {
        meant
    } else {
        format!("（「{meant}」のことではありませんか）")
    };
    let what = match error.kind() {
        ErrorKind::UnknownArgument => format!("「{argument}」という指定はありません{meant}"),
        ErrorKind::InvalidSubcommand => {
            format!("「{}」という命令はありません{meant}", of(ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => format!("{argument} を書いてください"),
        ErrorKind::MissingSubcommand => "命令を書いてください".to_owned(),
        ErrorKind::ArgumentConflict => {
            format!("「{argument}」と「{}」は一緒に使えません", of(ContextKind::PriorArg))
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if value.is_empty() => {
            format!("「{argument}」に値がありません")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let known = of(ContextKind::ValidValue);
            let known = if known.is_empty() { known } else { format!("使えるもの: {known}") };
            let why = error.source().map_or(known, ToString::to_string);
            format!("「{argument}」に「{value}」は使えません（{why}）")
        }
        _ => format!("「{argument}」の書き方が違います"),
    };
    let usage = error.get(ContextKind::Usage).map(words).unwrap_or_default();
    let usage = usage.trim().trim_start_matches("Usage:").trim_start();
    let usage = if usage.is_empty() { String::new() } else { format!("\n使い方: {usage}") };
    format!("{what}{usage}\n詳しくは --help をつけて実行してください")
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(several) => several.join("、"),
        ContextValue::StyledStrs(several) => {
            several.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")
        }
        one => one.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(arguments: &[&str]) -> String {
        let all = ["keniki"].iter().chain(arguments);
        told(&in_japanese(Arguments::command()).try_get_matches_from(all).expect_err("a mistake"))
    }

    #[test]
    fn the_arguments_are_sound() {
        in_japanese(Arguments::command()).debug_assert();
    }

    #[test]
    fn mistakes_are_told_in_japanese_with_what_to_write() {
        let plan = said(&["plan", "study.toml"]);
        assert!(plan.starts_with("--out <OUT> を書いてください\n使い方: keniki plan "), "{plan}");
        assert!(said(&["plan", "s.toml", "--uot", "x"]).starts_with("「--uot」という指定はありません"));
        let near = said(&["plam"]);
        assert!(
            near.starts_with("「plam」という命令はありません（「plan」のことではありませんか）"),
            "{near}"
        );
        let port = said(&["serve", "x", "--port", "70000"]);
        assert!(port.starts_with("「--port <PORT>」に「70000」は使えません（"), "{port}");
        let none = said(&["serve", "x", "--port"]);
        assert!(none.starts_with("「--port <PORT>」に値がありません"), "{none}");
        let seconds = said(&["fetch", "--list", "--timeout", "0"]);
        assert!(seconds.contains("0.01 から 3600 までの秒数を書いてください"), "{seconds}");
    }

    #[test]
    fn the_help_has_no_english_headings() {
        let help = in_japanese(Arguments::command()).render_long_help().to_string();
        assert!(
            help.contains("使い方: keniki") && help.contains("命令:") && help.contains("指定:"),
            "{help}"
        );
        for word in ["Usage", "Commands", "Options", "Print ", "Workbench"] {
            assert!(!help.contains(word), "{word}: {help}");
        }
    }
}
