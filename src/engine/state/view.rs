//! What people see of a run.

use std::collections::BTreeSet;
use std::time::Duration;

use super::tree::{Kind, NodeId};
use super::{Alone, Delivered, Instance, Question, Said, State};
use crate::engine::answers::asked;
use crate::engine::plan::{Action, Place as PlanPlace};
use crate::engine::view::{
    AloneView, ClockView, HeldView, InjectView, QuestionView, RunView, StepView, TargetView, WatchView,
};
use crate::model::record::{People, WatchState, What};
use crate::model::{Id, Moment, ObjectRef, Objects, Outcome, QuestionId, RunId, StepPath, Text};
use crate::playbook::Watch;
use crate::step::{Choice, ValueKind};

impl State {
    /// The run as people see it at `now`. Question texts are the plan's; see [`State::view_with`].
    #[must_use]
    pub fn view(&self, now: &Moment) -> RunView {
        self.view_with(now, None)
    }

    /// As [`State::view`], with the texts of questions as they were put, where `objects` still has them.
    #[must_use]
    pub fn view_with(&self, now: &Moment, objects: Option<&dyn Objects>) -> RunView {
        let plan = self.plan();
        let began = self.began.as_ref().unwrap_or(now);
        let end = self.ended.as_ref().unwrap_or(now);
        let mut steps = Vec::with_capacity(self.tree.nodes.len());
        self.list_view(None, None, 1, &mut steps);
        RunView {
            // A state without records has no run yet; nothing shows it.
            run: self.run.clone().unwrap_or_else(|| RunId::new(plan.kind, 0, 0)),
            kind: plan.kind,
            mode: plan.mode,
            lab: plan.lab,
            people: plan.people,
            playbook: plan.playbook.clone(),
            title: plan.title.clone(),
            roles: plan.roles.iter().map(|(id, role)| (id.clone(), role.title.clone())).collect(),
            plan: self.tree.digest,
            stage: self.stage(),
            stopped_for_incident: self.stopped_for_incident,
            stop_word: self.stop_word.clone(),
            injects: self.injects_view(objects),
            began: began.at,
            ended: self.ended.as_ref().map(|ended| ended.at),
            elapsed: end.since(began).0,
            steps,
            questions: self
                .questions()
                .filter(|question| self.asks(question))
                .map(|question| self.question_view(question, objects))
                .collect(),
            clocks: plan.clocks.keys().map(|id| self.clock_view(id, now)).collect(),
            watches: plan.watches.iter().map(|watch| self.watch_view(watch)).collect(),
            marks: self.marks.firsts().map(|marking| (marking.mark, marking.edge.stamp)).collect(),
            held: self.held(),
            alone: self.alone(),
        }
    }

    fn held(&self) -> Vec<HeldView> {
        let incident = self.incident();
        let roles: BTreeSet<&Id> =
            self.plan().roles.keys().chain(incident.roles.keys()).chain(&incident.vacant).collect();
        let held =
            |role: &Id| HeldView { role: role.clone(), holder: incident.roles.get(role).cloned(), listed: false };
        roles.into_iter().map(held).collect()
    }

    fn injects_view(&self, objects: Option<&dyn Objects>) -> Vec<InjectView> {
        let text = |object: &ObjectRef| objects.and_then(|objects| objects.get_text(object).ok().flatten());
        let view = |(number, delivered): (&u32, &Delivered)| InjectView {
            number: *number,
            at: delivered.at,
            to: delivered.to.clone(),
            text: delivered.text.as_ref().and_then(text),
        };
        self.delivered.iter().map(view).collect()
    }

    fn alone(&self) -> Vec<AloneView> {
        let open = self.incident().alone.iter().filter(|alone| alone.confirmed.is_none());
        let view = |alone: &Alone| AloneView {
            seq: alone.seq,
            who: alone.actor.clone(),
            step: self.question(&alone.question).and_then(|question| question.step.clone()),
        };
        open.map(view).collect()
    }

    fn list_view(&self, list: Option<&StepPath>, container: Option<NodeId>, round: u32, steps: &mut Vec<StepView>) {
        for id in self.tree.steps_of(container, round) {
            let node = &self.tree.nodes[*id];
            let path = list.map_or_else(|| StepPath::root(&node.step.id), |list| list.child(&node.step.id));
            let instance = self.instance(&path);
            steps.push(self.step_view(*id, path.clone(), instance));
            match node.kind {
                Kind::Leaf => {}
                Kind::Parallel | Kind::Call => self.list_view(Some(&path), Some(*id), 1, steps),
                Kind::Each => {
                    let rounds = instance.and_then(|instance| instance.rounds).or(node.known_rounds()).unwrap_or(1);
                    for round in 1..=rounds {
                        self.list_view(Some(&path.round(round)), Some(*id), round, steps);
                    }
                }
                Kind::Repeat => {
                    let mut round = 1;
                    loop {
                        let inner = path.round(round);
                        if round > 1 && self.instance(&inner).is_none() {
                            break;
                        }
                        self.list_view(Some(&inner), Some(*id), round, steps);
                        round += 1;
                    }
                }
            }
        }
    }

