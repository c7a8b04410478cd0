//! Markdown: the same report for wikis, mail and pull requests.

use super::labels::{self, say};
use super::people::{handover, tenure};
use super::sections::{counted, lost, outcome_of, share, step_name, titled, why};
use super::steps::{earlier, state};
use super::{changes, duties, exercise};
use crate::message::{Message, format, message};
use crate::model::{Lang, legible, misleads};
use crate::report::{Report, StepRow};

/// The report as Markdown with tables. What people typed or programs printed cannot become markup.
#[must_use]
pub fn markdown(report: &Report, lang: Lang) -> String {
    let mut page = Markdown { text: String::new(), lang };
    page.head(report);
    page.text.push_str(&changes::markdown(report, lang));
    page.text.push_str(&duties::markdown(report, lang));
    page.text.push_str(&exercise::markdown(report, lang));
    page.measures(report);
    page.data(report);
    page.steps(report);
    page.roles(report);
    page.said(report);
    page.foot(report);
    page.text
}

struct Markdown {
    text: String,
    lang: Lang,
}

impl Markdown {
    fn say(&self, message: &Message) -> String {
        say(message, self.lang)
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn heading(&mut self, message: &Message) {
        let text = self.say(message);
        self.line(&format!("\n## {text}\n"));
    }

    fn row(&mut self, cells: &[String]) {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('\n', "<br>")).collect();
        self.line(&format!("| {} |", cells.join(" | ")));
    }

    fn table(&mut self, columns: &[Message]) {
        let names: Vec<String> = columns.iter().map(|column| self.say(column)).collect();
        self.row(&names);
        self.line(&format!("|{}", " --- |".repeat(columns.len())));
    }

    fn head(&mut self, report: &Report) {
        let (lang, run) = (self.lang, &report.run);
        let banner = self.say(&labels::banner(report));
        self.line(&format!("**{banner}**\n"));
        if let Some(text) = changes::voided(report, lang) {
            self.line(&format!("**{}**\n", plain(&text)));
        }
        self.line(&format!("# {}: {}\n", run.id, plain(run.title.pick(lang))));
        let sign = match report.ledger.ok {
            Some(true) => "✓",
            Some(false) => "✗",
            None => "?",
        };
        let standing = self.say(&labels::standing(report));
        self.line(&format!("**{sign} {standing}**"));
        for finding in &report.ledger.findings {
            let at = finding.seq.map(|seq| format!(" #{seq}")).unwrap_or_default();
            self.line(&format!("- {}{at}: {}", code(&finding.code), plain(finding.message.pick(lang))));
        }
        if let Some(seq) = report.ledger.inventory_noted {
            let noted = self.say(&message!("report-inventory-noted", seq = seq.to_string()));
            self.line(&format!("- {noted}"));
        }
        self.line("");
        if let Some(unit) = &report.unit {
            self.fact(&message!("report-unit"), &plain(unit));
        }
        let systems: Vec<String> = run
            .systems
            .iter()
            .map(|system| plain(&system.with_level(system.name.pick(lang).to_owned(), lang)))
            .collect();
        let none = || message!("report-no-figure").render(lang);
        self.fact(&message!("report-systems"), &if systems.is_empty() { none() } else { systems.join("; ") });
        let mode = self.say(&labels::mode(report));
        self.fact(&message!("report-mode"), &mode);
        let people = self.say(&labels::people(run.people));
        self.fact(&message!("report-people-how"), &people);
        let ended = labels::until(run.ended.as_ref(), lang);
        let time = format!("{} – {ended}", labels::stamp(&run.began, lang));
        self.fact(&message!("report-time"), &time);
        let result = outcome_of(report, lang);
        self.fact(&message!("report-result"), &result);
        self.fact(&message!("report-conclusion"), &plain(&changes::conclusion(report, lang)));
        let counts = counted(report, lang);
        self.fact(&message!("report-steps"), &counts);
        self.heading(&message!("report-exceptions"));
        if report.exceptions.is_empty() {
            let none = self.say(&message!("report-no-exceptions"));
            self.line(&none);
        }
        for exception in &report.exceptions {
            let sign = if exception.grave { "✗" } else { "!" };
            let refs = labels::records(&exception.records);
            self.line(&format!("- {sign} {} {refs}", plain(exception.text.pick(lang))));
        }
    }

    fn fact(&mut self, name: &Message, value: &str) {
        let name = self.say(name);
        self.line(&format!("- {name}: {value}"));
    }

