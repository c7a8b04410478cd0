//! Records of clocks, watches and objectives.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::record::WatchState;
use crate::model::{Id, ObjectRef, Stamp};

/// A clock runs. `limit_s` is what was known then, in seconds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClockStarted {
    /// Which clock.
    pub clock: Id,
    /// The limit known then, in seconds.
    pub limit_s: Option<u64>,
    /// `occurred` on the boot clock, microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_mono_us: Option<u64>,
}

/// A clock stopped. `seconds` is what was known then, without what a drill was paused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClockStopped {
    /// Which clock.
    pub clock: Id,
    /// Whole seconds.
    pub seconds: Option<u64>,
    /// `occurred` on the boot clock, microseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_mono_us: Option<u64>,
}

/// What a watch sees changed. `occurred` is the first sample of the new state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WatchChanged {
    /// Which watch.
    pub watch: Id,
    /// The new state.
    pub state: WatchState,
    /// `occurred` on the boot clock, microseconds.
    pub occurred_mono_us: Option<u64>,
}

/// Samples of a watch, kept as an object of JSON lines. Seconds of each state between `from` and `to`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WatchSampled {
    /// Which watch.
    pub watch: Id,
    /// The first moment.
    pub from: Stamp,
    /// The last moment, or to whom.
    pub to: Stamp,
    /// Seconds up.
    pub up: u64,
    /// Seconds down.
    pub down: u64,
    /// Seconds in which nobody looked.
    pub unobserved: u64,
    /// The samples.
    pub object: ObjectRef,
}

/// What an objective came to, as known then. Null: not measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObjectiveMeasured {
    /// Which objective.
    pub objective: Id,
    /// Whether it was reached.
    pub met: Option<bool>,
    /// What was read then of clocks (whole seconds) and of outcomes (their words), by the names in the measure. Values that
    /// steps gave are not here: each has one home, the object in its step's record.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, serde_json::Value>,
}
