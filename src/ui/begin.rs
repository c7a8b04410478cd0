//! From what is asked for to a run that has begun: plan, show, ask, write its first record, start its loop.

use std::collections::BTreeMap;
use std::io::{BufRead as _, IsTerminal as _};
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use super::console::{Part, show};
use super::desk::{Desk, ledger_failure};
use super::duties::Policies;
use super::entry::Entry;
use super::library::Library;
use super::workspace::SourceText;
use super::{Context, Exit, Failure, Workspace, exercise, levels, secrets, start};
use crate::engine::answers::Answers;
use crate::engine::{self, Plan, Request, State};
use crate::inventory::{System, Unit};
use crate::ledger::{KeyPlace, Ledger};
use crate::message::message;
use crate::model::record::{Manner, Marked, People};
use crate::model::{Id, Mark, Mode, Name};
use crate::playbook::exercise::Exercise;
use crate::policy::day_in_vietnam;

/// What somebody wants to be carried out.
pub(crate) struct Wish {
    /// The playbook.
    pub(crate) playbook: Name,
    /// How.
    pub(crate) mode: Mode,
    /// Whether on the lab.
    pub(crate) lab: bool,
    /// How people take part.
    pub(crate) people: People,
    /// The input `system`.
    pub(crate) system: Option<String>,
    /// Other inputs, `NAME=VALUE`.
    pub(crate) inputs: Vec<String>,
    /// The planned exercise.
    pub(crate) exercise: Option<Name>,
    /// The file of answers.
    pub(crate) answers: Option<PathBuf>,
    /// Whether loop and console share this process.
    pub(crate) foreground: bool,
    /// When an incident was detected, if that was before the program was opened.
    pub(crate) since: Option<Entry>,
    /// What was seen of an incident, and who says so.
    pub(crate) seen: Option<(Entry, Vec<String>)>,
    /// What follows when the plan was shown.
    pub(crate) then: Then,
}

impl Wish {
    /// The plan of `playbook`, shown and no more: with people at consoles, nothing given and nothing planned before.
    pub(crate) fn new(playbook: &Name, mode: Mode, lab: bool) -> Self {
        Self {
            playbook: playbook.clone(),
            mode,
            lab,
            people: People::Console,
            system: None,
            inputs: Vec::new(),
            exercise: None,
            answers: None,
            foreground: false,
            since: None,
            seen: None,
            then: Then::Nothing,
        }
    }
}

/// What follows when the plan was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// A person is asked.
    Ask,
    /// It starts.
    Start,
    /// Nothing.
    Nothing,
}

impl Then {
    /// What `--yes` and `--dry-run` say.
    pub(crate) fn of(yes: bool, dry_run: bool) -> Self {
        match (dry_run, yes) {
            (true, _) => Self::Nothing,
            (false, true) => Self::Start,
            (false, false) => Self::Ask,
        }
    }
}

/// Plans, shows, asks, begins; then opens the console.
///
/// # Errors
///
/// Where a file is not valid, the plan is refused, or the machine gets in the way; nothing was started then.
pub(crate) fn run(wish: &Wish, context: &Context) -> Result<Exit, Failure> {
    let workspace = Workspace::find(context)?;
    // A lab that is brought up for a drill that cannot be agreed to would stay up.
    if wish.lab && wish.then == Then::Ask && wish.people == People::Console && !std::io::stdin().is_terminal() {
        return Err(nobody_to_ask());
    }
    let (unit, plan, sources) = made(wish, context, &workspace)?;
    let state = State::new(plan.clone());
    let view = state.view(&context.clock.now());
    context.err(&show::plan(&view, context));
    if !plan.lab {
        let (book, on) = (levels::here(context, &workspace), day_in_vietnam(&context.clock.now().at));
        for system in plan.systems.values() {
            context.note(&levels::told(&book, system, on));
        }
    }
    if wish.then == Then::Nothing {
        context.note(&message!("cli-dry-run"));
        return Ok(Exit::Passed);
    }
    secrets::check(context, &plan)?;
    // On real systems the consent to the plan is the question: nothing runs before it is given.
    let consents = matches!(wish.mode, Mode::Live | Mode::Respond) && context.interactive();
    if wish.then == Then::Ask && wish.people == People::Console && !consents && !agreed(context)? {
        context.note(&message!("cli-not-started"));
        return Ok(Exit::NotPassed);
    }
    let keys = KeyPlace::folder(&context.keys);
    let slug = crate::ledger::slug(unit.unit.pick(context.lang));
    unnamed(&workspace, &unit, &slug, context);
    let ledger = Ledger::create_or_open(&workspace.ledger(), &slug, context.clock.clone(), keys)
        .map_err(|e| ledger_failure(&e))?;
    let desk = Desk { workspace, ledger: Arc::new(ledger) };
    if plan.lab {
        freshen(context, &desk, &plan)?;
    }
    let (run, lock) = start::begin(context, &desk, &plan, &sources)?;
    let (run, state) = desk.run(Some(&run))?;
    exercise::keep_commitment(context, &desk, &plan, (&run, &state))?;
    if let Some(since) = &wish.since {
        let because = desk.because(since)?;
        desk.record(context, since, (&run, &state), Marked { mark: Mark::Detected, step: None, because }.into())?;
    }
    if let Some((entry, seen)) = &wish.seen {
        desk.saw(context, entry, (&run, &state), (seen, wish.since.is_some()))?;
    }
    let part = if wish.people == People::Console { Part::Asks } else { Part::Shows };
    if wish.foreground {
        return start::foreground(context, &desk, &run, &state, lock, part);
    }
    drop(lock);
    start::detached(context, &desk, &run)?;
    start::console(context, &desk, &run, &state, part)
}

