//! What people say of an incident: a second person, roles, classifications, and corrections of what was said.

use super::build::*;
use super::sim::{Sim, run_id};
use crate::engine::{fold, leading};
use crate::model::record::{
    Answered, Body, Classified, Confirmed, Consented, Corrected, HandedOver, Joined, Left, Manner, Marked, People,
    PlaybookSwitched, Replaced, Serious, Value, What,
};
use crate::model::{Actor, Draft, Effect, Id, Mark, Mode, Objects as _, Outcome, QuestionId, Refusal, Stamp};

fn respond(steps: Vec<crate::step::Step>) -> Sim {
    let mut request = real(Mode::Respond, People::Console);
    request.second_person = Manner::ALL.to_vec();
    let mut sim = Sim::new(planned(&playbook(steps), &request));
    sim.turn(Vec::new());
    sim.answer("", "yes");
    sim
}

fn actor(who: &str) -> Actor {
    who.parse().expect("an actor")
}

fn said(sim: &Sim, who: &str, body: impl Into<Body>) -> Draft {
    let actor: Actor = who.parse().expect("an actor");
    Draft::console(&run_id(&sim.plan), Mode::Respond, actor, body.into())
}

fn late(sim: &Sim, who: &str, at: &str, body: impl Into<Body>) -> Draft {
    Draft { occurred: Some(stamp(at)), basis: crate::model::Basis::Told, ..said(sim, who, body) }
}

fn stamp(text: &str) -> Stamp {
    text.parse().expect("a time")
}

fn correct(sim: &mut Sim, seq: u64, field: &str, is: Value) {
    let because = Some(sim.objects.put_text("mistyped").expect("memory"));
    let body = Corrected { seq, field: field.to_owned(), was: Value::Nothing, is, because };
    let draft = said(sim, "lan", body);
    sim.append(vec![draft]);
    sim.turn(Vec::new());
}

#[test]
fn what_is_destructive_on_a_real_system_waits_for_a_second_person() {
    let mut sim = respond(vec![
        step("look", look(&["uptime"])),
        step("halt", operation("one-stop", "stop")),
        step("wipe", literal(Effect::Destructive, &["rm", "x"])),
        step("after", manual()),
    ]);
    sim.done("look");
    let asked = sim.open_questions();
    assert_eq!((asked.len(), asked[0].what), (1, What::Second));
    assert!(sim.running.is_empty(), "nothing runs before");
    let body = Consented {
        question: asked[0].id.clone(),
        given: true,
        plan: None,
        manner: Some(Manner::Phone),
        vkey: None,
        note: None,
        because: None,
    };
    let alone = said(&sim, "binh", body.clone());
    assert!(matches!(sim.state.admit(&alone), Err(Refusal::SamePerson { .. })), "nobody called oneself");
    let bare = Draft { by: Some(actor("lan")), ..said(&sim, "binh", Consented { manner: None, ..body.clone() }) };
    assert!(matches!(sim.state.admit(&bare), Err(Refusal::NoManner { .. })), "how it was given is said");
    let given = Draft { by: Some(actor("lan")), ..said(&sim, "binh", body) };
    sim.append(vec![given]);
    sim.turn(Vec::new());
    sim.done("halt");
    let asked = sim.open_questions();
    let refused = Consented {
        question: asked[0].id.clone(),
        given: false,
        plan: None,
        manner: None,
        vkey: None,
        note: None,
        because: None,
    };
    let refused = said(&sim, "binh", refused);
    sim.append(vec![refused]);
    sim.turn(Vec::new());
    assert_eq!(sim.state.outcome(&"wipe".parse().expect("a path")), Some(Outcome::Skipped));
    sim.answer("after", "done");
    assert!(sim.state.ended());
}

#[test]
fn a_consent_given_alone_waits_for_another_who_confirms_it_once() {
    let mut sim = respond(vec![step("halt", operation("one-stop", "stop"))]);
    let because = Some(sim.objects.put_text("nobody else at 3 am").expect("memory"));
    let question = sim.open_questions()[0].id.clone();
    let manner = Some(Manner::Alone);
    let body = Consented { question, given: true, plan: None, manner, vkey: None, note: None, because };
    let unsaid = said(&sim, "lan", Consented { because: None, ..body.clone() });
    assert!(matches!(sim.state.admit(&unsaid), Err(Refusal::NoReason)));
    let draft = said(&sim, "lan", body);
    sim.append(vec![draft]);
    let seq = sim.records.last().expect("a record").seq;
    sim.turn(Vec::new());
    sim.done("halt");
    assert!(sim.state.ended());
    let confirm = |sim: &Sim, who: &str, seq| said(sim, who, Confirmed { seq, because });
    assert!(matches!(sim.state.admit(&confirm(&sim, "lan", seq)), Err(Refusal::SamePerson { .. })));
    assert!(matches!(sim.state.admit(&confirm(&sim, "truong", seq - 1)), Err(Refusal::NothingToConfirm { .. })));
    let confirmed = confirm(&sim, "truong", seq);
    sim.append(vec![confirmed.clone()]);
    let alone = &sim.state.incident().alone;
    assert_eq!(alone[0].confirmed.as_ref().map(|(who, _)| who.to_string()).as_deref(), Some("truong"));
    assert!(matches!(sim.state.admit(&confirmed), Err(Refusal::NothingToConfirm { .. })), "once");
}

