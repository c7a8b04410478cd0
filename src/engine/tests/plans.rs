//! What is refused before anything begins, and what a plan says.

use serde_json::Value;

use super::build::*;
use crate::engine::plan::{Plan, plan};
use crate::inventory::Environment;
use crate::model::record::People;
use crate::model::{Effect, Mode, Template};
use crate::step::{Action, RestoreTo, Step, SystemRef};

/// A technical drill on declared drill targets; `inputs.system` is one.
#[track_caller]
fn technical(steps: Vec<Step>, expected: &[&str]) {
    let mut request = real(Mode::Technical, People::Console);
    request.inputs.insert(id("system"), Value::from("target"));
    request.playbooks.insert(name("inner"), named("inner", vec![step("halt", operation("inputs.system", "stop"))]));
    assert_eq!(refused(&playbook(steps), &request), expected);
}

#[test]
fn a_drill_on_declared_targets_is_planned() {
    technical(vec![step("halt", operation("inputs.system", "stop"))], &[]);
    technical(vec![step("back", restore("/srv/copy", RestoreTo::System(target("inputs.system"))))], &[]);
}

#[test]
fn an_operation_on_a_system_in_operation_is_refused() {
    technical(vec![step("halt", operation("one-stop", "stop"))], &["target-production halt"]);
}

#[test]
fn an_undo_that_touches_a_system_in_operation_is_refused() {
    technical(
        vec![undo(step("halt", operation("target", "stop")), operation("one-stop", "start"))],
        &["target-production halt/undo"],
    );
}

#[test]
fn a_literal_command_that_changes_something_is_refused() {
    technical(vec![step("halt", literal(Effect::Destructive, &["halt"]))], &["drill-literal-command halt"]);
    technical(vec![step("halt", literal(Effect::Change, &["touch", "x"]))], &["drill-literal-command halt"]);
    technical(vec![step("look", look(&["ls"]))], &[]);
}

#[test]
fn a_restore_to_a_folder_or_to_a_system_in_operation_is_refused() {
    technical(
        vec![step("back", restore("/srv/copy", RestoreTo::Path(Template("/srv/one-stop".to_owned()))))],
        &["drill-restore-path back"],
    );
    technical(
        vec![step("back", restore("/srv/copy", RestoreTo::System(SystemRef::Id(name("one-stop")))))],
        &["target-production back"],
    );
}

#[test]
fn a_called_playbook_is_held_to_the_same_targets() {
    technical(vec![step("sub", call("inner", &[("system", "target")]))], &[]);
    technical(vec![step("sub", call("inner", &[("system", "one-stop")]))], &["target-production sub/halt"]);
}

#[test]
fn every_item_of_an_each_is_checked() {
    technical(
        vec![step("all", each(&["target", "one-stop"], "site", vec![step("halt", operation("each.site", "stop"))]))],
        &["target-production all[2]/halt"],
    );
}

#[test]
fn a_call_inside_an_each_is_checked_for_every_item() {
    let inner = step("sub", call("inner", &[("system", "{{ each.site }}")]));
    technical(
        vec![step("all", each(&["target", "one-stop"], "site", vec![inner]))],
        &["target-production all[2]/sub/halt"],
    );
}

#[test]
fn a_target_that_is_known_only_in_the_run_is_refused() {
    technical(
        vec![
            step("find", look(&["ls"])),
            step("all", each_of("{{ steps.find.sites }}", "site", vec![step("halt", operation("each.site", "stop"))])),
        ],
        &["target-unknown all/halt"],
    );
}

#[test]
fn what_an_each_runs_over_is_a_list_or_the_plan_says_so() {
    let all = |of: &str| vec![step("all", each_of(of, "site", vec![step("look", look(&["ls"]))]))];
    technical(all("{{ inputs.system.id }}"), &["not-a-list all"]);
    technical(all("{{ inputs.system.sites }}"), &["value-missing all"]);
    technical(all("{{ ['target', 'one-stop'] }}"), &[]);
    technical(all("{{ steps.find.sites }}"), &[]);
    let outer = |inner| vec![step("outer", each_of("{{ steps.find.sites }}", "site", inner))];
    technical(outer(vec![step("inner", each_of("{{ each.site.hosts }}", "host", vec![step("a", manual())]))]), &[]);
}

#[test]
fn what_a_called_playbook_calls_its_roles_is_in_the_plan() {
    let role = |title: &str| crate::playbook::Role { title: title.into() };
    let mut inner = named("inner", vec![step("look", look(&["ls"]))]);
    inner.roles.insert(id("keeper"), role("Keeper"));
    inner.roles.insert(id("chief"), role("Their chief"));
    let mut book = playbook(vec![step("sub", call("inner", &[]))]);
    book.roles.insert(id("chief"), role("Our chief"));
    let mut request = lab(People::Console);
    request.playbooks.insert(name("inner"), inner);
    let plan = planned(&book, &request);
    let roles: Vec<_> = plan.roles.iter().map(|(id, role)| (id.as_str(), role.title.clone())).collect();
    assert_eq!(roles, [("chief", "Our chief".into()), ("keeper", "Keeper".into())]);
}

#[test]
fn an_input_of_a_call_that_is_not_known_does_not_become_the_default() {
    technical(
        vec![step("find", look(&["ls"])), step("sub", call("inner", &[("system", "{{ steps.find.system }}")]))],
        &["target-unknown sub", "target-production sub/halt"],
    );
}

#[test]
fn the_system_of_a_technical_drill_is_the_labs_or_a_declared_target() {
    let request = real(Mode::Technical, People::Console);
    assert_eq!(refused(&playbook(vec![step("look", look(&["ls"]))]), &request), ["target-production inputs.system"]);
}