/// The plan of what is wished for, and what it was made from.
///
/// # Errors
///
/// Where a file is not valid or the plan is refused.
pub(crate) fn prepared(
    wish: &Wish,
    context: &Context,
    workspace: &Workspace,
) -> Result<(Arc<Plan>, Vec<SourceText>), Failure> {
    made(wish, context, workspace).map(|(_, plan, sources)| (plan, sources))
}

fn made(wish: &Wish, context: &Context, workspace: &Workspace) -> Result<(Unit, Arc<Plan>, Vec<SourceText>), Failure> {
    let mut sources = Vec::new();
    let unit = unit(workspace, context, &mut sources)?;
    let exercise = match &wish.exercise {
        Some(name) => {
            let (file, exercise) = exercise::for_drill(name, wish, context, workspace)?;
            sources.push(file);
            Some(exercise)
        }
        None => None,
    };
    let answers = wish.answers.as_deref().map(|path| answers(path, context)).transpose()?;
    // Kept as evidence: the unit's own duties and notices. What is wrong in them is told, and is no reason to begin later.
    sources.extend(Policies::files(context, workspace));
    let plan = Arc::new(resolved(wish, exercise, context, workspace, &unit, &mut sources)?);
    if let Some((file, answers)) = answers {
        let findings = answers.check(&file.path, &plan);
        if !findings.is_empty() {
            return Err(super::workspace::report(context, &findings, std::slice::from_ref(&file)));
        }
        let name = file.path.rsplit('/').next().unwrap_or_default();
        sources.push(SourceText { path: format!("{}{name}", start::ANSWERS), text: file.text });
    }
    Ok((unit, plan, sources))
}

/// Makes the lab as it was in the beginning. Refused while another drill uses it: it would lose what it has done.
fn freshen(context: &Context, desk: &Desk, plan: &Plan) -> Result<(), Failure> {
    for (run, state) in desk.ledger.runs().map_err(|e| ledger_failure(&e))? {
        if !state.ended() && desk.plan(&run, &state)?.0.lab {
            return Err(Failure::new(Exit::Invalid, "lab-in-use", message!("cli-lab-in-use", run = run.as_str()))
                .help(message!("cli-lab-in-use-help", run = run.as_str())));
        }
    }
    let lab = start::lab(context, &desk.workspace, plan.systems.keys())?;
    lab.fresh().and_then(|()| lab.sign(desk.ledger.as_ref())).map_err(|error| Failure::of(Exit::Machine, &error))
}

/// The unit, and what of it is kept as evidence.
///
/// # Errors
///
/// Findings are printed; the failure has only the exit code.
pub(crate) fn unit(workspace: &Workspace, context: &Context, sources: &mut Vec<SourceText>) -> Result<Unit, Failure> {
    let file = workspace.text("ungpho.yaml")?;
    let unit = Unit::read(&file.path, &file.text)
        .map_err(|findings| super::workspace::report(context, &findings, std::slice::from_ref(&file)))?;
    sources.push(file);
    if workspace.root.join("people.yaml").is_file() {
        sources.push(workspace.text("people.yaml")?);
    }
    Ok(unit)
}

/// Says that a ledger which is about to be made has no unit's name yet: it cannot be given another one later.
pub(crate) fn unnamed(workspace: &Workspace, unit: &Unit, slug: &str, context: &Context) {
    if unit.unit.pick(context.lang).starts_with('(') && !workspace.ledger().join("log").exists() {
        context.note(&message!("cli-ledger-unnamed", name = slug));
    }
}

/// The file of answers, under the name that was given.
fn answers(path: &std::path::Path, context: &Context) -> Result<(SourceText, Answers), Failure> {
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(context.folder.join(path)).map_err(|error| {
        Failure::new(Exit::Machine, "file-unreadable", message!("cli-file-unreadable", path = shown.as_str()))
            .caused_by(&error)
    })?;
    let source = SourceText { path: shown, text };
    let answers = Answers::read(&source.path, &source.text)
        .map_err(|findings| super::workspace::report(context, &findings, std::slice::from_ref(&source)))?;
    Ok((source, answers))
}

