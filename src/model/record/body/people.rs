//! Records of who takes part.

use serde::{Deserialize, Serialize};

use crate::model::Id;

/// Somebody takes part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Joined {
    /// In which role.
    pub role: Option<Id>,
}
