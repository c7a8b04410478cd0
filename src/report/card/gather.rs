//! From a plan, and what a run of it has come to, to the sheets.

use serde_json::json;

use super::{Card, CardDuty, CardStep, Contact};
use crate::engine::State;
use crate::engine::plan::{Action, display};
use crate::inventory::{People, Person};
use crate::message::{Message, message};
use crate::model::{Actor, Id, Lang, Mode, Moment, RunId, RunKind, StepPath, Template, Text};
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
    /// Whether the ledger verifies that the run is read from; true where nothing is read.
    pub verified: bool,
    /// What is due by law.
    pub duties: Vec<CardDuty>,
    /// The run's last record; nothing where no run has begun.
    pub record: Option<u64>,
    /// The moment of that record, else now.
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
            second: shown.outcome.is_none() && !shown.open && state.wants_second(&shown.path),
            round_end: false,
        })
    });
    let steps = with_round_ends(state, steps.collect());
    Card {
        unit: around.unit.map(str::to_owned),
        playbook: plan.playbook.to_string(),
        title: plan.title.clone(),
        version: plan.version,
        digest: around.digest.clone(),
        systems: plan.systems.values().map(|system| (system.id.to_string(), system.name.clone())).collect(),
        run: around.run.cloned(),
        verified: around.verified,
        drill: plan.kind == RunKind::Drill,
        consent: state.wants_consent().then(|| around.digest.clone().unwrap_or_else(|| state.plan().digest().hex())),
        keep_running: plan.keep_running.clone(),
        contacts: contacts(state, around.people),
        contacts_checked: around.people.and_then(|people| people.contacts_checked.clone()),
        duties: around.duties.clone(),
        steps,
        record: around.record,
        as_of: around.now.at,
    }
}

/// With a row after each round of a `repeat`: people say whether it was the last where the record cannot.
fn with_round_ends(state: &State, steps: Vec<CardStep>) -> Vec<CardStep> {
    let mut all: Vec<CardStep> = Vec::with_capacity(steps.len());
    let mut rounds: Vec<(StepPath, CardStep)> = Vec::new();
    for step in steps {
        while rounds.last().is_some_and(|(round, _)| !inside(round, &step.path)) {
            all.extend(rounds.pop().map(|(_, end)| end));
        }
        // The innermost round that begins with this step.
        let path = step.path.as_str();
        let list = path.rsplit_once('/').and_then(|(list, _)| list.parse::<StepPath>().ok());
        if let Some(round) = list.filter(|list| list.as_str().ends_with(']'))
            && rounds.iter().all(|(other, _)| *other != round)
            && let Some(Action::Repeat(repeat)) = state.told_at(&round).map(|step| &step.action)
        {
            let option = |id: &str, title: &Message| {
                let both = |lang| Some(title.render(lang));
                let title = Text::Each { vi: both(Lang::Vi), en: both(Lang::En) };
                id.parse::<Id>().ok().map(|id| (id, title, None))
            };
            let options = [option("yes", &message!("paper-until-over")), option("no", &message!("paper-until-again"))];
            let asked = message!("paper-until-row", condition = repeat.until.0.as_str());
            let title = Text::Each { vi: Some(asked.render(Lang::Vi)), en: Some(asked.render(Lang::En)) };
            let settled = state.instance(&round).and_then(|instance| instance.outcome);
            let end = CardStep {
                number: None,
                path: round.clone(),
                depth: step.depth,
                title,
                action: "repeat",
                role: None,
                instruction: None,
                command: None,
                effect: None,
                checks: Vec::new(),
                asks: Vec::new(),
                options: options.into_iter().flatten().collect(),
                when: None,
                timeout: None,
                evidence_required: false,
                outcome: settled,
                second: false,
                round_end: true,
            };
            rounds.push((round, end));
        }
        all.push(step);
    }
    all.extend(rounds.into_iter().rev().map(|(_, end)| end));
    all
}

/// Whether `path` lies in the round `round`.
fn inside(round: &StepPath, path: &StepPath) -> bool {
    path.as_str().strip_prefix(round.as_str()).is_some_and(|rest| rest.starts_with('/'))
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
