//! Planned drills for the commands: finding one, holding it against what is to start, and who may do what in it.

use std::time::Duration;

use super::begin::Wish;
use super::desk::{Desk, journal_failure};
use super::entry::EntryArgs;
use super::workspace::SourceText;
use super::{Context, Exit, Failure, Workspace};
use crate::engine::{Plan, State};
use crate::inventory::People;
use crate::message::{Message, format, message};
use crate::model::record::Attached;
use crate::model::{Actor, Lang, Mode, Name, Objects as _, RunId, RunKind, RunState};
use crate::playbook::Known;
use crate::playbook::exercise::{Exercise, ExerciseMode, Live, Part, Participant, PlannedInject, Who};
use crate::source::{self, Document, any_error, suggest};

/// The file of the exercise `name`, and its tree.
///
/// # Errors
///
/// Where there is none, or it cannot be read.
pub(crate) fn document(name: &Name, workspace: &Workspace) -> Result<(SourceText, Document), Failure> {
    let path = format!("exercises/{name}.yaml");
    if !workspace.root.join(&path).exists() {
        let there = workspace.texts("exercises").unwrap_or_default();
        let names = there.iter().filter_map(|file| file.path.strip_prefix("exercises/")?.strip_suffix(".yaml"));
        let message = message!("cli-unknown-exercise", exercise = name.as_str());
        let failure = Failure::new(Exit::Invalid, "unknown-exercise", message);
        return Err(match suggest::one_of_these(name.as_str(), names) {
            Some(help) => failure.help(help),
            None => failure.help(message!("cli-unknown-exercise-help", exercise = name.as_str())),
        });
    }
    let file = workspace.text(&path)?;
    let document = source::parse(&file.path, &file.text);
    Ok((file, document))
}

/// The exercise in the file of `name`.
///
/// # Errors
///
/// Findings are printed; the failure has only the exit code.
pub(crate) fn read(
    name: &Name,
    context: &Context,
    workspace: &Workspace,
) -> Result<(SourceText, Document, Exercise), Failure> {
    let (file, document) = document(name, workspace)?;
    match Exercise::read_document(&document, &Known::default()).0 {
        Ok(exercise) => Ok((file, document, exercise)),
        Err(findings) => Err(super::workspace::report(context, &findings, std::slice::from_ref(&file))),
    }
}

/// The planned exercise of a drill that is about to start, which has to plan just that.
///
/// # Errors
///
/// Where it plans something else, a person in it is not known, or a live one has fields that nobody filled in.
pub(crate) fn for_drill(
    name: &Name,
    wish: &Wish,
    context: &Context,
    workspace: &Workspace,
) -> Result<(SourceText, Exercise), Failure> {
    let (file, document, exercise) = read(name, context, workspace)?;
    let mode = match wish.mode {
        Mode::Tabletop => ExerciseMode::Tabletop,
        Mode::Technical if wish.lab => ExerciseMode::Lab,
        Mode::Technical => ExerciseMode::Technical,
        Mode::Live | Mode::Respond => ExerciseMode::Live,
    };
    let mut findings = exercise.disagrees(&document, &wish.playbook, mode);
    if mode == ExerciseMode::Live {
        findings.extend(Exercise::to_fill(&document));
        findings.extend(no_commitment(&document, &exercise, workspace));
    }
    if let Some(people) = super::entry::people(context, workspace)? {
        findings.extend(Exercise::strangers(&document, &people));
    }
    source::sort(&mut findings);
    if any_error(&findings) {
        return Err(super::workspace::report(context, &findings, std::slice::from_ref(&file)));
    }
    if mode == ExerciseMode::Live && !exercise.injects.is_empty() {
        context.note(&message!("exercise-script-open", exercise = name.as_str()));
    }
    Ok((file, exercise))
}

/// The commitment to confidentiality that is named and not there.
pub(crate) fn no_commitment(
    document: &Document,
    exercise: &Exercise,
    workspace: &Workspace,
) -> Option<source::Finding> {
    let file = exercise.live.as_ref()?.commitment.as_deref()?;
    if workspace.root.join(file).is_file() {
        return None;
    }
    let node = document.root.as_ref()?.get("live")?.get("commitment")?;
    let message = message!("exercise-no-commitment", file = file);
    Some(
        source::Finding::error("file-unreadable", &document.file, node.place, message)
            .help(message!("exercise-no-commitment-help")),
    )
}

/// Keeps the signed commitment to confidentiality as a file attached to the drill.
///
/// # Errors
///
/// Where it cannot be read or kept.
pub(crate) fn keep_commitment(
    context: &Context,
    desk: &Desk,
    plan: &Plan,
    run: (&RunId, &RunState),
) -> Result<(), Failure> {
    let Some(file) = plan.planned.as_ref().and_then(|planned| planned.live.as_ref()?.commitment.as_deref()) else {
        return Ok(());
    };
    let kept = desk.ledger.put_file(&desk.workspace.root.join(file)).map_err(|e| journal_failure(&e))?;
    let name = desk.words(file)?;
    let entry = EntryArgs::default().entry(context, &desk.workspace)?;
    desk.record(context, &entry, run, Attached { file: kept, name, step: None, because: None }.into())?;
    Ok(())
}

