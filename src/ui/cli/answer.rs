//! `ungpho answer`: answers an open question without a console.

use std::collections::BTreeMap;

use crate::message::message;
use crate::model::record::What;
use crate::model::{Outcome, QuestionId};
use crate::ui::console::reply::{self, Answer, Reply, Sent, Voice};
use crate::ui::console::typed::{self, Typed};
use crate::ui::desk::{Desk, journal_failure};
use crate::ui::entry::EntryArgs;
use crate::ui::{Context, Exit, Failure};

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
    #[command(flatten)]
    entry: EntryArgs,
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
    let question = match question {
        Some(id) => view.questions.iter().find(|question| question.id == id).ok_or(id),
        None => match view.questions.as_slice() {
            [only] => Ok(only),
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
    let voice =
        Voice { actor: entry.actor.clone(), by: entry.by.clone(), occurred: entry.occurred, basis: entry.basis };
    let reply = match question {
        Ok(question) => typed::read(&typed(args, word, entry.because.clone())?, question)
            .map_err(|message| Failure::new(Exit::Invalid, "wrong-answer", message))?,
        // It is open no more, or never was: the ledger says which, and who won.
        Err(id) => Reply { answer: closed_answer(&state, &id), question: id, because: entry.because.clone() },
    };
    let sent = reply::send(scene.journal.as_ref(), scene.objects.as_ref(), (&run, view.mode), &voice, &reply)
        .map_err(|e| journal_failure(&e))?;
    let question = reply.question.as_str();
    match sent {
        Sent::Kept { .. } => {
            context.note(&message!("cli-answered", run = run.as_str(), question = question));
            Ok(Exit::Passed)
        }
        Sent::Late { by, .. } => Err(Failure::new(
            Exit::NotPassed,
            "answered-before",
            message!("cli-answered-before", question = question, who = by.as_str()),
        )),
        Sent::Gone => {
            Err(Failure::new(Exit::NotPassed, "no-longer-asked", message!("cli-no-longer-asked", question = question)))
        }
    }
}

/// An answer of the right form for a question that is closed: it cannot be kept, and the refusal says why.
fn closed_answer(state: &crate::model::RunState, id: &QuestionId) -> Answer {
    match state.questions.get(id).map(|question| question.what) {
        Some(What::Consent | What::Second) => Answer::Consent { given: false, plan: None, manner: None },
        Some(what) if !reply::asks_outcome(what) => {
            // `no` is an id by its letters.
            "no".parse().map_or(Answer::Consent { given: false, plan: None, manner: None }, |choice| Answer::Choice {
                choice,
                follow_up: None,
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
    })
}
