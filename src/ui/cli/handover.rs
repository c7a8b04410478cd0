//! `ungpho handover`: offers a role to another with what is open, and takes an offer or leaves it.

use std::collections::BTreeMap;

use crate::engine::view::{QuestionView, RunView};
use crate::message::{Message, format, message};
use crate::model::record::{Asked, What};
use crate::model::{
    Durability, Id, Journal as _, JournalError, Lang, Objects as _, Outcome, QuestionId, Refusal, RunId, Text,
};
use crate::policy::duties::Duties;
use crate::ui::console::reply::{self, Answer, Open, Reply, Sent, Voice};
use crate::ui::console::scene::Scene;
use crate::ui::console::{progress, show};
use crate::ui::desk::{Desk, answered_before, journal_failure};
use crate::ui::duties::standing;
use crate::ui::entry::{self, Entry, EntryArgs};
use crate::ui::{Context, Exit, Failure, roles};

/// Hand a role over to another, who accepts or declines it
#[derive(clap::Args)]
#[command(after_help = "Example: ungpho handover --role operator --to binh --note \"Đang chờ bản sao lưu\"")]
pub struct Args {
    /// The run; may be left out where one is open
    #[arg(value_name = "RUN")]
    run: Option<RunId>,
    /// The role
    #[arg(long, value_name = "ROLE", required_unless_present_any = ["accept", "decline", "withdraw"])]
    role: Option<String>,
    /// Who is to take it (an id of people.yaml)
    #[arg(long, value_name = "PERSON", required_unless_present_any = ["accept", "decline", "withdraw"])]
    to: Option<String>,
    /// What the other has to know
    #[arg(long, value_name = "WORDS", conflicts_with_all = ["accept", "decline", "withdraw"])]
    note: Option<String>,
    /// Take the role that was offered
    #[arg(long, conflicts_with_all = ["to", "decline"])]
    accept: bool,
    /// Leave the role that was offered, with a reason
    #[arg(long, conflicts_with = "to")]
    decline: bool,
    /// Withdraw the role that you offered and nobody has taken, with a reason
    #[arg(long, conflicts_with_all = ["accept", "decline"])]
    withdraw: bool,
    #[command(flatten)]
    entry: EntryArgs,
}

/// Offers a role, answers an offer, or withdraws it.
///
/// # Errors
///
/// Where the role is not theirs who offers it, the other may not take it, nothing was offered to who answers, or the ledger
/// cannot be written.
pub fn run(args: &Args, context: &Context) -> Result<Exit, Failure> {
    let desk = Desk::open(context)?;
    let (run, state) = desk.run(args.run.as_ref())?;
    let entry = if args.decline || args.withdraw {
        args.entry.reasoned(context, &desk.workspace)?
    } else {
        args.entry.entry(context, &desk.workspace)?
    };
    desk.not_before_the_run(context, entry.occurred, (&run, &state))?;
    let scene = desk.scene(context, &run, &state)?;
    if args.accept || args.decline || args.withdraw {
        return answer(args, context, &run, &scene, &entry, || standing(context, &desk, &scene));
    }
    let view = scene.view();
    let role = roles::role(&scene, &view, args.role.as_deref().unwrap_or_default())?;
    let to = entry::person(context, &desk.workspace, args.to.as_deref().unwrap_or_default())?;
    mine(&view, &role, &entry)?;
    if to == entry.actor {
        let message = message!("people-to-oneself", role = role.as_str(), who = to.as_str());
        return Err(Failure::new(Exit::Invalid, "same-person", message));
    }
    roles::may_take(context, &desk.workspace, &to)?;
    let because = desk.because(&entry)?;
    let open = Open::of(&view, &standing(context, &desk, &scene), None);
    let said = |lang| Some(offer(&view, &open, args.note.as_deref(), lang));
    let text = Text::Each { vi: said(Lang::Vi), en: said(Lang::En) };
    let json = serde_json::to_string(&text).unwrap_or_default();
    let text = desk.ledger.put_text(&json).map_err(|e| journal_failure(&e))?;
    // Another question may be asked at the same moment: then this one takes the next number.
    let mut asked = desk.run(Some(&run))?.1.asked;
    for _ in 0..ATTEMPTS {
        let question = QuestionId::new(asked + 1);
        let body = Asked {
            text: Some(text),
            role: Some(role.clone()),
            to: Some(to.clone()),
            because,
            ..Asked::about(question.clone(), None, 0, What::Handover)
        };
        match desk.ledger.append(&[entry.draft(Some(&run), state.mode, body.into())], Durability::Synced) {
            Ok(_) => {
                let (question, who) = (question.as_str(), to.as_str());
                context.note(&message!("people-offered", role = role.as_str(), who = who, question = question));
                context.note(&message!("people-offered-next", who = who, run = run.as_str()));
                return Ok(Exit::Passed);
            }
            Err(JournalError::Refused { refusal: Refusal::AskedBefore { .. }, .. }) => asked += 1,
            Err(error) => return Err(journal_failure(&error)),
        }
    }
    Err(Failure::new(Exit::Machine, "ledger-failed", message!("cli-ledger-failed")))
}

