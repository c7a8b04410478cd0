//! Reads what the rows of a plan's tasks are made from: runs, documents, activities, copies, systems.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization as _;

use super::desk::{journal_failure, ledger_failure};
use super::noted::Noted;
use super::papers;
use super::workspace::{SourceText, report};
use super::{Context, Exit, Failure, Workspace, actions, copies, reporting};
use crate::inventory::dossier::State;
use crate::inventory::{Environment, System, Unit};
use crate::ledger::Ledger;
use crate::message::message;
use crate::model::record::correctable::{amended, corrections};
use crate::model::{Journal as _, Lang, Name, Record, RunId, Text};
use crate::policy::requirements::Requirements;
use crate::policy::{Plan, SHIPPED};
use crate::report::annual::Side;
use crate::report::backups::last_done;
use crate::report::inventory::gaps::{CopyEvidence, Gaps};
use crate::report::tasks::{ActivityRow, FileGround, Head, IssuedRow, RunGround, SystemGround, activities, issued};
use crate::report::{ActionRow, Standing};
use crate::source::{self, any_error};

/// The plan called `name`: the unit's own file, else the one that ships.
///
/// # Errors
///
/// Where there is none, or it does not hold; its findings are printed then.
pub(crate) fn plan(workspace: &Workspace, name: &Name, context: &Context) -> Result<Plan, Failure> {
    let own = workspace.texts("policies/tasks")?;
    let wanted = format!("policies/tasks/{name}.yaml");
    let shipped = SHIPPED.iter().find(|(plan, _)| *plan == name.as_str());
    let shipped =
        shipped.map(|(plan, text)| SourceText { path: format!("shipped/{plan}.yaml"), text: (*text).to_owned() });
    let file = own.iter().find(|file| file.path == wanted).cloned().or(shipped).ok_or_else(|| {
        let of = |file: &SourceText| Some(file.path.strip_prefix("policies/tasks/")?.strip_suffix(".yaml")?.to_owned());
        let mut plans: Vec<String> = SHIPPED.iter().map(|(plan, _)| (*plan).to_owned()).collect();
        plans.extend(own.iter().filter_map(of));
        plans.sort();
        plans.dedup();
        let message = message!("task-unknown-plan", plan = name.as_str());
        let help = message!("task-unknown-plan-help", plans = plans.join(", "));
        Failure::new(Exit::Invalid, "unknown-plan", message).help(help)
    })?;
    let (plan, findings) = Plan::read_document(&source::parse(&file.path, &file.text));
    plan.map_err(|_| report(context, &findings, std::slice::from_ref(&file)))
}

/// All that the ledger and the inventory hold.
pub(crate) struct Gathered {
    pub(crate) head: Head,
    pub(crate) corrections: BTreeMap<u64, Vec<u64>>,
    pub(crate) runs: Vec<RunGround>,
    pub(crate) issued: Vec<IssuedRow>,
    pub(crate) activities: Vec<ActivityRow>,
    pub(crate) actions: Vec<ActionRow>,
    pub(crate) copies: Vec<Record>,
    pub(crate) systems: Vec<SystemGround>,
}

/// Whether a list of this side has the system. The owner's has what belongs to the unit or to the body above it.
///
/// The operator's has what the unit runs: `operator` says so. Where that is not given, the unit runs what somebody described
/// (what it is, how it is reached, protected or backed up) and what belongs to the unit or to the body above. What others run is
/// there because systems of the unit depend on it.
fn is_own(system: &System, unit: Option<&Unit>, side: Side) -> bool {
    let owned = || {
        let (unit, owner) = (unit?, system.owner.as_ref()?);
        Some(same_body(owner, &unit.unit) || unit.parent.as_ref().is_some_and(|parent| same_body(owner, parent)))
    };
    let owned = || owned().unwrap_or(false);
    match (side, &system.operator) {
        (Side::Owner, _) => owned(),
        (Side::Operator, Some(operator)) => unit.is_some_and(|unit| same_body(operator, &unit.unit)),
        (Side::Operator, None) => {
            let said = system.facts != crate::inventory::facts::Facts::default() || !system.hosts.is_empty();
            let kept = system.dossier.is_some() || !system.controls.is_empty() || !system.backups.is_empty();
            said || kept || owned()
        }
    }
}

/// Whether two names are those of one body, in one of the languages: but for spaces, capitals and how letters are put together.
fn same_body(one: &Text, other: &Text) -> bool {
    let plain = |text: &str| -> String {
        let text: String = text.nfc().collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
    };
    [Lang::Vi, Lang::En].into_iter().any(|lang| plain(one.pick(lang)) == plain(other.pick(lang)))
}

/// The state of the ledger.
pub(crate) fn head(standing: &Standing) -> Head {
    let (origin, root) = (standing.origin.clone(), standing.root.clone());
    Head { origin, size: standing.size, root, signed: standing.signed }
}

