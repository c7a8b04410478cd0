//! What is computed: where each duty stands, as values.

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::{Applies, Confidence, Item, Limit, Read, Serious, Start};
use crate::model::{Id, Name, Stamp, Text};

/// Where every duty of an incident stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Duties {
    /// Whether this is a drill: then everything here is simulated, and every screen and page has to say so.
    pub simulated: bool,
    /// The moment for which this was computed.
    pub now: Stamp,
    /// The classification in force.
    pub serious: Serious,
    /// What the unit itself calls serious; no regulation defines it.
    pub serious_definition: Option<Text>,
    /// The duties in force, in the order of the files.
    pub rows: Vec<Row>,
    /// The others: of sets that are off, or not in force on the day.
    pub left_out: Vec<LeftOut>,
}

/// Where one duty stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// The duty.
    pub id: Name,
    /// Its set.
    pub set: Name,
    /// What it is called.
    pub title: Text,
    /// When it applies, in words.
    pub condition: Option<Text>,
    /// When it applies.
    pub applies: Applies,
    /// What its limit runs from.
    pub starts: Start,
    /// When that was, in Vietnam's time.
    pub start: Option<Stamp>,
    /// How long it leaves.
    pub limit: Limit,
    /// The limit in the words of its article.
    pub limit_words: Option<Text>,
    /// The last instant that is in time, in Vietnam's time; for "at once" its start; nothing where the text gives no number.
    pub due: Option<Stamp>,
    /// Where it stands.
    pub state: State,
    /// Whether it is a drill's.
    pub simulated: bool,
    /// To whom, and since when it is there.
    pub to: Vec<Recipient>,
    /// The notice that fulfils it.
    pub notice: Option<Name>,
    /// What the notice has to hold.
    pub contents: Vec<Item>,
    /// What it rests on.
    pub cites: Vec<Cited>,
    /// What a reader should know.
    pub notes: Vec<Text>,
    /// What is open or was not verified; printed wherever the duty is.
    pub unsure: Vec<Text>,
}

/// Where a duty stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum State {
    /// What its limit runs from has not happened or is not recorded.
    NotStarted,
    /// It does not apply.
    NotApplying {
        /// Why not.
        because: Because,
        /// Whether it did apply at its limit, and nothing was sent: a later classification does not undo that.
        lapsed: bool,
    },
    /// A person has yet to say whether it applies; the clock is the one it has if it does.
    Waiting {
        /// What for.
        on: Awaited,
        /// The clock.
        clock: Clock,
    },
    /// It is to be done, and not late.
    Due {
        /// The clock.
        clock: Clock,
    },
    /// It is to be done, and late.
    Late {
        /// By how much.
        #[serde(rename = "by_s", serialize_with = "seconds")]
        by: Duration,
    },
    /// It was done: sent to everybody it names.
    Done {
        /// When, in Vietnam's time.
        at: Stamp,
        /// Whether that was in time.
        timing: Timing,
    },
}

/// Why a duty does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// A person has classified the incident as not serious.
    NotSerious,
    /// A person has said no to every flag.
    FlagsNo,
    /// No personal-data breach was found.
    NoBreach,
}

/// What a duty waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Awaited {
    /// Somebody to say whether the incident is serious.
    Classification,
    /// Somebody to answer these flags.
    Flags(Vec<Flag>),
}

/// A flag that nobody has answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flag {
    /// Its id.
    pub id: Id,
    /// What it says.
    pub title: Text,
}

/// How a limit runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// Due at once; so long ago.
    AtOnce(#[serde(serialize_with = "seconds")] Duration),
    /// No number; so long ago.
    Open(#[serde(serialize_with = "seconds")] Duration),
    /// So much is left.
    Left(#[serde(serialize_with = "seconds")] Duration),
    /// So much over.
    Over(#[serde(serialize_with = "seconds")] Duration),
}

/// How what was done lies to its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// In time, with so much left.
    InTime(#[serde(serialize_with = "seconds")] Duration),
    /// Late by so much.
    Late(#[serde(serialize_with = "seconds")] Duration),
    /// So long after the start; there is no number to hold it to.
    After(#[serde(serialize_with = "seconds")] Duration),
    /// The start is not recorded.
    Unknown,
}

/// Whom a duty names.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Recipient {
    /// The role.
    pub role: Id,
    /// The name: the unit's own, else what the role is called in general.
    pub name: Text,
    /// Whether the name is the unit's own.
    pub named: bool,
    /// When it was first sent there, in Vietnam's time.
    pub sent: Option<Stamp>,
}

/// A citation with its document's names.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cited {
    /// Kind and number.
    pub document: Text,
    /// The same with date and issuing body.
    pub full: Text,
    /// The article.
    pub article: Text,
    /// How it was read.
    pub read: Read,
    /// How sure we are of it.
    pub confidence: Confidence,
}

/// A duty that is not among the rows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LeftOut {
    /// The duty.
    pub id: Name,
    /// Its set.
    pub set: Name,
    /// What it is called.
    pub title: Text,
    /// Why it is not.
    pub why: OutOfForce,
}

/// Why a duty is not among the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OutOfForce {
    /// The unit has not turned its set on.
    Off,
    /// It came into force on this day, after the incident.
    NotYet(#[serde(serialize_with = "day")] Date),
    /// Its last day was this one, before the incident.
    NoLonger(#[serde(serialize_with = "day")] Date),
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde calls it with a reference
fn seconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(duration.as_secs())
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde calls it with a reference
fn day<S: Serializer>(day: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(day)
}

impl Duties {
    /// The row of the duty `id`.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.id.as_str() == id)
    }

    /// The rows, what presses most first: late, due, waiting, not started, done, not applying; each by its due moment.
    #[must_use]
    pub fn by_urgency(&self) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_by_key(|row| (row.state.rank(), row.due.map_or(Timestamp::MAX, |due| due.instant)));
        rows
    }
}

impl State {
    fn rank(&self) -> u8 {
        match self {
            Self::Late { .. } => 0,
            Self::Due { .. } => 1,
            Self::Waiting { .. } => 2,
            Self::NotStarted => 3,
            Self::Done { .. } => 4,
            Self::NotApplying { .. } => 5,
        }
    }
}
