//! What a console shows of a run, in plain words. Views in, text out.

use std::fmt::Write as _;
use std::time::Duration;

use super::{people, progress, wrap};
use crate::engine::view::{ClockView, QuestionView, RunView, StepView, WatchView};
use crate::message::{Message, format, message};
use crate::model::record::{Manner, People, WatchState, What};
use crate::model::{Effect, Id, Lang, Mode, Outcome, RunKind, RunResult, Stage, StepPath, Text};
use crate::ui::Context;

const RULE: &str = "────────────────────────────────────────────────────────────────";

/// The line over everything: whether this is a drill or real.
pub(crate) fn banner(view: &RunView) -> Message {
    match view.kind {
        _ if view.stop_word.is_some() => message!("console-banner-stop-word"),
        _ if view.stopped_for_incident => message!("console-banner-stopped"),
        RunKind::Drill => message!("console-banner-drill"),
        RunKind::Incident => message!("console-banner-incident"),
    }
}

/// What kind of drill or response it is.
pub(crate) fn mode(view: &RunView) -> Message {
    match (view.mode, view.lab) {
        (Mode::Tabletop, _) => message!("console-mode-tabletop"),
        (Mode::Technical, true) => message!("console-mode-lab"),
        (Mode::Technical, false) => message!("console-mode-technical"),
        (Mode::Live, _) => message!("console-mode-live"),
        (Mode::Respond, _) => message!("console-mode-respond"),
    }
}

/// How far a run has come, in a word or two.
pub(crate) fn stage(stage: &Stage) -> Message {
    match stage {
        Stage::Running => message!("console-stage-running"),
        Stage::Paused => message!("console-stage-paused"),
        Stage::Stopping(_) => message!("console-stage-stopping"),
        Stage::Ended(result) => result_word(*result),
    }
}

/// The technical result in words.
pub(crate) fn result_word(result: RunResult) -> Message {
    match result {
        RunResult::Passed => message!("console-result-passed"),
        RunResult::Failed => message!("console-result-failed"),
        RunResult::Stopped => message!("console-result-stopped"),
    }
}

/// The outcome of a step in words.
pub(crate) fn outcome(outcome: Outcome) -> Message {
    match outcome {
        Outcome::Done => message!("console-outcome-done"),
        Outcome::Failed => message!("console-outcome-failed"),
        Outcome::Skipped => message!("console-outcome-skipped"),
        Outcome::Unknown => message!("console-outcome-unknown"),
        Outcome::Abandoned => message!("console-outcome-abandoned"),
    }
}

/// How a second person consented, in words.
pub(crate) fn manner(manner: Manner) -> Message {
    match manner {
        Manner::Key => message!("console-manner-key"),
        Manner::Present => message!("console-manner-present"),
        Manner::Phone => message!("console-manner-phone"),
        Manner::Alone => message!("console-manner-alone"),
    }
}

/// The state of a watch in words.
pub(crate) fn watch_state(state: WatchState) -> Message {
    match state {
        WatchState::Up => message!("console-watch-up"),
        WatchState::Down => message!("console-watch-down"),
        WatchState::Unobserved => message!("console-watch-unobserved"),
    }
}

/// How many steps people count in this run.
pub(crate) fn total(view: &RunView) -> usize {
    view.steps.iter().filter_map(|step| step.number).max().unwrap_or(0)
}

/// `Bước 3/9`, or nothing for what people do not count.
pub(crate) fn counted(view: &RunView, number: Option<usize>) -> Option<Message> {
    number.map(|number| message!("console-step-number", number = number, total = total(view)))
}

/// `Bước 3/9. Cô lập`, in one line.
pub(crate) fn step_name(view: &RunView, number: Option<usize>, title: &Text, lang: Lang) -> String {
    match counted(view, number) {
        Some(number) => format!("{}. {}", number.render(lang), title.pick(lang)),
        None => title.pick(lang).to_owned(),
    }
}

