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

#[cfg(test)]
mod tests {
    use crate::report::tests::{drill, report_of};

    #[test]
    fn what_citizens_missed_is_what_their_own_watch_saw_whichever_watch_failed_first() {
        let mut report = report_of(&drill(), Some(true));
        let own = report.citizens_outage().expect("their watch saw it");
        let other = crate::report::WatchRow { id: "database".parse().expect("an id"), ..report.watches[0].clone() };
        report.watches.insert(0, other);
        assert_eq!(report.citizens_outage().as_ref(), Some(&own));
        assert_eq!((own.watch.as_str(), own.to.is_some()), ("citizens", true));
        report.watches.pop();
        assert_eq!(report.citizens_outage(), None);
    }
}
