//! The environment, read once.

use std::env;
use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;

use super::cli::Global;
use super::{Color, Context, Exit, Failure};
use crate::message::{Lang, message};
use crate::model::Actor;
use crate::probe::{SetClock, SystemClock};

/// Reads what the command line leaves open from the environment.
///
/// # Errors
///
/// A value that is not valid, with a context that is good enough to say so.
pub(super) fn read(global: &Global) -> Result<Context, Box<(Failure, Context)>> {
    let lang = global.lang.unwrap_or_else(language);
    let stderr = coloured(global.color, std::io::stderr().is_terminal());
    let stdout = coloured(global.color, std::io::stdout().is_terminal());
    let mut context = Context {
        lang,
        color: stderr,
        color_out: stdout,
        quiet: global.quiet,
        workspace: global.workspace.clone(),
        folder: env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
        actor: user(),
        clock: Arc::new(SystemClock::new()),
        keys: keys(),
        lost: Arc::default(),
    };
    if let Some(text) = global.actor.clone().or_else(|| variable("UNGPHO_AS")) {
        let Ok(actor) = text.parse::<Actor>() else {
            let failure = Failure::new(Exit::Invalid, "invalid-person", message!("cli-invalid-person", person = text));
            return Err(Box::new((failure, context)));
        };
        context.actor = actor;
    }
    if let Some(text) = variable("UNGPHO_TEST_CLOCK") {
        let Ok(stamp) = text.parse() else {
            let failure = Failure::new(Exit::Invalid, "invalid-time", message!("cli-invalid-time", time = text));
            return Err(Box::new((failure, context)));
        };
        context.clock = Arc::new(SetClock::running(stamp));
    }
    Ok(context)
}

/// The language in which to speak of the command line itself, before it is understood.
pub(super) fn language_of(arguments: &[OsString]) -> Lang {
    let words: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
    let given = words.iter().enumerate().find_map(|(place, word)| {
        word.strip_prefix("--lang=").or_else(|| if *word == "--lang" { words.get(place + 1).copied() } else { None })
    });
    match given {
        Some("vi") => Lang::Vi,
        Some("en") => Lang::En,
        _ => language(),
    }
}

/// The folder of this program, where the shell would not find it by its name.
pub(super) fn unlisted_folder() -> Option<PathBuf> {
    let folder = env::current_exe().ok()?.parent()?.to_path_buf();
    let listed = env::split_paths(&env::var_os("PATH")?).any(|listed| listed == folder);
    if listed { None } else { Some(folder) }
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

/// `UNGPHO_LANG`, else the locale; Vietnamese where neither names a language.
fn language() -> Lang {
    for name in ["UNGPHO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] {
        let Some(value) = variable(name) else { continue };
        let word = value.split(['_', '.', '-', '@']).next().unwrap_or_default();
        match word {
            "vi" => return Lang::Vi,
            "en" => return Lang::En,
            _ => {}
        }
    }
    Lang::Vi
}

fn coloured(color: Color, terminal: bool) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            terminal && variable("NO_COLOR").is_none() && variable("TERM").is_none_or(|terminal| terminal != "dumb")
        }
    }
}

/// The user's name, with what an actor's id cannot hold replaced.
fn user() -> Actor {
    let name = variable("USER").or_else(|| variable("LOGNAME")).unwrap_or_else(|| "operator".to_owned());
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-') { c } else { '_' })
        .take(64)
        .collect();
    // `variable` never gives an empty text.
    plain.parse().expect("one to 64 of the letters that an actor may have")
}

fn keys() -> PathBuf {
    if let Some(folder) = variable("UNGPHO_KEYS") {
        return PathBuf::from(folder);
    }
    let data = variable("XDG_DATA_HOME").map_or_else(
        || {
            let home = variable("HOME").map_or_else(|| PathBuf::from("/"), PathBuf::from);
            home.join(".local/share")
        },
        PathBuf::from,
    );
    data.join("ungpho/keys")
}
