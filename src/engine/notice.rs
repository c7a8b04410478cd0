//! The text of a notice that no template is known of: what the run knows. A person completes and sends it.

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

/// The text of the notice in `lang`, one item a line.
#[must_use]
pub fn text(facts: &Facts<'_>, lang: Lang) -> String {
    let banner = message!("engine-notice-drill");
    let mut lines: Vec<Message> = Vec::new();
    lines.extend(facts.drill.then(|| banner.clone()));
    lines.push(message!("engine-notice-other", notice = facts.notice.as_str()));
    lines.extend(subject(facts, lang));
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
    fn a_drill_s_notice_begins_and_ends_with_the_banner() {
        let seen = prepared("anything-else", true, &[]);
        assert!(seen.starts_with("DIỄN TẬP – KHÔNG PHẢI SỰ CỐ THẬT\n"), "{seen}");
        assert!(seen.ends_with("\nDIỄN TẬP – KHÔNG PHẢI SỰ CỐ THẬT"), "{seen}");
    }

    #[test]
    fn a_moment_that_is_not_known_is_said_to_be_missing() {
        let seen = prepared("incident-report", false, &[]);
        assert!(seen.contains("Thời điểm phát hiện: (chưa có số liệu)"), "{seen}");
    }
}
