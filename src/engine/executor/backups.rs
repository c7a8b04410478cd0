//! Work on backups: the room `backup` does it, here it becomes a completion with its evidence.

use std::error::Error as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::JobId;
use super::blocking::{Outside, failed};
use crate::backup::{
    self, BackupError, Cancel, Check, Kind, NotHere, Picked, Place, Proof, RejectedWhy, Request, SealState, Secret,
    ToolEnvironment,
};
use crate::engine::effect::{CommandWork, Completion, CopyRef, Verdict};
use crate::inventory::{BackupPlan, SecretPlace, System};
use crate::message::{Explain as _, message};
use crate::model::record::{BackupSealed, BackupVerified, CheckOutcome, Integrity};
use crate::model::{Body, Effect, JournalError, Stamp};

/// A backup that could not be worked on, or evidence that could not be kept.
pub(super) enum Trouble {
    Backup(BackupError),
    Ledger(JournalError),
    NoCopy,
}

impl From<BackupError> for Trouble {
    fn from(error: BackupError) -> Self {
        Self::Backup(error)
    }
}

impl From<JournalError> for Trouble {
    fn from(error: JournalError) -> Self {
        Self::Ledger(error)
    }
}

impl Trouble {
    /// The completion of work that ended in it.
    pub(super) fn completion(&self, outside: &Outside) -> Completion {
        let detail = match self {
            Self::Backup(error) => {
                let mut text = error.message().render(outside.lang);
                let mut cause = error.source();
                while let Some(error) = cause {
                    text = format!("{text}: {error}");
                    cause = error.source();
                }
                text
            }
            Self::Ledger(error) => error.to_string(),
            Self::NoCopy => message!("engine-loop-no-copy").render(outside.lang),
        };
        failed(None, detail)
    }
}

pub(super) fn seal(
    job: &JobId,
    copy: &CopyRef,
    sealed_at: Stamp,
    outside: &Outside,
    cancel: &Cancel,
) -> Result<Completion, Trouble> {
    let path = find(copy, outside)?;
    let sealed = backup::seal_signed(&path, None, sealed_at, outside.notes.as_ref(), cancel)?;
    let evidence = Body::BackupSealed(BackupSealed {
        path: outside.objects.put_text(&path.display().to_string())?,
        manifest: outside.objects.put_file(&sealed.manifest)?,
        files: sealed.counts.files,
        bytes: sealed.counts.bytes,
        step: Some(job.step.clone()),
    });
    Ok(done(
        vec![evidence],
        json!({
            "path": path.display().to_string(),
            "sealed_at": sealed.sealed_at,
            "files": sealed.counts.files,
            "bytes": sealed.counts.bytes,
        }),
    ))
}

pub(super) fn verify(
    job: &JobId,
    copy: &CopyRef,
    sample: Option<u8>,
    outside: &Outside,
    cancel: &Cancel,
) -> Result<Completion, Trouble> {
    let path = find(copy, outside)?;
    let verification = backup::verify(&path, None, sample, outside.notes.as_ref(), cancel)?;
    let findings: Vec<Value> = verification.findings.iter().map(backup::Finding::json).collect();
    let differs = !verification.whole;
    let differences = verification.differences();
    let evidence = Body::BackupVerified(BackupVerified {
        path: outside.objects.put_text(&path.display().to_string())?,
        whole: verification.whole,
        checked: verification.checked,
        unchecked: verification.unchecked,
        bytes: verification.bytes,
        findings: kept(&findings, outside)?,
        seal: Some(verification.seal.word().to_owned()),
        manifest: backup::manifest_digest(&backup::seal_of(&path)).ok(),
        share: None,
        step: Some(job.step.clone()),
    });
    let mut completion = done(
        vec![evidence],
        json!({
            "path": path.display().to_string(),
            "whole": verification.whole,
            "seal": verification.seal.word(),
            "checked": verification.checked,
            "unchecked": verification.unchecked,
            "differences": differences,
        }),
    );
    if differs {
        completion.verdict = Verdict::Failed(None);
        let path = path.display().to_string();
        let text = match verification.seal {
            SealState::Good => message!("engine-loop-copy-differs", path = path, count = differences),
            SealState::Bad => message!("engine-loop-seal-bad", path = path),
            SealState::Unsigned => message!("engine-loop-seal-unsigned", path = path),
            SealState::UnknownKey => message!("engine-loop-seal-unknown", path = path),
        };
        completion.detail = Some(text.render(outside.lang));
    }
    Ok(completion)
}

