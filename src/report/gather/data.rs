//! Values and copies: what was captured, chosen, rejected, compared.
//!
//! By convention of the shipped playbooks a command counts a system's data records as `records`, and says as `lost` and
//! `gap_seconds` what is missing after a restore.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Gatherer;
use super::steps::telling;
use crate::engine::plan::{Action, Place};
use crate::engine::state::Instance;
use crate::model::{Body, Name, Outcome, StepPath};
use crate::report::{BackupFate, BackupRow, Figure, StepRow, Summary};

impl Gatherer<'_> {
    /// The values of commands and looks, in the order of the plan. What backups and decisions yield stands elsewhere.
    pub(super) fn figures(&self, steps: &[StepRow]) -> Vec<Figure> {
        let mut figures = Vec::new();
        for step in steps.iter().filter(|step| !matches!(step.action, "backup" | "restore" | "decide" | "manual")) {
            let Some(instance) = self.state.instance(&step.path) else { continue };
            for (name, object) in instance.captures.iter().filter(|(name, _)| telling(name)) {
                let value = self.text(object).map(|text| shown(&text));
                let (title, records) = (step.title.clone(), step.records.clone());
                figures.push(Figure { step: step.path.clone(), title, name: name.clone(), value, records });
            }
        }
        figures
    }

    /// What restores brought back and what they did not, as commands before and after each counted; of several systems, all
    /// that is known together. A count of one system says nothing of another.
    pub(super) fn recovered(&self, steps: &[StepRow], summary: &mut Summary) {
        let restores = steps.iter().filter(|step| step.action == "restore" && step.outcome == Some(Outcome::Done));
        // The newest restore of each system is the one that counts.
        let mut newest: BTreeMap<Option<&Name>, u64> = BTreeMap::new();
        for step in restores {
            let Some(seq) = step.records.last() else { continue };
            newest.insert(self.system_of(&step.path), *seq);
        }
        for (system, at) in newest {
            let [records, lost, gap] = ["records", "lost", "gap_seconds"].map(|name| self.counted(steps, system, name));
            let before = records.iter().rfind(|(seq, _)| *seq < at).map(|(_, count)| *count);
            let after = |counts: &[(u64, i64)]| counts.iter().find(|(seq, _)| *seq > at).map(|(_, count)| *count);
            let back = after(&records);
            // Where a command measured the loss itself, it knows better than two counts.
            let missing = after(&lost).or(before.zip(back).map(|(before, after)| before - after));
            let seconds = after(&gap).and_then(|seconds| u64::try_from(seconds).ok());
            add(&mut summary.records_restored, back);
            add(&mut summary.records_lost, missing);
            summary.data_lost_seconds = summary.data_lost_seconds.max(seconds);
        }
    }

    /// What commands of this system, or of none that is named, captured as `name`, with their records.
    fn counted(&self, steps: &[StepRow], system: Option<&Name>, name: &str) -> Vec<(u64, i64)> {
        let found = steps.iter().filter(|step| step.action == "run").filter_map(|step| {
            let of = self.system_of(&step.path);
            if of.is_some() && system.is_some() && of != system {
                return None;
            }
            let object = self.state.instance(&step.path)?.captures.get(name)?;
            let value = shown(&self.facts.objects.get_text(object).ok().flatten()?);
            Some((step.records.last().copied()?, value.parse().ok()?))
        });
        found.collect()
    }

    /// The system that a command or a restore is about, where it names one.
    fn system_of(&self, path: &StepPath) -> Option<&Name> {
        match &self.planned(path)?.action {
            Action::Run(run) => run.operation.as_ref().map(|(system, _)| system),
            Action::Restore(restore) => match &restore.to {
                Place::System(system) => Some(system),
                Place::Path(_) => None,
            },
            _ => None,
        }
    }

    pub(super) fn backups(&self) -> Vec<BackupRow> {
        let mut rows = Vec::new();
        let mut picking: Vec<StepPath> = Vec::new();
        for (path, instance) in self.state.instances() {
            if self.planned(path).is_some_and(|step| picks(&step.action)) && instance.outcome.is_some() {
                picking.push(path.clone());
                self.picked(path, instance, &mut rows);
            }
        }
        for record in self.own() {
            let row = match &record.draft.body {
                // What was compared to pick a copy stands with the step that picked.
                Body::BackupVerified(body) if body.step.as_ref().is_none_or(|step| !picking.contains(step)) => {
                    let fate = if body.whole { BackupFate::Whole } else { BackupFate::Differs };
                    let findings = body.findings.as_ref().and_then(|findings| self.text(findings));
                    let findings: Vec<Value> =
                        findings.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
                    BackupRow {
                        count: u64::try_from(findings.len()).unwrap_or(u64::MAX),
                        findings: findings.iter().filter_map(finding).collect(),
                        checked: Some(body.checked),
                        unchecked: Some(body.unchecked),
                        bytes: Some(body.bytes),
                        ..row(body.step.clone(), self.text(&body.path), fate, record.seq)
                    }
                }
                Body::BackupProved(body) => {
                    let fate = if body.proved() { BackupFate::Proved } else { BackupFate::NotProved };
                    BackupRow {
                        checked: Some(body.restored),
                        bytes: Some(body.bytes),
                        ..row(body.step.clone(), self.text(&body.path), fate, record.seq)
                    }
                }
                Body::BackupSealed(body) => BackupRow {
                    checked: Some(body.files),
                    bytes: Some(body.bytes),
                    ..row(body.step.clone(), self.text(&body.path), BackupFate::Sealed, record.seq)
                },
                _ => continue,
            };
            rows.push(row);
        }
        rows
    }

    /// The copies that a `newest_good` rejected, and the one it chose.
    fn picked(&self, path: &StepPath, instance: &Instance, rows: &mut Vec<BackupRow>) {
        let value = |name: &str| -> Option<Value> {
            let object = instance.captures.get(name)?;
            serde_json::from_str(&self.text(object)?).ok()
        };
        let records = self.own_seqs(|body| match body {
            Body::StepEnded(body) => body.step == *path,
            Body::BackupVerified(body) => body.step.as_ref() == Some(path),
            _ => false,
        });
        let rejected = value("rejected").and_then(|rejected| rejected.as_array().cloned()).unwrap_or_default();
        for copy in &rejected {
            let text = |name: &str| copy.get(name).and_then(Value::as_str).map(str::to_owned);
            let findings = copy.get("findings").and_then(Value::as_array).cloned().unwrap_or_default();
            let listed = u64::try_from(findings.len()).unwrap_or(u64::MAX);
            rows.push(BackupRow {
                sealed_at: text("sealed_at"),
                why: text("why"),
                count: copy.get("count").and_then(Value::as_u64).unwrap_or(listed),
                findings: findings.iter().filter_map(finding).collect(),
                records: records.clone(),
                ..row(Some(path.clone()), text("path"), BackupFate::Rejected, 0)
            });
        }
        if let Some(chosen) = value("path") {
            let verified = self.own().find_map(|record| match &record.draft.body {
                Body::BackupVerified(body) if body.step.as_ref() == Some(path) && body.whole => Some(body),
                _ => None,
            });
            rows.push(BackupRow {
                sealed_at: value("sealed_at").and_then(|at| at.as_str().map(str::to_owned)),
                checked: verified.map(|body| body.checked),
                unchecked: verified.map(|body| body.unchecked),
                bytes: verified.map(|body| body.bytes),
                records,
                ..row(Some(path.clone()), chosen.as_str().map(str::to_owned), BackupFate::Chosen, 0)
            });
        }
    }
}

