//! Sheets to work on paper: what stands on them, made from a plan, and the spreadsheet that is typed in afterwards.

mod columns;
mod consents;
mod gather;
mod html;
mod paper;
mod read;
#[cfg(test)]
mod tests;
mod xlsx;

pub use columns::{Column, HeadLine, OUTCOMES, PLAN, SECOND, outcome_of, outcome_title};
pub use gather::{Around, card};
pub use html::card_html;
pub use paper::card_document;
pub use read::{Cell, Entered, Sheet, SheetError, SheetRow, read_sheet};
pub(in crate::report) use read::{entered, letters};
pub use xlsx::card_xlsx;

use crate::inventory::table::day;
use crate::message::{Lang, format, message};
use crate::model::{Effect, Id, Outcome, RunId, Span, Stamp, StepPath, Text};
use crate::policy::day_in_vietnam;

/// Sheets for one playbook, or for one run of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// The unit's name.
    pub unit: Option<String>,
    /// The scenario's name.
    pub playbook: String,
    /// What people call it.
    pub title: Text,
    /// Its version.
    pub version: u32,
    /// SHA-256 of its file, in hexadecimal digits: which text these sheets were made from.
    pub digest: Option<String>,
    /// Systems that it touches: id and name.
    pub systems: Vec<(String, Text)>,
    /// The run; nothing where none has begun.
    pub run: Option<RunId>,
    /// Whether the ledger verifies that the run is read from: the sheets say so where it does not.
    pub verified: bool,
    /// Whether it is a drill: the sheets say so.
    pub drill: bool,
    /// What a consent to carry it out is to be given to, in hexadecimal digits; nothing where nobody has to consent, or
    /// somebody has.
    pub consent: Option<String>,
    /// How citizens are served meanwhile.
    pub keep_running: Text,
    /// Whom to reach.
    pub contacts: Vec<Contact>,
    /// When the telephone numbers were last tried.
    pub contacts_checked: Option<String>,
    /// What is due by law, with its limit; not printed where nothing is known.
    pub duties: Vec<CardDuty>,
    /// Every step, in order.
    pub steps: Vec<CardStep>,
    /// The last record that they know; nothing where nothing has begun.
    pub record: Option<u64>,
    /// The moment of that record; else the day whose rules they print.
    pub as_of: Stamp,
}

/// Somebody who has a part, or stands in for them.
#[derive(Clone, Debug, PartialEq)]
pub struct Contact {
    /// The part.
    pub role: Text,
    /// Whether they stand in.
    pub deputy: bool,
    /// Their id, which is what the records have.
    pub id: String,
    /// Their name.
    pub name: Text,
    /// Their position.
    pub position: Option<Text>,
    /// Telephone numbers.
    pub phones: Vec<String>,
    /// How to reach them where the telephone is not safe.
    pub second_channel: Option<String>,
    /// The last day of their part.
    pub until: Option<String>,
}

/// Something that has to be told to somebody within a time.
#[derive(Clone, Debug, PartialEq)]
pub struct CardDuty {
    /// What.
    pub title: Text,
    /// To whom.
    pub to: Option<Text>,
    /// Within what time, from when, in words.
    pub limit: Text,
    /// The rule it rests on.
    pub citation: Option<Text>,
}

/// A step on paper.
#[derive(Clone, Debug, PartialEq)]
pub struct CardStep {
    /// Its number among what people count; nothing for what holds others.
    pub number: Option<usize>,
    /// Its path: what the spreadsheet calls it.
    pub path: StepPath,
    /// How deep it lies, from 0.
    pub depth: usize,
    /// What people call it.
    pub title: Text,
    /// The action's word.
    pub action: &'static str,
    /// Who does it.
    pub role: Option<Text>,
    /// What to do or to decide.
    pub instruction: Option<Text>,
    /// What runs, in full.
    pub command: Option<String>,
    /// What it may do to a machine.
    pub effect: Option<Effect>,
    /// What to tick off.
    pub checks: Vec<Text>,
    /// What to write down: id and question.
    pub asks: Vec<(Id, Text)>,
    /// What can be chosen: id, title, and the number of the step that follows where that is not the next.
    pub options: Vec<(Id, Text, Option<String>)>,
    /// The condition under which it is done at all.
    pub when: Option<String>,
    /// How long it may take.
    pub timeout: Option<Span>,
    /// Whether a file or a remark has to be kept.
    pub evidence_required: bool,
    /// Its outcome, where the record has one already.
    pub outcome: Option<Outcome>,
    /// Whether a second person still has to consent before it is begun.
    pub second: bool,
    /// Whether it is no step, but the question after a round: whether that was the last.
    pub round_end: bool,
}

/// What makes a step one of technical drills alone.
const TECHNICAL: &str = "run.mode == 'technical'";

impl CardStep {
    /// Under which condition it is done at all, as far as there are words for it.
    fn only_when(&self, lang: Lang) -> Option<String> {
        let when = self.when.as_deref()?;
        let technical = message!("paper-only-technical").render(lang);
        Some(message!("paper-only-when", condition = when.replace(TECHNICAL, &technical)).render(lang))
    }
}

impl Card {
    /// Of which state the sheets are: what was printed later says more where this says less.
    fn standing(&self, lang: Lang) -> String {
        match self.record {
            Some(seq) => {
                message!("paper-as-of-record", seq = seq.to_string(), when = format::time(&self.as_of, lang))
            }
            None => message!("paper-as-of-day", day = day(day_in_vietnam(&self.as_of), lang)),
        }
        .render(lang)
    }

    /// What stands above everything: sheets that are printed beforehand belong to no incident yet.
    fn banner(&self, lang: Lang) -> String {
        let which = match (&self.run, self.drill) {
            (None, _) => message!("paper-banner"),
            (Some(_), true) => message!("report-banner-drill"),
            (Some(_), false) => message!("report-banner-incident"),
        };
        let broken = (!self.verified).then(|| message!("report-margin-fails").render(lang));
        [Some(which.render(lang)), broken].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}
