//! What a person does at a console, put into the ledger.

use std::path::Path;

use super::Console;
use super::reply::{self, Reply, Sent, Voice};
use crate::message::{format, message};
use crate::model::record::Attached;
use crate::model::{Body, Draft, Durability, JournalError, StepPath};

impl Console<'_> {
    pub(super) fn step_at_hand(&self) -> Option<StepPath> {
        self.dialogue.as_ref().and_then(|dialogue| dialogue.question().step.clone())
    }

    /// Appends a record of this person's; what it changed is read back at once.
    pub(super) fn append(&mut self, body: Body) -> Result<(), JournalError> {
        let view = self.scene.view();
        let draft = Draft::console(&self.scene.run, view.mode, self.context.actor.clone(), body);
        let appended = self.scene.journal.append(&[draft], Durability::Synced)?;
        self.own.extend(appended.records.iter().map(|record| record.seq));
        Ok(())
    }

    pub(super) fn attach(&mut self, typed: &str) -> Result<bool, JournalError> {
        let path = self.context.folder.join(typed);
        if let Err(cause) = readable(&path) {
            self.say(&message!("console-file-unreadable", path = typed, cause = cause.to_string()));
            return Ok(false);
        }
        let file = self.scene.objects.put_file(&path)?;
        let size = format::bytes(file.size, self.context.lang);
        let name = path.file_name().map_or_else(|| typed.to_owned(), |name| name.to_string_lossy().into_owned());
        let step = self.step_at_hand();
        let kept = self.scene.objects.put_text(&name)?;
        self.append(Attached { file, name: kept, step, because: None }.into())?;
        self.say(&message!("console-file-kept", name = name, size = size));
        Ok(true)
    }

    pub(super) fn reply(&mut self, reply: &Reply) -> Result<(), JournalError> {
        let view = self.scene.view();
        let scene = &self.scene;
        let mut reply = reply.clone();
        if let Err(problem) = reply::complete(&mut reply, &view, || self.duties()) {
            self.dialogue = None;
            self.passed.push(reply.question.clone());
            self.say(&problem);
            return Ok(());
        }
        let reply = &reply;
        let voice = Voice::of(reply, self.context.actor.clone());
        let sent = reply::send(scene.journal.as_ref(), scene.objects.as_ref(), (&scene.run, view.mode), &voice, reply)?;
        self.dialogue = None;
        match sent {
            Sent::Kept { seq } => {
                self.own.push(seq);
                self.say(&message!("console-kept"));
            }
            Sent::Late { by, seq } => {
                self.say(&message!("console-answered-first", who = by.as_str(), seq = seq.to_string()));
            }
            Sent::Gone => self.say(&message!("console-no-longer-asked")),
        }
        let records = self.scene.refresh()?;
        self.tell(&records);
        Ok(())
    }
}

/// Whether a person's file can be read, and is a file.
pub(crate) fn readable(path: &Path) -> std::io::Result<()> {
    // Opening a pipe waits for somebody to write to it.
    let kind = std::fs::metadata(path)?;
    if kind.is_dir() {
        return Err(std::io::ErrorKind::IsADirectory.into());
    }
    if !kind.is_file() {
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, "not a regular file"));
    }
    std::fs::File::open(path).map(drop)
}
