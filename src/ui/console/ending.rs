//! What a console says when a run has ended.

use std::fmt::Write as _;

use super::show;
use crate::engine::view::RunView;
use crate::message::{format, message};
use crate::model::{Outcome, RunResult, Stage};
use crate::ui::Context;

/// The result, the clocks, what did not pass, and what to type next.
pub(super) fn text(view: &RunView, context: &Context) -> String {
    let lang = context.lang;
    let Stage::Ended(result) = view.stage else { return String::new() };
    let word = show::result_word(result).render(lang);
    let mut text = String::from("\n");
    let line = message!("console-ended", run = view.run.as_str(), result = word).render(lang);
    let line = match result {
        RunResult::Passed => context.green(&line),
        RunResult::Failed | RunResult::Stopped => context.red(&line),
    };
    let _ = writeln!(text, "{line}");
    let _ = writeln!(text, "{}", show::banner(view).render(lang));
    if let Some(note) = show::taking_part(view) {
        let _ = writeln!(text, "{}", note.render(lang));
    }
    let time = format::duration(view.elapsed, lang);
    let _ = writeln!(text, "{}", message!("console-ended-time", time = time).render(lang));
    for clock in view.clocks.iter().filter_map(|clock| show::clock(clock, true, lang)) {
        let _ = writeln!(text, "{clock}");
    }
    let count = |wanted| view.steps.iter().filter(|step| step.number.is_some() && step.outcome == Some(wanted)).count();
    let steps = message!(
        "console-ended-steps",
        done = count(Outcome::Done),
        failed = count(Outcome::Failed),
        unknown = count(Outcome::Unknown),
        skipped = count(Outcome::Skipped),
        abandoned = count(Outcome::Abandoned)
    );
    let _ = writeln!(text, "{}", steps.render(lang));
    for step in view.steps.iter().filter(|step| step.number.is_some()) {
        let Some(outcome @ (Outcome::Failed | Outcome::Unknown | Outcome::Abandoned)) = step.outcome else { continue };
        let name = show::step_name(view, step.number, &step.title, lang);
        let _ = writeln!(text, "  {}", context.red(&format!("{name}: {}", show::outcome(outcome).render(lang))));
    }
    let _ = writeln!(text, "\n{}", message!("console-ended-next").render(lang));
    let next = [
        (format!("ungpho report run {}", view.run), message!("console-ended-report")),
        ("ungpho evidence verify".to_owned(), message!("console-ended-verify")),
        (format!("ungpho evidence show {}", view.run), message!("console-ended-show")),
    ];
    let width = next.iter().map(|(command, _)| command.len()).max().unwrap_or(0);
    for (command, what) in next {
        let _ = writeln!(text, "  {command:width$}   {}", what.render(lang));
    }
    text
}
