//! The sections of the page, from what a reader must know first to the record itself.

use super::changes;
use super::labels::{self, say};
use super::page::Page;
use crate::message::{format, message};
use crate::model::{Lang, Outcome, StepPath};
use crate::report::{ClockState, Report, StepRow};

pub(super) use super::steps::{said, steps};
pub(super) use super::tables::{data, log, people, why};

pub(super) fn heading(page: &mut Page, text: &str) {
    page.raw("<section>").element("h2", text);
}

pub(super) fn end(page: &mut Page) {
    page.raw("</section>\n");
}

/// The numbers of the records that something rests on.
pub(super) fn refs(page: &mut Page, numbers: &[u64]) {
    if !numbers.is_empty() {
        page.raw(" ").classed("span", "ref", &labels::records(numbers));
    }
}

/// The row of a table's head.
pub(super) fn columns(page: &mut Page, columns: &[(&'static str, String)]) {
    page.raw("<table><thead><tr>");
    for (class, text) in columns {
        page.classed("th", class, text);
    }
    page.raw("</tr></thead><tbody>");
}

/// What people call a step: its number and title, or its path.
pub(super) fn step_name(report: &Report, path: &StepPath, records: &[u64], lang: Lang) -> String {
    let newest = records.first().copied().unwrap_or(u64::MAX);
    report.step_at(path, newest).map_or_else(|| path.to_string(), |step| titled(step, lang))
}

/// A step's number and title.
pub(super) fn titled(step: &StepRow, lang: Lang) -> String {
    match step.number {
        Some(number) => format!("{number}. {}", step.title.pick(lang)),
        None => step.title.pick(lang).to_owned(),
    }
}

pub(super) fn head(page: &mut Page, report: &Report, lang: Lang) {
    let run = &report.run;
    page.raw("<header>").classed("p", "kind", &say(&message!("report-kind", run = run.id.as_str()), lang));
    page.element("h1", run.title.pick(lang));
    page.raw("<dl class=\"facts\">");
    let mut fact = |name: String, value: String| {
        page.element("dt", &name).element("dd", &value);
    };
    if let Some(unit) = &report.unit {
        fact(say(&message!("report-unit"), lang), unit.clone());
    }
    let systems: Vec<String> = run
        .systems
        .iter()
        .map(|system| system.with_level(format!("{} ({})", system.name.pick(lang), system.id), lang))
        .collect();
    if !systems.is_empty() {
        fact(say(&message!("report-systems"), lang), systems.join("; "));
    }
    fact(say(&message!("report-mode"), lang), say(&labels::mode(report), lang));
    fact(say(&message!("report-people-how"), lang), say(&labels::people(run.people), lang));
    let time = match &run.ended {
        Some(ended) => message!(
            "report-from-to",
            from = labels::stamp(&run.began, lang),
            to = labels::stamp(ended, lang),
            took = labels::seconds(run.seconds, lang)
        ),
        None => message!(
            "report-from-on",
            from = labels::stamp(&run.began, lang),
            took = labels::seconds(run.seconds, lang)
        ),
    };
    fact(say(&message!("report-time"), lang), say(&time, lang));
    fact(say(&message!("report-conclusion"), lang), changes::conclusion(report, lang));
    let scenario = message!("report-scenario-version", name = run.playbook.as_str(), version = run.version);
    fact(say(&message!("report-scenario"), lang), say(&scenario, lang));
    if let Some(exercise) = &run.exercise {
        fact(say(&message!("report-exercise"), lang), exercise.to_string());
    }
    page.raw("</dl></header>\n");
}

pub(super) fn standing(page: &mut Page, report: &Report, lang: Lang) {
    let ledger = &report.ledger;
    page.raw(match ledger.ok {
        Some(true) => "<div class=\"standing\">",
        Some(false) => "<div class=\"standing fails\">",
        None => "<div class=\"standing unseen\">",
    });
    let sign = match ledger.ok {
        Some(true) => "✓ ",
        Some(false) => "✗ ",
        None => "? ",
    };
    page.raw("<p>").raw(sign).text(&say(&labels::standing(report), lang)).raw("</p>");
    if ledger.ok.is_some() {
        let counts = message!(
            "report-ledger-counts",
            size = format::number(ledger.size, lang),
            held = format::number(ledger.held, lang),
            signed = format::number(ledger.signed, lang)
        );
        page.classed("p", "small", &say(&counts, lang));
    }
    if let Some(seq) = ledger.inventory_noted {
        page.classed("p", "small", &say(&message!("report-inventory-noted", seq = seq.to_string()), lang));
    }
    for finding in &ledger.findings {
        page.raw("<p class=\"small\">");
        page.text(&say(&severity(&finding.severity), lang)).raw("[<code>").text(&finding.code).raw("</code>]: ");
        page.text(finding.message.pick(lang));
        refs(page, finding.seq.as_slice());
        page.raw("</p>");
    }
    page.raw("</div>\n");
}

fn severity(word: &str) -> crate::message::Message {
    match word {
        "error" => message!("report-severity-error"),
        "warning" => message!("report-severity-warning"),
        _ => message!("report-severity-note"),
    }
}

pub(super) fn exceptions(page: &mut Page, report: &Report, lang: Lang) {
    heading(page, &say(&message!("report-exceptions"), lang));
    if report.exceptions.is_empty() {
        page.classed("p", "none", &say(&message!("report-no-exceptions"), lang));
    } else {
        page.raw("<ul class=\"exceptions\">");
        for exception in &report.exceptions {
            page.raw(if exception.grave { "<li class=\"grave\">" } else { "<li>" });
            page.text(exception.text.pick(lang));
            refs(page, &exception.records);
            page.raw("</li>");
        }
        page.raw("</ul>");
    }
    end(page);
}

/// The steps in one line: `24 đã thực hiện · 1 không đạt`.
pub(super) fn counted(report: &Report, lang: Lang) -> String {
    let summary = &report.summary;
    let mut parts = vec![(summary.done, message!("report-outcome-done"))];
    for (count, name) in [
        (summary.failed, message!("report-outcome-failed")),
        (summary.skipped, message!("report-outcome-skipped")),
        (summary.unknown, message!("report-outcome-unknown")),
        (summary.abandoned, message!("report-outcome-abandoned")),
        (summary.open, message!("report-open")),
        (summary.not_reached, message!("report-not-reached")),
    ] {
        if count > 0 {
            parts.push((count, name));
        }
    }
    let parts: Vec<String> = parts.iter().map(|(count, name)| format!("{count} {}", say(name, lang))).collect();
    parts.join(" · ")
}

/// The technical result in words, also of a run that goes on.
pub(super) fn outcome_of(report: &Report, lang: Lang) -> String {
    let message = match (report.run.result, report.run.stage) {
        (Some(result), _) => labels::result(result),
        (None, "paused") => message!("report-stage-paused"),
        (None, "stopping") => message!("report-stage-stopping"),
        (None, _) => message!("report-stage-running"),
    };
    say(&message, lang)
}

pub(super) fn summary(page: &mut Page, report: &Report, lang: Lang) {
    heading(page, &say(&message!("report-summary"), lang));
    page.raw("<div class=\"tiles\">");
    let mut tile = |class: &'static str, name: String, value: String, note: String| {
        page.raw("<div class=\"").raw(class).raw("\">").classed("p", "soft small", &name);
        page.classed("p", "value", &value).classed("p", "soft small", &note).raw("</div>");
    };
    let class = match report.run.result {
        Some(crate::model::RunResult::Passed) => "tile good",
        Some(crate::model::RunResult::Failed) => "tile bad",
        _ => "tile",
    };
    let steps = say(&message!("report-steps-counted", counts = counted(report, lang)), lang);
    tile(class, say(&message!("report-result"), lang), outcome_of(report, lang), steps);
    if let Some(outage) = &report.outage {
        let note = match &outage.to {
            Some(to) => message!("report-outage-span", from = format::clock(&outage.from), to = format::clock(to)),
            None => message!("report-outage-open", from = format::clock(&outage.from)),
        };
        let lasted = labels::seconds(outage.seconds, lang);
        tile("tile", say(&message!("report-outage"), lang), lasted, say(&note, lang));
    }
    for clock in report.clocks.iter().filter(|clock| clock.seconds.is_some()) {
        let class = match clock.state {
            ClockState::Over => "tile bad",
            ClockState::Within => "tile good",
            _ => "tile",
        };
        let limit = clock.limit.map(|limit| labels::seconds(limit, lang));
        let note = match (clock.state, limit) {
            (ClockState::Within, Some(limit)) => message!("report-limit-within", limit = limit),
            (ClockState::Over, Some(limit)) => message!("report-limit-over", limit = limit),
            (_, Some(limit)) => message!("report-limit-is", limit = limit),
            (_, None) => message!("report-no-limit"),
        };
        let note = if clock.state == ClockState::Running {
            format!("{} · {}", say(&labels::clock(clock.state), lang), say(&note, lang))
        } else {
            say(&note, lang)
        };
        let class = if clock.unconfirmed { "tile" } else { class };
        let note = if clock.unconfirmed { say(&message!("report-clock-unconfirmed"), lang) } else { note };
        let measured = labels::seconds(clock.seconds.unwrap_or(0), lang);
        let note = note + &changes::between(clock.from_basis, clock.to_basis, lang);
        tile(class, clock.title.pick(lang).to_owned(), measured, note);
    }
    if let Some(restored) = report.summary.records_restored {
        let name = say(&message!("report-records-restored"), lang);
        tile("tile", name, labels::signed(restored, lang), lost(report, lang));
    }
    page.raw("</div>");
    end(page);
}

/// What the restore did not bring back.
pub(super) fn lost(report: &Report, lang: Lang) -> String {
    let summary = &report.summary;
    let lost = summary.records_lost.map(|lost| labels::signed(lost, lang));
    let message = match (lost, summary.data_lost_seconds) {
        (Some(lost), Some(time)) => {
            message!("report-records-lost-span", count = lost, time = labels::seconds(time, lang))
        }
        (Some(lost), None) => message!("report-records-lost", count = lost),
        (None, _) => message!("report-records-lost-unknown"),
    };
    say(&message, lang)
}

pub(super) fn measures(page: &mut Page, report: &Report, lang: Lang) {
    let text = |message: crate::message::Message| say(&message, lang);
    if !report.clocks.is_empty() {
        heading(page, &text(message!("report-clocks")));
        columns(
            page,
            &[
                ("", text(message!("report-column-clock"))),
                ("", text(message!("report-column-from"))),
                ("", text(message!("report-column-to"))),
                ("n", text(message!("report-column-measured"))),
                ("n", text(message!("report-column-limit"))),
                ("", text(message!("report-column-verdict"))),
            ],
        );
        for clock in &report.clocks {
            page.raw("<tr><td>").text(clock.title.pick(lang));
            refs(page, &clock.records);
            let from = labels::moment_or_none(report, clock.from.as_ref(), lang);
            let to = labels::moment_or_none(report, clock.to.as_ref(), lang);
            page.raw("</td>").element("td", &(from + &changes::known_from(clock.from_basis, lang)));
            page.element("td", &(to + &changes::known_from(clock.to_basis, lang)));
            let measured = clock.seconds.map_or_else(|| "–".to_owned(), |value| labels::seconds(value, lang));
            let limit = clock.limit.map_or_else(|| text(message!("report-no-limit")), |v| labels::seconds(v, lang));
            page.classed("td", "n", &measured).classed("td", "n", &limit).raw("<td>");
            page.classed("span", class_of(clock.state), &text(labels::clock(clock.state)));
            if clock.seconds.is_some() && clock.unconfirmed {
                page.raw("<br>").classed("span", "soft small", &text(message!("report-clock-unconfirmed")));
            }
            if clock.seconds.is_some() && !clock.by_boot_clock {
                page.raw("<br>").classed("span", "soft small", &text(message!("report-by-wall-clock")));
            }
            page.raw("</td></tr>");
        }
        page.raw("</tbody></table>");
        end(page);
    }
    if !report.objectives.is_empty() {
        heading(page, &text(message!("report-objectives")));
        columns(
            page,
            &[
                ("", text(message!("report-column-objective"))),
                ("", text(message!("report-column-limit"))),
                ("", text(message!("report-column-measured"))),
                ("", text(message!("report-column-verdict"))),
            ],
        );
        for objective in &report.objectives {
            page.raw("<tr><td>").text(objective.title.pick(lang));
            refs(page, &objective.records);
            page.raw("</td><td>");
            match (&objective.set, &objective.measure) {
                (Some(set), _) => page.text(set.pick(lang)),
                (None, Some(measure)) => page.element("code", measure),
                (None, None) => page.text(&text(message!("report-measured-by-people"))),
            };
            let measured = labels::measured_now(objective.measured.as_ref(), objective.recorded.as_ref(), lang);
            page.raw("</td><td>").text(measured.as_deref().unwrap_or("–"));
            let class = match objective.met {
                Some(true) => "good-word",
                Some(false) => "bad-word",
                None => "warn-word",
            };
            page.raw("</td><td>").classed(
                "span",
                class,
                &labels::met_now(objective.met, objective.recorded.as_ref(), lang),
            );
            if objective.met.is_some() && objective.unconfirmed {
                page.raw("<br>").classed("span", "soft small", &text(message!("report-clock-unconfirmed")));
            }
            page.raw("</td></tr>");
        }
        page.raw("</tbody></table>");
        end(page);
    }
    watches(page, report, lang);
}

fn watches(page: &mut Page, report: &Report, lang: Lang) {
    if report.watches.is_empty() {
        return;
    }
    let text = |message: crate::message::Message| say(&message, lang);
    heading(page, &text(message!("report-availability")));
    columns(
        page,
        &[
            ("", text(message!("report-column-watch"))),
            ("n", text(message!("report-watch-up"))),
            ("n", text(message!("report-watch-down"))),
            ("n", text(message!("report-watch-unobserved"))),
            ("n", text(message!("report-column-share"))),
        ],
    );
    for watch in &report.watches {
        page.raw("<tr><td>").text(watch.title.pick(lang)).raw(" ").classed("code", "soft", &watch.look);
        refs(page, &watch.records);
        page.raw("</td>").classed("td", "n", &labels::seconds(watch.up, lang));
        page.classed("td", "n", &labels::seconds(watch.down, lang));
        page.classed("td", "n", &labels::seconds(watch.unobserved, lang));
        page.classed("td", "n", &share(watch.up, watch.up + watch.down, lang)).raw("</tr>");
    }
    page.raw("</tbody></table>").classed("p", "soft small", &text(message!("report-share-note")));
    end(page);
}

/// A share with two decimals, as `95,17%`; of the observed time only.
pub(super) fn share(part: u64, whole: u64, lang: Lang) -> String {
    if whole == 0 {
        return say(&message!("report-no-figure"), lang);
    }
    let hundredths = u128::from(part) * 10_000 / u128::from(whole);
    let point = match lang {
        Lang::Vi => ',',
        Lang::En => '.',
    };
    format!("{}{point}{:02}%", hundredths / 100, hundredths % 100)
}

pub(super) fn class_of(state: ClockState) -> &'static str {
    match state {
        ClockState::Within => "good-word",
        ClockState::Over => "bad-word",
        ClockState::Measured => "",
        ClockState::Running | ClockState::NotBegun => "warn-word",
    }
}

pub(super) fn foot(page: &mut Page, report: &Report, lang: Lang) {
    let text = |message: crate::message::Message| say(&message, lang);
    page.raw("<footer><p>").text(&text(message!("report-head"))).raw("</p><p class=\"mono head\">");
    page.text(&report.ledger.origin).raw("<br>").text(&report.ledger.size.to_string()).raw("<br>");
    page.text(&report.ledger.root).raw("</p><p>").text(&text(message!("report-plan"))).raw(" <code>");
    page.text(&report.run.plan.to_string()).raw("</code></p><p>");
    page.text(&text(message!("report-made", at = labels::stamp(&report.made, lang)))).raw("</p></footer>\n");
}

pub(super) fn state_class(step: &StepRow) -> &'static str {
    match step.outcome {
        Some(Outcome::Done) if step.confirmed == Some(false) => "warn-word",
        Some(Outcome::Done) => "good-word",
        Some(Outcome::Failed) => "bad-word",
        Some(Outcome::Unknown | Outcome::Abandoned) => "warn-word",
        Some(Outcome::Skipped) | None => "soft",
    }
}
