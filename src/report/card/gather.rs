//! From a plan, and what a run of it has come to, to the sheets.

use serde_json::json;

use super::{Card, CardDuty, CardStep, Contact};
use crate::engine::State;
use crate::engine::plan::{Action, display};
use crate::inventory::{People, Person};
use crate::model::{Actor, Id, Mode, Moment, RunId, RunKind, StepPath, Template, Text};
use crate::playbook::expression::Scope;

/// What stands on the sheets besides the plan.
pub struct Around<'a> {
    /// The unit's name.
    pub unit: Option<&'a str>,
    /// Its people, where it has named them.
    pub people: Option<&'a People>,
    /// SHA-256 of the playbook's file.
    pub digest: Option<String>,
    /// The run, where one has begun.
    pub run: Option<&'a RunId>,
    /// What is due by law.
    pub duties: Vec<CardDuty>,
    /// The time now.
    pub now: &'a Moment,
}

/// The sheets for `state`: of a plan that nobody has begun, or of a run as it stands.
#[must_use]
pub fn card(state: &State, around: &Around<'_>) -> Card {
    let plan = state.plan();
    let view = state.view(around.now);
    let numbers: Vec<(StepPath, Option<usize>)> =
        view.steps.iter().map(|step| (step.path.clone(), step.number)).collect();
    let steps = view.steps.iter().filter_map(|shown| {
        let step = state.planned(&shown.path)?;
        // What acts only in a drill has no place on the sheets of an incident.
        if plan.mode == Mode::Respond && matches!(step.action, Action::Inject(_) | Action::Fault(_)) {
            return None;
        }
        let scope = scope(state, &shown.path);
        let say = |text: &Text| filled(text, &scope);
        let (mut instruction, mut checks, mut asks, mut options) = (None, Vec::new(), Vec::new(), Vec::new());
        match &step.action {
            Action::Manual(manual) => {
                instruction = Some(say(&manual.instruction));
                checks = manual.checks.iter().map(say).collect();
                asks = manual.ask.iter().map(|ask| (ask.id.clone(), say(&ask.title))).collect();
            }
            Action::Decide(decide) => {
                instruction = Some(say(&decide.ask));
                let target = |goto: &Id| place(&shown.path, goto, &numbers);
                let options_of = decide.options.iter();
                options = options_of
                    .map(|option| (option.id.clone(), say(&option.title), option.goto.as_ref().map(target)))
                    .collect();
            }
            Action::Inject(inject) => instruction = Some(say(&inject.text)),
            Action::Note(text) => instruction = Some(say(text)),
            _ => {}
        }
        Some(CardStep {
            number: shown.number,
            path: shown.path.clone(),
            depth: shown.depth,
            title: shown.title.clone(),
            action: shown.action,
            role: shown.role.as_ref().map(|role| role_title(state, role)),
            instruction,
            command: shown.command.clone(),
            effect: shown.effect,
            checks,
            asks,
            options,
            when: step.when.as_ref().map(|when| when.0.clone()),
            timeout: step.timeout,
            evidence_required: step.evidence_required,
            outcome: shown.outcome,
        })
    });
    Card {
        unit: around.unit.map(str::to_owned),
        playbook: plan.playbook.to_string(),
        title: plan.title.clone(),
        version: plan.version,
        digest: around.digest.clone(),
        systems: plan.systems.values().map(|system| (system.id.to_string(), system.name.clone())).collect(),
        run: around.run.cloned(),
        drill: plan.kind == RunKind::Drill,
        second_person: !plan.second_person.is_empty(),
        keep_running: plan.keep_running.clone(),
        contacts: contacts(state, around.people),
        contacts_checked: around.people.and_then(|people| people.contacts_checked.clone()),
        duties: around.duties.clone(),
        steps: steps.collect(),
        made: around.now.at,
    }
}

/// What names mean in the texts of the step at `path`: the inputs of the playbook that it stands in.
fn scope(state: &State, path: &StepPath) -> Scope {
    let text = path.as_str();
    let above = text.rmatch_indices('/').filter_map(|(at, _)| text[..at].parse::<StepPath>().ok());
    let call = above.filter_map(|above| state.planned(&above)).find_map(|step| match &step.action {
        Action::Call(call) => Some(&call.inputs),
        _ => None,
    });
    Scope::new(json!({ "inputs": call.unwrap_or(&state.plan().inputs) }))
}

fn filled(text: &Text, scope: &Scope) -> Text {
    let fill = |text: &String| display(&Template(text.clone()), scope);
    match text {
        Text::Same(text) => Text::Same(fill(text)),
        Text::Each { vi, en } => Text::Each { vi: vi.as_ref().map(fill), en: en.as_ref().map(fill) },
    }
}

/// The number of the sibling that a choice leads to; its id where it has none.
fn place(path: &StepPath, goto: &Id, numbers: &[(StepPath, Option<usize>)]) -> String {
    let sibling = match path.as_str().rsplit_once('/') {
        Some((list, _)) => format!("{list}/{goto}"),
        None => goto.to_string(),
    };
    let inside = |path: &StepPath| {
        path.as_str() == sibling
            || path.as_str().strip_prefix(&sibling).is_some_and(|rest| rest.starts_with(['/', '[']))
    };
    let number = numbers.iter().filter(|(path, _)| inside(path)).find_map(|(_, number)| *number);
    number.map_or_else(|| goto.to_string(), |number| number.to_string())
}

fn role_title(state: &State, role: &Id) -> Text {
    let known = state.plan().roles.get(role);
    known.map_or_else(|| Text::Same(role.to_string()), |role| role.title.clone())
}

/// The parts of the playbook first, in its order; then the others that the unit has.
fn contacts(state: &State, people: Option<&People>) -> Vec<Contact> {
    let Some(people) = people else { return Vec::new() };
    let of_playbook = state.plan().roles.keys().filter(|role| people.roles.contains_key(*role));
    let others = people.roles.keys().filter(|role| !state.plan().roles.contains_key(*role));
    let mut contacts = Vec::new();
    for role in of_playbook.chain(others) {
        let Some(holders) = people.roles.get(role) else { continue };
        let title = role_title(state, role);
        contacts.extend(contact(people, &title, &holders.holder, false));
        contacts.extend(holders.deputy.iter().filter_map(|deputy| contact(people, &title, deputy, true)));
    }
    contacts
}

fn contact(people: &People, role: &Text, id: &Actor, deputy: bool) -> Option<Contact> {
    let person: &Person = people.find(id.as_str())?;
    Some(Contact {
        role: role.clone(),
        deputy,
        id: person.id.to_string(),
        name: person.name.clone(),
        position: person.position.clone(),
        phones: person.phones.clone(),
        second_channel: person.second_channel.clone(),
        until: person.until.clone(),
    })
}
