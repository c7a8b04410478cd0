//! Who has which role, which offers nobody has taken, and what waits for the commander: for the head of a screen.

use std::fmt::Write as _;

use super::show::{role_title, step_at, step_name};
use crate::engine::view::{QuestionView, RunView};
use crate::message::{Message, format, message};
use crate::model::Lang;
use crate::model::record::What;
use crate::ui::Context;

/// A line for the roles, and one for each offer and each consent that is still open; nothing where nobody has a role.
pub(crate) fn lines(view: &RunView, context: &Context) -> String {
    let lang = context.lang;
    let mut text = String::new();
    let said = view.held.iter().any(|held| held.holder.is_some());
    let roles: Vec<String> = view
        .held
        .iter()
        .filter(|_| said)
        .map(|held| {
            let role = role_title(view, &held.role, lang);
            let line = match &held.holder {
                Some(who) if held.listed => message!("people-held-listed", role = role, who = who.as_str()),
                Some(who) => message!("people-held", role = role, who = who.as_str()),
                None => message!("people-held-nobody", role = role),
            };
            line.render(lang)
        })
        .collect();
    if !roles.is_empty() {
        let _ = writeln!(text, "{}", message!("people-roles", roles = roles.join("; ")).render(lang));
    }
    for question in view.questions.iter().filter(|question| question.what == What::Handover) {
        let _ = writeln!(text, "{}", context.yellow(&offer(view, question, context).render(lang)));
    }
    for alone in &view.alone {
        let step = alone.step.as_ref().and_then(|path| step_at(view, path));
        let step = step.map_or_else(String::new, |step| step_name(view, step.number, &step.title, lang));
        let seq = alone.seq.to_string();
        let line = message!("people-unconfirmed", step = step, who = alone.who.as_str(), seq = seq);
        let _ = writeln!(text, "{}", context.yellow(&line.render(lang)));
    }
    text
}

/// An offer of a role that nobody has taken, with its age; or that it counts no more, and how to be rid of it.
fn offer(view: &RunView, question: &QuestionView, context: &Context) -> Message {
    let lang = context.lang;
    let role = question.role.as_ref().map_or_else(String::new, |role| role_title(view, role, lang));
    let to = question.to.as_ref().map_or("", |to| to.as_str());
    let from = question.by.as_str();
    let held = question.role.as_ref().and_then(|role| view.held.iter().find(|held| held.role == *role));
    let holder = held.and_then(|held| held.holder.as_ref());
    if holder != Some(&question.by) {
        let who = holder.map_or_else(|| "–".to_owned(), ToString::to_string);
        return message!("people-offer-void", role = role, from = from, to = to, who = who);
    }
    let now = context.clock.now().at.instant;
    let age = std::time::Duration::try_from(now.duration_since(question.asked.instant)).unwrap_or_default();
    let (time, age) = (format::time(&question.asked, lang), format::duration(age, lang));
    message!("people-not-taken", role = role, from = from, to = to, time = time, age = age)
}

/// On which system and machine something acts that is dangerous, and what would run, a line each.
pub(crate) fn target(view: &RunView, question: &QuestionView, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(target) = &question.target {
        let host = match (&target.host, &target.ssh) {
            (Some(host), Some(ssh)) if host != ssh => Some(format!("{host} (ssh {ssh})")),
            (host, ssh) => host.clone().or_else(|| ssh.clone()),
        };
        let system = target.system.as_ref().map(crate::model::Name::as_str);
        lines.push(match (system, host) {
            (Some(system), Some(host)) => message!("console-target", system = system, host = host),
            (Some(system), None) => message!("console-target-here", system = system),
            (None, Some(host)) => message!("console-target-machine", host = host),
            (None, None) => message!("console-target-no-system"),
        });
        if target.restores {
            lines.push(message!("console-target-restores", run = view.run.as_str()));
        }
    }
    if let Some(command) = &question.command {
        lines.push(message!("console-command", command = command.as_str()));
    }
    lines.iter().map(|line| line.render(lang)).collect()
}
