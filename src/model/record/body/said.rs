//! Records of what people add of their own accord.

use serde::{Deserialize, Serialize};

use crate::model::record::{Finding, SourceFile};
use crate::model::{Mark, Name, ObjectRef, StepPath};

/// Somebody noted something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Noted {
    /// The words, a salted object.
    pub text: ObjectRef,
    /// The step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepPath>,
    /// Whether it tells what was seen of the incident: notices list it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub seen: bool,
    /// Whether it tells what went well or what fell short: the after-action report lists it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finding: Option<Finding>,
    /// Why it is entered late, or why it is so, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

impl Noted {
    /// A remark, about a step or about the run.
    #[must_use]
    pub fn remark(text: ObjectRef, step: Option<StepPath>) -> Self {
        Self { text, step, seen: false, finding: None, because: None }
    }
}

/// Somebody attached a file, kept as it is; its name is a salted object.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attached {
    /// The file as it is.
    pub file: ObjectRef,
    /// Its name, a salted object.
    pub name: ObjectRef,
    /// The step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepPath>,
    /// Why it is entered late, or why it is so, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

/// A moment that clocks hang on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Marked {
    /// Which moment.
    pub mark: Mark,
    /// The step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepPath>,
    /// Why, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

/// The text of a notice is ready; only a person can say that it was sent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoticePrepared {
    /// Which notice.
    pub notice: Name,
    /// The step that prepared it; nothing where a person asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<StepPath>,
    /// The words, a salted object.
    pub text: ObjectRef,
    /// Why it was asked for, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}

/// Inventory files as they stood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InventoryNoted {
    /// Files that are new or changed since they were noted last.
    pub files: Vec<SourceFile>,
    /// Files that were noted and are there no longer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<String>,
    /// Why, in words: a salted object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<ObjectRef>,
}
