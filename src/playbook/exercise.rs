//! A planned drill: `exercises/<id>.yaml`. What it says of playbook and mode is held against the command that starts it.

use crate::message::{Message, message};
use crate::model::{Actor, Id, Name, Span, Text};
use crate::playbook::Known;
use crate::source::suggest::one_of_these;
use crate::source::{Data, Document, Finding, Node, Place, Reader, any_error};

/// How a planned drill is carried out: the words of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq)]
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
    /// Who takes part.
    pub participants: Vec<Participant>,
    /// What is given to the players, and when.
    pub injects: Vec<PlannedInject>,
}

/// Who takes part in a drill.
#[derive(Clone, Debug, PartialEq)]
pub struct Participant {
    /// A person of `people.yaml`, or the name of somebody who is not in it.
    pub who: Who,
    /// Where that person comes from.
    pub unit: Option<Text>,
    /// What the person does in it.
    pub part: Part,
}

/// A person, known or not.
#[derive(Clone, Debug, PartialEq)]
pub enum Who {
    /// A person of `people.yaml`.
    Person(Actor),
    /// Somebody else's name.
    Name(Text),
}

/// What a person does in a drill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Acts.
    Player,
    /// Gives the injects.
    Facilitator,
    /// Scores.
    Evaluator,
    /// Looks on.
    Observer,
}

/// Something that is given to the players at its time.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedInject {
    /// How long after the start.
    pub at: Span,
    /// To which role of the playbook.
    pub to: Option<Id>,
    /// The situation.
    pub text: Text,
    /// What the organisers expect.
    pub expect: Option<Text>,
}

impl Exercise {
    /// Reads the exercise in `document`, with the warnings where it holds.
    pub fn read_document(document: &Document, known: &Known) -> (Result<Self, Vec<Finding>>, Vec<Finding>) {
        let reader = Reader::new(document);
        let exercise = document.root.as_ref().and_then(|root| top(&reader, root, known));
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
}

fn top<'a>(reader: &Reader<'a>, root: &'a Node, known: &Known) -> Option<Exercise> {
    let fields = reader.fields("exercise", root, Place::START)?;
    fields.format();
    if let Some(node) = fields.optional("id")
        && let Some(id) = reader.name(node)
    {
        reader.same_as_file(node, id.as_str());
    }
    let playbook = fields.required("playbook").and_then(|node| {
        let name = reader.name(node)?;
        if known.complete && !known.playbooks.contains_key(&name) {
            let help = one_of_these(name.as_str(), known.playbooks.keys().map(Name::as_str));
            let message = message!("playbook-unknown-playbook", playbook = name.as_str());
            reader.error("unknown-playbook", node.place, message, help);
        }
        Some(name)
    });
    let mode = fields.required("mode").and_then(|node| reader.word(node, ExerciseMode::WORDS));
    let date = fields.required("date").and_then(|node| reader.date(node));
    let plan = fields.given("plan").and_then(|(key, node)| {
        let fields = reader.fields("exercise-plan", node, key.place)?;
        let number = fields.required("number").and_then(|node| reader.filled_text(node));
        let date = fields.required("date").and_then(|node| reader.date(node));
        fields.finish();
        Some((number?, date?))
    });
    let words = |key| fields.optional(key).and_then(|node| reader.words(node));
    let (approver, place) = (words("approver"), words("place"));
    let participants =
        fields.optional("participants").and_then(|node| reader.list(node, |item| participant(reader, item)));
    let injects = fields.optional("injects").and_then(|node| reader.list(node, |item| inject(reader, item)));
    match (fields.given("live"), mode) {
        (Some((key, node)), _) => live(reader, key.place, node),
        (None, Some(ExerciseMode::Live)) => {
            let _ = fields.required("live");
        }
        (None, _) => {}
    }
    fields.finish();
    Some(Exercise {
        playbook: playbook?,
        mode: mode?,
        date: date?,
        plan,
        approver,
        place,
        participants: participants.unwrap_or_default(),
        injects: injects.unwrap_or_default(),
    })
}

fn participant<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<Participant> {
    let fields = reader.fields("participant", node, node.place)?;
    let who = fields.one_of(&["person", "name"]).and_then(|(word, _, node)| match word {
        "person" => {
            let text = reader.letters(node)?;
            let found = text.parse().ok();
            if found.is_none() {
                let help = message!("source-pattern-help", pattern = Actor::PATTERN);
                reader.error("invalid-id", node.place, message!("source-invalid-name", text = text), help);
            }
            found.map(Who::Person)
        }
        _ => reader.words(node).map(Who::Name),
    });
    let unit = fields.optional("unit").and_then(|node| reader.words(node));
    let parts = [
        ("player", Part::Player),
        ("facilitator", Part::Facilitator),
        ("evaluator", Part::Evaluator),
        ("observer", Part::Observer),
    ];
    let part = fields.optional("part").map_or(Some(Part::Player), |node| reader.word(node, &parts));
    fields.finish();
    Some(Participant { who: who?, unit, part: part? })
}

fn inject<'a>(reader: &Reader<'a>, node: &'a Node) -> Option<PlannedInject> {
    let fields = reader.fields("planned-inject", node, node.place)?;
    let at = fields.required("at").and_then(|node| reader.span(node));
    let to = fields.optional("to").and_then(|node| reader.id(node));
    let text = fields.required("text").and_then(|node| reader.words(node));
    let expect = fields.optional("expect").and_then(|node| reader.words(node));
    fields.finish();
    Some(PlannedInject { at: at?, to, text: text?, expect })
}

/// What a live exercise fixes in advance in place of a script: aims, who takes part, tools, how far it goes, and when
/// (Directive 60/CT-BTTTT of 16/9/2021).
fn live<'a>(reader: &Reader<'a>, home: Place, node: &'a Node) {
    let Some(fields) = reader.fields("live", node, home) else { return };
    for key in ["aims", "players", "tools", "extent", "time"] {
        if let Some(node) = fields.required(key)
            && !matches!(node.data, Data::Broken)
        {
            reader.words(node);
        }
    }
    fields.finish();
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
            ("part: facilitator", "part: chair", "unknown-word 8:38"),
            ("name: \"Bình\", ", "", "missing-key 8:53"),
            ("at: 10m", "at: 10", "invalid-duration 9:18"),
            ("tools: c, ", "", "missing-key 10:1"),
            ("live: {", "# {", "missing-key 1:1"),
            ("number: \"12/KH-SKHCN\"", "number: 12", "wrong-type 5:17"),
        ] {
            assert!(WHOLE.contains(was));
            assert_eq!(found(&WHOLE.replace(was, is)), expected, "{is}");
        }
    }
}
