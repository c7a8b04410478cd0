//! A planned drill: `exercises/<id>.yaml`. What it says of playbook and mode is held against the command that starts it.

mod read;
pub mod schema;
mod write;

use serde::{Deserialize, Serialize};

pub use write::{blank, players};

use crate::inventory::People;
use crate::message::{Message, message};
use crate::model::{Actor, Digest, Id, Name, Span, Text};
use crate::playbook::Known;
use crate::source::{self, Document, Finding, Node, Place, Reader, Shapes, any_error};

/// What stands in a new file where somebody has to write something.
pub const TO_FILL: &str = "…";

/// How a planned drill is carried out: the words of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExerciseMode {
    /// Around a table.
    Tabletop,
    /// On the lab.
    Lab,
    /// On declared drill targets.
    Technical,
    /// On real systems (Directive 60/CT-BTTTT).
    Live,
}

impl ExerciseMode {
    /// Every word with its value.
    pub const WORDS: &'static [(&'static str, Self)] =
        &[("tabletop", Self::Tabletop), ("lab", Self::Lab), ("technical", Self::Technical), ("live", Self::Live)];

    /// The word in files and, after `--`, on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Tabletop => "tabletop",
            Self::Lab => "lab",
            Self::Technical => "technical",
            Self::Live => "live",
        }
    }
}

/// A planned drill.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Exercise {
    /// What is drilled.
    pub playbook: Name,
    /// How.
    pub mode: ExerciseMode,
    /// The day; a date.
    pub date: String,
    /// The plan that orders it: number and date of the document.
    pub plan: Option<(String, String)>,
    /// Who approved it.
    pub approver: Option<Text>,
    /// Where.
    pub place: Option<Text>,
    /// What it costs and who pays, as the plan says it (Circular 121/2018/TT-BTC).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub budget: Option<Text>,
    /// Who takes part.
    pub participants: Vec<Participant>,
    /// What is given to the players, and when. Its numbers are those of this list, from 1.
    pub injects: Vec<PlannedInject>,
    /// The digest of the script, where the organisers keep it in a workspace of their own; then there are no injects here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub script: Option<Digest>,
    /// What a live drill fixes in advance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<Live>,
}

/// What a live exercise fixes in advance in place of a script (Directive 60/CT-BTTTT of 16/9/2021).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Live {
    /// The objectives.
    pub aims: Text,
    /// Who takes part.
    pub players: Text,
    /// The tools.
    pub tools: Text,
    /// How far the attack may go.
    pub extent: Text,
    /// When.
    pub time: Text,
    /// The signed commitment to confidentiality: a file of the workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment: Option<String>,
}

impl Live {
    /// The five compulsory fields, in their order.
    pub const KEYS: [&'static str; 5] = ["aims", "players", "tools", "extent", "time"];

    /// Each of the five with its key.
    #[must_use]
    pub fn fields(&self) -> [(&'static str, &Text); 5] {
        let [aims, players, tools, extent, time] = Self::KEYS;
        [(aims, &self.aims), (players, &self.players), (tools, &self.tools), (extent, &self.extent), (time, &self.time)]
    }
}

/// Who takes part in a drill.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Participant {
    /// A person of `people.yaml`, or the name of somebody who is not in it.
    pub who: Who,
    /// Where that person comes from.
    pub unit: Option<Text>,
    /// That person's position; for a person of `people.yaml` it stands in the place of what is said there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Text>,
    /// What the person does in it.
    pub part: Part,
}

/// A person, known or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Who {
    /// A person of `people.yaml`.
    Person(Actor),
    /// Somebody else's name.
    Name(Text),
}

/// What a person does in a drill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Part {
    /// Acts.
    Player,
    /// Gives the injects.
    Facilitator,
    /// Scores.
    Evaluator,
    /// Looks on.
    Observer,
    /// Leads the drill, and signs its minutes as the chair.
    Chair,
    /// Writes the minutes, and signs them.
    Secretary,
}

/// Something that is given to the players at its time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedInject {
    /// How long after the start.
    pub at: Span,
    /// To which role of the playbook.
    pub to: Option<Id>,
    /// The situation.
    pub text: Text,
    /// What the organisers expect.
    pub expect: Option<Text>,
    /// Which roles of the playbook work together with the one it is given to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<Id>,
    /// By what it is seen that it was dealt with as it should be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criterion: Option<Text>,
    /// Who delivers it.
    #[serde(default)]
    pub by: Giver,
}