/// The step at `path`; its own where it is an undo.
pub(crate) fn step_at<'a>(view: &'a RunView, path: &StepPath) -> Option<&'a StepView> {
    let path = path.undone().unwrap_or_else(|| path.clone());
    view.steps.iter().find(|step| step.path == path)
}

/// The head of the screen: what run, how long, its clocks and watches, and its `duties`, one a line.
pub(crate) fn header(view: &RunView, duties: &str, context: &Context) -> String {
    let lang = context.lang;
    let mut text = String::new();
    let banner = banner(view).render(lang);
    let red = view.kind == RunKind::Incident || view.stop_word.is_some();
    let banner = if red { context.red(&banner) } else { context.bold(&banner) };
    let _ = writeln!(text, "{RULE}\n{banner}");
    let _ = writeln!(text, "{} · {} · {}", view.run, mode(view).render(lang), view.title.pick(lang));
    if let Some(note) = taking_part(view) {
        let _ = writeln!(text, "{}", note.render(lang));
    }
    text.push_str(&people::lines(view, context));
    if let Some(inject) = view.injects.iter().max_by_key(|inject| inject.at.instant) {
        let _ = writeln!(text, "{}", progress::situation(view, inject, lang));
    }
    let _ = writeln!(text, "{}\n{duties}{RULE}", times(view, lang));
    text
}

/// What there is to say of who takes part, where it is not people at consoles.
pub(crate) fn taking_part(view: &RunView) -> Option<Message> {
    match view.people {
        People::Console => None,
        People::Scripted => Some(message!("console-people-scripted")),
        People::Unattended => Some(message!("console-people-unattended")),
    }
}

/// Elapsed time and watches in one line, then each clock that runs against its limit.
pub(crate) fn times(view: &RunView, lang: Lang) -> String {
    let mut parts = vec![message!("console-elapsed", time = format::duration(view.elapsed, lang)).render(lang)];
    parts.extend(view.watches.iter().map(|it| watch(it, lang)));
    let mut lines = vec![parts.join(" · ")];
    let running = view.clocks.iter().filter(|clock| clock.to.is_none());
    lines.extend(running.filter_map(|it| Some(format!("  {}", clock(it, false, lang)?))));
    lines.join("\n")
}

/// One clock against its limit; nothing where it has not begun.
///
/// `ended`: the run has ended, and a clock that was not stopped never will be.
pub(crate) fn clock(clock: &ClockView, ended: bool, lang: Lang) -> Option<String> {
    let elapsed = clock.elapsed?;
    let title = clock.title.clone();
    let time = format::duration(elapsed, lang);
    let text = match clock.limit {
        _ if ended && clock.to.is_none() => message!("console-clock-unstopped", title = title, time = time),
        None => message!("console-clock", title = title, time = time),
        Some(limit) => {
            let limit_text = format::duration(limit, lang);
            let over = elapsed.saturating_sub(limit);
            if over > Duration::ZERO {
                let over = format::duration(over, lang);
                message!("console-clock-over", title = title, time = time, limit = limit_text, over = over)
            } else if clock.to.is_some() {
                message!("console-clock-within", title = title, time = time, limit = limit_text)
            } else {
                let left = format::duration(limit.saturating_sub(elapsed), lang);
                message!("console-clock-left", title = title, time = time, limit = limit_text, left = left)
            }
        }
    };
    Some(text.render(lang))
}

fn watch(watch: &WatchView, lang: Lang) -> String {
    let state = watch_state(watch.state);
    message!("console-watch", watch = watch.title.clone(), state = state).render(lang)
}