#[test]
fn a_role_passes_by_joining_handing_over_replacing_and_leaving() {
    let mut sim = respond(vec![step("one", manual())]);
    let role: Id = id("operator");
    let holder = |sim: &Sim| sim.state.incident().roles.get("operator").map(ToString::to_string);
    let joined = said(&sim, "lan", Joined { role: Some(role.clone()), because: None });
    sim.append(vec![joined]);
    assert_eq!(holder(&sim).as_deref(), Some("lan"));

    let question: QuestionId = "q9".parse().expect("an id");
    let offered = crate::model::record::Asked {
        role: Some(role.clone()),
        to: Some("binh".parse().expect("an actor")),
        ..crate::model::record::Asked::about(question.clone(), None, 0, What::Handover)
    };
    let offered = said(&sim, "lan", offered);
    sim.append(vec![offered]);
    assert_eq!(holder(&sim).as_deref(), Some("lan"), "nobody has taken it yet");
    let taken = HandedOver {
        question,
        role: role.clone(),
        from: "lan".parse().expect("an actor"),
        steps: vec!["one".parse().expect("a path")],
        questions: Vec::new(),
        duties: Vec::new(),
        because: None,
    };
    let by_another = sim.state.admit(&said(&sim, "chi", taken.clone()));
    assert!(matches!(by_another, Err(Refusal::NotYours { .. })), "{by_another:?}");
    let taken = said(&sim, "binh", taken);
    sim.append(vec![taken.clone()]);
    assert_eq!(holder(&sim).as_deref(), Some("binh"));
    assert!(matches!(sim.state.admit(&taken), Err(Refusal::AnsweredBefore { .. })));

    let replaced = said(&sim, "truong", Replaced { role, to: "chi".parse().expect("an actor"), because: None });
    sim.append(vec![replaced]);
    assert_eq!(holder(&sim).as_deref(), Some("chi"));
    let left = said(&sim, "chi", Left { because: None });
    sim.append(vec![left]);
    assert_eq!(holder(&sim), None);
}

#[test]
fn a_corrected_time_moves_the_mark_the_end_of_its_step_and_nothing_else() {
    let mut first = step("confirm", manual());
    first.marks = Some(Mark::Detected);
    let mut sim = respond(vec![first, step("two", manual())]);
    let because = Some(sim.objects.put_text("from the paper log").expect("memory"));
    let question = sim.open_questions()[0].id.clone();
    let body = Answered { question, outcome: Outcome::Done, checks: Vec::new(), answers: [].into(), because };
    let answer = late(&sim, "lan", "2026-06-01T01:40:00+07:00", body);
    sim.append(vec![answer]);
    let seq = sim.records.last().expect("a record").seq;
    sim.turn(Vec::new());
    let detected = |sim: &Sim| sim.state.marks().first(Mark::Detected).expect("marked").edge.stamp;
    assert_eq!(detected(&sim), stamp("2026-06-01T01:40:00+07:00"));
    correct(&mut sim, seq, "occurred", Value::Word("2026-06-01T01:30:00+07:00".to_owned()));
    assert_eq!(detected(&sim), stamp("2026-06-01T01:30:00+07:00"));
    let ended = sim.state.instance(&"confirm".parse().expect("a path")).and_then(|it| it.ended_edge.clone());
    assert_eq!(ended.expect("ended").stamp, stamp("2026-06-01T01:30:00+07:00"));
    // A correction of the same record again: the later word is in force.
    correct(&mut sim, seq, "occurred", Value::Word("2026-06-01T01:35:00+07:00".to_owned()));
    assert_eq!(detected(&sim), stamp("2026-06-01T01:35:00+07:00"));
    correct(&mut sim, seq, "actor", Value::Word("binh".to_owned()));
    let answered = sim.state.questions().find_map(|question| question.answer.clone().filter(|it| it.seq == seq));
    assert_eq!(answered.expect("an answer").actor.to_string(), "binh");
    let nothing =
        Corrected { seq: 9999, field: "occurred".to_owned(), was: Value::Nothing, is: Value::Nothing, because: None };
    assert!(matches!(sim.state.admit(&said(&sim, "lan", nothing)), Err(Refusal::NothingToCorrect { seq: 9999 })));
}

