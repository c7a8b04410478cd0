//! One line for each thing that happened, as its record arrives.

use super::show;
use crate::engine::view::{InjectView, RunView};
use crate::message::{Message, format, message};
use crate::model::record::{Answered, StepEnded, What, Why};
use crate::model::{Actor, Body, Effect, Lang, Mark, Mode, ObjectRef, Objects, Outcome, Record, UndoOutcome};
use crate::ui::Context;

/// What happened, in a line with its time; nothing for records that say nothing to people at a console.
///
/// `own`: it was done at this console and was seen there.
pub(crate) fn line(
    view: &RunView,
    record: &Record,
    own: bool,
    objects: &dyn Objects,
    context: &Context,
) -> Option<String> {
    let mut text = words(view, record, own, context)?;
    if let Some(why) = said(&record.draft.body).and_then(|object| objects.get_text(object).ok().flatten()) {
        // One line a record, whatever people typed.
        let why: String = why.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST).collect();
        text = format!("{text}: {why}");
    }
    Some(format!("{}  {text}\n", format::clock(&record.occurred())))
}

/// How much of what people typed is shown in a line.
const LONGEST: usize = 200;

/// What a person said with the record, where it is short enough to be shown.
fn said(body: &Body) -> Option<&ObjectRef> {
    let object = match body {
        Body::Noted(noted) => Some(&noted.text),
        Body::RunPaused(paused) => paused.because.as_ref(),
        Body::StopWord(word) => word.because.as_ref(),
        Body::RunStopping(stopping) => stopping.because.as_ref(),
        Body::Answered(answered) => answered.because.as_ref(),
        Body::Decided(decided) => decided.because.as_ref(),
        Body::Consented(consented) => consented.because.as_ref(),
        Body::Replaced(replaced) => replaced.because.as_ref(),
        Body::Left(left) => left.because.as_ref(),
        Body::Confirmed(confirmed) => confirmed.because.as_ref(),
        Body::StepEnded(ended) => ended.detail.as_ref(),
        _ => None,
    };
    object.filter(|object| object.size < 4096)
}

/// Whether the record says that a step was passed over because the run stops or has failed before it.
pub(crate) fn passed_over(view: &RunView, record: &Record) -> bool {
    let Body::StepEnded(ended) = &record.draft.body else { return false };
    ended.attempt == 0
        && matches!(ended.why, Some(Why::Stopping | Why::AfterFailure))
        && show::step_at(view, &ended.step).is_some_and(|step| step.number.is_some())
}

