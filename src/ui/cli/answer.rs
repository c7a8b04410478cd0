//! `ungpho answer`: answers an open question without a console.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::ValueEnum;

use crate::engine::view::{QuestionView, RunView};
use crate::message::message;
use crate::model::record::{Consented, Manner, What};
use crate::model::{Actor, Basis, Outcome, QuestionId};
use crate::ui::console::reply::{self, Answer, Reply, Second, Sent, Voice};
use crate::ui::console::scene::Scene;
use crate::ui::console::typed::{self, Typed};
use crate::ui::console::{people, show};
use crate::ui::desk::{Desk, answered_before, journal_failure};
use crate::ui::duties::standing;
use crate::ui::entry::EntryArgs;
use crate::ui::{Context, Exit, Failure, roles};

/// Answer an open question of a run
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho answer q3 done --checks all")]
pub struct Args {
    /// The answer: done, failed, unknown, skip; yes, no; an option's id or number. Before it the run and the question,
    /// each where several are open
    #[arg(value_name = "RUN QUESTION ANSWER", required = true, num_args = 1..=3)]
    words: Vec<String>,
    /// The checks that are done: all, none, or their numbers (1,3)
    #[arg(long, value_name = "NUMBERS")]
    checks: Option<String>,
    /// A value that is asked for
    #[arg(long = "value", value_name = "ID=VALUE")]
    values: Vec<String>,
    /// What is to be done next
    #[arg(long, value_name = "TEXT")]
    follow_up: Option<String>,
    /// The digest of the plan that is consented to, or its beginning
    #[arg(long, value_name = "DIGEST")]
    plan: Option<String>,
    /// How a second person consents to a dangerous step: present or phone (with --by), or alone
    #[arg(long, value_name = "MANNER", value_enum)]
    second: Option<Word>,
    /// Consent to a dangerous step as a second person, with the file of your private key
    #[arg(long, value_name = "FILE", conflicts_with_all = ["second", "by"])]
    key: Option<PathBuf>,
    #[command(flatten)]
    entry: EntryArgs,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Word {
    Present,
    Phone,
    Alone,
}

/// Sends the answer; the first in the log counts.
///
/// # Errors
///
/// Where the answer does not fit the question, somebody else was first, or the ledger cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let (run, words) = super::run_and_rest(&args.words);
    let (question, words) = match words.split_first() {
        Some((first, rest)) if !rest.is_empty() => match first.parse::<QuestionId>() {
            Ok(id) => (Some(id), rest),
            Err(_) => return Err(super::too_many(words.len())),
        },
        _ => (None, words),
    };
    let [word] = words else { return Err(super::too_many(words.len())) };
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(run.as_ref())?;
    let scene = desk.scene(context, &run, &state)?;
    let view = scene.view();
    let mine: Vec<_> =
        view.questions.iter().filter(|one| one.to.as_ref().is_none_or(|to| *to == context.actor)).collect();
    let question = match question {
        Some(id) => view.questions.iter().find(|question| question.id == id).ok_or(id),
        None => match mine.as_slice() {
            [only] => Ok(*only),
            [] => {
                return Err(Failure::new(
                    Exit::Invalid,
                    "no-question",
                    message!("cli-no-question", run = run.as_str()),
                ));
            }
            several => {
                let ids: Vec<&str> = several.iter().map(|question| question.id.as_str()).collect();
                let message = message!("cli-several-questions", questions = ids.join(", "));
                return Err(Failure::new(Exit::Invalid, "several-questions", message));
            }
        },
    };
    let entry = args.entry.entry(context, &desk.workspace)?;
    desk.not_before_the_run(context, entry.occurred, (&run, &state))?;
    let basis = match args.second {
        // Who stood by was seen, and not told of.
        Some(Word::Present) if entry.occurred.is_none() && args.entry.basis.is_none() => Basis::Console,
        _ => entry.basis,
    };
    let voice = Voice { actor: entry.actor.clone(), by: entry.by.clone(), occurred: entry.occurred, basis };
    let mut reply = match question {
        Ok(question) => {
            let second = second(args, context, &desk, (&scene, &view), question)?;
            // Whose part was over on the day consents to nothing; a refusal is anybody's.
            if second.as_ref().is_some_and(|second| second.manner != Manner::Alone) && question.what == What::Second {
                roles::may_act(context, &desk.workspace, &entry.actor, entry.occurred)?;
            }
            if question.what == What::Second {
                let name = show::step_name(&view, question.number, &question.title, context.lang);
                let lines = people::target(&view, question, context.lang);
                context.err(&format!("{name}\n  {}\n", lines.join("\n  ")));
            }
            let mut typed = Typed { second, ..typed(args, word, entry.because.clone())? };
            if args.key.is_some() {
                typed.plan = Some(view.plan.to_string());
            }
            typed::read(&typed, question).map_err(|message| Failure::new(Exit::Invalid, "wrong-answer", message))?
        }
        // It is open no more, or never was: the ledger says which, and who won.
        Err(id) => {
            if let Some((by, seq)) = state.questions.get(&id).and_then(|question| question.answered.as_ref()) {
                return Err(answered_before(id.as_str(), by, *seq));
            }
            // It cannot be kept: its words would stand in the ledger and belong to nothing.
            Reply { answer: closed_answer(&state, &id), question: id, because: None }
        }
    };
    reply::complete(&mut reply, &view, || standing(context, &desk, &scene))
        .map_err(|message| Failure::new(Exit::Invalid, "role-passed-on", message))?;
    let sent = reply::send(scene.journal.as_ref(), scene.objects.as_ref(), (&run, view.mode), &voice, &reply)
        .map_err(|e| journal_failure(&e))?;
    let question = reply.question.as_str();
    match sent {
        Sent::Kept { .. } => {
            context.note(&message!("cli-answered", run = run.as_str(), question = question));
            Ok(Exit::Passed)
        }
        Sent::Late { by, seq } => Err(answered_before(question, &by, seq)),
        Sent::Gone => {
            // The run may have ended because somebody else had answered.
            let (_, after) = desk.run(Some(&run))?;
            if let Some((by, seq)) =
                after.questions.get(&reply.question).and_then(|question| question.answered.as_ref())
            {
                return Err(answered_before(question, by, *seq));
            }
            Err(Failure::new(Exit::NotPassed, "no-longer-asked", message!("cli-no-longer-asked", question = question)))
        }
    }
}

