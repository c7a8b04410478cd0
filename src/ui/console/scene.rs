//! A run as a console follows it: the records so far, folded; new ones as they come.

use std::sync::Arc;

use crate::engine::view::{HeldView, RunView, StepView};
use crate::engine::{Plan, State, leading};
use crate::inventory::People;
use crate::model::{Clock, Id, Journal, JournalError, Objects, QuestionId, Record, RunId};
use crate::step::ValueKind;

/// A run, its evidence, and how far it has been read.
pub(crate) struct Scene {
    /// The run.
    pub(crate) run: RunId,
    /// The log.
    pub(crate) journal: Arc<dyn Journal>,
    /// The objects.
    pub(crate) objects: Arc<dyn Objects>,
    /// The clocks.
    pub(crate) clock: Arc<dyn Clock>,
    /// The people of the unit as they stood when the run began.
    people: Option<People>,
    state: State,
    part: u64,
    next: u64,
}

impl Scene {
    /// Folds all that there is of `run` so far.
    ///
    /// # Errors
    ///
    /// Where the log cannot be read.
    pub(crate) fn open(
        run: &RunId,
        (plan, part): (Arc<Plan>, u64),
        journal: Arc<dyn Journal>,
        objects: Arc<dyn Objects>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, JournalError> {
        let state = State::part(plan, part);
        let mut scene = Self { run: run.clone(), journal, objects, clock, people: None, state, part, next: 0 };
        scene.refresh()?;
        Ok(scene)
    }

    /// Folds what has come since, and gives it.
    ///
    /// # Errors
    ///
    /// Where the log cannot be read.
    pub(crate) fn refresh(&mut self) -> Result<Vec<Record>, JournalError> {
        let records = self.journal.records_of(&self.run, self.next)?;
        for record in &records {
            self.state.apply(record);
            self.next = record.seq + 1;
        }
        if self.state.superseded() {
            self.follow()?;
        }
        Ok(records)
    }

    /// Folds the run anew with the plan that leads it now.
    fn follow(&mut self) -> Result<(), JournalError> {
        let records = self.journal.records_of(&self.run, 0)?;
        let Some((part, plan)) = leading(&records) else { return Ok(()) };
        let Some(plan) = self.objects.get(&plan)?.and_then(|bytes| Plan::from_json(&bytes).ok()) else { return Ok(()) };
        self.part = part;
        self.state = State::part(Arc::new(plan), part);
        for record in &records {
            self.state.apply(record);
            self.next = self.next.max(record.seq + 1);
        }
        Ok(())
    }

    /// The kind of the value that a question asked for, open or not.
    pub(crate) fn asked_for(&self, question: &QuestionId, value: &Id) -> Option<ValueKind> {
        self.state.asked_for(question, value)
    }

    /// The run as its records say it is.
    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    /// The same with the people of the unit.
    pub(crate) fn among(self, people: Option<People>) -> Self {
        Self { people, ..self }
    }

    /// The people of the unit as they stood when the run began; nothing where it has no such file.
    pub(crate) fn people(&self) -> Option<&People> {
        self.people.as_ref()
    }

    /// The run as it stands now, with its questions' texts, and the roles that `people.yaml` gives to somebody.
    pub(crate) fn view(&self) -> RunView {
        let now = self.clock.now();
        let mut view = self.state.view_with(&now, Some(self.objects.as_ref()));
        let Some(people) = &self.people else { return view };
        let incident = self.state.incident();
        for role in people.roles.keys() {
            if !view.held.iter().any(|held| held.role == *role) {
                view.held.push(HeldView { role: role.clone(), holder: None, listed: false });
            }
        }
        view.held.sort_by(|one, other| one.role.cmp(&other.role));
        // In a long incident a holder's time may pass: then it is the deputy's.
        let day = now.at.offset.to_datetime(now.at.instant).date();
        for held in view.held.iter_mut().filter(|held| held.holder.is_none() && !incident.vacant.contains(&held.role)) {
            held.holder = people.standing(&held.role, day, &incident.gone).cloned();
            held.listed = held.holder.is_some();
        }
        view
    }
}

/// Whether a step that people count is at work.
pub(super) fn busy(step: &StepView) -> bool {
    step.open && step.number.is_some()
}

/// Whether something is at work that does not wait for people.
pub(super) fn at_work(view: &RunView) -> bool {
    let asked = |path| view.questions.iter().any(|question| question.step.as_ref() == Some(path));
    view.steps.iter().any(|step| busy(step) && !asked(&step.path))
}