/// Who delivers an inject.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Giver {
    /// The program, at its time.
    #[default]
    Program,
    /// The facilitator, who sees when its time has come.
    Facilitator,
}

impl Giver {
    /// Every word with its value.
    pub const WORDS: &'static [(&'static str, Self)] =
        &[("program", Self::Program), ("facilitator", Self::Facilitator)];
}

impl Part {
    /// Every word with its value.
    pub const WORDS: &'static [(&'static str, Self)] = &[
        ("player", Self::Player),
        ("facilitator", Self::Facilitator),
        ("evaluator", Self::Evaluator),
        ("observer", Self::Observer),
        ("chair", Self::Chair),
        ("secretary", Self::Secretary),
    ];

    /// The word in files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Player => "player",
            Self::Facilitator => "facilitator",
            Self::Evaluator => "evaluator",
            Self::Observer => "observer",
            Self::Chair => "chair",
            Self::Secretary => "secretary",
        }
    }
}

impl Exercise {
    /// The script as it is kept and committed to: the injects as JSON.
    #[must_use]
    pub fn script_text(&self) -> String {
        serde_json::to_string(&self.injects).unwrap_or_default()
    }

    /// Reads what [`Exercise::script_text`] gave; nothing where it is none.
    #[must_use]
    pub fn read_script(text: &str) -> Option<Vec<PlannedInject>> {
        serde_json::from_str(text).ok()
    }

    /// The first participant with this part.
    #[must_use]
    pub fn first(&self, part: Part) -> Option<&Participant> {
        self.participants.iter().find(|one| one.part == part)
    }

    /// Whether somebody with an account has this part.
    pub fn with_part(&self, part: Part) -> impl Iterator<Item = &Actor> {
        self.participants.iter().filter(move |one| one.part == part).filter_map(|one| match &one.who {
            Who::Person(person) => Some(person),
            Who::Name(_) => None,
        })
    }

    /// The part of a person with an account, as it is planned; the organisers' one where somebody has two.
    #[must_use]
    pub fn part_of(&self, person: &Actor) -> Option<Part> {
        [Part::Facilitator, Part::Evaluator, Part::Player, Part::Chair, Part::Secretary, Part::Observer]
            .into_iter()
            .find(|part| self.with_part(*part).any(|one| one == person))
    }

    /// Whether `person` may see what is not delivered yet: the organisers may, and nobody else.
    #[must_use]
    pub fn organises(&self, person: &Actor) -> bool {
        matches!(self.part_of(person), Some(Part::Facilitator | Part::Evaluator))
    }

    /// Reads the exercise in `document`, with the warnings where it holds.
    pub fn read_document(document: &Document, known: &Known) -> (Result<Self, Vec<Finding>>, Vec<Finding>) {
        let reader = Reader::new(document);
        let exercise = document.root.as_ref().and_then(|root| read::top(&reader, root, known));
        let findings = reader.into_findings();
        match exercise {
            Some(exercise) if !any_error(&findings) => (Ok(exercise), findings),
            _ => (Err(findings.clone()), findings),
        }
    }

    /// What of this is not what the command line asks for: at its word in `document`, the exercise's file.
    #[must_use]
    pub fn disagrees(&self, document: &Document, playbook: &Name, mode: ExerciseMode) -> Vec<Finding> {
        let at = |key| document.root.as_ref().and_then(|root| root.get(key)).map_or(Place::START, |node| node.place);
        let finding = |key, message: Message| {
            Finding::error("exercise-differs", &document.file, at(key), message)
                .help(message!("playbook-exercise-differs-help"))
        };
        let mut all = Vec::new();
        if self.playbook != *playbook {
            let (planned, asked) = (self.playbook.as_str(), playbook.as_str());
            all.push(finding("playbook", message!("playbook-exercise-playbook", planned = planned, asked = asked)));
        }
        if self.mode != mode {
            let (planned, asked) = (self.mode.word(), mode.word());
            all.push(finding("mode", message!("playbook-exercise-mode", planned = planned, asked = asked)));
        }
        all
    }