/// Resolves everything that can be known before the start.
///
/// # Errors
///
/// Findings and reasons are printed; the failure has only the exit code.
pub(crate) fn planned(
    wish: &Wish,
    context: &Context,
    workspace: &Workspace,
    unit: &Unit,
    sources: &mut Vec<SourceText>,
) -> Result<Plan, Failure> {
    resolved(wish, None, context, workspace, unit, sources)
}

fn resolved(
    wish: &Wish,
    exercise: Option<Exercise>,
    context: &Context,
    workspace: &Workspace,
    unit: &Unit,
    sources: &mut Vec<SourceText>,
) -> Result<Plan, Failure> {
    let (inventory, files) = workspace.systems(context)?;
    let library = Library::read(workspace, &inventory)?;
    let playbook = library.playbook(context, &wish.playbook)?;
    let owners = inventory.iter().map(|(name, system)| (name.clone(), system.objectives)).collect();
    let systems = if wish.lab { lab_systems(context, workspace)? } else { inventory };
    let mut request = Request::new(wish.mode, wish.lab, wish.people);
    request.owners = owners;
    request.inputs = inputs(wish)?;
    request.exercise.clone_from(&wish.exercise);
    request.planned = exercise;
    request.language = context.lang;
    // Where the unit has not said, every way is open to it, and which it was is printed.
    request.second_person = unit.second_person.clone().unwrap_or_else(|| Manner::ALL.to_vec());
    request.systems = systems;
    request.playbooks.clone_from(&library.playbooks);
    let plan = engine::plan(playbook, &request).map_err(|problems| {
        for problem in &problems {
            Failure::of(Exit::Invalid, problem).print(context);
        }
        context.note(&message!("cli-refused-plan", count = problems.len()));
        Failure::reported(Exit::Invalid)
    })?;
    // Kept as evidence: the scenario, those it calls, and the systems that it touches.
    sources.extend(called(&plan).iter().filter_map(|name| library.file(name)).cloned());
    if !wish.lab {
        let named = |path: &str, name: &Name| path.rsplit('/').next() == Some(format!("{name}.yaml").as_str());
        sources.extend(files.into_iter().filter(|file| plan.systems.keys().any(|name| named(&file.path, name))));
    }
    Ok(plan)
}

/// The playbook of the plan and every one that it calls.
fn called(plan: &Plan) -> Vec<Name> {
    fn walk(steps: &[engine::plan::Step], names: &mut Vec<Name>) {
        for step in steps {
            if let engine::plan::Action::Call(call) = &step.action {
                names.push(call.playbook.clone());
            }
            for block in step.action.blocks() {
                walk(block, names);
            }
        }
    }
    let mut names = vec![plan.playbook.clone()];
    walk(&plan.steps, &mut names);
    names
}

fn lab_systems(context: &Context, workspace: &Workspace) -> Result<BTreeMap<Name, System>, Failure> {
    context.note(&message!("cli-lab-starting"));
    let lab = start::lab(context, workspace, [])?;
    let systems = lab.systems().map_err(|error| Failure::of(Exit::Machine, &error))?;
    Ok(systems.into_iter().map(|system| (system.id.clone(), system)).collect())
}

fn inputs(wish: &Wish) -> Result<BTreeMap<Id, Value>, Failure> {
    let mut inputs = BTreeMap::new();
    for given in &wish.inputs {
        let pair = given.split_once('=').and_then(|(name, value)| Some((name.parse::<Id>().ok()?, value)));
        let Some((name, value)) = pair else {
            let message = message!("cli-not-a-pair", given = given.as_str());
            return Err(Failure::new(Exit::Invalid, "not-a-pair", message));
        };
        inputs.insert(name, Value::from(value));
    }
    if let Some(system) = &wish.system
        && let Ok(name) = "system".parse()
    {
        inputs.insert(name, Value::from(system.as_str()));
    }
    Ok(inputs)
}

fn nobody_to_ask() -> Failure {
    Failure::new(Exit::Invalid, "nobody-to-ask", message!("cli-nobody-to-ask")).help(message!("cli-nobody-to-ask-help"))
}

/// Asks whether to start. Enter alone never means yes.
fn agreed(context: &Context) -> Result<bool, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(nobody_to_ask());
    }
    loop {
        context.err(&format!("{}\n> ", message!("cli-start").render(context.lang)));
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line).unwrap_or(0);
        match line.trim().to_lowercase().as_str() {
            "c" => return Ok(true),
            "k" => return Ok(false),
            _ if read == 0 => return Ok(false),
            "" => context.err(&format!("{}\n", message!("console-enter-alone").render(context.lang))),
            _ => context.err(&format!("{}\n", message!("cli-start-keys").render(context.lang))),
        }
    }
}