/// How often a number may be taken by another question at the same moment.
const ATTEMPTS: u32 = 100;

/// Holds that who offers the role has it.
fn mine(view: &RunView, role: &Id, entry: &Entry) -> Result<(), Failure> {
    let (message, help) = match roles::holder(view, role) {
        Some(holder) if *holder == entry.actor => return Ok(()),
        Some(holder) => (
            message!("people-role-held", role = role.as_str(), who = holder.as_str()),
            message!("people-role-held-help", role = role.as_str()),
        ),
        None => (
            message!("people-role-vacant", role = role.as_str()),
            message!("people-role-vacant-help", role = role.as_str()),
        ),
    };
    Err(Failure::new(Exit::Invalid, "role-not-yours", message).help(help))
}

/// What the other reads before they take the role.
fn offer(view: &RunView, open: &Open, note: Option<&str>, lang: Lang) -> String {
    let mut lines = Vec::new();
    let mut add = |message: Message| lines.push(message.render(lang));
    for path in &open.steps {
        if let Some(step) = show::step_at(view, path) {
            add(message!("people-open-step", step = show::step_name(view, step.number, &step.title, lang)));
        }
    }
    for question in view.questions.iter().filter(|question| open.questions.contains(&question.id)) {
        let name = show::step_name(view, question.number, &question.title, lang);
        let what = progress::what(question.what);
        let time = format::clock(&question.asked);
        add(message!("people-open-question", question = question.id.as_str(), what = what, step = name, time = time));
    }
    for duty in &open.duties {
        add(message!("people-open-duty", notice = duty.as_str()));
    }
    if lines.is_empty() {
        lines.push(message!("people-open-nothing").render(lang));
    }
    lines.extend(note.map(|note| message!("people-note", note = note).render(lang)));
    lines.join("\n")
}

/// The other takes the role, or leaves it; or who offered it withdraws that.
fn answer(
    args: &Args,
    context: &Context,
    run: &RunId,
    scene: &Scene,
    entry: &Entry,
    duties: impl FnOnce() -> Duties,
) -> Result<Exit, Failure> {
    let view = scene.view();
    let wanted = |one: &&QuestionView| {
        one.what == What::Handover
            && if args.withdraw { one.by == entry.actor } else { one.to.as_ref() == Some(&entry.actor) }
            && args.to.as_deref().is_none_or(|to| one.to.as_ref().is_some_and(|it| it.as_str() == to))
            && args.role.as_deref().is_none_or(|role| one.role.as_ref().is_some_and(|it| it.as_str() == role))
    };
    // Of several offers the newest is meant.
    let Some(question) = view.questions.iter().rfind(wanted) else {
        let (who, run) = (entry.actor.as_str(), run.as_str());
        let message = if args.withdraw {
            message!("people-nothing-to-withdraw", who = who, run = run)
        } else {
            message!("people-not-offered", who = who, run = run)
        };
        return Err(Failure::new(Exit::Invalid, "not-offered", message).help(message!("people-not-offered-help")));
    };
    if args.accept && entry.by.as_ref() == Some(&question.by) {
        let message = message!("people-own-offer", who = entry.actor.as_str());
        return Err(Failure::new(Exit::Invalid, "same-person", message));
    }
    let ends = |outcome| Answer::Outcome { outcome, checks: Vec::new(), values: BTreeMap::new() };
    let answer = match (args.accept, question.role.clone()) {
        (true, Some(role)) => Answer::Taken { role, from: question.by.clone(), open: Open::default() },
        _ if args.withdraw => ends(Outcome::Abandoned),
        _ => ends(Outcome::Skipped),
    };
    let mut reply = Reply { question: question.id.clone(), answer, because: entry.because.clone() };
    reply::complete(&mut reply, &view, duties)
        .map_err(|message| Failure::new(Exit::Invalid, "role-passed-on", message))?;
    let (actor, by) = (entry.actor.clone(), entry.by.clone());
    let voice = Voice { actor, by, occurred: entry.occurred, basis: entry.basis };
    let sent = reply::send(scene.journal.as_ref(), scene.objects.as_ref(), (run, view.mode), &voice, &reply);
    let role = question.role.as_ref().map_or("", |role| role.as_str());
    match sent.map_err(|e| journal_failure(&e))? {
        Sent::Kept { .. } => {
            let (who, from) = (entry.actor.as_str(), question.by.as_str());
            let to = question.to.as_ref().map_or("", |to| to.as_str());
            context.note(&match (args.accept, args.withdraw) {
                (true, _) => message!("people-accepted", who = who, role = role, from = from),
                (_, true) => message!("people-withdrawn", who = who, role = role, to = to),
                _ => message!("people-declined", who = who, role = role, from = from),
            });
            Ok(Exit::Passed)
        }
        Sent::Late { by, seq } => Err(answered_before(question.id.as_str(), &by, seq)),
        Sent::Gone => Err(Failure::new(
            Exit::NotPassed,
            "no-longer-asked",
            message!("cli-no-longer-asked", question = question.id.as_str()),
        )),
    }
}
