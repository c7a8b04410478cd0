//! Who has which role, which offers nobody has taken, and what waits for the commander: for the head of a screen.

use std::fmt::Write as _;

use super::show::{role_title, step_at, step_name};
use crate::engine::view::{QuestionView, RunView};
use crate::message::{format, message};
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
        let role = question.role.as_ref().map_or_else(String::new, |role| role_title(view, role, lang));
        let to = question.to.as_ref().map_or("", |to| to.as_str());
        let time = format::clock(&question.asked);
        let line = message!("people-not-taken", role = role, from = question.by.as_str(), to = to, time = time);
        let _ = writeln!(text, "{}", context.yellow(&line.render(lang)));
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

/// On which system and machine a dangerous command acts.
pub(super) fn target(question: &QuestionView, lang: Lang) -> String {
    let Some((system, host)) = &question.target else { return String::new() };
    let line = match host {
        Some(host) => message!("console-target", system = system.as_str(), host = host.as_str()),
        None => message!("console-target-here", system = system.as_str()),
    };
    format!("{}\n", line.render(lang))
}