    /// The places of the fields in which nobody has written anything yet.
    #[must_use]
    pub fn to_fill(document: &Document) -> Vec<Finding> {
        let live = document.root.as_ref().and_then(|root| root.get("live"));
        let empty = |key: &&'static str| live?.get(key).filter(|node| source::Node::scalar(node).is_some_and(filler));
        let finding = |key, node: &Node| {
            let message = message!("playbook-exercise-to-fill", key = key);
            Finding::error("not-filled-in", &document.file, node.place, message)
                .help(message!("playbook-exercise-to-fill-help"))
        };
        Live::KEYS.iter().filter_map(|key| empty(key).map(|node| finding(*key, node))).collect()
    }

    /// Participants whom `people` does not know, at their words.
    #[must_use]
    pub fn strangers(document: &Document, people: &People) -> Vec<Finding> {
        let list = document.root.as_ref().and_then(|root| root.get("participants"));
        let items = match list.map(|node| &node.data) {
            Some(source::Data::List(items)) => items.as_slice(),
            _ => &[],
        };
        let mut all = Vec::new();
        for node in items.iter().filter_map(|item| item.get("person")) {
            let Some((id, _)) = node.scalar() else { continue };
            if id.parse::<Actor>().is_ok() && people.find(id).is_none() {
                let ids = people.people.iter().map(|person| person.id.as_str());
                let help = source::suggest::one_of_these(id, ids);
                let help = help.or_else(|| Some(message!("playbook-exercise-stranger-help")));
                let message = message!("playbook-exercise-stranger", person = id);
                all.push(Finding::error("unknown-person", &document.file, node.place, message).help(help));
            }
        }
        all
    }
}

fn filler((text, _): (&str, source::Style)) -> bool {
    text.trim() == TO_FILL
}

/// As [`Exercise::read_document`]: what was found, and the keys that were asked for in each map.
#[must_use]
pub fn shapes(file: &str, text: &str) -> (Vec<Finding>, Shapes) {
    let document = source::parse(file, text);
    let reader = Reader::new(&document).keeping_shapes();
    let known = Known::default();
    let _ = document.root.as_ref().and_then(|root| read::top(&reader, root, &known));
    let shapes = reader.shapes();
    (reader.into_findings(), shapes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source;

    fn found(text: &str) -> String {
        let findings = Exercise::read_document(&source::parse("q4.yaml", text), &Known::default()).1;
        findings.iter().map(|f| format!("{} {}:{}", f.code, f.line, f.column)).collect::<Vec<_>>().join(", ")
    }

    const WHOLE: &str = "format: 1
playbook: portal-outage
mode: live
date: 2026-12-01
plan: { number: \"12/KH-SKHCN\", date: 2026-11-02 }
approver: \"Giám đốc Sở\"
place: \"Phòng họp A\"
participants: [ { person: lan, part: facilitator }, { name: \"Bình\", unit: \"Công an tỉnh\" } ]
injects: [ { at: 10m, to: operator, text: \"Trang chủ bị thay\", expect: \"Báo cáo\" } ]
live: { aims: a, players: b, tools: c, extent: d, time: e }
";

    #[test]
    fn a_planned_drill_is_read_whole() {
        assert_eq!(found(WHOLE), "");
    }

    #[test]
    fn mistakes_of_a_planned_drill_are_found_at_their_words() {
        for (was, is, expected) in [
            ("mode: live", "mode: lvie", "unknown-word 3:7"),
            ("date: 2026-12-01\n", "date: 31/12/2026\n", "invalid-date 4:7"),
            ("place:", "palce:", "unknown-key 7:1"),
            ("part: facilitator", "part: chairman", "unknown-word 8:38"),
            ("name: \"Bình\", ", "", "missing-key 8:53"),
            ("at: 10m", "at: 10", "invalid-duration 9:18"),
            ("tools: c, ", "", "missing-key 10:1"),
            ("live: {", "# {", "missing-key 3:7, missing-key 3:7, missing-key 3:7, missing-key 3:7, missing-key 3:7"),
            ("tools: c,", "tools: \"…\",", "not-filled-in 10:37"),
            ("at: 10m", "by: nobody, at: 10m", "unknown-word 9:18"),
            ("live: {", "script: sha256:12\nlive: {", "script-twice 10:1, invalid-digest 10:9"),
            ("number: \"12/KH-SKHCN\"", "number: 12", "wrong-type 5:17"),
        ] {
            assert!(WHOLE.contains(was));
            assert_eq!(found(&WHOLE.replace(was, is)), expected, "{is}");
        }
    }
}
