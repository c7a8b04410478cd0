//! The columns and head lines of the spreadsheet, in both languages: what is written is what is read.

use crate::message::{Message, message};
use crate::model::{Lang, Outcome};

/// A column of the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// The number that people count.
    Number,
    /// The step's path; `path?id` for a value that is asked for.
    Step,
    /// What to do.
    Work,
    /// Who has to do it.
    Role,
    /// What to tick off, or what can be chosen.
    Checks,
    /// Who did it.
    Who,
    /// On which day.
    Day,
    /// When it was begun.
    Began,
    /// When it was over.
    Ended,
    /// What became of it.
    Outcome,
    /// Which checks are done, which option was chosen, which value was found.
    Answer,
    /// What else.
    Remark,
}

impl Column {
    /// Every column, from the left.
    pub const ALL: [Self; 12] = [
        Self::Number,
        Self::Step,
        Self::Work,
        Self::Role,
        Self::Checks,
        Self::Who,
        Self::Day,
        Self::Began,
        Self::Ended,
        Self::Outcome,
        Self::Answer,
        Self::Remark,
    ];

    /// Columns that are filled in by hand.
    pub const BY_HAND: [Self; 7] =
        [Self::Who, Self::Day, Self::Began, Self::Ended, Self::Outcome, Self::Answer, Self::Remark];

    /// Its heading.
    #[must_use]
    pub fn title(self) -> Message {
        match self {
            Self::Number => message!("paper-column-number"),
            Self::Step => message!("paper-column-step"),
            Self::Work => message!("paper-column-work"),
            Self::Role => message!("paper-column-role"),
            Self::Checks => message!("paper-column-checks"),
            Self::Who => message!("paper-column-who"),
            Self::Day => message!("paper-column-day"),
            Self::Began => message!("paper-column-began"),
            Self::Ended => message!("paper-column-ended"),
            Self::Outcome => message!("paper-column-outcome"),
            Self::Answer => message!("paper-column-answer"),
            Self::Remark => message!("paper-column-remark"),
        }
    }

    /// The column with this heading, in either language.
    #[must_use]
    pub fn of(heading: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| says(&column.title(), heading))
    }

    /// Its place, from 0.
    #[must_use]
    pub fn place(self) -> u16 {
        self as u16
    }
}

/// A line above the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadLine {
    /// Which run.
    Run,
    /// Which playbook.
    Playbook,
    /// The day of every row that has none of its own.
    Day,
}

impl HeadLine {
    /// Every one, from the top.
    pub const ALL: [Self; 3] = [Self::Playbook, Self::Run, Self::Day];

    /// Its label.
    #[must_use]
    pub fn title(self) -> Message {
        match self {
            Self::Run => message!("paper-head-run"),
            Self::Playbook => message!("paper-head-playbook"),
            Self::Day => message!("paper-head-day"),
        }
    }

    /// The line with this label, in either language.
    #[must_use]
    pub fn of(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|line| says(&line.title(), label))
    }
}

fn says(message: &Message, text: &str) -> bool {
    let plain = |text: &str| text.trim().trim_end_matches(':').to_lowercase();
    [Lang::Vi, Lang::En].iter().any(|lang| plain(&message.render(*lang)) == plain(text))
}

/// What stands in the column of steps in the row for the consent to the plan.
pub const PLAN: &str = "!plan";
/// What follows a step's path in the row for the second person's consent to it.
pub const SECOND: &str = "!second";

/// What can be chosen as an outcome, in the order in which it is offered.
pub const OUTCOMES: [Outcome; 4] = [Outcome::Done, Outcome::Failed, Outcome::Skipped, Outcome::Unknown];

/// What an outcome is called on the sheet.
#[must_use]
pub fn outcome_title(outcome: Outcome) -> Message {
    match outcome {
        Outcome::Done => message!("paper-outcome-done"),
        Outcome::Failed => message!("paper-outcome-failed"),
        Outcome::Skipped => message!("paper-outcome-skipped"),
        Outcome::Unknown | Outcome::Abandoned => message!("paper-outcome-unknown"),
    }
}

/// The outcome that a cell names: as the sheet offers it in either language, or by its own word.
#[must_use]
pub fn outcome_of(text: &str) -> Option<Outcome> {
    let word = text.trim().to_lowercase();
    OUTCOMES.into_iter().find(|outcome| says(&outcome_title(*outcome), text) || outcome.word() == word)
}