/// A question with everything that is needed to answer it; the keys follow as the prompt.
pub(crate) fn question(view: &RunView, question: &QuestionView, context: &Context) -> String {
    let lang = context.lang;
    let mut text = String::from("\n");
    let step = question.step.as_ref().and_then(|path| step_at(view, path));
    let name = step_name(view, question.number, &question.title, lang);
    let role = question.role.as_ref().map(|role| format!("  ({})", role_title(view, role, lang))).unwrap_or_default();
    match question.what {
        What::Consent => {
            let _ = writeln!(text, "{}", context.bold(&message!("console-consent").render(lang)));
        }
        What::Deliver => {
            let _ = writeln!(text, "{}", context.bold(&name));
        }
        _ => {
            let role = if question.what == What::Handover { "" } else { role.as_str() };
            let _ = writeln!(text, "{}{role}", context.bold(&name));
        }
    }
    let dangerous = step.is_some_and(|step| step.effect == Some(Effect::Destructive));
    if let Some(intro) = intro(view, question, &name, lang) {
        let _ = writeln!(text, "{}", intro.render(lang));
    }
    if dangerous && matches!(question.what, What::State | What::Undo | What::Orphan) {
        let _ = writeln!(text, "{}", context.red(&message!("console-danger-here").render(lang)));
    }
    if let Some(body) = &question.text {
        let _ = writeln!(text, "{}", body.pick(lang).trim_end());
    }
    for line in people::target(view, question, lang) {
        let _ = writeln!(text, "{line}");
    }
    if question.what == What::Second && question.ways.contains(&Manner::Key) {
        let (run, id) = (view.run.as_str(), question.id.as_str());
        let _ = writeln!(text, "{}", message!("console-second-key", run = run, question = id).render(lang));
    }
    if !question.checks.is_empty() {
        let _ = writeln!(text, "{}", message!("console-checks").render(lang));
        for (index, check) in question.checks.iter().enumerate() {
            let _ = writeln!(text, "  {}. {}", index + 1, check.pick(lang));
        }
    }
    for (index, option) in question.options.iter().enumerate() {
        let _ = writeln!(text, "  [{}] {}", index + 1, option.title.pick(lang));
    }
    if question.what == What::Consent {
        for step in view.steps.iter().filter(|step| runs(step)) {
            plan_step(&mut text, view, step, context);
        }
    }
    if let Some(plan) = &question.plan {
        let _ = writeln!(text, "{}", message!("console-plan-digest", digest = plan.to_string()).render(lang));
    }
    if question.evidence_missing {
        let _ = writeln!(text, "{}", message!("console-evidence-required").render(lang));
    }
    text
}

fn intro(view: &RunView, question: &QuestionView, name: &str, lang: Lang) -> Option<Message> {
    match question.what {
        What::Manual | What::Decide => None,
        What::State => Some(message!("console-intro-state")),
        What::Truth => Some(message!("console-intro-truth")),
        What::Orphan => Some(message!("console-intro-orphan", step = name)),
        What::Undo => Some(message!("console-intro-undo")),
        What::Deliver if question.text.is_none() => Some(message!("console-intro-fault")),
        What::Deliver => Some(match &question.role {
            Some(role) => message!("console-intro-deliver-to", role = role_title(view, role, lang)),
            None => message!("console-intro-deliver"),
        }),
        What::Consent if view.steps.iter().any(runs) => Some(message!("console-intro-consent")),
        What::Consent => Some(message!("console-intro-consent-by-hand")),
        What::Second => Some(message!("console-intro-second")),
        What::Handover => Some(message!(
            "console-intro-handover",
            who = question.by.as_str(),
            role = question.role.as_ref().map_or_else(String::new, |role| role_title(view, role, lang))
        )),
    }
}

/// What people call a role; its id stands in where the plan has no title.
pub(crate) fn role_title(view: &RunView, role: &Id, lang: Lang) -> String {
    view.roles.get(role).map_or_else(|| role.as_str().to_owned(), |title| title.pick(lang).to_owned())
}

/// Whether a step runs something by itself.
fn runs(step: &StepView) -> bool {
    step.command.is_some() && !step.left_out
}

