//! The first minute of an incident: which system, what is seen, and the playbook that its signs lead to.

use std::collections::BTreeMap;
use std::io::BufRead as _;

use serde_json::Value;

use super::library::Library;
use super::{Context, Exit, Failure, Workspace};
use crate::engine::{self, Request};
use crate::inventory::System;
use crate::message::message;
use crate::model::record::People;
use crate::model::{Mode, Name};
use crate::playbook::Playbook;
use crate::playbook::reach::reach;
use crate::step::ValueKind;

/// The playbook for an incident of which nothing else is known.
pub(crate) const UNKNOWN: &str = "unknown-incident";

/// What was chosen.
pub(crate) struct Choice {
    /// The playbook.
    pub(crate) playbook: Name,
    /// The system.
    pub(crate) system: Name,
    /// The sign that was picked; nothing where it was that nothing else fits.
    pub(crate) seen: Option<String>,
}

/// Asks which system and what is seen, by number; nothing where it is called off.
///
/// # Errors
///
/// Where nobody is there to ask, or a file cannot be read.
pub(crate) fn ask(context: &Context, workspace: &Workspace, system: Option<&str>) -> Result<Option<Choice>, Failure> {
    let (systems, _) = workspace.systems(context)?;
    let library = Library::read(workspace, &systems)?;
    let ours: Vec<&System> = systems.values().filter(|system| !system.operations.is_empty()).collect();
    let all: Vec<&System> = if ours.is_empty() { systems.values().collect() } else { ours };
    let Some(system) = which(context, &systems, &all, system)? else { return Ok(None) };
    let fitting = fitting(&library, &systems, &system);
    let signs: Vec<(&Playbook, String)> = fitting
        .iter()
        .flat_map(|playbook| playbook.signs.iter().map(|sign| (*playbook, sign.pick(context.lang).to_owned())))
        .collect();
    let lines: Vec<String> = signs.iter().map(|(_, sign)| sign.clone()).collect();
    let Some(number) = pick(context, &message!("offer-what-is-seen").render(context.lang), &lines)? else {
        return Ok(None);
    };
    let (playbook, sign) = (signs[number].0.name.clone(), signs[number].1.clone());
    let seen = (playbook != *UNKNOWN).then_some(sign);
    context.err(&format!(
        "{}\n",
        message!("offer-chosen", playbook = playbook.as_str(), system = system.as_str()).render(context.lang)
    ));
    Ok(Some(Choice { playbook, system, seen }))
}

/// The system that is given, or picked from those that there are.
fn which(
    context: &Context,
    systems: &BTreeMap<Name, System>,
    offered: &[&System],
    given: Option<&str>,
) -> Result<Option<Name>, Failure> {
    if let Some(given) = given {
        let Some(system) = systems.values().find(|system| system.id == *given) else {
            let message = message!("offer-unknown-system", system = given);
            return Err(Failure::new(Exit::Invalid, "unknown-system", message));
        };
        return Ok(Some(system.id.clone()));
    }
    let lines: Vec<String> = offered.iter().map(|it| format!("{} ({})", it.name.pick(context.lang), it.id)).collect();
    let picked = pick(context, &message!("offer-which-system").render(context.lang), &lines)?;
    Ok(picked.map(|number| offered[number].id.clone()))
}

/// The playbooks that can be carried out on a system: those that are made for it, every one where none is, and what fits
/// everything last. What could not be planned for it would be a dead end at the worst moment.
fn fitting<'a>(library: &'a Library, systems: &BTreeMap<Name, System>, system: &Name) -> Vec<&'a Playbook> {
    let given =
        |playbook: &Playbook| playbook.inputs.get("system").filter(|input| input.kind == ValueKind::System).cloned();
    let made_for = |playbook: &Playbook| reach(playbook, &library.playbooks).systems.contains(system);
    let mut request = Request::new(Mode::Respond, false, People::Console);
    request.systems.clone_from(systems);
    request.playbooks.clone_from(&library.playbooks);
    if let Ok(input) = "system".parse() {
        request.inputs.insert(input, Value::from(system.as_str()));
    }
    let can_be = |playbook: &&Playbook| {
        !playbook.signs.is_empty() && given(playbook).is_some() && engine::plan(playbook, &request).is_ok()
    };
    let mut all: Vec<&Playbook> = library.playbooks.values().filter(can_be).collect();
    // A list of thirty is not read at night: what is made for other systems stands in it only where nothing else does.
    if all.iter().any(|playbook| playbook.name != *UNKNOWN && made_for(playbook)) {
        all.retain(|playbook| playbook.name == *UNKNOWN || made_for(playbook));
    }
    all.sort_by_key(|playbook| (playbook.name == *UNKNOWN, playbook.name.clone()));
    all
}

/// Puts a numbered list and reads a number; nothing for `0` or the end of the input. Enter alone means nothing.
fn pick(context: &Context, question: &str, lines: &[String]) -> Result<Option<usize>, Failure> {
    let mut text = format!("\n{question}\n");
    for (index, line) in lines.iter().enumerate() {
        text.push_str(&format!("  [{}] {line}\n", index + 1));
    }
    context.err(&text);
    loop {
        context.err(&format!("{}\n> ", message!("offer-number", most = lines.len()).render(context.lang)));
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line).unwrap_or(0);
        let word = line.trim();
        if read == 0 || word == "0" {
            return Ok(None);
        }
        match word.parse::<usize>().ok().and_then(|number| number.checked_sub(1)).filter(|index| *index < lines.len()) {
            Some(index) => return Ok(Some(index)),
            None if word.is_empty() => {
                context.err(&format!("{}\n", message!("console-enter-alone").render(context.lang)));
            }
            None => context.err(&format!("{}\n", message!("offer-wrong-number").render(context.lang))),
        }
    }
}
