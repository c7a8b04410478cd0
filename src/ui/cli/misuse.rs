//! A command line that is not valid, said as every other error is.

use clap::CommandFactory as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::message::{Message, message};
use crate::policy::levels;
use crate::ui::period::PeriodError;
use crate::ui::{Exit, Failure, entered};

/// What is wrong with the command line; nothing where the error is an answer, such as help or the version.
pub(super) fn failure(error: &clap::Error) -> Option<Failure> {
    let message = match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::Io
        | ErrorKind::Format => return None,
        ErrorKind::UnknownArgument => message!("cli-line-unknown", given = given(error, ContextKind::InvalidArg)),
        ErrorKind::InvalidSubcommand => {
            message!("cli-line-no-command", given = given(error, ContextKind::InvalidSubcommand))
        }
        ErrorKind::MissingSubcommand => message!("cli-line-command-missing"),
        ErrorKind::MissingRequiredArgument => {
            message!("cli-line-missing", given = given(error, ContextKind::InvalidArg))
        }
        ErrorKind::ArgumentConflict if same(error) => {
            message!("cli-line-twice", given = given(error, ContextKind::InvalidArg))
        }
        ErrorKind::ArgumentConflict => {
            let (given, other) = (given(error, ContextKind::InvalidArg), given(error, ContextKind::PriorArg));
            message!("cli-line-conflict", given = given, other = other)
        }
        ErrorKind::InvalidUtf8 => message!("cli-line-not-utf8"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation | ErrorKind::TooManyValues => {
            let (argument, value) = (given(error, ContextKind::InvalidArg), given(error, ContextKind::InvalidValue));
            if value.is_empty() {
                message!("cli-line-value-missing", given = argument)
            } else {
                message!("cli-line-value", given = argument, value = value)
            }
        }
        _ => message!("cli-line-values", given = given(error, ContextKind::InvalidArg)),
    };
    let failure = Failure::new(Exit::Invalid, "command-line", message);
    Some(match help(error) {
        Some(help) => failure.help(help),
        None => failure,
    })
}

/// What somebody may have meant, what fits, or how the command is written.
fn help(error: &clap::Error) -> Option<Message> {
    if error.kind() == ErrorKind::InvalidSubcommand {
        let elsewhere = elsewhere(&given(error, ContextKind::InvalidSubcommand));
        if let [command] = elsewhere.as_slice() {
            return Some(message!("source-did-you-mean", word = command.as_str()));
        }
        if !elsewhere.is_empty() {
            let all: Vec<String> = elsewhere.iter().map(|command| format!("`{command}`")).collect();
            return Some(message!("source-one-of", words = all.join(", ")));
        }
    }
    for kind in [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue] {
        if let Some(word) = words(error, kind).into_iter().next() {
            return Some(message!("source-did-you-mean", word = word));
        }
    }
    let fitting = words(error, ContextKind::ValidValue);
    if !fitting.is_empty() {
        let fitting: Vec<String> = fitting.iter().map(|word| format!("`{word}`")).collect();
        return Some(message!("source-one-of", words = fitting.join(", ")));
    }
    let argument = given(error, ContextKind::InvalidArg);
    if error.kind() == ErrorKind::ValueValidation && argument.contains("RUN") {
        return Some(message!("cli-unknown-run-help"));
    }
    if error.kind() == ErrorKind::ValueValidation && argument.contains("PLAYBOOK") {
        return Some(message!("cli-unknown-playbook-help"));
    }
    if error.kind() == ErrorKind::ValueValidation
        && let Some(form) = form(&argument, error)
    {
        return Some(form);
    }
    let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) else { return None };
    let usage = usage.to_string();
    let line = usage.split_once(':').map_or(usage.as_str(), |(_, line)| line).trim();
    // `ungpho drill [OPTIONS] …`: the command's own name is as far as its arguments begin.
    let command: Vec<&str> =
        line.split_whitespace().take_while(|word| !word.starts_with(['[', '<', '-', '('])).collect();
    Some(message!("cli-line-help", command = command.join(" ")))
}

/// Commands of that name below another: `ungpho calendar` is `ungpho report calendar`.
fn elsewhere(word: &str) -> Vec<String> {
    let cli = super::Cli::command();
    let below = cli.get_subcommands().filter(|command| command.find_subcommand(word).is_some());
    below.map(|command| format!("ungpho {} {word}", command.get_name())).collect()
}

/// How a value is written whose name stands in `argument`, such as `--on <DATE>`.
fn form(argument: &str, error: &clap::Error) -> Option<Message> {
    let (_, name) = argument.split_once(['<', '['])?;
    let name = name.split(['>', ']']).next()?;
    Some(match name {
        "DATE" | "DAY" => {
            let told = entered::no_such_day(&given(error, ContextKind::InvalidValue));
            told.unwrap_or(message!("cli-value-day-help"))
        }
        "FROM..TO" => period(error),
        "RECORD" => message!("cli-value-record-help"),
        "NUMBER" if argument.starts_with("--number") => message!("cli-value-document-number-help"),
        "N" | "NUMBER" | "YEAR" | "1..5" => match range(error) {
            Some((from, to)) => message!("cli-value-range-help", from = from, to = to),
            None => message!("cli-value-number-help"),
        },
        "N%" => message!("cli-value-percent-help"),
        "RATE" | "SIZE" => message!("cli-value-size-help"),
        "SYSTEM" => message!("systems-unknown-help"),
        "NAME" | "EXERCISE" | "PLAN" | "SCENARIO" => message!("cli-value-name-help"),
        _ => return None,
    })
}

/// What is wrong with a period, as far as it was understood.
fn period(error: &clap::Error) -> Message {
    let why = std::error::Error::source(error).and_then(|source| source.downcast_ref::<PeriodError>());
    match why {
        Some(PeriodError::NoSuchDay(text)) => {
            let told = entered::no_such_day(text);
            told.unwrap_or_else(|| message!("cli-value-not-in-calendar", text = text.as_str()))
        }
        Some(PeriodError::Exchanged { from, to }) => {
            message!("cli-value-exchanged", from = levels::day(*from), to = levels::day(*to))
        }
        Some(PeriodError::Unreadable) | None => message!("cli-value-period-help"),
    }
}

/// The first and the last number that fit: clap says `99 is not in 1..=36`.
fn range(error: &clap::Error) -> Option<(String, String)> {
    let source = std::error::Error::source(error)?.to_string();
    let (from, to) = source.rsplit(' ').next()?.split_once("..=")?;
    Some((from.to_owned(), to.to_owned()))
}

fn given(error: &clap::Error, kind: ContextKind) -> String {
    words(error, kind).join(", ")
}

fn words(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
        _ => Vec::new(),
    }
}

/// Whether an argument that may stand once stands twice.
fn same(error: &clap::Error) -> bool {
    let prior = words(error, ContextKind::PriorArg);
    prior.is_empty() || prior == words(error, ContextKind::InvalidArg)
}
