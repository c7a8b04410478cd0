//! The texts of notices: what the run knows is filled in, what only people know is named. A person completes and sends them.

use std::time::Duration;

use crate::message::{Arg, Message, format, message};
use crate::model::{Lang, Mark, Name, Stamp, Text};

/// What a notice says of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Facts<'a> {
    /// Which notice.
    pub notice: &'a Name,
    /// The run's id, as people say it.
    pub run: String,
    /// Whether it is a drill: then the first and the last line say so.
    pub drill: bool,
    /// The scenario's title.
    pub scenario: &'a Text,
    /// What people call the systems concerned.
    pub systems: Vec<&'a Text>,
    /// How citizens are served meanwhile.
    pub keep_running: &'a Text,
    /// The first of each mark so far.
    pub marks: &'a [(Mark, Stamp)],
    /// When it is prepared.
    pub now: Stamp,
}

const DAY: Duration = Duration::from_hours(24);
const THREE_DAYS: Duration = Duration::from_hours(72);

/// The text of the notice in `lang`, one item a line.
///
/// Four notices are known: `initial-notice` and `incident-report` (Decree 331/2026/NĐ-CP, Article 31.2.d),
/// `personal-data-notice` (Law 91/2025/QH15, Article 23; contents by Decree 356/2025/NĐ-CP, Article 28.1) and
/// `public-notice`. Any other id has the facts alone.
#[must_use]
pub fn text(facts: &Facts<'_>, lang: Lang) -> String {
    let banner = message!("engine-notice-drill");
    let mut lines: Vec<Message> = Vec::new();
    lines.extend(facts.drill.then(|| banner.clone()));
    match facts.notice.as_str() {
        "initial-notice" => {
            lines.push(message!("engine-notice-initial"));
            lines.extend(subject(facts, lang));
            lines.extend(due(facts, DAY, lang).map(|at| message!("engine-notice-initial-due", at = at)));
            lines.push(message!("engine-notice-initial-add"));
        }
        "incident-report" => {
            lines.push(message!("engine-notice-report"));
            lines.extend(subject(facts, lang));
            lines.extend(due(facts, THREE_DAYS, lang).map(|at| message!("engine-notice-report-due", at = at)));
            lines.push(message!("engine-notice-report-add"));
        }
        "personal-data-notice" => {
            lines.push(message!("engine-notice-data"));
            lines.extend(subject(facts, lang));
            lines.push(message!("engine-notice-data-due"));
            lines.push(message!("engine-notice-data-add"));
        }
        "public-notice" => {
            lines.push(message!("engine-notice-public"));
            lines.push(message!("engine-notice-system", system = systems(facts, lang)));
            lines.push(message!("engine-notice-serving", how = facts.keep_running.clone()));
            lines.push(message!("engine-notice-public-add"));
        }
        other => {
            lines.push(message!("engine-notice-other", notice = other));
            lines.extend(subject(facts, lang));
        }
    }
    lines.push(message!("engine-notice-draft", at = format::time(&facts.now, lang)));
    lines.extend(facts.drill.then_some(banner));
    let lines: Vec<String> = lines.iter().map(|line| line.render(lang)).collect();
    lines.join("\n")
}

/// What the run knows: its id, the systems, the kind of incident, the moments.
fn subject(facts: &Facts<'_>, lang: Lang) -> Vec<Message> {
    let moment = |mark: Mark| -> Arg {
        let found = facts.marks.iter().find(|(other, _)| *other == mark);
        found.map_or_else(|| message!("engine-notice-no-figure").into(), |(_, at)| format::time(at, lang).into())
    };
    vec![
        message!("engine-notice-run", run = facts.run.clone()),
        message!("engine-notice-system", system = systems(facts, lang)),
        message!("engine-notice-kind", scenario = facts.scenario.clone()),
        message!("engine-notice-detected", at = moment(Mark::Detected)),
        message!("engine-notice-contained", at = moment(Mark::Contained)),
        message!("engine-notice-restored", at = moment(Mark::Restored)),
        message!("engine-notice-serving", how = facts.keep_running.clone()),
    ]
}

fn systems(facts: &Facts<'_>, lang: Lang) -> String {
    let names: Vec<&str> = facts.systems.iter().map(|name| name.pick(lang)).collect();
    names.join("; ")
}

/// When it is due, counted from the moment of detection; nothing where that is not known.
fn due(facts: &Facts<'_>, after: Duration, lang: Lang) -> Option<String> {
    let (_, detected) = facts.marks.iter().find(|(mark, _)| *mark == Mark::Detected)?;
    let instant = detected.instant.checked_add(after).ok()?;
    Some(format::time(&Stamp::new(instant, detected.offset), lang))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(notice: &str, drill: bool, marks: &[(Mark, Stamp)]) -> String {
        let portal = Text::from("Cổng thông tin điện tử tỉnh");
        let facts = Facts {
            notice: &notice.parse().expect("a valid name"),
            run: "SC-2026-001".to_owned(),
            drill,
            scenario: &Text::from("Mã độc mã hóa dữ liệu"),
            systems: vec![&portal],
            keep_running: &Text::from("Tiếp nhận hồ sơ giấy"),
            marks,
            now: at("2026-08-08T02:00:00+07:00"),
        };
        text(&facts, Lang::Vi)
    }

    fn at(text: &str) -> Stamp {
        text.parse().expect("a valid time")
    }

    #[test]
    fn a_notice_names_the_day_after_detection_and_its_article() {
        let seen = prepared("initial-notice", false, &[(Mark::Detected, at("2026-08-08T01:40:00+07:00"))]);
        assert!(seen.contains("01:40:00 09/8/2026"), "{seen}");
        assert!(seen.contains("điểm d khoản 2 Điều 31 Nghị định số 331/2026/NĐ-CP"), "{seen}");
        assert!(!seen.contains("DIỄN TẬP"), "{seen}");
    }

    #[test]
    fn a_drill_s_notice_begins_and_ends_with_the_banner() {
        for notice in ["initial-notice", "incident-report", "personal-data-notice", "public-notice", "anything-else"] {
            let seen = prepared(notice, true, &[]);
            assert!(seen.starts_with("DIỄN TẬP – KHÔNG PHẢI SỰ CỐ THẬT\n"), "{seen}");
            assert!(seen.ends_with("\nDIỄN TẬP – KHÔNG PHẢI SỰ CỐ THẬT"), "{seen}");
        }
    }

    #[test]
    fn a_moment_that_is_not_known_is_said_to_be_missing_and_gives_no_due_time() {
        let seen = prepared("incident-report", false, &[]);
        assert!(seen.contains("Thời điểm phát hiện: (chưa có số liệu)"), "{seen}");
        assert!(!seen.contains("Hạn gửi"), "{seen}");
    }
}
