//! What people read of a duty. Texts only: how they are laid out is for those who print.

use std::time::Duration;

use super::{Awaited, Because, Cited, Clock, Confidence, Limit, Read, Row, Start, State, Timing};
use crate::message::{Message, format, message};
use crate::model::{Lang, Text};

/// What stands first and last on every page and screen of a drill.
#[must_use]
pub fn banner() -> Message {
    message!("policy-banner-drill")
}

/// Where a duty stands, in a word or two; in a drill it says that this is simulated.
#[must_use]
pub fn state(row: &Row) -> Message {
    let state = match &row.state {
        State::NotStarted => message!("policy-state-not-started"),
        State::NotApplying { .. } => message!("policy-state-not-applying"),
        State::Waiting { on: Awaited::Classification, .. } => message!("policy-state-waiting"),
        State::Waiting { on: Awaited::Flags(_), .. } => message!("policy-state-waiting-flags"),
        State::Due { .. } => message!("policy-state-due"),
        State::Late { .. } => message!("policy-state-late"),
        State::Done { timing: Timing::Late(_), .. } => message!("policy-state-done-late"),
        State::Done { timing: Timing::InTime(_), .. } => message!("policy-state-done-in-time"),
        State::Done { .. } => message!("policy-state-done"),
    };
    if row.simulated { message!("policy-simulated", state = state) } else { state }
}

/// The clock of a duty, or why it has none: "còn 3 giờ 20 phút", "quá hạn 2 ngày".
#[must_use]
pub fn time(row: &Row) -> Message {
    match &row.state {
        State::NotStarted => match row.starts {
            Start::Detected => message!("policy-no-detection"),
            Start::Breach => message!("policy-no-breach"),
            Start::Ended => message!("policy-no-end"),
        },
        State::NotApplying { lapsed: true, .. } => message!("policy-lapsed"),
        State::NotApplying { because, .. } => match because {
            Because::NotSerious => message!("policy-not-serious"),
            Because::FlagsNo => message!("policy-flags-no"),
            Because::NoBreach => message!("policy-no-breach"),
        },
        State::Waiting { on: Awaited::Classification, clock } => {
            message!("policy-if-serious", time = running(*clock))
        }
        State::Waiting { on: Awaited::Flags(flags), clock } => {
            let list = |lang| flags.iter().map(|flag| flag.title.pick(lang)).collect::<Vec<_>>().join("; ");
            message!("policy-if-flags", flags = both(list), time = running(*clock))
        }
        State::Due { clock } => running(*clock),
        State::Late { by } => running(Clock::Over(*by)),
        State::Done { at, timing } => {
            let at = both(|lang| format::time(at, lang));
            match timing {
                Timing::InTime(left) => message!("policy-done-in-time", at = at, time = length(*left)),
                Timing::Late(by) => message!("policy-done-late", at = at, time = length(*by)),
                Timing::After(after) => message!("policy-done-after", at = at, time = length(*after)),
                Timing::Unknown => message!("policy-done-unknown", at = at),
            }
        }
    }
}

/// State and clock of a duty in one: "cần thực hiện: còn 3 giờ 20 phút", "quá hạn 2 ngày".
#[must_use]
pub fn standing(row: &Row) -> Message {
    match (&row.state, row.simulated) {
        // The clock says that it is late.
        (State::Late { .. }, false) => time(row),
        (State::Late { .. }, true) => message!("policy-simulated", state = time(row)),
        _ => message!("policy-standing", state = state(row), time = time(row)),
    }
}

fn running(clock: Clock) -> Message {
    match clock {
        Clock::AtOnce(elapsed) => message!("policy-at-once", time = length(elapsed)),
        Clock::Open(elapsed) => message!("policy-open", time = length(elapsed)),
        Clock::Left(left) if left < Duration::from_secs(1) => message!("policy-left-none"),
        Clock::Left(left) => message!("policy-left", time = length(left)),
        Clock::Over(by) if by < Duration::from_secs(1) => message!("policy-over-just"),
        Clock::Over(by) => message!("policy-over", time = length(by)),
    }
}

/// The limit: in the words of the article where they are known.
#[must_use]
pub fn limit(row: &Row) -> Message {
    match (&row.limit_words, row.limit) {
        (Some(words), _) => message!("policy-limit-words", words = words.clone()),
        (None, Limit::AtOnce) => message!("policy-limit-at-once"),
        (None, Limit::Open) => message!("policy-limit-none"),
        (None, Limit::Within(span)) => message!("policy-limit-within", time = length(span.duration())),
    }
}

/// A citation as documents write it, from small to large: "điểm d khoản 2 Điều 31 Nghị định số 331/2026/NĐ-CP".
///
/// What was not read in the text itself, or of what we are not sure, is marked.
#[must_use]
pub fn citation(cited: &Cited) -> Message {
    marked(cited, message!("policy-citation", article = cited.article.clone(), document = cited.document.clone()))
}

/// The same with the document's date and issuing body, as a document writes it the first time.
#[must_use]
pub fn full_citation(cited: &Cited) -> Message {
    marked(cited, message!("policy-citation", article = cited.article.clone(), document = cited.full.clone()))
}

fn marked(cited: &Cited, plain: Message) -> Message {
    match (cited.read, cited.confidence) {
        (Read::SecondHand, _) => message!("policy-citation-second-hand", citation = plain),
        (Read::Memory, _) => message!("policy-citation-memory", citation = plain),
        (Read::Inference, _) => message!("policy-citation-inference", citation = plain),
        (Read::FullText, Confidence::Medium | Confidence::Low) => {
            message!("policy-citation-unsure", citation = plain)
        }
        (Read::FullText, Confidence::High) => plain,
    }
}

/// What is unsure about a duty, one item a line.
#[must_use]
pub fn unsure(row: &Row) -> Vec<Message> {
    row.unsure.iter().map(|text| message!("policy-unsure", text = text.clone())).collect()
}

fn length(duration: Duration) -> Text {
    both(|lang| format::duration(duration, lang))
}

pub(in crate::policy) fn both(text: impl Fn(Lang) -> String) -> Text {
    Text::Each { vi: Some(text(Lang::Vi)), en: Some(text(Lang::En)) }
}
