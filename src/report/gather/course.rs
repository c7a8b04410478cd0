//! The course of events: what happened, in the order in which it happened, whenever it was written down.

use super::{Gatherer, both, in_seconds, said};
use crate::engine::state::Said;
use crate::message::message;
use crate::model::record::{NoticeSent, Serious, Verdict, WatchState, What, Why};
use crate::model::{Actor, Body, Id, Lang, Name, Outcome, Record, RunResult, Stamp, Text};
use crate::policy::duties::Book;
use crate::report::EventRow;
use crate::report::course::small;
use crate::report::format::labels;

/// The course of events over all plans that led the run.
pub(super) fn course<'a>(parts: impl Iterator<Item = &'a Gatherer<'a>>) -> Vec<EventRow> {
    let mut rows: Vec<EventRow> =
        parts.flat_map(|part| part.own().filter_map(|record| part.event(record)).collect::<Vec<_>>()).collect();
    // Of two at one moment the one that was written first.
    rows.sort_by_key(|row| row.at.instant);
    rows
}

impl Gatherer<'_> {
    fn event(&self, record: &Record) -> Option<EventRow> {
        let end = || self.records().iter().find(|record| matches!(record.draft.body, Body::RunEnded(_)));
        let (text, words) = match &record.draft.body {
            // What is found afterwards is told apart.
            Body::ActionOpened(it) if end().is_none_or(|end| record.seq < end.seq) => (self.action_opened(it), None),
            body => self.told(body)?,
        };
        Some(EventRow {
            at: self.moment(record),
            basis: Self::known_from(record),
            actor: record.draft.actor.clone(),
            by: record.draft.by.clone(),
            text,
            words,
            step: self.step_of(&record.draft.body),
            kind: record.draft.body.kind().to_owned(),
            outcome: match &record.draft.body {
                Body::Answered(it) => Some(it.outcome),
                Body::StepEnded(it) => Some(it.outcome),
                _ => None,
            },
            records: vec![record.seq],
        })
    }

    /// When it happened. A step that a person's answer ended did so with the answer, and with it came the step's mark, whatever was
    /// corrected of the answer since.
    fn moment(&self, record: &Record) -> Stamp {
        let step = match &record.draft.body {
            Body::StepEnded(ended) if ended.outcome != Outcome::Skipped => Some(&ended.step),
            Body::Marked(marked) if record.draft.actor == Actor::engine() => marked.step.as_ref(),
            _ => None,
        };
        let Some(step) = step else { return record.occurred() };
        let records = self.records();
        let before = &records[..records.partition_point(|it| it.seq < record.seq)];
        let before = before.iter().rev().find(|it| {
            let kinds = matches!(it.draft.body, Body::StepStarted(_) | Body::Answered(_) | Body::Decided(_));
            kinds && self.step_of(&it.draft.body).as_ref() == Some(step)
        });
        match before {
            Some(it) if !matches!(it.draft.body, Body::StepStarted(_)) => it.occurred(),
            _ => record.occurred(),
        }
    }

    /// A person's name where one is known; else the id.
    pub(super) fn called(&self, who: &Actor) -> String {
        let known = self.facts.names.get(who).filter(|name| crate::inventory::is_a_name(name));
        known.cloned().unwrap_or_else(|| who.to_string())
    }

    /// What a notice, or the duty that it is sent for, is called; its name where no file has it.
    fn notice_called(&self, notice: &Name) -> Text {
        self.notice_title(notice).unwrap_or_else(|| Text::Same(notice.to_string()))
    }

    /// What a notice, or the duty that it is sent for, is called.
    pub(super) fn notice_title(&self, notice: &Name) -> Option<Text> {
        let rules = self.facts.rules;
        let duty = || rules.book.duties.iter().find(|duty| duty.id == *notice).map(|duty| duty.title.clone());
        rules.notices.get(notice).cloned().or_else(duty)
    }

    /// What was sent, under which number, to whom.
    fn sent_text(&self, it: &NoticeSent) -> Text {
        let rules = self.facts.rules;
        let words = |object: &Option<crate::model::ObjectRef>| object.as_ref().and_then(|object| self.text(object));
        let (to, number) = (words(&it.to), words(&it.number));
        let role = |role: &Id, lang| {
            let known = rules.recipients.name(role).or_else(|| rules.book.recipients.get(role));
            known.map_or_else(|| role.to_string(), |name| name.pick(lang).to_owned())
        };
        let say = |lang| {
            let mut parts = vec![message!("report-event-sent", notice = self.notice_called(&it.notice)).render(lang)];
            parts.extend(number.iter().map(|it| message!("report-duty-number", number = it.as_str()).render(lang)));
            let named = || it.roles.iter().map(|it| role(it, lang)).collect::<Vec<_>>().join("; ");
            let to = to.clone().unwrap_or_else(named);
            if !to.is_empty() {
                parts.push(message!("report-duty-sent-to", to = to).render(lang));
            }
            Some(parts.join(", "))
        };
        Text::Each { vi: say(Lang::Vi), en: say(Lang::En) }
    }

    /// What a role is called; a dash where there is none.
    fn role_called(&self, role: Option<&Id>) -> Text {
        role.map_or_else(|| Text::Same("–".to_owned()), |role| self.role_title(role))
    }

    /// What a record tells of, and the words with it; nothing for what the page shows better elsewhere.
    pub(super) fn told(&self, body: &Body) -> Option<(Text, Option<String>)> {
        let words = |object: &Option<crate::model::ObjectRef>| object.as_ref().and_then(|object| self.text(object));
        Some(match body {
            Body::RunStarted(_) => (both(&message!("report-event-started")), None),
            Body::RunEnded(it) => {
                let result = match it.result {
                    RunResult::Passed => message!("report-result-passed"),
                    RunResult::Failed => message!("report-result-failed"),
                    RunResult::Stopped => message!("report-result-stopped"),
                };
                (both(&message!("report-event-ended", result = result)), None)
            }
            Body::RunPaused(it) => (both(&message!("report-event-paused")), words(&it.because)),
            Body::RunContinued(it) => match it.gap {
                Some(0) => return None,
                Some(gap) => (in_seconds(gap, |time| message!("report-pause-gap", time = time)), None),
                None => (both(&message!("report-event-continued")), None),
            },
            Body::RunStopping(it) => (both(&message!("report-event-stopping")), words(&it.because)),
            Body::StopWord(it) => (both(&message!("report-event-stop-word")), words(&it.because)),
            Body::Injected(it) => {
                let all = || both(&message!("report-to-all"));
                let to = it.to.as_ref().map_or_else(all, |role| self.role_title(role));
                let number = it.inject?.to_string();
                (both(&message!("report-event-injected", number = number, to = to)), words(&it.text))
            }
            Body::AttackAction(it) if self.state.ended() => {
                (both(&message!("report-event-attack")), self.text(&it.what))
            }
            Body::ScriptRevealed(_) => (both(&message!("report-event-script-revealed")), None),
            Body::Joined(it) => {
                (both(&message!("report-event-joined", role = self.role_called(it.role.as_ref()))), words(&it.because))
            }
            Body::Left(it) => (both(&message!("report-event-left")), words(&it.because)),
            Body::Replaced(it) => {
                let (role, who) = (self.role_title(&it.role), self.called(&it.to));
                let text = message!("report-event-replaced", role = role, who = who);
                (both(&text), words(&it.because))
            }
            Body::HandedOver(it) => {
                let (role, who) = (self.role_title(&it.role), self.called(&it.from));
                let text = message!("report-event-handed-over", role = role, who = who);
                (both(&text), words(&it.because))
            }
            Body::Asked(it) if it.what == What::Handover => {
                let to = it.to.as_ref().map_or_else(String::new, |to| self.called(to));
                let role = self.role_called(it.role.as_ref());
                (both(&message!("report-event-offered", role = role, to = to)), words(&it.because))
            }
            Body::Confirmed(it) => {
                (both(&message!("report-event-confirmed", seq = it.seq.to_string())), words(&it.because))
            }
            Body::Marked(it) => {
                (both(&message!("report-event-marked", mark = labels::mark(it.mark))), words(&it.because))
            }
            Body::Answered(it) => (self.answer_of(&it.question)?, self.answered(&it.question, words(&it.because))),
            Body::Decided(it) => (self.answer_of(&it.question)?, words(&it.because)),
            Body::Consented(it) => (self.answer_of(&it.question)?, words(&it.because)),
            Body::Noted(it) if it.seen => (both(&message!("report-event-seen")), self.text(&it.text)),
            Body::Noted(it) => (both(&message!("report-event-noted")), self.text(&it.text)),
            Body::Attached(it) => (both(&message!("report-event-attached")), self.text(&it.name)),
            Body::Classified(it) => (classified(it, &self.facts.rules.book), words(&it.because)),
            Body::NoticePrepared(it) => {
                (both(&message!("report-event-prepared", notice = self.notice_called(&it.notice))), None)
            }
            Body::NoticeSent(it) => (self.sent_text(it), None),
            Body::PlaybookSwitched(it) => {
                let own = it.playbook == self.view.playbook;
                let title = if own { self.view.title.clone() } else { Text::Same(it.playbook.to_string()) };
                (both(&message!("report-event-switched", playbook = title)), words(&it.because))
            }
            // What another playbook left undone stands with the switch.
            Body::StepEnded(it) if it.outcome == Outcome::Skipped && it.why == Some(Why::Switched) => return None,
            Body::StepEnded(it) if !it.again => (ended(it.outcome), None),
            Body::WatchChanged(it) => {
                let watch = self.watch_title(&it.watch);
                let text = match it.state {
                    WatchState::Up => message!("report-event-up", watch = watch),
                    WatchState::Down => message!("report-event-down", watch = watch),
                    WatchState::Unobserved => message!("report-event-unobserved", watch = watch),
                };
                (both(&text), None)
            }
            Body::Concluded(it) => {
                let verdict = match it.verdict {
                    Verdict::Passed => message!("report-result-passed"),
                    Verdict::Failed => message!("report-result-failed"),
                };
                (both(&message!("report-event-concluded", verdict = verdict)), words(&it.because))
            }
            Body::RunVoided(it) => (both(&message!("report-event-voided")), words(&it.because)),
            Body::Signed(it) => {
                (both(&message!("report-event-signed", size = it.size.to_string())), words(&it.because))
            }
            _ => return None,
        })
    }

    /// What was said with an answer: the values that were asked for, and the reason.
    fn answered(&self, id: &crate::model::QuestionId, because: Option<String>) -> Option<String> {
        let values = self.state.question(id).map(|question| self.values_of(question)).unwrap_or_default();
        let values = values.into_iter().filter_map(|(title, value)| Some(format!("{title}: {}", value?)));
        let said: Vec<String> = because.into_iter().chain(values).collect();
        (!said.is_empty()).then(|| said.join("; "))
    }

    /// What was answered, in words of ours or of the option chosen.
    fn answer_of(&self, id: &crate::model::QuestionId) -> Option<Text> {
        let question = self.state.question(id)?;
        let step = question.step.as_ref().and_then(|step| self.planned(step));
        let said = &question.answer.as_ref()?.said;
        match (question.what, said) {
            // Of the plan as a whole: there is no step whose name would say to what somebody consents.
            (What::Consent, Said::Consent(true)) if question.step.is_none() => {
                return Some(both(&message!("report-event-plan-agreed")));
            }
            (What::Consent, Said::Consent(false)) if question.step.is_none() => {
                return Some(both(&message!("report-event-plan-refused")));
            }
            (What::Second, _) => {
                let of = |lang| self.second_to(question).map(|text| small(text.pick(lang)));
                return Some(Text::Each { vi: Some(of(Lang::Vi)?), en: Some(of(Lang::En)?) });
            }
            _ => {}
        }
        let answer = said::answer_text(step, question.what, said);
        if question.what == What::Decide {
            return Some(both(&message!("report-event-decided", answer = answer)));
        }
        Some(both(&message!("report-event-answered", answer = answer)))
    }
}

