//! Backups that are named as the inventory has them: `SYSTEM/BACKUP`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::backup::{self, Kind, Place};
use crate::inventory::{BackupPlan, System};
use crate::message::message;
use crate::model::Name;
use crate::ui::workspace::Workspace;
use crate::ui::{Context, Exit, Failure};

/// The backup that `SYSTEM/BACKUP` names.
pub(super) fn plan<'a>(
    reference: &str,
    systems: &'a BTreeMap<Name, System>,
) -> Result<(&'a System, &'a BackupPlan), Failure> {
    let found = reference.split_once('/').and_then(|(system, backup)| {
        let system = systems.get(&system.parse::<Name>().ok()?)?;
        let plan = system.backups.iter().find(|plan| plan.id.as_str() == backup)?;
        Some((system, plan))
    });
    found.ok_or_else(|| {
        let all = systems.values().flat_map(|system| {
            system.backups.iter().map(move |plan| format!("{}/{}", system.id.as_str(), plan.id.as_str()))
        });
        let known: Vec<String> = all.collect();
        let failure = Failure::new(Exit::Invalid, "no-such-backup", message!("backup-unknown", backup = reference));
        if known.is_empty() {
            failure.help(message!("backup-unknown-none"))
        } else {
            failure.help(message!("backup-unknown-help", backups = known.join(", ")))
        }
    })
}

/// Where the copies of `plan` lie on this machine.
///
/// # Errors
///
/// Where they lie on another, or are of a kind that this program does not know.
pub(super) fn place(reference: &str, plan: &BackupPlan, workspace: &Workspace) -> Result<Place, Failure> {
    if let Some(host) = &plan.host {
        let message = message!("backup-elsewhere", backup = reference, host = host.as_str());
        return Err(Failure::new(Exit::Invalid, "backup-elsewhere", message).help(message!("backup-elsewhere-help")));
    }
    let Some(kind) = Kind::of_word(&plan.kind) else {
        let message = message!("backup-kind-other", backup = reference, kind = plan.kind.as_str());
        return Err(Failure::new(Exit::Invalid, "backup-kind-other", message));
    };
    let folder: PathBuf = workspace.root.join(&plan.path).components().collect();
    Ok(Place { backup: plan.id.clone(), folder, copies: plan.copies.clone(), kind })
}

/// The newest sealed copy of the backup that `reference` names; nothing where it is the path of something that is there, or no
/// such name.
///
/// # Errors
///
/// Where the inventory has the backup, and no copy of it is here.
pub(super) fn newest(reference: &Path, context: &Context) -> Result<Option<PathBuf>, Failure> {
    let named = reference.to_str().filter(|_| !context.folder.join(reference).exists());
    let Some(name) = named.filter(|name| name.split('/').filter(|part| !part.is_empty()).count() == 2) else {
        return Ok(None);
    };
    let Ok(workspace) = Workspace::find(context) else { return Ok(None) };
    let (systems, _) = workspace.systems(context)?;
    let (_, plan) = plan(name, &systems)?;
    let place = place(name, plan, &workspace)?;
    match backup::newest(std::slice::from_ref(&place)) {
        Some(copy) => Ok(Some(copy)),
        None => Err(no_copy(name, &place.folder)),
    }
}

/// No copy of a backup is where the inventory says.
pub(super) fn no_copy(reference: &str, folder: &Path) -> Failure {
    let message = message!("backup-no-copy", backup = reference, folder = folder.display().to_string());
    Failure::new(Exit::NotPassed, "no-copy", message).help(message!("backup-no-copy-help"))
}
