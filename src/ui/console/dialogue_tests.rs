use super::*;
use crate::message::Lang;
use crate::model::{QuestionId, Stamp, Text};
use crate::step::{Ask, Choice, ValueKind};

fn question(what: What) -> QuestionView {
    QuestionView {
        id: QuestionId::new(1),
        what,
        step: "confirm".parse().ok(),
        number: Some(3),
        title: "Xác minh sự cố".into(),
        role: None,
        text: None,
        command: None,
        checks: Vec::new(),
        ask: Vec::new(),
        options: Vec::new(),
        default: None,
        evidence_missing: false,
        plan: None,
        to: None,
        by: Actor::engine(),
        ways: Manner::ALL.to_vec(),
        target: None,
        asked: "2026-11-23T02:15:00+07:00".parse::<Stamp>().expect("a valid time"),
        before: 0,
    }
}

fn others() -> Others {
    let people = "format: 1\npeople:\n  - { id: lan, name: Lan }\n  - { id: binh, name: \"Bình\" }\n";
    let people = crate::inventory::People::read("people.yaml", people).expect("it is valid");
    let (me, day) = ("lan".parse().expect("an id"), "2026-11-23".parse().expect("a day"));
    Others::than(&me, Some(&people), day, Lang::Vi)
}

fn with_checks(checks: &[&str]) -> QuestionView {
    QuestionView { checks: checks.iter().map(|check| Text::from(*check)).collect(), ..question(What::Manual) }
}

/// Types `lines` and gives the answer, which the last line has to complete.
#[track_caller]
fn answered(question: QuestionView, lines: &[&str]) -> Reply {
    let mut dialogue = Dialogue::new(question, others());
    for (index, line) in lines.iter().enumerate() {
        match dialogue.line(line) {
            Turn::Reply(reply) if index + 1 == lines.len() => return reply,
            Turn::Reply(reply) => panic!("answered before `{line}`'s successor: {reply:?}"),
            _ => {}
        }
    }
    panic!("no answer after {lines:?}; asked: {}", dialogue.prompt().render(Lang::En))
}

/// Types `lines` and holds that none of them answers.
#[track_caller]
fn unanswered(question: QuestionView, lines: &[&str]) -> Dialogue {
    let mut dialogue = Dialogue::new(question, others());
    for line in lines {
        let turn = dialogue.line(line);
        assert!(!matches!(turn, Turn::Reply(_)), "`{line}` answered: {turn:?}");
    }
    dialogue
}

fn outcome(reply: &Reply) -> Outcome {
    match &reply.answer {
        Answer::Outcome { outcome, .. } => *outcome,
        other => panic!("no outcome: {other:?}"),
    }
}

#[test]
fn the_key_c_says_that_a_step_is_done() {
    assert_eq!(outcome(&answered(question(What::Manual), &["c"])), Outcome::Done);
    assert_eq!(outcome(&answered(question(What::Manual), &["  C  "])), Outcome::Done);
}

#[test]
fn enter_alone_never_means_yes() {
    for what in
        [What::Manual, What::State, What::Decide, What::Truth, What::Consent, What::Orphan, What::Undo, What::Deliver]
    {
        unanswered(question(what), &["", " ", "\t", ""]);
    }
    unanswered(with_checks(&["one"]), &["c", "", ""]);
}

#[test]
fn a_wrong_key_changes_nothing_and_says_so() {
    let mut dialogue = Dialogue::new(question(What::Manual), others());
    let before = dialogue.prompt();
    for line in ["x", "yes", "1", "có", "ccc", "0"] {
        assert!(matches!(dialogue.line(line), Turn::Stay(words) if !words.is_empty()), "{line}");
        assert_eq!(dialogue.prompt(), before, "{line}");
    }
}

#[test]
fn a_step_that_is_not_done_needs_a_reason() {
    for (key, expected) in [("k", Outcome::Failed), ("?", Outcome::Unknown), ("b", Outcome::Skipped)] {
        unanswered(question(What::Manual), &[key, "", ""]);
        let reply = answered(question(What::Manual), &[key, "", "máy chủ không phản hồi"]);
        assert_eq!(outcome(&reply), expected);
        assert_eq!(reply.because.as_deref(), Some("máy chủ không phản hồi"));
    }
}

#[test]
fn zero_goes_back_and_forgets_what_was_typed() {
    let reply = answered(with_checks(&["one", "two"]), &["c", "c", "0", "b", "0", "c", "c", "c"]);
    assert_eq!(outcome(&reply), Outcome::Done);
    assert!(matches!(reply.answer, Answer::Outcome { checks, .. } if checks == [true, true]));
    assert_eq!(reply.because, None);
}

#[test]
fn checks_are_ticked_one_by_one() {
    let reply = answered(with_checks(&["one", "two", "three"]), &["c", "c", "k", "c", "c"]);
    assert!(matches!(reply.answer, Answer::Outcome { checks, .. } if checks == [true, false, true]));
}

#[test]
fn a_check_that_is_not_done_is_asked_about_again() {
    unanswered(with_checks(&["one"]), &["c", "k", "k"]);
}

