//! Every step with who, when, how long, what ran, and its evidence; then questions, notes, files and notices.

use super::labels::{self, say};
use super::page::Page;
use super::sections::{end, heading, refs, state_class, step_name};
use crate::message::{Message, format, message};
use crate::model::{Actor, Lang, Outcome, UndoOutcome};
use crate::report::{EarlierPart, QuestionRow, Report, StepRow};

pub(in crate::report::format) fn steps(page: &mut Page, report: &Report, lang: Lang) {
    for part in &report.earlier {
        heading(page, &earlier(part, lang));
        refs(page, &part.records);
        rows(page, &part.steps, lang);
        end(page);
    }
    heading(page, &say(&message!("report-steps"), lang));
    rows(page, &report.steps, lang);
    end(page);
}

/// What stands over the steps of a playbook that led before.
pub(super) fn earlier(part: &EarlierPart, lang: Lang) -> String {
    let (from, to) = (labels::stamp(&part.from, lang), labels::stamp(&part.to, lang));
    say(&message!("report-steps-earlier", playbook = part.title.clone(), from = from, to = to), lang)
}

fn rows(page: &mut Page, steps: &[StepRow], lang: Lang) {
    let mut phase = None;
    for (index, step) in steps.iter().enumerate() {
        // A container belongs to the phase of what it holds.
        let mut inner = steps[index..].iter().skip(1).take_while(|inner| inner.depth > step.depth);
        let of = step.phase.or_else(|| inner.find_map(|inner| inner.phase));
        if let Some(new) = of.filter(|new| step.depth == 0 && phase != Some(*new)) {
            phase = of;
            page.element("h3", &say(&labels::phase(new), lang));
        }
        one(page, step, lang);
    }
}

/// The state of a step in words.
pub(super) fn state(step: &StepRow, lang: Lang) -> String {
    let message = match step.outcome {
        Some(Outcome::Done) if step.confirmed == Some(false) => message!("report-done-unconfirmed"),
        Some(outcome) => labels::outcome(outcome),
        None if step.began.is_some() => message!("report-open"),
        None => message!("report-not-reached"),
    };
    say(&message, lang)
}

fn one(page: &mut Page, step: &StepRow, lang: Lang) {
    let text = |message: Message| say(&message, lang);
    page.raw("<article class=\"step ").raw(match step.outcome {
        _ if step.is_container() => "container",
        Some(Outcome::Done) => "done",
        Some(Outcome::Failed) => "failed",
        Some(Outcome::Skipped) => "skipped",
        Some(Outcome::Unknown) => "unknown",
        Some(Outcome::Abandoned) => "abandoned",
        None => "waiting",
    });
    page.raw(match step.depth {
        0 => "\">",
        1 => " deep\">",
        _ => " deeper\">",
    });
    let number = step.number.map(|number| format!("{number}. ")).unwrap_or_default();
    page.raw("<header>").classed("span", "title", &format!("{number}{}", step.title.pick(lang)));
    page.raw("<span class=\"state ").raw(state_class(step)).raw("\">");
    page.raw(step.outcome.map_or("", |outcome| labels::sign(outcome, step.confirmed)))
        .raw(" ")
        .text(&state(step, lang))
        .raw("</span></header>");

    let mut parts = vec![text(labels::action(step.action))];
    parts.extend(step.effect.map(|effect| text(labels::effect(effect))));
    parts.extend(step.role.as_ref().map(|role| role.pick(lang).to_owned()));
    let people: Vec<&str> = step.who.iter().map(Actor::as_str).filter(|who| *who != "engine").collect();
    if !people.is_empty() {
        parts.push(text(message!("report-by", who = people.join(", "))));
    } else if !step.who.is_empty() && !step.is_container() && !matches!(step.action, "manual" | "decide" | "inject") {
        parts.push(text(message!("report-by-machine")));
    }
    if let Some(began) = &step.began {
        let ended = step.ended.as_ref().map_or_else(|| "…".to_owned(), format::clock);
        parts.push(format!("{} – {ended}", format::clock(began)));
    }
    parts.extend(step.millis.map(|millis| labels::millis(millis, lang)));
    if step.attempts > 1 {
        parts.push(text(message!("report-attempts", count = step.attempts)));
    }
    if let Some(exit) = step.exit.filter(|exit| *exit != 0) {
        parts.push(text(message!("report-exit", code = exit)));
    }
    page.raw("<p class=\"line soft\">").text(&parts.join(" · "));
    refs(page, &step.records);
    page.raw("</p>");
    if let Some(second) = &step.second {
        page.classed("p", "line", second.pick(lang));
    }
    if let Some(why) = &step.why {
        page.classed("p", "line", why.pick(lang));
    }
    if let Some(detail) = &step.detail {
        page.classed("p", "line quoted", detail);
    }
    match step.undo {
        UndoOutcome::None => {}
        UndoOutcome::Done => {
            page.classed("p", "line", &text(message!("report-undone")));
        }
        UndoOutcome::Failed => {
            page.classed("p", "line bad-word", &text(message!("report-undo-failed")));
        }
    }
    if let Some(command) = &step.command {
        page.classed("pre", "command", command);
    }
    if let Some(output) = &step.output {
        page.element("pre", output);
        if step.output_cut {
            page.classed("p", "line soft", &text(message!("report-output-cut")));
        }
    }
    for evidence in &step.evidence {
        page.raw("<p class=\"object\">").text(&text(labels::evidence(evidence.kind)));
        if let Some(name) = &evidence.name {
            page.raw(" ").text(name);
        }
        page.raw(": ").text(&evidence.digest.to_string()).raw(" (").text(&format::bytes(evidence.size, lang));
        page.raw(")</p>");
    }
    page.raw("</article>\n");
}