/// The plan, every command in full, as it is shown before anything starts.
pub(crate) fn plan(view: &RunView, context: &Context) -> String {
    let lang = context.lang;
    let mut text = String::new();
    let banner = banner(view).render(lang);
    let banner = if view.kind == RunKind::Incident { context.red(&banner) } else { context.bold(&banner) };
    let _ = writeln!(text, "{banner}");
    let _ = writeln!(text, "{} · {} ({})", mode(view).render(lang), view.title.pick(lang), view.playbook);
    if let Some(note) = taking_part(view) {
        let _ = writeln!(text, "{}", note.render(lang));
    }
    text.push('\n');
    for step in &view.steps {
        plan_step(&mut text, view, step, context);
    }
    let _ = writeln!(text, "\n{}", message!("console-plan-digest", digest = view.plan.to_string()).render(lang));
    wrap::wrap(&text, wrap::width())
}

fn plan_step(text: &mut String, view: &RunView, step: &StepView, context: &Context) {
    let lang = context.lang;
    let indent = "  ".repeat(step.depth);
    let number = step.number.map_or_else(|| "   -".to_owned(), |number| format!("{number:>4}."));
    let effect = match step.effect {
        Some(Effect::Destructive) => {
            format!(" · {}", context.red(&message!("console-effect-destructive").render(lang)))
        }
        Some(Effect::Change) => format!(" · {}", message!("console-effect-change").render(lang)),
        Some(Effect::Observe) => format!(" · {}", message!("console-effect-observe").render(lang)),
        None => String::new(),
    };
    let title = step.title.pick(lang);
    if step.left_out {
        let _ = writeln!(text, "{number} {indent}{title} · {}", message!("console-plan-left-out").render(lang));
        return;
    }
    let role = step.role.as_ref().map(|role| format!(" · {}", role_title(view, role, lang))).unwrap_or_default();
    let action = action_word(step.action).map(|word| format!(" · {}", word.render(lang))).unwrap_or_default();
    let _ = writeln!(text, "{number} {indent}{title}{action}{role}{effect}");
    for line in step.command.iter().flat_map(|command| command.lines()) {
        let _ = writeln!(text, "      {indent}  {line}");
    }
}

/// The word for an action that people read.
fn action_word(action: &str) -> Option<Message> {
    Some(match action {
        "manual" => message!("console-action-manual"),
        "run" => message!("console-action-run"),
        "probe" => message!("console-action-probe"),
        "wait" => message!("console-action-wait"),
        "backup" => message!("console-action-backup"),
        "restore" => message!("console-action-restore"),
        "decide" => message!("console-action-decide"),
        "parallel" => message!("console-action-parallel"),
        "each" => message!("console-action-each"),
        "repeat" => message!("console-action-repeat"),
        "call" => message!("console-action-call"),
        "notify" => message!("console-action-notify"),
        "inject" => message!("console-action-inject"),
        "fault" => message!("console-action-fault"),
        "note" => message!("console-action-note"),
        _ => return None,
    })
}

/// Every counted step with how it stands: for `status`, and when a person asks to see it all again.
pub(crate) fn steps(view: &RunView, context: &Context) -> String {
    let lang = context.lang;
    let mut text = String::new();
    for step in &view.steps {
        let Some(number) = step.number else { continue };
        let state = match (step.outcome, step.open) {
            (_, true) => message!("console-step-open"),
            (Some(word), false) => outcome(word),
            (None, false) => message!("console-step-waiting"),
        };
        let took = step.took.filter(|_| !step.open).map(|took| format!(", {}", format::duration(took, lang)));
        let state = format!("{}{}", state.render(lang), took.unwrap_or_default());
        let state = match step.outcome {
            Some(Outcome::Failed | Outcome::Unknown | Outcome::Abandoned) => context.red(&state),
            _ if step.open => context.bold(&state),
            _ => state,
        };
        let _ = writeln!(text, "{number:>4}. {} – {state}", step.title.pick(lang));
    }
    text
}
