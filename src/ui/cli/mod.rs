//! The command line: one file a command.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use super::{Color, Context, Exit, Failure, environment};
use crate::engine::State;
use crate::message::{Lang, message};
use crate::model::{RunId, RunState};

/// Run contingency and response playbooks, and keep the evidence
#[derive(Parser)]
#[command(name = "ungpho", version, propagate_version = true, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(clap::Args)]
#[command(next_help_heading = "General options")]
pub(super) struct Global {
    /// Speak this language; documents to be signed are in Vietnamese
    #[arg(long, global = true, value_name = "vi|en", value_parser = languages())]
    pub(super) lang: Option<Lang>,
    /// Colour the output
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t)]
    pub(super) color: Color,
    /// Leave out progress and notes
    #[arg(long, short, global = true)]
    pub(super) quiet: bool,
    /// Use the workspace in this folder
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) workspace: Option<PathBuf>,
    /// Act as this person (an id of people.yaml)
    #[arg(long = "as", global = true, value_name = "PERSON")]
    pub(super) actor: Option<String>,
}

impl Global {
    /// What is known where the command line is not understood.
    fn speaking(lang: Lang) -> Self {
        Self { lang: Some(lang), color: Color::Auto, quiet: false, workspace: None, actor: None }
    }
}

#[derive(Subcommand)]
enum Command {
    Try(try_drill::Args),
    Check(check::Args),
    Evidence(evidence::Args),
    Backup(backup::Args),
    Init(init::Args),
    Exercise(exercise::Args),
    Activity(activity::Args),
    Drill(drill::Args),
    Inject(inject::Args),
    Score(score::Args),
    Action(action::Args),
    AttackAction(attack_action::Args),
    StopWord(stop_word::Args),
    Reveal(reveal::Args),
    Respond(respond::Args),
    Attach(attach::Args),
    Status(status::Args),
    Due(due::Args),
    Pause(pause::Args),
    Resume(resume::Args),
    Stop(stop::Args),
    Join(join::Args),
    Leave(leave::Args),
    Replace(replace::Args),
    Handover(handover::Args),
    Confirm(confirm::Args),
    Note(note::Args),
    Answer(answer::Args),
    AttachFile(attach_file::Args),
    Mark(mark::Args),
    Classify(classify::Args),
    Notice(notice::Args),
    Sent(sent::Args),
    Correct(correct::Args),
    Conclude(conclude::Args),
    Void(void::Args),
    Sign(sign::Args),
    Record(record::Args),
    Ready(ready::Args),
    #[command(hide = true)]
    Loop(loop_process::Args),
    #[command(hide = true)]
    LoopGuard(loop_guard::Args),
    Lab(lab::Args),
    #[command(hide = true)]
    LabKeeper(lab::KeeperArgs),
    #[command(hide = true)]
    LabService(lab::ServiceArgs),
    #[command(hide = true)]
    LabOperate(lab::OperateArgs),
    Report(report::Args),
    Playbook(playbook::Args),
    Inventory(inventory::Args),
}

mod action;
mod activity;
mod answer;
mod attach;
mod attach_file;
mod attack_action;
mod backup;
mod cacao;
mod calendar;
mod carry_out;
mod check;
mod classify;
mod conclude;
mod confirm;
mod correct;
mod drill;
mod due;
mod due_page;
mod evidence;
mod exercise;
mod handover;
mod help;
mod init;
mod inject;
mod inventory;
mod join;
mod lab;
mod leave;
mod loop_guard;
mod loop_process;
mod mark;
mod misuse;
mod note;
mod notice;
mod pause;
mod playbook;
mod ready;
mod record;
mod replace;
mod report;
mod respond;
mod resume;
mod reveal;
mod score;
mod sent;
mod sign;
mod status;
mod stop;
mod stop_word;
mod try_drill;
mod void;

