//! Tabletop, technical, live and real: who is asked what, and what nobody does.

use super::build::*;
use super::sim::Sim;
use crate::engine::effect::Work;
use crate::model::record::{Body, Noted, People, StopHow};
use crate::model::{Mark, Mode, Objects as _};
use crate::step::RestoreTo;

#[test]
fn in_a_tabletop_what_would_run_is_asked_and_a_when_over_what_nobody_stated_too() {
    let book = playbook(vec![
        step("halt", operation("one-stop", "stop")),
        when(
            step("more", literal(crate::model::Effect::Change, &["ls", "{{ steps.halt.name }}"])),
            "steps.halt.exit == 0",
        ),
    ]);
    let mut sim = Sim::new(planned(&book, &real(Mode::Tabletop, People::Console)));
    sim.turn(Vec::new());
    sim.answer("halt", "done");
    sim.answer("more", "yes");
    let view = sim.state.view_with(&sim.now(), Some(sim.objects.as_ref()));
    assert_eq!(view.questions[0].command.as_deref(), Some("ls ‹steps.halt.name›"));
    sim.answer("more", "failed");
    sim.check(
        "begin halt 1
         ask halt state
         answered
         end halt 1 done
         ask more truth
         decided
         begin more 1
         ask more state
         answered
         end more 1 failed
         run failed",
    );
    assert!(sim.begun.is_empty(), "nothing runs");
}

#[test]
fn a_when_may_ask_how_the_run_is_carried_out() {
    let book = playbook(vec![when(step("first", wait()), "run.mode == 'technical'"), step("break_it", fault())]);
    let mut sim = Sim::new(planned(&book, &lab(People::Console)));
    sim.turn(Vec::new());
    assert_eq!(sim.running.len(), 1, "a drill on the lab waits");
    assert!(sim.state.view(&sim.now()).steps.iter().all(|step| !step.left_out));
    let mut sim = Sim::new(planned(&book, &real(Mode::Respond, People::Console)));
    assert!(sim.state.view(&sim.now()).steps.iter().all(|step| step.left_out), "known before it begins");
    sim.turn(Vec::new());
    assert!(sim.running.is_empty(), "an incident does not: {}", sim.log());
}

#[test]
fn a_moment_is_put_to_people_in_the_words_of_their_language() {
    use crate::engine::plan::in_words;
    use crate::model::{Lang, Template};
    let scope = serde_json::json!({ "steps": { "pick": { "sealed_at": "2026-01-05T01:00:00.000000+07:00" } } });
    let scope = crate::playbook::expression::Scope::new(scope);
    let text = Template("at {{ steps.pick.sealed_at }}".to_owned());
    assert_eq!(in_words(&text, &scope, Lang::Vi), "at 01:00:00 05/01/2026");
    assert_eq!(in_words(&text, &scope, Lang::En), "at 2026-01-05 01:00:00");
}

#[test]
fn a_fault_is_made_in_the_lab_told_elsewhere_and_left_out_of_an_incident() {
    let book = playbook(vec![step("break_it", fault()), step("scene", inject())]);
    let mut sim = Sim::new(planned(&book, &lab(People::Console)));
    sim.turn(Vec::new());
    assert!(matches!(sim.running[0].work, Work::Fault { .. }));
    sim.done("break_it");
    sim.answer("scene", "done");
    sim.check(
        "begin break_it 1
         faulted
         end break_it 1 done
         begin scene 1
         ask scene deliver
         answered
         injected
         end scene 1 done
         run passed",
    );
    let mut sim = Sim::new(planned(&book, &real(Mode::Tabletop, People::Console)));
    sim.turn(Vec::new());
    sim.answer("break_it", "done");
    sim.answer("scene", "done");
    assert!(sim.log().contains("answered\nfaulted\nend break_it 1 done"), "{}", sim.log());
    let mut sim = Sim::new(planned(&book, &real(Mode::Respond, People::Console)));
    sim.turn(Vec::new());
    sim.answer("", "yes");
    sim.check(
        "ask  consent
         consented
         end break_it 0 skipped drill-only
         end scene 0 skipped drill-only
         run passed",
    );
}

