//! What a document for others leaves out: the profile that was asked for, and all that stood in the inventory and in the log.

use std::collections::BTreeSet;

use crate::inventory::{self, People, Unit};
use crate::ledger::Ledger;
use crate::message::message;
use crate::model::record::correctable::amended;
use crate::model::{Body, Lang, Name, Objects as _, Record};
use crate::playbook::Known;
use crate::playbook::exercise::{Exercise, Who};
use crate::policy::redaction::{Class, profiles};
use crate::report::redaction::Redactor;
use crate::source::{self, any_error, suggest};
use crate::ui::desk::ledger_failure;
use crate::ui::workspace::{SourceText, Workspace, report};
use crate::ui::{Context, Exit, Failure};

/// Types of records that tell of what may be left out.
const KINDS: [&str; 10] = [
    "noted",
    "action-",
    "scored",
    "activity",
    "backup-",
    "corrected",
    "inventory-noted",
    "run-started",
    "playbook-switched",
    "document-issued",
];

/// Whether something is left out.
#[derive(clap::Args)]
pub(crate) struct LeaveOutArgs {
    /// Leave out what this profile of policies/redaction names, with a note of it; `outside` where none is named
    #[arg(
        long,
        value_name = "PROFILE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "outside"
    )]
    leave_out: Option<Name>,
}

impl LeaveOutArgs {
    /// The name of the profile.
    pub(crate) fn profile(&self) -> Option<&str> {
        self.leave_out.as_ref().map(Name::as_str)
    }

    /// The name, without ending, of a file in `reports/` that is `stem` where nothing is left out: neither is ever put in the other's
    /// place.
    pub(crate) fn stem(&self, stem: &str) -> String {
        self.profile().map_or_else(|| stem.to_owned(), |profile| format!("{stem}-{profile}"))
    }

    /// What leaves things out, where that was asked for: it knows the inventory as it is and as it was kept, and the log.
    ///
    /// # Errors
    ///
    /// Where there is no such profile, a file of the unit is wrong, or the ledger cannot be read.
    pub(crate) fn redactor(
        &self,
        workspace: &Workspace,
        lang: Lang,
        context: &Context,
    ) -> Result<Option<Redactor>, Failure> {
        let Some(name) = &self.leave_out else { return Ok(None) };
        let files: Vec<SourceText> = workspace.texts("policies/redaction")?;
        let own: Vec<(String, String)> = files.iter().map(|file| (file.path.clone(), file.text.clone())).collect();
        let (profiles, mut findings) = profiles(&own);
        // What is wrong in a profile that nobody asked for is for `ungpho check`.
        let asked = format!("policies/redaction/{name}.yaml");
        findings.retain(|finding| finding.file == asked);
        if any_error(&findings) {
            return Err(report(context, &findings, &files));
        }
        let Some(profile) = profiles.get(name) else {
            let message = message!("redaction-unknown", profile = name.as_str());
            let failure = Failure::new(Exit::Invalid, "unknown-redaction", message);
            return Err(match suggest::one_of_these(name.as_str(), profiles.keys().map(Name::as_str)) {
                Some(help) => failure.help(help),
                None => failure,
            });
        };
        let mut redactor = Redactor::new(profile.clone(), lang);
        for system in workspace.systems(context)?.0.values() {
            redactor.system(system);
        }
        if let Some(people) =
            workspace.text("people.yaml").ok().and_then(|file| People::read(&file.path, &file.text).ok())
        {
            redactor.people(&people);
        }
        if redactor.leaves_out(Class::People) {
            for file in workspace.texts("exercises")?.iter().chain(&workspace.text("ungpho.yaml").ok()) {
                names(&mut redactor, &file.path, &file.text);
            }
        }
        if workspace.ledger().join("log").exists() {
            let ledger = Ledger::read_only(&workspace.ledger()).map_err(|error| ledger_failure(&error))?;
            from_log(&mut redactor, &ledger)?;
        }
        Ok(Some(redactor))
    }
}

/// Learns the names of people in a file of the workspace, as it is or as it was kept.
fn names(redactor: &mut Redactor, path: &str, text: &str) {
    if path == "people.yaml" {
        if let Ok(people) = People::read(path, text) {
            redactor.people(&people);
        }
    } else if path == "ungpho.yaml" {
        for signer in Unit::read(path, text).map(|unit| unit.signers).unwrap_or_default() {
            redactor.person(signer.name.as_deref().unwrap_or_default());
        }
    } else if path.starts_with("exercises/") {
        let exercise = Exercise::read_document(&source::parse(path, text), &Known::default()).0;
        for participant in exercise.map(|exercise| exercise.participants).unwrap_or_default() {
            if let Who::Name(name) = &participant.who {
                redactor.person(name.pick(Lang::Vi));
                redactor.person(name.pick(Lang::En));
            }
        }
    }
}

fn from_log(redactor: &mut Redactor, ledger: &Ledger) -> Result<(), Failure> {
    let mut records: Vec<Record> = Vec::new();
    let mut seen = BTreeSet::new();
    for kind in KINDS {
        records.extend(ledger.records_of_type(kind).map_err(|error| ledger_failure(&error))?);
    }
    records.sort_by_key(|record| record.seq);
    // What was corrected stood there too.
    for record in records.iter().chain(&amended(&records)) {
        redactor.record(record, ledger);
        let files = match &record.draft.body {
            Body::InventoryNoted(body) => &body.files,
            Body::RunStarted(body) => &body.sources,
            Body::PlaybookSwitched(body) => &body.sources,
            _ => continue,
        };
        for file in files.iter().filter(|file| seen.insert((file.path.clone(), file.file.object))) {
            let read = || ledger.get(&file.file).ok().flatten().and_then(|bytes| String::from_utf8(bytes).ok());
            if file.path.starts_with("inventory/") {
                if let Some(system) = read().and_then(|text| inventory::read(&file.path, &text).ok()) {
                    redactor.system(&system);
                }
            } else if redactor.leaves_out(Class::People)
                && let Some(text) = read()
            {
                names(redactor, &file.path, &text);
            }
        }
    }
    Ok(())
}
