//! How long the service was down, as citizens saw it.

use super::{Outage, Report};
use crate::model::record::WatchState;

/// The watch at the citizens' door, where a playbook has one.
const CITIZENS: &str = "citizens";

impl Report {
    /// The first time in which the watch at the citizens' door saw nothing served; nothing where there is no such watch, or it
    /// saw none. A watch elsewhere, which may see the fault earlier or later, tells of the service and not of citizens.
    #[must_use]
    pub fn citizens_outage(&self) -> Option<Outage> {
        let row = self.watches.iter().find(|row| row.id.as_str() == CITIZENS)?;
        let at = row.spans.iter().position(|span| span.state == WatchState::Down)?;
        let span = &row.spans[at];
        Some(Outage {
            from: span.from,
            to: (at + 1 < row.spans.len()).then_some(span.to),
            seconds: u64::try_from(span.to.instant.duration_since(span.from.instant).as_secs()).ok()?,
            watch: row.id.clone(),
            records: row.records.clone(),
        })
    }
}
