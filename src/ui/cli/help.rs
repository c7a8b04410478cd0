//! `--help` in Vietnamese. The English text stands in the commands' own definitions.

use clap::{Arg, ArgAction, Command};

use crate::message::{Lang, help};

/// The command line in `lang`.
pub(super) fn localized(command: Command, lang: Lang) -> Command {
    match lang {
        Lang::En => command,
        Lang::Vi => vietnamese(command, ""),
    }
}

fn vietnamese(command: Command, path: &str) -> Command {
    let mut command = command.disable_help_flag(true).disable_version_flag(true).disable_help_subcommand(true);
    if let Some(text) = help(&format!("help{path}")) {
        command = command.about(text);
    }
    command = command.long_about(None);
    if let Some(example) = command.get_after_help().map(ToString::to_string) {
        command = command.after_help(example.replacen("Example:", "Ví dụ:", 1));
    }
    let prefix = path.to_owned();
    let mut places = 0..;
    command = command.mut_args(move |arg| {
        // Under a heading of their own they would stand in the order of their names.
        let arg = if arg.is_positional() { arg.display_order(places.next().unwrap_or_default()) } else { arg };
        let heading = match (arg.is_positional(), arg.is_global_set()) {
            (true, _) => "Đối số",
            (false, false) => "Tùy chọn",
            (false, true) => "Tùy chọn chung",
        };
        // What fits and what holds by default is said by the text.
        let arg = arg.help_heading(heading);
        let arg =
            if arg.get_action().takes_values() { arg.hide_possible_values(true).hide_default_value(true) } else { arg };
        match help(&argument_id(&prefix, &arg)) {
            Some(text) => arg.help(text).long_help(None),
            None => arg,
        }
    });
    command = command.arg(
        Arg::new("help")
            .short('h')
            .long("help")
            .action(ArgAction::Help)
            .help("In hướng dẫn này")
            .help_heading("Tùy chọn chung"),
    );
    if path.is_empty() {
        command = command.arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help("In phiên bản")
                .help_heading("Tùy chọn chung"),
        );
    }
    command
        .subcommand_help_heading("Lệnh")
        .subcommand_value_name("LỆNH")
        .help_template("{about-with-newline}\nCách dùng: {usage}\n\n{all-args}{after-help}\n")
        .mut_subcommands(|inner| {
            let name = inner.get_name().to_owned();
            vietnamese(inner, &format!("{path}-{name}"))
        })
}

/// Arguments that every command takes have one text for all.
fn argument_id(path: &str, arg: &Arg) -> String {
    let id = arg.get_id().as_str().replace('_', "-");
    if arg.is_global_set() { format!("help--{id}") } else { format!("help{path}--{id}") }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    fn missing(command: &Command, path: &str, found: &mut Vec<String>) {
        let mut need = |id: String| {
            if help(&id).is_none() {
                found.push(id);
            }
        };
        need(format!("help{path}"));
        for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
            need(argument_id(path, arg));
        }
        for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
            missing(inner, &format!("{path}-{}", inner.get_name()), found);
        }
    }

    #[test]
    fn every_command_and_argument_has_its_vietnamese_help() {
        let mut found = Vec::new();
        missing(&super::super::Cli::command(), "", &mut found);
        assert!(found.is_empty(), "not in src/message/vi/help.ftl:\n{}", found.join("\n"));
    }
}