/// What people said: answers, notes, files; and the notices that were prepared.
pub(in crate::report::format) fn said(page: &mut Page, report: &Report, lang: Lang) {
    let text = |message: Message| say(&message, lang);
    if !report.questions.is_empty() {
        heading(page, &text(message!("report-questions")));
        for question in &report.questions {
            answer(page, report, question, lang);
        }
        end(page);
    }
    if !report.notes.is_empty() || !report.attachments.is_empty() {
        heading(page, &text(message!("report-notes")));
        for note in &report.notes {
            page.raw("<div class=\"answer\"><p class=\"line soft\">")
                .text(&labels::moment(report, &note.at, lang))
                .raw(" · ");
            page.text(&report.called(&note.by, lang)).raw(" · ").text(&text(labels::basis(note.basis)));
            if let Some(step) = &note.step {
                page.raw(" · ").text(&step_name(report, step, &note.records, lang));
            }
            refs(page, &note.records);
            let words = note.text.clone().unwrap_or_else(|| text(message!("report-redacted")));
            page.raw("</p>").classed("p", "quoted", &words).raw("</div>");
        }
        for file in &report.attachments {
            page.raw("<div class=\"answer\"><p class=\"line soft\">")
                .text(&labels::moment(report, &file.at, lang))
                .raw(" · ");
            page.text(&report.called(&file.by, lang));
            if let Some(step) = &file.step {
                page.raw(" · ").text(&step_name(report, step, &file.records, lang));
            }
            refs(page, &file.records);
            let name = file.name.clone().unwrap_or_else(|| text(message!("report-redacted")));
            page.raw("</p><p>").text(&text(message!("report-attachment", name = name))).raw(" (");
            page.text(&format::bytes(file.size, lang)).raw(")</p>");
            page.classed("p", "object", &file.digest.to_string()).raw("</div>");
        }
        end(page);
    }
    if !report.notices.is_empty() {
        heading(page, &text(message!("report-notices")));
        page.classed("p", "soft small", &text(message!("report-notices-note")));
        for notice in &report.notices {
            let title = match &notice.step {
                Some(step) => step_name(report, step, &notice.records, lang),
                None => text(message!("report-notice-of", notice = notice.notice.as_str())),
            };
            page.raw("<h3>").text(&title);
            refs(page, &notice.records);
            page.raw("</h3>");
            let words = notice.text.clone().unwrap_or_else(|| text(message!("report-redacted")));
            page.classed("div", "notice", &words);
        }
        end(page);
    }
}

fn answer(page: &mut Page, report: &Report, question: &QuestionRow, lang: Lang) {
    let text = |message: Message| say(&message, lang);
    page.raw("<div class=\"answer\"><p><b>");
    match (&question.step, &question.title) {
        (Some(step), _) => page.text(&step_name(report, step, &question.records, lang)),
        (None, Some(title)) => page.text(title.pick(lang)),
        (None, None) => page.text(&text(labels::what(question.what))),
    };
    page.raw("</b>");
    refs(page, &question.records);
    page.raw("</p><p>");
    match (&question.answer, &question.by) {
        (Some(answer), by) => {
            page.raw("<b>").text(answer.pick(lang)).raw("</b>");
            if let Some(by) = by {
                page.raw(" · ").text(&report.called(by, lang));
            }
            if let Some(basis) = question.basis {
                page.raw(" · ").text(&text(labels::basis(basis)));
            }
            page.raw(" · ").text(&labels::moment_or_none(report, question.answered.as_ref(), lang));
        }
        (None, _) => {
            page.classed("span", "warn-word", &text(message!("report-unanswered")));
        }
    }
    page.raw("</p>");
    for (check, ticked) in &question.checks {
        page.raw(if *ticked { "<p class=\"line\">☑ " } else { "<p class=\"line\">☐ " }).text(check.pick(lang));
        page.raw("</p>");
    }
    for (name, value) in &question.values {
        let value = value.clone().unwrap_or_else(|| text(message!("report-redacted")));
        page.raw("<p class=\"line\">").text(name).raw(": ").text(&value).raw("</p>");
    }
    if let Some(because) = &question.because {
        page.raw("<p class=\"line\">").text(&text(message!("report-because"))).raw(" ").text(because).raw("</p>");
    }
    if let Some(how) = &question.second {
        page.classed("p", "line", how.pick(lang));
    }
    if let Some(next) = &question.follow_up {
        let next = next.trim_end_matches('.');
        page.classed("p", "line", &text(message!("minutes-follow-up", text = next)));
    }
    page.raw("</div>");
}