fn words(view: &RunView, record: &Record, own: bool, context: &Context) -> Option<String> {
    let lang = context.lang;
    let name = |path| {
        let step = show::step_at(view, path)?;
        Some(show::step_name(view, step.number, &step.title, lang))
    };
    let who = || who(&record.draft.actor).render(lang);
    let plain = |message: Message| Some(message.render(lang));
    if let Some(text) = of_people(view, record, own, lang).or_else(|| of_exercise(view, record, context)) {
        return Some(text);
    }
    match &record.draft.body {
        Body::StepStarted(started) => {
            let step = show::step_at(view, &started.step)?;
            let title = name(&started.step)?;
            if started.step.undone().is_some() {
                return plain(message!("console-event-undo-began", step = title));
            }
            step.number?;
            // What people do is put to them as a question; in a tabletop that is everything.
            if matches!(step.action, "manual" | "decide" | "inject") || view.mode == Mode::Tabletop {
                return None;
            }
            if started.attempt > 1 {
                return plain(message!("console-event-again", step = title, attempt = started.attempt));
            }
            if step.effect == Some(Effect::Destructive) {
                let text = message!("console-event-danger", step = title).render(lang);
                return Some(context.bold(&text));
            }
            plain(message!("console-event-began", step = title))
        }
        Body::StepEnded(ended) => step_ended(view, ended, context),
        Body::StepUndone(undone) => {
            let title = name(&undone.step)?;
            match undone.outcome {
                UndoOutcome::Done => plain(message!("console-event-undone", step = title)),
                UndoOutcome::Failed => {
                    Some(context.red(&message!("console-event-undo-failed", step = title).render(lang)))
                }
                UndoOutcome::None => None,
            }
        }
        Body::Answered(Answered { outcome, .. }) if !own => {
            plain(message!("console-event-answered", who = who(), outcome = show::outcome(*outcome)))
        }
        Body::Decided(decided) if !own => {
            plain(message!("console-event-decided", who = who(), choice = decided.choice.as_str()))
        }
        Body::Consented(consent) if !own => {
            if consent.given {
                plain(message!("console-event-consented", who = who()))
            } else {
                plain(message!("console-event-refused", who = who()))
            }
        }
        Body::Noted(_) if !own => plain(message!("console-event-noted", who = who())),
        Body::Attached(_) if !own => plain(message!("console-event-attached", who = who())),
        Body::Joined(_) if !own => plain(message!("console-event-joined", who = who())),
        Body::Marked(marked) => plain(message!("console-event-marked", mark = mark(marked.mark))),
        Body::WatchChanged(changed) => {
            let state = show::watch_state(changed.state);
            let watch = view.watches.iter().find(|watch| watch.id == changed.watch)?;
            plain(message!("console-event-watch", watch = watch.title.clone(), state = state))
        }
        Body::ClockStarted(started) => {
            let clock = view.clocks.iter().find(|clock| clock.id == started.clock)?;
            plain(message!("console-event-clock-began", clock = clock.title.clone()))
        }
        Body::ClockStopped(stopped) => {
            let clock = view.clocks.iter().find(|clock| clock.id == stopped.clock)?;
            show::clock(clock, false, lang)
        }
        Body::Faulted(faulted) if faulted.told => {
            plain(message!("console-event-told", kind = faulted.kind.as_str(), system = faulted.system.as_str()))
        }
        Body::Faulted(faulted) => {
            plain(message!("console-event-faulted", kind = faulted.kind.as_str(), system = faulted.system.as_str()))
        }
        Body::BackupVerified(verified) => {
            let checked = format::number(verified.checked, lang);
            if verified.whole {
                plain(message!("console-event-copy-whole", checked = checked))
            } else {
                plain(message!("console-event-copy-differs"))
            }
        }
        Body::NoticePrepared(notice) => plain(message!("console-event-notice", notice = notice.notice.as_str())),
        Body::RunPaused(_) => Some(context.yellow(&message!("console-event-paused", who = who()).render(lang))),
        Body::RunContinued(continued) => match continued.gap {
            Some(gap) => {
                let gap = format::duration(std::time::Duration::from_secs(gap), lang);
                plain(message!("console-event-continued-gap", who = who(), gap = gap))
            }
            None => plain(message!("console-event-continued", who = who())),
        },
        Body::RunStopping(stopping) if stopping.incident => {
            Some(context.red(&message!("console-event-stopping-incident", who = who()).render(lang)))
        }
        Body::RunStopping(_) => Some(context.yellow(&message!("console-event-stopping", who = who()).render(lang))),
        _ => None,
    }
}

/// What a planned drill brings: its situations, the word that stops it, its script.
fn of_exercise(view: &RunView, record: &Record, context: &Context) -> Option<String> {
    let lang = context.lang;
    let who = || who(&record.draft.actor).render(lang);
    match &record.draft.body {
        Body::StopWord(_) => Some(context.red(&message!("console-event-stop-word", who = who()).render(lang))),
        Body::Injected(injected) => {
            // Also where it was done here: what players were told is what everybody saw.
            let number = injected.inject?;
            let inject = view.injects.iter().find(|inject| inject.number == number)?;
            Some(context.bold(&situation(view, inject, lang)))
        }
        Body::ScriptRevealed(_) => Some(message!("console-event-script-revealed", who = who()).render(lang)),
        _ => None,
    }
}

/// Who takes part, which role passed on, and what a second person said.
fn of_people(view: &RunView, record: &Record, own: bool, lang: Lang) -> Option<String> {
    let who = || who(&record.draft.actor).render(lang);
    let plain = |message: Message| Some(message.render(lang));
    match &record.draft.body {
        Body::Consented(consent) if !own && consent.manner.is_some() => {
            let manner = consent.manner.map(show::manner)?;
            plain(message!("console-event-second", who = who(), manner = manner))
        }
        Body::Asked(asked) if asked.what == What::Handover => {
            let role = asked.role.as_ref().map_or_else(String::new, |role| show::role_title(view, role, lang));
            let to = asked.to.as_ref().map_or("", |to| to.as_str());
            plain(message!("console-event-offered", who = who(), role = role, to = to))
        }
        Body::HandedOver(taken) if !own => {
            let role = show::role_title(view, &taken.role, lang);
            plain(message!("console-event-taken", who = who(), role = role, from = taken.from.as_str()))
        }
        Body::Replaced(replaced) => {
            let role = show::role_title(view, &replaced.role, lang);
            plain(message!("console-event-replaced", who = who(), role = role, to = replaced.to.as_str()))
        }
        Body::Left(_) => plain(message!("console-event-left", who = who())),
        Body::Confirmed(confirmed) => {
            plain(message!("console-event-confirmed", who = who(), seq = confirmed.seq.to_string()))
        }
        Body::Joined(joined) if !own && joined.role.is_some() => {
            let role = joined.role.as_ref().map_or_else(String::new, |role| show::role_title(view, role, lang));
            plain(message!("console-event-joined-as", who = who(), role = role))
        }
        _ => None,
    }
}

