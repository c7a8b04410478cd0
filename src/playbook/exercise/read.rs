//! Reading the file of a planned drill.

use super::{Exercise, ExerciseMode, Giver, Live, Part, Participant, PlannedInject, Who};
use crate::message::message;
use crate::model::{Actor, Name};
use crate::playbook::Known;
use crate::source::suggest::one_of_these;
use crate::source::{Data, Node, Place, Reader};

pub(super) fn top<'a>(reader: &Reader<'a>, root: &'a Node, known: &Known) -> Option<Exercise> {
    let fields = reader.fields("exercise", root, Place::START)?;
    fields.format();
    if let Some(node) = fields.optional("id")
        && let Some(id) = reader.name(node)
    {
        reader.same_as_file(node, id.as_str());
    }
    let mut roles = None;
    let playbook = fields.required("playbook").and_then(|node| {
        let name = reader.name(node)?;
        roles = known.playbooks.get(&name).and_then(|outline| outline.as_ref().map(|outline| outline.roles.clone()));
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
    let (approver, place, budget) = (words("approver"), words("place"), words("budget"));
    let participants =
        fields.optional("participants").and_then(|node| reader.list(node, |item| participant(reader, item)));
    let injects =
        fields.optional("injects").and_then(|node| reader.list(node, |item| inject(reader, item, roles.as_deref())));
    let script = fields.given("script").and_then(|(key, node)| {
        let text = reader.letters(node)?;
        let found = text.parse().ok();
        if found.is_none() {
            let message = message!("playbook-exercise-script-form");
            reader.error("invalid-digest", node.place, message, message!("playbook-exercise-script-help"));
        }
        if injects.as_ref().is_some_and(|injects| !injects.is_empty()) {
            let message = message!("playbook-exercise-script-twice");
            reader.error("script-twice", key.place, message, message!("playbook-exercise-script-help"));
        }
        found
    });
    let live = match (fields.given("live"), mode) {
        (Some((key, node)), _) => live(reader, key.place, node),
        (None, Some(ExerciseMode::Live)) => {
            // Whoever plans a live drill is told all five at once, not the key that they stand under.
            let place = root.get("mode").map_or(Place::START, |node| node.place);
            for key in Live::KEYS {
                let message = message!("playbook-exercise-live-missing", key = key);
                reader.error("missing-key", place, message, message!("playbook-exercise-live-help"));
            }
            None
        }
        (None, _) => None,
    };
    fields.finish();
    let participants = participants.unwrap_or_default();
    if let Some(injects) = &injects {
        order(reader, root, injects);
        let gives = injects.iter().any(|inject| inject.by == Giver::Facilitator);
        if gives && !participants.iter().any(|one| one.part == Part::Facilitator) {
            let place = root.get("injects").map_or(Place::START, |node| node.place);
            let message = message!("playbook-exercise-no-facilitator");
            reader.warning("no-facilitator", place, message, message!("playbook-exercise-no-facilitator-help"));
        }
    }
    Some(Exercise {
        playbook: playbook?,
        mode: mode?,
        date: date?,
        plan,
        approver,
        place,
        budget,
        participants,
        injects: injects.unwrap_or_default(),
        script,
        live,
    })
}

/// Injects that come before the one above them: numbers are those of the list, so that is hardly meant.
fn order<'a>(reader: &Reader<'a>, root: &'a Node, injects: &[PlannedInject]) {
    let nodes = match root.get("injects").map(|node| &node.data) {
        Some(Data::List(items)) if items.len() == injects.len() => items,
        _ => return,
    };
    for (pair, node) in injects.windows(2).zip(nodes.iter().skip(1)) {
        if let [before, after] = pair
            && after.at.seconds() < before.at.seconds()
        {
            let place = node.get("at").map_or(node.place, |node| node.place);
            let message = message!("playbook-exercise-order");
            reader.warning("inject-order", place, message, message!("playbook-exercise-order-help"));
        }
    }
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
    let position = fields.optional("position").and_then(|node| reader.words(node));
    let part = fields.optional("part").map_or(Some(Part::Player), |node| reader.word(node, Part::WORDS));
    fields.finish();
    Some(Participant { who: who?, unit, position, part: part? })
}

fn inject<'a>(reader: &Reader<'a>, node: &'a Node, roles: Option<&[String]>) -> Option<PlannedInject> {
    let fields = reader.fields("planned-inject", node, node.place)?;
    let at = fields.required("at").and_then(|node| reader.span(node));
    let role = |node: &'a Node| {
        let id = reader.id(node)?;
        if let Some(roles) = roles
            && !roles.iter().any(|role| role == id.as_str())
        {
            let help = one_of_these(id.as_str(), roles.iter().map(String::as_str));
            reader.error("unknown-role", node.place, message!("playbook-exercise-role", role = id.as_str()), help);
        }
        Some(id)
    };
    let to = fields.optional("to").and_then(role);
    let text = fields.required("text").and_then(|node| reader.words(node));
    let expect = fields.optional("expect").and_then(|node| reader.words(node));
    let with = fields.optional("with").and_then(|node| reader.list(node, role)).unwrap_or_default();
    let criterion = fields.optional("criterion").and_then(|node| reader.words(node));
    let by = fields.optional("by").map_or(Some(Giver::default()), |node| reader.word(node, Giver::WORDS));
    fields.finish();
    Some(PlannedInject { at: at?, to, text: text?, expect, with, criterion, by: by? })
}

/// What a live exercise fixes in advance in place of a script: aims, who takes part, tools, how far it goes, and when
/// (Directive 60/CT-BTTTT of 16/9/2021).
fn live<'a>(reader: &Reader<'a>, home: Place, node: &'a Node) -> Option<Live> {
    let fields = reader.fields("live", node, home)?;
    let words = |key| {
        let node = fields.required(key).filter(|node| !matches!(node.data, Data::Broken))?;
        if node.scalar().is_some_and(super::filler) {
            let message = message!("playbook-exercise-to-fill", key = key);
            reader.warning("not-filled-in", node.place, message, message!("playbook-exercise-to-fill-help"));
        }
        reader.words(node)
    };
    let (aims, players, tools) = (words("aims"), words("players"), words("tools"));
    let (extent, time) = (words("extent"), words("time"));
    let commitment = fields.optional("commitment").and_then(|node| reader.filled_text(node));
    fields.finish();
    Some(Live { aims: aims?, players: players?, tools: tools?, extent: extent?, time: time?, commitment })
}