fn picks(action: &crate::engine::plan::Action) -> bool {
    use crate::engine::plan::{Action, Backup};
    matches!(action, Action::Backup(Backup::NewestGood(_)))
}

fn row(step: Option<StepPath>, path: Option<String>, fate: BackupFate, seq: u64) -> BackupRow {
    BackupRow {
        step,
        path,
        sealed_at: None,
        fate,
        why: None,
        count: 0,
        findings: Vec::new(),
        checked: None,
        unchecked: None,
        bytes: None,
        records: vec![seq],
    }
}

/// The kind and the path of one difference.
fn finding(value: &Value) -> Option<(String, String)> {
    let path = value.get("path").or_else(|| value.get("path_b64"))?.as_str()?;
    let path = match value.get("to").and_then(Value::as_str) {
        Some(to) => format!("{path} → {to}"),
        None => path.to_owned(),
    };
    Some((value.get("kind")?.as_str()?.to_owned(), path))
}

/// A captured value as people read it: a JSON text without its quotes, cut where it is long.
fn shown(json: &str) -> String {
    let text = match serde_json::from_str::<Value>(json) {
        Ok(Value::String(text)) => text,
        Ok(value) => value.to_string(),
        Err(_) => json.to_owned(),
    };
    if text.chars().count() > 200 { format!("{}…", text.chars().take(200).collect::<String>()) } else { text }
}

/// Adds what is known; what is not known of one system leaves the others' sum as it is.
fn add(sum: &mut Option<i64>, more: Option<i64>) {
    if let Some(more) = more {
        *sum = Some(sum.unwrap_or_default() + more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_shown_without_its_quotes_and_not_at_any_length() {
        assert_eq!(shown("\"2184\""), "2184");
        assert_eq!(shown("2184"), "2184");
        assert_eq!(shown("no json"), "no json");
        assert_eq!(shown(&format!("\"{}\"", "ă".repeat(500))).chars().count(), 201);
    }
}