    fn measures(&mut self, report: &Report) {
        let lang = self.lang;
        if let Some(outage) = &report.outage {
            let time = labels::seconds(outage.seconds, lang);
            self.heading(&message!("report-outage"));
            let to = labels::until(outage.to.as_ref(), lang);
            self.line(&format!("{time} ({} – {to})", labels::stamp(&outage.from, lang)));
        }
        if !report.clocks.is_empty() {
            self.heading(&message!("report-clocks"));
            self.table(&[
                message!("report-column-clock"),
                message!("report-column-measured"),
                message!("report-column-limit"),
                message!("report-column-verdict"),
            ]);
            for clock in &report.clocks {
                let measured = clock.seconds.map_or_else(|| "–".to_owned(), |value| labels::seconds(value, lang));
                let measured = measured + &changes::between(clock.from_basis, clock.to_basis, lang);
                let limit = clock.limit.map_or_else(|| "–".to_owned(), |value| labels::seconds(value, lang));
                let mut verdict = self.say(&labels::clock(clock.state));
                if clock.seconds.is_some() && clock.unconfirmed {
                    verdict = format!("{verdict}; {}", self.say(&message!("report-clock-unconfirmed")));
                }
                self.row(&[cell(clock.title.pick(lang)), measured, limit, verdict]);
            }
        }
        if !report.objectives.is_empty() {
            self.heading(&message!("report-objectives"));
            self.table(&[
                message!("report-column-objective"),
                message!("report-column-limit"),
                message!("report-column-measured"),
                message!("report-column-verdict"),
            ]);
            for objective in &report.objectives {
                let mut verdict = labels::met_now(objective.met, objective.recorded.as_ref(), lang);
                if objective.met.is_some() && objective.unconfirmed {
                    verdict = format!("{verdict}; {}", self.say(&message!("report-clock-unconfirmed")));
                }
                let set = match (&objective.set, &objective.measure) {
                    (Some(set), _) => cell(set.pick(lang)),
                    (None, Some(measure)) => code(measure),
                    (None, None) => self.say(&message!("report-measured-by-people")),
                };
                let measured = labels::measured_now(objective.measured.as_ref(), objective.recorded.as_ref(), lang);
                let measured = measured.map_or_else(|| "–".to_owned(), |it| cell(&it));
                self.row(&[cell(objective.title.pick(lang)), set, measured, verdict]);
            }
        }
        if !report.watches.is_empty() {
            self.heading(&message!("report-availability"));
            self.table(&[
                message!("report-column-watch"),
                message!("report-watch-up"),
                message!("report-watch-down"),
                message!("report-watch-unobserved"),
                message!("report-column-share"),
            ]);
            for watch in &report.watches {
                self.row(&[
                    watch.title.pick(lang).to_owned(),
                    labels::seconds(watch.up, lang),
                    labels::seconds(watch.down, lang),
                    labels::seconds(watch.unobserved, lang),
                    share(watch.up, watch.up + watch.down, lang),
                ]);
            }
        }
    }

    fn data(&mut self, report: &Report) {
        let lang = self.lang;
        if !report.backups.is_empty() {
            self.heading(&message!("report-backups"));
            self.table(&[
                message!("report-column-copy"),
                message!("report-column-sealed"),
                message!("report-column-fate"),
                message!("report-column-why"),
            ]);
            for backup in &report.backups {
                let redacted = self.say(&message!("report-redacted"));
                let fate = self.say(&labels::fate(backup.fate));
                let lines: Vec<String> = why(backup, lang).iter().map(|line| cell(line)).collect();
                self.row(&[
                    cell(backup.path.as_deref().unwrap_or(&redacted)),
                    cell(backup.sealed_at.as_deref().unwrap_or("–")),
                    fate,
                    lines.join("\n"),
                ]);
            }
        }
        if let Some(restored) = report.summary.records_restored {
            let name = self.say(&message!("report-records-restored"));
            let lost = lost(report, lang);
            self.line(&format!("\n{name}: {} ({lost})", labels::signed(restored, lang)));
        }
        if !report.figures.is_empty() {
            self.heading(&message!("report-figures"));
            self.table(&[
                message!("report-column-step"),
                message!("report-column-name"),
                message!("report-column-value"),
            ]);
            for figure in &report.figures {
                let redacted = self.say(&message!("report-redacted"));
                let value = figure.value.clone().unwrap_or(redacted);
                self.row(&[
                    cell(&step_name(report, &figure.step, &figure.records, lang)),
                    cell(&figure.name),
                    cell(&value),
                ]);
            }
        }
    }

    fn steps(&mut self, report: &Report) {
        for part in &report.earlier {
            let title = earlier(part, self.lang);
            self.line(&format!("\n## {}\n", plain(&title)));
            self.step_table(&part.steps);
        }
        self.heading(&message!("report-steps"));
        self.step_table(&report.steps);
    }

    fn step_table(&mut self, steps: &[StepRow]) {
        let lang = self.lang;
        self.table(&[
            message!("report-column-step"),
            message!("report-column-fate"),
            message!("report-column-from"),
            message!("report-column-measured"),
            message!("report-column-why"),
        ]);
        for step in steps {
            let indent = "&nbsp;&nbsp;".repeat(step.depth);
            let mut notes = Vec::new();
            notes.extend(step.second.as_ref().map(|second| cell(second.pick(lang))));
            notes.extend(step.why.as_ref().map(|why| cell(why.pick(lang))));
            notes.extend(step.detail.as_deref().map(cell));
            notes.extend(step.command.as_deref().map(code));
            for evidence in &step.evidence {
                let kind = self.say(&labels::evidence(evidence.kind));
                notes.push(format!("{kind}: {}", code(&evidence.digest.to_string())));
            }
            let refs = labels::records(&step.records);
            self.row(&[
                format!("{indent}{} {refs}", cell(&titled(step, lang))),
                format!(
                    "{} {}",
                    step.outcome.map_or("", |outcome| labels::sign(outcome, step.confirmed)),
                    state(step, lang)
                ),
                labels::optional(step.began.as_ref(), lang),
                step.millis.map_or_else(|| "–".to_owned(), |millis| labels::millis(millis, lang)),
                notes.join("\n"),
            ]);
        }
    }

