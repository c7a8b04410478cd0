//! What persons signed with keys of their own: whether the signature is theirs, and whether it covers this log.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Finding, Severity};
use super::judge::Judge;
use crate::ledger::LedgerError;
use crate::ledger::person::{self, PersonNote};
use crate::ledger::storage::read;
use crate::ledger::tree::Hash;
use crate::message::message;
use crate::model::Body;
use crate::model::record::Consented;

impl Judge<'_> {
    /// Checks every `signed` record. The log is read a second time where there is one, up to the largest size that was signed.
    pub(super) fn finish_persons(&mut self) -> Result<(), LedgerError> {
        let persons = std::mem::take(&mut self.persons);
        let sizes: BTreeSet<u64> =
            persons.iter().filter(|(seq, _, signed)| signed.size <= *seq).map(|(_, _, signed)| signed.size).collect();
        let sizes: Vec<u64> = sizes.into_iter().collect();
        let roots: BTreeMap<u64, Hash> = if sizes.is_empty() {
            BTreeMap::new()
        } else {
            person::roots(self.storage, self.layout, &sizes)?.into_iter().collect()
        };
        for (seq, actor, signed) in persons {
            let who = actor.as_str();
            let object = &signed.note.object;
            let kept = read(self.storage, &self.layout.object(object)).map_err(LedgerError::io(&self.layout.dir))?;
            let (severity, code, message) = if signed.size == 0 || signed.size > seq {
                let message = message!("ledger-person-size", seq = seq.to_string(), size = signed.size.to_string());
                (Severity::Error, "person-signature-size", message)
            } else if let Some(bytes) = kept {
                match person::judge(&bytes, &signed.vkey, &actor, &self.origin, signed.size) {
                    PersonNote::Good(root) if roots.get(&signed.size) == Some(&root) => continue,
                    PersonNote::Good(_) => {
                        let size = signed.size.to_string();
                        let message = message!("ledger-person-root", seq = seq.to_string(), who = who, size = size);
                        (Severity::Error, "person-signature-root", message)
                    }
                    PersonNote::Bad => {
                        let message = message!("ledger-person-bad", seq = seq.to_string(), who = who);
                        (Severity::Error, "person-signature-bad", message)
                    }
                }
            } else if self.redacted.contains(object) {
                let message = message!("ledger-person-gone", seq = seq.to_string(), who = who);
                (Severity::Warning, "person-signature-gone", message)
            } else {
                // Said as a missing object already.
                continue;
            };
            self.findings.push(Finding::about(severity, code, seq, message));
        }
        self.finish_keyed()
    }

    /// Checks every consent that a second person gave with a key of their own.
    fn finish_keyed(&mut self) -> Result<(), LedgerError> {
        for (seq, draft, step) in std::mem::take(&mut self.keyed) {
            let Body::Consented(consent) = &draft.body else { continue };
            let (number, who) = (seq.to_string(), draft.actor.as_str());
            let object = consent.note.map(|note| note.object);
            let kept = match &object {
                Some(object) => {
                    read(self.storage, &self.layout.object(object)).map_err(LedgerError::io(&self.layout.dir))?
                }
                None => None,
            };
            let (severity, code, message) = match (kept, object) {
                (Some(bytes), _) => {
                    let statement = draft.run.as_ref().zip(step.as_ref()).zip(consent.plan.as_ref());
                    let statement =
                        statement.map(|((run, step), plan)| Consented::statement(run, &consent.question, step, plan));
                    let vkey = consent.vkey.as_deref().unwrap_or_default();
                    if statement.is_some_and(|text| person::consented(&bytes, vkey, &draft.actor, &text)) {
                        continue;
                    }
                    let message = message!("ledger-consent-bad", seq = number, who = who);
                    (Severity::Error, "person-signature-bad", message)
                }
                (None, Some(object)) if self.redacted.contains(&object) => {
                    let message = message!("ledger-person-gone", seq = number, who = who);
                    (Severity::Warning, "person-signature-gone", message)
                }
                // Said as a missing object already, or refused as a consent without its manner.
                (None, _) => continue,
            };
            self.findings.push(Finding::about(severity, code, seq, message));
        }
        Ok(())
    }
}
