use super::*;

#[test]
fn minutes_of_a_kind_are_made_of_runs_of_that_kind_only() {
    use MinutesKind::{DataBreach, Drill, Incident, RestoreTest};
    let fits = |kind: RunKind| [Drill, Incident, RestoreTest, DataBreach].map(|minutes| minutes.fits(kind));
    assert_eq!(fits(RunKind::Drill), [true, false, true, true]);
    assert_eq!(fits(RunKind::Incident), [false, true, true, true]);
}
