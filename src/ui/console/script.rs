//! A run whose answers come from a file: what the file does not say, and what nobody asked for.

use super::{Console, Left, Part, show};
use crate::engine::view::{QuestionView, RunView};
use crate::message::message;
use crate::model::{Body, JournalError, StepPath};

impl Console<'_> {
    /// What the file of answers does not answer is for people: for the one at this terminal, or for whoever attaches.
    pub(super) fn unscripted(&mut self, view: &RunView) -> Result<Option<Left>, JournalError> {
        let (Some(answers), Part::Shows, false) = (self.around.answers, self.around.part, self.leaving) else {
            return Ok(None);
        };
        let silent = |question: &&QuestionView| answers.to(question).is_none();
        let Some(question) = view.questions.iter().find(silent) else { return Ok(None) };
        let lang = self.context.lang;
        let step = show::step_name(view, question.number, &question.title, lang);
        self.say(&message!("console-script-silent", step = step));
        if self.terminal {
            self.around.part = Part::Asks;
            self.mailbox.read_lines();
            return Ok(None);
        }
        if self.around.foreground {
            return self.leave();
        }
        self.say(&message!("console-left", run = view.run.as_str()));
        Ok(Some(Left::Unanswered))
    }

    /// Answers of the file that nobody asked for: the run went another way than the file expects.
    pub(super) fn unused(&self) -> Result<(), JournalError> {
        let Some(answers) = self.around.answers else { return Ok(()) };
        let records = self.scene.journal.records_of(&self.scene.run, 0)?;
        let asked = |path: Option<&StepPath>| {
            records.iter().any(|record| matches!(&record.draft.body, Body::Asked(it) if it.step.as_ref() == path))
        };
        let steps = answers.steps.keys().filter(|step| !asked(Some(step))).map(StepPath::as_str);
        let consent = (!answers.consent.is_empty() && !asked(None)).then_some("consent");
        let unused: Vec<&str> = consent.into_iter().chain(steps).collect();
        if !unused.is_empty() {
            self.say(&message!("console-script-unused", steps = unused.join(", ")));
        }
        Ok(())
    }
}