/// Why a live drill does not start without a planned exercise: the five fields, each by name.
pub(crate) fn live_unplanned() -> Failure {
    Failure::new(Exit::Invalid, "live-unplanned", message!("exercise-live-unplanned"))
        .help(message!("exercise-live-unplanned-help", keys = suggest::quoted(&Live::KEYS)))
}

/// Refuses what belongs to drills only.
pub(crate) fn drill_only(run: &RunId) -> Result<(), Failure> {
    if run.kind() == RunKind::Drill {
        return Ok(());
    }
    Err(Failure::new(Exit::Invalid, "drill-only", message!("exercise-drill-only", run = run.as_str())))
}

/// What `plan` plans as an exercise.
///
/// # Errors
///
/// Where the drill began without one.
pub(crate) fn of_plan<'p>(plan: &'p Plan, run: &RunId) -> Result<&'p Exercise, Failure> {
    plan.planned.as_deref().ok_or_else(|| {
        Failure::new(Exit::Invalid, "not-planned", message!("exercise-not-planned", run = run.as_str()))
            .help(message!("exercise-not-planned-help"))
    })
}

/// Holds that `person` has the part `part` in the exercise, where that gives the part to somebody with an account.
///
/// # Errors
///
/// Where it is another's.
pub(crate) fn has_part(exercise: &Exercise, person: &Actor, part: Part) -> Result<(), Failure> {
    let mut holders = exercise.with_part(part).map(Actor::as_str).peekable();
    let nobody = holders.peek().is_none();
    let own = exercise.with_part(part).any(|one| one == person);
    // Where nobody is planned for it, whoever does not play may do it.
    if own || (nobody && exercise.part_of(person) != Some(Part::Player)) {
        return Ok(());
    }
    let holders: Vec<&str> = holders.collect();
    let message = message!("exercise-not-your-part", who = person.as_str(), part = part_word(part));
    let failure = Failure::new(Exit::Invalid, "not-your-part", message);
    Err(if holders.is_empty() {
        failure.help(message!("exercise-nobody-has-part"))
    } else {
        failure.help(message!("exercise-who-has-part", people = suggest::quoted(&holders)))
    })
}

/// What a part is called.
pub(crate) fn part_word(part: Part) -> Message {
    match part {
        Part::Player => message!("exercise-part-player"),
        Part::Facilitator => message!("exercise-part-facilitator"),
        Part::Evaluator => message!("exercise-part-evaluator"),
        Part::Observer => message!("exercise-part-observer"),
        Part::Chair => message!("exercise-part-chair"),
        Part::Secretary => message!("exercise-part-secretary"),
    }
}

/// What one of the five fields of a live drill is called.
fn field_word(key: &str) -> Message {
    match key {
        "aims" => message!("exercise-field-aims"),
        "players" => message!("exercise-field-players"),
        "tools" => message!("exercise-field-tools"),
        "extent" => message!("exercise-field-extent"),
        _ => message!("exercise-field-time"),
    }
}

/// How an exercise is carried out, in words.
fn mode_word(mode: ExerciseMode) -> Message {
    match mode {
        ExerciseMode::Tabletop => message!("console-mode-tabletop"),
        ExerciseMode::Lab => message!("console-mode-lab"),
        ExerciseMode::Technical => message!("console-mode-technical"),
        ExerciseMode::Live => message!("console-mode-live"),
    }
}

/// A participant in a line: name, unit, whether they have an account.
pub(crate) fn participant(one: &Participant, people: Option<&People>, lang: Lang) -> String {
    let unit = one.unit.as_ref().map(|unit| format!(", {}", unit.pick(lang))).unwrap_or_default();
    match &one.who {
        Who::Person(id) => match people.and_then(|people| people.find(id.as_str())) {
            Some(person) => format!("{}{unit} ({id})", person.name.pick(lang)),
            None => format!("{id}{unit}"),
        },
        Who::Name(name) => {
            format!("{}{unit} ({})", name.pick(lang), message!("exercise-no-account").render(lang))
        }
    }
}

