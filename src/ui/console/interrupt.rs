//! Ctrl-C in a console: leave it running, pause, or stop.

use super::{
    Body, Console, Interrupt, JournalError, Left, Message, PauseCause, RunPaused, RunStopping, StopHow, message,
};

impl Console<'_> {
    /// Ctrl-C was typed.
    pub(super) fn interrupted(&mut self) {
        self.interrupts += 1;
        self.put("\n");
        if self.around.foreground {
            // The loop hears it too, and does what is said here.
            let id = if self.interrupts > 1 { "console-interrupt-twice" } else { "console-interrupt-once" };
            self.say(&Message::new(id));
            return;
        }
        self.interrupt = Some(Interrupt::Asked);
        if self.around.part == super::Part::Shows {
            // Nobody was asked for lines so far: from here on there is something to answer.
            self.around.part = super::Part::Asks;
            self.mailbox.read_lines();
        }
        self.prompt();
    }

    /// Pauses the run where it is not.
    pub(super) fn pause(&mut self, cause: PauseCause) -> Result<(), JournalError> {
        self.may_be_refused(RunPaused { cause, because: None }.into())
    }

    /// Somebody else may have paused or stopped the run before: that is as well.
    fn may_be_refused(&mut self, body: Body) -> Result<(), JournalError> {
        match self.append(body) {
            Err(JournalError::Refused { .. }) | Ok(()) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// A line after Ctrl-C.
    pub(super) fn interrupt_line(&mut self, line: &str) -> Result<Option<Left>, JournalError> {
        match (self.interrupt, line) {
            (_, "0") => self.back()?,
            (Some(Interrupt::Asked), "1" | "d") => {
                self.say(&message!("console-left", run = self.scene.run.as_str()));
                return Ok(Some(Left::Going));
            }
            (Some(Interrupt::Asked), "2") => {
                self.pause(PauseCause::Asked)?;
                self.back()?;
            }
            (Some(Interrupt::Asked), "3") => {
                self.interrupt = Some(Interrupt::Reason);
                self.prompt();
            }
            (Some(Interrupt::Asked), _) => {
                let words = if line.is_empty() {
                    message!("console-enter-alone")
                } else {
                    message!("console-wrong-key", key = line.chars().take(20).collect::<String>())
                };
                self.say(&words);
                self.prompt();
            }
            (Some(Interrupt::Reason), "") => {
                self.say(&message!("console-reason-needed"));
                self.prompt();
            }
            (Some(Interrupt::Reason) | None, _) => {
                let because = Some(self.scene.objects.put_text(line)?);
                self.may_be_refused(RunStopping { how: StopHow::AfterRunning, because, incident: false }.into())?;
                self.back()?;
            }
        }
        Ok(None)
    }

    fn back(&mut self) -> Result<(), JournalError> {
        self.interrupt = None;
        self.interrupts = 0;
        let records = self.scene.refresh()?;
        if records.is_empty() {
            self.prompt();
        } else {
            self.tell(&records);
        }
        Ok(())
    }
}
