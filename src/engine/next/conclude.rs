//! What came of work, as records.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::PathBuf;

use super::{Context, Walk};
use crate::engine::effect::{Completion, Verdict};
use crate::engine::plan::Step;
use crate::engine::state::{Instance, State};
use crate::model::record::{Body, What, Why};
use crate::model::{Draft, JournalError, ObjectRef, Outcome, Stage, StepPath};
use crate::step::CaptureFrom;

/// The most that is read of what a command printed, in bytes; executors keep less.
const MOST: u64 = 64 * 1024 * 1024;

impl State {
    /// The records that end an attempt of a step whose work came back: its own evidence, its end, its mark.
    ///
    /// Values, output and words become objects here. Empty where the attempt is not open any more.
    ///
    /// # Errors
    ///
    /// Where an object cannot be kept, or what a command printed not be read.
    pub fn conclude(
        &self,
        step: &StepPath,
        attempt: u32,
        completion: Completion,
        context: &Context,
    ) -> Result<Vec<Draft>, JournalError> {
        let (Some(run), Some(instance)) = (&self.run, self.instance(step)) else { return Ok(Vec::new()) };
        if !instance.open() || instance.attempt != attempt {
            return Ok(Vec::new());
        }
        let walk = Walk {
            state: self,
            context,
            run: run.clone(),
            effects: Vec::new(),
            asked: 0,
            wake: None,
            paused: self.stage() == Stage::Paused,
            paper: None,
        };
        walk.conclude(step, instance, completion)
    }
}

impl Walk<'_> {
    fn conclude(
        &self,
        path: &StepPath,
        instance: &Instance,
        completion: Completion,
    ) -> Result<Vec<Draft>, JournalError> {
        let objects = self.context.objects;
        let node = instance.node;
        let step = self.step(node);
        let (mut outcome, mut why) = match completion.verdict {
            Verdict::Done => (Outcome::Done, None),
            Verdict::Failed(why) => (Outcome::Failed, why),
            Verdict::Unknown(why) => (Outcome::Unknown, Some(why)),
            Verdict::Abandoned => (Outcome::Abandoned, self.state.stopping().is_some().then_some(Why::Stopping)),
        };
        let mut detail = completion.detail;
        let stdout = printed(completion.stdout.as_ref())?;
        let stderr = printed(completion.stderr.as_ref())?;
        let mut captures: BTreeMap<String, ObjectRef> = BTreeMap::new();
        for (name, value) in &completion.values {
            captures.insert(name.clone(), objects.put_text(&value.to_string())?);
        }
        if outcome == Outcome::Done && path.undone().is_none() {
            let texts = Texts { stdout: &stdout, stderr: &stderr, body: completion.body.as_deref() };
            match picked(step, &texts) {
                Ok(found) => {
                    for (name, value) in found {
                        let json = serde_json::to_string(&value).unwrap_or_default();
                        captures.insert(name, objects.put_text(&json)?);
                    }
                }
                Err(name) => {
                    outcome = Outcome::Failed;
                    why = Some(Why::Capture);
                    detail = detail.or(Some(name));
                }
            }
        }
        let mut end = self.ending(node, path, instance.attempt, outcome);
        end.why = why;
        end.exit = completion.exit;
        end.signal = completion.signal;
        end.output = output(self.context, &stdout, &stderr)?;
        end.dropped = (completion.dropped > 0).then_some(completion.dropped);
        end.captures = captures;
        if let Some(detail) = detail.filter(|detail| !detail.is_empty()) {
            end.detail = Some(objects.put_text(&detail)?);
        }
        self.retry(node, path, instance, &mut end);
        if end.why == Some(Why::Connection) {
            self.to_be_said(path, &mut end);
        }
        let told = completion.evidence.iter().any(|body| matches!(body, Body::Faulted(_)));
        let mut drafts: Vec<Draft> = completion.evidence.into_iter().map(|body| self.draft(body)).collect();
        if outcome == Outcome::Done && !told {
            drafts.extend(self.delivered(path, self.action(node, path), What::Deliver, false));
        }
        drafts.extend(self.end(node, path, end, None));
        Ok(drafts)
    }
}

/// Where captures look.
struct Texts<'a> {
    stdout: &'a [u8],
    stderr: &'a [u8],
    body: Option<&'a str>,
}

/// The captures of a step; else the name of the first that finds nothing.
fn picked(step: &Step, texts: &Texts) -> Result<Vec<(String, String)>, String> {
    let mut found = Vec::with_capacity(step.capture.len());
    for capture in &step.capture {
        let text = match capture.from {
            CaptureFrom::Stdout => String::from_utf8_lossy(texts.stdout),
            CaptureFrom::Stderr => String::from_utf8_lossy(texts.stderr),
            CaptureFrom::Body => texts.body.unwrap_or_default().into(),
        };
        // An expression that no longer compiles was refused when the playbook was read.
        let value = regex::Regex::new(&capture.regex)
            .ok()
            .and_then(|regex| regex.captures(&text)?.get(1).map(|group| group.as_str().to_owned()));
        found.push((capture.name.to_string(), value.ok_or_else(|| capture.name.to_string())?));
    }
    Ok(found)
}

/// Standard output and error, one after the other, as one object; nothing where both are empty.
fn output(context: &Context, stdout: &[u8], stderr: &[u8]) -> Result<Option<ObjectRef>, JournalError> {
    if stdout.is_empty() && stderr.is_empty() {
        return Ok(None);
    }
    let mut text = String::from_utf8_lossy(stdout).into_owned();
    if !stderr.is_empty() {
        if !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&String::from_utf8_lossy(stderr));
    }
    context.objects.put_text(&text).map(Some)
}

fn printed(path: Option<&PathBuf>) -> Result<Vec<u8>, JournalError> {
    let mut bytes = Vec::new();
    if let Some(path) = path {
        let file = std::fs::File::open(path).map_err(|error| JournalError::Failed(Box::new(error)))?;
        file.take(MOST).read_to_end(&mut bytes).map_err(|error| JournalError::Failed(Box::new(error)))?;
    }
    Ok(bytes)
}