/// `2. 10 phút → operator: Trang chủ bị thay`, and what is expected on a line below.
pub(crate) fn inject_lines(number: u32, inject: &PlannedInject, lang: Lang) -> Vec<String> {
    let at = format::duration(inject.at.duration(), lang);
    let to = inject.to.as_ref().map_or_else(|| message!("exercise-to-all").render(lang), ToString::to_string);
    let first =
        message!("exercise-inject", number = number.to_string(), at = at, to = to, text = inject.text.pick(lang));
    let mut lines = vec![first.render(lang)];
    if let Some(expect) = &inject.expect {
        lines.push(message!("exercise-inject-expect", text = expect.pick(lang)).render(lang));
    }
    if !inject.with.is_empty() {
        let roles = inject.with.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        lines.push(message!("exercise-inject-with", roles = roles).render(lang));
    }
    if let Some(criterion) = &inject.criterion {
        lines.push(message!("exercise-inject-criterion", text = criterion.pick(lang)).render(lang));
    }
    if inject.by == crate::playbook::exercise::Giver::Facilitator {
        lines.push(message!("exercise-inject-by-facilitator").render(lang));
    }
    lines
}

/// The exercise as its reader needs it; without what is to come where it is for `players`.
pub(crate) fn shown(name: &Name, exercise: &Exercise, people: Option<&People>, players: bool, lang: Lang) -> String {
    let mut lines = vec![message!("exercise-title", exercise = name.as_str()).render(lang)];
    let mut fact = |message: Message, value: String| lines.push(format!("{}: {value}", message.render(lang)));
    fact(message!("exercise-fact-playbook"), exercise.playbook.to_string());
    fact(message!("exercise-fact-mode"), mode_word(exercise.mode).render(lang));
    fact(message!("exercise-fact-date"), format::day(&exercise.date, lang));
    let unknown = || message!("exercise-unknown").render(lang);
    let plan = exercise.plan.as_ref().map(|(number, date)| {
        message!("exercise-plan", number = number.as_str(), date = format::day(date, lang)).render(lang)
    });
    fact(message!("exercise-fact-plan"), plan.unwrap_or_else(unknown));
    let words = |text: &Option<crate::model::Text>| text.as_ref().map(|text| text.pick(lang).to_owned());
    fact(message!("exercise-fact-approver"), words(&exercise.approver).unwrap_or_else(unknown));
    fact(message!("exercise-fact-place"), words(&exercise.place).unwrap_or_else(unknown));
    fact(message!("exercise-fact-budget"), words(&exercise.budget).unwrap_or_else(unknown));
    if let Some(live) = &exercise.live {
        lines.push(String::new());
        lines.push(message!("exercise-live").render(lang));
        for (key, value) in live.fields() {
            lines.push(format!("  {}: {}", field_word(key).render(lang), value.pick(lang)));
        }
        let file = live.commitment.clone().unwrap_or_else(|| message!("exercise-no-file").render(lang));
        lines.push(format!("  {}: {file}", message!("exercise-field-commitment").render(lang)));
    }
    lines.push(String::new());
    lines.push(message!("exercise-participants", count = exercise.participants.len()).render(lang));
    for (number, one) in (1..).zip(&exercise.participants) {
        let part = part_word(one.part).render(lang);
        lines.push(format!("  {number}. {}: {part}", participant(one, people, lang)));
    }
    lines.push(String::new());
    if let Some(script) = &exercise.script {
        lines.push(message!("exercise-script-elsewhere", digest = script.to_string()).render(lang));
    } else if players {
        lines.push(message!("exercise-injects-hidden").render(lang));
    } else {
        lines.push(message!("exercise-injects", count = exercise.injects.len()).render(lang));
        for (number, inject) in (1..).zip(&exercise.injects) {
            lines.extend(inject_lines(number, inject, lang).into_iter().map(|line| format!("  {line}")));
        }
    }
    lines.join("\n") + "\n"
}

/// What is not delivered yet, the next first.
pub(crate) fn to_come(state: &State, injects: &[PlannedInject], context: &Context, elapsed: Duration) -> Vec<String> {
    let lang = context.lang;
    let mut next: Vec<(u32, &PlannedInject)> = (1..).zip(injects).collect();
    next.retain(|(number, _)| state.delivered(*number).is_none());
    next.sort_by_key(|(number, inject)| (inject.at.seconds(), *number));
    let mut lines = Vec::new();
    for (number, inject) in next {
        if lines.is_empty() {
            lines.push(message!("exercise-next").render(lang));
        }
        let due = inject.at.duration() <= elapsed;
        let sign = if due { message!("exercise-due").render(lang) + " " } else { String::new() };
        let mut of_it = inject_lines(number, inject, lang).into_iter();
        lines.extend(of_it.next().map(|line| format!("  {sign}{line}")));
        lines.extend(of_it.map(|line| format!("  {line}")));
    }
    lines
}

/// The line for the head of an organiser's screen: the next situation; empty for everybody else.
pub(crate) fn next_line(state: &State, elapsed: Duration, context: &Context) -> String {
    let Some(planned) = state.plan().planned.as_deref() else { return String::new() };
    if !planned.organises(&context.actor) || state.ended() {
        return String::new();
    }
    let lines = to_come(state, &planned.injects, context, elapsed);
    let first: Vec<&str> = lines.iter().take(2).map(|line| line.trim()).collect();
    if first.is_empty() { String::new() } else { first.join(" ") + "\n" }
}
