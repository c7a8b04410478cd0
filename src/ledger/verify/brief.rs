//! Bodies that come by the million, read as the ledger writes them, without copying. Any other form is left to serde.

use super::json;
use super::line::Rest;
use crate::model::{ObjectRef, Outcome, StepPath};

/// What the replay needs of a body that was read here.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Brief<'a> {
    Started {
        step: &'a str,
        attempt: u32,
    },
    Ended {
        step: &'a str,
        attempt: u32,
        outcome: Outcome,
    },
    /// Nothing: the lifecycle does not look into it.
    Plain,
}

/// Reads a body; `found` is given every object that it names, also where nothing comes of it.
pub(super) fn read<'a>(kind: &str, body: &'a str, found: &mut impl FnMut(ObjectRef)) -> Option<Brief<'a>> {
    let mut rest = Rest(body);
    let brief = match kind {
        "noted" => {
            rest.word("{\"text\":")?;
            rest.object(found)?;
            if rest.word(",\"step\":").is_some() {
                rest.step()?;
            }
            Brief::Plain
        }
        "step-started" => {
            rest.word("{\"step\":")?;
            let step = rest.step()?;
            rest.word(",\"attempt\":")?;
            Brief::Started { step, attempt: rest.small()? }
        }
        "step-ended" => {
            rest.word("{\"step\":")?;
            let step = rest.step()?;
            rest.word(",\"attempt\":")?;
            let attempt = rest.small()?;
            rest.word(",\"outcome\":")?;
            let outcome = Outcome::from_word(rest.string()?)?;
            if rest.word(",\"exit\":").is_some() {
                i32::try_from(rest.number()?).ok()?;
            }
            rest.word(",\"output\":")?;
            if rest.word("null").is_none() {
                rest.object(found)?;
            }
            rest.word(",\"captures\":{}")?;
            if rest.word(",\"detail\":").is_some() {
                rest.object(found)?;
            }
            Brief::Ended { step, attempt, outcome }
        }
        _ => return None,
    };
    (rest.0 == "}").then_some(brief)
}

impl<'a> Rest<'a> {
    fn step(&mut self) -> Option<&'a str> {
        self.string().filter(|step| StepPath::is_valid(step))
    }

    fn small(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    fn object(&mut self, found: &mut impl FnMut(ObjectRef)) -> Option<()> {
        let (object, length) = json::object(self.0)?;
        found(object);
        self.0 = &self.0[length..];
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Body;

    #[test]
    fn what_is_read_here_is_what_serde_reads() {
        let object = format!(r#"{{"object":"sha256:{}","size":3}}"#, "0a".repeat(32));
        for (kind, body, ours) in [
            ("step-started", r#"{"step":"a/b[2]","attempt":3}"#, true),
            ("step-started", r#"{"step":"a","attempt":1,"rounds":3}"#, false),
            ("step-started", r#"{"step":"A","attempt":1}"#, false),
            ("step-started", r#"{"step":"a","attempt":4294967296}"#, false),
            ("step-ended", r#"{"step":"a","attempt":1,"outcome":"done","exit":0,"output":OBJ,"captures":{}}"#, true),
            (
                "step-ended",
                r#"{"step":"a","attempt":1,"outcome":"failed","output":null,"captures":{},"detail":OBJ}"#,
                true,
            ),
            ("step-ended", r#"{"step":"a","attempt":1,"outcome":"fine","output":null,"captures":{}}"#, false),
            (
                "step-ended",
                r#"{"step":"a","attempt":0,"outcome":"skipped","why":"when","output":null,"captures":{}}"#,
                false,
            ),
            ("noted", r#"{"text":OBJ}"#, true),
            ("noted", r#"{"text":OBJ,"step":"a"}"#, true),
            ("noted", r#"{"text":OBJ,"more":1}"#, false),
            ("noted", r#"{"text":"words"}"#, false),
        ] {
            let body = body.replace("OBJ", &object);
            let mut found = Vec::new();
            let brief = read(kind, &body, &mut |object| found.push(object));
            assert_eq!(brief.is_some(), ours, "{kind} {body}");
            if let Some(brief) = brief {
                assert_eq!(found.len(), body.matches("sha256:").count(), "{body}");
                let theirs = match Body::parse(kind, &body).expect("serde reads it") {
                    Body::StepStarted(body) => (body.step.to_string(), body.attempt, None),
                    Body::StepEnded(body) => (body.step.to_string(), body.attempt, Some(body.outcome)),
                    _ => (String::new(), 0, None),
                };
                let ours = match brief {
                    Brief::Started { step, attempt } => (step.to_owned(), attempt, None),
                    Brief::Ended { step, attempt, outcome } => (step.to_owned(), attempt, Some(outcome)),
                    Brief::Plain => (String::new(), 0, None),
                };
                assert_eq!(ours, theirs, "{body}");
            }
        }
    }
}