    fn roles(&mut self, report: &Report) {
        if report.roles.is_empty() && report.handovers.is_empty() {
            return;
        }
        self.heading(&message!("report-roles"));
        for row in &report.roles {
            let refs = labels::records(&row.records);
            self.line(&format!("- {} {refs}", plain(&tenure(report, row, self.lang))));
        }
        for row in &report.handovers {
            let refs = labels::records(&row.records);
            let lines = handover(report, row, self.lang).join("; ");
            self.line(&format!("- {} {refs}", plain(&lines)));
        }
    }

    fn said(&mut self, report: &Report) {
        let lang = self.lang;
        if !report.questions.is_empty() {
            self.heading(&message!("report-questions"));
        }
        for question in &report.questions {
            let what = question.step.as_ref().map(|step| step_name(report, step, &question.records, lang));
            let what = what.unwrap_or_else(|| self.say(&labels::what(question.what)));
            let unanswered = self.say(&message!("report-unanswered"));
            let answer = question.answer.as_ref().map_or(unanswered, |answer| answer.pick(lang).to_owned());
            let by = question.by.as_ref().map(|by| format!(" ({by})")).unwrap_or_default();
            let because = question.because.as_ref().map(|text| format!(": {}", plain(text))).unwrap_or_default();
            let refs = labels::records(&question.records);
            self.line(&format!("- {}: **{}**{by}{because} {refs}", plain(&what), plain(&answer)));
            if let Some(how) = &question.second {
                self.line(&format!("  - {}", plain(how.pick(lang))));
            }
            if let Some(next) = &question.follow_up {
                let next = self.say(&message!("minutes-follow-up", text = next.trim_end_matches('.')));
                self.line(&format!("  - {}", plain(&next)));
            }
        }
        if !report.notes.is_empty() || !report.attachments.is_empty() {
            self.heading(&message!("report-notes"));
        }
        for note in &report.notes {
            let redacted = self.say(&message!("report-redacted"));
            let text = plain(note.text.as_deref().unwrap_or(&redacted));
            let basis = changes::retold(note.basis, lang);
            self.line(&format!("- {}{basis} {}: {text}", labels::stamp(&note.at, lang), note.by));
        }
        for file in &report.attachments {
            let redacted = self.say(&message!("report-redacted"));
            let name = plain(file.name.as_deref().unwrap_or(&redacted));
            let digest = code(&file.digest.to_string());
            self.line(&format!("- {} {}: {name} {digest}", labels::stamp(&file.at, lang), file.by));
        }
        for notice in &report.notices {
            self.heading(&message!("report-notice-of", notice = notice.notice.as_str()));
            let redacted = self.say(&message!("report-redacted"));
            for line in notice.text.as_deref().unwrap_or(&redacted).lines() {
                self.line(&format!("> {}  ", plain(line)));
            }
        }
    }

    fn foot(&mut self, report: &Report) {
        let head = self.say(&message!("report-head"));
        let ledger = &report.ledger;
        self.line(&format!("\n---\n\n{head}\n\n```\n{}\n{}\n{}\n```", ledger.origin, ledger.size, ledger.root));
        let made = self.say(&message!("report-made", at = format::time(&report.made, self.lang)));
        self.line(&made);
    }
}

/// Text in which nothing is markup, on one line.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        match character {
            // Some readers make links of addresses that stand by themselves.
            ':' if text[at..].starts_with("://") => out.push_str("\\:"),
            '.' if out.get(out.len().saturating_sub(3)..).is_some_and(|end| end.eq_ignore_ascii_case("www")) => {
                out.push_str("\\.");
            }
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' => {
                out.push('\\');
                out.push(character);
            }
            '\n' | '\r' | '\t' => out.push(' '),
            c if misleads(c) => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// As [`plain`], for a cell of a table.
pub(super) fn cell(text: &str) -> String {
    plain(text)
}

/// Text as code: in a fence of backticks longer than any in it.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let text = legible(text).replace('\n', " ").replace('|', "\\|");
    if longest > 0 { format!("{fence} {text} {fence}") } else { format!("{fence}{text}{fence}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_typed_is_no_markup_and_no_link() {
        for (typed, written) in [
            ("[x](http://a.vn)", "\\[x\\](http\\://a.vn)"),
            ("xem https://a.vn và WWW.a.vn, 02:15", "xem https\\://a.vn và WWW\\.a.vn, 02:15"),
            ("<b>*đậm*</b>", "&lt;b&gt;\\*đậm\\*&lt;/b&gt;"),
        ] {
            assert_eq!(plain(typed), written);
        }
    }
}
