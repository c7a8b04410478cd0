//! What a document for others leaves out: the profile that was asked for, and all that stood in the inventory and in the log.

use crate::inventory::{self, People};
use crate::ledger::Ledger;
use crate::message::message;
use crate::model::record::correctable::amended;
use crate::model::{Body, Lang, Name, Objects as _, Record};
use crate::policy::redaction::profiles;
use crate::report::redaction::Redactor;
use crate::source::{any_error, suggest};
use crate::ui::desk::ledger_failure;
use crate::ui::workspace::{SourceText, Workspace, report};
use crate::ui::{Context, Exit, Failure};

/// Types of records that tell of what may be left out.
const KINDS: [&str; 7] = ["noted", "action-", "scored", "activity", "backup-", "corrected", "inventory-noted"];

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
        let (profiles, findings) = profiles(&own);
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
        if workspace.ledger().join("log").exists() {
            let ledger = Ledger::read_only(&workspace.ledger()).map_err(|error| ledger_failure(&error))?;
            from_log(&mut redactor, &ledger)?;
        }
        Ok(Some(redactor))
    }
}

fn from_log(redactor: &mut Redactor, ledger: &Ledger) -> Result<(), Failure> {
    let mut records: Vec<Record> = Vec::new();
    for kind in KINDS {
        records.extend(ledger.records_of_type(kind).map_err(|error| ledger_failure(&error))?);
    }
    records.sort_by_key(|record| record.seq);
    // What was corrected stood there too.
    for record in records.iter().chain(&amended(&records)) {
        redactor.record(record, ledger);
        let Body::InventoryNoted(body) = &record.draft.body else { continue };
        for file in &body.files {
            let text = ledger.get(&file.file).ok().flatten().and_then(|bytes| String::from_utf8(bytes).ok());
            if let Some(system) = text.and_then(|text| inventory::read(&file.path, &text).ok()) {
                redactor.system(&system);
            }
        }
    }
    Ok(())
}