/// Files of the inventory as the ledger kept them, by path.
pub(crate) fn kept_files(ledger: &Ledger) -> Result<BTreeMap<String, FileGround>, Failure> {
    let noted = Noted::of(ledger)?;
    let ground = |(path, (digest, record))| (String::clone(&path), FileGround { path, digest, record });
    Ok(noted.files.into_iter().map(ground).collect())
}

/// Reads everything. Actions are as on the day `on`; `until` is the last day of what counts, against which ages are held.
///
/// # Errors
///
/// Where a file does not hold or the ledger cannot be read.
pub(crate) fn gather(
    workspace: &Workspace,
    ledger: &Ledger,
    standing: &Standing,
    (until, on): (jiff::civil::Date, jiff::civil::Date),
    context: &Context,
) -> Result<Gathered, Failure> {
    let mut states: Vec<(RunId, u64)> = ledger
        .runs()
        .map_err(|error| ledger_failure(&error))?
        .into_iter()
        .map(|(run, state)| (run, state.began))
        .collect();
    states.sort_by_key(|(_, began)| *began);
    let told = papers::records(ledger)?;
    let mut corrected = corrections(&told);
    let mut runs = Vec::new();
    for (run, _) in &states {
        let (report, plan) = reporting::of_run(ledger, standing, run, Some(workspace), context)?;
        let family = serde_json::to_value(plan.family).ok().and_then(|word| word.as_str().map(str::to_owned));
        let records = ledger.records_of(run, 0).map_err(|error| journal_failure(&error))?;
        corrected.extend(corrections(&records));
        runs.push(RunGround { report, family: family.unwrap_or_default(), records: amended(&records) });
    }
    let of_type = |kind: &str| ledger.records_of_type(kind).map_err(|error| ledger_failure(&error));
    let copies = of_type("backup-")?.into_iter().filter(|record| record.draft.run.is_none()).collect();
    Ok(Gathered {
        head: head(standing),
        corrections: corrected,
        runs,
        issued: issued(&told, ledger),
        actions: actions::as_of(ledger, workspace, context.lang, on)?,
        activities: activities(&told, ledger),
        copies,
        systems: systems(workspace, ledger, until, context)?,
    })
}

/// A system with its file as it was kept.
pub(crate) type OwnSystem = (System, Option<FileGround>);

/// The systems of a list of this side with their files as they were kept, and the names of the others.
///
/// # Errors
///
/// Where a file does not hold.
pub(crate) fn own_systems(
    workspace: &Workspace,
    kept: &BTreeMap<String, FileGround>,
    side: Side,
    context: &Context,
) -> Result<(Vec<OwnSystem>, Vec<String>), Failure> {
    let (systems, files) = workspace.systems(context)?;
    let paths: BTreeMap<Name, String> = files
        .iter()
        .filter_map(|file| Some((crate::inventory::read(&file.path, &file.text).ok()?.id, file.path.clone())))
        .collect();
    let unit = workspace.unit();
    let (own, others): (Vec<System>, Vec<System>) =
        systems.into_values().partition(|system| is_own(system, unit.as_ref(), side));
    let ground = |system: System| {
        let file = paths.get(&system.id).and_then(|path| kept.get(path).cloned());
        (system, file)
    };
    Ok((
        own.into_iter().map(ground).collect(),
        others.iter().map(|system| system.name.pick(context.lang).to_owned()).collect(),
    ))
}

/// The unit's own systems with what their levels ask for.
fn systems(
    workspace: &Workspace,
    ledger: &Ledger,
    on: jiff::civil::Date,
    context: &Context,
) -> Result<Vec<SystemGround>, Failure> {
    let (systems, _) = own_systems(workspace, &kept_files(ledger)?, Side::Operator, context)?;
    let own: Vec<SourceText> = workspace.texts("policies/requirements")?;
    let texts: Vec<(String, String)> = own.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
    let (requirements, findings) = Requirements::read(&texts);
    if any_error(&findings) {
        return Err(report(context, &findings, &own));
    }
    let deeds = copies::deeds(workspace)?;
    let ground = |(system, file): &(System, Option<FileGround>)| {
        let done: Vec<CopyEvidence> = system
            .backups
            .iter()
            .filter_map(|plan| {
                let folder = copies::absolute(workspace, &plan.path);
                CopyEvidence::of(plan.id.clone(), last_done(plan, &folder, &deeds), on)
            })
            .collect();
        // What is dated after the day is not of it.
        let (then, later) = system.as_of(on);
        let operating = system.state != Some(State::Building)
            && system.environment == Environment::Production
            && system.operating_since.is_none_or(|since| since <= on);
        let gaps = Gaps::of(&then, &requirements, None, &done, on);
        SystemGround { gaps, operating, later, file: file.clone() }
    };
    Ok(systems.iter().map(ground).collect())
}
