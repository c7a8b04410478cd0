//! A drill as an exercise, from its plan and its records.

use super::Gatherer;
use crate::engine::state::Edge;
use crate::inventory::called;
use crate::model::record::Scored;
use crate::model::{Actor, Body, Record, RunKind, Stage, Text};
use crate::playbook::exercise::{Exercise, PlannedInject, Who};
use crate::report::{
    AttackRow, Evaluator, ExercisePart, InjectRow, ParticipantRow, PlanRow, Score, ScoreRow, ScriptRow, StopWordRow,
};

impl Gatherer<'_> {
    /// The exercise; nothing where none was planned and nothing of the kind was recorded.
    pub(super) fn exercise(&self) -> Option<ExercisePart> {
        if self.view.kind != RunKind::Drill {
            return None;
        }
        let ended = matches!(self.view.stage, Stage::Ended(_));
        let mut part = self.plan.planned.as_deref().map(|planned| self.exercise_plan(planned)).unwrap_or_default();
        part.script = self.script();
        let opened = self.opened();
        let planned = self.plan.planned.as_deref().map(|planned| planned.injects.clone()).unwrap_or_default();
        part.injects = self.injects(&opened.unwrap_or(planned));
        if !ended {
            let all = part.injects.len();
            part.injects.retain(|inject| inject.delivered.is_some());
            for inject in &mut part.injects {
                (inject.expect, inject.criterion) = (None, None);
            }
            part.hidden = all - part.injects.len();
        }
        (part.evaluators, part.scores) = self.scores();
        if ended {
            part.attack_actions = self.attacks();
        }
        part.stop_word = self.stop_word();
        let nothing = self.plan.planned.is_none()
            && part.evaluators.is_empty()
            && part.attack_actions.is_empty()
            && part.stop_word.is_none();
        (!nothing).then_some(part)
    }

    fn exercise_plan(&self, planned: &Exercise) -> ExercisePart {
        let participants = (1..).zip(&planned.participants).map(|(number, one)| {
            let (person, name) = match &one.who {
                Who::Person(id) => (Some(id.clone()), self.facts.names.get(id).map(|name| Text::from(name.as_str()))),
                Who::Name(name) => (None, Some(name.clone())),
            };
            let (unit, position) = (one.unit.clone(), one.position.clone());
            ParticipantRow { number, person, name, unit, position, part: one.part }
        });
        ExercisePart {
            date: Some(planned.date.clone()),
            plan: planned.plan.clone().map(|(number, date)| PlanRow { number, date }),
            approver: planned.approver.clone(),
            place: planned.place.clone(),
            live: planned.live.clone(),
            participants: participants.collect(),
            ..ExercisePart::default()
        }
    }

    fn script(&self) -> Option<ScriptRow> {
        let mut row: Option<ScriptRow> = None;
        for record in self.records() {
            match (&record.draft.body, &mut row) {
                (Body::RunStarted(started), None) => {
                    let digest = started.script?;
                    row = Some(ScriptRow { digest, revealed: None, records: vec![record.seq] });
                }
                (Body::ScriptRevealed(_), Some(row)) => {
                    row.revealed = Some(record.occurred());
                    row.records.push(record.seq);
                }
                _ => {}
            }
        }
        row
    }

    /// The injects of a script that was opened.
    fn opened(&self) -> Option<Vec<PlannedInject>> {
        let script = self.records().iter().find_map(|record| match &record.draft.body {
            Body::ScriptRevealed(revealed) => Some(revealed.script),
            _ => None,
        })?;
        Exercise::read_script(&self.text(&script)?)
    }

    fn injects(&self, planned: &[PlannedInject]) -> Vec<InjectRow> {
        let began = self.state.began.as_ref().map(Edge::at);
        let count = u32::try_from(planned.len()).unwrap_or(u32::MAX);
        let beyond = self.state.deliveries().keys().copied().filter(|number| *number > count);
        let rows = (1..=count).chain(beyond).map(|number| {
            let inject = usize::try_from(number).ok().and_then(|number| planned.get(number.checked_sub(1)?));
            let delivered = self.state.delivered(number);
            let told = delivered.and_then(|delivered| delivered.text.as_ref()).and_then(|text| self.text(text));
            let record = delivered.and_then(|delivered| self.records().iter().find(|it| it.seq == delivered.seq));
            let after = |record: &Record| Some(Edge::of(record, None).since(began.as_ref()?).0);
            InjectRow {
                number,
                planned_s: inject.map(|inject| inject.at.seconds()),
                to: inject.map_or_else(|| delivered.and_then(|it| it.to.clone()), |inject| inject.to.clone()),
                text: inject.map(|inject| inject.text.clone()).or_else(|| told.map(Text::Same)),
                expect: inject.and_then(|inject| inject.expect.clone()),
                criterion: inject.and_then(|inject| inject.criterion.clone()),
                delivered: delivered.map(|delivered| delivered.at),
                delivered_s: record.and_then(after).map(|time| time.as_secs()),
                by: delivered.map(|delivered| delivered.actor.clone()),
                records: delivered.map(|delivered| delivered.seq).into_iter().collect(),
            }
        });
        rows.collect()
    }

    fn scores(&self) -> (Vec<Evaluator>, Vec<ScoreRow>) {
        let scored: Vec<(&Record, &Scored)> = self
            .records()
            .iter()
            .filter_map(|record| match &record.draft.body {
                Body::Scored(scored) => Some((record, scored)),
                _ => None,
            })
            .collect();
        let mut evaluators: Vec<Evaluator> = Vec::new();
        let same = |one: &Evaluator, record: &Record, scored: &Scored| match (one.participant, scored.participant) {
            (None, None) => one.person == record.draft.actor,
            (one, other) => one == other,
        };
        for (record, scored) in &scored {
            if let Some(known) = evaluators.iter_mut().find(|one| same(one, record, scored)) {
                known.records.push(record.seq);
                continue;
            }
            let person = record.draft.actor.clone();
            let outside = scored.participant.and_then(|number| self.outsider(number));
            let entered_by = outside.is_some().then(|| self.named(&person));
            let name = outside.unwrap_or_else(|| self.named(&person));
            let records = vec![record.seq];
            evaluators.push(Evaluator { person, participant: scored.participant, name, entered_by, records });
        }
        if evaluators.is_empty() {
            return (evaluators, Vec::new());
        }
        let rows = self.plan.objectives.iter().map(|objective| ScoreRow {
            objective: objective.id.clone(),
            title: objective.title.clone(),
            scores: evaluators
                .iter()
                .map(|one| {
                    let own = scored
                        .iter()
                        .filter(|(record, scored)| scored.objective == objective.id && same(one, record, scored));
                    let own: Vec<_> = own.collect();
                    let (_, last) = own.last()?;
                    let reason = |scored: &Scored| self.text(scored.because.as_ref()?);
                    // Whoever changes a score gave a reason for each.
                    let of_each =
                        |(_, one): &&(&Record, &Scored)| Some(format!("{}: {}", one.rating.word(), reason(one)?));
                    let all: Vec<String> = own.iter().filter_map(of_each).collect();
                    Some(Score {
                        rating: last.rating,
                        because: if own.len() > 1 && !all.is_empty() { Some(all.join("; ")) } else { reason(last) },
                        records: own.iter().map(|(record, _)| record.seq).collect(),
                    })
                })
                .collect(),
        });
        let rows = rows.collect();
        (evaluators, rows)
    }

    /// The name of a participant without an account.
    fn outsider(&self, number: u32) -> Option<String> {
        let at = usize::try_from(number).ok()?.checked_sub(1)?;
        match &self.plan.planned.as_ref()?.participants.get(at)?.who {
            Who::Name(name) => Some(name.pick(self.plan.language).to_owned()),
            Who::Person(_) => None,
        }
    }

    /// What people call somebody: the name, else the position with the id.
    fn named(&self, who: &Actor) -> String {
        let position = self.position_of(who);
        let position = position.as_ref().map(|position| position.pick(self.plan.language));
        called(self.facts.names.get(who).map(String::as_str), position, who)
    }

    fn attacks(&self) -> Vec<AttackRow> {
        let mut rows: Vec<AttackRow> = Vec::new();
        for record in self.records() {
            let Body::AttackAction(action) = &record.draft.body else { continue };
            rows.push(AttackRow {
                at: record.occurred(),
                who: record.draft.actor.clone(),
                what: self.text(&action.what),
                system: action.system.clone(),
                tool: action.tool.as_ref().and_then(|tool| self.text(tool)),
                extent: action.extent.as_ref().and_then(|extent| self.text(extent)),
                records: vec![record.seq],
            });
        }
        rows.sort_by_key(|row| row.at.instant);
        rows
    }

    fn stop_word(&self) -> Option<StopWordRow> {
        self.records().iter().find_map(|record| match &record.draft.body {
            Body::StopWord(word) => Some(StopWordRow {
                at: record.occurred(),
                who: record.draft.actor.clone(),
                because: word.because.as_ref().and_then(|because| self.text(because)),
                records: vec![record.seq],
            }),
            _ => None,
        })
    }
}