impl Command {
    fn run(&self, context: &Context) -> Result<Exit, Failure> {
        match self {
            Self::Try(args) => try_drill::run(args, context),
            Self::Check(args) => check::run(args, context),
            Self::Evidence(args) => evidence::run(args, context),
            Self::Backup(args) => backup::run(args, context),
            Self::Init(args) => init::run(args, context),
            Self::Exercise(args) => exercise::run(args, context),
            Self::Activity(args) => activity::run(args, context),
            Self::Drill(args) => drill::run(args, context),
            Self::Inject(args) => inject::run(args, context),
            Self::Action(args) => action::run(args, context),
            Self::Score(args) => score::run(args, context),
            Self::AttackAction(args) => attack_action::run(args, context),
            Self::StopWord(args) => stop_word::run(args, context),
            Self::Reveal(args) => reveal::run(args, context),
            Self::Respond(args) => respond::run(args, context),
            Self::Attach(args) => attach::run(args, context),
            Self::Status(args) => status::run(args, context),
            Self::Due(args) => due::run(args, context),
            Self::Pause(args) => pause::run(args, context),
            Self::Resume(args) => resume::run(args, context),
            Self::Stop(args) => stop::run(args, context),
            Self::Join(args) => join::run(args, context),
            Self::Leave(args) => leave::run(args, context),
            Self::Replace(args) => replace::run(args, context),
            Self::Handover(args) => handover::run(args, context),
            Self::Confirm(args) => confirm::run(args, context),
            Self::Note(args) => note::run(args, context),
            Self::Answer(args) => answer::run(args, context),
            Self::AttachFile(args) => attach_file::run(args, context),
            Self::Mark(args) => mark::run(args, context),
            Self::Classify(args) => classify::run(args, context),
            Self::Notice(args) => notice::run(args, context),
            Self::Sent(args) => sent::run(args, context),
            Self::Correct(args) => correct::run(args, context),
            Self::Conclude(args) => conclude::run(args, context),
            Self::Void(args) => void::run(args, context),
            Self::Sign(args) => sign::run(args, context),
            Self::Record(args) => record::run(args, context),
            Self::Ready(args) => ready::run(args, context),
            Self::Loop(args) => loop_process::run(args, context),
            Self::LoopGuard(args) => loop_guard::run(args),
            Self::Lab(args) => lab::run(args, context),
            Self::LabKeeper(args) => lab::keeper(args),
            Self::LabService(args) => lab::service(args),
            Self::LabOperate(args) => lab::operate(args, context),
            Self::Report(args) => report::run(args, context),
            Self::Playbook(args) => playbook::run(args, context),
            Self::Inventory(args) => inventory::run(args, context),
        }
    }
}

/// The run that the first of `words` names, if it is one, and the rest.
fn run_and_rest(words: &[String]) -> (Option<RunId>, &[String]) {
    match words.split_first() {
        Some((first, rest)) if !rest.is_empty() => match first.parse::<RunId>() {
            Ok(run) => (Some(run), rest),
            Err(_) => (None, words),
        },
        _ => (None, words),
    }
}

/// The run, wherever it stands, and the word beside it.
fn run_and_word(words: &[String]) -> Result<(Option<RunId>, &str), Failure> {
    match words {
        [word] => Ok((None, word)),
        [first, second] => match (first.parse::<RunId>(), second.parse::<RunId>()) {
            (Ok(run), _) => Ok((Some(run), second)),
            (_, Ok(run)) => Ok((Some(run), first)),
            _ => Err(too_many(words.len())),
        },
        _ => Err(too_many(words.len())),
    }
}

/// The run that the first of `words` names, if it is one, and the one text that is to be kept of it.
fn run_and_text(words: &[String]) -> Result<(Option<RunId>, &str), Failure> {
    let (run, words) = run_and_rest(words);
    let [text] = words else { return Err(too_many(words.len())) };
    if text.trim().is_empty() {
        return Err(Failure::new(Exit::Invalid, "empty-note", message!("cli-empty-note")));
    }
    Ok((run, text))
}

/// Refuses a run that has not ended.
fn ended(run: &RunId, state: &RunState) -> Result<(), Failure> {
    if state.ended() {
        return Ok(());
    }
    let failure = Failure::new(Exit::Invalid, "run-not-ended", message!("amend-not-ended", run = run.as_str()));
    Err(failure.help(message!("amend-not-ended-help", run = run.as_str())))
}

/// Refuses a run that counts for nothing already.
fn not_voided(state: &State, run: &RunId) -> Result<(), Failure> {
    match state.incident().voided {
        None => Ok(()),
        Some(seq) => {
            let message = message!("amend-voided-before", run = run.as_str(), seq = seq.to_string());
            Err(Failure::new(Exit::Invalid, "run-voided", message))
        }
    }
}

/// More words were given than the command knows what to do with.
fn too_many(count: usize) -> Failure {
    Failure::new(Exit::Invalid, "too-many-words", message!("cli-too-many-words", count = count))
}

/// Runs the program with the arguments it was started with.
#[must_use]
pub fn main() -> ExitCode {
    run(std::env::args_os())
}

fn run(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.collect();
    let lang = environment::language_of(&arguments);
    let parsed = help::localized(Cli::command(), lang)
        .try_get_matches_from(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            if let Some(failure) = misuse::failure(&error) {
                let context = match environment::read(&Global::speaking(lang)) {
                    Ok(context) => context,
                    Err(refused) => refused.1,
                };
                failure.print(&context);
                return failure.exit.into();
            }
            // Help and version are answers and go to standard output.
            let exit = if error.use_stderr() { Exit::Invalid } else { Exit::Passed };
            let context = match environment::read(&Global::speaking(lang)) {
                Ok(context) => context,
                Err(refused) => refused.1,
            };
            if let Err(error) = error.print() {
                context.lose(error);
            }
            return context.finished(exit).into();
        }
    };
    let context = match environment::read(&cli.global) {
        Ok(context) => context,
        Err(refused) => {
            let (failure, context) = *refused;
            failure.print(&context);
            return failure.exit.into();
        }
    };
    let exit = cli.command.run(&context).unwrap_or_else(|failure| {
        failure.print(&context);
        failure.exit
    });
    context.finished(exit).into()
}

fn languages() -> impl TypedValueParser<Value = Lang> {
    PossibleValuesParser::new(["vi", "en"]).map(|word| if word == "en" { Lang::En } else { Lang::Vi })
}