#[test]
fn values_are_read_by_their_kind() {
    let ask = |id: &str, kind| Ask { id: id.parse().expect("an id"), title: id.into(), kind, tells: None };
    let asking = QuestionView {
        ask: vec![ask("count", ValueKind::Integer), ask("seen", ValueKind::Boolean), ask("where", ValueKind::String)],
        ..question(What::Manual)
    };
    let reply = answered(asking, &["c", "many", "", "12", "maybe", "k", "?"]);
    let Answer::Outcome { values, .. } = reply.answer else { panic!("no outcome") };
    let text = serde_json::to_string(&values).expect("plain values");
    assert_eq!(text, r#"{"count":12,"seen":false}"#);
}

#[test]
fn required_evidence_is_asked_for_before_the_step_is_done() {
    let missing = QuestionView { evidence_missing: true, ..question(What::Manual) };
    let mut dialogue = unanswered(missing.clone(), &["c", "c", "g"]);
    assert_eq!(dialogue.line("đã xem nhật ký"), Turn::Note("đã xem nhật ký".to_owned()));
    assert!(matches!(dialogue.evidence_came(), Some(Turn::Reply(reply)) if outcome(&reply) == Outcome::Done));
    // What was not done needs none.
    assert_eq!(outcome(&answered(missing, &["b", "không áp dụng"])), Outcome::Skipped);
}

#[test]
fn a_decision_is_taken_by_number_with_a_reason_and_what_follows() {
    let option = |id: &str| Choice { id: id.parse().expect("an id"), title: id.into(), goto: None, classifies: None };
    let asking = QuestionView { options: vec![option("open"), option("wait")], ..question(What::Decide) };
    unanswered(asking.clone(), &["3", "c", "0", "2", ""]);
    let reply = answered(asking, &["2", "chưa đủ dữ liệu", "kiểm tra lại sau 30 phút"]);
    let Answer::Choice { choice, follow_up, .. } = reply.answer else { panic!("no choice") };
    assert_eq!(choice.as_str(), "wait");
    assert_eq!(reply.because.as_deref(), Some("chưa đủ dữ liệu"));
    assert_eq!(follow_up.as_deref(), Some("kiểm tra lại sau 30 phút"));
}

#[test]
fn a_decision_that_needs_evidence_asks_for_it_before_the_reason() {
    let option = |id: &str| Choice { id: id.parse().expect("an id"), title: id.into(), goto: None, classifies: None };
    let options = vec![option("open"), option("wait")];
    let asking = QuestionView { options, evidence_missing: true, ..question(What::Decide) };
    let mut dialogue = unanswered(asking, &["1", "1", "t"]);
    assert_eq!(dialogue.line("minutes.pdf"), Turn::File("minutes.pdf".to_owned()));
    assert_eq!(dialogue.evidence_came(), None);
    dialogue.line("agreed by telephone");
    assert!(matches!(dialogue.line(""), Turn::Reply(_)));
}

#[test]
fn consent_is_given_by_typing_the_digest_of_the_plan() {
    let plan = crate::model::Digest::of(b"plan");
    let asking = QuestionView { plan: Some(plan), ..question(What::Consent) };
    let digits = &plan.hex()[..CONSENT_DIGITS];
    unanswered(asking.clone(), &["c", "0000000", "00000000", &digits[1..]]);
    let reply = answered(asking.clone(), &[digits]);
    assert_eq!(reply.answer, Answer::Consent { given: true, plan: Some(plan), second: None });
    let reply = answered(asking, &["k", "sai hệ thống"]);
    assert_eq!(reply.answer, Answer::Consent { given: false, plan: Some(plan), second: None });
}

#[test]
fn an_interrupted_step_is_cleared_up_by_number() {
    assert_eq!(outcome(&answered(question(What::Orphan), &["1"])), Outcome::Done);
    assert_eq!(outcome(&answered(question(What::Orphan), &["2", "chưa chạy"])), Outcome::Failed);
    assert_eq!(outcome(&answered(question(What::Orphan), &["3", "chưa xem được"])), Outcome::Unknown);
}

#[test]
fn the_side_keys_are_there_in_the_middle_of_a_question() {
    let mut dialogue = Dialogue::new(with_checks(&["one"]), others());
    dialogue.line("c");
    assert_eq!(dialogue.line("h"), Turn::Help);
    assert_eq!(dialogue.line("l"), Turn::Again);
    assert_eq!(dialogue.line("d"), Turn::Leave);
    dialogue.line("t");
    assert_eq!(dialogue.line("/tmp/a.png"), Turn::File("/tmp/a.png".to_owned()));
    assert!(matches!(dialogue.line("c"), Turn::Reply(_)));
}
#[test]
fn a_second_person_stands_by_is_called_or_is_missing_and_is_never_who_sits_here() {
    let second = |lines: &[&str]| {
        let reply = answered(question(What::Second), lines);
        let Answer::Consent { given, second, .. } = reply.answer else { panic!("no consent: {reply:?}") };
        let second = second.map(|second| (second.manner, second.who.map(|who| who.to_string())));
        (given, second, reply.because)
    };
    let binh = || Some("binh".to_owned());
    assert_eq!(second(&["1", "1"]), (true, Some((Manner::Present, binh())), None));
    assert_eq!(second(&["1", "binh"]), (true, Some((Manner::Present, binh())), None));
    let called = second(&["2", "1", "đồng ý tắt"]);
    assert_eq!(called, (true, Some((Manner::Phone, binh())), Some("đồng ý tắt".to_owned())));
    let alone = second(&["3", "không có ai"]);
    assert_eq!(alone, (true, Some((Manner::Alone, None)), Some("không có ai".to_owned())));
    assert_eq!(second(&["k", "để mai"]), (false, None, Some("để mai".to_owned())));
    // Nobody is their own second person, by id or by number; what is taken back leaves nothing behind.
    unanswered(question(What::Second), &["1", "lan", "2", "chi", ""]);
    assert_eq!(second(&["2", "0", "1", "1"]), (true, Some((Manner::Present, binh())), None));
    let only = QuestionView { ways: vec![Manner::Phone], ..question(What::Second) };
    let dialogue = unanswered(only, &["1", "3", "c", ""]);
    let prompt = dialogue.prompt().render(Lang::En);
    assert!(prompt.contains("[2]") && !prompt.contains("[1]") && !prompt.contains("[3]"), "{prompt}");
}