#[test]
fn where_nobody_is_there_nothing_is_told_and_no_record_says_that_it_was() {
    let book = playbook(vec![step("break_it", fault()), step("scene", inject())]);
    for request in [real(Mode::Tabletop, People::Unattended), lab(People::Unattended)] {
        let mut sim = Sim::new(planned(&book, &request));
        sim.turn(Vec::new());
        if request.lab {
            sim.done("break_it");
        }
        assert!(sim.log().ends_with("end scene 0 skipped unattended\nrun passed"), "{}", sim.log());
        assert!(!sim.log().contains("injected"), "{}", sim.log());
    }
}

#[test]
fn consent_to_another_plan_is_none() {
    let book = playbook(vec![step("halt", operation("one-stop", "stop"))]);
    let mut sim = Sim::new(planned(&book, &real(Mode::Live, People::Console)));
    sim.turn(Vec::new());
    let mut draft = sim.answer_to(&sim.open_questions()[0], "yes");
    if let Body::Consented(consented) = &mut draft.body {
        consented.plan = Some(crate::model::Digest::of(b"another"));
    }
    sim.append(vec![draft]);
    sim.turn(Vec::new());
    assert!(sim.begun.is_empty() && sim.log().ends_with("run stopped"), "{}", sim.log());
}

#[test]
fn nothing_begins_in_a_live_drill_before_its_plan_is_consented_to() {
    let book = playbook(vec![step("halt", operation("one-stop", "stop"))]);
    let plan = planned(&book, &real(Mode::Live, People::Console));
    let mut sim = Sim::new(plan.clone());
    sim.turn(Vec::new());
    assert_eq!(sim.open_questions()[0].plan, Some(plan.digest()));
    assert!(sim.running.is_empty());
    sim.answer("", "yes");
    assert_eq!(sim.running.len(), 1);
    let mut sim = Sim::new(plan);
    sim.turn(Vec::new());
    sim.answer("", "no");
    sim.check(
        "ask  consent
         consented
         run-stopping
         end halt 0 skipped stopping
         run stopped",
    );
}

#[test]
fn in_an_incident_each_undo_is_asked_for() {
    let halt = || undo(step("halt", operation("one-stop", "stop")), operation("one-stop", "start"));
    let book = playbook(vec![halt(), step("look", look(&["ls"]))]);
    let mut sim = Sim::new(planned(&book, &real(Mode::Respond, People::Console)));
    sim.turn(Vec::new());
    sim.answer("", "yes");
    sim.done("halt");
    sim.fails("look");
    assert!(sim.running.is_empty());
    let view = sim.state.view(&sim.now());
    assert_eq!(view.questions[0].command.as_deref(), Some("systemctl act one-stop"));
    sim.answer("halt/undo", "skipped");
    assert!(sim.log().ends_with("undone halt none\nrun failed"), "{}", sim.log());
}

#[test]
fn unattended_manual_steps_are_done_without_being_confirmed_and_make_their_marks() {
    let mut confirm = step("confirm", manual());
    confirm.marks = Some(Mark::Detected);
    confirm.evidence_required = true;
    let book = playbook(vec![
        confirm,
        step("pick", decide(&[("near", None), ("far", Some("last"))], Some("far"))),
        step("between", manual()),
        step("last", inject()),
    ]);
    let mut sim = Sim::new(planned(&book, &lab(People::Unattended)));
    sim.turn(Vec::new());
    sim.check(
        "begin confirm 1
         end confirm 1 done unattended
         mark detected
         begin pick 1
         end pick 1 done unattended
         end between 0 skipped goto of pick
         end last 0 skipped unattended
         run passed",
    );
    let confirmed = sim.state.instance(&"confirm".parse().expect("a path")).and_then(|step| step.confirmed);
    assert_eq!(confirmed, Some(false));
}