pub(super) fn newest_good(
    job: &JobId,
    system: &System,
    outside: &Outside,
    cancel: &Cancel,
) -> Result<Completion, Trouble> {
    let places: Vec<Place> = system.backups.iter().map(|plan| place(plan, outside)).collect();
    let picked = backup::newest_good(&places, outside.notes.as_ref(), cancel);
    let evidence = evidence_of(job, &picked, outside)?;
    let rejected: Vec<Value> = picked.rejected.iter().map(backup::Rejected::json).collect();
    let Some(chosen) = &picked.chosen else {
        let mut completion = done(evidence, json!({ "rejected": rejected }));
        completion.verdict = Verdict::Failed(None);
        let text = message!("engine-loop-no-good-copy", system = system.id.as_str(), count = rejected.len());
        completion.detail = Some(text.render(outside.lang));
        return Ok(completion);
    };
    Ok(done(
        evidence,
        json!({
            "path": chosen.path.display().to_string(),
            "backup": chosen.backup,
            "sealed_at": chosen.sealed_at,
            "rejected": rejected,
            "older": picked.older,
        }),
    ))
}

/// A record for every copy that was compared with its seal.
fn evidence_of(job: &JobId, picked: &Picked, outside: &Outside) -> Result<Vec<Body>, JournalError> {
    let mut evidence = Vec::new();
    for copy in picked.rejected.iter().filter(|copy| matches!(copy.why, RejectedWhy::Differs | RejectedWhy::BadSeal)) {
        let findings: Vec<Value> = copy.findings.iter().map(backup::Finding::json).collect();
        evidence.push(Body::BackupVerified(BackupVerified {
            path: outside.objects.put_text(&copy.path.display().to_string())?,
            whole: false,
            checked: copy.checked,
            unchecked: copy.unchecked,
            bytes: copy.bytes,
            findings: kept(&findings, outside)?,
            seal: Some(if copy.why == RejectedWhy::BadSeal { "bad" } else { "good" }.to_owned()),
            manifest: backup::manifest_digest(&backup::seal_of(&copy.path)).ok(),
            share: None,
            step: Some(job.step.clone()),
        }));
    }
    if let Some(chosen) = &picked.chosen {
        evidence.push(Body::BackupVerified(BackupVerified {
            path: outside.objects.put_text(&chosen.path.display().to_string())?,
            whole: true,
            checked: chosen.checked,
            unchecked: 0,
            bytes: chosen.bytes,
            findings: None,
            seal: Some("good".to_owned()),
            manifest: backup::manifest_digest(&backup::seal_of(&chosen.path)).ok(),
            share: None,
            step: Some(job.step.clone()),
        }));
    }
    Ok(evidence)
}

pub(super) fn prove(
    job: &JobId,
    copy: &CopyRef,
    check: Option<CommandWork>,
    outside: &Outside,
    cancel: &Cancel,
) -> Result<Completion, Trouble> {
    let plan = match copy {
        CopyRef::Path(_) => None,
        CopyRef::Newest { system, backup } => system.backups.iter().find(|plan| plan.id == *backup),
    };
    let kind = plan.and_then(|plan| Kind::of_word(&plan.kind));
    // A repository is one folder: its newest copy is found in it.
    let path = match plan.filter(|_| kind.is_some_and(Kind::repository)) {
        Some(plan) => outside.workspace.join(&plan.path),
        None => find(copy, outside)?,
    };
    let mut request =
        Request::new(path.clone(), outside.scratch.clone(), outside.notes.clone(), outside.clock.now().at);
    request.kind = kind;
    request.short_scratch = PathBuf::from("/tmp");
    if let Some(plan) = plan.filter(|_| kind.is_some_and(Kind::repository)) {
        request.pattern.clone_from(&plan.copies);
    }
    request.secret = match plan.and_then(|plan| plan.secret.as_ref()) {
        None => None,
        // Where the variable is not set the program says that it has no password.
        Some(SecretPlace::Env(name)) => outside.surroundings.passwords.get(name).cloned().map(Secret::Value),
        Some(SecretPlace::File(path)) => Some(Secret::File(outside.workspace.join(path))),
    };
    request.rows = plan.map(|plan| plan.rows.clone()).unwrap_or_default();
    request.check = check.map(|check| trial_check(check, outside));
    let around = &outside.surroundings;
    request.tools = ToolEnvironment { path: around.path.clone(), home: around.home.clone(), lang: around.lang.clone() };
    let proof = backup::prove(&request, cancel)?;
    let findings = kept(&proof.all_findings(), outside)?;
    let named = outside.objects.put_text(&path.display().to_string())?;
    let evidence = Body::BackupProved(proof.record(named, findings, Some(job.step.clone())));
    let mut completion = done(
        vec![evidence],
        json!({
            "path": path.display().to_string(),
            "kind": proof.kind.word(),
            "whole": proof.integrity == Integrity::Holds,
            "integrity": proof.integrity.word(),
            "restorable": proof.restorable.word(),
            "check": proof.check.word(),
            "files": proof.restored,
            "bytes": proof.bytes,
            "seconds": proof.took.as_secs(),
        }),
    );
    if !proof.proved() {
        completion.verdict = Verdict::Failed(None);
        completion.detail = Some(not_proved(&proof, &path, outside));
    }
    Ok(completion)
}