fn ended(outcome: Outcome) -> Text {
    let outcome = match outcome {
        Outcome::Done => message!("report-outcome-done"),
        Outcome::Failed => message!("report-outcome-failed"),
        Outcome::Skipped => message!("report-outcome-skipped"),
        Outcome::Unknown => message!("report-outcome-unknown"),
        Outcome::Abandoned => message!("report-outcome-abandoned"),
    };
    both(&message!("report-event-step", outcome = outcome))
}

/// What a classification says, a part after the other.
fn classified(said: &crate::model::record::Classified, book: &Book) -> Text {
    use crate::model::record::Grave;
    let mut parts = Vec::new();
    parts.extend(said.serious.map(|serious| match serious {
        Serious::Yes => message!("report-event-serious"),
        Serious::No => message!("report-event-not-serious"),
        Serious::Undecided => message!("report-event-undecided"),
    }));
    if let Some(grave) = &said.grave {
        parts.extend(grave.iter().map(|grave| match grave {
            Grave::NationalSecurity => message!("report-event-national-security"),
            Grave::PublicOrder => message!("report-event-public-order"),
            Grave::SeriousInterruption => message!("report-event-interruption"),
        }));
        if grave.is_empty() {
            parts.push(message!("report-event-not-grave"));
        }
    }
    parts.extend(said.personal_data.map(|breached| {
        if breached { message!("report-event-personal-data") } else { message!("report-event-no-personal-data") }
    }));
    for (flag, yes) in &said.flags {
        let title = book.flags.get(flag).cloned().unwrap_or_else(|| Text::from(flag.as_str()));
        parts.push(if *yes {
            message!("report-event-flag-yes", flag = title)
        } else {
            message!("report-event-flag-no", flag = title)
        });
    }
    let join = |lang| {
        let parts: Vec<String> = parts.iter().map(|part| part.render(lang)).collect();
        Some(message!("report-event-classified", text = parts.join("; ")).render(lang))
    };
    Text::Each { vi: join(crate::model::Lang::Vi), en: join(crate::model::Lang::En) }
}