    fn step_view(&self, id: NodeId, path: StepPath, instance: Option<&Instance>) -> StepView {
        let node = &self.tree.nodes[id];
        let step = &node.step;
        let took = instance.and_then(|instance| {
            let began = instance.first_began.as_ref()?;
            Some(instance.ended.as_ref()?.since(began).0)
        });
        StepView {
            depth: node.depth,
            number: node.number,
            title: step.name(),
            action: step.action.word(),
            role: step.role.clone(),
            phase: step.phase,
            effect: step.action.effect(),
            command: self.tree.command(&path, false).map(str::to_owned),
            left_out: crate::engine::next::left_out(self.plan(), step),
            attempt: instance.map_or(0, |instance| instance.attempt),
            open: instance.is_some_and(Instance::open),
            outcome: instance.and_then(|instance| instance.outcome),
            confirmed: instance.and_then(|instance| instance.confirmed),
            undo: self.undo(&path),
            began: instance.and_then(|instance| Some(instance.first_began.as_ref()?.at)),
            ended: instance.and_then(|instance| Some(instance.ended.as_ref()?.at)),
            took,
            path,
        }
    }

    fn question_view(&self, question: &Question, objects: Option<&dyn Objects>) -> QuestionView {
        let undone = question.step.as_ref().and_then(StepPath::undone);
        let path = undone.as_ref().or(question.step.as_ref());
        let node = path.and_then(|path| self.tree.locate(path.as_str())).map(|place| match place {
            super::Place::Step(node) | super::Place::Round(node, _) | super::Place::Undo(node) => node,
        });
        let put = question.text.as_ref().and_then(|object| objects?.get_text(object).ok().flatten());
        let put: Option<Text> = put.and_then(|json| serde_json::from_str(&json).ok());
        let mut view = QuestionView {
            id: question.id.clone(),
            what: question.what,
            step: question.step.clone(),
            number: None,
            title: self.plan().title.clone(),
            role: None,
            text: None,
            command: None,
            checks: Vec::new(),
            ask: Vec::new(),
            options: Vec::new(),
            default: None,
            evidence_missing: false,
            plan: question.plan,
            to: question.to.clone(),
            by: question.by.clone(),
            ways: Vec::new(),
            target: None,
            asked: question.asked.at,
            before: self
                .questions()
                .take_while(|one| one.id != question.id)
                .filter(|one| one.step == question.step)
                .count(),
        };
        if question.what == What::Handover {
            view.role.clone_from(&question.role);
            view.text = put;
            return view;
        }
        let Some(node) = node.map(|node| &self.tree.nodes[node]) else { return view };
        let action = match &undone {
            Some(_) => node.step.undo.as_deref().unwrap_or(&node.step.action),
            None => &node.step.action,
        };
        view.number = node.number;
        view.title = node.step.name();
        view.role.clone_from(&node.step.role);
        view.evidence_missing = node.step.evidence_required
            && self.plan().people == People::Console
            && matches!(question.what, What::Manual | What::Decide | What::State | What::Deliver)
            && question.step.as_ref().and_then(|path| self.instance(path)).is_none_or(|open| open.evidence == 0);
        match (question.what, action) {
            (What::Manual, Action::Manual(manual)) => {
                view.text = put.or_else(|| Some(manual.instruction.clone()));
                view.checks.clone_from(&manual.checks);
                view.ask.clone_from(&manual.ask);
            }
            (What::Decide, Action::Decide(decide)) => {
                view.text = put.or_else(|| Some(decide.ask.clone()));
                view.options.clone_from(&decide.options);
                view.default.clone_from(&decide.default);
            }
            (What::Deliver, Action::Inject(inject)) => {
                view.text = put.or_else(|| Some(inject.text.clone()));
                view.role.clone_from(&inject.to);
            }
            (What::Truth, _) => {
                let condition = match (&question.attempt, action) {
                    (1.., Action::Repeat(repeat)) => Some(&repeat.until),
                    _ => node.step.when.as_ref(),
                };
                view.text = put.or_else(|| condition.map(|condition| Text::Same(condition.0.clone())));
                view.options = yes_or_no();
            }
            (what, action) => {
                let shown = put.map(|text| text.pick(self.plan().language).to_owned());
                let planned = path.and_then(|path| self.tree.command(path, undone.is_some()));
                view.command = shown.or_else(|| planned.map(str::to_owned));
                view.text = match action {
                    Action::Manual(manual) => Some(manual.instruction.clone()),
                    _ => None,
                };
                if what == What::Second {
                    view.ways.clone_from(&self.plan().second_person);
                }
                if matches!(what, What::Second | What::Undo | What::Orphan) {
                    view.target = target(action);
                }
                if what == What::State {
                    view.ask = asked(&node.step, action);
                }
            }
        }
        view
    }