/// Why a copy is not proved, the weightiest first.
fn not_proved(proof: &Proof, path: &Path, outside: &Outside) -> String {
    let path = path.display().to_string();
    let count = proof.findings.len();
    let message = if proof.seal_broken() {
        message!("engine-loop-prove-seal", path = path)
    } else if count > 0 {
        message!("engine-loop-copy-differs", path = path, count = count)
    } else if let Some(problem) = proof.problems.first() {
        let detail = [&problem.name, &problem.detail].into_iter().flatten().cloned().collect::<Vec<_>>().join(": ");
        message!("engine-loop-prove-problem", path = path, why = problem.why.message(), detail = detail)
    } else if let Some(rows) = proof.rows.iter().find(|rows| !rows.hold()) {
        message!("engine-loop-prove-rows", path = path, table = rows.table.as_str())
    } else if proof.check.passes() {
        message!("engine-loop-prove-unsealed", path = path)
    } else if proof.check == CheckOutcome::Blind {
        message!("engine-loop-prove-blind", path = path)
    } else {
        message!("engine-loop-prove-check", path = path, detail = proof.check_detail.clone().unwrap_or_default())
    };
    message.render(outside.lang)
}

/// The check of a system as a trial restore may run it: on this machine, and where it only observes.
fn trial_check(work: CommandWork, outside: &Outside) -> Check {
    let not_here = if work.remote {
        Some(NotHere::Elsewhere)
    } else if work.effect == Effect::Observe {
        None
    } else {
        Some(NotHere::Changes)
    };
    Check {
        argv: work.argv,
        env: work.env,
        stdin: work.stdin,
        cwd: work.cwd.map(|cwd| outside.workspace.join(cwd)),
        secrets: work.secrets,
        not_here,
    }
}

pub(super) fn restore(
    from: &Path,
    to: &Path,
    run: &str,
    outside: &Outside,
    cancel: &Cancel,
) -> Result<Completion, Trouble> {
    let (from, to) = (outside.workspace.join(from), outside.workspace.join(to));
    let restored = backup::restore(&from, &to, run, outside.notes.as_ref(), cancel)?;
    Ok(done(
        Vec::new(),
        json!({
            "from": from.display().to_string(),
            "to": to.display().to_string(),
            "before": restored.before.map(|path| path.display().to_string()),
            "sealed_at": restored.sealed_at,
            "files": restored.counts.files,
            "bytes": restored.counts.bytes,
            "seconds": restored.took.as_secs(),
        }),
    ))
}

/// The folder of a copy.
fn find(copy: &CopyRef, outside: &Outside) -> Result<PathBuf, Trouble> {
    match copy {
        CopyRef::Path(path) => Ok(outside.workspace.join(path)),
        CopyRef::Newest { system, backup } => {
            let places: Vec<Place> =
                system.backups.iter().filter(|plan| plan.id == *backup).map(|plan| place(plan, outside)).collect();
            backup::newest(&places).ok_or(Trouble::NoCopy)
        }
    }
}

fn place(plan: &BackupPlan, outside: &Outside) -> Place {
    Place {
        backup: plan.id.clone(),
        folder: outside.workspace.join(&plan.path),
        copies: plan.copies.clone(),
        // What nobody here can restore is listed as files are, and proves nothing.
        kind: Kind::of_word(&plan.kind).unwrap_or(Kind::Files),
    }
}

fn kept(findings: &[Value], outside: &Outside) -> Result<Option<crate::model::ObjectRef>, JournalError> {
    if findings.is_empty() {
        return Ok(None);
    }
    outside.objects.put_text(&Value::from(findings).to_string()).map(Some)
}

fn done(evidence: Vec<Body>, values: Value) -> Completion {
    let values = match values {
        Value::Object(values) => values.into_iter().collect(),
        _ => std::collections::BTreeMap::new(),
    };
    Completion { values, evidence, ..Completion::default() }
}