#[test]
fn the_last_word_on_how_serious_it_is_counts_and_personal_data_has_its_own_moment() {
    let mut sim = respond(vec![step("one", manual())]);
    assert_eq!(sim.state.incident().serious(), Serious::Undecided);
    let because = Some(sim.objects.put_text("why").expect("memory"));
    let flags = std::collections::BTreeMap::new();
    let nothing = Classified { serious: None, grave: None, personal_data: None, flags, definition: None, because };
    let steps = [
        late(&sim, "lan", "2026-06-01T02:10:00+07:00", Classified { serious: Some(Serious::Yes), ..nothing.clone() }),
        late(&sim, "lan", "2026-06-01T03:00:00+07:00", Classified { personal_data: Some(true), ..nothing.clone() }),
        late(&sim, "lan", "2026-06-01T04:00:00+07:00", Classified { serious: Some(Serious::No), ..nothing.clone() }),
    ];
    for draft in steps {
        sim.append(vec![draft]);
    }
    assert_eq!(sim.state.incident().serious(), Serious::No);
    let found = sim.state.incident().personal_data().map(|edge| edge.stamp);
    assert_eq!(found, Some(stamp("2026-06-01T03:00:00+07:00")));
    let none = said(&sim, "lan", Classified { personal_data: Some(false), ..nothing });
    sim.append(vec![none]);
    assert_eq!(sim.state.incident().personal_data(), None);
}

#[test]
fn what_is_entered_late_needs_a_reason_and_the_earliest_mark_counts() {
    let mut sim = respond(vec![step("one", manual())]);
    let bare =
        late(&sim, "lan", "2026-06-01T01:00:00+07:00", Marked { mark: Mark::Detected, step: None, because: None });
    assert!(matches!(sim.state.admit(&bare), Err(Refusal::NoReason)));
    let because = Some(sim.objects.put_text("the guard called").expect("memory"));
    for at in ["2026-06-01T01:50:00+07:00", "2026-06-01T01:40:00+07:00", "2026-06-01T01:45:00+07:00"] {
        let marked = late(&sim, "lan", at, Marked { mark: Mark::Detected, step: None, because });
        sim.append(vec![marked]);
    }
    let detected = sim.state.marks().first(Mark::Detected).expect("marked").edge.stamp;
    assert_eq!(detected, stamp("2026-06-01T01:40:00+07:00"));
}

#[test]
fn another_playbook_takes_over_and_it_stays_one_incident() {
    let mut first = step("confirm", manual());
    first.marks = Some(Mark::Detected);
    let steps = vec![
        first,
        step("both", crate::step::Action::Parallel(vec![step("a", manual()), step("b", look(&["ls"]))])),
        step("later", manual()),
    ];
    let mut sim = respond(steps);
    sim.answer("confirm", "done");
    assert!(sim.close_for_another().is_err(), "work runs: it has to end first");
    sim.done("both/b");
    let mut closing = sim.close_for_another().expect("only people are asked");
    let mut request = real(Mode::Respond, People::Console);
    request.second_person = Vec::new();
    let plan = planned(&named("other", vec![step("confirm", manual()), step("end", manual())]), &request);
    let object = sim.objects.put(&plan.to_json()).expect("memory");
    let because = Some(sim.objects.put_text("it is ransomware").expect("memory"));
    let switched = PlaybookSwitched { playbook: name("other"), plan: object, sources: Vec::new(), because };
    closing.push(said(&sim, "lan", switched));
    sim.append(closing);
    assert!(sim.state.superseded());
    assert_eq!(sim.state.outcome(&"both/a".parse().expect("a path")), Some(Outcome::Abandoned));
    assert_eq!(sim.state.outcome(&"later".parse().expect("a path")), Some(Outcome::Skipped));

    let part = sim.records.last().expect("a record").seq;
    assert_eq!(leading(&sim.records), Some((part, object)));
    sim.follow(plan, part);
    assert!(sim.state.marks().first(Mark::Detected).is_some(), "what was detected stays");
    assert_eq!(sim.state.outcome(&"confirm".parse().expect("a path")), None, "its steps are its own");
    sim.answer("", "yes");
    sim.answer("confirm", "done");
    sim.answer("end", "done");
    assert!(sim.state.ended());
    assert_eq!(sim.state, fold(sim.plan.clone(), part, &sim.records));
}