    /// The kind of the value that question `id` asked for under `value`; nothing where it asked for none.
    #[must_use]
    pub fn asked_for(&self, id: &QuestionId, value: &Id) -> Option<ValueKind> {
        let asked = self.question_view(self.question(id)?, None).ask;
        asked.into_iter().find(|ask| ask.id == *value).map(|ask| ask.kind)
    }

    fn clock_view(&self, id: &Id, now: &Moment) -> ClockView {
        let rule = &self.plan().clocks[id];
        let reading = self.clock(id, now);
        ClockView {
            id: id.clone(),
            title: rule.title.clone().unwrap_or_else(|| Text::Same(id.to_string())),
            from: reading.as_ref().map(|reading| reading.from.stamp),
            to: reading.as_ref().and_then(|reading| reading.to.as_ref()).map(|to| to.stamp),
            elapsed: reading.as_ref().map(|reading| reading.elapsed),
            limit: rule.limit_s.map(Duration::from_secs),
            by_boot_clock: reading.is_some_and(|reading| reading.by_boot_clock),
        }
    }

    fn watch_view(&self, watch: &Watch) -> WatchView {
        let id = &watch.id;
        let changes: Vec<_> = self
            .watches
            .get(id)
            .map(|log| log.changes.iter().map(|(edge, state)| (edge.stamp, *state)).collect())
            .unwrap_or_default();
        let last = changes.last().copied();
        WatchView {
            id: id.clone(),
            title: watch.title.clone().unwrap_or_else(|| Text::Same(id.to_string())),
            state: last.map_or(WatchState::Unobserved, |(_, state)| state),
            since: last.map(|(stamp, _)| stamp),
            changes,
        }
    }

    /// Who chose what, for each decision so far: path, option, and who.
    pub fn decisions(&self) -> impl Iterator<Item = (&StepPath, &Id, &crate::model::Actor)> {
        self.questions().filter_map(|question| {
            let answer = question.answer.as_ref()?;
            match (&answer.said, question.what) {
                (Said::Choice(choice), What::Decide) => Some((question.step.as_ref()?, choice, &answer.actor)),
                _ => None,
            }
        })
    }

    /// How many steps have an outcome in force, and how many there are that people count.
    #[must_use]
    pub fn progress(&self) -> (usize, usize) {
        let counted = self.tree.nodes.iter().filter(|node| node.kind == Kind::Leaf).count();
        let over = self
            .instances()
            .filter(|(path, instance)| {
                instance.settled()
                    && instance.outcome != Some(Outcome::Skipped)
                    && path.undone().is_none()
                    && self.tree.nodes[instance.node].kind == Kind::Leaf
            })
            .count();
        (over, counted)
    }
}

/// The system and the machine that an action acts on; nothing for what only looks, or is done by people.
fn target(action: &Action) -> Option<TargetView> {
    match action {
        Action::Run(run) => {
            // An operation names a host of its system, a command of the playbook's own `SYSTEM/HOST`.
            let host = run.command.host.as_deref();
            let (system, host) = match (&run.operation, host.and_then(|host| host.split_once('/'))) {
                (Some((system, _)), _) => (Some(system.clone()), host),
                (None, Some((system, host))) => (system.parse().ok(), Some(host)),
                (None, None) => (None, host),
            };
            Some(TargetView { system, host: host.map(str::to_owned), ssh: run.ssh.clone(), restores: false })
        }
        Action::Restore(restore) => {
            let system = match &restore.to {
                PlanPlace::System(system) => Some(system.clone()),
                PlanPlace::Path(_) => None,
            };
            Some(TargetView { system, restores: true, ..TargetView::default() })
        }
        Action::Fault(fault) => Some(TargetView { system: Some(fault.on.clone()), ..TargetView::default() }),
        _ => None,
    }
}

fn yes_or_no() -> Vec<Choice> {
    let choice = |id: &str, vi: &str, en: &str| {
        let title = Text::Each { vi: Some(vi.to_owned()), en: Some(en.to_owned()) };
        id.parse().ok().map(|id| Choice { id, title, goto: None, classifies: None })
    };
    [choice("yes", "có", "yes"), choice("no", "không", "no")].into_iter().flatten().collect()
}