#[test]
fn a_system_that_the_lab_lacks_is_one_in_operation() {
    let request = lab(People::Console);
    let steps = vec![step("halt", operation("lgsp", "stop"))];
    assert_eq!(refused(&playbook(steps), &request), ["target-production halt"]);
}

#[test]
fn a_drill_target_is_not_touched_from_the_lab() {
    let mut request = lab(People::Console);
    request.systems.insert(name("target"), system("target", Environment::DrillTarget));
    let steps = vec![step("halt", operation("target", "stop"))];
    assert_eq!(refused(&playbook(steps), &request), ["target-production halt"]);
}

#[test]
fn a_live_drill_and_an_incident_may_touch_systems_in_operation_and_a_tabletop_runs_nothing() {
    for mode in [Mode::Live, Mode::Respond, Mode::Tabletop] {
        let steps = vec![
            step("halt", operation("one-stop", "stop")),
            step("literal", literal(Effect::Destructive, &["halt"])),
            step("back", restore("/a", RestoreTo::Path(Template("/b".to_owned())))),
        ];
        assert_eq!(refused(&playbook(steps), &real(mode, People::Console)), [""; 0], "{mode:?}");
    }
}

#[test]
fn nobody_can_neither_decide_without_a_default_nor_consent() {
    let steps = vec![step("pick", decide(&[("a", None), ("b", None)], None))];
    assert_eq!(refused(&playbook(steps), &lab(People::Unattended)), ["nobody-decides pick"]);
    let steps = vec![step("pick", decide(&[("a", None), ("b", None)], Some("b")))];
    assert_eq!(refused(&playbook(steps.clone()), &lab(People::Unattended)), [""; 0]);
    assert_eq!(refused(&playbook(steps), &real(Mode::Live, People::Unattended)), ["nobody-consents "]);
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let mut request = lab(People::Console);
    request.inputs.insert(id("colour"), Value::from("red"));
    let steps = vec![
        step("one", operation("inputs.system", "explode")),
        step("two", call("nowhere", &[])),
        step("three", Action::Parallel(vec![step("four", operation("nothing", "stop"))])),
        step("five", look(&["ls", "{{ inputs.system.endpoints.data }}"])),
    ];
    assert_eq!(
        refused(&playbook(steps), &request),
        [
            "input-unknown ",
            "unknown-operation one",
            "unknown-playbook two",
            "target-production three/four",
            "value-missing five",
        ]
    );
}

#[test]
fn playbooks_that_call_one_another_in_a_circle_are_refused() {
    let mut request = lab(People::Console);
    request.playbooks.insert(name("one"), named("one", vec![step("to_two", call("two", &[]))]));
    request.playbooks.insert(name("two"), named("two", vec![step("to_one", call("one", &[]))]));
    let steps = vec![step("begin", call("one", &[]))];
    assert_eq!(refused(&playbook(steps), &request), ["call-cycle begin/to_two/to_one"]);
}

#[test]
fn an_input_must_be_given_and_fit_its_kind() {
    use crate::playbook::Input;
    use crate::step::ValueKind;
    let mut book = playbook(vec![step("look", look(&["ls"]))]);
    book.inputs.insert(id("limit"), Input { kind: ValueKind::Duration, title: None, default: None });
    assert_eq!(refused(&book, &lab(People::Console)), ["input-missing "]);
    let mut request = lab(People::Console);
    request.inputs.insert(id("limit"), Value::from("soon"));
    assert_eq!(refused(&book, &request), ["input-invalid "]);
    request.inputs.insert(id("limit"), Value::from("1h30m"));
    assert_eq!(planned(&book, &request).inputs["limit"], 5400);
}

#[test]
fn what_would_run_is_shown_in_full_with_what_is_not_known_marked() {
    let book = playbook(vec![
        step("pick", newest_good()),
        step("back", restore("{{ steps.pick.path }}", RestoreTo::System(target("inputs.system")))),
        step("all", each(&["a b"], "site", vec![step("look", look(&["ls", "{{ each.site }}"]))])),
        step("far", operation("inputs.system", "far")),
        step("ready", wait()),
    ]);
    let commands = planned(&book, &lab(People::Console)).commands();
    let seen: Vec<String> = commands.iter().map(|shown| format!("{}: {}", shown.path, shown.command)).collect();
    assert_eq!(
        seen,
        [
            "pick: backup newest-good one-stop",
            "back: restore ‹steps.pick.path› -> /srv/one-stop",
            "all[1]/look: ls 'a b'",
            "far: ssh app-01.internal: systemctl act one-stop",
            "ready: http http://127.0.0.1:1/health -> 200 every=1s confirm=1",
        ]
    );
}

#[test]
fn a_plan_reads_back_as_it_was_and_keeps_its_digest() {
    let book = playbook(vec![
        undo(step("halt", operation("inputs.system", "stop")), operation("inputs.system", "start")),
        step("pick", decide(&[("a", None), ("b", None)], Some("b"))),
        step("all", each(&["a"], "site", vec![step("look", look(&["ls"]))])),
        step("again", repeat("true", 3, vec![step("wait", wait())])),
        step("pick_copy", newest_good()),
        step("tell", notify()),
    ]);
    let first = planned(&book, &lab(People::Console));
    let second = Plan::from_json(&first.to_json()).expect("its own bytes");
    assert_eq!(*first, second);
    assert_eq!(first.digest(), second.digest());
    let other = plan(&book, &lab(People::Scripted)).expect("a plan");
    assert_ne!(first.digest(), other.digest());
}