#[test]
fn a_step_that_needs_evidence_is_asked_for_again_until_some_is_there() {
    let mut confirm = step("confirm", manual());
    confirm.evidence_required = true;
    let mut sim = Sim::new(planned(&playbook(vec![confirm]), &lab(People::Console)));
    sim.turn(Vec::new());
    assert!(sim.state.view(&sim.now()).questions[0].evidence_missing);
    sim.answer("confirm", "done");
    assert_eq!(sim.open_questions().len(), 1, "asked again");
    let text = sim.objects.put_text("seen").expect("memory");
    let noted = sim.draft(Noted::remark(text, Some("confirm".parse().expect("a path"))));
    sim.append(vec![noted]);
    assert!(!sim.state.view(&sim.now()).questions[0].evidence_missing);
    sim.answer("confirm", "done");
    assert!(sim.state.ended());
}

#[test]
fn a_copy_on_another_machine_is_asked_of_a_person() {
    let mut request = lab(People::Console);
    if let Some(system) = request.systems.get_mut("one-stop") {
        system.backups[0].host = Some(name("bk-01"));
    }
    let mut path = step("back", restore("{{ steps.pick.path }}", RestoreTo::System(target("inputs.system"))));
    path.repeatable = false;
    let mut sim = Sim::new(planned(&playbook(vec![step("pick", newest_good()), path]), &request));
    sim.turn(Vec::new());
    let view = sim.state.view(&sim.now());
    assert_eq!(view.questions[0].ask[0].id, "path");
    sim.answer("pick", "done");
    assert!(sim.log().contains("end back 1 failed expression"), "nobody stated the path:\n{}", sim.log());
}

#[test]
fn a_pause_starts_nothing_new_and_lets_what_runs_go_on() {
    let mut sim = Sim::new(planned(
        &playbook(vec![step("one", look(&["ls"])), step("two", look(&["ls"]))]),
        &lab(People::Console),
    ));
    sim.turn(Vec::new());
    sim.pause();
    sim.done("one");
    assert!(sim.running.is_empty());
    sim.go_on();
    sim.done("two");
    sim.check(
        "begin one 1
         run-paused
         end one 1 done
         run-continued
         begin two 1
         end two 1 done
         run passed",
    );
}

#[test]
fn a_stop_lets_what_runs_end_or_ends_it_and_skips_the_rest() {
    let steps = || {
        vec![
            undo(step("one", operation("inputs.system", "stop")), operation("inputs.system", "start")),
            step("two", look(&["ls"])),
            step("three", manual()),
        ]
    };
    let mut sim = Sim::new(planned(&playbook(steps()), &lab(People::Console)));
    sim.turn(Vec::new());
    sim.done("one");
    sim.stop(StopHow::AfterRunning);
    sim.done("two");
    sim.done("one/undo");
    sim.check(
        "begin one 1
         end one 1 done
         begin two 1
         run-stopping
         end three 0 skipped stopping
         end two 1 done
         begin one/undo 1
         end one/undo 1 done
         undone one done
         run stopped",
    );
    let mut sim = Sim::new(planned(&playbook(steps()), &lab(People::Console)));
    sim.turn(Vec::new());
    sim.done("one");
    sim.stop(StopHow::Now);
    sim.done("one/undo");
    sim.check(
        "begin one 1
         end one 1 done
         begin two 1
         run-stopping
         end three 0 skipped stopping
         end two 1 abandoned stopping
         begin one/undo 1
         end one/undo 1 done
         undone one done
         run stopped",
    );
}

#[test]
fn a_question_that_is_open_when_the_run_stops_is_asked_no_more() {
    let mut sim = Sim::new(planned(&playbook(vec![step("one", manual())]), &lab(People::Console)));
    sim.turn(Vec::new());
    sim.stop(StopHow::AfterRunning);
    sim.check(
        "begin one 1
         ask one manual
         run-stopping
         end one 1 abandoned stopping
         run stopped",
    );
}

#[test]
fn the_notice_of_a_drill_says_that_it_is_one() {
    let mut sim = Sim::new(planned(&playbook(vec![step("tell", notify())]), &lab(People::Console)));
    sim.turn(Vec::new());
    let text = sim.records.iter().find_map(|record| match &record.draft.body {
        Body::NoticePrepared(notice) => sim.objects.get_text(&notice.text).expect("memory"),
        _ => None,
    });
    assert!(text.expect("a notice").starts_with("DIỄN TẬP – KHÔNG PHẢI SỰ CỐ THẬT"));
}