fn step_ended(view: &RunView, ended: &StepEnded, context: &Context) -> Option<String> {
    let lang = context.lang;
    let step = show::step_at(view, &ended.step)?;
    step.number?;
    if ended.step.undone().is_some() {
        return None;
    }
    let title = show::step_name(view, step.number, &step.title, lang);
    let mut text = format!("{title}: {}", show::outcome(ended.outcome).render(lang));
    if let Some(why) = ended.why.as_ref().map(why) {
        text.push_str(&format!(" ({})", why.render(lang)));
    }
    if ended.outcome == Outcome::Done
        && let Some(took) = step.took.filter(|took| took.as_secs() > 0)
    {
        text.push_str(&format!(" ({})", format::duration(took, lang)));
    }
    if let Some(exit) = ended.exit.filter(|exit| *exit != 0) {
        text.push_str(&format!("; {}", message!("console-exit", exit = exit).render(lang)));
    }
    Some(match ended.outcome {
        Outcome::Done => context.green(&text),
        Outcome::Skipped => text,
        Outcome::Failed | Outcome::Unknown | Outcome::Abandoned => context.red(&text),
    })
}

/// A situation as the players are told it, in one line: `Tình huống 2 (operator): Trang chủ bị thay`.
pub(crate) fn situation(view: &RunView, inject: &InjectView, lang: Lang) -> String {
    let to = inject.to.as_ref().map(|role| show::role_title(view, role, lang));
    let to = to.unwrap_or_else(|| message!("exercise-to-all").render(lang));
    let text = inject.text.clone().unwrap_or_else(|| message!("report-redacted").render(lang));
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    message!("console-event-injected", number = inject.number.to_string(), to = to, text = text).render(lang)
}

/// Why a step ended as it did, in words.
pub(crate) fn why(why: &Why) -> Message {
    match why {
        Why::When => message!("console-why-when"),
        Why::Goto(id) => message!("console-why-goto", step = id.as_str()),
        Why::DrillOnly => message!("console-why-drill-only"),
        Why::Person => message!("console-why-person"),
        Why::Stopping => message!("console-why-stopping"),
        Why::AfterFailure => message!("console-why-after-failure"),
        Why::Timeout => message!("console-why-timeout"),
        Why::Orphan => message!("console-why-orphan"),
        Why::Connection => message!("console-why-connection"),
        Why::Capture => message!("console-why-capture"),
        Why::Inside => message!("console-why-inside"),
        Why::Unattended => message!("console-why-unattended"),
        Why::NotBegun => message!("console-why-not-begun"),
        Why::Expression => message!("console-why-expression"),
        Why::Switched => message!("console-why-switched"),
    }
}

/// Who did something, in words: a person by their id.
pub(crate) fn who(actor: &Actor) -> Message {
    if *actor == Actor::engine() {
        message!("console-program")
    } else {
        message!("console-person", who = actor.as_str())
    }
}

/// A mark in words.
pub(crate) fn mark(mark: Mark) -> Message {
    match mark {
        Mark::Detected => message!("console-mark-detected"),
        Mark::Declared => message!("console-mark-declared"),
        Mark::Contained => message!("console-mark-contained"),
        Mark::Restored => message!("console-mark-restored"),
        Mark::Closed => message!("console-mark-closed"),
    }
}

/// What a question asks for, in a few words: for lists.
pub(crate) fn what(what: What) -> Message {
    match what {
        What::Manual => message!("console-what-manual"),
        What::Decide => message!("console-what-decide"),
        What::Consent => message!("console-what-consent"),
        What::State => message!("console-what-state"),
        What::Truth => message!("console-what-truth"),
        What::Orphan => message!("console-what-orphan"),
        What::Undo => message!("console-what-undo"),
        What::Deliver => message!("console-what-deliver"),
        What::Second => message!("console-what-second"),
        What::Handover => message!("console-what-handover"),
    }
}