/// How the second person consents, where one does; with a key it is signed here.
fn second(
    args: &Args,
    context: &Context,
    desk: &Desk,
    (scene, view): (&Scene, &RunView),
    question: &QuestionView,
) -> Result<Option<Second>, Failure> {
    let of = |manner| Second { manner, who: None, signed: None };
    let Some(file) = &args.key else {
        return Ok(args.second.map(|word| match word {
            Word::Present => of(Manner::Present),
            Word::Phone => of(Manner::Phone),
            Word::Alone => of(Manner::Alone),
        }));
    };
    let (What::Second, Some(step)) = (question.what, &question.step) else {
        return Err(Failure::new(Exit::Invalid, "wrong-answer", message!("people-key-not-asked")));
    };
    let key = super::sign::key(context, &desk.workspace, file)?;
    super::sign::owned(context, &desk.workspace, &key)?;
    if first(scene, view, question).is_some_and(|first| *first == context.actor) {
        let message = message!("people-first-person", who = context.actor.as_str());
        return Err(Failure::new(Exit::Invalid, "same-person", message));
    }
    let statement = Consented::statement(&view.run, &question.id, step, &view.plan);
    let signed = Some((key.public().vkey(), key.note(&statement)));
    Ok(Some(Second { signed, ..of(Manner::Key) }))
}

/// Who carries the step out: who has its role, else who consented to the plan.
fn first<'a>(scene: &'a Scene, view: &'a RunView, question: &QuestionView) -> Option<&'a Actor> {
    let holder = question.role.as_ref().and_then(|role| roles::holder(view, role));
    let consented = scene.state().questions().filter(|one| one.what == What::Consent);
    holder.or(consented.filter_map(|one| one.answer.as_ref().map(|answer| &answer.actor)).last())
}

/// An answer of the right form for a question that is closed: it cannot be kept, and the refusal says why.
fn closed_answer(state: &crate::model::RunState, id: &QuestionId) -> Answer {
    match state.questions.get(id).map(|question| question.what) {
        Some(What::Consent | What::Second) => Answer::Consent { given: false, plan: None, second: None },
        Some(what) if !reply::asks_outcome(what) => {
            // `no` is an id by its letters.
            "no".parse().map_or(Answer::Consent { given: false, plan: None, second: None }, |choice| Answer::Choice {
                choice,
                follow_up: None,
                classifies: None,
            })
        }
        _ => Answer::Outcome { outcome: Outcome::Unknown, checks: Vec::new(), values: BTreeMap::new() },
    }
}

fn typed(args: &Args, word: &str, because: Option<String>) -> Result<Typed, Failure> {
    let mut values = Vec::new();
    for given in &args.values {
        let Some((id, text)) = given.split_once('=') else {
            let message = message!("cli-not-a-pair", given = given.as_str());
            return Err(Failure::new(Exit::Invalid, "not-a-pair", message));
        };
        values.push((id.to_owned(), text.to_owned()));
    }
    Ok(Typed {
        word: word.to_owned(),
        checks: args.checks.clone(),
        values,
        because,
        follow_up: args.follow_up.clone(),
        plan: args.plan.clone(),
        second: None,
    })
}
